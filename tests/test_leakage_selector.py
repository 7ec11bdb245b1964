"""LeakyColumnSelector inside scikit-learn, and what comes out of it."""

import pickle
import warnings

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import scipy.sparse as sp
from sklearn.base import clone
from sklearn.compose import make_column_transformer
from sklearn.datasets import load_breast_cancer, load_diabetes
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import check_estimator

from skdataquality.exceptions import ColumnsKeptWarning, DataQualityWarning
from skdataquality.leakage import LeakyColumnSelector, leakage_lens

KEPT = ["mean radius", "mean texture", "mean area"]
NAMES = ["Unnamed: 0", *KEPT, "patient_id", "biopsy"]
HALF = {"Unnamed: 0": "index", "patient_id": "identifier", "biopsy": "leaking"}


@pytest.fixture(scope="module")
def data():
    """An index column, three honest columns, an identifier and a copy of the answer."""
    X, y = load_breast_cancer(return_X_y=True, as_frame=True)
    rng = np.random.default_rng(0)
    X = X[KEPT].assign(
        **{
            "Unnamed: 0": np.arange(569),
            "patient_id": rng.choice(10**6, 569, replace=False),
            "biopsy": y,
        }
    )
    X.index = rng.permutation(569) + 3
    return X[NAMES], y.set_axis(X.index)


CONTAINERS = {
    "pandas": lambda X: X,
    "polars": pl.from_pandas,
    "pyarrow": lambda X: pa.Table.from_pandas(X, preserve_index=False),
    "pandas of arrow": lambda X: X.convert_dtypes(dtype_backend="pyarrow"),
}


@pytest.mark.parametrize("kind", CONTAINERS)
def test_frames_come_back_as_they_went_in(kind, data):
    X, y = CONTAINERS[kind](data[0]), data[1].to_numpy()
    selector = LeakyColumnSelector().fit(X, y)
    assert list(selector.dropped_) == ["Unnamed: 0", "patient_id", "biopsy"]
    assert selector.support_.tolist() == [False, True, True, True, False, False]
    out = selector.transform(X)
    assert type(out) is type(X)
    names = out.column_names if kind == "pyarrow" else list(out.columns)
    assert names == KEPT == selector.get_feature_names_out().tolist()
    if isinstance(out, pd.DataFrame):
        pd.testing.assert_frame_equal(out, X[KEPT])
    else:
        assert out.equals(X.select(KEPT))


@pytest.mark.parametrize(
    "make",
    [
        *(np.asarray, np.asfortranarray, lambda a: a.astype(object)),
        *(sp.csr_array, sp.csc_matrix, sp.coo_array, sp.lil_matrix, sp.dok_array),
    ],
)
def test_arrays_and_sparse_matrices_are_named_by_position(make, data):
    X, y = data
    table = make(X[["mean radius", "biopsy", "Unnamed: 0", "mean area"]].to_numpy())
    selector = LeakyColumnSelector().fit(table, y.to_numpy())
    assert selector.dropped_.keys() == {1, 2}
    assert not hasattr(selector, "feature_names_in_")
    out = selector.transform(table)
    assert type(out) is type(table)
    assert out.dtype == table.dtype
    kept = out.toarray() if sp.issparse(out) else out
    np.testing.assert_array_equal(kept, X[["mean radius", "mean area"]])
    assert selector.get_feature_names_out().tolist() == ["x0", "x3"]


def test_names_that_are_numbers(data):
    X, y = data[0].set_axis(range(6), axis=1), data[1]
    selector = LeakyColumnSelector().fit(X, y)
    assert selector.dropped_.keys() == {0, 5}  # an identifier by its name alone stays
    assert list(selector.transform(X).columns) == [1, 2, 3, 4]


@pytest.mark.parametrize("kind", HALF.values())
def test_only_the_kinds_asked_for_are_dropped(kind, data):
    for kinds in ((kind,), [kind]):
        selector = LeakyColumnSelector(kinds).fit(*data)
        assert [HALF[name] for name in selector.dropped_] == [kind]
    assert LeakyColumnSelector(()).fit(*data).dropped_ == {}


@pytest.mark.parametrize(
    ("kinds", "message"),
    [
        ("leaking", "'kinds' parameter.*tuple.*list.*Got 'leaking'"),
        (("leaking", "suspect"), r"kinds=.*holds \['suspect'\]: choose from \('lea"),
        ((1, "x", None), r"holds \[1, 'x', None\]"),
        (([],), r"holds \[\[\]\]"),
        (None, "'kinds' parameter.*Got None"),
    ],
)
def test_unknown_kinds_raise(kinds, message, data):
    selector = LeakyColumnSelector(kinds)
    with pytest.raises(ValueError, match=message):
        selector.fit(*data)
    assert not hasattr(selector, "n_features_in_")


def test_without_labels_only_identifiers_are_looked_for(data):
    assert LeakyColumnSelector().fit(data[0]).dropped_.keys() == {
        "Unnamed: 0",
        "patient_id",
    }


def test_it_drops_what_the_lens_finds(data):
    lens = leakage_lens(*data)
    assert set(lens.columns) == LeakyColumnSelector().fit(*data).dropped_.keys()
    assert lens.remedies[0].fit(*data).dropped_.keys() == set(lens.columns)


def test_suspected_columns_stay():
    rng = np.random.default_rng(0)
    y = np.arange(400) % 2
    others = rng.normal(size=(400, 3)) + 0.8 * y[:, None]
    X = np.column_stack([y + rng.normal(0, 0.25, 400), others])
    assert leakage_lens(X, y).suspects == (0,)
    assert LeakyColumnSelector().fit(X, y).dropped_ == {}


def test_if_every_column_would_go_all_stay_with_a_warning(data):
    X, y = data[0][["Unnamed: 0", "biopsy"]], data[1]
    selector = LeakyColumnSelector()
    with pytest.warns(ColumnsKeptWarning, match="all 2 columns.*'Unnamed: 0': it num"):
        selector.fit(X, y)
    assert issubclass(ColumnsKeptWarning, DataQualityWarning)
    assert selector.dropped_ == {}
    assert list(selector.transform(X).columns) == ["Unnamed: 0", "biopsy"]


# -- inside scikit-learn ---------------------------------------------------------------


def test_the_suite_of_scikit_learn():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        check_estimator(LeakyColumnSelector())


def test_every_fold_decides_for_itself(data):
    X, y = data
    honest = make_pipeline(StandardScaler(), LogisticRegression())
    pipe = make_pipeline(LeakyColumnSelector(), honest)
    scores = cross_val_score(pipe, X, y, scoring="roc_auc")
    np.testing.assert_array_equal(
        scores, cross_val_score(honest, X[KEPT], y, scoring="roc_auc")
    )
    assert cross_val_score(honest, X, y, scoring="roc_auc").min() > scores.max()


def test_it_can_be_searched_over(data):
    pipe = make_pipeline(LeakyColumnSelector(), StandardScaler(), LogisticRegression())
    grid = {"leakycolumnselector__kinds": [(), ("index",), ("leaking", "index")]}
    search = GridSearchCV(pipe, grid, scoring="roc_auc").fit(*data)
    assert search.best_params_ == {"leakycolumnselector__kinds": ()}  # it leaks
    names = pipe[:1].fit(*data).get_feature_names_out()
    assert names.tolist() == KEPT


def test_inside_a_column_transformer(data):
    X, y = data
    columns = ["patient_id", "biopsy", "mean area"]
    outer = make_column_transformer((LeakyColumnSelector(), columns))
    outer.set_output(transform="pandas").fit(X, y)
    assert list(outer.transform(X).columns) == ["leakycolumnselector__mean area"]


@pytest.mark.parametrize(
    ("output", "frame"), [("pandas", pd.DataFrame), ("polars", pl.DataFrame)]
)
def test_the_output_can_be_set(output, frame, data):
    X, y = data
    selector = LeakyColumnSelector().set_output(transform=output)
    for table in (X, X.to_numpy(), pl.from_pandas(X)):
        out = selector.fit(table, y.to_numpy()).transform(table)
        assert isinstance(out, frame)
        assert list(out.columns) == selector.get_feature_names_out().tolist()
        honest = X[KEPT].to_numpy()
        np.testing.assert_array_equal(out.to_numpy()[:, :3], honest)


def test_clone_and_pickle(data):
    selector = LeakyColumnSelector(["leaking"], random_state=5)
    copy = clone(selector)
    assert copy.get_params() == {"kinds": ["leaking"], "random_state": 5}
    copy.fit(*data)
    again = pickle.loads(pickle.dumps(copy))
    pd.testing.assert_frame_equal(again.transform(data[0]), copy.transform(data[0]))


def test_other_columns_than_those_fitted_raise(data):
    X, y = data
    selector = LeakyColumnSelector().fit(X, y)
    with pytest.raises(ValueError, match="must be in the same order"):
        selector.transform(X[NAMES[::-1]])
    with pytest.raises(ValueError, match="seen at fit time, yet now missing"):
        selector.transform(X[KEPT])
    with pytest.raises(ValueError, match="expecting 6 features"):
        LeakyColumnSelector().fit(X.to_numpy(), y).transform(X[KEPT].to_numpy())
    with pytest.raises(ValueError, match="0 sample"):
        selector.transform(X[:0])
    assert selector.transform(X[:1]).shape == (1, 3)


def test_quantities_and_columns_of_labels():
    X, y = load_diabetes(return_X_y=True, as_frame=True)
    X["leak"] = np.log(y)
    for labels in (
        y,
        y + 0.5,
        y.astype(int),
        (y + 0.5).astype("Float64"),
        y.to_numpy(),
    ):
        assert LeakyColumnSelector().fit(X, labels).dropped_.keys() == {"leak"}
    with pytest.warns(match="column-vector y was passed"):
        selector = LeakyColumnSelector().fit(X, y.to_numpy()[:, None] + 0.5)
    assert selector.dropped_.keys() == {"leak"}
    assert make_pipeline(selector, Ridge()).fit(X, y).score(X, y) < 0.6


def test_neither_inputs_nor_the_global_generator_change(data):
    X, y = data[0].copy(), data[1].copy()
    state = np.random.get_state()[1].tolist()  # noqa: NPY002
    for seed in (0, None, np.random.RandomState(0)):
        LeakyColumnSelector(random_state=seed).fit(X, y).transform(X)
    assert np.random.get_state()[1].tolist() == state  # noqa: NPY002
    pd.testing.assert_frame_equal(X, data[0])
    pd.testing.assert_series_equal(y, data[1])
