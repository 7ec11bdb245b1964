"""Rows that would move the model far, each elsewhere: :class:`BadgeQuery`."""

import numpy as np

from skdataquality.active_learning._geometry import NearestGradient, draw_spread
from skdataquality.active_learning._strategies._base import BaseQueryStrategy
from skdataquality.active_learning._strategies._model import class_probabilities
from skdataquality.utils._draws import own_rng
from skdataquality.utils._neighbors import squared_norms

_EQUAL = 1e-6  # relative difference of gradients, of equal rows in other places


class BadgeQuery(BaseQueryStrategy):
    """Query rows whose gradients are long and differ from each other.

    Batch active learning by diverse gradient embeddings [1]_: if the likeliest class
    were the label, the loss of a row would have the gradient ``(p - e) x^T`` with
    respect to the last layer. The first row is the one of the longest gradient; the
    others are drawn as k-means++ draws seeds. So a batch is uncertain and diverse at
    once, with nothing to tune.

    Parameters
    ----------
    estimator : classifier, default=None
        As in :class:`DiverseMarginQuery`.
    embedding : None, "passthrough", transformer or callable, default=None
        The ``x`` of the gradient. None scales numbers and encodes other columns;
        "passthrough" takes embeddings as they are.
    cold_start, unlabeled : as in :class:`DiverseMarginQuery`
    random_state : int, RandomState instance or None, default=None
        For the draws of :meth:`query`.

    Attributes
    ----------
    estimator_ : classifier or None
        Fitted on the labelled rows; None while fewer than two classes are labelled.
    classes_ : ndarray of shape (n_classes,)
    labeled_mask_ : ndarray of shape (n_samples,), bool
    n_features_in_ : int

    Notes
    -----
    Gradients are never made: their distances follow from the products of rows and of
    residuals, in memory of a few numbers a row. The rows drawn have the distribution of
    the paper's, to rounding.

    Random batches differ from seed to seed; :class:`DiverseMarginQuery` was better on
    most tables. The gradient is that of a linear last layer: for trees it is a
    heuristic.

    References
    ----------
    .. [1] J. T. Ash, C. Zhang, A. Krishnamurthy, J. Langford, A. Agarwal, "Deep batch
       active learning by diverse, uncertain gradient lower bounds", ICLR 2020.

    Examples
    --------
    >>> import numpy as np
    >>> from skdataquality.active_learning import BadgeQuery
    >>> X = np.linspace(-3, 3, 61).reshape(-1, 1)
    >>> y = np.full(61, -1)  # unlabelled
    >>> y[[0, 10, 50, 60]] = [0, 0, 1, 1]
    >>> BadgeQuery(random_state=0).fit(X, y).query(3).shape
    (3,)
    """

    def _pick(self, n, rows):
        points = self._embedded()[1]
        nearest = NearestGradient(points, self._residuals(self._X, points.dtype))
        candidates = np.zeros(self.labeled_mask_.size, dtype=bool)
        candidates[rows] = True
        lengths = nearest.norms[rows]
        longest = rows[lengths >= lengths.max() * (1 - _EQUAL)]
        first = longest[np.argmin(self._keys(longest))]
        return draw_spread(
            nearest,
            n,
            own_rng(self.random_state),
            first=first,
            candidates=candidates,
            keys=self._keys,
        )

    def _residuals(self, X, dtype):
        """Probabilities less 1 of the likeliest class, shape (n_samples, n_classes)."""
        residuals = class_probabilities(self.estimator_, X).astype(dtype)
        likeliest = residuals.argmax(axis=1)
        residuals[np.arange(likeliest.size), likeliest] -= 1
        return residuals

    def _score(self, X):
        """Length of the gradient."""
        points = self._embedded()[0].transform(X)
        residuals = self._residuals(X, np.float64)
        return np.sqrt(squared_norms(points) * squared_norms(residuals))
