"""The API reference lists every public name exactly once."""

import importlib
import pkgutil
import runpy
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest

import skdataquality

DOCS = Path(__file__).parents[1] / "docs"
LISTED = [
    (module, name)
    for _, _, module, names in runpy.run_path(str(DOCS / "api_reference.py"))[
        "API_REFERENCE"
    ]
    for name in names
]
ROOMS = ["skdataquality"] + [
    f"skdataquality.{info.name}"
    for info in pkgutil.iter_modules(skdataquality.__path__)
    if info.name != "utils" and not info.name.startswith("_")
]


def identity(module, name):
    """Return where an object is defined: re-exports are one name, not two."""
    obj = getattr(importlib.import_module(module), name)
    if hasattr(obj, "__qualname__"):
        return obj.__module__, obj.__qualname__
    return module, name


def test_every_listed_name_imports():
    for module, name in LISTED:
        identity(module, name)


@pytest.mark.parametrize("room", ROOMS)
def test_every_public_name_is_listed_exactly_once(room):
    listed = Counter(identity(*entry) for entry in LISTED)
    module = importlib.import_module(room)
    counts = {
        name: listed[identity(room, name)]
        for name in getattr(module, "__all__", ())
        if not name.startswith("_")
        and not isinstance(getattr(module, name), ModuleType)
    }
    wrong = {name: count for name, count in counts.items() if count != 1}
    assert not wrong, f"times listed in docs/api_reference.py, of {room}: {wrong}"
