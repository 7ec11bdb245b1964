"""Rows of any table as standardised numbers: :class:`RowEncoder`."""

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from skdataquality.compose import UsableColumns
from skdataquality.utils._frames import as_frame, column_as_array, is_frame, read_texts

MAX_CATEGORIES = 30  # a column of text; rarer ones share a column


class RowEncoder(TransformerMixin, BaseEstimator):
    """Columns as distances and linear models need them; fitted on the pooled rows.

    Numbers and moments have mean 0 and standard deviation 1 (0 where they are missing,
    and then a column that says so), texts and categories one column of 0 and 1 a value,
    missing being one; new values are 0 in all of them. The result is an array of
    float64 of shape (n_rows, n_columns).
    """

    def fit(self, X, y=None, sample_weight=None):
        """Learn means, deviations and categories; a weight k is k rows."""
        self._usable = UsableColumns(moments="seconds").fit(X)
        numbers, texts = self._split(X)
        self._scaler = None
        if numbers.shape[1]:
            self._scaler = StandardScaler().fit(numbers, sample_weight=sample_weight)
        self._holes = np.flatnonzero(np.isnan(numbers).any(axis=0))
        self._hot = None
        if texts.shape[1]:
            self._hot = OneHotEncoder(
                sparse_output=False,
                handle_unknown="ignore",
                max_categories=MAX_CATEGORIES,
            ).fit(texts)
        n_hot = 0 if self._hot is None else self._hot.get_feature_names_out().size
        self.width_ = numbers.shape[1] + self._holes.size + n_hot
        return self

    def transform(self, X):
        """Return the rows as numbers."""
        numbers, texts = self._split(X)
        missing = np.isnan(numbers[:, self._holes]).astype(float)
        parts = [missing]
        if self._scaler is not None:
            parts.insert(0, np.nan_to_num(self._scaler.transform(numbers)))
        if self._hot is not None:
            parts.append(self._hot.transform(texts))
        return np.hstack(parts)

    def _split(self, X):
        """Columns of numbers, with NaN, and those of texts, with None."""
        table = self._usable.transform(X)
        if not is_frame(table):
            return np.asarray(table, dtype=float), np.empty((table.shape[0], 0), object)
        numbers, texts = (
            [np.empty((len(table), 0))],
            [np.empty((len(table), 0), object)],
        )
        for column in as_frame(table).iter_columns():
            cells = column_as_array(column)
            if column.dtype.is_numeric() or cells.dtype.kind in "biuf":
                numbers.append(cells.astype(float)[:, None])
            else:
                texts.append(read_texts(cells)[:, None])
        return np.hstack(numbers), np.hstack(texts)
