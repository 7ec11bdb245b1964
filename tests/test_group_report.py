"""Shares, recall and gaps of groups: by hand, by exact tests, and under the null."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from skdataquality.imbalance import GroupReport, group_report
from skdataquality.imbalance._groups._gaps import worst_gap
from skdataquality.utils._stats import clopper_pearson, holm, newcombe, wilson

N = 400
RNG = np.random.default_rng(0)
SITE = RNG.choice(["n", "s", "w"], N, p=[0.6, 0.3, 0.1])
Y = RNG.choice(["ill", "well"], N, p=[0.3, 0.7])
PRED = np.where(RNG.random(N) < np.where(SITE == "w", 0.5, 0.9), Y, "well")
FRAME = pd.DataFrame({"site": SITE, "odd": np.arange(N) % 2})


def line_of(lines, **wanted):
    found = [x for x in lines if all(x[k] == v for k, v in wanted.items())]
    assert len(found) == 1
    return found[0]


# -- counts ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "interval"),
    [("clopper-pearson", clopper_pearson), ("wilson", wilson)],
)
def test_rows_shares_and_recalls_are_those_counted_by_hand(method, interval):
    report = group_report(Y, PRED, FRAME, method=method)
    assert report.columns == ["site", "odd"]
    assert report.classes == ["ill", "well"]
    assert len(report.groups) == 5
    assert len(report.cells) == 10

    def check(said, hits, rows):
        assert said.estimate == pytest.approx(hits / rows)
        low, high = map(float, interval(hits, rows))
        assert (said.lower, said.upper) == pytest.approx((low, high))

    for column in FRAME:
        for group in FRAME[column].unique():
            mine = np.asarray(FRAME[column] == group)
            line = line_of(report.groups, column=column, group=group)
            assert line["rows"] == mine.sum()
            check(line["share"], mine.sum(), N)
            check(line["accuracy"], (Y == PRED)[mine].sum(), mine.sum())
            for label in ("ill", "well"):
                cell = mine & (label == Y)
                line = line_of(
                    report.cells, column=column, group=group, **{"class": label}
                )
                assert line["rows"] == line["predicted"] == cell.sum()
                check(line["recall"], (label == PRED)[cell].sum(), cell.sum())
                check(line["share"], cell.sum(), mine.sum())


@pytest.mark.parametrize("kind", ["frame", "polars", "array", "rows", "codes"])
def test_any_container_will_do(kind):
    expected = group_report(Y, PRED, FRAME)
    y, pred, groups = Y, PRED, FRAME
    if kind == "polars":
        y, pred, groups = pl.Series(Y), pl.Series(PRED), pl.from_pandas(FRAME)
    elif kind == "array":
        groups = FRAME.to_numpy()
    elif kind == "rows":
        y, pred, groups = Y.tolist(), PRED.tolist(), FRAME.to_numpy().tolist()
    elif kind == "codes":
        y, pred = (np.searchsorted(["ill", "well"], v) for v in (Y, PRED))
    found = group_report(y, pred, groups)
    assert [x["rows"] for x in found.cells] == [x["rows"] for x in expected.cells]
    assert [x["p_value"] for x in found.gaps] == [x["p_value"] for x in expected.gaps]


def test_rows_without_a_prediction_count_in_shares_only():
    said = PRED.astype(object)
    said[:50] = None
    report = group_report(Y, said, SITE)
    there = group_report(Y[50:], PRED[50:], SITE[50:])
    for line, same in zip(report.cells, there.cells, strict=True):
        assert line["rows"] >= line["predicted"] == same["rows"]
        assert line["recall"].to_dict() == same["recall"].to_dict()
    assert sum(line["rows"] for line in report.groups) == N
    assert [x["gap"] for x in report.gaps] == [x["gap"] for x in there.gaps]
    codes = (Y == "ill").astype(int)
    blank = np.where(np.arange(N) < 50, np.nan, codes)
    assert group_report(codes, blank, SITE).cells[0]["recall"].estimate == 1


def test_without_predictions_only_shares_are_there():
    report = group_report(Y, None, SITE)
    assert report.gaps == []
    assert report.worst_gap is None
    assert {x["accuracy"] for x in report.groups} == {None}
    assert {x["recall"] for x in report.cells} == {None}


def test_missing_is_a_group_and_comes_last():
    groups = pd.Series(SITE).where(np.arange(N) > 20)
    report = group_report(Y, PRED, groups, population={"n": 0.6, "s": 0.3, "w": 0.1})
    assert [x["group"] for x in report.groups] == ["n", "s", "w", "missing"]
    last = report.groups[-1]
    assert (last["rows"], last["population"], last["flag"]) == (21, None, "")


def test_an_empty_cell_is_unknown():
    y = np.array(["a"] * 10 + ["b"] * 10)
    report = group_report(y, y, y, classes=["a", "b", "c"])
    cell = line_of(report.cells, group="a", **{"class": "b"})
    assert np.isnan(cell["recall"].estimate)
    assert (cell["recall"].lower, cell["recall"].upper) == (0, 1)
    assert {x["p_value"] for x in report.gaps} == {None}  # all rows are right


# -- shares of a population ------------------------------------------------------------


def test_shares_are_tested_one_by_one_and_adjusted():
    declared = {"n": 0.5, "s": 0.25, "w": 0.2, "e": 0.05}
    report = group_report(Y, PRED, SITE, population=declared)
    rows = {g: int((g == SITE).sum()) for g in declared}
    expected = holm([stats.binomtest(rows[g], N, declared[g]).pvalue for g in declared])
    for group, p in zip(declared, expected, strict=True):
        line = line_of(report.groups, group=group)
        assert line["p_value"] == pytest.approx(p)
        assert line["population"] == declared[group]
    assert [x["group"] for x in report.under_represented] == ["w", "e"]
    assert report.groups[-1]["rows"] == 0  # nobody of the east is here


def test_what_is_near_or_by_chance_is_not_flagged():
    many = np.repeat(["a", "b"], [4500, 5500])  # far beyond chance, but near
    near = group_report(many, None, many, population={"a": 0.5, "b": 0.5})
    assert near.groups[0]["p_value"] < 1e-9
    assert near.under_represented == []
    few = np.repeat(["a", "b"], [3, 9])
    assert not group_report(few, None, few, population={"a": 0.5, "b": 0.5}).groups[0][
        "flag"
    ]
    other = np.repeat(["a", "b"], [100, 900])
    report = group_report(other, None, other, population={"a": 0.5, "b": 0.5})
    assert [x["flag"] for x in report.groups] == ["under", "over"]


def test_shares_that_are_right_are_seldom_flagged():
    rng = np.random.default_rng(1)
    p = [0.5, 0.3, 0.15, 0.05]
    flagged = 0
    for _ in range(300):
        groups = rng.choice(4, 60, p=p)
        report = group_report(groups, None, groups, population=dict(enumerate(p)))
        flagged += any(line["flag"] for line in report.groups)
    assert flagged <= 300 * 0.05 + 12


# -- gaps ------------------------------------------------------------------------------


@settings(max_examples=30, deadline=None)
@given(
    sizes=st.lists(st.integers(0, 30), min_size=2, max_size=5), seed=st.integers(0, 99)
)
def test_the_gap_is_that_to_the_rest(sizes, seed):
    sizes = np.array(sizes)
    hits = np.random.default_rng(seed).binomial(sizes, 0.7)
    worst, gap, p_value = worst_gap(
        hits, sizes, n_permutations=99, rng=np.random.default_rng(0)
    )
    if worst is None:
        assert (sizes > 0).sum() < 2 or hits.sum() in (0, sizes.sum())
        return
    rest_hits, rest = hits.sum() - hits[worst], sizes.sum() - sizes[worst]
    assert gap == newcombe(rest_hits, rest, hits[worst], sizes[worst])
    assert gap.estimate >= 0  # someone is not above the rest
    assert 0.01 <= p_value <= 1


def test_of_two_groups_the_p_value_is_that_of_fisher():
    """One of two groups is behind: both sides of the hypergeometric distribution."""
    hits, sizes = np.array([12, 25]), np.array([20, 30])
    _, _, p_value = worst_gap(
        hits, sizes, n_permutations=50_000, rng=np.random.default_rng(0)
    )
    low = np.arange(8, 21)
    deficit = np.abs(low - 20 * 37 / 50)
    chance = stats.hypergeom(50, 37, 20).pmf(low)
    exact = chance[deficit >= abs(12 - 20 * 37 / 50) - 1e-9].sum()
    assert p_value == pytest.approx(exact, abs=0.007)


def test_permutations_are_those_of_rows():
    """Counts drawn at once are distributed as those of rows exchanged one by one."""
    rng = np.random.default_rng(3)
    groups = rng.choice(4, 80, p=[0.5, 0.3, 0.15, 0.05])
    right = rng.random(80) < np.where(groups == 2, 0.5, 0.8)
    sizes, hits = np.bincount(groups), np.bincount(groups, weights=right).astype(int)
    rate = right.mean()
    spread = np.sqrt(sizes * rate * (1 - rate) * (80 - sizes) / 79)

    def largest(right):
        return ((sizes * rate - np.bincount(groups, weights=right)) / spread).max()

    observed = largest(right)
    by_rows = [largest(rng.permutation(right)) >= observed - 1e-9 for _ in range(4000)]
    _, _, p_value = worst_gap(hits, sizes, n_permutations=9999, rng=rng)
    assert p_value == pytest.approx(np.mean(by_rows), abs=0.03)


def test_the_worst_of_many_equal_groups_is_no_finding():
    """The p-value holds for the maximum, where Fisher's test of the worst does not."""
    rng = np.random.default_rng(2)
    rejected = naive = 0
    for _ in range(200):
        sizes = np.bincount(rng.integers(0, 20, 500), minlength=20)
        hits = rng.binomial(sizes, 0.8)
        worst, _, p_value = worst_gap(hits, sizes, n_permutations=199, rng=rng)
        rejected += p_value <= 0.05
        mine, k = sizes[worst], hits[worst]
        rest = hits.sum() - k
        table = [[k, mine - k], [rest, 500 - mine - rest]]
        naive += stats.fisher_exact(table).pvalue <= 0.05
    assert rejected <= 200 * 0.05 + 9
    assert naive > 50


def test_a_neglected_group_is_found_in_its_class():
    rng = np.random.default_rng(4)
    groups, y = rng.integers(0, 10, 3000), rng.integers(0, 2, 3000)
    miss = np.where((groups == 7) & (y == 1), 0.5, 0.1)
    pred = np.where(rng.random(3000) < miss, 1 - y, y)
    worst = group_report(y, pred, groups).worst_gap
    assert (worst["metric"], worst["class"], worst["group"]) == ("recall of 1", 1, 7)
    assert worst["adjusted_p_value"] < 0.01
    assert worst["gap"].lower < 0.4 < worst["gap"].upper


# -- words and errors ------------------------------------------------------------------


def test_tables_are_frames_too_and_the_repr_is_short():
    report = group_report(Y, PRED, FRAME)
    assert isinstance(report, GroupReport)
    for table, n in [("groups", 5), ("cells", 10), ("gaps", 6)]:
        assert len(report.to_frame(table)) == n
    cells = report.to_frame("cells")
    assert (cells.recall_lower <= cells.recall).all()
    with pytest.raises(ValueError, match="table='rows': there are groups, cells, gaps"):
        report.to_frame("rows")
    said = repr(report)
    assert said.startswith("GroupReport(columns=[site, odd], groups=5, classes=2)")
    assert said.endswith("recall of ill of site=w")
    worst = report.worst_gap
    assert worst["adjusted_p_value"] > worst["p_value"]
    assert f"(p = {worst['adjusted_p_value']:.4g})" in said
    odd = group_report(Y, PRED, np.where(SITE == "w", "\x1b[31m", SITE))
    assert "\x1b" not in repr(odd)
    assert "\x1b" not in odd._repr_html_()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"groups": None}, "groups=None: pass the groups"),
        ({"groups": SITE[:-1]}, "groups has 399"),
        ({"groups": {"site": SITE}}, "groups=.* is a dict"),
        ({"groups": FRAME.set_axis(["a", "a"], axis=1)}, r"repeated column names"),
        ({"y_pred": PRED[:-1]}, "y_pred has 399"),
        ({"y_pred": np.full(N, "dead")}, r"y_pred holds label\(s\) \['dead'\]"),
        ({"method": "wald"}, "method='wald' is unknown"),
        ({"population": {"n": 0.6, "s": 0.4}}, r"no share for the group\(s\) \['w'\]"),
        ({"population": {"n": 0.6, "s": 0.3, "w": 0.2}}, "sum to 1"),
        ({"population": {"n": 1.6, "s": -0.6, "w": 0.0}}, r"in \[0, 1\]"),
        ({"population": 0.5}, "population=0.5: pass"),
        ({"population": {"age": {"old": 1.0}}}, "'age'.* no column of groups"),
        ({"groups": FRAME, "population": {"n": 1.0}}, "shares of one column"),
    ],
)
def test_wrong_input_is_named(change, message):
    given = {"y": Y, "y_pred": PRED, "groups": SITE} | change
    with pytest.raises(ValueError, match=message) as error:
        group_report(**given)
    assert str(error.value).count("\n") < 3
