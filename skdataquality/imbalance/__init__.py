"""Rare classes: weights for them, and the diagnosis whether they are a problem."""

from skdataquality.imbalance._lens import ImbalanceLensResult, imbalance_lens
from skdataquality.imbalance._slices import (
    WeakSlice,
    WeakSlices,
    WeakSlicesDisplay,
    weak_slices,
)
from skdataquality.imbalance._weights import ClassBalanceWeighter

__all__ = [
    "ClassBalanceWeighter",
    "ImbalanceLensResult",
    "WeakSlice",
    "WeakSlices",
    "WeakSlicesDisplay",
    "imbalance_lens",
    "weak_slices",
]
