"""The diagnosis: whether a class or group is rare, and the model neglects it."""

from skdataquality.imbalance._lens._lens import imbalance_lens
from skdataquality.imbalance._lens._result import ImbalanceLensResult
from skdataquality.imbalance._lens._verdict import told_of_flags

__all__ = ["ImbalanceLensResult", "imbalance_lens", "told_of_flags"]
