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


def test_a_prior_holds_the_temperature_of_few_rows_towards_1(calibrated):
    proba, codes = calibrated
    few, many = (
        [
            np.log(fit_temperature(proba[:n] ** 2, codes[:n], precision=p).temperature)
            for p in (0, 10, 1e9)
        ]
        for n in (40, 20_000)
    )
    assert abs(few[1]) < abs(few[0])
    assert few[2] == pytest.approx(0, abs=1e-4)
    assert many[1] == pytest.approx(many[0], abs=0.01)
    shares = fit_temperature(proba**2, codes, precision=1e9).apply(proba**2).mean(0)
    np.testing.assert_allclose(shares, np.bincount(codes) / codes.size, atol=1e-5)


def test_a_weight_is_a_repetition_beside_a_prior_too(calibrated):
    proba, codes = (a[:60] for a in calibrated)
    times = np.arange(60) % 3
    weighted = fit_temperature(proba**2, codes, sample_weight=times, precision=10)
    repeated = fit_temperature(
        np.repeat(proba**2, times, axis=0), np.repeat(codes, times), precision=10
    )
    assert weighted.temperature == pytest.approx(repeated.temperature, rel=1e-4)
