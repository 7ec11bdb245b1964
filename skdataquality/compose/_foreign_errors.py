"""What imbalanced-learn's samplers refuse, said with the cure."""

from contextlib import contextmanager

import numpy as np
import scipy.sparse as sp

from skdataquality.utils._frames import (
    as_numbers,
    iterate_columns,
    listed,
    missing_mask,
)
from skdataquality.utils._printable import printable
from skdataquality.utils._sklearn import InvalidParameterError

_KINDS = ValueError, TypeError, RuntimeError, LookupError, ArithmeticError
_GAPS = "NaN", "NAType", "infinity"  # words that errors hold
_TEXTS = "convert", "string", "numer", "DType"
_TYPES = "cast", "bool"
_COUNTS = "sampl", "class", "ratio"


@contextmanager
def explained(sampler, X, y):
    """Raise a ValueError with a cure where a sampler of imbalanced-learn fails."""
    try:
        yield
    except InvalidParameterError:  # names argument and value
        raise
    except _KINDS as error:
        if not type(sampler).__module__.startswith("imblearn."):
            raise
        first = printable(str(error).strip().partition("\n")[0])
        raise ValueError(
            f"{type(sampler).__name__} says: {first}\n{_cure(first, X, y)}"
        ) from error


def _cure(said, X, y):
    if any(word in said for word in _GAPS) and (gaps := _columns(X, _has_gaps)):
        return (
            f"Cells are missing or infinite in column(s) {listed(gaps)}: impute them "
            f"in a step before, or take RandomOverSampler or ClassBalanceWeighter, "
            f"which take rows as they are."
        )
    if any(word in said for word in _TEXTS) and (texts := _columns(X, _is_text)):
        return (
            f"Column(s) {listed(texts)} hold no numbers: encode them in a step before, "
            f"or take skdataquality.imbalance.SMOTE or RandomOverSampler."
        )
    if any(word in said for word in _TYPES):
        return (
            "It computes with plain numbers: convert the columns of X, by "
            "X.astype(float), or take skdataquality.imbalance.SMOTE, which keeps types."
        )
    if "feature" in said or not any(word in said for word in _COUNTS):
        return "Change its parameters, or take ClassBalanceWeighter, which reads no X."
    labels, counts = np.unique(y, return_counts=True)
    rarest = printable(repr(labels.tolist()[counts.argmin()]))
    return (
        f"It got {y.size} rows, {counts.min()} of the rarest class, {rarest}: lower "
        f"its numbers of neighbours, or change sampling_strategy (numbers of rows do "
        f"not suit folds), or take ClassBalanceWeighter, which weights any rows."
    )


def _columns(X, is_odd):
    if sp.issparse(X):
        return []
    return [name for name, cells in iterate_columns(X) if is_odd(cells)]


def _has_gaps(cells):
    infinite = cells.dtype.kind == "f" and np.isinf(cells).any()
    return infinite or missing_mask(cells).any()


def _is_text(cells):
    return as_numbers(cells, kinds="fiubO") is None
