"""The rows that a lens flags, in a table, and by their numbers in the user's table."""

from dataclasses import replace

import numpy as np
import scipy.sparse as sp

from skdataquality.utils._frames import (
    as_rows,
    is_frame,
    is_pandas,
    iterate_columns,
    own_index,
    pandas_frame,
)
from skdataquality.utils._sklearn import num_samples, take_rows

OF_TABLE, OF_TARGET = "table", "target"
ITS_TABLE = {OF_TABLE: "the table that was diagnosed", OF_TARGET: "the target rows"}


def flagged_frame(result, table=None):
    """Return one line per flagged row, beside its cells in ``table``."""
    if result.flags_rows_of is None and result.flagged is None:
        raise ValueError(
            f"the lens {result.name or type(result).__name__} flags no rows: it is "
            f"about columns, classes or sources, which `named` and `evidence` hold."
        )
    lines = result._flagged_lines()
    frame = pandas_frame(lines, "to_frame", "the mask `flagged`")
    if table is None:
        return frame
    _check_table(result, table)
    rows = frame["row"].to_numpy(dtype=np.intp)
    return _beside(frame, _index_of(table, rows), _own_columns(table, rows))


def _check_table(result, table):
    if not hasattr(table, "shape") and not isinstance(table, list | tuple):
        raise ValueError(
            f"table is a {type(table).__name__}: pass a data frame or an array."
        )
    n_rows = num_samples(table)
    if result.flagged is not None and n_rows != result.flagged.shape[0]:
        raise ValueError(
            f"table has {n_rows} rows and the mask `flagged` "
            f"{result.flagged.shape[0]}: pass "
            f"{ITS_TABLE[result.flags_rows_of or OF_TABLE]}, whole and in its order."
        )


def _index_of(table, rows):
    """Labels of the rows of a pandas frame, if they are not their numbers."""
    index = own_index(table)
    return {} if index is None else {"index": index[rows].tolist()}


def _own_columns(table, rows):
    """Cells of some rows by name; a sparse matrix is too wide to be read so."""
    if sp.issparse(table):
        return {}
    own = take_rows(table, rows)
    if is_pandas(own):
        return {name: own.iloc[:, j].array for j, name in enumerate(own.columns)}
    return dict(iterate_columns(own if is_frame(own) else as_rows(own)))


def _beside(frame, index, own):
    """Join columns; one of the table that has a name of ours gets a longer one."""
    for name, values in index.items():
        frame.insert(1, name, values)
    taken = {*frame.columns, *own}
    renamed = {}
    for name, values in own.items():
        new = name
        while new in frame.columns or (new != name and new in taken):
            new = f"{new} in table"
        renamed[new] = values
    return frame.join(type(frame)(renamed, index=frame.index)) if renamed else frame


def in_table(result, rows, n_rows):
    """Return the result with rows by their numbers in a table of ``n_rows`` rows.

    The lens saw ``rows`` of it, in rising order.
    """
    if rows.size == n_rows:
        return result
    flagged = result.flagged
    if flagged is not None and result.flags_rows_of != OF_TARGET:
        mask = np.zeros(n_rows, dtype=bool)
        mask[rows] = flagged
        flagged = mask
    evidence = {
        title: [_moved(line, result.row_tables.get(title, ()), rows) for line in table]
        for title, table in result.evidence.items()
    }
    return replace(
        result,
        flagged=flagged,
        review=[_moved(line, ("row",), rows) for line in result.review],
        evidence=evidence,
        **result._moved_fields(rows, n_rows),
    )


def _moved(line, keys, rows):
    return line | {key: rows[line[key]].tolist() for key in keys}
