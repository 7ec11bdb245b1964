"""Are numbers wrong? :func:`regression_error_lens`."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from sklearn.metrics import mean_absolute_error, r2_score
from sklearn.utils.validation import check_is_fitted

from skdataquality.compose import RemediedRegressor
from skdataquality.label_noise._regression import (
    FAR,
    RegressionErrorPruner,
    as_value_array,
    judge_numbers,
)
from skdataquality.utils._digits import fixed
from skdataquality.utils._draws import FIXED_SEED, draw_rows
from skdataquality.utils._folds import join_groups
from skdataquality.utils._lens import LensResult, Number
from skdataquality.utils._stats import bootstrap_interval
from skdataquality.utils._validation import check_same_length

SHOWN = 20
LISTED = 10
N_RESAMPLES = 200
WORST_SHARE = 0.3
SLIPS = {
    "sign": -1.0,
    "10 times": 10.0,
    "a tenth": 0.1,
    "100 times": 100.0,
    "a hundredth": 0.01,
    "1000 times": 1000.0,
    "a thousandth": 0.001,
}
NEAR = 3.0  # noise scales

REASONS = {
    "apart": "{flagged} of {total} numbers ({share}) lie far from what the other "
    "columns predict, {how}: wrong numbers.",
    "perhaps_apart": "{flagged} of {total} numbers ({share}) lie far from what the "
    "other columns predict, and heavy tails hardly explain it: wrong numbers, or rows "
    "of a kind that no column tells.{ask}",
    "agree": "{far} of {total} numbers lie far from what the other columns predict: "
    "too few for many to be wrong.",
    "heavy_tails": "{far} of {total} numbers lie far from what the other columns "
    "predict, no farther than heavy tails explain: wrong numbers, or rare ones.{ask}",
    "common_offset": "{flagged} of {total} numbers lie about {offset} {side} what the "
    "other columns predict: a constant error, or rows of a kind that no column "
    "tells.{ask}",
    "common_value": "{flagged} of {total} numbers lie far from what the other columns "
    "predict, and most of them are {value}: a code for a missing number, or frequent "
    "for a cause of its own. Ask what {value} means.",
    "weak_model": "The other columns hardly predict the number (R2 {r2} out of fold): "
    "too little to contradict one.",
    "few_rows": "{total} rows are too few to judge numbers by a model.",
}
ASK = (
    " Verify {n} of the {far} that lie far by hand, drawn at random: if all prove "
    "right, at most 2 % of all numbers are wrong ones that lie so far (95 %)."
)
NO_ASK = " Verify the {far} by hand."


@dataclass(frozen=True, kw_only=True, eq=False)
class RegressionErrorLensResult(LensResult):
    """What :func:`regression_error_lens` returns; see ``LensResult`` for the fields."""

    name: ClassVar[str] = "label_noise"
    title: ClassVar[str] = "Label noise"
    reasons: ClassVar[dict[str, str]] = REASONS
    units: ClassVar[dict[str, Number]] = {
        "flagged_rows": Number(
            "rows", "lower", counts="by RegressionErrorDetector; for review"
        ),
        "flagged_share": Number("share of rows", "lower"),
        "disagreeing_rows": Number(
            "rows", "lower", counts=f"beyond {FAR:.0f} noise scales, or flagged"
        ),
        "rows_to_verify": Number(
            "rows", counts="drawn at random from those that disagree"
        ),
        "noise_rate": Number("share of rows", "lower"),
        "out_of_fold_r2": Number("R2", "higher"),
        "mean_absolute_error": Number("as the label", "lower"),
        "typical_noise": Number("as the label", "lower"),
        "gap_p_value": Number("p value", "higher"),
        "unrelated_p_value": Number("p value", "higher"),
        "rows_without_prediction": Number("rows", "lower"),
    }
    flags_rows_of: ClassVar[str] = "table"
    row_tables: ClassVar[dict[str, tuple]] = {
        "flagged rows, worst first": ("row",),
        "rows to verify": ("row",),
    }

    def _flagged_lines(self):
        far = "far from what models of the other rows expect"
        return self._label_lines(
            [
                f"{far}; looks like: {slip}" if (slip := line["looks like"]) else far
                for line in self.review
            ]
        )


def regression_error_lens(y, detector, *, groups=None):
    r"""Ask whether numbers are wrong that a detector flags.

    A number far from its prediction is wrong, or it is rare: noise with heavy tails
    makes such numbers too. Two tests tell wrong ones where that can be told.

    - Sizes of residuals with a heavy tail thin out evenly: of a tail of index a, the
      logarithms of the ratios of neighbours, the k-th times :math:`a k`, are standard
      exponentials (Renyi). A gap that is wider, even for the index 1 of the heaviest
      tail that has a mean, parts wrong numbers from the tail.
    - Noise is added to what is right; the number of another row, a lost sign or a lost
      digit is not. The residuals of such rows fall as the prediction rises, those of
      noise do not (permutation test of the rows beyond three noise scales).

    The verdict is

    - "found" if the detector flags rows and p < .02 for both tests together,
    - "suspect" if p < .1, or the gap is too wide (p < .02) for the index 2 of the
      heaviest tail that has a variance,
    - "clear" if no row is flagged and at most 5 % (upper end of the interval) lie
      beyond four noise scales,
    - "cannot tell" otherwise; where most of the flagged rows hold one number, or lie
      equally far on one side, as rows of a kind do that no column tells; where the
      other columns hardly predict; and below 100 rows.

    Parameters
    ----------
    y : array-like of shape (n_samples,)
        Numbers.
    detector : RegressionErrorDetector
        Fitted on them.
    groups : array-like of shape (n_samples,), default=None
        Rows of one group may be wrong together: intervals count them as fewer.

    Returns
    -------
    result : RegressionErrorLensResult
        ``flagged_rows`` are those of the detector; ``disagreeing_rows`` beyond four
        noise scales, or flagged; ``noise_rate`` is that of the detector and rests on
        its mixture. ``evidence["rows to verify"]`` are drawn at random from those that
        disagree.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.linear_model import LinearRegression
    >>> from skdataquality.label_noise import (
    ...     RegressionErrorDetector,
    ...     regression_error_lens,
    ... )
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(300, 2))
    >>> y = 20 + X @ [3.0, 2.0] + rng.standard_t(3, size=300)
    >>> detector = RegressionErrorDetector(LinearRegression(), random_state=0)
    >>> regression_error_lens(y, detector.fit(X, y)).verdict
    'clear'
    >>> y[::30] *= 10
    >>> regression_error_lens(y, detector.fit(X, y)).verdict
    'found'
    """
    check_is_fitted(detector, "residual_model_")
    y = as_value_array(y)
    check_same_length(y=y, detector=detector.issue_mask_, groups=groups)
    rows = np.flatnonzero(detector.covered_)
    given, expected = y[rows], detector.prediction_[rows]
    scale, flagged = detector.noise_scale_[rows], detector.issue_mask_[rows]
    judged = judge_numbers(
        given,
        expected,
        scale,
        flagged,
        predictable=detector.residual_model_.predictable,
        groups=None if groups is None else join_groups(groups)[rows],
    )
    numbers = _numbers(detector, judged, given, expected)
    is_bad = judged.verdict in ("found", "suspect")
    review = _worst(
        rows, given, expected, scale, flagged, detector.sample_scores_[rows]
    )
    return RegressionErrorLensResult(
        verdict=judged.verdict,
        severity=min(1.0, judged.flagged_share.estimate / WORST_SHARE)
        if is_bad
        else 0.0,
        reason_code=judged.reason_code,
        summary=_summary(judged, numbers["flagged_rows"], numbers["out_of_fold_r2"]),
        numbers=numbers,
        p_value=judged.p_value,
        evidence={
            "flagged rows, worst first": review[:SHOWN],
            "rows to verify": _to_verify(judged, rows, given, expected),
        },
        remedies=(RemediedRegressor(remedy=RegressionErrorPruner()),) if is_bad else (),
        limits=_limits(judged),
        evidence_rows={"flagged rows, worst first": len(review)},
        flagged=detector.issue_mask_.copy(),
        review=review,
    )


def _numbers(detector, judged, given, expected):
    covered = detector.covered_
    r2, error = (
        bootstrap_interval(
            score, given, expected, n_resamples=N_RESAMPLES, random_state=FIXED_SEED
        )
        for score in (r2_score, mean_absolute_error)
    )
    return {
        "flagged_rows": int(detector.issue_mask_[covered].sum()),
        "flagged_share": judged.flagged_share,
        "disagreeing_rows": int(judged.far.sum()),
        "rows_to_verify": judged.n_to_verify,
        "noise_rate": detector.noise_rate_,
        "out_of_fold_r2": r2,
        "mean_absolute_error": error,
        "typical_noise": float(np.median(detector.noise_scale_[covered])),
        "gap_p_value": judged.gap,
        "unrelated_p_value": judged.unrelated,
        "rows_without_prediction": int((~covered).sum()),
    }


def _summary(judged, n_flagged, r2):
    share = f"{judged.flagged_share.estimate:.1%}".replace("%", " %")
    n_far, n_rows = int(judged.far.sum()), judged.far.size
    ask = ASK if judged.n_to_verify else NO_ASK if n_far else ""
    offset = judged.offset or 0.0
    value = judged.value or 0.0
    parted = judged.gap <= judged.unrelated
    return RegressionErrorLensResult.sentence(
        judged.reason_code,
        flagged=n_flagged,
        far=n_far,
        total=n_rows,
        share=share,
        how="farther than heavy tails explain" if parted else "and unrelated to it",
        ask=ask.format(n=judged.n_to_verify, far=n_far),
        offset=fixed(abs(offset)),
        side="above" if offset > 0 else "below",
        value=fixed(value, 6),
        r2=f"{r2.estimate:.2f}",
    )


def _worst(rows, given, expected, scale, flagged, quality):
    """List the flagged rows, and the slip that would explain each."""
    worst = np.flatnonzero(flagged)
    worst = worst[np.argsort(quality[worst], kind="stable")]
    slips = likely_slips(given[worst], expected[worst], scale[worst])
    return [
        {
            "row": int(rows[i]),
            "given": float(given[i]),
            "suggested": float(f"{expected[i]:.6g}"),
            "quality": float(quality[i]),
            "looks like": slip,
        }
        for i, slip in zip(worst.tolist(), slips, strict=True)
    ]


def likely_slips(given, expected, scale):
    """Name the slip that makes each number what is expected, empty if none does.

    >>> import numpy as np
    >>> from skdataquality.label_noise._regression_lens import likely_slips
    >>> likely_slips(np.array([310.0, -30, 77]), np.full(3, 30.5), np.ones(3))
    ['10 times', 'sign', '']
    """
    names = np.array([*SLIPS, ""])
    factors = np.array(list(SLIPS.values()))
    left = np.abs(given / factors[:, None] - expected) / scale
    best = np.where((left <= NEAR).any(axis=0), left.argmin(axis=0), len(SLIPS))
    return names[best].tolist()


def _to_verify(judged, rows, given, expected):
    far = np.flatnonzero(judged.far)
    drawn = far[draw_rows(far.size, judged.n_to_verify or LISTED, FIXED_SEED)]
    return [
        {
            "row": int(rows[i]),
            "given": float(given[i]),
            "expected": float(f"{expected[i]:.6g}"),
        }
        for i in drawn.tolist()
    ]


def _limits(judged):
    limits = (
        f"A wrong number within {FAR:.0f} noise scales of the prediction is not seen.",
        "Rows of a kind that no column tells, and rare real peaks, look like wrong "
        "numbers: look before you drop.",
    )
    if judged.reason_code == "heavy_tails" and judged.far.any():
        return ("The listed rows are candidates for review, not for deletion.", *limits)
    return limits
