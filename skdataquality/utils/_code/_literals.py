"""Values as Python literals, and nothing else: :func:`literal`."""

import math

import narwhals as nw
import numpy as np

from skdataquality.utils._printable import without_controls

# what numpy turns into numbers and text of Python without a loss
EXACT_KINDS = "biufcUSO"
BRACKETS: dict = {list: ("[", "]"), tuple: ("(", ")"), set: ("{", "}")}


class NoLiteralError(ValueError):
    """A value that no literal equals."""


def literal(value, item=None):
    """Write a value as code that can only build that value.

    ``item`` writes what a container holds, by default as a literal, too. Arrays, Series
    and Indexes become lists, their numbers those of Python.

    Raises
    ------
    NoLiteralError
        For anything else; its own ``repr`` is never asked.
    """
    value, item = as_python(value), item or literal
    if value is None or value is Ellipsis or type(value) is bool:
        return repr(value)
    for kind, write in SCALARS.items():
        if isinstance(value, kind):
            return write(value)
    if type(value) in (list, tuple, set):
        return _container(value, item)
    if type(value) is frozenset:
        return f"frozenset({_container(set(value), item)})" if value else "frozenset()"
    if type(value) is dict:
        pairs = (f"{item(k)}: {item(v)}" for k, v in value.items())
        return f"{{{', '.join(pairs)}}}"
    if type(value) is slice:
        ends = (value.start, value.stop, value.step)
        return f"slice({', '.join(map(item, ends))})"
    if type(value) is range:
        return f"range({value.start}, {value.stop}, {value.step})"
    raise NoLiteralError(type(value).__name__)


def as_python(value):
    """Return arrays, Series and Indexes as lists, numpy's scalars as numbers or text.

    Anything else comes back as it is.
    """
    if isinstance(value, np.generic | np.ndarray):
        is_long = value.dtype.itemsize > {"f": 8, "c": 16}.get(value.dtype.kind, np.inf)
        is_masked = isinstance(value, np.ma.MaskedArray)
        if value.dtype.kind not in EXACT_KINDS or is_long or is_masked:
            raise NoLiteralError(f"{type(value).__name__} of {value.dtype.name}")
        return value.tolist()
    if nw.dependencies.is_into_series(value):
        return nw.from_native(value, series_only=True).to_list()
    if nw.dependencies.is_pandas_like_index(value):
        return list(value)
    return value


def _container(value, item):
    written = [item(element) for element in value]
    if type(value) is set:
        written.sort()  # a set has no order; a program is the same each time
    if not written and type(value) is set:
        return "set()"
    first, last = BRACKETS[type(value)]
    comma = "," if type(value) is tuple and len(written) == 1 else ""
    return f"{first}{', '.join(written)}{comma}{last}"


def _int(value):
    try:
        return int.__repr__(value)
    except ValueError as error:  # of more digits than Python writes or reads
        raise NoLiteralError("number of thousands of digits") from error


def _float(value):
    value = float.__float__(value)
    return repr(value) if math.isfinite(value) else f'float("{value!r}")'


def _complex(value):
    return f"complex({_float(value.real)}, {_float(value.imag)})"


def _text(value):
    # repr leaves some characters that nobody sees
    return without_controls(repr(str.__str__(value)))


SCALARS = {
    str: _text,
    bytes: lambda value: repr(bytes(value)),
    bytearray: lambda value: f"bytearray({bytes(value)!r})",
    int: _int,
    float: _float,
    complex: _complex,
}
