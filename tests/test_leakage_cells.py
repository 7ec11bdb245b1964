"""Columns whose cells are of any kind neither fail nor warn, nor hide a leak."""

import datetime
import warnings
from decimal import Decimal

import numpy as np
import pandas as pd
import polars as pl
import pytest

from skdataquality.leakage import LeakyColumnSelector, find_identifiers, leakage_lens
from tests.test_leakage_columns import found

N = 200


def _cells(values, dtype=None):
    """A column of 200 cells that repeats some values in random order."""
    picks = np.random.default_rng(5).integers(0, len(values), N)
    cells = np.empty(N, dtype=object)
    cells[:] = [values[k] for k in picks]
    return pd.Series(cells.tolist() if dtype else cells, dtype=dtype or object)


DAYS = [pd.Timestamp("2020-01-01"), pd.Timestamp("2021-05-05"), None]
AWKWARD = {
    "constant": np.ones(N),
    "all missing": np.full(N, np.nan),
    "all None": pd.Series([None] * N, dtype=object),
    "infinite": np.tile([np.inf, -np.inf, 0, np.nan], N // 4),
    "huge": np.geomspace(1e300, 1.7e308, N),
    "tiny": np.geomspace(5e-324, 1e-300, N),
    "int64 extremes": np.tile([2**63 - 1, -(2**63)], N // 2),
    "uint64": np.arange(N, dtype=np.uint64) * 2**56,
    "float16": np.linspace(-60_000, 60_000, N).astype(np.float16),
    "long double": np.linspace(0, 1, N).astype(np.longdouble),
    "boolean with gaps": _cells([True, False, None], "boolean"),
    "booleans as objects": _cells([True, False, None]),
    "Int64 with gaps": _cells([2**62, 2**62 + 1, None], "Int64"),
    "decimals": _cells([Decimal("1.5"), Decimal("NaN"), None]),
    "mixed": _cells([1, "a", None, 2.5, b"x", (1, 2)]),
    "lists": _cells([[1], [1, 2], [], None]),
    "records": _cells([{"a": 1}, {"a": [2]}, None]),
    "arrays": _cells([np.arange(3), np.arange(2), None]),
    "categories": _cells(["a", "b", None], "category"),
    "dates": _cells(DAYS, "datetime64[us]"),
    "dates with zone": _cells([d and d.tz_localize("Asia/Tokyo") for d in DAYS]),
    "zone": _cells(DAYS, "datetime64[us]").dt.tz_localize("Europe/Berlin"),
    "days as objects": _cells([datetime.date(2020, 1, k) for k in range(1, 28)]),
    "durations": _cells([pd.Timedelta(1, "s"), pd.Timedelta(9, "D"), None]).astype(
        "timedelta64[us]"
    ),
    "periods": pd.Series(pd.period_range("2000", periods=N, freq="D")),
    "bytes": _cells([b"a", b"b"]),
    "blank texts": _cells(["", " ", "\n", "-"]),
    "texts of signs": _cells(["?? !! ..", ":) :( ;)"]),
    "complex": _cells([1j, 2 + 0j]),
}


@pytest.mark.parametrize("kind", AWKWARD)
def test_no_cell_is_too_odd(kind):
    rng = np.random.default_rng(0)
    y = rng.integers(0, 2, N)
    X = pd.DataFrame({"a": rng.normal(size=N), "odd": AWKWARD[kind], "copy": y})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = leakage_lens(X, y, X_target=X[:50])
        selector = LeakyColumnSelector().fit(X, y)
    assert result.columns == ("copy",)
    assert list(selector.transform(X).columns) == ["a", "odd"]


POLARS = {
    "days": (pl.Date, datetime.date(2020, 1, 1)),
    "times": (pl.Time, datetime.time(1, 2)),
    "decimals": (pl.Decimal(20, 2), Decimal("1.25")),
    "lists": (pl.List(pl.Float64), [1.0, 2.0]),
    "arrays": (pl.Array(pl.Int64, 2), [1, 2]),
    "records": (pl.Struct({"a": pl.Int64}), {"a": 1}),
    "wide": (pl.Int128, 2**100),
    "nothing": (pl.Null, None),
    "categories": (pl.Categorical, "b"),
    "booleans": (pl.Boolean, True),
}


@pytest.mark.parametrize("kind", POLARS)
def test_no_cell_of_polars_is_too_odd(kind):
    dtype, value = POLARS[kind]
    y = np.random.default_rng(0).integers(0, 2, N)
    some = pl.Series([value if k % 3 else None for k in range(N)], dtype=dtype)
    told = pl.Series([value if k else None for k in y], dtype=dtype)
    X = pl.DataFrame({"some": some, "told": told})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert find_identifiers(X) == []
        assert found(X, y) == ([] if kind == "nothing" else ["told"])


@pytest.mark.parametrize("value", [np.inf, -np.inf])
def test_infinity_is_the_largest_of_numbers(value):
    rng = np.random.default_rng(0)
    y = rng.integers(0, 2, 400)
    X = rng.normal(size=(400, 2))
    X[y == 1, 1] = value
    assert leakage_lens(X, y).suspects == (1,)
