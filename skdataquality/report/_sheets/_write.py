"""A sheet for a person, and its plan: :func:`write_sheet`."""

from pathlib import Path

import numpy as np

import skdataquality
from skdataquality.report._csv import to_safe_csv
from skdataquality.report._sheets._answers import Answers
from skdataquality.report._sheets._grid import DELIMITERS
from skdataquality.report._sheets._keys import key_text, row_digest
from skdataquality.report._sheets._stored_plan import (
    StoredPlan,
    check_sheet_name,
    plan_place,
)
from skdataquality.report._sheets._texts import folded, label_text
from skdataquality.tables._atomic import all_or_nothing, check_place
from skdataquality.utils._frames import (
    as_frame,
    column_as_array,
    dates_as_text,
    is_missing,
    missing_mask,
    pandas_frame,
)
from skdataquality.utils._plain import plain

BYTE_ORDER_MARK = "\ufeff"  # or Excel takes UTF-8 for the encoding of the system


def write_sheet(
    path,
    frame,
    plan,
    label,
    *,
    labels=None,
    design=None,
    seed=None,
    new_classes=(),
    delimiter=None,
    decimal=".",
    overwrite=False,
):
    r"""Write a sheet that a person fills in, and beside it the file of its plan.

    Parameters
    ----------
    path : str or path
        The sheet, such as ``audit.csv``; the plan is ``audit.plan.json``. Both appear,
        or neither.
    frame : data frame of shape (n_samples, n_columns)
    plan : object
        With ``rows``, ``given``, ``inclusion_probability``, ``purpose`` and
        ``n_total``, such as an :class:`~skdataquality.label_noise.AuditPlan` of the
        rows of `frame`. ``given`` is None where the rows have no label.
    label : str
        Column of the labels.
    labels : array-like of shape (n_samples,), default=None
        The labels as the plan has them, missing ones allowed; None is the column.
    design : dict, default=None
        Plain numbers and lists that an estimate needs, kept in the plan.
    seed : int, default=None
        With which the rows were drawn, kept in the plan.
    new_classes : sequence, default=()
        Labels that no row of the table has and an answer may be.
    delimiter : {",", ";", "\t", "|"}, default=None
        None takes a tab for ``.tsv`` and a comma for others.
    decimal : {".", ","}, default="."
        Decimal mark of the row's numbers.
    overwrite : bool, default=False
        Whether files that exist may be replaced.

    Returns
    -------
    plan_path : Path
        Where the plan stands. Not for the reviewer.

    Raises
    ------
    ValueError
        If the plan is not of this table, or the name is not one of text.
    OSError
        If a file exists or cannot be written.

    See Also
    --------
    read_verified : Read the answers.

    Notes
    -----
    A line is a row: ``input_row``, its own columns, the given label, an empty cell for
    the answer, and a key, by which the line is recognised whatever is sorted, filtered
    or formatted. Nothing tells how likely a label is wrong: no suggestion, no score, no
    stratum, and lines are in the random order of the plan. How to fill it in is the
    name of the column, since a first line of comments would be sorted with the rows and
    taken for the header.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> import numpy as np
    >>> import pandas as pd
    >>> from skdataquality.label_noise import LabelAudit
    >>> from skdataquality.report import write_sheet
    >>> table = pd.DataFrame({"size": range(40), "animal": ["cat", "dog"] * 20})
    >>> plan = LabelAudit(4, random_state=0).plan(table.animal, np.full((40, 2), 0.5))
    >>> with TemporaryDirectory() as folder:
    ...     write_sheet(Path(folder) / "audit.csv", table, plan, "animal").name
    'audit.plan.json'
    """
    texts = sheet_texts(
        path,
        frame,
        plan,
        label,
        labels=labels,
        design=design,
        seed=seed,
        new_classes=new_classes,
        delimiter=delimiter,
        decimal=decimal,
    )
    for place in texts:
        check_place(place, overwrite=overwrite)
    with all_or_nothing(overwrite=overwrite) as draft:
        for place, text in texts.items():
            draft(place).write_text(text, encoding="utf-8", newline="\n")
    return plan_place(path)


def sheet_texts(
    path,
    frame,
    plan,
    label,
    *,
    labels=None,
    design=None,
    seed=None,
    new_classes=(),
    delimiter=None,
    decimal=".",
):
    """Return the texts of a sheet and its plan by their paths, the sheet last.

    The arguments are those of :func:`write_sheet`.
    """
    check_sheet_name(path)
    if delimiter is None:
        delimiter = "\t" if Path(path).suffix.lower() == ".tsv" else ","
    if delimiter not in DELIMITERS:
        raise ValueError(f"delimiter={delimiter!r} must be one of {list(DELIMITERS)}.")
    columns = _columns(frame, label)
    labels = column_texts(frame, label) if labels is None else np.asarray(labels)
    counts = class_counts(labels) | dict.fromkeys(new_classes, 0)
    stored = _stored(frame, plan, label, labels, columns, counts, design, seed)
    cells = {apart_from("input_row", columns): stored.rows}
    for name in columns:
        values = column_texts(frame, name, stored.rows).tolist()
        cells[name] = [_number(value, decimal) for value in values]
    if stored.given is not None:
        cells[stored.given_name] = [label_text(value) for value in stored.given]
    cells[stored.answer] = [""] * len(stored.rows)
    numbered = enumerate(zip(stored.rows, stored.digests, strict=True), start=1)
    cells[apart_from("key (leave as it is)", columns)] = [
        key_text(stored.id, place, row, content) for place, (row, content) in numbered
    ]
    sheet = pandas_frame(cells, "write_sheet", "the attributes of the plan")
    text = to_safe_csv(sheet.astype(object), delimiter=delimiter)
    text = text.encode("utf-8", "replace").decode("utf-8")  # halves of characters
    return {plan_place(path): stored.to_json(), Path(path): BYTE_ORDER_MARK + text}


def row_digests(frame, columns, rows, given):
    """Digest of each of some rows: their columns, and the given label, if any."""
    given = [None] * len(rows) if given is None else given
    cells = [column_texts(frame, name, rows).tolist() for name in columns]
    return [row_digest(row) for row in zip(*cells, given, strict=True)]


def _columns(frame, label):
    return [name for name in as_frame(frame).columns if name != label]


def column_texts(frame, name, rows=None):
    """Return a column, or some rows of it, as an array; dates as text."""
    frame = as_frame(frame)  # by place: a name may be a number
    column = frame[:, frame.columns.index(name)]
    values = column_as_array(column if rows is None else column[list(rows)])
    return values.astype(str) if values.dtype.kind == "m" else dates_as_text(values)


def _stored(frame, plan, label, labels, columns, counts, design, seed):
    if labels.shape[0] != plan.n_total:
        raise ValueError(
            f"plan is of a table with {plan.n_total} rows and this one has "
            f"{labels.shape[0]}: pass the table that it was made for."
        )
    rows, given = plan.rows.tolist(), plan.given
    if given is not None:
        given = list(map(_plain, np.asarray(given).tolist()))
    answers = Answers(list(counts), is_about_given=given is not None)
    return StoredPlan(
        purpose=plan.purpose,
        label=label,
        n_rows=plan.n_total,
        classes=list(counts),
        class_counts=list(counts.values()),
        rows=rows,
        given=given,
        inclusion_probability=plain(plan.inclusion_probability),
        digests=row_digests(frame, columns, rows, given),
        columns=columns,
        answer=apart_from(answers.header(), columns),
        given_name=None if given is None else apart_from(f"given {label}", columns),
        seed=seed,
        design=design,
        package=skdataquality.__version__,
    )


def class_counts(labels):
    """Return how many rows have each label, sorted; rows without one are left out."""
    present = labels[~missing_mask(labels)]
    values, counts = np.unique(present, return_counts=True)
    pairs = zip(values.tolist(), counts.tolist(), strict=True)
    return {_plain(value): count for value, count in pairs}


def _plain(label):
    return label if isinstance(label, bool | int | float | str) else str(label)


def _number(value, decimal):
    """Write a number with the decimal mark of the reader's spreadsheet."""
    if isinstance(value, float) and not is_missing(value):
        return label_text(value).replace(".", decimal)
    return value


def apart_from(name, taken):
    """Return a name that no column of the table has, in whatever case."""
    taken = {folded(str(other)) for other in taken}
    while folded(name) in taken:
        name += "_"
    return name
