"""Rare classes: weights for them, and the diagnosis whether they are a problem."""

from skdataquality.imbalance._lens import ImbalanceLensResult, imbalance_lens
from skdataquality.imbalance._samplers import EditedNearestNeighbours, TomekLinks
from skdataquality.imbalance._weights import ClassBalanceWeighter

__all__ = [
    "ClassBalanceWeighter",
    "EditedNearestNeighbours",
    "ImbalanceLensResult",
    "TomekLinks",
    "imbalance_lens",
]
