"""An estimator fitted on what a remedy leaves of its training rows."""

from typing import Any

import numpy as np
from sklearn.utils.metaestimators import available_if

from skdataquality.compose._base import BaseWrapper, estimator_has
from skdataquality.compose._edit import edit_rows
from skdataquality.compose._priors import (
    class_shares,
    correct_prior,
    prior_from_dict,
)
from skdataquality.compose._wrappers import ClassifierWrapper, RegressorWrapper
from skdataquality.utils._sklearn import HasMethods, StrOptions, num_samples
from skdataquality.utils._sources import check_group_columns


class _Remedied(BaseWrapper):
    """What the classifier and the regressor share."""

    _parameter_constraints: dict = {
        **BaseWrapper._parameter_constraints,
        "remedy": [
            None,
            HasMethods("fit_resample"),
            HasMethods(["fit", "predict_weight"]),
            HasMethods("edit_rows"),
        ],
    }
    _of_training_rows = ("lineage_", "remedy_")
    remedy: Any

    def _is_nothing(self, context):
        return self.remedy is None

    def _check_groups(self, X, groups):
        if groups is not None:  # whether columns will do, each remedy knows
            check_group_columns(groups, num_samples(X))

    def _edit(self, X, y, context, progress):
        return edit_rows(self.remedy, X, y, context)

    def _store(self, edit, context):
        self.remedy_ = edit.remedy


class RemediedClassifier(_Remedied, ClassifierWrapper):
    """Classifier fitted on training rows that a remedy has edited or weighted.

    It is how any sampler (imbalanced-learn's included) or weighter enters a plain
    :class:`~sklearn.pipeline.Pipeline` or a grid search: only training rows are
    edited, sample weights and groups follow the rows, and probabilities are restored
    to the prior of the original data.

    Parameters
    ----------
    estimator : classifier, default=None
        None is a small regularised
        :class:`~sklearn.ensemble.HistGradientBoostingClassifier`.
    remedy : row sampler, weighter, RemedyChain or None, default=None
        None is "nothing": the fit is that of the estimator, to the bit.
    prior : {"original", "resampled"} or dict, default="original"
        Class prior that ``predict_proba`` refers to: that of the data before the
        remedy moved class shares on purpose, that of the resampled data, or the given
        ``{label: probability}``. It changes ``predict_proba`` only.
    decision : {"resampled", "proba"}, default="resampled"
        ``predict`` is that of the estimator fitted on the edited rows, or the argmax
        of ``predict_proba``. With a restored prior the latter cancels a resampler.
    keep_lineage : bool, default=True
        False keeps nothing that has a value for each training row: neither ``lineage_``
        nor ``remedy_``, which a model in production does not need.

    Attributes
    ----------
    estimator_ : classifier
        Fitted on the edited rows.
    remedy_ : fitted remedy or None
    lineage_ : Lineage
        What the remedy did to each row.
    classes_ : ndarray of shape (n_classes,)
        All classes of ``y``, also one that the remedy removed.
    class_prior_ : ndarray of shape (n_classes,)
        Prior that ``predict_proba`` refers to.
    train_prior_ : ndarray of shape (n_classes,)
        Weighted class shares of the edited rows.
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features_in_,)

    See Also
    --------
    RemedyChain : Several remedies in order.
    apply_remedy : Bind an estimator and any remedy.

    Notes
    -----
    With the default options ``predict`` and the argmax of ``predict_proba`` differ:
    the decision is that of the balanced problem, the probability that of the data.
    The prior correction is exact for a calibrated estimator and a remedy that leaves
    P(x | y) alone; it is not for SMOTE, nor for forests with weights, which need
    calibration on held-out rows instead.

    Examples
    --------
    >>> from imblearn.under_sampling import RandomUnderSampler
    >>> from sklearn.datasets import make_classification
    >>> from sklearn.linear_model import LogisticRegression
    >>> from skdataquality.compose import RemediedClassifier
    >>> X, y = make_classification(weights=[0.95], random_state=0)
    >>> clf = RemediedClassifier(
    ...     LogisticRegression(), RandomUnderSampler(random_state=0)
    ... ).fit(X, y)
    >>> clf.lineage_
    Lineage(100 rows in, 10 out: 10 kept, 90 dropped)
    >>> clf.train_prior_, clf.class_prior_
    (array([0.5, 0.5]), array([0.95, 0.05]))
    """

    _parameter_constraints: dict = {
        **_Remedied._parameter_constraints,
        "prior": [StrOptions({"original", "resampled"}), dict],
        "decision": [StrOptions({"resampled", "proba"})],
    }

    def __init__(
        self,
        estimator=None,
        remedy=None,
        *,
        prior="original",
        decision="resampled",
        keep_lineage=True,
    ):
        self.estimator = estimator
        self.remedy = remedy
        self.prior = prior
        self.decision = decision
        self.keep_lineage = keep_lineage

    def _store(self, edit, context):
        super()._store(edit, context)
        n_classes = self.classes_.shape[0]
        after = context.through(
            edit.lineage, edit.remedy.__class__.__name__, edit.weight
        )
        self.train_prior_ = class_shares(
            np.searchsorted(self.classes_, edit.y), n_classes, after.sample_weight
        )
        self.class_prior_ = self._prior_to_predict_for(edit.prior_ratio)

    def _prior_to_predict_for(self, prior_ratio):
        if isinstance(self.prior, dict):
            return prior_from_dict(self.prior, self.classes_)
        if self.prior == "resampled" or prior_ratio is None:
            return self.train_prior_
        prior = self.train_prior_ * prior_ratio
        return prior / prior.sum()

    @available_if(estimator_has("predict_proba"))
    def predict_proba(self, X):
        """Predict class probabilities under ``class_prior_``.

        Parameters
        ----------
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)

        Returns
        -------
        proba : ndarray of shape (n_samples, n_classes)
            Columns follow ``classes_``; a class that the remedy removed has 0.
        """
        proba = super().predict_proba(X)
        if self.class_prior_ is self.train_prior_:
            return proba
        return correct_prior(proba, self.train_prior_, self.class_prior_)

    @available_if(estimator_has("predict"))
    def predict(self, X):
        """Predict labels.

        Parameters
        ----------
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)

        Returns
        -------
        y_pred : ndarray of shape (n_samples,)
            The decision of the resampled fit, or with ``decision="proba"`` the argmax
            of ``predict_proba``.
        """
        if self.decision == "resampled":
            return super().predict(X)
        return self.classes_[self.predict_proba(X).argmax(axis=1)]


class RemediedRegressor(_Remedied, RegressorWrapper):
    """Regressor fitted on training rows that a remedy has edited or weighted.

    Parameters
    ----------
    estimator : regressor, default=None
        None is a small regularised
        :class:`~sklearn.ensemble.HistGradientBoostingRegressor`.
    remedy : row sampler, weighter, RemedyChain or None, default=None
        Row samplers need a parameter ``target_type``, which is set to "continuous" on
        their clone. None is "nothing": the fit is that of the estimator, to the bit.
    keep_lineage : bool, default=True
        False keeps nothing that has a value for each training row: neither ``lineage_``
        nor ``remedy_``, which a model in production does not need.

    Attributes
    ----------
    estimator_ : regressor
        Fitted on the edited rows.
    remedy_ : fitted remedy or None
    lineage_ : Lineage
        What the remedy did to each row.
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features_in_,)

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.linear_model import LinearRegression
    >>> from skdataquality.compose import RemediedRegressor
    >>> from skdataquality.duplicates import Deduplicator
    >>> X = np.array([[0.0], [1.0], [1.0], [2.0]])
    >>> y = np.array([0.0, 1.0, 1.0, 2.0])
    >>> RemediedRegressor(LinearRegression(), Deduplicator()).fit(X, y).lineage_
    Lineage(4 rows in, 3 out: 3 kept, 1 dropped)
    """

    def __init__(self, estimator=None, remedy=None, *, keep_lineage=True):
        self.estimator = estimator
        self.remedy = remedy
        self.keep_lineage = keep_lineage
