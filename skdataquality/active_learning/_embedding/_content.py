"""One number for what a row holds: :func:`content_keys`."""

import numpy as np

from skdataquality.utils._duplicate_rows import row_hashes
from skdataquality.utils._frames import (
    are_documents,
    fits_64_bits,
    is_frame,
    iterate_columns,
    missing_mask,
    sequence_cells,
)


def content_keys(X):
    """Return a 64-bit number for each row that depends on its cells alone.

    Ties are broken by it, so that what is picked does not depend on the order of rows;
    equal rows have equal keys.

    Parameters
    ----------
    X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features), or \
            texts

    Returns
    -------
    keys : ndarray of shape (n_samples,), uint64
    """
    if are_documents(X):
        cells = [_ranked(sequence_cells(X))]
    elif is_frame(X):
        cells = [_numbers(column) for _, column in iterate_columns(X)]
    else:
        return row_hashes(X)
    return row_hashes(np.column_stack(cells))


def _numbers(column):
    return column if fits_64_bits(column.dtype) else _ranked(column)


def _ranked(cells):
    """Rank of each cell among the sorted texts of all, whatever their order."""
    texts = np.array([str(cell) for cell in cells.tolist()])
    texts[missing_mask(cells)] = ""
    return np.unique(texts, return_inverse=True)[1].astype(np.float64)
