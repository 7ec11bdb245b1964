"""The benchmark of density ratios: its designs, and what it makes of their figures."""

import numpy as np
import pandas as pd
import pytest

from benchmarks.shift import density_ratio
from benchmarks.shift.designs import DESIGNS


@pytest.mark.parametrize("design", DESIGNS)
def test_the_true_ratio_makes_target_rows_of_training_rows(design):
    X, target, ratio = DESIGNS[design](np.random.default_rng(0), 40_000, 8)
    if isinstance(X, pd.DataFrame):
        X, target = (pd.get_dummies(rows).to_numpy(float) for rows in (X, target))
    assert ratio.mean() == pytest.approx(1, abs=0.03)
    weight = ratio / ratio.sum()
    np.testing.assert_allclose(weight @ X, target.mean(axis=0), atol=0.06)
    first, second = X[:, 0] * X[:, 1], target[:, 0] * target[:, 1]
    assert weight @ first == pytest.approx(second.mean(), abs=0.15)


def test_what_is_lost_is_compared_seed_by_seed():
    def row(weights, seed, accuracy):
        return {
            "half": "gaussian",
            "n_columns": 2,
            "n_rows": 10,
            "seed": seed,
            "weights": weights,
            "target_accuracy": accuracy,
        }

    rows = [row(density_ratio.TRUE, seed, 0.5 + seed / 10) for seed in range(4)]
    rows += [row("ours", seed, 0.49 + seed / 10) for seed in range(4)]
    found = density_ratio.lost(pd.DataFrame(rows))
    line = found.iloc[0]
    assert line["weights"] == "ours"
    assert line["seeds"] == 4
    np.testing.assert_allclose(line[["lost", "lower", "upper"]].astype(float), 0.01)
