"""What labels and predictions show at once: columns in another order, rows seen."""

import warnings
from contextlib import contextmanager
from contextvars import ContextVar

import numpy as np
import scipy.sparse as sp
from scipy import stats

from skdataquality.exceptions import ColumnOrderWarning, InSampleProbabilitiesWarning
from skdataquality.utils._draws import FIXED_SEED, draw_rows
from skdataquality.utils._frames import row_blocks

MOST_ROWS, FEWEST_SAMPLED, MOST_CELLS = 20_000, 2000, 4_000_000
BLOCK = 2**17  # cells
FEWEST_ROWS = 20
CERTAIN = 0.999
BETTER, LEAST_AGREEMENT = 2, 0.25  # of the classes that move: times, and share of rows
UNLIKELY = 1e-4  # that the other order is better by chance
HARDLY_ANY = 0.005  # of the labels contradicted
SHARPENED = 2  # the power of probabilities: honest models may be as under-confident
TOO_FEW = 1e-3  # probability of so few contradictions
SHOWN = 10
_IS_HELD_OUT = ContextVar("is_held_out", default=False)


def warn_of_predictions(
    codes, proba, classes, *, rows=None, name="pred_proba", depth=1
):
    """Warn if columns seem to be in another order, or rows seen in training.

    ``proba`` holds one column per class, of which ``codes`` are the positions of the
    labels; ``rows`` are those with a prediction, None for all. At most 20,000 are
    looked at. The warning names who called the public function, ``depth`` calls up.
    """
    if _IS_HELD_OUT.get():
        return
    rows = np.arange(codes.size) if rows is None else np.asarray(rows)
    n_rows = min(MOST_ROWS, max(FEWEST_SAMPLED, MOST_CELLS // max(len(classes), 1)))
    rows = rows[draw_rows(rows.size, n_rows, FIXED_SEED)]
    if rows.size < FEWEST_ROWS or len(classes) < 2:
        return
    codes = codes[rows]
    predicted, own, doubt = _look_at(proba, rows, codes)
    message = _of_another_order(codes, predicted, classes, name)
    if message:
        warnings.warn(message, ColumnOrderWarning, stacklevel=depth + 2)
        return
    message = _of_rows_seen(codes, predicted, own, doubt, name)
    if message:
        warnings.warn(message, InSampleProbabilitiesWarning, stacklevel=depth + 2)


@contextmanager
def known_to_be_held_out():
    """Silence the warnings above where we made the out-of-fold predictions."""
    token = _IS_HELD_OUT.set(True)  # of this thread; filters of warnings are of all
    try:
        yield
    finally:
        _IS_HELD_OUT.reset(token)


def _look_at(proba, rows, codes):
    """Most probable class, probability of the label, and doubt once sharpened."""
    predicted = np.empty(rows.size, dtype=np.intp)
    own, doubt = np.empty(rows.size), np.empty(rows.size)
    for block in row_blocks((rows.size, proba.shape[1]), BLOCK):
        some = np.clip(proba[rows[block]].astype(float), 0, None)
        predicted[block] = some.argmax(axis=1)
        own[block] = some[np.arange(some.shape[0]), codes[block]]
        sharp = (some / some.max(axis=1, keepdims=True)) ** SHARPENED
        doubt[block] = 1 - 1 / sharp.sum(axis=1)
    return predicted, own, doubt


def _of_rows_seen(codes, predicted, own, doubt, name):
    """Return what to say if the model contradicts fewer labels than it doubts.

    The doubts are those of a model twice as sure in its log-probabilities, for honest
    models are often too modest.
    """
    cure = (
        "this looks in-sample. Pass out-of-fold probabilities (cross_val_predict), or "
        "every wrong label is hidden."
    )
    if own.min() > CERTAIN:
        return f"every label has a {name} above .999: {cure}"
    n_against = np.count_nonzero(predicted != codes)
    few = n_against <= HARDLY_ANY * codes.size
    if few and stats.poisson.cdf(n_against, doubt.sum()) < TOO_FEW:
        return (
            f"{name} contradicts {n_against} of {codes.size} labels, where it doubts "
            f"{doubt.sum():.0f} or more: {cure}"
        )
    return None


def _of_another_order(codes, predicted, classes, name):
    """Return what to say if the columns agree with the labels in another order.

    The order is chosen on one half of the rows and judged on the other, so no choice
    among many orders makes it look better than it is.
    """
    half = np.arange(codes.size) % 2 == 0
    column = _best_columns(codes[half], predicted[half], len(classes))
    if column is None:
        return None
    codes, predicted = codes[~half], predicted[~half]
    column = _believable(column, codes, predicted)
    if (column == np.arange(column.size)).all():
        return None
    order = np.empty(column.size, dtype=np.intp)
    order[column] = np.arange(column.size)
    names = [classes[k : k + 1].tolist()[0] for k in order[:SHOWN]]
    ellipsis = ", ..." if order.size > SHOWN else ""
    said = ", ".join(map(repr, names)) + ellipsis
    return (
        f"the labels agree with the columns of {name} on "
        f"{100 * np.mean(predicted == codes):.0f} % of the rows, and on "
        f"{100 * np.mean(predicted == column[codes]):.0f} % if the columns were in the "
        f"order [{said}]: pass `classes` in the order of the columns (the fitted "
        f"estimator's classes_; without it the labels are sorted), or check how the "
        f"labels were coded."
    )


def _best_columns(codes, predicted, n_classes):
    """Column of each class, if those that prefer each other are joined; None: its own.

    Classes that no column prefers keep theirs if it is free, or get what is left.
    """
    rows = np.ones(codes.size)
    joint = sp.csr_array((rows, (codes, predicted)), shape=(n_classes, n_classes))
    most = joint.max(axis=1).toarray().ravel()
    if (most <= BETTER * joint.diagonal()).all():
        return None
    joint = sp.csr_array(joint + 1e-3 * sp.eye_array(n_classes))  # ties stay
    column, kept = joint.argmax(axis=1).ravel(), np.arange(n_classes)
    column[joint.argmax(axis=0).ravel()[column] != kept] = -1
    stays = (column < 0) & ~np.isin(kept, column)
    column[stays] = kept[stays]
    column[column < 0] = np.setdiff1d(kept, column)
    return column


def _believable(column, codes, predicted):
    """Keep the order, or else those of its cycles that other rows confirm."""
    kept = np.arange(column.size)
    moved = column != kept
    for cycle in [np.flatnonzero(moved), *_cycles(column)]:
        inside = np.isin(codes, cycle)
        own = np.count_nonzero(predicted[inside] == codes[inside])
        other = np.count_nonzero(predicted[inside] == column[codes[inside]])
        enough = other >= max(BETTER * own, LEAST_AGREEMENT * inside.sum())
        if enough and stats.binom.sf(other - 1, other + own, 0.5) < UNLIKELY:
            kept[cycle] = column[cycle]
    return kept


def _cycles(column):
    left = set(np.flatnonzero(column != np.arange(column.size)).tolist())
    while left:
        cycle = [min(left)]
        while column[cycle[-1]] != cycle[0]:
            cycle.append(int(column[cycle[-1]]))
        left -= set(cycle)
        yield cycle
