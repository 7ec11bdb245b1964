"""Tables that real files hold and models do not expect: columns, containers, labels."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import scipy.sparse as sp

WORDS = np.array(["Oslo", "Rome", "Bern", "Lima"])
START = np.datetime64("2024-01-01T00:00:00", "s")


# ---------------------------------------------------------------- columns
# each is called with a generator and the classes of the rows (0, 1, ...)
def _normal(rng, y):
    return rng.normal(size=len(y)) + y


def _cells(n, kind):
    """Return an array of objects with one cell for each row."""
    out = np.empty(n, dtype=object)
    out[:] = [kind(i) for i in range(n)]
    return out


def _sometimes(values, rng, other, share=0.2):
    out = np.asarray(values, dtype=object).copy()
    rows = np.flatnonzero(rng.random(len(out)) < share)
    for i in rows:
        out[i] = other
    return out


def _with_holes(rng, y):
    return np.where(rng.random(len(y)) < 0.3, np.nan, _normal(rng, y))


def _one_value(rng, y):
    out = np.full(len(y), np.nan)
    out[rng.integers(len(y))] = 3.5
    return out


def _infinite(rng, y):
    out = _normal(rng, y)
    out[rng.choice(len(y), 3, replace=False)] = np.inf, -np.inf, np.inf
    return out


def _with(*cells):
    def column(rng, y):
        out = _normal(rng, y)
        out[rng.choice(len(y), len(cells), replace=False)] = cells
        return out

    return column


def _ragged(rng, y):
    return _cells(len(y), lambda i: list(range(i % 4)))


def _arrays(rng, y):
    return _cells(len(y), lambda i: rng.normal(size=3) + y[i])


def _dicts(rng, y):
    return _cells(len(y), lambda i: {"k": i % 3, "deep": {"l": [1, {"m": i % 2}]}})


def _sets(rng, y):
    return _cells(len(y), lambda i: {i % 3, "a"})


def _mixed(rng, y):
    kinds = (1.5, "text", None, True, 7, date(2024, 1, 1), b"\xff", (1, 2))
    return _cells(len(y), lambda i: kinds[i % len(kinds)])


def _numbers_and_text(rng, y):
    return _sometimes(_normal(rng, y), rng, "unknown")


def _words(rng, y):
    return WORDS[rng.integers(0, 4, len(y))].astype(object)


def _dates(rng, y):
    return START + rng.integers(0, 10**7, len(y)).astype("m8[s]")


def _zoned(rng, y):
    moments = pd.Series(_dates(rng, y))
    return moments.dt.tz_localize(
        "Europe/Berlin", ambiguous=np.zeros(len(y), bool), nonexistent="shift_forward"
    )


def _half_zoned(rng, y):
    def moment(i):
        zone = UTC if i % 2 else None
        return datetime(2024, 1, 1 + i % 28, tzinfo=zone)

    return _cells(len(y), moment)


def _plain_dates(rng, y):
    return _cells(len(y), lambda i: date(2024, 1 + i % 12, 1))


def _date_texts(rng, y):
    return _cells(len(y), lambda i: f"{1 + i % 28:02d}/{1 + i % 12:02d}/2024")


def _long_text(rng, y):
    return _cells(len(y), lambda i: " ".join(rng.choice(WORDS, 12)) + f" {i}.")


def _categories(rng, y):
    values = [*WORDS[:3], None]
    cells = [values[k] for k in rng.integers(0, 4, len(y))]
    return pd.Series(pd.Categorical(cells, categories=[*WORDS, "never"]))


def _ordered(rng, y):
    codes = rng.integers(0, 3, len(y))
    return pd.Series(pd.Categorical(codes, categories=[0, 1, 2, 9], ordered=True))


def _wrapped(dtype, make):
    """Return a maker of columns of a pandas dtype of its own."""

    def column(rng, y):
        return pd.Series(_sometimes(make(rng, y), rng, None), dtype=dtype)

    return column


def _integers(rng, y):
    return rng.integers(-5, 5, len(y))


def _decimals(rng, y):
    return _cells(len(y), lambda i: None if i % 7 == 0 else Decimal(i) / 8)


COLUMNS = {
    "numbers": _normal,
    "integers": _integers,
    "numbers with holes": _with_holes,
    "one value only": _one_value,
    "one class only": lambda rng, y: np.where(y == 0, _normal(rng, y), np.nan),
    "one source only": lambda rng, y: np.where(
        np.arange(len(y)) < 20, _normal(rng, y), np.nan
    ),
    "infinite cells": _infinite,
    "only infinite": lambda rng, y: np.full(len(y), np.inf),
    "1e200": _with(1e200),
    "1e308": _with(1e308, -1.7e308),
    "all near 1e308": lambda rng, y: np.abs(_normal(rng, y)) * 1e307 + 1e308 * (y % 2),
    "subnormal": lambda rng, y: rng.integers(1, 9, len(y)) * 5e-324,
    "tiny": lambda rng, y: _normal(rng, y) * 1e-300,
    "beyond 2**53": lambda rng, y: 2**53 + rng.integers(0, 9, len(y)),
    "beyond 64 bits": lambda rng, y: _cells(len(y), lambda i: 2**70 + i % 9),
    "uint64": lambda rng, y: np.uint64(2**63) + rng.integers(0, 9, len(y), np.uint64),
    "lists": _ragged,
    "arrays": _arrays,
    "arrays and blanks": lambda rng, y: _sometimes(_arrays(rng, y), rng, None),
    "dicts": _dicts,
    "sets": _sets,
    "mixed types": _mixed,
    "numbers and text": _numbers_and_text,
    "words": _words,
    "words and blanks": lambda rng, y: _sometimes(_words(rng, y), rng, None),
    "long text": _long_text,
    "each cell once": lambda rng, y: _cells(len(y), lambda i: f"id-{i}"),
    "a level once": lambda rng, y: _cells(len(y), lambda i: "rare" if i == 7 else "a"),
    "empty texts": lambda rng, y: _cells(len(y), lambda i: "" if i % 2 else " "),
    "dates": _dates,
    "dates with a zone": _zoned,
    "dates half with a zone": _half_zoned,
    "dates of Python": _plain_dates,
    "dates as text": _date_texts,
    "dates and blanks": lambda rng, y: np.where(
        y == 0, _dates(rng, y), np.datetime64("NaT")
    ),
    "durations": lambda rng, y: rng.integers(0, 10**5, len(y)).astype("m8[s]"),
    "durations of Python": lambda rng, y: _cells(len(y), lambda i: timedelta(hours=i)),
    "periods": lambda rng, y: pd.Series(pd.PeriodIndex(_dates(rng, y), freq="M")),
    "intervals": lambda rng, y: pd.Series(pd.cut(_normal(rng, y), 4)),
    "times of day": lambda rng, y: _cells(
        len(y), lambda i: datetime(2024, 1, 1, i % 24).time()
    ),
    "all missing": lambda rng, y: np.full(len(y), np.nan),
    "all None": lambda rng, y: np.full(len(y), None, dtype=object),
    "all NaT": lambda rng, y: np.full(len(y), np.datetime64("NaT", "s")),
    "constant": lambda rng, y: np.full(len(y), 2.0),
    "constant text": lambda rng, y: np.full(len(y), "same", dtype=object),
    "booleans": lambda rng, y: rng.random(len(y)) < 0.4,
    "booleans and blanks": lambda rng, y: _sometimes(
        rng.random(len(y)) < 0.4, rng, None
    ),
    "boolean": _wrapped("boolean", lambda rng, y: rng.random(len(y)) < 0.4),
    "Int64": _wrapped("Int64", _integers),
    "Float32": _wrapped("Float32", _normal),
    "string": _wrapped("string", _words),
    "arrow integers": _wrapped("int64[pyarrow]", _integers),
    "arrow text": _wrapped("string[pyarrow]", _words),
    "arrow dates": _wrapped(
        "timestamp[us][pyarrow]", lambda rng, y: _dates(rng, y).astype(object)
    ),
    "arrow lists": lambda rng, y: pd.Series(
        [[float(k), 1.0] for k in y], dtype=pd.ArrowDtype(pa.list_(pa.float64()))
    ),
    "sparse column": lambda rng, y: pd.Series(
        pd.arrays.SparseArray(np.maximum(_normal(rng, y), 0))
    ),
    "categories": _categories,
    "ordered numbers": _ordered,
    "decimals": _decimals,
    "bytes": lambda rng, y: _cells(len(y), lambda i: bytes([65 + i % 4, 255])),
    "complex": lambda rng, y: _normal(rng, y) + 1j,
    "numbers as text": lambda rng, y: _cells(len(y), lambda i: f"${i},000.50"),
    "surrogates": lambda rng, y: _cells(len(y), lambda i: "\ud800" if i % 2 else "a"),
    "null bytes": lambda rng, y: _cells(len(y), lambda i: "a\x00" if i % 2 else "a"),
    "float16": lambda rng, y: _normal(rng, y).astype(np.float16),
    "longdouble": lambda rng, y: _normal(rng, y).astype(np.longdouble),
    "int8": lambda rng, y: rng.integers(-128, 128, len(y)).astype(np.int8),
}


# ---------------------------------------------------------------- containers
def _pandas(columns, rng):
    n = len(next(iter(columns.values())))
    index = [
        pd.RangeIndex(n),
        pd.Index(rng.permutation(n) - 7),
        pd.Index(np.arange(n) // 2),
        pd.MultiIndex.from_arrays([np.arange(n), np.arange(n) % 2]),
    ][rng.integers(4)]
    frame = pd.DataFrame({k: _as_pandas(v) for k, v in columns.items()})
    return frame.set_axis(index)


def _as_pandas(values):
    try:
        return pd.Series(values)
    except UnicodeEncodeError:
        return pd.Series(values, dtype=object)


def _with_names(rename):
    def build(columns, rng):
        frame = _pandas(columns, rng)
        return frame.set_axis(rename(list(frame.columns)), axis=1)

    return build


def _polars(columns, rng):
    return pl.DataFrame(
        {k: _with_library(_as_polars, v) for k, v in columns.items()}, strict=False
    )


def _as_polars(values):
    if isinstance(values, pd.Series):
        return pl.from_pandas(values)
    if values.dtype == object:
        return pl.Series(values.tolist(), strict=True)
    return pl.Series(values)


def _as_polars_object(values):
    return pl.Series(list(values), dtype=pl.Object)


def _with_library(make, values):
    """Let a library read a column, or its text where it has no type for it."""
    try:
        return make(values)
    except Exception:  # its own limits are not examined
        if make is _as_polars:
            return _with_library(_as_polars_object, values)
        return make(np.array([ascii(v) for v in values], dtype=object))


def _arrow(columns, rng):
    return pa.table({k: _with_library(_as_arrow, v) for k, v in columns.items()})


def _as_arrow(values):
    return pa.array(values, from_pandas=True)


def _plain(values):
    values = np.asarray(values)
    return values if values.dtype.kind in "biufc" else pd.factorize(values)[0]


def _numbers(columns):
    cells = []
    for values in columns.values():
        try:
            cells.append(np.asarray(values).astype(float))
        except (TypeError, ValueError):
            cells.append(np.asarray(values).shape[0] * [0.5])
    return np.column_stack(cells)


def _array(dtype):
    def build(columns, rng):
        with np.errstate(over="ignore", invalid="ignore"):
            cells = _numbers(columns)
            if np.dtype(dtype).kind in "iub":
                cells = np.nan_to_num(cells)
            return np.asarray(
                np.clip(cells, -1e3, 1e3) if dtype != "f8" else cells
            ).astype(dtype)

    return build


def _objects(columns, rng):
    out = np.empty((len(next(iter(columns.values()))), len(columns)), dtype=object)
    for j, values in enumerate(columns.values()):
        out[:, j] = _cells(len(out), list(values).__getitem__)
    return out


def _sparse(kind):
    def build(columns, rng):
        cells = np.nan_to_num(_numbers(columns), posinf=3, neginf=-3)
        return kind(np.where(np.abs(cells) < 0.5, 0, cells))

    return build


CONTAINERS = {
    "pandas": _pandas,
    "polars": _polars,
    "pyarrow": _arrow,
    "float64": _array("f8"),
    "float32": _array("f4"),
    "float16": _array("f2"),
    "integers": _array("i4"),
    "booleans": _array("?"),
    "objects": _objects,
    "csr_matrix": _sparse(sp.csr_matrix),
    "csc_array": _sparse(sp.csc_array),
    "csr_array": _sparse(sp.csr_array),
    "coo_matrix": _sparse(sp.coo_matrix),
    "list": lambda columns, rng: _objects(columns, rng).tolist(),
    "names of numbers": _with_names(lambda names: list(range(len(names)))),
    "names of all kinds": _with_names(lambda names: [0, *names[1:]]),
    "names repeated": _with_names(lambda names: [names[0]] * len(names)),
    "names of two levels": _with_names(
        lambda names: pd.MultiIndex.from_tuples([("a", name) for name in names])
    ),
    "names that are empty": _with_names(lambda names: ["", *names[1:]]),
}
ODDS = np.array([8, 3, 2, 2, 1, 0.5, 0.5, 0.5, 1, *[0.5] * 4, 1, *[0.5] * 5])

# ---------------------------------------------------------------- labels
LABELS = {
    "text": lambda y: WORDS[y].astype(object),
    "integers": lambda y: y * 10 - 10,
    "booleans": lambda y: y > 0,
    "booleans and blanks": lambda y: np.where(
        np.arange(len(y)) % 9 == 4, None, (y > 0).astype(object)
    ),
    "nullable booleans": lambda y: pd.array(
        [None if i % 9 == 4 else bool(c) for i, c in enumerate(y)], dtype="boolean"
    ),
    "nullable integers": lambda y: pd.array(y, dtype="Int64"),
    "categories": lambda y: pd.Series(pd.Categorical(WORDS[y], [*WORDS, "never"])),
    "a class of one row": lambda y: np.where(
        np.arange(len(y)) == 5, "once", WORDS[y]
    ).astype(object),
    "floats": lambda y: y.astype(float),
    "numbers": lambda y: y + np.arange(len(y)) % 7 / 3.0,
    "whole numbers": lambda y: np.arange(len(y)) * 7 % 53 + y,
    "dates": lambda y: START.astype("M8[D]") + y,
    "moments": lambda y: pd.Series(pd.to_datetime(START) + pd.to_timedelta(y, "D")),
    "one class": lambda y: np.zeros(len(y), dtype=int),
    "strings of arrow": lambda y: pd.Series(WORDS[y], dtype="string[pyarrow]"),
    "bytes": lambda y: WORDS[y].astype("S4"),
    "infinite": lambda y: np.where(np.arange(len(y)) == 3, np.inf, y),
    "decimals": lambda y: np.array([Decimal(int(c)) for c in y], dtype=object),
    "intervals": lambda y: pd.Series(pd.cut(y, 3)),
    "mixed": lambda y: np.where(np.arange(len(y)) == 3, 1, WORDS[y].astype(object)),
}


def odd_columns(names, y, seed):
    """Make the named kinds of columns beside the classes of rows."""
    rng = np.random.default_rng(seed)
    return {f"{j} {name}": COLUMNS[name](rng, y) for j, name in enumerate(names)}


def odd_table(names, container, y, seed):
    """Make a table of the named kinds of columns, in a container."""
    rng = np.random.default_rng(seed)
    return CONTAINERS[container](odd_columns(names, y, seed), rng)


# ---------------------------------------------------------------- target rows
def _retyped(columns, rng):
    """One column of numbers as text, one of words as numbers."""
    out = dict(columns)
    for name in list(out)[:2]:
        values = list(out[name])
        out[name] = np.array(
            [0.5 if isinstance(v, str) else str(v) for v in values], dtype=object
        )
    return out


def _other_categories(columns, rng):
    return {
        name: _cells(len(values), lambda i: f"new {i % 3}")
        if isinstance(next(iter(values)), str)
        else values
        for name, values in columns.items()
    }


def _other_dates(columns, rng):
    out = dict(columns)
    for name, values in columns.items():
        array = np.asarray(values)
        if array.dtype.kind == "M":
            out[name] = array.astype("M8[D]").astype(str).astype(object)
    return out


CHANGES = {
    "same": lambda columns, rng: columns,
    "other types": _retyped,
    "other categories": _other_categories,
    "other dates": _other_dates,
    "a column less": lambda columns, rng: dict(list(columns.items())[1:]) or columns,
    "a column more": lambda columns, rng: columns | {"more": np.zeros(40)},
    "another order": lambda columns, rng: dict(reversed(columns.items())),
    "all missing": lambda columns, rng: {
        k: np.full(len(v), None, dtype=object) for k, v in columns.items()
    },
    "no column in common": lambda columns, rng: {
        f"other {k}": v for k, v in columns.items()
    },
}


def odd_target(names, container, change, seed):
    """Make forty target rows for a table of these columns, changed in some way."""
    rng = np.random.default_rng(seed + 1)
    y = rng.integers(0, 3, 40)
    columns = CHANGES[change](odd_columns(names, y, seed + 1), rng)
    return CONTAINERS[container](columns, rng)
