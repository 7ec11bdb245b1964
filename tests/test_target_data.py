"""Target data: the handle arrives whole, leaves no trace, and the weights are right."""

import copy
import pickle
import warnings

import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.sparse as sp
import sklearn
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import BaggingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_validate
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from skdataquality.base import BaseWeighter
from skdataquality.exceptions import OverlapWarning
from skdataquality.shift import (
    DiscriminatorWeighter,
    ShiftWeightedClassifier,
    TargetData,
)

N = 90
LR = LogisticRegression()
# frames hold columns, arrays rows: sums of products are rounded otherwise, 1e-15 each,
# and the solver carries that on; weights of columns that are mixed up differ by .1
LAYOUT = 1e-9
WEIGHTER = DiscriminatorWeighter(LR, cv=3, random_state=0)


@pytest.fixture
def data():
    """Training rows, labels, and as many target rows."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(N, 2))
    y = (X[:, 0] + rng.normal(size=N) > 0).astype(int)
    return X, y, rng.normal(0.7, 1, size=(N, 2))


# -- only the handle is taken ----------------------------------------------------------


@pytest.mark.parametrize("container", [np.asarray, pd.DataFrame, list])
@pytest.mark.parametrize(
    "make", [DiscriminatorWeighter, lambda **k: ShiftWeightedClassifier(LR, **k)]
)
def test_a_bare_array_raises_with_the_cure(data, make, container):
    X, y, rows = data
    cure = r"'X_target' parameter of .* Got \w+ instead\. Write X_target=TargetData\("
    with pytest.raises(ValueError, match=cure) as caught:
        make(X_target=container(rows)).fit(X, y)
    assert type(caught.value).__name__ == "InvalidParameterError"
    with pytest.raises(ValueError, match=cure) as caught:
        make().fit(X, y, X_target=container(rows))
    assert type(caught.value).__name__ == "InvalidParameterError"


@pytest.mark.parametrize(
    "make",
    [
        DiscriminatorWeighter,
        lambda **k: ShiftWeightedClassifier(LR, **k),
        lambda **k: ShiftWeightedClassifier(LR, weighter=DiscriminatorWeighter(**k)),
    ],
)
def test_target_data_given_twice_raise(data, make):
    X, y, rows = data
    with pytest.raises(ValueError, match=r"to the constructor .* and to fit .*once"):
        make(X_target=TargetData(rows)).fit(X, y, X_target=TargetData(rows))


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (np.ones(5), r"shape \(5,\).*a table"),
        (np.ones((0, 2)), r"shape \(0, 2\).*at least one row"),
        (np.ones((2, 0)), r"shape \(2, 0\).*one column"),
        (pd.DataFrame(np.ones((2, 2)), columns=["a", "a"]), r"repeated .*\['a'\]"),
        (np.ma.masked_equal(np.eye(2), 0), r"2 masked cells.*filled"),
        (TargetData(np.ones((2, 2))), r"TargetData already: use it as it is"),
    ],
)
def test_what_is_no_table_raises(rows, message):
    with pytest.raises(ValueError, match=message):
        TargetData(rows)


def test_labels_of_another_length_raise():
    with pytest.raises(ValueError, match=r"X has 3, y has 2 rows"):
        TargetData(np.ones((3, 1)), [0, 1])


# -- it arrives whole ------------------------------------------------------------------


class Spy(BaseWeighter):
    """A weighter that notes how many training and target rows it was given."""

    _seen: list = []

    def fit(self, X, y=None, *, sample_weight=None, X_target=None):
        self._seen.append((len(X), X_target.X.shape[0]))
        return super().fit(X, y, sample_weight=sample_weight, X_target=X_target)

    def _fit_weights(self, X, y, sample_weight, X_target):
        return np.ones(X.shape[0])


def _search(estimator, **how):
    return GridSearchCV(estimator, {"estimator__C": [0.1, 1]}, cv=3, **how)


CONTEXTS = {
    "GridSearchCV": (_search, 7),
    "CalibratedClassifierCV": (lambda e: CalibratedClassifierCV(e, cv=3), 3),
    "BaggingClassifier": (lambda e: BaggingClassifier(e, 4, random_state=0), 4),
    "nested": (lambda e: _search(e), 21),
    "cross_validate": (lambda e: e, 3),
}


@pytest.mark.parametrize("routing", [False, True])
@pytest.mark.parametrize("context", CONTEXTS)
def test_every_fold_gets_the_whole_target(data, context, routing):
    X, y, rows = data
    target, (build, n_fits) = TargetData(rows), CONTEXTS[context]
    Spy._seen.clear()
    with sklearn.config_context(enable_metadata_routing=routing):
        inner = ShiftWeightedClassifier(
            LogisticRegression(), weighter=Spy(), X_target=None if routing else target
        )
        if routing:
            inner.set_fit_request(X_target=True)
        given = {"X_target": target} if routing else {}
        estimator = build(inner)
        if context in ("nested", "cross_validate"):
            cross_validate(estimator, X, y, cv=3, params=given, error_score="raise")
        else:
            estimator.fit(X, y, **given)
    assert len(Spy._seen) == n_fits
    assert {n_target for _, n_target in Spy._seen} == {N}


def test_fit_takes_the_handle_as_the_constructor_does(data):
    X, y, rows = data
    a = ShiftWeightedClassifier(LR, weighter=WEIGHTER, X_target=TargetData(rows))
    b = ShiftWeightedClassifier(LR, weighter=WEIGHTER)
    expected = a.fit(X, y).predict_proba(X)
    got = b.fit(X, y, X_target=TargetData(rows)).predict_proba(X)
    assert_array_equal(got, expected)


def test_scikit_learn_finds_nothing_to_slice(data):
    handle = TargetData(data[2])
    for name in ("__len__", "shape", "__array__", "__getitem__", "__iter__"):
        assert not hasattr(handle, name)


# -- it is a value ---------------------------------------------------------------------

TABLES = {
    "numpy": lambda a: a.copy(),
    "pandas": lambda a: pd.DataFrame(a),
    "polars": lambda a: pl.DataFrame(a, schema=["a", "b"]),
    "csr": sp.csr_array,
    "coo": sp.coo_matrix,
    "objects": lambda a: a.astype(object),
}


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_a_handle_is_its_content(data, table):
    rows = data[2]
    rows[3, 1], other = np.nan, rows.copy()
    other[5, 0] += 1e-9
    handle = TargetData(table(rows), np.arange(N))
    assert clone(handle) is handle
    assert copy.deepcopy(handle) is handle
    assert handle == TargetData(table(rows), np.arange(N))
    assert hash(handle) == hash(TargetData(table(rows), np.arange(N)))
    assert handle != TargetData(table(other), np.arange(N))
    assert handle != TargetData(table(rows))
    assert handle != TargetData(table(rows[:-1]), np.arange(N - 1))
    assert handle != "rows"
    loaded = pickle.loads(pickle.dumps(handle))
    assert loaded == handle
    assert loaded is not handle
    assert repr(loaded) == f"TargetData({N} rows x 2 columns, labelled)"


def test_names_are_content(data):
    frames = [pd.DataFrame(data[2], columns=c) for c in (["a", "b"], ["a", "c"])]
    assert TargetData(frames[0]) != TargetData(frames[1])
    assert TargetData(frames[0]) == TargetData(frames[0].copy())
    assert TargetData(pd.DataFrame(data[2])) != TargetData(data[2])


def in_blocks_of_one_column(frame):
    return pd.concat([frame[[name]] for name in frame], axis=1)


def column_by_column(frame):
    out = pd.DataFrame(index=frame.index)
    for name in frame:
        out[name] = frame[name].to_numpy().copy()
    return out


ARRAY_LAYOUTS = {
    "rows": np.ascontiguousarray,
    "columns": np.asfortranarray,
    "every second row": lambda a: np.repeat(a, 2, axis=0)[::2],
    "part of a wider table": lambda a: np.hstack([a, a])[:, : a.shape[1]],
    "backwards twice": lambda a: a[::-1].copy()[::-1],
    "not writeable": lambda a: np.frombuffer(a.tobytes()).reshape(a.shape),
    "sparse": sp.csr_array,
    "nested lists": np.ndarray.tolist,
}
FRAME_LAYOUTS = {
    "copy": pd.DataFrame.copy,
    "one block a column": in_blocks_of_one_column,
    "column by column": column_by_column,
    "other index": lambda f: f.set_axis(np.arange(len(f))[::-1]),
    "sliced": lambda f: pd.concat([f, f]).iloc[: len(f)],
    "polars": lambda f: pl.DataFrame({name: f[name].to_numpy() for name in f}),
}


@pytest.mark.parametrize("layout", ARRAY_LAYOUTS.values(), ids=ARRAY_LAYOUTS)
def test_equal_arrays_may_lie_otherwise_in_memory(data, layout):
    rows = data[2]
    rows[3, 1] = np.nan
    labels = np.arange(2 * N)[::2]
    handle = TargetData(rows, labels.copy())
    assert TargetData(layout(rows), labels) == handle
    other = rows.copy()
    other[-1, 1] += 1e-9
    assert TargetData(layout(other), labels) != handle
    assert TargetData(layout(rows), labels[::-1]) != handle


@pytest.mark.parametrize("layout", FRAME_LAYOUTS.values(), ids=FRAME_LAYOUTS)
def test_equal_frames_may_lie_otherwise_in_memory(data, layout):
    frame = pd.DataFrame(data[2], columns=["a", "b"]).assign(n=np.arange(N))
    assert TargetData(layout(frame)) == TargetData(frame)
    other = frame.copy()
    other.loc[0, "n"] = 7
    assert TargetData(layout(other)) != TargetData(frame)
    assert TargetData(layout(frame[["b", "a", "n"]])) != TargetData(frame)


TEXT = ["red", "green", None, "red"]
TEXTS = {
    "object": lambda: pd.Series(TEXT, dtype=object),
    "object, no string twice": lambda: pd.Series(
        [t and "".join(t) for t in TEXT], dtype=object
    ),
    "object, NaN": lambda: pd.Series([t or np.nan for t in TEXT], dtype=object),
    "str": lambda: pd.Series(TEXT, dtype="str"),
    "python": lambda: pd.Series(TEXT, dtype=pd.StringDtype("python")),
    "pyarrow": lambda: pd.Series(TEXT, dtype=pd.StringDtype("pyarrow")),
}


@pytest.mark.parametrize("first", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize("second", TEXTS.values(), ids=TEXTS)
def test_equal_text_may_be_stored_otherwise(first, second):
    handle = TargetData(first().to_frame("a"), first())
    assert TargetData(second().to_frame("a"), second()) == handle
    assert TargetData(second().to_frame("a").fillna("blue"), second()) != handle


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_categories_are_another_kind_than_text(text):
    frame = text().to_frame("a")
    assert TargetData(frame) != TargetData(frame.astype("category"))
    assert TargetData(frame.astype("category")) == TargetData(frame.astype("category"))


def test_kinds_are_content_and_precision_is_not():
    whole = np.arange(6).reshape(3, 2)
    handle = TargetData(whole.astype(np.int8))
    assert handle == TargetData(whole.astype(np.int64))
    for kind in (float, object, np.uint8, "timedelta64[s]"):
        assert handle != TargetData(whole.astype(kind))
    halves = TargetData((whole / 2).astype(np.float32))
    assert halves == TargetData(whole / 2)
    assert halves != TargetData(np.nextafter(whole / 2, 9))
    text = np.array([["a"], ["b"]])
    assert TargetData(text) == TargetData(text.astype(object))
    days = np.array(["2020-01-01", "NaT"], dtype="datetime64[D]")
    fine = pd.DataFrame({"a": days.astype("datetime64[ns]")})
    coarse = pd.DataFrame({"a": days.astype("datetime64[s]")})
    assert TargetData(fine) == TargetData(coarse)


def test_clones_of_an_estimator_share_the_handle(data):
    clf = ShiftWeightedClassifier(LR, X_target=TargetData(data[2]))
    assert clone(clf).X_target is clf.X_target
    assert copy.deepcopy(clf).X_target is clf.X_target


def test_a_saved_model_ships_no_target_row(data):
    X, y, rows = data
    rows[:, 1] = 1.2345678901234567  # no value computed from it looks the same
    rows[:, 0] += np.pi
    mark = rows[0, 0].tobytes()
    clf = ShiftWeightedClassifier(LR, weighter=WEIGHTER, X_target=TargetData(rows))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", OverlapWarning)
        before = clf.fit(X, y).predict_proba(X)
    assert mark in pickle.dumps(clf)
    saved = pickle.dumps(clf.set_params(X_target=None))
    assert mark not in saved
    assert rows[0, 1].tobytes() not in saved
    assert_array_equal(pickle.loads(saved).predict_proba(X), before)


# -- the trap: two tables that are not alike -------------------------------------------


def test_without_target_data_it_is_the_bare_estimator(data):
    X, y, _ = data
    weight = np.arange(N) % 3
    for given in ({}, {"sample_weight": weight}):
        clf = ShiftWeightedClassifier(LR).fit(X, y, **given)
        bare = clone(LR).fit(X, y, **given)
        assert_array_equal(clf.predict_proba(X), bare.predict_proba(X))
        assert clf.weighter_ is None
    assert_array_equal(DiscriminatorWeighter().fit(X).sample_weight_, np.ones(N))


def test_another_width_raises(data):
    X, _, rows = data
    with pytest.raises(ValueError, match="X has 2 features but X_target has 3.*raw"):
        WEIGHTER.fit(X, X_target=TargetData(np.c_[rows, rows[:, 0]]))


@pytest.mark.parametrize(
    ("columns", "target_columns", "message"),
    [
        (["a", "b"], None, "only one of X and X_target has column names"),
        (None, ["a", "b"], "only one of X and X_target has column names"),
        (["a", "b"], ["c", "d"], "different column names"),
    ],
)
def test_lost_or_other_names_warn(data, columns, target_columns, message):
    X, _, rows = data
    frames = [
        a if names is None else pd.DataFrame(a, columns=names)
        for a, names in ((X, columns), (rows, target_columns))
    ]
    plain = clone(WEIGHTER).fit(X, X_target=TargetData(rows)).sample_weight_
    with pytest.warns(OverlapWarning, match=f"{message}.*by position"):
        weighter = clone(WEIGHTER).fit(frames[0], X_target=TargetData(frames[1]))
    assert_allclose(weighter.sample_weight_, plain, rtol=LAYOUT)


def test_columns_of_one_side_only_are_named_and_left_out(data):
    X, _, rows = data
    plain = clone(WEIGHTER).fit(X[:, :1], X_target=TargetData(rows[:, :1]))
    frames = [
        pd.DataFrame(a, columns=names)
        for a, names in ((X, ["a", "b"]), (rows, ["a", "c"]))
    ]
    with pytest.warns(OverlapWarning, match=r"lacks b: left out.*has c: ignored"):
        weighter = clone(WEIGHTER).fit(frames[0], X_target=TargetData(frames[1]))
    assert_allclose(weighter.sample_weight_, plain.sample_weight_, rtol=LAYOUT)
    assert weighter.predict_weight(frames[0]).shape == (N,)


@pytest.mark.parametrize("library", [pd, pl], ids=["pandas", "polars"])
def test_columns_in_another_order_are_matched_by_name(data, library):
    X, _, rows = data
    frame = library.DataFrame({"a": X[:, 0], "b": X[:, 1]})
    turned = library.DataFrame({"b": rows[:, 1], "a": rows[:, 0]})
    plain = clone(WEIGHTER).fit(X, X_target=TargetData(rows)).sample_weight_
    got = clone(WEIGHTER).fit(frame, X_target=TargetData(turned)).sample_weight_
    assert_allclose(got, plain, rtol=LAYOUT)


def test_rows_that_can_be_separated_warn(data):
    X, y, rows = data
    with pytest.warns(OverlapWarning, match=r"hardly overlap: domain AUC 1\.0") as said:
        WEIGHTER.fit(X, X_target=TargetData(rows + 50))
    for warning in said:  # of few rows only where they are few
        few = WEIGHTER.effective_sample_size_ / len(X) < 0.05
        assert ("too few" in str(warning.message)) == few
    trap = make_pipeline(
        StandardScaler(),
        ShiftWeightedClassifier(LR, weighter=WEIGHTER, X_target=TargetData(rows + 50)),
    )
    with pytest.warns(OverlapWarning, match="preprocessed in the same way"):
        trap.fit(X + 50, y)


# -- the weights are right -------------------------------------------------------------


@pytest.mark.parametrize("estimator", [None, LR], ids=["boosting", "logistic"])
@pytest.mark.parametrize("seed", [0, 1])
def test_weights_follow_the_true_ratio(estimator, seed):
    rng = np.random.default_rng(seed)
    X, rows = rng.normal(size=(1000, 2)), rng.normal([1, 0], 1, size=(1000, 2))
    true = np.exp(X[:, 0])
    weighter = DiscriminatorWeighter(estimator, random_state=0)
    weight = weighter.fit(X, X_target=TargetData(rows)).sample_weight_
    assert np.corrcoef(weight, true)[0, 1] > 0.85
    assert np.corrcoef(weighter.predict_weight(X), true)[0, 1] > 0.8
    assert (weight >= 0).all()
    assert weight.mean() == pytest.approx(1)
    assert 1 <= weighter.effective_sample_size_ <= 1000
    assert weighter.effective_sample_size_ == pytest.approx(
        weight.sum() ** 2 / (weight**2).sum()
    )
    assert 0.7 < weighter.domain_auc_ < 0.8  # .76 for a shift of one deviation
    assert abs(np.average(X[:, 0], weights=weight) - 1) < 0.25


def test_the_same_rows_are_weighted_alike(data):
    X = data[0]
    weighter = clone(WEIGHTER).fit(X, X_target=TargetData(X.copy()))
    assert weighter.effective_sample_size_ > 0.9 * N


def test_flatten_goes_from_nothing_to_all(data):
    X, _, rows = data
    sizes = []
    for flatten in (0, 0.5, 1):
        weighter = clone(WEIGHTER).set_params(flatten=flatten)
        weighter.fit(X, X_target=TargetData(rows))
        sizes.append(weighter.effective_sample_size_)
    assert sizes[0] == pytest.approx(N)
    assert sizes[0] > sizes[1] > sizes[2]


@pytest.mark.parametrize("library", [pd, pl], ids=["pandas", "polars"])
def test_text_categories_and_gaps_are_taken_as_they_are(library):
    def frame(rng, n, p_red):
        columns = {
            "size": np.where(rng.random(n) < 0.1, np.nan, rng.normal(size=n)),
            "colour": rng.choice(["red", "green"], n, p=[p_red, 1 - p_red]),
            "grade": rng.choice(["a", "b", "c"], n),
            "flag": rng.random(n) < 0.5,
        }
        table = library.DataFrame(columns)
        if library is pd:
            return table.astype({"grade": "category"})
        return table.with_columns(pl.col("grade").cast(pl.Categorical))

    rng = np.random.default_rng(0)
    X, rows = frame(rng, 300, 0.5), frame(rng, 300, 0.8)
    y = rng.integers(0, 2, 300)
    pipe = make_pipeline(
        sklearn.compose.make_column_transformer((OneHotEncoder(), ["colour"])), LR
    )
    clf = ShiftWeightedClassifier(pipe, X_target=TargetData(rows), random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        clf.fit(X, y).predict(X)
    weight = clf.weighter_.sample_weight_
    red = np.asarray(X["colour"]) == "red"
    assert weight[red].mean() / weight[~red].mean() > 2  # the truth is 4
