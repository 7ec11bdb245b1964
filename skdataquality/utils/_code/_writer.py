"""Write an estimator as Python code that can be run: :func:`as_code`."""

import builtins
import sys
from dataclasses import dataclass
from importlib import import_module
from inspect import Parameter, signature
from itertools import takewhile
from keyword import iskeyword
from types import FunctionType
from typing import Any

from sklearn.metrics import make_scorer
from sklearn.pipeline import Pipeline, make_pipeline

from skdataquality.utils._code._literals import NoLiteralError, literal
from skdataquality.utils._printable import printable
from skdataquality.utils._sklearn import metric_of, response_method_of

NAMED = (type, FunctionType)
DEEPEST = 60
CURE = (
    "pass plain values (text, numbers, None, lists, dicts), or classes and functions "
    "of Python that a public module holds by name"
)


class UnwritableError(ValueError):
    """A parameter that no program can hold, with the cure."""


@dataclass(frozen=True, eq=False)
class Importable:
    """An estimator that a program imports, and does not build.

    Attributes
    ----------
    estimator : estimator
    module, name : str
    is_called : bool
        Whether the name is that of a class or function that makes it.
    """

    estimator: Any
    module: str
    name: str
    is_called: bool


def as_code(estimator, *, taken=(), known=None):
    """Return import lines and the expression that builds an estimator.

    Its parameters may hold estimators and splitters, lists and dicts of them, plain
    values, which are written as literals, and classes and functions of Python that
    can be imported by name. Nothing is written by its own ``repr``, so that no name in
    the data becomes code. ``taken`` are names that no import may have. ``known``, an
    :class:`Importable`, is imported wherever it, or a clone of it, stands.

    Raises
    ------
    UnwritableError
        If a parameter holds anything else, such as a lambda or a ufunc.

    >>> from sklearn.linear_model import LogisticRegression
    >>> from skdataquality.utils._code import as_code
    >>> as_code(LogisticRegression(C=0.5))["expression"]
    'LogisticRegression(C=0.5)'
    """
    writer = _Writer(taken, known)
    expression = writer.expression(estimator, ("the estimator",))
    return {"imports": sorted(writer.lines), "expression": expression}


def code_or_reason(estimator):
    """Return the code of an estimator and None, or None and why there is none."""
    try:
        return as_code(estimator), None
    except UnwritableError as error:
        return None, str(error)


class _Writer:
    """Expressions, and the imports that they need so far.

    ``place`` is where a value stands: an owner, its parameter, places inside of it.
    """

    def __init__(self, taken=(), known=None):
        self.known = known
        self.lines: set[str] = set()
        self.names: dict = dict.fromkeys((*dir(builtins), *taken))
        self.depth = 0

    def expression(self, value, place):
        """Write a value."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise UnwritableError(f"{_said(place)} is nested too deeply: {CURE}.")
        try:
            return self._expression(value, place)
        finally:
            self.depth -= 1

    def _expression(self, value, place):
        if self.known is not None and _is_alike(value, self.known.estimator):
            name = self.brought(self.known, self.known.module, self.known.name)
            return f"{name}()" if self.known.is_called else name
        if isinstance(value, NAMED):
            return self.imported(value, place)
        handle = getattr(type(value), "_code_", None)
        if handle is not None:  # a handle for data: named, not printed
            self.imported(type(value), place)
            return value._code_
        if metric_of(value) is not None:
            return self.scorer(value, place)
        if hasattr(type(value), "get_params"):  # a column may have any name
            return self.estimator(value, place)
        try:
            return literal(value, lambda item: self.expression(item, (*place, "")))
        except NoLiteralError as error:
            kind = str(error)
        parameters = _plain_object(value)
        if parameters is not None:
            return self.call(value, parameters, place)
        if callable(value) and isinstance(getattr(value, "__name__", None), str):
            kind += f" {value.__name__!r}"
        raise UnwritableError(
            f"{_said(place)} holds a {printable(kind)}, which cannot be written as "
            f"code: {CURE}."
        )

    def estimator(self, value, place):
        """Write an estimator: a pipeline by its steps, any other by its parameters."""
        if _has_usual_names(value):
            named = self.imported(make_pipeline, place)
            steps = [
                self.expression(step, ("Pipeline", "steps")) for _, step in value.steps
            ]
            return f"{named}({', '.join(steps)})"
        try:
            parameters = value.get_params(deep=False)
        except (AttributeError, TypeError) as error:
            raise UnwritableError(
                f"{_said(place)}: get_params of {type(value).__name__} fails "
                f"({printable(error)}): keep each argument under its own name."
            ) from error
        return self.call(value, parameters, place)

    def scorer(self, value, place):
        """Write what `make_scorer` made."""
        func, sign, keywords = metric_of(value)
        method = response_method_of(value)
        options = {} if method == "predict" else {"response_method": method}
        options |= {} if sign > 0 else {"greater_is_better": False}
        arguments = [self.imported(func, place)]
        for key, given in {**options, **keywords}.items():
            arguments.append(f"{key}={self.expression(given, (*place, key)[:2])}")
        return f"{self.imported(make_scorer, place)}({', '.join(arguments)})"

    def call(self, value, parameters, place):
        """Write the constructor with those parameters that are not its defaults."""
        name = self.imported(type(value), place)
        known = signature(type(value).__init__).parameters
        arguments = []
        for key, given in parameters.items():
            default = known[key].default if key in known else None
            if _is_default(given, default):
                continue
            if not _is_name(key):
                raise UnwritableError(
                    f"{type(value).__name__} has a parameter {printable(key)!r}, which "
                    f"is no name in Python: rename it."
                )
            own = (type(value).__name__, key)
            arguments.append(f"{key}={self.expression(given, own)}")
        return f"{name}({', '.join(arguments)})"

    def imported(self, value, place):
        """Return the name under which an import line brings a class or function."""
        name = getattr(value, "__name__", "")
        if getattr(builtins, name, None) is value:
            return name
        module = _module_of(value, name)
        if module is None:
            raise UnwritableError(
                f"{_said(place)} holds {printable(name) or type(value).__name__!r}, "
                f"which no import finds by its name: {CURE}."
            )
        return self.brought(value, module, name)

    def brought(self, value, module, wanted):
        """Return the name that an import line gives to a name of a module."""
        name, number = wanted, 1
        while self.names.get(name, value) is not value:
            number += 1
            name = f"{wanted}_{number}"
        self.names[name] = value
        renamed = "" if name == wanted else f" as {name}"
        self.lines.add(f"from {module} import {wanted}{renamed}")
        return name


def _is_alike(value, other):
    """Whether an estimator is another one or a clone of it."""
    if value is other:
        return True
    if type(value) is not type(other):
        return False
    if hasattr(type(value), "get_params"):
        value, other = value.get_params(deep=False), other.get_params(deep=False)
    if isinstance(value, list | tuple):
        return len(value) == len(other) and all(map(_is_alike, value, other))
    if isinstance(value, dict):
        return list(value) == list(other) and all(
            _is_alike(value[key], other[key]) for key in value
        )
    try:
        return literal(value) == literal(other)
    except (NoLiteralError, RecursionError):
        return False


def _is_default(given, default):
    """Whether an argument may be left out: it is the default, or written like it."""
    if given is default:
        return True
    if type(given) is not type(default):
        return False
    if hasattr(default, "get_params"):
        return code_or_reason(given) == code_or_reason(default) != (None, None)
    try:
        return literal(given) == literal(default)
    except (NoLiteralError, RecursionError):
        return False


def _said(place):
    owner, parameter = (*place, None)[:2]
    return f"{owner}.{parameter}" if parameter else str(owner)


def _has_usual_names(value):
    """Whether `make_pipeline` makes this pipeline of its steps."""
    if type(value) is not Pipeline:
        return False
    made = make_pipeline(*(step for _, step in value.steps))
    mine, usual = (p.get_params(deep=False) for p in (value, made))
    return [name for name, _ in mine.pop("steps")] == [
        name for name, _ in usual.pop("steps")
    ] and mine == usual


def _plain_object(value):
    """Return the parameters of a splitter or the like, or None if it is none.

    It has no ``get_params``; its attributes are the arguments of its constructor.
    """
    is_splitter = all(hasattr(type(value), m) for m in ("split", "get_n_splits"))
    if not is_splitter and type(value).__module__.split(".")[0] != "sklearn":
        return None
    try:
        known = signature(type(value).__init__).parameters.values()
    except (TypeError, ValueError):
        return None
    held = {**getattr(value, "cvargs", {}), **getattr(value, "__dict__", {})}
    names = [
        p.name
        for p in list(known)[1:]
        if p.kind not in (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD)
    ]
    if not all(name in held for name in names):
        return None
    return {name: held[name] for name in names}


def _is_name(name):
    return isinstance(name, str) and name.isidentifier() and not iskeyword(name)


def _module_of(value, name):
    """Return the shortest module that has a class or function by its name, or None.

    Functions of private modules may be gone in the next release.
    """
    whole = getattr(value, "__module__", None)
    if not isinstance(whole, str) or whole == "__main__" or not _is_name(name):
        return None
    parts = whole.split(".")
    if not all(map(_is_name, parts)):
        return None
    if isinstance(value, FunctionType):
        parts = list(takewhile(lambda part: not part.startswith("_"), parts))
    for length in range(1, len(parts) + 1):
        module = ".".join(parts[:length])
        try:
            found = sys.modules.get(module) or import_module(module)
        except ImportError:
            continue
        if getattr(found, name, None) is value:
            return module
    return None
