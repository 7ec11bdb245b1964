"""An estimator fitted on what a remedy leaves of its training rows."""

from typing import Any

import numpy as np
from sklearn.utils.metaestimators import available_if

from skdataquality.compose._base import BaseWrapper, estimator_has
from skdataquality.compose._edit import edit_rows
from skdataquality.compose._prior_calibration import (
    averages_votes,
    calibrate_on_held_out,
    calibrated_proba,
    is_right_on_average,
    misses_the_prior,
)
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
    calibration : {"auto"}, int, splitter or None, default="auto"
        Whether a prior is restored by calibration on held-out rows instead of by
        arithmetic, see Notes. "auto": where the arithmetic is known not to hold, by
        five stratified folds, which cost five more fits (three, if a class has six
        rows). A number of folds or a splitter: always. None: never, which is enough
        where only decisions count.
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
    prior_correction_ : {"none", "analytic", "calibrated"}
        How ``predict_proba`` came to refer to ``class_prior_``: it is that of the
        edited rows, or was restored by arithmetic or by calibration.
    calibration_ : TemperatureScaling or None
        Of the probabilities of ``estimator_``; None unless "calibrated".
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

    The arithmetic multiplies the odds of classes by the ratio of their shares before
    and after [1]_. It is exact for a model that is calibrated for the rows it was
    fitted on, if the remedy left P(x | y) alone: weights that are the same for all rows
    of a class, and imbalanced-learn's RandomOverSampler and RandomUnderSampler. With
    ``calibration="auto"`` all else is calibrated:

    - rows made or altered (SMOTE), or chosen by what they hold (edited nearest
      neighbours, NearMiss), by a sampler that moves class shares on purpose. A sampler
      that says nothing of how it chooses rows counts among these;
    - models that average members fitted on rows drawn for each, which have a parameter
      ``bootstrap``: forests, bagging. Their votes are no probabilities of the edited
      rows, and since scikit-learn 1.9 they take weights as those of the drawing;
    - fits on so few rows that they are too sure of themselves. Rows that an
      under-sampler dropped tell, since the fit has not seen them: the mean restored
      probability of a class, over all training rows, is more than 15 % off its share;
    - after weights or over-sampling, where no row was left to tell, models other than
      linear ones and :class:`~sklearn.calibration.CalibratedClassifierCV`: boosting,
      trees and neighbours know the rows of the fit too well, above all the rare ones.

    Calibration is temperature scaling with a bias for each class [2]_, for two classes
    Platt's, by the log-loss, of folds in which the remedy edits the training part
    alone. Groups that are passed stay whole, unless they are columns of a table, or are
    what a weighter balances. The order of probabilities of two classes stays. It holds
    the prior of the data, so no other correction is made, but for a ``prior`` that was
    given. If a class has fewer than six rows (or groups), or a remedy fails on part of
    the rows, or a splitter cannot part them, a warning says so and the arithmetic
    stays.

    References
    ----------
    .. [1] C. Elkan, "The foundations of cost-sensitive learning", IJCAI 2001, Th. 2.
    .. [2] A. Alexandari, A. Kundaje, A. Shrikumar, "Maximum likelihood with
       bias-corrected calibration is hard-to-beat at label shift adaptation", ICML 2020.

    Examples
    --------
    >>> from imblearn.under_sampling import RandomUnderSampler
    >>> from sklearn.datasets import make_classification
    >>> from sklearn.linear_model import LogisticRegression
    >>> from skdataquality.compose import RemediedClassifier
    >>> X, y = make_classification(1000, 4, weights=[0.9], flip_y=0, random_state=0)
    >>> clf = RemediedClassifier(
    ...     LogisticRegression(), RandomUnderSampler(random_state=0)
    ... ).fit(X, y)
    >>> clf.lineage_
    Lineage(1000 rows in, 198 out: 198 kept, 802 dropped)
    >>> clf.train_prior_, clf.class_prior_
    (array([0.5, 0.5]), array([0.901, 0.099]))
    >>> clf.prior_correction_
    'analytic'
    >>> from imblearn.over_sampling import SMOTE
    >>> RemediedClassifier(LogisticRegression(), SMOTE()).fit(X, y).prior_correction_
    'calibrated'
    """

    _parameter_constraints: dict = {
        **_Remedied._parameter_constraints,
        "prior": [StrOptions({"original", "resampled"}), dict],
        "decision": [StrOptions({"resampled", "proba"})],
        "calibration": [StrOptions({"auto"}), "cv_object"],
    }

    def __init__(
        self,
        estimator=None,
        remedy=None,
        *,
        prior="original",
        decision="resampled",
        calibration="auto",
        keep_lineage=True,
    ):
        self.estimator = estimator
        self.remedy = remedy
        self.prior = prior
        self.decision = decision
        self.calibration = calibration
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
        is_moved = self.class_prior_ is not self.train_prior_
        self.prior_correction_ = "analytic" if is_moved else "none"
        self.calibration_ = None

    def _after_fit(self, X, y, edit, context, params):
        if not hasattr(self, "predict_proba"):
            self.prior_correction_ = "none"
        if self.prior_correction_ == "none":
            return
        if not self._is_to_calibrate(X, y, edit, context):
            return
        found = calibrate_on_held_out(self, X, y, edit, context)
        if found is not None:
            self.calibration_, self._held_out_prior = found
            self.prior_correction_ = "calibrated"

    def _is_to_calibrate(self, X, y, edit, context):
        if self.calibration is None or np.count_nonzero(self.train_prior_) < 2:
            return False
        if not isinstance(self.calibration, str):
            return True
        if edit.prior_ratio is None:  # no remedy moved a prior: nothing to restore
            return False
        if not edit.within_class_kept:
            return True
        present = edit.prior_ratio > 0
        if np.allclose(edit.prior_ratio[present], 1, rtol=1e-9):
            return False
        if averages_votes(self.estimator_):
            return True
        misses = misses_the_prior(self, X, y, edit, context)
        if misses is not None:
            return misses
        return not is_right_on_average(self.estimator_, edit.lineage)

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
        if self.prior_correction_ == "none":
            return proba
        if self.calibration_ is not None:
            return calibrated_proba(
                self.calibration_, proba, self._held_out_prior, self.class_prior_
            )
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
        chosen = self.predict_proba(X).argmax(axis=1)
        return self.classes_[chosen]


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
