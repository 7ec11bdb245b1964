"""Provenance: what must hold of rates by source, and of who is accused."""

import dataclasses
import json
from fractions import Fraction
from math import comb, prod

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy import stats
from statsmodels.stats.contingency_tables import StratifiedTable

from skdataquality.provenance import error_rates_by_source, provenance_lens
from skdataquality.provenance._judgement._judge import (
    BY_CLASSES,
    FOUND,
    SENTENCES,
    SMALL,
    USUAL,
)
from skdataquality.provenance._rates._beta_binomial import (
    _tail,
    correlation,
    rest_rate,
    shrunk_interval,
    shrunk_rates,
    unusual_among_peers,
)
from skdataquality.provenance._rates._hierarchy import Grid
from skdataquality.provenance._rates._stratified import stratified_excess
from skdataquality.provenance._rates._tails import hypergeometric_tail
from skdataquality.utils._sources import encode_sources
from skdataquality.utils._stats import Interval, clopper_pearson

quick = settings(max_examples=60, deadline=None, derandomize=True)
counts = st.lists(
    st.integers(1, 80).flatmap(lambda m: st.tuples(st.integers(0, m), st.just(m))),
    min_size=1,
    max_size=12,
).map(lambda pairs: tuple(np.array(column) for column in zip(*pairs, strict=True)))


def rows_of(flagged, rows):
    """Flags and source numbers with the given counts."""
    source = np.repeat(np.arange(len(rows)), rows)
    rank = np.arange(source.size) - np.repeat(np.cumsum(rows) - rows, rows)
    return rank < np.repeat(flagged, rows), source


def shuffled_rows(flagged, rows):
    """The same in an order that says nothing."""
    flags, source = rows_of(flagged, rows)
    order = np.random.default_rng(0).permutation(flags.size)
    return flags[order], source[order]


def planted(seed=1, n=4000, n_sources=8, rate=0.25):
    """Flags of which source 0 has more; classes and a harmless second column."""
    rng = np.random.default_rng(seed)
    source = rng.integers(0, n_sources, n)
    flags = rng.random(n) < np.where(source == 0, rate, 0.04)
    return flags, source, rng.integers(0, 3, n), rng.integers(0, 20, n)


# ------------------------------------------------------------------- closed forms
@quick
@given(counts)
def test_tail_is_that_of_fishers_exact_test(case):
    k, m = case
    expected = [
        stats.fisher_exact(
            [[a, b - a], [k.sum() - a, (m - k).sum() - (b - a)]], "greater"
        ).pvalue
        for a, b in zip(k, m, strict=True)
    ]
    assert_allclose(hypergeometric_tail(k, m), expected, rtol=1e-8, atol=1e-14)


@pytest.mark.parametrize(
    ("flagged", "rows"),
    [
        ((8, 2), (20, 30)),
        ((50, 2450), (1000, 49_000)),
        ((400, 2100), (1000, 49_000)),  # p is 1e-243
        ((60, 20, 40), (60, 2000, 3000)),
        ((150, 30, 300), (150, 1000, 110_000)),
        ((5, 5, 5, 0), (10, 10, 10, 270)),
        ((0, 7), (10, 10)),
    ],
)
def test_tail_is_exact_however_small(flagged, rows):
    k, m = sum(flagged), sum(rows)
    exact = [
        sum(comb(k, i) * comb(m - k, n - i) for i in range(at_least, min(k, n) + 1))
        / comb(m, n)
        for at_least, n in zip(flagged, rows, strict=True)
    ]
    tail = hypergeometric_tail(np.array(flagged), np.array(rows))
    assert_allclose(tail, exact, rtol=1e-10, atol=1e-300)


def rising(x, n):
    return prod((x + i for i in range(n)), start=Fraction(1))


@pytest.mark.parametrize(("above", "below"), [(2, 18), (1, 99), (40, 760)])
@pytest.mark.parametrize("k", [0, 1, 4, 12, 29, 30])
def test_peers_predict_by_the_beta_binomial(k, above, below):
    """The exact tail, in fractions, where mean and correlation are known."""
    a, b = Fraction(above), Fraction(below)
    masses = [
        comb(30, i) * rising(a, i) * rising(b, 30 - i) / rising(a + b, 30)
        for i in range(k, 31)
    ]
    known = Grid(np.array([above]), np.array([below]), np.zeros(1))
    tail = _tail(known, np.ones(1), k, 30)
    assert_allclose(tail, float(sum(masses)), rtol=0.01, atol=1e-12)


def test_many_peers_predict_as_if_their_spread_were_known():
    rng = np.random.default_rng(0)
    m = np.full(2000, 200)
    k = rng.binomial(m, rng.beta(4, 76, 2000))
    k[0] = 26
    expected = stats.betabinom.sf(25, 200, 4, 76)
    p = unusual_among_peers(k, m, np.array([0]))
    assert_allclose(p[0], expected, rtol=0.15)
    assert (p[1:] == 1).all()


def test_few_peers_hardly_show_how_much_sources_differ():
    """The same counts, of more and more sources alike: ever less usual."""
    p = [
        unusual_among_peers(
            np.r_[20, np.full(n, 10)], np.full(n + 1, 200), np.array([0])
        )[0]
        for n in (1, 3, 9, 40)
    ]
    assert p == sorted(p, reverse=True)
    assert p[0] > 0.05 > 0.01 > p[-1]


def test_against_many_rows_the_test_is_the_binomial_tail():
    k, m = np.array([12, 50_000]), np.array([100, 1_000_000])
    p = error_rates_by_source(*rows_of(k, m))[0]["p_value"]
    assert_allclose(p, stats.binom.sf(11, 100, 0.05), rtol=0.01)


def test_one_source_has_p_one_and_the_pooled_rate():
    (row,) = error_rates_by_source([True, False, False, False], list("aaaa"))
    assert row["p_value"] == row["q_value"] == 1
    assert row["rate"] == row["shrunk"] == 0.25
    assert (row["shrunk_lower"], row["shrunk_upper"]) == clopper_pearson(1, 4)


@pytest.mark.parametrize("value", [False, True])
def test_flags_all_alike_tell_no_source_apart(value):
    table = error_rates_by_source([value] * 6, list("aabbcc"), strata=list("xyxyxy"))
    for row in table:
        assert row["rate"] == row["shrunk"] == float(value)
        assert row["p_value"] == row["q_value"] == row["p_given_strata"] == 1


@quick
@given(counts)
def test_q_values_are_those_of_benjamini_and_hochberg(case):
    table = error_rates_by_source(*rows_of(*case))
    p = [row["p_value"] for row in table]
    assert_allclose([row["q_value"] for row in table], stats.false_discovery_control(p))


@quick
@given(counts)
def test_shrunk_rates_rise_with_the_count_inside_their_interval(case):
    k, m = case
    shrunk = shrunk_rates(k, m)
    lower, upper = shrunk_interval(k, m)
    assert np.all((lower >= 0) & (lower <= upper) & (upper <= 1))
    if 0 < k.sum() < m.sum() and k.size > 1:
        assert np.all((lower < shrunk) & (shrunk < upper))
    for size in np.unique(m):
        order = np.argsort(k[m == size], kind="stable")
        assert np.all(np.diff(shrunk[m == size][order]) >= -1e-12)


def test_without_more_than_chance_variation_all_shrink_to_the_mean():
    k, m = np.full(5, 10), np.full(5, 100)
    assert correlation(k, m)[1] < 0
    assert_allclose(shrunk_rates(k, m), 0.1, atol=0.003)
    varied = shrunk_rates(np.array([4, 8, 10, 12, 16]), m)
    assert np.ptp(varied) < 0.7 * 0.12


def test_bounds_are_numbers_to_print():
    k, m = np.array([0, 168, 0, 1, 40]), np.array([237, 263, 24, 18, 201])
    lower, upper = shrunk_interval(k, m)
    assert lower.min() == 0
    assert np.all((lower == 0) | (lower > 1e-6))
    assert np.all((upper == 1) | (upper < 1 - 1e-6))
    flags, source = shuffled_rows(k, m)
    rows = provenance_lens(flags, {"v": source}).evidence["by v"]
    assert not any("e-" in str(row["shrunk"].to_dict()) for row in rows)


@pytest.mark.parametrize("n_sources", [2, 4, 30])
@pytest.mark.parametrize("rho", [0.0, 0.03])
def test_shrunk_intervals_cover_the_rates_of_few_sources(n_sources, rho):
    rng = np.random.default_rng(0)
    inside = []
    for _ in range(150):
        m = np.ceil(rng.lognormal(5, 1, n_sources)).astype(int)
        rates = np.full(n_sources, 0.08)
        if rho:
            rates = rng.beta(0.08 * (1 / rho - 1), 0.92 * (1 / rho - 1), n_sources)
        lower, upper = shrunk_interval(rng.binomial(m, rates), m, level=0.9)
        inside.append(((lower <= rates) & (rates <= upper)).mean())
    assert np.mean(inside) >= 0.87


def test_correlation_of_equal_sizes_is_the_anova_form():
    # for equal m: rho = (m * s2 * A / (v A) - 1) / (m - 1) with the biased v
    k, m = np.array([5.0, 10, 30, 3]), np.full(4, 100.0)
    mean, rho = correlation(k, m)
    v = mean * (1 - mean)
    expected = (100 * np.var(k / m, ddof=1) / v - 1) / 99
    assert_allclose([mean, rho], [0.12, expected])


@pytest.mark.parametrize(
    ("k", "m"), [([3], [9]), ([0, 0], [3, 4]), ([3, 4], [3, 4]), ([1, 0], [1, 1])]
)
def test_correlation_is_zero_where_data_cannot_tell(k, m):
    assert correlation(np.array(k), np.array(m))[1] == 0


@pytest.mark.parametrize("lognormal", [False, True])
def test_correlation_is_nearly_unbiased(lognormal):
    rng = np.random.default_rng(0)
    estimates = []
    for _ in range(600):
        m = np.ceil(rng.lognormal(4.6, lognormal, 50)).astype(int)
        k = rng.binomial(m, rng.beta(2, 18, 50))  # correlation 1 / 21
        estimates.append(correlation(k, m)[1])
    error = abs(np.mean(estimates) - 1 / 21)
    assert error < 0.05 / 21 + 2 * np.std(estimates) / 600**0.5


@pytest.mark.parametrize("n_strata", [1, 2, 7])
def test_stratified_test_equals_statsmodels(n_strata):
    rng = np.random.default_rng(n_strata)
    n = 600
    codes, strata = rng.integers(0, 4, n), rng.integers(0, n_strata, n)
    flags = rng.random(n) < 0.1 + 0.1 * (codes == 1) + 0.05 * strata
    p, _ = stratified_excess(flags, codes, strata, 4)
    for g in range(4):
        tables = [
            [
                [np.sum((codes == g) & s & flags), np.sum((codes == g) & s & ~flags)],
                [np.sum((codes != g) & s & flags), np.sum((codes != g) & s & ~flags)],
            ]
            for s in (strata == j for j in range(n_strata))
        ]
        both = StratifiedTable([np.array(t, dtype=float) for t in tables])
        # statsmodels corrects |excess|, so the two agree where there is an excess
        if both.logodds_pooled > 0.05:
            expected = both.test_null_odds(correction=True).pvalue / 2
            assert_allclose(p[g], expected, rtol=1e-9)
        else:
            assert p[g] > 0.3


def test_stratified_test_has_no_information_without_mixed_strata():
    flags = np.array([True, True, False, False])
    p, variance = stratified_excess(flags, np.r_[0, 0, 1, 1], np.r_[0, 0, 1, 1], 2)
    assert_array_equal(p, 1)
    assert_array_equal(variance, 0)


# -------------------------------------------------------------------- invariances
@quick
@given(counts, st.integers(0, 10))
def test_order_of_rows_does_not_matter(case, seed):
    flags, source = rows_of(*case)
    order = np.random.default_rng(seed).permutation(flags.size)
    strata = source % 2
    assert error_rates_by_source(
        flags[order], source[order], strata=strata[order]
    ) == error_rates_by_source(flags, source, strata=strata)


@quick
@given(counts)
def test_names_of_sources_do_not_matter(case):
    flags, source = rows_of(*case)
    names = np.array([f"s{99 - i}" for i in range(source.max() + 1)])

    def numbers(table):
        rows = [{k: v for k, v in row.items() if k != "source"} for row in table]
        rows.sort(key=lambda row: (row["rows"], row["flagged"]))
        return [list(row.values()) for row in rows]

    assert_allclose(
        numbers(error_rates_by_source(flags, names[source])),
        numbers(error_rates_by_source(flags, source)),
    )


def test_verdict_is_invariant_to_order_and_names():
    flags, source, y, other = planted()
    order = np.random.default_rng(1).permutation(flags.size)
    result = provenance_lens(flags, {"a": source, "b": other}, strata=y)
    moved = provenance_lens(
        flags[order], {"b": other[order], "a": source[order]}, strata=y[order]
    )
    assert result.summary == moved.summary
    assert result.numbers == moved.numbers
    assert result.evidence == {name: moved.evidence[name] for name in result.evidence}


@pytest.mark.parametrize(
    "container",
    [
        list,
        tuple,
        np.array,
        lambda v: np.array(v, dtype=object),
        pd.Series,
        pd.Categorical,
        lambda v: pd.Series(v, dtype="category", index=range(9, 9 + len(v))),
        lambda v: pd.Series(v, dtype="string"),
        pl.Series,
    ],
)
def test_containers_of_sources_agree(container):
    flags, source, _, _ = planted(n=300)
    names = [f"v{s}" for s in source]
    assert error_rates_by_source(flags, container(names)) == error_rates_by_source(
        flags.tolist(), names
    )


@pytest.mark.parametrize(
    "values",
    [
        ["a", None, None, "b"],
        ["a", np.nan, float("nan"), "b"],
        [1.0, np.nan, np.nan, 2.0],
        np.array([1.0, np.nan, np.nan, 2.0]),
        pd.array([1, None, None, 2], dtype="Int64"),
        pd.Categorical(["a", None, None, "b"]),
        np.array(["2020-01-01", "NaT", "NaT", "2020-01-02"], dtype="datetime64[D]"),
        pl.Series(["a", None, None, "b"]),
        ["a", "missing", None, "b"],
    ],
)
def test_missing_values_are_a_source_of_their_own(values):
    table = error_rates_by_source([True, True, False, False], values)
    rows = {row["source"]: row["rows"] for row in table}
    assert rows.pop("missing") == 2
    assert list(rows.values()) == [1, 1]


def test_mixed_types_stay_apart():
    table = error_rates_by_source([1, 0, 0, 1], ["1", 1, 1, None])
    assert {row["source"]: row["rows"] for row in table} == {
        "1": 1,
        1: 2,
        "missing": 1,
    }


def test_table_becomes_a_frame_and_json():
    flags, source, y, _ = planted()
    table = error_rates_by_source(flags, source, strata=y)
    frame = pd.DataFrame(table)
    assert frame["shrunk"].is_monotonic_decreasing
    assert frame["rows"].sum() == flags.size
    assert frame["flagged"].sum() == flags.sum()
    assert (frame["rate_lower"] <= frame["rate"]).all()
    assert json.loads(json.dumps(table)) == table


# ------------------------------------------------------------------ what is judged
def test_planted_source_is_found_and_named():
    flags, source, y, other = planted()
    result = provenance_lens(flags, {"batch": other, "vendor": source}, strata=y)
    inside, outside = flags[source == 0], flags[source != 0]
    assert result.verdict == "found"
    assert result.summary == (
        f"Source vendor=0: {100 * inside.mean():.1f} % of {inside.size} rows are "
        f"flagged, {100 * outside.mean():.1f} % elsewhere."
    )
    assert result.numbers["worst_rate"].estimate == inside.mean()
    assert result.numbers["rest_rate"].estimate == outside.mean()
    assert list(result.numbers)[2] == "between_source_correlation"
    assert 0 < result.severity <= 1
    assert result.p_value < 0.05
    assert result.evidence["by vendor"][0]["finding"] == FOUND
    assert {row["finding"] for row in result.evidence["by batch"]} == {""}
    json.dumps(result.to_dict(), allow_nan=False)


def test_result_is_frozen():
    result = provenance_lens(*planted()[:1], {"vendor": planted()[1]})
    with pytest.raises(dataclasses.FrozenInstanceError):
        result.verdict = "clear"


def test_input_is_not_changed():
    flags, source, y, _ = planted()
    for array in (flags, source, y):
        array.flags.writeable = False
    provenance_lens(flags, {"vendor": source}, strata=y)


def test_hard_class_is_no_fault_of_the_source():
    rng = np.random.default_rng(0)
    source = rng.integers(0, 8, 4000)
    hard = rng.random(4000) < np.where(source == 3, 0.9, 0.1)
    flags = rng.random(4000) < np.where(hard, 0.2, 0.02)
    free = provenance_lens(flags, {"vendor": source})
    held = provenance_lens(flags, {"vendor": source}, strata=hard)
    assert free.verdict == "found"
    assert held.verdict == "suspect"
    assert held.severity == 0
    assert held.summary.endswith(f"; it is {SENTENCES[BY_CLASSES]}.")
    assert any("Classes are not held fixed" in limit for limit in free.limits)
    assert not any("Classes are not held fixed" in limit for limit in held.limits)


def test_usual_differences_are_suspect_at_most():
    m = np.full(12, 1000)
    k = np.array([20, 25, 30, 35, 40, 45, 55, 60, 65, 70, 80, 95])
    flags, source = shuffled_rows(k, m)
    result = provenance_lens(flags, {"vendor": source})
    assert result.verdict == "suspect"
    assert result.summary.endswith(f"; it {SENTENCES[USUAL]}.")
    assert result.numbers["between_source_correlation"] > 0


def test_small_differences_are_suspect_at_most():
    flags, source = shuffled_rows(np.array([620] + [500] * 9), np.full(10, 10_000))
    result = provenance_lens(flags, {"vendor": source})
    assert result.verdict == "suspect"
    assert result.summary.endswith(f"; it {SENTENCES[SMALL]}.")


def test_frequent_flags_do_not_hide_a_source():
    flags, source = shuffled_rows(np.array([990] + [700] * 9), np.full(10, 1000))
    assert provenance_lens(flags, {"vendor": source}).verdict == "found"


def test_echo_is_explained_by_the_culprit():
    rng = np.random.default_rng(3)
    n = 8000
    annotator, vendor = rng.integers(0, 30, n), rng.integers(0, 8, n)
    vendor[(annotator == 7) & (rng.random(n) < 0.9)] = 2
    flags = rng.random(n) < np.where(vendor == 2, 0.25, 0.05)
    result = provenance_lens(flags, {"annotator": annotator, "vendor": vendor})
    assert result.summary.startswith("Source vendor=2:")
    echo = {r["source"]: r["finding"] for r in result.evidence["by annotator"]}[7]
    assert echo == "explained by vendor=2"
    assert result.evidence["by vendor"][0]["finding"] == FOUND


def test_culprit_nested_in_a_source_is_not_explained_by_it():
    rng = np.random.default_rng(0)
    n = 8000
    annotator = rng.integers(0, 32, n)
    vendor = annotator // 4
    flags = rng.random(n) < np.where(annotator == 5, 0.6, 0.05)
    result = provenance_lens(flags, {"vendor": vendor, "annotator": annotator})
    assert result.summary.startswith("Source annotator=5:")
    findings = {r["source"]: r["finding"] for r in result.evidence["by vendor"]}
    assert findings[1] == "explained by annotator=5"


def test_columns_that_hold_the_same_rows_cannot_be_told_apart():
    flags, source, _, _ = planted()
    result = provenance_lens(flags, {"a": source, "b": source * 10})
    assert result.verdict == "found"
    assert result.evidence["by a"][0]["finding"] == "cannot be told from b=0"
    assert result.evidence["by b"][0]["finding"] == "cannot be told from a=0"


def test_at_most_twenty_sources_are_shown_and_the_rest_counted():
    flags, source, _, _ = planted(n_sources=33)
    result = provenance_lens(flags, {"vendor": source})
    rows = result.evidence["by vendor"]
    shrunk = [row["shrunk"].estimate for row in rows]
    assert len(rows) == 20
    assert shrunk == sorted(shrunk, reverse=True)
    assert all(isinstance(row["rate"], Interval) for row in rows)
    assert any(limit.startswith("13 sources of vendor") for limit in result.limits)


def test_no_flag_is_clear():
    result = provenance_lens([False] * 4, {"id": [1, 2, 3, 4]})
    assert (result.verdict, result.summary) == ("clear", "No row is flagged.")


def test_all_flags_are_clear():
    assert provenance_lens([True] * 20, {"a": [0, 1] * 10}).verdict == "clear"


@pytest.mark.parametrize(
    ("sources", "reason"),
    [
        ({}, "no column of sources"),
        ({"a": ["x"] * 20}, "column a has fewer than two sources"),
        ({"a": [None] * 20}, "column a has fewer than two sources"),
        ({"a": range(20)}, "column a names every row"),
        ({"a": np.arange(20) // 2}, "column a has no source of 5 rows"),
        ({"a": ["x"] * 20, "b": range(20)}, "fewer than two sources; column b names"),
    ],
)
def test_lens_says_when_it_cannot_tell(sources, reason):
    result = provenance_lens([True, False] * 10, sources)
    assert result.verdict == "cannot tell"
    assert result.reason_code == "nothing_to_compare"
    assert reason in result.summary


def test_useless_column_is_left_out_and_named():
    flags, source, _, _ = planted()
    result = provenance_lens(flags, {"id": np.arange(flags.size), "vendor": source})
    assert list(result.evidence) == ["by vendor"]
    assert any("Column id names every row" in limit for limit in result.limits)


@pytest.mark.parametrize("n_sources", [2, 5, 40])
def test_null_data_are_seldom_accused(n_sources):
    rng = np.random.default_rng(n_sources)
    verdicts = []
    for _ in range(100):
        rows = np.ceil(rng.lognormal(4, 1, n_sources)).astype(int)
        flags, source = shuffled_rows(rng.binomial(rows, 0.08), rows)
        verdicts.append(provenance_lens(flags, {"source": source}).verdict)
    assert verdicts.count("found") <= 4
    assert verdicts.count("found") + verdicts.count("suspect") <= 10


def test_peers_that_vary_make_a_source_less_unusual():
    rows = np.full(8, 500)
    equal = np.array([80, 25, 25, 25, 25, 25, 25, 25])
    varied = np.array([80, 5, 15, 20, 25, 30, 35, 45])
    p = [unusual_among_peers(k, rows, np.array([0])) for k in (equal, varied)]
    assert p[0][0] < 0.01 < p[1][0]
    assert_array_equal(p[0][1:], 1)


def test_rates_are_kept_off_0_and_1_by_half_a_row():
    rates = rest_rate(np.array([0, 5, 3]), np.array([5, 5, 6]))
    assert_allclose(rates, [0.5 / 6, 5.5 / 6, 0.5])


@pytest.mark.parametrize("share", [0, 1])
def test_without_a_spread_the_interval_is_that_of_all_rows(share):
    rows = np.array([5, 60, 7])
    lower, upper = shrunk_interval(share * rows, rows)
    ends = clopper_pearson(share * 72, 72)
    assert_allclose([lower, upper], np.repeat(ends, 3).reshape(2, 3))
    one = np.array([1, 0, 0])  # of one flagged row there is
    assert np.ptp(shrunk_interval(one, rows)[1]) > 0


# ---------------------------------------------------------------------- bad inputs
@pytest.mark.parametrize(
    ("flags", "message"),
    [
        ([], r"flags has shape \(0,\).*one boolean per row"),
        (True, r"flags has shape \(\).*one boolean per row"),
        ([[True], [False]], r"flags has shape \(2, 1\)"),
        ([0.0, np.nan], r"flags has 1 missing value.*leave those rows out"),
        ([True, None], r"flags has 1 missing value"),
        (pd.array([True, None], dtype="boolean"), r"flags has 1 missing value"),
        (np.ma.array([True, False], mask=[0, 1]), r"flags has 1 missing value"),
        ([0.3, 0.7], r"flags holds \[0.3, 0.7\].*pass booleans"),
        ([0, 2], r"flags holds \[2\].*pass booleans"),
        (["True", "no"], r"flags holds \['True', 'no'\]"),
        (np.array(["True", "no"], dtype=object), r"flags holds \['True', 'no'\]"),
        (["True", "False"], r"flags holds \['True', 'False'\].*pass booleans"),
    ],
)
def test_bad_flags_are_refused(flags, message):
    with pytest.raises(ValueError, match=message):
        error_rates_by_source(flags, ["a", "b"])
    with pytest.raises(ValueError, match=message):
        provenance_lens(flags, {"v": ["a", "b"]})


@pytest.mark.parametrize(
    "flags",
    [[1, 0], [1.0, 0.0], np.array([1, 0], dtype=object), pd.Series([True, False])],
)
def test_zeros_and_ones_are_flags(flags):
    assert error_rates_by_source(flags, ["a", "b"])[0]["source"] == "a"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (["a"], "flags has 2, source has 1 rows"),
        (np.array([["a", "b"], ["c", "d"]]), r"source has shape \(2, 2\)"),
        (pd.DataFrame({"a": [1, 2]}), r"source has shape \(2, 1\)"),
        ([["a", "b"], ["c", "d"]], r"source has shape \(2, 2\)"),
        ([["a"], ["b", "c"]], "in one dimension"),
        ([{"a": 1}, {}], "source holds values that cannot be compared"),
        (np.ma.array([1, 2], mask=[0, 1]), "source is a masked array"),
    ],
)
def test_bad_sources_are_refused(source, message):
    with pytest.raises(ValueError, match=message):
        error_rates_by_source([True, False], source)


def test_bad_arguments_of_the_lens_are_refused():
    flags = [True, False]
    with pytest.raises(ValueError, match=r"sources is a list: pass a dict"):
        provenance_lens(flags, ["a", "b"])
    with pytest.raises(ValueError, match=r"sources is a DataFrame: pass a dict"):
        provenance_lens(flags, pd.DataFrame({"v": ["a", "b"]}))
    with pytest.raises(ValueError, match=r"sources\['v'\] has 3 rows"):
        provenance_lens(flags, {"v": ["a", "b", "c"]})
    with pytest.raises(ValueError, match=r"sources\['v'\] is None"):
        provenance_lens(flags, {"v": None})
    with pytest.raises(ValueError, match=r"strata has 3 rows"):
        provenance_lens(flags, {"v": ["a", "b"]}, strata=[0, 1, 2])


def test_levels_are_sorted_and_codes_point_to_them():
    sources = encode_sources(["b", None, "a", "b"], name="source")
    assert sources.levels == ["a", "b", "missing"]
    assert_array_equal(sources.codes, [1, 2, 0, 1])
