"""Numbers as people write them: decimal commas, and marks between thousands."""

import re
from typing import NamedTuple

from skdataquality.tables._formats import listed

_THOUSANDS = {
    ".": ".",
    ",": ",",
    " ": " \u00a0\u202f",  # with the no-break spaces that software writes
    "'": "'\u2019",
    "_": "_",
}
_LOOKED_AT = 100


class NumberStyle(NamedTuple):
    """The marks in the numbers of a file."""

    decimal: str = "."
    thousands: str | None = None

    @property
    def pattern(self):
        """Return a regular expression of numbers, for pyarrow and Python alike."""
        whole = "[0-9]+"
        if self.thousands is not None:
            whole += f"|[0-9]{{1,3}}(?:[{_THOUSANDS[self.thousands]}][0-9]{{3}})+"
        decimal = re.escape(self.decimal)
        digits = f"(?:{whole})(?:{decimal}[0-9]*)?|{decimal}[0-9]+"
        return rf"^\s*[+-]?(?:{digits})(?:[eE][+-]?[0-9]+)?\s*$"

    def plain(self, text):
        """Return a pyarrow column of such numbers as Python writes them."""
        import pyarrow.compute as pc

        text = pc.utf8_trim_whitespace(text)
        if self.thousands is not None:
            marks = f"[{_THOUSANDS[self.thousands]}]"
            text = pc.replace_substring_regex(text, marks, "")
        text = pc.replace_substring_regex(text, r"^\+", "")
        return pc.replace_substring(text, self.decimal, ".")

    @property
    def said(self):
        options = []
        if self.decimal != "." or self.thousands is None:
            options.append(f"decimal={self.decimal!r}")
        if self.thousands is not None:
            options.append(f"thousands={self.thousands!r}")
        return " and ".join(options)


_STYLES = [
    NumberStyle(),
    NumberStyle(","),
    NumberStyle(thousands=","),
    *(NumberStyle(",", mark) for mark in ". '"),
    *(NumberStyle(".", mark) for mark in " '_"),
]


def number_style(decimal, thousands):
    """Return the style that two arguments name, or raise."""
    if decimal not in (None, ".", ","):
        raise ValueError(f"decimal={decimal!r} must be '.' or ','.")
    if thousands is not None and thousands not in _THOUSANDS:
        raise ValueError(
            f"thousands={thousands!r} must be one of "
            f"{', '.join(map(repr, _THOUSANDS))}, or None."
        )
    style = NumberStyle(decimal or ".", thousands)
    if style.decimal == style.thousands:
        other = "," if style.decimal == "." else "."
        raise ValueError(
            f"thousands={thousands!r} is the decimal mark too: pass decimal={other!r}."
        )
    return style


def all_numbers(text, style):
    """Whether a pyarrow column of text holds numbers of a style, and some number."""
    import pyarrow.compute as pc

    known = text.drop_null()
    if not len(known):
        return False
    number = re.compile(style.pattern)
    if not all(number.search(cell) for cell in known[:_LOOKED_AT].to_pylist()):
        return False
    return pc.all(pc.match_substring_regex(known, style.pattern)).as_py()


def other_styles(columns, style):
    """Return by fitting styles the columns of text that are numbers in another style.

    Two styles where a mark may stand before decimals or between thousands.
    """
    found: dict = {}
    for name, text in columns.items():
        text = text.drop_null()  # once, not for every style
        if all_numbers(text, style):  # kept as text for another reason
            continue
        fitting = [s for s in _STYLES if s != style and all_numbers(text, s)]
        if fitting:
            plainest = fitting[0]
            others = [s for s in fitting if s.decimal != plainest.decimal]
            is_plain = plainest.thousands is None
            styles = (plainest, *others[:1]) if is_plain else (plainest,)
            found.setdefault(styles, []).append(name)
    return found


def say_styles(found):
    """Return notes on what :func:`other_styles` found."""
    return [
        f"Numbers written in another way were read as text in {listed(names)}: pass "
        f"{' or '.join(style.said for style in styles)}."
        for styles, names in found.items()
    ]
