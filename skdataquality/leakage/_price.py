"""What named columns are worth: the out-of-fold score with and without them."""

from dataclasses import replace

import numpy as np
from sklearn.metrics import r2_score

from skdataquality.leakage._lens import columns_named
from skdataquality.utils._folds import OutOfFoldNumbers
from skdataquality.utils._lens import Prediction
from skdataquality.utils._stats import (
    Interval,
    fold_interval,
    mann_whitney_auc,
    nadeau_bengio,
)
from skdataquality.utils._validation import encode_labels

NEGLIGIBLE = 0.005  # of AUC or R2
NEGLIGIBLE_SHARE = 0.1  # of what the score without the columns lacks
ROUNDING = 1e-12


def price_leaks(lens, y, with_columns, without_columns):
    """Add to a leakage result what its columns are worth to a model.

    Parameters
    ----------
    lens : LeakageLensResult
    y : array-like of shape (n_samples,)
    with_columns, without_columns : OutOfFold or OutOfFoldNumbers
        Predictions of one model on the same splits, with and without the columns of
        verdict "found"; where there is none, without those suspected.

    Returns
    -------
    lens : LeakageLensResult
        With the numbers "auc_with", "auc_without" and "auc_resting_on_them" (their
        paired difference by Nadeau and Bengio), of a quantity "r2_with" and so on, and
        a checked prediction. A suspicion that it refutes is withdrawn: the columns
        stay named, as evidence.
    """
    if isinstance(with_columns, OutOfFoldNumbers):
        key, word, least = "r2", "R2", -np.inf
        both = _r2_by_fold(y, with_columns), _r2_by_fold(y, without_columns)
    else:
        key, word, least = "auc", "AUC", 0.0
        codes = encode_labels(y, classes=with_columns.classes)[1]
        both = _auc_by_fold(codes, with_columns), _auc_by_fold(codes, without_columns)
    known = ~np.isnan(both[0]) & ~np.isnan(both[1])
    first, second = both[0][known], both[1][known]
    if first.shape[0] < 2:
        return lens
    difference = _difference(first - second, with_columns.splits)
    numbers = {
        f"{key}_with": fold_interval(first, least=least),
        f"{key}_without": fold_interval(second, least=least),
        f"{key}_resting_on_them": difference,
    }
    said = Prediction(
        sentence="The held-out score falls once the named columns are gone.",
        outcome=_outcome(difference, float(second.mean())),
        measured=f"{word} {first.mean():.3f} with them, {second.mean():.3f} without",
    )
    priced = replace(lens, numbers=lens.numbers | numbers)
    if said.outcome != "refuted":
        return replace(priced, predictions=(*lens.predictions, said))
    if lens.leaking:  # a copy stays one where other columns tell the model as much
        return priced
    return _withdrawn(replace(priced, predictions=(*lens.predictions, said)))


def _outcome(difference, score_without):
    """Whether the score falls by more than what nobody would notice."""
    if difference.upper <= 0:
        return "refuted"
    least = min(NEGLIGIBLE, NEGLIGIBLE_SHARE * (1 - score_without))
    if difference.lower > least:
        return "confirmed"
    return "refuted" if difference.upper < least else "cannot tell"


def _withdrawn(lens):
    """Return the result without its suspicion, if it rests on nothing else."""
    if lens.reason_code != "suspected" or lens.verdict != "suspect" or lens.shares_rows:
        return lens
    said = lens.sentence("not_needed", suspects=columns_named(lens.suspects))
    return replace(
        lens, verdict="clear", severity=0.0, reason_code="not_needed", summary=said
    )


def _difference(gains, splits):
    gain = float(gains.mean())
    if np.ptp(gains) < ROUNDING:
        return Interval(gain, gain, gain, "the same in every fold")
    ratio = float(np.mean([len(test) / len(train) for train, test in splits]))
    test = nadeau_bengio(gains, test_train_ratio=ratio)
    return Interval(test.mean, test.lower, test.upper, "Nadeau-Bengio over folds")


def _r2_by_fold(y, oof):
    """R2 of every fold; NaN where all its numbers are equal."""
    scores = []
    for _, test in oof.splits:
        rows = test[oof.covered[test]]
        varies = rows.shape[0] > 1 and np.ptp(y[rows]) > 0
        scores.append(r2_score(y[rows], oof.prediction[rows]) if varies else np.nan)
    return np.array(scores)


def _auc_by_fold(codes, oof):
    """Mean over classes of the AUC of one class against the rest, by fold."""
    return np.array([_auc(codes, oof, test) for _, test in oof.splits])


def _auc(codes, oof, test):
    rows = test[oof.covered[test]]
    aucs = []
    for code in range(oof.classes.shape[0]):
        is_class = codes[rows] == code
        if 0 < is_class.sum() < rows.shape[0]:
            aucs.append(mann_whitney_auc(oof.proba[rows, code], is_class)[0])
    return np.mean(aucs) if aucs else np.nan
