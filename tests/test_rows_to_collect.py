"""Rows to collect: the curve by closed form, counts by hand, rows that were added."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joblib import parallel_config
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.naive_bayes import GaussianNB

from skdataquality.compose import RemediedClassifier
from skdataquality.imbalance import ClassBalanceWeighter, rows_to_collect
from skdataquality.imbalance._groups._recall_curve import RecallCurve, fit_exponent
from skdataquality.utils._draws import draw_seed
from skdataquality.utils._folds import make_splits
from skdataquality.utils._stats import clopper_pearson

RNG = np.random.default_rng(0)
Y = np.repeat(["common", "rare"], [400, 60])
X = RNG.normal(size=(460, 2)) + 1.5 * (Y == "rare")[:, None]
GROUPS = RNG.choice(["n", "s"], 460, p=[0.8, 0.2])


def line_of(plan, label, group=None):
    found = [x for x in plan.lines if (x["class"], x["group"]) == (label, group)]
    assert len(found) == 1
    return found[0]


# -- the curve -------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(
    n=st.integers(20, 2000),
    hits=st.floats(0, 1),
    exponent=st.floats(0, 2),
    width=st.floats(0.02, 0.9),
)
def test_the_rows_found_are_the_fewest_that_are_enough(n, hits, exponent, width):
    curve = RecallCurve(n, 1 - round(hits * n) / n, exponent)
    found = curve.rows_for(width)
    assert found >= n
    assert float(curve.width(found)) <= width + 1e-12
    before = np.arange(max(n, found - 50), found)
    assert (curve.width(before) > width).all()


@settings(max_examples=40, deadline=None)
@given(n=st.integers(2, 500), hits=st.floats(0, 1), more=st.integers(0, 2000))
def test_without_a_slope_the_width_is_that_of_the_same_recall(n, hits, more):
    k = round(hits * n)
    curve = RecallCurve(n, 1 - k / n)
    low, high = clopper_pearson(k, n)
    assert float(curve.width(n)) == pytest.approx(float(high - low))
    assert curve.recall(n + more) == pytest.approx(k / n)
    twice = clopper_pearson(2 * k, 2 * n)
    assert float(curve.width(2 * n)) == pytest.approx(float(twice[1] - twice[0]))


@settings(max_examples=40, deadline=None)
@given(exponent=st.floats(0, 1.9), missed=st.floats(0.02, 1))
def test_a_power_law_is_recovered(exponent, missed):
    n, fractions = 10**7, np.array([0.35, 0.5, 0.7, 1.0])
    misses = np.minimum(missed * fractions**-exponent, 1)
    if misses[0] == 1:
        return
    said = fit_exponent(fractions, n * (1 - misses), n)
    assert said == pytest.approx(exponent, abs=1e-3)
    curve = RecallCurve(n, missed, exponent)
    np.testing.assert_allclose(curve.recall(fractions * n), 1 - misses)
    assert curve.recall(4 * n) >= curve.recall(n)


def test_repeated_rows_are_followed_and_then_held():
    curve = RecallCurve(100, 0.5, 0.0, (0.4, 0.45, 0.2))  # the third is chance
    missed = 1 - curve.recall(np.array([100, 150, 200, 300, 900]))
    np.testing.assert_allclose(missed, [0.5, 0.4, 0.4, 0.2, 0.2])
    both = RecallCurve(100, 0.5, 0.5, (0.4, 0.45, 0.2))
    more = 1 - both.recall(np.array([100, 150, 200, 300, 900]))
    np.testing.assert_allclose(more, missed / np.sqrt([1, 1.5, 2, 3, 9]))
    assert not RecallCurve(100, 0.5, 0.0, (0.5, 0.6, 0.7)).grows
    assert RecallCurve(100, 0.0, 0.3, (0.0, 0.0, 0.0)).from_recall(1).recall(200) == 1


def test_recall_never_falls():
    assert fit_exponent([0.5, 1.0], [60, 50], 100) == 0
    assert fit_exponent([0.5, 1.0], [50, 50], 100) == 0
    assert fit_exponent([0.5, 1.0], [0, 100], 100) == 2


# -- what is counted -------------------------------------------------------------------


def recall_by_hand(model, label, seed=0):
    codes = np.unique(Y, return_inverse=True)[1]
    hits = 0
    for train, test in make_splits(X, codes, random_state=seed)[0]:
        fitted = clone(model).fit(X[train], Y[train])
        mine = test[Y[test] == label]
        hits += (fitted.predict(X[mine]) == label).sum()
    return int(hits)


def test_recall_is_that_of_cross_validation():
    plan = rows_to_collect(GaussianNB(), X, Y, width=0.99, random_state=3)
    for label, rows in [("common", 400), ("rare", 60)]:
        line = line_of(plan, label)
        hits = recall_by_hand(GaussianNB(), label, seed=draw_seed(3))
        low, high = clopper_pearson(hits, rows)
        assert line["rows"] == rows
        assert line["recall"].estimate == pytest.approx(hits / rows)
        assert line["width"] == pytest.approx(float(high - low))
        assert (line["more_rows"], line["at_most"]) == (0, 0)
        assert (line["method"], line["far"]) == ("narrow enough", False)


class Counting(ClassifierMixin, BaseEstimator):
    """Find each rare row with a chance that is a power of the rare rows it has seen.

    Whether it finds a row is written in the row.
    """

    def fit(self, X, y):
        self.classes_ = np.unique(y)
        n = (np.asarray(y) == "rare").sum()
        self.bar_ = 0.5 * (n / 480) ** -0.5
        return self

    def predict(self, X):
        return np.where(X[:, 0] > self.bar_, "rare", "common")


def test_the_slope_of_a_learner_is_found_and_what_it_foretells_is_met():
    """Misses fall with the root of the rows of the class; the others do not matter."""
    rng = np.random.default_rng(5)
    y = np.repeat(["common", "rare"], [50, 3000])
    table = np.r_[np.zeros(50), rng.random(3000)][:, None]
    present = np.arange(650)
    plan = rows_to_collect(Counting(), table[present], y[present], width=0.05)
    line, curve = line_of(plan, "rare"), plan.curves[1]
    assert line["method"] == "learning curve"
    times = np.array([1, 1.4, 2, 2.9])
    missed = 1 - curve.recall(curve.n_rows * times)
    np.testing.assert_allclose(missed, missed[0] * times**-0.5, rtol=0.12)
    total = line["rows"] + line["more_rows"]
    assert not line["far"]
    more = np.arange(50 + total)
    after = rows_to_collect(Counting(), table[more], y[more], width=0.99)
    assert line_of(after, "rare")["width"] == pytest.approx(0.05, rel=0.1)
    still = RecallCurve(curve.n_rows, curve.missed).rows_for(0.05)
    assert total < 0.95 * still  # what a constant recall would have asked for
    assert plan.width_after("rare", line["more_rows"]) <= 0.05


def test_a_recall_that_does_not_grow_is_taken_to_stay():
    never = DummyClassifier(strategy="constant", constant="common")
    line = line_of(rows_to_collect(never, X, Y, width=0.05), "rare")
    assert (line["method"], line["recall"].estimate) == ("present recall", 0)
    low, high = clopper_pearson(0, 60 + line["more_rows"])
    assert float(high - low) <= 0.05
    few = np.r_[0:100, 400:415]
    line = line_of(rows_to_collect(GaussianNB(), X[few], Y[few]), "rare")
    assert line["method"] == "present recall"


def test_at_most_is_for_the_least_lucky_recall():
    plan = rows_to_collect(GaussianNB(), X, Y, width=0.15, random_state=0)
    line = line_of(plan, "rare")
    assert line["at_most"] >= line["more_rows"] > 0
    widest = np.clip(0.5, line["recall"].lower, line["recall"].upper)
    curve = plan.curves[1].from_recall(widest)
    assert curve.recall(60) == pytest.approx(widest)
    assert line["at_most"] == max(curve.rows_for(0.15) - 60, line["more_rows"])
    rise = (1 - curve.recall(120)) / (1 - curve.recall(60))
    same = (1 - plan.curves[1].recall(120)) / (1 - plan.curves[1].recall(60))
    assert rise == pytest.approx(same)


def test_a_narrower_interval_asks_for_more_rows():
    asked = [
        line_of(rows_to_collect(GaussianNB(), X, Y, width=w, random_state=0), "rare")
        for w in (0.05, 0.1, 0.2)
    ]
    more = [line["more_rows"] for line in asked]
    assert more == sorted(more, reverse=True)
    assert asked[0]["far"]


def test_groups_have_lines_of_their_own():
    frame = pd.DataFrame({"site": GROUPS})
    plan = rows_to_collect(GaussianNB(), X, Y, width=0.2, groups=frame, random_state=0)
    assert len(plan.lines) == 6
    for label in ("common", "rare"):
        cells = [line_of(plan, label, g) for g in "ns"]
        assert [c["rows"] for c in cells] == [
            ((label == Y) & (g == GROUPS)).sum() for g in "ns"
        ]
        hits = sum(c["recall"].estimate * c["rows"] for c in cells)
        whole = line_of(plan, label)
        assert hits == pytest.approx(whole["recall"].estimate * whole["rows"])
    cell = line_of(plan, "rare", "s")
    assert (cell["method"], cell["column"]) == ("present recall", "site")
    after = plan.width_after("rare", cell["more_rows"], column="site", group="s")
    assert after <= 0.2
    nobody = np.where(Y == "rare", "n", GROUPS)
    empty = line_of(rows_to_collect(GaussianNB(), X, Y, groups=nobody), "rare", "s")
    assert (empty["rows"], empty["method"]) == (0, "no row: recall taken as 1/2")
    assert empty["more_rows"] > 300


def test_it_decides_as_the_estimator_does():
    """A balanced fit finds more by predict than by the argmax of its probabilities."""
    balanced = RemediedClassifier(LogisticRegression(), ClassBalanceWeighter())
    recall = [
        line_of(rows_to_collect(model, X, Y, width=0.9, random_state=0), "rare")
        for model in (balanced, LogisticRegression())
    ]
    assert recall[0]["recall"].estimate > recall[1]["recall"].estimate + 0.1


def test_the_numbers_are_the_same_for_any_workers_and_containers():
    options = {"width": 0.15, "random_state": 4, "cv": 3}
    one = rows_to_collect(GaussianNB(), X, Y, **options)
    frame = pd.DataFrame(X, columns=["a", "b"])
    with parallel_config("threading"):
        parallel = rows_to_collect(GaussianNB(), X, Y, n_jobs=2, **options)
    for other in (
        parallel,
        rows_to_collect(GaussianNB(), frame, pd.Series(Y), **options),
    ):
        assert [c.exponent for c in one.curves] == [c.exponent for c in other.curves]
        assert one.to_frame().equals(other.to_frame())


def test_it_says_what_it_wants_in_few_lines():
    plan = rows_to_collect(GaussianNB(), X, Y, width=0.1, random_state=0)
    line = line_of(plan, "rare")
    said = repr(plan)
    assert said.startswith("RowsToCollect(width=0.1)\n")
    assert f"- {line['more_rows']} more rows (at most {line['at_most']})" in said
    assert "\x1b" not in repr(
        rows_to_collect(GaussianNB(), X, np.where(Y == "rare", "\x1b", Y), width=0.1)
    )
    with pytest.raises(ValueError, match="more_rows=-1: pass a whole number"):
        plan.width_after("rare", -1)
    with pytest.raises(ValueError, match="label='new'.* no line is about that"):
        plan.width_after("new", 3)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"width": 0}, "width=0: pass a number between 0 and 1"),
        ({"width": "a"}, "width='a': pass"),
        ({"estimator": LinearRegression()}, "LinearRegression.* is no classifier"),
        ({"estimator": GaussianNB}, "is a class: pass an instance"),
        ({"y": ["a"] * 460}, r"y has 1 class \('a'\)"),
        ({"y": Y[:-1]}, "y has 459"),
        ({"groups": GROUPS[:-1]}, "groups has 459"),
        ({"cv": 1}, "cv=1 folds"),
    ],
)
def test_wrong_input_is_named(change, message):
    given = {"estimator": GaussianNB(), "X": X, "y": Y} | change
    with pytest.raises(ValueError, match=message) as error:
        rows_to_collect(**given)
    assert str(error.value).count("\n") < 3
