"""Which flagged rows are pruned, in one place for the sampler and the wrapper."""

from inspect import signature

import numpy as np

from skdataquality.base import protect_classes
from skdataquality.utils._sklearn import num_samples


def rows_to_prune(detector, codes, classes, *, max_prune, min_samples_per_class):
    """Choose the rows to prune from what a fitted detector flags.

    Parameters
    ----------
    detector : fitted detector
    codes : ndarray of shape (n_samples,), int
    classes : ndarray of shape (n_classes,)
    max_prune : float
        Largest share of rows to prune; beyond it only the worst are.
    min_samples_per_class : int
        Rows that stay in each class, the best first.

    Returns
    -------
    prune : ndarray of shape (n_samples,), bool
    """
    flagged = np.asarray(detector.issue_mask_, dtype=bool)
    scores = np.where(np.isnan(detector.sample_scores_), 1.0, detector.sample_scores_)
    most = int(max_prune * codes.shape[0])
    if flagged.sum() > most:
        rows = np.flatnonzero(flagged)
        worst = rows[np.argsort(scores[rows], kind="stable")[:most]]
        flagged = np.zeros_like(flagged)
        flagged[worst] = True
    return protect_classes(
        flagged, codes, classes, trust=scores, minimum=min_samples_per_class
    )


def fit_detector(detector, X, y, *, sample_weight=None, groups=None):
    """Fit a detector, ours or foreign, with the metadata that its ``fit`` names."""
    known = signature(detector.fit).parameters
    given = {"sample_weight": sample_weight, "groups": groups}
    detector.fit(
        X, y, **{k: v for k, v in given.items() if v is not None and k in known}
    )
    for name in ("issue_mask_", "sample_scores_"):
        shape = np.shape(getattr(detector, name, ()))
        if shape != (num_samples(X),):
            raise ValueError(
                f"detector={detector!r} must set {name} in fit, one value for each of "
                f"the {num_samples(X)} rows; its shape is {shape}."
            )
    return detector
