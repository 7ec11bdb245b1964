"""What labels and probabilities allow to say of all labels: :func:`judge_labels`."""

from dataclasses import dataclass
from math import ceil, log, log1p

import numpy as np

from skdataquality.label_noise._confident import Contamination, contamination
from skdataquality.utils._stats import Interval, effective_share, proportion_interval

FEWEST_ROWS, FEWEST_DISAGREEING = 100, 5
CLEARLY = 0.02  # p value of contradictions that do not die out
PERHAPS = 0.1
SURELY = 0.01
SOME = 0.01  # of all labels
MUCH_OF_ERROR = 0.4  # of the disagreements, that overlap does not explain
SOME_OF_ERROR = 0.25
GOOD_MODEL = 0.3  # error without wrong labels, of that of naming the largest class
FAIR_MODEL = 0.4
WEAK_MODEL = 0.7
MOST_DISAGREEING = 0.05
HEAVY = 0.2  # share of wrong labels
TOLERATED = 0.02  # wrong labels, of all
CONFIDENCE = 0.95

VERDICT_OF = {
    "contradicted": "found",
    "overlap_or_noise": "suspect",
    "agree": "clear",
    "undecidable": "cannot tell",
    "weak_model": "cannot tell",
    "few_rows": "cannot tell",
}


@dataclass(frozen=True)
class Judgement:
    """What was counted, what a model of it says, and the reason of the verdict.

    ``unexplained`` is a Contamination; ``clean_error`` the error of the model if no
    label were wrong, and ``relative_error`` the same as a share of that of naming the
    largest class, ``cautious_relative_error`` with no more wrong labels than the lower
    end of the interval; ``n_undecidable`` counts the labels that disagree and that
    overlap explains as well as a wrong label.
    """

    reason_code: str
    n_rows: int
    n_disagreeing: int
    disagreement: Interval
    unexplained: Contamination
    clean_error: float
    relative_error: float
    cautious_relative_error: float
    n_undecidable: int
    n_to_verify: int

    @property
    def verdict(self):
        return VERDICT_OF[self.reason_code]

    @property
    def may_be_overlap(self):
        """Whether overlap explains all disagreements as well as wrong labels do."""
        return self.verdict == "cannot tell"

    @property
    def is_heavy(self):
        """Whether so many labels are wrong that most disagreements are."""
        return (
            self.unexplained.p_value < CLEARLY
            and self.unexplained.rate.estimate >= HEAVY
            and self.cautious_relative_error < GOOD_MODEL
        )


def judge_labels(data, predicted, *, groups=None):
    """Ask whether contradictions die out as the model grows sure.

    `data` are labels with out-of-fold probabilities, `predicted` the most probable
    classes. Rows of one group may be wrong together: they count as fewer.
    """
    codes = data.codes
    disagrees = predicted != codes
    share = effective_share(disagrees, groups)
    unexplained = contamination(codes, data.proba, effective_share=share)
    rate, is_seen = unexplained.rate, unexplained.p_value < PERHAPS
    counted = rate.estimate if is_seen else rate.lower
    clean_error, relative_error = _without(counted, disagrees, data)
    cautious_relative_error = _without(rate.lower, disagrees, data)[1]
    disagreement = proportion_interval(
        int(disagrees.sum()), codes.size, effective_share=share
    )
    return Judgement(
        reason_code=_reason(data, disagreement, unexplained, relative_error),
        n_rows=codes.size,
        n_disagreeing=int(disagrees.sum()),
        disagreement=disagreement,
        unexplained=unexplained,
        clean_error=clean_error,
        relative_error=relative_error,
        cautious_relative_error=cautious_relative_error,
        n_undecidable=_count_undecidable(unexplained, data, disagrees)
        if is_seen
        else int(disagrees.sum()),
        n_to_verify=rows_to_verify(int(disagrees.sum()), codes.size),
    )


def _count_undecidable(unexplained, data, disagrees):
    """Count the labels that disagree and are at least as likely right as replaced."""
    count = 0
    for rows, proba in data.chunks():
        doubted = disagrees[rows]
        odds = unexplained.odds_of_replaced(data.codes[rows][doubted], proba[doubted])
        count += int(np.count_nonzero(odds <= 1))
    return count


def _without(wrong_share, disagrees, data):
    """Error of the model without wrong labels, also as a share of the baseline's.

    The baseline names the largest class always. Wrong labels are taken to be drawn from
    all classes alike.
    """
    replaced = wrong_share * data.n_classes / (data.n_classes - 1)
    kept = max(1 - replaced, 1e-9)
    error = float(min(1.0, max(0.0, disagrees.mean() - wrong_share) / kept))
    shares = data.class_counts / data.codes.size - replaced / data.n_classes
    shares = np.clip(shares, 0, None)
    baseline = float(1 - shares.max() / max(shares.sum(), 1e-9))
    return error, error / baseline if baseline > 0 else np.inf


def rows_to_verify(n_disagreeing, n_rows):
    """Disagreeing rows, drawn at random, to prove right before all are believed.

    If none of so many is wrong then, with 95 % confidence, no more than 2 % of all
    labels are wrong ones that disagree with the model.
    """
    if n_disagreeing <= TOLERATED * n_rows:
        return 0
    share = TOLERATED * n_rows / n_disagreeing
    return min(n_disagreeing, ceil(log(1 - CONFIDENCE) / log1p(-share)))


def _reason(data, disagreement, unexplained, relative_error):
    n_rows = data.codes.size
    if n_rows < FEWEST_ROWS:
        return "few_rows"
    p_value = unexplained.p_value
    of_error = unexplained.rate.estimate / max(disagreement.estimate, 1e-9)
    if disagreement.estimate * n_rows < FEWEST_DISAGREEING:
        p_value = 1.0
    if p_value < CLEARLY and of_error >= MUCH_OF_ERROR and relative_error < GOOD_MODEL:
        return "contradicted"
    if relative_error > WEAK_MODEL and disagreement.estimate > 0:
        return "weak_model"
    if disagreement.upper <= MOST_DISAGREEING:
        return "agree"
    is_sure = p_value < SURELY and unexplained.rate.lower >= SOME
    is_much = p_value < PERHAPS and of_error >= SOME_OF_ERROR
    if is_sure or (is_much and relative_error < FAIR_MODEL):
        return "overlap_or_noise"
    return "undecidable"
