"""Rare classes: weights for them, and the diagnosis whether they are a problem."""

from skdataquality.imbalance._difficulty import MinorityDifficulty, minority_difficulty
from skdataquality.imbalance._lens import ImbalanceLensResult, imbalance_lens
from skdataquality.imbalance._weights import ClassBalanceWeighter

__all__ = [
    "ClassBalanceWeighter",
    "ImbalanceLensResult",
    "MinorityDifficulty",
    "imbalance_lens",
    "minority_difficulty",
]
