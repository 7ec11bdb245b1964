"""Class shares of target rows: closed forms, recovery, and how sure."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.special import softmax
from scipy.stats import norm

from skdataquality.shift._label_shift import bbse, estimate_prior, rlls

CENTRES = np.array([[0, 0], [2, 0], [0, 2]])
OLD, NEW = np.array([0.5, 0.3, 0.2]), np.array([0.15, 0.25, 0.6])


def draw(rng, n, prior, *, apart=1.0):
    """Rows of three normal classes, and their probabilities under OLD."""
    y = rng.choice(prior.size, n, p=prior)
    x = rng.normal(size=(n, 2)) + apart * CENTRES[y]
    squares = ((x[:, None] - apart * CENTRES) ** 2).sum(axis=2)
    return y, softmax(np.log(OLD) - squares / 2, axis=1)


def distort(proba):
    """Over-confident, and biased against the first class."""
    return softmax(2.5 * np.log(proba) + [-1, 0.5, 0.5], axis=1)


@pytest.fixture
def rows():
    rng = np.random.default_rng(0)
    y, proba = draw(rng, 4000, OLD)
    return proba, y, draw(rng, 4000, NEW)


@pytest.mark.parametrize("method", ["auto", "em", "bbse", "rlls"])
@pytest.mark.parametrize("calibration", ["bcts", "temperature", None])
def test_every_method_recovers_the_shares(rows, method, calibration):
    proba, y, (_, target) = rows
    found = estimate_prior(
        proba, y, target[None], method=method, calibration=calibration
    )
    assert_allclose(found.estimate, NEW, atol=0.03)
    assert found.estimate.sum() == pytest.approx(1)
    assert found.agree
    assert found.p_value < 1e-10
    assert_allclose(found.training, np.bincount(y) / y.size)


@pytest.mark.parametrize("soft", [True, False])
@pytest.mark.parametrize("method", [bbse, rlls])
def test_moments_of_a_mixture_of_the_training_rows_give_its_shares(rows, soft, method):
    proba, y, _ = rows
    part = [proba[y == k] for k in range(3)]
    mixed = np.concatenate([part[0][:200], part[1][:400], part[2][:200]])
    source = np.concatenate([part[k][: (200, 400, 200)[k]] for k in range(3)])
    codes = np.repeat([0, 1, 2], [200, 400, 200])
    assert_allclose(
        method(source, codes, mixed, soft=soft), [0.25, 0.5, 0.25], atol=0.01
    )
    # which are the training shares: whatever the weights of the training rows
    weight = np.repeat([3.0, 1.0, 2.0], [200, 400, 200])
    found = method(source, codes, mixed, soft=soft, sample_weight=weight)
    assert_allclose(found, [0.25, 0.5, 0.25], atol=0.01)


def test_moments_hold_where_the_probabilities_are_wrong(rows):
    proba, y, (_, target) = rows
    wrong = estimate_prior(distort(proba), y, distort(target)[None], calibration=None)
    assert np.abs(wrong.estimates["em"] - NEW).max() > 0.03
    assert_allclose(wrong.estimate, NEW, atol=0.03)
    assert not wrong.agree
    assert wrong.method == "em and moments"


def test_calibration_undoes_a_distortion_of_the_logits(rows):
    proba, y, (_, target) = rows
    plain = estimate_prior(proba, y, target[None])
    mended = estimate_prior(distort(proba), y, distort(target)[None])
    assert_allclose(mended.estimate, plain.estimate, atol=1e-3)
    assert_allclose(mended.calibrated_for, plain.training, atol=1e-4)


@pytest.mark.parametrize("method", ["auto", "em", "bbse"])
def test_intervals_hold_the_prior(method):
    rng = np.random.default_rng(1)
    held = []
    for _ in range(60):
        y, proba = draw(rng, 400, OLD)
        _, target = draw(rng, 300, NEW)
        found = estimate_prior(distort(proba), y, distort(target)[None], method=method)
        low, high = found.interval.T
        assert (low <= found.estimate).all()
        assert (found.estimate <= high).all()
        held.append((low <= NEW) & (high >= NEW))
    assert 0.9 <= np.mean(held) <= 0.99


def test_an_interval_counts_the_noise_of_the_calibration():
    # 40 training rows against very many target rows: theirs is all the noise there is
    rng = np.random.default_rng(2)
    errors, said = [], []
    for _ in range(40):
        y, proba = draw(rng, 60, OLD, apart=1.5)
        _, target = draw(rng, 5000, NEW, apart=1.5)
        found = estimate_prior(proba, y, target[None], method="em")
        errors.append(found.estimate - NEW)
        said.append(np.ptp(found.interval, axis=1) / (2 * norm.isf(0.025)))
    assert_allclose(np.mean(said, axis=0), np.std(errors, axis=0), rtol=0.4)


def test_equal_shares_are_rarely_told_apart():
    rng = np.random.default_rng(3)
    p_values = []
    for _ in range(150):
        y, proba = draw(rng, 200, OLD)
        known = np.full(100, -1)
        target_y, target = draw(rng, 100, OLD)
        known[:30] = target_y[:30]
        found = estimate_prior(proba, y, target[None], target_codes=known)
        p_values.append(found.p_value)
    assert 0.01 <= np.mean(np.array(p_values) < 0.05) <= 0.09


def test_known_labels_count_as_they_are(rows):
    proba, y, (target_y, target) = rows
    some = np.where(np.arange(4000) < 1000, target_y, -1)
    found = estimate_prior(proba, y, target[None], target_codes=some)
    rest = estimate_prior(proba, y, target[None, 1000:])
    of_labels = np.bincount(target_y[:1000]) / 1000
    assert_allclose(found.estimate, 0.25 * of_labels + 0.75 * rest.estimate)
    assert found.n_labelled == 1000
    every = estimate_prior(proba, y, target[None], target_codes=target_y)
    assert_allclose(every.estimate, np.bincount(target_y) / 4000)
    assert every.method == "labels"
    assert every.p_value < 1e-10
    assert (np.ptp(every.interval, axis=1) < np.ptp(found.interval, axis=1)).all()


def test_rows_and_classes_without_predictions_are_left_out(rows):
    proba, y, (_, target) = rows
    plain = estimate_prior(proba[:1000], y[:1000], target[None])
    holes = np.vstack([proba[:1000], np.full((5, 3), np.nan)])
    again = estimate_prior(holes, np.r_[y[:1000], [0] * 5], target[None])
    assert_allclose(again.estimate, plain.estimate)
    wide = np.column_stack([proba[:1000], np.zeros(1000)])
    wide_target = np.column_stack([target, np.zeros(4000)])
    more = estimate_prior(wide, y[:1000], wide_target[None])
    assert_allclose(more.estimate, np.r_[plain.estimate, 0], atol=1e-6)
    assert np.isnan(more.interval[3]).all()


@pytest.mark.parametrize("n_target", [1, 2])
def test_hardly_any_target_row_says_hardly_anything(rows, n_target):
    proba, y, (_, target) = rows
    found = estimate_prior(proba, y, target[None, :n_target])
    assert np.isfinite(found.estimate).all()
    assert found.p_value > 1e-3
    assert np.ptp(found.interval, axis=1).min() > 0.5


def test_target_rows_that_are_the_training_rows_have_their_shares(rows):
    proba, y, _ = rows
    found = estimate_prior(proba, y, proba[None])
    assert_allclose(found.estimate, found.training, atol=1e-3)
    assert found.p_value > 0.99
