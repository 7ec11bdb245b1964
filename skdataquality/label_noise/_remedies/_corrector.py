"""Give rows with wrong labels another one: :class:`LabelErrorCorrector`."""

from numbers import Integral, Real

from skdataquality.label_noise._remedies._detecting_sampler import DetectingSampler
from skdataquality.label_noise._remedies._pruning import correct
from skdataquality.utils._sklearn import HasMethods, Interval


class LabelErrorCorrector(DetectingSampler):
    """Sampler that gives the rows a detector flags the label it suggests.

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
        If errors depend on the features, or the detector's models are weak: review the
        flagged rows.

    See Also
    --------
    LabelErrorPruner : Drops the rows instead.
    NoisePruningClassifier : The same around a classifier, ``strategy="relabel"``.

    Notes
    -----
    Features never change, and the labels come back in the container of ``y``: list,
    array, pandas with its index and categories, polars. Where the suggestion is wrong
    as well, a row that pruning would lose misleads twice: a wrong label takes the place
    of another. Wrong where classes overlap by nature. Always compare with doing
    nothing, by cross-validation.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from sklearn.linear_model import LogisticRegression
    >>> from skdataquality.label_noise import LabelErrorCorrector, LabelErrorDetector
    >>> X, y = load_iris(return_X_y=True)
    >>> y[0] = 2  # a setosa called virginica
    >>> detector = LabelErrorDetector(LogisticRegression(max_iter=1000), random_state=0)
    >>> corrector = LabelErrorCorrector(detector)
    >>> X_same, y_mended = corrector.fit_resample(X, y)
    >>> y_mended[0], corrector.lineage_.relabelled[0]
    (np.int64(0), np.True_)
    """

    _parameter_constraints: dict = {
        "detector": [HasMethods("fit"), None],
        "max_correct": [Interval(Real, 0, 1, closed="both")],
        "min_samples_per_class": [Interval(Integral, 1, None, closed="left")],
        "random_state": ["random_state"],
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

    def _act(self, codes, classes):
        return correct(
            self.detector_,
            codes,
            classes,
            max_share=self.max_correct,
            min_samples_per_class=self.min_samples_per_class,
        )
