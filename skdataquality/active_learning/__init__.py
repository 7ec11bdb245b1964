"""What to label next: query strategies, curation by embeddings, simulated labelling."""

from skdataquality.active_learning._pool import PoolLensResult, pool_lens
from skdataquality.active_learning._strategies import (
    BaseQueryStrategy,
    CommitteeQuery,
    RandomQuery,
    UncertaintyQuery,
)

__all__ = [
    "BaseQueryStrategy",
    "CommitteeQuery",
    "PoolLensResult",
    "RandomQuery",
    "UncertaintyQuery",
    "pool_lens",
]
