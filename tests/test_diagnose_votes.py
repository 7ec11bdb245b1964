"""Votes of annotators in a diagnosis: who is wrong, and how many labels are."""

import json

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

from skdataquality import diagnose
from skdataquality.verified import VerifiedLabels
from skdataquality.weak_supervision import LongVotes
from tests.crowds import crowd

LR = LogisticRegression()
WORDS = np.array(["cat", "dog", "elk", None], dtype=object)


def table(seed=0, signal=0.0, **design):
    """A frame with columns of annotators, features, and the truth beside it."""
    options = {"n_rows": 300, "n_annotators": 4, "n_classes": 3, "per_row": 4}
    votes, truth = crowd(seed, **options | design)
    rng = np.random.default_rng([seed, 1])
    frame = pd.DataFrame(rng.normal(size=(truth.size, 3)), columns=["x0", "x1", "x2"])
    frame["x0"] += signal * truth
    for j, column in enumerate(WORDS[votes].T):
        frame[f"a{j}"] = column
    return frame, WORDS[truth].astype(str), [f"a{j}" for j in range(votes.shape[1])]


def test_columns_of_annotators_are_votes_and_no_features():
    frame, _, names = table()
    report = diagnose(frame, "a0", votes=names, estimator=LR)
    assert report.n_columns == 3
    assert list(report.lenses) == [
        *("leakage", "duplicates", "entities", "imbalance"),
        *("annotators", "label_noise", "provenance"),
    ]
    assert report.lenses["annotators"].numbers["annotators"] == 4
    assert report.lenses["leakage"].verdict == "clear"
    without = diagnose(frame[["x0", "x1", "x2", "a0"]], "a0", estimator=LR)
    assert "annotators" not in without.lenses
    assert "provenance" not in without.lenses


def test_columns_that_a_frame_of_votes_repeats_are_no_features():
    frame, truth, names = table(n_rows=120)
    for votes in (frame[names], frame[names].set_axis([*"wxyz"], axis=1)):
        X = pd.concat([frame[["x0", "x1", "x2"]], votes], axis=1)
        report = diagnose(X, truth, votes=votes, estimator=LR)
        assert report.n_columns == 3
    numbers = frame[["x0", "x1", "x2"]].set_axis(range(3), axis=1)
    votes = frame[names].set_axis(range(4), axis=1)  # other cells by the same names
    assert diagnose(numbers, truth, votes=votes, estimator=LR).n_columns == 3


def test_names_of_voting_columns_may_be_an_index():
    frame, truth, names = table(n_rows=120)
    for votes in (pd.Index(names), np.array(names)):
        report = diagnose(frame.assign(y=truth), "y", votes=votes, estimator=LR)
        assert report.n_columns == 3
        assert report.lenses["annotators"].numbers["annotators"] == 4


def test_every_form_of_votes_says_the_same():
    frame, truth, names = table(signal=1.0)
    X = frame[["x0", "x1", "x2"]]
    row, who = np.nonzero(frame[names].notna().to_numpy())
    long = LongVotes(row, np.array(names)[who], frame[names].to_numpy()[row, who])
    reports = [
        diagnose(X, truth, votes=votes, estimator=LR)
        for votes in (frame[names], frame[names].to_numpy(), long)
    ]
    whole = diagnose(frame.assign(y=truth), "y", votes=names, estimator=LR)
    for report in (*reports, whole):
        found = report.lenses["annotators"].numbers
        assert found == reports[0].lenses["annotators"].numbers


def test_votes_tell_the_rate_where_the_model_cannot():
    frame, truth, names = table(1, n_annotators=6, per_row=6, accuracy=(0.92, 0.98))
    X = frame[["x0", "x1", "x2"]]  # without signal
    assert diagnose(X, truth, estimator=LR).lenses["label_noise"].verdict == (
        "cannot tell"
    )
    clear = diagnose(X, truth, votes=frame[names], estimator=LR).lenses["label_noise"]
    assert (clear.verdict, clear.reason_code) == ("clear", "voted_few")
    y = truth.copy()
    y[::5] = np.where(y[::5] == "cat", "dog", "cat")
    wrong = (y != truth).mean()
    report = diagnose(X, y, votes=frame[names], estimator=LR)
    noise = report.lenses["label_noise"]
    assert (noise.verdict, noise.reason_code) == ("found", "voted_many")
    rate = noise.numbers["voted_error_rate"]
    assert rate.lower <= wrong <= rate.upper
    assert noise.evidence["wrong labels by votes"] == [{"share": rate}]
    assert report.lenses["annotators"].numbers["voted_error_rate"] == rate
    assert [step["lens"] for step in report.plan][-2:] == ["annotators", "label_noise"]


def test_provenance_names_the_annotator():
    frame, truth, names = table(fault="worse", n_annotators=8, n_rows=500, per_row=6)
    shops = np.arange(500) % 5
    X = frame[["x0", "x1", "x2"]]
    for sources in (None, {"shop": shops}):
        report = diagnose(X, truth, votes=frame[names], sources=sources, estimator=LR)
        lens = report.lenses["provenance"]
        assert lens.verdict == "found"
        assert lens.named == ("annotator (of a vote)=a0",)
        rates = lens.evidence["by annotator (of a vote)"]
        assert rates[0]["source"] == "a0"
        assert len(rates) == 8


@pytest.mark.parametrize("seed", [16, 24, 34])
def test_equal_annotators_are_not_told_apart(seed):
    rng = np.random.default_rng(seed)
    truth = rng.integers(2, size=250)
    votes = np.where(rng.random((250, 4)) < 0.85, truth[:, None], 1 - truth[:, None])
    votes[np.arange(250), rng.integers(4, size=250)] = -1
    X = rng.normal(size=(250, 2)) + truth[:, None]
    lens = diagnose(X, truth, votes=votes, estimator=LR).lenses["provenance"]
    assert lens.verdict == "clear"


def test_rows_without_a_label_are_left_out_and_counted():
    frame, truth, names = table(signal=1.0)
    frame["y"] = truth
    frame.loc[frame.index[::3], "y"] = None
    report = diagnose(frame, "y", votes=names, estimator=LR)
    lens = report.lenses["annotators"]
    assert lens.flagged.shape == (300,)
    assert not lens.flagged[::3].any()
    kept = diagnose(frame.dropna(subset="y"), "y", votes=names, estimator=LR)
    rate = kept.lenses["annotators"].numbers["voted_error_rate"]
    assert lens.numbers["voted_error_rate"] == rate
    assert set(report.to_frame("annotators")["row"]) == set(
        np.flatnonzero(lens.flagged)
    )


def test_verified_labels_and_votes_go_together():
    rng = np.random.default_rng(0)
    truth = rng.integers(2, size=300)
    right = rng.random((300, 5)) < [0.9, 0.9, 0.15, 0.15, 0.15]
    votes = np.where(right, truth[:, None], 1 - truth[:, None])
    X = rng.normal(size=(300, 2))
    known = VerifiedLabels(np.arange(60), truth[:60])
    lens = diagnose(X, votes[:, 0], votes=votes, verified=known, estimator=LR)
    assert lens.lenses["annotators"].named == (2, 3, 4)


def test_the_report_is_written_in_every_form():
    frame, _, names = table(fault="worse", n_annotators=6, n_rows=600, per_row=6)
    report = diagnose(frame, "a1", votes=names, estimator=LR)
    lens = json.loads(report.to_json())["lenses"]["annotators"]
    assert lens["verdict"] == "found"
    assert "## Annotators: found" in report.to_markdown()
    assert "a0 votes against the others" in " ".join(str(report).split())
    assert "Annotators" in report._repr_html_()
    assert report.lenses["label_noise"].verdict != "clear"
    assert "voted error rate" in str(report)  # beside the rate of the model


FRAME, TRUTH, NAMES = table()


@pytest.mark.parametrize(
    ("votes", "said"),
    [
        (["a0", "a7"], "votes='a7' is not a column of X"),
        ([], "votes=.. names no column"),
        (["a0", "a0"], "named twice"),
        (FRAME[NAMES][:-1], "votes has 299 rows and the table 300"),
        (LongVotes([0, 300], [0, 1], ["cat", "dog"]), "from 0 to 299"),
        (LongVotes(["r1", "r2"], [0, 1], ["cat", "dog"]), "from 0 to 299"),
        (np.arange(900).reshape(300, 3) % 3, "no class in common"),
    ],
)
def test_votes_that_do_not_fit_are_refused(votes, said):
    with pytest.raises(ValueError, match=said):
        diagnose(FRAME.assign(y=TRUTH), "y", votes=votes, estimator=LR)


def test_votes_are_of_no_use_to_a_quantity():
    with pytest.raises(ValueError, match="the label is a quantity"):
        diagnose(FRAME[["x0", "x1"]], FRAME["x2"], votes=FRAME[NAMES])
