"""Data frames of any library, through narwhals."""

import narwhals as nw
import numpy as np
import scipy.sparse as sp

from skdataquality.utils._frames._documents import are_documents, as_column


def is_frame(X):
    """Whether X is an eager data frame that narwhals knows (pandas, polars, ...)."""
    return nw.dependencies.is_into_dataframe(X)


def as_frame(X):
    """Return X as a narwhals data frame."""
    return nw.from_native(X, eager_only=True)


def is_pandas(X):
    """Whether X is a pandas data frame."""
    return nw.dependencies.is_pandas_dataframe(X)


def own_index(X):
    """Index of a pandas frame if it is not 0, 1, 2, ..., as rows are numbered."""
    if not is_pandas(X):
        return None
    index, n_rows = X.index, len(X)
    is_default = index.nlevels == 1 and index.equals(type(X)(index=range(n_rows)).index)
    return None if is_default else index


def is_number(dtype):
    """Whether a column of this narwhals dtype can be used as numbers."""
    return dtype.is_numeric() or dtype == nw.Boolean


def as_rows(X):
    """Return X itself if it has rows and columns already, else as an array.

    Documents are a table of one column.
    """
    if is_frame(X) or sp.issparse(X):
        return X
    try:
        return np.asarray(as_column(X))
    except ValueError as error:
        raise ValueError(
            f"X is a {type(X).__name__} whose rows or cells differ in length: pass a "
            f"data frame, or rows of equally many numbers."
        ) from error


def row_blocks(shape, n_cells):
    """Slices of rows of so many cells at most, but of one row at least."""
    n_rows, n_columns = shape
    size = max(1, n_cells // max(n_columns, 1))
    return (slice(at, min(at + size, n_rows)) for at in range(0, n_rows, size))


def column_names(X):
    """Names of the columns of a frame; positions for anything else."""
    if is_frame(X):
        return list(as_frame(X).columns)
    return list(range(as_rows(X).shape[1]))


def select_columns(X, names):
    """Return X with the named columns, in that order and in its own container."""
    place = {name: j for j, name in enumerate(column_names(X))}
    kept = [place[name] for name in names]
    if is_frame(X):  # by position: narwhals selects only names that are text
        return as_frame(X)[:, kept].to_native()
    if sp.issparse(X):
        return X.tocsc()[:, kept].asformat(X.format)
    return as_rows(X)[:, kept]


def without_columns(X, names):
    """Return X without the named columns; X itself if there are none to leave out.

    A sequence of texts has none.
    """
    if not names or are_documents(X):
        return X
    left_out = set(names)
    return select_columns(X, [c for c in column_names(X) if c not in left_out])


def pandas_frame(rows, caller, instead):
    """Return columns, or a list of dicts, as a pandas data frame.

    If pandas is missing, say so and name the ``caller`` and what to use ``instead``.
    """
    try:
        import pandas as pd
    except ImportError as error:
        raise ImportError(
            f"{caller} needs pandas: pip install 'skdataquality[cli]', or use "
            f"{instead}."
        ) from error
    return pd.DataFrame(rows)
