"""A classifier that cleans its own training labels: :class:`NoisePruningClassifier`."""

from numbers import Integral, Real

import numpy as np
from sklearn.utils.metaestimators import available_if

from skdataquality.compose import ClassifierWrapper, Edit
from skdataquality.compose._base import estimator_has
from skdataquality.label_noise._detectors import verdicts_of
from skdataquality.label_noise._remedies._pruning import (
    correct,
    fit_detector,
    prune,
    unfitted_detector,
    warn_unless_class_conditional,
)
from skdataquality.label_noise._remedies._quality_weighter import quality_weights
from skdataquality.label_noise._remedies._recalibration import calibration_after
from skdataquality.label_noise._remedies._soft_labels import soften
from skdataquality.lineage import Lineage
from skdataquality.utils._fits import default_fit
from skdataquality.utils._sklearn import HasMethods, Interval, StrOptions, take_rows
from skdataquality.utils._validation import encode_labels

STRATEGIES = {"prune", "relabel", "reweight", "soft", "none"}


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
        Unfitted. None is :class:`LabelErrorDetector` with its three families of
        models, which see more wrong labels than most estimators see of their own.
    strategy : {"prune", "relabel", "reweight", "soft", "none"}, default="prune"
        Leave out the rows that the detector calls prunable (``prunable_mask_``; of a
        detector without it, all that are flagged); give them their most probable
        class; weight every row
        by the quality of its label; repeat every row once per class, weighted by the
        probability that it truly belongs there (:func:`true_label_posterior`; copies
        below .001 are left out); or do nothing, which is the fit of the estimator to
        the bit. "reweight" and "soft" need an estimator that takes weights, "relabel" a
        detector with ``suggested_labels_``, "soft" one with ``pred_proba_`` and
        ``noise_matrix_``. Put "none" into every grid.
    max_prune : float, default=0.5
        Largest share of rows to prune or relabel, in [0, 1].
    min_samples_per_class : int, default=2
        Rows that keep their place and label in each class, the best first ("soft":
        that keep a copy with their label).
    calibrate : bool, default=True
        Whether to soften ``predict_proba`` where the edit made the model too sure
        (Notes). It costs five fits, and none where the edit changes nothing.
    keep_lineage : bool, default=True
        False keeps nothing that has a value for each training row: neither ``lineage_``
        nor ``detector_``, which a model in production does not need.
    random_state : int, RandomState instance or None, default=None
        For the folds of the default detector.

    Attributes
    ----------
    estimator_ : classifier
        Fitted on the edited rows.
    detector_ : fitted detector or None
        Its rows are those of positive weight.
    lineage_ : Lineage
        Which rows went, were repeated or got another label, and why.
    calibration_ : NoisyCalibration or None
        What ``predict_proba`` goes through: ``power`` below 1, to which probabilities
        are raised, and the ``noise_matrix`` that it was fitted with. None: nothing.
    classes_ : ndarray of shape (n_classes,)
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features_in_,)

    Warns
    -----
    FeatureDependentNoiseWarning
        If the detector finds that errors depend on the features, so that rows should be
        reviewed rather than edited.
    WeakModelWarning
        From :class:`LabelErrorDetector`, if most flags are its models' own errors.

    See Also
    --------
    LabelErrorPruner, LabelErrorCorrector : "prune" and "relabel" as samplers.
    LabelQualityWeighter : "reweight" as a weighter.

    Notes
    -----
    A person's word goes before that of the detector, also of one that takes none: a row
    verified right is never dropped or relabelled and has quality 1, one verified wrong
    is dropped ("prune"), gets the verified label ("relabel", "soft") or has quality 0
    ("reweight"). With more than two classes one of which only that it is wrong is known
    is left as it is by "relabel" and spread over the other classes by "soft".

    No prior is restored: the class shares without wrong labels are the better ones.
    Flagged and dropped are two things. Where overlap explains the flags as well,
    nothing is dropped or relabelled, and the fit is that of the estimator. "reweight"
    and "soft" act on every row; they hurt where the labels are clean and the classes
    overlap. Bagged forests bear some noise on their own: let a grid search choose, with
    "none" in it.

    An estimator that never meets the rows which contradict it is too sure. So each of
    five folds is predicted by a model of the edited rows outside it, and probabilities
    are raised to the power under which the given labels of all rows, dropped ones too,
    are likeliest, after they have passed through a noise matrix estimated with it. The
    matrix keeps what the noise does to labels out of the probabilities; 2 % of each
    class are left out of it, as a good model's own sure errors. ``predict`` stays as it
    is, and so does ``decision_function``. Wrong where errors depend on the features,
    which look like overlap: probabilities are then rather those of the given labels.
    "soft" is right for noise that depends on the true class alone; an estimator that
    splits its rows itself may meet copies of one row on both sides.

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
        "strategy": [StrOptions(STRATEGIES)],
        "max_prune": [Interval(Real, 0, 1, closed="both")],
        "min_samples_per_class": [Interval(Integral, 1, None, closed="left")],
        "calibrate": ["boolean"],
        "random_state": ["random_state"],
    }
    _of_training_rows = ("lineage_", "detector_")

    def __init__(
        self,
        estimator=None,
        *,
        detector=None,
        strategy="prune",
        max_prune=0.5,
        min_samples_per_class=2,
        calibrate=True,
        keep_lineage=True,
        random_state=None,
    ):
        self.estimator = estimator
        self.detector = detector
        self.strategy = strategy
        self.max_prune = max_prune
        self.min_samples_per_class = min_samples_per_class
        self.calibrate = calibrate
        self.keep_lineage = keep_lineage
        self.random_state = random_state

    def _is_nothing(self, context):
        return self.strategy == "none" or self.classes_.shape[0] < 2

    def _store(self, edit, context):
        self.detector_ = edit.remedy
        self.calibration_ = None

    def _after_fit(self, X, y, edit, context, params):
        even = edit.weight is None or np.ptp(edit.weight) == 0
        unchanged = even and edit.lineage.is_identity
        if unchanged or not self.calibrate or not hasattr(self, "predict_proba"):
            return
        with default_fit(self.estimator is None):
            self.calibration_ = calibration_after(
                edit,
                self.estimator_,
                X,
                encode_labels(y)[1],
                self.classes_,
                context,
                params,
            )

    @available_if(estimator_has("predict_proba"))
    def predict_proba(self, X):
        """Predict probabilities of the true classes.

        Parameters
        ----------
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)

        Returns
        -------
        proba : ndarray of shape (n_samples, n_classes)
            Columns follow ``classes_``; a class that the edit removed has 0.
            Recalibrated unless ``calibration_`` is None, which keeps their order in a
            row, so that ``predict`` agrees.
        """
        proba = super().predict_proba(X)
        if self.calibration_ is None:
            return proba
        known = np.isin(self.classes_, self.estimator_.classes_)
        calibrated = np.zeros(proba.shape)
        calibrated[:, known] = self.calibration_.true_proba(proba[:, known])
        return calibrated

    def _edit(self, X, y, context, progress):
        detector = unfitted_detector(self.detector, random_state=self.random_state)
        self._fit_with_progress(
            detector,
            progress,
            lambda: fit_detector(
                detector,
                X,
                y,
                sample_weight=context.sample_weight,
                groups=context.groups,
                verified=context.verified,
            ),
        )
        warn_unless_class_conditional(detector)
        lineage, labels, weight = self._act(detector, y, context)
        if lineage.is_identity or self.strategy == "relabel":
            return Edit(X, labels, lineage, weight=weight, remedy=detector)
        X = take_rows(X, lineage.origin)
        return Edit(X, labels, lineage, weight=weight, remedy=detector)

    def _act(self, detector, y, context):
        """Return lineage, labels and weights (or None) of the edited rows."""
        least = self.min_samples_per_class
        verified = context.verified
        if self.strategy == "soft":
            return soften(detector, y, min_samples_per_class=least, verified=verified)
        classes, codes = encode_labels(y)
        verdicts = verdicts_of(verified, codes, classes)
        if self.strategy == "reweight":
            weight = quality_weights(verdicts.scores(detector.sample_scores_))
            weight /= np.average(weight, weights=context.sample_weight)
            return Lineage.identity(y.shape[0]), y, weight
        limits = {"max_share": self.max_prune, "min_samples_per_class": least}
        if self.strategy == "relabel":
            lineage, codes = correct(detector, codes, classes, verdicts, **limits)
            return lineage, classes[codes], None
        lineage = prune(detector, codes, classes, verdicts, **limits)
        return lineage, y[lineage.origin], None
