"""Copies with noise: how many are found, and what cleanlab's rule says instead."""

from types import SimpleNamespace

import numpy as np

from benchmarks._problem import Part, Target, grid
from benchmarks._tables import side_by_side
from skdataquality.duplicates._detection._near import near_pairs
from skdataquality.duplicates._numbers import cleanlab_rule, numeric_rows
from skdataquality.utils._duplicate_rows import duplicate_groups

ROWS = 1000
FAMILIES = {
    "normal": lambda rng, n, d: rng.normal(size=(n, d)),
    "uniform": lambda rng, n, d: rng.random((n, d)),
    "t2": lambda rng, n, d: rng.standard_t(2, size=(n, d)),
    "mixture": lambda rng, n, d: (
        rng.normal(size=(n, d)) + 4 * rng.integers(0, 3, size=(n, 1))
    ),
}
CHOSEN_ON = ("normal",)  # the width of groups; the others report
SEEN = 5  # columns from which on all copies should be found
NOISE = 0.001


def plant(family, columns, copies, share, noise, seed):
    """Draw rows and copies; return also the number of each row's original.

    So large a share of the rows are copies or have some; 0: one row alone has.
    """
    rng = np.random.default_rng([seed, columns, copies])
    n_copied = max(1, round(share * ROWS / (copies + 1)))
    X = FAMILIES[family](rng, ROWS - n_copied * copies, columns)
    source = np.repeat(rng.choice(len(X), size=n_copied, replace=False), copies)
    # of a drawn-in tail, so that one wild cell does not widen the noise
    scale = np.clip(X, *np.quantile(X, [0.01, 0.99], axis=0)).std(axis=0)
    moved = X[source] + noise * scale * rng.normal(size=(source.size, columns))
    return np.vstack([X, moved]), np.r_[np.arange(len(X)), source]


def measure_copies(family, columns, copies, share, noise, seeds):
    recall, found, false = [], 0, 0
    for seed in range(seeds):
        X, original = plant(family, columns, copies, share, noise, seed)
        pairs = near_pairs(X)
        first_copy = np.unique(original).size
        joined = pairs.groups[first_copy:] == pairs.groups[original[first_copy:]]
        recall.append(joined.mean())
        found += joined.all()
        false += np.count_nonzero(original[pairs.first] != original[pairs.second])
    return [
        {
            "recall": np.mean(recall),
            "tables_all_found": found / seeds,
            "false_pairs": false / seeds,
            "half": "chosen on" if family in CHOSEN_ON else "reported",
        }
    ]


def copies_targets(rows, quick):
    reported = rows[(rows["half"] == "reported") & (rows["columns"] >= SEEN)]
    close = reported[reported["noise"] == NOISE]
    many, single = close[close["share"] > 0], close[close["share"] == 0]
    return [
        Target("recall where many rows have copies, worst", many["recall"].min(), 0.95),
        Target(
            "tables with all copies of one row found, worst",
            single["tables_all_found"].min(),
            0.95,
        ),
    ]


def measure_cleanlab(family, columns, share, seeds):
    """Compare the share of rows in pairs, by this and by the package itself."""
    rows = {"by name": [], "cleanlab": []}
    for seed in range(seeds):
        X, _ = plant(family, columns, 1, share, NOISE, seed)
        table = numeric_rows(X, duplicate_groups(X))
        first, second, *_ = cleanlab_rule(table)
        rows["by name"].append(np.unique([first, second]).size / len(X))
        rows["cleanlab"].append(_flagged_by_cleanlab(table.cells))
    return [
        {"method": method, "share_of_rows": np.mean(shares)}
        for method, shares in rows.items()
        if not np.isnan(shares).any()
    ]


def _flagged_by_cleanlab(cells):
    try:
        from cleanlab.datalab.internal.issue_manager.duplicate import (
            NearDuplicateIssueManager,
        )
    except ImportError:
        return np.nan
    # what Datalab passes; Datalab itself asks for a package of data sets
    manager = NearDuplicateIssueManager(SimpleNamespace(get_info=lambda name: {}))
    manager.find_issues(features=cells)
    return manager.issues["is_near_duplicate_issue"].mean()


COPIES = Part(
    measure_copies,
    "recall tables_all_found false_pairs half",
    full=[
        *grid(
            family=FAMILIES,
            columns=[5],
            copies=[6, 50, 150],
            share=[0.0],
            noise=[NOISE],
            seeds=[50],
        ),
        *grid(
            family=FAMILIES,
            columns=[2, 3, 5, 20],
            copies=[1, 6, 50],
            share=[0.1, 0.6],
            noise=[NOISE, 0.01],
            seeds=[2],
        ),
    ],
    quick=grid(
        family=["uniform"],
        columns=[5],
        copies=[1, 6],
        share=[0.0, 0.6],
        noise=[NOISE],
        seeds=[1],
    ),
    tables={
        "Copies joined with their original, by number of columns; share of rows that "
        "are or have copies (0: one row has).": side_by_side(
            "family copies share noise", "columns", "recall"
        )
    },
    targets=copies_targets,
)

CLEANLAB = Part(
    measure_cleanlab,
    "method share_of_rows",
    full=grid(
        family=["uniform", "normal"],
        columns=[1, 2, 3, 4, 5, 10, 20],
        share=[0.0, 0.3, 0.6],
        seeds=[3],
    ),
    quick=grid(family=["uniform"], columns=[1, 5], share=[0.0], seeds=[1]),
    tables={
        "Share of rows flagged by cleanlab's rule; share of rows that are or have "
        "a copy (0: one row has).": side_by_side(
            "family share method", "columns", "share_of_rows"
        )
    },
)
