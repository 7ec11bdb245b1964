"""Pairs of rows within a distance, and distances of pairs of rows."""

from skdataquality.utils._neighbors._directions import leading_directions
from skdataquality.utils._neighbors._distances import (
    cells_per_row,
    distances,
    squared_distances,
    squared_norms,
)
from skdataquality.utils._neighbors._join import NeighborJoin
from skdataquality.utils._neighbors._tree import PointTree
