"""Drop rows with wrong labels: :class:`LabelErrorPruner`."""

from numbers import Integral, Real

import numpy as np
from sklearn.base import clone
from sklearn.utils import get_tags

from skdataquality.base import BaseRowSampler
from skdataquality.label_noise._detector import LabelErrorDetector
from skdataquality.label_noise._pruning import fit_detector, rows_to_prune
from skdataquality.lineage import Lineage, Reason
from skdataquality.utils._sklearn import HasMethods, Interval


class LabelErrorPruner(BaseRowSampler):
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

    See Also
    --------
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

    def _get_detector(self):
        if self.detector is None:
            return LabelErrorDetector(random_state=self.random_state)
        return clone(self.detector)

    def fit(self, X, y, **params):
        """Fit the detector; use ``fit_resample`` to get the rows.

        Parameters
        ----------
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
        y : array-like of shape (n_samples,)
        **params : dict
            ``sample_weight`` and ``groups``.

        Returns
        -------
        self : object
        """
        self.fit_resample(X, y, **params)
        return self

    def _edit(self, X, y, codes, classes, *, sample_weight, groups):
        self.detector_ = fit_detector(
            self._get_detector(), X, y, sample_weight=sample_weight, groups=groups
        )
        prune = rows_to_prune(
            self.detector_,
            codes,
            classes,
            max_prune=self.max_prune,
            min_samples_per_class=self.min_samples_per_class,
        )
        return Lineage.from_selection(
            np.flatnonzero(~prune),
            n_in=prune.shape[0],
            drop_reason=Reason.LABEL_ISSUE,
        )

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        inner = get_tags(self._get_detector()).input_tags
        tags.input_tags.allow_nan = inner.allow_nan
        tags.input_tags.sparse = inner.sparse
        tags.input_tags.string = inner.string
        return tags
