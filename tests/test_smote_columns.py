"""SMOTE column by column: types stay, integers are rounded, categories voted on."""

import warnings
from collections import Counter

import numpy as np
import pytest
import scipy.sparse as sp

from skdataquality.imbalance import SMOTE
from tests.test_smote import three_classes


@pytest.mark.parametrize("dtype", ["u1", "i2", "i8", "u8", ">i4"])
def test_integers_are_rounded_and_keep_their_mean(dtype):
    rng = np.random.default_rng(0)
    X = rng.poisson(2, size=(5000, 3)).astype(dtype)
    y = np.r_[np.zeros(4800), np.ones(200)]
    sampler = SMOTE(random_state=0)
    made, _ = sampler.fit_resample(X, y)
    assert made.dtype == dtype
    line = sampler.lineage_.parents[5000:] @ X.astype(float)
    assert np.abs(made[5000:] - line).max() <= 0.5 + 1e-9
    bias = (made[5000:] - line).mean(axis=0)  # cutting off gives -.2 to -.5
    assert np.all(np.abs(bias) < 0.03)


def test_integers_beyond_those_of_floats_stay_between_their_parents():
    y = np.r_[np.zeros(40), np.ones(10)]
    for dtype, offset in (("i8", 2**62), ("u8", 2**63), ("i8", -(2**63))):
        X = (np.arange(50) % 10).astype("u8") + np.array(offset % 2**64, dtype="u8")
        X = X.astype(dtype)[:, None]
        made, _ = SMOTE(k_neighbors=2, random_state=0).fit_resample(X, y)
        steps = made.astype("u8") - np.array(offset % 2**64, dtype="u8")
        assert steps.max() <= 9
        assert len(np.unique(steps)) == 10


def test_a_constant_column_stays_constant():
    X, y = three_classes()
    X[:, 1] = 0.1
    X[:, 2] = 1e16
    made, _ = SMOTE(random_state=0).fit_resample(X, y)
    assert np.all(made[:, 1] == 0.1)
    assert np.all(made[:, 2] == 1e16)


def test_what_a_column_has_in_common_does_not_change_its_neighbours():
    X, y = three_classes()
    scaled = np.round(X * 2**10)
    exact, _ = SMOTE(random_state=0).fit_resample(scaled.astype(int), y)
    moved, _ = SMOTE(random_state=0).fit_resample(scaled.astype(int) + 2**60, y)
    np.testing.assert_array_equal(exact, moved - 2**60)


def test_a_category_is_the_most_frequent_of_the_neighbours():
    # on a line: rows 2 and 3 have neighbours b, b; the ends one of each
    X = np.array([[0, "a"], [1, "b"], [2.1, "a"], [3.3, "b"]], dtype=object)
    X = np.r_[X, X]
    y = np.r_[np.zeros(4), np.ones(4)]
    X[:4, 0] += 100
    sampler = SMOTE(sampling_strategy={0: 104}, k_neighbors=2, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        made, _ = sampler.fit_resample(X, y)
    (line,) = sampler._lines
    first = line.drawn()[0]
    expected = []
    for row in first:
        seen = Counter(X[line.neighbors[row], 1].tolist()).most_common()
        tied = len(seen) > 1
        expected.append(X[row, 1] if tied else seen[0][0])
    assert made[8:, 1].tolist() == expected
    assert all(type(cell) is float for cell in made[8:, 0])


def mixed_frame(pd, n=90):
    rng = np.random.default_rng(0)
    X = pd.DataFrame(
        {
            "float": rng.normal(size=n),
            "float32": rng.normal(size=n).astype(np.float32),
            "int": rng.integers(0, 50, n),
            "uint8": rng.integers(0, 250, n).astype(np.uint8),
            "bool": rng.random(n) < 0.5,
            "text": rng.choice(["x", "y", "z"], n),
            "Int64": pd.array(rng.integers(0, 50, n), dtype="Int64"),
            "boolean": pd.array(rng.random(n) < 0.5, dtype="boolean"),
            "category": pd.Categorical(rng.choice(["x", "y"], n), ["x", "y", "unused"]),
            "date": pd.date_range("2024-01-01", periods=n, tz="Europe/Paris"),
            "days": pd.to_timedelta(rng.integers(0, 50, n), unit="D"),
            "period": pd.period_range("2024-01", periods=n, freq="M"),
            "sparse": pd.arrays.SparseArray(np.maximum(rng.normal(size=n), 0)),
            "object": rng.integers(0, 50, n).astype(object),
        }
    )
    X.loc[[3, 80, 81], ["text", "boolean"]] = pd.NA
    return X, np.repeat(["many", "few"], [70, 20])


def test_pandas_columns_keep_their_types():
    pd = pytest.importorskip("pandas")
    X, y = mixed_frame(pd)
    sampler = SMOTE(random_state=0)
    made, labels = sampler.fit_resample(X, pd.Series(y, name="size", dtype="category"))
    pd.testing.assert_series_equal(made.dtypes, X.dtypes)
    pd.testing.assert_frame_equal(made[:90], X)
    assert labels.name == "size"
    assert labels.value_counts().to_dict() == {"many": 70, "few": 70}
    few = X[y == "few"]
    for name in ("date", "days", "period", "text", "category"):
        assert set(made[name][90:].dropna()) <= set(few[name].dropna())
    nearest = sampler.lineage_.parents.toarray().argmax(axis=1)
    assert made["date"].tolist() == X["date"].iloc[nearest].tolist()


@pytest.mark.parametrize(
    ("index", "new"),
    [
        (range(90), [90, 91]),
        (range(100, 190), [-1, -2]),
        (np.arange(90)[::-1] - 5, [-6, -7]),
    ],
)
def test_new_rows_have_labels_of_their_own(index, new):
    pd = pytest.importorskip("pandas")
    X, y = mixed_frame(pd)
    X.index = pd.Index(index, name="id")
    made, labels = SMOTE(random_state=0).fit_resample(X, pd.Series(y, index=X.index))
    assert made.index[:90].equals(X.index)
    assert made.index[90:92].tolist() == new
    assert made.index.is_unique
    assert made.index.name == "id"
    pd.testing.assert_index_equal(labels.index, made.index)


def test_new_rows_are_nameless_where_rows_have_names():
    pd = pytest.importorskip("pandas")
    X, y = mixed_frame(pd)
    names = pd.Index([f"customer {i}" for i in range(90)])
    for index in (
        names,
        pd.date_range("2024-01-01", periods=90),
        pd.MultiIndex.from_product([range(9), list("abcdefghij")]),
    ):
        made, _ = SMOTE(random_state=0).fit_resample(X.set_axis(index), y)
        assert type(made.index) is type(index)
        assert made.index[:90].equals(index)
        assert made.index.to_frame()[90:].isna().all(axis=None)


def test_polars_columns_keep_their_types():
    pl = pytest.importorskip("polars")
    pd = pytest.importorskip("pandas")
    X, y = mixed_frame(pd)
    frame = pl.DataFrame(
        {name: X[name].tolist() for name in ("float", "int", "bool", "date")}
    ).with_columns(
        pl.col("float").cast(pl.Float32).alias("float32"),
        pl.col("int").cast(pl.Decimal(10, 2)).alias("decimal"),
        pl.col("int").cast(pl.UInt8).alias("uint8"),
        pl.Series("text", X["category"].tolist()),
        pl.Series("categorical", X["category"].tolist(), dtype=pl.Categorical),
        pl.Series("enum", X["category"].tolist(), dtype=pl.Enum(["x", "y", "z"])),
        pl.concat_list("int", "int").alias("list"),
    )
    made, labels = SMOTE(random_state=0).fit_resample(frame, pl.Series("size", y))
    assert made.schema == frame.schema
    assert made[:90].equals(frame)
    assert labels.dtype == pl.String
    plain, _ = SMOTE(random_state=0).fit_resample(frame.to_pandas(), y)
    np.testing.assert_allclose(made["float"].to_numpy(), plain["float"])


def test_lists_of_mixed_cells_keep_their_types():
    rows = [[0.5 + i, "a", 3] for i in range(9)] + [[1.5 * i, "b", i] for i in range(4)]
    made, labels = SMOTE(k_neighbors=2, random_state=0).fit_resample(
        rows, ["x"] * 9 + ["y"] * 4
    )
    assert made[:13] == rows
    assert labels == ["x"] * 9 + ["y"] * 9
    assert [tuple(map(type, row)) for row in made[13:]] == [(float, str, int)] * 5


def test_missing_numbers_are_refused_by_column():
    pd = pytest.importorskip("pandas")
    X, y = mixed_frame(pd)
    X.loc[4, ["float", "date"]] = None
    for call in (SMOTE().fit, SMOTE().fit_resample):
        with pytest.raises(ValueError, match=r"NaN in 2 column.*: float, date\. .*imp"):
            call(X, y)
    table = np.zeros((90, 3))
    table[7, 1] = np.inf
    for given in (table, sp.csr_array(table)):
        with pytest.raises(ValueError, match=r"infinity in 1 column.*: 1\."):
            SMOTE().fit_resample(given, y)
