"""Bring remedies into scikit-learn: wrappers, chains, and the rule that binds them."""

from skdataquality.compose._apply import apply_remedy
from skdataquality.compose._base import BaseWrapper
from skdataquality.compose._chain import RemedyChain
from skdataquality.compose._edit import Edit
from skdataquality.compose._remedied import RemediedClassifier, RemediedRegressor
from skdataquality.compose._usable_columns import UsableColumns
from skdataquality.compose._wrappers import ClassifierWrapper, RegressorWrapper

__all__ = [
    "BaseWrapper",
    "ClassifierWrapper",
    "Edit",
    "RegressorWrapper",
    "RemediedClassifier",
    "RemediedRegressor",
    "RemedyChain",
    "UsableColumns",
    "apply_remedy",
]
