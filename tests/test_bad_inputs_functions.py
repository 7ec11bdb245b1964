"""Wrong data x every plain function, and the command line: errors that help."""

import os
import warnings

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import scipy.sparse as sp
from numpy.testing import assert_array_equal
from typer.testing import CliRunner

from skdataquality import diagnose
from skdataquality.cli import _demo
from skdataquality.cli._app import app
from skdataquality.duplicates import duplicate_groups, duplicate_lens
from skdataquality.label_noise import label_noise_lens
from skdataquality.model_selection import compare_remedies
from skdataquality.shift import TargetData, shift_lens
from tests.entry_functions import (
    LEAVE_ROWS_OUT,
    LR,
    ON_PROBABILITIES,
    ON_TABLES,
    N,
    plain_labels,
    plain_table,
)


@pytest.fixture(autouse=True)
def strict(monkeypatch):
    """Every warning is an error; intervals take most of the time of a lens."""
    for lens in ("shift._lens._costs",):
        monkeypatch.setattr(f"skdataquality.{lens}.N_RESAMPLES", 40)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def _read_only(a):
    a.flags.writeable = False
    return a


# -- labels and probabilities ----------------------------------------------------------

SAME = {
    "read-only": lambda y, p: (_read_only(y), _read_only(p)),
    "Fortran order": lambda y, p: (y, np.asfortranarray(p)),
    "pandas": lambda y, p: (pd.Series(y, index=y), pd.DataFrame(p)),
    "polars": lambda y, p: (pl.Series(y), pl.DataFrame(p, schema=["a", "b"])),
    "lists": lambda y, p: (y.tolist(), p.tolist()),
    "strings": lambda y, p: (np.array(["ham", "spam"])[y], p),
    "objects": lambda y, p: (np.array(["ham", "spam"], dtype=object)[y], p),
    "booleans": lambda y, p: (y == 1, p),
    "-1 and 1": lambda y, p: (2 * y - 1, p),
    "floats": lambda y, p: (y.astype(float), p),
    "unused category": lambda y, p: (pd.Categorical.from_codes(y, ["a", "b", "c"]), p),
}
WRONG = {
    "NaN in y": (lambda y, p: (np.where(y == 1, 1, np.nan), p), r"y has 30 missing"),
    "None in y": (lambda y, p: ([None, *y[1:]], p), r"position\(s\) 0.*drop"),
    "mixed y": (lambda y, p: (["a", *y[1:].tolist()], p), r"mixes.*astype\(str\)"),
    "bytes": (lambda y, p: (y.astype("S"), p), r"bytes, first b'0'.*decode"),
    "continuous y": (lambda y, p: (y + 0.5 * p[:, 0], p), r"y holds values.*discrete"),
    "one-hot y": (lambda y, p: (np.eye(2)[y], p), r"\(60, 2\).*argmax"),
    "empty": (lambda y, p: (y[:0], p[:0]), r"y is empty: 0 rows"),
    "one class": (
        lambda y, p: (y * 0, p),
        r"single class, \[0\].*`classes`|2 columns but there are 1 classes",
    ),
    "shorter y": (
        lambda y, p: (y[:-1], p),
        r"pred_proba.* 60 rows.*y has 59.*same rows",
    ),
    "one column": (lambda y, p: (y, p[:, :1]), r"1 columns.*2 classes.*`classes`"),
    "three columns": (lambda y, p: (y, np.c_[p, p[:, 0]]), r"3 columns.*2 classes"),
    "one dimension": (lambda y, p: (y, p[:, 0]), r"1 dimension.*one column per class"),
    "integers": (lambda y, p: (y, np.eye(2, dtype=int)[y]), r"dtype int64.*floats"),
    "text": (lambda y, p: (y, p.astype(str)), r"dtype <U.*floats"),
    "half a NaN": (lambda y, p: (y, _put(p, np.nan)), r"NaN in row\(s\) 4.*leave out"),
    "infinity": (lambda y, p: (y, _put(p, np.inf)), r"above 1 \(largest inf"),
    "negative": (lambda y, p: (y, _put(p, -0.25)), r"smallest -0.25.*decision_func"),
    "sum above 1": (lambda y, p: (y, p * 0.9), r"sum to 1.*first sum 0.9.*divide"),
    "above 1": (lambda y, p: (y, p * 3), r"above 1.*divide"),
}


def _put(p, value):
    p[4, 1] = value
    return p


@pytest.mark.parametrize("case", SAME)
@pytest.mark.parametrize("function", ON_PROBABILITIES)
def test_any_kind_of_labels_and_container_gives_the_same(function, case):
    y, proba = SAME[case](*plain_labels())
    before = np.array(y), np.array(proba)
    result = ON_PROBABILITIES[function](y, proba)
    np.testing.assert_equal(result, ON_PROBABILITIES[function](*plain_labels()))
    assert_array_equal(np.array(y), before[0])
    assert_array_equal(np.array(proba), before[1])


@pytest.mark.parametrize("case", WRONG)
@pytest.mark.parametrize("function", ON_PROBABILITIES)
def test_wrong_labels_or_probabilities_raise(function, case):
    change, message = WRONG[case]
    y, proba = change(*plain_labels())
    with pytest.raises(ValueError, match=f"(?s){message}"):
        ON_PROBABILITIES[function](y, proba)


@pytest.mark.parametrize("function", ON_PROBABILITIES)
def test_rows_of_nan_are_left_out_or_refused(function):
    y, proba = plain_labels()
    proba[4] = np.nan
    if function in LEAVE_ROWS_OUT:
        ON_PROBABILITIES[function](y, proba)
    else:
        with pytest.raises(ValueError, match=r"NaN in row\(s\) 4"):
            ON_PROBABILITIES[function](y, proba)


@pytest.mark.parametrize("function", ON_PROBABILITIES)
def test_wrong_classes_raise(function):
    y, proba = plain_labels()
    with pytest.raises(ValueError, match=r"label\(s\) \[1\].*not in classes=\[0, 7\]"):
        ON_PROBABILITIES[function](y, proba, classes=[0, 7])
    with pytest.raises(ValueError, match="list each class once.*remove repeats"):
        ON_PROBABILITIES[function](y, proba, classes=[0, 0])


# -- tables ----------------------------------------------------------------------------

WRONG_TABLES = {
    "lazy": (pl.LazyFrame({"a": [1.0]}), r"LazyFrame.*pass \w+\.collect\(\)"),
    "record batch": (pa.record_batch({"a": [1.0]}), r"pass \w+\.to_pandas\(\)"),
    "dict": ({"a": [1.0]}, r"is a dict: .*DataFrame\("),
    "generator": ((row for row in [[1.0]]), "is a generator.*list of rows"),
    "scalar": (3.0, "is a float.*list of rows"),
    "Series": (pd.Series(np.ones(N)), r"\w+\.to_frame\(\)"),
    "one-dimensional": (np.ones(N), r"shape \(60,\)|1D"),
    "three-dimensional": (np.ones((N, 3, 1)), r"shape \(60, 3, 1\)|3 dim|dim 3"),
    "no columns": (np.ones((N, 0)), r"\(60, 0\)|0 feature"),
    "repeated names": (
        pd.DataFrame(plain_table(), columns=[*"aba"]),
        r"\['a'\]: rename",
    ),
    "levels": (
        pd.DataFrame(
            plain_table(), columns=pd.MultiIndex.from_product([[0], [1, 2, 3]])
        ),
        "2 levels.*flatten",
    ),
    "masked": (np.ma.masked_less(plain_table(), 0), "masked cells.*filled"),
}


@pytest.mark.parametrize("case", WRONG_TABLES)
@pytest.mark.parametrize("function", ON_TABLES)
def test_what_is_no_table_raises(function, case):
    table, message = WRONG_TABLES[case]
    with pytest.raises(ValueError, match=message):
        ON_TABLES[function](table)


def test_a_table_without_rows():
    assert duplicate_groups(np.ones((0, 3))).shape == (0,)
    with pytest.raises(ValueError, match="X is empty: 0 rows"):
        duplicate_lens(np.ones((0, 3)))
    with pytest.raises(ValueError, match=r"shape \(0, 3\).*at least one row"):
        TargetData(np.ones((0, 3)))
    few = shift_lens(plain_table(1), X_target=plain_table())
    assert few.summary.startswith("1 training and 60 target rows")


@pytest.mark.parametrize(
    "make",
    [
        lambda X: X.tolist(),
        pd.DataFrame,
        lambda X: pd.DataFrame(X, index=np.zeros(len(X))),
        lambda X: pl.DataFrame(X, schema=["a", "b", "c"]),
        sp.csr_matrix,
        sp.csc_array,
        sp.coo_matrix,
        lambda X: _read_only(X),
    ],
)
def test_any_table_gives_the_same_lenses(make):
    X, rows, y = plain_table(), plain_table(80)[20:], plain_labels()[0]
    plain = np.vstack([X, X[:5]]), np.vstack([rows, rows[:5]])
    table, target = map(make, plain)
    assert_array_equal(duplicate_groups(table), duplicate_groups(plain[0]))
    labels = np.append(y, y[:5])
    near = not sp.issparse(table)  # sparse rows are not searched for near duplicates
    repeated = duplicate_lens(table, labels, near=near)
    assert repeated.numbers == duplicate_lens(plain[0], labels, near=near).numbers
    assert repeated.verdict == "found"
    result = shift_lens(table, labels, X_target=target, estimator=LR)
    expected = shift_lens(plain[0], labels, X_target=plain[1], estimator=LR)
    assert result.verdict == expected.verdict
    if not sp.issparse(table):  # another model tells sparse rows apart
        assert result.numbers == expected.numbers


def test_lengths_of_lens_arguments():
    X, y, p = plain_table(), *plain_labels()
    for call in (
        lambda: duplicate_lens(X, y[:-1]),
        lambda: duplicate_lens(X, groups=y[:-1]),
        lambda: shift_lens(X, y[:-1], X_target=X),
        lambda: shift_lens(X, y, X_target=X, y_target=y[:-1]),
        lambda: label_noise_lens(y, p, sources={"clinic": y[:-1]}),
        lambda: diagnose(X, y, sources={"clinic": y[:-1]}),
        lambda: diagnose(X, y, groups=y[:-1]),
        lambda: diagnose(X, y, X_target=X, y_target=y[:-1]),
        lambda: compare_remedies(LR, {}, X, y, groups=y[:-1]),
    ):
        with pytest.raises(ValueError, match=r"has 60.* has 59 rows.*Pass the same"):
            call()


@pytest.mark.parametrize("y", [["a", 1] * 30, [None, 1] * 30, [np.nan, 1] * 30])
def test_labels_of_table_lenses(y):
    X = plain_table()
    for call in (
        lambda: duplicate_lens(X, y),
        lambda: shift_lens(X, y, X_target=X, estimator=LR),
    ):
        with pytest.raises(ValueError, match=r"mixes labels|30 missing labels"):
            call()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"depth": "deep"}, "depth='deep' must be one of"),
        ({"sources": ["west"] * N}, "names a column, but X has no column names: pass"),
        ({"y_target": [1]}, "y_target was given without X_target: pass"),
        ({"X_target": np.ones((9, 2))}, "X has 3 features but X_target has 2"),
        ({"X_target": np.ones(9)}, r"shape \(9,\)"),
        ({"cv": 1, "estimator": LR}, "cv=1 folds; at least 2"),
        ({"groups": np.zeros(N), "estimator": LR}, "one group.*at least 2 groups"),
        ({"groups": [None] * N, "estimator": LR}, "groups has 60 missing.*give"),
    ],
)
def test_wrong_options_of_a_diagnosis(options, message):
    X, y = plain_table(), plain_labels()[0]
    with pytest.raises(ValueError, match=message):
        diagnose(X, y, **options)


# -- the command line ------------------------------------------------------------------


def _run(*arguments):
    return CliRunner().invoke(app, ["demo", *map(str, arguments)])


@pytest.mark.parametrize(
    "arguments",
    [["--seed", "-1"], ["--seed", "one"], ["--colour", "red"], ["--output"], ["extra"]],
)
def test_usage_errors_exit_with_2(arguments):
    result = _run(*arguments)
    assert result.exit_code == 2
    assert "Error" in result.stderr
    assert result.stdout == ""


def _assert_one_line(result, said):
    assert result.exit_code == 3
    assert result.stderr.startswith("error: ")
    assert result.stderr.count("\n") == 1
    assert said in result.stderr
    assert "Traceback" not in result.output


@pytest.fixture
def no_work(monkeypatch):
    """The output is checked before any work."""

    def never(*args, **kwargs):
        raise AssertionError("the output was not checked first")

    monkeypatch.setattr(_demo, "load_demo", never)


def test_an_output_that_is_no_directory_exits_with_3(tmp_path, no_work):
    missing = tmp_path / "missing [bold]" / "deep"
    _assert_one_line(_run("--output", missing), f"{missing} is not a directory: create")
    (tmp_path / "file").write_text("")
    _assert_one_line(_run("--output", tmp_path / "file"), "is not a directory")
    assert list(tmp_path.iterdir()) == [tmp_path / "file"]


def test_an_output_that_cannot_be_written_exits_with_3(tmp_path, no_work, monkeypatch):
    monkeypatch.setattr(_demo.os, "access", lambda path, mode: mode != os.W_OK)
    _assert_one_line(_run("--output", tmp_path), f"{tmp_path} is not writable: choose")


def test_a_disk_that_fills_up_exits_with_3(tmp_path, monkeypatch):
    def fail(output, seed, **_):
        raise OSError(28, "No space left on device", str(output / "report.json"))

    monkeypatch.setattr(_demo, "run_demo", fail)
    _assert_one_line(_run("--output", tmp_path), "No space left on device")
