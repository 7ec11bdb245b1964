"""Strange rows have low scores, from probabilities and from features."""

import pickle

import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.base import clone
from sklearn.datasets import make_blobs
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import pairwise_distances, roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skdataquality.exceptions import DataQualityWarning
from skdataquality.label_noise import (
    KNNOutlierDetector,
    LabelErrorPruner,
    NoisePruningClassifier,
    out_of_distribution_scores,
)

METHODS = ["entropy", "least_confidence", "generalized_entropy"]
METRICS = ["euclidean", "cosine"]


def probabilities(seed=0, n_samples=200, n_classes=4):
    rng = np.random.default_rng(seed)
    return rng.dirichlet(np.full(n_classes, 0.5), n_samples)


def rows(seed=0, n_samples=150, n_columns=4):
    rng = np.random.default_rng(seed)
    X = rng.normal(2, 1, size=(n_samples, n_columns))
    X[-5:] *= rng.uniform(-6, 6, size=(5, n_columns))
    return X


@pytest.mark.parametrize("method", METHODS)
def test_flat_probabilities_are_strangest_and_sure_ones_most_typical(method):
    proba = np.vstack([np.full(4, 0.25), np.eye(4)[2], probabilities()])
    scores = out_of_distribution_scores(proba, method=method)
    assert scores.argmin() == 0
    assert scores.argmax() == 1
    assert (scores >= 0).all()
    assert scores[1] == 1


@pytest.mark.parametrize("method", METHODS)
def test_scores_do_not_depend_on_the_order_of_rows_or_classes(method):
    proba = probabilities()
    scores = out_of_distribution_scores(proba, method=method)
    rng = np.random.default_rng(0)
    order, moved = rng.permutation(200), rng.permutation(4)
    shuffled = out_of_distribution_scores(proba[order][:, moved], method=method)
    np.testing.assert_allclose(shuffled, scores[order], atol=1e-12)


def test_labels_forgive_a_class_that_is_hard_throughout():
    rng = np.random.default_rng(0)
    y = np.repeat(["easy", "hard", "other"], 200)
    logits = rng.normal(size=(600, 3))
    logits[np.arange(600), np.repeat([0, 1, 2], 200)] += np.repeat([5, 1.5, 5], 200)
    proba = np.exp(logits)
    proba /= proba.sum(axis=1, keepdims=True)
    sure = proba.argmax(axis=1) == 1
    plain = out_of_distribution_scores(proba, method="least_confidence")
    adjusted = out_of_distribution_scores(proba, y, method="least_confidence")
    rank = {s: np.argsort(np.argsort(v)) for s, v in (("p", plain), ("a", adjusted))}
    assert rank["a"][sure].mean() > rank["p"][sure].mean() + 50


def test_probabilities_need_no_copy_and_stay_as_they_are():
    proba = probabilities().astype(np.float32)
    proba.flags.writeable = False
    expected = out_of_distribution_scores(proba.astype(float))
    np.testing.assert_allclose(out_of_distribution_scores(proba), expected, atol=1e-6)
    slightly_above = np.array([[1.0005, 0.0], [0.5, 0.5]])
    for method in METHODS:
        scores = out_of_distribution_scores(slightly_above, method=method)
        assert np.isfinite(scores).all()
        assert scores.max() <= 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"method": "energy"}, "method='energy' is unknown"),
        ({"pred_proba": np.ones((5, 1))}, "two classes or more"),
        ({"pred_proba": np.full((5, 2), np.nan)}, "NaN"),
        ({"pred_proba": [0.5, 0.5]}, "1 dimension"),
        ({"classes": ["a", "b"]}, "4 columns but there are 2 classes"),
        ({"y": [0, 1, 2, 3] * 50, "method": "generalized_entropy"}, "cannot adjust"),
        ({"y": [0, 1]}, "200 rows but y has 2"),
    ],
)
def test_wrong_arguments_are_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        out_of_distribution_scores(**{"pred_proba": probabilities()} | arguments)


@pytest.mark.parametrize("metric", METRICS)
def test_scores_are_the_closed_form(metric):
    X = rows()
    distances = pairwise_distances(X, metric=metric)
    np.fill_diagonal(distances, np.inf)
    means = np.sort(distances, axis=1)[:, :7].mean(axis=1)
    detector = KNNOutlierDetector(7, metric=metric, t=0.5).fit(X)
    assert detector.scale_ == pytest.approx(np.median(means))
    np.testing.assert_allclose(
        detector.sample_scores_, np.exp(-0.5 * means / np.median(means)), atol=1e-9
    )
    lower, upper = np.quantile(np.log(means), [0.25, 0.75])
    flagged = np.log(means) > upper + 1.5 * (upper - lower)
    np.testing.assert_array_equal(detector.issue_mask_, flagged)
    new = rows(1)
    distances = np.sort(pairwise_distances(new, X, metric=metric), axis=1)[:, :7]
    np.testing.assert_allclose(
        detector.score_samples(new),
        np.exp(-0.5 * distances.mean(axis=1) / np.median(means)),
        atol=1e-9,
    )


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("n_columns", [2, 30])
def test_a_training_row_keeps_its_score(metric, n_columns):
    X = rows(n_columns=n_columns)
    X[20:24], X[40:60] = X[19], X[39]  # fewer and more copies than neighbours
    X[70:73] = 0
    detector = KNNOutlierDetector(5, metric=metric).fit(X)
    np.testing.assert_allclose(
        detector.score_samples(X), detector.sample_scores_, atol=1e-12
    )
    np.testing.assert_allclose(
        detector.score_samples(X[::7]), detector.sample_scores_[::7], atol=1e-12
    )
    np.testing.assert_array_equal(detector.predict(X) == -1, detector.issue_mask_)
    np.testing.assert_array_equal(
        clone(detector).fit_predict(X) == -1, detector.issue_mask_
    )
    assert (detector.sample_scores_[40:60] == 1).all()


def test_distances_do_not_change_with_what_their_metric_ignores():
    X = rows(n_columns=6)
    rng = np.random.default_rng(0)
    rotation = np.linalg.qr(rng.normal(size=(6, 6)))[0]
    lengths = rng.uniform(0.1, 10, size=(150, 1))
    for metric, changed in (
        ("euclidean", 3 * X @ rotation + rng.normal(size=6)),
        ("cosine", lengths * X @ rotation),
    ):
        scores = KNNOutlierDetector(metric=metric).fit(X).sample_scores_
        again = KNNOutlierDetector(metric=metric).fit(changed).sample_scores_
        np.testing.assert_allclose(again, scores, atol=1e-9)
        order = rng.permutation(150)
        moved = KNNOutlierDetector(metric=metric).fit(X[order]).sample_scores_
        np.testing.assert_allclose(moved, scores[order], atol=1e-12)


def test_a_row_of_zeros_is_at_a_right_angle_to_all_others():
    X = np.vstack([np.eye(3) + 0.01, np.eye(3), np.zeros((2, 3))])
    detector = KNNOutlierDetector(3, metric="cosine").fit(X)
    # one copy at 0, two others at 1
    assert -np.log(detector.sample_scores_[-1]) * detector.scale_ == pytest.approx(
        2 / 3
    )


def test_planted_outliers_come_last_and_clean_rows_are_rarely_flagged():
    X, _ = make_blobs(1000, centers=3, n_features=5, random_state=0)
    rng = np.random.default_rng(0)
    planted = rng.uniform(-25, 25, size=(20, 5))
    clean = KNNOutlierDetector().fit(X)
    assert clean.issue_mask_.mean() < 0.05
    detector = KNNOutlierDetector().fit(np.vstack([X, planted]))
    is_planted = np.arange(1020) >= 1000
    assert roc_auc_score(~is_planted, detector.sample_scores_) > 0.99
    assert detector.issue_mask_[is_planted].mean() > 0.9
    assert (clean.predict(planted) == -1).mean() > 0.9


def test_contamination_is_the_share_of_flags():
    X = rows()
    for share in (0.02, 0.1, 0.5):
        mask = KNNOutlierDetector(contamination=share).fit(X).issue_mask_
        assert mask.sum() == round(share * 150)


def test_copies_give_no_scale():
    X = np.ones((40, 2))
    detector = KNNOutlierDetector(5).fit(X)
    assert (detector.sample_scores_ == 1).all()
    assert not detector.issue_mask_.any()
    X[-8:] += np.arange(8)[:, np.newaxis]  # most rows are still copies
    scores = KNNOutlierDetector(5).fit(X).sample_scores_
    assert (scores[:30] == 1).all()
    assert 0 < scores[-1] < scores[-5] < 1


def test_containers_and_dtypes_give_the_same_scores():
    X = rows()
    frame = pd.DataFrame(X, columns=list("abcd"))
    for metric in METRICS:
        expected = KNNOutlierDetector(metric=metric).fit(X).sample_scores_
        for same in (frame, pl.from_pandas(frame), X.tolist(), np.asfortranarray(X)):
            found = KNNOutlierDetector(metric=metric).fit(same).sample_scores_
            np.testing.assert_array_equal(found, expected)
    small = X.astype(np.float32)
    small.flags.writeable = False
    for metric in METRICS:
        wide = KNNOutlierDetector(metric=metric).fit(small.astype(float))
        narrow = KNNOutlierDetector(metric=metric).fit(small)
        np.testing.assert_allclose(
            narrow.sample_scores_, wide.sample_scores_, atol=1e-5
        )
        again = pickle.loads(pickle.dumps(narrow))
        np.testing.assert_array_equal(again.predict(small), narrow.predict(small))


def test_missing_cells_are_refused_with_a_cure_that_works():
    X = rows()
    X[[3, 9], 1] = np.nan
    with pytest.raises(ValueError, match=r"NaN in 2 row\(s\), first \[3, 9\].*Imputer"):
        KNNOutlierDetector().fit(X)
    pipeline = make_pipeline(SimpleImputer(), StandardScaler(), KNNOutlierDetector())
    assert pipeline.fit(X).score_samples(X).shape == (150,)
    X = rows()
    X[7] = 1e308  # finite, though its sum is not
    with np.errstate(over="ignore"):
        assert KNNOutlierDetector().fit(X).sample_scores_[7] == 0


def test_more_neighbours_than_rows_are_all_rows():
    X = rows(n_samples=8)
    with pytest.warns(DataQualityWarning, match="n_neighbors=10 but X has 8 rows"):
        detector = KNNOutlierDetector().fit(X)
    assert detector.n_neighbors_ == 7
    np.testing.assert_array_equal(
        detector.sample_scores_, KNNOutlierDetector(7).fit(X).sample_scores_
    )


def test_outliers_can_be_pruned_like_wrong_labels():
    X = rows()
    y = np.arange(150) % 2
    detector = KNNOutlierDetector(contamination=0.1)
    flagged = clone(detector).fit(X).issue_mask_
    sampler = LabelErrorPruner(detector)
    kept = sampler.fit_resample(X, y)[0]
    np.testing.assert_array_equal(kept, X[~flagged])
    pruned = NoisePruningClassifier(
        LogisticRegression(), detector=detector, calibrate=False
    ).fit(X, y)
    plain = LogisticRegression().fit(X[~flagged], y[~flagged])
    np.testing.assert_array_equal(pruned.predict_proba(X), plain.predict_proba(X))
