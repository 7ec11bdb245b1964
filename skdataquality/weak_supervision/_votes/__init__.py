"""Votes of any form, read into one."""

from skdataquality.weak_supervision._votes._abstaining import abstaining, is_blank
from skdataquality.weak_supervision._votes._cells import factor
from skdataquality.weak_supervision._votes._gold import read_gold
from skdataquality.weak_supervision._votes._long import LongVotes
from skdataquality.weak_supervision._votes._read import read_votes
from skdataquality.weak_supervision._votes._votes import Votes

__all__ = [
    "LongVotes",
    "Votes",
    "abstaining",
    "factor",
    "is_blank",
    "read_gold",
    "read_votes",
]
