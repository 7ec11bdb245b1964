"""Rows far from their neighbours: :class:`KNNOutlierDetector`."""

import warnings
from numbers import Integral, Real

import numpy as np
from sklearn.base import BaseEstimator, OutlierMixin
from sklearn.neighbors import NearestNeighbors
from sklearn.utils.extmath import row_norms
from sklearn.utils.validation import check_is_fitted, validate_data

from skdataquality.exceptions import DataQualityWarning
from skdataquality.label_noise._confident import row_chunks
from skdataquality.utils._fits import refuse_odd_columns
from skdataquality.utils._saving import PersistenceMixin
from skdataquality.utils._sklearn import Interval, StrOptions, fit_context
from skdataquality.utils._validation import (
    check_feature_frame,
    check_same_length,
    refuse_documents,
)

FENCE = 1.5  # interquartile ranges above the upper quartile


class KNNOutlierDetector(PersistenceMixin, OutlierMixin, BaseEstimator):
    """Score rows by their mean distance to their nearest neighbours.

    The score is ``exp(-t * distance / scale)``, with the mean distance to the nearest
    training rows [1]_ and its median over the training rows as scale. It needs no
    labels, and finds rows that belong to no class, which no relabelling mends.

    Parameters
    ----------
    n_neighbors : int, default=10
        Neighbours that are averaged, 1 or more. Outliers that come in groups of more
        than that are missed.
    metric : {"euclidean", "cosine"}, default="euclidean"
        "euclidean" for columns on one scale, as from
        :class:`~sklearn.preprocessing.StandardScaler`. "cosine", one minus the cosine
        of the angle, for embeddings and counts: it does not see the length of a row,
        and on centred columns it misses most outliers.
    t : float, default=1.0
        Above 0; larger values spread the scores of near rows and move those of far
        rows to 0. The order does not change.
    contamination : "auto" or float in (0, 0.5], default="auto"
        Share of the training rows to flag. "auto" flags mean distances whose logarithm
        lies above the upper quartile of the training rows by more than 1.5
        interquartile ranges; clean data then have none or a few per cent of flags, most
        where columns are heavy-tailed.
    n_jobs : int, default=None
        Threads of the search.

    Attributes
    ----------
    sample_scores_ : ndarray of shape (n_samples,), float64
        Scores of the training rows in [0, 1], higher is more normal. A row is not its
        own neighbour.
    issue_mask_ : ndarray of shape (n_samples,), bool
        True where the score is below ``offset_``.
    offset_ : float
        Lowest score of a normal row.
    scale_ : float
        Median of the mean distances of the training rows; where most are 0, of those
        above 0.
    n_neighbors_ : int
        ``n_neighbors``, or all other rows where there are fewer.
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features_in_,)

    See Also
    --------
    out_of_distribution_scores : The same from probabilities of a classifier.
    sklearn.neighbors.LocalOutlierFactor : Compares with the density nearby.

    Notes
    -----
    Wrong where groups differ in density, for all rows of a sparse group look strange,
    and where many columns are noise. A row equal to a training row is taken for that
    row, which is then not its neighbour: training rows have the same score in
    ``sample_scores_`` and ``score_samples``. Identical copies are each other's
    neighbours and look normal; remove them first.

    As a detector it fits wherever scores and flags are enough, for example in
    ``NoisePruningClassifier(clf, detector=KNNOutlierDetector())``, which then prunes or
    reweights; it suggests no labels to relabel by.

    References
    ----------
    .. [1] F. Angiulli, C. Pizzuti, "Fast Outlier Detection in High Dimensional Spaces",
       PKDD 2002.
    .. [2] J. Kuan, J. Mueller, "Back to the Basics: Revisiting Out-of-Distribution
       Detection Baselines", arXiv 2207.03061.

    Examples
    --------
    >>> import numpy as np
    >>> from skdataquality.label_noise import KNNOutlierDetector
    >>> X = np.random.default_rng(0).normal(size=(200, 3))
    >>> X[7] = 9.0
    >>> detector = KNNOutlierDetector().fit(X)
    >>> int(detector.sample_scores_.argmin()), detector.issue_mask_[7]
    (7, np.True_)
    >>> detector.predict([[0.0, 0.0, 0.0], [0.0, 0.0, 9.0]])
    array([ 1, -1])
    """

    _acted_on_by = "LabelErrorPruner"
    _parameter_constraints: dict = {
        "n_neighbors": [Interval(Integral, 1, None, closed="left")],
        "metric": [StrOptions({"euclidean", "cosine"})],
        "t": [Interval(Real, 0, None, closed="neither")],
        "contamination": [StrOptions({"auto"}), Interval(Real, 0, 0.5, closed="right")],
        "n_jobs": [Integral, None],
    }

    def __init__(
        self,
        n_neighbors=10,
        *,
        metric="euclidean",
        t=1.0,
        contamination="auto",
        n_jobs=None,
    ):
        self.n_neighbors = n_neighbors
        self.metric = metric
        self.t = t
        self.contamination = contamination
        self.n_jobs = n_jobs

    @fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y=None):
        """Score these rows and keep them to compare new ones with.

        Parameters
        ----------
        X : {array-like, data frame} of shape (n_samples, n_features)
            Finite numbers, two rows or more.
        y : array-like of shape (n_samples,), default=None
            Not used.

        Returns
        -------
        self : object
        """
        check_same_length(X=X, y=y)
        self._points = self._as_points(X, reset=True)
        self.n_neighbors_ = self._count_neighbors(self._points.shape[0])
        self._index = NearestNeighbors(
            n_neighbors=self.n_neighbors_ + 1, n_jobs=self.n_jobs
        ).fit(self._points)
        distances = self._mean_distances(self._points)
        apart = distances[distances > 0]
        self.scale_ = _scale(distances, apart)
        fence = _fence(apart)
        if np.isnan(fence):
            _refuse_overflow(self._points)
        self.sample_scores_ = self._score(distances)
        if self.contamination == "auto":
            self.offset_ = float(self._score(fence))
        else:
            share = float(self.contamination)
            self.offset_ = float(np.quantile(self.sample_scores_, share))
        self.issue_mask_ = self.sample_scores_ < self.offset_
        return self

    def score_samples(self, X):
        """Score rows.

        Parameters
        ----------
        X : {array-like, data frame} of shape (n_samples, n_features)

        Returns
        -------
        scores : ndarray of shape (n_samples,), float64
            In [0, 1]; higher is more normal.
        """
        check_is_fitted(self)
        return self._score(self._mean_distances(self._as_points(X, reset=False)))

    def decision_function(self, X):
        """Score rows relative to the cut.

        Parameters
        ----------
        X : {array-like, data frame} of shape (n_samples, n_features)

        Returns
        -------
        decision : ndarray of shape (n_samples,), float64
            ``score_samples(X) - offset_``; negative for outliers.
        """
        return self.score_samples(X) - self.offset_

    def predict(self, X):
        """Tell outliers from normal rows.

        Parameters
        ----------
        X : {array-like, data frame} of shape (n_samples, n_features)

        Returns
        -------
        is_normal : ndarray of shape (n_samples,), int
            1 for a normal row, -1 for an outlier.
        """
        return np.where(self.decision_function(X) < 0, -1, 1)

    def fit_predict(self, X, y=None):
        """Tell the outliers among the training rows.

        Parameters
        ----------
        X : {array-like, data frame} of shape (n_samples, n_features)
        y : array-like of shape (n_samples,), default=None
            Not used.

        Returns
        -------
        is_normal : ndarray of shape (n_samples,), int
            1 for a normal row, -1 for an outlier.
        """
        return np.where(self.fit(X, y).issue_mask_, -1, 1)

    def _as_points(self, X, *, reset):
        """Check rows and return them as points whose Euclidean distance ranks."""
        check_feature_frame(X)
        refuse_documents(
            X, self, "embed them, for example with TruncatedSVD of TF-IDF."
        )
        refuse_odd_columns(self, X, cells=False)
        X = validate_data(
            self,
            X,
            reset=reset,
            dtype=(np.float64, np.float32),
            order="C",  # or the last bits of distances would depend on the layout
            ensure_all_finite=False,
            ensure_min_samples=2 if reset else 1,
        )
        _refuse_not_finite(X)
        return X if self.metric == "euclidean" else _on_the_sphere(X)

    def _count_neighbors(self, n_samples):
        if self.n_neighbors < n_samples:
            return self.n_neighbors
        warnings.warn(
            f"n_neighbors={self.n_neighbors} but X has {n_samples} rows: each row is "
            f"compared with all {n_samples - 1} others. Pass a smaller n_neighbors.",
            DataQualityWarning,
            stacklevel=3,
        )
        return n_samples - 1

    def _mean_distances(self, points):
        """Mean distance to the nearest training rows but the row itself."""
        nearest = self._index.kneighbors(points, return_distance=False)
        means = np.empty(points.shape[0])
        for chunk in row_chunks(points.shape[0], nearest.shape[1] * points.shape[1]):
            # The search ranks by distances that are rounded in many columns.
            difference = self._points[nearest[chunk]] - points[chunk, np.newaxis]
            squares = np.einsum("ijk,ijk->ij", difference, difference, dtype=float)
            distance = squares / 2 if self.metric == "cosine" else np.sqrt(squares)
            distance.sort(axis=1)
            is_known = distance[:, 0] == 0
            means[chunk] = np.where(
                is_known, distance[:, 1:].mean(axis=1), distance[:, :-1].mean(axis=1)
            )
        return means

    def _score(self, distances):
        return np.exp(-self.t * distances / self.scale_)


def _refuse_not_finite(X):
    with np.errstate(over="ignore", invalid="ignore"):
        doubtful = np.flatnonzero(~np.isfinite(X.sum(axis=1)))  # sums may overflow
    rows = doubtful[~np.isfinite(X[doubtful]).all(axis=1)]
    if rows.size:
        kind = "NaN" if np.isnan(X[rows]).any() else "infinity"
        raise ValueError(
            f"Input X contains {kind} in {rows.size} row(s), first "
            f"{rows[:5].tolist()}, and distances need every cell: leave those rows "
            f"out, or fill them first with make_pipeline(SimpleImputer(), "
            f"StandardScaler(), KNNOutlierDetector())."
        )


def _refuse_overflow(X):
    raise ValueError(
        f"X has cells as large as {np.abs(X).max():g}, whose squares overflow: scale "
        f"it, for example with make_pipeline(StandardScaler(), KNNOutlierDetector())."
    )


def _on_the_sphere(X):
    """Rows of length 1, of which half the squared distance is the cosine distance.

    A row of zeros has no direction: its cosine distance is 1 to every other row and 0
    to its like, as is that of a direction of its own.
    """
    length = row_norms(X)
    if not np.isfinite(length).all():
        _refuse_overflow(X)
    points = np.empty((X.shape[0], X.shape[1] + 1), dtype=X.dtype)
    points[:, -1] = length == 0
    np.divide(X, np.where(length > 0, length, 1)[:, np.newaxis], out=points[:, :-1])
    return points


def _scale(distances, apart):
    """Median distance; if most rows are copies, that of the others."""
    median = np.median(distances)
    if median > 0:
        return float(median)
    return float(np.median(apart)) if apart.size else 1.0


def _fence(distances):
    """Largest distance of a normal row; NaN if many are infinite."""
    if not distances.size:
        return np.inf
    with np.errstate(invalid="ignore"):
        lower, upper = np.quantile(np.log(distances), [0.25, 0.75])
    return np.exp(upper + FENCE * (upper - lower))
