"""Conditions under which an automated run must stop, as people write them."""

import operator
import re
from dataclasses import dataclass
from difflib import get_close_matches
from math import isfinite

from skdataquality.diagnosis._registry import measuring_order
from skdataquality.utils._lens import VERDICTS
from skdataquality.utils._shown import ShownResult

BOUNDS = ("lower", "upper", "estimate")
OPERATORS = {
    ">": (operator.gt, "above"),
    ">=": (operator.ge, "at least"),
    "<": (operator.lt, "below"),
    "<=": (operator.le, "at most"),
    "==": (operator.eq, "equal to"),
    "!=": (operator.ne, "different from"),
}
_NAME = r"[A-Za-z_]\w*"
_CONDITION = re.compile(
    rf"({_NAME}(?:\s*\.\s*{_NAME}){{0,2}})\s*([<>]=?|[!=]=)\s*(.+)",
    re.ASCII | re.DOTALL,
)
_NUMBER = re.compile(
    r"([+-]?(?:\d+(?:\.\d*)?|\.\d+))(?:[eE]([+-]?\d{1,3}))?\s*(%?)", re.ASCII
)


def aliases():
    """Return the short names of numbers, with what they stand for."""
    return {
        alias: f"{lens.name}.{number}"
        for lens in measuring_order()
        for alias, number in lens.aliases.items()
    }


def lens_names():
    """Return the keys of all lenses, measured or not."""
    return [lens.name for lens in measuring_order()]


class GateSyntaxError(ValueError):
    """A condition that cannot be read."""


class UnknownMetricError(ValueError):
    """A condition on a number that no lens reports, or that two lenses report."""


@dataclass(frozen=True, repr=False)
class Condition(ShownResult):
    """What must not hold.

    ``metric`` is ``lens.number`` or ``lens.verdict``, unresolved also ``number`` or an
    alias; ``bound`` what is compared of it, None for a verdict.
    """

    condition: str
    metric: str
    bound: str | None
    operator: str
    limit: float | str

    def holds(self, observed):
        """Return whether an observed number or verdict meets the condition."""
        return bool(OPERATORS[self.operator][0](observed, self.limit))


def check_conditions(conditions):
    """Refuse, before any work, conditions that no report could satisfy.

    Of a metric only the lens is checked here.
    """
    parsed = parse_all(conditions)
    for condition in parsed:
        lens, dot, _ = condition.metric.partition(".")
        if dot and lens not in lens_names():
            raise unknown_metric(condition, {})
    return parsed


def parse_condition(text):
    """Read one condition.

    >>> from skdataquality.workflows._gate_condition import parse_condition
    >>> condition = parse_condition("label_error_rate.lower > 5 %")
    >>> condition.metric, condition.bound, condition.operator, condition.limit
    ('label_error_rate', 'lower', '>', 0.05)
    """
    if not isinstance(text, str):
        raise GateSyntaxError(f"condition {text!r} must be text.")
    match = _CONDITION.fullmatch(text.strip())
    if match is None:
        raise _unreadable(text)
    path, op, limit = match.groups()
    parts = [part.strip() for part in path.split(".")]
    if "verdict" in parts:
        return _verdict_condition(text, parts, op, limit)
    bound = parts.pop() if len(parts) > 1 and parts[-1] in BOUNDS else "estimate"
    if len(parts) > 2:
        raise _unreadable(text)
    return Condition(text, ".".join(parts), bound, op, _number(text, limit))


def parse_all(conditions):
    if isinstance(conditions, str):
        raise GateSyntaxError(f"conditions={conditions!r} is one text: pass a list.")
    parsed = tuple(parse_condition(text) for text in conditions)
    if not parsed:  # a gate that checks nothing would always be open
        raise GateSyntaxError("conditions is empty: pass at least one.")
    return parsed


def _unreadable(text):
    return GateSyntaxError(
        f"condition {text!r} cannot be read: write metric, operator and number, as in "
        f"'label_error_rate.lower > 0.05', the metric one of number or lens.number, "
        f"with or without one of .{' .'.join(BOUNDS)}, the operator one of "
        f"{' '.join(OPERATORS)}; or a verdict, as in 'leakage.verdict == found'."
    )


def _verdict_condition(text, parts, op, limit):
    word = " ".join(limit.split())
    if parts[1:] != ["verdict"] or op not in ("==", "!=") or word not in VERDICTS:
        raise GateSyntaxError(
            f"condition {text!r} asks for a verdict: write 'lens.verdict', == or !=, "
            f"and one of: {', '.join(VERDICTS)}."
        )
    return Condition(text, ".".join(parts), None, op, word)


def _number(text, limit):
    match = _NUMBER.fullmatch(limit)
    if match is None:
        raise _unreadable(text)
    mantissa, exponent, percent = match.groups()
    # shifting the exponent rounds once, so 12.3 % is the float written 0.123
    number = float(f"{mantissa}e{int(exponent or 0) - 2 * bool(percent)}")
    if not isfinite(number):
        raise GateSyntaxError(f"condition {text!r} has a number too large to compare.")
    return number


def unknown_metric(condition, lenses):
    """Make the error that lists what could have been meant, likely ones first."""
    pairs = [
        (name, number) for name, lens in lenses.items() for number in lens["numbers"]
    ]
    known = [f"{lens}.{number}" for lens, number in pairs]
    verdicts = [f"{lens}.verdict" for lens in dict.fromkeys([*lens_names(), *lenses])]
    short = aliases()
    names = [*short, *short.values(), *known, *verdicts]
    meant = {number: f"{lens}.{number}" for lens, number in pairs}
    meant |= {name: name for name in names}
    close = [meant[m] for m in get_close_matches(condition.metric, meant, n=3)]
    said = f"condition {condition.condition!r}: no lens reports {condition.metric!r}"
    if close:
        said += f"; did you mean {' or '.join(dict.fromkeys(close))}?"
    else:
        said += "."
    missing = [lens for lens in lens_names() if lens not in lenses]
    if lenses and missing and "." not in condition.metric:
        said += f" Of lenses not measured ({', '.join(missing)}) write lens.number."
    return UnknownMetricError(
        f"{said} Known: {', '.join(dict.fromkeys([*close, *names]))}."
    )
