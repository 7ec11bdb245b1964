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
    before, zero, behind = text[:-2], text[1:-1] == ord("0"), text[2:]
    zero &= (behind - ord("0") < 10) | (behind | 32 == ord("x"))
    zero &= (before - ord("0") > 9) & (before != ord("."))  # most have a digit before
    at = np.flatnonzero(zero) + 1
    at[_any_of(b"+-")[text[at - 1]]] -= 1
    return bool(_any_of(_edges(source))[_beside(text, at, -1)].any())


def may_hold_tiny(source):
    """Whether some number may be so small that a float takes it for 0."""
    text = np.frombuffer(source.text, np.uint8)
    at = np.flatnonzero(text == ord("-"))
    at = at[_any_of(b"eE")[_beside(text, at, -1)]]
    # three digits, or zeros before more of them
    return bool(_any_of(_DIGITS)[_beside(text, at, 3)].any())


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
