"""Score tests that P(y | x) changes along some directions, beyond its level."""

from dataclasses import dataclass

import numpy as np
from scipy import stats
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from skdataquality.shift._ratios import clipped_logit

# of the eigenvalues of a correlation matrix: the score of a linear model is one of the
# columns, but for how the models of the folds differ, which is no property of rows
NEARLY_ZERO = 0.01
WEAK_RIDGE = 1e4  # keeps coefficients finite where a model is always right


@dataclass(frozen=True)
class ScoreTest:
    """Chi-squared test of all directions, and a z score and a change along each.

    ``change`` is that of the log odds, or of the mean of y, per standard deviation of
    the training rows; ``level`` and ``level_error`` are the change that is the same in
    every row, which is not tested, and its standard error;
    ``expected`` is the mean of y of each row if nothing else changed.
    """

    statistic: float
    n_directions: int
    p_value: float
    z: np.ndarray
    change: np.ndarray
    level: float
    level_error: float
    expected: np.ndarray


def domain_probability(raw, is_target):
    """Calibrate out-of-fold P(target | x) by the log-loss; never turned round."""
    score = clipped_logit(raw)
    if np.ptp(score) == 0:
        return np.full(score.shape[0], is_target.mean())
    model = LogisticRegression(C=WEAK_RIDGE, solver="newton-cholesky")
    model.fit(score[:, None], is_target)
    if model.coef_[0, 0] <= 0:  # noise of models that found nothing
        return np.full(score.shape[0], is_target.mean())
    return model.predict_proba(score[:, None])[:, 1]


def pooled_test(H, y, is_target, proba, *, binary):
    """Test ``y ~ 1 + H + d`` against additional ``d * H``, d saying target.

    Residuals of target rows are set against those of training rows near them: each
    enters by how far d is from its mean at x, so that an error of the model at x, which
    both share, and one of ``proba``, P(d = 1 | x), must meet to do harm.
    """
    n = y.shape[0]
    Z = np.column_stack([np.ones(n), H, is_target])
    weights = np.where(is_target == 1, 1 - proba, proba)
    weights = weights / weights.mean()
    slopes, level = fit_mean(Z, y, weights, binary)
    eta = Z[:, :-1] @ slopes
    if binary:
        means = expit(eta), expit(eta + level)
        spreads = [mean * (1 - mean) for mean in means]
    else:
        means = eta, eta + level
        spreads = [np.ones(n), np.ones(n)]
    expected = np.where(is_target == 1, means[1], means[0])
    residual = y - expected
    spread = np.where(is_target == 1, spreads[1], spreads[0])
    apart = proba * spreads[1]
    apart = is_target - apart / np.maximum(apart + (1 - proba) * spreads[0], 1e-12)
    # what the fit of the other coefficients takes away
    A, fitted = apart[:, None] * H, weights[:, None] * Z
    information = (fitted * spread[:, None]).T @ Z
    taken = np.linalg.pinv(information, hermitian=True) @ (Z * spread[:, None]).T @ A
    A = A - fitted @ taken
    if binary:
        variances = [(A * spread[:, None]).T @ A]
    else:
        variances = _variances_of_numbers(A, residual, is_target)
    U = A.T @ residual
    found = [chi_squared(U, V) for V in variances]
    statistic, size, p_value, z = max(found, key=lambda one: one[2])
    slope = (A * spread[:, None] * is_target[:, None] * H).sum(axis=0)
    error = _level_error(information, fitted, spread, residual, binary)
    with np.errstate(divide="ignore", invalid="ignore"):
        change = np.where(slope > 0, U / slope, np.nan)
    return ScoreTest(statistic, size, p_value, z, change, float(level), error, expected)


def fit_mean(Z, y, weights, binary):
    """Return coefficients of all columns but the last, and that of the last."""
    if not binary:
        root = np.sqrt(weights)
        fit = np.linalg.lstsq(Z * root[:, None], y * root, rcond=None)[0]
        return fit[:-1], fit[-1]
    model = LogisticRegression(
        C=WEAK_RIDGE, solver="newton-cholesky", tol=1e-8, max_iter=200
    )
    model.fit(Z[:, 1:], y, sample_weight=weights)
    return np.r_[model.intercept_, model.coef_[0, :-1]], model.coef_[0, -1]


def _variances_of_numbers(A, residual, is_target):
    """Of equal variance on each side, and of any: both are tried."""
    of_side = np.array([np.mean(residual[is_target == d] ** 2) for d in (0, 1)])
    return [
        (A * of_side[is_target][:, None]).T @ A,
        (A * residual[:, None] ** 2).T @ A,
    ]


def _level_error(information, fitted, spread, residual, binary):
    inverse = np.linalg.pinv(information, hermitian=True)
    noise = spread if binary else residual**2
    return float(
        np.sqrt((inverse @ (fitted * noise[:, None]).T @ fitted @ inverse)[-1, -1])
    )


def chi_squared(U, V):
    """Return ``U V^-1 U`` over what V has of directions, their number, p value, z."""
    scale = np.sqrt(np.diag(V))
    used = scale > 0
    z = np.zeros(U.shape[0])
    z[used] = U[used] / scale[used]
    if not used.any():
        return 0.0, 0, 1.0, z
    correlation = (V / np.where(used, scale, 1)[:, None] / np.where(used, scale, 1))[
        np.ix_(used, used)
    ]
    values, vectors = np.linalg.eigh(correlation)
    kept = values > NEARLY_ZERO * values.max()
    statistic = float((((vectors.T @ z[used])[kept]) ** 2 / values[kept]).sum())
    size = int(kept.sum())
    return statistic, size, float(stats.chi2.sf(statistic, size)), z
