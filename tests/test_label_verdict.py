"""What labels and probabilities can say: the noise floor, and the verdict on it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from skdataquality.label_noise import label_noise_lens
from skdataquality.label_noise._confident import contamination
from skdataquality.label_noise._flags import rows_to_verify


def calibrated(n, n_classes, rng, spread=4.0):
    """Labels drawn from their probabilities."""
    proba = np.exp(spread * rng.normal(size=(n, n_classes)))
    proba /= proba.sum(axis=1, keepdims=True)
    u = rng.random(n)[:, None]
    return (u > proba.cumsum(axis=1)).sum(axis=1).clip(max=n_classes - 1), proba


def replaced_at_random(codes, rate, n_classes, rng):
    is_replaced = rng.random(codes.size) < rate
    return np.where(is_replaced, rng.integers(0, n_classes, codes.size), codes)


def shifted(codes, rate, n_classes, rng):
    """Class k is called k + 1: noise that goes to one class only."""
    return (codes + (rng.random(codes.size) < rate)) % n_classes


# ---------------------------------------------------------------- the noise floor
@pytest.mark.parametrize("n_classes", [2, 3, 10])
def test_the_floor_is_the_share_of_labels_replaced_by_wrong_ones(n_classes):
    rng = np.random.default_rng(0)
    codes, proba = calibrated(20_000, n_classes, rng)
    noisy = replaced_at_random(codes, 0.2, n_classes, rng)
    found = contamination(noisy, proba)
    assert abs(found.rate.estimate - 0.2 * (n_classes - 1) / n_classes) < 0.01
    assert found.rate.lower < found.rate.estimate < found.rate.upper
    assert found.p_value < 1e-9
    assert abs(np.log(found.power)) < 0.2


@pytest.mark.parametrize("n_classes", [3, 10])
def test_the_floor_does_not_ask_where_wrong_labels_go(n_classes):
    rng = np.random.default_rng(1)
    codes, proba = calibrated(20_000, n_classes, rng)
    found = contamination(shifted(codes, 0.1, n_classes, rng), proba)
    assert abs(found.rate.estimate - 0.1) < 0.03
    assert found.p_value < 1e-9


@pytest.mark.parametrize("n_classes", [2, 4])
def test_the_interval_covers_and_no_noise_is_seldom_refuted(n_classes):
    rng = np.random.default_rng(2)
    covered, refuted, n_runs = 0, 0, 100
    wrong = 0.1 * (n_classes - 1) / n_classes
    for _ in range(n_runs):
        codes, proba = calibrated(500, n_classes, rng)
        refuted += contamination(codes, proba).p_value < 0.05
        rate = contamination(replaced_at_random(codes, 0.1, n_classes, rng), proba).rate
        covered += rate.lower <= wrong <= rate.upper
    assert covered >= 0.9 * n_runs
    assert refuted <= 0.1 * n_runs


@given(st.integers(0, 2**32 - 1), st.floats(0.5, 2))
@settings(max_examples=15, derandomize=True)  # simulated: a bound, no certainty
def test_no_temperature_makes_overlap_noise(seed, power):
    """The model may be too sure or too timid by any power of its odds."""
    rng = np.random.default_rng(seed)
    codes, proba = calibrated(400, 3, rng, spread=2.0)
    tempered = proba**power / (proba**power).sum(axis=1, keepdims=True)
    plain, other = contamination(codes, proba), contamination(codes, tempered)
    assert_allclose(other.rate.estimate, plain.rate.estimate, atol=0.04)


def test_neither_order_of_rows_nor_of_classes_matters():
    rng = np.random.default_rng(3)
    codes, proba = calibrated(600, 3, rng)
    codes = replaced_at_random(codes, 0.15, 3, rng)
    first = contamination(codes, proba)
    rows, classes = rng.permutation(600), np.array([2, 0, 1])
    second = contamination(classes[codes][rows], proba[rows][:, np.argsort(classes)])
    assert_allclose(second.rate.estimate, first.rate.estimate, atol=1e-6)
    assert_allclose(second.p_value, first.p_value, rtol=1e-4)


def test_impossible_probabilities_are_read_as_small_ones():
    """Ten neighbours cannot say less than a tenth."""
    rng = np.random.default_rng(4)
    truth, proba = calibrated(4000, 2, rng, spread=1.0)
    votes = rng.binomial(10, proba[:, 1]) / 10
    found = contamination(truth, np.column_stack([1 - votes, votes]))
    assert np.isfinite(found.rate.upper)
    tiny = np.array([[1.0, 0.0], [1 - 5e-324, 5e-324]] * 40)
    assert np.isfinite(contamination(np.zeros(80, dtype=int), tiny).rate.upper)


def test_dependent_rows_say_less():
    rng = np.random.default_rng(5)
    codes, proba = calibrated(600, 2, rng)
    codes = replaced_at_random(codes, 0.1, 2, rng)
    alone, together = (
        contamination(codes, proba),
        contamination(codes, proba, effective_share=0.25),
    )
    assert together.rate.estimate == pytest.approx(alone.rate.estimate, abs=1e-4)
    assert together.p_value > alone.p_value
    assert together.rate.upper > alone.rate.upper


def test_odds_of_being_replaced_follow_from_the_model():
    rng = np.random.default_rng(6)
    codes, proba = calibrated(3000, 2, rng)
    found = contamination(replaced_at_random(codes, 0.2, 2, rng), proba)
    replaced = 2 * found.rate.estimate
    tempered = proba**found.power
    tempered /= tempered.sum(axis=1, keepdims=True)
    own = tempered[np.arange(3000), codes]
    expected = replaced / 2 / ((1 - replaced) * own)
    assert_allclose(found.odds_of_replaced(codes, proba), expected)


# ---------------------------------------------------------------- the verdict
def test_overlap_is_undecidable_and_says_how_many_rows_decide():
    rng = np.random.default_rng(7)
    codes, proba = calibrated(1000, 2, rng, spread=1.0)
    lens = label_noise_lens(codes, proba)
    disagreeing = int((proba.argmax(axis=1) != codes).sum())
    assert (lens.verdict, lens.reason_code) == ("cannot tell", "undecidable")
    assert lens.numbers["disagreeing_rows"] == disagreeing
    assert lens.numbers["undecidable_rows"] <= disagreeing
    n = lens.numbers["rows_to_verify"]
    assert f"Verify {n} of the {disagreeing} labels that disagree" in lens.summary
    drawn = [line["row"] for line in lens.evidence["rows to verify"]]
    assert len(set(drawn)) == n
    assert (proba.argmax(axis=1) != codes)[drawn].all()
    assert str(drawn[0]) in lens.limits[0]


def test_all_rows_that_disagree_are_no_random_draw():
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 2, 60)
    proba = rng.dirichlet([1, 1], 60)
    lens = label_noise_lens(codes, proba)
    n = lens.numbers["rows_to_verify"]
    assert n == lens.numbers["disagreeing_rows"]
    assert lens.summary.endswith(f"Verify all {n} labels that disagree by hand.")
    assert "drawn at random" not in " ".join(lens.limits)


def test_forty_per_cent_of_ten_classes_are_found():
    rng = np.random.default_rng(8)
    codes, proba = calibrated(1500, 10, rng, spread=6.0)
    noisy = replaced_at_random(codes, 0.4 * 10 / 9, 10, rng)
    lens = label_noise_lens(noisy, proba)
    assert lens.verdict == "found"
    assert abs(lens.numbers["noise_floor"].estimate - 0.4) < 0.05


def test_few_disagreements_are_clear_and_noise_on_hard_rows_never_is():
    rng = np.random.default_rng(9)
    codes, proba = calibrated(2000, 2, rng, spread=12.0)
    sure = proba.max(axis=1) > 0.99
    assert label_noise_lens(codes[sure], proba[sure]).verdict == "clear"
    hard = np.argsort(proba.max(axis=1))[: round(0.13 * codes.size)]
    codes = proba.argmax(axis=1)
    codes[hard] = 1 - codes[hard]
    assert label_noise_lens(codes, proba).verdict != "clear"


def test_a_model_is_judged_by_what_it_would_reach_without_noise():
    """At 40 % noise a good model of ten classes errs on half of the given labels."""
    rng = np.random.default_rng(10)
    codes, proba = calibrated(2000, 10, rng, spread=6.0)
    noisy = replaced_at_random(codes, 0.45, 10, rng)
    lens = label_noise_lens(noisy, proba)
    assert lens.numbers["out_of_fold_accuracy"].estimate < 0.7
    assert lens.reason_code == "contradicted"
    useless = np.full((2000, 10), 0.1) + 0.01 * rng.random((2000, 10))
    useless /= useless.sum(axis=1, keepdims=True)
    assert label_noise_lens(codes, useless).reason_code == "weak_model"


def test_rows_of_one_group_are_counted_together():
    rng = np.random.default_rng(11)
    truth, proba = calibrated(60, 2, rng)
    noisy = replaced_at_random(truth, 0.3, 2, rng)
    codes, proba = np.repeat(noisy, 10), np.repeat(proba, 10, axis=0)
    groups = np.repeat(np.arange(60), 10)
    alone = label_noise_lens(codes, proba)
    together = label_noise_lens(codes, proba, groups=groups)
    for name in ("out_of_fold_accuracy", "noise_floor"):
        first, second = alone.numbers[name], together.numbers[name]
        assert second.upper - second.lower > 2 * (first.upper - first.lower)
    assert together.p_value > alone.p_value


@given(st.integers(1, 5000), st.integers(1, 5000))
def test_so_many_right_labels_leave_at_most_two_per_cent_wrong(n_disagreeing, n_others):
    n_rows = n_disagreeing + n_others
    n = rows_to_verify(n_disagreeing, n_rows)
    share = 0.02 * n_rows / n_disagreeing  # of those that disagree
    if n == 0:
        assert share >= 1
    elif n < n_disagreeing:
        assert (1 - share) ** n <= 0.05 < (1 - share) ** (n - 1)
