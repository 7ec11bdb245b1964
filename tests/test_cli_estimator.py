"""``--estimator MODULE:OBJECT`` and ``--pos-label CLASS``."""

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from skdataquality.cli._app import app

MODELS = """
import sys
from sklearn.cluster import KMeans
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

first = FunctionTransformer(lambda X: X[["a", "b"]])
narrow = make_pipeline(first, LogisticRegression())
estimator = LogisticRegression(C=3.0)
fitted = LogisticRegression().fit([[0], [1]], [0, 1])
number, scaler, groups, line = 3, StandardScaler(), KMeans(), LinearRegression()

class Mine(LogisticRegression):
    pass

def build():
    return LogisticRegression(C=2.0)

def fails():
    raise RuntimeError("no\\nluck")

def leaves():
    sys.exit(7)
"""


def run(*arguments):
    result = CliRunner().invoke(app, list(map(str, arguments)))
    assert "Traceback" not in result.output
    return result


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("work")
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.normal(size=(200, 3)), columns=list("abc")).round(3)
    frame["label"] = np.where(frame.a + rng.normal(size=200) > 0.3, "yes", "no")
    frame.to_csv(folder / "t.csv", index=False)
    (folder / "models_of_mine.py").write_text(MODELS)
    (folder / "broken_models.py").write_text("1 / 0\n")
    (folder / "needy_models.py").write_text("import not_there_at_all\n")
    (folder / "leaving_models.py").write_text("raise SystemExit(7)\n")
    (folder / "out").mkdir()
    return folder


@pytest.fixture
def here(folder, monkeypatch):
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "path", list(sys.path))
    return folder


def compare(*more):
    return run("compare", "t.csv", "--label", "label", "--cv", "2", *more)


@pytest.mark.parametrize(
    ("name", "imported", "expression", "model"),
    [
        ("narrow", "narrow", "narrow", "FunctionTransformer and LogisticRegression"),
        ("estimator", "estimator as estimator_2", "estimator_2", "LogisticRegression"),
        ("Mine", "Mine", "Mine()", "Mine"),
        ("build", "build", "build()", "LogisticRegression"),
    ],
)
def test_the_model_is_named_and_its_program_imports_it(
    here, name, imported, expression, model
):
    result = compare(
        *("--estimator", f"models_of_mine:{name}", "--overwrite"),
        *("--output", "out/w.py"),
    )
    assert result.exit_code == 0, result.output
    assert f"- model: {model}, fitted" in result.stdout
    program = (here / "out" / "w.py").read_text()
    assert f"from models_of_mine import {imported}\n" in program
    assert f"estimator={expression}" in program
    # from anywhere
    ran = subprocess.run(
        [sys.executable, "-W", "error", here / "out" / "w.py"],
        capture_output=True,
        text=True,
        check=False,
        cwd=here.anchor,
    )
    assert ran.returncode == 0, ran.stderr
    assert "fitted on 200 rows" in ran.stdout


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("models_of_mine", "names no object: pass MODULE:OBJECT"),
        ("models_of_mine.py:narrow", "no module models_of_mine.py"),
        ("models_of_mine:x()", "names no object"),
        ("no_such_models:x", "no module no_such_models, neither installed nor"),
        ("broken_models:x", "importing broken_models fails: ZeroDivisionError"),
        ("needy_models:x", "No module named 'not_there_at_all'"),
        ("leaving_models:x", "fails: SystemExit: 7"),
        ("models_of_mine:narow", "did you mean models_of_mine:narrow?"),
        ("models_of_mine:fails", "calling models_of_mine:fails() fails: RuntimeError"),
        ("models_of_mine:leaves", "fails: SystemExit: 7"),
        ("models_of_mine:number", "(int) is no estimator"),
        ("models_of_mine:scaler", "(StandardScaler) is no estimator"),
        ("models_of_mine:groups", "(KMeans) is neither classifier nor regressor"),
        ("models_of_mine:fitted", "is fitted already"),
        ("models_of_mine:line", "LinearRegression is a regressor"),
    ],
)
def test_what_is_no_model_is_refused_before_anything_is_written(here, text, said):
    result = compare("--estimator", text, "--output", "never.py")
    assert result.exit_code in (2, 3)
    assert said in " ".join(result.output.split())
    assert not (here / "never.py").exists()


def test_a_module_here_hides_none_that_is_installed(here):
    (here / "difflib.py").write_text("raise AssertionError\n")
    compare("--estimator", "models_of_mine:number")
    assert sys.path[-1] == str(here)


@pytest.mark.parametrize("command", ["diagnose", "gate", "fix"])
def test_other_commands_take_it_too(here, command):
    more = ["--estimator", "models_of_mine:fitted"]
    result = run(command, "t.csv", "--label", "label", *more)
    assert result.exit_code == 2
    assert "is fitted already" in " ".join(result.output.split())
    if command == "diagnose":
        result = run(
            command, "t.csv", "--label", "label", *more[:1], "models_of_mine:Mine"
        )
        assert result.exit_code == 0


def test_metrics_of_one_class_of_labels_in_words(here):
    model = ("--estimator", "models_of_mine:build")
    result = compare(*model, "--scoring", "f1")
    assert result.exit_code == 2
    assert "--scoring f1 is about one class" in result.output
    assert "--pos-label 'yes'" in result.output
    result = compare(*model, "--scoring", "f1", "--pos-label", "yess")
    assert result.exit_code == 2
    assert "the nearest is 'yes'" in result.output
    more = ("--pos-label", "yes", "--output", "f1.py")
    result = compare(*model, "--scoring", "f1", "--scoring", "average_precision", *more)
    assert result.exit_code == 0, result.output
    assert "positive class of f1, average_precision: yes" in result.stdout
    assert (
        "make_scorer(f1_score, average='binary', pos_label='yes')"
        in (here / "f1.py").read_text()
    )
