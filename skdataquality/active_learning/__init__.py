"""What to label next: query strategies, curation by embeddings, simulated labelling."""

from skdataquality.active_learning._curation import (
    CoverageCurve,
    DiversitySelector,
    ReferenceRows,
    coverage_curve,
)
from skdataquality.active_learning._displays import CoverageCurveDisplay
from skdataquality.active_learning._strategies import (
    BaseQueryStrategy,
    DiverseMarginQuery,
    RandomQuery,
    TypicalityQuery,
    UncertaintyQuery,
)

__all__ = [
    "BaseQueryStrategy",
    "CoverageCurve",
    "CoverageCurveDisplay",
    "DiverseMarginQuery",
    "DiversitySelector",
    "RandomQuery",
    "ReferenceRows",
    "TypicalityQuery",
    "UncertaintyQuery",
    "coverage_curve",
]
