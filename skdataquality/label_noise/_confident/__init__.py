"""Counts of given against likely true labels: the confident joint and its kin."""

from skdataquality.label_noise._confident._contamination import (
    Contamination,
    contamination,
)
from skdataquality.label_noise._confident._error_rate import (
    ErrorRates,
    LabelErrorRate,
    confident_guesses,
    label_error_rate,
    off_diagonal_rate,
    rate_of_verified,
)
from skdataquality.label_noise._confident._joint import (
    TOLERANCE,
    calibrated,
    calibrated_joint,
    class_thresholds,
    count_joint,
    given_of_cells,
    noise_rates,
    row_sums,
    threshold_shift,
    true_class_guesses,
    with_counts,
)
from skdataquality.label_noise._confident._labelled_proba import (
    LabelledProba,
    check_class_columns,
    check_labelled_proba,
    match_labels,
    match_members,
    match_partial,
    row_chunks,
)
from skdataquality.label_noise._confident._latent import NoiseMatrices, latent_estimates
from skdataquality.label_noise._confident._noise_matrix import (
    check_noise_matrix,
    is_singular,
    refuse_singular,
    symmetric_noise,
)
from skdataquality.label_noise._confident._public import (
    calibrate_joint,
    confident_joint,
    confident_thresholds,
    estimate_joint,
    noise_matrices,
)
from skdataquality.label_noise._confident._verified_rate import (
    VERIFIED,
    rates_of_parts,
    verified_rates,
    why_no_rate,
)
