"""Parquet and Arrow IPC files."""

from skdataquality.tables._formats import one_clear_error, refuse_unusable_columns

_FILE_MAGIC = b"ARROW1"


def read_arrow_file(path, fmt):
    """Return the table of a Parquet, Feather or Arrow IPC file in its own types."""
    if path.stat().st_size == 0:
        raise ValueError(f"{path} is empty: check how the file was written.")
    called = "Parquet" if fmt.kind == "parquet" else "Arrow IPC (Feather version 2)"
    with one_clear_error(
        path,
        f"cannot be read as {called}: it is damaged, cut short, or another format. "
        f"Write it again",
    ):
        table = _read_parquet(path) if fmt.kind == "parquet" else _read_ipc(path)
    refuse_unusable_columns(path, table.column_names, table.num_rows)
    return table


def _read_parquet(path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    # an opened file: a path is searched for partitions and for remote file systems
    with pa.OSFile(str(path)) as file, pq.ParquetFile(file) as parquet:
        return parquet.read()


def _read_ipc(path):
    import pyarrow as pa

    with pa.OSFile(str(path)) as file:
        is_file = file.read(len(_FILE_MAGIC)) == _FILE_MAGIC
        file.seek(0)
        opened = pa.ipc.open_file if is_file else pa.ipc.open_stream
        with opened(file) as reader:
            table = reader.read_all()
    # offsets of a damaged file would point outside its memory
    table.validate(full=True)
    return table
