"""Are rows repeated, and does it matter? :func:`duplicate_lens`."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from skdataquality.duplicates._deduplicator import Deduplicator
from skdataquality.utils._duplicate_rows import (
    SMALL_P,
    duplicate_groups,
    equal_pairs,
)
from skdataquality.utils._frames import as_rows
from skdataquality.utils._lens import LensResult
from skdataquality.utils._stats import proportion_interval
from skdataquality.utils._validation import (
    check_feature_frame,
    check_same_length,
    encode_labels,
    is_continuous,
)

LARGEST_SHOWN = 5
FEW_BY_CHANCE = 1 / 64  # pairs: the table could tell all its rows apart


@dataclass(frozen=True, kw_only=True)
class DuplicateLensResult(LensResult):
    """What :func:`duplicate_lens` returns; see ``LensResult`` for the fields."""


def duplicate_lens(X, y=None, *, groups=None):
    """Count exact duplicates and conflicting labels among them.

    Repeated rows are evidence of copying only where equality by chance is unlikely:
    the number of equal pairs is compared with the number expected if the columns were
    independent, and the table must be rich enough to tell all its rows apart.

    Parameters
    ----------
    X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
    y : array-like of shape (n_samples,), default=None
    groups : ndarray of shape (n_samples,), default=None
        Result of :func:`duplicate_groups`, if it is known already.

    Returns
    -------
    result : DuplicateLensResult

    Examples
    --------
    >>> import numpy as np
    >>> from skdataquality.duplicates import duplicate_lens
    >>> X = np.random.default_rng(0).normal(size=(100, 3))
    >>> duplicate_lens(np.vstack([X, X[:20]])).verdict
    'found'
    """
    check_feature_frame(X, y)
    check_same_length(X=X, y=y, groups=groups)
    X = as_rows(X)
    groups = duplicate_groups(X) if groups is None else np.asarray(groups)
    if groups.shape[0] == 0:
        raise ValueError("X is empty: 0 rows were passed, at least 1 is needed.")
    n = groups.shape[0]
    sizes = np.bincount(groups, minlength=n)
    n_repeats = n - np.count_nonzero(sizes)
    n_pairs, expected = equal_pairs(X, groups)
    p_value = float(stats.poisson.sf(n_pairs - 1, expected))
    verdict = _verdict(n_repeats, p_value, expected)
    share = proportion_interval(n_repeats, n)
    n_conflicts = _conflicts(groups, y)
    return DuplicateLensResult(
        verdict=verdict,
        severity=min(1.0, share.estimate * 2) if verdict != "clear" else 0.0,
        summary=_summary(verdict, n_repeats, n, n_conflicts),
        numbers={
            "repeated_rows": n_repeats,
            "repeated_share": share,
            "conflicting_groups": n_conflicts,
            "pairs_expected_by_chance": expected,
        },
        p_value=p_value,
        evidence={"largest groups": _largest(groups, sizes)},
        remedies=(Deduplicator(),) if n_repeats else (),
        limits=(
            "Equality by chance is judged as if columns were independent.",
            "Only rows that are equal in every column are counted.",
        ),
    )


def _verdict(n_repeats, p_value, expected):
    if n_repeats == 0 or p_value >= SMALL_P:
        return "clear"
    return "found" if expected < FEW_BY_CHANCE else "suspect"


def _conflicts(groups, y):
    if y is None:
        return 0
    codes = (
        np.unique(np.asarray(y), return_inverse=True)[1]
        if is_continuous(y)
        else encode_labels(y)[1]
    )
    return int(np.unique(groups[codes != codes[groups]]).shape[0])


def _summary(verdict, n_repeats, n, n_conflicts):
    if n_repeats == 0:
        return "No row is repeated."
    said = f"{n_repeats} of {n} rows repeat an earlier row"
    if n_conflicts:
        said += f"; {n_conflicts} group(s) of equal rows carry different labels"
    if verdict == "clear":
        said += ", no more than chance explains"
    elif verdict == "suspect":
        said += "; the columns are too coarse to say that they are copies"
    return said + "."


def _largest(groups, sizes):
    order = np.argsort(-sizes, kind="stable")[:LARGEST_SHOWN]
    return [
        {"first row": int(row), "rows": int(sizes[row])}
        for row in order
        if sizes[row] > 1
    ]
