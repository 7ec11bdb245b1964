"""Row samplers: links and noisy neighbourhoods removed, rare classes interpolated."""

from skdataquality.imbalance._samplers._smote import SMOTE

__all__ = ["SMOTE"]
