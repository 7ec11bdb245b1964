"""Confidence intervals and significance tests: the one place for both.

What scipy offers is called from scipy; what is written out here is what it lacks:
vectorised binomial intervals, a bootstrap within strata, the corrected resampled
t-test, Holm's step-down procedure and the Cauchy combination of p-values. Everywhere
`level` is the confidence level, in (0, 1), and an argument that is not as documented
raises a ValueError naming the argument, its value and the cure.
"""

import math
import numbers
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special, stats

FloatArray = NDArray[np.float64]
RandomState = int | np.random.RandomState | np.random.Generator | None

_MAX_UNDEFINED_SHARE = 0.05  # of bootstrap replicates; above it no interval is given


@dataclass(frozen=True)
class Interval:
    """A number with its confidence interval and how the interval was made.

    Parameters
    ----------
    estimate, lower, upper : float
        The number and the ends of its interval, `lower <= upper`; NaN if undefined.
    method : str
        How the interval was obtained, in words for the reader of a report.
    level : float, default=0.95
        Confidence level.
    """

    estimate: float
    lower: float
    upper: float
    method: str
    level: float = 0.95

    def __post_init__(self) -> None:
        _check_open_unit("level", self.level)
        if self.lower > self.upper:
            raise ValueError(
                f"lower={self.lower!r} is above upper={self.upper!r}; pass the ends "
                "of the interval in increasing order"
            )

    def to_dict(self) -> dict[str, Any]:
        """Return the fields by name, as strict JSON can hold them (None for NaN)."""
        names = ("estimate", "lower", "upper", "level")
        values = {name: float(getattr(self, name)) for name in names}
        finite = {k: v if math.isfinite(v) else None for k, v in values.items()}
        return {**finite, "method": str(self.method)}


@dataclass(frozen=True)
class NadeauBengio:
    """Result of the corrected resampled t-test, see `nadeau_bengio`.

    Parameters
    ----------
    mean, lower, upper : float
        Mean of the paired differences and its confidence interval.
    p_value : float
        Two-sided p-value of "the mean is zero", in [0, 1] or NaN.
    statistic, df, standard_error : float, int, float
        `mean / standard_error` (NaN when the p-value is), its degrees of freedom, and
        the corrected standard error of the mean.
    """

    mean: float
    lower: float
    upper: float
    p_value: float
    statistic: float
    df: int
    standard_error: float


def clopper_pearson(
    count: ArrayLike, nobs: ArrayLike, *, level: float = 0.95
) -> tuple[FloatArray, FloatArray]:
    """Exact binomial interval of a proportion (Clopper and Pearson 1934).

    It covers the true proportion with probability at least `level`, whatever the
    proportion and the sample size, and is therefore wide.

    Parameters
    ----------
    count, nobs : array-like of int
        Successes and trials, `0 <= count <= nobs`, broadcast against each other. No
        trials give the interval (0, 1).
    level : float, default=0.95
        Confidence level.

    Returns
    -------
    lower, upper : ndarray of float
        Ends of the interval, of the broadcast shape, in [0, 1]; exactly 0 for
        `count == 0` and exactly 1 for `count == nobs`.

    Raises
    ------
    ValueError
        If the counts are not whole numbers or `count` is outside [0, nobs].

    Examples
    --------
    >>> lower, upper = clopper_pearson(14, 20)
    >>> print(f"{lower:.3f} {upper:.3f}")
    0.457 0.881
    """
    successes, trials = _check_counts(count, nobs)
    tail = (1 - _check_open_unit("level", level)) / 2
    failures = trials - successes
    lower = stats.beta.ppf(tail, np.maximum(successes, 1), failures + 1)
    upper = stats.beta.isf(tail, successes + 1, np.maximum(failures, 1))
    return np.where(successes == 0, 0.0, lower), np.where(failures == 0, 1.0, upper)


def wilson(
    count: ArrayLike, nobs: ArrayLike, *, level: float = 0.95
) -> tuple[FloatArray, FloatArray]:
    """Score interval of a proportion (Wilson 1927, without continuity correction).

    Narrower than `clopper_pearson`: coverage is `level` on average over proportions,
    and may be below it for some.

    Parameters, returned arrays (exact ends too) and errors are those of
    `clopper_pearson`.
    """
    successes, trials = _check_counts(count, nobs)
    z = stats.norm.isf((1 - _check_open_unit("level", level)) / 2)
    n = np.maximum(trials, 1)
    p = successes / n
    centre = (p + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    lower = np.where(successes == 0, 0.0, np.clip(centre - half, 0, 1))
    upper = np.where(successes == trials, 1.0, np.clip(centre + half, 0, 1))
    return lower, upper


def newcombe(
    first_count: int, first_nobs: int, second_count: int, second_nobs: int
) -> Interval:
    """Difference of two independent proportions, first minus second (Newcombe 1998).

    Method 10 of the paper, from two Wilson intervals: it never collapses, however few
    the trials.

    Parameters
    ----------
    first_count, first_nobs, second_count, second_nobs : int
        Successes and trials of both; at least one trial each.

    Returns
    -------
    Interval
        95 %, within [-1, 1].

    Examples
    --------
    >>> interval = newcombe(56, 70, 48, 80)
    >>> print(f"{interval.estimate:.2f} [{interval.lower:.4f}, {interval.upper:.4f}]")
    0.20 [0.0524, 0.3339]
    """
    p, q = first_count / first_nobs, second_count / second_nobs
    p_low, p_high = map(float, wilson(first_count, first_nobs))
    q_low, q_high = map(float, wilson(second_count, second_nobs))
    return Interval(
        p - q,
        p - q - math.hypot(p - p_low, q_high - q),
        p - q + math.hypot(p_high - p, q - q_low),
        "Newcombe",
    )


def proportion_interval(
    count: int, nobs: int, *, method: str = "clopper-pearson", level: float = 0.95
) -> Interval:
    """Proportion `count / nobs` with its interval.

    Parameters
    ----------
    count, nobs : int
        Successes and trials, `0 <= count <= nobs`. Without trials the estimate is
        NaN and the interval (0, 1).
    method : {"clopper-pearson", "wilson"}, default="clopper-pearson"
        The function that makes the interval.
    level : float, default=0.95
        Confidence level.

    Raises
    ------
    ValueError
        If `method` is unknown, or the counts are impossible or arrays.
    """
    methods = {
        "clopper-pearson": (clopper_pearson, "Clopper-Pearson"),
        "wilson": (wilson, "Wilson"),
    }
    if method not in methods:
        raise ValueError(f"method={method!r} is unknown; use one of {sorted(methods)}")
    for name, value in (("count", count), ("nobs", nobs)):
        if np.ndim(value) != 0:
            raise ValueError(
                f"{name} has shape {np.shape(value)}; pass one number, or call "
                "clopper_pearson or wilson for arrays"
            )
    function, words = methods[method]
    lower, upper = function(count, nobs, level=level)
    estimate = float(count) / float(nobs) if nobs else math.nan
    return Interval(estimate, float(lower), float(upper), words, level)


def bootstrap_interval(
    statistic: Callable[..., float],
    *arrays: ArrayLike,
    strata: ArrayLike | None = None,
    n_resamples: int = 1000,
    level: float = 0.95,
    random_state: RandomState = None,
) -> Interval:
    """Percentile bootstrap interval of a statistic of rows (Efron 1979).

    Rows are drawn with replacement, the same rows from every array. The ends are
    order statistics of the replicates, rounded outwards. Memory beside the input is
    O(rows), independent of `n_resamples`.

    Parameters
    ----------
    statistic : callable
        Takes the arrays (resampled) as positional arguments, returns one number.
    *arrays : array-like of shape (n_rows, ...)
        One or more arrays with the same number of rows, at least one row.
    strata : array-like of int of shape (n_rows,), default=None
        Stratum of each row: every resample keeps the number of rows of each stratum.
        None resamples all rows together.
    n_resamples : int, default=1000
        Number of resamples; at least `2 / (1 - level)`, so that each tail holds one.
    level : float, default=0.95
        Confidence level.
    random_state : int, RandomState, Generator or None, default=None
        Source of randomness. None takes fresh entropy; numpy's global generator is
        never used.

    Returns
    -------
    Interval
        The estimate is the statistic of the arrays as given. Resamples in which the
        statistic is NaN are left out and counted in `method`. If they are more than
        5 % of all, or the estimate is NaN, the ends are NaN and `method` says so.

    Raises
    ------
    ValueError
        If the arrays are empty or of unequal length, `strata` are not integer codes,
        `statistic` returns an array, or `n_resamples` is too small.

    Examples
    --------
    >>> import numpy as np
    >>> interval = bootstrap_interval(np.mean, np.arange(100), random_state=0)
    >>> interval.estimate, interval.method
    (49.5, 'percentile bootstrap, 1000 resamples')
    """
    tail = (1 - _check_open_unit("level", level)) / 2
    _check_integer("n_resamples", n_resamples, minimum=math.ceil(1 / tail - 1e-6))
    rows_of = [np.asarray(array) for array in arrays]
    draw = _row_drawer(_check_n_rows(rows_of), strata, _make_generator(random_state))
    estimate = _check_scalar(statistic(*rows_of))
    if math.isnan(estimate):
        words = "no interval: the statistic is undefined on the data"
        return Interval(estimate, math.nan, math.nan, words, level)
    replicates = np.empty(n_resamples)
    for i in range(n_resamples):
        rows = draw()
        replicates[i] = _check_scalar(statistic(*(array[rows] for array in rows_of)))
    defined = replicates[~np.isnan(replicates)]
    n_undefined = n_resamples - defined.size
    words = f"percentile bootstrap, {n_resamples} resamples"
    words += " within strata" if strata is not None else ""
    words += f", {n_undefined} of them undefined" if n_undefined else ""
    if n_undefined > _MAX_UNDEFINED_SHARE * n_resamples:
        return Interval(estimate, math.nan, math.nan, f"no interval: {words}", level)
    lower = float(np.quantile(defined, tail, method="lower"))
    upper = float(np.quantile(defined, 1 - tail, method="higher"))
    return Interval(estimate, lower, upper, words, level)


def fold_interval(scores: ArrayLike, *, level: float = 0.95) -> Interval:
    """Mean of one score in [0, 1] per fold, with a t interval over the folds.

    Folds share training rows, so the interval is somewhat too narrow for the score of
    the algorithm; it shows how much the held-out rows alone move the mean.

    Parameters
    ----------
    scores : array-like of shape (n_folds,)
        NaN (a fold that has no score) is left out.
    level : float, default=0.95
        Confidence level.

    Returns
    -------
    Interval
        Without two folds the interval is (0, 1).

    Examples
    --------
    >>> interval = fold_interval([0.8, 0.9, 0.85])
    >>> print(f"{interval.estimate:.2f} [{interval.lower:.2f}, {interval.upper:.2f}]")
    0.85 [0.73, 0.97]
    """
    known = np.asarray(scores, dtype=float)
    known = known[~np.isnan(known)]
    method = f"t over {known.size} folds"
    if known.size < 2:
        mean = float(known[0]) if known.size else math.nan
        return Interval(mean, 0.0, 1.0, method, level)
    tail = (1 - _check_open_unit("level", level)) / 2
    half = stats.t.isf(tail, known.size - 1) * known.std(ddof=1) / math.sqrt(known.size)
    mean = float(known.mean())
    return Interval(
        mean, float(max(mean - half, 0)), float(min(mean + half, 1)), method, level
    )


def nadeau_bengio(
    differences: ArrayLike, *, test_train_ratio: float, level: float = 0.95
) -> NadeauBengio:
    r"""Corrected resampled t-test (Nadeau and Bengio 2003, section 3).

    The :math:`J` differences of resampled splits share training rows. Their mean
    :math:`\bar d` is tested by :math:`t = \bar d / \sqrt{(1/J + \rho) s^2}` with
    :math:`J - 1` degrees of freedom, where :math:`s^2` is their variance and
    :math:`\rho` the ratio of test to training rows; :math:`\rho = 0` is the plain
    paired t-test, far too optimistic here.

    Parameters
    ----------
    differences : array-like of shape (n_splits,)
        Score of one method minus score of the other, split by split; at least 2.
    test_train_ratio : float
        Test rows over training rows, at least 0; `1 / (k - 1)` for k folds,
        however often they are repeated.
    level : float, default=0.95
        Confidence level.

    Returns
    -------
    NadeauBengio
        Mean, interval, two-sided p-value. Differences that are all equal (up to
        rounding) have a p-value of 1 if they are 0; otherwise the p-value is NaN, the
        interval collapses at the mean, and a RuntimeWarning is given.

    Raises
    ------
    ValueError
        If there are fewer than 2 differences, any is not finite, or the ratio is
        negative.

    Examples
    --------
    >>> test = nadeau_bengio([0.02, 0.03, 0.01, 0.04], test_train_ratio=1 / 3)
    >>> print(f"{test.mean:.3f} [{test.lower:.3f}, {test.upper:.3f}]")
    0.025 [-0.006, 0.056]
    """
    d = _check_vector("differences", differences, min_size=2)
    ratio = _check_not_negative("test_train_ratio", test_train_ratio)
    tail = (1 - _check_open_unit("level", level)) / 2
    mean, sd, df = float(d.mean()), float(d.std(ddof=1)), d.size - 1
    if sd <= 10 * np.finfo(float).eps * abs(mean):
        if mean == 0:
            return NadeauBengio(mean, mean, mean, 1.0, 0.0, df, 0.0)
        warnings.warn(
            f"all {d.size} differences equal {mean:.6g}: their variance is 0, so the "
            "p-value is NaN and the interval a point; use more or other splits",
            RuntimeWarning,
            stacklevel=2,
        )
        return NadeauBengio(mean, mean, mean, math.nan, math.nan, df, 0.0)
    standard_error = math.sqrt(1 / d.size + ratio) * sd
    t = mean / standard_error
    half = float(stats.t.isf(tail, df)) * standard_error
    p_value = float(2 * stats.t.sf(abs(t), df))
    return NadeauBengio(mean, mean - half, mean + half, p_value, t, df, standard_error)


def minimum_detectable_gain(
    n_splits: int,
    *,
    test_train_ratio: float,
    sd: float = 1.0,
    level: float = 0.95,
    power: float = 0.8,
) -> float:
    r"""Smallest mean difference that `nadeau_bengio` finds with the given power.

    It is :math:`(t_{1-\alpha/2,\,J-1} + t_{power,\,J-1}) \sqrt{1/J + \rho}\; s`, the
    usual approximation that replaces the non-central by the shifted central t.

    Parameters
    ----------
    n_splits : int
        Number of splits :math:`J`, at least 2.
    test_train_ratio : float
        Test rows over training rows :math:`\rho`, at least 0.
    sd : float, default=1.0
        Standard deviation of the differences; 1 gives the gain in units of it.
    level : float, default=0.95
        Confidence level :math:`1 - \alpha` of the two-sided test, in (0, 1).
    power : float, default=0.8
        Probability of finding the gain, in (0, 1).

    Returns
    -------
    float
        The gain, in units of `sd`.

    Examples
    --------
    >>> print(f"{minimum_detectable_gain(10, test_train_ratio=1 / 9):.2f}")
    1.45
    """
    _check_integer("n_splits", n_splits, minimum=2)
    ratio = _check_not_negative("test_train_ratio", test_train_ratio)
    tail = (1 - _check_open_unit("level", level)) / 2
    miss = 1 - _check_open_unit("power", power)
    shift = stats.t.isf(tail, n_splits - 1) + stats.t.isf(miss, n_splits - 1)
    return (
        float(shift) * math.sqrt(1 / n_splits + ratio) * _check_not_negative("sd", sd)
    )


def splits_for_gain(
    n_folds: int,
    *,
    gain: float = 1.5,
    level: float = 0.95,
    power: float = 0.8,
    max_repeats: int = 10,
) -> int:
    """Repeats of k-fold cross-validation that make a gain detectable.

    Parameters
    ----------
    n_folds : int
        Number of folds k, at least 2.
    gain : float, default=1.5
        Gain to detect, in standard deviations of the fold differences; positive.
    level, power : float, default=0.95 and 0.8
        As in `minimum_detectable_gain`.
    max_repeats : int, default=10
        Largest number of repeats, at least 1.

    Returns
    -------
    int
        The smallest number of repeats r for which
        `minimum_detectable_gain(r * k, test_train_ratio=1 / (k - 1)) <= gain`, or
        `max_repeats` if there is none: repeating cannot lower the gain below
        `(z_{1 - alpha/2} + z_power) / sqrt(k - 1)`, so few folds never detect a
        small one.

    Examples
    --------
    >>> splits_for_gain(10), splits_for_gain(5), splits_for_gain(3)
    (1, 9, 10)
    """
    _check_integer("n_folds", n_folds, minimum=2)
    _check_integer("max_repeats", max_repeats, minimum=1)
    if not gain > 0:
        raise ValueError(f"gain={gain!r} can never be detected; pass a positive number")
    ratio = 1 / (n_folds - 1)
    for repeats in range(1, max_repeats):
        smallest = minimum_detectable_gain(
            repeats * n_folds, test_train_ratio=ratio, level=level, power=power
        )
        if smallest <= gain:
            return repeats
    return max_repeats


def holm(p_values: ArrayLike) -> FloatArray:
    r"""P-values adjusted by Holm's step-down procedure (Holm 1979).

    With the m observed p-values in increasing order, the adjusted one is
    :math:`\tilde p_{(i)} = \max_{j \le i} \min(1, (m - j + 1)\, p_{(j)})`. It controls
    the probability of any false rejection under every dependence.

    Parameters
    ----------
    p_values : array-like of shape (n_tests,)
        In [0, 1]. NaN stays NaN and does not count as a test.

    Returns
    -------
    ndarray of float of shape (n_tests,)
        Adjusted p-values, in the order given.

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03])
    array([0.03, 0.06, 0.06])
    """

    def adjust(p: FloatArray) -> FloatArray:
        order = np.argsort(p)
        stepped = np.maximum.accumulate(p[order] * np.arange(p.size, 0, -1))
        adjusted = np.empty_like(p)
        adjusted[order] = np.minimum(stepped, 1)
        return adjusted

    return _adjust_observed(p_values, adjust)


def benjamini_hochberg(p_values: ArrayLike) -> FloatArray:
    """P-values adjusted for the false discovery rate (Benjamini and Hochberg 1995).

    It controls the expected share of false rejections among all rejections, for
    independent or positively dependent tests. Argument and result are as for `holm`:
    NaN stays NaN and does not count as a test.
    """
    return _adjust_observed(p_values, stats.false_discovery_control)


def cauchy_combination(
    p_values: ArrayLike, *, weights: ArrayLike | None = None
) -> float:
    r"""Combine dependent p-values into one (Liu and Xie 2020, equation 1).

    :math:`T = \sum_i c_i \tan((1/2 - p_i) \pi)` with :math:`\sum_i c_i = 1` is nearly
    standard Cauchy in its upper tail under arbitrary dependence;
    :math:`p = 1/2 - \arctan(T) / \pi`.

    Parameters
    ----------
    p_values : array-like of shape (n_tests,)
        In [0, 1], at least one, no NaN.
    weights : array-like of shape (n_tests,), default=None
        Weights :math:`c_i`, not negative, not all 0; scaled to sum to 1. None weighs
        all alike.

    Returns
    -------
    float
        Combined p-value, in (0, 1).

    Raises
    ------
    ValueError
        If a p-value is NaN or outside [0, 1], or the weights do not fit.

    Notes
    -----
    The equal forms :math:`\cot(\pi p)` and :math:`\mathrm{arctan2}(1, T) / \pi` keep
    full precision where the textbook ones saturate, and tend to :math:`1 / (\pi p)`
    and :math:`\arctan(1/T) / \pi` for small p and large T. P-values are kept from 0
    (by the smallest normal number) and from 1 (by 1e-15). One p-value of 1 therefore
    adds -3e14 times its weight and outweighs all others above about 1e-15: the result
    is conservative.

    Examples
    --------
    >>> print(f"{cauchy_combination([0.01, 0.5, 0.4]):.3f}")
    0.030
    """
    p = _check_p_values(p_values, allow_nan=False)
    c = np.ones_like(p) if weights is None else _check_weights(weights)
    if c.size != p.size:
        raise ValueError(
            f"weights has {c.size} entries for {p.size} p_values; pass one for each"
        )
    p = np.clip(p, np.finfo(float).tiny, 1 - 1e-15)
    from_end = np.tan(np.pi * np.minimum(p, 1 - p))
    terms = np.where(p <= 0.5, 1, -1) / from_end
    total = math.fsum(c / math.fsum(c) * terms)  # exact sum: order cannot matter
    return math.atan2(1, total) / math.pi


def mann_whitney_auc(scores: ArrayLike, is_positive: ArrayLike) -> tuple[float, float]:
    """Area under the ROC curve and one-sided Mann-Whitney test that it exceeds 1/2.

    Parameters
    ----------
    scores : array-like of shape (n_rows,)
        Finite; larger means more likely positive.
    is_positive : array-like of bool of shape (n_rows,)
        Which rows are positive (booleans, or 0 and 1); both kinds must occur.

    Returns
    -------
    auc : float
        Probability that a positive row scores above a negative one, ties counting
        one half; in [0, 1].
    p_value : float
        Of "positive rows do not score higher", by the normal approximation corrected
        for ties and continuity; 1 if all scores are equal.

    Raises
    ------
    ValueError
        If the lengths differ, a score is not finite, or one kind of row is missing.

    Examples
    --------
    >>> auc, p_value = mann_whitney_auc([0.1, 0.4, 0.4, 0.8], [0, 0, 1, 1])
    >>> print(f"{auc:.3f} {p_value:.3f}")
    0.875 0.207
    """
    values = _check_vector("scores", scores, min_size=2)
    flags = np.asarray(is_positive)
    if flags.shape != values.shape:
        raise ValueError(
            f"is_positive has shape {flags.shape}, scores {values.shape}; pass one "
            "flag per score"
        )
    if not np.isin(flags, (0, 1)).all():
        raise ValueError(
            f"is_positive holds {np.unique(flags)[:5].tolist()}; pass booleans, for "
            "example y == positive_label"
        )
    positive = flags.astype(bool)
    n_positive = int(positive.sum())
    n_negative = positive.size - n_positive
    if not n_positive or not n_negative:
        raise ValueError(
            f"is_positive has {n_positive} positive and {n_negative} negative rows; "
            "the AUC needs at least one of each"
        )
    u, p_value = stats.mannwhitneyu(
        values[positive], values[~positive], alternative="greater", method="asymptotic"
    )
    return float(u) / (n_positive * n_negative), float(p_value)


def effective_sample_size(weights: ArrayLike) -> float:
    r"""Kish's effective sample size :math:`(\sum w)^2 / \sum w^2` (Kish 1965).

    Parameters
    ----------
    weights : array-like of shape (n_rows,)
        Finite, not negative, not all 0.

    Returns
    -------
    float
        Number of equally weighted rows of the same precision, in [1, n_rows];
        unchanged when all weights are scaled.

    Examples
    --------
    >>> effective_sample_size([2, 2, 0, 0])
    2.0
    """
    w = _check_weights(weights)
    w = w / w.max()  # squares can neither overflow nor vanish
    return float(w.sum() ** 2 / np.square(w).sum())


@dataclass(frozen=True)
class StratifiedShares:
    """Result of `stratified_share`, one entry per share asked for.

    Parameters
    ----------
    estimate, lower, upper : ndarray of float
        Share of the population and the ends of its interval.
    method : str
        How the interval was obtained.
    """

    estimate: FloatArray
    lower: FloatArray
    upper: FloatArray
    method: str = "stratified sample, mid-P gamma interval"


def stratified_share(
    count: ArrayLike,
    nobs: ArrayLike,
    sizes: ArrayLike,
    *,
    at_most: ArrayLike | None = None,
    level: float = 0.95,
) -> StratifiedShares:
    r"""Share of a finite population, from random rows of each of its strata.

    With :math:`x_h` hits among :math:`m_h` of the :math:`N_h` rows of stratum h the
    estimate is :math:`\sum_h (N_h / N) x_h / m_h`, unbiased whatever the strata. The
    interval is the mid-P gamma interval of a weighted sum of counts (Fay and Feuer
    1997; Fay and Kim 2017): it asks what the next hit would add,
    :math:`-1 / (N \log(1 - m_h / N_h))` in the worst stratum, so that strata in
    which nothing was hit count too, where an interval from the normal
    distribution collapses.

    Parameters
    ----------
    count : array-like of int of shape (..., n_strata)
        Hits in the sample. Leading dimensions hold several shares.
    nobs, sizes : array-like of int of shape (n_strata,)
        Rows drawn without replacement and rows in all, `1 <= nobs <= sizes`.
    at_most : array-like of int of shape (..., n_strata), default=None
        Most hits that a stratum can hold after what was seen; None is
        `sizes - nobs + count`. Fewer, if hits are rows of one class whose number in
        the stratum is known.
    level : float, default=0.95
        Confidence level.

    Returns
    -------
    StratifiedShares
        `estimate`, `lower`, `upper` of shape (...), and `method`. All three are
        between the hits seen and those still possible, so that a sample of
        everything gives the share itself.

    Raises
    ------
    ValueError
        If the counts are not whole numbers or do not fit each other.

    Notes
    -----
    Hits of strata where they are in the majority are counted by their complement; the
    two sums are joined as independent (Zou and Donner 2008). The variance is the
    usual unbiased one, with the finite population correction.

    Examples
    --------
    >>> share = stratified_share([9, 0], [10, 40], [20, 480])
    >>> print(f"{share.estimate:.3f} [{share.lower:.3f}, {share.upper:.3f}]")
    0.036 [0.025, 0.105]
    """
    tail = (1 - _check_open_unit("level", level)) / 2
    population = _check_counts(sizes, sizes)[0]
    hits, drawn = _check_counts(count, _check_counts(nobs, population)[0])
    if not (drawn >= 1).all():
        raise ValueError("nobs has a stratum without a row; draw one or merge strata")
    total = population.sum()
    most = population - drawn + hits
    most = most if at_most is None else np.minimum(most, np.asarray(at_most))
    share, sampled, weight = hits / drawn, drawn / population, population / total
    spread = (1 - sampled) * share * (1 - share) / np.maximum(drawn - 1, 1)
    spread *= np.square(weight)
    with np.errstate(divide="ignore"):
        next_hit = -1 / (total * np.log1p(-sampled))  # 0 where all rows were drawn
    weight = weight * (sampled < 1)
    minor = share <= 0.5
    # hits where they are the minority, misses where those are
    (fewer_hits, fewer_misses), (more_hits, more_misses) = _midp_gamma(
        np.stack([minor * weight * share, ~minor * weight * (1 - share)]).sum(axis=-1),
        np.stack([minor * spread, ~minor * spread]).sum(axis=-1),
        np.stack([minor * next_hit * (most > hits), ~minor * next_hit]).max(axis=-1),
        tail,
    )
    estimate = (share * population / total).sum(axis=-1)
    seen, possible = hits.sum(axis=-1) / total, most.sum(axis=-1) / total
    return StratifiedShares(
        np.clip(estimate, seen, possible),
        np.clip(estimate - np.hypot(fewer_hits, more_misses), seen, possible),
        np.clip(estimate + np.hypot(more_hits, fewer_misses), seen, possible),
    )


def _midp_gamma(
    total: FloatArray, variance: FloatArray, next_hit: FloatArray, tail: float
) -> tuple[FloatArray, FloatArray]:
    """How far below and above a weighted sum of counts its interval reaches.

    The ends are quantiles of an even mixture of two gamma distributions: of the sum as
    it is, and of the sum with one more hit.
    """
    sums = np.stack([total, total + next_hit])
    variances = np.stack([variance, variance + np.square(next_hit)])
    spread = variances > 0
    scale = np.divide(variances, sums, out=np.ones_like(sums), where=spread)
    shape = np.divide(sums, scale, out=np.ones_like(sums), where=spread)
    targets = np.array([tail, 1 - tail]).reshape((2,) + (1,) * total.ndim)
    low = np.zeros((2, *total.shape))
    high = low + sums[1] + 20 * np.sqrt(variances[1])
    for _ in range(40):
        middle = (low + high) / 2
        gamma = special.gammainc(shape, middle[:, None] / scale)
        reached = np.where(spread, gamma, middle[:, None] >= sums)
        below = reached[:, 0] + reached[:, 1] < 2 * targets
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return np.maximum(total - high[0], 0), np.maximum(high[1] - total, 0)


def _make_generator(random_state: RandomState) -> np.random.Generator:
    """Return a Generator; a RandomState gives (and advances by) its seed."""
    if isinstance(random_state, np.random.Generator):
        return random_state
    if isinstance(random_state, np.random.RandomState):
        return np.random.default_rng(random_state.randint(0, 2**31 - 1, size=4))
    if random_state is not None:
        _check_integer("random_state", random_state, minimum=0)
    return np.random.default_rng(random_state)


def _row_drawer(
    n_rows: int, strata: ArrayLike | None, rng: np.random.Generator
) -> Callable[[], NDArray[np.intp]]:
    """Return a function that draws `n_rows` rows with replacement, within strata."""
    if strata is None:
        return lambda: rng.integers(0, n_rows, size=n_rows)
    codes = np.asarray(strata)
    if codes.shape != (n_rows,) or codes.dtype.kind not in "iub":
        raise ValueError(
            f"strata has shape {codes.shape} and dtype {codes.dtype}; pass one integer "
            f"code for each of the {n_rows} rows, for example from numpy.unique("
            "labels, return_inverse=True)"
        )
    order = np.argsort(codes, kind="stable")
    _, first, counts = np.unique(codes[order], return_index=True, return_counts=True)
    first_of_row, size_of_row = np.repeat(first, counts), np.repeat(counts, counts)

    def draw() -> NDArray[np.intp]:
        # random() * size is below size, and far faster than integers(size)
        within = (rng.random(n_rows) * size_of_row).astype(np.intp)
        return order[first_of_row + within]

    return draw


def _adjust_observed(
    p_values: ArrayLike, adjust: Callable[[FloatArray], FloatArray]
) -> FloatArray:
    """Adjust the p-values that are not NaN, leave the others."""
    adjusted = _check_p_values(p_values, allow_nan=True).copy()
    observed = ~np.isnan(adjusted)
    if observed.any():
        adjusted[observed] = adjust(adjusted[observed])
    return adjusted


def _check_open_unit(name: str, value: float) -> float:
    if not 0 < value < 1:
        raise ValueError(f"{name}={value!r}; pass a number strictly between 0 and 1")
    return float(value)


def _check_not_negative(name: str, value: float) -> float:
    if not 0 <= value < math.inf:
        raise ValueError(f"{name}={value!r}; pass a finite number of at least 0")
    return float(value)


def _check_integer(name: str, value: Any, *, minimum: int) -> None:
    is_integer = isinstance(value, numbers.Integral) and not isinstance(value, bool)
    if not is_integer or value < minimum:
        raise ValueError(f"{name}={value!r}; pass an integer of at least {minimum}")


def _check_vector(name: str, values: ArrayLike, *, min_size: int) -> FloatArray:
    """Return a finite one-dimensional float64 array."""
    vector = np.asarray(values, dtype=np.float64)
    if vector.ndim != 1 or vector.size < min_size:
        raise ValueError(
            f"{name} has shape {vector.shape}; pass a one-dimensional array of at "
            f"least {min_size} numbers"
        )
    bad = np.flatnonzero(~np.isfinite(vector))
    if bad.size:
        raise ValueError(
            f"{name}[{bad[0]}] is {vector[bad[0]]} ({bad.size} of {vector.size} values "
            "are not finite); drop or repair them first"
        )
    return vector


def _check_p_values(p_values: ArrayLike, *, allow_nan: bool) -> FloatArray:
    p = np.asarray(p_values, dtype=np.float64)
    if p.ndim != 1:
        raise ValueError(f"p_values has shape {p.shape}; pass a one-dimensional array")
    if not allow_nan:
        _check_vector("p_values", p, min_size=1)
    outside = np.flatnonzero((p < 0) | (p > 1))
    if outside.size:
        raise ValueError(
            f"p_values[{outside[0]}] is {p[outside[0]]}; pass values between 0 and 1"
        )
    return p


def _check_weights(weights: ArrayLike) -> FloatArray:
    w = _check_vector("weights", weights, min_size=1)
    if w.min() < 0 or w.max() == 0:
        raise ValueError(
            f"weights range from {w.min()} to {w.max()}; pass weights of at least 0, "
            "one of them positive"
        )
    return w


def _check_counts(count: ArrayLike, nobs: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return both as float64 arrays of one shape."""
    successes, trials = np.broadcast_arrays(
        np.asarray(count, dtype=np.float64), np.asarray(nobs, dtype=np.float64)
    )
    whole = (successes == np.floor(successes)) & (trials == np.floor(trials))
    possible = whole & (successes >= 0) & (successes <= trials) & (trials < math.inf)
    if not possible.all():
        at = np.flatnonzero(~possible)[0]
        raise ValueError(
            f"count={successes.flat[at]:g} of nobs={trials.flat[at]:g} is impossible; "
            "pass whole numbers with 0 <= count <= nobs"
        )
    return successes, trials


def _check_n_rows(arrays: list[NDArray[Any]]) -> int:
    shapes = [array.shape for array in arrays]
    lengths = {shape[0] if shape else 0 for shape in shapes}
    if len(lengths) != 1 or 0 in lengths:
        raise ValueError(
            f"arrays have shapes {shapes}; pass at least one array, all with the same "
            "number of rows and at least one row"
        )
    return lengths.pop()


def _check_scalar(value: Any) -> float:
    if np.ndim(value) != 0:
        raise ValueError(
            f"statistic returned an array of shape {np.shape(value)}; let it return "
            "one number"
        )
    return float(value)
