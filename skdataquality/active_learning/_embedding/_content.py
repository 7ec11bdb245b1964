"""One number for what a row holds: :func:`content_keys`."""

from hashlib import blake2b

import numpy as np
import scipy.sparse as sp

from skdataquality.utils._duplicate_rows import row_hashes
from skdataquality.utils._frames import (
    are_documents,
    fits_64_bits,
    is_frame,
    is_missing,
    iterate_columns,
    sequence_cells,
)

FRACTION = 53  # bits of a whole number that a float holds exactly


def content_keys(X):
    """Return a 64-bit number for each row that depends on its cells alone.

    Ties are broken by it, so that what is picked does not depend on the order of rows;
    equal rows have equal keys, in every part of a table.

    Parameters
    ----------
    X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features), or \
            texts

    Returns
    -------
    keys : ndarray of shape (n_samples,), uint64
    """
    if are_documents(X):
        cells = [_digests(sequence_cells(X))]
    elif is_frame(X) or not (sp.issparse(X) or fits_64_bits(X.dtype)):
        cells = [_numbers(column) for _, column in iterate_columns(X)]
    else:
        return row_hashes(X)
    return row_hashes(np.column_stack(cells))


def _numbers(column):
    if column.dtype.kind in "mM" and fits_64_bits(column.dtype):
        return column.view(np.int64).astype(np.float64)
    return column if fits_64_bits(column.dtype) else _digests(column)


def _digests(cells):
    """Return a whole number for each text, the same wherever it stands."""
    number: dict = {}
    return np.array(
        [
            np.nan
            if is_missing(cell)
            else number.get(text := str(cell)) or number.setdefault(text, _digest(text))
            for cell in cells.tolist()
        ],
        dtype=np.float64,
    )


def _digest(text):
    data = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return float(int.from_bytes(data, "big") >> (64 - FRACTION))
