"""The command ``query``."""

from skdataquality.cli._console import UsageError, show
from skdataquality.cli._files import (
    STDOUT,
    cells_writer,
    read_both,
    read_cells,
    write_texts,
)
from skdataquality.cli._labelling._rounds import check_files, check_rounds, following
from skdataquality.cli._sheets import texts_of
from skdataquality.report._json import to_json
from skdataquality.report._sheets import plan_place
from skdataquality.report._sheets._write import column_texts
from skdataquality.utils._shown import wrapped
from skdataquality.workflows import query_table
from skdataquality.workflows._labelling._cells import with_labels

ROWS = 50
COLD_STARTS = ("typicality", "coverage", "random")


def run_query(
    labeled,
    *,
    rows,
    sheet,
    verified,
    plans,
    output,
    new_labels,
    unlabeled,
    cold_start,
    json,
):
    """Write a sheet of rows to label, the table with those answered, or both."""
    _check(rows, sheet, verified, plans, output, new_labels, cold_start)
    read = check_files(labeled, sheet, verified, plans, [json], output)
    frame, _ = read_both(labeled.read, labeled.text_format, labeled.label)
    query = query_table(
        frame,
        labeled.label,
        n_rows=None if sheet is None else rows or ROWS,
        verified=verified,
        plan=plans,
        new_labels=new_labels,
        cold_start=cold_start,
        unlabeled=_mark(unlabeled, frame, labeled.label),
        **labeled.choices,
    )
    texts, tables, last = {}, {}, []
    if json is not None:
        texts[json] = to_json(query.to_dict())
    if sheet is not None:
        texts |= texts_of(labeled, sheet, frame, query.plan, **query.sheet_options)
        own = {
            "rows": rows,
            "unlabeled": unlabeled,
            "new_labels": new_labels,
            "cold_start": None if cold_start == COLD_STARTS[0] else cold_start,
        }
        last += following(
            "query",
            labeled,
            sheet,
            plan_place(sheet),
            own=own,
            output=f"{labeled.table.stem}.labelled.csv",
            of_sheets=("rows", "cold_start"),
        )
    if output is not None:
        cells = read_cells(labeled.table, frame, labeled.text_format)
        place = list(frame.columns).index(labeled.label)
        filled = with_labels(cells, place, query.labels, query.known)
        tables[output] = cells_writer(filled, output, labeled.text_format)
        last += wrapped(f"Written: {output}")
    write_texts(texts, tables=tables, read=read, overwrite=labeled.overwrite)
    if STDOUT not in texts:
        show("\n".join([str(query), *([""] if last else []), *last]))


def _check(rows, sheet, verified, plans, output, new_labels, cold_start):
    first = {"-n": rows}
    later = {"--plan": plans, "--output": output, "--new-labels": new_labels}
    check_rounds("query", sheet, verified, first=first, later=later)
    if cold_start not in COLD_STARTS:
        raise UsageError(f"--cold-start must be one of {', '.join(COLD_STARTS)}.")


def _mark(text, frame, label):
    """Return what marks a row without a label, as the table spells it."""
    if text is None:
        return "auto"
    if text == "none":
        return False
    if label not in frame.columns:
        return "auto"  # refused where the table is looked at
    for value in dict.fromkeys(column_texts(frame, label).tolist()):
        if text in (str(value), str(value).removesuffix(".0")):
            return value
    raise UsageError(f"--unlabeled {text} is no value of the column {label}.")
