"""The mathematics that `skdataquality.utils._stats` promises."""

import dataclasses
import json
import math
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose, assert_array_equal
from scipy import stats
from sklearn.metrics import roc_auc_score
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

from skdataquality.exceptions import DataQualityWarning
from skdataquality.utils._stats import (
    Interval,
    benjamini_hochberg,
    bootstrap_interval,
    bootstrap_intervals,
    cauchy_combination,
    clopper_pearson,
    effective_sample_size,
    fold_interval,
    holm,
    mann_whitney_auc,
    minimum_detectable_gain,
    nadeau_bengio,
    proportion_interval,
    splits_for_gain,
    stratified_share,
    wilson,
)

quick = settings(max_examples=50, deadline=None, derandomize=True)
levels = st.sampled_from([0.5, 0.8, 0.95, 0.99])
p_value_lists = st.lists(st.floats(0, 1), min_size=1, max_size=30)
small_numbers = st.floats(-1, 1).map(lambda value: round(value, 6))


@st.composite
def counts(draw, max_nobs=20_000):
    nobs = draw(st.integers(1, max_nobs))
    return draw(st.integers(0, nobs)), nobs


# ---------------------------------------------------------------- proportions
@quick
@given(counts(), levels)
@pytest.mark.parametrize(
    ("ours", "scipy_name", "statsmodels_name"),
    [(clopper_pearson, "exact", "beta"), (wilson, "wilson", "wilson")],
)
def test_proportion_equals_scipy_and_statsmodels(
    ours, scipy_name, statsmodels_name, count_nobs, level
):
    count, nobs = count_nobs
    interval = ours(count, nobs, level=level)
    test = stats.binomtest(count, nobs)
    expected = test.proportion_ci(level, method=scipy_name)
    assert_allclose(interval, (expected.low, expected.high), rtol=1e-7, atol=1e-9)
    expected = proportion_confint(count, nobs, 1 - level, method=statsmodels_name)
    assert_allclose(interval, expected, rtol=1e-9, atol=1e-12)


def test_clopper_pearson_published_example():
    lower, upper = clopper_pearson(14, 20)
    assert (round(float(lower), 3), round(float(upper), 3)) == (0.457, 0.881)


def exact_coverage(function, nobs, level):
    """Coverage at many true proportions, by enumeration of all outcomes."""
    truth = np.linspace(0.001, 0.999, 999)[:, None]
    outcomes = np.arange(nobs + 1)
    lower, upper = function(outcomes, nobs, level=level)
    covered = (lower <= truth) & (truth <= upper)
    return (stats.binom.pmf(outcomes, nobs, truth) * covered).sum(axis=1)


@pytest.mark.parametrize("level", [0.8, 0.95])
@pytest.mark.parametrize("nobs", [1, 2, 7, 20, 53])
def test_clopper_pearson_covers_at_least_the_level(nobs, level):
    assert exact_coverage(clopper_pearson, nobs, level).min() >= level


@pytest.mark.parametrize("nobs", [20, 53])
def test_wilson_covers_on_average_only(nobs):
    coverage = exact_coverage(wilson, nobs, 0.95)
    assert coverage.mean() == pytest.approx(0.95, abs=0.01)
    assert coverage.min() < 0.95 < exact_coverage(clopper_pearson, nobs, 0.95).min()


@pytest.mark.parametrize("function", [clopper_pearson, wilson])
class TestProportionFunctions:
    def test_ends_are_exact(self, function):
        nobs = np.array([1, 9, 10**9])
        assert_array_equal(function(0, nobs)[0], 0)
        assert_array_equal(function(nobs, nobs)[1], 1)
        assert (function(0, nobs)[1] < 1).all()
        assert (function(nobs, nobs)[0] > 0).all()

    def test_no_trials_know_nothing(self, function):
        assert_array_equal(function([0, 0], [0, 0]), [[0, 0], [1, 1]])

    def test_broadcasts_like_single_calls(self, function):
        count, nobs = np.arange(4)[:, None], np.array([3, 10, 500])
        together = function(count, nobs)
        assert together[0].shape == together[1].shape == (4, 3)
        single = [[function(c, n) for n in nobs] for c in range(4)]
        assert_array_equal(np.moveaxis(together, 0, -1), single)

    @quick
    @given(count_nobs=counts())
    def test_failures_mirror_successes(self, function, count_nobs):
        count, nobs = count_nobs
        lower, upper = function(count, nobs)
        assert lower <= count / nobs <= upper
        mirrored = function(nobs - count, nobs)
        assert_allclose((1 - upper, 1 - lower), mirrored, rtol=1e-9, atol=1e-12)

    def test_higher_level_is_wider(self, function):
        low, high = function(7, 30, level=0.8), function(7, 30, level=0.99)
        assert high[0] < low[0] < low[1] < high[1]

    @pytest.mark.parametrize(
        ("count", "nobs"),
        [(-1, 5), (6, 5), (1.5, 5), (1, 5.5), (math.nan, 5), (1, math.inf)],
    )
    def test_impossible_counts(self, function, count, nobs):
        with pytest.raises(ValueError, match=rf"count={count:g} of nobs={nobs:g} .*pa"):
            function([0, count], [5, nobs])


@pytest.mark.parametrize(
    ("method", "function", "words"),
    [
        ("clopper-pearson", clopper_pearson, "Clopper-Pearson"),
        ("wilson", wilson, "Wilson"),
    ],
)
def test_proportion_interval(method, function, words):
    interval = proportion_interval(14, 20, method=method, level=0.9)
    lower, upper = function(14, 20, level=0.9)
    assert interval == Interval(0.7, float(lower), float(upper), words, 0.9)


def test_proportion_interval_without_trials():
    interval = proportion_interval(0, 0)
    assert math.isnan(interval.estimate)
    assert (interval.lower, interval.upper) == (0, 1)


# ------------------------------------------------------------------- Interval
def test_interval_to_dict_is_strict_json():
    interval = Interval(np.float32(0.5), np.float64("nan"), math.inf, "why", level=0.9)
    expected = {
        "estimate": 0.5, "lower": None, "upper": None, "level": 0.9, "method": "why"
    }  # fmt: skip
    assert json.loads(json.dumps(interval.to_dict(), allow_nan=False)) == expected


def test_interval_is_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Interval(0.5, 0.4, 0.6, "why").lower = 0.0


# ------------------------------------------------------------------ bootstrap
SKEWED = np.random.default_rng(3).exponential(size=60)


def test_bootstrap_is_deterministic_given_the_seed():
    def run(random_state):
        return bootstrap_interval(
            np.median, SKEWED, n_resamples=80, random_state=random_state
        )

    assert run(0) == run(0) == run(np.random.default_rng(0))
    assert run(0) != run(1)
    legacy = np.random.RandomState(5)
    first = run(legacy)
    assert first == run(np.random.RandomState(5))
    assert first != run(legacy)  # a passed generator moves on
    assert run(None) != run(None)


@pytest.mark.parametrize("random_state", [None, 0])
def test_bootstrap_leaves_the_global_generator_alone(random_state):
    before = np.random.get_state()  # noqa: NPY002
    bootstrap_interval(np.mean, SKEWED, n_resamples=50, random_state=random_state)
    after = np.random.get_state()  # noqa: NPY002
    assert_array_equal(before[1], after[1])
    assert before[2:] == after[2:]


def test_bootstrap_ends_are_outward_order_statistics():
    seen = []

    def statistic(x):
        seen.append(float(np.mean(x)))
        return seen[-1]

    interval = bootstrap_interval(statistic, SKEWED, random_state=0)
    estimate, *replicates = seen
    assert len(set(replicates)) == 1000
    assert interval.estimate == estimate == np.mean(SKEWED)
    assert interval.lower == sorted(replicates)[24]
    assert interval.upper == sorted(replicates)[-25]


def test_bootstrap_agrees_with_scipy():
    options = {"n_resamples": 4000, "random_state": 0}
    interval = bootstrap_interval(np.std, SKEWED, **options)
    expected = stats.bootstrap(
        (SKEWED,), np.std, method="percentile", n_resamples=4000, rng=1
    ).confidence_interval
    width = expected.high - expected.low
    ends = (interval.lower, interval.upper)
    assert_allclose(ends, (expected.low, expected.high), atol=0.05 * width)


def test_bootstrap_keeps_strata_sizes_and_rows_together():
    strata = np.random.default_rng(0).permutation(np.repeat([7, -2, 4], [1, 30, 9]))
    X = np.column_stack([np.arange(40), np.arange(40)])
    names = np.array([f"row {i}" for i in range(40)], dtype=object)
    drawn = np.zeros(40)

    def statistic(codes, X, names):
        assert_array_equal(np.unique(codes, return_counts=True)[1], [30, 9, 1])
        rows = X[:, 0]
        assert_array_equal(X[:, 1], rows)
        assert_array_equal(codes, strata[rows])
        assert names.tolist() == [f"row {i}" for i in rows]
        drawn[:] += np.bincount(rows, minlength=40)
        return rows.mean()

    interval = bootstrap_interval(
        statistic, strata, X, names, strata=strata, n_resamples=500, random_state=0
    )
    assert interval.method == "percentile bootstrap, 500 resamples within strata"
    # every row of a stratum is equally likely (501 = the resamples and the estimate)
    assert drawn[strata == 7] == 501
    for code in (-2, 4):
        assert stats.chisquare(drawn[strata == code]).pvalue > 0.001


def test_bootstrap_without_strata_draws_all_rows_alike():
    drawn = np.zeros(40)

    def statistic(rows):
        drawn[:] += np.bincount(rows, minlength=40)
        return float(rows[0])

    bootstrap_interval(statistic, np.arange(40), n_resamples=500, random_state=0)
    assert stats.chisquare(drawn).pvalue > 0.001
    assert drawn.std() > 5  # drawn with replacement, not permuted


def undefined_at(calls):
    """Return a statistic that is NaN at these calls; call 0 is the data themselves."""
    made = iter(range(10**6))
    return lambda x: math.nan if next(made) in calls else float(x.mean())


def test_bootstrap_leaves_out_few_undefined_resamples():
    interval = bootstrap_interval(
        undefined_at(range(1, 6)), SKEWED, n_resamples=100, random_state=0
    )
    assert interval.lower < interval.estimate < interval.upper
    assert interval.method == "percentile bootstrap, 100 resamples, 5 of them undefined"


def test_bootstrap_gives_no_interval_when_many_resamples_are_undefined():
    interval = bootstrap_interval(
        undefined_at(range(1, 7)), SKEWED, n_resamples=100, random_state=0
    )
    assert interval.estimate == SKEWED.mean()
    assert math.isnan(interval.lower)
    assert math.isnan(interval.upper)
    assert interval.method.startswith("no interval: ")
    assert "6 of them undefined" in interval.method


def test_bootstrap_of_a_statistic_undefined_on_the_data():
    interval = bootstrap_interval(undefined_at({0}), SKEWED, random_state=0)
    assert all(map(math.isnan, (interval.estimate, interval.lower, interval.upper)))
    assert interval.method == "no interval: the statistic is undefined on the data"


def test_bootstrap_keeps_infinite_replicates():
    def odds(x):
        return math.inf if x.all() else x.mean() / (1 - x.mean())

    x = np.repeat([True, False], [19, 1])
    interval = bootstrap_interval(odds, x, n_resamples=200, random_state=0)
    assert interval.upper == math.inf
    assert interval.lower < interval.estimate == pytest.approx(19)


@pytest.mark.parametrize("strata", [None, np.arange(40) % 3])
def test_intervals_of_an_array_are_those_of_its_values(strata):
    rows = np.random.default_rng(0).normal(size=(40, 3))
    rows[:, 2] = np.nan
    options = {"strata": strata, "n_resamples": 50, "random_state": 5}
    together = bootstrap_intervals(
        lambda r: [r[:, j].mean() for j in range(3)], rows, **options
    )
    for j in range(3):
        alone = bootstrap_interval(lambda r, j=j: r[:, j].mean(), rows, **options)
        assert repr(together[j]) == repr(alone)


def test_bootstrap_covers_a_mean():
    rng = np.random.default_rng(0)
    covered = 0
    for _ in range(300):
        interval = bootstrap_interval(
            np.mean, rng.normal(size=40), n_resamples=200, random_state=rng
        )
        covered += interval.lower <= 0 <= interval.upper
    # The percentile bootstrap is slightly too narrow; standard error here .013.
    assert 0.90 <= covered / 300 <= 0.98


def test_bootstrap_memory_does_not_grow_with_resamples():
    x = np.zeros(20_000)
    x.flags.writeable = False
    tracemalloc.start()
    try:
        bootstrap_interval(np.max, x, strata=x.astype(int), n_resamples=300)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 15 * x.nbytes


# -------------------------------------------------------------- Nadeau-Bengio
def test_nadeau_bengio_by_hand():
    test = nadeau_bengio([0.02, 0.03, 0.01, 0.04], test_train_ratio=1 / 3)
    standard_error = math.sqrt((1 / 4 + 1 / 3) * 0.0005 / 3)
    assert test.mean == pytest.approx(0.025)
    assert test.standard_error == pytest.approx(standard_error)
    assert test.statistic == pytest.approx(0.025 / standard_error)
    assert test.df == 3
    # 3.182446 is the tabulated 97.5 % quantile of t with 3 degrees of freedom
    half = 3.182446 * standard_error
    assert_allclose((test.lower, test.upper), (0.025 - half, 0.025 + half), rtol=1e-6)
    assert test.p_value == pytest.approx(2 * stats.t.sf(test.statistic, 3))


@quick
@given(st.lists(small_numbers, min_size=2, max_size=30, unique=True), levels)
def test_nadeau_bengio_without_overlap_is_the_t_test(differences, level):
    ours = nadeau_bengio(differences, test_train_ratio=0, level=level)
    scipys = stats.ttest_1samp(differences, 0)
    assert ours.df == scipys.df
    assert_allclose(ours.statistic, scipys.statistic, rtol=1e-9, atol=1e-12)
    assert_allclose(ours.p_value, scipys.pvalue, rtol=1e-7)
    ends = scipys.confidence_interval(level)
    assert_allclose((ours.lower, ours.upper), (ends.low, ends.high), atol=1e-9)


@quick
@given(
    st.lists(small_numbers, min_size=2, max_size=30, unique=True), st.floats(0.01, 1)
)
def test_nadeau_bengio_invariances(differences, ratio):
    d = np.array(differences)
    test = nadeau_bengio(d, test_train_ratio=ratio)
    assert test.p_value >= nadeau_bengio(d, test_train_ratio=0).p_value
    flipped = nadeau_bengio(-8 * d, test_train_ratio=ratio)
    assert flipped.p_value == test.p_value
    assert (flipped.lower, flipped.upper) == (-8 * test.upper, -8 * test.lower)
    if abs(test.p_value - 0.05) > 1e-9:  # the interval and the test agree
        assert (test.lower <= 0 <= test.upper) == (test.p_value > 0.05)


def overlapping_differences(rng, ratio, n_splits):
    """Draw normal differences, correlated as the correction assumes: rho/(1-rho)."""
    shared = math.sqrt(ratio) * rng.normal()
    return shared + rng.normal(size=n_splits)


def test_nadeau_bengio_type_one_error():
    rng = np.random.default_rng(0)
    samples = [overlapping_differences(rng, 1 / 4, 15) for _ in range(1000)]
    corrected = [nadeau_bengio(d, test_train_ratio=1 / 4).p_value for d in samples]
    plain = [nadeau_bengio(d, test_train_ratio=0).p_value for d in samples]
    # In this model the corrected p-value is exactly uniform; the plain one is not.
    assert stats.kstest(corrected, "uniform").pvalue > 0.01
    assert np.mean(np.less(corrected, 0.05)) == pytest.approx(0.05, abs=0.02)
    assert np.mean(np.less(plain, 0.05)) > 0.25


def test_minimum_detectable_gain_is_found_with_the_promised_power():
    rng = np.random.default_rng(0)
    gain = minimum_detectable_gain(15, test_train_ratio=1 / 4)
    samples = [gain + overlapping_differences(rng, 1 / 4, 15) for _ in range(1000)]
    found = [nadeau_bengio(d, test_train_ratio=1 / 4).p_value < 0.05 for d in samples]
    assert np.mean(found) == pytest.approx(0.8, abs=0.04)


def test_nadeau_bengio_of_no_difference():
    test = nadeau_bengio([0.0] * 5, test_train_ratio=0.25)
    assert (test.mean, test.lower, test.upper, test.p_value) == (0, 0, 0, 1)
    assert (test.statistic, test.standard_error, test.df) == (0, 0, 4)


@pytest.mark.parametrize("differences", [[0.1] * 7, [0.3, 0.1 + 0.2]])
def test_nadeau_bengio_of_a_constant_difference(differences):
    with pytest.warns(DataQualityWarning, match=r"differences equal 0\.[13]: .* NaN"):
        test = nadeau_bengio(differences, test_train_ratio=0.25)
    assert math.isnan(test.p_value)
    assert math.isnan(test.statistic)
    assert test.lower == test.mean == test.upper == pytest.approx(differences[0])


def test_minimum_detectable_gain_by_hand():
    # tabulated t with 9 degrees of freedom: 97.5 % 2.262157, 80 % 0.883404
    expected = (2.262157 + 0.883404) * math.sqrt(1 / 10 + 1 / 9)
    gain = minimum_detectable_gain(10, test_train_ratio=1 / 9)
    assert gain == pytest.approx(expected, rel=1e-6)
    stricter = minimum_detectable_gain(10, test_train_ratio=1 / 9, level=0.99)
    stronger = minimum_detectable_gain(10, test_train_ratio=1 / 9, power=0.9)
    assert stricter > gain
    assert stronger > gain


@quick
@given(st.integers(2, 20), st.floats(0.3, 4), st.integers(1, 15))
def test_splits_for_gain_is_the_smallest_that_suffices(n_folds, gain, max_repeats):
    def detectable(repeats):
        splits = repeats * n_folds
        return minimum_detectable_gain(splits, test_train_ratio=1 / (n_folds - 1))

    repeats = splits_for_gain(n_folds, gain=gain, max_repeats=max_repeats)
    assert 1 <= repeats <= max_repeats
    assert all(detectable(fewer) > gain for fewer in range(1, repeats))
    assert detectable(repeats) <= gain or repeats == max_repeats


def test_splits_for_gain_of_usual_folds():
    assert [splits_for_gain(k) for k in (3, 5, 10)] == [10, 9, 1]


@pytest.mark.parametrize("level", [0.5, 0.95])
@pytest.mark.parametrize("scores", [[0.4, 0.5], [0.4, 0.5, 0.45, 0.6]])
def test_interval_of_folds_is_that_of_a_corrected_t_test(scores, level):
    """Wider than a plain one by what Nadeau and Bengio add to the variance."""
    interval = fold_interval([*scores, math.nan], level=level)
    k, mean = len(scores), np.mean(scores)
    ends = np.array(stats.ttest_1samp(scores, 0).confidence_interval(level))
    ends = mean + (ends - mean) * np.sqrt(1 + k / (k - 1))
    assert interval.estimate == pytest.approx(mean)
    assert (interval.lower, interval.upper) == pytest.approx(np.clip(ends, 0, 1))
    assert interval.method == f"corrected t over {k} folds"


@pytest.mark.parametrize("scores", [[], [0.7], [math.nan, 0.7]])
def test_without_two_folds_nothing_is_known(scores):
    interval = fold_interval(scores)
    assert (interval.lower, interval.upper) == (0, 1)
    assert np.array_equal(interval.estimate, 0.7 if scores else math.nan, True)


# ------------------------------------------------------- multiple comparisons
ADJUSTMENTS = [(holm, "holm"), (benjamini_hochberg, "fdr_bh")]


@pytest.mark.parametrize(("adjust", "name"), ADJUSTMENTS)
class TestAdjustment:
    @settings(quick, max_examples=15)  # statsmodels collects garbage at each call
    @given(p=p_value_lists)
    def test_equals_statsmodels(self, adjust, name, p):
        expected = multipletests(p, method=name)[1]
        assert_allclose(adjust(p), expected, rtol=1e-12, atol=1e-300)

    @quick
    @given(p=p_value_lists, seed=st.integers(0, 1000))
    def test_order_of_tests_is_irrelevant(self, adjust, name, p, seed):
        permutation = np.random.default_rng(seed).permutation(len(p))
        assert_array_equal(adjust(np.array(p)[permutation]), adjust(p)[permutation])

    @quick
    @given(p=p_value_lists)
    def test_raises_p_values_and_keeps_their_order(self, adjust, name, p):
        adjusted = adjust(p)
        assert (adjusted >= np.array(p) * (1 - 1e-12)).all()
        assert (adjusted <= 1).all()
        assert (np.diff(adjusted[np.argsort(p)]) >= 0).all()

    def test_nan_stays_and_does_not_count(self, adjust, name):
        p = np.array([0.01, math.nan, 0.04, 0.03])
        adjusted = adjust(p)
        assert_array_equal(np.isnan(adjusted), np.isnan(p))
        assert_array_equal(adjusted[[0, 2, 3]], adjust(p[[0, 2, 3]]))
        assert_array_equal(p, [0.01, math.nan, 0.04, 0.03])  # the input is untouched

    def test_nothing_to_adjust(self, adjust, name):
        assert adjust([]).shape == (0,)
        assert_array_equal(adjust([math.nan]), [math.nan])
        assert_array_equal(adjust([0.3]), [0.3])


def test_holm_by_hand():
    assert_allclose(holm([0.01, 0.04, 0.03, 0.5]), [0.04, 0.09, 0.09, 0.5])


def test_benjamini_hochberg_by_hand():
    adjusted = benjamini_hochberg([0.01, 0.04, 0.03, 0.5])
    assert_allclose(adjusted, [0.04, 0.16 / 3, 0.16 / 3, 0.5])


# --------------------------------------------------------- Cauchy combination
@quick
@given(st.floats(1e-300, 1 - 1e-14), st.integers(1, 8))
def test_cauchy_of_equal_p_values_is_that_p_value(p, n):
    assert cauchy_combination([p] * n) == pytest.approx(p, rel=1e-9)


@quick
@given(st.lists(st.floats(1e-4, 1 - 1e-4), min_size=1, max_size=10))
def test_cauchy_is_the_textbook_formula(p):
    total = np.mean(np.tan((0.5 - np.array(p)) * np.pi))
    expected = 0.5 - np.arctan(total) / np.pi
    assert cauchy_combination(p) == pytest.approx(expected, rel=1e-6, abs=1e-9)


@quick
@given(p_value_lists, st.integers(0, 1000))
def test_cauchy_is_a_p_value_and_ignores_the_order(p, seed):
    combined = cauchy_combination(p)
    assert 0 < combined < 1
    shuffled = np.random.default_rng(seed).permutation(p)
    assert cauchy_combination(shuffled) == combined


def test_cauchy_is_uniform_under_independence():
    p = np.random.default_rng(0).uniform(size=(2000, 5))
    combined = [cauchy_combination(row) for row in p]
    assert stats.kstest(combined, "uniform").pvalue > 0.01


def test_cauchy_keeps_the_level_under_dependence():
    rng = np.random.default_rng(0)
    z = math.sqrt(0.5) * (rng.normal(size=(5000, 1)) + rng.normal(size=(5000, 5)))
    combined = np.array([cauchy_combination(row) for row in stats.norm.sf(z)])
    assert 0.035 < np.mean(combined < 0.05) < 0.065
    # Bonferroni, the safe alternative, gives away much of the level
    assert np.mean(5 * stats.norm.sf(z).min(axis=1) < 0.05) < 0.045


def test_cauchy_of_extreme_p_values():
    assert cauchy_combination([1e-20, 0.5]) == pytest.approx(2e-20)
    assert cauchy_combination([1e-200, 1e-100]) == pytest.approx(2e-200)
    assert 0 < cauchy_combination([0.0, 0.0]) < 1e-300
    assert cauchy_combination([1.0]) == pytest.approx(1)
    # a p-value of 1 outweighs small ones, down to about 1e-15
    assert cauchy_combination([1.0, 1e-6, 0.01]) > 0.999
    assert cauchy_combination([1.0, 1e-20]) < 1e-15


# ------------------------------------------------------------------------ AUC
@st.composite
def scored_rows(draw):
    n = draw(st.integers(3, 60))
    scores = draw(arrays(float, n, elements=st.integers(0, 9).map(float)))
    positive = draw(arrays(bool, n))
    positive[:2] = True, False
    return scores, positive


@quick
@given(scored_rows())
def test_auc_equals_scikit_learn(rows):
    scores, positive = rows
    auc, p_value = mann_whitney_auc(scores, positive)
    assert auc == pytest.approx(roc_auc_score(positive, scores))
    assert 0 <= p_value <= 1
    assert mann_whitney_auc(scores, positive.astype(int)) == (auc, p_value)
    assert mann_whitney_auc(-scores, positive)[0] == pytest.approx(1 - auc)


def test_auc_p_value_is_the_tie_corrected_normal_approximation():
    scores = np.array([1, 2, 2, 3, 3, 3, 4, 5, 5, 6.0])
    positive = np.array([0, 0, 1, 0, 1, 0, 1, 0, 1, 1], dtype=bool)
    auc, p_value = mann_whitney_auc(scores, positive)
    ties = (2**3 - 2) + (3**3 - 3) + (2**3 - 2)
    variance = 5 * 5 / 12 * (11 - ties / (10 * 9))
    u = np.sign(scores[positive][:, None] - scores[~positive]).sum() / 2 + 25 / 2
    assert auc == pytest.approx(u / 25)
    expected = stats.norm.sf((u - 25 / 2 - 0.5) / math.sqrt(variance))
    assert p_value == pytest.approx(expected)


def test_auc_is_one_sided():
    scores, positive = np.arange(40.0), np.arange(40) >= 20
    assert mann_whitney_auc(scores, positive)[0] == 1
    assert mann_whitney_auc(scores, positive)[1] < 1e-6
    assert mann_whitney_auc(-scores, positive)[1] > 1 - 1e-6


def test_auc_of_equal_scores_says_nothing():
    assert mann_whitney_auc(np.full(9, 0.3), np.arange(9) < 4) == (0.5, 1)


# ------------------------------------------------------ effective sample size
@quick
@given(
    st.lists(st.floats(1e-3, 1e3), min_size=1, max_size=40),
    st.sampled_from([1e-200, 0.3, 1e200]),
)
def test_effective_sample_size_bounds_and_scale(weights, factor):
    size = effective_sample_size(weights)
    assert size * (1 + 1e-12) >= 1
    assert size <= len(weights) * (1 + 1e-12)
    assert effective_sample_size(np.multiply(weights, factor)) == pytest.approx(size)


def test_effective_sample_size_by_hand():
    assert effective_sample_size([1, 2, 3]) == pytest.approx(36 / 14)
    assert effective_sample_size(np.full(7, 0.1, dtype=np.float32)) == pytest.approx(7)
    assert effective_sample_size([0, 0, 5]) == 1


# ------------------------------------------------------------ stratified shares
def test_interval_of_rare_hits_is_the_mid_p_interval_of_a_poisson_count():
    for hits in (0, 1, 2, 5, 10):
        share = stratified_share([hits], [10**4], [10**9])
        for end, tail in ((share.upper, 0.025), (share.lower, 0.975)):
            mean = float(end) * 10**4
            mid_p = stats.poisson.cdf(hits, mean) - stats.poisson.pmf(hits, mean) / 2
            if hits or tail == 0.025:
                assert mid_p == pytest.approx(tail, abs=2e-4)
    assert stratified_share([0], [200], [10**7]).lower == 0


def test_strata_in_which_nothing_was_hit_widen_the_interval_by_the_worst_of_them():
    alone = stratified_share([0], [100], [10**6])
    halved = stratified_share([0, 0], [50, 50], [10**6, 10**6])
    assert halved.upper == pytest.approx(alone.upper, rel=1e-3)
    worse = stratified_share([0, 0], [10, 90], [10**6, 10**6])
    assert worse.upper == pytest.approx(5 * alone.upper, rel=1e-3)
    known = stratified_share([0, 0], [5, 100], [5, 10**6])  # nothing left to hit
    assert known.upper == pytest.approx(alone.upper, rel=1e-3)
    sizes = [10**4, 10**6]
    capped = stratified_share([0, 0], [5, 100], sizes, at_most=[0, 10**6])
    assert capped.upper == pytest.approx(alone.upper * 100 / 101, rel=1e-3)
    sparse = stratified_share([0, 0], [5, 10**5], sizes, at_most=[0, 10**6])
    dense = stratified_share([0, 0], [5, 10**5], sizes)
    assert dense.upper > 100 * sparse.upper


@pytest.mark.parametrize("drawn", [0.001, 0.5, 0.99])
@pytest.mark.parametrize("level", [0.8, 0.99])
def test_without_a_hit_the_limit_is_what_the_rows_drawn_could_have_missed(drawn, level):
    size = 10**6
    share = stratified_share([0], [round(drawn * size)], [size], level=level)
    # hits that each escape with the share of rows not drawn; half of no hit counts
    assert (1 - drawn) ** (share.upper * size) == pytest.approx(1 - level)


def test_ends_are_quantiles_of_the_mixture_with_one_more_hit():
    hits, nobs, sizes = np.array([3, 0, 2]), np.array([20, 10, 60]), [100, 40, 600]
    share = stratified_share(hits, nobs, sizes, level=0.9)
    drawn, weight = nobs / sizes, np.array(sizes) / 740
    rate = hits / nobs
    mean = (weight * rate).sum()
    variance = (weight**2 * (1 - drawn) * rate * (1 - rate) / (nobs - 1)).sum()
    more = (-1 / (740 * np.log1p(-drawn))).max()
    after = mean + more, variance + more**2
    for end, tail in [(share.lower, 0.05), (share.upper, 0.95)]:
        below = [
            stats.gamma.cdf(end, m * m / v, scale=v / m)
            for m, v in [(mean, variance), after]
        ]
        assert np.mean(below) == pytest.approx(tail)


@pytest.mark.parametrize(("nobs", "size"), [(40, 200), (30, 1000), (45, 50)])
def test_interval_of_a_share_covers_whatever_the_number_of_hits(nobs, size):
    seen = np.arange(nobs + 1)[:, None]
    share = stratified_share(seen, [nobs], [size])
    true = np.arange(size + 1)
    probability = stats.hypergeom.pmf(seen, size, true, nobs)
    low, high = share.lower[:, None] - 1e-12, share.upper[:, None] + 1e-12
    covers = ((low <= true / size) & (true / size <= high)) * probability
    coverage = covers.sum(axis=0)
    assert coverage.min() > 0.92
    assert coverage.mean() > 0.95
    assert_allclose(share.estimate @ probability, true / size)  # unbiased


def test_misses_are_to_hits_as_hits_to_misses():
    rng = np.random.default_rng(0)
    sizes, nobs = np.array([30, 100, 4000]), np.array([9, 15, 61])  # odd: no tie
    hits = rng.integers(0, nobs + 1, (50, 3))
    share, misses = (
        stratified_share(count, nobs, sizes) for count in (hits, nobs - hits)
    )
    assert_allclose(share.estimate, 1 - misses.estimate)
    assert_allclose(share.lower, 1 - misses.upper, atol=1e-9)
    assert (share.lower <= share.estimate).all()
    assert (share.estimate <= share.upper).all()


def test_shares_are_bounded_by_what_was_seen_and_computed_alike_one_by_one():
    sizes, nobs = [10, 50, 200], [10, 20, 20]
    hits = np.array([[3, 0, 1], [10, 20, 20], [0, 0, 0], [5, 19, 2]])
    share = stratified_share(hits, nobs, sizes, level=0.9)
    assert (share.lower >= hits.sum(axis=1) / 260).all()
    assert (share.upper <= 1 - (50 - hits.sum(axis=1)) / 260).all()
    for i, count in enumerate(hits):
        one = stratified_share(count, nobs, sizes, level=0.9)
        assert (one.lower, one.upper) == (share.lower[i], share.upper[i])
    capped = stratified_share(hits[0], nobs, sizes, at_most=[3, 0, 4])
    assert capped.upper == 7 / 260
    assert capped.estimate == 7 / 260  # the plain one is 13 / 260
    everything = stratified_share([3, 7], [10, 20], [10, 20])
    assert everything.lower == everything.estimate == everything.upper == 10 / 30


# ------------------------------------------------------------- error messages
X3 = [1.0, 2.0, 3.0]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: clopper_pearson(1, 2, level=95), r"level=95; pass a number strictly"),
        (lambda: wilson(1, 2, level=0.0), r"level=0\.0; pass a number strictly"),
        (
            lambda: proportion_interval(1, 2, method="wald"),
            r"method='wald' is unknown; use one of \['clopper-pearson', 'wilson'\]",
        ),
        (
            lambda: proportion_interval([1, 2], 2),
            r"count has shape \(2,\); pass one number, or call clopper_pearson",
        ),
        (lambda: Interval(0.5, 0.4, 0.6, "why", 2), r"level=2; pass"),
        (lambda: Interval(0.5, 0.6, 0.4, "why"), r"lower=0\.6 is above upper=0\.4"),
        (lambda: bootstrap_interval(np.mean), r"shapes \[\]; pass at least one"),
        (lambda: bootstrap_interval(np.mean, []), r"shapes \[\(0,\)\]; pass"),
        (
            lambda: bootstrap_interval(np.mean, X3, [1, 2]),
            r"shapes \[\(3,\), \(2,\)\]; .* same number of rows",
        ),
        (
            lambda: bootstrap_interval(np.mean, X3, strata=["a", "b", "b"]),
            r"strata has shape \(3,\) and dtype <U1; pass one integer code for each",
        ),
        (
            lambda: bootstrap_interval(np.mean, X3, strata=[0, 1]),
            r"strata has shape \(2,\) .* each of the 3 rows",
        ),
        (
            lambda: bootstrap_interval(np.mean, X3, n_resamples=39),
            r"n_resamples=39; pass an integer of at least 40",
        ),
        (
            lambda: bootstrap_interval(np.mean, X3, n_resamples=19, level=0.9),
            r"n_resamples=19; pass an integer of at least 20$",
        ),
        (
            lambda: bootstrap_interval(np.mean, X3, n_resamples=199, level=0.99),
            r"n_resamples=199; pass an integer of at least 200",
        ),
        (
            lambda: bootstrap_interval(np.mean, X3, random_state=-1),
            r"random_state=-1; pass an integer of at least 0",
        ),
        (
            lambda: bootstrap_interval(np.mean, X3, random_state="seed"),
            r"random_state='seed'; pass an integer",
        ),
        (
            lambda: bootstrap_interval(np.sort, X3),
            r"statistic returned an array of shape \(3,\); let it return one number",
        ),
        (
            lambda: nadeau_bengio([0.1], test_train_ratio=0.1),
            r"differences has shape \(1,\); .* at least 2 numbers",
        ),
        (
            lambda: nadeau_bengio([0.1, math.nan], test_train_ratio=0.1),
            r"differences\[1\] is nan \(1 of 2 values are not finite\); drop",
        ),
        (
            lambda: nadeau_bengio(X3, test_train_ratio=-0.1),
            r"test_train_ratio=-0\.1; pass a finite number of at least 0",
        ),
        (
            lambda: minimum_detectable_gain(1, test_train_ratio=0.1),
            r"n_splits=1; pass an integer of at least 2",
        ),
        (
            lambda: minimum_detectable_gain(5, test_train_ratio=0.1, power=1),
            r"power=1; pass a number strictly between 0 and 1",
        ),
        (lambda: splits_for_gain(1), r"n_folds=1; pass an integer of at least 2"),
        (lambda: splits_for_gain(5.0), r"n_folds=5\.0; pass an integer"),
        (lambda: splits_for_gain(5, gain=0), r"gain=0 can never be detected; pass"),
        (lambda: splits_for_gain(5, max_repeats=True), r"max_repeats=True; pass"),
        (lambda: holm([0.1, 1.1]), r"p_values\[1\] is 1\.1; pass values between"),
        (lambda: benjamini_hochberg([-0.1]), r"p_values\[0\] is -0\.1; pass values"),
        (lambda: holm(0.1), r"p_values has shape \(\); pass a one-dimensional array"),
        (lambda: cauchy_combination([]), r"p_values has shape \(0,\); pass"),
        (lambda: cauchy_combination([0.1, math.nan]), r"p_values\[1\] is nan"),
        (lambda: cauchy_combination([0.1, 2]), r"p_values\[1\] is 2\.0; pass values"),
        (
            lambda: mann_whitney_auc(X3, [True, False]),
            r"is_positive has shape \(2,\), scores \(3,\); pass one flag per score",
        ),
        (
            lambda: mann_whitney_auc(X3, [1, 2, 2]),
            r"is_positive holds \[1, 2\]; pass booleans",
        ),
        (
            lambda: mann_whitney_auc(X3, ["a", "b", "b"]),
            r"is_positive holds \['a', 'b'\]; pass booleans",
        ),
        (
            lambda: mann_whitney_auc(X3, [0, 0, 0]),
            r"0 positive and 3 negative rows; the AUC needs at least one of each",
        ),
        (
            lambda: mann_whitney_auc([1, math.nan, 2], [0, 1, 1]),
            r"scores\[1\] is nan",
        ),
        (
            lambda: stratified_share([1, 0], [2, 0], [5, 5]),
            "nobs has a stratum without a row; draw one or merge strata",
        ),
        (
            lambda: stratified_share([1, 3], [2, 2], [5, 5]),
            "count=3 of nobs=2 is impossible",
        ),
        (
            lambda: stratified_share([1, 2], [2, 6], [5, 5]),
            "count=6 of nobs=5 is impossible",
        ),
        (lambda: effective_sample_size([0, 0]), r"weights range from 0\.0 to 0\.0"),
        (lambda: effective_sample_size([1, math.inf]), r"weights\[1\] is inf"),
        (lambda: effective_sample_size([]), r"weights has shape \(0,\); pass"),
    ],
)
def test_error_names_argument_value_and_cure(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_a_bootstrap_interval_holds_the_estimate_where_resamples_are_biased():
    def n_distinct(values):
        return np.unique(values).size  # a resample has about 63 % of them

    interval = bootstrap_interval(n_distinct, np.arange(100), random_state=0)
    assert interval.lower < interval.estimate == interval.upper == 100
    assert interval.method.endswith("biased: widened to hold the estimate")
