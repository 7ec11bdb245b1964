"""Plant six faults in three bundled tables, and see who finds them: tabaudit, we.

Every table gets, by seed: 5 % exact copies of rows, 3 % near copies (each number moved
by 1 % of its column's standard deviation), 3 % flipped labels, a copy of the label of
which 3 % is replaced at random, a column that has a value for one class only, and
target data, in every other run drawn towards large values of the first principal
component. Precision and
recall are over rows or columns, pooled over seeds.

Run it with ``--quick`` (one table, 2 seeds) or in full (10 seeds), which writes
``results/planted_faults.json``.
"""

import argparse
import json
import warnings
from collections import defaultdict
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.datasets import load_breast_cancer, load_digits, load_wine
from tabaudit.audit import run_audit

from skdataquality import diagnose
from skdataquality.datasets import make_shifted_sample
from skdataquality.duplicates import duplicate_groups, near_duplicate_groups
from skdataquality.workflows import review_table

RESULTS = Path(__file__).parent / "results" / "planted_faults.json"
TABLES = {
    "breast cancer": load_breast_cancer,
    "digits": load_digits,
    "wine": load_wine,
}
LEAKS = {"noisy_copy", "one_class_only"}


def plant(load, seed, *, drift):
    """Return train, target, and the truth about train."""
    rng = np.random.default_rng(seed)
    data = load(as_frame=True)
    X, y = data.data.reset_index(drop=True), data.target.to_numpy().copy()
    scaled = (X - X.mean()) / X.std().replace(0, 1)
    first = scaled.to_numpy() @ np.linalg.svd(scaled, full_matrices=False)[2][0]
    is_target = make_shifted_sample(
        first, len(X) // 4, strength=1.5 * drift, random_state=seed
    )
    target = X[is_target].reset_index(drop=True)
    X, y = X[~is_target].reset_index(drop=True), y[~is_target]
    n, classes = len(X), np.unique(y)
    flipped = np.zeros(n, dtype=bool)
    flipped[rng.choice(n, round(0.03 * n), replace=False)] = True
    step = rng.integers(1, classes.size, n)
    y = np.where(
        flipped, classes[(np.searchsorted(classes, y) + step) % classes.size], y
    )
    X["noisy_copy"] = np.where(rng.random(n) < 0.03, rng.choice(classes, n), y)
    X["one_class_only"] = np.where(y == classes[0], rng.normal(size=n).round(3), np.nan)
    copies = rng.choice(n, round(0.05 * n), replace=False)
    near = rng.choice(
        np.setdiff1d(np.arange(n), copies), round(0.03 * n), replace=False
    )
    twin = np.full(n, -1)
    moved = X.iloc[near].copy()
    numbers = data.data.columns
    moved[numbers] += (
        rng.normal(size=moved[numbers].shape) * 0.01 * X[numbers].std().to_numpy()
    )
    train = pd.concat([X, X.iloc[copies], moved], ignore_index=True)
    train["label"] = np.concatenate([y, y[copies], y[near]])
    flipped = np.concatenate([flipped, flipped[copies], flipped[near]])
    twin = np.concatenate([twin, np.full(len(copies), -1), near])
    order = rng.permutation(len(train))
    place = np.argsort(order)
    train = train.iloc[order].reset_index(drop=True)
    twin = np.where(twin[order] >= 0, place[twin[order]], -1)
    for name in LEAKS:  # in production these would hold something, but no answer
        target[name] = rng.permutation(X[name])[: len(target)]
    truth = {"twin": twin, "flipped": flipped[order], "drifted": drift}
    return train, target, truth


def ours(train, target, seed):
    """Ask skdataquality for rows, columns and drift."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        report = diagnose(train, "label", X_target=target, random_state=seed)
        leakage = report.lenses["leakage"]
        review = review_table(train, "label", hidden=leakage.columns, random_state=seed)
    rows = np.arange(len(train))
    exact = duplicate_groups(train)
    near = near_duplicate_groups(train.drop(columns=["label", *leakage.columns]))
    return {
        "exact copies": set(rows[exact != rows]),
        "near copies": set(rows[(near != rows) & (exact == rows)]),
        "flipped labels": set(review["input_row"]),
        "leaking columns": set(leakage.giveaways),
        "suspected columns": set(leakage.suspects + leakage.identifiers),
        "drift": {"target"} if report.lenses["shift"].verdict == "found" else set(),
    }


def theirs(train):
    """Ask tabaudit for the same, where it says anything."""
    said = defaultdict(set)
    for finding in run_audit(train, target="label").findings:
        high = finding.severity.name in ("CRITICAL", "HIGH")
        if finding.check == "duplicates" and "exact duplicate" in finding.title:
            said["exact copies"] |= set(finding.evidence["rows"])
        elif finding.check == "label_noise":
            said["flipped labels"] |= set(finding.evidence["rows_likely"])
        elif finding.check == "leakage" and finding.severity.name != "INFO":
            said[f"{'leaking' if high else 'suspected'} columns"] |= set(
                finding.columns
            )
    return said


def true_faults(train, truth):
    """Return the same for what was planted."""
    rows = np.arange(len(train))
    groups = duplicate_groups(train)
    return {
        "exact copies": set(rows[groups != rows]),
        "near copies": near_copies(train, truth["twin"]),
        "flipped labels": set(rows[truth["flipped"]]),
        "leaking columns": LEAKS,
        "suspected columns": set(),
        "drift": {"target"} if truth["drifted"] else set(),
    }


def near_copies(train, twin):
    """Return the later row of each pair of a row and its near copy."""
    rows = np.arange(len(train))
    return set(rows[(twin >= 0) & (twin < rows)]) | set(twin[twin > rows])


class Tally:
    """True positives, accused and guilty, summed over runs."""

    def __init__(self):
        self.hit = self.accused = self.guilty = 0

    def add(self, said, true):
        """Count one run."""
        self.hit += len(said & true)
        self.accused += len(said)
        self.guilty += len(true)

    def to_dict(self):
        """Return recall and precision with their counts."""
        return {
            "recall": self.hit / self.guilty if self.guilty else None,
            "precision": self.hit / self.accused if self.accused else None,
            "accused": self.accused,
            "guilty": self.guilty,
        }


def run(names, n_seeds):
    """Return tallies by table, tool and fault."""
    tallies = defaultdict(lambda: defaultdict(lambda: defaultdict(Tally)))
    for name in names:
        for seed in range(n_seeds):
            train, target, truth = plant(TABLES[name], seed, drift=seed % 2 == 0)
            true = true_faults(train, truth)
            for tool, said in (
                ("skdataquality", ours(train, target, seed)),
                ("tabaudit", theirs(train)),
            ):
                for fault, guilty in true.items():
                    tallies[name][tool][fault].add(said.get(fault, set()), guilty)
    return tallies


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    tallies = run(["wine"], 2) if quick else run(list(TABLES), 10)
    print(f"{'table':<15}{'fault':<19}{'skdataquality':<27}tabaudit")
    for name, tools in tallies.items():
        for fault in tools["skdataquality"]:
            said = [say(tools[tool][fault]) for tool in ("skdataquality", "tabaudit")]
            print(f"{name:<15}{fault:<19}{said[0]:<27}{said[1]}")
    if not quick:
        RESULTS.parent.mkdir(exist_ok=True)
        result = {
            name: {
                tool: {fault: tally.to_dict() for fault, tally in faults.items()}
                for tool, faults in tools.items()
            }
            for name, tools in tallies.items()
        }
        RESULTS.write_text(json.dumps(result, indent=2) + "\n")
    for tools in tallies.values():
        found = tools["skdataquality"]
        assert found["exact copies"].hit == found["exact copies"].guilty
        assert found["leaking columns"].accused == found["leaking columns"].hit
        assert found["leaking columns"].hit >= tools["tabaudit"]["leaking columns"].hit
        assert found["suspected columns"].accused == 0


def say(tally):
    known = tally.to_dict()
    words = (f"{k} {'-' if known[k] is None else f'{known[k]:.2f}'}" for k in known)
    return " ".join([next(words), next(words)])


if __name__ == "__main__":
    main()
