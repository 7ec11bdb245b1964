"""What to label next: query strategies, curation by embeddings, simulated labelling."""

from skdataquality.active_learning._strategies import (
    BadgeQuery,
    BaseQueryStrategy,
    KCenterQuery,
    RandomQuery,
    UncertaintyQuery,
)

__all__ = [
    "BadgeQuery",
    "BaseQueryStrategy",
    "KCenterQuery",
    "RandomQuery",
    "UncertaintyQuery",
]
