"""The diagnosis: whether a class or group is rare, and the model neglects it."""

from skdataquality.imbalance._lens._lens import imbalance_lens, look
from skdataquality.imbalance._lens._result import ImbalanceLensResult
from skdataquality.imbalance._lens._verdict import told_of_flags
from skdataquality.imbalance._lens._where import with_slices

__all__ = [
    "ImbalanceLensResult",
    "imbalance_lens",
    "look",
    "told_of_flags",
    "with_slices",
]
