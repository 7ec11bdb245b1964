"""The option ``--estimator``: an object that is imported, and nothing else."""

import os
import sys
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path

import typer

from skdataquality.utils._code import Importable
from skdataquality.utils._printable import printable

FORM = "pass MODULE:OBJECT, such as my_models:boosting for my_models.py"


@dataclass(frozen=True, eq=False)
class ImportedEstimator(Importable):
    """An unfitted estimator and where it comes from.

    Attributes
    ----------
    is_here : bool
        Whether its module lies in the working directory.
    """

    is_here: bool


def imported_estimator(text):
    """Import what ``MODULE:OBJECT`` names; a class or function is called."""
    module, _, name = text.partition(":")
    if not (name.isidentifier() and all(p.isidentifier() for p in module.split("."))):
        raise typer.BadParameter(f"{text!r} names no object: {FORM}.")
    if os.getcwd() not in sys.path:
        sys.path.append(os.getcwd())  # the last, so that it hides no module
    found = _imported(module)
    if not hasattr(found, name):
        close = get_close_matches(name, vars(found), n=1)
        hint = f"; did you mean {module}:{close[0]}?" if close else ""
        place = getattr(found, "__file__", None) or "built in"
        raise typer.BadParameter(f"{module} ({place}) has no {name!r}{hint}")
    made = getattr(found, name)
    is_called = isinstance(made, type) or not hasattr(made, "fit")
    if is_called and callable(made):
        made = _called(made, text)
    _check(made, text)
    return ImportedEstimator(made, module, name, is_called, _is_here(found))


def _imported(module):
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{module}.".startswith(f"{error.name}."):
            raise typer.BadParameter(_failed(f"importing {module}", error)) from error
        raise typer.BadParameter(
            f"there is no module {error.name}, neither installed nor in "
            f"{os.getcwd()}: {FORM}."
        ) from error
    except (Exception, SystemExit) as error:  # of code that is not ours
        raise typer.BadParameter(_failed(f"importing {module}", error)) from error


def _called(make, text):
    try:
        return make()
    except (Exception, SystemExit) as error:  # of code that is not ours
        raise typer.BadParameter(_failed(f"calling {text}()", error)) from error


def _failed(what, error):
    said = printable((str(error).splitlines() or [""])[0])
    return f"{what} fails: {type(error).__name__}: {said}"


def _check(made, text):
    """Refuse what is no unfitted classifier or regressor."""
    from sklearn.base import is_classifier, is_regressor  # seconds; help needs it not

    has_all = all(hasattr(made, name) for name in ("fit", "predict", "get_params"))
    if isinstance(made, type) or not has_all:
        raise typer.BadParameter(
            f"{text} ({type(made).__name__}) is no estimator of scikit-learn: name a "
            f"classifier or regressor, or what makes one."
        )
    if not (is_classifier(made) or is_regressor(made)):
        raise typer.BadParameter(
            f"{text} ({type(made).__name__}) is neither classifier nor regressor."
        )
    if _is_fitted(made):
        raise typer.BadParameter(
            f"{text} is fitted already, maybe on rows of this table: name it unfitted."
        )


def _is_fitted(estimator):
    if hasattr(estimator, "__sklearn_is_fitted__"):
        return estimator.__sklearn_is_fitted__()
    return any(n.endswith("_") and not n.startswith("__") for n in vars(estimator))


def _is_here(module):
    paths = [getattr(module, "__file__", None), *getattr(module, "__path__", ())]
    here = Path.cwd().resolve()
    return any(Path(path).resolve().is_relative_to(here) for path in paths if path)
