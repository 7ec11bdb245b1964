"""Tables of classes and pairs of classes count the wrong labels of a data set."""

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import make_blobs
from sklearn.linear_model import LogisticRegression

from skdataquality.exceptions import WeakModelWarning
from skdataquality.label_noise import (
    LabelErrorDetector,
    class_health,
    confident_joint,
    confusing_pairs,
    label_health_score,
    overlapping_classes,
)

JOINT = np.array([[50, 3, 0, 0], [5, 40, 1, 0], [0, 0, 60, 0], [0, 0, 0, 0]])
NAMES = np.array(["car", "truck", "bike", "tram"])


def noisy(seed, n_samples=400, n_classes=5):
    rng = np.random.default_rng(seed)
    proba = rng.dirichlet(np.full(n_classes, 0.4), n_samples)
    y = np.array([rng.choice(n_classes, p=row) for row in proba])
    y[: 2 * n_classes] = np.arange(2 * n_classes) % n_classes
    return y, proba


def planted():
    """A right model; 12 rows of class 1 are called 0, and 5 of class 3 are called 2."""
    truth = np.arange(600) % 4
    wrong = {(0, 1): np.flatnonzero(truth == 1)[:12]}
    wrong[2, 3] = np.flatnonzero(truth == 3)[-5:]
    sure = np.full(truth.size, 0.8)
    y = truth.copy()
    for (given, _), rows in wrong.items():
        y[rows] = given
        sure[rows] = np.random.default_rng(0).uniform(0.85, 0.95, rows.size)
    proba = np.repeat((1 - sure)[:, np.newaxis] / 3, 4, axis=1)
    proba[np.arange(truth.size), truth] = sure
    return y, proba, wrong


def by_class(table, name="class"):
    return {row[name]: row for row in table}


def test_the_columns_are_the_conditional_probabilities_of_the_joint():
    table = class_health(joint=JOINT, classes=NAMES)
    assert [row["class"] for row in table] == ["truck", "car", "bike", "tram"]
    car = by_class(table)["car"]
    assert car == {
        "class": "car",
        "rows": 53,
        "label_issues": 3,
        "inverse_label_issues": 5,
        "label_noise": 3 / 53,
        "inverse_label_noise": 5 / 55,
        "label_quality": 50 / 53,
    }
    bike = by_class(table)["bike"]
    assert (bike["label_noise"], bike["inverse_label_noise"]) == (0, 1 / 61)
    tram = by_class(table)["tram"]
    assert tram["rows"] == 0
    assert np.isnan(
        [tram["label_noise"], tram["inverse_label_noise"], tram["label_quality"]]
    ).all()


@pytest.mark.parametrize("seed", range(10))
def test_all_tables_count_the_same_wrong_labels(seed):
    y, proba = noisy(seed)
    joint = confident_joint(y, proba)
    wrong = joint.sum() - np.trace(joint)
    health = class_health(y, proba)
    pairs = confusing_pairs(y, proba, top=None)
    overlaps = overlapping_classes(y, proba)
    assert sum(row["label_issues"] for row in health) == wrong
    assert sum(row["inverse_label_issues"] for row in health) == wrong
    assert sum(row["rows"] for row in pairs) == wrong
    assert sum(row["rows"] for row in overlaps) == wrong
    assert sum(row["rows"] for row in health) == y.size
    score = label_health_score(y, proba)
    assert score == pytest.approx(1 - wrong / y.size)
    mean = np.average(
        [row["label_quality"] for row in health],
        weights=[row["rows"] for row in health],
    )
    assert mean == pytest.approx(score)


@pytest.mark.parametrize("seed", range(5))
def test_an_overlap_is_both_directions_of_a_pair(seed):
    y, proba = noisy(seed)
    joint = confident_joint(y, proba)
    overlaps = overlapping_classes(y, proba)
    seen = set()
    for row in overlaps:
        a, b = row["class_a"], row["class_b"]
        assert a < b
        assert (row["a_given_b_true"], row["b_given_a_true"]) == (
            joint[a, b],
            joint[b, a],
        )
        assert row["rows"] == joint[a, b] + joint[b, a] > 0
        assert row["share"] == row["rows"] / y.size
        seen.add((a, b))
    both = np.triu(joint + joint.T, 1)
    assert seen == set(
        zip(*(index.tolist() for index in np.nonzero(both)), strict=True)
    )
    sizes = [row["rows"] for row in overlaps]
    assert sizes == sorted(sizes, reverse=True)


def test_planted_errors_are_counted_and_shown():
    y, proba, wrong = planted()
    pairs = confusing_pairs(y, proba, n_examples=8)
    assert [(row["given"], row["true"], row["rows"]) for row in pairs] == [
        (0, 1, 12),
        (2, 3, 5),
    ]
    for row in pairs:
        given, true = row["given"], row["true"]
        rows = wrong[given, true]
        margin = proba[rows, true] - proba[rows, given]
        worst = rows[np.argsort(-margin, kind="stable")]
        assert row["examples"] == worst[: min(8, rows.size)].tolist()
        assert row["share_of_given"] == rows.size / (y == given).sum()
    health = by_class(class_health(y, proba))
    assert (health[0]["label_issues"], health[1]["inverse_label_issues"]) == (12, 12)
    assert health[3]["label_quality"] == 1
    assert label_health_score(y, proba) == 1 - 17 / 600


@pytest.mark.parametrize("table", [class_health, overlapping_classes, confusing_pairs])
def test_tables_speak_in_the_labels(table):
    y, proba = noisy(3)
    names = np.array(["e", "b", "d", "a", "c"])
    labels = {"class", "class_a", "class_b", "given", "true"}
    expected = [
        {key: names[cell] if key in labels else cell for key, cell in row.items()}
        for row in table(y, proba)
    ]
    assert table(pd.Series(names[y]), proba, classes=names) == expected
    assert table(names[y].tolist(), proba, classes=names) == expected
    coded = pd.Series(pd.Categorical(names[y]))
    in_order = np.argsort(names)
    assert table(coded, proba[:, in_order]) == table(
        names[y], proba[:, in_order], classes=np.sort(names)
    )


def test_the_order_of_the_classes_does_not_matter():
    order = np.array([2, 0, 3, 1])
    moved = {"joint": JOINT[np.ix_(order, order)], "classes": NAMES[order]}
    still = {"joint": JOINT, "classes": NAMES}
    assert repr(class_health(**moved)) == repr(class_health(**still))
    for there, here in zip(
        overlapping_classes(**moved), overlapping_classes(**still), strict=True
    ):
        assert there["rows"] == here["rows"]
        assert {there["class_a"], there["class_b"]} == {
            here["class_a"],
            here["class_b"],
        }


def test_a_detector_hands_on_its_joint():
    X, y = make_blobs(300, centers=4, cluster_std=3, random_state=0)
    y = NAMES[y]
    with pytest.warns(WeakModelWarning):
        detector = LabelErrorDetector(LogisticRegression(), random_state=0).fit(X, y)
    joint = {"joint": detector.confident_joint_, "classes": detector.classes_}
    given = y, detector.pred_proba_
    assert class_health(**joint) == class_health(*given)
    assert overlapping_classes(**joint) == overlapping_classes(*given)
    assert label_health_score(**joint) == pytest.approx(1 - detector.noise_rate_)


def test_top_keeps_the_largest():
    y, proba = noisy(1)
    for table in (class_health, overlapping_classes, confusing_pairs):
        assert table(y, proba, top=3) == table(y, proba, top=None)[:3]


def test_many_classes_cost_no_more_than_their_errors():
    n_classes = 3000
    truth = np.repeat(np.arange(n_classes), 3)
    y = truth.copy()
    y[::30] = (y[::30] + 1) % n_classes
    sure = np.where(y == truth, 0.8, 0.9)
    proba = np.empty((truth.size, n_classes), dtype=np.float32)
    proba[:] = (1 - sure[:, np.newaxis]) / (n_classes - 1)
    proba[np.arange(truth.size), truth] = sure
    proba.flags.writeable = False
    pairs = confusing_pairs(y, proba, top=None)
    assert sorted(row["examples"][0] for row in pairs) == list(range(0, y.size, 30))
    assert len(overlapping_classes(y, proba, top=7)) == 7


def test_rows_are_plain_python():
    y, proba = noisy(0)
    for table in (class_health, overlapping_classes, confusing_pairs):
        four = proba[:, :4] / proba[:, :4].sum(1)[:, None]
        for row in table(NAMES[y % 4], four, classes=NAMES[:4]):
            assert {type(value) for value in row.values()} <= {int, float, str, list}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "either y and pred_proba, or joint"),
        ({"y": [0, 1], "joint": JOINT}, "either y and pred_proba, or joint"),
        ({"joint": JOINT[:2]}, r"shape \(2, 4\)"),
        ({"joint": JOINT / JOINT.sum()}, "not that of estimate_joint"),
        ({"joint": -JOINT}, "whole numbers of 0 or more"),
        ({"joint": 0 * JOINT}, "not all 0"),
        ({"joint": JOINT, "classes": ["a"]}, "one label for each"),
    ],
)
def test_a_joint_must_be_counts(arguments, message):
    for function in (class_health, label_health_score, overlapping_classes):
        with pytest.raises(ValueError, match=message):
            function(**arguments)


@pytest.mark.parametrize("value", [0, -1, 2.5, "all"])
def test_limits_must_be_numbers(value):
    y, proba = noisy(0)
    for table in (class_health, overlapping_classes, confusing_pairs):
        with pytest.raises(ValueError, match="top="):
            table(y, proba, top=value)
    with pytest.raises(ValueError, match="n_examples="):
        confusing_pairs(y, proba, n_examples=value)
