"""Rows of one table to label next, and what was answered: :class:`TableQuery`."""

from collections import Counter
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, ClassVar

import numpy as np

from skdataquality.report._sheets._texts import label_text
from skdataquality.report._table import html_table, html_text, text_table
from skdataquality.utils._plain import plain
from skdataquality.utils._printable import printable
from skdataquality.utils._shown import ShownResult, cut, on_few_lines, wrapped
from skdataquality.verified import VerifiedLabels
from skdataquality.workflows._labelling._rounds import EARLIER

SCHEMA = "skdataquality.query/1"
HEAD = ["label", "rows", "by answers"]
SHOWN = 20
LONGEST_NAME = 40
ALIKE = 0.75  # from which on two names may be one, mistyped


@dataclass(frozen=True, eq=False, repr=False)
class QueryPlan(ShownResult):
    """Rows without a label that a person should label, in the order of asking.

    Attributes
    ----------
    rows : ndarray of shape (n_rows,), int
        Rows of the table, from 0.
    n_total : int
        Rows of the table.
    """

    purpose: ClassVar[str] = "query"
    given: ClassVar[None] = None
    rows: np.ndarray
    n_total: int

    @property
    def n_rows(self):
        """How many rows there are to label."""
        return self.rows.size

    @property
    def inclusion_probability(self):
        """NaN: no chance drew the rows, so they say nothing about others."""
        return np.full(self.rows.size, np.nan)

    def verified(self, labels):
        """Return the answers of a person as verified labels.

        Parameters
        ----------
        labels : array-like of shape (n_rows,)
            In the order of `rows`, None where the person cannot say.

        Returns
        -------
        verified : VerifiedLabels
        """
        labels = np.array([*labels, None], dtype=object)[:-1]
        if labels.shape != self.rows.shape:
            raise ValueError(
                f"labels has {labels.size} entries and the plan {self.rows.size} rows: "
                f"pass one for each row, None where it cannot be said."
            )
        is_said = np.array([label is not None for label in labels], dtype=bool)
        return VerifiedLabels(
            self.rows[is_said],
            labels[is_said],
            cannot_say=self.rows[~is_said],
            purpose=self.purpose,
            n_rows=self.n_total,
        )


@dataclass(frozen=True, eq=False, repr=False)
class TableQuery(ShownResult):
    """Rows of a table to label next, and the labels that a person has given.

    Made by :func:`query_table`.

    Attributes
    ----------
    label : str
    labels : ndarray of shape (n_samples,), object
        The labels of the table, None where missing.
    known : ndarray of shape (n_samples,), object
        The same with the answers filled in.
    classes : list
        Labels of the table, sorted, then `n_new` that only answers have.
    n_new : int
    rounds : tuple
        What was answered, sheet by sheet.
    verified : VerifiedLabels or None
        The answers of all sheets.
    seed : int or None
    plan : QueryPlan or None
        The rows to label next, None if none were asked for.
    strategy : str or None
        Name of the strategy that chose them.
    is_cold : bool
        Whether fewer than two classes had a label, so that no model could choose.
    notes : tuple of str
    """

    label: str
    labels: Any
    known: Any
    classes: list
    n_new: int
    rounds: tuple
    verified: Any
    seed: int | None
    plan: QueryPlan | None = None
    strategy: str | None = None
    is_cold: bool = False
    notes: tuple = field(default=())

    @property
    def n_labeled(self):
        """Rows with a label, in the table or by an answer."""
        return int(sum(value is not None for value in self.known))

    @property
    def new_labels(self):
        """Labels that only answers have, and how many rows have each, a dict."""
        counts = Counter(self.known.tolist())
        fresh = self.classes[len(self.classes) - self.n_new :]
        return {label: counts[label] for label in fresh}

    @property
    def sheet_options(self):
        """What :func:`~skdataquality.report.write_sheet` is to keep in the plan."""
        return {
            "labels": self.labels,
            "design": {EARLIER: [plain(one) for one in self.rounds]},
            "seed": self.seed,
            "new_classes": self.classes[len(self.classes) - self.n_new :],
        }

    def to_dict(self):
        """Return plain lists, numbers and text.

        Returns
        -------
        result : dict
            ``rows`` are those to label next, None if none were asked for; ``verified``
            is None without answers.
        """
        return plain(
            {
                "schema": SCHEMA,
                "label": self.label,
                "rows_in_table": self.known.size,
                "labelled_rows": self.n_labeled,
                "classes": self.classes,
                "new_labels": [
                    {"label": label, "rows": n} for label, n in self.new_labels.items()
                ],
                "rows": None if self.plan is None else self.plan.rows,
                "strategy": self.strategy,
                "cold_start": None if self.plan is None else self.is_cold,
                "seed": self.seed,
                "verified": self.verified,
                "notes": self.notes,
            }
        )

    def _sentences(self):
        named, n = printable(self.label), self.known.size
        said = [f"Query of {named}: {self.n_labeled} of {n} rows have a label."]
        if self.verified is not None:
            done = self.verified
            sheets = (
                "1 sheet" if len(self.rounds) == 1 else f"{len(self.rounds)} sheets"
            )
            said.append(
                f"{done.rows.size} of them by answers in {sheets}; "
                f"{done.cannot_say.size} cannot say, {done.unanswered.size} unanswered."
            )
        if self.n_new:
            said.append(self._say_new())
        if self.plan is not None:
            rows = "1 row" if self.plan.n_rows == 1 else f"{self.plan.n_rows} rows"
            said.append(f"{rows} to label next, {self._how()}.")
        return said

    def _how(self):
        if not self.is_cold:
            return f"chosen by {self.strategy}"
        return (
            f"chosen by {self.strategy} without a model, since fewer than two classes "
            f"have a label"
        )

    def _say_new(self):
        """Name new labels, and those of the table that they may be mistyped for."""
        known = [label_text(v) for v in self.classes]
        parts = []
        for label, n in self.new_labels.items():
            text = label_text(label)
            others = [other for other in known if other != text]
            close = get_close_matches(text, others, 1, ALIKE)
            hint = f", mistyped for {close[0]}?" if close else ""
            parts.append(f"{text} ({n}{hint})")
        more = f" and {len(parts) - SHOWN} more" if len(parts) > SHOWN else ""
        return f"New labels: {', '.join(parts[:SHOWN])}{more}."

    def _rows_of_classes(self):
        """Cells of a table of classes: rows of the table, and by answers."""
        before, now = Counter(self.labels.tolist()), Counter(self.known.tolist())
        return [
            [printable(label_text(v)), str(before[v]), str(now[v] - before[v])]
            for v in self.classes[:SHOWN]
        ]

    def __str__(self):
        lines = [line for said in self._sentences() for line in wrapped(said)]
        rows = self._rows_of_classes()
        if rows:
            shown = [[cut(row[0], LONGEST_NAME), *row[1:]] for row in rows]
            lines += ["", *text_table([HEAD, *shown])]
        if len(self.classes) > SHOWN:
            lines.append(f"... {len(self.classes) - SHOWN} more classes")
        lines += [""] if self.notes else []
        for note in self.notes:
            lines += wrapped(note, "- ")
        return "\n".join(lines)

    def __repr__(self):
        return on_few_lines(f"TableQuery: {' '.join(self._sentences())}")

    def _repr_html_(self):
        said = "".join(f"<p>{html_text(line)}</p>" for line in self._sentences())
        rows = self._rows_of_classes()
        return f"<div>{said}{html_table(HEAD, rows) if rows else ''}</div>"
