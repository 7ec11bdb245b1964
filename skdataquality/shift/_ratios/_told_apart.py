"""Target and training rows told apart by a model that has not seen the row."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from skdataquality.compose._default import domain_classifier
from skdataquality.shift._targets import pool
from skdataquality.utils._duplicate_rows import repeated_rows
from skdataquality.utils._folds import out_of_fold

FEW_ROWS = 20  # of a side: too few to hold some out of each fold


@dataclass(frozen=True)
class ToldApart:
    """Pooled rows, training rows first, with out-of-fold P(target | row).

    Attributes
    ----------
    pooled : table of shape (n_samples + n_target, n_features)
    is_target : ndarray of shape (n_samples + n_target,), of 0 and 1
    proba : ndarray of shape (n_samples + n_target,)
        NaN where no fold held the row out.
    splits : list of (train, test) indices
    distinct : ndarray of shape (n_samples + n_target,), bool
        The first of equal rows on each side: copies are no new evidence.
    columns : PooledColumns
    """

    pooled: Any
    is_target: np.ndarray
    proba: np.ndarray
    splits: list
    distinct: np.ndarray
    columns: Any = None

    @property
    def n_samples(self):
        """Number of training rows."""
        return int((self.is_target == 0).sum())


def tell_apart(X, X_target, *, model=None, cv=None, n_jobs=None, random_state=0):
    """Cross-fit a classifier of target against training rows; twins share a fold.

    ``model`` None is small boosting, that of :func:`domain_classifier`.
    """
    pooled, is_target, columns = pool(X, X_target)
    twins = repeated_rows(pooled)
    result = out_of_fold(
        default_discriminator(pooled, is_target) if model is None else model,
        pooled,
        is_target,
        cv=cv,
        duplicate_groups=twins,
        n_jobs=n_jobs,
        random_state=random_state,
    )
    distinct = first_of_each(twins, is_target)
    proba = result.proba[:, 1]
    return ToldApart(pooled, is_target, proba, result.splits, distinct, columns)


def default_discriminator(pooled, is_target, random_state=0):
    """Return small boosting; with few rows of a side none are held out to stop it."""
    fewest = int(np.bincount(is_target).min())
    return domain_classifier(
        pooled, random_state=random_state, early_stopping=fewest >= FEW_ROWS
    )


def first_of_each(twins, is_target):
    """Mask of the first of equal rows on each side, of all rows without twins."""
    if twins is None:
        return np.ones(is_target.shape[0], dtype=bool)
    first = np.unique(2 * twins + is_target, return_index=True)[1]
    mask = np.zeros(twins.shape[0], dtype=bool)
    mask[first] = True
    return mask
