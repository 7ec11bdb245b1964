"""Odd columns: no single one stops a diagnosis, a model, a look at target rows.

What is left out or read in another way is named in a note.
"""

import warnings
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import scipy.sparse as sp
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.linear_model import LogisticRegression

from benchmarks import odd_frames
from benchmarks._odd_tables import CHANGES, COLUMNS, CONTAINERS, LABELS, odd_table
from skdataquality import diagnose
from skdataquality.compose import RemedyChain, UsableColumns
from skdataquality.compose._default import default_model
from skdataquality.duplicates import Deduplicator, duplicate_groups
from skdataquality.label_noise import (
    ForwardCorrectedLogisticRegression,
    KNNOutlierDetector,
)
from skdataquality.model_selection import compare_remedies
from skdataquality.shift import DiscriminatorWeighter, TargetData, shift_lens
from skdataquality.utils._frames import is_plain, match_columns

Y = np.random.default_rng(0).integers(0, 3, 80)
FRAMES = ["pandas", "polars", "pyarrow"]


def objects(*cells):
    out = np.empty(len(cells), dtype=object)
    out[:] = cells
    return out


def read(values, **options):
    """A column as it is read, and the note on it."""
    usable = UsableColumns(**options).fit(pd.DataFrame({"a": pd.Series(values)}))
    out = usable.transform(pd.DataFrame({"a": pd.Series(values)}))
    return out, usable.notes_.get("a", "")


# -- how one column is read ------------------------------------------------------------


def test_an_infinite_cell_is_the_largest_or_smallest_number_and_named():
    out, note = read([1.0, np.inf, 3.0, -np.inf])
    assert out["a"].tolist() == [1, 3, 3, 1]
    assert note == "2 infinite cells, read as the largest or smallest number"


@pytest.mark.parametrize("unit", [1e200, 1e308 / 4, 5e-324, 1e-300])
def test_numbers_of_any_size_keep_their_order_and_ratios(unit):
    values = np.array([1.0, 2.0, 4.0, -2.0]) * unit
    out, note = read(values)
    assert_allclose(out["a"] / out["a"][0], [1, 2, 4, -2])
    assert np.abs(out["a"]).max() <= 1
    assert note == ""


def test_lists_of_equally_many_numbers_become_columns():
    out, note = read([[1.0, 2.0], None, np.array([3, 4])])
    assert list(out.columns) == ["a[0]", "a[1]"]
    assert_array_equal(out, [[1, 2], [np.nan, np.nan], [3, 4]])
    assert note == "lists of 2 numbers, read as 2 columns"


@pytest.mark.parametrize(
    ("values", "note"),
    [
        ([[1], [1, 2]], "lists of different lengths, left out"),
        ([["a"], ["b"]], "lists of other things than numbers, left out"),
        ([[[1]], [[2]]], "nested lists, left out"),
        ([{"a": {"b": [1]}}, {}], "records or sets in cells, left out"),
        ([{1}, {2}], "records or sets in cells, left out"),
        ([1j, 2j], "complex numbers, left out"),
    ],
)
def test_cells_that_no_model_reads_are_left_out_and_named(values, note):
    out, said = read(objects(*values) if not isinstance(values[0], complex) else values)
    assert said == note
    assert list(out.columns) == ["without any column"]  # of zeros
    assert not out.to_numpy().any()


def test_mixed_types_are_read_as_text_and_named():
    out, note = read(objects(1.5, "x", None))
    assert out["a"].tolist()[:2] == ["1.5", "x"]
    assert out["a"].isna().tolist() == [False, False, True]
    assert note == "mixed types (float, str), read as text"


def test_dates_with_and_without_a_zone_are_read_as_utc():
    berlin = pd.Timestamp("2024-01-01 01:00", tz="Europe/Berlin")
    out, note = read(
        objects(datetime(2024, 1, 1), berlin, datetime(2024, 1, 1, 0, 0, 0, 0, UTC))
    )
    assert out["a"].nunique() == 1
    assert note == "dates with and without a time zone, all read as UTC"


@pytest.mark.parametrize(
    ("values", "numbers"),
    [
        (objects(Decimal("0.5"), None), [0.5, np.nan]),
        (objects(True, None), [1, np.nan]),
        (objects(2**70, -(10**400)), [2.0**70, 2.0**70]),
        (pd.array([1, None], dtype="Int64"), [1, np.nan]),
        (np.array([90, 30], "m8[m]"), [5400, 1800]),
        (pd.arrays.SparseArray([0.0, 2.0]), [0, 2]),
    ],
)
def test_numbers_of_every_kind_are_read(values, numbers):
    out, _ = read(values)
    assert_array_equal(out["a"], numbers)


def test_few_values_beside_holes_are_not_used_and_named():
    values = np.full(40, np.nan)
    values[:3] = 1, 2, 3
    out, note = read(values)
    assert not out["a"].any()
    assert note == "3 values only, not used by models"


def test_moments_may_be_seconds():
    out, _ = read(np.array(["1970-01-02", "NaT"], "M8[D]"), moments="seconds")
    assert_array_equal(out["a"], [86400, np.nan])


@pytest.mark.parametrize("container", FRAMES)
@pytest.mark.parametrize("kind", COLUMNS)
def test_rows_to_come_are_read_as_the_fitted_ones(kind, container):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        X = odd_table(["numbers", kind], container, Y, seed=3)
        other = odd_table(["numbers", "mixed types"], container, Y, seed=4)
    names = list(X.column_names if container == "pyarrow" else X.columns)
    if container == "pyarrow":
        other = other.rename_columns(names)
    elif container == "pandas":
        other = other.set_axis(names, axis=1)
    else:
        other = other.rename(dict(zip(other.columns, names, strict=True)))
    usable = UsableColumns().fit(X)
    for table in (X, other):
        out = usable.transform(table)
        assert len(out) == len(Y)
        assert list(out.columns) == list(usable.transform(X).columns)
    assert is_plain(X) <= is_plain(usable.transform(X))


def test_arrays_and_sparse_matrices_keep_their_container():
    cells = np.array([[1.0, np.inf], [np.nan, 2.0]])
    assert_array_equal(UsableColumns().fit_transform(cells), [[1, 2], [np.nan, 2]])
    sparse = sp.csr_array(cells)
    out = UsableColumns().fit_transform(sparse)
    assert sp.issparse(out)
    assert np.isfinite(out.data).all()
    assert np.isnan(sparse.data).any()  # the input is as it was


# -- the default model -----------------------------------------------------------------


def test_a_column_filled_in_one_part_only_does_not_stop_a_fit():
    X = np.random.default_rng(0).normal(size=(80, 2))
    X[:40, 1] = np.nan
    model = default_model(X)
    proba = model.fit(X[:40], Y[:40]).predict_proba(X)  # without any value there
    assert np.isfinite(proba).all()


@pytest.mark.parametrize("library", [pd.DataFrame, pl.DataFrame])
def test_text_whose_first_cell_is_missing_is_encoded(library):
    X = library({"town": [None, "Rome", "Oslo", None] * 10, "n": range(40)})
    assert default_model(X).fit(X, Y[:40]).predict(X).shape == (40,)


def test_plain_numbers_need_no_step():
    assert not hasattr(default_model(np.ones((5, 2))), "steps")
    assert hasattr(default_model(np.ones((5, 2)), X_target=[[np.inf, 1]]), "steps")
    assert hasattr(default_model(np.full((5, 2), 1e200)), "steps")


@pytest.mark.parametrize("kind", [sp.csr_matrix, sp.csc_array, sp.csr_array])
def test_sparse_matrices_are_diagnosed(kind):
    rng = np.random.default_rng(0)
    y = rng.integers(0, 3, 250)
    X = rng.normal(size=(250, 4)) + 2 * y[:, None]
    report = diagnose(kind(np.where(X > 0.5, X, 0)), y, cv=2)
    assert report.lenses["label_noise"].numbers  # a model was fitted


# -- diagnose --------------------------------------------------------------------------


@pytest.fixture
def table():
    rng = np.random.default_rng(1)
    return pd.DataFrame(
        {
            "size": rng.normal(size=80) + Y,
            "town": np.array(["A", "B", "C"])[rng.integers(0, 3, 80)],
        }
    )


def test_the_report_names_columns_that_models_cannot_use(table):
    table["parts"] = [{"a": 1}] * 80
    table["far"] = np.where(np.arange(80) == 3, np.inf, table["size"])
    notes = diagnose(table, Y, cv=2).notes
    assert "column parts: records or sets in cells, left out" in notes
    assert any(n.startswith("column far: 1 infinite cells, read as") for n in notes)


def test_a_label_of_booleans_with_blanks_is_one_of_booleans(table):
    table["y"] = [None, *(Y[1:] > 0).tolist()]
    report = diagnose(table, "y", cv=2)
    assert report.label_kind == "classes"
    assert report.notes[0].startswith("1 row without a label is left out")


@pytest.mark.parametrize("unit", ["ns", "us", "s"])
def test_labels_that_are_dates_are_shown_as_dates(table, unit):
    days = (np.datetime64("2024-01-01") + Y).astype(f"M8[{unit}]")
    plain = diagnose(table, days, cv=2).to_dict()
    assert "2024-01-02" in str(plain)
    assert "17040672" not in str(plain)


def test_an_estimator_that_fails_is_named_with_the_columns(table):
    with pytest.raises(ValueError, match="town") as error:
        diagnose(table, Y, estimator=LogisticRegression(), cv=2)
    said = str(error.value)
    assert said.startswith("estimator=LogisticRegression failed on X: ValueError: ")
    assert said.count("\n") < 3
    assert error.value.__cause__ is not None


def test_messages_about_columns_are_printable():
    evil = "\x1b]0;x\x07\u202e"
    X = pd.DataFrame({"a": np.arange(40.0), evil: [evil, "b"] * 20})
    with pytest.raises(ValueError, match="failed on X") as caught:
        diagnose(X, np.arange(40) % 2, estimator=LogisticRegression())
    assert r"\x1b]0;x\x07\u202e (text)" in str(caught.value)
    assert str(caught.value).replace("\n", "").isprintable()


def test_names_of_mixed_types_stop_nothing(table):
    report = diagnose(table.set_axis([0, "town"], axis=1), Y, cv=2)
    assert report.n_columns == 2


@pytest.mark.parametrize("cells", [{"a": 1}, [1, 2], date(2020, 1, 1), 1j, {1}])
def test_cells_that_are_no_numbers_are_named_where_distances_are_taken(cells):
    X = pd.DataFrame({"size": np.arange(80.0), "odd": objects(*[cells] * 80)})
    with pytest.raises(ValueError, match=r"what is no number.*Columns: odd \("):
        KNNOutlierDetector().fit(X)


def test_everything_odd_about_numbers_is_said():
    X = pd.DataFrame({"few": [np.nan, 1.0] * 40, "far": np.inf})
    with pytest.raises(ValueError, match=r"contains NaN and infinity.*few \(40.*far"):
        ForwardCorrectedLogisticRegression().fit(X, np.arange(80) % 2)


def test_text_for_an_estimator_of_numbers_is_named():
    X = pd.DataFrame({"a": ["x", "y"] * 10, "b": range(20)})
    with pytest.raises(ValueError, match=r"Columns: a \(text\)"):
        KNNOutlierDetector().fit(X)


# -- target rows -----------------------------------------------------------------------


def test_differences_of_target_columns_are_named_one_by_one(table):
    target = pd.DataFrame({"size": ["1.5", "2"] * 20, "town": range(40), "more": 0})
    X, theirs, notes = match_columns(table.assign(here=1.0), target)
    assert notes == [
        "X_target lacks here: left out of both",
        "only X_target has more: ignored",
        "column size: numbers in X, text in X_target; read as numbers",
        "column town: text in X, numbers in X_target; left out of both",
    ]
    assert list(X.columns) == list(theirs.columns) == ["size"]
    assert theirs["size"].tolist()[:2] == [1.5, 2]
    report = diagnose(table.assign(here=1.0), Y, X_target=target, cv=2)
    assert set(notes) <= set(report.notes)


def test_iso_dates_as_text_are_dates():
    days = pd.DataFrame({"day": pd.to_datetime(["2024-01-01", "2024-01-02"])})
    _, theirs, notes = match_columns(days, days.astype(str))
    assert theirs["day"].tolist() == days["day"].tolist()
    assert notes == ["column day: dates in X, text in X_target; read as dates"]


def test_nothing_in_common_is_refused():
    with pytest.raises(ValueError, match="no column that can be compared") as error:
        match_columns(pd.DataFrame({"a": ["x"]}), pd.DataFrame({"a": [1.5], "b": [1]}))
    assert "column a: text in X, numbers in X_target" in str(error.value)
    with pytest.raises(ValueError, match="share no column name"):
        match_columns(pd.DataFrame({"a": [1]}), pd.DataFrame({"b": [1], "c": [1]}))


@pytest.mark.parametrize("theirs", FRAMES)
@pytest.mark.parametrize("ours", FRAMES)
def test_the_library_of_a_frame_does_not_matter(ours, theirs, table):
    kinds = {
        "pandas": pd.DataFrame,
        "polars": pl.from_pandas,
        "pyarrow": pa.Table.from_pandas,
    }
    target = table[["town", "size"]][:40].assign(size=lambda t: t["size"] + 1)
    expected = shift_lens(table, X_target=target).to_dict()
    got = shift_lens(kinds[ours](table), X_target=kinds[theirs](target)).to_dict()
    assert got == expected


def test_sparse_and_dense_rows_meet():
    cells = np.array([[0.0, 2.0], [1.0, 0.0]])
    X, theirs, notes = match_columns(sp.csr_array(cells), cells)
    assert sp.issparse(X)
    assert sp.issparse(theirs)
    assert notes == []


def test_infinite_target_cells_stay_infinite():
    frames = pd.DataFrame({"a": [1.5, 2.0]}), pd.DataFrame({"a": ["inf", "3"]})
    _, theirs, _ = match_columns(*frames)
    assert theirs["a"].tolist() == [np.inf, 3]


@pytest.mark.parametrize("theirs", ["array", "frame"])
def test_rows_with_and_without_names_are_weighted_alike(theirs):
    rng = np.random.default_rng(0)
    X, rows = rng.normal(size=(80, 2)), rng.normal(1, 1, size=(40, 2))
    plain = DiscriminatorWeighter(random_state=0).fit(X, X_target=TargetData(rows))
    frame = pd.DataFrame(rows, columns=["a", "b"]) if theirs == "frame" else rows
    ours = X if theirs == "frame" else pd.DataFrame(X, columns=["a", "b"])
    with pytest.warns(UserWarning, match="by position"):
        named = DiscriminatorWeighter(random_state=0).fit(
            ours, X_target=TargetData(frame)
        )
    assert_allclose(named.sample_weight_, plain.sample_weight_)
    assert_allclose(named.predict_weight(ours), plain.predict_weight(X))


# -- at random -------------------------------------------------------------------------

CASES = st.fixed_dictionaries(
    {
        "names": st.lists(st.sampled_from(list(COLUMNS)), min_size=1, max_size=4),
        "container": st.sampled_from(list(CONTAINERS)),
        "label": st.sampled_from(list(LABELS)),
        "change": st.sampled_from(list(CHANGES)),
        "theirs": st.sampled_from([*FRAMES, "float64", "objects"]),
        "seed": st.integers(0, 99),
    }
)


@pytest.mark.parametrize(
    ("call", "examples"),
    [
        ("diagnose", 12),
        ("DiscriminatorWeighter", 15),
        ("shift_lens", 12),
        ("columns", 15),
    ],
)
def test_odd_tables_are_answered_or_refused_in_words_of_ours(call, examples):
    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
    )
    @given(CASES)
    def run(case):
        said = odd_frames.run_case(call, case | {"y": Y})
        assert said in ("answered", "refused")

    run()


@pytest.mark.parametrize("n_target", [2, 3, 6])
def test_few_target_rows_are_told_apart_without_held_out_rows(n_target):
    rng = np.random.default_rng(0)
    X, target = rng.normal(size=(30, 2)), TargetData(rng.normal(size=(n_target, 2)))
    weighter = DiscriminatorWeighter(cv=2, random_state=0).fit(X, X_target=target)
    assert np.isfinite(weighter.sample_weight_).all()


@pytest.mark.parametrize("make", [pd.Index, lambda y: pd.array(y, dtype="string")])
def test_labels_of_any_pandas_container_are_compared(make):
    X, y = np.random.default_rng(0).normal(size=(40, 2)), np.tile(["p", "q"], 20)
    tried = {"drop copies": Deduplicator()}, X
    model = LogisticRegression()
    result = compare_remedies(model, *tried, make(y), cv=2, random_state=0)
    plain = compare_remedies(model, *tried, y, cv=2, random_state=0)
    result, plain = (repr(replace(found, seconds_={})) for found in (result, plain))
    assert result == plain


@pytest.mark.parametrize(
    "column",
    [
        pa.array(range(40), pa.time64("ns")),
        pa.UnionArray.from_dense(
            pa.array([0] * 40, pa.int8()),
            pa.array(range(40), pa.int32()),
            [pa.array(range(40))],
        ),
    ],
    ids=["nanoseconds of a day", "union"],
)
def test_columns_of_arrow_that_numpy_has_no_type_for_are_read(column):
    table = pa.table({"odd": column, "a": np.arange(40) % 7 / 3})
    assert duplicate_groups(table).tolist() == list(range(40))
    diagnose(table, np.tile(["p", "q"], 20), cv=2).to_dict()


@pytest.mark.parametrize("X", [range(40), pa.array([1.0] * 40)])
def test_one_row_of_numbers_is_refused_in_any_container(X):
    with pytest.raises(ValueError, match=r"X has shape \(40,\), and a table is needed"):
        Deduplicator().fit_resample(X, [0, 1] * 20)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (pd.Index, None),
        (lambda y: pd.array(y, dtype="string"), None),
        (lambda y: np.eye(2, dtype=int)[np.unique(y, return_inverse=True)[1]], None),
        (lambda y: pd.DataFrame({"a": y, "b": y}), r"\(40, 2\).*one column"),
        (lambda y: [["a", "b"], ["c"]] * 20, "lists of different lengths"),
        (lambda y: [("a", 1), ("b", 2)] * 20, r"\(40, 2\).*one column"),
        (lambda y: dict(enumerate(y)).values(), "for each row"),
        (lambda y: sp.csr_array(np.ones((40, 1))), "sparse matrix"),
    ],
)
def test_labels_in_any_container_stay_in_it_or_are_refused(make, message):
    X = np.random.default_rng(0).normal(size=(20, 2)).repeat(2, axis=0)
    y = make(np.array(["p", "q"]).repeat(20))
    for sampler in (Deduplicator(), RemedyChain([Deduplicator()])):
        if message:
            with pytest.raises(ValueError, match=message):
                sampler.fit_resample(X, y)
            continue
        left = sampler.fit_resample(X, y)[1]
        assert len(left) == 20


@pytest.mark.parametrize("cell", ["1e200", "-inf", "1e39"])
def test_large_numbers_in_text_do_not_overflow(cell):
    texts = pd.Series([cell, None, *map(str, range(30))], name="x")
    X = pd.DataFrame({"x": texts, "z": np.arange(32.0)})
    read = UsableColumns().fit_transform(X)
    assert read["x"].dtype == float
    assert np.abs(read["x"].dropna()).max() <= 1e30
    assert read["x"].isna().sum() == 1


def test_missing_cells_of_an_array_of_objects_are_named():
    X = np.arange(80.0).reshape(40, 2).astype(object)
    X[3, 1] = None
    with pytest.raises(ValueError, match=r"contains NaN.*Columns: 1"):
        ForwardCorrectedLogisticRegression().fit(X, [0, 1] * 20)
