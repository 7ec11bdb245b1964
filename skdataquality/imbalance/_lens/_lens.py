"""Is a class rare, and does the model neglect it? :func:`imbalance_lens`."""

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
from scipy import stats

from skdataquality.compose import RemediedClassifier
from skdataquality.imbalance._weights import ClassBalanceWeighter
from skdataquality.utils._digits import fixed
from skdataquality.utils._lens import LensResult, Number, Prediction, cannot_tell
from skdataquality.utils._probabilities import check_partial_proba
from skdataquality.utils._stats import SMALL_P, bootstrap_interval, proportion_interval
from skdataquality.utils._validation import encode_labels

UNEVEN_RATIO = 3.0
EXTREME_RATIO = 50.0
NEGLECT_GAP = 0.05
N_RESAMPLES = 200
SHOWN = 3


REASONS = {
    "even": "The largest class has {ratio:.2f} times the rows of the smallest.",
    "rare_class": "Class {name} has {rows} of {total} rows, {times} times fewer "
    "than the largest; {recalled}.",
}


@dataclass(frozen=True, kw_only=True, eq=False)
class ImbalanceLensResult(LensResult):
    """What :func:`imbalance_lens` returns; see ``LensResult`` for the other fields.

    Attributes
    ----------
    n_told_apart : int
        Different probabilities that the model gives the rows of a class, the fewest of
        any class: between a handful of them no threshold can be tuned.
    """

    name: ClassVar[str] = "imbalance"
    title: ClassVar[str] = "Imbalance"
    reasons: ClassVar[dict[str, str]] = REASONS
    units: ClassVar[dict[str, Number]] = {
        "ratio": Number("rows of the largest class a row of the smallest", "lower"),
        "rarest_share": Number("share of rows", "higher"),
        "rarest_recall": Number("share of rows of the rarest class", "higher"),
        "accuracy": Number("share of rows", "higher"),
        "majority_baseline": Number("share of rows"),
        "balanced_accuracy": Number("mean share of rows by class", "higher"),
    }

    n_told_apart: int = field(default=0, repr=False)


def imbalance_lens(y, pred_proba, *, classes=None, random_state=0):
    """Compare class sizes, and how well a model finds each class out of fold.

    Parameters
    ----------
    y : array-like of shape (n_samples,)
    pred_proba : array-like of shape (n_samples, n_classes)
        Out-of-fold probabilities, columns in the order of ``classes``; rows of NaN are
        left out.
    classes : array-like of shape (n_classes,), default=None
        None takes the sorted labels of ``y``.
    random_state : int, default=0
        For the bootstrap intervals.

    Returns
    -------
    result : ImbalanceLensResult
        "found" if the largest class has at least 3 times the rows of the smallest and
        the smallest is recalled worse than the others (Fisher's exact test), or at
        least 50 times.

    Examples
    --------
    >>> import numpy as np
    >>> from skdataquality.imbalance import imbalance_lens
    >>> y = np.repeat([0, 1], [95, 5])
    >>> proba = np.tile([0.95, 0.05], (100, 1))
    >>> print(imbalance_lens(y, proba).summary)
    Class 1 has 5 of 100 rows, 19 times fewer than the largest; 0 % of them are found.
    """
    classes, codes = encode_labels(y, classes=classes)
    proba, covered = check_partial_proba(pred_proba, codes.size, classes.size)
    sizes = np.bincount(codes, minlength=classes.shape[0])
    if np.count_nonzero(sizes) < 2:
        return cannot_tell(ImbalanceLensResult, "one_class")
    if not covered.any():
        return cannot_tell(ImbalanceLensResult, "no_predictions")
    rarest, single = _rarest(sizes), np.flatnonzero(sizes == 1)
    ratio = sizes.max() / sizes[rarest]
    truth, predicted = codes[covered], proba[covered].argmax(axis=1)
    p_value = _neglect(truth, predicted, rarest)
    right = truth == predicted
    recall = _share(right[truth == rarest])
    gap = _share(right[truth != rarest]).estimate - recall.estimate
    verdict = _verdict(ratio, p_value, gap)
    accuracy, baseline = _share(right), float(sizes.max() / sizes.sum())
    name = classes[rarest : rarest + 1].tolist()[0]
    reason_code = "even" if verdict == "clear" else "rare_class"
    return ImbalanceLensResult(
        verdict=verdict,
        severity=0.0 if verdict == "clear" else float(min(1, np.log10(ratio) / 2)),
        reason_code=reason_code,
        summary=ImbalanceLensResult.sentence(
            reason_code,
            name=name,
            rows=sizes[rarest],
            total=sizes.sum(),
            ratio=ratio,
            times=fixed(ratio),
            recalled=_recalled(recall.estimate),
        ),
        numbers={
            "ratio": float(ratio),
            "rarest_share": proportion_interval(int(sizes[rarest]), int(sizes.sum())),
            "rarest_recall": recall,
            "accuracy": accuracy,
            "majority_baseline": baseline,
            "balanced_accuracy": bootstrap_interval(
                _mean_recall,
                truth,
                right,
                strata=truth,
                n_resamples=N_RESAMPLES,
                random_state=random_state,
            ),
        },
        p_value=p_value,
        evidence={"classes": _per_class(truth, predicted, classes, random_state)},
        predictions=_paradox(accuracy, recall, name) if verdict != "clear" else (),
        remedies=() if single.size else _remedies(verdict),
        named=() if verdict == "clear" else (name,),
        limits=_limits(classes[single].tolist()),
        n_told_apart=_told_apart(truth, proba[covered][:, rarest]),
    )


def _limits(single):
    limits = (
        "Recall and precision are those of the model used for the diagnosis, deciding "
        "by the largest probability.",
    )
    if not single:
        return limits
    named = ", ".join(map(str, single[:SHOWN]))
    return (
        f"{len(single)} class(es) of one row, such as {named}: mend typing errors "
        f"before any class is weighted up.",
        *limits,
    )


def _told_apart(truth, scores):
    return min(np.unique(scores[truth == k]).size for k in np.unique(truth))


def _rarest(sizes):
    """Smallest class of two rows or more, if any: one row may be a typing error."""
    fewest = 2 if np.count_nonzero(sizes > 1) > 1 else 1
    return int(np.argmin(np.where(sizes >= fewest, sizes, sizes.max() + 1)))


def _share(mask):
    return proportion_interval(int(mask.sum()), int(mask.shape[0]))


def _neglect(truth, predicted, rarest):
    """P value of Fisher's test that the rarest class is recalled worse."""
    right, rare = truth == predicted, truth == rarest
    table = [
        [int((right & rare).sum()), int((~right & rare).sum())],
        [int((right & ~rare).sum()), int((~right & ~rare).sum())],
    ]
    return float(stats.fisher_exact(table, alternative="less").pvalue)


def _verdict(ratio, p_value, gap):
    if ratio < UNEVEN_RATIO:
        return "clear"
    neglected = p_value < SMALL_P and gap >= NEGLECT_GAP
    return "found" if neglected or ratio >= EXTREME_RATIO else "suspect"


def _recalled(recall):
    if np.isnan(recall):
        return "none of them could be predicted out of fold"
    return f"{100 * recall:.0f} % of them are found"


def _per_class(truth, predicted, classes, random_state):
    rows = []
    for code in np.unique(truth):
        given, called = truth == code, predicted == code
        rows.append(
            {
                "class": classes[code : code + 1].tolist()[0],
                "rows": int(given.sum()),
                "precision": _share(given[called]),
                "recall": _share(called[given]),
                "f1": bootstrap_interval(
                    _f1,
                    given,
                    called,
                    strata=truth,
                    n_resamples=N_RESAMPLES,
                    random_state=random_state,
                ),
            }
        )
    return rows


def _f1(given, called):
    return 2 * (given & called).sum() / max(given.sum() + called.sum(), 1)


def _mean_recall(truth, right):
    size = np.bincount(truth)
    return (np.bincount(truth, weights=right) / np.maximum(size, 1))[size > 0].mean()


def _paradox(accuracy, recall, name):
    """Predict that accuracy hides a missed class, where accuracy is high at all."""
    if accuracy.upper < 0.9 or np.isnan(recall.estimate):
        return ()
    outcome = "cannot tell"
    if recall.lower > 0.7:
        outcome = "refuted"
    elif accuracy.lower > 0.9 and recall.upper < 0.7:
        outcome = "confirmed"
    return (
        Prediction(
            sentence=f"Accuracy looks good while class {name} is missed (accuracy "
            f"above .9, its recall below .7).",
            outcome=outcome,
            measured=f"accuracy {accuracy.estimate:.3f}, recall {recall.estimate:.3f}",
        ),
    )


def _remedies(verdict):
    if verdict == "clear":
        return ()
    return (
        RemediedClassifier(remedy=ClassBalanceWeighter()),
        RemediedClassifier(remedy=ClassBalanceWeighter("inverse_sqrt")),
    )
