"""Simulated labelling reveals training rows only, and is paired with random rows."""

import json
import warnings

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from sklearn.base import clone
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression, RidgeClassifier
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.utils import check_random_state

from skdataquality.active_learning import (
    ActiveLearningCurveDisplay,
    BaseQueryStrategy,
    BudgetExhausted,
    RandomQuery,
    StabilizingPredictions,
    UncertaintyQuery,
    active_learning_curve,
)
from skdataquality.exceptions import PoolExhaustedWarning

mpl.use("agg")

NB = GaussianNB()
SMALL = {
    "cv": 3,
    "n_initial": 10,
    "batch_size": 5,
    "n_rounds": 3,
    "n_seeds": 1,
    "random_state": 0,
}
MARGIN = UncertaintyQuery()


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def table(n=100, n_classes=2, seed=0):
    rng = np.random.default_rng(seed)
    y = np.arange(n) % n_classes
    return rng.normal(size=(n, 3)) + 1.5 * np.eye(n_classes, 3)[y], y


def curve(X=None, y=None, estimator=NB, **options):
    if X is None:
        X, y = table()
    return active_learning_curve(
        estimator, X, y, **{"strategy": MARGIN, **SMALL, **options}
    )


def same(first, second):
    for name in first.scores:
        np.testing.assert_array_equal(first.scores[name], second.scores[name])
        for a, b in zip(
            first.query_indices[name], second.query_indices[name], strict=True
        ):
            np.testing.assert_array_equal(a, b)


# --------------------------------------------------------------------- what it does


def test_test_rows_never_reach_the_pool():
    X, y = table()
    folds = list(StratifiedKFold(4).split(X, y))
    found = curve(X, y, cv=folds)
    for rows_of_splits in found.query_indices.values():
        for rows, (train, _) in zip(rows_of_splits, folds, strict=True):
            assert np.isin(rows, train).all()
            assert np.unique(rows).size == rows.size == found.n_labeled[-1]


def test_labels_of_rows_that_were_not_asked_for_change_nothing():
    X, y = table()
    folds = list(StratifiedKFold(4).split(X, y))
    found = curve(X, y, cv=folds)
    (rows, *_), (train, _) = found.query_indices["UncertaintyQuery"], folds[0]
    lies = y.copy()
    hidden = np.setdiff1d(train, rows)
    lies[hidden] = 1 - lies[hidden]
    again = curve(X, lies, cv=folds)
    np.testing.assert_array_equal(
        found.scores["UncertaintyQuery"][0], again.scores["UncertaintyQuery"][0]
    )


def test_all_strategies_start_from_the_same_rows():
    found = curve(strategy={"a": MARGIN, "b": RandomQuery(random_state=5)})
    for rows in zip(*found.query_indices.values(), strict=True):
        first = [each[:10] for each in rows]
        assert all(np.array_equal(first[0], other) for other in first)
    starts = [table[:, 0] for table in found.scores.values()]
    np.testing.assert_array_equal(starts[0], starts[-1])


def test_random_rows_with_the_same_seeds_differ_from_themselves_by_exactly_0():
    found = curve(strategy=RandomQuery())
    assert found.gains["RandomQuery"].estimate == 0.0
    assert found.gains["RandomQuery"].lower == found.gains["RandomQuery"].upper == 0.0
    assert found.p_values["RandomQuery"] == 1.0


def test_the_area_is_the_mean_of_the_scores_and_gains_are_differences_of_areas():
    found = curve()
    for name, area in found.areas.items():
        assert area.estimate == pytest.approx(found.scores[name].mean())
    apart = found.areas["UncertaintyQuery"].estimate - found.areas["random"].estimate
    assert found.gains["UncertaintyQuery"].estimate == pytest.approx(apart)


def test_with_the_whole_fold_labelled_scores_are_those_of_cross_validation():
    X, y = table()
    folds = StratifiedKFold(4)
    found = curve(X, y, cv=folds, n_initial=65, n_rounds=2)
    assert found.n_labeled.tolist() == [65, 70, 75]
    expected = cross_val_score(NB, X, y, cv=folds)
    for scores in found.scores.values():
        np.testing.assert_allclose(scores[:, -1], expected)


def test_numbers_are_the_same_for_any_number_of_jobs_and_in_every_run():
    found = curve()
    same(found, curve())
    same(found, curve(n_jobs=2))


def test_nothing_is_mutated_nor_drawn_from_the_global_generator():
    X, y = table()
    before, rule = (X.copy(), y.copy()), StabilizingPredictions()
    strategy = UncertaintyQuery()
    state = check_random_state(None).get_state()[1].copy()
    curve(X, y, strategy=strategy, stopping=rule)
    np.testing.assert_array_equal(X, before[0])
    np.testing.assert_array_equal(y, before[1])
    np.testing.assert_array_equal(check_random_state(None).get_state()[1], state)
    assert strategy.estimator is None
    assert not hasattr(rule, "values_")


def test_the_order_of_rows_does_not_matter_to_a_strategy_without_draws():
    X, y = table()
    folds = list(StratifiedKFold(4).split(X, y))
    turned = [(99 - train[::-1], 99 - test[::-1]) for train, test in folds]
    knn = KNeighborsClassifier(3)
    first = curve(X, y, estimator=knn, cv=folds)
    second = curve(X[::-1], y[::-1], estimator=knn, cv=turned)
    for a, b in zip(
        first.query_indices["UncertaintyQuery"],
        second.query_indices["UncertaintyQuery"],
        strict=True,
    ):
        np.testing.assert_array_equal(a, 99 - b)
    np.testing.assert_allclose(
        first.scores["UncertaintyQuery"], second.scores["UncertaintyQuery"]
    )


def test_duplicates_and_groups_stay_on_one_side():
    X, y = table(40)
    twice, labels = np.vstack([X, X]), np.r_[y, y]
    groups = np.arange(80) // 4
    for options, n_initial in (({"cv": 4}, 50), ({"cv": 5, "groups": groups}, 54)):
        found = curve(twice, labels, **options, n_initial=n_initial, n_rounds=2)
        for train in found.query_indices["random"]:  # all of it is labelled
            test = np.setdiff1d(np.arange(80), train)
            assert not np.isin(test % 40, train % 40).any()
            if "groups" in options:
                assert not np.isin(groups[test], groups[train]).any()


# ---------------------------------------------------------------- tables of all kinds


@pytest.mark.parametrize(
    "labels",
    [
        lambda y: np.array(["no", "yes"])[y],
        lambda y: np.array(["no", "yes"], dtype=object)[y],
        lambda y: y.astype(bool),
        lambda y: y.astype(float),
        lambda y: pd.Series(np.array(["no", "yes"])[y], index=range(7, 107)),
        lambda y: y + 5,
    ],
    ids=["text", "objects", "Booleans", "floats", "series", "other integers"],
)
@pytest.mark.filterwarnings("ignore:X and y have different indices")
def test_labels_of_any_type_give_the_same_scores(labels):
    X, y = table()
    expected = curve()
    found = curve(X, labels(y))
    np.testing.assert_allclose(
        found.scores["UncertaintyQuery"], expected.scores["UncertaintyQuery"]
    )


def test_minus_one_is_a_class_if_so_declared():
    X, y = table()
    expected = curve()
    found = curve(X, 2 * y - 1, unlabeled=False)
    np.testing.assert_allclose(found.scores["random"], expected.scores["random"])


def test_frames_sparse_rows_and_missing_cells_reach_the_estimator_as_they_are():
    X, y = table()
    expected = curve()
    frame = pd.DataFrame(X, columns=["a", "b", "c"], index=range(50, 150))
    np.testing.assert_allclose(
        curve(frame, y).scores["random"], expected.scores["random"]
    )
    holes = frame.assign(kind=np.where(y, "p", None))
    holes.iloc[::7, 0] = np.nan
    assert curve(holes, y, estimator=None).scores["random"].shape == (3, 4)
    ridge = RidgeClassifier()
    assert np.isfinite(curve(sp.csr_array(X), y, estimator=ridge).areas["random"].lower)


def test_texts_serve():
    rng = np.random.default_rng(0)
    y = np.arange(80) % 2
    words = [["cat", "milk", "purr"], ["dog", "bone", "bark"]]
    texts = [f"{' '.join(rng.choice(words[c], 3))} {i}" for i, c in enumerate(y)]
    model = make_pipeline(TfidfVectorizer(), LogisticRegression())
    found = curve(np.array(texts, dtype=object), y, estimator=model)
    assert found.areas["UncertaintyQuery"].estimate > 0.7


@pytest.mark.parametrize("scoring", ["accuracy", "roc_auc_ovr", "neg_log_loss"])
@pytest.mark.parametrize("n_initial", [1, 2])
def test_few_labels_at_the_start_predict_what_they_can(scoring, n_initial):
    X, y = table(n_classes=3)
    strategy = RandomQuery(random_state=1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = curve(X, y, n_initial=n_initial, scoring=scoring, strategy=strategy)
    assert np.isfinite(found.scores["random"]).all()
    if scoring == "roc_auc_ovr" and n_initial == 1:
        np.testing.assert_allclose(found.scores["random"][:, 0], 0.5)
    if scoring == "accuracy" and n_initial == 1:
        assert (found.scores["random"][:, 0] < 0.5).all()


class FirstRows(BaseQueryStrategy):
    """Takes the rows that stand first, also with nothing labelled."""

    _needs_model = False

    def _pick(self, n, rows):
        return rows[:n]


def test_a_strategy_may_choose_the_first_rows_itself():
    X, y = table()
    folds = list(StratifiedKFold(4).split(X, y))
    found = curve(X, y, strategy=FirstRows(), initial="strategy", cv=folds)
    for rows, (train, _) in zip(found.query_indices["FirstRows"], folds, strict=True):
        np.testing.assert_array_equal(rows, train[:25])


def test_splits_share_as_many_test_rows_as_can_be_counted():
    X, y = table()
    assert curve(X, y, cv=5).test_overlap == 0
    pairs = curve(X, y, cv=5, n_seeds=3).test_overlap
    assert pairs == pytest.approx(10 / 14 / 5)  # two of three pairs of seeds, a fifth
    folds = [(np.arange(50), np.arange(50, 100))] * 2
    assert curve(X, y, cv=folds).test_overlap == 1


class Repeats(FirstRows):
    """Takes one row over and over."""

    def _pick(self, n, rows):
        return np.repeat(rows[:1], n)


# -------------------------------------------------------------------------- stopping


def test_a_budget_stops_where_it_is_exhausted_and_costs_the_scores_after_it():
    found = curve(stopping=BudgetExhausted(15))
    assert len(found.stops) == 2
    for stop in found.stops:
        scores = found.scores[stop.strategy]
        assert stop.n_labeled == 15
        assert stop.spared == pytest.approx(0.4)
        assert stop.share_stopped == 1
        lost = (scores[:, -1] - scores[:, 1]).mean()
        assert stop.cost.estimate == pytest.approx(lost)


def test_a_rule_that_never_stops_spares_nothing_and_costs_nothing():
    found = curve(stopping={"never": BudgetExhausted(10_000)})
    for stop in found.stops:
        assert (stop.share_stopped, stop.spared, stop.cost.estimate) == (0, 0, 0)
        assert (found.stop_rounds[stop.strategy]["never"] == 3).all()


def test_rules_of_one_class_are_named_whole():
    found = curve(stopping=[BudgetExhausted(15), BudgetExhausted(20)])
    names = {"BudgetExhausted(n_labels=15)", "BudgetExhausted(n_labels=20)"}
    assert {stop.rule for stop in found.stops} == names


# -------------------------------------------------------------------------- the result


def test_rows_to_reach_a_score_lie_between_rounds():
    found = curve()
    reached = found.rows_to_reach()
    assert reached["random"] <= found.n_labeled[-1]
    means = found.scores["random"].mean(axis=0)
    halfway = (means[0] + means[1]) / 2
    if means[1] > means[0]:
        assert found.rows_to_reach(halfway)["random"] == pytest.approx(12.5)
    assert found.rows_to_reach(0.0)["random"] == 10
    assert np.isnan(found.rows_to_reach(2.0)["random"])


def test_a_result_is_shown_short_as_json_and_as_a_frame():
    found = curve(stopping=BudgetExhausted(15))
    assert len(repr(found).splitlines()) <= 12
    assert "area of random" in found._repr_html_()
    assert json.loads(json.dumps(found.to_dict()))["n_labeled"] == [10, 15, 20, 25]
    frame = found.to_frame()
    assert len(frame) == 2 * 4
    assert (frame.lower <= frame.score).all()
    with pytest.raises(ValueError, match="was not simulated"):
        found.score_intervals("other")


def test_intervals_of_a_strategy_that_is_random_too_hold_zero():
    held = []
    for seed in range(30):
        X, y = table(80, seed=seed)
        null = curve(
            X,
            y,
            strategy=RandomQuery(random_state=1),
            n_rounds=2,
            random_state=seed,
        )
        gain = null.gains["RandomQuery"]
        held.append(gain.lower <= 0 <= gain.upper)
    assert np.mean(held) >= 0.95


def test_the_display_draws_every_strategy_and_names_stops():
    found = curve(
        strategy={"margin": MARGIN, "first": FirstRows()}, stopping=BudgetExhausted(15)
    )
    display = ActiveLearningCurveDisplay.from_curve(found)
    assert set(display.lines_) == {"margin", "first", "random"}
    np.testing.assert_allclose(
        display.lines_["margin"].get_ydata(), found.scores["margin"].mean(axis=0)
    )
    said = [text.get_text() for text in display.stops_]
    assert len(said) == 2
    assert all("15 rows" in text for text in said)
    again = ActiveLearningCurveDisplay.from_estimator(
        NB, *table(), strategy=MARGIN, **SMALL, ax=display.ax_
    )
    assert again.ax_ is display.ax_
    assert again.stops_ == []
    with pytest.raises(ValueError, match="active_learning_curve"):
        ActiveLearningCurveDisplay([1, 2]).plot()


# --------------------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            {"y": np.r_[-1, table()[1][1:]]},
            "1 row.*labelled rows only",
        ),
        ({"y": np.r_[np.nan, table()[1][1:]]}, "1 row.*without a label"),
        ({"y": np.where(table()[1], 1, -1)}, "unlabeled=False"),
        ({"y": np.zeros(100, dtype=int)}, "y has 1 class"),
        ({"y": None}, "y=None"),
        ({"strategy": {"random": MARGIN}}, "none the name 'random'"),
        ({"strategy": {}}, "at least one strategy"),
        ({"strategy": "margin"}, "no query strategy"),
        ({"strategy": Repeats()}, "distinct unlabelled rows"),
        ({"stopping": ["kappa"]}, "no stopping rule"),
        ({"stopping": BudgetExhausted}, "no stopping rule: pass an instance"),
        ({"stopping": 5}, "no stopping rule"),
        ({"n_rounds": 0}, "n_rounds=0"),
        ({"batch_size": 2.5}, "batch_size=2.5"),
        ({"n_initial": 65}, "single round"),
        ({"initial": "typical"}, "initial='typical'"),
        ({"scoring": ["accuracy", "f1"]}, "one metric"),
        ({"estimator": LogisticRegression}, "is a class"),
    ],
    ids=repr,
)
def test_wrong_input_is_refused_with_what_to_do(change, said):
    X, y = table()
    arguments = {"estimator": NB, "X": X, "y": y, "strategy": MARGIN, **SMALL, **change}
    with pytest.raises(ValueError, match=said):
        active_learning_curve(**arguments)


def test_fewer_rounds_are_simulated_if_the_pool_is_small():
    with pytest.warns(PoolExhaustedWarning, match="11 rounds are simulated"):
        found = curve(n_rounds=50)
    assert found.n_labeled[-1] == 65


def test_a_strategy_keeps_its_own_estimator_and_seed():
    own = UncertaintyQuery(KNeighborsClassifier(3), random_state=3)
    found = curve(strategy={"own": clone(own), "given": MARGIN})
    assert any(
        not np.array_equal(a, b)
        for a, b in zip(
            found.query_indices["own"], found.query_indices["given"], strict=True
        )
    )
