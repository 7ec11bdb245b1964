"""Class shares where the model will be used: in a diagnosis, and as an option."""

import json

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from typer.testing import CliRunner

from skdataquality import diagnose
from skdataquality.cli._app import app

MODEL = LogisticRegression()


def made(n=400):
    rng = np.random.default_rng(0)
    y = np.arange(n) % 2
    return pd.DataFrame(rng.normal(size=(n, 2)) + y[:, None], columns=["a", "b"]), y


def test_other_shares_in_use_are_a_finding_with_a_step():
    X, y = made()
    prior = {0: 0.9, 1: 0.1}
    report = diagnose(X, y, prior=prior, estimator=MODEL)
    lens = report.lenses["imbalance"]
    assert (lens.verdict, lens.reason_code) == ("found", "label_skew")
    step = next(step for step in report.plan if step["lens"] == "imbalance")
    assert "RemediedClassifier(prior=...)" in step["why"]
    in_text = diagnose(X, y, prior={"0": 0.9, "1": 0.1}, estimator=MODEL)
    assert in_text.to_dict() == report.to_dict()
    same = diagnose(X, y, prior={0: 0.5, 1: 0.5}, estimator=MODEL)
    assert same.lenses["imbalance"].verdict == "clear"


@pytest.mark.parametrize(
    ("prior", "said"),
    [
        ({0: 0.5, 1: 0.6}, "sum to 1"),
        ({0: 1.0}, "give one probability for each class"),
        ([0.5, 0.5], "pass a dict"),
    ],
)
def test_a_prior_that_is_none_is_refused(prior, said):
    with pytest.raises(ValueError, match=said):
        diagnose(*made(), prior=prior, estimator=MODEL)


def test_a_quantity_has_no_prior():
    X, _ = made()
    with pytest.raises(ValueError, match="the label is a quantity"):
        diagnose(X[["a"]], X["b"].to_numpy(), prior={0: 1.0})


def run(*arguments):
    result = CliRunner().invoke(app, ["diagnose", *arguments])
    assert "Traceback" not in result.output
    return result


def test_shares_are_read_from_the_command_line(tmp_path):
    X, y = made()
    table = tmp_path / "t.csv"
    X.assign(y=np.where(y, "a=b", "c")).to_csv(table, index=False)
    shares = ["--prior", "a=b=0.1", "--prior", "c=0.9"]
    said = run(str(table), "--label", "y", "--json", "-", *shares)
    lens = json.loads(said.stdout)["lenses"]["imbalance"]
    assert lens["reason_code"] == "label_skew"
    for wrong, words in [
        (["--prior", "c"], "is no label and share"),
        (["--prior", "c=2"], "is no label and share"),
        (["--prior", "c=0.1", "--prior", "c=0.9"], "names c twice"),
    ]:
        found = run(str(table), "--label", "y", *wrong)
        assert (found.exit_code, words in found.output) == (2, True)
    alone = run(str(table), "--label", "y", "--prior", "c=1")
    assert alone.exit_code == 3
    assert "give one probability for each class" in alone.output
