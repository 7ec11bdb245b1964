"""What to label next: query strategies, curation by embeddings, simulated labelling."""

from skdataquality.active_learning._strategies import (
    BaseQueryStrategy,
    DiverseMarginQuery,
    RandomQuery,
    TypicalityQuery,
    UncertaintyQuery,
)

__all__ = [
    "BaseQueryStrategy",
    "DiverseMarginQuery",
    "RandomQuery",
    "TypicalityQuery",
    "UncertaintyQuery",
]
