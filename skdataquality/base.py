"""What detectors, row samplers and weighters are; base classes of our own.

A *remedy* is a row sampler (``fit_resample``, imbalanced-learn's protocol), a
weighter (``fit``, then ``sample_weight_`` and ``predict_weight``), or a chain of them.
Any object that has these methods is accepted, whatever its class.
"""

import warnings
from typing import Any, Protocol, runtime_checkable

import numpy as np
import scipy.sparse as sp
from imblearn.base import BaseSampler
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted, indexable

from skdataquality.exceptions import ClassKeptWarning
from skdataquality.utils._lens import LensResult, Number, Prediction
from skdataquality.utils._saving import PersistenceMixin
from skdataquality.utils._sklearn import fit_context, num_samples, take_rows
from skdataquality.utils._stats import Interval, effective_sample_size
from skdataquality.utils._validation import (
    as_label_array,
    check_same_length,
    check_table,
    check_weights,
    encode_labels,
    is_one_hot,
)

__all__ = [
    "SKOPS_TYPES",
    "BaseRowSampler",
    "BaseWeighter",
    "Detector",
    "Interval",
    "LensResult",
    "Number",
    "Prediction",
    "RowSampler",
    "Weighter",
    "protect_classes",
]


# By name, for `skops.io.load(file, trusted=SKOPS_TYPES)`: what estimators of this
# package hold when they are saved. None of them runs code when it is loaded.
SKOPS_TYPES = (
    "skdataquality.active_learning._curation._selector.DiversitySelector",
    "skdataquality.active_learning._marks._part_labels.PartLabels",
    "skdataquality.active_learning._strategies._badge.BadgeQuery",
    "skdataquality.active_learning._strategies._diverse_margin.DiverseMarginQuery",
    "skdataquality.active_learning._strategies._k_center.KCenterQuery",
    "skdataquality.active_learning._marks._part_numbers.PartNumbers",
    "skdataquality.active_learning._strategies._committee.CommitteeQuery",
    "skdataquality.active_learning._strategies._members.Member",
    "skdataquality.active_learning._strategies._random.RandomQuery",
    "skdataquality.active_learning._strategies._typicality.TypicalityQuery",
    "skdataquality.active_learning._strategies._uncertainty.UncertaintyQuery",
    "skdataquality.compose._chain.RemedyChain",
    "skdataquality.compose._remedied.RemediedClassifier",
    "skdataquality.compose._remedied.RemediedRegressor",
    "skdataquality.compose._usable_columns.UsableColumns",
    "skdataquality.duplicates._detection._detector.DuplicateDetector",
    "skdataquality.duplicates._detection._pairs.DuplicatePairs",
    "skdataquality.duplicates._remedies._deduplicator.Deduplicator",
    "skdataquality.duplicates._remedies._splitter.DuplicateGroupKFold",
    "skdataquality.imbalance._adjusters._logit_adjusted.LogitAdjustedClassifier",
    "skdataquality.imbalance._adjusters._tuned_offsets.TunedOffsetClassifierCV",
    "skdataquality.imbalance._samplers._edited_nearest_neighbours.EditedNearestNeighbours",
    "skdataquality.imbalance._samplers._tomek_links.TomekLinks",
    "skdataquality.imbalance._samplers._smote.SMOTE",
    "skdataquality.imbalance._weights._class_balance.ClassBalanceWeighter",
    "skdataquality.label_noise._audit._audit.LabelAudit",
    "skdataquality.label_noise._audit._plan.AuditPlan",
    "skdataquality.label_noise._detectors._default_ensemble.NeighborVotes",
    "skdataquality.label_noise._detectors._detector.LabelErrorDetector",
    "skdataquality.label_noise._detectors._knn_outliers.KNNOutlierDetector",
    "skdataquality.label_noise._flags._noisy_calibration.NoisyCalibration",
    "skdataquality.label_noise._flags._plateau.NoisePlateau",
    "skdataquality.label_noise._losses._forward.ForwardCorrectedLogisticRegression",
    "skdataquality.label_noise._regression._detector.RegressionErrorDetector",
    "skdataquality.label_noise._regression._pruner.RegressionErrorPruner",
    "skdataquality.label_noise._regression._residuals.ResidualModel",
    "skdataquality.label_noise._remedies._pruning_classifier.NoisePruningClassifier",
    "skdataquality.label_noise._remedies._quality_weighter.LabelQualityWeighter",
    "skdataquality.label_noise._remedies._samplers.LabelErrorCorrector",
    "skdataquality.label_noise._remedies._samplers.LabelErrorPruner",
    "skdataquality.leakage._selector.LeakyColumnSelector",
    "skdataquality.lineage.Lineage",
    "skdataquality.provenance._lineage._steps.TracedStep",
    "skdataquality.provenance._lineage._tracked_pipeline.TrackedPipeline",
    "skdataquality.provenance._attribution._estimator.ErrorAttribution",
    "skdataquality.review._batch.ReviewBatch",
    "skdataquality.review._queue.LabelReviewQueue",
    "skdataquality.review._reviewed.ReviewedLabels",
    "skdataquality.review._rows.ReviewedRows",
    "skdataquality.review._stop.ReviewStop",
    "skdataquality.shift._importance_resampler.ImportanceResampler",
    "skdataquality.compose._calibration.TemperatureScaling",
    "skdataquality.shift._label_shift._classifier.LabelShiftClassifier",
    "skdataquality.shift._label_shift._cross_fitted.CrossFitted",
    "skdataquality.shift._label_shift._estimator.LabelShiftEstimator",
    "skdataquality.shift._label_shift._prior.PriorShift",
    "skdataquality.shift._label_shift._weighter.LabelShiftWeighter",
    "skdataquality.shift._ratios._candidates.Blend",
    "skdataquality.shift._ratios._candidates.Squares",
    "skdataquality.shift._detection._detector.ShiftDetector",
    "skdataquality.shift._ratios._discriminator.DiscriminatorWeighter",
    "skdataquality.shift._ratios._encoder.RowEncoder",
    "skdataquality.shift._ratios._kernels.BasisRatio",
    "skdataquality.shift._ratios._kliep.KLIEPWeighter",
    "skdataquality.shift._ratios._kmm.KMMWeighter",
    "skdataquality.shift._ratios._rulsif.RuLSIFWeighter",
    "skdataquality.shift._ratios._ulsif.ULSIFWeighter",
    "skdataquality.shift._targets._domain.PooledColumns",
    "skdataquality.shift._targets._target_data.TargetData",
    "skdataquality.shift._weighted.ShiftWeightedClassifier",
    "skdataquality.shift._weighted.ShiftWeightedRegressor",
    "skdataquality.utils._folds._classes.OutOfFold",
    "skdataquality.utils._frames._readings.Reading",
    "skdataquality.utils._stats._interval.Interval",
    "skdataquality.verified.VerifiedLabels",
)


@runtime_checkable
class RowSampler(Protocol):
    """Drops, adds or relabels training rows."""

    def fit_resample(self, X: Any, y: Any) -> tuple[Any, Any]:
        """Return the edited rows and labels."""


@runtime_checkable
class Weighter(Protocol):
    """Weights training rows; sets ``sample_weight_`` in ``fit``."""

    def fit(self, X: Any, y: Any = None) -> Any:
        """Learn the weights."""

    def predict_weight(self, X: Any, y: Any = None) -> Any:
        """Return the weights of new rows."""


@runtime_checkable
class Detector(Protocol):
    """Scores rows without changing them; higher ``sample_scores_`` is better."""

    sample_scores_: Any
    issue_mask_: Any

    def fit(self, X: Any, y: Any) -> Any:
        """Score the rows."""


class BaseRowSampler(PersistenceMixin, BaseSampler):
    """Base of samplers that select rows of whatever container they are given.

    A subclass implements ``_edit(X, y, codes, classes, *, sample_weight, groups)`` and
    returns a :class:`~skdataquality.lineage.Lineage`; one that relabels returns it with
    the class codes, shape (n_out,), of the rows that are left. It sees checked data;
    the rows are then taken from the user's own objects, so that a pandas index, polars,
    sparse, text and NaN come back as they went in.
    """

    _sampling_type = "bypass"
    _parameter_constraints: dict = {}

    # Whether the sampler moves class shares on purpose. Removing wrong rows moves them
    # too, but then the new shares are the better estimate and must not be undone.
    _alters_class_prior = False
    _needs_labels = True

    def __init__(self):
        """Take no ``sampling_strategy``, unlike imbalanced-learn's base."""

    @property
    def sampling_strategy(self):
        """Not a parameter here; imbalanced-learn reads it."""
        return "auto"

    @property
    def sample_indices_(self):
        """Input row that each row left is."""
        return self.lineage_.origin

    def _targets(self, codes, classes):
        """Return ``sampling_strategy_``: the rows of each class that is sampled."""
        return {}

    def _accepts_continuous(self):
        return getattr(self, "target_type", "discrete") == "continuous"

    def _check(self, X, y):
        """Return checked X, and y as labels (classes, codes) or as numbers."""
        table = check_table(self, X, y)
        if y is None and not self._needs_labels:
            return table, None, None, None
        if y is None:
            raise ValueError(
                f"{self.__class__.__name__} requires y to be passed, but the target y "
                f"is None."
            )
        check_same_length(X=X, y=y)
        if self._accepts_continuous():
            return table, np.asarray(y), None, None
        if is_one_hot(y):
            y = np.asarray(y).argmax(axis=1)
        classes, codes = encode_labels(y)
        if classes.shape[0] < 2:
            raise ValueError(
                f"y has 1 class ({classes.tolist()[0]!r}) in {codes.shape[0]} row(s); "
                f"{self.__class__.__name__} needs at least 2."
            )
        return table, classes[codes], codes, classes

    @fit_context(prefer_skip_nested_validation=False)
    def fit(self, X, y=None, **params):
        """Check the input; use ``fit_resample`` for everything else.

        Parameters
        ----------
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
        y : array-like of shape (n_samples,)
        **params : dict
            Ignored.

        Returns
        -------
        self : object
        """
        _, _, codes, classes = self._check(X, y)
        self.sampling_strategy_ = self._targets(codes, classes)
        return self

    @fit_context(prefer_skip_nested_validation=False)
    def fit_resample(self, X, y, *, sample_weight=None, groups=None):
        """Edit the training rows.

        Parameters
        ----------
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
        y : array-like of shape (n_samples,)
        sample_weight : array-like of shape (n_samples,), default=None
            A weight k means that the row counts k times.
        groups : array-like of shape (n_samples,), default=None
            Groups that cross-validation inside the sampler keeps together.

        Returns
        -------
        X_resampled, y_resampled : same containers as X and y
        """
        return self._resample(X, y, sample_weight=sample_weight, groups=groups)

    def _resample(self, X, y, *, sample_weight, groups, **metadata):
        """Edit the rows; ``metadata`` is what else ``_edit`` takes."""
        table, labels, codes, classes = self._check(X, y)
        check_same_length(X=X, sample_weight=sample_weight, groups=groups)
        X = X if sp.issparse(X) else indexable(X)[0]  # which would make it csr
        y, groups = indexable(y, groups)
        edit = self._edit(
            table,
            labels,
            codes,
            classes,
            sample_weight=check_weights(sample_weight, num_samples(table)),
            groups=groups,
            **metadata,
        )
        lineage, new_codes = edit if isinstance(edit, tuple) else (edit, None)
        self.sampling_strategy_ = self._targets(codes, classes)
        self.lineage_ = lineage
        if new_codes is None:
            y_left = None if y is None else take_rows(y, lineage.origin)
            return take_rows(X, lineage.origin), y_left
        return take_rows(X, lineage.origin), relabel(y, lineage, codes, new_codes)

    def _fit_resample(self, X, y, **params):  # pragma: no cover
        raise TypeError("fit_resample is implemented without this hook")

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.sampler_tags.sample_indices = True
        tags.target_tags.required = self._needs_labels
        tags.input_tags.allow_nan = True
        tags.input_tags.string = True
        return tags


def relabel(y, lineage, codes, new_codes):
    """Take the labels of edited rows from y, so that every container works.

    ``codes`` are the classes of y, ``new_codes`` those of the rows that are left.
    """
    row_of_class = np.unique(codes, return_index=True)[1]
    is_own = ~lineage.relabelled & (lineage.origin >= 0)
    labels = take_rows(y, np.where(is_own, lineage.origin, row_of_class[new_codes]))
    if not hasattr(y, "iloc"):
        return labels
    if (lineage.origin < 0).any():  # a row that was made has no index
        return labels.reset_index(drop=True)
    return labels.set_axis(y.index[lineage.origin])


def protect_classes(drop, codes, classes, *, trust, minimum):
    """Take rows back from a drop mask until every class keeps a minimum.

    Parameters
    ----------
    drop : ndarray of shape (n_samples,), bool
        Rows to drop; not modified.
    codes : ndarray of shape (n_samples,), int
        Class of each row.
    classes : ndarray of shape (n_classes,)
    trust : ndarray of shape (n_samples,)
        The most trusted rows come back first (higher is better; ties: lowest row).
    minimum : int
        Rows that stay in each class (all of them in a smaller class).

    Returns
    -------
    drop : ndarray of shape (n_samples,), bool

    Warns
    -----
    ClassKeptWarning
        Names the classes from which rows were taken back.
    """
    size = np.bincount(codes, minlength=classes.shape[0])
    kept = np.bincount(codes[~drop], minlength=classes.shape[0])
    wanted = np.minimum(size, minimum)
    short = np.flatnonzero(kept < wanted)
    if short.size == 0:
        return drop
    drop = drop.copy()
    for code in short:
        rows = np.flatnonzero(drop & (codes == code))
        best = rows[np.argsort(-trust[rows], kind="stable")]
        drop[best[: wanted[code] - kept[code]]] = False
    names = ", ".join(repr(label) for label in classes[short].tolist())
    warnings.warn(
        f"class(es) {names} would keep fewer than {minimum} row(s); the most trusted "
        f"rows stay. Lower min_samples_per_class to remove more.",
        ClassKeptWarning,
        stacklevel=2,
    )
    return drop


class BaseWeighter(PersistenceMixin, BaseEstimator):
    """Base of estimators that weight training rows and change none.

    A subclass implements ``_fit_weights(X, y, sample_weight, X_target)``, the raw
    weights of the training rows, and ``_raw_weights(X, y)``, those of new rows. One
    whose methods take other metadata hands it to ``_learn`` and ``_weigh_new``.
    """

    _parameter_constraints: dict = {}
    _alters_class_prior = False
    _needs_labels = False

    @fit_context(prefer_skip_nested_validation=False)
    def fit(self, X, y=None, *, sample_weight=None, X_target=None):
        """Learn the weights of the training rows.

        Parameters
        ----------
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
        y : array-like of shape (n_samples,), default=None
        sample_weight : array-like of shape (n_samples,), default=None
            A weight k means that the row counts k times. The learned weights multiply
            it: their mean weighted by it is 1.
        X_target : TargetData, default=None
            Rows from where the model will be used; weighters of labels ignore it.

        Returns
        -------
        self : object
        """
        return self._learn(X, y, sample_weight, X_target=X_target)

    def _learn(self, X, y, sample_weight, **metadata):
        table = check_table(self, X, y)
        check_same_length(X=X, y=y, sample_weight=sample_weight)
        n = num_samples(table)
        given = check_weights(sample_weight, n)
        raw = self._fit_weights(table, self._check_y(y), given, **metadata)
        self._scale = 1 / np.average(raw, weights=given)
        self.sample_weight_ = raw * self._scale
        total = self.sample_weight_ if given is None else self.sample_weight_ * given
        self.effective_sample_size_ = effective_sample_size(total)
        return self

    def predict_weight(self, X, y=None):
        """Weight new rows on the scale of the training rows.

        Parameters
        ----------
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
        y : array-like of shape (n_samples,), default=None
            Needed by weighters of labels.

        Returns
        -------
        weight : ndarray of shape (n_samples,), float64
            Non-negative; 1 is the mean over the training rows.
        """
        return self._weigh_new(X, y)

    def _weigh_new(self, X, y, **metadata):
        check_is_fitted(self)
        table = check_table(self, X, y, reset=False)
        check_same_length(X=X, y=y)
        return self._raw_weights(table, self._check_y(y), **metadata) * self._scale

    def _check_y(self, y):
        if not self._needs_labels:
            return y
        if y is None:
            raise ValueError(
                f"{self.__class__.__name__} weights rows by label and got y=None: it "
                f"requires y to be passed, but the target y is None."
            )
        return as_label_array(y)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.input_tags.allow_nan = True
        tags.input_tags.string = True
        tags.target_tags.required = self._needs_labels
        return tags
