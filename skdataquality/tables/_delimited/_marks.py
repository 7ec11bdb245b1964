"""Where the lines of a text end, and where its quoted fields open and close."""

from typing import NamedTuple

import numpy as np

_LF, _CR, _MARK = b'\n\r"'


class FieldMarks(NamedTuple):
    """The quoted fields of a delimited text, one entry a field.

    A field is malformed if text follows its closing mark, and doubled if it holds a
    mark of its own. An unclosed field is the last; it closes at the end of the text.
    """

    opens: np.ndarray
    closes: np.ndarray
    malformed: np.ndarray
    doubled: np.ndarray
    unclosed: bool


def line_ends(characters):
    r"""Return the last position of every ``\n``, ``\r\n`` or ``\r``."""
    ends = characters == _LF
    returns = np.flatnonzero(characters == _CR)
    if returns.size:
        alone = returns + 1 == characters.size
        alone[~alone] = characters[returns[~alone] + 1] != _LF
        ends[returns[alone]] = True
    return np.flatnonzero(ends)


def blank_lines(characters, ends):
    """Return which lines hold nothing but their line end."""
    starts = np.concatenate(([0], ends + 1))
    starts = starts[starts < characters.size]
    size = np.append(starts[1:], characters.size) - starts
    first = characters[starts]
    alone = (size == 1) & ((first == _LF) | (first == _CR))
    both = (size == 2) & (first == _CR)
    both[both] = characters[starts[both] + 1] == _LF
    return alone | both


def outside(positions, marks):
    """Keep the positions that lie in no quoted field."""
    if not marks.opens.size:
        return positions
    field = np.searchsorted(marks.opens, positions) - 1
    inside = (field >= 0) & (positions < marks.closes[field])
    return positions[~inside]


def field_marks(text, characters, delimiter):
    """Return the quoted fields as a reader by RFC 4180 sees them."""
    marks = np.flatnonzero(characters == _MARK)
    return _well_formed(characters, marks, delimiter) or _one_by_one(
        text, marks.tolist(), delimiter
    )


def _well_formed(characters, marks, delimiter):
    """Pair the marks all at once; None if some mark stands where no quote can be."""
    if marks.size % 2:
        return None
    opens, closes = marks[::2], marks[1::2]
    joined = closes[:-1] + 1 == opens[1:]  # a doubled mark
    opens = opens[np.concatenate(([True], ~joined))]
    last = np.concatenate((~joined, [True]))
    doubled = np.diff(np.flatnonzero(last), prepend=-1) > 1
    closes = closes[last]
    edge = np.zeros(256, dtype=bool)
    edge[[_LF, _CR, delimiter[0]]] = True
    before, after = opens[opens > 0] - 1, closes[closes < characters.size - 1] + 1
    if not (edge[characters[before]].all() and edge[characters[after]].all()):
        return None
    return FieldMarks(opens, closes, np.zeros(opens.size, bool), doubled, False)


def _one_by_one(text, marks, delimiter):
    edges = frozenset(b"\r\n" + delimiter)
    opens, closes, malformed, doubled = [], [], [], []
    unclosed, i, n = False, 0, len(marks)
    while i < n:
        at = marks[i]
        i += 1
        if at and text[at - 1] not in edges:
            continue  # inside of a cell it is an ordinary character
        first = i
        while i + 1 < n and marks[i] + 1 == marks[i + 1]:
            i += 2
        unclosed = i >= n
        close = len(text) if unclosed else marks[i]
        opens.append(at)
        closes.append(close)
        malformed.append(close + 1 < len(text) and text[close + 1] not in edges)
        doubled.append(i > first)
        i += 1
    return FieldMarks(
        np.array(opens, dtype=np.intp),
        np.array(closes, dtype=np.intp),
        np.array(malformed, dtype=bool),
        np.array(doubled, dtype=bool),
        unclosed,
    )
