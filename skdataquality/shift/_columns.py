"""Which columns differ most between training and target rows."""

import numpy as np
from scipy import stats

from skdataquality.utils._draws import draw_rows
from skdataquality.utils._duplicate_rows import duplicate_groups
from skdataquality.utils._frames import as_frame, columns_as_arrays, is_frame
from skdataquality.utils._validation import missing_mask

SHOWN = 5
ROWS = 20_000  # of the pooled table that are looked at


def columns_that_differ(pooled, is_target, random_state=0):
    """List the columns whose distribution differs most, one by one.

    Parameters
    ----------
    pooled : {ndarray, sparse matrix, data frame} of shape (n_rows, n_features)
    is_target : ndarray of shape (n_rows,), int
    random_state : int, default=0
        For the rows looked at, where there are more than 20,000.

    Returns
    -------
    table : list of dict
        ``column``, ``distance`` (the largest difference of the distribution functions
        of numbers, Kolmogorov-Smirnov, or of any share of categories, total variation;
        in [0, 1], 1: no overlap) and the share of missing cells on both sides.
    """
    side = np.asarray(is_target, dtype=bool)
    rows = draw_rows(side.shape[0], ROWS, random_state)
    names = list(as_frame(pooled).columns) if is_frame(pooled) else None
    table = []
    for j, values in enumerate(columns_as_arrays(pooled)):
        values, theirs = values[rows], side[rows]
        gone = missing_mask(values)
        table.append(
            {
                "column": j if names is None else names[j],
                "distance": _distance(values, gone, theirs),
                "missing_in_training": float(gone[~theirs].mean()),
                "missing_in_target": float(gone[theirs].mean()),
            }
        )
    return sorted(table, key=lambda row: -row["distance"])[:SHOWN]


def _distance(values, gone, theirs):
    """Largest of the distances of the known cells and of the missing shares."""
    missing = abs(gone[theirs].mean() - gone[~theirs].mean())
    first, second = values[~theirs & ~gone], values[theirs & ~gone]
    if not first.size or not second.size:
        return float(missing)
    if values.dtype.kind in "fiubmM":
        kind = np.int64 if values.dtype.kind in "mM" else float
        known = stats.ks_2samp(
            first.astype(kind), second.astype(kind), method="asymp"
        ).statistic
    else:
        known = _total_variation(first, second)
    return float(max(known, missing))


def _total_variation(first, second):
    both = np.concatenate([first, second]).reshape(-1, 1)
    codes = np.unique(duplicate_groups(both), return_inverse=True)[1]
    n = int(codes.max()) + 1
    ours = np.bincount(codes[: first.size], minlength=n) / first.size
    theirs = np.bincount(codes[first.size :], minlength=n) / second.size
    return float(np.abs(ours - theirs).sum() / 2)
