"""Duplicate rows: find them, drop them, and keep them on one side of a split."""

from skdataquality.utils._duplicate_rows import duplicate_groups

from ._deduplicator import Deduplicator
from ._lens import DuplicateLensResult, duplicate_lens
from ._near import near_duplicate_groups
from ._splitter import DuplicateGroupKFold

__all__ = [
    "Deduplicator",
    "DuplicateGroupKFold",
    "DuplicateLensResult",
    "duplicate_groups",
    "duplicate_lens",
    "near_duplicate_groups",
]
