"""Distances of pairs of rows, and the directions in which rows vary most."""

from skdataquality.utils._neighbors._directions import leading_directions
from skdataquality.utils._neighbors._distances import (
    cells_per_row,
    distances,
    squared_distances,
    squared_norms,
)
