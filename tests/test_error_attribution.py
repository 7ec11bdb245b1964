"""Attribution: which sources, pairs and moments are named, and which are not."""

import pickle
from itertools import pairwise

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import polars as pl
import pytest
import skops.io
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression

from skdataquality import diagnose
from skdataquality.base import SKOPS_TYPES
from skdataquality.provenance import (
    ErrorAttribution,
    ErrorAttributionDisplay,
    change_point,
    error_rates_by_source,
    find_slices,
)
from skdataquality.provenance._attribution import also_by_pairs_and_time
from skdataquality.provenance._slices._columns import read_columns
from skdataquality.provenance._slices._counts import OneHot, less
from skdataquality.provenance._slices._evidence import Noise, weigh
from skdataquality.utils._sources import encode_sources
from skdataquality.utils._stats import clopper_pearson

mpl.use("agg")


def planted(seed=0, n=6000, rate=0.25):
    """Flags of which one vendor holds more under the second revision."""
    rng = np.random.default_rng(seed)
    table = {
        "vendor": rng.integers(0, 8, n),
        "annotator": rng.integers(0, 20, n),
        "revision": np.repeat([1, 2], n // 2),
    }
    bad = (table["vendor"] == 3) & (table["revision"] == 2)
    return rng.random(n) < np.where(bad, rate, 0.03), table


FLAGS, TABLE = planted()
FRAME = pd.DataFrame(TABLE)
PAIR = (("vendor", 3), ("revision", 2))


def named(found):
    return [tuple(zip(c["columns"], c["values"], strict=True)) for c in found.culprits]


# ------------------------------------------------------------------- counts
def test_one_product_counts_all_pairs():
    errors = np.random.default_rng(0).random(500)
    columns = [encode_sources(TABLE[k][:500], name=k) for k in TABLE]
    onehot = OneHot(columns, errors)
    product = onehot.product()
    slices = onehot.slices(product, 5, 2)
    counts = onehot.counts(product, slices)
    for which in range(slices.size):
        mask = onehot.mask(slices, which)
        assert counts.both[0][which] == mask.sum() >= 5
        assert_allclose(counts.both[1][which], errors[mask].sum())
    pairs = {(int(a), int(b)) for a, b in zip(slices.first, slices.second, strict=True)}
    assert len(pairs) == slices.size
    assert (slices.column[slices.first] < slices.column[slices.second])[
        slices.is_pair
    ].all()


def test_counts_of_a_part_and_of_the_rest_add_up():
    columns = [encode_sources(values, name=k) for k, values in TABLE.items()]
    onehot = OneHot(columns, FLAGS)
    product = onehot.product()
    slices = onehot.slices(product, 40, 2)
    rows = np.arange(0, 6000, 7)
    whole = onehot.counts(product, slices)
    part = onehot.counts(onehot.product(rows), slices, rows)
    rest = np.setdiff1d(np.arange(6000), rows)
    other = onehot.counts(onehot.product(rest), slices, rest)
    for name in ("both", "first", "second", "total"):
        for ours, theirs in zip(
            getattr(less(whole, part), name), getattr(other, name), strict=True
        ):
            assert_allclose(ours, theirs)


def test_against_many_rows_the_test_of_a_source_is_the_binomial_tail():
    from scipy import stats

    source = np.repeat([0, 1], [60, 200_000])
    flags = np.zeros(source.size, bool)
    flags[:9] = flags[60:10_060] = True
    onehot = OneHot([encode_sources(source, name="s")], flags)
    product = onehot.product()
    slices = onehot.slices(product, 40, 1)
    evidence = weigh([onehot.counts(product, slices)], slices, Noise(True, 1.0))
    assert_allclose(evidence.p_value[0], stats.binom.sf(8, 60, 0.05), rtol=0.02)


# ------------------------------------------------------------------- slices
def test_a_bad_pair_is_named_and_its_sources_are_its_echoes():
    found = find_slices(FLAGS, TABLE)
    assert named(found) == [PAIR]
    finding = {line["slice"]: line["finding"] for line in found.lines}
    for echo in ("vendor=3", "revision=2"):
        assert finding[echo] == "explained by vendor=3 & revision=2"


@pytest.mark.parametrize("kind", [pd.DataFrame, pl.DataFrame])
def test_a_frame_is_searched_as_a_dict_of_columns_is(kind):
    found = find_slices(FLAGS, kind(TABLE))
    assert [line["slice"] for line in found.culprits] == [
        line["slice"] for line in find_slices(FLAGS, TABLE).culprits
    ]
    with pytest.raises(ValueError, match="metadata has"):
        find_slices(FLAGS[1:], kind(TABLE))


def test_an_array_of_columns_is_searched_too():
    assert find_slices(FLAGS, np.column_stack(list(TABLE.values()))).culprits


@pytest.mark.parametrize("seed", range(3))
def test_a_bad_source_is_named_without_its_pairs(seed):
    rng = np.random.default_rng(seed)
    flags = rng.random(6000) < np.where(TABLE["vendor"] == 5, 0.2, 0.03)
    found = find_slices(flags, TABLE)
    assert named(found) == [(("vendor", 5),)]


def test_effects_that_multiply_are_no_pair():
    rng = np.random.default_rng(0)
    first, second = rng.integers(0, 8, 40_000), rng.integers(0, 8, 40_000)
    rate = 0.03 * np.where(first == 0, 4, 1) * np.where(second == 0, 4, 1)
    found = find_slices(rng.random(40_000) < rate, {"first": first, "second": second})
    assert sorted(named(found)) == [(("first", 0),), (("second", 0),)]


def test_two_columns_of_the_same_rows_cannot_be_told_apart():
    twin = np.array([f"v{x}" for x in TABLE["vendor"]])
    rng = np.random.default_rng(1)
    flags = rng.random(6000) < np.where(TABLE["vendor"] == 2, 0.2, 0.03)
    found = find_slices(flags, {"vendor": TABLE["vendor"], "twin": twin})
    assert len(found.culprits) == 1
    findings = [line["finding"] for line in found.lines if len(line["columns"]) == 1]
    assert sorted(findings) == ["cannot be told from vendor=2", "found"]


def test_where_all_rates_are_equal_hardly_anything_is_named():
    runs = 40
    false = 0
    for seed in range(runs):
        flags = np.random.default_rng(seed).random(3000) < 0.08
        table = {k: v[::2] for k, v in TABLE.items()}
        false += bool(find_slices(flags, table).culprits)
    assert false / runs <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / runs)


def test_higher_losses_of_a_pair_are_named_and_lower_ones_are_not():
    rng = np.random.default_rng(0)
    bad = (TABLE["vendor"] == 3) & (TABLE["revision"] == 2)
    losses = rng.standard_exponential(6000)
    assert named(find_slices(losses + 2 * bad, TABLE)) == [PAIR]
    assert named(find_slices(losses - 2 * bad, TABLE)) == []


def test_dependent_rows_count_less():
    copies = np.repeat(np.arange(6000), 4)
    table = {k: v[copies] for k, v in TABLE.items()}
    alone = find_slices(FLAGS[copies], table)
    together = find_slices(FLAGS[copies], table, groups=copies)
    plain = find_slices(FLAGS, TABLE)
    p = {
        name: {line["slice"]: line["p_value"] for line in found.lines}
        for name, found in (("alone", alone), ("all", together), ("plain", plain))
    }
    assert p["alone"]["vendor=3"] < 1e-3 * p["all"]["vendor=3"]
    assert_allclose(*(np.log(p[k]["vendor=3"]) for k in ("all", "plain")), rtol=0.1)


def test_slices_do_not_depend_on_the_order_of_rows_or_columns():
    shuffled = np.random.default_rng(0).permutation(6000)
    table = {k: TABLE[k][shuffled] for k in reversed(TABLE)}
    first, second = find_slices(FLAGS, TABLE), find_slices(FLAGS[shuffled], table)
    assert {frozenset(c) for c in named(first)} == {frozenset(c) for c in named(second)}
    rows = [sorted(line["rows"] for line in f.lines) for f in (first, second)]
    assert rows[0] == rows[1]


# ------------------------------------------------------------------- columns
def test_measurements_and_dates_are_binned_and_codes_are_not():
    rng = np.random.default_rng(0)
    table = {
        "length": np.r_[rng.normal(size=990), [np.nan] * 10],
        "code": rng.integers(0, 300, 1000),
        "day": np.datetime64("2024-01-01") + np.arange(1000).astype("m8[D]"),
    }
    columns, left_out = read_columns(table, 1000)
    assert {name: c.n_sources for name, c in columns.items()} == {
        "length": 6,
        "code": np.unique(table["code"]).size,
        "day": 5,
    }
    assert left_out == {}
    assert columns["length"].levels[-1] == "missing"
    assert (columns["length"].rows()[:5] == 198).all()
    lowest = [table["length"][columns["length"].codes == g].min() for g in range(5)]
    assert all(a < b for a, b in pairwise(lowest))


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ([f"row {i}" for i in range(6000)], "names every row"),
        (np.full(6000, np.nan), "fewer than two sources"),
        (np.full(6000, "one"), "fewer than two sources"),
        (np.arange(6000) // 2, "no source of 5 rows"),
    ],
)
def test_a_useless_column_is_left_out_and_said_why(values, why):
    fitted = ErrorAttribution().fit(FRAME.assign(useless=values), FLAGS)
    assert list(fitted.left_out_) == ["useless"]
    assert why in fitted.left_out_["useless"]
    assert fitted.sources_ == (PAIR,)


def test_columns_may_be_series_of_polars():
    series = {name: pl.Series(values) for name, values in TABLE.items()}
    assert find_slices(FLAGS, series).lines == find_slices(FLAGS, TABLE).lines


def test_missing_values_are_a_source():
    rng = np.random.default_rng(0)
    vendor = np.array([*"abcdefg", None], dtype=object)[rng.integers(0, 8, 4000)]
    absent = np.array([v is None for v in vendor])
    flags = rng.random(4000) < np.where(absent, 0.3, 0.03)
    assert named(find_slices(flags, {"vendor": vendor})) == [(("vendor", "missing"),)]


# ------------------------------------------------------------------- the estimator
@pytest.mark.parametrize(
    "make", [pd.DataFrame, pl.DataFrame, lambda t: pd.DataFrame(t).astype("category")]
)
def test_any_frame_will_do(make):
    fitted = ErrorAttribution(random_state=0).fit(make(TABLE), FLAGS)
    assert fitted.sources_ == (PAIR,)
    assert fitted.worst_ == PAIR
    assert fitted.n_features_in_ == 3
    assert fitted.feature_names_in_.tolist() == list(TABLE)
    assert fitted.summary_.startswith("Mend vendor=3 & revision=2 first: ")


def test_rates_are_those_of_each_column_alone():
    fitted = ErrorAttribution().fit(FRAME, FLAGS)
    for column in TABLE:
        table = error_rates_by_source(FLAGS, TABLE[column])
        ours = [line for line in fitted.rates_ if line["column"] == column]
        assert [line["source"] for line in ours] == [row["source"] for row in table]
        assert [line["errors"] for line in ours] == [row["flagged"] for row in table]
        assert_allclose(
            [line["shrunk"].estimate for line in ours], [row["shrunk"] for row in table]
        )
        counts = ([row[key] for row in table] for key in ("flagged", "rows"))
        ends = clopper_pearson(*counts)
        assert_allclose([line["rate"].lower for line in ours], ends[0])
        p_values = [row["p_value"] for row in table]
        assert [line["p_value"] for line in ours] == p_values
    assert sum(line["rows"] for line in fitted.rates_) == 3 * 6000


def test_excess_is_what_would_go():
    fitted = ErrorAttribution().fit(FRAME, FLAGS)
    bad = (TABLE["vendor"] == 3) & (TABLE["revision"] == 2)
    expected = FLAGS[bad].sum() - bad.sum() * FLAGS[~bad].mean()
    assert_allclose(fitted.slices_[0]["excess"], expected)


def test_a_change_is_dated_in_its_source_and_all_rows_are_its_echo():
    fitted = ErrorAttribution(max_order=1, random_state=0)
    fitted.fit(FRAME[["vendor"]], FLAGS, order="rows")
    findings = {
        (line["column"], line["source"]): line["finding"]
        for line in fitted.change_points_
        if line["finding"]
    }
    assert findings.pop(("vendor", 3)) == "found"
    assert findings in ({}, {(None, None): "explained by vendor=3"})
    line = fitted.change_points_[0]
    assert line["at_lower"] <= 3000 <= line["at_upper"]
    own = np.flatnonzero(TABLE["vendor"] == 3)
    alone = change_point(FLAGS[own], own, n_permutations=99, random_state=0)
    assert (line["at"], line["before"]) == (alone.at, alone.before)


def test_without_an_order_no_change_is_looked_for():
    assert ErrorAttribution().fit(FRAME, FLAGS).change_points_ == ()


def test_the_same_seed_gives_the_same_numbers_and_clones_are_unfitted():
    first, second = (
        ErrorAttribution(random_state=3).fit(FRAME[["vendor"]], FLAGS, order="rows")
        for _ in range(2)
    )
    assert first.change_points_ == second.change_points_
    assert not hasattr(clone(first), "rates_")


def test_tables_come_as_frames(fitted):
    assert fitted.to_frame().shape[0] == 8 + 20 + 2
    assert {"rate_lower", "shrunk_upper"} <= set(fitted.to_frame())
    assert "expected" in fitted.to_frame("slices")
    assert "before_lower" in fitted.to_frame("changes")
    assert find_slices(FLAGS, TABLE).to_frame().shape[0] == len(fitted.slices_)
    with pytest.raises(ValueError, match="table='other'"):
        fitted.to_frame("other")


def test_a_fitted_one_is_saved(fitted):
    loads = skops.io.loads(skops.io.dumps(fitted), trusted=SKOPS_TYPES)
    for loaded in (pickle.loads(pickle.dumps(fitted)), loads):
        assert loaded.rates_ == fitted.rates_
        assert loaded.change_points_ == fitted.change_points_


def test_numbers_have_means_and_intervals():
    rng = np.random.default_rng(0)
    losses = rng.standard_exponential(6000) + (TABLE["vendor"] == 3)
    fitted = ErrorAttribution().fit(FRAME, losses)
    assert fitted.sources_ == ((("vendor", 3),),)
    line = fitted.rates_[0]
    own = losses[TABLE["vendor"] == 3]
    assert (line["column"], line["source"]) == ("vendor", 3)
    assert_allclose(line["rate"].estimate, own.mean())
    assert line["shrunk"].lower < line["shrunk"].estimate <= line["rate"].estimate
    assert fitted.summary_ == "Mend vendor=3 first."


# ------------------------------------------------------------------- bad input
@pytest.mark.parametrize("y", [np.zeros(6000, bool), np.ones(6000), np.full(6000, 3.0)])
def test_where_all_errors_are_equal_none_is_named(y):
    fitted = ErrorAttribution(random_state=0).fit(FRAME, y, order="rows")
    assert fitted.sources_ == fitted.slices_ == fitted.change_points_ == ()
    assert fitted.summary_ == "No source stands out."


def test_few_rows_name_nothing():
    fitted = ErrorAttribution().fit(FRAME[:10], FLAGS[:10], order="rows")
    assert fitted.worst_ is None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"y": None}, "y to be passed"),
        ({"y": FLAGS[:-1]}, "inconsistent"),
        ({"y": np.where(FLAGS, np.nan, 0)}, "NaN"),
        ({"order": "date"}, "order='date'"),
        ({"order": np.arange(5999)}, "inconsistent"),
        ({"groups": [1]}, "inconsistent"),
        ({"y": np.where(FLAGS, 1e300, 1)}, "reaches 1e\\+300"),
    ],
)
def test_wrong_arguments_of_fit_are_refused_by_name(change, message):
    with pytest.raises(ValueError, match=message):
        ErrorAttribution().fit(**{"X": FRAME, "y": FLAGS, **change})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"max_order": 3}, "max_order=3"),
        ({"min_support": 0}, "min_support=0"),
        ({"alpha": 0}, "alpha"),
        ({"metadata": TABLE["vendor"]}, "shape"),
        ({"metadata": {"vendor": [1, 2]}}, "inconsistent"),
        ({"groups": [1]}, "errors has 6000, groups has 1 "),
        ({"groups": [{}] * 6000}, "groups holds values"),
        ({"errors": ["no"] * 6000}, "one number per row"),
    ],
)
def test_wrong_arguments_of_find_slices_are_refused_by_name(change, message):
    with pytest.raises(ValueError, match=message):
        find_slices(**{"errors": FLAGS, "metadata": TABLE, **change})


# ------------------------------------------------------------------- lens and figure
def test_the_lens_hears_of_pairs_and_of_changes():
    evidence, sentences = also_by_pairs_and_time(FLAGS, TABLE, np.arange(6000))
    assert evidence["by pairs of sources"][0]["source"] == "vendor=3 & revision=2"
    assert evidence["changes in time"][0]["source"] == "vendor=3"
    assert "vendor=3 & revision=2" in sentences[0]
    assert "The rate of vendor=3 changed at" in sentences[-1]
    assert also_by_pairs_and_time(FLAGS, {"vendor": TABLE["vendor"]}) == ({}, ())


def test_rows_without_a_moment_change_nothing():
    moments = np.datetime64("2026-01-01") + np.arange(6000)
    moments = moments.astype("datetime64[us]")
    rng = np.random.default_rng(0)
    chosen = np.sort(rng.choice(6000, 5000, replace=False))
    dated = np.full(6000, np.datetime64("NaT"), moments.dtype)
    dated[chosen] = moments[chosen]
    vendor = {"vendor": TABLE["vendor"]}
    some = {"vendor": TABLE["vendor"][chosen]}
    evidence, sentences = also_by_pairs_and_time(FLAGS, vendor, dated)
    assert (evidence, sentences) == also_by_pairs_and_time(
        FLAGS[chosen], some, moments[chosen]
    )
    assert len(evidence["changes in time"][0]["at"]) == len("2026-01-01")
    never = np.full(6000, np.datetime64("NaT"))
    assert also_by_pairs_and_time(FLAGS, vendor, never) == ({}, ())


def test_the_diagnosis_dates_a_change():
    rng = np.random.default_rng(0)
    n = 2000
    truth, day = rng.integers(0, 2, n), rng.permutation(n)
    vendor = rng.integers(0, 3, n)
    wrong = (vendor == 1) & (day >= 1000) & (rng.random(n) < 0.4)
    X = pd.DataFrame(
        {
            "a": rng.normal(size=n) + 4 * truth,
            "vendor": vendor.astype(str),
            "made": pd.Timestamp("2020-01-01") + pd.to_timedelta(day, unit="D"),
        }
    )
    lens = diagnose(
        X,
        np.where(wrong, 1 - truth, truth),
        sources=["vendor"],
        time="made",
        estimator=LogisticRegression(),
        cv=3,
        random_state=0,
    ).lenses["provenance"]
    change = lens.evidence["changes in time"][0]
    assert (change["source"], change["finding"]) == ("vendor=1", "found")
    assert "2022-07" < change["at"] < "2022-12"
    assert any("The rate of vendor=1 changed at" in limit for limit in lens.limits)


def test_the_diagnosis_names_a_pair():
    rng = np.random.default_rng(0)
    truth = np.arange(2000) % 2
    vendor, revision = rng.integers(0, 4, 2000), rng.integers(0, 2, 2000)
    wrong = (vendor == 3) & (revision == 1) & (rng.random(2000) < 0.5)
    X = pd.DataFrame({"a": rng.normal(size=2000) + 4 * truth})
    sources = {"vendor": vendor, "revision": revision}
    lens = diagnose(
        X,
        np.where(wrong, 1 - truth, truth),
        sources=sources,
        estimator=LogisticRegression(),
        cv=3,
        random_state=0,
    ).lenses["provenance"]
    pairs = lens.evidence["by pairs of sources"]
    assert pairs[0]["source"] == "vendor=3 & revision=1"
    assert any("look at that pair first" in limit for limit in lens.limits)


@pytest.fixture(scope="module")
def fitted():
    yield ErrorAttribution(random_state=0).fit(FRAME, FLAGS, order="rows")
    plt.close("all")


def test_the_figure_shows_the_highest_rates_of_each_column(fitted):
    display = ErrorAttributionDisplay.from_estimator(fitted, max_sources=4)
    highest = [
        (line["column"], line["source"])
        for column in TABLE
        for line in [x for x in fitted.rates_ if x["column"] == column][:4]
    ]
    assert list(display.shown_) == highest
    labels = [text.get_text() for text in display.ax_.get_yticklabels()]
    assert labels[0].startswith("vendor=3 (")
    assert display.figure_ is display.ax_.figure


def test_the_figure_of_changes_marks_the_moment(fitted):
    display = ErrorAttributionDisplay.from_estimator(fitted, kind="changes")
    line = fitted.change_points_[0]
    assert display.shown_ == (("vendor", 3), (None, None))
    marks = [artist.get_xdata()[0] for artist in display.ax_.lines]
    assert line["at"] in marks


def test_what_cannot_be_drawn_is_said():
    with pytest.raises(NotFittedError):
        ErrorAttributionDisplay.from_estimator(ErrorAttribution())
    plain = ErrorAttribution().fit(FRAME, FLAGS)
    for options, message in (
        ({"kind": "changes"}, "order="),
        ({"kind": "other"}, "kind='other'"),
        ({"max_sources": 0}, "max_sources=0"),
    ):
        with pytest.raises(ValueError, match=message):
            ErrorAttributionDisplay.from_estimator(plain, **options)


def test_an_attribution_is_fitted_and_drawn_in_one_call():
    attribution = ErrorAttribution(max_order=1)
    display = ErrorAttributionDisplay.from_attribution(FRAME, FLAGS, attribution)
    assert display.attribution is attribution
    assert_array_equal(attribution.feature_names_in_, list(TABLE))
    plt.close("all")
