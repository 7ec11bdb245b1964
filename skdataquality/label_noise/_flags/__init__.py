"""Which labels look wrong, from labels and probabilities alone."""

from skdataquality.label_noise._flags._counts import count_label_issues
from skdataquality.label_noise._flags._ensembles import (
    ensemble_proba,
    ensemble_quality_scores,
    ensemble_weights,
)
from skdataquality.label_noise._flags._filters import (
    FILTERS,
    Options,
    find_label_issues,
)
from skdataquality.label_noise._flags._judgement import (
    MOST_DISAGREEING,
    judge_labels,
    rows_to_verify,
)
from skdataquality.label_noise._flags._noisy_calibration import (
    NoisyCalibration,
    fit_noisy_calibration,
)
from skdataquality.label_noise._flags._plateau import (
    NoisePlateau,
    is_useful,
    most_probable,
    noise_plateau,
    plateau_of,
)
from skdataquality.label_noise._flags._scores import (
    SCORES,
    label_quality_scores,
    order_label_issues,
    quality_scores,
)
