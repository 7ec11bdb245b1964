"""Shares of classes, Bayes' rule for another prior, and the prior of new rows."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from skdataquality.compose._priors import class_shares, correct_prior, em_prior

OLD, NEW = np.array([0.5, 0.3, 0.2]), np.array([0.1, 0.2, 0.7])


def posterior(likelihood, prior):
    joint = likelihood * prior
    return joint / joint.sum(axis=1, keepdims=True)


@pytest.fixture
def likelihood():
    return np.random.default_rng(0).exponential(size=(200, 3))


def test_shares_are_of_rows_or_of_their_weight():
    codes = np.array([0, 0, 2, 0])
    assert_array_equal(class_shares(codes, 4), [0.75, 0, 0.25, 0])
    assert_array_equal(class_shares(codes, 3, [1, 0, 3, 2]), [0.5, 0, 0.5])


def test_a_corrected_posterior_is_that_of_the_new_prior(likelihood):
    corrected = correct_prior(posterior(likelihood, OLD), OLD, NEW)
    assert_allclose(corrected, posterior(likelihood, NEW), atol=1e-12)


def test_whole_numbers_are_a_prior_too(likelihood):
    proba = posterior(likelihood[:, :2], [0.5, 0.5])
    moved = correct_prior(proba, np.array([0.5, 0.5]), np.array([1, 0]))
    assert_array_equal(moved, [[1, 0]] * len(proba))


def test_a_class_that_was_not_trained_on_keeps_probability_0():
    old = np.array([0.5, 0.5, 0.0])
    moved = correct_prior(np.array([[0.5, 0.3, 0.2]]), old, NEW)
    assert_allclose(moved, [[5 / 11, 6 / 11, 0]])


def test_a_row_without_any_probability_left_has_the_new_prior():
    old = np.array([0.5, 0.5, 0.0])
    proba = np.array([[0.5, 0.5, 0], [0, 0, 1]])  # the model never saw class 2
    assert_allclose(correct_prior(proba, old, NEW), [[1 / 3, 2 / 3, 0], NEW])


@pytest.mark.parametrize("start", [None, np.array([0.01, 0.01, 0.98])])
def test_the_prior_found_is_the_mean_of_its_own_posteriors(likelihood, start):
    proba = posterior(likelihood, OLD)
    found = em_prior(proba, OLD, start=start)
    again = correct_prior(proba, OLD, found).mean(axis=0)
    assert_allclose(found, again, atol=1e-8)
    assert found.sum() == pytest.approx(1)
    # and the most probable one: any other makes the rows less likely

    def log_likelihood(prior):
        return np.log((proba / OLD) @ prior).sum()

    for k in range(3):
        other = 0.99 * found + 0.01 * np.eye(3)[k]
        assert log_likelihood(other) < log_likelihood(found)


def test_a_wide_tolerance_stops_early(likelihood):
    proba = posterior(likelihood, OLD)
    first = correct_prior(proba, OLD, NEW).mean(axis=0)
    assert_allclose(em_prior(proba, OLD, start=NEW, tolerance=2.0), first)


def test_the_search_ends_where_it_converges_slowly():
    proba = np.array([[0.5 + 1e-11, 0.5 - 1e-11]])
    start = np.array([0.5, 0.5])
    assert_allclose(em_prior(proba, start), start)  # nothing to be gained by a step
    assert em_prior(proba, start, tolerance=0).sum() == pytest.approx(1)
