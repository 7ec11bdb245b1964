"""A classifier whose decisions follow from class shares or costs, by formula."""

from numbers import Real

import numpy as np
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_is_fitted

from skdataquality.compose import ClassifierWrapper, Edit
from skdataquality.compose._base import estimator_has
from skdataquality.compose._priors import (
    class_shares,
    correct_prior,
    prior_from_dict,
)
from skdataquality.imbalance._weights import check_costs
from skdataquality.lineage import Lineage
from skdataquality.utils._printable import printable
from skdataquality.utils._sklearn import Interval, num_samples
from skdataquality.utils._validation import encode_labels


class LogitAdjustedClassifier(ClassifierWrapper):
    """Classifier that decides for other class shares, or for costs, without a refit.

    One plain fit of the estimator, or none of a
    :class:`~sklearn.frozen.FrozenEstimator`; decisions follow from its probabilities
    by formula [1]_, for any number of classes. By default that is the rule for
    balanced accuracy: the class whose probability is largest beside its share.

    Parameters
    ----------
    estimator : classifier, default=None
        With ``predict_proba``. None is a small regularised
        :class:`~sklearn.ensemble.HistGradientBoostingClassifier`.
    prior : dict or None, default=None
        ``{label: probability}``, the class shares where the model will be used, to
        which ``predict_proba`` is moved and for which ``predict`` decides. None leaves
        the probabilities as they are and decides as if classes were equally frequent.
    tau : float, default=1.0
        How far decisions move from the shares of the training rows, 0, to the shares
        they are for, 1: ``argmax_k [log p_k + tau (log q_k - log pi_k)]``, with
        training shares ``pi`` and shares ``q`` of ``prior``. 0 is the estimator's
        ``predict``. At least 0. No part in ``predict_proba``, or where costs decide.
    costs : dict, array-like of shape (n_classes, n_classes) or None, default=None
        ``{label: cost of one error on that class}``, or what it costs to predict the
        class of the column where that of the row is true, in the order of
        ``classes_``, which is sorted; a pandas frame whose index and columns name the
        classes may have any order. Decisions then have the least expected cost under
        ``predict_proba``.

    Attributes
    ----------
    estimator_ : classifier
        Fitted on all rows.
    class_prior_ : ndarray of shape (n_classes,)
        Weighted shares of the rows given to ``fit``.
    prior_ : ndarray of shape (n_classes,)
        Shares that ``predict_proba`` refers to.
    costs_ : ndarray of shape (n_classes, n_classes) or None
    classes_ : ndarray of shape (n_classes,)
    lineage_ : Lineage
        The identity, but for rows of weight 0.
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features_in_,)

    See Also
    --------
    TunedOffsetClassifierCV : For any other metric, by cross-validation.
    skdataquality.compose.RemediedClassifier : Weighs or samples the rows instead.

    Notes
    -----
    For two classes a threshold on ``predict_proba``: the share of the second class in
    training by default; with costs ``C[true, predicted]``, ``(C[0,1] - C[0,0]) /
    (C[0,1] - C[0,0] + C[1,0] - C[1,1])``. Weights of classes that move a threshold
    of one half there [2]_ give the same decisions, if the learner heeds them exactly.
    Ties go to the first class.

    Nothing is calibrated: wrong as far as probabilities are, as those of a forest with
    few trees or of a model fitted on resampled rows. Of a frozen estimator the rows
    given to ``fit`` must have the class shares that it was trained on.

    References
    ----------
    .. [1] A. K. Menon et al., "Long-tail learning via logit adjustment", ICLR 2021,
       section 4.1.
    .. [2] C. Elkan, "The foundations of cost-sensitive learning", IJCAI 2001, Th. 1.

    Examples
    --------
    >>> from sklearn.datasets import make_classification
    >>> from sklearn.linear_model import LogisticRegression
    >>> from sklearn.metrics import balanced_accuracy_score
    >>> from skdataquality.imbalance import LogitAdjustedClassifier
    >>> X, y = make_classification(
    ...     2000, n_classes=3, n_informative=4, weights=[0.85, 0.1], random_state=0
    ... )
    >>> clf = LogitAdjustedClassifier(LogisticRegression()).fit(X, y)
    >>> plain, moved = clf.estimator_.predict(X), clf.predict(X)
    >>> bool(balanced_accuracy_score(y, moved) > balanced_accuracy_score(y, plain))
    True

    Missing the rarest class costs ten times as much as any other error:

    >>> costly = LogitAdjustedClassifier(
    ...     LogisticRegression(), costs={0: 1, 1: 1, 2: 10}
    ... ).fit(X, y)
    >>> said = costly.predict(X)
    >>> bool((said == 2).sum() > (plain == 2).sum())
    True
    """

    _parameter_constraints: dict = {
        "estimator": ClassifierWrapper._parameter_constraints["estimator"],
        "prior": [dict, None],
        "tau": [Interval(Real, 0, None, closed="left")],
        "costs": [dict, "array-like", None],
    }

    def __init__(self, estimator=None, *, prior=None, tau=1.0, costs=None):
        self.estimator = estimator
        self.prior = prior
        self.tau = tau
        self.costs = costs

    def _is_nothing(self, context):
        return self.prior is None and self.costs is None and self.tau == 0

    def _check_y(self, X, y):
        y = super()._check_y(X, y)
        if not hasattr(self._estimator_for(X), "predict_proba"):
            raise ValueError(
                f"estimator={self._get_estimator()!r} has no predict_proba, which "
                f"decisions are made of: wrap it in CalibratedClassifierCV, or use "
                f"TunedOffsetClassifierCV."
            )
        # before a fit that may take long
        self.costs_ = None
        if self.costs is not None:
            self.costs_ = check_costs(self.costs, self.classes_)
        if self.prior is not None:
            self.prior_ = prior_from_dict(self.prior, self.classes_)
        return y

    def _edit(self, X, y, context, progress):
        progress.call_on_fit_task_begin(estimator=self)
        progress.call_on_fit_task_end(estimator=self)
        return Edit(X, y, Lineage.identity(num_samples(X)))

    def _store(self, edit, context):
        codes = encode_labels(edit.y, classes=self.classes_)[1]
        weight = context.sample_weight
        weight = None if weight is None else weight[edit.lineage.origin]
        self.class_prior_ = class_shares(codes, self.classes_.size, weight)
        if self.prior is None:
            self.prior_ = self.class_prior_

    def _fit_estimator(self, estimator, edit, params, progress):
        fitted = super()._fit_estimator(estimator, edit, params, progress)
        unknown = np.setdiff1d(fitted.classes_, self.classes_)
        if unknown.size:  # of a frozen one
            raise ValueError(
                f"estimator knows the class {printable(repr(unknown.tolist()[0]))}, of "
                f"which y has no row: fit with rows of the class shares that it was "
                f"trained on."
            )
        return fitted

    @property
    def _factors(self):
        """What probabilities of the estimator are multiplied by to decide."""
        towards = np.ones(self.classes_.size) if self.prior is None else self.prior_
        there = self.class_prior_ > 0
        ratio = np.divide(
            towards, self.class_prior_, out=np.zeros(there.size), where=there
        )
        return ratio**self.tau

    @available_if(estimator_has("predict_proba"))
    def predict_proba(self, X):
        """Predict class probabilities.

        Parameters
        ----------
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)

        Returns
        -------
        proba : ndarray of shape (n_samples, n_classes)
            Those of the estimator, moved to ``prior`` if it is given.
        """
        proba = super().predict_proba(X)
        if self.prior is None:
            return proba
        return correct_prior(proba, self.class_prior_, self.prior_)

    @available_if(estimator_has("predict_proba"))
    def decision_function(self, X):
        """Return what ``predict`` compares.

        Parameters
        ----------
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)

        Returns
        -------
        decision : ndarray of shape (n_samples,) or (n_samples, n_classes)
            Probabilities times ``(q / pi) ** tau``, or expected costs with their sign
            changed; for two classes that of the second less that of the first.
        """
        check_is_fitted(self)
        decision = self._compared(X)
        return decision[:, 1] - decision[:, 0] if decision.shape[1] == 2 else decision

    def _compared(self, X):
        if self.costs_ is not None:
            return -self.predict_proba(X) @ self.costs_
        return super().predict_proba(X) * self._factors

    @available_if(estimator_has("predict_proba"))
    def predict(self, X):
        """Predict labels.

        Parameters
        ----------
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)

        Returns
        -------
        y_pred : ndarray of shape (n_samples,)
        """
        check_is_fitted(self)
        if self.costs_ is None and self.tau == 0:
            return super().predict(X)
        return self.classes_[self._compared(X).argmax(axis=1)]
