"""Whether the quotation marks of a delimited file quote, or are ordinary characters."""

from functools import cached_property

import numpy as np

from skdataquality.tables._delimited._marks import (
    blank_lines,
    field_marks,
    line_ends,
    outside,
)
from skdataquality.tables._numbers import is_number

UNQUOTED = {b"skdataquality": b"unquoted"}
QUOTINGS = ("auto", "standard", "none")
_LOOKED_AT = 1000
_LISTED = 5


def mark_unquoted(table):
    """Return a pyarrow table that says that its cells stood without quotes."""
    return table.replace_schema_metadata(UNQUOTED)


def is_unquoted(table):
    return UNQUOTED.items() <= (table.schema.metadata or {}).items()


def opens_quotes(text, delimiter):
    """Whether some cell begins with a quotation mark."""
    if b'"' not in text:
        return False
    edges = (b"\n", b"\r", delimiter.encode())
    return text.startswith(b'"') or any(edge + b'"' in text for edge in edges)


def check_quoting(quoting):
    if quoting not in QUOTINGS:
        raise ValueError(
            f"quoting={quoting!r} must be one of {', '.join(map(repr, QUOTINGS))}."
        )


def settle_quoting(path, text, delimiter, header, quoting):
    """Return "standard" or "none", and notes on what was decided.

    Marks that enclose whole cells are quotes (RFC 4180). If they join lines or stand
    against text, and every line has as many fields as the others without them, they
    are ordinary characters, unless the file shows that its writer quotes.
    """
    if quoting == "none" or not opens_quotes(text, delimiter):
        return quoting.replace("auto", "standard"), []
    layout = _Layout(text, delimiter.encode(), header)
    if quoting == "auto" and layout.marks_are_ordinary:
        return "none", [layout.say_ordinary()]
    _refuse_open_mark(path, layout)
    if quoting == "auto" and (layout.joins & layout.marks.malformed).any():
        k = int(np.flatnonzero(layout.joins & layout.marks.malformed)[0])
        first, last = layout.lines_of(k)
        raise ValueError(
            f'{path} line {first} opens a quotation mark " that closes inside a cell '
            f"of line {last}: close it where its cell ends, or pass quoting='none' or "
            f"quoting='standard'."
        )
    return "standard", layout.notes_on_quotes()


def _refuse_open_mark(path, layout):
    if layout.marks.unclosed:
        raise ValueError(
            f'{path} line {layout.lines_of(-1)[0]} opens a quotation mark " that is '
            f"never closed: close it, or pass quoting='none'."
        )


class _Layout:
    """Lines, delimiters and quoted fields of a text."""

    def __init__(self, text, delimiter, header):
        self.text, self.delimiter, self.header = text, delimiter, header
        self.characters = np.frombuffer(text, np.uint8)
        self.ends = line_ends(self.characters)
        self.marks = field_marks(text, self.characters, delimiter)
        self.first_line = np.searchsorted(self.ends, self.marks.opens)
        self.last_line = np.searchsorted(self.ends, self.marks.closes)
        self.joins = self.last_line > self.first_line

    def lines_of(self, k):
        # the line end that a file ends with opens no line of its own
        last = min(self.last_line[k], len(self._starts) - 1)
        return int(self.first_line[k]) + 1, int(last) + 1

    @property
    def marks_are_ordinary(self):
        return (
            self.even_without_quotes
            and self.troubled
            and not self.writer_quotes
            and not self.joins_unlike_lines
        )

    @property
    def troubled(self):
        """Whether quotes join lines, stand against text, or make lines uneven."""
        return (
            self.joins.any()
            or self.marks.malformed.any()
            or self.marks.unclosed
            or not self._even_with_quotes
        )

    @cached_property
    def _starts(self):
        starts = np.concatenate(([0], self.ends + 1))
        return starts[starts < self.characters.size]

    @cached_property
    def _blank(self):
        return blank_lines(self.characters, self.ends)

    @cached_property
    def _delimiters(self):
        return np.flatnonzero(self.characters == self.delimiter[0])

    def _fields(self, delimiters, starts):
        edges = np.append(starts, self.characters.size)
        return np.diff(np.searchsorted(delimiters, edges)) + 1

    @cached_property
    def _widths(self):
        """How many fields each line has without quotes."""
        return self._fields(self._delimiters, self._starts)

    @cached_property
    def even_without_quotes(self):
        if len({line.count(self.delimiter) for line in self._first_lines()}) > 1:
            return False  # the first lines say so at once for most files
        widths = self._widths[~self._blank]
        return bool((widths == widths[0]).all()) and not any(
            self._blank[first + 1 : last + 1].any()
            for first, last in self._joined_lines()
        )

    def _first_lines(self):
        end = self._starts[: _LOOKED_AT + 1][-1]
        return filter(None, self.text[:end].splitlines())

    def _joined_lines(self):
        joins = self.joins
        return zip(self.first_line[joins], self.last_line[joins], strict=True)

    @cached_property
    def _records(self):
        """Where the records begin that are no blank lines."""
        starts = np.concatenate(([0], outside(self.ends, self.marks) + 1))
        starts = starts[starts < self.characters.size]
        blank = self._blank[np.searchsorted(self._starts, starts)]
        return starts[~blank]

    @property
    def _even_with_quotes(self):
        widths = self._fields(outside(self._delimiters, self.marks), self._records)
        return bool((widths == widths[0]).all())

    @cached_property
    def writer_quotes(self):
        """Whether the file shows a writer that quotes.

        It quotes its header, or most cells of a column, or doubles the marks inside of
        cells of one line, where every cell closes as it should.
        """
        marks, records = self.marks, self._records
        sound = ~marks.malformed
        if marks.unclosed:
            sound[-1] = False
        if self.header and sound[0] and (records[1:2] > marks.opens[0]).all():
            return True
        if marks.doubled[~self.joins].any() and sound.all():
            return True
        delimiters = outside(self._delimiters, self.marks)
        place = np.searchsorted(delimiters, marks.opens)
        begin = records[np.searchsorted(records, marks.opens, side="right") - 1]
        column = place - np.searchsorted(delimiters, begin)
        n_rows = len(records) - self.header
        return bool((np.bincount(column[sound]) > n_rows / 2).any())

    @cached_property
    def joins_unlike_lines(self):
        """Whether lines inside of quotes look unlike the other lines: they are prose.

        One column is always even. Else prose has blanks behind its delimiters, or
        words where the other lines have numbers.
        """
        joined = np.zeros(len(self._starts), dtype=bool)
        for first, last in self._joined_lines():
            joined[first + 1 : last + 1] = True
        if not joined.any() or self.marks.malformed.any() or self.marks.unclosed:
            return False
        if self._widths[~self._blank][0] == 1:
            return True
        others = ~joined & ~self._blank
        others[: int(np.argmax(others)) + self.header] = False
        if not others.any():
            return False
        inside, beside = self._cells(joined), self._cells(others)
        columns = zip(zip(*inside, strict=True), zip(*beside, strict=True), strict=True)
        for those, rest in columns:
            if all(map(is_number, rest)) and not all(map(is_number, those)):
                return True
        return _blanks_behind(inside) > _blanks_behind(beside)

    def _cells(self, chosen):
        starts = self._starts[chosen][:_LOOKED_AT]
        ends = np.append(self._starts[1:], self.characters.size)[chosen]
        return [
            self.text[a:b].decode().rstrip("\r\n").split(self.delimiter.decode())
            for a, b in zip(starts, ends[:_LOOKED_AT], strict=True)
        ]

    def _places(self, chosen):
        places = [
            f"line {first}" if first == last else f"lines {first} to {last}"
            for first, last in map(self.lines_of, np.flatnonzero(chosen)[:_LISTED])
        ]
        more = int(chosen.sum()) - len(places)
        return ", ".join(places) + (f" and {more} more places" if more else "")

    def say_ordinary(self):
        what, chosen = "would join", self.joins
        if not chosen.any():
            what, chosen = "would lose marks or split in", self.marks.malformed
        if not chosen.any():
            what, chosen = "would make uneven", np.ones(len(chosen), bool)
        return (
            'Quotation marks (") are read as ordinary characters, since every line has '
            "as many fields as the others that way, and as quotes they "
            f"{what} {self._places(chosen)}: pass quoting='standard' if they quote."
        )

    def notes_on_quotes(self):
        """Name cells that may be rows, and marks that are lost, where quotes quote."""
        notes = []
        doubted = self._joins_of_rows()
        if doubted.any():
            notes.append(
                f"{self._places(doubted)}: read as one cell in quotation marks each; "
                f"if the marks are ordinary characters, pass quoting='none'."
            )
        malformed = self.marks.malformed
        if malformed.any():
            notes.append(
                f"{self._places(malformed)}: text follows a closing quotation mark; "
                f"the marks around what was quoted are left out of the cell (to keep "
                f"them, pass quoting='none')."
            )
        return notes

    def _joins_of_rows(self):
        """Which joined lines could be rows, where nothing shows that the writer quotes.

        Marks that stand against text show nothing.
        """
        doubted = self.joins.copy()
        if not doubted.any() or (self.writer_quotes and not self.marks.malformed.any()):
            return np.zeros_like(doubted)
        width = self._fields(outside(self._delimiters, self.marks), self._records)[0]
        fits = (self._widths == width) & ~self._blank
        for k in np.flatnonzero(doubted):
            doubted[k] = fits[self.first_line[k] : self.last_line[k] + 1].all()
        return doubted


def _blanks_behind(lines):
    """Share of the delimiters with a blank behind them."""
    cells = [cell for line in lines for cell in line[1:]]
    return sum(cell.startswith(" ") for cell in cells) / max(1, len(cells))
