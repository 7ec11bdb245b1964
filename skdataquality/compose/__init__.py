"""Bring remedies into scikit-learn: wrappers, chains, and the rule that binds them."""

from ._apply import apply_remedy
from ._base import BaseWrapper
from ._chain import RemedyChain
from ._edit import Edit
from ._remedied import RemediedClassifier, RemediedRegressor
from ._wrappers import ClassifierWrapper, RegressorWrapper

__all__ = [
    "BaseWrapper",
    "ClassifierWrapper",
    "Edit",
    "RegressorWrapper",
    "RemediedClassifier",
    "RemediedRegressor",
    "RemedyChain",
    "apply_remedy",
]
