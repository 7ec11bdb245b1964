"""ShiftDetector and its Displays."""

import pickle

import matplotlib
import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from numpy.testing import assert_array_equal
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression

from skdataquality.base import Detector
from skdataquality.shift import (
    DomainROCDisplay,
    DriftDisplay,
    ShiftDetector,
    TargetData,
)
from skdataquality.utils._sklearn import InvalidParameterError

matplotlib.use("agg")
LR = LogisticRegression()


@pytest.fixture(scope="module")
def moved():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(300, 3))
    return X, rng.normal([2, 0, 0], 0.5, size=(200, 3))


@pytest.fixture(scope="module")
def fitted(moved):
    X, target = moved
    return ShiftDetector(LR, X_target=TargetData(target), random_state=0).fit(X)


def test_rows_without_target_rows_near_them_are_flagged(moved, fitted):
    X, target = moved
    assert isinstance(fitted, Detector)
    assert fitted.drifted_
    assert fitted.drifted_columns_[0] == 0
    assert fitted.issue_mask_.mean() > 0.5
    assert X[fitted.issue_mask_, 0].max() < np.median(target[:, 0])
    rank = np.corrcoef(X[:, 0], fitted.sample_scores_)[0, 1]
    assert rank > 0.4
    assert fitted.target_scores_.shape == (200,)
    far = fitted.score_samples([[9.0, 0, 0], [-9.0, 0, 0]])
    assert far[0] > 0.99
    assert far[1] < 0.01


def test_scores_are_the_density_ratio_that_is_known():
    rng = np.random.default_rng(1)
    X, target = rng.normal(size=(4000, 1)), rng.normal(1, 1, size=(1000, 1))
    found = ShiftDetector(LR, X_target=TargetData(target), random_state=0).fit(X)
    ratio = np.exp(X[:, 0] - 0.5)
    np.testing.assert_allclose(found.sample_scores_, ratio / (1 + ratio), atol=0.06)


def test_nothing_is_flagged_where_nothing_drifted():
    rng = np.random.default_rng(2)
    X, target = rng.normal(size=(200, 2)), rng.normal(size=(200, 2))
    found = ShiftDetector(LR, X_target=TargetData(target), random_state=0).fit(X)
    assert not found.drifted_
    assert not found.issue_mask_.any()
    assert not found.target_issue_mask_.any()
    nothing = ShiftDetector().fit(X)
    assert not nothing.drifted_
    assert nothing.p_value_ == 1
    assert_array_equal(nothing.score_samples(X), np.full(200, 0.5))


def test_target_rows_come_in_their_handle_once(moved):
    X, target = moved
    with pytest.raises(InvalidParameterError, match="TargetData"):
        ShiftDetector().fit(X, X_target=target)
    with pytest.raises(ValueError, match="give it once"):
        ShiftDetector(X_target=TargetData(X)).fit(X, X_target=TargetData(target))
    with pytest.raises(ValueError, match="X_target 1"):
        ShiftDetector(X_target=TargetData(target[:1])).fit(X)


def test_no_target_row_is_saved_after_it_is_set_to_none(moved):
    X, target = moved
    found = ShiftDetector(LR, X_target=TargetData(target), random_state=0).fit(X)
    found.set_params(X_target=None)
    saved = pickle.dumps(found)
    assert target[:2].tobytes() not in saved
    assert X[:2].tobytes() not in saved
    again = pickle.loads(saved)
    assert_array_equal(again.score_samples(X), found.score_samples(X))


def test_sparse_tables_and_texts(moved):
    X, target = moved
    for store in (sp.csr_array, sp.csc_matrix):
        found = ShiftDetector(LR, random_state=0)
        found.fit(store(X), X_target=TargetData(store(target)))
        assert found.drifted_
        assert found.drifted_columns_[0] == 0
    rng = np.random.default_rng(0)
    words = np.array(["sun", "rain", "wind", "fog"])
    ours, theirs = ([f"{day} {w}" for w in rng.choice(words, 60)] for day in "ab")
    texts = ShiftDetector(random_state=0).fit(ours, X_target=TargetData(theirs))
    assert texts.drifted_
    assert texts.column_table_ == ()
    alike = ShiftDetector(random_state=0).fit(ours, X_target=TargetData(ours[::-1]))
    assert not alike.drifted_


def test_few_rows_are_not_judged(moved):
    X, target = moved
    found = ShiftDetector(LR, X_target=TargetData(target[:8]), random_state=0).fit(X)
    assert found.why_not_ == "few_rows"
    assert not found.drifted_


def test_the_table_has_a_line_for_each_column(fitted):
    table = fitted.to_frame()
    assert table["column"].tolist() == [row["column"] for row in fitted.column_table_]
    assert (table["distance_lower"] <= table["distance"]).all()
    assert table["effect"].is_monotonic_decreasing
    with pytest.raises(NotFittedError):
        clone(fitted).to_frame()


def test_the_columns_that_differ_most_are_drawn_first(fitted):
    display = DriftDisplay.from_estimator(fitted, max_columns=2)
    assert display.columns_ == [row["column"] for row in fitted.column_table_[:2]]
    labels = [tick.get_text() for tick in display.ax_.get_yticklabels()]
    assert labels == [str(name) for name in display.columns_]
    assert "2 of 3" in display.ax_.get_title()
    with pytest.raises(ValueError, match="no column"):
        DriftDisplay(()).plot()
    with pytest.raises(ValueError, match="max_columns=0"):
        DriftDisplay.from_estimator(fitted, max_columns=0)


def test_a_column_drawn_for_its_missing_cells_says_so():
    n = 200
    X = pd.DataFrame({"a": np.arange(n) % 7.0, "b": np.arange(n) % 9.0})
    target = X.assign(a=X["a"].where(np.arange(n) % 2 == 0))
    found = ShiftDetector(random_state=0).fit(X, X_target=TargetData(target))
    display = DriftDisplay.from_estimator(found)
    assert display.ax_.get_yticklabels()[0].get_text() == "a (missing)"
    assert found.drifted_columns_ == ("a",)


def test_the_curve_is_of_held_out_rows(fitted):
    display = DomainROCDisplay.from_estimator(fitted)
    assert display.auc_ == pytest.approx(fitted.domain_auc_.estimate, abs=0.03)
    x, y = display.line_.get_data()
    assert np.trapezoid(y, x) == pytest.approx(display.auc_)
    with pytest.raises(ValueError, match="a curve needs both"):
        DomainROCDisplay([0.5], []).plot()
    with pytest.raises(NotFittedError):
        DomainROCDisplay.from_estimator(ShiftDetector())
