"""The rows that a lens flags, as a frame: those of the mask, beside their own cells."""

import pickle
import sys
from dataclasses import dataclass

import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.sparse as sp
from sklearn.linear_model import LinearRegression, LogisticRegression

from skdataquality import diagnose
from skdataquality.base import LensResult
from skdataquality.duplicates import duplicate_lens
from skdataquality.label_noise import label_noise_lens
from skdataquality.leakage import leakage_lens
from skdataquality.shift import TargetData
from skdataquality.workflows import review_table

LR = LogisticRegression()
KEPT_BESIDE = ["row", "given", "suggested", "quality", "reason"]


def made(n=240, seed=0):
    """Wrong labels, copies, rows without a label, an index of its own."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(rng.normal(size=(n, 2)), columns=["age", "dose"])
    frame["label"] = np.where(frame.age > 0, "ill", "well")
    frame.loc[:20, "label"] = np.where(frame.age[:21] > 0, "well", "ill")
    frame["label"] = frame["label"].astype(object)
    frame = pd.concat([frame, frame[100:106]], ignore_index=True)
    frame.loc[[3, 50], "label"] = None
    return frame.set_index(np.arange(len(frame)) + 1000)


@pytest.fixture(scope="module")
def report():
    return diagnose(made(), "label", X_target=made()[90:130], estimator=LR, cv=3)


def test_the_rows_are_those_of_the_mask_in_the_table_that_was_passed(report):
    table = made()
    frame = report.to_frame("label_noise")
    mask = report.lenses["label_noise"].flagged
    assert mask.shape == (len(table),)
    assert sorted(frame.row) == np.flatnonzero(mask).tolist()
    assert len(set(range(21)) & set(frame.row)) > 15
    assert list(frame.columns)[:2] == ["row", "index"]
    assert [c for c in frame.columns if c in KEPT_BESIDE] == KEPT_BESIDE
    assert frame["index"].tolist() == (frame.row + 1000).tolist()
    assert frame.given.tolist() == table.label.iloc[frame.row].tolist()
    assert frame.quality.is_monotonic_increasing
    own = frame[["age", "dose", "label"]].to_numpy()
    assert (own == table.iloc[frame.row].to_numpy()).all()


def test_every_table_of_rows_is_numbered_in_that_table(report):
    table = made()
    lens = report.lenses["label_noise"]
    for title in ("flagged rows, worst first", "rows to verify"):
        for line in lens.evidence[title]:
            assert line["given"] == table.label.iloc[line["row"]]
    rows = [line["row"] for line in lens.evidence["rows to verify"][:10]]
    assert f": {', '.join(map(str, rows))}, ... (numbered from 0;" in lens.limits[0]
    copies = report.lenses["duplicates"]
    assert copies.groups.shape == (len(table),)
    assert copies.groups[[3, 50]].tolist() == [3, 50]
    for line in copies.evidence["largest groups"]:
        assert 100 <= line["first row"] < 106
    assert "but counted where rows are numbered" in report.notes[0]


def test_copies_name_the_row_that_they_repeat(report):
    frame = report.to_frame("duplicates")
    assert frame.row.tolist() == list(range(240, 246))
    assert frame.like_row.tolist() == list(range(100, 106))
    assert frame.reason[0] == "equals row 100"
    assert frame.age.tolist() == made().age[100:106].tolist()
    numbers = report.lenses["duplicates"].numbers
    assert len(frame) == numbers["repeated_rows"] + numbers["near_rows"]


def test_near_copies_are_told_from_equal_rows():
    X = np.random.default_rng(0).normal(size=(100, 4))
    X = np.vstack([X, X[:10] + 1e-9, X[20:23]])
    lens = duplicate_lens(X)
    frame = lens.to_frame(X)
    assert frame.row.tolist() == np.flatnonzero(lens.flagged).tolist()
    assert len(frame) == lens.numbers["repeated_rows"] + lens.numbers["near_rows"]
    assert frame.reason[0] == "near copy, in the group of row 0"
    assert frame.reason.tolist()[-1] == "equals row 22"
    assert frame[[0, 1, 2, 3]].to_numpy().tolist() == X[frame.row].tolist()


def test_target_rows_that_were_trained_on_are_rows_of_the_target(report):
    frame = report.to_frame("leakage")
    mask = report.lenses["leakage"].flagged
    assert frame.row.tolist() == np.flatnonzero(mask).tolist() == list(range(40))
    assert frame.like_row.tolist() == list(range(90, 130))  # row 3 and 50 counted
    assert frame.age.tolist() == made().age[90:130].tolist()
    assert report.lenses["leakage"].numbers["target_overlap_rows"] == len(frame)
    own = leakage_lens(made()[["age"]], X_target=made()[["age"]][:5])
    assert own.to_frame().reason[4] == "equals training row 4"


def test_numbers_that_look_wrong_say_what_they_look_like():
    rng = np.random.default_rng(0)
    X = pd.DataFrame(rng.normal(size=(300, 2)), columns=["a", "b"])
    y = 20 + X @ [3.0, 2.0] + rng.normal(size=300)
    y[::30] *= 10
    report = diagnose(
        X, y, estimator=LinearRegression(), task="regression", max_rows=200
    )
    frame = report.to_frame("label_noise")
    lens = report.lenses["label_noise"]
    assert sorted(frame.row) == np.flatnonzero(lens.flagged).tolist()
    assert frame.given.tolist() == y[frame.row].tolist()
    assert frame.reason.str.endswith("looks like: 10 times").any()


def test_the_table_is_held_until_it_is_pickled_and_may_be_passed_again(report):
    table = made()
    small, again = pickle.dumps(report), pickle.loads(pickle.dumps(report))
    assert again.table is again.target_table is None
    assert table.age.to_numpy()[:20].tobytes() not in small
    bare = again.to_frame("label_noise")
    assert list(bare.columns) == KEPT_BESIDE
    pd.testing.assert_frame_equal(
        again.to_frame("label_noise", table), report.to_frame("label_noise")
    )
    assert again == report


def test_what_happens_to_the_frame_later_moves_no_row():
    table = made().dropna().reset_index(drop=True)
    report = diagnose(table, "label", estimator=LR, cv=3)
    before = report.to_frame("label_noise")
    table["dose"] = table["dose"].to_numpy()[::-1]
    table["new"] = 1
    table.loc[len(table)] = [0.0, 0.0, "ill", 1]
    pd.testing.assert_frame_equal(report.to_frame("label_noise"), before)
    assert "index" not in before


@dataclass(frozen=True, kw_only=True, eq=False)
class Silent(LensResult):
    """A lens that is about columns."""


def test_a_lens_that_flags_no_rows_says_so(report):
    with pytest.raises(ValueError, match=r"'leakage', 'duplicates'.*'shift'"):
        report.to_frame("labels")
    for name in ("imbalance", "shift"):
        with pytest.raises(ValueError, match=f"lens {name} flags no rows"):
            report.to_frame(name)
    said = {"verdict": "clear", "severity": 0.0, "summary": ""}
    with pytest.raises(ValueError, match="Silent flags no rows"):
        Silent(**said).to_frame()
    mask = np.array([False, True])
    assert Silent(**said, flagged=mask).to_frame().row.tolist() == [1]


def test_what_could_not_be_asked_is_an_empty_frame():
    lens = label_noise_lens([1] * 9, np.full((9, 2), 0.5), classes=[0, 1])
    assert lens.verdict == "cannot tell"
    assert lens.flagged is None
    assert list(lens.to_frame().columns) == KEPT_BESIDE
    assert len(leakage_lens(made()[["age"]]).to_frame()) == 0


def test_a_table_of_another_size_or_kind_is_refused(report):
    with pytest.raises(ValueError, match=r"table has 9 rows .* 246: pass the table"):
        report.to_frame("label_noise", made()[:9])
    with pytest.raises(ValueError, match=r"target rows, whole"):
        report.to_frame("leakage", made())
    with pytest.raises(ValueError, match="table is a str"):
        report.to_frame("leakage", "t.csv")


@pytest.mark.parametrize(
    "container", [np.asarray, pl.DataFrame, sp.csr_array, pd.DataFrame, TargetData]
)
def test_any_table_gives_its_cells(container):
    X = np.random.default_rng(0).normal(size=(60, 2))
    X = np.vstack([X, X[:3]])
    y = (X[:, 0] > 0).astype(int)
    if container is TargetData:
        target = TargetData(pd.DataFrame(X[:9], columns=["a", "b"]))
        table = pd.DataFrame(X, columns=["a", "b"])
        report = diagnose(table, y, X_target=target, estimator=LR, cv=2)
        assert report.to_frame("leakage")["a"].tolist() == X[:9, 0].tolist()
        return
    frame = diagnose(container(X), y, estimator=LR, cv=2).to_frame("duplicates")
    own = frame.iloc[:, 3:]
    if container is sp.csr_array:
        assert own.shape[1] == 0
    else:
        assert own.to_numpy().tolist() == X[:3].tolist()


def test_texts_are_one_column():
    texts = ["one text", "another", "a third one", "another"] * 2
    frame = duplicate_lens(texts, near=False).to_frame(texts)
    assert frame[0].tolist() == [texts[row] for row in frame.row]
    assert frame.row.tolist() == [3, 4, 5, 6, 7]


def test_columns_with_names_of_ours_stay_apart():
    names = ["row", "reason", "row in table", "like_row"]
    X = pd.DataFrame(np.random.default_rng(0).normal(size=(40, 4)), columns=names)
    X = pd.concat([X, X[:2]], ignore_index=True)
    frame = duplicate_lens(X).to_frame(X)
    assert frame["row"].tolist() == [40, 41]
    assert frame.columns.is_unique
    assert frame.shape[1] == 3 + 4
    assert frame["row in table"].tolist() == X["row in table"][:2].tolist()
    assert frame["row in table in table"].tolist() == X["row"][:2].tolist()


def test_without_pandas_one_sentence_says_what_is_missing(monkeypatch):
    lens = duplicate_lens(np.eye(3))
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match=r"pip install 'skdataquality\[cli\]'"):
        lens.to_frame()


def test_a_review_names_its_rows_by_index_and_identifier():
    table = made()
    table["patient"] = [f"P-{k:04d}" for k in range(len(table))]
    review = review_table(table, "label", ids=["patient"], max_rows=200)
    expected = ["input_row", "index", "patient", "given", "suggested", "quality"]
    assert list(review.columns) == [*expected, "decision"]
    assert review["index"].tolist() == (review.input_row + 1000).tolist()
    assert review.patient.tolist() == table.patient.iloc[review.input_row].tolist()
    plain = review_table(table.reset_index(drop=True), "label", ids="patient")
    assert "index" not in plain


def test_errors_say_where_positions_start():
    with pytest.raises(ValueError, match=r"position\(s\) 1 \(from 0\)"):
        label_noise_lens(["a", None, "b"], np.full((3, 2), 0.5))
    proba = [[0.5, 0.5], [0.9, 0.9], [0.5, 0.5]]
    with pytest.raises(ValueError, match=r"row\(s\) 1 \(from 0\)"):
        label_noise_lens([0, 1, 0], proba)
