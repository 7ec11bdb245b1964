"""Time of the command ``diagnose`` beside tabaudit's ``audit``, and on a million rows.

Commands: new processes, interleaved, one thread, on a table of numbers, categories, a
date and missing cells. Large: a call on numbers in memory, in a process of its own,
with its peak of memory beside what was there before it.
"""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

from benchmarks import _speed
from benchmarks._problem import Part, grid
from benchmarks._tables import as_they_are
from skdataquality import diagnose

SCRIPTS = Path(sys.executable).parent
COMMANDS = {
    "skdataquality": ("skdataquality", "diagnose", "train.csv", "--label", "label"),
    "tabaudit": ("tabaudit", "audit", "train.csv", "--target", "label"),
}


def mixed(n_rows, seed=0):
    """Draw numbers, categories, a date and gaps, and a label that depends on some."""
    rng = np.random.default_rng(seed)
    table = pd.DataFrame(rng.normal(size=(n_rows, 8)).round(4)).add_prefix("number_")
    for k, size in enumerate((3, 5, 12, 30)):
        table[f"category_{k}"] = rng.choice([f"level {i}" for i in range(size)], n_rows)
    table["count"] = rng.poisson(4, n_rows)
    table["day"] = pd.Timestamp("2024-01-01") + pd.to_timedelta(
        rng.integers(0, 700, n_rows), unit="D"
    )
    table.loc[rng.random(n_rows) < 0.1, "number_7"] = np.nan
    score = (
        table["number_0"] + 0.5 * table["count"] + (table["category_0"] == "level 1")
    )
    table["label"] = np.where(score + rng.normal(size=n_rows) > 2.5, "yes", "no")
    return table


TABLES = {"mixed": mixed}


def race_commands(table, rows, repeats):
    with TemporaryDirectory() as folder:
        TABLES[table](rows).to_csv(Path(folder) / "train.csv", index=False)
        calls = {
            name: lambda command=command: subprocess.run(
                [SCRIPTS / command[0], *command[1:]],
                cwd=folder,
                check=True,
                capture_output=True,
            )
            for name, command in COMMANDS.items()
        }
        return _speed.race(calls, repeats, shortest=0)


def diagnose_numbers(n_rows, n_columns):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n_rows, n_columns))
    y = (X[:, :5].sum(axis=1) + rng.normal(size=n_rows) > 0).astype(int)
    return _speed.alone(diagnose, X, y)[1]


def measure_large(rows, columns):
    return [_speed.in_new_process(diagnose_numbers, rows, columns)]


PARTS = {
    "commands": Part(
        race_commands,
        _speed.TIMES,
        full=grid(table=TABLES, rows=[32_000], repeats=[3]),
        quick=grid(table=TABLES, rows=[2_000], repeats=[1]),
        tables={"Median seconds of a command.": _speed.table},
    ),
    "large": Part(
        measure_large,
        _speed.ALONE,
        full=[{"rows": 1_000_000, "columns": 20}],
        quick=[{"rows": 5_000, "columns": 10}],
        tables={"Seconds, and the peak of memory beside the input.": as_they_are},
    ),
}
