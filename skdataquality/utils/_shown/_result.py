"""What a notebook shows of a result: :class:`ShownResult`."""

from collections.abc import Mapping
from dataclasses import fields
from html import escape

import numpy as np

from skdataquality.utils._digits import fixed
from skdataquality.utils._printable import printable
from skdataquality.utils._shown._width import cut, wrapped

N_ITEMS = 3  # of a list
WIDEST_ITEM, WIDEST_TEXT = 50, 150
MOST_LINES = 12


class ShownResult:
    """Base of results: a ``repr`` of few lines and a small table in notebooks.

    Both show the fields of the dataclass, which is made with ``repr=False``; a field
    that is declared so, too, is left out. A subclass with better words has its own
    ``_facts``, or its own ``__repr__``.
    """

    def _facts(self):
        """Return what is shown, a dict of names and values."""
        shown = [f.name for f in fields(self) if f.repr]  # type: ignore[arg-type]
        return {name: getattr(self, name) for name in shown}

    def __repr__(self):
        facts = (f"{name}={said(value)}" for name, value in self._facts().items())
        return on_few_lines(f"{type(self).__name__}({', '.join(facts)})")

    def short(self):
        """Words for it inside of another result."""
        return Shown(" ".join(repr(self).split()))

    def _repr_html_(self):
        return html_facts(type(self).__name__, self._facts())


def on_few_lines(text):
    """Break a text into at most 12 lines of 80 columns, those that follow indented."""
    lines = wrapped(text, rest="    ")
    if len(lines) > MOST_LINES:
        lines = [*lines[: MOST_LINES - 1], "    ..."]
    return "\n".join(lines)


def html_facts(head, facts, text=""):
    """Write names and values as a small table under a head, each escaped."""
    rows = "".join(
        f"<tr><td>{_escaped(name)}</td><td>{_escaped(said(value))}</td></tr>"
        for name, value in facts.items()
    )
    paragraph = f"<p>{_escaped(text)}</p>" if text else ""
    return f"<div><b>{_escaped(head)}</b>{paragraph}<table>{rows}</table></div>"


class Shown(str):
    """Words for a value that are shown as they are, not as a text of the data."""

    __slots__ = ()


def said(value, width=WIDEST_TEXT):
    r"""Write any value on one line, without what a terminal would obey.

    >>> import numpy as np
    >>> said([1, 0.25, "\x1b", "more", "still"]), said(np.zeros((9, 2)))
    ("[1, 0.25, '\\x1b', 2 more]", 'array of shape (9, 2)')
    """
    if isinstance(value, ShownResult):
        return str(value.short())
    if isinstance(value, float | np.floating):
        return fixed(float(value)) if np.isfinite(value) else str(float(value))
    if isinstance(value, np.ndarray) and value.ndim == 1 and value.size <= N_ITEMS:
        return said(value.tolist())
    if isinstance(value, Mapping):
        first = list(value.items())[:N_ITEMS]
        items = [f"{said(k, WIDEST_ITEM)}: {_item(v)}" for k, v in first]
        return f"{{{_listed(items, len(value))}}}"
    if isinstance(value, list | tuple):
        listed = _listed([_item(item) for item in value[:N_ITEMS]], len(value))
        if isinstance(value, list):
            return f"[{listed}]"
        return f"({listed},)" if len(value) == 1 else f"({listed})"
    if hasattr(value, "shape") and not isinstance(value, np.generic):
        kind = "array" if isinstance(value, np.ndarray) else type(value).__name__
        return f"{kind} of shape {value.shape}"
    if isinstance(value, Shown):
        return str(value)
    if isinstance(value, np.generic):
        value = value.item()
    return cut(printable(repr(value)), width)


def _item(value):
    if isinstance(value, list | tuple | Mapping) and len(value) > N_ITEMS:
        return f"{type(value).__name__} of {len(value)}"
    return cut(said(value, WIDEST_ITEM), WIDEST_ITEM)


def _listed(items, total):
    more = total - len(items)
    return ", ".join([*items, f"{more} more"] if more else items)


def _escaped(text):
    return escape(printable(text))
