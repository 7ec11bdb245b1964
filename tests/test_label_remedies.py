"""What becomes of rows with wrong labels: corrected, weighted, softened."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.datasets import make_blobs
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.svm import LinearSVC

from skdataquality.compose import RemediedClassifier, RemedyChain
from skdataquality.exceptions import (
    ClassKeptWarning,
    DataQualityWarning,
    FeatureDependentNoiseWarning,
)
from skdataquality.imbalance import ClassBalanceWeighter
from skdataquality.label_noise import (
    LabelErrorCorrector,
    LabelErrorDetector,
    LabelErrorPruner,
    LabelQualityWeighter,
    NoisePlateau,
    NoisePruningClassifier,
    backward_corrected_loss,
    label_quality_scores,
    true_label_posterior,
)
from skdataquality.lineage import Reason
from skdataquality.utils._stats import proportion_interval

LR = LogisticRegression()
OVERLAPS = pytest.mark.filterwarnings(
    "ignore::skdataquality.exceptions.WeakModelWarning"
)


class Says(BaseEstimator):
    """A foreign detector that says what it was told to."""

    def __init__(self, flagged, scores=None, suggested=None, **said):
        self.flagged = flagged
        self.scores = scores
        self.suggested = suggested

    def fit(self, X, y, groups=None):
        n = len(np.asarray(y))
        self.groups_ = groups
        self.issue_mask_ = np.isin(np.arange(n), self.flagged)
        self.sample_scores_ = (
            np.where(self.issue_mask_, 0.1, 0.9) if self.scores is None else self.scores
        )
        if self.suggested is not None:
            self.suggested_labels_ = np.asarray(self.suggested)
        return self


class Knows(Says):
    """One that also has probabilities and a noise matrix."""

    def __init__(self, proba, noise, depends=False):
        self.proba = proba
        self.noise = noise
        self.depends = depends

    def fit(self, X, y):
        self.flagged = [0] if self.depends else []
        self.scores, self.suggested = None, None
        super().fit(X, y)
        self.classes_ = np.unique(y)
        self.suggested_labels_ = np.asarray(y)
        self.pred_proba_, self.noise_matrix_ = self.proba, self.noise
        share = proportion_interval(1, 10)
        grade = "mixed" if self.depends else "class-conditional"
        self.plateau_ = NoisePlateau(0.5, grade, share, share, 1, 10)
        return self


class Recorder(ClassifierMixin, BaseEstimator):
    """A classifier that keeps what it was fitted on."""

    def fit(self, X, y, sample_weight=None, groups=None):
        self.X_, self.y_, self.weight_, self.groups_ = X, y, sample_weight, groups
        self.classes_ = np.unique(y)
        return self

    def predict(self, X):
        return np.full(len(X), self.classes_[0])


@pytest.fixture(scope="module")
def data():
    """Three blobs, a tenth of the labels wrong."""
    X, y = make_blobs(180, centers=3, cluster_std=2.0, random_state=0)
    wrong = np.random.default_rng(0).choice(180, 18, replace=False)
    y_noisy = y.copy()
    y_noisy[wrong] = (y[wrong] + 1) % 3
    return X, np.array(["a", "b", "c"])[y_noisy]


DETECTOR = LabelErrorDetector(LR, cv=3, random_state=0)

# -- correction ------------------------------------------------------------------------

GIVEN, MENDED = [0, 1, 1, 0, 1, 0], [0, 0, 1, 0, 1, 1]
CONTAINERS = {
    "list": lambda y: [["no", "yes"][k] for k in y],
    "array": lambda y: np.array(y, dtype=np.int8),
    "objects": lambda y: np.array(["no", "yes"], dtype=object)[y],
    "pandas": lambda y: pd.Series(y, index=list("fedcba"), name="label"),
    "repeated index": lambda y: pd.Series(y, index=[7, 7, 7, 1, 1, 1]),
    "nullable": lambda y: pd.Series(y, dtype="Int64"),
    "categories": lambda y: pd.Series(pd.Categorical.from_codes(y, ["b", "a", "z"])),
    "column": lambda y: pd.DataFrame({"label": y}, index=list("fedcba")),
    "polars": lambda y: pl.Series("label", ["no", "yes"]).gather(y),
    "polars categories": lambda y: pl.Series(["b", "a"], dtype=pl.Enum(["b", "a"]))[y],
}


@pytest.mark.filterwarnings("ignore:A column-vector y")
@pytest.mark.parametrize("container", CONTAINERS.values(), ids=CONTAINERS)
def test_corrected_labels_come_back_as_they_went_in(container):
    y, mended = container(GIVEN), container(MENDED)
    corrector = LabelErrorCorrector(
        Says([1, 5], suggested=np.ravel(mended)), min_samples_per_class=1
    )
    X_same, y_new = corrector.fit_resample(np.arange(12.0).reshape(6, 2), y)
    assert type(y_new) is type(mended)
    if isinstance(mended, pd.Series | pd.DataFrame):
        assert y_new.equals(mended)
        assert y_new.index.equals(mended.index)
    elif isinstance(mended, pl.Series):
        assert y_new.equals(mended, check_names=True)
        assert y_new.dtype == mended.dtype
    else:
        assert_array_equal(y_new, mended)
        assert getattr(y_new, "dtype", None) == getattr(mended, "dtype", None)
    assert_array_equal(X_same, np.arange(12.0).reshape(6, 2))
    assert_array_equal(corrector.sample_indices_, np.arange(6))
    assert_array_equal(np.flatnonzero(corrector.lineage_.relabelled), [1, 5])
    assert corrector.lineage_.change_reason[1] == Reason.LABEL_ISSUE
    assert not corrector.lineage_.dropped.any()


def test_the_share_of_corrections_is_limited_to_the_worst():
    y = np.repeat([0, 1], 5)
    scores = np.linspace(0.5, 0.1, 10)
    detector = Says([0, 1, 5, 6], scores, 1 - y)
    corrector = LabelErrorCorrector(detector, max_correct=0.2)
    _, y_new = corrector.fit_resample(np.ones((10, 1)), y)
    assert_array_equal(np.flatnonzero(y_new != y), [5, 6])


def test_no_class_vanishes_by_correction_or_pruning():
    y = np.repeat([0, 1], [6, 3])
    scores = np.r_[np.full(6, 0.9), 0.1, 0.3, 0.2]
    detector = Says([6, 7, 8], scores, np.zeros(9))
    for sampler in (LabelErrorCorrector(detector), LabelErrorPruner(detector)):
        with pytest.warns(ClassKeptWarning, match="1 would keep fewer than 2"):
            _, y_new = sampler.fit_resample(np.ones((9, 1)), y)
        assert (y_new == 1).sum() == 2
        acted = sampler.lineage_.relabelled | sampler.lineage_.dropped[:9].any()
        assert acted.any()


def test_a_suggestion_equal_to_the_label_uses_up_no_limit():
    y = np.repeat([0, 1], 3)
    detector = Says([0, 1, 2, 3], None, [0, 0, 1, 0, 1, 1])
    corrector = LabelErrorCorrector(detector, max_correct=0.4)
    _, y_new = corrector.fit_resample(np.ones((6, 1)), y)
    assert_array_equal(np.flatnonzero(y_new != y), [2, 3])


def test_sampler_and_wrapper_correct_alike_and_carry_weights_and_groups(data):
    X, y = data
    w = np.random.default_rng(1).uniform(0, 2, len(y)).round()  # some are 0
    groups = np.arange(len(y)) // 2
    wrapper = NoisePruningClassifier(Recorder(), detector=DETECTOR, strategy="relabel")
    remedied = RemediedClassifier(Recorder(), LabelErrorCorrector(DETECTOR))
    for clf in (wrapper, remedied):
        clf.fit(X, y, sample_weight=w, groups=groups)
        assert clf.lineage_.relabelled.sum() > 10
    assert_array_equal(wrapper.estimator_.y_, remedied.estimator_.y_)
    assert_array_equal(wrapper.lineage_.relabelled, remedied.lineage_.relabelled)
    for inner in (wrapper.estimator_, remedied.estimator_):
        assert_array_equal(inner.weight_, w[w > 0])
        assert_array_equal(inner.groups_, groups[w > 0])


@OVERLAPS
def test_correction_in_a_chain_is_not_undone_by_the_prior(data):
    X, y = data
    chain = RemedyChain([LabelErrorCorrector(DETECTOR), ClassBalanceWeighter()])
    clf = RemediedClassifier(LR, chain, prior="original").fit(X, y)
    _, mended = LabelErrorCorrector(DETECTOR).fit_resample(X, y)
    shares = np.unique(mended, return_counts=True)[1] / len(y)
    assert_allclose(clf.class_prior_, shares)  # that of the mended labels
    assert_allclose(clf.train_prior_, 1 / 3)


@pytest.mark.parametrize(
    ("suggested", "message"),
    [
        (None, "has no suggested_labels_"),
        ([0, 7, 1, 0, 1, 0], r"suggested_labels_ holds label\(s\) \[7\]"),
    ],
)
def test_an_unusable_suggestion_raises(suggested, message):
    X, y = np.ones((6, 1)), np.array(GIVEN)
    detector = Says([1], suggested=suggested)
    with pytest.raises(ValueError, match=message):
        LabelErrorCorrector(detector).fit_resample(X, y)
    with pytest.raises(ValueError, match=message):
        NoisePruningClassifier(LR, detector=detector, strategy="relabel").fit(X, y)


# -- weights ---------------------------------------------------------------------------


def test_weights_are_the_scores_with_a_floor_and_the_mean_for_unknown_ones():
    y = np.array(GIVEN)
    scores = np.array([0.0, 0.5, np.nan, 1.0, 0.9, 0.6])
    w = np.array([1.0, 2.0, 1.0, 1.0, 3.0, 1.0])
    X = np.arange(6.0)[:, None]
    weighter = LabelQualityWeighter(Says([0], scores), estimator=LR, floor=0.25)
    weighter.fit(X, y, sample_weight=w)
    expected = np.array([0.25, 0.5, 0.6, 1.0, 0.9, 0.6])
    assert_allclose(weighter.sample_weight_, expected / np.average(expected, weights=w))


def test_weighter_and_wrapper_weight_alike(data):
    X, y = data
    w = np.random.default_rng(1).uniform(0, 2, len(y)).round()
    wrapper = NoisePruningClassifier(LR, detector=DETECTOR, strategy="reweight")
    remedied = RemediedClassifier(LR, LabelQualityWeighter(DETECTOR))
    for clf in (wrapper, remedied):
        clf.fit(X, y, sample_weight=w)
    assert_allclose(wrapper.estimator_.coef_, remedied.estimator_.coef_, rtol=1e-6)


@OVERLAPS
@pytest.mark.parametrize("method", ["self_confidence", "normalized_margin"])
def test_new_rows_are_weighted_by_a_model_of_the_unflagged_rows(data, method):
    X, y = data
    detector = clone(DETECTOR).set_params(score_method=method)
    weighter = LabelQualityWeighter(detector).fit(X, y)
    kept = ~weighter.detector_.issue_mask_
    proba = clone(LR).fit(X[kept], y[kept]).predict_proba(X)
    quality = np.maximum(label_quality_scores(y, proba, method=method), 0.01)
    scale = np.mean(np.maximum(weighter.detector_.sample_scores_, 0.01))
    assert_allclose(weighter.predict_weight(X, y), quality / scale)
    one = weighter.predict_weight(X[:1], y[:1])  # whatever else is asked
    assert_allclose(one, (quality / scale)[:1])


def test_groups_reach_the_detector_of_a_weighter(data):
    X, y = data
    groups = np.arange(len(y)) // 2
    clf = RemediedClassifier(LR, LabelQualityWeighter(Says([0]), estimator=LR))
    clf.fit(X, y, groups=groups)
    assert_array_equal(clf.remedy_.detector_.groups_, groups)


def test_weights_need_labels_known_classes_and_scores_of_their_range(data):
    X, y = data
    weighter = LabelQualityWeighter(Says([0]), estimator=LR)
    with pytest.raises(ValueError, match="y=None"):
        weighter.fit(X)
    weighter.fit(X, y)
    with pytest.raises(ValueError, match="y=None"):
        weighter.predict_weight(X)
    with pytest.raises(ValueError, match=r"y holds label\(s\) \['z'\]"):
        weighter.predict_weight(X[:1], ["z"])
    wild = Says([0], scores=np.linspace(-1, 3, len(y)))
    for remedy in (
        LabelQualityWeighter(wild, estimator=LR),
        NoisePruningClassifier(LR, detector=wild, strategy="reweight"),
    ):
        with pytest.raises(ValueError, match=r"\[0, 1\].*got \[-1, 3\]"):
            remedy.fit(X, y)
    with pytest.raises(ValueError, match="without predict_proba"):
        LabelQualityWeighter(LabelErrorDetector(LinearSVC())).fit(X, y)


# -- soft labels -----------------------------------------------------------------------


@st.composite
def noisy_problems(draw):
    """True-class probabilities q, a noise matrix and labels."""
    n_classes = draw(st.integers(2, 5))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    q = rng.dirichlet(np.ones(n_classes), size=8)
    noise = 0.6 * np.eye(n_classes) + 0.4 * rng.dirichlet(np.ones(n_classes)).reshape(
        -1, 1
    )
    return q, noise, rng.integers(n_classes, size=8)


@settings(max_examples=40, deadline=None)
@given(noisy_problems())
def test_posteriors_averaged_over_the_labels_give_the_prior_back(problem):
    q, noise, _ = problem
    n, n_classes = q.shape
    given_label = q @ noise.T
    total = np.zeros_like(q)
    for label in range(n_classes):
        posterior = true_label_posterior(
            np.full(n, label), q, noise, classes=range(n_classes)
        )
        assert_allclose(posterior.sum(axis=1), 1)
        total += given_label[:, [label]] * posterior
    assert_allclose(total, q)


@settings(max_examples=20, deadline=None)
@given(noisy_problems())
def test_posteriors_follow_a_renaming_of_the_classes(problem):
    q, noise, y = problem
    order = np.arange(q.shape[1])[::-1]
    plain = true_label_posterior(y, q, noise, classes=range(len(order)))
    turned = true_label_posterior(
        y, q[:, order], noise[np.ix_(order, order)], classes=order
    )
    assert_allclose(turned, plain[:, order])


def test_posteriors_at_the_limits():
    q = np.array([[0.7, 0.3], [1.0, 0.0], [np.nan, np.nan], [0.2, 0.8]])
    y = ["a", "b", "b", "a"]
    given_label = np.eye(2)[[0, 1, 1, 0]]
    # no noise: the label is the truth, also where the model rules it out
    assert_array_equal(true_label_posterior(y, q, np.eye(2)), given_label)
    # pure noise: the label says nothing
    known = [0, 1, 3]
    pure = true_label_posterior(y, q, np.full((2, 2), 0.5))
    assert_allclose(pure[known], q[known])
    assert_array_equal(pure[2], given_label[2])
    # probabilities too small to add up are no zeros
    tiny = np.array([[1.0, 5e-324]])
    assert_allclose(
        true_label_posterior([1], tiny, np.eye(2), classes=[0, 1]), [[0, 1]]
    )
    # a class without a row
    empty = [[1.0, 0.0], [0.0, 0.0]]
    assert_array_equal(
        true_label_posterior(y[:1], q[:1], empty, classes=list("ab")), [[1, 0]]
    )


def test_posteriors_take_single_precision_and_write_to_nothing():
    _, y, q = _soft_data()
    single = q.astype(np.float32)
    single.flags.writeable = False
    for denoise in (False, True):
        found = true_label_posterior(y, single, NOISE, denoise=denoise)
        assert found.dtype == np.float64
        expected = true_label_posterior(y, q, NOISE, denoise=denoise)
        assert_allclose(found, expected, atol=1e-4)


def test_denoising_unmixes_what_the_noise_has_mixed():
    rng = np.random.default_rng(0)
    q = rng.dirichlet([0.3, 0.3, 0.3], size=200)
    noise = np.full((3, 3), 0.15) + 0.55 * np.eye(3)
    mixed, y = q @ noise.T, rng.integers(3, size=200)
    truth = true_label_posterior(y, q, noise)
    plain = np.abs(true_label_posterior(y, mixed, noise) - truth).mean()
    unmixed = true_label_posterior(y, mixed, noise, denoise=True)
    assert np.abs(unmixed - truth).mean() < 0.2 * plain


NOISE = np.array([[0.9, 0.2, 0.0], [0.1, 0.7, 0.0], [0.0, 0.1, 1.0]])


def _soft_data(n=60):
    rng = np.random.default_rng(3)
    X = rng.normal(size=(n, 2))
    y = np.array(["a", "b", "c"])[np.arange(n) % 3]
    return X, y, rng.dirichlet([0.3, 0.3, 0.3], size=n)


def test_soft_copies_carry_the_posterior_and_keep_the_weight_of_their_row():
    X, y, q = _soft_data()
    w = np.random.default_rng(1).uniform(0.5, 2, len(y))
    groups = np.arange(len(y)) // 2
    frame = pd.DataFrame(X, columns=["u", "v"], index=np.arange(60)[::-1])
    clf = NoisePruningClassifier(Recorder(), detector=Knows(q, NOISE), strategy="soft")
    clf.fit(frame, y, sample_weight=w, groups=groups)
    rows, seen = clf.lineage_.origin, clf.estimator_
    posterior = true_label_posterior(y, q, NOISE)
    weight = np.zeros_like(posterior)
    weight[rows, np.searchsorted(clf.classes_, seen.y_)] = seen.weight_ / w[rows]
    assert_allclose(weight.sum(axis=1), 1)
    assert_allclose(weight, posterior, atol=2e-3)
    assert (weight[weight > 0] >= 1e-3).all()
    assert (weight == 0).sum() > (posterior == 0).sum()  # some copy was negligible
    assert_array_equal(clf.lineage_.relabelled, seen.y_ != y[rows])
    assert_array_equal(seen.groups_, groups[rows])
    pd.testing.assert_frame_equal(seen.X_, frame.iloc[rows])
    assert not clf.lineage_.dropped.any()


def test_soft_is_the_expected_loss_over_the_true_classes():
    X, y, q = _soft_data()
    posterior = true_label_posterior(y, q, NOISE)
    whole = LogisticRegression(tol=1e-8).fit(
        np.repeat(X, 3, axis=0), np.tile(["a", "b", "c"], 60), posterior.ravel()
    )
    soft = NoisePruningClassifier(
        LogisticRegression(tol=1e-8),
        detector=Knows(q, NOISE),
        strategy="soft",
        calibrate=False,
    ).fit(X, y)
    assert_allclose(soft.predict_proba(X), whole.predict_proba(X), atol=2e-3)


def test_soft_without_noise_is_the_plain_fit():
    X, y, q = _soft_data()
    clf = NoisePruningClassifier(LR, detector=Knows(q, np.eye(3)), strategy="soft")
    clf.fit(X, y)
    assert clf.lineage_.is_identity
    assert_allclose(clf.predict_proba(X), clone(LR).fit(X, y).predict_proba(X))


def test_a_class_that_softening_would_empty_keeps_rows():
    X, y, _ = _soft_data()
    sure = np.tile([1.0, 0.0, 0.0], (60, 1))
    noise = [[0.5, 0, 0], [0.25, 1, 0], [0.25, 0, 1]]
    clf = NoisePruningClassifier(LR, detector=Knows(sure, noise), strategy="soft")
    with pytest.warns(ClassKeptWarning, match="'b', 'c'"):
        clf.fit(X, y)
    assert_array_equal(clf.estimator_.classes_, clf.classes_)
    assert (~clf.lineage_.relabelled & (y[clf.lineage_.origin] == "c")).sum() == 2


@OVERLAPS
def test_soft_says_what_the_detector_or_the_estimator_lacks(data):
    X, y = data
    clf = NoisePruningClassifier(LR, detector=Says([0]), strategy="soft")
    with pytest.raises(ValueError, match=r"sets no pred_proba_.*'reweight'"):
        clf.fit(X, y)
    clf = NoisePruningClassifier(
        KNeighborsClassifier(), detector=DETECTOR, strategy="soft"
    )
    with pytest.raises(ValueError, match="KNeighborsClassifier does not take"):
        clf.fit(X, y)


@pytest.mark.parametrize("strategy", ["prune", "relabel", "reweight", "soft", "none"])
@pytest.mark.parametrize("depends", [True, False])
def test_every_edit_warns_of_noise_that_depends_on_features(strategy, depends, recwarn):
    X, y, q = _soft_data()
    detector = Knows(q, NOISE, depends)
    NoisePruningClassifier(LR, detector=detector, strategy=strategy).fit(X, y)
    found = [w for w in recwarn if w.category is FeatureDependentNoiseWarning]
    assert len(found) == (depends and strategy != "none")
    assert all("review, not for deletion" in str(w.message) for w in found)
    assert issubclass(FeatureDependentNoiseWarning, DataQualityWarning)


# -- backward correction ---------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(noisy_problems())
def test_the_backward_corrected_loss_is_unbiased(problem):
    q, noise, truth = problem
    n, n_classes = q.shape
    losses = -np.log(np.clip(q, 1e-9, 1))
    mean = sum(
        noise[label, truth]
        * backward_corrected_loss(
            np.full(n, label), losses, noise, classes=range(n_classes)
        )
        for label in range(n_classes)
    )
    assert_allclose(mean, losses[np.arange(n), truth], rtol=1e-9, atol=1e-9)


def test_without_noise_the_backward_corrected_loss_is_the_loss():
    losses = np.random.default_rng(0).normal(size=(5, 2)).astype(np.float32)
    found = backward_corrected_loss(list("abbab"), losses, np.eye(2))
    assert_allclose(found, losses[np.arange(5), [0, 1, 1, 0, 1]])


@pytest.mark.parametrize(
    ("noise", "message"),
    [
        (np.full((2, 2), 0.5), "rank 1 for 2 classes"),
        ([[0.9, 0.1], [0.4, 0.6]], r"pass noise_matrix\.T"),
        ([[0.9, 0.4], [0.4, 0.6]], "column 0 sums to 1.3"),
        ([[1.1, 0.4], [-0.1, 0.6]], "smallest -0.1"),
        ([[np.nan, 0.4], [1, 0.6]], "NaN"),
        (np.eye(3), r"shape \(3, 3\) but there are 2 classes"),
    ],
)
def test_a_matrix_that_is_none_raises(noise, message):
    with pytest.raises(ValueError, match=message):
        backward_corrected_loss([0, 1], np.ones((2, 2)), noise)


@pytest.mark.parametrize(
    ("losses", "message"),
    [(np.ones((2, 3)), "expected"), ([[np.inf, 1], [0, 0]], "clip the prob")],
)
def test_losses_that_are_none_raise(losses, message):
    with pytest.raises(ValueError, match=message):
        backward_corrected_loss([0, 1], losses, np.eye(2))
