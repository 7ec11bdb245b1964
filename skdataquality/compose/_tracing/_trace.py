"""The lineage of what a sampler, of anyone's class, has done."""

import numpy as np
import scipy.sparse as sp
from imblearn.combine import SMOTEENN, SMOTETomek
from imblearn.over_sampling import ADASYN, SMOTENC, RandomOverSampler
from imblearn.under_sampling import ClusterCentroids
from sklearn.utils.validation import indexable

from skdataquality.compose._tracing._centroids import trace_centroids
from skdataquality.compose._tracing._drawn import drawn_parents, first_of
from skdataquality.compose._tracing._equal_rows import equal_rows
from skdataquality.compose._tracing._interpolated import (
    Fits,
    parents_of_starts,
    parents_on_segments,
)
from skdataquality.compose._tracing._made_rows import MadeRows
from skdataquality.compose._tracing._numbers import Numbers
from skdataquality.compose._tracing._recorded import recorded_parents
from skdataquality.compose._tracing._segments import (
    makes_segments,
    pairs_of_adasyn,
    segments_of,
)
from skdataquality.lineage import UNTRACED, Lineage, Reason
from skdataquality.utils._sklearn import num_samples, take_rows

_SECOND_STEP = {SMOTEENN: "enn_", SMOTETomek: "tomek_"}


def trace_sampler(sampler, X, y, X_new, y_new, draws=None):
    """Read or prove where each row that a fitted sampler returned comes from.

    A sampler that keeps its lineage, or the numbers of the rows that it selected, is
    believed, the latter where the rows are equal. Of the other samplers of
    imbalanced-learn, the rows that they hand on as they were are found by their place,
    and rows that they made by their parents, if the numbers prove them. The rest is
    untraced.

    Parameters
    ----------
    sampler : estimator
        Fitted on X and y.
    X : {array-like, sparse matrix, data frame} of shape (n_in, n_features)
        As the sampler was given it.
    y : array-like of shape (n_in,)
    X_new : {array-like, sparse matrix, data frame} of shape (n_out, n_features)
    y_new : array-like of shape (n_out,)
    draws : dict, default=None
        What :func:`recorded_draws` wrote down. Without it, it takes much longer to find
        the parents of rows that were made.

    Returns
    -------
    lineage : Lineage
    """
    if hasattr(sampler, "lineage_"):
        return sampler.lineage_
    X = X if sp.issparse(X) else indexable(X)[0]
    y, y_new = _labels(y), _labels(y_new)
    n_in, n_out = num_samples(X), num_samples(X_new)
    if (origin := _told(sampler, n_in, n_out)) is not None:
        equal = equal_rows(take_rows(X, origin), X_new)
        if moves_copies(sampler):
            return _selection(origin, n_in, y, y_new, altered=~equal)
        return _selection(np.where(equal, origin, UNTRACED), n_in, y, y_new)
    if type(sampler) is ClusterCentroids:
        origin, made = trace_centroids(sampler, X, y, X_new, y_new)
        return made.added_to(_selection(origin, n_in, y, y_new))
    place = _places(sampler, n_out)
    origin = _rows_in_place(sampler, X, X_new, place)
    lineage = _selection(origin, n_in, y, y_new)
    made = _made(_maker(sampler), X, y, X_new, y_new, origin, place, draws or {})
    return made.added_to(lineage)


def trace_indices(origin, n_in, altered=None, relabelled=None):
    """Lineage of a selection by row numbers, -2 where they are not known."""
    return Lineage.from_selection(
        origin,
        n_in=n_in,
        relabelled=relabelled,
        altered=altered,
        drop_reason=Reason.RESAMPLED,
        change_reason=Reason.RESAMPLED,
    )


def untraced(n_in, n_out):
    """Lineage of which nothing is known but the numbers of rows."""
    return trace_indices(np.full(n_out, UNTRACED), n_in)


def moves_copies(sampler):
    """Whether the copies of rows that a sampler tells of are no longer these rows."""
    return type(sampler) is RandomOverSampler and sampler.shrinkage is not None


def _told(sampler, n_in, n_out):
    """Return the numbers of rows that a sampler kept, or None if they are none."""
    told = np.asarray(getattr(sampler, "sample_indices_", ()))
    if told.shape != (n_out,) or told.dtype.kind not in "iu":
        return None
    is_known = told.min(initial=0) >= 0 and told.max(initial=-1) < n_in
    return told.astype(np.int64) if is_known else None


def _selection(origin, n_in, y, y_new, altered=None):
    traced = origin >= 0
    relabelled = np.zeros(origin.size, dtype=bool)
    relabelled[traced] = y_new[traced] != y[origin[traced]]
    return trace_indices(origin, n_in, altered, relabelled)


def _labels(y):
    y = np.asarray(y)
    return y.argmax(axis=1) if y.ndim == 2 and y.shape[1] > 1 else y.ravel()


def _maker(sampler):
    return sampler.smote_ if type(sampler) in _SECOND_STEP else sampler


def _places(sampler, n_out):
    """Place of each row in the input and, behind it, what was made."""
    second = _SECOND_STEP.get(type(sampler))
    if second is None:
        return np.arange(n_out)
    return np.asarray(getattr(sampler, second).sample_indices_)


def _rows_in_place(sampler, X, X_new, place):
    """Input rows that output rows are by their place, -2 where they are none."""
    n_in, n_out = num_samples(X), num_samples(X_new)
    second = _SECOND_STEP.get(type(sampler))
    if second is None and n_out < n_in:
        return np.full(n_out, UNTRACED)
    origin = np.where(place < n_in, place, UNTRACED)
    kept = np.flatnonzero(origin >= 0)
    equal = equal_rows(take_rows(X, origin[kept]), take_rows(X_new, kept))
    if second is None and not equal.all():
        return np.full(n_out, UNTRACED)
    origin[kept[~equal]] = UNTRACED
    return origin


def _made(sampler, X, y, X_new, y_new, origin, place, draws):
    """Prove the parents of the rows that are none of the input."""
    rows = np.flatnonzero(origin == UNTRACED)
    is_nominal = type(sampler) is SMOTENC
    if not (makes_segments(sampler) and rows.size) or (is_nominal and sp.issparse(X)):
        return MadeRows.none()
    numbers = Numbers.of(sampler, X, X_new)
    if not numbers.are_floating:
        return MadeRows.none()
    parts = []
    for label in np.unique(y_new[rows]):
        own = rows[y_new[rows] == label]
        row = place[own] - num_samples(X)
        made = numbers.after[own]
        found = _of_class(sampler, label, row, y, numbers, made, draws.get(label))
        parts.append(MadeRows(own[found.rows], found.parents, found.weights))
    return MadeRows.joined(parts)


def _of_class(sampler, label, place, y, numbers, made, drawn):
    """Parents of rows of a class: written down, told by a seed, or proved."""
    row, found = place - first_of(sampler, label), None
    if drawn is not None:
        found = recorded_parents(sampler, label, drawn, row, y, numbers, made)
    if found is not None:
        return found
    segments = segments_of(sampler, numbers, y, label)
    if segments is None or not len(segments):
        return MadeRows.none()
    fits = Fits(numbers.before, made, segments, numbers.kinds)
    found = drawn_parents(sampler, label, row, fits)
    if type(sampler) is ADASYN:
        pairs = pairs_of_adasyn(sampler, numbers, y, label, made.shape[0])
        found = pairs and parents_of_starts(fits, pairs)
    return parents_on_segments(fits) if found is None else found
