"""What the lenses predict is checked, and comes out as it must on planted data."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from sklearn.compose import make_column_transformer
from sklearn.datasets import make_classification
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skdataquality import diagnose
from skdataquality.datasets import make_label_errors
from skdataquality.label_noise._flag_checks import check_flags
from skdataquality.shift import shift_lens
from skdataquality.shift._performance import check_decay
from skdataquality.shift._ratios import density_ratio
from skdataquality.utils._stats import Interval


def _easy(n=1500, seed=0):
    return make_classification(
        n, 8, n_informative=4, class_sep=2, flip_y=0, random_state=seed
    )


def _outcomes(predictions):
    return [prediction.outcome for prediction in predictions]


# -- wrong labels ------------------------------------------------------------------


def test_wrong_labels_are_memorised_and_not_recalled():
    X, y = _easy()
    noisy, wrong = make_label_errors(y, 0.08, random_state=0)
    memorised, worst = check_flags(X, noisy, np.unique(y), wrong, None)
    assert memorised.outcome == "confirmed"
    assert worst.outcome == "cannot tell"
    assert "not concentrated" in worst.measured


def test_flags_on_right_labels_are_refuted():
    X, y = _easy()
    innocent = np.random.default_rng(0).random(y.size) < 0.08
    assert check_flags(X, y, np.unique(y), innocent, None)[0].outcome == "refuted"


def test_the_class_with_the_wrong_labels_has_the_worst_recall():
    X, y = make_classification(
        2000, 8, n_informative=5, n_classes=3, class_sep=2, flip_y=0, random_state=0
    )
    rng = np.random.default_rng(0)
    wrong = (y == 1) & (rng.random(y.size) < 0.25)
    given = np.where(wrong, 2, y)  # rows given as class 2 that are of class 1
    _, worst = check_flags(X, given, np.arange(3), wrong, None)
    assert worst.outcome == "confirmed"
    assert worst.measured.startswith("class 2")


def test_few_flags_predict_nothing():
    X, y = _easy(200)
    assert check_flags(X, y, np.unique(y), np.arange(200) < 3, None) == ()


def test_copies_of_a_row_are_no_memory():
    X, y = _easy(600)
    noisy, wrong = make_label_errors(y, 0.08, random_state=0)
    rows = np.tile(np.arange(600), 3)
    memorised, _ = check_flags(X[rows], noisy[rows], np.unique(y), wrong[rows], rows)
    assert memorised.outcome == "confirmed"


# -- accuracy on target rows -------------------------------------------------------


def test_density_ratio_is_that_of_bayes():
    p = np.array([0.2, 0.5, 0.8, 0.5])
    weights = density_ratio(p, n_target=4)
    assert_allclose(weights.mean(), 1)
    assert_allclose(weights[1], weights[3])
    assert weights[0] < weights[1] < weights[2]


def _hard_side(n, seed, shift):
    """Left of 0 the label is clear, right of it a coin."""
    rng = np.random.default_rng(seed)
    X = rng.normal(shift, 1, size=(n, 3))
    clear = X[:, 1] > 0
    return X, np.where(X[:, 0] < 0, clear, rng.random(n) < 0.5).astype(int)


@pytest.mark.parametrize("labelled", [False, True])
def test_a_shift_towards_hard_rows_predicts_decay(labelled):
    X, y = _hard_side(3000, 0, 0)
    X_target, y_target = _hard_side(3000, 1, [0.8, 0, 0])
    lens = shift_lens(X, y, X_target=X_target, y_target=y_target if labelled else None)
    assert _outcomes(lens.predictions) == ["confirmed"]
    expected = lens.numbers["accuracy_expected_on_target"]
    assert expected.upper < lens.numbers["accuracy_held_out"].estimate
    if labelled:
        truth = lens.numbers["accuracy_on_target"].estimate
        assert expected.lower < truth < expected.upper
        assert abs(expected.estimate - truth) < 0.05


def test_without_shift_no_decay_is_confirmed():
    X, y = _hard_side(2000, 0, 0)
    X_target, y_target = _hard_side(2000, 1, 0)
    lens = shift_lens(X, y, X_target=X_target, y_target=y_target)
    assert lens.predictions[0].outcome != "confirmed"


def test_where_rows_do_not_overlap_nothing_is_expected():
    X, y = _hard_side(400, 0, 0)
    lens = shift_lens(X, y, X_target=X + [0, 0, 50])
    assert lens.predictions[0].outcome == "cannot tell"
    assert "accuracy_expected_on_target" not in lens.numbers
    assert "class shares" not in lens.evidence
    assert any("class shares" in limit.lower() for limit in lens.limits)


def test_labels_of_the_target_decide():
    right = np.repeat([True, False], [900, 100])
    worse = np.repeat([True, False], [100, 100])
    numbers, said = check_decay(right, worse)
    assert said.outcome == "confirmed"
    assert numbers["accuracy_on_target"].estimate == 0.5
    better = np.ones(200, dtype=bool)
    low = Interval(0.5, 0.4, 0.6, "made up")
    _, said = check_decay(right, better, expected=low)
    assert said.outcome == "refuted"


@pytest.mark.parametrize(
    ("upper", "outcome"), [(0.85, "confirmed"), (0.95, "cannot tell")]
)
def test_without_labels_the_whole_interval_must_be_lower(upper, outcome):
    right = np.repeat([True, False], [900, 100])
    expected = Interval(0.8, 0.7, upper, "made up")
    assert check_decay(right, expected=expected)[1].outcome == outcome
    assert check_decay(right, why_not="far")[1].measured.endswith("rows: far")


@pytest.mark.parametrize("right", [True, False])
def test_one_labelled_row_decides_nothing(right):
    held_out = np.repeat([True, False], [900, 100])
    assert check_decay(held_out, np.array([right]))[1].outcome == "cannot tell"


def test_lists_are_tables_and_vectors_are_not():
    X, y = _easy(80)
    plain = diagnose(X, y, estimator=LogisticRegression(), cv=3)
    listed = diagnose(X.tolist(), y.tolist(), estimator=LogisticRegression(), cv=3)
    assert listed.to_json() == plain.to_json()
    with pytest.raises(ValueError, match="2D array"):
        diagnose(X[:, 0], y, X_target=X)


def test_a_given_estimator_may_name_the_leaking_column():
    X, y = _easy(400)
    frame = pd.DataFrame(X).add_prefix("x")
    frame["answer"] = y
    named = make_pipeline(
        make_column_transformer((StandardScaler(), list(frame.columns))),
        LogisticRegression(),
    )
    numbers = diagnose(frame, y, estimator=named).lenses["leakage"].numbers
    assert numbers["auc_with"].estimate > 0.999
    assert numbers["auc_without"].estimate < numbers["auc_with"].estimate
    free = diagnose(frame.drop(columns="answer"), y, estimator=named[-1])
    accuracy = free.lenses["imbalance"].numbers["accuracy"].estimate
    shuffled = diagnose(frame, y, estimator=named)
    assert_allclose(
        shuffled.lenses["imbalance"].numbers["accuracy"].estimate, accuracy, atol=0.03
    )


def test_models_see_a_stated_sample_and_copies_are_counted_in_all_rows():
    X, y = _easy(900)
    noisy, wrong = make_label_errors(y, 0.1, random_state=0)
    X, noisy = np.vstack([X, X[:100]]), np.append(noisy, noisy[:100])
    report = diagnose(X, noisy, max_rows=400, random_state=3)
    assert any("models see 400 of 1000 rows" in note for note in report.notes)
    assert report.lenses["duplicates"].numbers["repeated_rows"] == 100
    suspicious = report.lenses["label_noise"].evidence["flagged rows, worst first"]
    wrong = np.append(wrong, wrong[:100])
    caught = [bool(wrong[row["row"]]) for row in suspicious]
    assert np.mean(caught) > 0.7
    assert diagnose(X, noisy, max_rows=400, random_state=3).to_json() == (
        report.to_json()
    )


def test_the_plan_says_what_to_expect_in_the_numbers_of_the_lens():
    X, y = _easy(500)
    frame = pd.DataFrame(X).add_prefix("x")
    frame["answer"] = np.where(y == 1, "yes", "no")
    report = diagnose(pd.concat([frame, frame[:50]]), np.append(y, y[:50]))
    steps = {step["lens"]: step for step in report.plan}
    without = report.lenses["leakage"].numbers["auc_without"].estimate
    assert f"{without:.3f}" in steps["leakage"]["expect"]
    assert steps["duplicates"]["expect"].startswith("50 fewer rows")
    assert [step["step"] for step in report.plan] == list(range(1, len(steps) + 1))


def test_shares_of_rows_counted_once_say_so():
    rng = np.random.default_rng(0)
    y = np.arange(200) % 2
    X = rng.normal(size=(200, 2)) + 3 * y[:, None]
    flagged = (y == 1) & (rng.random(200) < 0.3)
    twins = np.arange(200)
    alone = check_flags(X, y, np.array(["a", "b"]), flagged, twins)[1].measured
    assert "none twice" not in alone
    twins[150:] -= 100
    once = check_flags(X, y, np.array(["a", "b"]), flagged, twins)[1].measured
    assert f"class b: {flagged[:150][y[:150] == 1].mean():.3f} flagged" in once
    assert "(of 150 rows, none twice)" in once
