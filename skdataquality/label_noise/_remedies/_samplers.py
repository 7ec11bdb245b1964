"""Row samplers that act on what a detector finds: they drop or relabel rows."""

from numbers import Integral, Real

from skdataquality.base import BaseRowSampler
from skdataquality.label_noise._detectors import verdicts_of, verdicts_on_numbers
from skdataquality.label_noise._remedies._pruning import (
    correct,
    fit_detector,
    prune,
    unfitted_detector,
    warn_unless_class_conditional,
    with_rows_of,
)
from skdataquality.utils._sklearn import HasMethods, Interval, fit_context
from skdataquality.verified import as_verified


class DetectingSampler(BaseRowSampler):
    """Row sampler with a ``detector`` and a ``random_state`` for the default one.

    A subclass has ``_act(codes, classes, verdicts)``, which returns from ``detector_``
    what ``_edit`` of a row sampler returns.
    """

    _parameter_constraints: dict = {
        "detector": [HasMethods("fit"), None],
        "random_state": ["random_state"],
    }

    def _get_detector(self):
        return unfitted_detector(self.detector, random_state=self.random_state)

    @fit_context(prefer_skip_nested_validation=False)
    def fit_resample(self, X, y, *, sample_weight=None, groups=None, verified=None):
        """Fit the detector and edit the rows.

        Parameters
        ----------
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
        y : array-like of shape (n_samples,)
        sample_weight : array-like of shape (n_samples,), default=None
            A weight k means that the row counts k times.
        groups : array-like of shape (n_samples,), default=None
            Groups that the folds of the detector keep together.
        verified : VerifiedLabels or array-like of shape (n_samples,), bool, \
                default=None
            Labels of some of exactly these rows that a person has checked, or a mask
            of the rows whose label is verified right.

        Returns
        -------
        X_resampled, y_resampled : same containers as X and y
        """
        return self._resample(
            X, y, sample_weight=sample_weight, groups=groups, verified=verified
        )

    def fit(self, X, y, **params):
        """Fit the detector; use ``fit_resample`` to get the rows.

        Parameters
        ----------
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
        y : array-like of shape (n_samples,)
        **params : dict
            ``sample_weight``, ``groups`` and ``verified``.

        Returns
        -------
        self : object
        """
        self.fit_resample(X, y, **params)
        return self

    def _edit(self, X, y, codes, classes, *, sample_weight, groups, verified):
        verified = as_verified(verified, y)
        if codes is None:
            verdicts = verdicts_on_numbers(verified, y)
        else:
            verdicts = verdicts_of(verified, codes, classes)
        self.detector_ = fit_detector(
            self._get_detector(),
            X,
            y,
            sample_weight=sample_weight,
            groups=groups,
            verified=verified,
        )
        warn_unless_class_conditional(self.detector_)
        return self._act(codes, classes, verdicts)

    def __sklearn_tags__(self):
        return with_rows_of(self._get_detector(), super().__sklearn_tags__())


class LabelErrorPruner(DetectingSampler):
    """Sampler that drops the rows whose label a detector finds wrong.

    Those are the ``prunable_mask_`` of the detector, not all that it flags for review;
    of a detector without that attribute, its ``issue_mask_``.

    Parameters
    ----------
    detector : detector, default=None
        Unfitted. None is :class:`LabelErrorDetector` with its default classifier.
    max_prune : float, default=0.5
        Largest share of rows to drop, in [0, 1]; beyond it only the worst go.
    min_samples_per_class : int, default=2
        Rows that stay in each class, the best first.
    random_state : int, RandomState instance or None, default=None
        For the default detector.

    Attributes
    ----------
    sample_indices_ : ndarray of shape (n_kept,), int
        Rows kept, in their order.
    lineage_ : Lineage
        Which rows went, and why.
    detector_ : fitted detector
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features_in_,)

    Warns
    -----
    ClassKeptWarning
        If a class would keep fewer than ``min_samples_per_class`` rows.
    FeatureDependentNoiseWarning
        If errors depend on the features: review the flagged rows.
    WeakModelWarning
        From :class:`LabelErrorDetector`, if most flags are its models' own errors.

    See Also
    --------
    LabelErrorCorrector : Gives the rows another label instead.
    NoisePruningClassifier : Prunes with the model that is then fitted.

    Notes
    -----
    A row that a person has verified right is never dropped; one verified wrong is, the
    first of all, and the lineage says "verified".

    With a foreign detector wrong where classes overlap by nature: it then sharpens a
    border that is not there. Models of what is left are too sure;
    :class:`NoisePruningClassifier` recalibrates them. Always compare with doing
    nothing, by cross-validation.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from skdataquality.label_noise import LabelErrorPruner
    >>> X, y = load_iris(return_X_y=True)
    >>> y[:50:5] = 2  # every fifth setosa is called virginica
    >>> pruner = LabelErrorPruner(random_state=0)
    >>> X_clean, y_clean = pruner.fit_resample(X, y)
    >>> bool(pruner.lineage_.dropped[:50:5].all())
    True
    """

    _parameter_constraints: dict = {
        **DetectingSampler._parameter_constraints,
        "max_prune": [Interval(Real, 0, 1, closed="both")],
        "min_samples_per_class": [Interval(Integral, 1, None, closed="left")],
    }

    def __init__(
        self,
        detector=None,
        *,
        max_prune=0.5,
        min_samples_per_class=2,
        random_state=None,
    ):
        self.detector = detector
        self.max_prune = max_prune
        self.min_samples_per_class = min_samples_per_class
        self.random_state = random_state

    def _act(self, codes, classes, verdicts):
        return prune(
            self.detector_,
            codes,
            classes,
            verdicts,
            max_share=self.max_prune,
            min_samples_per_class=self.min_samples_per_class,
        )


class LabelErrorCorrector(DetectingSampler):
    """Sampler that gives rows whose label is wrong the one that a detector suggests.

    Those are the ``prunable_mask_`` of the detector, not all that it flags for review;
    of a detector without that attribute, its ``issue_mask_``.

    Parameters
    ----------
    detector : detector, default=None
        Unfitted, with ``suggested_labels_`` once fitted. None is
        :class:`LabelErrorDetector` with its default classifier.
    max_correct : float, default=0.5
        Largest share of rows to relabel, in [0, 1]; beyond it only the worst are.
    min_samples_per_class : int, default=2
        Rows that keep their label in each class, the best first, so that no class
        vanishes.
    random_state : int, RandomState instance or None, default=None
        For the default detector.

    Attributes
    ----------
    sample_indices_ : ndarray of shape (n_samples,), int
        Every row, in its place.
    lineage_ : Lineage
        Which rows got another label; ``relabelled`` and ``change_reason`` name them.
    detector_ : fitted detector
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features_in_,)

    Warns
    -----
    ClassKeptWarning
        If a class would keep fewer than ``min_samples_per_class`` of its labels.
    FeatureDependentNoiseWarning
        If errors depend on the features: review the flagged rows.
    WeakModelWarning
        From :class:`LabelErrorDetector`, if most flags are its models' own errors.

    See Also
    --------
    LabelErrorPruner : Drops the rows instead.
    NoisePruningClassifier : The same around a classifier, ``strategy="relabel"``.

    Notes
    -----
    A row that a person has verified right keeps its label; one verified wrong gets the
    verified one, the first of all, and the lineage says "verified". With more than two
    classes one of which only that it is wrong is known stays as it is.

    Features never change, and the labels come back in the container of ``y``: list,
    array, pandas with its index and categories, polars. Where the suggestion is wrong
    as well, a row that pruning would lose misleads twice: a wrong label takes the place
    of another. With a foreign detector wrong where classes overlap by nature. Always
    compare with doing nothing, by cross-validation.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from skdataquality.label_noise import LabelErrorCorrector
    >>> X, y = load_iris(return_X_y=True)
    >>> y[:50:5] = 2  # every fifth setosa is called virginica
    >>> corrector = LabelErrorCorrector(random_state=0)
    >>> X_same, y_mended = corrector.fit_resample(X, y)
    >>> y_mended[0], corrector.lineage_.relabelled[0]
    (np.int64(0), np.True_)
    """

    _parameter_constraints: dict = {
        **DetectingSampler._parameter_constraints,
        "max_correct": [Interval(Real, 0, 1, closed="both")],
        "min_samples_per_class": [Interval(Integral, 1, None, closed="left")],
    }

    def __init__(
        self,
        detector=None,
        *,
        max_correct=0.5,
        min_samples_per_class=2,
        random_state=None,
    ):
        self.detector = detector
        self.max_correct = max_correct
        self.min_samples_per_class = min_samples_per_class
        self.random_state = random_state

    def _act(self, codes, classes, verdicts):
        return correct(
            self.detector_,
            codes,
            classes,
            verdicts,
            max_share=self.max_correct,
            min_samples_per_class=self.min_samples_per_class,
        )
