"""Parquet and Arrow IPC files, batch by batch within a budget of memory."""

from collections import deque
from contextlib import contextmanager

import numpy as np

from skdataquality.tables._arrow._ipc_size import check_batches
from skdataquality.tables._arrow._parquet_size import check_columns, rows_at_once
from skdataquality.tables._arrow._spelled_size import is_view, spelled_size
from skdataquality.tables._formats import (
    one_clear_error,
    refuse_unusable_columns,
    shown,
)

_FILE_MAGIC = b"ARROW1"
_MAGIC_SIZE = 8  # padded; what follows is a stream
_ROWS = 1 << 18
_CELL = 8
_UNSOUND = "is damaged, or its text is no UTF-8"


def read_arrow_file(path, fmt, budget):
    """Return the table of a Parquet, Feather or Arrow IPC file in its own types."""
    import pyarrow as pa

    with _batches(path, fmt, budget, whole=True) as (schema, batches):
        read, size = [], 0
        for batch in batches:
            size += sum(spelled_size(column, budget) for column in batch.columns)
            budget.check(size)
            read.append(batch)
        table = pa.Table.from_batches(read, schema)
    # a column without a value takes no room before it is a data frame's
    budget.check(table.num_rows * table.num_columns * _CELL)
    return _checked(path, table)


def sample_arrow_file(path, fmt, budget, draw):
    """Return some rows of such a file, where they stand, and how many it has.

    ``draw`` takes the number of rows and returns those to keep, in order. One batch
    is in memory at a time.
    """
    import pyarrow as pa

    with _batches(path, fmt, budget, whole=False) as (_, batches):
        n_rows = sum(batch.num_rows for batch in batches)
    rows = draw(n_rows)
    with _batches(path, fmt, budget, whole=False) as (_, batches):
        kept, start, size = [], 0, 0
        for batch in batches:
            stop = start + batch.num_rows
            chosen = rows[slice(*np.searchsorted(rows, [start, stop]))] - start
            kept.append(_taken(batch, chosen))
            size += sum(spelled_size(column, budget) for column in kept[-1].columns)
            budget.check(size)
            start = stop
        table = pa.Table.from_batches(kept)
    return _checked(path, table), rows, n_rows


@contextmanager
def _batches(path, fmt, budget, whole):
    """Give out the schema of a file and an iterator of its record batches."""
    if path.stat().st_size == 0:
        raise ValueError(f"{path} is empty: check how the file was written.")
    called = "Parquet" if fmt.kind == "parquet" else "Arrow IPC (Feather version 2)"
    opened = _parquet if fmt.kind == "parquet" else _ipc
    with one_clear_error(
        path,
        f"cannot be read as {called}: it is damaged, cut short, or another format. "
        f"Write it again",
    ):
        import pyarrow as pa

        # an opened file: a path is searched for partitions and remote file systems;
        # for a sample, what is not chosen stays in the file
        with (pa.OSFile if whole else pa.memory_map)(str(path)) as file:
            yield opened(file, budget, whole)


def _parquet(file, budget, whole):
    import pyarrow.parquet as pq

    parquet = pq.ParquetFile(file)
    if whole:
        check_columns(file, parquet, budget)
    rows = _ROWS if whole else rows_at_once(parquet, budget)
    return parquet.schema_arrow, _decoded(parquet, min(_ROWS, rows))


def _decoded(parquet, rows):
    """Yield the batches of a Parquet file; name the column that cannot be decoded."""
    import pyarrow as pa

    try:
        yield from parquet.iter_batches(rows)
    except pa.ArrowInvalid:
        for name in parquet.schema_arrow.names:
            try:
                deque(parquet.iter_batches(rows, columns=[name]), maxlen=0)
            except pa.ArrowInvalid as error:
                raise ValueError(f"column {name!r} {_UNSOUND}: {error}") from error
        raise


def _ipc(file, budget, whole):
    import pyarrow as pa

    is_file = file.read(len(_FILE_MAGIC)) == _FILE_MAGIC
    file.seek(_MAGIC_SIZE if is_file else 0)
    check_batches(file, budget, together=whole)
    file.seek(0)
    if not is_file:
        reader = pa.ipc.open_stream(file)
        return reader.schema, iter(reader)
    reader = pa.ipc.open_file(file)
    count = range(reader.num_record_batches)
    return reader.schema, (reader.get_batch(i) for i in count)


def _taken(batch, rows):
    """Return some rows of a batch; views, which nothing takes from, become texts."""
    import pyarrow as pa

    columns = []
    for column in batch.columns:
        if not is_view(column.type):
            columns.append(column.take(pa.array(rows)))
            continue
        is_text = pa.types.is_string_view(column.type)
        plain = pa.large_string() if is_text else pa.large_binary()
        cells = [column.slice(row, 1) for row in rows.tolist()]
        columns.append(
            pa.concat_arrays([pa.array([], plain), *(c.cast(plain) for c in cells)])
        )
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)


def _checked(path, table):
    """Return a table whose memory is sound and whose text is UTF-8."""
    refuse_unusable_columns(path, table.column_names, table.num_rows)
    import pyarrow as pa

    for name, column in zip(table.column_names, table.columns, strict=True):
        try:
            # offsets of a damaged file would point outside its memory
            column.validate(full=True)
        except pa.ArrowInvalid as error:
            raise ValueError(
                f"{path}: column {name!r} {_UNSOUND} ({shown(error)}): write the file "
                f"again, such text as binary."
            ) from error
    return table
