"""Density ratios by the likelihood of target rows: :func:`kliep`, its weighter."""

from numbers import Integral
from typing import Any

import numpy as np

from skdataquality.shift._ratios._kernel_weighter import KernelWeighter
from skdataquality.shift._ratios._kernels import (
    BasisRatio,
    draw_centers,
    gaussian,
    in_blocks,
    median_distance,
    squared_distances,
)
from skdataquality.utils._draws import draw_rows
from skdataquality.utils._sklearn import Interval

FACTORS = (0.25, 0.5, 1.0, 1.5, 2.0, 3.0)  # of the median distance
N_FOLDS = 3
MOST_STEPS = 300
FEWEST_GAIN = 1e-6  # of the objective, over ten steps
MOST_TARGET_ROWS = 10_000  # of more, so many random ones make the likelihood
TINY = 1e-300


def kliep(
    X,
    X_target,
    *,
    sample_weight=None,
    n_centers=100,
    bandwidth=None,
    random_state=0,
):
    """Fit the ratio that makes target rows likeliest, its mean over X being 1.

    Parameters
    ----------
    X, X_target, sample_weight, n_centers, random_state
        As in :func:`ulsif`.
    bandwidth : float, default=None
        None chooses among multiples of the median distance by the mean logarithm of
        the ratio at held-out target rows, in three folds.

    Returns
    -------
    ratio : BasisRatio
    """
    rng = np.random.default_rng(random_state)
    X_target = X_target[draw_rows(X_target.shape[0], MOST_TARGET_ROWS, rng)]
    centers = draw_centers(X_target, n_centers, rng)
    unit = median_distance(X, X_target, sample_weight, rng)
    widths = [f * unit for f in FACTORS] if bandwidth is None else [bandwidth]
    near_target = squared_distances(X_target, centers)
    fold = rng.permutation(X_target.shape[0]) % min(N_FOLDS, X_target.shape[0])
    best: Any = None
    for width in widths:
        phi_target = gaussian(near_target, width)
        mean = basis_means(X, centers, width, sample_weight)
        score = 0.0
        if len(widths) > 1:
            score = _held_out_score(phi_target, mean, fold)
        if best is None or score > best[0]:
            best = score, width, phi_target, mean
    _, width, phi_target, mean = best
    return BasisRatio(centers, width, climb(phi_target, mean)[0])


def basis_means(X, centers, bandwidth, sample_weight=None):
    """Mean over the training rows of each basis function."""
    phi = in_blocks(
        X,
        centers.shape[0],
        lambda rows: gaussian(squared_distances(rows, centers), bandwidth),
    )
    return np.average(phi, axis=0, weights=sample_weight)


def climb(phi_target, mean):
    """Return coefficients that maximise the mean log ratio, and the way up.

    Multiplicative steps: each keeps ``coef @ mean == 1`` and lowers nothing. Functions
    that are 0 at all training rows get no coefficient.

    Parameters
    ----------
    phi_target : ndarray of shape (n_target, n_centers)
    mean : ndarray of shape (n_centers,)
        Over the training rows.

    Returns
    -------
    coef : ndarray of shape (n_centers,)
    objective : list of float
        Before each step.
    """
    reached = mean > TINY
    coef = np.zeros(mean.size)
    objective = [-np.inf]
    if not reached.any():
        return coef, objective
    phi, b = phi_target[:, reached], mean[reached]
    a = np.full(b.size, 1 / b.sum())
    objective = []
    for step in range(MOST_STEPS):
        ratio = np.maximum(phi @ a, TINY)
        objective.append(float(np.log(ratio).mean()))
        if step >= 10 and objective[-1] - objective[-11] < FEWEST_GAIN:
            break
        a = a * ((1 / ratio) @ phi / ratio.size) / b
        a /= a @ b
    coef[reached] = a
    return coef, objective


def _held_out_score(phi_target, mean, fold):
    scores = []
    for k in range(fold.max() + 1):
        out = fold == k
        coef, _ = climb(phi_target[~out], mean)
        scores.append(np.log(np.maximum(phi_target[out] @ coef, TINY)).mean())
    return float(np.mean(scores))


class KLIEPWeighter(KernelWeighter):
    """Weight training rows by the likelihood of the target rows (KLIEP).

    A sum of Gaussian functions around target rows, with mean 1 over the training rows,
    whose mean logarithm over the target rows is largest: it brings the weighted
    training rows closest to the target rows in the Kullback-Leibler divergence [1]_.

    Parameters
    ----------
    X_target : TargetData, default=None
        Target rows; may be given to ``fit`` instead. None gives all rows weight 1.
    n_centers : int, default=100
        Random target rows around which the functions lie.
    bandwidth : float, default=None
        Of the functions, in standard deviations of the columns. None chooses among
        multiples of the median distance of rows.
    flatten : float, default=1.0
        Exponent of the weights, in [0, 1]: 0 is no correction, 1 the full one.
    clip : float, default=None
        Below 1: the quantile of the weights at which they are cut. From 1: the largest
        weight, where their mean is 1. None cuts nothing. After ``flatten``; the mean is
        made 1 again.
    random_state : int, RandomState instance or None, default=None

    Attributes
    ----------
    sample_weight_ : ndarray of shape (n_samples,)
        Mean 1, non-negative.
    density_ratio_ : ndarray of shape (n_samples,)
        Before ``flatten`` and ``clip``; mean 1.
    effective_sample_size_ : float
        ``(sum w)^2 / sum w^2``, between 1 and n_samples; higher is better.
    domain_auc_ : float
        How well a logistic regression on columns and their squares tells target rows
        from training rows out of fold: .5 not at all, 1 perfectly.
    max_weight_share_ : float
        Share of the total weight on the heaviest row, in (0, 1].
    n_clipped_ : int
        Training rows whose weight was cut.
    bandwidth_ : float
        As chosen by three folds of the target rows.
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features_in_,)

    Warns
    -----
    OverlapWarning
        If ``domain_auc_`` exceeds .99, fewer than 5 % of the rows are effective, or no
        training row lies near a target row.

    See Also
    --------
    DiscriminatorWeighter : Better from about ten columns; takes sparse tables and text.

    Notes
    -----
    Numbers are standardised, categories are one column each, missing values the mean
    and a column that says so. One bandwidth for all columns makes the weights nearly
    constant where there are many. Of more than 10,000 target rows, so many random ones
    are used. The fitted weighter holds the standardised centres, which are target
    rows. Wrong under label or concept shift.

    References
    ----------
    .. [1] M. Sugiyama et al., "Direct importance estimation for covariate shift
       adaptation", Annals of the Institute of Statistical Mathematics 60, 2008.

    Examples
    --------
    >>> import numpy as np
    >>> from skdataquality.shift import KLIEPWeighter, TargetData
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(500, 2))
    >>> target = TargetData(rng.normal([1, 0], 1, size=(500, 2)))
    >>> weighter = KLIEPWeighter(random_state=0).fit(X, X_target=target)
    >>> bool(np.corrcoef(weighter.sample_weight_, np.exp(X[:, 0]))[0, 1] > 0.7)
    True
    """

    _parameter_constraints: dict = {
        **KernelWeighter._parameter_constraints,
        "n_centers": [Interval(Integral, 1, None, closed="left")],
    }

    def __init__(
        self,
        *,
        X_target=None,
        n_centers=100,
        bandwidth=None,
        flatten=1.0,
        clip=None,
        random_state=None,
    ):
        self.X_target = X_target
        self.n_centers = n_centers
        self.bandwidth = bandwidth
        self.flatten = flatten
        self.clip = clip
        self.random_state = random_state

    def _fit_encoded(self, X, X_target, sample_weight, seed):
        self._basis = kliep(
            X,
            X_target,
            sample_weight=sample_weight,
            n_centers=self.n_centers,
            bandwidth=self.bandwidth,
            random_state=seed,
        )
        self.bandwidth_ = self._basis.bandwidth
        return self._basis(X)

    def _encoded_ratio(self, X):
        return self._basis(X)
