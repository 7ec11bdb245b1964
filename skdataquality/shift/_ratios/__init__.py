"""How much more often target rows lie where a training row lies: density ratios."""

from skdataquality.shift._ratios._discriminator import (
    DiscriminatorWeighter,
)
from skdataquality.shift._ratios._kliep import (
    KLIEPWeighter,
)
from skdataquality.shift._ratios._kmm import (
    KMMWeighter,
)
from skdataquality.shift._ratios._odds import (
    FEWEST_EFFECTIVE_ROWS,
    LARGEST_WEIGHT,
    SEPARABLE_AUC,
    clipped_logit,
    cut_weights,
    density_ratio,
    target_odds,
    why_not_trusted,
)
from skdataquality.shift._ratios._rulsif import (
    RuLSIFWeighter,
)
from skdataquality.shift._ratios._told_apart import (
    ToldApart,
    default_discriminator,
    first_of_each,
    tell_apart,
)
from skdataquality.shift._ratios._ulsif import (
    ULSIFWeighter,
)
from skdataquality.shift._ratios._weight_display import (
    WeightDisplay,
)

__all__ = [
    "FEWEST_EFFECTIVE_ROWS",
    "LARGEST_WEIGHT",
    "SEPARABLE_AUC",
    "DiscriminatorWeighter",
    "KLIEPWeighter",
    "KMMWeighter",
    "RuLSIFWeighter",
    "ToldApart",
    "ULSIFWeighter",
    "WeightDisplay",
    "clipped_logit",
    "cut_weights",
    "default_discriminator",
    "density_ratio",
    "first_of_each",
    "target_odds",
    "tell_apart",
    "why_not_trusted",
]
