"""The score of a regressor on target rows, by importance weighting alone."""

import numpy as np

from skdataquality.shift._performance._expected import pooled_auc
from skdataquality.shift._performance._shift_error import (
    FITTED,
    LARGE_AUC,
    sampling_error,
    z_of,
)
from skdataquality.shift._performance._verdict import (
    UNCHANGED,
    WEIGHTED,
    finished,
    flattening,
    method_estimate,
)
from skdataquality.shift._ratios import density_ratio, why_not_trusted
from skdataquality.utils._scoring import KnownScore, jackknife_error
from skdataquality.utils._stats import Interval, effective_sample_size

BELOW = 4.0  # an error has no largest value, as the share of wrong rows has
METHOD = "below, four times as far as classifiers miss under real shifts of this size"
ASSUMED = "not fitted to regressions: four times what classifiers lose, a rule of thumb"
UNBOUNDED = "none below: far from training rows an error may have any size"
NOT_FITTED = (
    "Target rows are near enough (domain AUC {auc:.2f}), but the interval is a rule of "
    "thumb: it was not fitted to regressions. Without labels no change of P(y | x) can "
    "be excluded."
)


def expected_error(oof, y, apart, *, scoring, level=0.9):
    """Expect the score of a regressor on target rows without their numbers.

    The error of a shift is that of classifiers, in standard deviations of what one row
    scores, four times as long below: under regressions of bundled tables it was too
    short by that much (``python -m benchmarks run shift``, ``performance_numbers``).
    Beyond ``LARGE_AUC`` there is no lower end at all.

    Parameters
    ----------
    oof : OutOfFoldNumbers
    y : ndarray of shape (n_samples,)
    apart : ToldApart
    scoring : str or callable
    level : float, default=0.9

    Returns
    -------
    expected : TargetPerformance
    """
    score = KnownScore(scoring)
    n, z = apart.n_samples, z_of(level)
    n_target = apart.is_target.shape[0] - n
    domain = apart.proba[:n]
    rows = oof.covered & np.isfinite(domain)
    weights = density_ratio(domain[rows], n_target)
    auc = pooled_auc(apart)
    why_not = why_not_trusted(auc, weights)

    def scored(share):
        def of(kept):
            return score.of_numbers(
                oof.prediction[rows][kept], y[rows][kept], share[kept]
            )

        whole = of(np.ones(share.shape[0], dtype=bool))
        return whole, jackknife_error(of, share.shape[0])

    unchanged, error = scored(np.ones(weights.shape[0]))
    weighted, weighted_error = scored(weights)
    flat = weights ** flattening(weights)
    expected = scored(flat)[0]
    spread = error * np.sqrt(weights.shape[0])
    sampling = sampling_error(effective_sample_size(flat), n_target)
    estimate = _interval(min(unchanged, expected), spread, auc, sampling, level)
    return finished(
        scoring=score.name,
        estimate=estimate,
        assumption=ASSUMED if np.isfinite(estimate.lower) else UNBOUNDED,
        alike=NOT_FITTED,
        methods=[
            method_estimate("held out", unchanged, error * z, level, UNCHANGED),
            method_estimate(
                "importance weighting",
                weighted,
                weighted_error * z,
                level,
                WEIGHTED,
                why_not,
            ),
        ],
        spread=spread,
        auc=auc,
        weights=weights,
        why_not=why_not,
        n_target=n_target,
        z=z,
    )


def _interval(estimate, spread, auc, sampling, level):
    below, above = FITTED.reach(spread, auc, 0.0, sampling, level)
    below = np.inf if auc > LARGE_AUC else BELOW * below
    method = METHOD if np.isfinite(below) else UNBOUNDED
    lower, upper = float(estimate - below), float(estimate + above)
    return Interval(estimate, lower, upper, method, level)
