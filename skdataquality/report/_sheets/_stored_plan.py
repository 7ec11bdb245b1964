"""The plan of a sheet, kept in a file beside it: :class:`StoredPlan`."""

import json
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

from skdataquality.report._json import to_json
from skdataquality.report._sheets._keys import digest
from skdataquality.tables._formats import existing_file, shown

SCHEMA = "skdataquality.sheet_plan/1"
ENDING = ".plan.json"
ENDINGS = (".csv", ".tsv", ".txt")


@dataclass(frozen=True, kw_only=True, eq=False)
class StoredPlan:
    """What is known of the rows of a sheet and must not stand in it.

    Attributes
    ----------
    purpose : str
        What the rows were drawn for, such as "audit"; see `VerifiedLabels`.
    label : str
        Column of the labels.
    n_rows : int
        Rows of the table.
    classes, class_counts : list
        Labels of the table, and the rows of each.
    rows, given, inclusion_probability, digests : list
        One entry for each row of the plan, in its order. ``given`` is None where rows
        have no label yet; a row that no chance drew has the probability None.
    columns : list of str
        Columns of the table that the sheet shows.
    answer, given_name : str
        Names of the columns of the sheet for the answer and the given label, the
        second None where there is none.
    seed : int or None
    design : dict or None
        What else is needed once the answers are there, such as ``strata`` of the
        rows and ``class_sizes`` for an audit.
    package : str
        Version that drew the rows.
    """

    purpose: str
    label: str
    n_rows: int
    classes: list
    class_counts: list
    rows: list
    given: list | None
    inclusion_probability: list
    digests: list
    columns: list
    answer: str
    given_name: str | None
    seed: int | None
    design: dict | None
    package: str

    @property
    def id(self):
        """Eight hexadecimal digits, which stand in every key of the sheet."""
        return digest({k: v for k, v in vars(self).items() if k != "package"})

    @property
    def given_codes(self):
        """Position in the classes of each given label, ndarray of int."""
        place = {label: code for code, label in enumerate(self.classes)}
        return np.array([place[label] for label in self.given or ()], dtype=np.intp)

    def to_json(self):
        """Return the text of the file."""
        data = {"schema": SCHEMA, "id": self.id} | vars(self)
        return to_json(data, indent=None) + "\n"


def plan_place(sheet):
    """Return where the plan of a sheet is: audit.csv, audit.plan.json."""
    sheet = Path(sheet)
    return sheet.with_name(f"{sheet.stem}{ENDING}")


def check_sheet_name(sheet):
    """Refuse a name that a spreadsheet program would not open as text."""
    if Path(sheet).suffix.lower() not in ENDINGS:
        raise ValueError(f"{sheet} must end in .csv, .tsv or .txt: a sheet is text.")


def find_plan(sheet, plan_id, given=None):
    """Read the plan of a sheet: at its place, or by its id in the same folder."""
    if given is not None:
        plan = load_plan(given)
        if plan.id != plan_id:
            raise ValueError(
                f"{given} is the plan {plan.id}, and {sheet} was written for the plan "
                f"{plan_id}: pass the file that was written with the sheet."
            )
        return plan
    place = plan_place(sheet)
    for path in (place, *sorted(place.parent.glob(f"*{ENDING}"))):
        if path.is_file() and _id_of(path) == plan_id:
            return load_plan(path)
    why = "is of another sheet" if place.is_file() else "is missing"
    raise ValueError(
        f"{place} {why}: put the plan file that was written with {sheet} (plan "
        f"{plan_id}) beside it, or pass plan=FILE."
    )


def _id_of(path):
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))["id"]
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None  # a file of somebody else


def load_plan(path):
    """Read the file of a plan, or say in one line why it is none."""
    path = existing_file(path)
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ValueError(
            f"{path} is no plan ({shown(error)}): pass the file that was written with "
            f"the sheet."
        ) from error
    schema = data.get("schema") if isinstance(data, dict) else None
    if schema != SCHEMA:
        raise ValueError(
            f"{path} has the schema {schema!r}, and this version reads {SCHEMA!r}: use "
            f"the version of skdataquality that wrote it."
        )
    try:
        plan = StoredPlan(**{f.name: data[f.name] for f in fields(StoredPlan)})
        is_whole = plan.id == data["id"]
    except (KeyError, TypeError) as error:
        raise _changed(path) from error
    if not is_whole:
        raise _changed(path)
    return plan


def _changed(path):
    return ValueError(
        f"{path} has been changed or cut off: restore the file that was written with "
        f"the sheet."
    )
