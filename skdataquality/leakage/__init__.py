"""Columns that give the answer away, identifiers, and rows shared with target data."""

from skdataquality.leakage._identifiers import Identifier, find_identifiers
from skdataquality.leakage._lens import LeakageLensResult, leakage_lens
from skdataquality.leakage._overlap import TargetOverlap, target_overlap
from skdataquality.leakage._price import price_leaks
from skdataquality.leakage._selector import LeakyColumnSelector

__all__ = [
    "Identifier",
    "LeakageLensResult",
    "LeakyColumnSelector",
    "TargetOverlap",
    "find_identifiers",
    "leakage_lens",
    "price_leaks",
    "target_overlap",
]
