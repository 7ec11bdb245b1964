"""What the methods share, and what is said of them in the end."""

import numpy as np

from skdataquality.shift._performance._result import MethodEstimate, TargetPerformance
from skdataquality.shift._performance._shift_error import LARGE_AUC
from skdataquality.shift._ratios import SEPARABLE_AUC
from skdataquality.utils._stats import Interval, effective_sample_size

FEWEST_CALIBRATED = 30  # effective rows that probabilities are calibrated on
FLATTENED = (1, 0.8, 0.6, 0.4, 0.2, 0)  # exponents of weights, tried in this order
UNCHANGED = "nothing that matters changed"
LIKE_REAL_SHIFTS = "the shift is like the real shifts that the interval was fitted on"
WEIGHTED = "P(y | x) is unchanged, and training rows lie wherever target rows do"
ALIKE = (
    "Real shifts as small as this one (domain AUC {auc:.2f}) kept to such intervals. "
    "Without labels no change of P(y | x) can be excluded."
)


def method_estimate(name, score, half, level, assumption, why_not=None):
    """One method with a symmetric interval."""
    half = half if np.isfinite(half) else np.inf
    interval = Interval(
        score, score - half, score + half, "normal, if the assumption holds", level
    )
    return MethodEstimate(name, interval, assumption, why_not)


def finished(
    *,
    scoring,
    estimate,
    methods,
    spread,
    auc,
    weights,
    n_target,
    z,
    why_not=None,
    assumption=LIKE_REAL_SHIFTS,
    alike=ALIKE,
):
    """Add the verdict and the labels that would decide."""
    half = (estimate.upper - estimate.lower) / 2
    wanted = np.ceil((2 * z * spread / half) ** 2) if 0 < half < np.inf else np.nan
    wanted = wanted if np.isfinite(wanted) else n_target
    n_labels = int(np.clip(wanted, 1, n_target))
    is_large = auc > LARGE_AUC or why_not is not None
    reason = _reason(auc, why_not, n_labels) if is_large else alike.format(auc=auc)
    return TargetPerformance(
        scoring=scoring,
        verdict="cannot tell" if is_large else "expected",
        reason=reason,
        estimate=estimate,
        assumption=assumption,
        held_out=methods[0].score,
        methods=tuple(methods),
        domain_auc=float(auc),
        effective_sample_size=effective_sample_size(weights),
        n_labels=n_labels,
        n_samples=weights.shape[0],
        n_target=n_target,
    )


def _reason(auc, why_not, n_labels):
    why = why_not or f"target rows {_how_far(auc)} training rows (domain AUC {auc:.2f})"
    return (
        f"{why[0].upper()}{why[1:]}, and labels may follow other rules there, which no "
        f"row without a label shows: label about {n_labels} target rows, drawn at "
        f"random."
    )


def _how_far(auc):
    return "hardly overlap with" if auc > SEPARABLE_AUC else "are far from"


def flattening(weights):
    """Largest exponent that leaves enough effective rows to calibrate on."""
    enough = min(FEWEST_CALIBRATED, weights.shape[0] / 2)
    for exponent in FLATTENED:
        if effective_sample_size(weights**exponent) >= enough:
            return exponent
    return 0
