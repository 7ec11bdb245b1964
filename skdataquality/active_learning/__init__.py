"""What to label next: query strategies, curation by embeddings, simulated labelling."""

from skdataquality.active_learning._curation import (
    CoverageCurve,
    DiversitySelector,
    ReferenceRows,
    coverage_curve,
)
from skdataquality.active_learning._displays import (
    ActiveLearningCurveDisplay,
    CoverageCurveDisplay,
)
from skdataquality.active_learning._pool import (
    PoolLensResult,
    pool_lens,
)
from skdataquality.active_learning._simulation import (
    ActiveLearningCurve,
    BudgetExhausted,
    ClassificationChange,
    ExpectedGain,
    OverallUncertainty,
    StabilizingPredictions,
    StopOutcome,
    StoppingRule,
    active_learning_curve,
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
    "ActiveLearningCurve",
    "ActiveLearningCurveDisplay",
    "BadgeQuery",
    "BaseQueryStrategy",
    "BudgetExhausted",
    "ClassificationChange",
    "CommitteeQuery",
    "CoverageCurve",
    "CoverageCurveDisplay",
    "DiverseMarginQuery",
    "DiversitySelector",
    "ExpectedGain",
    "KCenterQuery",
    "OverallUncertainty",
    "PoolLensResult",
    "RandomQuery",
    "ReferenceRows",
    "StabilizingPredictions",
    "StopOutcome",
    "StoppingRule",
    "TypicalityQuery",
    "UncertaintyQuery",
    "active_learning_curve",
    "coverage_curve",
    "pool_lens",
]
