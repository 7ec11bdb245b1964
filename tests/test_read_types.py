"""Columns of every Arrow type: a frame, or one clear error."""

import datetime
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from skdataquality.tables import read_raw, read_table, write_raw

DAY, TIME = datetime.date(2020, 1, 1), datetime.time(1, 2)


def coded(values, kind=None, ordered=False):
    codes = pa.array([0, None, 1])
    return pa.DictionaryArray.from_arrays(
        codes, pa.array(values, kind), ordered=ordered
    )


def nested(kind):
    return pa.array([[1, 2], None, [3, 4]], kind)


READ = {
    "embedding": (nested(pa.list_(pa.float32(), 2)), "object", [1, 2]),
    "large_list": (nested(pa.large_list(pa.int64())), "object", [1, 2]),
    "list_view": (nested(pa.list_view(pa.int64())), "object", [1, 2]),
    "records": (pa.array([[{"a": 1}], None, []]), "object", [{"a": 1}]),
    "map": (
        pa.array([[("k", 1)], None, []], pa.map_(pa.string(), pa.int64())),
        "object",
        [("k", 1)],
    ),
    "decimal": (
        pa.array([Decimal("1.25"), None, Decimal(3)], pa.decimal256(60, 2)),
        "float64",
        1.25,
    ),
    "duration": (
        pa.array([1, None, 3], pa.duration("s")),
        "timedelta64[s]",
        pd.Timedelta(seconds=1),
    ),
    "clock": (pa.array([TIME, None, TIME], pa.time64("us")), "str", "01:02:00.000000"),
    "bytes": (pa.array([b"\xff", None, b"a"]), "object", b"\xff"),
    "bytes_view": (
        pa.array([b"\xff", None, b"a"], pa.binary_view()),
        "object",
        b"\xff",
    ),
    "zone": (
        pa.array([0, None, 1], pa.timestamp("us", "Europe/Rome")),
        "datetime64[us, Europe/Rome]",
        pd.Timestamp("1970-01-01 01:00", tz="Europe/Rome"),
    ),
    "categories": (coded(["a", "b"]), "category", "a"),
    "ordered": (coded(["a", "b"], ordered=True), "category", "a"),
    "coded_numbers": (coded([7, 8]), "category", 7),
    "coded_days": (coded([DAY, None]), "datetime64[us]", pd.Timestamp(DAY)),
    "coded_times": (coded([TIME, TIME], pa.time64("us")), "str", "01:02:00.000000"),
    "coded_truths": (coded([True, False]), "object", True),
    "coded_lists": (coded([[1], [2]]), "object", [1]),
    "coded_null": (coded(["a", None]), "category", "a"),
    "coded_twice": (coded(["a", "a"]), "category", "a"),
    "uuid": (pa.array([b"0" * 16, None, b"1" * 16], pa.uuid()), "object", b"0" * 16),
    "json": (pa.array(["{}", None, "1"], pa.json_()), "str", "{}"),
    "interval": (
        pa.array([(1, 2, 3), None, (0, 0, 0)], pa.month_day_nano_interval()),
        "object",
        pd.DateOffset(months=1, days=2, nanoseconds=3),
    ),
    "runs": (
        pa.RunEndEncodedArray.from_arrays(pa.array([2, 3]), pa.array(["x", None])),
        "object",
        "x",
    ),
}


@pytest.mark.parametrize("name", READ)
def test_every_type_gives_a_column(tmp_path, name):
    column, dtype, first = READ[name]
    path = tmp_path / "t.arrow"
    table = pa.table({name: column, "n": [1, 2, 3]})
    with pa.ipc.new_file(path, table.schema) as writer:
        writer.write_table(table)
    found = read_table(path)[name]
    assert str(found.dtype) == dtype
    value = found[0]
    assert (list(value) if isinstance(value, np.ndarray) else value) == first
    assert found.isna().sum() == column.to_pylist().count(None)
    assert read_raw(path).equals(table)
    for form in ("t.csv", "t.jsonl", "t.parquet"):
        try:
            write_raw(read_raw(path), tmp_path / form)
        except ValueError as error:
            assert "\n" not in str(error)  # noqa: PT017


REFUSED = {
    "far_zone": (pa.array([0], pa.timestamp("us", "Mars/Olympus")), "Mars/Olympus"),
    "far_time": (pa.array([2**60], pa.timestamp("s")), "timestamp[s]"),
    "union": (
        pa.UnionArray.from_dense(
            pa.array([0], pa.int8()), pa.array([0], pa.int32()), [pa.array([1])]
        ),
        "union",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_a_frame_cannot_hold_names_its_column(tmp_path, name):
    column, said = REFUSED[name]
    path = tmp_path / "t.arrow"
    table = pa.table({"fine": [1], name: column})
    with pa.ipc.new_file(path, table.schema) as writer:
        writer.write_table(table)
    with pytest.raises(ValueError, match=f"column '{name}'") as caught:
        read_table(path)
    assert said in str(caught.value)


def test_decimals_that_a_float_would_round_stay_text_and_are_named(tmp_path):
    cells = [Decimal("9007199254740993.01"), None, Decimal("1.25")]
    pq.write_table(pa.table({"d": pa.array(cells)}), tmp_path / "t.parquet")
    frame = read_table(tmp_path / "t.parquet")
    assert frame["d"].fillna("").tolist() == ["9007199254740993.01", "", "1.25"]
    assert "'d': kept as text" in frame.attrs["notes"][0]


def test_dates_beyond_text_are_refused_as_text(tmp_path):
    table = pa.table({"d": pa.array([10**8], pa.date32())})
    path = write_raw(table, tmp_path / "t.arrow")
    assert read_table(path)["d"][0].year == 275760
    with pytest.raises(ValueError, match="column 'd' cannot be read as text"):
        read_table(path, text_columns=["d"])
    for name in ("t.csv", "t.jsonl"):
        with pytest.raises(ValueError, match="column 'd' of type date32"):
            write_raw(table, tmp_path / name)


def test_names_that_are_no_text_are_refused(tmp_path):
    table = pa.table({"QQQQ": [1]})
    for name in ("t.parquet", "t.arrow"):
        path = tmp_path / name
        if name == "t.parquet":
            pq.write_table(table, path, store_schema=False)
        else:
            write_raw(table, path)
        path.write_bytes(path.read_bytes().replace(b"QQQQ", b"\x1b[\xff\xfe"))
        with pytest.raises(ValueError, match="cannot be read as") as caught:
            read_table(path)
        assert "\x1b" not in str(caught.value)


def test_blank_lines_of_a_single_column_are_named(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text('x\n1\n\n"a\n\nb"\n\n3\n\n')
    frame = read_table(path)
    assert len(frame) == 3
    note = "2 blank lines left out (first: line 3)"
    assert any(note in said for said in frame.attrs["notes"])
    path.write_text("x,y\n1,2\n\n3,4\n")
    assert read_table(path).attrs["notes"] == []
