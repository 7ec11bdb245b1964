"""What the lens of imbalance declares: :data:`LENS`."""

from math import isnan

import numpy as np
from imblearn.under_sampling import RandomUnderSampler
from sklearn.model_selection import TunedThresholdClassifierCV

from skdataquality.compose._default import measurable
from skdataquality.imbalance._lens import (
    ImbalanceLensResult,
    imbalance_lens,
    told_of_flags,
)
from skdataquality.imbalance._weights import ClassBalanceWeighter
from skdataquality.utils._frames import without_columns
from skdataquality.utils._lens import Lens
from skdataquality.utils._sklearn import scores_decisions

MOVE = "move the threshold"
UNEQUAL_RATIO = 1.5  # classes nearer to each other leave the threshold where it is
FEWEST_TOLD_APART = (
    50  # rows of a class: of fewer a model of a few folds may say the same
)


def _examine(inputs, known):
    """Compare class sizes, and how well each class is found."""
    proba, classes = inputs.proba_on_all_rows(known.oof)
    X = without_columns(inputs.X, known.withheld)
    lens = imbalance_lens(
        inputs.y,
        proba,
        classes=classes,
        X=measurable(X, only_numbers=inputs.is_given),
        splits=[
            (inputs.rows[train], inputs.rows[test]) for train, test in known.oof.splits
        ],
        y_target=_known_labels(inputs, classes),
        random_state=inputs.seed,
    )
    return lens, {}


def _known_labels(inputs, classes):
    """Labels of target rows, or None if there are none or they name other classes."""
    if inputs.target is None or inputs.target.y is None:
        return None
    labels = np.asarray(inputs.target.y)
    return labels if set(labels.tolist()) <= set(classes.tolist()) else None


def _look_again(lens, inputs, known):
    """See whether the rows of the rarest class are mostly wrong labels."""
    if not lens.named or not known.labels_doubted:
        return lens
    is_rarest = inputs.y == lens.named[0]
    return told_of_flags(
        lens,
        is_rarest[inputs.rows],
        known.flagged,
        int(is_rarest.sum()),
        inputs.y.shape[0],
    )


def _expect(lens):
    recall = lens.numbers.get("rarest_recall")
    if recall is None or isnan(recall.estimate) or not lens.remedies:
        return None
    return (
        f"recall of the rarest class rises from "
        f"{recall.estimate:.3f} at the price of precision; "
        f"accuracy may fall."
    )


def _candidates(lens, *, random_state, scoring, folds, **_):
    remedies = {
        "balance": ClassBalanceWeighter(),
        "under-sample": RandomUnderSampler(random_state=random_state),
    }
    if _has_a_threshold(lens):
        tuned_for = scoring if scores_decisions(scoring) else "balanced_accuracy"
        remedies[MOVE] = TunedThresholdClassifierCV(None, scoring=tuned_for, cv=folds)
    return remedies


def _has_a_threshold(lens):
    """Whether there are two classes of unequal size, and rows to tune between."""
    return (
        len(lens.evidence.get("classes", ())) == 2
        and lens.numbers["ratio"] >= UNEQUAL_RATIO
        and lens.n_told_apart >= FEWEST_TOLD_APART
    )


LENS = Lens(
    result=ImbalanceLensResult,
    examine=_examine,
    again=_look_again,
    measured=3,
    acts=5,
    label_kinds=("classes",),
    known=("oof",),
    why=lambda lens: "after the labels are right",
    expect=_expect,
    candidates=_candidates,
    chained="balance",
)
