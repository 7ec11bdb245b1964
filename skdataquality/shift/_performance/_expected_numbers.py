"""The score of a regressor on target rows, by importance weighting alone."""

import numpy as np

from skdataquality.shift._performance._expected import pooled_auc
from skdataquality.shift._performance._scored import KnownScore, jackknife_error
from skdataquality.shift._performance._shift_error import reach_of_number, z_of
from skdataquality.shift._performance._verdict import (
    UNCHANGED,
    WEIGHTED,
    finished,
    flattening,
    method_estimate,
)
from skdataquality.shift._ratios import density_ratio, why_not_trusted
from skdataquality.utils._stats import Interval, effective_sample_size


def expected_error(oof, y, apart, *, scoring, level=0.9):
    """Expect the score of a regressor on target rows without their numbers.

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
    below, above = reach_of_number(
        spread, auc, effective_sample_size(flat), n_target, level
    )
    estimate = min(unchanged, expected)
    return finished(
        scoring=score.name,
        estimate=Interval(
            estimate,
            estimate - below,
            estimate + above,
            "as classifiers miss under real shifts of this size",
            level,
        ),
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
