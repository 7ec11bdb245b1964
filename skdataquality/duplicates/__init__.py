"""Duplicate rows: find them, drop them, and keep them on one side of a split."""

from skdataquality.duplicates._detection import (
    DuplicateDetector,
    DuplicatePairs,
    near_duplicate_groups,
)
from skdataquality.duplicates._entities import (
    EntityColumn,
    EntityGroups,
    EntityLensResult,
    OrderDependence,
    entity_groups,
    entity_lens,
    order_dependence,
)
from skdataquality.duplicates._leaks import (
    LeakageReport,
    leakage_report,
)
from skdataquality.duplicates._lens import (
    DuplicateLensResult,
    duplicate_lens,
)
from skdataquality.duplicates._remedies import (
    Deduplicator,
    DuplicateGroupKFold,
)
from skdataquality.utils._duplicate_rows import (
    duplicate_groups,
)

__all__ = [
    "Deduplicator",
    "DuplicateDetector",
    "DuplicateGroupKFold",
    "DuplicateLensResult",
    "DuplicatePairs",
    "EntityColumn",
    "EntityGroups",
    "EntityLensResult",
    "LeakageReport",
    "OrderDependence",
    "duplicate_groups",
    "duplicate_lens",
    "entity_groups",
    "entity_lens",
    "leakage_report",
    "near_duplicate_groups",
    "order_dependence",
]
