"""Rows that a person checks for ``compare``, and what they tell."""

import warnings
from dataclasses import dataclass
from pathlib import Path

from skdataquality.cli._console import UsageError
from skdataquality.cli._options import ROWS_COMPARED
from skdataquality.cli._sheets import (
    Filled,
    check_sheet,
    command_line,
    places_of,
    texts_of,
    what_to_do,
)
from skdataquality.diagnosis._label import check_label
from skdataquality.model_selection._verification import NothingToVerifyError
from skdataquality.report._sheets._write import column_texts
from skdataquality.utils._frames import missing_mask
from skdataquality.workflows._answers import filled_sheet

ROWS = 50
DOUBTED = ("found", "suspect", "cannot tell")
QUANTITY = (
    "--label {label} is a quantity, and a person verifies classes: leave out {option}, "
    "or pass --task classification if its numbers name classes."
)


@dataclass(frozen=True)
class Proof:
    """What is asked of a person, or was answered: the options of ``compare``."""

    verify: int | None
    sheet: Path | None
    verified: Path | None
    plan: Path | None
    blank: str | None

    def check(self):
        """Refuse options that make no sense together."""
        asked = self.verify is not None or self.sheet is not None
        if asked and self.verified is not None:
            raise UsageError(
                "--verify and --sheet write a sheet of rows to check, --verified reads "
                "it once it is filled in: one of the two."
            )
        if asked and self.sheet is None:
            raise UsageError(
                f"--verify needs --sheet FILE, where the rows to check are written: "
                f"--verify {self.verify} --sheet check.csv"
            )
        if asked and self.verify is None:
            raise UsageError(
                f"--sheet needs --verify NUMBER, how many rows to check: "
                f"--verify {ROWS} --sheet {self.sheet}"
            )
        self._filled.check()
        check_sheet(self.sheet)

    def written(self):
        """Return the files that are written."""
        return [] if self.sheet is None else places_of(self.sheet)

    def read(self):
        """Return the files that are read."""
        return self._filled.files()

    @property
    def _filled(self):
        return Filled(self.verified, self.plan, self.blank)

    def answers(self, examined, frame):
        """Read the answers, None if there are none; refuse a label of no classes."""
        label = examined.label
        if (self.sheet or self.verified) and label in frame.columns:
            option = "--verify" if self.sheet else "--verified"
            if _is_quantity(column_texts(frame, label), examined.task):
                raise UsageError(QUANTITY.format(label=label, option=option))
        if self.verified is None:
            return None
        plan, blank = self.plan, self.blank
        return filled_sheet(
            self.verified, frame, label, plan=plan, blank=blank
        ).verified

    def draw(self, examined, frame, result, options):
        """Draw rows; return the texts of their sheet, and lines on what to do.

        Without a row whose label matters there is no sheet, and the line says so.
        """
        if self.sheet is None:
            return {}, []
        try:
            plan = result.plan_verification(self.verify, random_state=examined.seed)
        except NothingToVerifyError as error:
            return {}, [f"{error} No sheet is written."]
        texts = texts_of(
            examined,
            self.sheet,
            frame,
            plan,
            labels=result.labels,
            seed=examined.seed,
        )
        following = _following(examined, self.sheet, options)
        return texts, [_how_many(plan), *what_to_do(self.sheet, following)]

    def hint(self, result):
        """Return lines on what settles a verdict on doubtful labels, if anything."""
        if self.sheet is not None or result.verified is not None:
            return []
        expected = [row["expected_gain"] for row in result.comparison.table_]
        verdict = result.report.lenses["label_noise"].verdict
        if verdict not in DOUBTED and not any(gain > 0 for gain in expected):
            return []
        try:
            n_rows = result.plan_verification(ROWS, random_state=0).n_rows
        except ValueError:  # there is nothing that verified rows could show
            return []
        rows = "1 verified row" if n_rows == 1 else f"{n_rows} verified rows"
        return [
            f"{rows} would show whether this holds on the true labels:",
            f"  --verify {n_rows} --sheet check.csv",
        ]


def _how_many(plan):
    rows = "1 row" if plan.n_rows == 1 else f"{plan.n_rows} rows"
    if plan.n_rows == plan.n_differ:
        return f"{rows} to check: all whose label can change this."
    return f"{rows} to check, of {plan.n_differ} whose label can change this."


def _is_quantity(labels, task):
    with warnings.catch_warnings():  # the comparison warns
        warnings.simplefilter("ignore")
        _, is_discrete, _ = check_label(labels[~missing_mask(labels)], task)
    return not is_discrete


def _following(examined, sheet, options):
    """Return the command that repeats the comparison with the answers."""
    estimator = examined.estimator
    return command_line(
        "compare",
        examined,
        {
            "verified": sheet,
            "target_data": examined.target_data,
            "source": examined.source,
            "group": examined.group,
            "time": examined.time,
            "id": examined.id,
            "annotator": examined.annotator,
            "task": examined.task,
            "estimator": estimator and f"{estimator.module}:{estimator.name}",
            **options,
            "seed": examined.seed or None,
            "max_rows": None
            if examined.max_rows == ROWS_COMPARED
            else examined.max_rows,
            "jobs": examined.jobs,
            **examined.text_format.given(),
        },
    )
