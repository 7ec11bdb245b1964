"""The error rate that a model implies, and what its interval leaves out."""

import json
import tracemalloc

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from skdataquality.datasets import make_label_errors
from skdataquality.exceptions import InSampleProbabilitiesWarning
from skdataquality.label_noise import (
    LabelAudit,
    confident_joint,
    estimate_joint,
    find_label_issues,
    label_error_rate,
    label_noise_lens,
)
from skdataquality.utils._stats import clopper_pearson


def noisy_data(n=3000, rate=0.1, sharpness=3.0, n_classes=3, seed=0):
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, n_classes, n)
    y, is_wrong = make_label_errors(truth, rate, random_state=seed)
    scores = rng.normal(size=(n, n_classes))
    scores[np.arange(n), truth] += sharpness
    proba = np.exp(scores)
    return y, proba / proba.sum(axis=1, keepdims=True), is_wrong


Y, PROBA, IS_WRONG = noisy_data()


def test_rate_is_the_share_off_the_diagonal_of_the_joint():
    rate = label_error_rate(Y, PROBA, random_state=0)
    joint = estimate_joint(Y, PROBA)
    # the joint is rounded to whole rows
    assert rate.overall.estimate == pytest.approx(1 - np.trace(joint), abs=3 / Y.size)
    by_class = [line["rate"].estimate for line in rate.by_class]
    expected = 1 - joint.diagonal() / joint.sum(axis=1)
    assert_allclose(by_class, expected, atol=3 / 900)


def test_rates_of_the_classes_times_their_rows_sum_to_the_overall_rate():
    rate = label_error_rate(Y, PROBA, random_state=0)
    n_wrong = sum(line["rows"] * line["rate"].estimate for line in rate.by_class)
    assert n_wrong == pytest.approx(Y.size * rate.overall.estimate)


@pytest.mark.parametrize("rate", [0.02, 0.1, 0.3])
def test_a_sharp_model_finds_the_rate(rate):
    y, proba, is_wrong = noisy_data(rate=rate, sharpness=8)
    overall = label_error_rate(y, proba, random_state=0).overall
    assert overall.estimate == pytest.approx(is_wrong.mean(), abs=0.005)
    assert overall.lower <= overall.estimate <= overall.upper


def test_a_weak_model_inflates_the_rate_and_the_result_says_so():
    y, proba, is_wrong = noisy_data(sharpness=1)
    rate = label_error_rate(y, proba, random_state=0)
    assert rate.overall.lower > is_wrong.mean() + 0.05
    assert rate.basis == "model-based"
    assert rate.overall.method.startswith("model-based, percentile bootstrap")
    assert "sampling error only" in rate.caveat
    assert all("model-based" in line["rate"].method for line in rate.by_class)


def test_the_lens_reports_the_same_rate():
    lens = label_noise_lens(Y, PROBA).numbers["label_error_rate"]
    assert lens == label_error_rate(Y, PROBA, random_state=0).overall


def test_rows_without_a_prediction_are_left_out_and_counted():
    proba = PROBA.copy()
    proba[::7] = np.nan
    kept = np.arange(Y.size) % 7 > 0
    rate = label_error_rate(Y, proba, random_state=0)
    assert rate.rows_without_prediction == (~kept).sum()
    assert (
        rate.overall == label_error_rate(Y[kept], PROBA[kept], random_state=0).overall
    )


def test_text_labels_classes_without_rows_and_json():
    names = np.array(["ape", "bee", "cat", "dog"])
    proba = np.column_stack([PROBA, np.zeros(Y.size)]).astype(np.float32)
    proba.setflags(write=False)
    rate = label_error_rate(names[Y], proba, classes=names, random_state=0)
    assert [line["class"] for line in rate.by_class] == names.tolist()
    assert rate.by_class[3]["rows"] == 0
    assert np.isnan(rate.by_class[3]["rate"].estimate)
    same = label_error_rate(Y, PROBA, random_state=0)
    assert rate.overall.estimate == pytest.approx(same.overall.estimate)
    assert json.loads(json.dumps(rate.to_dict()))["by_class"][3]["rate"]["lower"] == 0


def test_integer_seeds_repeat():
    first, second, third = (
        label_error_rate(Y, PROBA, random_state=seed) for seed in (0, 0, 1)
    )
    assert first == second != third


def test_bad_input_is_refused():
    with pytest.raises(ValueError, match="n_resamples=10"):
        label_error_rate(Y, PROBA, n_resamples=10)
    with pytest.raises(ValueError, match="single class"):
        label_error_rate(np.zeros(9), np.ones((9, 1)))
    with pytest.raises(ValueError, match="0 rows"):
        label_error_rate(Y, np.full_like(PROBA, np.nan))
    with pytest.raises(ValueError, match="do not sum to 1"):
        label_error_rate(Y, PROBA * 0.9)
    with pytest.warns(InSampleProbabilitiesWarning):
        label_error_rate(Y, np.eye(3)[Y])


@pytest.mark.parametrize("function", [label_error_rate, find_label_issues])
def test_a_frame_with_its_classes_in_another_order_is_refused(function):
    y = np.array(["cat", "dog"] * 20)
    proba = pd.DataFrame({"dog": np.tile([0.1, 0.9], 20)})
    proba["cat"] = 1 - proba.dog
    with pytest.raises(ValueError, match="put the columns in the order of the classes"):
        function(y, proba)
    function(y, proba[["cat", "dog"]])
    function(y, proba, classes=["dog", "cat"])
    function(y, proba.set_axis([0, 1], axis=1)[[1, 0]])  # numbers are no names


def test_no_disagreement_does_not_make_the_rate_certain():
    y = np.arange(100) % 2
    rate = label_error_rate(y, np.where(y[:, None] == [0, 1], 0.9, 0.1))
    assert rate.overall.estimate == rate.overall.lower == 0
    assert 0.03 < rate.overall.upper < 0.04
    assert "model-based, Clopper" in rate.overall.method
    assert all(row["rate"].upper > 0.06 for row in rate.by_class)


def test_nan_in_every_row_is_no_empty_y():
    proba = np.full((4, 2), np.nan)
    with pytest.raises(ValueError, match="pred_proba is NaN in all 4 rows: pass out-"):
        label_error_rate([0, 1, 0, 1], proba)


def plan_audit(y, pred_proba, *, random_state):
    return LabelAudit(200, random_state=random_state).plan(y, pred_proba)


def examine(y, pred_proba, *, random_state):
    return label_noise_lens(y, pred_proba)


@pytest.mark.parametrize("use", [label_error_rate, examine, plan_audit])
def test_memory_beside_the_input_is_small(use):
    rng = np.random.default_rng(0)
    y = rng.integers(200, size=20_000)
    proba = rng.random((y.size, 200), dtype=np.float32)
    proba /= proba.sum(axis=1, keepdims=True)
    tracemalloc.start()
    use(y, proba, random_state=0)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # A share of the input, some numbers per row, some copies of a chunk.
    assert peak < 0.15 * proba.nbytes + 200 * y.size + 2**22


def test_an_audit_of_ten_thousand_classes_needs_no_square_matrix():
    n_classes = 10_000
    rng = np.random.default_rng(0)
    y = np.repeat(rng.integers(n_classes, size=100), 4)
    proba = rng.random((y.size, n_classes), dtype=np.float32)
    proba[np.arange(y.size), y] += n_classes
    proba /= proba.sum(axis=1, keepdims=True)
    tracemalloc.start()
    plan = LabelAudit(40, random_state=0).plan(y, proba, classes=np.arange(n_classes))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert plan.n_rows == 40
    assert peak < 2**25  # 4 % of a square matrix


def test_a_class_whose_confident_rows_all_disagree_has_one_that_agrees():
    y = np.array([0] * 5 + [1] * 2)
    proba = np.array([[0.9, 0.1]] * 5 + [[0.95, 0.05]] * 2)
    rate = label_error_rate(y, proba, random_state=0).by_class[1]["rate"]
    assert rate.estimate == 2 / 3
    assert (rate.lower, rate.upper) == clopper_pearson(2, 3)
    # as in the confident joint
    assert confident_joint(y, proba, calibrate=False)[1].tolist() == [2, 1]
