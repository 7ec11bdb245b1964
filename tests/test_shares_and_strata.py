"""Tests of shares, means over strata, and intervals of draws."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats

from skdataquality.utils._stats import (
    fits_shares,
    interval_of_draws,
    same_shares,
    score_ends,
    stratified_mean,
    wilson,
)


def test_two_kinds_are_tested_exactly_and_more_by_g():
    exact = stats.binomtest(30, 100, 0.4).pvalue
    assert_allclose(fits_shares([30, 70], [0.4, 0.6]), exact)
    n, p = np.array([20, 30, 50]), np.array([0.3, 0.3, 0.4])
    g = 2 * (n * np.log(n / (100 * p))).sum()
    assert_allclose(fits_shares(n, p), stats.chi2.sf(g, 2))
    fisher = stats.fisher_exact([[3, 97], [10, 90]]).pvalue
    assert_allclose(same_shares([3, 97], [10, 90]), fisher)
    assert_allclose(same_shares([20, 30, 50], [40, 60, 100]), 1)


def test_kinds_without_rows_and_without_share():
    assert fits_shares([5, 95], [0, 1]) == 0
    assert fits_shares([0, 100], [0, 1]) == 1
    assert_allclose(
        fits_shares([30, 70, 0], [0.4, 0.6, 0]), fits_shares([30, 70], [0.4, 0.6])
    )
    assert same_shares([0, 10], [0, 20]) == 1


@pytest.mark.parametrize("p", [[0.1, 0.9], [0.2, 0.3, 0.5]])
def test_true_shares_are_seldom_refused(p):
    rng = np.random.default_rng(0)
    refused = [fits_shares(rng.multinomial(200, p), p) < 0.05 for _ in range(300)]
    assert np.mean(refused) <= 0.09  # P(more | 5 %) < .002


def test_a_stratified_mean_is_narrow_where_strata_differ_and_covers():
    rng = np.random.default_rng(0)
    strata = np.repeat([0, 1], [90, 10])
    hits = 0
    for _ in range(300):
        values = rng.normal(10.0 * strata, 1 + strata)
        interval = stratified_mean(values, strata)
        assert_allclose(interval.estimate, values.mean())
        assert interval.upper - interval.lower < 0.8
        hits += interval.lower <= 1.0 <= interval.upper
    assert hits >= 273  # .91: P(fewer | 95 %) = .003
    values = rng.normal(size=30)
    plain = stats.t.interval(0.95, 29, values.mean(), stats.sem(values))
    one = stratified_mean(values, np.zeros(30, dtype=int))
    assert_allclose((one.lower, one.upper), plain)
    assert np.isnan(stratified_mean([1.0, 2.0], [0, 1]).lower)


def test_a_score_interval_of_a_proportion_is_that_of_wilson():
    assert_allclose(score_ends(0.3, 20), wilson(6, 20))


def test_an_interval_of_draws_holds_the_estimate():
    draws = np.r_[np.arange(1, 100) / 100, np.nan]
    interval = interval_of_draws(0.0, draws, method="drawn")
    assert (interval.estimate, interval.lower, interval.method) == (0, 0, "drawn")
    assert np.isnan(interval_of_draws(np.nan, draws, method="drawn").upper)
    assert np.isnan(interval_of_draws(0.5, [np.nan], method="drawn").lower)
