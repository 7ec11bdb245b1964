"""What the cells of Arrow columns take once each stands for itself.

Views may share their bytes, and a list of nulls has none at all.
"""

import numpy as np

_CELL = 8
_OBJECT = 64  # an empty list of Python, and its place
_VIEW = 4  # 32-bit numbers, the first of which is the length


def spelled_size(column, budget):
    """Return the bytes of a column; those of lists and views are counted per cell."""
    import pyarrow as pa

    column = getattr(column, "storage", column)
    if pa.types.is_dictionary(column.type):  # batches share their dictionary
        return column.indices.nbytes
    if not (pa.types.is_nested(column.type) or is_view(column.type)):
        return column.nbytes
    return max(_stored(column), int(_cells(column, budget).sum()))


def _stored(column):
    import pyarrow as pa

    try:
        return column.nbytes
    except pa.ArrowTypeError:  # of views, before pyarrow 24
        return column.get_total_buffer_size()


def _cells(array, budget):
    """Return the bytes of each cell of an array."""
    import pyarrow as pa
    import pyarrow.compute as pc

    budget.check(len(array))  # before they are counted one by one
    array = getattr(array, "storage", array)
    kind = array.type
    if pa.types.is_primitive(kind):
        return np.full(len(array), max(1, kind.bit_width // 8))
    size = np.full(len(array), _OBJECT if pa.types.is_nested(kind) else _CELL)
    if pa.types.is_struct(kind):
        return sum((_cells(field, budget) for field in array.flatten()), size)
    if pa.types.is_map(kind):
        inner = _cells(array.keys, budget) + _cells(array.items, budget)
        return size + _between(_offsets(array), inner)
    if hasattr(array, "values") and not pa.types.is_run_end_encoded(kind):
        return size + _between(_bounds(array), _cells(array.values, budget))
    if is_view(kind):
        views = np.frombuffer(array.buffers()[1], np.int32)
        return size + views[_VIEW * array.offset :: _VIEW][: len(array)]
    if pa.types.is_string(kind) or pa.types.is_binary(kind):
        size += pc.fill_null(pc.binary_length(array), 0).to_numpy()
    return size


def _between(bounds, sizes):
    before = np.concatenate(([0], np.cumsum(sizes)))
    # a damaged file, which validation will name, may point outside
    starts, stops = (np.clip(ends, 0, len(sizes)) for ends in bounds)
    return before[stops] - before[starts]


def _bounds(array):
    """Return where the lists of an array begin and end in its values."""
    import pyarrow as pa

    if pa.types.is_fixed_size_list(array.type):
        ends = np.arange(array.offset, array.offset + len(array) + 1)
        return ends[:-1] * array.type.list_size, ends[1:] * array.type.list_size
    if hasattr(array, "sizes"):
        starts = array.offsets.to_numpy().astype(np.int64)
        return starts, starts + array.sizes.to_numpy()
    return _offsets(array)


def _offsets(array):
    ends = array.offsets.to_numpy().astype(np.int64)
    return ends[:-1], ends[1:]


def is_view(kind):
    """Whether a type names bytes that lie elsewhere, by place and length."""
    import pyarrow as pa

    return pa.types.is_string_view(kind) or pa.types.is_binary_view(kind)
