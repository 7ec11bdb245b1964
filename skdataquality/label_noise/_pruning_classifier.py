"""A classifier that cleans its own training labels: :class:`NoisePruningClassifier`."""

from numbers import Integral, Real

import numpy as np
from sklearn.base import clone

from skdataquality.compose._base import ClassifierWrapper
from skdataquality.compose._edit import Edit
from skdataquality.label_noise._detector import LabelErrorDetector
from skdataquality.label_noise._pruning import fit_detector, rows_to_prune
from skdataquality.lineage import Lineage, Reason
from skdataquality.utils._sklearn import HasMethods, Interval, StrOptions, take_rows


class NoisePruningClassifier(ClassifierWrapper):
    """Classifier fitted without, or with mended, labels that look wrong.

    Training rows are scored out of fold, by models that did not see them; the
    estimator is then fitted on what is left. Rows to predict are never touched.

    Parameters
    ----------
    estimator : classifier, default=None
        None is a small regularised
        :class:`~sklearn.ensemble.HistGradientBoostingClassifier`.
    detector : detector, default=None
        Unfitted. None is :class:`LabelErrorDetector` around a clone of ``estimator``.
    strategy : {"prune", "relabel", "reweight", "none"}, default="prune"
        Leave flagged rows out; give them their most probable class; weight every row
        by the quality of its label; or do nothing, which is the fit of the estimator
        to the bit. Put "none" into every grid.
    max_prune : float, default=0.5
        Largest share of rows to prune or relabel, in [0, 1].
    min_samples_per_class : int, default=2
        Rows that keep their place and label in each class, the best first.
    random_state : int, RandomState instance or None, default=None
        For the folds of the default detector.

    Attributes
    ----------
    estimator_ : classifier
        Fitted on the edited rows.
    detector_ : fitted detector or None
        Its rows are those of positive weight.
    lineage_ : Lineage
        Which rows went or got another label, and why.
    classes_ : ndarray of shape (n_classes,)
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features_in_,)

    See Also
    --------
    LabelErrorPruner : The same as a sampler.

    Notes
    -----
    No prior is restored: the class shares without wrong labels are the better ones.
    Pruning hurts where classes overlap by nature or the labels are clean, and bagged
    forests bear some noise on their own: let a grid search choose, with "none" in it.

    Examples
    --------
    >>> from sklearn.datasets import load_breast_cancer
    >>> from sklearn.linear_model import LogisticRegression
    >>> from sklearn.pipeline import make_pipeline
    >>> from sklearn.preprocessing import StandardScaler
    >>> from skdataquality.label_noise import NoisePruningClassifier
    >>> X, y = load_breast_cancer(return_X_y=True)
    >>> y[::10] = 1 - y[::10]  # every tenth label is wrong
    >>> pipe = make_pipeline(StandardScaler(), LogisticRegression())
    >>> clf = NoisePruningClassifier(pipe, random_state=0).fit(X, y)
    >>> bool(clf.lineage_.dropped[::10].mean() > 0.9)
    True
    """

    _parameter_constraints: dict = {
        **ClassifierWrapper._parameter_constraints,
        "detector": [HasMethods("fit"), None],
        "strategy": [StrOptions({"prune", "relabel", "reweight", "none"})],
        "max_prune": [Interval(Real, 0, 1, closed="both")],
        "min_samples_per_class": [Interval(Integral, 1, None, closed="left")],
        "random_state": ["random_state"],
    }

    def __init__(
        self,
        estimator=None,
        *,
        detector=None,
        strategy="prune",
        max_prune=0.5,
        min_samples_per_class=2,
        random_state=None,
    ):
        self.estimator = estimator
        self.detector = detector
        self.strategy = strategy
        self.max_prune = max_prune
        self.min_samples_per_class = min_samples_per_class
        self.random_state = random_state

    def _is_nothing(self, context):
        return self.strategy == "none" or self.classes_.shape[0] < 2

    def _store(self, edit, context):
        self.detector_ = edit.remedy

    def _get_detector(self):
        if self.detector is None:
            return LabelErrorDetector(
                self._get_estimator(), random_state=self.random_state
            )
        return clone(self.detector)

    def _edit(self, X, y, context, progress):
        detector = self._get_detector()
        self._fit_with_progress(
            detector,
            progress,
            lambda: fit_detector(
                detector,
                X,
                y,
                sample_weight=context.sample_weight,
                groups=context.groups,
            ),
        )
        if self.strategy == "reweight":
            return self._reweight(X, y, detector, context)
        flagged = rows_to_prune(
            detector,
            np.searchsorted(self.classes_, y),
            self.classes_,
            max_prune=self.max_prune,
            min_samples_per_class=self.min_samples_per_class,
        )
        if self.strategy == "relabel":
            return self._relabel(X, y, flagged, detector)
        rows = np.flatnonzero(~flagged)
        lineage = Lineage.from_selection(
            rows, n_in=y.shape[0], drop_reason=Reason.LABEL_ISSUE
        )
        return Edit(take_rows(X, rows), y[rows], lineage, remedy=detector)

    def _relabel(self, X, y, flagged, detector):
        labels = np.where(flagged, detector.suggested_labels_, y)
        lineage = Lineage.from_selection(
            np.arange(y.shape[0]),
            n_in=y.shape[0],
            relabelled=labels != y,
            change_reason=Reason.LABEL_ISSUE,
        )
        return Edit(X, labels, lineage, remedy=detector)

    def _reweight(self, X, y, detector, context):
        quality = detector.sample_scores_
        quality = np.where(np.isnan(quality), np.nanmean(quality), quality)
        mean = np.average(quality, weights=context.sample_weight)
        lineage = Lineage.identity(y.shape[0])
        return Edit(X, y, lineage, weight=quality / mean, remedy=detector)
