"""What a problem declares: its parts, how they are shown, what they should reach."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import product
from typing import NamedTuple


def grid(**values):
    """Return one task for each combination of values, the last changing fastest."""
    return [
        dict(zip(values, cells, strict=True)) for cells in product(*values.values())
    ]


class Target(NamedTuple):
    """What a figure should be, beside what it is; for the console alone."""

    figure: str
    measured: float
    bound: float
    at_most: bool = False

    @property
    def is_met(self):
        if self.at_most:
            return self.measured <= self.bound
        return self.measured >= self.bound


@dataclass(frozen=True)
class Part:
    """One file of results.

    Attributes
    ----------
    measure : callable
        Takes the items of a task and returns its rows, dicts; [] leaves the task out.
    measured : str
        Names of the columns that it measures, with blanks between them.
    full, quick : lists of dicts
        The tasks of a run; their items are the first cells of their rows.
    tables : dict of callables
        By caption: each takes a data frame of rows and returns the one to show.
    figures : dict of callables
        By caption: each takes a data frame of rows and returns a matplotlib figure.
    targets : callable
        Takes a data frame of rows, and ``quick``; returns Targets. Time is no target
        of a quick run, nor what only many tasks can show.
    """

    measure: Callable
    measured: str
    full: list[dict]
    quick: list[dict]
    tables: dict[str, Callable]
    figures: dict[str, Callable] = field(default_factory=dict)
    targets: Callable = lambda rows, quick: []

    @property
    def columns(self):
        return list(dict.fromkeys([*self.full[0], *self.measured.split()]))
