"""Drop the columns that give the answer away: :class:`LeakyColumnSelector`."""

import warnings

import numpy as np
import scipy.sparse as sp
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from skdataquality.exceptions import ColumnsKeptWarning
from skdataquality.leakage._identifiers import find_identifiers
from skdataquality.leakage._leaks import find_leaks
from skdataquality.utils._frames import column_names, select_columns
from skdataquality.utils._saving import PersistenceMixin
from skdataquality.utils._sklearn import check_feature_names_in, fit_context
from skdataquality.utils._validation import check_same_length, check_table

KINDS = ("leaking", "identifier", "index")


class LeakyColumnSelector(PersistenceMixin, TransformerMixin, BaseEstimator):
    """Drop leaking columns, identifiers and leftover index columns.

    It decides on the training rows it is fitted on, so inside a Pipeline every fold
    decides for itself.

    Parameters
    ----------
    kinds : tuple or list of {"leaking", "identifier", "index"}, default=all three
        What to drop. Only columns of verdict "found" are: a column that is merely
        suspected stays.
    random_state : int, RandomState instance or None, default=0
        For the folds in which columns are judged.

    Attributes
    ----------
    dropped_ : dict of str (or int) to str
        Reason by column name, or by position where there are no names.
    support_ : ndarray of shape (n_features_in_,), bool
        Columns that stay.
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features_in_,)

    See Also
    --------
    leakage_lens : The evidence, and what the columns are worth.

    Notes
    -----
    Wrong where one honest measurement settles the answer: numbers cannot tell it from
    a leak, only somebody who knows when the column is filled in.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.datasets import load_breast_cancer
    >>> from skdataquality.leakage import LeakyColumnSelector
    >>> X, y = load_breast_cancer(return_X_y=True, as_frame=True)
    >>> X["biopsy"] = np.where(y == 1, "benign", "malignant")
    >>> selector = LeakyColumnSelector().fit(X, y)
    >>> selector.dropped_
    {'biopsy': 'each of its values stands for one class'}
    >>> selector.transform(X).shape
    (569, 30)
    """

    _parameter_constraints: dict = {
        "kinds": [tuple, list],
        "random_state": ["random_state"],
    }

    def __init__(self, kinds=KINDS, *, random_state=0):
        self.kinds = kinds
        self.random_state = random_state

    @fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y=None):
        """Decide which columns to drop.

        Parameters
        ----------
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
        y : array-like of shape (n_samples,), default=None
            Without it, only identifiers and index columns are looked for.

        Returns
        -------
        self : LeakyColumnSelector

        Warns
        -----
        ColumnsKeptWarning
            If every column were to be dropped; then all stay.
        """
        if unknown := [kind for kind in self.kinds if kind not in KINDS]:
            raise ValueError(
                f"kinds={self.kinds!r} holds {unknown}: choose from {KINDS}."
            )
        X = check_table(self, X, y)
        check_same_length(X=X, y=y)
        dropped = self._leaking(X, y)
        names = column_names(X)
        if len(dropped) == len(names):
            warnings.warn(
                f"all {len(names)} columns of X look like leaks, such as {names[0]!r}: "
                f"{dropped[names[0]]}. All are kept: check what each column holds.",
                ColumnsKeptWarning,
                stacklevel=2,
            )
            dropped = {}
        self.support_ = np.array([name not in dropped for name in names])
        self.dropped_ = dropped
        return self

    def _leaking(self, X, y):
        """Reason by column."""
        leaking = {
            found.column: found.reason
            for found in find_identifiers(X)
            if found.kind in self.kinds
        }
        if y is None or "leaking" not in self.kinds:
            return leaking
        leaks, _ = find_leaks(X, y, left_out=leaking, random_state=self.random_state)
        found = [g for g in leaks if g.verdict == "found"]
        return leaking | {g.alone.view.column: g.reason for g in found}

    def transform(self, X):
        """Return X without the dropped columns, in its own container.

        Parameters
        ----------
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)

        Returns
        -------
        X : like X, of shape (n_samples, n_kept)
        """
        check_is_fitted(self)
        table = check_table(self, X, reset=False)
        names = zip(column_names(table), self.support_, strict=True)
        kept = [name for name, stays in names if stays]
        return select_columns(X if sp.issparse(X) else table, kept)

    def get_feature_names_out(self, input_features=None):
        """Return the names of the columns that stay.

        Parameters
        ----------
        input_features : array-like of str, default=None

        Returns
        -------
        names : ndarray of shape (n_kept,), object
        """
        check_is_fitted(self)
        return check_feature_names_in(self, input_features)[self.support_]

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.input_tags.allow_nan = True
        tags.input_tags.string = True
        tags.input_tags.categorical = True
        return tags
