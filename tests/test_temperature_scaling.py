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
