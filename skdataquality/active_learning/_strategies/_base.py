"""What every query strategy does: :class:`BaseQueryStrategy`."""

import warnings
from numbers import Integral

import numpy as np
from sklearn.base import BaseEstimator, clone
from sklearn.pipeline import make_pipeline
from sklearn.utils.validation import check_is_fitted

from skdataquality.active_learning._embedding import Embedder, content_keys
from skdataquality.active_learning._marks import read_part_labels
from skdataquality.active_learning._strategies._cold_start import (
    COLD_STARTS,
    pick_cold,
    score_cold,
)
from skdataquality.compose._default import linear_classifier, to_scaled_numbers
from skdataquality.compose._weights import fit_parameters
from skdataquality.exceptions import PoolExhaustedWarning
from skdataquality.utils._fits import default_fit
from skdataquality.utils._folds import few_threads
from skdataquality.utils._saving import PersistenceMixin
from skdataquality.utils._sklearn import (
    HasMethods,
    StrOptions,
    fit_context,
    num_samples,
    take_rows,
)
from skdataquality.utils._validation import (
    check_same_length,
    check_table,
    check_weights,
    positions,
)

MOST = 0.8  # of the pool: to score the others too costs less than a copy


class BaseQueryStrategy(PersistenceMixin, BaseEstimator):
    """Base of query strategies: which unlabelled rows should be labelled next.

    A subclass implements ``_score(X)``, where higher is to be labelled first, and, if
    it does not take the rows of the highest scores, ``_pick(n, rows)``: the rows to
    query among the candidates ``rows``, in the order of picking. Both see the fitted
    attributes, ``self._X`` (the rows as the user passed them) and ``self._labels``
    (`PartLabels`); ``_needs_model`` says whether ``estimator_`` is fitted, and then
    ``cold_start`` decides while fewer than two classes are labelled.

    Parameters
    ----------
    estimator : classifier, default=None
    embedding : None, "passthrough", transformer or callable, default=None
    cold_start : {"typicality", "coverage", "random"}, default="typicality"
    unlabeled : "auto" or label, default="auto"
    random_state : int, RandomState instance or None, default=None
    """

    _needs_model = True
    _parameter_constraints: dict = {
        "estimator": [HasMethods("fit"), None],
        "embedding": [
            HasMethods("transform"),
            callable,
            StrOptions({"passthrough"}),
            None,
        ],
        "cold_start": [StrOptions(set(COLD_STARTS))],
        "unlabeled": "no_validation",
        "random_state": ["random_state"],
    }

    def __init__(
        self,
        estimator=None,
        *,
        embedding=None,
        cold_start="typicality",
        unlabeled="auto",
        random_state=None,
    ):
        self.estimator = estimator
        self.embedding = embedding
        self.cold_start = cold_start
        self.unlabeled = unlabeled
        self.random_state = random_state

    @fit_context(prefer_skip_nested_validation=False)
    def fit(self, X, y=None, sample_weight=None):
        """Learn from the labelled rows, and remember the pool.

        Parameters
        ----------
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
            All rows, labelled or not; handed to the estimator as they are. Or texts.
        y : array-like of shape (n_samples,), default=None
            Labels. Rows without one hold None, NaN or pd.NA, or -1 among whole numbers;
            None is no label at all.
        sample_weight : array-like of shape (n_samples,), default=None
            Weights of the rows, for the estimator.

        Returns
        -------
        self : object

        Raises
        ------
        ValueError
            If labels are no classes, lengths differ, or -1 may be a class.
        """
        table = check_table(self, X, y)
        check_same_length(X=X, y=y, sample_weight=sample_weight)
        weight = check_weights(sample_weight, num_samples(table))
        self._X = table
        self._labels = self._read_labels(y, num_samples(table))
        if self._labels.classes is not None:
            self.classes_ = self._labels.classes
        self.labeled_mask_ = self._labels.is_labeled
        self.estimator_ = None
        if self._needs_model and self._labels.suffice:
            with default_fit(self.estimator is None):
                self.estimator_ = self._fitted(weight)
        return self

    def _read_labels(self, y, n_rows):
        return read_part_labels(y, n_rows, unlabeled=self.unlabeled)

    def _fitted(self, weight):
        """Fit a clone on the labelled rows."""
        rows = self._labels.rows
        X = take_rows(self._X, rows)
        model = self._estimator(X)
        if weight is not None:
            weight = weight[rows]
        with few_threads(rows.size):
            params = fit_parameters(model, sample_weight=weight)
            return model.fit(X, self._labels.labels, **params)

    def _estimator(self, X):
        if self.estimator is not None:
            return clone(self.estimator)
        return make_pipeline(*to_scaled_numbers(X), linear_classifier())

    @property
    def _is_cold(self):
        return self._needs_model and self.estimator_ is None

    def query(self, n, *, candidates=None):
        """Return the rows that should be labelled next.

        Parameters
        ----------
        n : int
            Rows to query. All that are left if there are fewer.
        candidates : array-like of int or mask of shape (n_samples,), default=None
            Rows to choose from; None is every row without a label.

        Returns
        -------
        rows : ndarray of shape (n,), int
            Distinct row numbers of X, from 0, in the order in which they were picked.

        Raises
        ------
        NotFittedError
            Before ``fit``.
        ValueError
            If `n` is no positive integer, no row is left to label, or a candidate is no
            row or has a label.

        Warns
        -----
        PoolExhaustedWarning
            If fewer rows are left than asked for.
        """
        check_is_fitted(self)
        rows = self._candidates(candidates)
        if not isinstance(n, Integral) or isinstance(n, bool) or n < 1:
            raise ValueError(f"n={n!r} must be a whole number of rows, at least 1.")
        if n >= rows.size:
            if n > rows.size:
                warnings.warn(
                    f"n={n} rows were asked for and {rows.size} are left without a "
                    f"label: all of them are returned.",
                    PoolExhaustedWarning,
                    stacklevel=2,
                )
            n = rows.size
        with few_threads(rows.size), default_fit(self.estimator is None):
            picked = self._pick_cold(n, rows) if self._is_cold else self._pick(n, rows)
        return np.asarray(picked, dtype=np.intp)

    def _candidates(self, candidates):
        n_rows = self.labeled_mask_.size
        if candidates is None:
            rows = np.flatnonzero(~self.labeled_mask_)
            if rows.size == 0:
                raise ValueError(
                    f"all {n_rows} rows have a label: there is nothing to query. Mark "
                    f"rows without one by None, NaN or -1 in y, or pass the mark that "
                    f"y holds as unlabeled=."
                )
            return rows
        rows = np.asarray(candidates)
        if rows.dtype.kind == "b" and rows.shape == (n_rows,):
            rows = np.flatnonzero(rows)
        if rows.ndim != 1 or rows.size == 0 or rows.dtype.kind not in "iu":
            raise ValueError(
                f"candidates has shape {rows.shape} and dtype {rows.dtype}: pass row "
                f"numbers from 0, or a mask of shape ({n_rows},)."
            )
        rows = np.unique(rows)
        if rows[0] < 0 or rows[-1] >= n_rows:
            raise ValueError(
                f"candidates holds row {rows[0] if rows[0] < 0 else rows[-1]}, and the "
                f"pool has the rows 0 to {n_rows - 1}."
            )
        if self.labeled_mask_[rows].any():
            mask = np.zeros(n_rows, dtype=bool)
            mask[rows] = self.labeled_mask_[rows]
            raise ValueError(
                f"candidates holds rows that have a label, {positions(mask)}: pass "
                f"unlabelled rows."
            )
        return rows

    def _pick(self, n, rows):
        """Take the rows of the highest scores, equal ones by what they hold."""
        scores = self._scores_of(rows)
        near = rows.size - n
        bound = np.partition(scores, near)[near]
        among = np.flatnonzero(scores >= bound)
        keys = self._keys(rows[among])
        return rows[among[np.lexsort((keys, -scores[among]))][:n]]

    def _keys(self, rows):
        """Numbers by the content of rows of the pool, to order ties by."""
        if rows.size > MOST * self.labeled_mask_.size:
            return content_keys(self._X)[rows]
        return content_keys(take_rows(self._X, rows))

    def _scores_of(self, rows):
        """Scores of rows of the pool, without a copy of it if they are most of it."""
        if rows.size > MOST * self.labeled_mask_.size:
            return self._score(self._X)[rows]
        return self._score(take_rows(self._X, rows))

    def _pick_cold(self, n, rows):
        """Pick without a model."""
        return pick_cold(self, self.cold_start, n, rows)

    def score_samples(self, X):
        """Score rows, new ones or those of the pool.

        Parameters
        ----------
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)

        Returns
        -------
        scores : ndarray of shape (n_samples,)
            Higher is to be labelled first. Of single rows: a batch also has to be
            diverse, which :meth:`query` sees to.
        """
        check_is_fitted(self)
        table = check_table(self, X, reset=False)
        with few_threads(num_samples(table)), default_fit(self.estimator is None):
            return self._score_cold(table) if self._is_cold else self._score(table)

    def _score_cold(self, X):
        return score_cold(self, self.cold_start, X)

    def _embedded(self):
        """Embedder fitted on the pool, and the points of the pool."""
        embedder = Embedder(self.embedding)
        return embedder, embedder.fit_transform(self._X)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.input_tags.allow_nan = True
        tags.input_tags.string = True
        tags.target_tags.required = False
        return tags
