"""Weights by class that give training rows the class shares of target rows."""

from skdataquality.base import BaseWeighter
from skdataquality.shift._label_shift._estimator import LabelShiftEstimator
from skdataquality.shift._targets import choose_target
from skdataquality.utils._sklearn import fit_context
from skdataquality.utils._validation import encode_labels


class LabelShiftWeighter(BaseWeighter):
    """Weigh training rows by class, so that classes have the shares of target rows.

    For label shift: classes are rarer or more frequent than in training, P(x | y) is
    the same. A row of class k gets the weight ``q_k / p_k``, the estimated share of its
    class in target rows over that in training rows.

    Parameters
    ----------
    estimator : classifier, default=None
        Cross-fitted to tell classes apart; None is small regularised gradient boosting.
    X_target : TargetData, default=None
        Target rows; may be given to ``fit`` instead. None gives all rows weight 1.
    method : {"auto", "em", "bbse", "rlls"}, default="auto"
    calibration : {"bcts", "temperature"} or None, default="bcts"
    cv : int, splitter or None, default=None
    n_jobs : int, default=None
    random_state : int, RandomState instance or None, default=None
        All as in :class:`LabelShiftEstimator`.

    Attributes
    ----------
    sample_weight_ : ndarray of shape (n_samples,)
        Mean 1, non-negative; 0 for a class whose estimated share is 0.
    effective_sample_size_ : float
        ``(sum w)^2 / sum w^2``, between 1 and n_samples; higher is better.
    shares_ : LabelShiftEstimator
        Fitted; holds no target rows.
    classes_ : ndarray of shape (n_classes,)
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features_in_,)

    See Also
    --------
    LabelShiftClassifier : Changes predictions instead, without another fit.
    ShiftWeightedClassifier : Fits an estimator with these weights.
    DiscriminatorWeighter : For covariate shift.

    Notes
    -----
    ``predict_weight`` needs the labels of the rows. Wrong where P(x | y) differs.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.linear_model import LogisticRegression
    >>> from skdataquality.shift import LabelShiftWeighter, TargetData
    >>> rng = np.random.default_rng(0)
    >>> y = np.repeat([0, 1], [1600, 400])
    >>> X = rng.normal(4 * y[:, None], 1, size=(2000, 2))
    >>> X_new = rng.normal(4 * np.repeat([0, 1], 500)[:, None], 1, size=(1000, 2))
    >>> target = TargetData(X_new)
    >>> weighter = LabelShiftWeighter(LogisticRegression(), random_state=0)
    >>> weighter = weighter.fit(X, y, X_target=target)
    >>> weighter.sample_weight_[[0, -1]].round(1)  # .5 / .8 and .5 / .2
    array([0.6, 2.5])
    """

    _parameter_constraints: dict = {
        name: LabelShiftEstimator._parameter_constraints[name]
        for name in (
            "estimator",
            "X_target",
            "method",
            "calibration",
            "cv",
            "n_jobs",
            "random_state",
        )
    }
    _needs_labels = True

    def __init__(
        self,
        estimator=None,
        *,
        X_target=None,
        method="auto",
        calibration="bcts",
        cv=None,
        n_jobs=None,
        random_state=None,
    ):
        self.estimator = estimator
        self.X_target = X_target
        self.method = method
        self.calibration = calibration
        self.cv = cv
        self.n_jobs = n_jobs
        self.random_state = random_state

    @fit_context(prefer_skip_nested_validation=False)
    def fit(self, X, y=None, *, sample_weight=None, X_target=None, groups=None):
        """Learn the weights of the training rows.

        Parameters
        ----------
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
        y : array-like of shape (n_samples,)
            Class labels; needed.
        sample_weight : array-like of shape (n_samples,), default=None
            A weight k means that the row counts k times. The learned weights multiply
            it: their mean weighted by it is 1.
        X_target : TargetData, default=None
            Target rows, if the constructor was given none.
        groups : array-like of shape (n_samples,), default=None
            Rows of one group stay in one fold.

        Returns
        -------
        self : object
        """
        return self._learn(X, y, sample_weight, X_target=X_target, groups=groups)

    def _fit_weights(self, X, y, sample_weight, X_target, groups):
        target = choose_target(self.X_target, X_target, self)
        own = self.get_params(deep=False)
        self.shares_ = LabelShiftEstimator(**{**own, "X_target": None}).fit(
            X, y, sample_weight=sample_weight, X_target=target, groups=groups
        )
        self.classes_ = self.shares_.classes_
        return self._raw_weights(X, y)

    def _raw_weights(self, X, y):
        return self.shares_.class_weights_[encode_labels(y, classes=self.classes_)[1]]
