"""Numbers in text, and integers that a float cannot hold."""

import re

EXACT = 2**53
_number = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*", re.ASCII)


def is_number(text):
    """Whether a text is a finite decimal number."""
    return _number.fullmatch(text) is not None


def exact_as_float(integers):
    """Whether every integer of a pyarrow column is a float without rounding."""
    import pyarrow.compute as pc

    bounds = pc.min_max(integers).as_py()
    return bounds["min"] is None or (bounds["min"] > -EXACT and bounds["max"] < EXACT)
