"""Learn from noisy labels: :class:`ForwardCorrectedLogisticRegression`."""

import warnings
from numbers import Integral, Real
from reprlib import repr as shortened

import numpy as np
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression
from sklearn.utils.validation import check_is_fitted, validate_data

from skdataquality.exceptions import NotConvergedWarning, SingularNoiseWarning
from skdataquality.label_noise._confident import (
    LabelledProba,
    calibrated_joint,
    check_noise_matrix,
    is_singular,
    latent_estimates,
    refuse_singular,
    symmetric_noise,
)
from skdataquality.label_noise._losses._forward_loss import (
    ForwardLoss,
    linear_scores,
    one_per_class,
)
from skdataquality.utils._duplicate_rows import repeated_rows
from skdataquality.utils._fits import default_fit, refuse_odd_columns
from skdataquality.utils._folds import out_of_fold
from skdataquality.utils._saving import PersistenceMixin
from skdataquality.utils._sklearn import Interval, fit_context
from skdataquality.utils._validation import (
    check_feature_frame,
    check_same_length,
    check_weights,
    encode_labels,
    refuse_documents,
)

LBFGS = {"maxls": 50, "ftol": 64 * np.finfo(float).eps}  # those of LogisticRegression


class ForwardCorrectedLogisticRegression(
    PersistenceMixin, ClassifierMixin, BaseEstimator
):
    """Logistic regression for the true class, fitted to noisy labels.

    The model is a softmax over true classes, seen through the noise matrix T: the loss
    of a row is ``-log(sum_t T[y, t] * softmax_t(x))``, the forward correction [1]_. No
    row is dropped and none is weighted.

    Parameters
    ----------
    noise_matrix : array-like of shape (n_classes, n_classes), float or None, \
            default=None
        P(given label | true class): one row per given label, one column per true class,
        in the order of ``classes_``; columns sum to 1. A number in
        [0, 1 - 1 / n_classes) is the share of wrong labels, spread evenly over the
        other classes; 0 is plain logistic regression. None estimates the matrix by
        confident learning on the out-of-fold probabilities of a plain
        :class:`~sklearn.linear_model.LogisticRegression`.
    C : float, default=1.0
        Inverse strength of the L2 penalty on the coefficients, as in
        :class:`~sklearn.linear_model.LogisticRegression`.
    fit_intercept : bool, default=True
    max_iter : int, default=1000
        Largest number of L-BFGS iterations.
    tol : float, default=1e-4
        Largest entry of the gradient at which to stop.
    cv : int, splitter, iterable or None, default=None
        Folds for the estimate of the matrix; None is 5 stratified, shuffled ones.
    random_state : int, RandomState instance or None, default=None
        For the folds. With a matrix or a number given, nothing is random.

    Attributes
    ----------
    coef_ : ndarray of shape (1, n_features) or (n_classes, n_features)
        As in :class:`~sklearn.linear_model.LogisticRegression`: one row for two
        classes.
    intercept_ : ndarray of shape (1,) or (n_classes,)
    noise_matrix_ : ndarray of shape (n_classes, n_classes)
        The matrix used; columns sum to 1.
    n_iter_ : ndarray of shape (1,), int
    classes_ : ndarray of shape (n_classes,)
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features_in_,)

    Warns
    -----
    NotConvergedWarning
        If ``max_iter`` is reached.
    SingularNoiseWarning
        If the estimated matrix cannot tell some classes apart.

    See Also
    --------
    noise_matrices : The estimate of the matrix.
    true_label_posterior : The posterior that the gradient holds against the softmax.
    NoisePruningClassifier : Cleans labels for any classifier.

    Notes
    -----
    ``predict_proba`` is P(true class | x); ``predict_proba(X) @ noise_matrix_.T`` is
    that of the label. Accuracy on noisy labels is therefore no fair judge of it; see
    :func:`backward_corrected_loss`.

    The loss is not convex unless the matrix is the identity. L-BFGS starts at zero
    coefficients; in simulations with 2 to 10 classes it ended as low as when started
    from the plain fit, and lower than from random coefficients. With thousands of rows
    all starts mostly agreed; with few rows and many classes, none finds the best
    minimum for sure, and a smaller C helps.

    Right for noise that depends on nothing but the true class; where errors sit near
    the border between classes, the matrix is the wrong model of them. An estimated
    matrix is only as good as the plain model behind it: overlap of the classes passes
    for noise, and the coefficients come out too large.

    References
    ----------
    .. [1] G. Patrini et al., "Making deep neural networks robust to label noise: a
       loss correction approach", CVPR 2017, theorem 2.

    Examples
    --------
    >>> import numpy as np
    >>> from skdataquality.label_noise import ForwardCorrectedLogisticRegression
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(2000, 1))
    >>> y = rng.random(2000) < 1 / (1 + np.exp(-2 * X[:, 0]))
    >>> y_noisy = y ^ (rng.random(2000) < 0.3)  # three of ten labels are wrong
    >>> clf = ForwardCorrectedLogisticRegression(0.3).fit(X, y_noisy)
    >>> bool(abs(clf.coef_[0, 0] - 2) < 0.3)
    True
    """

    _parameter_constraints: dict = {
        "noise_matrix": ["array-like", Interval(Real, 0, 1, closed="left"), None],
        "C": [Interval(Real, 0, None, closed="neither")],
        "fit_intercept": ["boolean"],
        "max_iter": [Interval(Integral, 1, None, closed="left")],
        "tol": [Interval(Real, 0, None, closed="neither")],
        "cv": ["cv_object"],
        "random_state": ["random_state"],
    }

    def __init__(
        self,
        noise_matrix=None,
        *,
        C=1.0,
        fit_intercept=True,
        max_iter=1000,
        tol=1e-4,
        cv=None,
        random_state=None,
    ):
        self.noise_matrix = noise_matrix
        self.C = C
        self.fit_intercept = fit_intercept
        self.max_iter = max_iter
        self.tol = tol
        self.cv = cv
        self.random_state = random_state

    @fit_context(prefer_skip_nested_validation=False)
    def fit(self, X, y, *, sample_weight=None, groups=None):
        """Fit the model of the true class to noisy labels.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            Float32 is not copied.
        y : array-like of shape (n_samples,)
            Given labels of any type, in at least two classes.
        sample_weight : array-like of shape (n_samples,), default=None
            A weight k means that the row counts k times.
        groups : array-like of shape (n_samples,), default=None
            Rows of one group stay in one fold when the matrix is estimated.

        Returns
        -------
        self : object
        """
        check_feature_frame(X, y)
        refuse_documents(X, self, "put it behind TfidfVectorizer in a pipeline.")
        refuse_odd_columns(self, X, sparse=True)
        X = validate_data(self, X, accept_sparse="csr", dtype=[np.float64, np.float32])
        self.classes_, codes = encode_labels(y)
        check_same_length(X=X, y=codes, sample_weight=sample_weight, groups=groups)
        if self.classes_.shape[0] < 2:
            raise ValueError(
                f"y has 1 class ({self.classes_.tolist()[0]!r}) in "
                f"{codes.shape[0]} row(s); logistic regression needs at least 2."
            )
        weight = check_weights(sample_weight, codes.shape[0])
        self.noise_matrix_ = self._get_noise_matrix(X, codes, weight, groups)
        if self.noise_matrix is None:
            _warn_if_singular(self.noise_matrix_)
        else:
            refuse_singular(self.noise_matrix_)
        self._minimise(X, codes, weight)
        return self

    def _get_noise_matrix(self, X, codes, weight, groups):
        n_classes = self.classes_.shape[0]
        if self.noise_matrix is None:
            with default_fit():
                return self._estimate_noise_matrix(X, codes, weight, groups)
        if isinstance(self.noise_matrix, Real):
            return _symmetric_noise(self.noise_matrix, n_classes)
        return check_noise_matrix(self.noise_matrix, n_classes)

    def _estimate_noise_matrix(self, X, codes, weight, groups):
        result = out_of_fold(
            LogisticRegression(
                C=self.C,
                fit_intercept=self.fit_intercept,
                max_iter=self.max_iter,
                tol=self.tol,
            ),
            X,
            codes,
            cv=self.cv,
            groups=groups,
            duplicate_groups=repeated_rows(X),
            fit_params={} if weight is None else {"sample_weight": weight},
            random_state=self.random_state,
        )
        counted = result.covered if weight is None else result.covered & (weight > 0)
        if not counted.any():
            raise ValueError(
                f"cv={shortened(self.cv)} gives no row a prediction by a model that "
                f"has seen its class: pass noise_matrix, or classes with more rows."
            )
        data = LabelledProba(codes[counted], result.proba[counted], result.classes)
        found = latent_estimates(calibrated_joint(data).toarray())
        return _fill_empty(found.noise_matrix)

    def _minimise(self, X, codes, weight):
        loss = ForwardLoss(
            X, codes, self.noise_matrix_, weight, self.C, self.fit_intercept
        )
        found = minimize(
            loss,
            np.zeros(loss.n_scores * (X.shape[1] + self.fit_intercept)),
            jac=True,
            method="L-BFGS-B",
            options={"maxiter": self.max_iter, "gtol": self.tol, **LBFGS},
        )
        if found.nit >= self.max_iter:
            warnings.warn(
                f"L-BFGS stopped after max_iter={self.max_iter} iterations: scale X, "
                f"or raise max_iter.",
                NotConvergedWarning,
                stacklevel=3,
            )
        self.n_iter_ = np.array([found.nit])
        self.coef_, self.intercept_ = loss.unpack(found.x)

    def decision_function(self, X):
        """Return the linear scores of the true classes.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)

        Returns
        -------
        scores : ndarray of shape (n_samples,) or (n_samples, n_classes)
            With two classes the log odds of ``classes_[1]``.
        """
        check_is_fitted(self)
        refuse_odd_columns(self, X, sparse=True)
        X = validate_data(
            self,
            X,
            accept_sparse="csr",
            dtype=[np.float64, np.float32],
            reset=False,
        )
        scores = linear_scores(X, self.coef_, self.intercept_)
        return scores.ravel() if self.classes_.shape[0] == 2 else scores

    def predict(self, X):
        """Predict the most probable true class.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)

        Returns
        -------
        y_pred : ndarray of shape (n_samples,)
        """
        scores = self.decision_function(X)
        best = scores > 0 if scores.ndim == 1 else scores.argmax(axis=1)
        return self.classes_[best.astype(np.intp)]

    def predict_proba(self, X):
        """Predict the probability of each true class.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)

        Returns
        -------
        proba : ndarray of shape (n_samples, n_classes)
            Rows sum to 1; columns follow ``classes_``.
        """
        return softmax(self._softmax_input(X), axis=1)

    def predict_log_proba(self, X):
        """Predict logarithms of the probabilities of the true classes.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)

        Returns
        -------
        log_proba : ndarray of shape (n_samples, n_classes)
        """
        return log_softmax(self._softmax_input(X), axis=1)

    def _softmax_input(self, X):
        scores = self.decision_function(X)
        return one_per_class(scores[:, None] if scores.ndim == 1 else scores)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags


def _warn_if_singular(noise):
    if is_singular(noise):
        warnings.warn(
            "the estimated noise matrix gives some true classes the same labels, so "
            "that only the penalty tells them apart: pass noise_matrix, or more rows.",
            SingularNoiseWarning,
            stacklevel=4,
        )


def _symmetric_noise(rate, n_classes):
    if rate >= 1 - 1 / n_classes:
        raise ValueError(
            f"noise_matrix={rate} leaves the labels of {n_classes} classes no better "
            f"than chance: the share of wrong labels must be below "
            f"{1 - 1 / n_classes:.3g}."
        )
    return symmetric_noise(rate, n_classes)


def _fill_empty(noise):
    """Let a class count as clean without evidence, or if no class has its label."""
    noise = noise.copy()
    while (empty := ~(noise.any(axis=0) & noise.any(axis=1))).any():
        noise[:, empty] = 0
        noise[empty, empty] = 1
    return noise
