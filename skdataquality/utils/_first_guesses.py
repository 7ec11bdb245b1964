"""What is said to an object in the wrong place: which one belongs there."""

import difflib
import importlib
from collections.abc import Mapping
from numbers import Number
from pathlib import Path
from reprlib import repr as shortened

import numpy as np
import scipy.sparse as sp
from sklearn.base import is_classifier, is_regressor

from skdataquality.utils._frames import is_frame

_REMEDY_MODULES = (
    "imblearn.over_sampling",
    "imblearn.under_sampling",
    "imblearn.combine",
)
_EXAMPLES = {
    "estimator": "LogisticRegression() from sklearn.linear_model",
    "detector": "LabelErrorDetector() from skdataquality.label_noise",
    "weighter": "DiscriminatorWeighter() from skdataquality.shift",
}
_OWN_REMEDIES = {
    "Deduplicator": "skdataquality.duplicates",
    "ClassBalanceWeighter": "skdataquality.imbalance",
    "LabelErrorPruner": "skdataquality.label_noise",
    "LabelErrorCorrector": "skdataquality.label_noise",
    "LabelQualityWeighter": "skdataquality.label_noise",
    "DiscriminatorWeighter": "skdataquality.shift",
}
_NAMES_OF_NOTHING = ("nothing", "none", "None", "passthrough")
# parameters that hold one object with a fit, and what that should be
ROLES = {
    "estimator": "estimator",
    "noise_estimator": "estimator",
    "detector": "detector",
    "remedy": "remedy",
    "weighter": "weighter",
}


def first_guess(owner):
    """Return what to say of a constructor argument in the wrong place, or None."""
    parameters = owner.get_params(deep=False)
    for name, role in ROLES.items():
        value = parameters.get(name)
        if value is None or _is_option(owner, name, value):
            continue
        said = wrong_object(name, value, role, owner)
        if said:
            return said
    remedies = parameters.get("remedies")
    for position, remedy in enumerate(remedies if _is_list(remedies) else ()):
        if isinstance(remedy, tuple) and len(remedy) == 2:  # a step with its name
            remedy = remedy[1]
        said = remedy is not None and wrong_object(
            f"remedies[{position}]", remedy, "remedy", owner
        )
        if said:
            return said
    return None


def refuse_parameters_of_none(owner, params):
    """Refuse parameters of an object, as in a grid, where the object is None.

    Raises
    ------
    ValueError
    """
    own = owner.get_params(deep=False) | params
    for key in params:
        name, nested, parameter = key.partition("__")
        if nested and name in own and own[name] is None:
            example = _EXAMPLES.get(ROLES.get(name, ""), f"an object as {name}")
            raise ValueError(
                f"{key} cannot be set, for {name} is None: pass for example {example}, "
                f"to set its {parameter.partition('__')[0]}."
            )


def _is_option(owner, name, value):
    """Whether the parameter takes this very text beside objects."""
    allowed = getattr(owner, "_parameter_constraints", {}).get(name, [])
    return isinstance(value, str) and any(
        value in getattr(kind, "options", ()) for kind in allowed
    )


def wrong_object(name, value, role, owner=None):
    """Return what to say if the value cannot play the role, or None.

    Parameters
    ----------
    name : str
        Of the argument.
    value : object
    role : {"estimator", "detector", "remedy", "weighter"}
    owner : estimator, default=None
        Whose parameter it is.

    Returns
    -------
    said : str or None
    """
    if isinstance(value, type):
        return (
            f"{name}={value.__name__} is a class: pass an instance, {value.__name__}()."
        )
    if isinstance(value, str):
        return _of_a_text(name, value, role, owner)
    if is_frame(value) or sp.issparse(value) or isinstance(value, np.ndarray):
        return (
            f"{name} is a {type(value).__name__} of shape {value.shape}: the data come "
            f"after it, in (estimator, X, y) or in fit(X, y)."
        )
    if isinstance(value, list | tuple | Mapping | Number):
        return _of_a_collection(name, value, role)
    return _of_an_object(name, value, role, owner)


def _of_a_text(name, value, role, owner):
    example = _EXAMPLES.get(role)
    if role == "detector":
        example = getattr(owner, "_detector_example", example)
    if role == "remedy" and value in _NAMES_OF_NOTHING:
        return f"{name}={value!r} is a text: to change nothing pass None."
    if example is None:
        known = {_plain(cls): f"{cls}() from {home}" for cls, home in _remedies()}
        close = difflib.get_close_matches(_plain(value), known, 1, cutoff=0.5)
        example = known[close[0] if close else "randomundersampler"]
    return f"{name}={value!r} is a text: pass an object, for example {example}."


def _plain(name):
    return "".join(filter(str.isalnum, name)).casefold()


def _remedies():
    yield from _OWN_REMEDIES.items()
    for module in _REMEDY_MODULES:
        for cls in importlib.import_module(module).__all__:
            yield cls, module


def _is_list(value):
    return isinstance(value, list | tuple)


def _of_a_collection(name, value, role):
    if role == "remedy" and _is_list(value):
        return (
            f"{name} is a {type(value).__name__} of {len(value)}: several remedies are "
            f"one RemedyChain([...]) from skdataquality.compose."
        )
    return (
        f"{name}={shortened(value)} is of type {type(value).__name__}: pass one {role}."
    )


def _of_an_object(name, value, role, owner):
    said = f"{name}={_short(value)}"
    keyword = getattr(type(value), "_passed_as", None)
    if keyword is not None:
        return f"{said} holds rows: pass it by name, {keyword}=..."
    changes_rows = any(
        hasattr(value, method)
        for method in ("fit_resample", "predict_weight", "edit_rows")
    )
    actor = getattr(type(value), "_acted_on_by", None)
    if role == "remedy" and actor is not None:
        return (
            f"{said} is a detector, which finds rows and changes none: pass "
            f"{actor}({type(value).__name__}(...)) from "
            f"{_OWN_REMEDIES.get(actor, 'skdataquality.label_noise')}."
        )
    if role == "remedy" and not changes_rows and hasattr(value, "estimator"):
        return (
            f"{said} is a wrapper, not a remedy: give it the model, "
            f"{type(value).__name__}(estimator, ...), and use it instead."
        )
    if role == "remedy" and not changes_rows and _is_model(value):
        return (
            f"{said} is a model, not a remedy: the model is the argument 'estimator', "
            f"a remedy is a row sampler or a weighter."
        )
    if role == "weighter" and not hasattr(value, "predict_weight"):
        return f"{said} weights no rows: pass for example {_EXAMPLES[role]}."
    example = getattr(owner, "_detector_example", None)
    if role == "detector" and example is not None and _is_model(value):
        return f"{said} is a model, not a detector: pass {example}."
    if role == "detector" and _is_model(value):
        return (
            f"{said} is a model, not a detector: pass {_detector_of(owner)}"
            f"({type(value).__name__}(...)) from skdataquality.label_noise."
        )
    if role == "detector" and changes_rows:
        return f"{said} changes rows itself: pass the detector alone."
    if role != "estimator" or hasattr(value, "predict"):
        return _of_a_regressor(name, value, owner)
    if changes_rows:
        return (
            f"{said} is a remedy: pass the model first, as in "
            f"RemediedClassifier(estimator, {type(value).__name__}(...))."
        )
    if actor is not None:
        return (
            f"{said} is a detector, which predicts nothing: pass the model, and the "
            f"detector as {actor}({type(value).__name__}(...))."
        )
    return None


def _of_a_regressor(name, value, owner):
    """Name the detector for numbers where probabilities of classes are wanted."""
    wanted = getattr(owner, "_parameter_constraints", {}).get(name, ())
    if isinstance(wanted, str) or not (_is_model(value) and is_regressor(value)):
        return None
    if not any("predict_proba" in getattr(each, "methods", ()) for each in wanted):
        return None
    numbers = hasattr(owner, "_acted_on_by")
    return (
        f"{name}={_short(value)} is a regressor, and {type(owner).__name__} needs "
        f"a classifier"
        + ("; for numbers use RegressionErrorDetector." if numbers else ".")
    )


def _is_model(value):
    has_tags = hasattr(value, "__sklearn_tags__")
    return has_tags and (is_classifier(value) or is_regressor(value))


def _detector_of(owner):
    return getattr(owner, "_default_detector", "LabelErrorDetector")


def _short(value):
    text = " ".join(repr(value).split())
    return text if len(text) <= 80 else f"{type(value).__name__}(...)"


def is_path(value):
    """Whether a value is the name of a file."""
    return isinstance(value, Path) or (
        isinstance(value, str) and bool(Path(value).suffix) and " " not in value
    )
