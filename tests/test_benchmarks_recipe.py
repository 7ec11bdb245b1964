"""The benchmark of the default recipe: what it shares, and how it compares."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_array_equal
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LogisticRegression

from benchmarks.imbalance import recipe
from benchmarks.imbalance._learners import Remembered


def test_a_remembered_model_is_that_of_these_rows():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(60, 2)), np.arange(60) % 2
    Remembered.known.clear()
    first, again = (Remembered(LogisticRegression()).fit(X, y) for _ in range(2))
    other = Remembered(DummyClassifier()).fit(X, y)
    assert first.model_ is again.model_
    assert other.model_ is not first.model_
    assert Remembered(LogisticRegression()).fit(X, 1 - y).model_ is not first.model_
    expected = LogisticRegression().fit(X, y).predict_proba(X)
    for _ in range(2):
        assert_array_equal(first.predict_proba(X), expected)


def test_differences_are_paired_by_set():
    def row(name, repeat, way, declared, f1):
        scores = dict.fromkeys(recipe.SCORES, f1) | {"log_loss": -f1}
        facts = {"half": "reported", "learner": "forest", "mean_proba": 1.0}
        return (
            facts
            | scores
            | {"name": name, "repeat": repeat, "way": way, "declared": declared}
        )

    rows = []
    for name, ours, theirs in (("b", 0.5, 0.4), ("a", 0.3, 0.35)):
        for repeat, noise in enumerate((-0.01, 0.01)):
            rows.append(row(name, repeat, "SMOTE", "", theirs + noise))
            rows.append(row(name, repeat, "recipe", "f1", ours + noise))
    gain = recipe.differences(
        pd.DataFrame(rows), "reported", "forest", "recipe", "f1", "f1", ("SMOTE", "")
    )
    assert gain.to_dict() == pytest.approx({"a": -0.05, "b": 0.1})
    found = recipe.interval_of(gain)
    assert (found["wins"], found["losses"]) == (1, 1)
    assert found["lower"] < 0.025 < found["upper"]
