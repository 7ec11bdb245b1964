"""Run the tasks of a problem and keep their rows."""

import pkgutil
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

from threadpoolctl import threadpool_limits

from benchmarks._results import ResultTable

ROOT = Path(__file__).parent
RESULTS = ROOT / "results"


def problem_names():
    names = (info.name for info in pkgutil.iter_modules([str(ROOT)]))
    return [name for name in names if not name.startswith("_")]


def parts_of(name):
    return import_module(f"benchmarks.{name}").PARTS


def text_of(name):
    """Return the docstring of a problem; its first line says what is measured."""
    return import_module(f"benchmarks.{name}").__doc__.strip()


def csv_path(folder, name, part):
    return Path(folder) / f"{name if part == name else f'{name}_{part}'}.csv"


def results_of(name, folder=RESULTS):
    """Return the rows of every part that has been run, as data frames."""
    return {
        part: ResultTable(path, declared.columns).frame()
        for part, declared in parts_of(name).items()
        if (path := csv_path(folder, name, part)).exists()
    }


def targets_of(name, results, quick=False):
    """Return what the parts that have rows should reach."""
    parts = parts_of(name)
    return [t for part in results for t in parts[part].targets(results[part], quick)]


@contextmanager
def one_quiet_thread() -> Iterator[None]:
    """Pin the thread pools to one thread; the libraries' advice is not measured."""
    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def run(name, *, folder=RESULTS, quick=False, only=(), resume=False):
    """Run a problem and write each task's rows as soon as they are there.

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
    for part, declared in parts_of(name).items():
        tasks = declared.quick if quick else declared.full
        chosen = [task for task in tasks if _is_chosen(part, task, only)]
        table = ResultTable(csv_path(folder, name, part), declared.columns)
        if resume:
            chosen = [task for task in chosen if not table.has(task)]
        elif only:
            table.drop(chosen)
        else:
            table.clear()
        with one_quiet_thread():
            _run_part(part, declared.measure, chosen, table)


def _run_part(part, measure, tasks, table):
    if not tasks:
        print(f"{part}: nothing to run", flush=True)
    for i, task in enumerate(tasks, start=1):
        start = time.perf_counter()
        rows = measure(**task)
        took = time.perf_counter() - start
        if rows:
            table.append([{**task, **row} for row in rows])
        said = ", ".join(str(value) for value in task.values())
        said += "" if rows else ": left out"
        print(f"{part} {i}/{len(tasks)}, {took:.1f} s: {said}", flush=True)


def _is_chosen(part, task, only):
    return not only or part in only or not set(only).isdisjoint(map(str, task.values()))
