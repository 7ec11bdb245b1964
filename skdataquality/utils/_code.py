"""Write an estimator as Python code that can be run."""

from importlib import import_module
from inspect import signature

import numpy as np
from sklearn.pipeline import Pipeline

PLAIN = Pipeline([]).get_params(deep=False) | {"steps": 0}


def as_code(estimator):
    """Return import lines and the expression that builds an estimator.

    Its parameters may hold estimators, lists of them, and plain values.

    >>> from sklearn.linear_model import LogisticRegression
    >>> from skdataquality.utils._code import as_code
    >>> as_code(LogisticRegression(C=0.5))["expression"]
    'LogisticRegression(C=0.5)'
    """
    imports: set[str] = set()
    expression = _expression(estimator, imports)
    return {"imports": sorted(imports), "expression": expression}


def _expression(value, imports):
    if hasattr(value, "_code_"):  # a handle for data: named, not printed
        imports.add(_import_line(type(value)))
        return value._code_
    if isinstance(value, list):
        return f"[{', '.join(_expression(v, imports) for v in value)}]"
    if isinstance(value, tuple):
        inner = ", ".join(_expression(v, imports) for v in value)
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    if not hasattr(value, "get_params") or isinstance(value, type):
        return repr(value.item() if isinstance(value, np.generic) else value)
    if type(value) is Pipeline and value.get_params(deep=False) | {"steps": 0} == PLAIN:
        imports.add("from sklearn.pipeline import make_pipeline")
        steps = ", ".join(_expression(step, imports) for _, step in value.steps)
        return f"make_pipeline({steps})"
    imports.add(_import_line(type(value)))
    return f"{type(value).__name__}({', '.join(_arguments(value, imports))})"


def _arguments(estimator, imports):
    known = signature(type(estimator).__init__).parameters
    for name, value in estimator.get_params(deep=False).items():
        default = known[name].default if name in known else None
        plain = isinstance(value, str | int | float) and value == default
        same = hasattr(default, "get_params") and repr(value) == repr(default)
        if value is default or plain or same:
            continue
        yield f"{name}={_expression(value, imports)}"


def _import_line(cls):
    """Import a class from the shortest public module that has it."""
    parts = cls.__module__.split(".")
    for length in range(1, len(parts) + 1):
        module = ".".join(parts[:length])
        if getattr(import_module(module), cls.__name__, None) is cls:
            break
    return f"from {module} import {cls.__name__}"
