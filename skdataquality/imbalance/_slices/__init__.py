"""Slices of a table in which a model fails."""

from skdataquality.imbalance._slices._display import WeakSlicesDisplay
from skdataquality.imbalance._slices._given import as_mask
from skdataquality.imbalance._slices._result import WeakSlice, WeakSlices
from skdataquality.imbalance._slices._weak_slices import weak_slices

__all__ = ["WeakSlice", "WeakSlices", "WeakSlicesDisplay", "as_mask", "weak_slices"]
