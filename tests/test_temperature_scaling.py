"""Temperature scaling undoes what was done to calibrated probabilities."""

import numpy as np
import pytest
from scipy.special import softmax

from skdataquality.compose._calibration import fit_temperature


@pytest.fixture
def calibrated():
    rng = np.random.default_rng(0)
    proba = softmax(rng.normal(scale=1.5, size=(20_000, 3)), axis=1)
    return proba, (proba.cumsum(axis=1) > rng.random((20_000, 1))).argmax(axis=1)


def test_it_recovers_temperature_and_bias(calibrated):
    proba, codes = calibrated
    bias = np.array([0.5, -0.2, -0.3])
    spoiled = softmax((np.log(proba) - bias) * 3, axis=1)
    fitted = fit_temperature(spoiled, codes)
    assert fitted.temperature == pytest.approx(3, rel=0.05)
    np.testing.assert_allclose(fitted.bias, bias, atol=0.05)
    np.testing.assert_allclose(fitted.apply(spoiled), proba, atol=0.03)


def test_calibrated_shares_are_those_of_the_classes(calibrated):
    proba, codes = calibrated
    spoiled = softmax(np.log(proba) * [3, 1, 0.5], axis=1)
    shares = fit_temperature(spoiled, codes).apply(spoiled).mean(axis=0)
    np.testing.assert_allclose(shares, np.bincount(codes) / codes.size, atol=1e-5)


def test_a_weight_is_a_repetition(calibrated):
    proba, codes = (a[:300] for a in calibrated)
    times = np.arange(300) % 3
    weighted = fit_temperature(proba, codes, sample_weight=times)
    repeated = fit_temperature(np.repeat(proba, times, axis=0), np.repeat(codes, times))
    assert weighted.temperature == pytest.approx(repeated.temperature, rel=1e-4)
    np.testing.assert_allclose(weighted.bias, repeated.bias, atol=1e-4)


def test_smoothing_keeps_few_rows_that_are_sure_and_wrong_from_deciding(calibrated):
    (proba, rest), (codes, others) = ((a[:500], a[500:]) for a in calibrated)
    proba = proba.copy()
    proba[:10] = np.eye(3)[(codes[:10] + 1) % 3]  # as a forest whose trees agree

    def loss(scaling):
        said = scaling.apply(rest)[np.arange(others.size), others]
        return -np.log(said).mean()

    smoothed = fit_temperature(proba, codes, smoothing=0.02)
    assert loss(smoothed) < loss(fit_temperature(proba, codes)) - 0.01


def test_smoothed_shares_are_those_of_the_classes_and_weighted(calibrated):
    proba, codes = calibrated
    weight = np.where(codes == 0, 2.0, 1.0)
    fitted = fit_temperature(proba**2, codes, smoothing=0.1, sample_weight=weight)
    shares = np.bincount(codes) * [2, 1, 1] / weight.sum()
    np.testing.assert_allclose(fitted.prior, shares)
    found = np.average(fitted.apply(proba**2), axis=0, weights=weight)
    np.testing.assert_allclose(found, shares, atol=1e-5)
