"""Density ratios by unconstrained least squares: :func:`ulsif`, its weighter."""

from numbers import Integral, Real
from typing import Any

import numpy as np

from skdataquality.shift._ratios._kernel_weighter import KernelWeighter
from skdataquality.shift._ratios._kernels import (
    BasisRatio,
    draw_centers,
    gaussian,
    median_distance,
    spread_rows,
    squared_distances,
)
from skdataquality.utils._sklearn import Interval

FACTORS = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0)  # of the median distance
MOST_PAIRS = 5000  # of rows left out to choose
PENALTIES = (1e-3, 1e-2, 1e-1, 1.0, 10.0)


def ulsif(
    X,
    X_target,
    *,
    sample_weight=None,
    n_centers=100,
    bandwidth=None,
    penalty=None,
    random_state=0,
):
    """Fit the density ratio of target to training rows by least squares.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        Standardised training rows.
    X_target : ndarray of shape (n_target, n_features)
    sample_weight : ndarray of shape (n_samples,), default=None
        A weight k means that the row counts k times.
    n_centers : int, default=100
    bandwidth, penalty : float, default=None
        None chooses by the exact leave-one-out score, bandwidths among multiples of the
        median distance.
    random_state : int, default=0

    Returns
    -------
    ratio : BasisRatio
    penalty : float
    """
    rng = np.random.default_rng(random_state)
    centers = draw_centers(X_target, n_centers, rng)
    unit = median_distance(X, X_target, sample_weight, rng)
    near, near_target = (
        squared_distances(X, centers),
        squared_distances(X_target, centers),
    )
    pairs = pair_rows(X.shape[0], X_target.shape[0], sample_weight, rng)
    widths = [f * unit for f in FACTORS] if bandwidth is None else [bandwidth]
    penalties = PENALTIES if penalty is None else [penalty]
    best: Any = None
    for width in widths:
        phi, phi_target = gaussian(near, width), gaussian(near_target, width)
        H, h = moments(phi, phi_target, sample_weight)
        for strength in penalties:
            score = 0.0
            if len(widths) * len(penalties) > 1:
                n = phi.shape[0] if sample_weight is None else sample_weight.sum()
                left = phi[pairs[0]].T, phi_target[pairs[1]].T
                score = leave_one_out(H, h, *left, n, phi_target.shape[0], strength)
            if best is None or score < best[0]:
                ratio = BasisRatio(centers, width, solve(H, h, strength))
                best = score, ratio, strength
    return best[1:]


def pair_rows(n, n_target, sample_weight, rng):
    """Training and target rows that are left out together, at most 5,000 of each."""
    n_rows = n if sample_weight is None else max(int(sample_weight.sum()), 1)
    n_pairs = min(n_rows, n_target, MOST_PAIRS)
    return (
        spread_rows(n, n_pairs, sample_weight, rng),
        spread_rows(n_target, n_pairs, None, rng),
    )


def moments(phi, phi_target, sample_weight=None, alpha=0.0):
    """Return ``H = (1 - a) E[f f'] + a E_target[f f']`` and ``h = E_target[f]``."""
    weighted = phi if sample_weight is None else phi * sample_weight[:, None]
    n = phi.shape[0] if sample_weight is None else sample_weight.sum()
    H = (1 - alpha) * (weighted.T @ phi) / n
    if alpha:
        H += alpha * (phi_target.T @ phi_target) / phi_target.shape[0]
    return H, phi_target.mean(axis=0)


def solve(H, h, penalty):
    """Return ``max(0, (H + penalty I)^-1 h)``."""
    return np.maximum(0, np.linalg.solve(H + penalty * np.eye(h.size), h))


def leave_one_out(H, h, left, left_target, n, n_target, penalty):
    """Mean squared-error score over pairs of rows left out, exact; lower is better.

    ``left`` and ``left_target`` hold the basis functions of the rows of each pair, of
    shape (n_centers, n_pairs): Kanamori, Hido and Sugiyama, section 4.
    """
    n_pairs = left.shape[1]
    B = H + penalty * (n - 1) / n * np.eye(h.size)
    inverse_left = np.linalg.solve(B, left)
    inverse_h = np.linalg.solve(B, h)
    inverse_target = np.linalg.solve(B, left_target)
    room = n - (left * inverse_left).sum(axis=0)
    b0 = inverse_h[:, None] + inverse_left * ((h @ inverse_left) / room)
    b1 = inverse_target + inverse_left * (
        (left_target * inverse_left).sum(axis=0) / room
    )
    scale = (n - 1) / (n * (n_target - 1))
    coef = np.maximum(0, scale * (n_target * b0 - b1))
    ratio, ratio_target = (left * coef).sum(axis=0), (left_target * coef).sum(axis=0)
    return float((ratio**2).sum() / (2 * n_pairs) - ratio_target.sum() / n_pairs)


class ULSIFWeighter(KernelWeighter):
    """Weight training rows by least-squares importance fitting (uLSIF).

    The ratio of the target density to that of the training rows is a sum of Gaussian
    functions around target rows whose coefficients have a closed form [1]_; bandwidth
    and penalty are chosen by its exact leave-one-out score.

    Parameters
    ----------
    X_target : TargetData, default=None
        Target rows; may be given to ``fit`` instead. None gives all rows weight 1.
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
        As chosen.
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
    constant where there are many. The fitted weighter holds the standardised centres,
    which are target rows. Wrong under label or concept shift.

    References
    ----------
    .. [1] T. Kanamori, S. Hido, M. Sugiyama, "A least-squares approach to direct
       importance estimation", JMLR 10, 2009.

    Examples
    --------
    >>> import numpy as np
    >>> from skdataquality.shift import TargetData, ULSIFWeighter
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(500, 2))
    >>> target = TargetData(rng.normal([1, 0], 1, size=(500, 2)))
    >>> weighter = ULSIFWeighter(random_state=0).fit(X, X_target=target)
    >>> bool(np.corrcoef(weighter.sample_weight_, np.exp(X[:, 0]))[0, 1] > 0.7)
    True
    """

    _parameter_constraints: dict = {
        **KernelWeighter._parameter_constraints,
        "n_centers": [Interval(Integral, 1, None, closed="left")],
        "penalty": [Interval(Real, 0, None, closed="neither"), None],
    }

    def __init__(
        self,
        *,
        X_target=None,
        n_centers=100,
        bandwidth=None,
        penalty=None,
        flatten=1.0,
        clip=None,
        random_state=None,
    ):
        self.X_target = X_target
        self.n_centers = n_centers
        self.bandwidth = bandwidth
        self.penalty = penalty
        self.flatten = flatten
        self.clip = clip
        self.random_state = random_state

    def _fit_encoded(self, X, X_target, sample_weight, seed):
        self._basis, self.penalty_ = ulsif(
            X,
            X_target,
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
