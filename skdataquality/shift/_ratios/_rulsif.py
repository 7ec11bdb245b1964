"""Bounded density ratios by least squares: :func:`rulsif`, its weighter."""

from numbers import Integral, Real
from typing import Any

import numpy as np

from skdataquality.shift._ratios._kernel_weighter import KernelWeighter
from skdataquality.shift._ratios._kernels import (
    BasisRatio,
    draw_centers,
    gaussian,
    median_distance,
    squared_distances,
)
from skdataquality.shift._ratios._ulsif import FACTORS, PENALTIES, moments, solve
from skdataquality.utils._duplicate_rows import repeated_rows
from skdataquality.utils._sklearn import Interval

N_FOLDS = 5


def rulsif(
    X,
    X_target,
    *,
    alpha=0.1,
    sample_weight=None,
    n_centers=100,
    bandwidth=None,
    penalty=None,
    random_state=0,
):
    """Fit ``q / (a q + (1 - a) p)``, target density q against training density p.

    Parameters
    ----------
    X, X_target, sample_weight, n_centers, random_state
        As in :func:`ulsif`.
    alpha : float, default=0.1
        In [0, 1): the ratio is at most ``1 / alpha``.
    bandwidth, penalty : float, default=None
        None chooses by five folds of both sides, in which equal rows stay together.

    Returns
    -------
    ratio : BasisRatio
    penalty : float
    """
    rng = np.random.default_rng(random_state)
    centers = draw_centers(X_target, n_centers, rng)
    unit = median_distance(X, X_target, sample_weight, rng)
    near = squared_distances(X, centers)
    near_target = squared_distances(X_target, centers)
    widths = [f * unit for f in FACTORS] if bandwidth is None else [bandwidth]
    penalties = PENALTIES if penalty is None else [penalty]
    folds = _folds(X, X_target, rng)
    best: Any = None
    for width in widths:
        phi, phi_target = gaussian(near, width), gaussian(near_target, width)
        scores = np.zeros(len(penalties))
        if len(widths) * len(penalties) > 1:
            scores = _held_out_scores(
                phi, phi_target, sample_weight, alpha, penalties, folds
            )
        k = int(np.argmin(scores))
        if best is None or scores[k] < best[0]:
            H, h = moments(phi, phi_target, sample_weight, alpha)
            ratio = BasisRatio(centers, width, solve(H, h, penalties[k]))
            best = scores[k], ratio, penalties[k]
    return best[1:]


def _folds(X, X_target, rng):
    """Fold of each training and each target row; equal rows share one."""
    pooled = np.vstack([X, X_target])
    groups = repeated_rows(pooled)
    if groups is None:
        groups = np.arange(pooled.shape[0])
    distinct, number = np.unique(groups, return_inverse=True)
    fold = (rng.permutation(distinct.size) % N_FOLDS)[number]
    return fold[: X.shape[0]], fold[X.shape[0] :]


def _held_out_scores(phi, phi_target, sample_weight, alpha, penalties, folds):
    """Squared-error score of each penalty, mean over folds; lower is better."""
    weight = np.ones(phi.shape[0]) if sample_weight is None else sample_weight
    scores = []
    for k in range(N_FOLDS):
        out, out_target = folds[0] == k, folds[1] == k
        if not (weight[out].sum() and weight[~out].sum() and out_target.any()):
            continue
        if out_target.all():
            continue
        H, h = moments(phi[~out], phi_target[~out_target], weight[~out], alpha)
        held, held_h = moments(phi[out], phi_target[out_target], weight[out], alpha)
        coefs = [solve(H, h, penalty) for penalty in penalties]
        scores.append([c @ held @ c / 2 - held_h @ c for c in coefs])
    return np.mean(scores, axis=0) if scores else np.zeros(len(penalties))


class RuLSIFWeighter(KernelWeighter):
    """Weight training rows by a bounded density ratio (RuLSIF).

    The ratio of the target density q, not to the density p of the training rows, but to
    ``a q + (1 - a) p``: it is at most ``1 / a``, and easier to estimate. It is a sum of
    Gaussian functions around target rows, fitted by least squares [1]_.

    Parameters
    ----------
    X_target : TargetData, default=None
        Target rows; may be given to ``fit`` instead. None gives all rows weight 1.
    alpha : float, default=0.1
        Share of the target density below the line, in [0, 1). 0 is uLSIF.
    n_centers : int, default=100
        Random target rows around which the functions lie.
    bandwidth : float, default=None
        Of the functions, in standard deviations of the columns. None chooses among
        multiples of the median distance of rows.
    penalty : float, default=None
        Of the squared coefficients, positive. None chooses among powers of ten.
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
    bandwidth_, penalty_ : float
        As chosen by five folds.
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
    constant where there are many. What is estimated is not the plain ratio: like
    ``flatten``, it trades bias for variance. The fitted weighter holds the standardised
    centres, which are target rows. Wrong under label or concept shift.

    References
    ----------
    .. [1] M. Yamada, T. Suzuki, T. Kanamori, H. Hachiya, M. Sugiyama, "Relative
       density-ratio estimation for robust distribution comparison", Neural Computation
       25, 2013.

    Examples
    --------
    >>> import numpy as np
    >>> from skdataquality.shift import RuLSIFWeighter, TargetData
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(500, 2))
    >>> target = TargetData(rng.normal([1, 0], 1, size=(500, 2)))
    >>> weighter = RuLSIFWeighter(random_state=0).fit(X, X_target=target)
    >>> bool(np.corrcoef(weighter.sample_weight_, np.exp(X[:, 0]))[0, 1] > 0.7)
    True
    """

    _parameter_constraints: dict = {
        **KernelWeighter._parameter_constraints,
        "alpha": [Interval(Real, 0, 1, closed="left")],
        "n_centers": [Interval(Integral, 1, None, closed="left")],
        "penalty": [Interval(Real, 0, None, closed="neither"), None],
    }

    def __init__(
        self,
        *,
        X_target=None,
        alpha=0.1,
        n_centers=100,
        bandwidth=None,
        penalty=None,
        flatten=1.0,
        clip=None,
        random_state=None,
    ):
        self.X_target = X_target
        self.alpha = alpha
        self.n_centers = n_centers
        self.bandwidth = bandwidth
        self.penalty = penalty
        self.flatten = flatten
        self.clip = clip
        self.random_state = random_state

    def _fit_encoded(self, X, X_target, sample_weight, seed):
        self._basis, self.penalty_ = rulsif(
            X,
            X_target,
            alpha=self.alpha,
            sample_weight=sample_weight,
            n_centers=self.n_centers,
            bandwidth=self.bandwidth,
            penalty=self.penalty,
            random_state=seed,
        )
        self.bandwidth_ = self._basis.bandwidth
        return self._basis(X)

    def _encoded_ratio(self, X):
        return self._basis(X)
