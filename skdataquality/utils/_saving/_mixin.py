"""What a saved estimator says of the version that saved it."""

import warnings
from typing import Any

import skdataquality
from skdataquality.exceptions import VersionMismatchWarning

_KEY = "_skdataquality_version"


class PersistenceMixin:
    """Name the version in what is saved; warn if another one loads it.

    A mixin for estimators, before :class:`~sklearn.base.BaseEstimator`. A subclass that
    has attributes which can be saved in fewer bytes defines ``_pack(state)`` and
    ``_unpack(state)``; both may change the dict, but nothing in it.
    """

    def _pack(self, state):
        """Make what is saved smaller."""

    def _unpack(self, state):
        """Undo ``_pack``."""

    def __getstate__(self):
        state: dict[str, Any] = dict(super().__getstate__())  # type: ignore[call-overload]
        state[_KEY] = skdataquality.__version__
        self._pack(state)
        return state

    def __setstate__(self, state):
        state = dict(state)
        version = state.pop(_KEY, "unknown")
        if version != skdataquality.__version__:
            warnings.warn(  # in the same words for what it holds, to be shown once
                f"an estimator was saved by skdataquality {version} and is loaded by "
                f"{skdataquality.__version__}, which may fail or predict otherwise: "
                f"fit it again, or install the version that saved it.",
                VersionMismatchWarning,
                stacklevel=2,
            )
        self._unpack(state)
        super().__setstate__(state)  # type: ignore[misc]
