"""The review of one table: what was found, and what to check: :class:`TableReview`."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from skdataquality.report._sheets._texts import label_text
from skdataquality.report._table import html_table, html_text, text_table
from skdataquality.review import ReviewBatch, ReviewStop
from skdataquality.utils._plain import plain
from skdataquality.utils._printable import printable
from skdataquality.utils._shown import ShownResult, cut, on_few_lines, wrapped
from skdataquality.workflows._labelling._rounds import EARLIER

SCHEMA = "skdataquality.review/1"
HEAD = ["sheet", "checked", "wrong", "random", "wrong of them", "cannot say"]
COLUMNS = ("checked", "wrong", "random", "random_wrong", "cannot_say")
LONGEST_NAME = 30
SHOWN = 30


@dataclass(frozen=True, eq=False, repr=False)
class TableReview(ShownResult):
    """What a person has found in the labels of a table, and what to check next.

    Made by :func:`review_rounds`.

    Attributes
    ----------
    label : str
    labels, mended : ndarray of shape (n_samples,), object
        Labels of the table, None where missing, and the same as verified. A label that
        is wrong while the right one is not known stays.
    rounds : tuple
        What was answered, sheet by sheet.
    verified : VerifiedLabels or None
        The answers of all sheets.
    stop : ReviewStop
        Whether reviewing still pays, and how many wrong labels remain.
    n_reviewed : int
        Rows that the review is of.
    seed : int or None
    plan : ReviewBatch or None
        The rows to check next; None if reviewing no longer pays, every row was looked
        at, or none were asked for.
    notes : tuple of str
    """

    label: str
    labels: Any = field(repr=False)
    mended: Any = field(repr=False)
    rounds: tuple = field(repr=False)
    verified: Any
    stop: ReviewStop
    n_reviewed: int
    seed: int | None
    plan: Any = None
    notes: tuple = ()

    @property
    def changed_rows(self):
        """Rows whose label was corrected, ndarray of int in rising order."""
        pairs = zip(self.labels, self.mended, strict=True)
        return np.flatnonzero([old is not None and old != new for old, new in pairs])

    @property
    def unknown_rows(self):
        """Rows verified wrong of which the right label is not known, ndarray of int."""
        if self.verified is None:
            return np.empty(0, dtype=np.intp)
        unknown = np.array([v is None for v in self.verified.labels], dtype=bool)
        return np.sort(self.verified.rows[unknown])

    @property
    def sheet_options(self):
        """What :func:`~skdataquality.report.write_sheet` is to keep in the plan."""
        return {
            "labels": self.labels,
            "design": {EARLIER: [plain(one) for one in self.rounds]},
            "seed": self.seed,
        }

    def to_dict(self):
        """Return plain lists, numbers and text.

        Returns
        -------
        result : dict
            ``rows`` are those to check next, or None; ``changes`` the labels that were
            corrected.
        """
        rows = self.changed_rows
        return plain(
            {
                "schema": SCHEMA,
                "label": self.label,
                "rows_in_table": self.labels.size,
                "reviewed_rows": self.n_reviewed,
                "seed": self.seed,
                "sheets": self._counts(),
                "stop": self.stop,
                "rows": None if self.plan is None else self.plan.rows,
                "changes": [
                    {"row": r, "given": self.labels[r], "verified": self.mended[r]}
                    for r in rows.tolist()
                ],
                "wrong_and_unknown": self.unknown_rows,
                "verified": self.verified,
                "notes": self.notes,
            }
        )

    def _counts(self):
        """Count for each sheet rows checked and wrong, and the random ones of them."""
        return [
            {"sheet": one.name} | _counts_of(one.verified, self.labels)
            for one in self.rounds
        ]

    def _sentences(self):
        named, counts = printable(self.label), self._counts()
        checked, wrong = (sum(line[k] for line in counts) for k in COLUMNS[:2])
        n = self.n_reviewed
        said = [f"Review of {named}: {checked} of {n} labels checked, {wrong} wrong."]
        if self.unknown_rows.size:
            said.append(
                f"Of {self.unknown_rows.size} wrong ones the right label is not known: "
                f"they stay as they are."
            )
        sentence = str(self.stop)
        said.append(f"{sentence[0].upper()}{sentence[1:]}.")
        if self.plan is not None:
            rows = "1 row" if self.plan.n_rows == 1 else f"{self.plan.n_rows} rows"
            said.append(f"{rows} to check next, {self.plan.n_random} of them random.")
        return said

    def _lines(self):
        return [
            [
                printable(label_text(line["sheet"])),
                *map(str, (line[k] for k in COLUMNS)),
            ]
            for line in self._counts()[-SHOWN:]
        ]

    def __str__(self):
        lines = [line for said in self._sentences() for line in wrapped(said)]
        if self.rounds:
            shown = [[cut(row[0], LONGEST_NAME), *row[1:]] for row in self._lines()]
            lines += ["", *text_table([HEAD, *shown])]
        lines += [""] if self.notes else []
        for note in self.notes:
            lines += wrapped(note, "- ")
        return "\n".join(lines)

    def __repr__(self):
        return on_few_lines(f"TableReview: {' '.join(self._sentences())}")

    def _repr_html_(self):
        said = "".join(f"<p>{html_text(line)}</p>" for line in self._sentences())
        table = html_table(HEAD, self._lines()) if self.rounds else ""
        return f"<div>{said}{table}</div>"


def _counts_of(verified, labels):
    is_random = verified.inclusion_probability < 1  # never so for NaN
    is_random &= verified.purpose == ReviewBatch.purpose
    is_wrong = np.array(
        [
            label is None or bool(label != given)
            for label, given in zip(verified.labels, labels[verified.rows], strict=True)
        ],
        dtype=bool,
    )
    counts = (
        verified.n_verified,
        is_wrong.sum(),
        is_random.sum(),
        (is_wrong & is_random).sum(),
        verified.cannot_say.size,
    )
    return dict(zip(COLUMNS, map(int, counts), strict=True))
