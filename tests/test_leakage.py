"""The leakage lens, and its mathematics: columns alone and beside others."""

import json

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from sklearn.datasets import load_breast_cancer
from sklearn.metrics import roc_auc_score

from skdataquality.leakage import leakage_lens
from skdataquality.leakage._alone import (
    _auc_by_fold,
    count_cells,
    held_out_shares,
    judge_alone,
)
from skdataquality.leakage._beside import judge_beside
from skdataquality.leakage._levels import views_of
from skdataquality.utils._folds import stratified_folds

many = settings(max_examples=100, deadline=None)
some = settings(max_examples=30, deadline=None)


# -- a column alone --------------------------------------------------------------------


@st.composite
def cells(draw, n_folds=3):
    """Levels, classes and folds of some rows; every fold and class occurs."""
    n = draw(st.integers(12, 40))
    n_levels, n_classes = draw(st.integers(1, 6)), draw(st.integers(2, 3))

    def codes(most):
        return hnp.arrays(np.int64, n, elements=st.integers(0, most - 1))

    levels, fold = draw(codes(n_levels)), draw(codes(n_folds))
    classes = draw(codes(n_classes))
    classes[:n_classes] = np.arange(n_classes)
    fold[:n_folds] = np.arange(n_folds)
    return levels, classes, fold, n_classes


@many
@given(cells())
def test_auc_from_counts_is_that_of_scikit_learn(drawn):
    levels, codes, fold, n_classes = drawn
    counts = count_cells(levels, codes, fold, n_classes)
    shares = held_out_shares(counts)
    aucs = _auc_by_fold(shares, counts)
    for k in range(counts.shape[1]):
        held_out = fold == k
        for code in range(n_classes):
            is_class = codes[held_out] == code
            if is_class.all() or not is_class.any():
                assert np.isnan(aucs[k, code])
                continue
            expected = roc_auc_score(is_class, shares[levels[held_out], k, code])
            assert aucs[k, code] == pytest.approx(expected, abs=1e-12)


@many
@given(cells(), st.data())
def test_a_fold_is_no_part_of_its_own_shares(drawn, data):
    levels, codes, fold, n_classes = drawn
    k = data.draw(st.integers(0, int(fold.max())))
    changed = codes.copy()
    changed[fold == k] = data.draw(st.integers(0, n_classes - 1))
    first, second = (
        held_out_shares(count_cells(levels, c, fold, n_classes))[:, k]
        for c in (codes, changed)
    )
    np.testing.assert_array_equal(first, second)
    np.testing.assert_allclose(first.sum(axis=1), 1)


def _table(seed=0, n=300, n_classes=3):
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, n_classes, n)
    return rng, codes, stratified_folds(codes, 5, random_state=0)


def _column(rng, codes, kind):
    x = rng.normal(size=codes.size) + codes
    if kind == "numbers":
        return np.where(rng.random(codes.size) < 0.1, np.nan, x)
    return np.round(x).astype(int).astype(str).astype(object)


@pytest.mark.parametrize("kind", ["numbers", "words"])
@some
@given(st.integers(0, 2**20))
def test_neither_the_order_of_rows_nor_names_of_classes_matter(kind, seed):
    rng, codes, fold = _table(seed)
    x = _column(rng, codes, kind)
    expected = judge_alone("x", x, codes, fold, 3)
    order, names = rng.permutation(codes.size), rng.permutation(3)
    mixed = judge_alone("x", x[order], codes[order], fold[order], 3)
    np.testing.assert_allclose(mixed.by_class, expected.by_class)
    assert mixed.error_removed == pytest.approx(expected.error_removed)
    renamed = judge_alone("x", x, names[codes], fold, 3)
    np.testing.assert_allclose(renamed.by_class[names], expected.by_class)
    assert renamed.told == names[expected.told]


@pytest.mark.parametrize(
    "increasing", [np.exp, np.arctan, lambda x: x**3, lambda x: 4 * x + 8]
)
@some
@given(st.integers(0, 2**20))
def test_only_the_order_of_numbers_matters(increasing, seed):
    rng, codes, fold = _table(seed)
    x = np.round(_column(rng, codes, "numbers"), 3)
    first, second = (judge_alone("x", c, codes, fold, 3) for c in (x, increasing(x)))
    np.testing.assert_array_equal(first.by_class, second.by_class)
    np.testing.assert_array_equal(first.view.levels, second.view.levels)


@pytest.mark.parametrize("is_sorted", [True, False])
def test_a_word_of_its_own_for_each_row_says_nothing(is_sorted):
    _, codes, _ = _table(n=500, n_classes=2)
    codes = np.sort(codes) if is_sorted else codes
    fold = stratified_folds(codes, 5, random_state=0)
    words = np.array([f"word{k}" for k in range(500)], dtype=object)
    alone = judge_alone("x", words, codes, fold, 2)
    np.testing.assert_array_equal(alone.by_class, 0.5)
    assert alone.auc.estimate == 0.5
    assert alone.error_removed == 0


def test_a_missing_value_is_a_level_of_its_own():
    rng, codes, fold = _table(n_classes=2)
    x = rng.integers(0, 4, codes.size).astype(float)
    x[codes == 1] = np.nan
    alone = judge_alone("x", x, codes, fold, 2)
    assert alone.view.what == "missing or not"
    assert alone.missing_auc == alone.strength == 1
    middle = np.where(codes == 1, np.nan, x - 1.5)  # were it 0, it would be hidden
    assert judge_alone("x", middle, codes, fold, 2).missing_auc == 1
    whole = judge_alone("x", np.nan_to_num(x), codes, fold, 2)
    assert whole.missing_auc is None


@pytest.mark.parametrize("n_values", [3, 500])
def test_no_known_value_shares_the_level_of_missing_ones(n_values):
    x = np.arange(600) % n_values - 1.0
    x[::7] = np.nan
    for values in (x, x.astype(str).astype(object)):
        values[::7] = np.nan
        view = next(views_of("x", values, np.arange(600) % 2, 2))
        missing = view.levels[::7]
        assert np.unique(missing).shape == (1,)
        assert missing[0] not in np.delete(view.levels, np.s_[::7])


def test_a_class_of_few_rows_is_told_by_luck_and_not_judged():
    _, codes, _ = _table(n_classes=2)
    codes[:9], codes[9:19] = 2, 3
    fold = stratified_folds(codes, 5, random_state=0)
    alone = judge_alone("x", (codes == 2).astype(float), codes, fold, 4)
    np.testing.assert_array_equal(np.isnan(alone.by_class), [False, False, True, False])
    assert alone.told != 2
    assert judge_alone("x", (codes == 3) * 1.0, codes, fold, 4).told == 3


# -- a column beside the others --------------------------------------------------------


def _alone(columns, codes, fold, n_classes):
    return [judge_alone(j, c, codes, fold, n_classes) for j, c in enumerate(columns)]


def _honest(seed=0, n=2000):
    rng, codes, fold = _table(seed, n, n_classes=2)
    return rng, codes, fold, rng.normal(size=(3, n)) + codes


def test_a_copy_of_the_answer_wins_every_pair():
    _, codes, fold, others = _honest()
    copy, *rest = _alone([codes, *others], codes, fold, 2)
    share, n_pairs = judge_beside(copy, rest, codes, fold, 2)
    assert share.estimate == 1
    assert n_pairs > 100


@pytest.mark.parametrize("seed", range(3))
def test_noise_wins_half_of_the_pairs(seed):
    rng, codes, fold, others = _honest(seed)
    noise, *rest = _alone([rng.normal(size=codes.size), *others], codes, fold, 2)
    share, _ = judge_beside(noise, rest, codes, fold, 2)
    assert share.lower <= 0.5 <= share.upper


@pytest.mark.parametrize("seed", range(3))
def test_a_column_that_the_others_hold_already_wins_half(seed):
    _, codes, fold, others = _honest(seed)
    copy, *rest = _alone([others[0] * 2 + 1, *others], codes, fold, 2)
    share, _ = judge_beside(copy, rest, codes, fold, 2)
    assert share.lower <= 0.5 <= share.upper
    alone, *without = _alone(others, codes, fold, 2)
    assert judge_beside(alone, without, codes, fold, 2)[0].lower > 0.6


def test_a_tie_is_half_a_win():
    _, codes, fold, others = _honest()
    constant, *rest = _alone([np.zeros(codes.size), *others], codes, fold, 2)
    share, n_pairs = judge_beside(constant, rest, codes, fold, 2)
    assert share.estimate == pytest.approx(0.5, abs=2 / n_pairs)


# -- the lens --------------------------------------------------------------------------


def _cancer():
    return load_breast_cancer(return_X_y=True, as_frame=True)


def test_every_number_is_named_whatever_is_asked():
    X, y = _cancer()
    for result in (
        leakage_lens(X, y),
        leakage_lens(X),
        leakage_lens(X[:5], y[:5]),
        leakage_lens(X.assign(copy=y), y, X_target=X.assign(copy=y)[:9]),
    ):
        assert result.numbers.keys() == result.units.keys()


def test_overlap_decides_the_verdict():
    X, y = _cancer()
    train, rest = X[:400], X[400:]
    assert leakage_lens(train, y[:400], X_target=rest).verdict == "clear"
    mixed = pd.concat([rest, train[:20]])
    found = leakage_lens(train, y[:400], X_target=mixed, y_target=[0] * 189)
    assert (found.verdict, found.numbers["target_overlap_rows"]) == ("found", 20)
    assert found.numbers["target_overlap_same_label"].estimate == np.mean(y[:20] == 0)
    assert "20 of 189 target rows are training rows" in found.summary
    one = pd.concat([rest] * 3 + [train[:1]], ignore_index=True)
    one.iloc[:-1] += np.random.default_rng(0).normal(size=(507, 30)) * 1e-6
    assert leakage_lens(train, y[:400], X_target=one).verdict == "suspect"


def test_what_cannot_be_judged_is_not_called_clear():
    X, y = _cancer()
    for few, labels in ((X[:39], y[:39]), (X, y * 0), (X, [1] * 9 + [0] * 560)):
        result = leakage_lens(few, labels)
        assert result.verdict == "cannot tell"
        assert result.reason_code == "few_rows"
    assert leakage_lens(X).verdict == "clear"
    assert "Without y" in leakage_lens(X).limits[0]
    assert leakage_lens(X[:30].assign(id=range(30)), y[:30]).verdict == "found"


def test_known_identifiers_are_left_out_and_not_shown():
    X, y = _cancer()
    X = X.assign(patient=y, visit=np.arange(569) + 1000)
    result = leakage_lens(X, y, ids=["patient", "visit"])
    assert (result.verdict, result.leaking) == ("clear", ())
    assert result.identifiers == ("patient", "visit")
    assert result.numbers["identifier_columns"] == 0
    shown = [row["column"] for rows in result.evidence.values() for row in rows]
    assert not {"patient", "visit"} & set(shown)


@pytest.mark.parametrize(
    ("ids", "message"),
    [
        ("patient", r"ids='patient' is one name.*ids=\['patient'\]"),
        (["patient"], r"ids=\['patient'\] holds \['patient'\].*names of its columns"),
        ([40], r"holds \[40\]"),
    ],
)
def test_unknown_identifiers_raise(ids, message):
    X, y = _cancer()
    with pytest.raises(ValueError, match=message):
        leakage_lens(X, y, ids=ids)


def test_labels_of_target_rows_without_target_rows_raise():
    X, y = _cancer()
    with pytest.raises(ValueError, match="y_target was given without X_target"):
        leakage_lens(X, y, y_target=y)
    with pytest.raises(ValueError, match=r"X_target has 9, y_target has 8 rows"):
        leakage_lens(X, y, X_target=X[:9], y_target=y[:8])


NAME = "=cmd|'/c calc'!A1 <b>[bold]`x`"


def test_names_and_labels_pass_as_they_are():
    X, y = _cancer()
    labels = np.array([NAME, "no"])[y]
    result = leakage_lens(X.assign(**{NAME: y}), labels, X_target=X.assign(**{NAME: y}))
    plain = json.loads(json.dumps(result.to_dict(), allow_nan=False))
    (accused,) = plain["evidence"]["leaking or suspected columns"]
    assert accused["column"] == NAME
    assert accused["class"] in (NAME, "no")
    assert plain["leaking"] == [NAME]
    assert plain["remedies"][0]["expression"] == "LeakyColumnSelector()"


@pytest.mark.parametrize(
    "labels", [lambda y: y == 1, lambda y: y, lambda y: y.astype(float)]
)
def test_positions_and_plain_labels_fit_json(labels):
    X, y = _cancer()
    table = np.column_stack([X, y, np.arange(569)])
    plain = json.loads(json.dumps(leakage_lens(table, labels(y)).to_dict()))
    assert (plain["leaking"], plain["identifiers"]) == ([30], [31])
    assert plain["evidence"]["leaking or suspected columns"][0]["class"] in (0, 1)


def test_the_same_seed_gives_the_same_result_and_inputs_stay():
    X, y = _cancer()
    X = X.assign(copy=y, free_text=["a note"] * 569)
    before = X.copy(), y.copy()
    first, second = (leakage_lens(X, y, random_state=3).to_dict() for _ in range(2))
    assert first == second
    pd.testing.assert_frame_equal(X, before[0])
    pd.testing.assert_series_equal(y, before[1])


def test_wide_sparse_tables_say_that_not_all_columns_are_judged():
    X = sp.random(100, 3000, density=0.01, random_state=0, format="csr")
    y = np.arange(100) % 2
    said = "1000 whose presence differs most"
    assert any(said in limit for limit in leakage_lens(X, y).limits)
    assert not any(said in limit for limit in leakage_lens(X[:, :999], y).limits)
