"""Columns of a table that say something of rows, and are no part of them."""

import numpy as np

from skdataquality.utils._frames import (
    are_documents,
    column_names,
    iterate_columns,
    listed,
    select_columns,
)
from skdataquality.utils._sklearn import num_samples
from skdataquality.utils._validation import check_same_length


def one_of(X, name, given, argument):
    """Values of a named column of X, or those given instead; None if there is neither.

    Raises
    ------
    ValueError
        If there are both, X has no such column, or lengths differ.
    """
    if given is not None:
        if name is not None:
            raise ValueError(
                f"{argument}={name!r} names a column and {argument} was passed to "
                f"fit_resample, too: give it once."
            )
        check_same_length(X=range(num_samples(X)), **{argument: given})
        return np.asarray(given)
    if name is None:
        return None
    _check_named(X, name, argument)
    column = select_columns(X, [name])
    if hasattr(column, "toarray"):
        column = column.toarray()
    return next(iterate_columns(column))[1]


def without(X, names):
    """Return X without the named columns."""
    names = [name for name in names if name is not None]
    if not names:
        return X
    kept = [name for name in column_names(X) if name not in names]
    if not kept:
        raise ValueError(
            f"X has no column beside {listed([repr(name) for name in names])}: "
            f"distances need another."
        )
    return select_columns(X, kept)


def _check_named(X, name, argument):
    known = [] if are_documents(X) else column_names(X)
    if name not in known:
        raise ValueError(
            f"{argument}={name!r}, and X, as it comes here, has no such column: its "
            f"columns are {listed([str(each) for each in known]) or 'none'}."
        )
