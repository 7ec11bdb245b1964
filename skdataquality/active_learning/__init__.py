"""What to label next: query strategies, curation by embeddings, simulated labelling."""

from skdataquality.active_learning._pool import (
    PoolLensResult,
    pool_lens,
)
from skdataquality.active_learning._strategies import (
    BadgeQuery,
    BaseQueryStrategy,
    CommitteeQuery,
    DiverseMarginQuery,
    KCenterQuery,
    RandomQuery,
    TypicalityQuery,
    UncertaintyQuery,
)

__all__ = [
    "BadgeQuery",
    "BaseQueryStrategy",
    "CommitteeQuery",
    "DiverseMarginQuery",
    "KCenterQuery",
    "PoolLensResult",
    "RandomQuery",
    "TypicalityQuery",
    "UncertaintyQuery",
    "pool_lens",
]
