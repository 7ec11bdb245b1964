"""A classifier that predicts for the class shares of target rows."""

from dataclasses import replace
from numbers import Integral
from typing import Any

import scipy.sparse as sp
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_is_fitted

from skdataquality.compose import ClassifierWrapper, Edit
from skdataquality.compose._base import estimator_has
from skdataquality.compose._edit import carry
from skdataquality.lineage import Lineage
from skdataquality.shift._label_shift._cross_fitted import (
    CALIBRATIONS,
    METHODS,
    CrossFitted,
    cross_fit,
    predict_by_folds,
    target_codes,
)
from skdataquality.shift._targets import as_target_data, choose_target, same_columns
from skdataquality.utils._fits import default_fit
from skdataquality.utils._frames import (
    are_documents,
    column_names,
    is_frame,
    select_columns,
)
from skdataquality.utils._printable import printable
from skdataquality.utils._sklearn import StrOptions, fit_context, num_samples
from skdataquality.utils._validation import remember_columns

BY_CHANCE = 0.05  # p values from here on are no reason to change predictions


def _is_as_fitted(self):
    """Whether predictions are those of the estimator: its decisions stand."""
    if getattr(self, "adapted_", False):
        raise AttributeError(
            "decision_function is that of the training shares: use predict_proba."
        )
    return estimator_has("decision_function")(self)


class LabelShiftClassifier(ClassifierWrapper):
    """Classifier whose probabilities are moved to the class shares of target rows.

    For label shift: classes are rarer or more frequent than in training, P(x | y) is
    the same. The estimator is fitted once, on all rows as they are. Its probabilities
    are calibrated out of fold, the class shares of the target rows are estimated as by
    :class:`LabelShiftEstimator`, and ``predict_proba`` and ``predict`` refer to them
    [1]_. :meth:`adapt` takes the next batch of target rows, without another fit.

    Parameters
    ----------
    estimator : classifier, default=None
        With ``predict_proba``. None is a small regularised
        :class:`~sklearn.ensemble.HistGradientBoostingClassifier`.
    X_target : TargetData, default=None
        Raw rows from where the model will be used; known labels count as they are.
        None means no correction: predictions are those of the estimator, to the bit.
    method : {"auto", "em", "bbse", "rlls"}, default="auto"
    calibration : {"bcts", "temperature"} or None, default="bcts"
    cv : int, splitter or None, default=None
        None is 5 stratified, shuffled folds.
    keep_lineage : bool, default=True
        False keeps nothing that has a value for each training row: neither ``lineage_``
        nor what :meth:`adapt` needs.
    n_jobs : int, default=None
    random_state : int, RandomState instance or None, default=None
        For the folds.

    Attributes
    ----------
    estimator_ : classifier
        Fitted on all rows.
    adapted_ : bool
        Whether predictions refer to ``target_prior_``. They do not, and are those of
        the estimator, where the shares differ by no more than chance would have it
        (p of .05 or more), or where training rows, weighted to the shares of the
        target rows, are not predicted better out of fold.
    target_prior_ : ndarray of shape (n_classes,)
        Estimated shares where the target rows come from, adapted to or not.
    target_prior_interval_ : ndarray of shape (n_classes, 2)
        Of 95 %. NaN for a class of which no training row was predicted.
    class_prior_ : ndarray of shape (n_classes,)
        Shares in the training rows.
    methods_agree_ : bool
        As of :class:`LabelShiftEstimator`.
    expected_gain_ : float
        Accuracy on target rows that the correction is expected to add, in [-1, 1].
    classes_ : ndarray of shape (n_classes,)
    lineage_ : Lineage
        The identity, but for rows of weight 0.
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features_in_,)

    See Also
    --------
    LabelShiftEstimator : The shares, with all that is known of them.
    LabelShiftWeighter : Weighs training rows instead, for another fit.

    Notes
    -----
    Predictions of a row depend on the target rows given to ``fit`` or ``adapt``, never
    on the other rows of the call. The models of the folds, and the out-of-fold
    probabilities, are kept for :meth:`adapt`; target rows are not:
    ``set_params(X_target=None)`` before saving keeps predictions and ships none.

    ``decision_function`` is that of the estimator, and there only as long as
    predictions are. Wrong where P(x | y) differs: then leave ``X_target`` out.

    References
    ----------
    .. [1] M. Saerens, P. Latinne, C. Decaestecker, "Adjusting the outputs of a
       classifier to new a priori probabilities", Neural Computation 14, 2002.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.linear_model import LogisticRegression
    >>> from skdataquality.shift import LabelShiftClassifier, TargetData
    >>> rng = np.random.default_rng(0)
    >>> def rows(n, share):
    ...     y = (rng.random(n) < share).astype(int)
    ...     return rng.normal(y[:, None], 1, size=(n, 2)), y
    >>> X, y = rows(2000, 0.1)
    >>> X_may, y_may = rows(1000, 0.6)
    >>> clf = LabelShiftClassifier(
    ...     LogisticRegression(), X_target=TargetData(X_may), random_state=0
    ... ).fit(X, y)
    >>> clf.score(X_may, y_may) > clf.estimator_.score(X_may, y_may) + 0.1
    True

    The next batch:

    >>> X_june, _ = rows(1000, 0.3)
    >>> bool(abs(clf.adapt(X_june).target_prior_[1] - 0.3) < 0.05)
    True
    """

    _parameter_constraints: dict = {
        **ClassifierWrapper._parameter_constraints,
        "X_target": "no_validation",  # checked with the cure in the message
        "method": [StrOptions(set(METHODS))],
        "calibration": [StrOptions(set(CALIBRATIONS)), None],
        "cv": ["cv_object"],
        "n_jobs": [Integral, None],
        "random_state": ["random_state"],
    }
    _of_training_rows = ("lineage_", "_cross_fitted")

    def __init__(
        self,
        estimator=None,
        *,
        X_target=None,
        method="auto",
        calibration="bcts",
        cv=None,
        keep_lineage=True,
        n_jobs=None,
        random_state=None,
    ):
        self.estimator = estimator
        self.X_target = X_target
        self.method = method
        self.calibration = calibration
        self.cv = cv
        self.keep_lineage = keep_lineage
        self.n_jobs = n_jobs
        self.random_state = random_state

    @fit_context(prefer_skip_nested_validation=False)
    def fit(
        self,
        X,
        y,
        *,
        X_target=None,
        sample_weight=None,
        groups=None,
        verified=None,
        **params,
    ):
        """Fit the estimator, and estimate the class shares of the target rows.

        Parameters
        ----------
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
            Handed to the estimator as it is, never converted.
        y : array-like of shape (n_samples,)
        X_target : TargetData, default=None
            Target rows, if the constructor was given none.
        sample_weight : array-like of shape (n_samples,), default=None
            A weight k means that the row counts k times.
        groups : array-like of shape (n_samples,), default=None
            Rows of one group stay in one fold; passed on to wrappers inside.
        verified : VerifiedLabels or array-like of shape (n_samples,), bool, \
                default=None
            Labels of some of exactly these rows that a person has checked, or a mask
            of the rows whose label is verified right. Passed on to wrappers inside.
        **params : dict
            Further metadata for the estimator; needs metadata routing.

        Returns
        -------
        self : object

        Raises
        ------
        ValueError
            If there are target rows and the estimator has no ``predict_proba``, or the
            target rows hold the label of a class that no training row has.
        """
        target = choose_target(self.X_target, X_target, self)
        return self._fit(X, y, sample_weight, groups, verified, params, X_target=target)

    def _is_nothing(self, context):
        return context.X_target is None

    def _edit(self, X, y, context, progress):
        if not hasattr(self._estimator_for(X), "predict_proba"):
            raise ValueError(
                f"estimator={self._get_estimator()!r} has no predict_proba, which is "
                f"what shares of classes change: wrap it in CalibratedClassifierCV."
            )
        if self.classes_.size < 2:
            raise ValueError(
                f"y has 1 class ({self.classes_.tolist()[0]!r}) in {y.size} row(s); "
                f"{type(self).__name__} needs at least 2."
            )
        target_codes(context.X_target.y, self.classes_)  # raises before any fit
        progress.call_on_fit_task_begin(estimator=self)
        progress.call_on_fit_task_end(estimator=self)
        return Edit(X, y, Lineage.identity(num_samples(X)))

    def _store(self, edit, context):
        self.adapted_ = False
        self._cross_fitted: Any = None
        self._shift: Any = None

    def _after_fit(self, X, y, edit, context, params):
        self._is_sparse = sp.issparse(X)
        rows = same_columns(X, self._target_rows(context.X_target.X))[1]
        carried = carry(edit.lineage, context.groups, type(self).__name__, "groups")
        weight = context.sample_weight
        with default_fit(self.estimator is None):
            fitted = cross_fit(
                self._estimator_for(X),
                edit.X,
                edit.y,
                rows,
                self.classes_,
                cv=self.cv,
                groups=carried,
                sample_weight=None if weight is None else weight[edit.lineage.origin],
                fit_params=params,
                keep_models=True,
                n_jobs=self.n_jobs,
                random_state=self.random_state,
            )
        new_proba = fitted.oof.new_proba
        oof = replace(fitted.oof, new_proba=None, splits=())  # all that adapt needs
        self._cross_fitted = fitted._replace(oof=oof)
        self._refer_to(new_proba, context.X_target.y)

    def adapt(self, X_target):
        """Estimate the shares of other target rows, and predict for them from now on.

        Parameters
        ----------
        X_target : TargetData, or like X, of shape (n_target, n_features)
            The next batch, whose known labels, in a TargetData, count as they are. None
            returns to the predictions of the estimator.

        Returns
        -------
        self : object
            Not another model: nothing is fitted.
        """
        check_is_fitted(self)
        if X_target is None:
            self.adapted_ = False
            return self
        if not hasattr(self, "_cross_fitted"):
            raise ValueError(
                "keep_lineage=False when the classifier was fitted, so it kept no "
                "predictions of training rows: fit it with keep_lineage=True."
            )
        if self._cross_fitted is None:
            raise ValueError(
                "X_target=None when the classifier was fitted, so its models were "
                "compared with no target rows: fit it with X_target=TargetData(...), "
                "of the first batch, or of training rows."
            )
        target = as_target_data(X_target)
        target_codes(target.y, self.classes_)
        rows = self._target_rows(target.X)
        self._refer_to(predict_by_folds(self._cross_fitted.oof, rows), target.y)
        return self

    def _target_rows(self, X_target):
        """Target rows with the columns that the estimator was fitted on."""
        if are_documents(X_target) == hasattr(self, "n_features_in_"):
            kinds = ["a table", "a sequence of texts or dicts"]
            ours, theirs = kinds[:: 1 if are_documents(X_target) else -1]
            raise ValueError(
                f"X is {ours} but X_target is {theirs}: pass raw rows of one kind on "
                f"both sides."
            )
        names = getattr(self, "feature_names_in_", None)
        if names is not None and is_frame(X_target):
            lost = [n for n in names.tolist() if n not in column_names(X_target)]
            if lost:
                shown = ", ".join(printable(name) for name in lost[:5])
                raise ValueError(
                    f"X_target lacks {len(lost)} of the columns of X, first {shown}: "
                    f"pass raw rows with the same columns."
                )
            X_target = select_columns(X_target, names.tolist())
        elif not are_documents(X_target) and X_target.shape[1] != self.n_features_in_:
            raise ValueError(
                f"X_target has {X_target.shape[1]} features, but X had "
                f"{self.n_features_in_}: pass raw rows with the same columns."
            )
        remember_columns(self, X_target, reset=False)
        if sp.issparse(X_target) and not self._is_sparse:
            return X_target.toarray()
        return X_target

    def _refer_to(self, new_proba, y_target):
        fitted: CrossFitted = self._cross_fitted
        found = fitted.prior_of(
            new_proba, y_target, method=self.method, calibration=self.calibration
        )
        self._shift = found
        self.class_prior_, self.target_prior_ = found.training, found.estimate
        self.target_prior_interval_ = found.interval
        self.methods_agree_ = found.agree
        self.expected_gain_ = fitted.expected_gain(found)
        self.adapted_ = found.p_value < BY_CHANCE and self.expected_gain_ > 0

    @available_if(estimator_has("predict_proba"))
    def predict_proba(self, X):
        """Predict class probabilities.

        Parameters
        ----------
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)

        Returns
        -------
        proba : ndarray of shape (n_samples, n_classes)
            For the shares ``target_prior_`` if ``adapted_``, else the estimator's.
        """
        proba = super().predict_proba(X)
        return self._shift.move(proba) if self.adapted_ else proba

    @available_if(estimator_has("predict"))
    def predict(self, X):
        """Predict labels.

        Parameters
        ----------
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)

        Returns
        -------
        y_pred : ndarray of shape (n_samples,)
            The class of the largest probability if ``adapted_``, else the estimator's.
        """
        check_is_fitted(self)
        if not self.adapted_:
            return super().predict(X)
        return self.classes_[self.predict_proba(X).argmax(axis=1)]

    @available_if(_is_as_fitted)
    def decision_function(self, X):
        """Return the decision function of the estimator, where predictions are its own.

        Parameters
        ----------
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)

        Returns
        -------
        decision : ndarray of shape (n_samples,) or (n_samples, n_classes)
        """
        return super().decision_function(X)
