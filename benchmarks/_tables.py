"""Show the rows of a benchmark: as text, and as a page of the documentation."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import pandas as pd

from benchmarks._harness import benchmark_names, results_of


@dataclass(frozen=True)
class Table:
    """Summary of some rows, its cells ready to be printed."""

    title: str
    note: str
    frame: pd.DataFrame


@dataclass(frozen=True)
class Target:
    """What a figure should be, beside what it is."""

    what: str
    measured: float
    bound: float
    at_most: bool = False
    form: str = ".3f"

    @property
    def is_met(self):
        if self.at_most:
            return self.measured <= self.bound
        return self.measured >= self.bound

    def as_row(self):
        sign = "at most" if self.at_most else "at least"
        return {
            "figure": self.what,
            "target": f"{sign} {self.bound:{self.form}}",
            "measured": f"{self.measured:{self.form}}",
            "met": "yes" if self.is_met else "no",
        }


@dataclass(frozen=True)
class Figure:
    """Drawing of the rows of one part; ``draw`` returns a matplotlib figure."""

    name: str
    part: str
    caption: str
    draw: Callable


def targets_table(targets):
    frame = pd.DataFrame([target.as_row() for target in targets])
    return Table("Targets", "What was asked for, and what was measured.", frame)


def tables_of(name, results):
    return import_module(f"benchmarks.{name}.report").tables(results)


def as_text(name, results):
    tables = tables_of(name, results)
    if not tables:
        return f"no results of {name}: python -m benchmarks run {name}"
    return "\n\n".join(
        f"{table.title}\n{table.note}\n\n{table.frame.to_string(index=False)}"
        for table in tables
    )


def write_pages(folder):
    """Write ``benchmarks_NAME.rst`` of every benchmark, from the CSV files here."""
    for name in benchmark_names():
        path = Path(folder) / f"benchmarks_{name}.rst"
        path.write_text(page(name, results_of(name), folder), "utf-8")


def page(name, results, folder):
    """Return the page of one benchmark; its figures are saved in the folder."""
    report = import_module(f"benchmarks.{name}.report")
    parts = [heading(report.TITLE, "=") + report.__doc__.strip()]
    parts += [table_block(table) for table in report.tables(results)]
    for figure in report.FIGURES:
        if figure.part in results:
            file = f"benchmarks_{name}_{figure.name}.svg"
            figure.draw(results[figure.part]).savefig(Path(folder) / file)
            parts.append(f".. figure:: {file}\n\n   {figure.caption}")
    made_with = sorted({text for rows in results.values() for text in rows["versions"]})
    parts.append("Versions: " + ("; ".join(made_with) or "not measured yet") + ".")
    return "\n\n".join(parts) + "\n"


def heading(text, character):
    return f"{text}\n{character * len(text)}\n\n"


def table_block(table):
    block = heading(table.title, "-") + table.note
    block += "\n\n.. csv-table::\n   :header-rows: 1\n\n"
    lines = table.frame.to_csv(index=False).splitlines()
    return block + "\n".join(f"   {line}" for line in lines)
