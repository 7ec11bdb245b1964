"""What to label next: query strategies, curation by embeddings, simulated labelling."""

from skdataquality.active_learning._displays import ActiveLearningCurveDisplay
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
    BaseQueryStrategy,
    RandomQuery,
    UncertaintyQuery,
)

__all__ = [
    "ActiveLearningCurve",
    "ActiveLearningCurveDisplay",
    "BaseQueryStrategy",
    "BudgetExhausted",
    "ClassificationChange",
    "ExpectedGain",
    "OverallUncertainty",
    "RandomQuery",
    "StabilizingPredictions",
    "StopOutcome",
    "StoppingRule",
    "UncertaintyQuery",
    "active_learning_curve",
]
