"""Estimators fitted for the rows they will meet."""

import numpy as np
from sklearn.base import clone
from sklearn.utils.validation import has_fit_parameter

from skdataquality.compose import (
    BaseWrapper,
    ClassifierWrapper,
    Edit,
    RegressorWrapper,
)
from skdataquality.lineage import Lineage
from skdataquality.shift._ratios import DiscriminatorWeighter
from skdataquality.shift._targets import choose_target
from skdataquality.utils._sklearn import HasMethods, fit_context, num_samples


def fit_weighter(
    weighter, X, y, target, *, sample_weight=None, groups=None, random_state=None
):
    """Fit a clone of a weighter, or the default one, that then holds no target row."""
    weighter = (
        DiscriminatorWeighter(random_state=random_state)
        if weighter is None
        else clone(weighter)
    )
    if not _takes_target(weighter):
        raise ValueError(
            f"weighter={weighter!r} ignores the target rows: use "
            f"DiscriminatorWeighter, or put this one in a RemediedClassifier."
        )
    if "X_target" in weighter.get_params(deep=False):
        weighter.set_params(X_target=None)  # so that no target row is stored
    named = {"groups": groups} if has_fit_parameter(weighter, "groups") else {}
    return weighter.fit(X, y, sample_weight=sample_weight, X_target=target, **named)


class _ShiftWeighted(BaseWrapper):
    """What the classifier and the regressor share."""

    _parameter_constraints: dict = {
        **BaseWrapper._parameter_constraints,
        "weighter": [HasMethods(["fit", "predict_weight"]), None],
        "X_target": "no_validation",  # checked with the cure in the message
        "random_state": ["random_state"],
    }

    _of_training_rows = ("lineage_", "weighter_")

    def __init__(
        self,
        estimator=None,
        *,
        weighter=None,
        X_target=None,
        keep_lineage=True,
        random_state=None,
    ):
        self.estimator = estimator
        self.weighter = weighter
        self.X_target = X_target
        self.keep_lineage = keep_lineage
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
        """Weight the training rows towards the target rows, then fit the estimator.

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
            Passed on to wrappers inside.
        verified : VerifiedLabels or array-like of shape (n_samples,), bool, \
                default=None
            Labels of some of exactly these rows that a person has checked, or a mask
            of the rows whose label is verified right. Passed on to wrappers inside.
        **params : dict
            Further metadata for the estimator; needs metadata routing.

        Returns
        -------
        self : object
        """
        target = choose_target(self.X_target, X_target, self)
        own = getattr(self.weighter, "X_target", None)
        target = choose_target(own, target, self)
        return self._fit(X, y, sample_weight, groups, verified, params, X_target=target)

    def _is_nothing(self, context):
        return context.X_target is None

    def _edit(self, X, y, context, progress):
        progress.call_on_fit_task_begin(estimator=self)
        weighter = fit_weighter(
            self.weighter,
            X,
            y,
            context.X_target,
            sample_weight=context.sample_weight,
            groups=context.groups,
            random_state=self.random_state,
        )
        progress.call_on_fit_task_end(estimator=self)
        return Edit(
            X,
            y,
            Lineage.identity(num_samples(X)),
            weight=np.asarray(weighter.sample_weight_),
            remedy=weighter,
        )

    def _store(self, edit, context):
        self.weighter_ = edit.remedy


def _takes_target(weighter):
    """Whether the weighter learns from target rows, not from labels alone."""
    if not has_fit_parameter(weighter, "X_target"):
        return False
    # weighters of labels share the signature of all, but hold no target rows
    holds = "X_target" in weighter.get_params(deep=False)
    return holds or not getattr(weighter, "_needs_labels", False)


class ShiftWeightedClassifier(_ShiftWeighted, ClassifierWrapper):
    """Classifier fitted on training rows weighted towards the target rows.

    The OUTER estimator: wrap the whole pipeline, so that the weighter sees raw rows on
    both sides.

    Parameters
    ----------
    estimator : classifier, default=None
        Must take ``sample_weight``; for a pipeline its last step must. None is a small
        regularised :class:`~sklearn.ensemble.HistGradientBoostingClassifier`.
    weighter : weighter, default=None
        None is :class:`DiscriminatorWeighter`. Pass one to tune
        ``weighter__flatten``.
    X_target : TargetData, default=None
        Raw rows from where the model will be used. None means no correction: the fit
        of the estimator, to the bit.
    keep_lineage : bool, default=True
        False keeps nothing that has a value for each training row: neither ``lineage_``
        nor ``weighter_``, which a model in production does not need.
    random_state : int, RandomState instance or None, default=None
        For the default weighter.

    Attributes
    ----------
    estimator_ : classifier
        Fitted with the weights.
    weighter_ : fitted weighter or None
        By default it holds no target rows, but values of single cells, where its trees
        split; weighters of kernels hold rows, see Notes.
    lineage_ : Lineage
        The identity, but for rows of weight 0.
    classes_ : ndarray of shape (n_classes,)
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features_in_,)

    See Also
    --------
    TargetData : The handle in which target rows travel.

    Notes
    -----
    As a later step of a pipeline the training rows arrive transformed and the target
    rows raw. Another number of columns raises, lost names warn, and rows that cannot
    overlap warn; scaled rows of the same width are told only by that warning.
    ``set_params(X_target=None)`` before saving keeps ``predict`` and ships no target
    row, but for those in ``weighter_``: ``n_centers`` at most, standardised, of
    :class:`ULSIFWeighter`, :class:`RuLSIFWeighter` and :class:`KLIEPWeighter`
    (:class:`KMMWeighter` holds training rows). A ``weighter`` that was given target
    rows itself keeps them until ``set_params(weighter__X_target=None)``.
    ``keep_lineage=False`` leaves ``weighter_`` out. Wrong where P(y | x) changed.

    Examples
    --------
    >>> import warnings
    >>> import numpy as np
    >>> from sklearn.linear_model import LogisticRegression
    >>> from sklearn.pipeline import make_pipeline
    >>> from sklearn.preprocessing import StandardScaler
    >>> from skdataquality.shift import ShiftWeightedClassifier, TargetData
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(50, 5, size=(400, 2))
    >>> y = (X[:, 0] > 50).astype(int)
    >>> X_prod = rng.normal(52, 5, size=(300, 2))
    >>> clf = ShiftWeightedClassifier(
    ...     make_pipeline(StandardScaler(), LogisticRegression()),
    ...     X_target=TargetData(X_prod),
    ...     random_state=0,
    ... ).fit(X, y)
    >>> bool(0.5 < clf.weighter_.domain_auc_ < 0.9)
    True

    The trap: as a later step it compares scaled rows with raw ones.

    >>> trap = make_pipeline(
    ...     StandardScaler(),
    ...     ShiftWeightedClassifier(
    ...         LogisticRegression(), X_target=TargetData(X_prod), random_state=0
    ...     ),
    ... )
    >>> with warnings.catch_warnings(record=True) as caught:
    ...     warnings.simplefilter("always")
    ...     _ = trap.fit(X, y)
    >>> print(str(caught[0].message)[:43])
    training and target rows hardly overlap: do
    """


class ShiftWeightedRegressor(_ShiftWeighted, RegressorWrapper):
    """Regressor fitted on training rows weighted towards the target rows.

    Parameters
    ----------
    estimator : regressor, default=None
        Must take ``sample_weight``; for a pipeline its last step must. None is a small
        regularised :class:`~sklearn.ensemble.HistGradientBoostingRegressor`.
    weighter : weighter, default=None
        None is :class:`DiscriminatorWeighter`. Pass one to tune
        ``weighter__flatten``.
    X_target : TargetData, default=None
        Raw rows from where the model will be used. None means no correction: the fit
        of the estimator, to the bit.
    keep_lineage : bool, default=True
        False keeps nothing that has a value for each training row: neither ``lineage_``
        nor ``weighter_``, which a model in production does not need.
    random_state : int, RandomState instance or None, default=None
        For the default weighter.

    Attributes
    ----------
    estimator_ : regressor
        Fitted with the weights.
    weighter_ : fitted weighter or None
        By default it holds no target rows, but values of single cells; weighters of
        kernels hold rows, see :class:`ShiftWeightedClassifier`.
    lineage_ : Lineage
        The identity, but for rows of weight 0.
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features_in_,)

    See Also
    --------
    ShiftWeightedClassifier : The same for classes, with the trap explained.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.linear_model import LinearRegression
    >>> from skdataquality.shift import ShiftWeightedRegressor, TargetData
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(400, 1))
    >>> target = TargetData(rng.normal(1.5, 0.5, size=(400, 1)))
    >>> reg = ShiftWeightedRegressor(
    ...     LinearRegression(), X_target=target, random_state=0
    ... ).fit(X, np.maximum(X[:, 0], 0))
    >>> bool(reg.estimator_.coef_[0] > 0.7)  # the slope where the target rows are is 1
    True
    """
