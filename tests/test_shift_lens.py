"""One verdict on shift: which kinds, how sure, and what mends them."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
from joblib import parallel_config
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline

from skdataquality import diagnose
from skdataquality.shift import (
    LabelShiftClassifier,
    NumberShiftLensResult,
    ShiftWeightedClassifier,
    TargetData,
    shift_lens,
)
from skdataquality.shift._declared import LENS
from skdataquality.workflows import candidate_remedies

MODEL = LogisticRegression()
NUMBERS = list("abcde")
PIPE = make_pipeline(
    make_column_transformer(("passthrough", NUMBERS)), LogisticRegression()
)


def rows(rng, n, share=0.5):
    """Two classes whose means differ in the first two of five columns."""
    y = (rng.random(n) < share).astype(int)
    X = rng.normal(size=(n, 5))
    X[:, :2] += 1.3 * y[:, None]
    return X, y


def series(rng, n, rho=0.9, d=4):
    x = rng.normal(size=(n, d))
    for t in range(1, n):
        x[t] = rho * x[t - 1] + np.sqrt(1 - rho**2) * x[t]
    return x


# -- kinds -------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(2))
def test_a_pure_change_of_class_shares_is_named_alone(seed):
    rng = np.random.default_rng(seed)
    X, y = rows(rng, 600)
    X_target, _ = rows(rng, 400, share=0.15)
    lens = shift_lens(X, y, X_target=X_target, estimator=MODEL)
    assert (lens.kinds, lens.reason_code) == (("label prior",), "label_prior")
    assert isinstance(lens.remedies[0], LabelShiftClassifier)
    shares = {line["class"]: line for line in lens.evidence["class shares"]}
    expected = shares[1]["expected_target_share"]
    assert expected.lower < 0.15 < expected.upper
    assert any("P(x | y) is the same" in limit for limit in lens.limits)
    after = lens.numbers["domain_auc_of_weighted_classes"]
    assert after.estimate < lens.numbers["domain_auc"].estimate


def test_features_that_do_not_matter_to_labels_are_a_covariate_shift():
    rng = np.random.default_rng(0)
    X, y = rows(rng, 800)
    X_target, _ = rows(rng, 500)
    X_target[:, 4] += 0.7
    lens = shift_lens(X, y, X_target=X_target, estimator=MODEL)
    assert (lens.verdict, lens.kinds) == ("found", ("covariate",))
    assert isinstance(lens.remedies[0], ShiftWeightedClassifier)
    assert lens.evidence["columns that differ most"][0]["column"] == 4


def test_class_shares_are_not_expected_where_features_differ_by_more():
    """Along an informative column predicted classes change, and P(x | y) as well."""
    rng = np.random.default_rng(0)
    X, X_target = rng.normal(size=(600, 4)), rng.normal(size=(600, 4))
    X_target[:, 0] += 0.8
    y, y_target = (
        (2 * table[:, 0] + rng.logistic(size=600) > 0).astype(float)
        for table in (X, X_target)
    )
    lens = shift_lens(X, y, X_target=X_target, estimator=MODEL)
    assert "covariate" in lens.kinds
    assert lens.numbers["p_label_prior"] < 0.01
    assert "class shares" not in lens.evidence
    assert any("not estimated" in limit for limit in lens.limits)
    y_target[200:] = np.nan
    lens = shift_lens(X, y, X_target=X_target, y_target=y_target, estimator=MODEL)
    line = lens.evidence["class shares"][1]
    assert line["target_share"] == y_target[:200].mean()
    assert "expected_target_share" not in line


def test_a_changed_correlation_alone_is_found():
    rng = np.random.default_rng(0)
    X, X_target = rng.normal(size=(1000, 4)), rng.normal(size=(1000, 4))
    X_target[:, 1] = 0.7 * X_target[:, 0] + np.sqrt(1 - 0.49) * X_target[:, 1]
    lens = shift_lens(X, X_target=X_target)
    assert (lens.verdict, lens.kinds) == ("found", ("covariate",))
    assert min(v["p_value"] for v in lens.evidence["columns that differ most"]) > 0.05


def other_concept(rng, n):
    X = rng.normal(size=(n, 5))
    return X, (X[:, 0] - X[:, 1] + 0.5 * rng.logistic(size=n) > 0).astype(int)


def test_a_concept_shift_is_named_with_labels_and_said_to_be_invisible_without():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(1000, 5))
    y = (X[:, 0] + X[:, 1] + 0.5 * rng.logistic(size=1000) > 0).astype(int)
    X_target, y_target = other_concept(rng, 400)
    lens = shift_lens(X, y, X_target=X_target, estimator=MODEL)
    assert lens.verdict == "clear"
    assert "invisible" in lens.summary
    assert len(lens.to_label) == len(set(lens.to_label)) == 200
    said = [limit for limit in lens.limits if "invisible" in limit]
    assert "label 200 of them" in said[0]
    listed = [line["target_row"] for line in lens.evidence["label these rows"]]
    assert tuple(listed) == lens.to_label
    partly = y_target.astype(float)
    partly[250:] = np.nan
    lens = shift_lens(X, y, X_target=X_target, y_target=partly, estimator=MODEL)
    assert lens.verdict == "found"
    assert "concept" in lens.kinds
    assert lens.remedies == lens.to_label == ()
    assert lens.predictions[0].outcome == "confirmed"
    assert "label target rows" in lens.summary
    assert LENS.why(lens).startswith("labels of target rows first")


def test_class_shares_that_change_alone_are_a_concept_shift():
    """Of rows whose features did not change, as labels know."""
    rng = np.random.default_rng(1)
    X, y = rows(rng, 1000)
    X_target, y_target = rows(rng, 1000)
    y_target[rng.random(1000) < 0.4] = 1  # the same in every row
    lens = shift_lens(X, y, X_target=X_target, y_target=y_target, estimator=MODEL)
    assert lens.kinds == ("concept",)


# -- what is no shift --------------------------------------------------------------


@pytest.mark.parametrize("seed", range(3))
def test_the_rows_that_follow_in_a_series_are_no_shift(seed):
    x = series(np.random.default_rng(seed), 900)
    y = (x[:, 0] > 0).astype(int)
    lens = shift_lens(x[:500], y[:500], X_target=x[500:], estimator=MODEL)
    assert lens.verdict != "found"
    assert any("resemble those before" in limit for limit in lens.limits)


def test_a_series_in_another_order_is_put_into_that_of_time():
    rng = np.random.default_rng(0)
    x, order = series(rng, 900), rng.permutation(500)
    day = np.datetime64("2024-01-01") + np.arange(900)
    options = {"time": day[:500][order], "time_target": day[500:].astype(str)}
    lens = shift_lens(x[:500][order], X_target=x[500:], **options)
    assert lens.verdict != "found"
    assert lens.evidence["by age"][0]["from"] == "2024-01-01"
    straight = shift_lens(x[:500], X_target=x[500:], **options | {"time": day[:500]})
    assert lens.p_value == straight.p_value


def test_rows_in_the_order_of_time_are_not_said_to_depend_unless_they_do():
    rng = np.random.default_rng(0)
    X, time = rng.normal(size=(400, 3)), np.arange(400)
    options = {"time": time[:200], "time_target": time[200:]}
    lens = shift_lens(X[:200], X_target=X[200:], **options)
    assert (lens.verdict, lens.reason_code) == ("clear", "alike")
    said = " ".join((lens.summary, *lens.limits))
    assert "hardly resemble" in said
    assert "depend on each other" not in said
    x = series(rng, 400, rho=0.8)
    lens = shift_lens(x[:200], (x[:200, 0] > 0) * 1, X_target=x[200:], **options)
    assert any("too narrow" in limit for limit in lens.limits)


def test_an_effect_too_small_to_matter_is_clear():
    rng = np.random.default_rng(0)
    X, X_target = rng.normal(size=(40_000, 3)), rng.normal(0.03, 1, size=(40_000, 3))
    lens = shift_lens(X, X_target=X_target)
    assert (lens.verdict, lens.reason_code) == ("clear", "too_small")
    assert lens.p_value < 0.05
    assert shift_lens(X, X_target=X_target, min_effect=0.005).verdict == "found"


def test_the_group_that_moved_is_named():
    rng = np.random.default_rng(0)
    groups = np.repeat(["Bonn", "Genf", "Wien"], 60)
    X, X_target = rng.normal(size=(180, 3)), rng.normal(size=(180, 3))
    X_target[120:] += 2
    lens = shift_lens(X, X_target=X_target, groups=groups, groups_target=groups)
    assert lens.verdict == "found"
    assert lens.summary.endswith("Rows differ inside these groups: Wien.")


def test_too_few_groups_are_no_verdict():
    rng = np.random.default_rng(0)
    groups, theirs = np.repeat(np.arange(5), 40), np.repeat(np.arange(5, 10), 40)
    X, X_target = rng.normal(size=(200, 3)), rng.normal(1, 1, size=(200, 3))
    lens = shift_lens(X, X_target=X_target, groups=groups, groups_target=theirs)
    assert (lens.verdict, lens.reason_code) == ("cannot tell", "few_groups")
    assert "p_covariate" not in lens.numbers
    alone = shift_lens(X, X_target=X_target, groups=groups)
    assert (alone.verdict, alone.reason_code) == ("cannot tell", "grouped")


# -- containers, dates, categories -------------------------------------------------


def frame(rng, n, start="2024-01-01"):
    X, y = rows(rng, n)
    table = pd.DataFrame(X, columns=list("abcde"))
    table["town"] = rng.choice(["Bonn", "Genf", "Wien"], n)
    table["day"] = pd.date_range(start, periods=n).strftime("%Y-%m-%d")
    return table.assign(y=y)


def test_target_rows_may_come_in_another_library():
    rng = np.random.default_rng(1)
    table, target = frame(rng, 300), frame(rng, 200).drop(columns=["y", "day"])
    theirs = pl.from_pandas(target)
    table = table.drop(columns="day")
    one = diagnose(table, "y", X_target=target, estimator=PIPE).lenses["shift"]
    other = diagnose(table, "y", X_target=theirs, estimator=PIPE).lenses["shift"]
    assert other.verdict == one.verdict
    assert other.p_value == pytest.approx(one.p_value, rel=1e-9)


def test_disjoint_dates_are_told_apart_and_unseen_categories_count():
    rng = np.random.default_rng(1)
    table, target = frame(rng, 300), frame(rng, 300, start="2026-01-01")
    X, X_target = table[["day", "a"]], target[["day", "a"]]
    lens = shift_lens(X, X_target=X_target)
    assert (lens.verdict, lens.reason_code) == ("found", "no_overlap")
    assert lens.numbers["domain_auc"].estimate > 0.99
    assert "from: day" in lens.summary
    unseen = target.assign(town=np.where(target.a > 0, "Graz", target.town))
    lens = shift_lens(table[["town", "a"]], X_target=unseen[["town", "a"]])
    assert lens.evidence["columns that differ most"][0]["column"] == "town"
    assert lens.verdict == "found"


def test_types_that_disagree_are_named_with_their_column():
    rng = np.random.default_rng(2)
    table, target = frame(rng, 200), frame(rng, 200).drop(columns=["y", "day"])
    target["a"] = rng.choice(["low", "high"], 200)
    table = table.drop(columns="day")
    less = make_column_transformer(("passthrough", NUMBERS[1:]))
    model = make_pipeline(less, LogisticRegression())
    report = diagnose(table, "y", X_target=pl.from_pandas(target), estimator=model)
    said = [note for note in report.notes if note.startswith("column a: ")]
    assert said == ["column a: numbers in X, text in X_target; left out of both"]


# -- ages, groups and numbers through the diagnosis ----------------------------------


def test_the_age_of_rows_comes_from_the_column_of_time():
    rng = np.random.default_rng(3)
    table, target = frame(rng, 500), frame(rng, 200, start="2025-06-01")
    table["e"] += np.linspace(-4, 0, 500)
    report = diagnose(table, "y", X_target=target, time="day", estimator=PIPE)
    lens = report.lenses["shift"]
    ages = lens.evidence["by age"]
    assert ages[0]["from"] == "2024-01-01"
    assert ages[0]["domain_auc"] > ages[-1]["domain_auc"]
    assert all(line["accuracy"].upper > 0.6 for line in ages)


def test_stale_rows_are_said_to_be_stale_and_slow_columns_to_be_untested():
    rng = np.random.default_rng(3)
    drift = np.linspace(-2, 0, 800)
    X = np.column_stack([drift + 0.3 * rng.normal(size=800), rng.normal(size=(800, 2))])
    target = rng.normal([0.2, 1, 0], [0.3, 1, 1], size=(300, 3))
    lens = shift_lens(X, X_target=target, time=np.arange(800))
    assert (lens.verdict, lens.kinds) == ("found", ("covariate",))
    assert "The older training rows are" in lens.summary
    assert next(iter(lens.evidence)) == "by age"
    target[:, 1] -= 1
    lens = shift_lens(X, X_target=target, time=np.arange(800))
    assert (lens.verdict, lens.reason_code) == ("cannot tell", "slow_columns")
    assert lens.summary.endswith("their own drift: 0.")


def test_rows_to_label_are_those_of_the_table_as_it_was_passed():
    rng = np.random.default_rng(4)
    X, y = rows(rng, 300)
    report = diagnose(X, y, X_target=rows(rng, 900)[0], max_rows=150, estimator=MODEL)
    to_label = report.lenses["shift"].to_label
    assert max(to_label) > 150
    assert to_label == tuple(sorted(set(to_label)))
    assert report.to_dict()["lenses"]["shift"]["to_label"] == list(to_label)
    listed = report.lenses["shift"].evidence["label these rows"]
    assert tuple(line["target_row"] for line in listed) == to_label


def test_labels_that_are_numbers_have_an_expected_error():
    rng = np.random.default_rng(5)
    X = rng.normal(size=(800, 3))
    y = X[:, 0] + rng.normal(size=800) * np.where(X[:, 1] > 0, 2, 0.2)
    lens = shift_lens(X, y, X_target=rng.normal([0, 1, 0], 1, size=(400, 3)))
    assert isinstance(lens, NumberShiftLensResult)
    expected = lens.numbers["error_expected_on_target"]
    assert expected.lower > lens.numbers["error_held_out"].estimate
    assert any("quantity" in limit for limit in lens.limits)
    assert len(lens.to_label) == 200


def test_labelled_target_rows_show_a_concept_shift_of_numbers():
    rng = np.random.default_rng(5)
    X, X_target = rng.normal(size=(400, 3)), rng.normal(size=(150, 3))
    y = 2 * X[:, 0] + 0.3 * rng.normal(size=400)
    y_target = 2 * X_target[:, 1] + 0.3 * rng.normal(size=150)
    y_target[100:] = np.nan
    lens = shift_lens(
        X, y, X_target=X_target, y_target=y_target, estimator=LinearRegression()
    )
    assert (lens.kinds, lens.reason_code) == (("concept",), "concept")
    assert list(lens.numbers)[1] == "p_concept"
    assert lens.to_label == ()


def test_candidates_for_class_shares_move_predictions_or_weigh_classes():
    rng = np.random.default_rng(6)
    X, y = rows(rng, 800)
    report = diagnose(X, y, X_target=rows(rng, 500, 0.1)[0], estimator=MODEL)
    names = set(candidate_remedies(report))
    assert {"weight to target", "move to target shares"} <= names


def test_the_lens_is_the_same_for_any_number_of_jobs():
    rng = np.random.default_rng(7)
    X, y = rows(rng, 150)
    target = TargetData(rows(rng, 100, 0.2)[0])
    options = {"X_target": target, "estimator": MODEL, "random_state": 3}
    with parallel_config(backend="threading"):
        lens = shift_lens(X, y, **options, n_jobs=2)
    assert lens == shift_lens(X, y, **options)


def test_accuracy_expected_from_some_rows_alone_says_so(monkeypatch):
    monkeypatch.setattr("skdataquality.shift._lens._rows_apart.MOST_ROWS", 100)
    rng = np.random.default_rng(8)
    X, y = rows(rng, 150)
    lens = shift_lens(X, y, X_target=rows(rng, 120)[0], estimator=MODEL)
    assert any("from 100 training and 100 target rows" in said for said in lens.limits)


def test_class_shares_that_labels_show_are_moved_to_where_no_rows_overlap():
    rng = np.random.default_rng(0)
    y, y_target = np.arange(300) % 2, (np.arange(200) % 10 > 0) * 1
    X = np.c_[rng.normal(2 * y), rng.normal(size=300)]
    X_target = np.c_[rng.normal(2 * y_target), rng.normal(50, 1, size=200)]
    model = LogisticRegression()
    labelled = shift_lens(X, y, X_target=X_target, y_target=y_target, estimator=model)
    assert labelled.reason_code == "no_overlap"
    assert "label prior" in labelled.kinds
    assert [type(remedy) for remedy in labelled.remedies] == [LabelShiftClassifier]
    assert shift_lens(X, y, X_target=X_target, estimator=model).remedies == ()
