"""Rows shared with target data, and what accused columns are worth."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from skdataquality.exceptions import OverlapWarning
from skdataquality.leakage import (
    find_identifiers,
    leakage_lens,
    price_leaks,
    target_overlap,
)
from skdataquality.utils._folds import out_of_fold
from skdataquality.utils._stats import nadeau_bengio
from tests.test_bad_inputs_functions import WRONG_TABLES

# -- target rows that are training rows ------------------------------------------------


def _rows(n=200, seed=0):
    return np.random.default_rng(seed).normal(size=(n, 4))


FRAMES = {
    "array": np.asarray,
    "pandas": lambda a: pd.DataFrame(a, columns=[*"abcd"]),
    "polars": lambda a: pl.DataFrame(a, schema=[*"abcd"]),
    "csr": sp.csr_array,
    "coo": sp.coo_array,
}


@pytest.mark.parametrize("kind", FRAMES)
def test_shared_rows_are_counted_and_labels_compared(kind):
    X = _rows()
    X[1] = X[0]
    y = np.arange(200) % 2
    target = np.vstack([_rows(30, 1), X[:10]])
    y_target = np.r_[np.zeros(30), y[:8], 1 - y[8:10]]
    found = target_overlap(FRAMES[kind](X), FRAMES[kind](target), y, y_target)
    assert found.mask.tolist() == [False] * 30 + [True] * 10
    assert found.twin.tolist() == [-1] * 30 + [0, 0, *range(2, 10)]
    assert (found.share.estimate, found.same_label.estimate) == (0.25, 0.7)
    assert found.p_value < 1e-6


@pytest.mark.parametrize("frame", [pd.DataFrame, pl.DataFrame])
def test_columns_of_frames_are_matched_by_name(frame):
    X = _rows()
    named = {name: X[:, j] for j, name in enumerate("abcd")}
    target = frame({name: named[name][:20] for name in "dbca"})
    assert target_overlap(frame(named), target).mask.all()
    with_id = frame({"customer_id": np.arange(200) * 7, **named})
    first = {name: named[name][:20] for name in "dbca"}
    renumbered = frame({"d": first["d"], "customer_id": np.arange(20) + 5, **first})
    for rows in (target, renumbered):
        result = leakage_lens(with_id, X_target=rows)
        assert result.numbers["target_overlap_rows"] == 20


@pytest.mark.parametrize("seed", range(5))
def test_rows_that_chance_makes_equal_are_no_overlap(seed):
    rng = np.random.default_rng(seed)
    X, target = rng.integers(0, 2, (400, 5)), rng.integers(0, 2, (100, 5))
    found = target_overlap(X, target)
    assert found.mask.mean() > 0.9
    assert found.p_value > 0.01
    distinct = np.unique(X, axis=0)  # nor if the repeats are gone on one side
    assert target_overlap(distinct, target).p_value > 0.01
    X[:, 1:] = target[:, 1:] = 0  # and where the columns say the same
    X[:, 1:3], target[:, 1:3] = X[:, :1], target[:, :1]
    assert target_overlap(X, target).p_value > 0.01


def test_coarse_tables_still_show_copied_rows():
    rng = np.random.default_rng(0)
    X, target = rng.integers(0, 6, (300, 6)), rng.integers(0, 6, (300, 6))
    assert target_overlap(X, target).p_value > 0.01
    target[:60] = X[:60]
    assert target_overlap(X, target).p_value < 1e-6


def _mixed(n=40):
    rng = np.random.default_rng(0)
    day = pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 99, n), "D")
    size, word = rng.normal(size=n), np.array(["x", "y"])[rng.integers(0, 2, n)]
    return pd.DataFrame({"size": size, "day": day, "word": word})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda t: t.drop(columns="day"), "X_target lacks day: left out of both"),
        (lambda t: t.assign(more=1), "only X_target has more: ignored"),
        (lambda t: t.rename(columns=str.upper), "matched by position"),
        (lambda t: t.to_numpy(object).tolist(), "matched by position"),
        (lambda t: t.assign(size=[[1, 2]] * 10), "column size: numbers in X, lists"),
        (lambda t: t.assign(day=t.day.dt.strftime("%m/%d/%Y")), "column day: dates"),
        (lambda t: t.assign(size=t["size"].astype(str)), "column size: .* as numbers"),
    ],
)
def test_rows_are_compared_in_the_columns_of_both_and_others_named(change, said):
    X, target = _mixed(), change(_mixed()[:10])
    with pytest.warns(OverlapWarning, match=said):
        assert target_overlap(X, target).mask.all()
    with pytest.warns(OverlapWarning, match=said) as caught:
        leakage_lens(X, X_target=target, ids=["word"])
    assert len(caught) == 1


def test_labels_that_are_missing_are_not_compared():
    X, y = _rows(50), np.array(["a", "b"] * 25)
    unknown = np.full(50, None, dtype=object)
    assert target_overlap(X, X, y, unknown).same_label is None
    unknown[:4] = ["a", "b", "a", "a"]
    assert target_overlap(X, X, y, unknown).same_label.estimate == 0.75
    numbers = np.r_[0.0, np.full(49, np.nan)]
    assert target_overlap(X, X, np.zeros(50), numbers).same_label.estimate == 1


@pytest.mark.parametrize(
    ("target", "message"),
    [
        (np.ones((0, 4)), r"X_target has shape \(0, 4\).*at least one row"),
        (np.ones(4), r"X_target has shape \(4,\)"),
        (np.ones((5, 3)), "X has 4 features but X_target has 3"),
        (pd.DataFrame(np.ones((5, 3))), "X has 4 features but X_target has 3"),
    ],
)
def test_a_target_that_is_no_such_table_raises(target, message):
    for call in (
        lambda: target_overlap(_rows(), target),
        lambda: leakage_lens(_rows(), X_target=target),
    ):
        with pytest.raises(ValueError, match=message):
            call()


@pytest.mark.parametrize("case", WRONG_TABLES)
def test_what_is_no_table_raises(case):
    table, message = WRONG_TABLES[case]
    for call in (
        find_identifiers,
        leakage_lens,
        lambda X: leakage_lens(_rows(), X_target=X),
        lambda X: target_overlap(X, _rows()),
        lambda X: target_overlap(_rows(), X),
    ):
        with pytest.raises(ValueError, match=message):
            call(table)


# -- the price -------------------------------------------------------------------------


def _priced(leak_noise, seed=0):
    """The lens, labels and both predictions of a table with one accused column."""
    rng = np.random.default_rng(seed)
    y = np.arange(400) % 2
    X = rng.normal(size=(400, 3))
    X[:, 0] += y
    leaking = np.column_stack([X, y + leak_noise * rng.normal(size=400)])
    lens = leakage_lens(leaking, y)
    model = LogisticRegression()
    both = [out_of_fold(model, table, y, random_state=0) for table in (leaking, X)]
    return lens, y, *both


def test_the_price_is_the_paired_difference_of_fold_scores():
    lens, y, dirty, clean = _priced(0.3)
    priced = price_leaks(lens, y, dirty, clean)
    by_fold = np.array(
        [
            [roc_auc_score(y[test], oof.proba[test, 1]) for oof in (dirty, clean)]
            for _, test in dirty.splits
        ]
    )
    expected = nadeau_bengio(np.subtract(*by_fold.T), test_train_ratio=1 / 4)
    price = priced.numbers["auc_resting_on_them"]
    assert price.estimate == pytest.approx(expected.mean)
    assert (price.lower, price.upper) == pytest.approx((expected.lower, expected.upper))
    assert priced.numbers["auc_with"].estimate == pytest.approx(by_fold[:, 0].mean())
    assert priced.numbers["auc_without"].estimate == pytest.approx(by_fold[:, 1].mean())
    assert priced.numbers.keys() == lens.numbers.keys()
    assert priced.verdict == lens.verdict


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        (lambda dirty, clean: (dirty, clean), "confirmed"),
        (lambda dirty, clean: (clean, dirty), "refuted"),
        (lambda dirty, clean: (clean, clean), "refuted"),
    ],
)
def test_the_prediction_says_how_it_came_out(change, outcome):
    lens, y, *both = _priced(0.1)
    (said,) = price_leaks(lens, y, *change(*both)).predictions
    assert said.outcome == outcome
    assert said.measured.startswith("AUC ")


def test_a_small_gain_that_varies_stays_open():
    lens, y, dirty, clean = _priced(8.0)
    assert price_leaks(lens, y, dirty, clean).predictions[0].outcome == "cannot tell"
