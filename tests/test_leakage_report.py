"""Twins across training and test rows, and the scores that they inflate."""

import json

import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import accuracy_score, f1_score, make_scorer
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeClassifier

from skdataquality.duplicates import DuplicateDetector, leakage_report
from skdataquality.exceptions import OverlapWarning

NEAREST = KNeighborsClassifier(1)
UNLABELLED = {"y_train": None, "y_test": None}


def tables(n_train=120, n_test=80, n_leaked=30, *, jitter=0.0, seed=0):
    """Random labels, so that only memory can be right; the first test rows leak."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n_train, 6))
    rows = rng.choice(n_train, n_leaked, replace=False)
    again = X[rows] + jitter * rng.normal(size=(n_leaked, 6))
    X_test = np.vstack([again, rng.normal(size=(n_test - n_leaked, 6))])
    y = rng.integers(0, 2, n_train)
    y_test = np.r_[y[rows], rng.integers(0, 2, n_test - n_leaked)]
    return X, X_test, y, y_test, rows


@pytest.mark.parametrize("jitter", [0.0, 1e-4])
def test_every_planted_twin_is_named_and_no_other(jitter):
    X, X_test, *_, rows = tables(jitter=jitter)
    report = leakage_report(X, X_test)
    assert report.twin.tolist() == [*rows, *[-1] * 50]
    assert report.is_exact[:30].all() == (jitter == 0)
    assert report.clean_rows.tolist() == list(range(30, 80))
    counted = report.near if jitter else report.exact
    assert counted.estimate == 30 / 80
    assert report.scores == {}


def test_a_model_that_remembers_is_right_on_leaked_rows_alone():
    X, X_test, y, y_test, _ = tables()
    report = leakage_report(X, X_test, y, y_test, estimator=NEAREST)
    model = NEAREST.fit(X, y)
    assert report.scores["leaked"].estimate == 1
    assert report.scores["all"].estimate == model.score(X_test, y_test)
    assert report.scores["clean"].estimate == model.score(X_test[30:], y_test[30:])
    gain = report.scores["all"].estimate - report.scores["clean"].estimate
    assert report.inflation.estimate == pytest.approx(gain)
    assert report.inflation.lower > 0
    assert report.same_label.estimate == 1


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 1000))
def test_the_order_of_rows_does_not_matter(seed):
    X, X_test, y, y_test, _ = tables(40, 30, 12, jitter=1e-4, seed=seed)
    order = np.random.default_rng(seed).permutation(30)
    first = leakage_report(X, X_test, y, y_test, estimator=NEAREST)
    second = leakage_report(X, X_test[order], y, y_test[order], estimator=NEAREST)
    np.testing.assert_array_equal(first.twin[order], second.twin)
    for name, score in first.scores.items():
        assert score.estimate == pytest.approx(second.scores[name].estimate)


@pytest.mark.parametrize("library", [pd.DataFrame, pl.DataFrame])
def test_columns_are_matched_by_name_in_any_order(library):
    X, X_test, y, y_test, _ = tables()
    names = list("abcdef")
    expected = leakage_report(X, X_test).twin
    X = library(dict(zip(names, X.T, strict=True)))
    X_test = library(dict(zip(names, X_test.T, strict=True)))[names[::-1]]
    np.testing.assert_array_equal(leakage_report(X, X_test).twin, expected)
    report = leakage_report(X, X_test, y, y_test, estimator=NEAREST)
    assert report.scores["leaked"].estimate == 1


def test_integers_equal_the_same_floats():
    X = pd.DataFrame({"a": np.arange(30), "b": np.arange(30) ** 2})
    report = leakage_report(X, X.astype(float), near=False)
    assert report.exact.estimate == 1


def test_a_column_of_one_side_only_is_left_out_and_said():
    X, X_test, *labels, _ = tables()
    X, X_test = pd.DataFrame(X).add_prefix("c"), pd.DataFrame(X_test).add_prefix("c")
    with pytest.warns(OverlapWarning, match="^X_test lacks only_here"):
        report = leakage_report(X.assign(only_here=1), X_test, *labels)
    assert report.exact.estimate == 30 / 80
    assert report.scores["all"] == leakage_report(X, X_test, *labels).scores["all"]
    other = X_test.rename(columns=str.upper)
    with (
        pytest.warns(OverlapWarning, match="X_train and X_test have different"),
        pytest.raises(ValueError, match="X_test has the columns C0.*name them alike"),
    ):
        leakage_report(X, other, *labels)


def test_a_fitted_model_is_scored_as_it_is():
    X, X_test, y, y_test, _ = tables()
    other = LogisticRegression().fit(X, 1 - y)
    report = leakage_report(X, X_test, y, y_test, estimator=FrozenEstimator(other))
    assert report.scores["all"].estimate == other.score(X_test, y_test)


@pytest.mark.parametrize("estimator", [LinearSVC(), NEAREST])
@pytest.mark.parametrize("metric", [accuracy_score, f1_score])
def test_any_scorer_of_predictions_is_that_of_scikit_learn(estimator, metric):
    X, X_test, y, y_test, _ = tables()
    scorer = make_scorer(metric)
    report = leakage_report(X, X_test, y, y_test, estimator=estimator, scoring=scorer)
    model = estimator.fit(X, y)
    for name, rows in (
        ("all", slice(None)),
        ("leaked", slice(30)),
        ("clean", slice(30, None)),
    ):
        expected = scorer(model, X_test[rows], y_test[rows])
        score = report.scores[name]
        assert score.estimate == pytest.approx(expected)
        assert score.lower <= score.estimate <= score.upper


def test_numbers_are_scored_by_their_error():
    X, X_test, y, y_test, _ = tables()
    y, y_test = y + 0.5 * X[:, 0], y_test + 0.5 * X_test[:, 0]
    nearest = KNeighborsRegressor(1)
    report = leakage_report(X, X_test, y, y_test, estimator=nearest)
    assert report.scoring == "neg_mean_absolute_error"
    assert report.scores["leaked"].estimate == 0
    linear = leakage_report(X, X_test, y, y_test, estimator=LinearRegression())
    assert linear.scores["all"].estimate < 0


def test_equal_test_rows_count_as_one():
    X, X_test, y, y_test, _ = tables()
    eightfold = np.repeat(np.arange(80), 8)
    once = leakage_report(X, X_test, y, y_test, estimator=NEAREST)
    often = leakage_report(
        X, X_test[eightfold], y, y_test[eightfold], estimator=NEAREST
    )
    for name in ("leaked", "exact"):
        one, many = getattr(once, name), getattr(often, name)
        assert many.estimate == one.estimate
        assert many.upper - many.lower > 0.9 * (one.upper - one.lower)


def test_intervals_do_not_collapse_where_all_rows_are_alike():
    X, X_test, *_ = tables()
    y, y_test = X[:, 0] > 0, X_test[:, 0] > 0
    model = DecisionTreeClassifier(max_depth=1)
    y_test = model.fit(X, y).predict(X_test)
    report = leakage_report(X, X_test, y, y_test, estimator=model)
    assert report.inflation.lower < report.inflation.estimate == 0
    eightfold = np.repeat(np.arange(30, 80), 8)
    clean = leakage_report(X, X_test[eightfold], near=False).leaked
    assert clean.upper == leakage_report(X, X_test[30:], near=False).leaked.upper


def test_rows_equal_by_chance_are_said_to_be():
    rng = np.random.default_rng(0)
    X, X_test = rng.integers(0, 3, (300, 3)), rng.integers(0, 3, (100, 3))
    (note,) = leakage_report(X, X_test, near=False).notes
    assert "Chance alone" in note
    assert leakage_report(*tables()[:2]).notes == ()


def test_without_any_leak_there_is_nothing_to_score():
    X, X_test, y, y_test, _ = tables(n_leaked=0)
    report = leakage_report(X, X_test, y, y_test, estimator=NEAREST)
    assert np.isnan(report.scores["leaked"].estimate)
    assert report.scores["clean"] == report.scores["all"]
    assert report.inflation.estimate == 0
    assert report.same_label is None


def test_sparse_tables_are_searched_for_equal_rows_only():
    X, X_test, *_ = tables()
    report = leakage_report(sp.csr_array(X), sp.csr_array(X_test))
    assert report.exact.estimate == 30 / 80
    assert "sparse" in report.notes[0]


def test_texts_that_repeat_are_found():
    train = [f"message {i} of many" for i in range(40)]
    report = leakage_report(train, [*train[:10], *(f"another {i}" for i in range(10))])
    assert report.twin[:10].tolist() == list(range(10))
    assert report.exact.estimate == 0.5


def remarks(n, seed=0):
    rng = np.random.default_rng(seed)
    words = np.array(["".join(rng.choice(list("abcdefgh"), 6)) for _ in range(300)])
    return [" ".join(rng.choice(words, 12)) for _ in range(n)]


def with_a_typo(text, at):
    return f"{text[:at]}x{text[at + 1 :]}"


def test_texts_with_typos_are_near_twins():
    texts = remarks(100)
    again = [with_a_typo(text, 20) for text in texts[:10]]
    report = leakage_report(texts[:60], [*again, *texts[60:]])
    assert report.twin.tolist() == [*range(10), *[-1] * 40]
    assert report.near.estimate == 10 / 50
    assert leakage_report(texts[:60], again, near=False).leaked.estimate == 0
    between = [texts[0] + "a", texts[0] + "b"]  # as near to the one as to the other
    assert leakage_report(between, [texts[0]]).twin.tolist() == [0]


def test_rows_of_mixed_tables_leak_if_texts_and_numbers_do():
    rng = np.random.default_rng(0)
    texts, size = remarks(100), rng.normal(size=100)
    train = pd.DataFrame({"remark": texts, "size": size, "kind": "a"})
    test = train[:30].copy()
    test["remark"] = [with_a_typo(text, 20) for text in texts[:30]]
    test.loc[10:19, "size"] += 3.0
    test.loc[20:29, "kind"] = "b"
    report = leakage_report(train, test[["kind", "size", "remark"]])
    assert report.twin.tolist() == [*range(10), *[-1] * 20]


def test_cells_may_hold_series():
    train = pd.DataFrame({"x": np.arange(30.0), "cell": [pd.Series([1, 2])] * 30})
    assert leakage_report(train, train).exact.estimate == 1


def test_a_detector_says_what_near_twins_are():
    X, X_test, *_, rows = tables(jitter=0.1)
    found = leakage_report(X, X_test, detector=DuplicateDetector(threshold=0.01))
    assert found.leaked.estimate == 0
    wide = DuplicateDetector(threshold=0.8)
    found = leakage_report(X, X_test, near=False, detector=wide)
    assert found.twin[:30].tolist() == rows.tolist()
    assert not hasattr(wide, "groups_")
    exact = DuplicateDetector("exact")
    report = leakage_report(sp.csr_array(X), sp.csr_array(X_test), detector=exact)
    assert report.leaked.estimate == 0


def test_the_report_is_plain_json_and_a_frame():
    X, X_test, y, y_test, rows = tables()
    report = leakage_report(X, X_test, y, y_test, estimator=NEAREST)
    said = json.loads(json.dumps(report.to_dict(), allow_nan=False))
    assert said["twins"]["train_row"] == rows.tolist()
    assert said["scores"]["leaked"]["estimate"] == 1
    assert report.to_frame()["test_row"].tolist() == list(range(30))
    assert len(repr(report).splitlines()) <= 12
    assert "leaked" in report._repr_html_()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"y_test": None}, "y_test is None"),
        ({"y_train": np.zeros(3)}, "y_train has 3"),
        ({"X_test": np.empty((0, 6))}, r"X_test has shape \(0, 6\)"),
        ({"X_test": np.zeros((5, 3)), "y_test": np.zeros(5)}, "X_test has 3 columns"),
        (UNLABELLED | {"estimator": NEAREST}, "estimator was passed without labels"),
        (UNLABELLED | {"scoring": "accuracy"}, "scoring was passed without labels"),
        ({"near": 1}, "near=1: pass True or False"),
        ({"estimator": "forest"}, "estimator"),
        ({"estimator": StandardScaler()}, "StandardScaler, which predicts nothing"),
        ({"y_train": np.full(120, np.nan)}, "y_train has 120 missing"),
        ({"y_test": np.full(80, "a")}, "y_train holds labels of type int and y_test"),
        ({"y_test": np.zeros((80, 2))}, r"y_test has shape \(80, 2\)"),
        ({"y_train": [[1, 2], [3]] * 60}, "y_train holds lists of different lengths"),
        (
            {"X_train": pd.DataFrame(np.zeros((120, 6)), columns=[None, *"abcde"])},
            "X_train has column names of different types",
        ),
        ({"scoring": "no such score"}, "no scorer"),
        (
            {"scoring": "f1", "y_train": ["a", "b"] * 60, "y_test": ["a", "b"] * 40},
            "'f1' does not fit these labels.*name the positive class",
        ),
        ({"detector": LinearSVC()}, "detector is a LinearSVC"),
        ({"detector": DuplicateDetector(threshold=-1)}, "threshold"),
    ],
)
def test_bad_arguments_are_named(change, said):
    X, X_test, y, y_test, _ = tables()
    given = {"X_train": X, "X_test": X_test, "y_train": y, "y_test": y_test} | change
    with pytest.raises(ValueError, match=said):
        leakage_report(**given)
