"""Read when each row was made."""

import numpy as np

from skdataquality.utils._frames import missing_mask, sorted_codes


def read_order(order, n_rows):
    """Return the rank of each row's moment, and the moments in rising order.

    None is the order of the rows as they are. Rows of one moment have one rank.
    """
    if order is None:
        return np.arange(n_rows), None
    values = np.asarray(order)
    if isinstance(order, list | tuple) and values.dtype.kind in "US":
        values = np.array(order, dtype=object)  # numpy turns ['a', 1] into text
    if values.shape != (n_rows,):
        raise ValueError(
            f"order has shape {values.shape}, and there are {n_rows} rows: pass one "
            f"number, date or sortable value per row."
        )
    missing = missing_mask(values)
    if missing.any():
        raise ValueError(
            f"order has {int(missing.sum())} missing value(s): rows without a moment "
            f"have no place; leave them out of every argument."
        )
    try:
        moments, ranks = sorted_codes(values)
    except TypeError as error:
        raise ValueError(
            f"order holds values that cannot be sorted ({error}): pass numbers or "
            f"dates."
        ) from error
    return ranks.ravel(), moments
