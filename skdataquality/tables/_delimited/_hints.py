"""What a whole text may hold, told from its bytes at the speed of numpy."""

import numpy as np

_DIGITS = b"0123456789"
# what words for missing begin with, behind an edge of a cell or one of the signs
_BEGINNINGS = {
    b"N": b"A/Uao",
    b"n": b"a/u",
    b"#": b"NIQ",
}
_SIGNS = b"-.<"
_BLOCK = 1 << 18  # stays in the cache of a processor


def may_hold_words(source):
    """Whether some cell may be a word for missing."""
    text = np.frombuffer(source.text, np.uint8)
    before = _any_of(_edges(source) + _SIGNS)
    for first, seconds in _BEGINNINGS.items():
        at = np.flatnonzero(text == ord(first))
        at = at[_any_of(seconds)[_beside(text, at, 1)]]
        if before[_beside(text, at, -1)].any():
            return True
    return False


def may_hold_codes(source):
    """Whether some cell may be a number with leading zeros, or hexadecimal."""
    text = np.frombuffer(source.text, np.uint8)
    if source.text[:1] == b"0" and source.text[1:2] in _DIGITS + b"xX":
        return True
    edge, sign = _any_of(_edges(source)), _any_of(b"+-")
    for start in range(0, text.size - 2, _BLOCK):
        part = text[start : start + _BLOCK + 2]
        before, zero, behind = part[:-2], part[1:-1] == ord("0"), part[2:]
        zero &= (behind - ord("0") < 10) | (behind | 32 == ord("x"))
        zero &= (before - ord("0") > 9) & (before != ord("."))  # most stand so
        at = np.flatnonzero(zero) + start + 1
        at[sign[text[at - 1]]] -= 1
        if edge[_beside(text, at, -1)].any():
            return True
    return False


def may_hold_tiny(source):
    """Whether some number may be so small that a float takes it for 0."""
    text = np.frombuffer(source.text, np.uint8)
    for start in range(0, text.size - 2, _BLOCK):
        part = text[start : start + _BLOCK + 1]
        found = (part[1:] == ord("-")) & (part[:-1] | 32 == ord("e"))
        at = np.flatnonzero(found) + start + 1
        # three digits, or zeros before more of them
        if _any_of(_DIGITS)[_beside(text, at, 3)].any():
            return True
    return False


def _edges(source):
    return b'\r\n" \t' + source.delimiter.encode()


def _any_of(characters):
    chosen = np.zeros(256, dtype=bool)
    chosen[list(characters)] = True
    return chosen


def _beside(text, at, step):
    """Return the characters a step from places; a line end beyond the text."""
    there = at + step
    inside = (there >= 0) & (there < text.size)
    beside = np.full(at.size, ord("\n"), dtype=np.uint8)
    beside[inside] = text[there[inside]]
    return beside
