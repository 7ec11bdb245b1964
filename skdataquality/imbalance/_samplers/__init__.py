"""Row samplers: links and noisy neighbourhoods removed, rare classes interpolated."""

from skdataquality.imbalance._samplers._edited_nearest_neighbours import (
    EditedNearestNeighbours,
)
from skdataquality.imbalance._samplers._smote import (
    SMOTE,
)
from skdataquality.imbalance._samplers._tomek_links import (
    TomekLinks,
)

__all__ = [
    "SMOTE",
    "EditedNearestNeighbours",
    "TomekLinks",
]
