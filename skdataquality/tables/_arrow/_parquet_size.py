"""What the columns of a Parquet file become in memory, before they are decoded."""

_WIDTHS = {
    "BOOLEAN": 1, "INT32": 4, "INT64": 8, "INT96": 8, "FLOAT": 4, "DOUBLE": 8,
}  # fmt: skip
_OFFSET = 4
_DICTIONARIES = {"PLAIN_DICTIONARY", "RLE_DICTIONARY"}
_ROWS = 1 << 16
_FEWEST = 256


def check_columns(source, parquet, budget):
    """Raise if the decoded columns would take more than the budget.

    A few bytes can stand for many: a value that repeats is stored once, in a
    dictionary. Texts so stored are measured without being spelled out.
    """
    size, doubted, worst = 0, set(), 0
    metadata = parquet.metadata
    for i in range(metadata.num_row_groups):
        group = metadata.row_group(i)
        for j in range(group.num_columns):
            column = group.column(j)
            width = _width(column, parquet.schema.column(j))
            if width is not None:
                size += width * column.num_values
                continue
            size += _OFFSET * column.num_values
            if _DICTIONARIES.isdisjoint(column.encodings):
                size += column.total_uncompressed_size
            elif not _stays_dictionary(parquet.schema_arrow, column.path_in_schema):
                doubted.add(column.path_in_schema)
                worst += column.num_values * column.total_uncompressed_size
        budget.check(size)
    if doubted and size + worst > budget.most:
        _measure(source, doubted, size, budget)


def rows_at_once(parquet, budget):
    """Return how many rows to decode at once, were every text its column's longest."""
    metadata = parquet.metadata
    groups = [metadata.row_group(i) for i in range(metadata.num_row_groups)]
    longest = max((group.total_byte_size for group in groups), default=0)
    return max(_FEWEST, budget.most // max(1, longest))


def _width(column, schema):
    if column.physical_type == "FIXED_LEN_BYTE_ARRAY":
        return schema.length
    return _WIDTHS.get(column.physical_type)


def _stays_dictionary(schema, name):
    import pyarrow as pa

    j = schema.get_field_index(name)
    return j >= 0 and pa.types.is_dictionary(schema.types[j])


def _measure(source, names, size, budget):
    import pyarrow.parquet as pq

    names = sorted(names)
    # the opened file is read once more, from its beginning
    source.seek(0)
    stored = pq.ParquetFile(source, read_dictionary=names)
    for batch in stored.iter_batches(batch_size=_ROWS, columns=names):
        size += sum(_spelled_out(column) for column in batch.columns)
        budget.check(size)


def _spelled_out(array):
    """Return the bytes of the texts in an array whose leaves are dictionaries."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = array.type
    if pa.types.is_struct(kind) or pa.types.is_map(kind) or _is_list(kind):
        parts = array.flatten() if pa.types.is_struct(kind) else [array.values]
        return sum(map(_spelled_out, parts))
    if pa.types.is_dictionary(kind):
        lengths = pc.cast(pc.binary_length(array.dictionary), pa.int64())
        return pc.sum(lengths.take(array.indices)).as_py() or 0
    return array.nbytes


def _is_list(kind):
    import pyarrow as pa

    return (
        pa.types.is_list(kind)
        or pa.types.is_large_list(kind)
        or pa.types.is_fixed_size_list(kind)
    )
