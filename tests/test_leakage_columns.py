"""Which columns give the answer away: planted ones, and no honest ones."""

import warnings
from unittest import mock

import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.sparse as sp
from sklearn import datasets

from skdataquality.leakage import _leaks as leaks
from skdataquality.leakage import find_identifiers, leakage_lens
from skdataquality.leakage._leaks import class_codes, find_leaks

BUNDLED = ["iris", "wine", "breast_cancer"]


def load(name):
    X, y = getattr(datasets, f"load_{name}")(return_X_y=True, as_frame=True)
    return X.copy(), y.to_numpy()


def found(X, y, **options):
    accused, _ = find_leaks(X, y, **options)
    return [g.alone.view.column for g in accused if g.verdict == "found"]


def verdicts(X, y, **options):
    accused, _ = find_leaks(X, y, **options)
    return {g.alone.view.column: g.verdict for g in accused}


# -- clean tables ----------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("name", [*BUNDLED, "digits", "diabetes"])
def test_nothing_is_accused_in_the_bundled_tables(name, seed):
    X, y = load(name)
    accused, alone = find_leaks(X, y, random_state=seed)
    assert accused == []
    assert len(alone) == X.shape[1]
    assert find_identifiers(X) == []


def test_an_honest_measurement_beside_noise_is_at_most_suspected():
    for seed in range(10):
        rng = np.random.default_rng(seed)
        y = rng.integers(0, 2, 400)
        X = rng.normal(size=(400, 8))
        X[:, 0] += 2.4 * y  # AUC .955
        assert found(X, y) == []


def test_several_good_tests_of_one_illness_are_no_leaks():
    for seed in range(5):
        rng = np.random.default_rng(seed)
        y = np.arange(2000) % 2
        X = np.column_stack([_flipped(rng, y, 0.065) for _ in range(3)])
        assert found(X, y) == []


@pytest.mark.parametrize("n", [40, 100, 400])
def test_noise_is_not_even_suspected(n):
    for seed in range(10):
        rng = np.random.default_rng(seed)
        words = rng.choice([f"w{k}" for k in range(300)], (n, 20))
        X = pd.DataFrame(rng.normal(size=(n, 30))).rename(columns=str)
        X = X.mask(rng.random(X.shape) < 0.1)
        X["notes"] = [" ".join(row) for row in words]
        X["town"] = rng.choice([*"abcdefgh"], n)
        assert find_leaks(X, rng.random(n) < 0.3)[0] == []


def test_few_rows_are_not_judged():
    y = np.arange(40) % 2
    X = pd.DataFrame({"noise": np.random.default_rng(0).normal(size=40), "copy": y})
    assert find_leaks(X[:39], y[:39]) == ([], [])
    assert found(X, y) == ["copy"]


def test_what_tells_a_class_of_few_rows_is_luck():
    X, y = load("breast_cancer")
    y = np.where(np.arange(569) < 9, 2, 0)
    X["rare"] = y
    assert find_leaks(X, y) == ([], [])
    y[9] = 2
    X["rare"] = y
    assert found(X, y) == ["rare"]


# -- planted leaks ---------------------------------------------------------------------


def _flipped(rng, y, share):
    """Codes of y, of which some are another class."""
    classes, codes = np.unique(y, return_inverse=True)
    wrong = rng.random(len(y)) < share
    shift = rng.integers(1, len(classes), len(y)) * wrong
    return (codes + shift) % len(classes)


def _date_for_one_class(rng, y):
    day = pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, 900, len(y)))
    return pd.Series(day).where(y == y[0])


def _words(rng, y):
    honest = rng.choice(
        ["called", "wrote", "paid", "asked", "late", "again"], (len(y), 5)
    )
    told = np.where(y == y[0], "account closed", "")
    return [f"{' '.join(row)} {tail}" for row, tail in zip(honest, told, strict=True)]


LEAKS = {
    "copy": lambda rng, y: y,
    "copy under other names": lambda rng, y: np.array([*"BAC"])[y],
    "copy as categories": lambda rng, y: pd.Categorical(np.array([*"BAC"])[y]),
    "number for one class": lambda rng, y: np.where(
        y == y[0], rng.normal(size=len(y)), np.nan
    ),
    "date for one class": _date_for_one_class,
    "copy with a gap": lambda rng, y: pd.Series(y).astype("Int64").mask(y == y[0]),
}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("leak", LEAKS)
@pytest.mark.parametrize("name", BUNDLED)
def test_planted_leaks_are_found(name, leak, seed):
    X, y = load(name)
    rng = np.random.default_rng(seed)
    X["leak"] = LEAKS[leak](rng, y)
    accused, _ = find_leaks(X, y, random_state=seed)
    assert [(g.alone.view.column, g.verdict) for g in accused] == [("leak", "found")]


@pytest.mark.parametrize("name", ["wine", "breast_cancer"])
def test_a_number_close_to_the_answer_is_at_least_suspected(name):
    for seed in range(5):
        X, y = load(name)
        X["leak"] = y + np.random.default_rng(seed).normal(0, 0.15, len(y))
        accused, _ = find_leaks(X, y, random_state=seed)
        assert [g.alone.view.column for g in accused] == ["leak"]


@pytest.mark.parametrize("share", [0.02, 0.03])
@pytest.mark.parametrize("name", ["wine", "breast_cancer"])
def test_copies_with_a_few_wrong_cells_are_suspected(name, share):
    for seed in range(5):
        X, y = load(name)
        X["leak"] = _flipped(np.random.default_rng(seed), y, share)
        assert verdicts(X, y) == {"leak": "suspect"}


def test_where_one_honest_column_nearly_settles_it_few_wrong_cells_hide_a_copy():
    n_found = 0  # iris: petal width alone removes 93 % of the errors
    for seed in range(10):
        X, y = load("iris")
        X["leak"] = _flipped(np.random.default_rng(seed), y, 0.03)
        accused = verdicts(X, y)
        assert accused in ({}, {"leak": "suspect"})
        n_found += len(accused)
    assert n_found >= 4


@pytest.mark.parametrize("name", ["wine", "breast_cancer"])
@pytest.mark.parametrize("share", [0, 0.03])
def test_two_leaks_are_both_accused(name, share):
    for seed in range(3):
        X, y = load(name)
        rng = np.random.default_rng(seed)
        X["first"] = _flipped(rng, y, share)
        X["second"] = np.array([*"pqr"])[X["first"]]  # the same cells are wrong
        expected = "suspect" if share else "found"
        assert verdicts(X, y) == dict.fromkeys(["first", "second"], expected)
        X["third"] = y + 5
        assert verdicts(X, y)["third"] == "found"


@pytest.mark.parametrize(
    "labels",
    [
        lambda y: np.array(["ham", "spam"])[y],
        lambda y: y == 1,
        lambda y: 10 * y - 5,
        lambda y: y.astype(float),
        lambda y: y.astype(np.uint8),
        lambda y: pd.Series(y).astype("category"),
        lambda y: pl.Series(y),
        lambda y: y.tolist(),
    ],
)
def test_any_kind_of_labels_will_do(labels):
    X, y = load("breast_cancer")
    X["leak"] = np.where(y == 1, "yes", "no")
    assert found(X, labels(y)) == ["leak"]


@pytest.mark.parametrize("n_rows", [500, 40_000])
def test_leaks_of_a_rare_class_are_found(n_rows):
    rng = np.random.default_rng(0)
    y = np.zeros(n_rows, dtype=int)
    y[rng.choice(n_rows, 10 if n_rows == 500 else 40, replace=False)] = 1
    X = pd.DataFrame(rng.normal(size=(n_rows, 4)), columns=[*"abcd"])
    X["closed"] = pd.Series(rng.normal(size=n_rows)).where(y == 1)
    X["copy"] = y
    assert sorted(found(X, y)) == ["closed", "copy"]


@pytest.mark.parametrize("seed", range(5))
def test_a_word_that_only_one_class_has(seed):
    X, y = load("breast_cancer")
    X["notes"] = _words(np.random.default_rng(seed), y)
    (leak,), _ = find_leaks(X, y)
    assert (leak.alone.view.column, leak.verdict) == ("notes", "found")
    assert leak.alone.view.what in ("the word 'account'", "the word 'closed'")


def test_a_column_of_one_table_has_no_others_to_stand_above():
    _, y = load("breast_cancer")
    strong = _flipped(np.random.default_rng(0), y, 0.04)
    assert found(pd.DataFrame({"only": strong}), y) == []
    assert found(pd.DataFrame({"only": y}), y) == ["only"]


def test_the_order_is_found_before_suspected_and_strongest_first():
    X, y = load("breast_cancer")
    rng = np.random.default_rng(0)
    X = X[["mean texture", "mean symmetry"]]
    X = X.assign(
        risk=y + rng.normal(0, 0.3, 569),
        closed=np.where((y == 1) & (rng.random(569) < 0.8), 1, np.nan),
        near=_flipped(rng, y, 0.03),
        copy=y,
    )
    accused, _ = find_leaks(X, y)
    verdicts = [(g.alone.view.column, g.verdict) for g in accused]
    assert verdicts == [
        ("copy", "found"),
        ("closed", "found"),
        ("risk", "suspect"),
        ("near", "suspect"),
    ]
    assert accused[0].next_best == max(
        a.strength for a in find_leaks(X[X.columns[:2]], y)[1]
    )


# -- regression ------------------------------------------------------------------------


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize(
    "scale",
    [
        lambda y: 3 * y,
        lambda y: -y / 7 + 0.1,
        np.log,
        lambda y: np.round(y, -1),
        lambda y: y > 200,
        lambda y: [f"$ {v:,.2f}" for v in 37 * y],
    ],
)
def test_a_quantity_on_another_scale_is_found(whole, scale):
    X, y = load("diabetes")
    y = y if whole else y + 0.5
    X["leak"] = scale(y)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert found(X, y) == ["leak"]
        assert leakage_lens(X, y.astype(int) if whole else y).leaking == ("leak",)


@pytest.mark.parametrize("noise", [0.01, 0.1])
def test_a_quantity_measured_twice_is_suspected(noise):
    X, y = load("diabetes")
    X["again"] = y + noise * y.std() * np.random.default_rng(0).normal(size=442)
    assert verdicts(X, y) == {"again": "suspect"}


def test_quantities_are_cut_into_quarters():
    classes, codes = class_codes(np.arange(1000) * 0.7)
    assert classes.tolist() == ["lowest", "second", "third", "highest"]
    assert np.bincount(codes).tolist() == [250] * 4
    assert (np.diff(codes) >= 0).all()
    half_zero = np.r_[np.zeros(600), np.linspace(0.1, 9.7, 400)]
    classes, codes = class_codes(half_zero)
    assert classes.tolist() == ["lowest", "third", "highest"]
    assert np.bincount(codes).tolist() == [600, 150, 250]


def test_whole_numbers_are_classes_unless_many_of_few_rows():
    assert class_codes(np.arange(600) % 29)[0].shape == (29,)
    assert class_codes(np.arange(300) % 30)[0].shape == (30,)
    assert class_codes(np.arange(299) % 30)[0].shape == (4,)


def test_of_many_classes_the_rarer_ones_are_one():
    y = np.r_[np.repeat(np.arange(60), np.r_[np.full(50, 20), np.full(10, 15)])]
    classes, codes = class_codes(y.astype(str))
    assert (len(classes), classes[-1]) == (51, "one of the rarer classes")
    assert np.bincount(codes).tolist() == [20] * 50 + [150]
    assert set(classes[:50]) == {str(k) for k in range(50)}
    many = np.repeat(np.arange(10_000), 2).astype(str)
    assert len(class_codes(many)[0]) == 51


# -- containers ------------------------------------------------------------------------


def _summary(X, y):
    accused, alone = find_leaks(X, y)
    return [g.alone.view.column for g in accused], [a.by_class.tolist() for a in alone]


def test_frames_agree_and_arrays_are_named_by_position():
    X, y = load("wine")
    X["leak"], X["gaps"] = y, X["ash"].where(X["ash"] > 2)
    expected = _summary(X, y)
    assert expected[0] == ["leak"]
    assert _summary(pl.from_pandas(X), y) == expected
    assert _summary(X.to_numpy(), y) == ([13], expected[1])
    assert _summary(X.to_numpy().astype(object), y) == ([13], expected[1])
    assert _summary(X.convert_dtypes(), y) == expected


@pytest.mark.parametrize("kind", ["csr_array", "csc_matrix", "coo_array", "lil_matrix"])
def test_sparse_and_dense_agree(kind):
    rng = np.random.default_rng(0)
    y = rng.integers(0, 2, 300)
    X = np.where(rng.random((300, 20)) < 0.9, 0, rng.integers(1, 5, (300, 20)))
    X[:, 7] = y
    table = getattr(sp, kind)(X)
    assert _summary(table, y) == _summary(X, y)
    assert _summary(X, y)[0] == [7]
    ids = np.column_stack([X, np.arange(300)])
    assert find_identifiers(getattr(sp, kind)(ids)) == find_identifiers(ids) != []


def test_sparse_cells_stored_twice_stay():
    X = sp.csc_array(([1.0, 1.0], [3, 3], [0, 2, 2]), shape=(100, 2))
    find_leaks(X, np.arange(100) % 2)
    assert X.nnz == 2


def test_a_leak_in_a_wide_sparse_table_is_found():
    rng = np.random.default_rng(0)
    y = (rng.random(400) < 0.1).astype(int)
    X = sp.random(400, 3000, density=0.2, random_state=0, format="lil")
    X[:, 2] = y[:, None] + 3.0  # a full column tells by its values
    X[:, 2345] = y[:, None]  # one emptier than most, by its presence
    assert found(X.tocsr(), y) == [2, 2345]


def test_large_tables_are_sampled_with_their_rare_classes():
    codes = np.r_[np.zeros(900), np.ones(99), [2]].astype(int)
    with mock.patch.object(leaks, "SAMPLE", 100):
        rows = leaks._some_rows(codes, np.random.RandomState(0))
    assert (np.diff(rows) > 0).all()
    size = np.bincount(codes[rows])
    assert 200 <= size[0] <= 300
    assert size[1:].tolist() == [99, 1]
