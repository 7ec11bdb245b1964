"""How wrong numbers differ from noise: a mixture model of residuals.

A residual that is right has a skewed Student t distribution whose scale may differ from
row to row; a wrong value may be anything in the range of the values. Heavy tails and
noisy regions so have an explanation other than errors, and rows are accused only if
errors explain the residuals better. Residuals with a blunt distribution, as a useless
model leaves them, look like the uniform one of errors: a skewed exponential power
distribution stands for them.
"""

from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy import optimize, special

NORMAL_MEDIAN = 0.6744897501960817  # median of |z|
SIZE_RANGE = 30.0  # residuals beyond 30 times the median, or below 1/30, are clipped
ROUNDING = 1e-9  # of the range of y
MOST_FITTED = 20_000  # rows; more would not change five numbers
MOST_ERRORS = 0.45
SOME_EVIDENCE = 2.0  # twice a log-likelihood
LEAST_EVIDENCE = 6.0  # one in a hundred by chance
N_PARAMETERS = 5
FENCE = 3.0  # interquartile ranges beyond the quartiles are far out (Tukey 1977)
LEAST_SKILL = 0.9  # absolute residuals relative to those of the median
COMMON_BOUNDS = (
    (-1.0, 1.0),  # centre
    (-2.0, 2.0),  # log scale
    (-0.7, 0.7),  # log skewness
)
DF_BOUNDS = (0.0, np.log(30.0))  # beyond 30 the tail is normal
POWER_BOUNDS = (np.log(2.0), np.log(20.0))  # 2 is normal, 20 all but uniform
RATE_BOUNDS = (1e-6, MOST_ERRORS)


@dataclass(frozen=True)
class ResidualModel:
    """Distribution of the residuals of right values, and the share of wrong ones.

    Attributes
    ----------
    centre, scale : float
        Of the studentised residuals.
    skewness : float
        Above 1 the right tail is the longer one (Fernandez and Steel 1998).
    degrees_of_freedom : float
        Of the Student t distribution, in [1, 30]; lower is heavier tails.
    noise_rate : float
        Share of wrong values; 0 unless errors are evident.
    evidence : float
        Twice the gain in log-likelihood from errors; accepted if above 6 and
        log(n_samples), the Bayesian information criterion, and more if rows are few.
    predictable : bool
        Whether the model predicts at all; if not, ``noise_rate`` is 0.
    """

    centre: float
    scale: float
    skewness: float
    degrees_of_freedom: float
    noise_rate: float
    evidence: float
    predictable: bool

    def log_density(self, studentised):
        """Log density of studentised residuals of right values."""
        return _log_density(
            studentised,
            self.centre,
            np.log(self.scale),
            np.log(self.skewness),
            np.log(self.degrees_of_freedom),
        )[0]


def residual_sizes(residuals):
    """Logarithms of absolute residuals, clipped and moved to be positive.

    A regressor of these learns where noise is large; single outliers hardly move it,
    and models that need a positive value can learn them, too. They are in [1, 1 + 2 log
    30], and the median residual has the middle of it; NaN stays NaN.
    """
    typical = _typical(np.abs(residuals[np.isfinite(residuals)]))
    relative = np.abs(residuals) / typical if typical else np.ones_like(residuals)
    return 1 + np.log(np.clip(relative, 1 / SIZE_RANGE, SIZE_RANGE) * SIZE_RANGE)


def _typical(sizes):
    """Median, or the mean if most are zero."""
    return np.median(sizes) or sizes.mean()


def noise_scale(residuals, predicted_sizes, trusted, value_range):
    """Scale of the noise in each row, above 0, in standard deviations were it normal.

    Predicted sizes, those of `residual_sizes` out of fold, are shrunk by the slope of
    the sizes on them: where noise cannot be predicted, the scale is the same
    everywhere. NaN counts as typical. Slope and level are learned from the `trusted`
    rows, and less than 1e-9 of the range of the values is rounding.
    """
    known = np.isfinite(predicted_sizes)
    centred = np.zeros_like(residuals)
    middle = np.median(predicted_sizes[known]) if known.any() else 0.0
    centred[known] = predicted_sizes[known] - middle
    size = residual_sizes(residuals)[trusted]
    predictor = centred[trusted] - centred[trusted].mean()
    spread = predictor @ predictor
    slope = predictor @ (size - size.mean()) / spread if spread > 1e-12 else 0.0
    relative = np.exp(np.clip(slope, 0, 1) * centred)
    level = _typical(np.abs(residuals[trusted]) / relative[trusted]) / NORMAL_MEDIAN
    return relative * max(level, ROUNDING * value_range)


def is_predictable(y, residuals):
    """Whether the median absolute residual is well below that of the median of y.

    Otherwise the residuals are little else than the values themselves, whose shape says
    nothing of errors: a rare value would be taken for a wrong one.
    """
    without_model = np.median(np.abs(y - np.median(y)))
    return bool(np.median(np.abs(residuals)) < LEAST_SKILL * without_model)


def is_far_out(y):
    """Mask of values beyond Tukey's outer fences; none if most values are equal.

    A few such values can ruin a model that minimises squares, which then seems to
    predict nothing.
    """
    first, third = np.quantile(y, [0.25, 0.75])
    reach = FENCE * (third - first)
    return (reach > 0) & ((y < first - reach) | (y > third + reach))


def fit_residual_model(
    residuals, scale, value_range, *, predictable=True, to_accuse=True
):
    """Fit the mixture of right and wrong values by maximum likelihood.

    A wrong value may be anything within `value_range`. Unless `predictable`, no row is
    accused; unless `to_accuse`, less evidence is asked for, as to leave a row out of a
    fit is not to accuse it.
    """
    step = max(1, residuals.shape[0] // MOST_FITTED)
    order = np.argsort(residuals / scale, kind="stable")[::step]
    studentised = (residuals / scale)[order]
    log_wrong = np.log(scale[order] / value_range)
    mixed = _minimise(
        _with_errors,
        [(0, 0, 0, np.log(25), 0.1), (0, 0, 0, np.log(8), 0.02)],
        studentised,
        DF_BOUNDS,
        RATE_BOUNDS,
        log_wrong=log_wrong,
    )
    without_errors = [(0, 0, 0, np.log(8)), tuple(mixed.x[:4])]
    heavy = _minimise(_heavy_tails, without_errors, studentised, DF_BOUNDS)
    blunt = _minimise(_blunt, [(0, 0.3, 0, np.log(4))], studentised, POWER_BOUNDS)
    n_rows = studentised.shape[0]
    evidence = 2 * n_rows * float(min(heavy.fun, blunt.fun) - mixed.fun)
    evident = predictable and evidence > _enough_evidence(n_rows, to_accuse)
    best = mixed.x if evident else heavy.x
    centre, log_scale, log_skew, log_df = best[:4]
    return ResidualModel(
        centre=float(centre),
        scale=float(np.exp(log_scale)),
        skewness=float(np.exp(log_skew)),
        degrees_of_freedom=float(np.exp(log_df)),
        noise_rate=float(best[4]) if evident else 0.0,
        evidence=evidence,
        predictable=predictable,
    )


def value_quality(residuals, scale, value_range, model):
    """Probability that a value is right, if one in two were wrong.

    A value is wrong rather than right if this is below the noise rate.
    """
    log_wrong = np.log(scale / value_range)
    return special.expit(model.log_density(residuals / scale) - log_wrong)


def _enough_evidence(n_rows, to_accuse):
    """Bayesian information criterion of one parameter, more if rows are few."""
    few = 1 + 2 * N_PARAMETERS / max(n_rows - 2 * N_PARAMETERS, 1)
    if not to_accuse:
        return few * SOME_EVIDENCE
    return few * max(LEAST_EVIDENCE, np.log(n_rows))


def _distance(studentised, centre, log_scale, log_skew):
    """Distance from the centre in scales of its side.

    Returns also the log of its Jacobian, and the derivatives of the distance, and of
    that log, by centre, log_scale and log_skew.
    """
    stretch = np.where(studentised < centre, 1.0, -1.0)
    unit = np.exp(stretch * log_skew - log_scale)
    distance = (studentised - centre) * unit
    log_jacobian = np.log(2) - np.logaddexp(log_skew, -log_skew) - log_scale
    slopes = np.stack([-unit, -distance, stretch * distance])
    return distance, log_jacobian, slopes, np.array([0.0, -1.0, -np.tanh(log_skew)])


def _log_density(studentised, centre, log_scale, log_skew, log_df):
    """Skewed Student t, and its derivatives by the four parameters."""
    distance, log_jacobian, slopes, jacobian_slopes = _distance(
        studentised, centre, log_scale, log_skew
    )
    df = np.exp(log_df)
    square = distance * distance
    log_tail = np.log1p(square / df)
    value = (
        log_jacobian
        + special.gammaln((df + 1) / 2)
        - special.gammaln(df / 2)
        - 0.5 * np.log(df * np.pi)
        - (df + 1) / 2 * log_tail
    )
    by_distance = -(df + 1) * distance / (df + square)
    by_df = special.digamma((df + 1) / 2) - special.digamma(df / 2) - 1 / df
    by_log_df = df / 2 * (by_df - log_tail - by_distance * distance / df)
    slopes = by_distance * slopes + jacobian_slopes[:, None]
    return value, np.vstack([slopes, by_log_df])


def _heavy_tails(parameters, studentised):
    """Mean negative log-likelihood without errors, and its gradient."""
    value, slopes = _log_density(studentised, *parameters)
    return -value.mean(), -slopes.mean(axis=1)


def _blunt(parameters, studentised):
    """Do the same for a skewed exponential power distribution: normal to uniform."""
    distance, log_jacobian, slopes, jacobian_slopes = _distance(
        studentised, *parameters[:3]
    )
    power, size = np.exp(parameters[3]), np.maximum(np.abs(distance), 1e-300)
    loss = size**power
    log_norm = np.log(power / 2) - special.gammaln(1 / power)
    by_distance = power * loss / size * np.sign(distance)
    by_log_power = power * (loss * np.log(size)).mean()
    by_log_power -= 1 + special.digamma(1 / power) / power
    gradient = (by_distance * slopes).mean(axis=1) - jacobian_slopes
    return loss.mean() - log_jacobian - log_norm, np.r_[gradient, by_log_power]


def _with_errors(parameters, studentised, log_wrong):
    """Do the same for the mixture of right and wrong values."""
    rate = parameters[4]
    log_right, slopes = _log_density(studentised, *parameters[:4])
    log_right = log_right + np.log1p(-rate)
    log_either = np.logaddexp(log_right, log_wrong + np.log(rate))
    right = np.exp(log_right - log_either)
    by_rate = ((1 - right) / rate - right / (1 - rate)).mean()
    return -log_either.mean(), -np.r_[(right * slopes).mean(axis=1), by_rate]


def _minimise(objective, starts, studentised, *bounds, **known):
    """Best of several bounded minimisations; the first of equals."""
    fits = [
        optimize.minimize(
            partial(objective, studentised=studentised, **known),
            start,
            jac=True,
            method="L-BFGS-B",
            bounds=COMMON_BOUNDS + bounds,
            options={"ftol": 1e-12, "gtol": 1e-8},
        )
        for start in starts
    ]
    return min(fits, key=lambda fit: fit.fun)
