"""The numbers that a sampler computed with."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from imblearn.over_sampling import SMOTENC
from sklearn.utils import check_array

from skdataquality.utils._frames import column_names, is_frame, iterate_columns
from skdataquality.utils._frames import select_columns as select

_KINDS = {"f": "f", "b": "b", "i": "i", "u": "i"}


@dataclass(frozen=True)
class Numbers:
    """Columns of numbers of the rows ``before`` and ``after``, as imbalanced-learn.

    ``kinds`` tell what each column was stored as in the end: "f", "i" where fractions
    were cut off, "b" for true and false. ``cells`` are the rows before, as given.
    """

    cells: Any
    before: Any
    after: Any
    kinds: np.ndarray

    @classmethod
    def of(cls, sampler, X, X_new):
        """Read what a fitted sampler was given and returned."""
        columns = getattr(sampler, "continuous_features_", None)
        if not isinstance(sampler, SMOTENC) or columns is None:
            before, after = X, X_new
        else:
            before, after = (_columns(rows, columns) for rows in (X, X_new))
        kinds = [_KINDS.get(cells.dtype.kind, "f") for _, cells in _stored(before)]
        before, after = map(_numbers, (before, after))
        default = np.full(before.shape[1], _KINDS.get(before.dtype.kind, "f"))
        return cls(X, before, after, np.array(kinds) if kinds else default)

    @property
    def are_floating(self):
        """Whether rows can lie between others, and their place be told."""
        return self.before.dtype.kind == "f"


def _stored(X):
    return iterate_columns(X) if is_frame(X) else ()


def _columns(X, positions):
    names = column_names(X)
    return select(X, [names[j] for j in positions])


def _numbers(X):
    return check_array(X, accept_sparse="csr", ensure_all_finite=False)
