"""The command ``select``."""

import numpy as np

from skdataquality.cli._console import UsageError, show
from skdataquality.cli._diagnose import shares_of
from skdataquality.cli._files import (
    STDOUT,
    cells_writer,
    check_outputs,
    check_table_name,
    suited,
    write_texts,
)
from skdataquality.report._json import to_json
from skdataquality.tables._formats import existing_file
from skdataquality.tables._read_arrays import is_array_file
from skdataquality.utils._shown import wrapped
from skdataquality.workflows import select_table

ROWS_ALONE = ".npy"
HINT = "--output FILE writes the selected rows, in the order of picking."


def run_select(
    pool,
    *,
    embedding,
    rows,
    selected,
    weight,
    balance,
    share,
    min_distance,
    typicality,
    output,
    json,
):
    """Select rows, say what they represent, and write them."""
    shares = _shares(share, balance)
    read = [existing_file(pool.table)]
    read += map(existing_file, selected)
    if output is not None and not _is_rows(output):
        check_table_name(output)
    check_outputs([output, json], read, pool.overwrite)
    selection = select_table(
        pool.table,
        rows,
        embedding=embedding,
        selected=selected or None,
        weights=weight,
        balance=balance,
        shares=shares,
        min_distance=min_distance,
        typicality=typicality,
        ids=pool.id or [],
        random_state=pool.seed,
        **_text_format(pool, selected),
    )
    texts, tables = {}, {}
    if json is not None:
        texts[json] = to_json(selection.to_dict())
    if output is not None:
        tables[output] = _writer(selection, output, pool.text_format)
    write_texts(texts, tables=tables, read=read, overwrite=pool.overwrite)
    if STDOUT not in texts:
        last = HINT if output is None else f"Written: {output}"
        show("\n".join([str(selection), "", *wrapped(last)]))


def _shares(share, balance):
    if not share:
        return "uniform"
    if balance is None:
        raise UsageError("--share goes with --balance.")
    if share == ["input"]:
        return "input"
    return shares_of(share, "--share")


def _is_rows(output):
    return str(output).lower().endswith(ROWS_ALONE)


def _text_format(pool, selected):
    """Return how the pool is written, refusing what says nothing about it."""
    used = suited(pool.table, pool.text_format)
    if is_array_file(pool.table):
        given = pool.text_format.max_bytes
        used = {} if given is None else {"max_bytes": given}
    theirs = {name for path in selected for name in suited(path, pool.text_format)}
    for option in pool.text_format.given():
        if option not in used and option not in theirs:
            name = {"header": "no-header"}.get(option, option).replace("_", "-")
            raise UsageError(f"--{name} says nothing about {pool.table}.")
    return used


def _writer(selection, output, text_format):
    """Return what writes the selected rows to a draft, in the format of its name."""
    if _is_rows(output):
        return lambda draft: _save(draft, selection.rows)
    import pyarrow as pa

    cells = selection.cells
    names = [] if cells is None else cells.column_names
    own = selection.own_columns(names)
    columns = {
        name: pa.array(values, mask=~np.isfinite(values.astype(float)))
        for name, values in own.items()
    }
    table = pa.table(columns)
    if cells is not None:
        for name, column in zip(names, cells.take(selection.rows).columns, strict=True):
            table = table.append_column(cells.schema.field(name), column)
        table = table.replace_schema_metadata(cells.schema.metadata)
    return cells_writer(table, output, text_format)


def _save(draft, rows):
    with open(draft, "wb") as file:
        np.lib.format.write_array(file, rows.astype(np.int64), allow_pickle=False)
