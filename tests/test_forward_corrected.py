"""Logistic regression that sees the labels through a noise matrix."""

import pickle

import numpy as np
import pytest
import scipy.sparse as sp
from numpy.testing import assert_allclose, assert_array_equal
from scipy.optimize import approx_fprime
from scipy.special import softmax
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, GroupKFold

from skdataquality.exceptions import (
    FewFoldsWarning,
    NotConvergedWarning,
    SingularNoiseWarning,
)
from skdataquality.label_noise import (
    ForwardCorrectedLogisticRegression,
    backward_corrected_loss,
)
from skdataquality.label_noise._losses._forward import _fill_empty
from skdataquality.label_noise._losses._forward_loss import ForwardLoss

TIGHT = {"tol": 1e-8, "max_iter": 5000}
NOISE = {
    2: np.array([[0.8, 0.4], [0.2, 0.6]]),
    3: np.array([[0.8, 0.1, 0.0], [0.2, 0.6, 0.3], [0.0, 0.3, 0.7]]),
}


def _coefficients(n_classes, n_features=3):
    rng = np.random.default_rng(n_classes)
    coef = rng.normal(size=(n_classes, n_features))
    return coef - (coef[:1] if n_classes == 2 else coef.mean(axis=0))


def _simulate(n_classes, noise, n=4000, seed=0):
    """Rows of a softmax model, their true classes, their noisy labels."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 3))
    clean = _draw(softmax(X @ _coefficients(n_classes).T, axis=1), rng)
    return X, clean, _draw(noise[:, clean].T, rng)


def _draw(proba, rng):
    return (proba.cumsum(axis=1) > rng.random((len(proba), 1))).argmax(axis=1)


@pytest.mark.parametrize("kind", [np.asarray, sp.csr_array])
@pytest.mark.parametrize("fit_intercept", [True, False])
@pytest.mark.parametrize("n_classes", [2, 3])
def test_without_noise_it_is_logistic_regression(n_classes, fit_intercept, kind):
    X, y, _ = _simulate(n_classes, np.eye(n_classes), n=200)
    w = np.random.default_rng(1).integers(0, 3, 200)
    same = {"C": 0.7, "fit_intercept": fit_intercept, **TIGHT}
    plain = LogisticRegression(**same).fit(kind(X), y, w)
    for noise in (np.eye(n_classes), 0):
        forward = ForwardCorrectedLogisticRegression(noise, **same)
        forward.fit(kind(X), y, sample_weight=w)
        assert forward.coef_.shape == plain.coef_.shape
        assert_allclose(forward.coef_, plain.coef_, atol=2e-6)
        assert_allclose(forward.intercept_, plain.intercept_, atol=2e-6)
        for method in ("decision_function", "predict_proba", "predict_log_proba"):
            found, expected = getattr(forward, method), getattr(plain, method)
            assert_allclose(found(kind(X)), expected(kind(X)), atol=1e-5)
        assert_array_equal(forward.predict(kind(X)), plain.predict(kind(X)))


@pytest.mark.parametrize("kind", [np.asarray, sp.csr_array])
@pytest.mark.parametrize("n_classes", [2, 3])
def test_the_gradient_is_that_of_the_loss(n_classes, kind):
    X, _, y = _simulate(n_classes, NOISE[n_classes], n=30)
    w = np.random.default_rng(1).uniform(0, 2, 30)
    loss = ForwardLoss(kind(X), y, NOISE[n_classes], w, 0.5, True)
    theta = np.random.default_rng(2).normal(size=4 * loss.n_scores)
    numeric = approx_fprime(theta, lambda t: loss(t)[0], 1e-7)
    assert_allclose(loss(theta)[1], numeric, atol=1e-6)
    # and the loss is that of the paper
    coef, intercept = loss.unpack(theta)
    scores = X @ coef.T + intercept
    if n_classes == 2:
        scores = np.column_stack([np.zeros(30), scores])
    likelihood = (softmax(scores, axis=1) @ NOISE[n_classes].T)[np.arange(30), y]
    penalty = 0.5 * (coef**2).sum() / (0.5 * w.sum())
    assert_allclose(loss(theta)[0], penalty - np.average(np.log(likelihood), weights=w))


@pytest.mark.parametrize("n_classes", [2, 3])
def test_the_true_coefficients_minimise_the_expected_loss(n_classes):
    """Every row with every label, weighted by its probability: no sampling error."""
    X = np.random.default_rng(0).normal(size=(100, 3))
    noise, coef = NOISE[n_classes], _coefficients(n_classes)
    noisy = softmax(X @ coef.T, axis=1) @ noise.T
    forward = ForwardCorrectedLogisticRegression(noise, C=1e8, **TIGHT).fit(
        np.repeat(X, n_classes, axis=0),
        np.tile(np.arange(n_classes), 100),
        sample_weight=noisy.ravel(),
    )
    assert_allclose(forward.coef_, coef[-1:] if n_classes == 2 else coef, atol=2e-3)
    assert_allclose(forward.intercept_, 0, atol=2e-3)
    assert_allclose(forward.predict_proba(X) @ noise.T, noisy, atol=1e-4)


@pytest.mark.parametrize("n_classes", [2, 4])
def test_it_undoes_the_shrinkage_by_symmetric_noise(n_classes):
    noise = np.full((n_classes, n_classes), 0.3 / (n_classes - 1))
    np.fill_diagonal(noise, 0.7)
    X, clean, noisy = _simulate(n_classes, noise)
    best = LogisticRegression().fit(X, clean)
    plain = LogisticRegression().fit(X, noisy)
    forward = ForwardCorrectedLogisticRegression(0.3).fit(X, noisy)
    assert_allclose(forward.noise_matrix_, noise)
    error = np.linalg.norm(forward.coef_ - best.coef_)
    assert error < 0.35 * np.linalg.norm(plain.coef_ - best.coef_)
    # its accuracy on clean labels, measured on the noisy ones
    losses = forward.predict(X)[:, None] != np.arange(n_classes)
    measured = backward_corrected_loss(noisy, losses, noise).mean()
    assert abs(measured - np.mean(forward.predict(X) != clean)) < 0.03


def test_an_estimated_matrix_is_near_the_true_one():
    X, clean, noisy = _simulate(3, NOISE[3])
    X = X + 6 * _coefficients(3)[clean]  # classes apart
    forward = ForwardCorrectedLogisticRegression(random_state=0).fit(X, noisy)
    assert_allclose(forward.noise_matrix_, NOISE[3], atol=0.05)
    assert_allclose(forward.noise_matrix_.sum(axis=0), 1)
    again = clone(forward).fit(X, noisy)
    assert_array_equal(again.coef_, forward.coef_)
    groups = np.arange(len(X)) // 2
    by_group = ForwardCorrectedLogisticRegression(cv=GroupKFold(3))
    by_group.fit(X, noisy, groups=groups)
    assert_allclose(by_group.noise_matrix_, NOISE[3], atol=0.05)


def test_a_class_of_one_row_counts_as_clean():
    X, _, y = _simulate(2, NOISE[2], n=100)
    y[0] = 2
    forward = ForwardCorrectedLogisticRegression(random_state=0)
    forward.fit(X, y)
    assert_array_equal(forward.noise_matrix_[:, 2], [0, 0, 1])
    assert np.isfinite(forward.predict_proba(X)).all()


def test_an_estimate_that_tells_no_classes_apart_says_so(monkeypatch):
    X, _, y = _simulate(2, NOISE[2], n=100)
    monkeypatch.setattr(
        ForwardCorrectedLogisticRegression,
        "_estimate_noise_matrix",
        lambda *args: np.full((2, 2), 0.5),
    )
    with pytest.warns(SingularNoiseWarning, match="pass noise_matrix"):
        ForwardCorrectedLogisticRegression().fit(X, y)


def test_text_labels_and_other_orders_of_classes_change_nothing():
    X, _, y = _simulate(3, NOISE[3], n=300)
    names, turned = np.array(["z", "y", "x"]), NOISE[3][::-1, ::-1]
    plain = ForwardCorrectedLogisticRegression(NOISE[3], **TIGHT).fit(X, y)
    named = ForwardCorrectedLogisticRegression(turned, **TIGHT).fit(X, names[y])
    assert_array_equal(named.classes_, ["x", "y", "z"])
    assert_allclose(named.predict_proba(X)[:, ::-1], plain.predict_proba(X), atol=1e-5)
    assert_array_equal(named.predict(X), names[plain.predict(X)])


def test_single_precision_and_read_only_rows_are_taken_as_they_are():
    X, _, y = _simulate(3, NOISE[3], n=300)
    plain = ForwardCorrectedLogisticRegression(NOISE[3]).fit(X, y)
    X = X.astype(np.float32)
    X.flags.writeable = False
    single = ForwardCorrectedLogisticRegression(NOISE[3]).fit(X, y)
    assert_allclose(single.predict_proba(X), plain.predict_proba(X), atol=1e-3)


def test_it_is_searched_and_stored_with_its_matrix():
    X, _, y = _simulate(2, NOISE[2], n=200)
    grid = {"noise_matrix": [0.1, NOISE[2], NOISE[2].tolist()], "C": [0.1, 1]}
    search = GridSearchCV(ForwardCorrectedLogisticRegression(), grid, cv=2)
    search.fit(X, y)
    best = pickle.loads(pickle.dumps(search.best_estimator_))
    assert_array_equal(best.predict(X), search.predict(X))
    assert_array_equal(grid["noise_matrix"][1], [[0.8, 0.4], [0.2, 0.6]])


@pytest.mark.parametrize(
    ("noise", "message"),
    [
        (0.5, "no better than chance.* below 0.5"),
        (1.0, "noise_matrix"),
        (-0.1, "noise_matrix"),
        ("clean", "noise_matrix"),
        (np.full((2, 2), 0.5), "cannot be told apart"),
        (np.eye(3), r"shape \(3, 3\) but there are 2 classes"),
        (NOISE[2].T, r"pass noise_matrix\.T"),
    ],
)
def test_a_matrix_that_says_nothing_raises(noise, message):
    X, _, y = _simulate(2, NOISE[2], n=50)
    with pytest.raises(ValueError, match=message):
        ForwardCorrectedLogisticRegression(noise).fit(X, y)


def test_one_class_raises():
    with pytest.raises(ValueError, match="y has 1 class"):
        ForwardCorrectedLogisticRegression(0.1).fit([[1.0], [2.0]], [1, 1])


def test_too_few_iterations_warn():
    X, _, y = _simulate(2, NOISE[2], n=50)
    with pytest.warns(NotConvergedWarning, match="max_iter=1 "):
        ForwardCorrectedLogisticRegression(0.2, max_iter=1).fit(X, y)


def test_a_label_that_no_class_explains_counts_as_clean():
    """Its likelihood would be 0, and the loss no number."""
    noise = np.array([[0.5, 0, 0, 0], [0.5, 1, 1, 0], [0, 0, 0, 0], [0, 0, 0, 0]])
    filled = [[0.5, 0, 0, 0], [0.5, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]
    assert_allclose(_fill_empty(noise), filled)
    chained = np.array([[0, 1, 0], [0, 0, 1], [0, 0, 0]])  # one mends, one breaks
    assert_allclose(_fill_empty(chained), np.eye(3))


def test_few_rows_of_many_classes_are_fitted():
    rng = np.random.default_rng(0)
    y = np.arange(60) % 35
    X = rng.normal(size=(60, 3)) + np.eye(35)[y][:, :3]
    with pytest.warns(FewFoldsWarning), pytest.warns(SingularNoiseWarning):
        clf = ForwardCorrectedLogisticRegression(random_state=0).fit(X, y)
    assert clf.n_iter_[0] > 0
    assert np.isfinite(clf.predict_proba(X)).all()
