"""What may be dropped, and how sure a model may be afterwards."""

import pickle
import warnings

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn import config_context
from sklearn.base import BaseEstimator, clone
from sklearn.compose import ColumnTransformer
from sklearn.datasets import load_breast_cancer
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from skdataquality.exceptions import WeakModelWarning
from skdataquality.label_noise import (
    LabelErrorCorrector,
    LabelErrorDetector,
    LabelErrorPruner,
    NoisePruningClassifier,
)
from skdataquality.label_noise._detectors._weak_model import warn_of_a_weak_model
from skdataquality.label_noise._flags import fit_noisy_calibration

LR = LogisticRegression()
STRATEGIES = ["prune", "relabel", "reweight", "soft"]


class Flags(BaseEstimator):
    """A foreign detector that flags the rows it is told."""

    def __init__(self, rows, prunable=None):
        self.rows = rows
        self.prunable = prunable

    def fit(self, X, y):
        every = np.arange(len(y))
        self.classes_ = np.unique(y)
        self.issue_mask_ = np.isin(every, self.rows)
        self.sample_scores_ = np.where(self.issue_mask_, 0.1, 0.9)
        self.suggested_labels_ = self.classes_[(np.asarray(y) == self.classes_[0]) + 0]
        if self.prunable is not None:
            self.prunable_mask_ = np.isin(every, self.prunable)
        return self


def overlapping(n, seed, n_classes=2, sharpness=1.0):
    """Probabilities, and labels drawn from them; stated to a power of themselves."""
    rng = np.random.default_rng(seed)
    proba = rng.dirichlet(np.full(n_classes, 0.4), size=n)
    codes = (proba.cumsum(axis=1) < rng.random((n, 1))).sum(axis=1)
    stated = proba**sharpness
    return np.minimum(codes, n_classes - 1), stated / stated.sum(axis=1, keepdims=True)


def separable(n, seed, noise):
    """Most probable classes through a noise matrix, and which labels are wrong."""
    rng = np.random.default_rng(seed)
    proba = rng.dirichlet(np.full(len(noise), 0.3), size=n)
    truth = proba.argmax(axis=1)
    steps = np.cumsum(np.asarray(noise).T[truth], axis=1)
    codes = (steps < rng.random((n, 1))).sum(axis=1)
    return codes, proba, codes != truth


# -- what overlap explains -------------------------------------------------------------


@pytest.mark.parametrize("n_classes", [2, 3, 8])
@pytest.mark.parametrize("sharpness", [0.5, 1.0, 3.0])
def test_overlap_alone_is_no_noise_however_sure_the_model_says_it_is(
    n_classes, sharpness
):
    n_dropped, powers = [], []
    for seed in range(10):
        codes, proba = overlapping(1000, seed, n_classes, sharpness)
        floor = fit_noisy_calibration(codes, proba)
        n_dropped.append(np.mean(floor.wrong_proba(codes, proba) >= 0.5))
        powers.append(floor.power)
    assert np.count_nonzero(n_dropped) <= 2
    assert np.mean(n_dropped) < 0.002
    assert np.median(powers) == pytest.approx(1 / sharpness, rel=0.3)


NOISES = {
    "symmetric": [[0.8, 0.1, 0.1], [0.1, 0.8, 0.1], [0.1, 0.1, 0.8]],
    "pairs": [[0.85, 0.0, 0.0], [0.15, 1.0, 0.3], [0.0, 0.0, 0.7]],
    "much": [[0.6, 0.2, 0.2], [0.2, 0.6, 0.2], [0.2, 0.2, 0.6]],
}


@pytest.mark.parametrize("noise", NOISES.values(), ids=NOISES)
def test_flips_of_separable_classes_are_nearly_all_found(noise):
    codes, proba, is_wrong = separable(1500, 0, noise)
    floor = fit_noisy_calibration(codes, proba)
    assert_allclose(floor.noise_matrix, noise, atol=0.08)
    assert_allclose(floor.noise_matrix.sum(axis=0), 1)
    droppable = floor.wrong_proba(codes, proba) >= 0.5
    assert droppable[is_wrong].mean() > 0.95
    assert is_wrong[droppable].mean() > 0.95


@pytest.mark.parametrize("n_classes", [2, 3])
def test_a_model_that_knows_nothing_blames_no_label(n_classes):
    rng = np.random.default_rng(0)
    proba = rng.dirichlet(np.ones(n_classes), size=500)
    codes = rng.integers(n_classes, size=500)
    floor = fit_noisy_calibration(codes, proba, power_spread=0.5)
    assert_array_equal(floor.noise_matrix, np.eye(n_classes))
    assert not floor.wrong_proba(codes, proba).any()


def test_where_confidence_hardly_varies_the_spread_of_the_power_decides():
    rng = np.random.default_rng(0)
    sure = rng.uniform(0.93, 0.95, size=500)  # 20 % are wrong, and no trend to see
    proba = np.column_stack([sure, 1 - sure])
    codes = (rng.random(500) < 0.2).astype(int)
    proba[::2], codes[::2] = proba[::2, ::-1], 1 - codes[::2]
    free = fit_noisy_calibration(codes, proba)
    assert_array_equal(free.noise_matrix, np.eye(2))
    bound = fit_noisy_calibration(codes, proba, power_spread=0.5)
    assert np.diag(bound.noise_matrix).max() < 0.92


def test_noise_on_overlap_is_told_from_it():
    rng = np.random.default_rng(0)
    codes, proba = overlapping(4000, 0)
    flip = rng.random(4000) < 0.15
    given = np.where(flip, 1 - codes, codes)
    floor = fit_noisy_calibration(given, proba)
    assert_allclose(np.diag(floor.noise_matrix), 0.87, atol=0.05)
    # of rows at one half or more so many are wrong, or some more: 2 % are taken off
    wrong = floor.wrong_proba(given, proba)
    drop = wrong >= 0.5
    assert 0 <= flip[drop].mean() - wrong[drop].mean() < 0.12
    assert drop[flip].mean() > 0.5


def test_weights_are_repetitions_and_classes_have_no_order():
    codes, proba, _ = separable(300, 1, NOISES["pairs"])
    codes2, proba2 = np.repeat(codes, 2), np.repeat(proba, 2, axis=0)
    plain = fit_noisy_calibration(codes2, proba2)
    order = [2, 0, 1]
    turned = fit_noisy_calibration(np.argsort(order)[codes2], proba2[:, order])
    assert turned.power == pytest.approx(plain.power, rel=0.02)
    assert_allclose(
        turned.noise_matrix, plain.noise_matrix[np.ix_(order, order)], atol=0.01
    )
    rng = np.random.default_rng(0)
    once = rng.random(300) < 0.5
    weighted = fit_noisy_calibration(codes, proba, weight=np.where(once, 1.0, 2.0))
    repeated = np.flatnonzero(np.repeat(~once, 2) | np.tile([True, False], 300))
    copies = fit_noisy_calibration(codes2[repeated], proba2[repeated])
    assert_allclose(weighted.noise_matrix, copies.noise_matrix, atol=0.02)


def test_single_outliers_are_no_rate_of_noise():
    codes, proba, _ = separable(3000, 2, np.eye(3))
    outliers = np.flatnonzero(proba.max(axis=1) > 0.999)[:10]
    codes[outliers] = (codes[outliers] + 1) % 3
    floor = fit_noisy_calibration(codes, proba)
    assert_array_equal(floor.noise_matrix, np.eye(3))
    assert not floor.wrong_proba(codes, proba).any()


# -- flagged and dropped ---------------------------------------------------------------


def two_normals(n, seed, distance):
    rng = np.random.default_rng(seed)
    y = rng.integers(2, size=n)
    return rng.normal(size=(n, 4)) + distance / 2 * y[:, None], y  # norm: distance


def test_right_labels_of_overlapping_classes_are_flagged_and_not_dropped():
    X, y = two_normals(600, 0, 1.7)
    with pytest.warns(WeakModelWarning, match=r"err on (1|2)\d% of held-out rows"):
        detector = LabelErrorDetector(LR, random_state=0).fit(X, y)
    assert detector.issue_mask_.mean() > 0.05
    assert not detector.prunable_mask_.any()
    clf = NoisePruningClassifier(LR, detector=LabelErrorDetector(LR, random_state=0))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        clf.fit(X, y)
    assert clf.lineage_.is_identity
    assert clf.calibration_ is None
    plain = clone(LR).fit(X, y)
    assert_array_equal(clf.predict_proba(X), plain.predict_proba(X))


def test_wrong_labels_of_separable_classes_are_flagged_and_dropped():
    X, truth = two_normals(600, 1, 4.0)
    wrong = np.random.default_rng(0).random(600) < 0.2
    detector = LabelErrorDetector(LR, random_state=0)
    y = np.where(wrong, 1 - truth, truth)
    detector.fit(X, y)  # a fifth of the labels is contradicted, and no model is weak
    assert not (detector.prunable_mask_ & ~detector.issue_mask_).any()
    assert detector.prunable_mask_[wrong].mean() > 0.9
    pruner = LabelErrorPruner(detector)
    pruner.fit_resample(X, y)
    assert_array_equal(pruner.lineage_.dropped, pruner.detector_.prunable_mask_)


def test_ten_classes_with_two_fifths_wrong_make_no_weak_model():
    noise = np.full((10, 10), 0.4 / 9) + (0.6 - 0.4 / 9) * np.eye(10)
    codes, proba, _ = separable(2000, 0, noise)
    floor = fit_noisy_calibration(codes, proba)
    own_error = 1 - floor.true_proba(proba).max(axis=1).mean()
    assert own_error < 0.05
    disagrees = proba.argmax(axis=1) != codes
    droppable = disagrees & (floor.wrong_proba(codes, proba) >= 0.5)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warn_of_a_weak_model(codes, own_error, disagrees, droppable)


def test_a_foreign_detector_acts_on_what_it_flags_or_calls_prunable():
    y = np.repeat(["a", "b"], 10)
    X = np.arange(20.0)[:, None]
    for detector, acted in ((Flags([1, 12]), [1, 12]), (Flags([1, 12], [12]), [12])):
        pruner = LabelErrorPruner(detector)
        pruner.fit_resample(X, y)
        assert_array_equal(np.flatnonzero(pruner.lineage_.dropped), acted)
        corrector = LabelErrorCorrector(detector)
        corrector.fit_resample(X, y)
        assert_array_equal(np.flatnonzero(corrector.lineage_.relabelled), acted)


# -- probabilities after an edit -------------------------------------------------------


@pytest.fixture(scope="module")
def pruned():
    """Overlapping classes of right labels; a foreign detector drops what disagrees."""
    X, y = two_normals(700, 3, 1.7)
    disagrees = clone(LR).fit(X, y).predict(X) != y
    X_test, y_test = two_normals(4000, 4, 1.7)
    return X, y, Flags(np.flatnonzero(disagrees)), X_test, y_test


@pytest.mark.parametrize("model", [LR, GaussianNB()], ids=repr)
@pytest.mark.parametrize("strategy", ["prune", "relabel"])
def test_a_model_that_lost_its_contradictions_is_softened(pruned, strategy, model):
    X, y, detector, X_test, y_test = pruned
    nothing = log_loss(y_test, clone(model).fit(X, y).predict_proba(X_test))
    losses = {}
    for calibrate in (True, False):
        clf = NoisePruningClassifier(
            model, detector=detector, strategy=strategy, calibrate=calibrate
        ).fit(X, y)
        losses[calibrate] = log_loss(y_test, clf.predict_proba(X_test))
    assert losses[False] > 1.05 * nothing
    assert losses[True] <= 1.05 * nothing


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_calibration_keeps_decisions_and_the_order_of_classes(strategy):
    X, truth = load_breast_cancer(return_X_y=True)
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    wrong = np.random.default_rng(0).random(truth.size) < 0.15
    y = np.array(["good", "bad"])[np.where(wrong, 1 - truth, truth)]
    clf = NoisePruningClassifier(
        GaussianNB(),
        detector=LabelErrorDetector(LR, random_state=0),
        strategy=strategy,
    ).fit(X, y)
    plain = clone(clf).set_params(calibrate=False).fit(X, y)
    assert plain.calibration_ is None
    assert 0 < clf.calibration_.power < 1
    proba, before = clf.predict_proba(X), plain.predict_proba(X)
    assert_allclose(proba.sum(axis=1), 1)
    assert_array_equal(clf.predict(X), plain.predict(X))
    assert_array_equal(proba.argmax(axis=1), before.argmax(axis=1))
    assert (proba.max(axis=1) <= before.max(axis=1) + 1e-9).all()
    copy = pickle.loads(pickle.dumps(clf))
    assert_array_equal(copy.predict_proba(X), proba)
    assert_allclose(clf.predict_log_proba(X), np.log(proba))


@pytest.mark.parametrize("calibrate", [True, False])
def test_nothing_is_the_plain_fit_to_the_bit(pruned, calibrate):
    X, y, detector, X_test, _ = pruned
    clf = NoisePruningClassifier(
        LR, detector=detector, strategy="none", calibrate=calibrate
    ).fit(X, y)
    assert clf.calibration_ is None
    assert_array_equal(
        clf.predict_proba(X_test), clone(LR).fit(X, y).predict_proba(X_test)
    )


class Counting(LogisticRegression):
    """Counts its fits, and remembers the groups of the rows."""

    fits: list = []

    def fit(self, X, y, sample_weight=None, groups=None):
        Counting.fits.append((len(y), sample_weight, groups))
        return super().fit(X, y, sample_weight)


@pytest.mark.parametrize(
    ("options", "n_fits"),
    [({}, 6), ({"calibrate": False}, 1), ({"strategy": "none"}, 1)],
)
def test_calibration_costs_one_cross_validation_where_it_is_done(
    pruned, options, n_fits
):
    X, y, detector, *_ = pruned
    Counting.fits = []
    NoisePruningClassifier(Counting(), detector=detector, **options).fit(X, y)
    assert len(Counting.fits) == n_fits


def test_an_identity_costs_no_calibration(pruned):
    X, y, *_ = pruned
    Counting.fits = []
    NoisePruningClassifier(Counting(), detector=Flags([])).fit(X, y)
    assert len(Counting.fits) == 1


@pytest.mark.parametrize("routing", [True, False])
def test_weights_and_groups_follow_their_rows_into_the_folds(pruned, routing):
    X, y, detector, *_ = pruned
    rng = np.random.default_rng(0)
    groups = rng.integers(60, size=y.size)
    weight = np.where(rng.random(y.size) < 0.3, 0.0, 1.0 + groups)
    Counting.fits = []
    with config_context(enable_metadata_routing=routing):
        inner = Counting()
        if routing:
            inner.set_fit_request(sample_weight=True, groups=True)
        clf = NoisePruningClassifier(inner, detector=detector)
        clf.fit(X, y, sample_weight=weight, groups=groups)
    assert len(Counting.fits) == 6
    whole, *folds = Counting.fits
    for n_rows, w, g in Counting.fits:
        assert n_rows == len(w) == len(g)
        assert_array_equal(w, 1.0 + np.asarray(g))
    held_out = [set(whole[2]) - set(g) for _, _, g in folds]
    assert sum(map(len, held_out)) == len(set().union(*held_out)) == len(set(whole[2]))


def test_a_model_without_probabilities_has_none(pruned):
    X, y, detector, *_ = pruned
    clf = NoisePruningClassifier(LinearSVC(), detector=detector).fit(X, y)
    assert clf.calibration_ is None
    assert not hasattr(clf, "predict_proba")


def test_rare_classes_and_few_rows_are_no_obstacle(pruned):
    X, y, detector, *_ = pruned
    y = y.copy()
    y[:4] = 2  # some folds may learn nothing of the third class
    detector = Flags(np.setdiff1d(detector.rows, np.arange(4)))
    clf = NoisePruningClassifier(LR, detector=detector).fit(X, y)
    proba = clf.predict_proba(X)
    assert_allclose(proba.sum(axis=1), 1)
    assert (proba >= 0).all()
    few = NoisePruningClassifier(LR, detector=Flags([0])).fit(X[:9], y[:9] % 2)
    assert few.calibration_ is None


def test_frames_and_texts_are_taken_as_they_are(pruned):
    X, y, detector, *_ = pruned
    frame = pd.DataFrame(X, columns=list("abcd"), index=np.arange(len(y))[::-1])
    named = NoisePruningClassifier(LR, detector=detector).fit(frame, y)
    plain = NoisePruningClassifier(LR, detector=detector).fit(X, y)
    assert_allclose(named.predict_proba(frame), plain.predict_proba(X))
    words = np.array(["a good day", "a bad day", "some day", "bad luck"], dtype=object)
    texts = words[np.random.default_rng(0).integers(4, size=len(y))]
    told = pd.DataFrame({"text": texts})
    model = make_pipeline(ColumnTransformer([("words", CountVectorizer(), "text")]), LR)
    clf = NoisePruningClassifier(model, detector=detector).fit(told, y)
    assert_allclose(clf.predict_proba(told).sum(axis=1), 1)


def test_remedies_act_on_every_flag_if_told_so():
    """Overlap explains these flags, which only the user may overrule."""
    rng = np.random.default_rng(0)
    y = rng.integers(2, size=300)
    X = rng.normal(size=(300, 4)) + 0.6 * y[:, None]
    detector = LabelErrorDetector(LogisticRegression(), random_state=0)
    with pytest.warns(WeakModelWarning):
        careful = clone(detector).fit(X, y)
    told = clone(detector).set_params(prunable="flagged").fit(X, y)
    assert_array_equal(told.issue_mask_, careful.issue_mask_)
    assert careful.prunable_mask_.sum() == 0
    assert_array_equal(told.prunable_mask_, told.issue_mask_)
    model = NoisePruningClassifier(LogisticRegression(), detector=told, calibrate=False)
    assert_array_equal(model.fit(X, y).lineage_.dropped, told.issue_mask_)
