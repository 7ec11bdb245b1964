"""CSV and TSV: the first line, the delimiter, and every record after it."""

import csv
import io
from collections import deque
from itertools import islice
from typing import Any, NamedTuple

from skdataquality.tables._formats import (
    DELIMITERS,
    listed,
    refuse_unusable_columns,
    repeated_names,
)
from skdataquality.tables._numbers import is_number
from skdataquality.tables._text import read_text

USUAL = ",;\t|"
_BLOCK = 1 << 24
_LARGEST_BLOCK = (1 << 31) - 1
_LINES_LOOKED_AT = 20


class Delimited(NamedTuple):
    """The text of a delimited file, its column names, and where the records begin."""

    path: Any
    text: bytes
    delimiter: str
    names: list
    start: int


def open_delimited(path, fmt, delimiter, encoding, header):
    """Read a delimited file as text and settle its delimiter and column names."""
    delimiter = delimiter_of(fmt, delimiter)
    text = read_text(path, fmt, encoding)
    first, length = _first_record(path, text, delimiter)
    if len(first) == 1:
        _refuse_other_delimiter(path, text, delimiter)
    if not header:
        names = [f"column_{j}" for j in range(len(first))]
        return Delimited(path, text, delimiter, names, 0)
    repeated = repeated_names(first)
    if repeated and all(is_number(name) or not name for name in first):
        raise ValueError(
            f"{path}: the first line looks like data (only numbers, "
            f"{listed(repeated)} repeated): pass header=False."
        )
    rest = bool(text[length:].strip(b"\r\n"))
    refuse_unusable_columns(path, first, n_rows=int(rest))
    return Delimited(path, text, delimiter, first, length)


def parse(source, **convert):
    """Return the records as a pyarrow Table; `convert` goes to its ConvertOptions."""
    import pyarrow as pa
    import pyarrow.csv as pc

    body = pa.py_buffer(source.text).slice(source.start)
    parsing = pc.ParseOptions(
        delimiter=source.delimiter, newlines_in_values=b'"' in source.text
    )
    converting = pc.ConvertOptions(check_utf8=False, **convert)
    for block in (_BLOCK, _LARGEST_BLOCK):
        reading = pc.ReadOptions(
            column_names=source.names, block_size=min(block, max(1, body.size) + 1)
        )
        try:
            return pc.read_csv(
                pa.BufferReader(body),
                read_options=reading,
                parse_options=parsing,
                convert_options=converting,
            )
        except pa.ArrowException as error:
            # a record longer than a block
            if "straddl" in str(error) and block < min(body.size, _LARGEST_BLOCK):
                continue
            _raise_with_line(source, error)


def parse_as_text(source, names=None):
    """Return the records as strings, cell by cell as they stand in the file."""
    import pyarrow as pa

    names = source.names if names is None else names
    table = parse(
        source,
        column_types=dict.fromkeys(names, pa.string()),
        include_columns=names,
        strings_can_be_null=False,
    )
    refuse_open_quote(source, table)
    return table


def refuse_open_quote(source, table):
    """Raise if the last quotation mark is never closed; pyarrow takes it silently."""
    import pyarrow as pa

    # An open quote swallows everything up to the end, so it can only be in the last
    # cell, and the file then ends with the mark and that cell.
    if b'"' not in source.text or table.column_names[-1:] != source.names[-1:]:
        return
    if not pa.types.is_string(table.schema.types[-1]) or not table.num_rows:
        return
    cell = table.column(table.num_columns - 1)[-1].as_py()
    if cell is None:
        return
    tail = b'"' + cell.encode().replace(b'"', b'""')
    at = len(source.text) - len(tail)
    before = source.text[max(at - 1, 0) : at]
    opens = before in (source.delimiter.encode(), b"\n", b"\r", b"")
    if opens and source.text.endswith(tail) and not _every_quote_closes(source):
        line = 1 + source.text.count(b"\n", 0, at)
        raise ValueError(
            f'{source.path} line {line} opens a quotation mark " that is never closed: '
            f"close it, or write the file again."
        )


def _every_quote_closes(source):
    """Read all again, slowly: a last cell that is one line end looks like an open one.

    Its closing mark and the line end behind it are what an open quote would leave.
    """
    reader = csv.reader(_lines(source.text), delimiter=source.delimiter, strict=True)
    try:
        deque(reader, maxlen=0)
    except csv.Error:
        return False
    return True


def delimiter_of(fmt, delimiter):
    """Return the one character between cells, by the extension if none was passed."""
    if delimiter is None:
        return DELIMITERS[fmt.extension]
    if delimiter == r"\t":
        return "\t"
    single = isinstance(delimiter, str) and len(delimiter) == 1
    if not single or not delimiter.isascii() or delimiter in '\r\n\0"':
        raise ValueError(
            f"delimiter={delimiter!r} must be one ASCII character that is no quotation "
            f"mark and no line end, such as ',' or ';' or '\\t'."
        )
    return delimiter


def _lines(text):
    # newline="": line ends inside quoted cells stay as they are
    return io.TextIOWrapper(io.BytesIO(text), "utf-8", newline="")


def _first_record(path, text, delimiter):
    """Return the first record that is no blank line, and how many bytes it ends at."""
    read = 0

    def counted():
        nonlocal read
        for line in _lines(text):
            read += len(line.encode())
            yield line

    try:
        record = next(filter(None, csv.reader(counted(), delimiter=delimiter)), None)
    except csv.Error as error:
        raise ValueError(
            f"{path}: the first line cannot be read ({error}): check that it is a "
            f"{'tab' if delimiter == chr(9) else repr(delimiter)}-delimited text."
        ) from error
    if record is None:
        raise ValueError(f"{path} is empty: check how the file was written.")
    return record, read


def _refuse_other_delimiter(path, text, delimiter):
    for other in USUAL.replace(delimiter, ""):
        first_lines = csv.reader(_lines(text), delimiter=other)
        try:
            records = list(islice(filter(None, first_lines), _LINES_LOOKED_AT))
        except csv.Error:
            continue
        widths = set(map(len, records))
        if len(records) > 1 and len(widths) == 1 and widths != {1}:
            raise ValueError(
                f"{path} has one column with delimiter {delimiter!r}; the first lines "
                f"are split evenly by {other!r}: pass delimiter={other!r}."
            )


def _raise_with_line(source, error):
    """Raise a ValueError that names the line of the first record of another length."""
    expected = len(source.names)
    reader = csv.reader(_lines(source.text), delimiter=source.delimiter)
    before = 0
    try:
        for record in reader:
            if record and len(record) != expected:
                raise ValueError(
                    f"{source.path} line {before + 1} has {len(record)} field"
                    f"{'s' if len(record) != 1 else ''}, expected {expected}: correct "
                    f"it, or quote the cells that hold the delimiter "
                    f"{source.delimiter!r}, a quotation mark or a line end."
                ) from error
            before = reader.line_num
    except csv.Error:
        # cells beyond the csv module's limit: only pyarrow's own words are left
        before = 0
    said = (str(error).splitlines() or [""])[0][:200]
    raise ValueError(f"{source.path} cannot be read as CSV ({said}).") from error
