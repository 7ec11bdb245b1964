"""What the record batches of an Arrow IPC file become in memory, before they do.

A compressed buffer begins with its length; where the buffers lie is in the metadata of
each message, a flatbuffer (github.com/apache/arrow/blob/main/format/Message.fbs).
"""

import struct

_DICTIONARY_BATCH, _RECORD_BATCH = 2, 3
_HEADER_TYPE, _HEADER = 1, 2  # fields of a Message
_DATA = 1  # of a DictionaryBatch
_BUFFERS, _COMPRESSION = 2, 3  # of a RecordBatch


def check_batches(source, budget, together):
    """Raise if the batches behind this place, or one of them, would take too much.

    One of them alone takes nothing if it is not compressed: it stays in its file.
    """
    import pyarrow as pa

    size = 0
    reader = pa.ipc.MessageReader.open_stream(source)
    while True:
        try:
            message = reader.read_next_message()
        except StopIteration:
            return
        stored, length = _sizes(message)
        size = size + (length or stored) if together else length
        budget.check(size)


def _sizes(message):
    """Return the bytes of a message's body, and decompressed ones if it needs that."""
    metadata, body = memoryview(message.metadata), message.body
    try:
        root = _Table(metadata, *struct.unpack_from("<I", metadata))
        kind = root.scalar(_HEADER_TYPE, "<B")
        if kind not in (_DICTIONARY_BATCH, _RECORD_BATCH):
            return 0, 0
        batch = root.table(_HEADER)
        if kind == _DICTIONARY_BATCH:
            batch = batch.table(_DATA)
        if batch.place(_COMPRESSION) is None:
            return body.size, 0
        data = memoryview(body)
        lengths = (_length(data, *buffer) for buffer in batch.pairs(_BUFFERS))
        return body.size, sum(lengths)
    except (struct.error, TypeError):  # damaged: reading it says so
        return 0, 0


def _length(data, offset, stored):
    if stored < 8:
        return stored
    (length,) = struct.unpack_from("<q", data, offset)
    return stored if length < 0 else length  # -1: not worth compressing


class _Table:
    """A table of a flatbuffer: its fields by number, absent ones None."""

    def __init__(self, data, start):
        self.data, self.start = data, start

    def _read(self, format_, at):
        return struct.unpack_from(format_, self.data, at)[0]

    def place(self, field):
        layout = self.start - self._read("<i", self.start)
        at = 4 + 2 * field
        if at >= self._read("<H", layout):
            return None
        offset = self._read("<H", layout + at)
        return self.start + offset if offset else None

    def scalar(self, field, format_):
        return self._read(format_, self.place(field))

    def _pointed(self, field):
        at = self.place(field)
        return at + self._read("<I", at)

    def table(self, field):
        return _Table(self.data, self._pointed(field))

    def pairs(self, field):
        """Return a vector of structs of two 64-bit numbers."""
        at = self._pointed(field)
        count = self._read("<I", at)
        return struct.iter_unpack("<qq", self.data[at + 4 : at + 4 + 16 * count])
