"""What to label next: query strategies, curation by embeddings, simulated labelling."""

from skdataquality.active_learning._curation import (
    CoverageCurve,
    DiversitySelector,
    ReferenceRows,
    coverage_curve,
)
from skdataquality.active_learning._displays import (
    CoverageCurveDisplay,
)
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
    "CoverageCurve",
    "CoverageCurveDisplay",
    "DiverseMarginQuery",
    "DiversitySelector",
    "KCenterQuery",
    "PoolLensResult",
    "RandomQuery",
    "ReferenceRows",
    "TypicalityQuery",
    "UncertaintyQuery",
    "coverage_curve",
    "pool_lens",
]
