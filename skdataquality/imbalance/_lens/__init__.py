"""The diagnosis: whether a class or group is rare, and the model neglects it."""

from skdataquality.imbalance._lens._lens import ImbalanceLensResult, imbalance_lens

__all__ = ["ImbalanceLensResult", "imbalance_lens"]
