"""Verified labels in training rows only, and in the right ones."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.sparse as sp
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, KFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skdataquality.active_learning._embedding import content_keys
from skdataquality.compose import RemediedClassifier
from skdataquality.exceptions import UnknownRowsWarning
from skdataquality.lineage import Reason
from skdataquality.model_selection import compare_remedies
from skdataquality.review import ReviewedLabels, ReviewedRows
from skdataquality.verified import VerifiedLabels


def table(n=120, wrong=30, seed=0):
    rng = np.random.default_rng(seed)
    truth = np.arange(n) % 2
    X = rng.normal(size=(n, 2)) + 3 * truth[:, None]
    y = truth.copy()
    y[:wrong] = 1 - y[:wrong]
    return X, truth, y


CONTAINERS = {
    "array": lambda X: X,
    "float32": lambda X: X.astype(np.float32),
    "sparse": sp.csr_array,
    "pandas": lambda X: pd.DataFrame(X, columns=["a", "b"]),
    "mixed": lambda X: pd.DataFrame(
        {"a": X[:, 0], "b": [f"town {x:.9f}" for x in X[:, 1]]}
    ),
    "polars": lambda X: pl.DataFrame(X, schema=["a", "b"]),
    "objects": lambda X: np.array([[a, f"{b:.9f}"] for a, b in X], dtype=object),
}


def part(X, rows):
    return X.iloc[rows] if hasattr(X, "iloc") else X[rows]


@pytest.mark.parametrize("container", CONTAINERS)
def test_rows_are_found_in_any_part_and_order_of_the_table(container):
    X, truth, y = table()
    X = CONTAINERS[container](X)
    checked = np.arange(10, 60)
    sampler = ReviewedLabels.from_table(X, y, VerifiedLabels(checked, truth[checked]))
    rows = np.random.default_rng(1).permutation(120)[:70]
    X_new, y_new = sampler.fit_resample(part(X, rows), y[rows])
    expected = np.where(np.isin(rows, checked), truth[rows], y[rows])
    np.testing.assert_array_equal(y_new, expected)
    assert X_new.shape[0] == 70
    changed = expected != y[rows]
    np.testing.assert_array_equal(sampler.lineage_.relabelled, changed)
    assert set(sampler.lineage_.change_reason[changed]) == {Reason.VERIFIED}


def test_keys_of_a_part_are_those_of_the_whole():
    X, _, _ = table()
    for container in CONTAINERS.values():
        whole = content_keys(container(X))
        rows = np.array([7, 3, 100])
        keys = content_keys(part(container(X), rows))
        np.testing.assert_array_equal(keys, whole[rows])
        assert np.unique(whole).size == 120


def test_nothing_verified_changes_nothing():
    X, _, y = table()
    for sampler in (ReviewedLabels(), ReviewedLabels.from_table(X, y, [])):
        X_new, y_new = sampler.fit_resample(X, y)
        np.testing.assert_array_equal(X_new, X)
        np.testing.assert_array_equal(y_new, y)
        assert sampler.lineage_.is_identity


def test_a_search_trains_on_verified_labels_and_scores_given_ones():
    X, truth, y = table()
    verified = VerifiedLabels(np.arange(30), truth[:30])
    reviewed = ReviewedLabels.from_table(X, y, verified)
    model = LogisticRegression()
    cv = KFold(4, shuffle=True, random_state=0)
    search = GridSearchCV(
        RemediedClassifier(model), {"remedy": [None, reviewed]}, cv=cv
    ).fit(X, y)
    mended = np.r_[truth[:30], y[30:]]
    for at, (train, test) in enumerate(cv.split(X)):
        for remedy, labels in enumerate((y, mended)):
            expected = clone(model).fit(X[train], labels[train]).score(X[test], y[test])
            assert search.cv_results_[f"split{at}_test_score"][remedy] == expected


def test_a_comparison_takes_it_as_a_remedy():
    X, truth, y = table()
    verified = VerifiedLabels(np.arange(30), truth[:30])
    reviewed = ReviewedLabels.from_table(X, y, verified)
    result = compare_remedies(
        LogisticRegression(), {"reviewed": reviewed}, X, y, cv=3, random_state=0
    )
    assert "reviewed" in str(result)


def test_before_a_pipeline_it_finds_rows_and_after_a_scaler_it_says_so():
    X, truth, y = table()
    verified = VerifiedLabels(np.arange(30), truth[:30])
    reviewed = ReviewedLabels.from_table(X, y, verified)
    outer = RemediedClassifier(
        make_pipeline(StandardScaler(), LogisticRegression()), reviewed
    ).fit(X, y)
    assert outer.lineage_.relabelled.sum() == 30
    inner = RemediedClassifier(LogisticRegression(), reviewed)
    with pytest.warns(UnknownRowsWarning, match="about 30 should be"):
        make_pipeline(StandardScaler(), inner).fit(X, y)


def test_numbered_answers_are_for_the_whole_table_only():
    X, truth, y = table()
    verified = VerifiedLabels(np.arange(30), truth[:30], n_rows=120)
    _, y_new = ReviewedLabels(verified).fit_resample(X, y)
    np.testing.assert_array_equal(y_new, truth)
    with pytest.raises(ValueError, match="from_table"):
        ReviewedLabels(verified).fit_resample(X[:80], y[:80])
    with pytest.raises(ValueError, match="from_table"):
        ReviewedLabels(VerifiedLabels([0], [0])).fit_resample(X, y)


def test_rows_of_which_only_that_they_are_wrong_is_known_are_dropped():
    X, _, _ = table()
    y = np.arange(120) % 3
    sampler = ReviewedLabels.from_table(X, y, VerifiedLabels([4, 5], [None, 0]))
    X_new, y_new = sampler.fit_resample(X, y)
    assert X_new.shape[0] == 119
    assert sampler.lineage_.dropped.nonzero()[0].tolist() == [4]
    assert sampler.lineage_.drop_reason[4] == Reason.VERIFIED
    assert y_new[4] == 0


def test_a_row_whose_right_label_no_training_row_has_is_dropped():
    X, _, _ = table()
    y = np.where(np.arange(120) < 2, 2, np.arange(120) % 2)
    sampler = ReviewedLabels.from_table(X, y, VerifiedLabels([5], [2]))
    sampler.fit_resample(X[2:], y[2:])
    assert sampler.lineage_.dropped.nonzero()[0].tolist() == [3]


def test_copies_share_an_answer_unless_answers_differ():
    X, _, y = table(60, 0)
    X, y = np.repeat(X, 2, axis=0), np.repeat(y, 2)  # each row twice
    verified = VerifiedLabels([0, 2, 3], [1 - y[0], 1 - y[2], y[3]])
    sampler = ReviewedLabels.from_table(X, y, verified)
    assert sampler.verified.n_ambiguous == 1
    sampler.fit_resample(X, y)
    assert sampler.lineage_.relabelled.nonzero()[0].tolist() == [0, 1]


def test_rows_that_are_equal_by_chance_do_not_share_an_answer():
    rng = np.random.default_rng(0)
    X, y = rng.integers(0, 2, (200, 3)), rng.integers(0, 2, 200)
    rows = ReviewedRows(X, y, VerifiedLabels([0], [1 - y[0]]))
    assert (rows.n_wrong, rows.n_ambiguous) == (1, 1)
    sampler = ReviewedLabels(rows)
    sampler.fit_resample(X, y)
    assert sampler.lineage_.is_identity
    alike = np.flatnonzero((X[0] == X).all(axis=1) & (y == y[0]))
    every = VerifiedLabels(alike, 1 - y[alike])
    whole = ReviewedLabels.from_table(X, y, every)
    whole.fit_resample(X, y)
    np.testing.assert_array_equal(whole.lineage_.relabelled.nonzero()[0], alike)


def test_answers_of_another_table_are_refused():
    X, _, y = table()
    with pytest.raises(ValueError, match="99 rows"):
        ReviewedLabels.from_table(X, y, VerifiedLabels([0], [1], n_rows=99))
    with pytest.raises(ValueError, match="no class of y"):
        ReviewedLabels.from_table(X, y, VerifiedLabels([0], [7]))


def test_the_handle_is_no_array_and_equal_by_content():
    X, truth, y = table()
    one, same = (ReviewedRows(X, y, VerifiedLabels([0], [truth[0]])) for _ in "ab")
    other = ReviewedRows(X, y, VerifiedLabels([1], [truth[1]]))
    assert one == same
    assert hash(one) == hash(same)
    assert one != other
    assert not hasattr(one, "__len__")
    assert clone(ReviewedLabels(one)).verified is one
