"""Bring remedies into scikit-learn: wrappers, chains, and the rule that binds them."""

from ._apply import apply_remedy
from ._chain import RemedyChain
from ._remedied import RemediedClassifier, RemediedRegressor

__all__ = ["RemediedClassifier", "RemediedRegressor", "RemedyChain", "apply_remedy"]
