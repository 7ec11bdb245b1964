"""Rare classes: weights and rows for them, and the diagnosis if they are a problem."""

from skdataquality.imbalance._lens import ImbalanceLensResult, imbalance_lens
from skdataquality.imbalance._samplers import SMOTE
from skdataquality.imbalance._weights import ClassBalanceWeighter

__all__ = ["SMOTE", "ClassBalanceWeighter", "ImbalanceLensResult", "imbalance_lens"]
