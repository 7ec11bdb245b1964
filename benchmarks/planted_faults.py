"""Six faults planted in three bundled tables, and who finds them: tabaudit, we.

Every table gets, by seed: 3 % flipped labels, a copy of the label of which 3 % is
replaced at random, a column that has a value for one class only, 5 % exact copies of
rows, 3 % near copies (each number moved by 1 % of its column's standard deviation), and
target data, in every other run drawn towards large values of the first principal
component. Precision and recall are over rows or columns, pooled over seeds; a column is
named if it is found or suspected, since numbers cannot tell a copy with errors from an
honest grade.
"""

from collections import Counter, defaultdict

import numpy as np
import pandas as pd
from sklearn.datasets import load_breast_cancer, load_digits, load_wine

from benchmarks._problem import Part, Target, grid
from benchmarks._tables import side_by_side
from skdataquality import diagnose
from skdataquality.datasets import make_shifted_sample
from skdataquality.duplicates import duplicate_groups, near_duplicate_groups
from skdataquality.workflows import review_table

TABLES = {
    "breast cancer": load_breast_cancer,
    "digits": load_digits,
    "wine": load_wine,
}
# what is known of each row: its number, whether its numbers were moved, its label wrong
MARKS = ["row", "moved", "flipped"]


# ---------------------------------------------------------------- faults
def flip_labels(table, rng):
    """Give 3 % of the rows another class."""
    n, classes = len(table), np.unique(table["label"])
    table.loc[rng.choice(n, round(0.03 * n), replace=False), "flipped"] = True
    step = rng.integers(1, classes.size, n)
    other = classes[(np.searchsorted(classes, table["label"]) + step) % classes.size]
    table["label"] = np.where(table["flipped"], other, table["label"])
    return table


def add_noisy_copy(table, rng):
    """Add the label, 3 % of it replaced at random."""
    n, y = len(table), table["label"]
    table["noisy_copy"] = np.where(rng.random(n) < 0.03, rng.choice(np.unique(y), n), y)
    return table


def add_one_class_only(table, rng):
    """Add a number that only the rows of the first class have."""
    value, y = rng.normal(size=len(table)).round(3), table["label"]
    table["one_class_only"] = np.where(y == y.min(), value, np.nan)
    return table


def copy_rows(table, rng):
    """Append copies of 5 % of the rows."""
    n = len(table)
    copies = rng.choice(n, round(0.05 * n), replace=False)
    return pd.concat([table, table.iloc[copies]], ignore_index=True)


def copy_rows_nearly(table, rng):
    """Append 3 % of the rows that have no copy, their numbers moved a little."""
    originals = table.drop_duplicates("row")
    numbers = table.columns[: table.columns.get_loc(MARKS[0])]
    single = np.flatnonzero(np.bincount(table["row"]) == 1)
    near = rng.choice(single, round(0.03 * len(originals)), replace=False)
    moved = originals.iloc[near].copy()
    size = 0.01 * originals[numbers].std().to_numpy()
    moved[numbers] += rng.normal(size=moved[numbers].shape) * size
    return pd.concat([table, moved.assign(moved=True)], ignore_index=True)


FAULTS = (flip_labels, add_noisy_copy, add_one_class_only, copy_rows, copy_rows_nearly)
LEAKS = ("noisy_copy", "one_class_only")


def plant(load, seed, *, drift):
    """Return train and target data, and the marks of the rows of train."""
    rng = np.random.default_rng(seed)
    data = load(as_frame=True)
    X = data.data.reset_index(drop=True)
    scaled = (X - X.mean()) / X.std().replace(0, 1)
    first = scaled.to_numpy() @ np.linalg.svd(scaled, full_matrices=False)[2][0]
    is_target = make_shifted_sample(
        first, len(X) // 4, strength=1.5 * drift, random_state=seed
    )
    target = X[is_target].reset_index(drop=True)
    table = X[~is_target].reset_index(drop=True)
    table[MARKS] = pd.DataFrame({"row": table.index, "moved": False, "flipped": False})
    table["label"] = data.target.to_numpy()[~is_target]
    for fault in FAULTS:
        table = fault(table, rng)
    train = table.iloc[rng.permutation(len(table))].reset_index(drop=True)
    for name in LEAKS:  # in production these would hold something, but no answer
        known = table.drop_duplicates("row")[name]
        target[name] = rng.permutation(known)[: len(target)]
    marks, label = train[MARKS], train.pop("label")
    return train.drop(columns=MARKS).assign(label=label), target, marks


def true_faults(train, marks, drift):
    """Return the rows and columns at fault, by fault."""
    rows, groups = np.arange(len(train)), duplicate_groups(train)
    near = marks["row"].isin(marks["row"][marks["moved"]])
    return {
        "exact copies": set(rows[groups != rows]),
        "near copies": set(rows[near & marks.duplicated("row")]),  # the later of two
        "flipped labels": set(rows[marks["flipped"]]),
        "leaking columns": set(LEAKS),  # found or suspected
        "drift": {"target"} if drift else set(),
    }


# ---------------------------------------------------------------- tools
def ours(train, target, seed):
    """Ask skdataquality for rows, columns and drift."""
    report = diagnose(train, "label", X_target=target, random_state=seed)
    leakage = report.lenses["leakage"]
    hidden = (*leakage.columns, *leakage.suspects)  # once the user was asked
    asked = train.drop(columns=list(hidden))
    review = review_table(asked, "label", random_state=seed)
    rows = np.arange(len(train))
    exact = duplicate_groups(train)
    near = near_duplicate_groups(train.drop(columns=["label", *hidden]))
    return {
        "exact copies": set(rows[exact != rows]),
        "near copies": set(rows[(near != rows) & (exact == rows)]),
        "flipped labels": set(review["input_row"]),
        "leaking columns": {*leakage.leaking, *leakage.suspects, *leakage.identifiers},
        "drift": {"target"} if report.lenses["shift"].verdict == "found" else set(),
    }


def theirs(train, target, seed):
    """Ask tabaudit for the same, where it says anything."""
    from tabaudit.audit import run_audit

    said = defaultdict(set)
    for finding in run_audit(train, target="label").findings:
        if finding.check == "duplicates" and "exact duplicate" in finding.title:
            said["exact copies"] |= set(finding.evidence["rows"])
        elif finding.check == "label_noise":
            said["flipped labels"] |= set(finding.evidence["rows_likely"])
        elif finding.check == "leakage" and finding.severity.name != "INFO":
            said["leaking columns"] |= set(finding.columns)
    return said


TOOLS = {"skdataquality": ours, "tabaudit": theirs}


# ---------------------------------------------------------------- measurement
def measure(table, seeds):
    """Return recall and precision of each tool, with their counts, for each fault."""
    counts = defaultdict(Counter)
    for seed in range(seeds):
        drift = seed % 2 == 0
        train, target, marks = plant(TABLES[table], seed, drift=drift)
        true = true_faults(train, marks, drift)
        for tool, ask in TOOLS.items():
            said = ask(train, target, seed)
            for fault, guilty in true.items():
                named = said.get(fault, set())
                counts[tool, fault].update(
                    hits=len(named & guilty), flagged=len(named), planted=len(guilty)
                )
    return [
        {
            "tool": tool,
            "fault": fault,
            "recall": count["hits"] / count["planted"] if count["planted"] else np.nan,
            "precision": (
                count["hits"] / count["flagged"] if count["flagged"] else np.nan
            ),
            "flagged": count["flagged"],
            "planted": count["planted"],
        }
        for (tool, fault), count in counts.items()
    ]


def targets(rows, quick):
    def by_table(column, fault, tool="skdataquality"):
        asked = rows[(rows["tool"] == tool) & (rows["fault"] == fault)]
        return asked.set_index("table")[column]

    leaking = by_table("recall", "leaking columns")
    gain = leaking - by_table("recall", "leaking columns", "tabaudit")
    precision = by_table("precision", "leaking columns").min()
    return [
        Target("recall of exact copies", by_table("recall", "exact copies").min(), 1),
        Target("precision of leaking columns", precision, 1),
        Target("recall of leaking columns over tabaudit", gain.min(), 0),
    ]


PARTS = {
    "planted_faults": Part(
        measure,
        "tool fault recall precision flagged planted",
        full=grid(table=TABLES, seeds=[10]),
        quick=grid(table=["wine"], seeds=[1]),
        tables={
            "Of rows, or of columns found or suspected.": side_by_side(
                "table fault planted", "tool", "recall precision flagged"
            )
        },
        targets=targets,
    )
}
