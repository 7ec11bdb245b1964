"""Lines that fit a terminal, where some characters take two columns."""

import ast
import io
import tokenize
import unicodedata

from skdataquality.report._printable import printable

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


def wrapped_code(expression, head=""):
    """Break a Python expression into lines of 80 columns that can be pasted.

    It is broken after commas and opening brackets; a text too long for a line becomes
    several in a row, which Python joins inside of brackets.
    """
    if columns_of(head + expression) <= WIDTH:
        return [head + expression]
    try:
        ast.parse(expression, mode="eval")
    except SyntaxError:  # a parameter that shows as no code
        return wrapped(expression, head)
    lines, line, indent = [], head, head + "    "
    for piece in _pieces(expression, WIDTH - columns_of(indent) - 3):
        if line.strip() and columns_of(line + piece.rstrip()) > WIDTH:
            lines.append(line.rstrip())
            line, piece = indent, piece.lstrip()
        line += piece
    return [*lines, line.rstrip()]


def _pieces(expression, width):
    """Text up to and including each comma or opening bracket, long texts in parts."""
    pieces, start = [], 0
    for token in tokenize.generate_tokens(io.StringIO(expression).readline):
        first, end = token.start[1], token.end[1]
        if token.type == tokenize.STRING and columns_of(token.string) > width:
            parts = _parts(ast.literal_eval(token.string), width)
            pieces += [expression[start:first], *(f"{part} " for part in parts)]
            start = end
        elif token.string in (",", "(", "[", "{"):
            pieces.append(expression[start:end])
            start = end
    return [*pieces, expression[start:]]


def _parts(text, width):
    """Literals of a text in pieces, each of at most so many columns."""
    parts, start = [], 0
    for stop in range(1, len(text) + 1):
        if columns_of(repr(text[start : stop + 1])) > width or stop == len(text):
            parts.append(repr(text[start:stop]))
            start = stop
    return parts


def _head(text, width):
    """Longest start of a text that takes at most so many columns."""
    taken = 0
    for place, character in enumerate(text):
        taken += _columns_of_one(character)
        if taken > width:
            return text[:place]
    return text
