"""How much more often target rows lie where a training row lies: density ratios."""

from skdataquality.shift._ratios._discriminator import DiscriminatorWeighter
from skdataquality.shift._ratios._odds import (
    FEWEST_EFFECTIVE_ROWS,
    SEPARABLE_AUC,
    cut_weights,
    density_ratio,
    target_odds,
    why_not_trusted,
)
from skdataquality.shift._ratios._told_apart import ToldApart, tell_apart

__all__ = [
    "FEWEST_EFFECTIVE_ROWS",
    "SEPARABLE_AUC",
    "DiscriminatorWeighter",
    "ToldApart",
    "cut_weights",
    "density_ratio",
    "target_odds",
    "tell_apart",
    "why_not_trusted",
]
