"""What to label next: query strategies, curation by embeddings, simulated labelling."""

from skdataquality.active_learning._curation import DiversitySelector, ReferenceRows
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
    "DiversitySelector",
    "RandomQuery",
    "ReferenceRows",
    "TypicalityQuery",
    "UncertaintyQuery",
]
