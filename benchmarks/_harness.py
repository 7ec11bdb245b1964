"""Run the tasks of a benchmark and keep their rows in CSV files."""

import csv
import pkgutil
import platform
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pandas as pd
from threadpoolctl import threadpool_limits

ROOT = Path(__file__).parent
RESULTS = ROOT / "results"
LIBRARIES = ("skdataquality", "cleanlab", "scikit-learn", "numpy", "scipy")


def benchmark_names():
    """Return the packages in this folder that have parts."""
    names = (info.name for info in pkgutil.iter_modules([str(ROOT)]) if info.ispkg)
    return [name for name in names if hasattr(_package(name), "PARTS")]


def _package(name):
    return import_module(f"benchmarks.{name}")


def parts_of(name):
    return _package(name).PARTS


def description_of(name):
    return _package(name).__doc__.splitlines()[0]


def csv_path(folder, name, part):
    return Path(folder) / f"{name}_{part}.csv"


def results_of(name, folder=RESULTS):
    """Return the rows of every part that has been run, as data frames."""
    paths = {part: csv_path(folder, name, part) for part in parts_of(name)}
    return {
        part: pd.read_csv(path, keep_default_na=False, na_values=[""])
        for part, path in paths.items()
        if path.exists()
    }


def versions():
    """Return what the figures depend on, in one line."""
    found = [f"python {platform.python_version()}"]
    for library in LIBRARIES:
        try:
            found.append(f"{library} {version(library)}")
        except PackageNotFoundError:
            continue
    return ", ".join(found)


@contextmanager
def one_quiet_thread() -> Iterator[None]:
    """Pin the thread pools to one thread; the libraries' advice is not measured."""
    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def run(name, *, folder=RESULTS, quick=False, only=(), resume=False):
    """Run a benchmark and write each task's rows as soon as they are there.

    Parameters
    ----------
    name : str
    folder : path, default=RESULTS
    quick : bool, default=False
        Few small tasks, which only show that everything works.
    only : sequence of str, default=()
        Names of parts, or values of their tasks ("wine"); rows of other tasks stay.
    resume : bool, default=False
        Keep all rows and leave out the tasks that have some.
    """
    for part in parts_of(name):
        module = import_module(f"benchmarks.{name}.{part}")
        tasks = module.tasks(quick)
        chosen = [task for task in tasks if _is_chosen(part, task, only)]
        table = ResultTable(csv_path(folder, name, part))
        if resume:
            chosen = [task for task in chosen if not table.has(task)]
        elif len(chosen) < len(tasks):
            table.drop(chosen)
        elif tasks:
            table.clear()
        with one_quiet_thread():
            _run_part(part, module.measure, chosen, table)


def _run_part(part, measure, tasks, table):
    if not tasks:
        print(f"{part}: nothing to run", flush=True)
    for i, task in enumerate(tasks, start=1):
        start = time.perf_counter()
        rows = measure(**task)
        took = time.perf_counter() - start
        table.append([{**task, **row} for row in rows])
        said = ", ".join(str(value) for value in task.values())
        said += "" if rows else ": left out"
        print(f"{part} {i}/{len(tasks)}, {took:.1f} s: {said}", flush=True)


def _is_chosen(part, task, only):
    return not only or part in only or not set(only).isdisjoint(map(str, task.values()))


class ResultTable:
    """CSV file of result rows; the cells of a task identify its rows."""

    def __init__(self, path):
        self.path = Path(path)

    def read(self):
        if not self.path.exists():
            return []
        with self.path.open(newline="") as file:
            return list(csv.DictReader(file))

    def clear(self):
        self.path.unlink(missing_ok=True)

    def has(self, task):
        return any(_belongs(row, task) for row in self.read())

    def drop(self, tasks):
        """Forget the rows of some tasks."""
        rows = self.read()
        self.clear()
        self.append(
            [row for row in rows if not any(_belongs(row, task) for task in tasks)]
        )

    def append(self, rows):
        """Add rows; they need the columns of those that are there."""
        if not rows:
            return
        known = self.read()
        columns = list(known[0] if known else rows[0])
        columns += [] if "versions" in columns else ["versions"]
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", newline="") as file:
            writer = csv.DictWriter(file, columns, lineterminator="\n")
            if not known:
                writer.writeheader()
            for row in rows:
                row = {"versions": versions(), **row}
                writer.writerow({key: _cell(value) for key, value in row.items()})


def _cell(value):
    """Six digits are more than any of these figures deserve; NaN is empty."""
    if not isinstance(value, float):
        return str(value)
    return "" if value != value else format(value, ".6g")


def _belongs(row, task):
    return all(row[key] == _cell(value) for key, value in task.items())
