"""Weights instead of copies for rare classes: :class:`ClassBalanceWeighter`."""

from numbers import Real

import numpy as np

from skdataquality.base import BaseWeighter
from skdataquality.imbalance._weights._costs import check_costs
from skdataquality.utils._sklearn import Interval, StrOptions
from skdataquality.utils._validation import encode_labels


class ClassBalanceWeighter(BaseWeighter):
    """Weight rows by their class.

    Parameters
    ----------
    strategy : {"balanced", "effective", "inverse_sqrt"} or dict, default="balanced"
        Weight of a class with n_k (weighted) rows, up to a common factor:
        ``1 / n_k``; ``(1 - beta) / (1 - beta ** n_k)``, the inverse effective number
        of samples [1]_; ``n_k ** -0.5``; or the cost of one error on that class, as
        ``{label: cost}``.
    beta : float, default=0.999
        For "effective", in [0, 1): 0 weights all classes alike, towards 1 it becomes
        "balanced".

    Attributes
    ----------
    sample_weight_ : ndarray of shape (n_samples,)
        Mean 1 (weighted by the ``sample_weight`` passed to ``fit``).
    effective_sample_size_ : float
        Between 1 and n_samples; higher is better.
    class_weight_ : dict
        Weight of a row of each class.
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features_in_,)

    See Also
    --------
    skdataquality.compose.RemediedClassifier : Fits an estimator with these weights.

    Notes
    -----
    The same as random over-sampling, without the copies. It moves the class prior, so
    probabilities of a model fitted with it are too high for rare classes; the wrapper
    restores them, for bagged forests by calibration on held-out rows: since
    scikit-learn 1.9 they take weights as bootstrap probabilities.

    References
    ----------
    .. [1] Y. Cui et al., "Class-balanced loss based on effective number of samples",
       CVPR 2019.

    Examples
    --------
    >>> from skdataquality.imbalance import ClassBalanceWeighter
    >>> weighter = ClassBalanceWeighter().fit([[0], [1], [2], [3]], list("aaab"))
    >>> weighter.sample_weight_.round(3)
    array([0.667, 0.667, 0.667, 2.   ])
    """

    _alters_class_prior = True
    _needs_labels = True
    _parameter_constraints: dict = {
        "strategy": [StrOptions({"balanced", "effective", "inverse_sqrt"}), dict],
        "beta": [Interval(Real, 0, 1, closed="left")],
    }

    def __init__(self, strategy="balanced", *, beta=0.999):
        self.strategy = strategy
        self.beta = beta

    def _fit_weights(self, X, y, sample_weight, X_target):
        self._classes, codes = encode_labels(y)
        counts = np.bincount(codes, weights=sample_weight)
        self._class_weights = self._weights_of(counts)
        if not (counts @ self._class_weights) > 0:
            raise ValueError(
                f"strategy={self.strategy} gives every row of positive sample_weight "
                f"the weight 0: give a class that is present a positive cost."
            )
        raw = self._class_weights[codes]
        scale = 1 / np.average(raw, weights=sample_weight)
        self.class_weight_ = dict(
            zip(
                self._classes.tolist(),
                (self._class_weights * scale).tolist(),
                strict=True,
            )
        )
        return raw

    def _weights_of(self, counts):
        if isinstance(self.strategy, dict):
            costs = check_costs(self.strategy, self._classes, name="strategy")
            return costs.max(axis=1)
        counts = np.where(counts > 0, counts, np.inf)  # classes of weight 0 get 0
        if self.strategy == "balanced":
            return 1 / counts
        if self.strategy == "inverse_sqrt":
            return counts**-0.5
        if self.beta == 0:
            return np.isfinite(counts).astype(float)
        effective = -np.expm1(counts * np.log(self.beta)) / (1 - self.beta)
        return np.where(np.isfinite(counts), 1 / effective, 0.0)

    def _raw_weights(self, X, y):
        return self._class_weights[encode_labels(y, classes=self._classes)[1]]
