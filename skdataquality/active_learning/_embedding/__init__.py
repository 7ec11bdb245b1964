"""Rows as points, and an order of rows that does not depend on where they stand."""

from skdataquality.active_learning._embedding._content import content_keys
from skdataquality.active_learning._embedding._embedder import Embedder, as_points
