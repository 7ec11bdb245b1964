"""What the lens of imbalance says within a diagnosis, a second time too."""

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

from skdataquality import diagnose
from skdataquality.imbalance import minority_difficulty
from skdataquality.report import render


def rare(n=1500, n_rare=75, n_wrong=0, shift=5.0, seed=0):
    """Return rows of a rare class, of which some are others that are mislabelled."""
    rng = np.random.default_rng(seed)
    y = np.zeros(n, dtype=int)
    y[: n_rare - n_wrong] = 1
    X = rng.normal(size=(n, 6))
    X[:, :3] += shift / np.sqrt(3) * y[:, None]
    y[:n_rare] = 1
    order = rng.permutation(n)
    return X[order], y[order]


MODEL = LogisticRegression()


def test_a_minority_of_wrong_labels_is_found_once_labels_were_judged():
    report = diagnose(*rare(n_rare=100, n_wrong=70))
    lens = report.lenses["imbalance"]
    assert (lens.verdict, lens.reason_code) == ("suspect", "minority_of_errors")
    assert lens.remedies == ()
    order = [step["lens"] for step in report.plan]
    assert order.index("label_noise") < order.index("imbalance")
    plain = diagnose(*rare(), estimator=MODEL).lenses["imbalance"]
    assert plain.reason_code == "rare_class"


def test_neighbours_are_those_of_the_rows_that_models_see():
    X, y = rare(shift=1.0)
    whole = diagnose(X, y, estimator=MODEL).lenses["imbalance"]
    found = minority_difficulty(X, y)
    assert whole.numbers["rarest_other_neighbors"] == pytest.approx(found.mean_kdn)
    assert whole.numbers["rarest_nearest_is_other"] == found.nearest_is_other
    assert len(whole.evidence["rarest class by fold"]) == 5
    some = diagnose(X, y, max_rows=800, estimator=MODEL).lenses["imbalance"]
    lines = some.evidence["neighbours of the rarest class"]
    assert sum(line["rows"] for line in lines) < 75


def test_what_names_rows_is_no_neighbour():
    X, y = rare(shift=1.0)
    frame = pd.DataFrame(X).add_prefix("x").assign(name=np.arange(1500) * 1000)
    given = diagnose(frame, y, ids=["name"], estimator=MODEL).lenses["imbalance"]
    plain = diagnose(X, y, estimator=MODEL).lenses["imbalance"]
    key = "rarest_other_neighbors"
    assert given.numbers[key] == pytest.approx(plain.numbers[key])


def test_labels_of_target_rows_say_what_precision_is_there():
    X, y = rare(n=600, shift=2.0)
    there = np.repeat([0, 1], [100, 100])
    X_there = np.r_[X[y == 0][:100], X[y == 1], X[y == 1][:25]]
    report = diagnose(X, y, X_target=X_there, y_target=there, estimator=MODEL)
    lens = report.lenses["imbalance"]
    assert lens.numbers["rarest_share_in_use"].estimate == 0.5
    assert lens.numbers["rarest_precision_in_use"].estimate > 0.9
    assert lens.reason_code == "rare_class"  # other shares are the lens of shift's
    unlabelled = diagnose(X, y, X_target=X_there, estimator=MODEL)
    assert unlabelled.lenses["imbalance"].numbers["p_prior"] is None


def test_sites_are_groups_and_patients_are_not():
    X, y = rare(n=600, n_rare=60, shift=2.0)
    site = np.repeat(list("abcdef"), 100)
    lens = diagnose(X, y, groups=site, estimator=MODEL).lenses["imbalance"]
    assert [line["group"] for line in lens.evidence["groups"]] == list("abcdef")
    assert lens.numbers["worst_group_gap"] is not None
    patients = diagnose(X, y, groups=np.arange(600) // 2, estimator=MODEL)
    assert "groups" not in patients.lenses["imbalance"].evidence


def test_slices_in_which_the_model_fails_are_named():
    rng = np.random.default_rng(0)
    X = pd.DataFrame(rng.normal(size=(1500, 4))).add_prefix("x")
    X["site"] = np.where(rng.random(1500) < 0.15, "north", "south")
    y = (X["x0"] > 0).to_numpy().astype(int)
    blind = (X["site"] == "north") & (rng.random(1500) < 0.5)
    y[blind] = 1 - y[blind]
    lens = diagnose(X, y).lenses["imbalance"]
    assert lens.verdict == "clear"  # slices are told, not judged
    first = lens.evidence["slices in which the model fails"][0]
    assert "north" in first["slice"]
    assert lens.numbers["weak_slices"] >= 1


def test_the_section_of_a_report_is_short():
    X, y = rare(n_rare=40, shift=1.0)
    X = np.r_[X, np.repeat(X[y == 1][:6], 3, axis=0)]
    y = np.r_[y, np.ones(18, dtype=int)]
    text = render(diagnose(X, y, estimator=MODEL))
    section = text.split("\nImbalance: ")[1].split("\n\n")[0].split("\n")
    assert len(section) <= 26
    assert max(map(len, text.split("\n"))) <= 80


def test_a_report_says_where_the_model_fails():
    X, y = rare(n_rare=200)
    blind = np.flatnonzero(y == 0)[:200]
    y[blind[::2]] = 1
    site = np.where(np.isin(np.arange(1500), blind), "north", "south")
    frame = pd.DataFrame(X).add_prefix("x").assign(site=site)
    report = diagnose(frame, y)
    said = " ".join(render(report).split())
    assert "of all rows, and on" in said
    assert "with site = 'north' (" in said


def test_a_report_shows_the_rarest_class_of_many():
    rng = np.random.default_rng(0)
    y = np.repeat(np.arange(8), [300, 200, 100, 100, 100, 100, 100, 10])
    text = render(diagnose(rng.normal(size=(y.size, 2)), y, estimator=MODEL))
    table = text.split("Classes (first 5 of 8):")[1].split("\n")
    assert table[2].split()[:2] == ["7", "10"]


@pytest.mark.parametrize("n_rare", [1, 5, 12])
def test_no_more_rows_are_to_be_checked_than_there_are(n_rare):
    """Of a single row one limit speaks, and nothing is called hard of a handful."""
    rng = np.random.default_rng(0)
    y = np.repeat([0, 1], [400, n_rare])
    X = rng.normal(size=(y.size, 2))
    lens = diagnose(X, y, estimator=MODEL).lenses["imbalance"]
    assert not any("20 of them" in said or "has 1 rows" in said for said in lens.limits)
    assert any("all of them" in said for said in lens.limits) == (n_rare == 12)


def test_equal_rows_are_not_called_outliers():
    X = pd.DataFrame({"a": np.ones(300), "b": "same"})
    lens = diagnose(X, np.repeat([0, 1], [270, 30])).lenses["imbalance"]
    assert not any("neighbour" in said for said in lens.limits)


def test_a_step_without_a_remedy_says_what_to_do():
    plan = diagnose(*rare(n_rare=100, n_wrong=70)).plan
    step = next(step for step in plan if step["lens"] == "imbalance")
    assert (step["code"], "labels of the class" in step["why"]) == (None, True)
    X, y = rare(n_rare=1)
    step = next(
        s for s in diagnose(X, y, estimator=MODEL).plan if s["lens"] == "imbalance"
    )
    assert (step["code"], "collect more rows" in step["why"]) == (None, True)


def test_a_class_of_one_group_is_said_to_be_held_out_alone():
    X, y = rare(n=300, n_rare=20)
    groups = np.where(y == 1, 0, 1 + np.arange(300) // 20)
    lens = diagnose(X, y, groups=groups, estimator=MODEL).lenses["imbalance"]
    assert any("No fold holds out rows of class 1" in said for said in lens.limits)
    assert not any("vary from fold" in said for said in lens.limits)


def test_classes_that_are_boolean_have_one_name():
    X, y = rare(n=300, n_rare=20)
    text = render(diagnose(X, y == 1, estimator=MODEL))
    table = text.split("  Classes:")[1].split("\n")
    assert [line.split()[0] for line in table[2:4]] == ["True", "False"]
