"""The neighbours of a few rows among all rows: :func:`own_among_nearest`."""

import numpy as np

from skdataquality.utils._frames import row_blocks
from skdataquality.utils._neighbors import squared_norms

_BLOCK_CELLS = 2**22  # distances at a time
_SAMPLE = 4096  # rows from which a first bound of a distance is taken
_ROUNDING = 1e-9, 1e-11  # of a squared distance, and of the squares it is made of


def own_among_nearest(cells, is_own, rows, n_neighbors):
    """Count the neighbours of its own class of each of some rows.

    Exact, in time of ``len(rows) * n_samples``, memory of ``n_samples``. Rows at the
    same distance share the places that are left, so that no order of rows matters.

    Parameters
    ----------
    cells : {ndarray, sparse matrix} of shape (n_samples, n_columns)
    is_own : ndarray of shape (n_samples,), bool
    rows : ndarray of row numbers
        None is a neighbour of itself.
    n_neighbors : int
        At most ``n_samples - 1``.

    Returns
    -------
    own : ndarray of shape (len(rows),)
        Of the ``n_neighbors`` nearest, in parts where rows are equally far.
    nearest : ndarray of shape (len(rows),)
        The same of the nearest alone, in [0, 1].
    """
    squares = squared_norms(cells)
    own, nearest = np.empty(rows.size), np.empty(rows.size)
    step = max(1, cells.shape[0] // _SAMPLE)
    for part in row_blocks((rows.size, cells.shape[0]), _BLOCK_CELLS):
        at = rows[part]
        product = cells[at] @ cells.T
        far = product.toarray() if hasattr(product, "toarray") else product
        far *= -2
        far += squares
        far += squares[at][:, None]
        far[np.arange(at.size), at] = np.inf
        slack = _ROUNDING[1] * squares[at]
        bound = _bound(far, n_neighbors, step)
        bound += _ROUNDING[0] * np.abs(bound) + slack
        row, column = np.nonzero(far <= bound[:, None])
        own[part], nearest[part] = _count(
            row, far[row, column], is_own[column], n_neighbors, slack
        )
    return own, nearest


def _bound(far, k, step):
    """Return a distance within which each row has k others, not much too large."""
    some = far[:, ::step]
    if some.shape[1] <= k + 1:  # one of them may be the row itself
        some = far
    return np.partition(some, k - 1, axis=1)[:, k - 1].copy()


def _count(row, far, is_own, k, slack):
    """Count own rows among the k nearest candidates of each row, and the nearest."""
    order = np.lexsort((far, row))
    row, far, is_own = row[order], far[order], is_own[order].astype(float)
    start = np.searchsorted(row, np.arange(slack.size))
    out = []
    for places in (k, 1):
        last = far[start + places - 1]
        margin = _ROUNDING[0] * np.abs(last) + slack
        nearer = far < (last - margin)[row]
        level = ~nearer & (far <= (last + margin)[row])
        n_level = np.bincount(row[level], minlength=slack.size)
        own_level = np.bincount(row, level * is_own, minlength=slack.size)
        n_nearer = np.bincount(row[nearer], minlength=slack.size)
        own_nearer = np.bincount(row, nearer * is_own, minlength=slack.size)
        out.append(own_nearer + (places - n_nearer) * own_level / n_level)
    return out[0], out[1]
