"""What scorers compute of decisions, and which class they are about."""

from skdataquality.utils._scoring._cell_formulas import (
    MOST_CELLS,
    count_cells,
    scores_of_cells,
    slopes_of_cells,
)
from skdataquality.utils._scoring._known_score import KnownScore, jackknife_error
from skdataquality.utils._scoring._positive_class import (
    PositiveClassError,
    find_class,
    name_positive_class,
)

__all__ = [
    "MOST_CELLS",
    "KnownScore",
    "PositiveClassError",
    "count_cells",
    "find_class",
    "jackknife_error",
    "name_positive_class",
    "scores_of_cells",
    "slopes_of_cells",
]
