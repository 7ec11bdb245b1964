"""Labels in the cells of a table as it is written down: :func:`with_labels`."""

import json

import numpy as np

from skdataquality.report._sheets._texts import label_text
from skdataquality.tables._columns import decoded
from skdataquality.tables._json_lines import JSON_CELLS


def with_labels(cells, place, before, after):
    """Return a table as it is written, with other labels in some of its rows.

    A label that a row of the table has is spelled as there.

    Parameters
    ----------
    cells : pyarrow.Table
        As :func:`~skdataquality.tables.read_raw` returns it.
    place : int
        Number of the column of the labels.
    before, after : ndarray of shape (n_samples,), object
        Labels as they are read from `cells`, and as they are to be; None for none.

    Raises
    ------
    ValueError
        If the column cannot hold a label.
    """
    import pyarrow as pa

    column, field = cells.column(place), cells.schema.field(place)
    pairs = enumerate(zip(before, after, strict=True))
    rows = [row for row, (old, new) in pairs if _differ(old, new)]
    first: dict = {}
    for row, label in enumerate(before.tolist()):
        if label is not None:
            first.setdefault(label, row)
    fresh = list(dict.fromkeys(after[k] for k in rows if after[k] not in first))
    if fresh:
        if pa.types.is_dictionary(column.type):
            column = decoded(column)
        new = _as_cells(fresh, column, field)
        column = pa.chunked_array([*column.cast(new.type).chunks, new])
    source = first | {label: len(before) + k for k, label in enumerate(fresh)}
    taken = np.arange(len(before))
    taken[rows] = [source[after[k]] for k in rows]
    field = field.with_type(column.type)
    return cells.set_column(place, field, column.take(pa.array(taken)))


def _differ(old, new):
    return new is not None and (old is None or bool(old != new))


def _as_cells(labels, column, field):
    """Return new labels as cells of a column."""
    import pyarrow as pa

    texts = [label_text(label) for label in labels]
    if JSON_CELLS.items() <= (field.metadata or {}).items():
        return pa.array([json.dumps(label) for label in labels])
    if pa.types.is_null(column.type):
        return pa.array(texts)
    try:
        return pa.array(texts).cast(column.type)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise ValueError(
            f"the label {texts[0]!r} is new, and the column {field.name!r} holds "
            f"{column.type}: make it text first."
        ) from error
