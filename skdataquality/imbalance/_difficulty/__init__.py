"""How hard the rows of a rare class are: their neighbours, and copies among them."""

from skdataquality.imbalance._difficulty._difficulty import (
    TYPES,
    MinorityDifficulty,
    measure,
    minority_difficulty,
)
from skdataquality.imbalance._difficulty._folds import rows_per_fold

__all__ = [
    "TYPES",
    "MinorityDifficulty",
    "measure",
    "minority_difficulty",
    "rows_per_fold",
]
