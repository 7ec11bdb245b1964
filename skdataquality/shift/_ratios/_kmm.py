"""Kernel mean matching: :func:`kmm`, its weighter."""

from numbers import Integral, Real

import numpy as np
from scipy.linalg import eigh
from sklearn.neighbors import NearestNeighbors

from skdataquality.shift._ratios._kernel_weighter import KernelWeighter
from skdataquality.shift._ratios._kernels import (
    gaussian,
    in_blocks,
    median_distance,
    spread_rows,
    squared_distances,
)
from skdataquality.utils._sklearn import Interval

EXACT_ROWS = 5000  # training rows with a kernel matrix of their own
RIDGE = 1e-4  # of the squared weights, in units of the number of rows
MOST_STEPS = 2000
SMALLEST_CHANGE = 1e-4
POWER_STEPS = 20


def kmm(
    X,
    X_target,
    *,
    sample_weight=None,
    max_weight=1000.0,
    bandwidth=None,
    n_landmarks=300,
    exact_rows=EXACT_ROWS,
    tol=SMALLEST_CHANGE,
    max_iter=MOST_STEPS,
    random_state=0,
):
    """Weight training rows so that their kernel mean is that of the target rows.

    Minimises ``w'DKDw / 2 - k'Dw + ridge w'Dw / 2`` over ``0 <= w <= max_weight``, with
    K the Gaussian kernel of the training rows, k its sum over the target rows in their
    scale, D the ``sample_weight`` on a diagonal and the ridge a ten-thousandth of the
    number of rows, by accelerated projected gradients.

    Parameters
    ----------
    X, X_target, sample_weight, random_state
        As in :func:`ulsif`.
    max_weight : float, default=1000.0
    bandwidth : float, default=None
        None is the median distance of rows.
    n_landmarks : int, default=300
        Rows that stand for all in the kernel (Nystroem) if X has more than
        ``exact_rows``.
    exact_rows : int, default=5000
    tol : float, default=1e-4
        Relative change of the weights at which it stops.
    max_iter : int, default=2000

    Returns
    -------
    weight : ndarray of shape (n_samples,)
    bandwidth : float
    """
    rng = np.random.default_rng(random_state)
    if bandwidth is None:
        bandwidth = median_distance(X, X_target, sample_weight, rng)
    counts = np.ones(X.shape[0]) if sample_weight is None else sample_weight
    if X.shape[0] <= exact_rows:
        K = gaussian(squared_distances(X, X), bandwidth)
        mean = in_blocks(
            X,
            X_target.shape[0],
            lambda rows: gaussian(squared_distances(rows, X_target), bandwidth).mean(1),
        )
        product = K.__matmul__
    else:
        features = _nystroem(X, X_target, n_landmarks, bandwidth, sample_weight, rng)
        phi, mean = features(X), 0.0
        mean = phi @ _mean_features(features, X_target, n_landmarks)

        def product(v):
            return phi @ (phi.T @ v)

    weight = match_means(
        product, counts.sum() * mean, counts, max_weight, tol=tol, max_iter=max_iter
    )
    return weight, bandwidth


def _nystroem(X, X_target, n_landmarks, bandwidth, sample_weight, rng):
    """Features whose products stand for the kernel, exact at some rows of each side."""
    half = n_landmarks // 2
    marks = np.vstack(
        [
            X[spread_rows(X.shape[0], n_landmarks - half, sample_weight, rng)],
            X_target[spread_rows(X_target.shape[0], half, None, rng)],
        ]
    )
    values, vectors = eigh(gaussian(squared_distances(marks, marks), bandwidth))
    kept = values > 1e-10 * values[-1]
    root = vectors[:, kept] / np.sqrt(values[kept])
    return lambda rows: in_blocks(
        rows,
        marks.shape[0],
        lambda some: gaussian(squared_distances(some, marks), bandwidth) @ root,
    )


def _mean_features(features, X_target, n_columns):
    step = max(1, 2**22 // n_columns)
    starts = range(0, X_target.shape[0], step)
    sums = [features(X_target[start : start + step]).sum(axis=0) for start in starts]
    return np.sum(sums, axis=0) / X_target.shape[0]


def match_means(product, kappa, counts, max_weight, *, tol, max_iter):
    """Minimise over the box; ``product`` multiplies by the kernel matrix.

    Steps are scaled by the counts, so that a row of weight k moves as k rows do.
    """
    ridge = RIDGE * counts.sum()
    step = 1 / (_largest_eigenvalue(product, np.sqrt(counts)) + ridge)
    weight = ahead = np.minimum(np.ones_like(kappa), max_weight)
    momentum = 1.0
    for _ in range(max_iter):
        slope = product(counts * ahead) + ridge * ahead - kappa
        new = np.clip(ahead - step * slope, 0, max_weight)
        if (counts * (ahead - new)) @ (new - weight) > 0:  # momentum leads uphill
            momentum = 1.0
        following = (1 + np.sqrt(1 + 4 * momentum**2)) / 2
        ahead = new + (momentum - 1) / following * (new - weight)
        change = np.sqrt(counts @ (new - weight) ** 2)
        weight, momentum = new, following
        if change <= tol * np.sqrt(counts @ weight**2):
            break
    return weight


def _largest_eigenvalue(product, root):
    """Of the kernel matrix with rows repeated, by power iterations; a bit above it."""
    v = root / np.linalg.norm(root)
    value = 0.0
    for _ in range(POWER_STEPS):
        v = root * product(root * v)
        value = float(np.linalg.norm(v))
        v /= value
    return 1.01 * value


class KMMWeighter(KernelWeighter):
    """Weight training rows by kernel mean matching (KMM).

    The weights for which the mean of the training rows is that of the target rows in
    the feature space of a Gaussian kernel [1]_. Quadratic in the training rows up to
    5,000 of them; beyond, ``n_landmarks`` rows stand for all (Nystroem), and memory is
    linear.

    Parameters
    ----------
    X_target : TargetData, default=None
        Target rows; may be given to ``fit`` instead. None gives all rows weight 1.
    max_weight : float, default=1000.0
        Of a row, before the mean is made 1.
    bandwidth : float, default=None
        Of the kernel, in standard deviations of the columns. None is the median
        distance of rows.
    n_landmarks : int, default=300
        For more than 5,000 training rows.
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
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features_in_,)

    Warns
    -----
    OverlapWarning
        If ``domain_auc_`` exceeds .99, fewer than 5 % of the rows are effective, or no
        training row lies near a target row.

    See Also
    --------
    DiscriminatorWeighter : Better on most tables; takes sparse tables and text.

    Notes
    -----
    Numbers are standardised, categories are one column each, missing values the mean
    and a column that says so. It weighs the training rows alone: a new
    row gets the weight of the nearest of them, which the fitted weighter holds,
    standardised. Wrong under label or concept shift.

    References
    ----------
    .. [1] J. Huang, A. Smola, A. Gretton, K. Borgwardt, B. Schoelkopf, "Correcting
       sample selection bias by unlabeled data", NIPS 2006.

    Examples
    --------
    >>> import numpy as np
    >>> from skdataquality.shift import KMMWeighter, TargetData
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(500, 2))
    >>> target = TargetData(rng.normal([1, 0], 1, size=(500, 2)))
    >>> weighter = KMMWeighter(random_state=0).fit(X, X_target=target)
    >>> bool(np.corrcoef(weighter.sample_weight_, np.exp(X[:, 0]))[0, 1] > 0.7)
    True
    """

    _parameter_constraints: dict = {
        **KernelWeighter._parameter_constraints,
        "max_weight": [Interval(Real, 0, None, closed="neither")],
        "n_landmarks": [Interval(Integral, 2, None, closed="left")],
    }

    def __init__(
        self,
        *,
        X_target=None,
        max_weight=1000.0,
        bandwidth=None,
        n_landmarks=300,
        flatten=1.0,
        clip=None,
        random_state=None,
    ):
        self.X_target = X_target
        self.max_weight = max_weight
        self.bandwidth = bandwidth
        self.n_landmarks = n_landmarks
        self.flatten = flatten
        self.clip = clip
        self.random_state = random_state

    def _fit_encoded(self, X, X_target, sample_weight, seed):
        weight, self.bandwidth_ = kmm(
            X,
            X_target,
            sample_weight=sample_weight,
            max_weight=self.max_weight,
            bandwidth=self.bandwidth,
            n_landmarks=self.n_landmarks,
            random_state=seed,
        )
        self._rows, self._weight = X, weight
        return weight

    def _encoded_ratio(self, X):
        index = NearestNeighbors(n_neighbors=1).fit(self._rows)
        return self._weight[index.kneighbors(X, return_distance=False)[:, 0]]
