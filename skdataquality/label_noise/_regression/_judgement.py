"""What residuals allow to say of all numbers: :func:`judge_numbers`."""

from dataclasses import dataclass, replace

import numpy as np

from skdataquality.label_noise._flags import rows_to_verify
from skdataquality.label_noise._regression._apart import (
    USUAL_TAIL,
    common_offset,
    common_value,
    gap_p_value,
    unrelated_p_value,
)
from skdataquality.utils._stats import Interval, effective_share, proportion_interval

FEWEST_ROWS = 100
FAR = 4.0  # noise scales
LARGE = 3.0  # rows whose relation to the prediction is tested
CLEARLY, PERHAPS = 0.02, 0.1  # p values, as of class labels
MOST_FAR = 0.05

VERDICT_OF = {
    "apart": "found",
    "perhaps_apart": "suspect",
    "agree": "clear",
    "heavy_tails": "cannot tell",
    "common_offset": "cannot tell",
    "common_value": "cannot tell",
    "weak_model": "cannot tell",
    "few_rows": "cannot tell",
}


@dataclass(frozen=True)
class NumberJudgement:
    """What was counted, and the reason of the verdict.

    ``far`` are the rows whose residual exceeds four noise scales, or that are flagged;
    ``gap`` and ``unrelated`` p values, ``usual_gap`` that for tails with a variance.
    """

    reason_code: str
    far: np.ndarray
    far_share: Interval
    flagged_share: Interval
    gap: float
    usual_gap: float
    unrelated: float
    offset: float | None
    value: float | None
    n_to_verify: int

    @property
    def verdict(self):
        return VERDICT_OF[self.reason_code]

    @property
    def p_value(self):
        """P value of the two tests together (Bonferroni)."""
        return min(1.0, 2 * min(self.gap, self.unrelated))


def judge_numbers(y, prediction, scale, flagged, *, predictable=True, groups=None):
    """Ask whether flagged numbers stand apart, as no tail of the noise explains.

    Every row has a prediction and a scale of its noise. Rows of one group may be wrong
    together: they count as fewer.
    """
    residuals = y - prediction
    studentised = residuals / scale
    far = (np.abs(studentised) > FAR) | flagged
    large = (np.abs(studentised) > LARGE) | flagged
    far_share, flagged_share = (
        proportion_interval(
            int(mask.sum()), mask.size, effective_share=effective_share(mask, groups)
        )
        for mask in (far, flagged)
    )
    some = flagged.any()
    judged = NumberJudgement(
        reason_code="agree",
        far=far,
        far_share=far_share,
        flagged_share=flagged_share,
        gap=gap_p_value(studentised),
        usual_gap=gap_p_value(studentised, USUAL_TAIL),
        unrelated=unrelated_p_value(residuals, prediction, large),
        offset=common_offset(residuals, scale, flagged) if some else None,
        value=common_value(y, flagged) if some else None,
        n_to_verify=rows_to_verify(int(far.sum()), y.size),
    )
    return replace(judged, reason_code=_reason(judged, flagged, predictable))


def _reason(judged, flagged, predictable):
    if flagged.size < FEWEST_ROWS:
        return "few_rows"
    if not predictable:
        return "weak_model"
    if flagged.any():
        if judged.value is not None:
            return "common_value"
        perhaps = judged.p_value < PERHAPS or judged.usual_gap < CLEARLY
        if perhaps and judged.offset is not None:
            return "common_offset"
        if judged.p_value < CLEARLY:
            return "apart"
        return "perhaps_apart" if perhaps else "heavy_tails"
    return "agree" if judged.far_share.upper <= MOST_FAR else "heavy_tails"
