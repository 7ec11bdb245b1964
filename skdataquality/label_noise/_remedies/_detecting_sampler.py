"""The base of row samplers that act on what a detector flags."""

from sklearn.utils import get_tags

from skdataquality.base import BaseRowSampler
from skdataquality.label_noise._remedies._pruning import (
    fit_detector,
    unfitted_detector,
    warn_unless_class_conditional,
)


class DetectingSampler(BaseRowSampler):
    """Row sampler with a ``detector`` and a ``random_state`` for the default one."""

    def _get_detector(self):
        return unfitted_detector(self.detector, random_state=self.random_state)

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
        warn_unless_class_conditional(self.detector_)
        return self._act(codes, classes)

    def _act(self, codes, classes):
        """Return what ``_edit`` of a row sampler returns, from ``detector_``."""
        raise AttributeError("a subclass says what becomes of flagged rows")

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        inner = get_tags(self._get_detector()).input_tags
        tags.input_tags.allow_nan = inner.allow_nan
        tags.input_tags.sparse = inner.sparse
        tags.input_tags.string = inner.string
        return tags
