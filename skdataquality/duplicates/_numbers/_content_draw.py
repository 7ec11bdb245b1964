"""A sample of rows that does not depend on their order: :func:`draw_by_content`."""

import numpy as np

from skdataquality.utils._duplicate_rows import row_hashes


def draw_by_content(cells, most):
    """Row numbers in rising order: all, or those of the smallest hashes of the cells.

    Cells are rounded first, as their last digits depend on the order in which the
    deviation of a column was summed.
    """
    n = cells.shape[0]
    if n <= most:
        return np.arange(n)
    with np.errstate(over="ignore"):
        hashes = row_hashes(cells.astype(np.float32))
    return np.sort(np.argsort(hashes, kind="stable")[:most])
