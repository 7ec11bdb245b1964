"""What a file may be and become: regular, sound, printable, and no larger than said."""

import gzip
import json
import os
import socket

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from skdataquality.tables import _memory as memory
from skdataquality.tables import read_raw, read_table, write_raw

READERS = pytest.mark.parametrize("read", [read_table, read_raw])


def refused(call, *parts, error=ValueError):
    with pytest.raises(error) as caught:
        call()
    said = str(caught.value)
    assert "\n" not in said
    assert "\x1b" not in said
    for part in parts:
        assert str(part) in said, said


# --- what is no regular file ---------------------------------------------------------


@READERS
def test_pipes_sockets_and_devices_are_refused_before_they_are_opened(tmp_path, read):
    pipe = tmp_path / "t.csv"
    os.mkfifo(pipe)
    refused(lambda: read(pipe), pipe, "no regular file", error=OSError)
    place = tmp_path / "s.csv"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(place))
        refused(lambda: read(place), "no regular file", error=OSError)
    device = tmp_path / "d.csv"
    device.symlink_to("/dev/zero")
    refused(lambda: read(device), "no regular file", error=OSError)
    refused(lambda: read(None), "path is a NoneType")


# --- text that is no text ------------------------------------------------------------

EVIL = b"\x1b]0;owned\x07\xff"


def evil_columns():
    flat = pa.array([b"ok", EVIL]).view(pa.string())
    return {
        "plain": flat,
        "large": pa.array([b"ok", EVIL], pa.large_binary()).view(pa.large_string()),
        "inside": pa.ListArray.from_arrays([0, 1, 2], flat),
        "record": pa.StructArray.from_arrays([flat], ["k"]),
        "coded": pa.DictionaryArray.from_arrays([0, 1], flat),
    }


@READERS
@pytest.mark.parametrize("kind", evil_columns())
@pytest.mark.parametrize("name", ["t.parquet", "t.arrow"])
def test_text_that_is_no_utf8_names_its_column(tmp_path, read, kind, name):
    table = pa.table({"fine": [1, 2], kind: evil_columns()[kind]})
    path = tmp_path / name
    if name == "t.parquet":
        pq.write_table(table, path)
    else:
        with pa.ipc.new_file(path, table.schema) as writer:
            writer.write_table(table)
    refused(lambda: read(path), path, f"column {kind!r}", "UTF-8")


def test_names_in_messages_are_printable(tmp_path):
    far = pa.array([2**60], pa.timestamp("s"))
    path = write_raw(pa.table({"\x1b[2J": [1], "far\x1b": far}), tmp_path / "t.arrow")
    refused(lambda: read_table(path), r"'far\x1b'")
    (tmp_path / "t.csv").write_text("\x1b[2J,\x1b[2J\n1,2\n")
    refused(lambda: read_table(tmp_path / "t.csv"), r"'\x1b[2J'")


# --- memory --------------------------------------------------------------------------


def put(path, content):
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


def bombs(folder):
    """Small files of a few kilobytes that become many megabytes."""
    lines = b"a,b\n" + b"1,2\n" * 2_000_000
    yield put(folder / "lines.csv.gz", lines)
    yield put(folder / "zeros.jsonl.gz", bytes(10_000_000))
    keys = b"\n".join(b'{"%d": 1}' % i for i in range(3000))
    yield put(folder / "keys.jsonl", keys)
    n = 2_000
    texts = pa.table({"a": ["x" * 50_000] * n, "l": [["y" * 5_000]] * n})
    pq.write_table(texts, folder / "texts.parquet", compression="zstd")
    yield folder / "texts.parquet"
    same = pa.table({"a": pa.array(np.zeros(3_000_000)), "b": pa.nulls(3_000_000)})
    pq.write_table(same, folder / "same.parquet", compression="zstd")
    yield folder / "same.parquet"
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    for name, new in (("f.arrow", pa.ipc.new_file), ("s.arrow", pa.ipc.new_stream)):
        with new(folder / name, same.schema, options=options) as writer:
            writer.write_table(same)
        yield folder / name
    nulls = pa.table({"a": pa.nulls(3_000_000)})
    yield write_raw(nulls, folder / "nulls.arrow")


@READERS
def test_a_file_that_becomes_too_much_is_refused(tmp_path, read):
    for path in bombs(tmp_path):
        assert path.stat().st_size < 300_000, path
        before = pa.total_allocated_bytes()
        refused(
            lambda path=path: read(path, max_bytes=5_000_000),
            path,
            "more than 5000000 bytes",
            "max_bytes",
            "max_rows",
        )
        assert pa.total_allocated_bytes() - before < 5_000_000
    plain = put(tmp_path / "t.csv", b"a,b\n" + b"1,2\n" * 1000)
    refused(lambda: read(plain, max_bytes=1000), plain, "more than 1000 bytes")
    assert read(plain, max_bytes=100_000).shape == (1000, 2)


@READERS
@pytest.mark.parametrize("most", [0, -1, 1.5, True, "1G"])
def test_limits_that_cannot_be(tmp_path, read, most):
    path = put(tmp_path / "t.csv", b"a,b\n1,2\n")
    refused(lambda: read(path, max_bytes=most), f"max_bytes={most!r}")


def test_the_default_limit_is_half_of_what_is_free(tmp_path, monkeypatch):
    path = put(tmp_path / "t.csv", b"a,b\n" + b"1,2\n" * 1000)
    monkeypatch.setattr(memory, "_free_memory", lambda: 4000)
    refused(lambda: read_table(path), "more than 2000 bytes", "half of the free memory")
    monkeypatch.setattr(memory, "_free_memory", lambda: 400_000)
    assert len(read_table(path)) == 1000


def test_a_control_group_lowers_what_is_free(tmp_path, monkeypatch):
    machine = memory._free_memory()
    assert machine > 1 << 20
    group = put(tmp_path / "most", b"1000\n"), put(tmp_path / "used", b"400\n")
    monkeypatch.setattr(memory, "_CGROUPS", [group])
    assert memory._free_memory() == 600
    group[0].write_text("max\n")
    assert memory._free_memory() > 1 << 20


@pytest.mark.parametrize("error", [MemoryError("x"), pa.ArrowMemoryError("x")])
@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("t.csv", "pyarrow.csv.read_csv"),
        ("t.parquet", "pyarrow.parquet.ParquetFile"),
        ("t.arrow", "pyarrow.ipc.open_file"),
        ("t.jsonl", "skdataquality.tables._contents.read_json_columns"),
    ],
)
def test_out_of_memory_is_not_called_damaged(tmp_path, monkeypatch, name, place, error):
    path = write_raw(pa.table({"a": [1], "b": [2]}), tmp_path / name)

    def fail(*_, **__):
        raise error

    monkeypatch.setattr(place, fail)
    refused(lambda: read_table(path), path, "not enough memory", "max_rows")


# --- a sample of what memory does not hold -------------------------------------------


def big_table(n=4000):
    rng = np.random.default_rng(0)
    return pa.table(
        {
            "i": [*range(n)],
            "t": [f'é "{i}", \n\r\n{"x" * int(rng.integers(60))}' for i in range(n)],
            "f": rng.normal(size=n),
            "w": rng.choice(["u", "v"], n),
        }
    )


@pytest.mark.parametrize(
    "name",
    ["t.csv", "t.tsv.gz", "t.jsonl", "t.ndjson.gz", "t.parquet", "t.arrow", "s.arrow"],
)
@pytest.mark.parametrize("piece", [1 << 24, 999])
def test_the_sample_of_a_large_file_is_that_of_a_small_one(
    tmp_path, monkeypatch, name, piece
):
    monkeypatch.setattr("skdataquality.tables._text._PIECE", piece)
    monkeypatch.setattr("skdataquality.tables._arrow._files._ROWS", piece)
    path, table = tmp_path / name, big_table()
    if name == "s.arrow":
        with pa.ipc.new_stream(path, table.schema) as writer:
            writer.write_table(table, max_chunksize=500)
    else:
        write_raw(table, path)
    known = read_table(path, max_rows=30, random_state=5)
    found = read_table(path, max_rows=30, random_state=5, max_bytes=60_000)
    pd.testing.assert_frame_equal(found, known)
    assert found.attrs["n_rows_in_file"] == 4000
    assert "only a sample of 30 of its 4000 rows was read" in found.attrs["notes"][0]
    assert known.attrs["notes"] == []


def test_the_sample_of_a_large_file_keeps_its_quoting_and_line_ends(tmp_path):
    rows = [f'{i}\t"{i}' for i in range(3000)]
    rows[7] = '7\tclosed"'
    for end in ("\n", "\r\n", "\r"):
        path = put(tmp_path / "t.tsv", (end + end.join(rows) + end * 2).encode())
        frame = read_table(path, header=False, max_rows=9, max_bytes=8_000)
        assert frame["column_0"].tolist() == frame.index.tolist()
        assert frame["column_1"].iloc[-1] == f'"{frame.index[-1]}'
        assert any("ordinary characters" in note for note in frame.attrs["notes"])
    sixteen = put(tmp_path / "t.csv", ("a,b" + "\n1,é" * 3000).encode("utf-16"))
    frame = read_table(sixteen, encoding="utf-16", max_rows=9, max_bytes=8_000)
    assert set(frame["b"]) == {"é"}


def test_the_sample_of_a_bomb(tmp_path):
    for path in bombs(tmp_path):
        if path.name in ("lines.csv.gz", "texts.parquet", "same.parquet"):
            frame = read_table(path, max_rows=3, max_bytes=30_000_000)
            assert len(frame) == 3


def test_a_sample_that_is_too_large_is_refused(tmp_path):
    path = write_raw(big_table(), tmp_path / "t.csv")
    refused(lambda: read_table(path, max_rows=3999, max_bytes=60_000), "60000 bytes")


def test_a_long_record_is_refused_before_it_fills_memory(tmp_path, monkeypatch):
    monkeypatch.setattr("skdataquality.tables._text._PIECE", 1000)
    path = put(tmp_path / "t.jsonl", b'{"a": "' + b"x" * 50_000 + b'"}')
    refused(lambda: read_table(path, max_rows=1, max_bytes=5000), "5000 bytes")


# --- any extension, and JSON that is none --------------------------------------------


@READERS
@pytest.mark.parametrize("name", ["t.txt", "t.data", "t", "t.dat.gz", "t.gz"])
def test_any_extension_is_text_if_something_says_so(tmp_path, read, name):
    path = put(tmp_path / name, "a;b\n1;é\n".encode("latin-1"))
    found = read(path, delimiter=";", encoding="latin-1")
    assert (
        found["b"].tolist() if read is read_table else found["b"].to_pylist() == ["é"]
    )
    refused(lambda: read(path), path, "unknown extension", "pass delimiter=")
    refused(lambda: read(path, encoding="latin-1"), "pass delimiter=';'")
    path = put(tmp_path / name, b"a,b\n1,2\n")
    assert read(path, quoting="none").shape == (1, 2)


def strict(text):
    def fail(word):
        raise AssertionError(word)

    return json.loads(text, parse_constant=fail)


def test_json_lines_are_written_as_json(tmp_path):
    path = tmp_path / "t.jsonl"
    path.write_text(
        '{"f": NaN, "n": {"k": [-Infinity, "NaN \\" Infinity"]}, "t": "NaN"}\n'
        '{"f": Infinity, "n": 1e400, "t": "-Infinity"}\n'
        '{"f": 1.5, "n": 2, "t": "\\\\"}\n'
    )
    again = write_raw(read_raw(path), tmp_path / "again.jsonl")
    rows = [strict(line) for line in again.read_text().splitlines()]
    inf = float("inf")
    assert rows == [
        {"f": None, "n": {"k": [-inf, 'NaN " Infinity']}, "t": "NaN"},
        {"f": inf, "n": inf, "t": "-Infinity"},
        {"f": 1.5, "n": 2, "t": "\\"},
    ]
    frame = read_table(path)
    assert frame["f"].isna().tolist() == [True, False, False]
    note = "Column 'f': 1 NaN, which is no JSON, read as missing; 1 Infinity"
    assert frame.attrs["notes"][0].startswith(note)


def test_json_may_be_nested_but_not_without_end(tmp_path):
    path = tmp_path / "t.jsonl"
    path.write_text('{"a": ' + "[" * 98 + "]" * 98 + ', "b": "[[[["}\n')
    for read in (read_table, read_raw):
        read(path)
    for depth in (101, 990, 5000, 100_000):
        path.write_text('{"a": ' + "[" * depth + "]" * depth + "}\n")
        for read in (read_table, read_raw):
            refused(lambda read=read: read(path), "line 1", "nested more than 100 deep")
    path.write_text('{"a": [' + ", ".join(["[1]"] * 500) + "]}\n")
    assert len(read_table(path)["a"][0]) == 500


def write_arrow(path, column, **options):
    table = pa.table({"k": pa.array(range(len(column))), "v": column})
    with pa.ipc.new_file(path, table.schema, **options) as writer:
        writer.write_table(table)
    return path


def views_of_one_text(n, size):
    """Return n views, each of which leaves one more character of one text out."""
    view = np.zeros((n, 4), np.int32)
    view[:, 0], view[:, 3] = size - np.arange(n), np.arange(n)
    view[:, 1] = int.from_bytes(b"xxxx", "little")
    buffers = [None, pa.py_buffer(view.tobytes()), pa.py_buffer(b"x" * size)]
    return pa.Array.from_buffers(pa.string_view(), n, buffers)


N_ROWS, LONG = 100, 10_000
BOMBS = {
    "nulls in lists": pa.ListArray.from_arrays(
        pa.array(range(0, (N_ROWS + 1) * LONG, LONG), pa.int32()),
        pa.nulls(N_ROWS * LONG),
    ),
    "nulls in lists of one size": pa.FixedSizeListArray.from_arrays(
        pa.nulls(N_ROWS * LONG), LONG
    ),
    "nulls in records": pa.StructArray.from_arrays(
        [pa.FixedSizeListArray.from_arrays(pa.nulls(N_ROWS * LONG), LONG)], ["k"]
    ),
    "empty lists": pa.array([[]] * (200 * N_ROWS), pa.list_(pa.int8())),
    "lists of the same texts": pa.ListViewArray.from_arrays(
        pa.array([0] * N_ROWS, pa.int32()),
        pa.array([LONG] * N_ROWS, pa.int32()),
        pa.array(["a"] * LONG),
    ),
    "views of one text": views_of_one_text(N_ROWS, LONG),
    "views of one text in lists": pa.FixedSizeListArray.from_arrays(
        views_of_one_text(N_ROWS, LONG), 1
    ),
}


@READERS
@pytest.mark.parametrize("name", BOMBS)
def test_cells_that_share_their_bytes_are_counted_one_by_one(tmp_path, read, name):
    path = write_arrow(tmp_path / "t.arrow", BOMBS[name])
    assert path.stat().st_size < 300_000
    refused(lambda: read(path, max_bytes=900_000), path, "more than 900000 bytes")


@pytest.mark.parametrize(
    "column",
    [
        pa.array([[1.5, 2.5]] * 1000, pa.list_(pa.float32(), 2)),
        pa.array([["ab", None], None] * 500),
        pa.array([["ab", None], None] * 500, pa.list_view(pa.string())),
        pa.array([{"a": [1, 2], "b": "c"}, None] * 500),
        pa.array([[("a", 1)], None] * 500, pa.map_(pa.string(), pa.int64())),
        pa.array(["a", None] * 500, pa.string_view()),
        pa.array([[True, None]] * 1000),
    ],
    ids=lambda column: str(column.type),
)
def test_nested_cells_fit_where_they_are_few(tmp_path, column):
    path = write_arrow(tmp_path / "t.arrow", column)
    assert read_table(path, max_bytes=250_000).shape == (1000, 2)
    refused(lambda: read_table(path, max_bytes=9_000), "9000 bytes")


def test_a_sample_of_views_of_text(tmp_path):
    texts = pa.array([f"a text of more than twelve bytes {i}" for i in range(1000)])
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    path = write_arrow(
        tmp_path / "t.arrow", texts.cast(pa.string_view()), options=options
    )
    sample = read_table(path, max_rows=9, max_bytes=60_000)
    expected = read_table(path, max_rows=9)
    assert sample["v"].tolist() == expected["v"].tolist()
    assert sample.index.tolist() == expected.index.tolist()


@pytest.mark.parametrize("name", ["a\0.csv", "\ud800.csv"])
def test_a_name_that_no_file_has_is_refused_in_one_sentence(tmp_path, name):
    table = pa.table({"a": ["1"]})
    refused(lambda: write_raw(table, tmp_path / name), ascii(name)[1:-1], "no name of")
    assert os.listdir(tmp_path) == []
