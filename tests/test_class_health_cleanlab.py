"""Health of classes and strangeness of rows equal cleanlab's numbers."""

import numpy as np
import pytest

from skdataquality.label_noise import (
    KNNOutlierDetector,
    class_health,
    confident_joint,
    confusing_pairs,
    find_label_issues,
    label_health_score,
    out_of_distribution_scores,
    overlapping_classes,
)

pytest.importorskip("cleanlab")

from cleanlab import dataset
from cleanlab.outlier import OutOfDistribution

pytestmark = pytest.mark.usefixtures("stable_cleanlab")
CASES = range(40)


def make_case(seed):
    rng = np.random.default_rng(seed)
    n_samples, n_classes = int(rng.integers(30, 301)), int(rng.integers(2, 9))
    proba = rng.dirichlet(np.full(n_classes, rng.uniform(0.2, 2)), n_samples)
    y = np.array([rng.choice(n_classes, p=row) for row in proba])
    if n_classes > 2 and seed % 3 == 0:  # an absent class
        y[y == 1] = 0
    return y, proba, np.arange(n_classes)


@pytest.mark.parametrize("seed", CASES)
def test_health_equals_cleanlab(seed):
    y, proba, classes = make_case(seed)
    theirs = dataset.rank_classes_by_label_quality(y, proba).set_index("Class Index")
    ours = class_health(y, proba, classes=classes)
    qualities = [row["label_quality"] for row in ours]
    np.testing.assert_array_equal(qualities, np.sort(qualities))  # NaN at the end
    names = {
        "label_issues": "Label Issues",
        "inverse_label_issues": "Inverse Label Issues",
        "label_noise": "Label Noise",
        "inverse_label_noise": "Inverse Label Noise",
        "label_quality": "Label Quality Score",
    }
    for row in ours:
        # cleanlab calls labels that no row has perfect
        empty = {"label_noise": 0.0, "inverse_label_noise": 0.0, "label_quality": 1.0}
        for name, their_name in names.items():
            value = row[name]
            value = empty[name] if np.isnan(value) else value
            expected = theirs.loc[row["class"], their_name]
            assert value == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("seed", CASES)
def test_pairs_equal_cleanlab(seed):
    y, proba, classes = make_case(seed)
    for asymmetric, ours, ends in (
        (False, overlapping_classes(y, proba, classes=classes), ("class_a", "class_b")),
        (True, confusing_pairs(y, proba, classes=classes, top=None), ("given", "true")),
    ):
        theirs = dataset.find_overlapping_classes(y, proba, asymmetric=asymmetric)
        theirs = theirs[theirs["Joint Probability"] > 0]
        theirs = theirs.set_index(["Class Index A", "Class Index B"])
        assert len(ours) == len(theirs)
        for row in ours:
            pair = theirs.loc[tuple(row[end] for end in ends)]
            assert row["rows"] == pair["Num Overlapping Examples"]
            assert row["share"] == pytest.approx(pair["Joint Probability"], abs=1e-12)


@pytest.mark.parametrize("seed", CASES)
def test_health_scores_equal_cleanlab(seed):
    y, proba, classes = make_case(seed)
    joint = confident_joint(y, proba, classes=classes)
    theirs = dataset.overall_label_health_score(
        joint=joint / joint.sum(), num_examples=y.size, verbose=False
    )
    assert label_health_score(y, proba, classes=classes) == pytest.approx(theirs)
    # its score of labels and probabilities leaves the joint uncalibrated
    theirs = dataset.overall_label_health_score(y, proba, verbose=False)
    issues = find_label_issues(
        y, proba, classes=classes, filter_by="confident_learning"
    )
    assert 1 - issues.mean() == pytest.approx(theirs)


@pytest.mark.parametrize("method", ["entropy", "least_confidence"])
def test_scores_from_probabilities_equal_cleanlab(method):
    for seed in CASES:
        y, proba, classes = make_case(seed)
        plain = OutOfDistribution({"method": method, "adjust_pred_probs": False})
        adjusted = OutOfDistribution({"method": method})
        np.testing.assert_allclose(
            out_of_distribution_scores(proba, method=method),
            plain.score(pred_probs=proba),
            atol=1e-12,
        )
        np.testing.assert_allclose(
            out_of_distribution_scores(proba, y, classes=classes, method=method),
            adjusted.fit_score(pred_probs=proba, labels=y, verbose=False),
            atol=1e-12,
        )


@pytest.mark.parametrize("n_classes", [5, 100, 130])
def test_generalized_entropy_equals_cleanlab_without_its_second_softmax(n_classes):
    proba = np.random.default_rng(0).dirichlet(np.full(n_classes, 0.3), 50)
    kept = min(100, n_classes)
    theirs = OutOfDistribution({"method": "gen", "adjust_pred_probs": False, "M": kept})
    np.testing.assert_allclose(
        out_of_distribution_scores(proba, method="generalized_entropy"),
        theirs.score(pred_probs=np.log(proba)),
        atol=1e-12,
    )


@pytest.mark.parametrize("n_columns", [2, 3, 4, 8, 40])
@pytest.mark.parametrize("n_rows", [40, 300])
def test_scores_from_features_equal_cleanlab(n_columns, n_rows):
    rng = np.random.default_rng(n_columns)
    X = rng.normal(size=(n_rows, n_columns)) + 1
    X[:5] *= 4
    X[10:14] = X[9]  # copies
    X[20:34] = X[19]  # more copies than neighbours
    new = rng.normal(size=(20, n_columns)) * 3
    for k, t in ((10, 1), (3, 2)):
        theirs = OutOfDistribution({"k": k, "t": t})
        metric = "cosine" if n_columns > 3 else "euclidean"  # its rule
        ours = KNNOutlierDetector(k, t=t, metric=metric).fit(X)
        scores = theirs.fit_score(features=X, verbose=False)
        np.testing.assert_allclose(ours.sample_scores_, scores, atol=1e-9)
        if n_columns > 3 or n_rows > 100:  # else its index holds a slow function
            np.testing.assert_allclose(
                ours.score_samples(new), theirs.score(features=new), atol=1e-9
            )
