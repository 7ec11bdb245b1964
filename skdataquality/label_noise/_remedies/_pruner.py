"""Drop rows with wrong labels: :class:`LabelErrorPruner`."""

from numbers import Integral, Real

from skdataquality.label_noise._remedies._detecting_sampler import DetectingSampler
from skdataquality.label_noise._remedies._pruning import prune
from skdataquality.utils._sklearn import HasMethods, Interval


class LabelErrorPruner(DetectingSampler):
    """Sampler that drops the rows a detector flags.

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
        If errors depend on the features, or the detector's models are weak: review the
        flagged rows.

    See Also
    --------
    LabelErrorCorrector : Gives the rows another label instead.
    NoisePruningClassifier : Prunes with the model that is then fitted.

    Notes
    -----
    Wrong where classes overlap by nature: it then sharpens a border that is not there.
    Always compare with doing nothing, by cross-validation.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from skdataquality.label_noise import LabelErrorPruner
    >>> X, y = load_iris(return_X_y=True)
    >>> y[0] = 2
    >>> pruner = LabelErrorPruner(random_state=0)
    >>> X_clean, y_clean = pruner.fit_resample(X, y)
    >>> pruner.lineage_.dropped[0]
    np.True_
    """

    _parameter_constraints: dict = {
        "detector": [HasMethods("fit"), None],
        "max_prune": [Interval(Real, 0, 1, closed="both")],
        "min_samples_per_class": [Interval(Integral, 1, None, closed="left")],
        "random_state": ["random_state"],
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

    def _act(self, codes, classes):
        return prune(
            self.detector_,
            codes,
            classes,
            max_share=self.max_prune,
            min_samples_per_class=self.min_samples_per_class,
        )
