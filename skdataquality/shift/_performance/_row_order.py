"""An order of rows that depends on what they hold, not on how they came."""

import numpy as np
import scipy.sparse as sp

from skdataquality.utils._draws import FIXED_SEED
from skdataquality.utils._frames import (
    are_documents,
    as_numbers,
    iterate_columns,
    read_texts,
    sequence_cells,
    sorted_codes,
)


def order_of_rows(X, y):
    """Return row numbers sorted by the cells of X, then by y.

    Folds drawn of rows so ordered are the same for any order of the rows.
    """
    keys = [_key(np.asarray(y))]
    if are_documents(X):
        keys += [_key(sequence_cells(X))]
    elif sp.issparse(X):
        line = np.random.default_rng(FIXED_SEED).normal(size=X.shape[1])
        keys += [X.tocsr() @ line]
    else:
        keys += [_key(values) for _, values in iterate_columns(X)]
    return np.lexsort(keys)


def _key(values):
    numbers = as_numbers(values, "fiubmMO")
    if numbers is not None:
        return numbers
    texts = [" " if text is None else f"_{text}" for text in read_texts(values)]
    return sorted_codes(np.array(texts, dtype=str))[1]
