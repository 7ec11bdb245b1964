"""Names of columns: which are features, and what is said of the others."""

import numpy as np
import pandas as pd
import polars as pl
import pytest

from skdataquality.diagnosis import diagnose
from skdataquality.diagnosis._notes import notes_on_columns
from skdataquality.diagnosis._periods import periods
from skdataquality.diagnosis._roles import assign_roles
from skdataquality.shift import TargetData
from skdataquality.utils._printable import look_alike_labels
from skdataquality.workflows import candidate_remedies

NAMES = {"X_target": None, "y_target": None, "sources": None, "groups": None}
NONE = NAMES | {"ids": (), "time": None}


def made(n=30):
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.normal(size=(n, 2)), columns=["a", "b"])
    frame["y"] = np.tile(["p", "q"], n // 2)
    frame["vendor"], frame["when"], frame["key"] = "v", range(n), range(n)
    return frame


@pytest.mark.parametrize("library", [pd, pl])
def test_every_named_column_is_taken_out(library):
    frame = made() if library is pd else pl.from_pandas(made())
    roles = assign_roles(
        frame,
        "y",
        X_target=frame.select(["b", "a", "vendor", "y"])
        if library is pl
        else frame[["b", "a", "vendor", "y"]],
        y_target=None,
        sources=["vendor"],
        groups="key",
        ids=[],
        time="when",
    )
    assert list(roles.X.columns) == list(roles.target.X.columns) == ["a", "b"]
    assert list(roles.sources) == ["vendor", "when"]
    assert list(roles.target.y) == list(frame["y"])
    assert type(roles.X) is type(frame)


@pytest.mark.parametrize("library", [pd, pl])
def test_columns_without_values_are_left_out_on_both_sides(library):
    frame = made()[["a", "b", "y"]].assign(gone=np.nan)
    frame["gone"] = frame["gone"].astype(object).where(frame["gone"].notna(), None)
    X = frame if library is pd else pl.from_pandas(frame)
    target = made()[["a", "b"]].assign(gone=1.0)
    target = target if library is pd else pl.from_pandas(target)
    for handed in (target, TargetData(target)):
        roles = assign_roles(X, "y", **NONE | {"X_target": handed})
        assert roles.empty == ["gone"]
        assert list(roles.X.columns) == list(roles.target.X.columns) == ["a", "b"]


def test_names_that_are_numbers_stay_numbers():
    X = pd.DataFrame(np.arange(60.0).reshape(20, 3))
    X[1] = np.nan
    roles = assign_roles(X, np.tile([0, 1], 10), **NONE)
    assert list(roles.X.columns) == [0, 2]
    assert roles.empty == [1]


def test_a_table_without_any_value_is_refused():
    X = pd.DataFrame({"a": [np.nan] * 20, "b": [None] * 20})
    with pytest.raises(ValueError, match="no column of X has any value"):
        assign_roles(X, np.tile([0, 1], 10), **NONE)


def test_the_report_says_what_was_left_out():
    frame = made(60)[["a", "b", "y"]].assign(gone=np.nan)
    report = diagnose(frame, "y")
    assert "left out for having no value: gone" in report.notes
    assert report.n_columns == 2


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("Vendor", "did you mean 'vendor'?"),
        (" vendor ", "did you mean 'vendor'?"),
        ("vendr", "did you mean 'vendor'?"),
        ("zzz", "it has ['a', 'b', 'y', 'vendor', 'when', 'key']."),
    ],
)
def test_unknown_names_are_answered_with_the_likely_one(name, hint):
    with pytest.raises(ValueError, match="is not a column of X") as error:
        assign_roles(made(), "y", **NONE | {"ids": [name]})
    assert hint in str(error.value)


@pytest.mark.parametrize("role", ["sources", "groups", "ids", "time"])
def test_one_column_has_one_role(role):
    name = ["y"] if role in ("sources", "ids") else "y"
    with pytest.raises(ValueError, match="a column has one role"):
        assign_roles(made(), "y", **NONE | {role: name})


@pytest.mark.parametrize(
    ("texts", "moments"),
    [
        (["2012/01/01", "2012/1/2"], ["2012-01-01", "2012-01-02"]),
        (["31.05.2024", "01.06.2024"], ["2024-05-31", "2024-06-01"]),
        (["5/31/2024", "6/1/2024 9:30"], ["2024-05-31", "2024-06-01T09:30:00"]),
        (["01/02/2024", "13/02/2024"], ["2024-02-01", "2024-02-13"]),
        (["2/2/2024", "3/3/2024"], ["2024-02-02", "2024-03-03"]),
    ],
)
def test_periods_of_dates_written_in_other_orders(texts, moments):
    out = periods(np.array([*texts, None], dtype=object), "when")
    assert out.tolist() == [*(f"from {moment}" for moment in moments), None]


def test_an_order_of_day_and_month_that_nothing_decides_is_not_guessed():
    texts = np.array(["01/02/2024", "03/04/2024"], dtype=object)
    with pytest.raises(
        ValueError, match=r"time='when' holds \['01/02/2024'\], day and"
    ):
        periods(texts, "when")


def test_periods_of_dates_with_gaps():
    dates = pd.Series(pd.date_range("2024-01-01", periods=40)).to_numpy().copy()
    dates[3] = np.datetime64("NaT")
    out = periods(dates, "when")
    assert out[3] is None
    assert out[0] == "from 2024-01-01"
    assert len({v for v in out if v is not None}) == 10
    texts = np.array([None if v is None else "2024-05-31" for v in out], dtype=object)
    assert set(periods(texts, "when")) == {None, "from 2024-05-31"}


@pytest.mark.parametrize(
    "values", [["yesterday"] * 4, [None] * 4, [{"k": 1}] * 4], ids=str
)
def test_periods_of_what_is_no_time(values):
    with pytest.raises(ValueError, match="time='when' "):
        periods(np.array(values, dtype=object), "when")


def test_notes_on_columns():
    X = pd.DataFrame(
        {
            "same": [1] * 40,
            "half": [1.5] * 10 + [None] * 30,
            "number": ["1,5", "2"] * 20,
            "lists": [[1, 2]] * 40,
            "arrays": [[1], [1, 2]] * 20,
            "fine": range(40),
        }
    )
    assert notes_on_columns(X) == [
        "2 columns constant: same, lists",
        "1 column at least half missing: half",
        "1 column of numbers kept as text: number",
    ]


def test_look_alike_labels():
    assert look_alike_labels(["cat", "Cat ", "ｃａｔ", "dog", 3]) == [
        ("cat", "Cat ", "ｃａｔ")
    ]


def test_a_class_called_regression_is_a_class():
    frame = made(60)[["a", "b"]]
    y = np.tile(["regression", "cannot tell: regression"], 30)
    assert "balance" in candidate_remedies(diagnose(frame, y))
    assert "balance" not in candidate_remedies(diagnose(frame, frame.a * 1.5))


@pytest.mark.parametrize("library", [pd, pl])
def test_target_rows_say_their_group_and_moment_where_they_have_the_columns(library):
    frame, wrap = made(), pd.DataFrame if library is pd else pl.from_pandas
    frame["when"] = pd.date_range("2024-01-01", periods=30).strftime("%d/%m/%Y")
    target = frame.drop(columns="y").assign(key="k")
    options = NONE | {"groups": "key", "time": "when"}
    roles = assign_roles(wrap(frame), "y", **options | {"X_target": wrap(target)})
    assert list(roles.target_groups) == ["k"] * 30
    assert roles.time[0] == np.datetime64("2024-01-01")
    assert (roles.time == roles.target_time).all()
    lacking = wrap(target[["a", "b"]])
    roles = assign_roles(wrap(frame), "y", **options | {"X_target": lacking})
    assert roles.target_groups is None
    assert roles.target_time is None
