"""Rows selected from a pool, and what they represent: :class:`TableSelection`."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from skdataquality.report._sheets._write import apart_from
from skdataquality.report._table import html_table, html_text, text_table
from skdataquality.report._text import say_number
from skdataquality.utils._frames import pandas_frame
from skdataquality.utils._plain import plain
from skdataquality.utils._printable import printable
from skdataquality.utils._shown import ShownResult, cut, on_few_lines, wrapped

SCHEMA = "skdataquality.selection/1"
SHOWN = 20
LONGEST_NAME = 30
LINES = 6  # of the table of coverage
NEARLY_ALL = 0.95
COVERAGE = ["rows selected", "represented", "random rows", "farthest row"]
QUOTAS = ["rows in pool", "wanted", "before", "selected"]
OWN = ("rank", "input_row", "distance")


@dataclass(frozen=True, eq=False, repr=False)
class TableSelection(ShownResult):
    """Rows selected from a pool, and how much of it they represent.

    Made by :func:`select_table`.

    Attributes
    ----------
    rows : ndarray of shape (n_selected,), int
        Rows of the pool, from 0, in the order of picking: the first k are a selection
        of k rows.
    distances : ndarray of shape (n_selected,), float
        Distance of each, when it was picked, to the nearest row picked before; inf for
        a first one.
    radius : float
        Largest distance of a row of the pool to the nearest selected one.
    n_pool, n_dimensions : int
        Rows of the pool, and numbers of each.
    n_selected_before : int
        Rows of the pool that had been selected already.
    n_reference_rows : int
        Selected rows of another table.
    n_copies : int
        Rows of the pool that are exact copies of selected ones, and were left out.
    balance : str or None
        Column that is balanced.
    quotas : tuple of dict
        By value of it: ``value``, ``rows``, ``wanted_share``, ``selected_before`` and
        ``selected``.
    curve : CoverageCurve
        How much of the pool the first picks represent, those selected before among
        them.
    n_measured : int
        Rows of the pool in which the curve was measured, drawn at random if not all.
    notes : tuple of str
    """

    rows: np.ndarray
    distances: np.ndarray
    radius: float
    n_pool: int
    n_dimensions: int
    n_selected_before: int
    n_reference_rows: int
    n_copies: int
    balance: str | None
    quotas: tuple
    curve: Any
    n_measured: int
    cells: Any = field(default=None, repr=False)
    frame: Any = field(default=None, repr=False)
    notes: tuple = ()

    @property
    def n_enough(self):
        """Of how many rows on more hardly add anything, int.

        They represent 95 % of what all of them do.
        """
        return self.curve.rows_for(NEARLY_ALL * float(self.curve.share[-1]))

    def to_frame(self):
        """Return the selected rows in the order of picking.

        Returns
        -------
        frame : pandas.DataFrame
            Columns ``rank`` (from 1), ``input_row``, ``distance``, then the columns of
            the pool that are no part of an embedding.

        Raises
        ------
        ImportError
            If pandas is missing; it comes with the extra ``cli``.
        """
        named = self.own_columns(() if self.frame is None else self.frame.columns)
        own = pandas_frame(named, "TableSelection.to_frame", "rows and distances")
        if self.frame is None:
            return own
        others = self.frame.iloc[self.rows].reset_index(drop=True)
        return own.join(others)

    def own_columns(self, taken):
        """Return rank, row and distance by names that no other column has."""
        values = np.arange(1, self.rows.size + 1), self.rows, self.distances
        names = [apart_from(name, taken) for name in OWN]
        return dict(zip(names, values, strict=True))

    def to_dict(self):
        """Return plain lists, numbers and text.

        Returns
        -------
        result : dict
        """
        return plain(
            {
                "schema": SCHEMA,
                "pool_rows": self.n_pool,
                "dimensions": self.n_dimensions,
                "rows": self.rows,
                "distances": self.distances,
                "radius": self.radius,
                "selected_before": self.n_selected_before,
                "reference_rows": self.n_reference_rows,
                "copies_left_out": self.n_copies,
                "enough": self.n_enough,
                "balance": self.balance,
                "quotas": self.quotas,
                "coverage": self.curve,
                "measured_rows": self.n_measured,
                "notes": self.notes,
            }
        )

    def _sentences(self):
        n, curve = self.rows.size, self.curve
        said = [
            f"{n} of {self.n_pool} rows selected, of {self.n_dimensions} numbers each."
        ]
        if self.n_selected_before or self.n_reference_rows:
            n_before = self.n_selected_before or self.n_reference_rows
            whose = "of the pool" if self.n_selected_before else "of another table"
            said.append(f"{n_before} rows {whose} were selected before.")
        if self.n_copies:
            said.append(f"{self.n_copies} exact copies of selected rows are left out.")
        share = say_number(100 * float(curve.share[-1]))
        sample = "" if self.n_measured == self.n_pool else self._say_sample()
        within, farthest = map(say_number, (float(curve.distance), self.radius))
        said.append(
            f"They represent {share} % of the pool{sample}: as many rows lie within "
            f"{within} of a selected one. None is farther than {farthest}."
        )
        if self.n_enough is not None:
            said.append(self._say_enough())
        return said

    def _say_sample(self):
        return f", measured in {self.n_measured} of its rows"

    def _say_enough(self):
        n, total = self.n_enough, int(self.curve.sizes[-1])
        if n == 1 < total:
            return f"The first one represents 95 % of what all {total} do."
        if n < total:
            return f"The first {n} represent 95 % of what all {total} do."
        if self.curve.share[-1] == 1:
            return "More rows would not represent more."
        return "The last ones still add much: more rows would represent more."

    def _lines_of_coverage(self):
        """Cells of some sizes: what the picks represent, and random rows beside."""
        curve = self.curve
        at = np.unique(np.linspace(0, curve.sizes.size - 1, LINES).astype(int))
        return [
            [
                str(curve.sizes[k]),
                _percent(curve.share[k]),
                _percent(curve.random_share[:, k].mean()),
                say_number(float(curve.radius[k])),
            ]
            for k in at
        ]

    def _lines_of_quotas(self):
        return [
            [
                printable(line["value"]),
                str(line["rows"]),
                _percent(line["wanted_share"]),
                str(line["selected_before"]),
                str(line["selected"]),
            ]
            for line in self.quotas[:SHOWN]
        ]

    def _tables(self):
        """Head and lines of each table."""
        tables = [(COVERAGE, self._lines_of_coverage())]
        if self.quotas:
            tables.append(([printable(self.balance), *QUOTAS], self._lines_of_quotas()))
        return tables

    def __str__(self):
        lines = [line for said in self._sentences() for line in wrapped(said)]
        for head, rows in self._tables():
            shown = [[cut(row[0], LONGEST_NAME), *row[1:]] for row in [head, *rows]]
            lines += ["", *text_table(shown)]
        if len(self.quotas) > SHOWN:
            lines.append(f"... {len(self.quotas) - SHOWN} more")
        lines += [""] if self.notes else []
        for note in self.notes:
            lines += wrapped(note, "- ")
        return "\n".join(lines)

    def __repr__(self):
        return on_few_lines(f"TableSelection: {' '.join(self._sentences())}")

    def _repr_html_(self):
        said = "".join(f"<p>{html_text(line)}</p>" for line in self._sentences())
        tables = (html_table(head, rows) for head, rows in self._tables())
        return f"<div>{said}{''.join(tables)}</div>"


def _percent(share):
    return f"{say_number(100 * float(share))} %"
