"""What labels and probabilities give away, in every function that takes them."""

import warnings

import numpy as np
import pytest
from sklearn.datasets import (
    load_breast_cancer,
    load_digits,
    load_iris,
    load_wine,
    make_blobs,
)
from sklearn.ensemble import (
    ExtraTreesClassifier,
    HistGradientBoostingClassifier,
    RandomForestClassifier,
)
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

from skdataquality import label_noise
from skdataquality.exceptions import (
    ColumnOrderWarning,
    DataQualityWarning,
    InSampleProbabilitiesWarning,
)
from skdataquality.label_noise import LabelAudit, find_label_issues

FUNCTIONS = {
    name: getattr(label_noise, name)
    for name in (
        "class_health",
        "confident_joint",
        "confident_thresholds",
        "confusing_pairs",
        "count_label_issues",
        "estimate_joint",
        "find_label_issues",
        "label_error_rate",
        "label_health_score",
        "label_noise_lens",
        "label_quality_scores",
        "noise_matrices",
        "noise_plateau",
        "overlapping_classes",
    )
} | {
    "order_label_issues": lambda y, p: label_noise.order_label_issues(y == y[0], y, p),
    "out_of_distribution_scores": lambda y, p: label_noise.out_of_distribution_scores(
        p, y
    ),
    "true_label_posterior": lambda y, p: label_noise.true_label_posterior(
        y, p, np.eye(p.shape[1])
    ),
    "ensemble_weights": lambda y, p: label_noise.ensemble_weights(
        y, [p], method="accuracy"
    ),
    "ensemble_quality_scores": lambda y, p: label_noise.ensemble_quality_scores(y, [p]),
    "LabelAudit.plan": lambda y, p: LabelAudit(20, random_state=0).plan(y, p),
}


def honest(n=600, n_classes=4, *, accuracy=0.9, seed=0):
    """Labels drawn from the probabilities themselves."""
    rng = np.random.default_rng(seed)
    proba = rng.dirichlet(np.full(n_classes, 2 * (1 - accuracy) / n_classes), n)
    proba = np.clip(proba, 1e-4, None)
    proba /= proba.sum(axis=1, keepdims=True)
    y = (rng.random((n, 1)) > proba.cumsum(axis=1)[:, :-1]).sum(axis=1)
    return y, proba


def noisy(y, share, seed=0):
    rng = np.random.default_rng(seed)
    wrong = rng.random(y.size) < share
    n_classes = y.max() + 1
    return np.where(wrong, (y + rng.integers(1, n_classes, y.size)) % n_classes, y)


def modest_in_sample(y):
    """Each label above a half, and above all else, by trees that have seen it."""
    rng = np.random.default_rng(1)
    own = rng.uniform(0.52, 1.0, y.size)
    proba = np.tile(((1 - own) / y.max())[:, None], y.max() + 1)
    proba[np.arange(y.size), y] = own
    return proba


def warned_of(call, *args):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        call(*args)
    return [w for w in caught if issubclass(w.category, DataQualityWarning)]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_warns_once_and_none_of_honest_predictions(name):
    y, proba = honest()
    assert warned_of(FUNCTIONS[name], y, proba) == []
    for predictions, category in (
        (proba[:, [1, 2, 3, 0]], ColumnOrderWarning),
        (modest_in_sample(y), InSampleProbabilitiesWarning),
        (np.eye(4)[y], InSampleProbabilitiesWarning),
    ):
        caught = warned_of(FUNCTIONS[name], y, predictions)
        assert [w.category for w in caught] == [category]
        assert caught[0].filename == __file__


def test_no_function_of_labels_and_probabilities_is_forgotten():
    asked = set(FUNCTIONS) | {"ensemble_proba"}  # which takes no labels
    for name in label_noise.__all__:
        words = getattr(label_noise, name).__doc__ or ""
        takes = words.lstrip().splitlines() and "    pred_proba" in words
        if takes and callable(getattr(label_noise, name)) and name.islower():
            assert name in asked, name


# ---------------------------------------------------------------- order of columns
def message(y, proba, **options):
    caught = warned_of(lambda: find_label_issues(y, proba, **options))
    return str(caught[0].message) if caught else ""


def test_sorted_words_are_not_the_order_of_a_network():
    names = np.array(["zero", "one", "two", "three", "four"])
    codes, proba = honest(800, 5)
    wanted = "in the order ['zero', 'one', 'two', 'three', 'four']: pass `classes`"
    assert wanted in message(names[codes], proba)
    assert message(names[codes], proba, classes=names) == ""


@pytest.mark.parametrize("n_classes", [2, 3, 10, 100])
@pytest.mark.parametrize("swapped", [2, "all"])
def test_the_likely_order_is_the_true_one(n_classes, swapped):
    y, proba = honest(100 * n_classes, n_classes)
    column = np.arange(n_classes)
    if swapped == "all":
        column = np.roll(column, 1)
    else:
        column[:2] = [1, 0]
    told = message(noisy(y, 0.2), proba[:, column])
    first = ", ".join(map(repr, column[:10].tolist()))
    assert f"in the order [{first}" in told


@pytest.mark.parametrize("n_classes", [3, 5, 20])
@pytest.mark.parametrize("share", [0.2, 0.4, 0.6])
def test_uniform_noise_is_no_other_order(n_classes, share):
    for seed in range(5):
        y, proba = honest(500, n_classes, seed=seed)
        assert message(noisy(y, share, seed), proba) == ""


def test_models_that_know_nothing_are_in_no_other_order():
    for seed in range(20):
        rng = np.random.default_rng(seed)
        n_classes = int(rng.integers(2, 60))
        y = np.r_[np.arange(n_classes), rng.integers(0, n_classes, 400)]
        assert message(y, rng.dirichlet(np.ones(n_classes), y.size)) == ""


def test_a_class_that_is_never_predicted_is_in_no_other_order():
    y, proba = honest(600, 3)
    proba[:, 1] += proba[:, 0]
    proba[:, 0] = 0.0
    assert message(y, proba) == ""


def test_labels_turned_round_agree_less_than_by_chance():
    y, proba = honest(300, 2)
    assert "agree with the columns of pred_proba on" in message(1 - y, proba)


# ---------------------------------------------------------------- rows seen
TABLES = {
    "iris": load_iris(return_X_y=True),
    "wine": load_wine(return_X_y=True),
    "breast cancer": load_breast_cancer(return_X_y=True),
    "digits": tuple(part[:600] for part in load_digits(return_X_y=True)),
    "blobs": make_blobs(400, 8, centers=3, cluster_std=4.0, random_state=0),
    "far blobs": make_blobs(400, 8, centers=3, random_state=0),
}
HONEST = {
    "logistic": make_pipeline(StandardScaler(), LogisticRegression()),
    "forest": RandomForestClassifier(50, random_state=0),
    "coarse forest": RandomForestClassifier(50, min_samples_leaf=5, random_state=0),
    "boosting": HistGradientBoostingClassifier(max_iter=10, max_leaf_nodes=5),
    "neighbours": make_pipeline(StandardScaler(), KNeighborsClassifier(10)),
    "naive Bayes": GaussianNB(),
}
LEARNED_BY_HEART = {
    "forest": RandomForestClassifier(100, random_state=0),
    "trees": ExtraTreesClassifier(50, random_state=0),
    "tree": DecisionTreeClassifier(random_state=0),
    "nearest": KNeighborsClassifier(1),
}


@pytest.mark.parametrize("model", HONEST)
def test_held_out_predictions_of_modest_models_are_not_accused(model):
    for name, (X, y) in TABLES.items():
        for share in (0, 0.1):
            labels = noisy(y, share)
            proba = cross_val_predict(
                HONEST[model], X, labels, cv=3, method="predict_proba"
            )
            certain = proba[np.arange(y.size), labels].min() > 0.999
            assert certain or message(labels, proba) == "", (name, share)


@pytest.mark.parametrize("model", LEARNED_BY_HEART)
def test_models_that_learned_noise_by_heart_are_accused(model):
    accused = 0
    for X, y in TABLES.values():
        labels = noisy(y, 0.1)
        proba = LEARNED_BY_HEART[model].fit(X, labels).predict_proba(X)
        accused += "looks in-sample" in message(labels, proba)
    assert accused >= (4 if model == "forest" else 6)


def test_large_tables_are_looked_at_in_part():
    y, proba = honest(30_000, 10)
    assert message(y, proba) == ""
    assert "in the order" in message(y, proba[:, ::-1])
