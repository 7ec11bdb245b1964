"""Along what a change of P(y | x) is looked for: the model's score and few columns."""

import numpy as np
import scipy.sparse as sp

from skdataquality.utils._frames import (
    are_documents,
    as_numbers,
    cell_codes,
    iterate_columns,
    missing_mask,
)

FURTHEST = 3.0  # standard deviations; cells beyond would decide alone
ALIKE = 0.98  # correlation above which a column says nothing of its own
SOME_MISSING = 0.05  # share, from which on that a cell is missing is a column
SCORE = "score of the model"


def directions(pooled, is_target, score, y, most):
    """Return names, columns to test and their cells: the score, and few columns.

    Those are taken that matter most to y in training rows. Columns are numbers with the
    mean 0 and variance 1 of the training rows; the value of a category is the mean
    score of its training rows, that of a missing cell the median. Texts and sparse
    matrices have no columns. ``y`` are numbers; ``most`` is the number of columns at
    most beside the score.
    """
    ours = is_target == 0
    names, cells, chosen = [SCORE], [score], [standardised(score, ours)]
    found = []
    for name, raw in _candidates(pooled, ours, score):
        column = standardised(raw, ours)
        found.append((abs(_correlation(column[ours], y[ours])), name, raw, column))
    for _, name, raw, column in sorted(found, key=lambda one: -one[0]):
        if len(names) > most:
            break
        alike = [abs(_correlation(column[ours], other[ours])) for other in chosen]
        if max(alike) < ALIKE:
            names.append(name)
            cells.append(raw)
            chosen.append(column)
    return names, np.stack(chosen, axis=1), np.stack(cells, axis=1)


def _candidates(pooled, ours, score):
    if are_documents(pooled) or sp.issparse(pooled):
        return
    for name, values in iterate_columns(pooled):
        gone = missing_mask(values)
        numbers = as_numbers(values, "fiubmMO")
        cells = _mean_scores(values, ours, score) if numbers is None else numbers
        cells = np.where(gone, np.nan, cells.astype(float))
        known = np.isfinite(cells)
        if (known & ours).any():
            cells = np.where(known, cells, np.median(cells[known & ours]))
            if np.ptp(cells[ours]) > 0:
                yield str(name), cells
        if SOME_MISSING <= gone[ours].mean() <= 1 - SOME_MISSING:
            yield f"{name} is missing", gone.astype(float)


def _mean_scores(values, ours, score):
    """Mean score of the training rows of each category; of all for others."""
    codes = cell_codes(values)
    n_codes = int(codes.max()) + 1
    total = np.bincount(codes[ours], weights=score[ours], minlength=n_codes)
    size = np.bincount(codes[ours], minlength=n_codes)
    return ((total + score[ours].mean()) / (size + 1))[codes]


def standardised(column, ours):
    """Return a column with the mean 0 and variance 1 of our rows, ends cut off."""
    # a power of two changes no digit, and squares of huge numbers stay finite
    column = np.ldexp(column, -np.frexp(np.abs(column).max())[1])
    spread = column[ours].std()
    column = column - column[ours].mean()
    return np.clip(column / spread, -FURTHEST, FURTHEST) if spread > 0 else 0 * column


def _correlation(first, second):
    first, second = first - first.mean(), second - second.mean()
    scale = np.sqrt((first @ first) * (second @ second))
    return float(first @ second / scale) if scale > 0 else 0.0
