"""Plant wrong values in regression data, and see who finds them: cleanlab, we.

Tables: diabetes (442 rows, R squared about one half), Friedman's first function (600
rows, noise of standard deviation 1), the same with noise that grows by a factor of 7
along a column, the same with noise of Student's t distribution of 3 degrees of
freedom, and a line with lognormal noise. Errors in 5 or 10 % of the rows: the value of
another row, a shift by 2 to 4 standard deviations of the values, a slip of the decimal
point by one place either way, a sign. Both tools get the same model. Without errors the
accused are false.

Run it with ``--quick`` (two tables, 1 seed, one rate) or in full (3 seeds), which
writes ``results/regression_errors.csv``.
"""

import argparse
import csv
import warnings
from collections import defaultdict
from pathlib import Path

import numpy as np
from cleanlab.regression.learn import CleanLearning
from sklearn.base import clone
from sklearn.datasets import load_diabetes
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.metrics import average_precision_score

from skdataquality.label_noise import RegressionErrorDetector

RESULTS = Path(__file__).parent / "results" / "regression_errors.csv"
N_ROWS = 600
BOOSTING = HistGradientBoostingRegressor(
    max_iter=60,
    max_leaf_nodes=15,
    l2_regularization=1.0,
    early_stopping=False,
    random_state=0,
)
TRUSTED_SHARE = 0.015  # of rows accused on clean data, at most


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
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = CleanLearning(clone(model), seed=seed).find_label_issues(X, y)
    return found["is_label_issue"].to_numpy(), found["label_quality"].to_numpy()


TOOLS = {"skdataquality": ours, "cleanlab": theirs}


def judge(accused, quality, mask):
    """Return the share accused, precision, recall and average precision."""
    hits = int((accused & mask).sum())
    return {
        "accused": accused.mean(),
        "precision": hits / accused.sum() if accused.any() else np.nan,
        "recall": hits / mask.sum() if mask.any() else np.nan,
        "average_precision": (
            average_precision_score(mask, -quality) if mask.any() else np.nan
        ),
    }


def run(tables, rates, n_seeds):
    """Return one row for each table, error, rate and tool: means over seeds."""
    cases = [("none", 0.0)] + [(error, rate) for error in ERRORS for rate in rates]
    rows = []
    for table in tables:
        make, model = TABLES[table]
        for error, rate in cases:
            outcomes = defaultdict(list)
            for seed in range(n_seeds):
                X, y = make(np.random.default_rng(seed))
                y, mask = plant(y, error, rate, np.random.default_rng(100 + seed))
                for tool, say in TOOLS.items():
                    outcomes[tool].append(judge(*say(X, y, model, seed), mask))
            for tool, known in outcomes.items():
                means = {key: mean([k[key] for k in known]) for key in known[0]}
                case = {"table": table, "error": error, "rate": rate, "tool": tool}
                rows.append(case | means)
                print(*(f"{value:<24}" for value in rows[-1].values()), flush=True)
    return rows


def mean(values):
    """Mean of those that are defined, as text; a tool that accuses no one has none."""
    known = [value for value in values if not np.isnan(value)]
    return f"{np.mean(known):.4f}" if known else ""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    if parser.parse_args().quick:
        rows = run(["diabetes", "line, lognormal noise"], [0.1], 1)
    else:
        rows = run(list(TABLES), [0.05, 0.1], 3)
        RESULTS.parent.mkdir(exist_ok=True)
        with RESULTS.open("w", newline="") as file:
            writer = csv.DictWriter(file, rows[0], lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    for row in rows:
        if row["tool"] == "skdataquality" and row["error"] == "none":
            assert float(row["accused"]) <= TRUSTED_SHARE, row


if __name__ == "__main__":
    main()
