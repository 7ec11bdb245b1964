"""Consensus of annotators with a classifier: how right it is, and what learns from it.

Votes are drawn on data with features. "one rate": each annotator errs at a rate of its
own, in any class alike; "confused": everyone takes a class for the next one far more
often than for others. Scores are of five folds that are tested on the true labels.
"""

import warnings

import numpy as np
from sklearn.datasets import load_breast_cancer, load_digits, make_classification
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from benchmarks import _speed
from benchmarks._problem import Part, Target, grid
from benchmarks._tables import columns
from skdataquality.weak_supervision import (
    DawidSkene,
    MajorityVote,
    MultiAnnotatorClassifier,
    OneCoin,
    crowdlab,
)

CROWDS = {  # accuracies, and the share of rows that each sees
    "three good": ([0.85, 0.8, 0.75], 0.8),
    "one good": ([0.95, 0.6, 0.6, 0.5, 0.5], 0.6),
    "many poor": (np.linspace(0.45, 0.8, 20), 0.15),
}
MODELS = {
    "CROWDLAB": None,
    "MajorityVote": MajorityVote(),
    "OneCoin": OneCoin(),
    "DawidSkene": DawidSkene(),
}
STRATEGIES = ["hard", "weight", "soft"]
LINEAR = make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000))


def load(name):
    if name == "digits":
        X, y = load_digits(return_X_y=True)
        return X[:1000], y[:1000]
    if name == "breast cancer":
        return load_breast_cancer(return_X_y=True)
    return make_classification(
        2000, n_informative=6, n_classes=3, class_sep=1.5, random_state=0
    )


def draw_votes(y, crowd, noise, rng):
    accuracies, coverage = CROWDS[crowd]
    shape, n_classes = (y.size, len(accuracies)), y.max() + 1
    step = rng.integers(1, n_classes, size=shape)
    if noise == "confused":
        step[rng.random(shape) < 0.7] = 1
    right = rng.random(shape) < accuracies
    votes = np.where(right, y[:, None], (y[:, None] + step) % n_classes)
    votes[rng.random(shape) > coverage] = -1
    return votes


def measure(data, crowd, noise, seed):
    X, y = load(data)
    rng = np.random.default_rng(seed)
    X, X_test, y, y_test = train_test_split(
        X, y, test_size=0.4, stratify=y, random_state=seed
    )
    votes = draw_votes(y, crowd, noise, rng)
    voted, classes = (votes >= 0).any(axis=1), np.unique(y)
    counts = (votes[:, :, None] == classes).sum(axis=1)
    first = classes[counts.argmax(axis=1)]
    rows = [
        line("gold", "hard", y[voted], None, y[voted], X[voted], X_test, y_test),
        line("votes", "hard", first[voted], None, y[voted], X[voted], X_test, y_test),
    ]
    for name, model in MODELS.items():
        for strategy in STRATEGIES:
            clf = MultiAnnotatorClassifier(
                LINEAR,
                label_model=model,
                strategy=strategy,
                classes=classes,
                missing_label=-1,
                random_state=0,
            )
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of annotators worse than chance
                clf.fit(X, votes)
            rows.append(
                {
                    "method": name,
                    "strategy": strategy,
                    "consensus": (clf.consensus_ == y)[voted].mean(),
                    "quality": clf.consensus_quality_[voted].mean(),
                    "needs_vote": clf.needs_vote_.mean(),
                    "test": clf.score(X_test, y_test),
                }
            )
    return rows


def line(method, strategy, labels, quality, truth, X, X_test, y_test):
    """Return the row of labels on which the model is fitted as they are."""
    score = LINEAR.fit(X, labels).score(X_test, y_test)
    return {
        "method": method,
        "strategy": strategy,
        "consensus": (labels == truth).mean(),
        "quality": np.nan,
        "needs_vote": np.nan,
        "test": score,
    }


def targets(rows, quick):
    mean = rows.groupby(["method", "strategy"])["test"].mean()
    best = max(mean[name, "hard"] for name in MODELS)
    return [Target("test accuracy above votes", best - mean["votes", "hard"], 0.02)]


def means(rows):
    """Mean over data, crowds and seeds."""
    found = rows.groupby(["method", "strategy"], dropna=False, sort=False)
    return found[["consensus", "quality", "needs_vote", "test"]].mean().reset_index()


# -- speed beside cleanlab ---------------------------------------------------------


def make_votes(n_rows, n_annotators):
    rng = np.random.default_rng(0)
    y = rng.integers(3, size=n_rows)
    right = rng.random((n_rows, n_annotators)) < 0.7
    votes = np.where(right, y[:, None], rng.integers(3, size=right.shape)).astype(float)
    gone = rng.random(votes.shape) > 5 / n_annotators
    gone[np.arange(n_rows), rng.integers(n_annotators, size=n_rows)] = False
    votes[gone] = np.nan
    proba = rng.dirichlet(np.ones(3), n_rows) + np.eye(3)[y]
    return votes, proba / 2


def of_cleanlab(votes, proba):
    from cleanlab.multiannotator import get_label_quality_multiannotator

    found = get_label_quality_multiannotator(votes, proba, verbose=False)
    return found["label_quality"]["consensus_quality_score"].to_numpy()


QUESTION = _speed.Question(
    make_votes,
    {"skdataquality": lambda v, p: crowdlab(v, p).quality, "cleanlab": of_cleanlab},
    lambda ours, theirs: np.testing.assert_allclose(ours, theirs, atol=1e-8),
)


def race(rows, annotators):
    return _speed.measure(QUESTION, (rows, annotators), n_repeats=3)


PARTS = {
    "accuracy": Part(
        measure,
        "method strategy consensus quality needs_vote test",
        full=grid(
            data=["digits", "breast cancer", "synthetic"],
            crowd=CROWDS,
            noise=["one rate", "confused"],
            seed=[0],
        ),
        quick=grid(
            data=["synthetic"], crowd=["one good"], noise=["one rate"], seed=[0]
        ),
        tables={
            "Share of rows whose consensus is right, its mean quality, share of rows "
            "that need another vote, and test accuracy of the model; means.": means
        },
        targets=targets,
    ),
    "speed": Part(
        race,
        f"{_speed.TIMES} {_speed.MEMORY}",
        full=grid(rows=[2_000, 20_000], annotators=[50]),
        quick=grid(rows=[500], annotators=[10]),
        tables={
            "CROWDLAB: seconds, and how many times ours.": columns(
                "rows annotators library seconds ratio peak_mb"
            )
        },
    ),
}
