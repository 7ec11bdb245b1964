"""Reports as strict JSON."""

import json

from skdataquality.utils._plain import plain
from skdataquality.utils._printable import is_visible


def to_json(report, *, indent=2):
    """Write a plain dict as JSON text; NaN and infinity are null.

    Characters that a terminal obeys, or that nobody sees, are escaped as JSON has it.
    """
    text = json.dumps(plain(report), indent=indent, allow_nan=False, ensure_ascii=False)
    if text.isascii() and "\x7f" not in text:
        return text
    return "".join(c if c == "\n" or is_visible(c) else _escape(c) for c in text)


def _escape(character):
    return "\\u007f" if character == "\x7f" else json.dumps(character)[1:-1]
