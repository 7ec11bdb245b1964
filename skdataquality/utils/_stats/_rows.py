"""Paired differences of single rows: :func:`rowwise_test`."""

import numpy as np
from numpy.typing import ArrayLike

from skdataquality.utils._stats._checks import check_open_unit
from skdataquality.utils._stats._paired import PairedTest, paired_test
from skdataquality.utils._stats._types import FloatArray

ROWWISE = "row-wise"
LEAST_APART = 0.125  # share of the variance of a run by which runs differ
# Below this share of the largest contribution a spread is rounding.
_ROUNDING = 1e-9


def rowwise_test(
    influence: ArrayLike,
    mean: float,
    *,
    clusters: ArrayLike | None = None,
    apart: float | None = None,
    level: float = 0.95,
    method: str = ROWWISE,
) -> PairedTest:
    r"""Test a difference of two scores by what each row adds to it.

    Parameters
    ----------
    influence : array-like of shape (n_runs, n_rows)
        For each run of a cross-validation that holds every row out once: `influence[r,
        i]` is what row i contributes, such that the difference of run r is a constant
        plus their mean. For a mean over rows it is the difference of row i.
    mean : float
        The difference that is tested, the mean over the runs.
    clusters : array-like of shape (n_rows,), default=None
        Rows of a cluster depend on each other; None is each row alone.
    apart : float, default=None
        For a single run what `share_apart` says of another one; several show it by
        themselves. None is the least, .125.
    level : float, default=0.95
    method : str, default="row-wise"
        Passed on.

    Notes
    -----
    The variance is :math:`V + 2 W`. :math:`V = \frac{G}{G-1} \sum_g u_g^2 / n^2` with
    :math:`u_g` the centred sum of cluster g (mean over the runs) is that of one run
    whose models are given: for stable models it is the variance about the gain of the
    models fitted (Bayle, Bayle, Janson and Mackey 2020). Rows are training rows of each
    other's models as well, so that they vary together, which shows in no single row.
    :math:`W`, the part of :math:`V` by which runs differ on the same cluster, measures
    how much a model hangs on single training rows. It is added once for this, and once
    for the luck that all models of a table share, being fitted to almost the same rows.
    It is at least .125 :math:`V`: linear models have .05 to .15 in their decisions, and
    less in what changes smoothly, though their rows vary together as much.

    Degrees of freedom are the effective number of clusters that differ, :math:`(\sum
    u_g^2)^2 / \sum u_g^4`, less one. If only m of many rows differ, the same amount
    each, that is about m - 1: what a handful of rows can say is not taken for more.

    The interval is for the difference of the models fitted in these runs, on new rows
    of the same kind, averaged over the models. Unless the metric weighs the classes far
    more unequally than the models do, it covers that averaged over training sets too.

    References
    ----------
    .. [1] P. Bayle, A. Bayle, L. Janson and L. Mackey, "Cross-validation confidence
       intervals for test error", NeurIPS 33 (2020).

    >>> import numpy as np
    >>> d = np.r_[np.ones(9), -np.ones(3), np.zeros(88)]
    >>> test = rowwise_test([d], d.mean())
    >>> print(f"{test.mean:.2f} [{test.lower:.2f}, {test.upper:.2f}], {test.df:.0f}")
    0.06 [-0.02, 0.14], 12
    """
    check_open_unit("level", level)
    runs = np.asarray(influence, dtype=np.float64)
    if runs.ndim != 2 or 0 in runs.shape or not np.isfinite(runs).all():
        raise ValueError(
            f"influence has shape {runs.shape}; pass finite numbers of shape (n_runs, "
            "n_rows)"
        )
    sums = _centred_sums(runs, clusters)
    variance, df = _variance_of_one_run(sums, runs)
    if len(runs) > 1:
        apart = share_apart(runs, clusters)
    variance *= 1 + 2 * max(LEAST_APART, apart or 0.0)
    return paired_test(mean, float(np.sqrt(variance)), df, level=level, method=method)


def share_apart(
    influence: ArrayLike,
    clusters: ArrayLike | None = None,
    *,
    n_held_out: int | None = None,
) -> float:
    r"""Share of the variance of one run by which runs differ, :math:`W / V`.

    Parameters are those of `rowwise_test`. The first `n_held_out` runs, all if None,
    hold out the rows; in others models know them, so that these vary less and have no
    part in :math:`V`. Without any variance it is 0.

    >>> import numpy as np
    >>> d = np.r_[np.ones(9), -np.ones(3), np.zeros(88)]
    >>> round(share_apart([d, np.roll(d, 1)]), 2)
    0.26
    """
    runs = np.asarray(influence, dtype=np.float64)
    sums = _centred_sums(runs, clusters)
    variance, _ = _variance_of_one_run(sums[:n_held_out], runs[:n_held_out])
    return _between_runs(sums, runs) / variance if variance > 0 else 0.0


def _centred_sums(runs: FloatArray, clusters: ArrayLike | None) -> FloatArray:
    """Sum the centred rows of each cluster, shape (n_runs, n_clusters)."""
    centred = runs - runs.mean(axis=1, keepdims=True)
    if clusters is None:
        return centred
    member = np.unique(np.asarray(clusters), return_inverse=True)[1].ravel()
    return np.stack([np.bincount(member, weights=row) for row in centred])


def _variance_of_one_run(sums: FloatArray, runs: FloatArray) -> tuple[float, float]:
    n_clusters = sums.shape[1]
    if n_clusters < 2:
        raise ValueError(
            "clusters puts all rows into one; a variance needs at least 2 clusters"
        )
    scale = np.abs(runs).max()
    sums = np.where(np.abs(sums) > _ROUNDING * scale, sums, 0.0)
    squares = np.square(sums / scale) if scale > 0 else sums
    total = squares.sum(axis=1)
    factor = n_clusters / (n_clusters - 1) * (scale / runs.shape[1]) ** 2
    quartic = np.square(squares).sum(axis=1)
    known = quartic > 0
    if not known.any():
        return 0.0, float(n_clusters - 1)
    effective = float(np.mean(total[known] ** 2 / quartic[known]))
    return float(factor * total.mean()), max(1.0, effective - 1)


def _between_runs(sums: FloatArray, runs: FloatArray) -> float:
    n_clusters = sums.shape[1]
    total = float(sums.var(axis=0, ddof=1).sum())
    return n_clusters / (n_clusters - 1) * total / runs.shape[1] ** 2
