"""Columns as models can use them: :class:`UsableColumns`."""

from typing import Any

import narwhals as nw
import numpy as np
import scipy.sparse as sp
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from skdataquality.utils._frames import (
    LARGE,
    Reading,
    are_written_moments,
    as_frame,
    column_as_array,
    is_frame,
    is_pandas,
    is_plain,
    named_frame,
    read_moments,
    read_numbers,
    read_texts,
    reading_of,
)
from skdataquality.utils._sklearn import StrOptions, fit_context, num_samples
from skdataquality.utils._validation import check_same_length, check_table

_TEXT = (nw.String, nw.Categorical, nw.Enum)
TEXT, MOMENT = Reading("text"), Reading("moment")
NOTHING = reading_of(np.full(1, np.nan))


class UsableColumns(TransformerMixin, BaseEstimator):
    """Read every column of a table in the way that a model can use.

    The first step in front of :class:`skrub.TableVectorizer` or of gradient boosting:
    no single column stops a fit.

    - Numbers, booleans, decimals and durations (in seconds) become floats. An infinite
      cell becomes the largest or smallest number of its column; a column that reaches
      beyond 1e30 is divided by a power of two.
    - Lists of equally many numbers become that many columns.
    - Dates become moments without a time zone, periods their first moment.
    - Text and categories become text; so do cells of mixed types.
    - Records, sets, other lists and complex numbers are left out.
    - A column without any value becomes zeros, so does one of numbers that has fewer
      than ten of them beside missing cells.

    Parameters
    ----------
    moments : {"dates", "seconds"}, default="dates"
        Whether moments stay dates, or become seconds since 1970; then so do ISO dates
        in text, of which encoders of dates need no telling.

    Attributes
    ----------
    kinds_ : dict
        By column, how it is read: "number", "duration", "moment", "text", "list" or
        "none".
    notes_ : dict
        By column, what is odd about it and what was done.
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features_in_,)

    See Also
    --------
    skdataquality.leakage.LeakyColumnSelector : Drops columns that tell the answer.

    Notes
    -----
    How a column is read is decided in ``fit``; a cell that does not fit it in
    ``transform`` is missing there. A frame of polars that holds numbers alone stays
    one; any other becomes one of pandas, without its index; an array stays an array.

    Examples
    --------
    >>> import numpy as np
    >>> import pandas as pd
    >>> from skdataquality.compose import UsableColumns
    >>> X = pd.DataFrame({"size": [1.0, np.inf, 2.0], "parts": [{}, {"a": 1}, {}]})
    >>> usable = UsableColumns().fit(X)
    >>> usable.transform(X)["size"].tolist()
    [1.0, 2.0, 2.0]
    >>> usable.notes_["parts"]
    'records or sets in cells, left out'
    """

    _parameter_constraints: dict = {"moments": [StrOptions({"dates", "seconds"})]}

    def __init__(self, *, moments="dates"):
        self.moments = moments

    @fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y=None):
        """Decide how each column is read.

        Parameters
        ----------
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
        y : ignored

        Returns
        -------
        self : object
        """
        check_same_length(X=X, y=y)
        X = check_table(self, X)
        self._is_named = not is_frame(X) and not _holds_numbers(X)
        if self._is_named:
            X = _with_names(X)
        readings = {}
        if not sp.issparse(X):
            readings = {
                name: self._reading(column, _reading(column))
                for name, column in _columns(X)
            }
        self._readings = readings
        self.kinds_ = {name: r.kind for name, r in readings.items()}
        self.notes_ = {name: r.note for name, r in readings.items() if r.note}
        return self

    def transform(self, X):
        """Return the columns as they are read.

        Parameters
        ----------
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)

        Returns
        -------
        X_new : {ndarray, sparse matrix, data frame}
        """
        check_is_fitted(self)
        X = check_table(self, X, reset=False)
        if not is_frame(X) and (self._is_named or not _holds_numbers(X)):
            X = _with_names(X)
        if sp.issparse(X):
            return _finite_sparse(X)
        readings = self._readings.values()
        read = [
            (name, reading, self._read(column, reading))
            for (name, column), reading in zip(_columns(X), readings, strict=True)
            if reading.kind != "none"
        ]
        if not read:
            zeros = read_numbers(np.full(num_samples(X), np.nan), NOTHING)
            read = [("without any column", NOTHING, zeros)]
        if is_frame(X):
            return _as_new_frame(read, X)
        return np.hstack([cells for _, _, cells in read])

    def _reading(self, column, reading):
        as_seconds = self.moments == "seconds" and reading.kind == "text"
        if as_seconds and are_written_moments(_cells(column)):
            return MOMENT
        return reading

    def _read(self, column, reading):
        """Cells as they are read, as an array or a narwhals series."""
        if reading.is_number:
            return read_numbers(_cells(column), reading)
        if reading.kind == "moment":
            moments = read_moments(_cells(column))
            return _seconds(moments) if self.moments == "seconds" else moments
        if not isinstance(column, np.ndarray) and column.dtype in _TEXT:
            return _as_text(column)
        return read_texts(_cells(column))

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = tags.input_tags.sparse = True
        tags.input_tags.string = tags.input_tags.categorical = True
        return tags


def _holds_numbers(X):
    return sp.issparse(X) or X.dtype.kind in "biuf"


def _with_names(X):
    """Name the columns of an array of objects by their positions."""
    return named_frame(X, [str(j) for j in range(X.shape[1])], "pandas")


def _columns(X):
    """Yield names and columns: narwhals series of a frame, else arrays."""
    if is_frame(X):
        yield from ((column.name, column) for column in as_frame(X).iter_columns())
    else:
        yield from enumerate(X.T)


def _reading(column):
    if isinstance(column, np.ndarray):
        return reading_of(column)
    if column.is_null().all():
        return reading_of(np.full(1, np.nan))
    reading = TEXT if column.dtype in _TEXT else reading_of(_cells(column))
    if reading.kind != "text":
        return reading
    numbers = _huge_numbers(_cells(column.drop_nulls()))
    return reading if numbers is None else reading_of(numbers)


def _huge_numbers(texts):
    """Numbers in texts, if some are too large for the 32 bits that encoders keep."""
    try:
        numbers = np.fromiter(map(float, texts.tolist()), np.float64, texts.size)
    except (TypeError, ValueError):  # at the first cell that is no number
        return None
    return numbers if (np.abs(numbers) > LARGE).any() else None


def _cells(column):
    """Cells of a column as an array of numbers, moments or objects."""
    if isinstance(column, np.ndarray):
        return column
    if column.dtype == nw.Datetime and column.dtype.time_zone is not None:
        column = column.dt.replace_time_zone(None)
    cells = column_as_array(column)
    if cells.ndim == 1:
        return cells
    return np.fromiter(column.to_list(), dtype=object, count=len(column))


def _seconds(moments):
    return (moments - np.datetime64(0, "s")) / np.timedelta64(1, "s")


def _as_text(column):
    """Text of a narwhals series, without a loop over its cells where that is safe."""
    # pd.NA and what is no UTF-8 stop encoders
    if str(getattr(column.to_native(), "dtype", None)) == "str":
        return column
    return read_texts(column_as_array(column))


def _as_new_frame(read, X):
    """Return the columns as a frame of pandas, or of polars if all are numbers."""
    series: dict[str, Any] = {}
    for name, reading, cells in read:
        if reading.width:
            series |= {f"{name}[{j}]": c for j, c in enumerate(cells.T)}
        else:
            series[str(name)] = cells[:, 0] if reading.is_number else cells
    frame = as_frame(X)
    # an imputer hands text of polars on as objects if its first cell is missing
    is_all_numbers = all(reading.is_number for _, reading, _ in read)
    keeps = is_pandas(X) or (frame.implementation.is_polars() and is_all_numbers)
    library: Any = frame.implementation if keeps else "pandas"
    new = [
        cells.alias(name)
        if isinstance(cells, nw.Series)
        else nw.new_series(
            name,
            cells.tolist() if cells.dtype.kind == "O" else cells,
            nw.String if cells.dtype.kind == "O" else None,
            backend=library,
        )
        for name, cells in series.items()
    ]
    new = [nw.maybe_reset_index(column) for column in new]
    return nw.concat(
        [column.to_frame() for column in new], how="horizontal"
    ).to_native()


def _finite_sparse(X):
    """Let missing cells that are stored be 0, and very large ones 1e30."""
    if is_plain(X):
        return X
    X = X.copy()
    X.data = np.clip(np.nan_to_num(X.data), -LARGE, LARGE)
    return X
