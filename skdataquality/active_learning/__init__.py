"""What to label next: query strategies, curation by embeddings, simulated labelling."""

from skdataquality.active_learning._strategies import (
    BadgeQuery,
    BaseQueryStrategy,
    DiverseMarginQuery,
    KCenterQuery,
    RandomQuery,
    TypicalityQuery,
    UncertaintyQuery,
)

__all__ = [
    "BadgeQuery",
    "BaseQueryStrategy",
    "DiverseMarginQuery",
    "KCenterQuery",
    "RandomQuery",
    "TypicalityQuery",
    "UncertaintyQuery",
]
