"""What labelling with a strategy would have brought, beside random rows."""

from skdataquality.active_learning._simulation._agreement_rules import (
    ClassificationChange,
    StabilizingPredictions,
)
from skdataquality.active_learning._simulation._curve import (
    RANDOM,
    ActiveLearningCurve,
)
from skdataquality.active_learning._simulation._power_law import PowerLaw, extrapolate
from skdataquality.active_learning._simulation._probability_rules import (
    ExpectedGain,
    OverallUncertainty,
)
from skdataquality.active_learning._simulation._simulate import active_learning_curve
from skdataquality.active_learning._simulation._stopping_rule import (
    BudgetExhausted,
    StoppingRule,
)
from skdataquality.active_learning._simulation._stops import StopOutcome
