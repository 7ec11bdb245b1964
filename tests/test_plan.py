"""The plan and the sentences of a report say only what is true."""

import re
import warnings
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_iris, make_classification

from skdataquality import diagnose
from skdataquality.base import Prediction
from skdataquality.diagnosis._plan import make_plan
from skdataquality.exceptions import FewFoldsWarning
from skdataquality.imbalance import imbalance_lens
from skdataquality.leakage import leakage_lens

rng = np.random.default_rng(0)
NEGLECTED = imbalance_lens(
    np.repeat([0, 1], [190, 10]), np.tile([0.95, 0.05], (200, 1))
)


@pytest.mark.parametrize("verdict", ["found", "suspect"])
def test_no_step_rests_on_what_the_report_refutes(verdict):
    result = replace(NEGLECTED, verdict=verdict)
    assert len(make_plan({"imbalance": result})) == 1
    refuted = Prediction(sentence="It is so.", outcome="refuted", measured="it is not")
    assert make_plan({"imbalance": replace(result, predictions=(refuted,))}) == []


def with_a_typing_error():
    X, y = load_iris(return_X_y=True)
    names = np.array(["setosa", "versicolor", "virginica"], dtype=object)[y]
    names[0] = "setosaa"
    return X, names


def test_a_class_of_one_row_is_named_and_decides_nothing():
    X, y = with_a_typing_error()
    with warnings.catch_warnings():
        warnings.simplefilter("error", FewFoldsWarning)
        report = diagnose(X, y)
    assert any("setosaa has one row only" in note for note in report.notes)
    imbalance = report.lenses["imbalance"]
    assert imbalance.verdict == "clear"
    assert imbalance.numbers["rarest_share"].estimate == 49 / 150


def test_no_class_is_weighted_up_beside_one_of_one_row():
    y = np.repeat(["a", "b", "typo"], [300, 20, 1])
    lens = imbalance_lens(y, np.tile([0.9, 0.09, 0.01], (321, 1)))
    assert (lens.verdict, lens.named) == ("found", ("b",))
    assert lens.remedies == ()
    assert "typo" in lens.limits[0]


def odd_tables():
    X, y = make_classification(120, n_classes=3, n_informative=4, random_state=0)
    yield "typing error", with_a_typing_error()
    yield "two of a class", (X[:40], np.r_[np.zeros(38), 1, 1].astype(int))
    yield "one column", (X[:, :1], y)
    yield "constant columns", (np.zeros((60, 2)), np.arange(60) % 2)
    yield "ten rows", (X[:10], np.arange(10) % 2)
    yield "copies", (np.tile(X[:6], (10, 1)), np.tile(y[:6] > 0, 10))
    yield "rare", (X, np.where(np.arange(120) < 3, "rare", "usual"))
    yield "holes", (pd.DataFrame(X).mask(rng.random(X.shape) < 0.9), y)


@pytest.mark.parametrize(("X", "y"), [table for _, table in odd_tables()])
@pytest.mark.filterwarnings("ignore::skdataquality.exceptions.DataQualityWarning")
def test_no_sentence_holds_a_nan(X, y):
    report = diagnose(X, y, X_target=X[:30])
    said = [step[key] or "" for step in report.plan for key in ("action", "expect")]
    for lens in report.lenses.values():
        said += [lens.summary, *lens.limits]
        said += [p.sentence + p.measured for p in lens.predictions]
    assert not re.search(r"\b(nan|inf)\b", " ".join(said))


def test_the_step_of_leakage_says_what_was_found():
    rng = np.random.default_rng(0)
    y = rng.integers(0, 2, 300)
    noise = rng.normal(size=(300, 2))
    X = pd.DataFrame(noise, columns=["a", "b"])
    X["late"] = y + 0.2 * rng.normal(size=300)
    X.insert(0, "Unnamed: 0", np.arange(300))
    report = diagnose(X, y, max_rows=200)
    assert report.lenses["leakage"].suspects == ("late",)
    why = report.plan[0]["why"]
    assert why.startswith("ask when the column is filled in")
    assert why.endswith("drop what names rows")
    assert not any("depend on each other" in note for note in report.notes)
    lens = leakage_lens(X.assign(late=2 * y, later=1 - y), y)
    assert "late, later give" in lens.summary
    assert "each of their values stands for one class" in lens.summary


def test_a_class_of_which_no_row_was_drawn_is_no_error():
    X, y = make_classification(300, random_state=0)
    y[:2] = 2
    for seed in range(3):
        lens = diagnose(X, y, max_rows=60, random_state=seed).lenses["imbalance"]
        assert lens.summary.startswith("Class 2 has 2 of 300 rows")
