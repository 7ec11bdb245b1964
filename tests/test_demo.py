"""The demo and its command: what is planted is found, and the files are written."""

import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from skdataquality.cli._app import app
from skdataquality.cli._demo import (
    _check_files,
    compare_on_given,
    verify_as_planted,
)
from skdataquality.datasets import (
    load_demo,
    make_duplicates,
    make_label_errors,
    make_rare_class,
    make_shifted_sample,
)
from skdataquality.duplicates import duplicate_groups
from skdataquality.verified import VerifiedLabels


@pytest.fixture(scope="module")
def demo_run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    return folder, CliRunner().invoke(app, ["demo", "--output", str(folder)])


def test_the_demo_finds_what_it_planted(demo_run):
    _, result = demo_run
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    for failure in (
        "duplicates",
        "imbalance",
        "shift",
        "provenance",
    ):
        assert re.search(rf"{failure}\s+│ found\s+│ found", result.stdout), failure
    # errors by a rule look like overlap: the lens leaves them to a person
    assert not re.search(r"label noise\s+│ [a-z ]+│ missed", result.stdout)
    assert "40 of 40 found, 0 falsely flagged" in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 80


def test_the_demo_proves_what_the_given_labels_cannot_show(demo_run):
    _, result = demo_run
    given, proof = result.stdout.split("Proof, by ")
    assert "no gain beyond noise in accuracy, on the given labels" in given
    assert int(proof.split()[0]) <= 60
    gain, lower = re.search(
        r"gains (0\.\d+) in accuracy on the true labels, 95 % interval (0\.\d+)",
        " ".join(proof.split("Proven: ")[1].split()),
    ).groups()
    assert float(gain) > float(lower) > 0
    assert "could not show it" in " ".join(proof.split())


def test_the_winner_is_better_on_all_true_labels():
    demo = load_demo()
    comparison = compare_on_given(demo, 0)
    plan, _, proven = verify_as_planted(demo, comparison, 0)
    everything = VerifiedLabels(np.arange(demo.y.size), demo.y_true)
    tests = comparison.verify(everything).true_tests_["accuracy"]
    assert plan.n_rows <= 60 < demo.y.size
    assert (comparison.best_, tests[proven.best_].lower > 0) == ("nothing", True)


def test_the_demo_writes_its_report(demo_run):
    folder, _ = demo_run
    report = json.loads((folder / "report.json").read_text())
    assert list(report["lenses"]) == [
        "leakage",
        "duplicates",
        "entities",
        "imbalance",
        "label_noise",
        "shift",
        "provenance",
    ]
    assert "nothing" in json.dumps(report["comparison"])
    assert (folder / "report.md").read_text().startswith("# Data quality report")
    # a second demo may replace them
    _check_files([folder / "report.json", folder / "report.md"], overwrite=False)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["demo", "--output", "no/such/folder"], 3, "is not a directory"),
        (["demo", "--seed", "x"], 2, "Invalid value"),
        (["nonsense"], 2, "No such command"),
    ],
)
def test_errors_are_a_line_and_an_exit_code(arguments, code, said):
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == code
    assert said in result.stderr
    assert "Traceback" not in result.output


def test_without_the_extra_one_sentence_names_it(monkeypatch):
    code = (
        "import sys; sys.modules['typer'] = None\n"
        "from skdataquality.cli import main\nmain()"
    )
    result = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[1],
    )
    assert result.returncode == 2
    assert result.stderr == (
        "the command line needs the extra cli: pip install 'skdataquality[cli]'\n"
    )


def test_the_demo_truth_is_true():
    demo = load_demo(random_state=1)
    np.testing.assert_array_equal(demo.y != demo.y_true, demo.label_error)
    groups = duplicate_groups(demo.X)
    np.testing.assert_array_equal(groups != np.arange(len(groups)), demo.is_repeat)
    np.testing.assert_array_equal(demo.y, demo.y[groups])
    clinics = demo.sources["clinic"][demo.label_error]
    assert set(clinics.tolist()) == {demo.careless_clinic}


def test_corruptions_plant_what_they_say():
    y = np.repeat(["a", "b", "c"], 40)
    noisy, flipped = make_label_errors(y, 0.25, random_state=0)
    assert flipped.sum() == 30
    np.testing.assert_array_equal(noisy != y, flipped)
    rows, is_repeat = make_duplicates(50, 7, random_state=0)
    assert is_repeat.sum() == 7
    assert set(rows[~is_repeat].tolist()) == set(range(50))
    rare = make_rare_class(y, "b", 0.2, random_state=0)
    assert (y[rare] == "b").mean() == pytest.approx(0.2)
    score = np.random.default_rng(0).normal(size=400)
    none = make_shifted_sample(score, 100, strength=0, random_state=0)
    some = make_shifted_sample(score, 100, strength=2, random_state=0)
    assert none.sum() == some.sum() == 100
    assert score[some].mean() > score[none].mean() + 0.5


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: make_label_errors([0, 1], 1.5), "rate=1.5 must be a share"),
        (lambda: make_label_errors([0, 0], 0.5), "y has 1 class"),
        (lambda: make_rare_class([0, 1], 1, 0.9), "choose a smaller share"),
        (lambda: make_rare_class([0, 1], 1, 1.0), "share=1.0 must be between"),
    ],
)
def test_impossible_corruptions_raise(call, message):
    with pytest.raises(ValueError, match=message):
        call()
