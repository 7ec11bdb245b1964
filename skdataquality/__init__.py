"""Diagnose, fix and prove: training-data quality for scikit-learn.

>>> import numpy as np
>>> from skdataquality import diagnose
>>> rng = np.random.default_rng(0)
>>> X = rng.normal(size=(200, 3))
>>> y = X.sum(axis=1) > 0
>>> report = diagnose(np.vstack([X, X[:40]]), np.append(y, y[:40]))
>>> report.lenses["duplicates"].verdict
'found'
"""

from importlib import import_module

__version__ = "0.1.0.dev0"

_ROOMS = (
    "active_learning",
    "compose",
    "datasets",
    "diagnosis",
    "duplicates",
    "imbalance",
    "label_noise",
    "leakage",
    "model_selection",
    "provenance",
    "report",
    "review",
    "shift",
    "tables",
    "weak_supervision",
    "workflows",
)
_MODULES = ("base", "estimator_checks", "exceptions", "lineage")

__all__ = ["__version__", "diagnose", "show_versions", *_ROOMS, *_MODULES]


def __getattr__(name):
    if name == "diagnose":
        return import_module("skdataquality.diagnosis").diagnose
    if name in _ROOMS + _MODULES:
        return import_module(f"skdataquality.{name}")
    raise AttributeError(f"module 'skdataquality' has no attribute {name!r}")


def __dir__():
    return sorted(__all__)


def show_versions():
    """Print the versions of Python and of the libraries that results depend on.

    Examples
    --------
    >>> import skdataquality
    >>> skdataquality.show_versions()  # doctest: +SKIP
    """
    import platform
    from importlib.metadata import PackageNotFoundError, version

    print(f"{'python':<18}{platform.python_version()}")
    print(f"{'skdataquality':<18}{__version__}")
    for library in (
        "numpy",
        "scipy",
        "scikit-learn",
        "imbalanced-learn",
        "narwhals",
        "pandas",
        "polars",
        "skrub",
    ):
        try:
            print(f"{library:<18}{version(library)}")
        except PackageNotFoundError:
            print(f"{library:<18}not installed")
