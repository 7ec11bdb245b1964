"""Wrong numbers are found about as well as by cleanlab, better in uneven noise."""

import warnings

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.metrics import average_precision_score

from skdataquality.label_noise import RegressionErrorDetector

pytest.importorskip("cleanlab")

from cleanlab.regression.learn import CleanLearning

N = 400


def data(seed, noise):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(N, 5))
    scale = np.exp(0.8 * X[:, 0]) if noise == "uneven" else 1.0
    drawn = rng.standard_t(3, size=N) if noise == "heavy" else rng.normal(size=N)
    return X, X @ [3.0, 2.0, 1.0, 0.0, 0.0] + scale * drawn, rng


def cleanlab_issues(model, X, y, seed):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = CleanLearning(clone(model), seed=seed).find_label_issues(X, y)
    return found["is_label_issue"].to_numpy(), found["label_quality"].to_numpy()


@pytest.mark.parametrize("model", [LinearRegression(), Ridge(1.0)])
@pytest.mark.parametrize("noise", ["even", "uneven", "heavy"])
def test_ranks_values_of_other_rows_about_as_well_or_better(model, noise):
    gains, clean = [], []
    for seed in range(3):
        X, y, rng = data(seed, noise)
        right = RegressionErrorDetector(model, random_state=seed).fit(X, y)
        clean.append(right.issue_mask_.mean())
        rows = rng.choice(N, N // 10, replace=False)
        mask = np.isin(np.arange(N), rows)
        y[rows] = rng.choice(y, rows.size)
        ours = RegressionErrorDetector(model, random_state=seed).fit(X, y)
        _, theirs = cleanlab_issues(model, X, y, seed)
        gains.append(
            average_precision_score(mask, -ours.sample_scores_)
            - average_precision_score(mask, -theirs)
        )
    least = {"even": -0.01, "uneven": 0.03, "heavy": -0.03}[noise]
    assert np.mean(gains) > least
    assert np.mean(clean) <= 0.01


def test_accuses_fewer_right_values():
    ours = theirs = 0
    for seed in range(3):
        X, y, _ = data(seed, "heavy")
        model = LinearRegression()
        found = RegressionErrorDetector(model, random_state=seed).fit(X, y)
        ours += found.issue_mask_.sum()
        theirs += cleanlab_issues(model, X, y, seed)[0].sum()
    assert ours <= theirs
