"""Columns that give the answer away, identifiers, and rows shared with target data."""

from ._identifiers import Identifier, find_identifiers
from ._lens import LeakageLensResult, leakage_lens
from ._overlap import TargetOverlap, target_overlap
from ._price import price_leaks
from ._selector import LeakyColumnSelector

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
