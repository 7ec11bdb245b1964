"""CSV and TSV: the first line, the delimiter, and every record after it."""

import csv
import io
import re
from itertools import islice
from typing import Any, NamedTuple

import numpy as np

from skdataquality.tables._delimited._marks import (
    blank_lines,
    field_marks,
    line_ends,
    outside,
)
from skdataquality.tables._delimited._quoting import settle_quoting
from skdataquality.tables._formats import (
    DELIMITERS,
    listed,
    refuse_unusable_columns,
    repeated_names,
    shown,
)
from skdataquality.tables._numbers import is_number

USUAL = ",;\t|"
_BLOCK = 1 << 24
_LARGEST_BLOCK = (1 << 31) - 1
_LINES_LOOKED_AT = 20
_SEP = re.compile(rb'"?sep=([,;|\t])"?[\r\n]', re.I)
_NO_LINE_END = re.compile(rb"[^\r\n]")


class Delimited(NamedTuple):
    """The text of a delimited file, its column names, and where the records begin."""

    path: Any
    text: bytes
    delimiter: str
    quoting: str
    names: list
    start: int
    notes: list


def open_delimited(path, text, delimiter, header, quoting):
    """Settle the quoting, the names and the first record of a delimited text."""
    _refuse_word_to_excel(path, text)
    assumed = quoting.replace("auto", "standard")
    source = Delimited(path, text, delimiter, assumed, [], 0, [])
    if len(_first_record(source)[0]) == 1:
        _refuse_other_delimiter(source)
    quoting, notes = settle_quoting(path, text, delimiter, header, quoting)
    source = source._replace(quoting=quoting, notes=notes)
    first, length = _first_record(source)
    names, start = [f"column_{j}" for j in range(len(first))], 0
    if header:
        _check_header(source, first, length)
        names, start = first, length
    if len(names) == 1:
        notes = notes + _say_blank_lines(source)
    return source._replace(names=names, start=start, notes=notes)


def _refuse_word_to_excel(path, text):
    found = _SEP.match(text)
    if found:
        mark = found[1].decode()
        raise ValueError(
            f"{path} line 1 is {found[0].decode().strip()!r}, a word to Excel and no "
            f"names: delete the line, and pass delimiter={mark!r}."
        )


def _check_header(source, first, length):
    repeated = repeated_names(first)
    if repeated and all(is_number(name) or not name for name in first):
        raise ValueError(
            f"{source.path}: the first line looks like data (only numbers, "
            f"{listed(repeated)} repeated): pass header=False."
        )
    rest = _NO_LINE_END.search(source.text, length) is not None
    refuse_unusable_columns(source.path, first, n_rows=int(rest))


def _say_blank_lines(source):
    """Return a note on blank lines between others, which may be missing values."""
    text = source.text.rstrip(b"\r\n")
    characters = np.frombuffer(text, np.uint8)
    ends = line_ends(characters)
    blank = blank_lines(characters, ends)
    if source.quoting == "standard" and b'"' in text:
        starts = np.concatenate(([0], ends + 1))
        marks = field_marks(text, characters, source.delimiter.encode())
        blank &= np.isin(starts, outside(starts, marks))
    blank[: int(np.argmin(blank))] = False  # before the first record
    n = int(blank.sum())
    if not n:
        return []
    return [
        f"{n} blank line{'s' * (n > 1)} left out (first: line "
        f'{int(np.argmax(blank)) + 1}): if they stand for missing values, write "" '
        f"or NA there."
    ]


def parse(source, **convert):
    """Return the records as a pyarrow Table; `convert` goes to its ConvertOptions."""
    import pyarrow as pa
    import pyarrow.csv as pc

    body = pa.py_buffer(source.text).slice(source.start)
    quotes = source.quoting == "standard"
    parsing = pc.ParseOptions(
        delimiter=source.delimiter,
        quote_char='"' if quotes else False,
        newlines_in_values=quotes and b'"' in source.text,
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
        except MemoryError:  # pyarrow's is an ArrowException too
            raise
        except pa.ArrowException as error:
            # a record longer than a block
            if "straddl" in str(error) and block < min(body.size, _LARGEST_BLOCK):
                continue
            _raise_with_line(source, error)


def parse_as_text(source, names=None):
    """Return the records as strings, cell by cell as they stand in the file."""
    import pyarrow as pa

    names = source.names if names is None else names
    return parse(
        source,
        column_types=dict.fromkeys(names, pa.string()),
        include_columns=names,
        strings_can_be_null=False,
    )


def delimiter_of(fmt, delimiter):
    """Return the one character between cells, by the extension if none was passed."""
    if delimiter is None:
        return DELIMITERS.get(fmt.extension, ",")
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


def _records(source, lines, delimiter=None):
    """Return a reader of records, slow, which counts lines."""
    quotes = source.quoting == "standard"
    return csv.reader(
        lines,
        delimiter=delimiter or source.delimiter,
        quoting=csv.QUOTE_MINIMAL if quotes else csv.QUOTE_NONE,
    )


def _first_record(source):
    """Return the first record that is no blank line, and how many bytes it ends at."""
    read = 0

    def counted():
        nonlocal read
        for line in _lines(source.text):
            read += len(line.encode())
            yield line

    try:
        record = next(filter(None, _records(source, counted())), None)
    except csv.Error as error:
        named = "tab" if source.delimiter == "\t" else repr(source.delimiter)
        raise ValueError(
            f"{source.path}: the first line cannot be read ({error}): check that it is "
            f"a {named}-delimited text."
        ) from error
    if record is None:
        raise ValueError(f"{source.path} is empty: check how the file was written.")
    return record, read


def _refuse_other_delimiter(source):
    for other in USUAL.replace(source.delimiter, ""):
        first_lines = _records(source, _lines(source.text), other)
        try:
            records = list(islice(filter(None, first_lines), _LINES_LOOKED_AT))
        except csv.Error:
            continue
        widths = set(map(len, records))
        if len(records) > 1 and len(widths) == 1 and widths != {1}:
            raise ValueError(
                f"{source.path} has one column with delimiter {source.delimiter!r}; "
                f"the first lines are split evenly by {other!r}: pass "
                f"delimiter={other!r}."
            )


def _cure(source, record, rest):
    """Say how a record of another length than the first line may be mended."""
    if record[0].startswith("#") or source.names[0].startswith("#"):
        return "lines that begin with # are read like any other, so delete them"
    if any('\\"' in cell for cell in record):
        return (
            'a backslash does not make a quotation mark part of a cell: write "" for '
            'each \\"'
        )
    if any(cell[:1] == " " and cell.lstrip(" ")[:1] == '"' for cell in record):
        return "a quotation mark behind a blank quotes nothing, so remove the blank"
    some = [record, *islice(filter(None, rest), _LINES_LOOKED_AT)]
    if source.start and len(some) > 1 and {*map(len, some)} == {len(record)}:
        return (
            f"so have the lines after it, so complete the names in the first line, "
            f"which are {listed(source.names)}"
        )
    return (
        f"correct it, or quote the cells that hold the delimiter "
        f"{source.delimiter!r}, a quotation mark or a line end"
    )


def _raise_with_line(source, error):
    """Raise a ValueError that names the line of the first record of another length."""
    expected = len(source.names)
    reader = _records(source, _lines(source.text))
    before = 0
    try:
        for record in reader:
            if record and len(record) != expected:
                raise ValueError(
                    f"{source.path} line {before + 1} has {len(record)} field"
                    f"{'s' if len(record) != 1 else ''}, expected {expected}: "
                    f"{_cure(source, record, reader)}."
                ) from error
            before = reader.line_num
    except csv.Error:
        # cells beyond the csv module's limit: only pyarrow's own words are left
        before = 0
    raise ValueError(
        f"{source.path} cannot be read as CSV ({shown(error)})."
    ) from error
