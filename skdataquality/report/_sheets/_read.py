"""Read the answers in a filled sheet: :func:`read_verified`."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from skdataquality.report._sheets._answers import CANNOT_SAY, RIGHT, WRONG, Answers
from skdataquality.report._sheets._filled import (
    Columns,
    lines_of_plan,
    one_plan,
    shown_labels,
)
from skdataquality.report._sheets._grid import read_grid
from skdataquality.report._sheets._stored_plan import StoredPlan, find_plan
from skdataquality.report._sheets._table import check_table
from skdataquality.utils._printable import printable
from skdataquality.verified import VerifiedLabels

BLANKS = (None, "right", "unanswered")
GOES_ON = ("query", "review")  # to other rows where nobody can say


@dataclass(frozen=True, eq=False)
class FilledSheet:
    """The plan of a sheet, and what a person has answered.

    ``new_labels`` are those answers that no row of the table has.
    """

    plan: StoredPlan
    verified: VerifiedLabels
    new_labels: tuple = ()


def read_verified(path, table=None, *, plan=None, blank=None, reviewer=None):
    """Read the answers in a filled sheet, such as ``audit --sheet`` writes.

    Parameters
    ----------
    path : str or path
        The sheet, as a spreadsheet program has saved it: CSV or text, with commas,
        semicolons or tabs, in any order of rows and columns.
    table : data frame of shape (n_samples, n_columns), default=None
        The table that the rows were drawn from; None leaves the check to where the
        answers are used, which then covers the labels only.
    plan : str or path, default=None
        The file of the plan; None takes ``NAME.plan.json`` beside the sheet, or the one
        in the same folder that the sheet was written with.
    blank : {"right", "unanswered"}, default=None
        What an empty answer means. None takes it for unanswered, unless all answers say
        that a label is wrong: then it may be either, and the sheet is refused.
    reviewer : str, default=None
        Who answered.

    Returns
    -------
    verified : VerifiedLabels
        With the chances to be drawn; a label is None where the given one is wrong and
        the right one was not said.

    Raises
    ------
    ValueError
        If there is no answer, an answer is no label, a line is of another sheet or its
        given label was changed, the rows have changed in `table`, blanks may mean
        either, or an unfinished sheet was sorted or filtered, so that the answered rows
        are no random part. The message names the row.
    OSError
        If a file is missing or may not be read.

    See Also
    --------
    write_sheet : Write the sheet.

    Notes
    -----
    An answer is a label of the table; or, where no label is a number or one of these
    words, yes, y, true, 1 or x if the given label is wrong, no, n, false or 0 if it is
    right; or "?" for cannot say. Case, blanks and what a spreadsheet makes of numbers,
    dates and truth values do not matter: an answer is read as the given labels are
    shown.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> import numpy as np
    >>> import pandas as pd
    >>> from skdataquality.label_noise import LabelAudit
    >>> from skdataquality.report import read_verified, write_sheet
    >>> table = pd.DataFrame({"size": range(40), "animal": ["cat", "dog"] * 20})
    >>> plan = LabelAudit(4, random_state=0).plan(table.animal, np.full((40, 2), 0.5))
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "audit.csv"
    ...     _ = write_sheet(path, table, plan, "animal")
    ...     sheet = pd.read_csv(path)
    ...     sheet[sheet.columns[-2]] = ["no", "yes", "no", "?"]  # a person's work
    ...     sheet.to_csv(path, sep=";", index=False)
    ...     read_verified(path, table).n_verified
    3
    """
    return read_filled(path, table, plan=plan, blank=blank, reviewer=reviewer).verified


def read_filled(
    path,
    table=None,
    *,
    plan=None,
    blank=None,
    reviewer=None,
    labels=None,
    new_labels=False,
):
    """Read the answers in a filled sheet, and its plan; see :func:`read_verified`.

    ``labels`` are those of the table as the plan has them, None for its column. With
    ``new_labels`` an answer on a row without a label may be one that no row has; where
    none has any, it may in any case.
    """
    if blank not in BLANKS:
        raise ValueError(f"blank={blank!r} must be one of {BLANKS}.")
    grid = read_grid(path)
    path = Path(path)
    stored = find_plan(path, one_plan(path, grid), plan)
    lines = lines_of_plan(path, grid, stored)
    columns = Columns(path, grid, stored)
    if table is not None:
        check_table(path, table, stored, labels)
    answers = _answers(path, columns.given_texts(lines), stored, new_labels)
    said = _said(path, columns.texts(lines), answers, stored)
    if blank == "right":
        _check_given(path, stored)
        said |= {place: RIGHT for place, answer in said.items() if answer is None}
    _check_answered(path, said, answers, stored.purpose)
    if stored.given is not None:
        if blank is None:
            _check_blanks(path, said, stored)
        _check_random(path, said, answers.cannot_say)
    verified = _verified(said, stored, answers.classes, reviewer)
    return FilledSheet(stored, verified, tuple(answers.classes[answers.n_known :]))


def _answers(path, given_texts, plan, new_labels):
    """Return how the answers of a sheet are read."""
    if plan.given is None:
        takes_new = new_labels or not plan.classes
        return Answers(plan.classes, is_about_given=False, takes_new=takes_new)
    return Answers(plan.classes, shown_labels(path, given_texts, plan))


def _said(path, texts, answers, plan):
    """Return what was answered by place, None for a blank."""
    said = {}
    for place, text in texts.items():
        try:
            said[place] = answers.read(text) if text.strip() else None
        except ValueError as error:
            raise ValueError(
                f"{path}, input_row {plan.rows[place]}: {printable(text)!r} {error}"
            ) from error
    return said


def _check_given(path, plan):
    if plan.given is None:
        raise ValueError(
            f"{path} asks about rows without a label: a blank cannot mean that it is "
            f"right. Leave blank='right' out."
        )


def _check_answered(path, said, answers, purpose):
    given = [answer for answer in said.values() if answer is not None]
    if not given:
        raise ValueError(
            f"{path} has no answer in any of {len(said)} rows: fill in the column "
            f"'answer'."
        )
    if purpose not in GOES_ON and all(answer == CANNOT_SAY for answer in given):
        raise ValueError(
            f"{path} says {answers.cannot_say!r} in all {len(given)} rows answered: "
            f"nothing can be told from them."
        )


def _check_blanks(path, said, plan):
    """Refuse blanks that may mean "right": where only wrong labels were marked."""
    blanks = sum(answer is None for answer in said.values())
    known = {k: a for k, a in said.items() if a not in (None, CANNOT_SAY)}
    if blanks and all(_is_wrong(a, k, plan) for k, a in known.items()):
        raise ValueError(
            f"{path}: all {len(known)} answers say that the label is wrong, and "
            f"{blanks} rows are blank. Pass blank='right' if those were found right, "
            f"blank='unanswered' if nobody has looked at them."
        )


def _check_random(path, said, cannot_say):
    """Refuse an unfinished sheet whose answered rows were chosen by what they hold."""
    done = [place for place, answer in said.items() if answer is not None]
    open_places = [k for k in range(max(done)) if said.get(k) is None]
    is_sorted = any(a > b for a, b in zip(said, list(said)[1:], strict=False))
    is_filtered = any(place not in said for place in open_places)
    if open_places and (is_sorted or is_filtered):
        raise ValueError(
            f"{path} was sorted or filtered, and {len(open_places)} rows before the "
            f"last answered one, in the order of the keys, have no answer: the others "
            f"are no random part. Answer them too, {cannot_say!r} where you cannot say."
        )


def _is_wrong(answer, place, plan):
    if answer in (WRONG, RIGHT):
        return answer == WRONG
    return answer != int(plan.given_codes[place])


def _verified(said, plan, classes, reviewer):
    rows, answers = np.array(plan.rows), [said.get(k) for k in range(len(plan.rows))]
    is_open = np.array([answer is None for answer in answers])
    is_unclear = np.array([answer == CANNOT_SAY for answer in answers])
    done = np.flatnonzero(~is_open & ~is_unclear)
    return VerifiedLabels(
        rows[done],
        _as_objects(_label(answers[k], k, plan, classes) for k in done),
        np.array(plan.inclusion_probability, dtype=float)[done],
        reviewer=reviewer,
        cannot_say=rows[is_unclear],
        unanswered=rows[is_open],
        given=None if plan.given is None else _as_objects(plan.given[k] for k in done),
        purpose=plan.purpose,
        n_rows=plan.n_rows,
    )


def _as_objects(labels):
    return np.array([*labels, None], dtype=object)[:-1]


def _label(answer, place, plan, classes):
    """Return the right label; of two, it is the other one that a wrong one is not."""
    if answer not in (RIGHT, WRONG):
        return classes[answer]
    given = plan.given[place]
    if answer == RIGHT:
        return given
    others = [label for label in plan.classes if label != given]
    return others[0] if len(others) == 1 else None
