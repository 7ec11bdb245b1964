"""Classes or a quantity: one rule, said in the report, and how to overrule it."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from skdataquality import diagnose
from skdataquality.cli._app import app
from skdataquality.diagnosis._label import check_label
from skdataquality.utils._validation import is_quantity

RNG = np.random.default_rng(0)
QUANTITIES = {
    "ages": RNG.integers(18, 91, 1000),
    "ages of many rows": RNG.integers(18, 91, 20_000),
    "prices, all different": RNG.permutation(np.arange(100, 900, 4)),
    "fractions": RNG.normal(size=50),
    "fractions, few different": np.tile([0.5, 1.0, 1.5], 20),
    "years": np.tile(np.arange(1980, 2021), 5),
    "few rows, hardly a number twice": np.arange(24) ** 2 // 2,
    "zip codes": RNG.integers(10_000, 99_999, 300),
    "whole numbers kept as floats": RNG.integers(0, 5000, 200).astype(float),
    "decimals": [Decimal(int(v)) / 100 for v in RNG.integers(0, 5000, 60)],
    "counts with a long tail": RNG.negative_binomial(1, 0.05, 500),
}
CLASSES = {
    "0 and 1": RNG.integers(0, 2, 100),
    "10 and 20": RNG.choice([10, 20], 100),
    "ratings": RNG.integers(1, 6, 100),
    "ratings as floats": RNG.integers(1, 6, 100).astype(float),
    "some years": RNG.integers(2015, 2021, 100),
    "codes of a hundred classes": np.repeat(np.arange(100), 10),
    "codes from 1 on": np.repeat(np.arange(1, 41), 12),
    "text": np.repeat(["a", "b"], 20),
    "Booleans": RNG.random(50) < 0.5,
    "three zip codes": RNG.choice([10115, 20095, 80331], 60),
    "two rows": [3, 7],
}


@pytest.mark.parametrize("name", QUANTITIES)
def test_a_quantity_is_taken_as_one_and_says_how_to_overrule_it(name):
    values, is_discrete, notes = check_label(QUANTITIES[name])
    assert not is_discrete
    assert values.dtype == float
    assert notes[0].startswith("label: ")
    assert "taken as a quantity" in notes[0]
    assert "task='classification'" in notes[0]


@pytest.mark.parametrize("name", CLASSES)
def test_classes_are_taken_as_such(name):
    labels, is_discrete, notes = check_label(CLASSES[name])
    assert is_discrete
    assert np.array_equal(labels, CLASSES[name])
    many_numbers = labels.dtype.kind in "iuf" and np.unique(labels).size > 2
    assert any("task='regression'" in note for note in notes) == many_numbers


@pytest.mark.parametrize("name", [*QUANTITIES, *CLASSES])
def test_order_and_container_do_not_matter(name):
    y = (QUANTITIES | CLASSES)[name]
    shuffled = np.random.default_rng(1).permutation(np.asarray(y))
    for values in (shuffled, shuffled.tolist(), pd.Series(shuffled)):
        assert check_label(values)[1] == check_label(y)[1]


def test_the_cuts_of_the_rule():
    assert is_quantity(np.repeat(np.arange(5, 26), 9))  # 21 different ones
    assert not is_quantity(np.repeat(np.arange(5, 25), 9))
    assert is_quantity(np.r_[np.arange(5, 16), np.arange(5, 15)])  # 21 rows, 11 of them
    assert not is_quantity(np.repeat(np.arange(5, 16), 2))
    assert not is_quantity(np.repeat(np.arange(30), 10))  # codes, ten rows each
    assert is_quantity(np.repeat(np.arange(30), 9))
    assert is_quantity(np.repeat(np.arange(2, 32), 10))  # not from 0 or 1 on


@pytest.mark.parametrize("start", [0, 1, 5000])
def test_numbers_that_count_rows_are_no_label_unless_asked(start):
    y = np.random.default_rng(0).permutation(60) + start
    with pytest.raises(ValueError, match=r"names rows.*Pass\s+task='regression'"):
        check_label(y)
    assert not check_label(y, "regression")[1]


def test_texts_that_all_differ_name_rows():
    with pytest.raises(ValueError, match="names rows"):
        check_label([f"customer {k}" for k in range(60)])


@pytest.mark.parametrize("task", ["regression", "classification"])
def test_a_named_task_overrules(task):
    for y in (QUANTITIES["ages"], CLASSES["ratings"], QUANTITIES["years"]):
        values, is_discrete, notes = check_label(y, task)
        assert is_discrete == (task == "classification")
        assert notes[0].endswith("as asked")
        assert np.array_equal(values.astype(float), y)


def test_fractions_become_classes_under_their_text():
    labels, is_discrete, _ = check_label([0.5, 1.5, 0.5, 1.5], "classification")
    assert is_discrete
    assert labels.tolist() == ["0.5", "1.5", "0.5", "1.5"]
    with pytest.raises(ValueError, match="names rows"):
        check_label(QUANTITIES["fractions"], "classification")


def test_text_that_is_numbers_may_be_predicted_and_other_text_is_named():
    values, _, _ = check_label(["$1,200.50", "$3.00"] * 10, "regression")
    assert values[:2].tolist() == [1200.5, 3.0]
    for y in (["12", "n/a", "x"], ["red", "blue", "x"]):
        with pytest.raises(ValueError, match=r"task='regression' needs numbers.*'x'"):
            check_label(y, "regression")
    assert check_label([True, False], "regression")[0].tolist() == [1.0, 0.0]
    with pytest.raises(ValueError, match="dates"):
        check_label(np.array(["2020-01-01"], dtype="datetime64[D]"), "regression")
    with pytest.raises(ValueError, match=r"NaN or infinity in 1 row"):
        check_label([1.0, np.nan], "regression")


def test_an_unknown_task_is_refused_before_any_work():
    with pytest.raises(ValueError, match="task='regress' must be one of"):
        diagnose(np.zeros((5, 1)), [0, 1, 0, 1, 0], task="regress")


def test_the_report_says_what_the_label_is():
    rng = np.random.default_rng(0)
    age = rng.integers(18, 91, 150)
    frame = pd.DataFrame({"size": age + rng.normal(size=150) * 9, "age": age})
    report = diagnose(frame, "age")
    assert report.label_kind == "numbers"
    assert str(report).splitlines()[0].endswith("the label is a quantity")
    assert report.to_markdown().splitlines()[2].endswith("the label is a quantity.")
    assert "different ones); pass task='classification'" in report.notes[0]
    assert "half of the labels lie between" in report.notes[1]
    forced = diagnose(frame.assign(age=age // 15), "age", task="regression")
    assert forced.label_kind == "numbers"


def test_commands_take_the_task(tmp_path):
    rng = np.random.default_rng(0)
    rating = rng.integers(1, 6, 80)
    frame = pd.DataFrame({"a": rating + rng.normal(size=80), "y": rating})
    path = str(tmp_path / "t.csv")
    frame.to_csv(path, index=False)

    def run(*arguments):
        return CliRunner().invoke(app, list(arguments))

    asked = ("diagnose", path, "-l", "y")
    assert "taken as classes" in run(*asked).stdout
    assert "taken as a quantity, as asked" in run(*asked, "--task", "regression").stdout
    refused = run(*asked, "--task", "regress")
    assert refused.exit_code == 2
    assert "neither classification nor regression" in refused.stderr
    review = ("fix", path, "-l", "y", "--task", "regression")
    review += ("--review", str(tmp_path / "review.csv"))
    assert run(*review).exit_code == 0
