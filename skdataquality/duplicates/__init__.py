"""Duplicate rows: find them, drop them, and keep them on one side of a split."""

from ._deduplicator import Deduplicator
from ._exact import duplicate_groups
from ._splitter import DuplicateGroupKFold

__all__ = ["Deduplicator", "DuplicateGroupKFold", "duplicate_groups"]
