"""Class shares where a model will be used: :class:`LabelShiftEstimator`."""

from numbers import Integral

import numpy as np
from sklearn.base import BaseEstimator

from skdataquality.compose._priors import class_shares
from skdataquality.shift._label_shift._cross_fitted import (
    CALIBRATIONS,
    METHODS,
    cross_fit,
    target_codes,
)
from skdataquality.shift._targets import choose_target, same_columns
from skdataquality.utils._saving import PersistenceMixin
from skdataquality.utils._sklearn import (
    HasMethods,
    StrOptions,
    fit_context,
    num_samples,
)
from skdataquality.utils._validation import (
    check_same_length,
    check_table,
    check_weights,
    encode_labels,
)


class LabelShiftEstimator(PersistenceMixin, BaseEstimator):
    """Estimate the class shares of target rows, and how sure they are.

    For label shift: classes are rarer or more frequent than in training, while rows of
    one class look the same, P(x | y). A classifier is cross-fitted; what its models say
    of target rows is compared with what they say of training rows that they did not
    see.

    Parameters
    ----------
    estimator : classifier, default=None
        With ``predict_proba``, or ``decision_function``, which is then calibrated. None
        is small regularised gradient boosting, behind an encoder where columns need it.
    X_target : TargetData, default=None
        Target rows; may be given to ``fit`` instead. Labels that it holds count as they
        are, the others are estimated. None means no shift.
    method : {"auto", "em", "bbse", "rlls"}, default="auto"
        "em" is maximum likelihood on calibrated probabilities [1]_, the least noisy if
        these are right. "bbse" [2]_ and "rlls" [3]_ compare means, which are right
        whatever the calibration. "auto" is "em", but as far as it differs from the
        moments of re-weighted training rows by more than chance it moves to these.
    soft : bool, default=True
        Whether "bbse" and "rlls" use probabilities; otherwise predicted classes, which
        is far worse for rare classes.
    calibration : {"bcts", "temperature"} or None, default="bcts"
        Temperature with a bias for each class, temperature alone, or none. Forests
        and naive Bayes need one.
    cv : int, splitter or None, default=None
        None is 5 stratified, shuffled folds.
    n_jobs : int, default=None
        Folds fitted at the same time; the numbers are the same for any.
    random_state : int, RandomState instance or None, default=None
        For the folds.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
    class_prior_ : ndarray of shape (n_classes,)
        (Weighted) shares in the training rows; they sum to 1.
    target_prior_ : ndarray of shape (n_classes,)
        Estimated shares where the target rows come from.
    target_prior_interval_ : ndarray of shape (n_classes, 2)
        Of 95 %, from the influence of each row, the calibration included. NaN for a
        class of which no training row was predicted, as where there is one alone.
    class_weights_ : ndarray of shape (n_classes,)
        ``target_prior_ / class_prior_``, the weight of a training row of the class.
    estimates_ : dict of ndarrays of shape (n_classes,)
        Shares by each method, "moments" (of re-weighted rows) among them.
    methods_agree_ : bool
        Whether "em" and "bbse" (soft) differ by no more than chance. If not, more has
        changed than the class shares, or the model is ill calibrated.
    method_used_ : str
        What ``target_prior_`` comes from: "em", "em and moments", "bbse", "rlls",
        "labels" if all target rows had one, or "none".
    p_value_ : float
        Of the hypothesis that the shares have not changed.
    condition_number_ : float
        At least 1; large, or inf, where the model can hardly tell classes apart.
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features_in_,)

    See Also
    --------
    LabelShiftClassifier : Predicts for the shares of target rows.
    LabelShiftWeighter : Weighs training rows by class.

    Notes
    -----
    Wrong where P(x | y) differs, as under covariate or concept shift; then
    ``methods_agree_`` is often, not always, False. Target rows of a class that no
    training row has are shared out among the others.

    Each fold's model is compared with itself. The mean of the models is a better model,
    whose probabilities have another distribution, and shares found by it are biased.

    References
    ----------
    .. [1] A. Alexandari, A. Kundaje, A. Shrikumar, "Maximum likelihood with
       bias-corrected calibration is hard-to-beat at label shift adaptation", ICML 2020.
    .. [2] Z. Lipton, Y. Wang, A. Smola, "Detecting and correcting for label shift with
       black box predictors", ICML 2018.
    .. [3] K. Azizzadenesheli, A. Liu, F. Yang, A. Anandkumar, "Regularized learning
       for domain adaptation under label shifts", ICLR 2019.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.linear_model import LogisticRegression
    >>> from skdataquality.shift import LabelShiftEstimator, TargetData
    >>> rng = np.random.default_rng(0)
    >>> y = (rng.random(2000) < 0.2).astype(int)
    >>> y_new = (rng.random(1000) < 0.6).astype(int)
    >>> X = rng.normal(2 * y[:, None], 1, size=(2000, 2))
    >>> X_new = rng.normal(2 * y_new[:, None], 1, size=(1000, 2))
    >>> shares = LabelShiftEstimator(
    ...     LogisticRegression(), X_target=TargetData(X_new), random_state=0
    ... ).fit(X, y)
    >>> low, high = shares.target_prior_interval_[1]
    >>> bool(low < 0.6 < high), shares.methods_agree_
    (True, True)
    """

    _parameter_constraints: dict = {
        "estimator": [
            HasMethods(["fit", "predict_proba"]),
            HasMethods(["fit", "decision_function"]),
            None,
        ],
        "X_target": "no_validation",  # checked with the cure in the message
        "method": [StrOptions(set(METHODS))],
        "soft": ["boolean"],
        "calibration": [StrOptions(set(CALIBRATIONS)), None],
        "cv": ["cv_object"],
        "n_jobs": [Integral, None],
        "random_state": ["random_state"],
    }

    def __init__(
        self,
        estimator=None,
        *,
        X_target=None,
        method="auto",
        soft=True,
        calibration="bcts",
        cv=None,
        n_jobs=None,
        random_state=None,
    ):
        self.estimator = estimator
        self.X_target = X_target
        self.method = method
        self.soft = soft
        self.calibration = calibration
        self.cv = cv
        self.n_jobs = n_jobs
        self.random_state = random_state

    @fit_context(prefer_skip_nested_validation=False)
    def fit(self, X, y, *, X_target=None, sample_weight=None, groups=None):
        """Estimate the class shares of the target rows.

        Parameters
        ----------
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
            Raw rows, or texts; handed to the estimator as they are.
        y : array-like of shape (n_samples,)
        X_target : TargetData, default=None
            Target rows, if the constructor was given none.
        sample_weight : array-like of shape (n_samples,), default=None
            A weight k means that the row counts k times.
        groups : array-like of shape (n_samples,), default=None
            Rows of one group stay in one fold.

        Returns
        -------
        self : object

        Raises
        ------
        ValueError
            If ``X_target`` holds the label of a class that no training row has.
        """
        target = choose_target(self.X_target, X_target, self)
        table = check_table(self, X, y)
        check_same_length(X=X, y=y, sample_weight=sample_weight, groups=groups)
        weight = check_weights(sample_weight, num_samples(table))
        self.classes_, codes = encode_labels(y)
        if target is None:
            return self._keep_shares(codes, weight)
        if self.classes_.size < 2:
            raise ValueError(
                f"y has 1 class ({self.classes_.tolist()[0]!r}) in {codes.size} "
                f"row(s); {type(self).__name__} needs at least 2."
            )
        target_codes(target.y, self.classes_)  # raises before anything is fitted
        rows, target_rows = same_columns(table, target.X)
        fitted = cross_fit(
            self.estimator,
            rows,
            self.classes_[codes],
            target_rows,
            self.classes_,
            cv=self.cv,
            groups=groups,
            sample_weight=weight,
            n_jobs=self.n_jobs,
            random_state=self.random_state,
        )
        found = fitted.prior_of(
            fitted.oof.new_proba,
            target.y,
            method=self.method,
            soft=self.soft,
            calibration=self.calibration,
        )
        return self._keep(found)

    def _keep_shares(self, codes, weight):
        """Without target rows nothing shifts."""
        self.class_prior_ = class_shares(codes, self.classes_.size, weight)
        self.target_prior_ = self.class_prior_
        self.target_prior_interval_ = np.column_stack([self.class_prior_] * 2)
        self.class_weights_ = np.ones(self.classes_.size)
        self.estimates_, self.methods_agree_ = {}, True
        self.method_used_, self.p_value_ = "none", 1.0
        self.condition_number_ = 1.0
        return self

    def _keep(self, found):
        self.class_prior_ = found.training
        self.target_prior_ = found.estimate
        self.target_prior_interval_ = found.interval
        self.class_weights_ = found.weights
        self.estimates_, self.methods_agree_ = found.estimates, found.agree
        self.method_used_, self.p_value_ = found.method, found.p_value
        self.condition_number_ = found.condition_number
        return self

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.input_tags.allow_nan = True
        tags.input_tags.string = True
        tags.target_tags.required = True
        return tags
