"""Lines that fit a terminal, where some characters take two columns."""

import unicodedata

from skdataquality.utils._printable import printable

WIDTH = 80
WIDEST_HEAD = 60


def columns_of(text):
    """Count the terminal columns that a text takes: wide characters take two."""
    return sum(map(_columns_of_one, text))


def _columns_of_one(character):
    if unicodedata.combining(character):
        return 0
    return 1 + (unicodedata.east_asian_width(character) in "WF")


def cut(text, width):
    """Shorten a text to a number of columns; what is missing shows as "…"."""
    if columns_of(text) <= width:
        return text
    return _head(text, width - 1) + "…"


def padded(text, width):
    """Fill a text with blanks up to a number of columns."""
    return text + " " * (width - columns_of(text))


def wrapped(text, head="", rest=None):
    """Break a text, made printable, into lines of at most 80 columns.

    ``head`` starts the first line, ``rest`` the others: as many blanks by default. An
    empty text has no line.
    """
    if columns_of(head) > WIDEST_HEAD:  # no room beside it
        return wrapped(head, "  ") + wrapped(text, "    ")
    rest = " " * columns_of(head) if rest is None else rest
    lines: list = []
    line, is_empty = head, True
    for word in printable(text).split():
        gap = "" if is_empty else " "
        if not is_empty and columns_of(line + gap + word) > WIDTH:
            lines.append(line)
            line, gap, is_empty = rest, "", True
        while columns_of(line + gap + word) > WIDTH:  # longer than a line
            part = _head(word, WIDTH - columns_of(line))
            lines.append(line + part)
            line, word = rest, word[len(part) :]
        line, is_empty = line + gap + word, False
    return lines if is_empty else [*lines, line]


def _head(text, width):
    """Longest start of a text that takes at most so many columns."""
    taken = 0
    for place, character in enumerate(text):
        taken += _columns_of_one(character)
        if taken > width:
            return text[:place]
    return text
