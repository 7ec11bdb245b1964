"""Which rows of two tables are equal."""

import numpy as np
import scipy.sparse as sp

from skdataquality.utils._frames import iterate_columns
from skdataquality.utils._sklearn import num_samples


def equal_rows(first, second):
    """Mask of the rows that are equal in two tables; none are if columns differ."""
    if np.shape(first)[1:] != np.shape(second)[1:]:
        return np.zeros(num_samples(first), dtype=bool)
    if sp.issparse(first):
        return np.diff(sp.csr_array(sp.csr_array(first) != second).indptr) == 0
    equal = np.ones(num_samples(first), dtype=bool)
    columns = map(iterate_columns, (first, second))
    for (_, a), (_, b) in zip(*columns, strict=True):
        if a.dtype.kind in "fiub" and b.dtype.kind in "fiub":
            equal &= (a == b) | ((a != a) & (b != b))  # NaN equals NaN
        else:
            equal &= a.astype(str) == b.astype(str)
    return equal
