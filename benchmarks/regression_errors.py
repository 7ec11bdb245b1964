"""Wrong values planted in regression data, and who finds them: cleanlab, we.

Tables: diabetes (442 rows, R squared about one half), Friedman's first function (600
rows, noise of standard deviation 1), the same with noise that grows by a factor of 7
along a column, the same with noise of Student's t distribution of 3 degrees of
freedom, and a line with lognormal noise. Errors in 5 or 10 % of the rows: the value of
another row, a shift by 2 to 4 standard deviations of the values, a slip of the decimal
point by one place either way, a sign. Both tools get the same model. Without errors the
flagged rows are false alarms.
"""

import numpy as np
import pandas as pd
from sklearn.base import clone
from sklearn.datasets import load_diabetes
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.metrics import average_precision_score

from benchmarks._problem import Part, Target, grid
from benchmarks._tables import side_by_side
from skdataquality.label_noise import RegressionErrorDetector

N_ROWS = 600
BOOSTING = HistGradientBoostingRegressor(
    max_iter=60,
    max_leaf_nodes=15,
    l2_regularization=1.0,
    early_stopping=False,
    random_state=0,
)
MOST_FALSE_ALARMS = 0.015
MEASURES = "flagged precision recall average_precision"


def friedman(rng):
    """Return columns and the noiseless value."""
    X = rng.uniform(size=(N_ROWS, 10))
    y = 10 * np.sin(np.pi * X[:, 0] * X[:, 1]) + 20 * (X[:, 2] - 0.5) ** 2
    return X, y + 10 * X[:, 3] + 5 * X[:, 4]


def noisy_friedman(rng):
    """Add the same normal noise everywhere."""
    X, y = friedman(rng)
    return X, y + rng.normal(size=N_ROWS)


def uneven_friedman(rng):
    """Add noise that grows with the first column."""
    X, y = friedman(rng)
    return X, y + np.exp(2 * X[:, 0] - 1) * rng.normal(size=N_ROWS)


def heavy_friedman(rng):
    """Add noise with heavy tails."""
    X, y = friedman(rng)
    return X, y + rng.standard_t(3, size=N_ROWS)


def lognormal_line(rng):
    """Add skewed noise to a linear value."""
    X = rng.normal(size=(N_ROWS, 5))
    return X, X @ [3.0, 2.0, 1.0, 0.0, 0.0] + np.exp(rng.normal(size=N_ROWS))


TABLES = {
    "diabetes": (lambda rng: load_diabetes(return_X_y=True), Ridge(0.1)),
    "Friedman": (noisy_friedman, BOOSTING),
    "Friedman, uneven noise": (uneven_friedman, BOOSTING),
    "Friedman, heavy tails": (heavy_friedman, BOOSTING),
    "line, lognormal noise": (lognormal_line, LinearRegression()),
}


def swap(y, rows, rng):
    """Give the rows the values of others."""
    return rng.choice(y, rows.size)


def shift(y, rows, rng):
    """Move by 2 to 4 standard deviations."""
    size = rng.uniform(2, 4, rows.size) * y.std()
    return y[rows] + rng.choice([-1, 1], rows.size) * size


def slip(y, rows, rng):
    """Move the decimal point."""
    return y[rows] * rng.choice([0.1, 10], rows.size)


def sign(y, rows, rng):
    """Lose or gain a minus."""
    return -y[rows]


ERRORS = {"other row": swap, "shift": shift, "decimal": slip, "sign": sign}


def plant(y, error, rate, rng):
    """Return values with errors, and a mask of them."""
    rows = rng.choice(y.size, round(rate * y.size), replace=False)
    wrong, mask = y.copy(), np.zeros(y.size, dtype=bool)
    if rate:
        wrong[rows], mask[rows] = ERRORS[error](y, rows, rng), True
    return wrong, mask


def ours(X, y, model, seed):
    """Ask skdataquality for flags and the quality of the values."""
    found = RegressionErrorDetector(model, random_state=seed).fit(X, y)
    return found.issue_mask_, found.sample_scores_


def theirs(X, y, model, seed):
    """Ask cleanlab for the same."""
    from cleanlab.regression.learn import CleanLearning

    found = CleanLearning(clone(model), seed=seed).find_label_issues(X, y)
    return found["is_label_issue"].to_numpy(), found["label_quality"].to_numpy()


TOOLS = {"skdataquality": ours, "cleanlab": theirs}


def judge(flagged, quality, mask):
    """Return the share flagged, precision, recall and average precision."""
    hits = int((flagged & mask).sum())
    return {
        "flagged": flagged.mean(),
        "precision": hits / flagged.sum() if flagged.any() else np.nan,
        "recall": hits / mask.sum() if mask.any() else np.nan,
        "average_precision": (
            average_precision_score(mask, -quality) if mask.any() else np.nan
        ),
    }


def measure(table, error, rate, seeds):
    """Return means over those seeds for which a measure is defined."""
    make, model = TABLES[table]
    outcomes = []
    for seed in range(seeds):
        X, y = make(np.random.default_rng(seed))
        y, mask = plant(y, error, rate, np.random.default_rng(100 + seed))
        for tool, say in TOOLS.items():
            outcomes.append({"tool": tool, **judge(*say(X, y, model, seed), mask)})
    means = pd.DataFrame(outcomes).groupby("tool", sort=False).mean()
    return means.reset_index().to_dict("records")


def targets(rows, quick):
    alarms = rows[(rows["tool"] == "skdataquality") & (rows["error"] == "none")]
    worst = alarms["flagged"].max()
    return [Target("flagged without errors, worst", worst, MOST_FALSE_ALARMS, True)]


def tasks(tables, rates, seeds):
    """Return those without errors, then those with each error at each rate."""
    cases = grid(error=["none"], rate=[0.0]) + grid(error=ERRORS, rate=rates)
    return [
        {"table": name, **case, "seeds": seeds} for name in tables for case in cases
    ]


PARTS = {
    "regression_errors": Part(
        measure,
        f"tool {MEASURES}",
        full=tasks(TABLES, [0.05, 0.1], seeds=3),
        quick=tasks(["diabetes", "line, lognormal noise"], [0.1], seeds=1),
        tables={
            "Means over the seeds.": side_by_side("table error rate", "tool", MEASURES)
        },
        targets=targets,
    )
}
