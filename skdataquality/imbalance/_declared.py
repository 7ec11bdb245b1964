"""What the lens of imbalance declares: :data:`LENS`."""

from math import isnan

import numpy as np
from imblearn.under_sampling import RandomUnderSampler

from skdataquality.compose._default import measurable
from skdataquality.imbalance._adjusters import TunedOffsetClassifierCV
from skdataquality.imbalance._lens import (
    ImbalanceLensResult,
    look,
    told_of_flags,
    with_slices,
)
from skdataquality.imbalance._weights import ClassBalanceWeighter
from skdataquality.utils._frames import without_columns
from skdataquality.utils._lens import Lens
from skdataquality.utils._sklearn import scores_decisions, take_rows

MOVE = "move the threshold"
UNEQUAL_RATIO = 1.5  # classes nearer to each other leave the threshold where it is
MOST_GROUPS = 20
# rows of a class: of fewer a model of a few folds may say the same
FEWEST_TOLD_APART = 50


def _examine(inputs, known):
    """Compare class sizes, and how well each class is found."""
    proba, classes = inputs.proba_on_all_rows(known.oof)
    lens, _ = look(
        inputs.y,
        proba,
        classes=classes,
        X=measurable(
            without_columns(inputs.X, known.withheld), only_numbers=inputs.is_given
        ),
        splits=[
            (inputs.rows[train], inputs.rows[test]) for train, test in known.oof.splits
        ],
        prior=inputs.prior,
        y_target=_known_labels(inputs, classes),
        groups=_few_groups(inputs.groups),
        random_state=inputs.seed,
    )
    return lens, {}


def _few_groups(groups):
    """Return groups that are few and large, as sites are; None of patients."""
    if groups is None:
        return None
    values = np.asarray(groups)
    n_groups = len(set(values.tolist()))
    return groups if 2 <= n_groups <= min(MOST_GROUPS, len(values) // 50) else None


def _known_labels(inputs, classes):
    """Labels of target rows, or None if there are none or they name other classes."""
    if inputs.target is None or inputs.target.y is None:
        return None
    labels = np.asarray(inputs.target.y)
    return labels if set(labels.tolist()) <= set(classes.tolist()) else None


def _look_again(lens, inputs, known):
    """Add slices, and see whether the rarest class is mostly wrong labels."""
    if lens.verdict == "cannot tell":
        return lens
    doubted = known.flagged if known.labels_doubted else None
    if doubted is not None and lens.reason_code == "rare_class":
        is_rarest = inputs.y == lens.named[0]
        n_rows = int(is_rarest.sum())
        lens = told_of_flags(
            lens, is_rarest[inputs.rows], doubted, n_rows, inputs.y.shape[0]
        )
    clusters = inputs.clusters
    return with_slices(
        lens,
        measurable(inputs.features(known.withheld), only_numbers=False),
        inputs.labels,
        known.oof.proba,
        known.oof.classes,
        flagged=doubted,
        groups=None if clusters is None else take_rows(clusters, inputs.rows),
        random_state=inputs.seed,
    )


def _why(lens):
    if lens.remedies:
        return "after the labels are right"
    if lens.reason_code == "minority_of_errors":
        return "mend the labels of the class, and look again"
    if lens.reason_code == "label_skew":
        return "give the shares to RemediedClassifier(prior=...), which restores them"
    return "mend labels that are typing errors, and collect more rows"


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
        remedies[MOVE] = TunedOffsetClassifierCV(None, scoring=tuned_for, cv=folds)
    return remedies


def _has_a_threshold(lens):
    """Whether there are classes of unequal size, and rows to tune between."""
    return (
        len(lens.evidence.get("classes", ())) >= 2
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
    why=_why,
    expect=_expect,
    candidates=_candidates,
    chained="balance",
)
