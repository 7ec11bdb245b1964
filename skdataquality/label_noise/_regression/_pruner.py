"""Drop rows with wrong values: :class:`RegressionErrorPruner`."""

from numbers import Real

import numpy as np
from sklearn.base import clone

from skdataquality.label_noise._regression._detector import RegressionErrorDetector
from skdataquality.label_noise._remedies import DetectingSampler, prune
from skdataquality.utils._sklearn import Interval, StrOptions


class RegressionErrorPruner(DetectingSampler):
    """Sampler that drops the rows whose value, a number, a detector flags.

    Parameters
    ----------
    detector : detector, default=None
        Unfitted. None is :class:`RegressionErrorDetector` with its default regressor.
    max_prune : float, default=0.5
        Largest share of rows to drop, in [0, 1]; beyond it only the worst go.
    target_type : {"continuous", "discrete"}, default="continuous"
        "discrete" is for a few numbers that are classes as well, such as ratings: a
        continuous y is then refused, and one row of each class stays.
        :class:`~skdataquality.compose.RemediedRegressor` sets "continuous".
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

    See Also
    --------
    RegressionErrorDetector : What it asks.
    LabelErrorPruner : For class labels.

    Notes
    -----
    Wrong where large residuals are what is to be learned, as with rare real peaks that
    X does not announce. Always compare with doing nothing, by cross-validation.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.linear_model import LinearRegression
    >>> from skdataquality.compose import RemediedRegressor
    >>> from skdataquality.label_noise import (
    ...     RegressionErrorDetector,
    ...     RegressionErrorPruner,
    ... )
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(200, 2))
    >>> y = X @ [2.0, 1.0] + 0.1 * rng.normal(size=200)
    >>> y[:5] += 10
    >>> pruner = RegressionErrorPruner(
    ...     RegressionErrorDetector(LinearRegression(), random_state=0)
    ... )
    >>> RemediedRegressor(LinearRegression(), pruner).fit(X, y).lineage_
    Lineage(200 rows in, 195 out: 195 kept, 5 dropped)
    """

    _default_detector = "RegressionErrorDetector"
    _parameter_constraints: dict = {
        **DetectingSampler._parameter_constraints,
        "max_prune": [Interval(Real, 0, 1, closed="both")],
        "target_type": [StrOptions({"continuous", "discrete"})],
    }

    def __init__(
        self,
        detector=None,
        *,
        max_prune=0.5,
        target_type="continuous",
        random_state=None,
    ):
        self.detector = detector
        self.max_prune = max_prune
        self.target_type = target_type
        self.random_state = random_state

    def _get_detector(self):
        if self.detector is None:
            return RegressionErrorDetector(random_state=self.random_state)
        return clone(self.detector)

    def _act(self, codes, classes, verdicts):
        if codes is None:  # continuous: all rows are of one kind
            codes = np.zeros(self.detector_.issue_mask_.shape[0], dtype=np.intp)
            classes = np.array(["any"])
        return prune(
            self.detector_,
            codes,
            classes,
            verdicts,
            max_share=self.max_prune,
            min_samples_per_class=1,
        )
