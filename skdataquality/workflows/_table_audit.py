"""What an audit of one table is, and what it found: :class:`TableAudit`."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from skdataquality.label_noise import AuditPlan
from skdataquality.report._markdown import escaped, markdown_table
from skdataquality.report._table import html_table, html_text, text_table
from skdataquality.report._text import say_number
from skdataquality.utils._plain import plain
from skdataquality.utils._printable import printable
from skdataquality.utils._shown import cut, on_few_lines, wrapped

SCHEMA = "skdataquality.audit/1"
ENOUGH = 10
SHOWN = 20
LONGEST_NAME = 30
MATTERS = 0.2  # of the width of the interval


@dataclass(frozen=True, eq=False, repr=False)
class TableAudit:
    """Rows of a table to verify by hand, or the share of wrong labels that they show.

    Made by :func:`audit_table`.

    Attributes
    ----------
    label : str
    plan : AuditPlan
        Its ``rows`` are rows of the table, from 0.
    labels : ndarray of shape (n_samples,), object
        The labels as the plan has them, None where missing.
    seed : int or None
        With which rows were drawn.
    notes : tuple of str
        What was decided on the way.
    verified : VerifiedLabels or None
        The answers.
    estimate : AuditEstimate or None
        Share of wrong labels, overall and by given class.
    by_source : dict of str to list of dict
        By column: ``source``, ``rows``, ``verified``, ``errors_found`` and ``rate``,
        for sources with 10 verified rows or more. Of fewer even a clean source could be
        wrong in a third (95 %).
    bounds : tuple of float, or None
        The estimate if every row in doubt was right, and if every one was wrong: those
        of which the person cannot say, and those passed over. None if there are none.
    skipped : tuple of int
        Rows without an answer before the last answered one.
    """

    label: str
    plan: AuditPlan
    labels: Any = field(repr=False)
    seed: int | None
    notes: tuple = ()
    verified: Any = None
    estimate: Any = None
    by_source: dict = field(default_factory=dict)
    bounds: Any = None
    skipped: tuple = ()

    @property
    def sheet_options(self):
        """What :func:`~skdataquality.report.write_sheet` is to keep in the plan."""
        design = {
            "strata": self.plan.strata.tolist(),
            "class_sizes": self.plan.class_sizes.tolist(),
        }
        return {"labels": self.labels, "design": design, "seed": self.seed}

    def to_dict(self):
        """Return plain lists, numbers and text.

        Returns
        -------
        result : dict
            ``estimate``, ``by_source`` and ``bounds`` are None before verification.
        """
        n_labelled = int(self.plan.class_sizes.sum())
        data = {
            "schema": SCHEMA,
            "label": self.label,
            "rows": self.plan.n_total,
            "labelled_rows": n_labelled,
            "rows_to_verify": self.plan.n_rows,
            "seed": self.seed,
            "notes": self.notes,
            "verified": None,
            "estimate": None,
            "by_source": None,
            "bounds": None,
        }
        if self.estimate is not None:
            bounds = self.bounds and dict(
                zip(("lowest", "highest"), self.bounds, strict=True)
            )
            data |= {
                "verified": {k: len(v) for k, v in self._answered().items()},
                "cannot_say": self.verified.cannot_say,
                "skipped": self.skipped,
                "estimate": self.estimate,
                "by_source": self.by_source,
                "bounds": bounds,
            }
        return plain(data)

    def _answered(self):
        return {
            "answered": self.verified.rows[self.verified.is_drawn],
            "cannot_say": self.verified.cannot_say,
            "unanswered": self.verified.unanswered,
        }

    def _sentences(self):
        """Say in a few lines what was asked, and what was found."""
        named = f"Audit of {printable(self.label)}"
        plan = self.plan
        if self.estimate is None:
            total = int(plan.class_sizes.sum())
            return [f"{named}: {plan.n_rows} of {total} labelled rows to verify."]
        n_rows = {key: len(rows) for key, rows in self._answered().items()}
        said = [
            f"{named}: {n_rows['answered']} of {plan.n_rows} rows answered, "
            f"{n_rows['cannot_say']} cannot say, {n_rows['unanswered']} unanswered."
        ]
        rate = self.estimate.overall
        said.append(
            f"Wrong labels: {say_number(rate.to_dict())} of all "
            f"({100 * rate.level:g} %, {rate.method})."
        )
        return said + self._doubts()

    def _doubts(self):
        said = []
        if self.skipped:
            said.append(
                f"{len(self.skipped)} rows were passed over, first row "
                f"{self.skipped[0]}: the interval holds if that was by chance. Write ? "
                f"where you cannot say."
            )
        rate = self.estimate.overall
        if self.bounds and self._bounds_matter():
            low, high = map(say_number, self.bounds)
            n = len(self.skipped) + self.verified.cannot_say.size
            said.append(
                f"If all {n} rows in doubt were right it would be {low}, if all were "
                f"wrong {high}, instead of {say_number(rate.estimate)}."
            )
        return said

    def _bounds_matter(self):
        rate, (low, high) = self.estimate.overall, self.bounds
        moved = max(rate.estimate - low, high - rate.estimate)
        return moved > MATTERS * (rate.upper - rate.lower)

    def _tables(self):
        """Cells of each table, by its title; a table too long shows its largest."""
        if self.estimate is None:
            return {}
        parts = {"given label": ("class", self.estimate.by_class)}
        parts |= {name: ("source", lines) for name, lines in self.by_source.items()}
        return {
            title: [_cells(line, key) for line in _largest(lines)]
            for title, (key, lines) in parts.items()
            if lines
        }

    def to_markdown(self):
        """Return sentences and tables, escaped.

        Returns
        -------
        text : str
        """
        parts = ["# Label audit", ""]
        for line in self._sentences():
            parts += [escaped(line), ""]
        for title, rows in self._tables().items():
            parts += [markdown_table(_head(title), rows), ""]
        parts += [f"- {escaped(note)}" for note in self.notes]
        return "\n".join(parts).rstrip() + "\n"

    def __str__(self):
        lines = [line for said in self._sentences() for line in wrapped(said)]
        for title, rows in self._tables().items():
            shown = [[cut(row[0], LONGEST_NAME), *row[1:]] for row in rows]
            lines += ["", *text_table([_head(title), *shown])]
        lines += [""] if self.notes else []
        for note in self.notes:
            lines += wrapped(note, "- ")
        return "\n".join(lines)

    def __repr__(self):
        return on_few_lines(f"TableAudit: {' '.join(self._sentences())}")

    def _repr_html_(self):
        said = "".join(f"<p>{html_text(line)}</p>" for line in self._sentences())
        tables = (html_table(_head(t), rows) for t, rows in self._tables().items())
        return f"<div>{said}{''.join(tables)}</div>"


def _head(title):
    return [printable(title), "rows", "verified", "wrong", "share of wrong labels"]


def _cells(line, key):
    rate = line["rate"].to_dict()
    counts = [str(line[name]) for name in ("rows", "verified", "errors_found")]
    return [printable(line[key]), *counts, say_number(rate)]


def _largest(lines):
    """Lines with the most verified rows, in their order."""
    verified = np.array([line["verified"] for line in lines])
    kept = np.sort(np.argsort(-verified, kind="stable")[:SHOWN])
    return [lines[k] for k in kept]
