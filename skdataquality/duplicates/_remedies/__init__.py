"""What is done about duplicates: rows dropped, folds that keep them together."""

from skdataquality.duplicates._remedies._conflicts import (
    agreement,
    codes_within,
    conflicting_groups,
)
from skdataquality.duplicates._remedies._deduplicator import (
    Deduplicator,
    majority_label,
)
from skdataquality.duplicates._remedies._splitter import (
    DuplicateGroupKFold,
)
from skdataquality.duplicates._remedies._twins import check_near, find_twins
