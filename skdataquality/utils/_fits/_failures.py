"""What to say when an estimator of the user fails on a table."""

import traceback
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import narwhals as nw
import numpy as np
import scipy.sparse as sp

from skdataquality.utils._frames import (
    as_frame,
    as_numbers,
    as_rows,
    is_frame,
    iterate_columns,
    listed,
    missing_mask,
    reading_of,
)
from skdataquality.utils._printable import printable
from skdataquality.utils._validation import refuse_mixed_names

HERE = str(Path(__file__).parents[2])
MOST_LETTERS = 150
# by what is odd about a column: what Input X contains, said of it
CELLS = {"missing": "NaN", "infinite": "infinity", "large": "numbers beyond 1e30"}


class Oddity(NamedTuple):
    """Why a column is not plain numbers.

    ``kind`` is one of ``CELLS``, "stored" (numbers, in another type) or "no number".
    """

    kind: str
    said: str


@contextmanager
def explained_failures(estimator, X, *, name="estimator"):
    """Say which columns an estimator could not use, if it fails.

    Errors of our own pass as they are, for they say what is wrong.
    """
    try:
        yield
    except Exception as error:
        if traceback.extract_tb(error.__traceback__)[-1].filename.startswith(HERE):
            raise
        first = printable((str(error).strip().splitlines() or [""])[0])
        said = first if len(first) <= MOST_LETTERS else f"{first[:MOST_LETTERS]}..."
        raise ValueError(
            f"{name}={type(estimator).__name__} failed on X: {type(error).__name__}: "
            f"{said}\n{_advice(X)}"
        ) from error


def refuse_odd_columns(estimator, X, *, sparse=False, cells=True):
    """Refuse what an estimator of numbers cannot take, naming the columns.

    ``cells``: missing and infinite ones too, and numbers whose squares overflow.
    """
    refuse_mixed_names(X)
    name = type(estimator).__name__
    if sp.issparse(X):
        if sparse:
            return
        raise ValueError(
            f"X is a sparse matrix of shape {X.shape} and {name} needs dense rows: "
            f"pass X.toarray(), or reduce it first, for example by TruncatedSVD."
        )
    X = as_rows(X)
    if not is_frame(X) and (X.ndim != 2 or X.dtype.kind in "cO"):
        flat = X.ravel() if X.ndim == 2 and X.dtype.kind == "O" else None
        if flat is None or as_numbers(flat) is None:
            return  # judged by the checks that follow
    refused = {"no number", *(CELLS if cells else ())}
    odd = {c: why for c, why in odd_columns(X).items() if why.kind in refused}
    if not odd:
        return
    kinds = {why.kind for why in odd.values()}
    if "no number" in kinds:
        what = "what is no number"
    else:
        what = " and ".join(said for kind, said in CELLS.items() if kind in kinds)
    named = listed([f"{column} ({why.said})" for column, why in odd.items()])
    raise ValueError(
        f"Input X contains {what}, and {name} takes finite numbers only. Columns: "
        f"{named}. Fill or encode them, or leave them out."
    )


def _advice(X):
    odd = odd_columns(X)
    if not odd:
        return "It sees every column as it is: fit it on X and y alone to see why."
    named = listed([f"{column} ({why.said})" for column, why in odd.items()])
    return (
        f"It sees every column as it is, these too: {named}. Leave them out, put "
        f"skdataquality.compose.UsableColumns() in front, or pass estimator=None."
    )


def odd_columns(X):
    """Say of each column that is not plain numbers what else it holds."""
    if sp.issparse(X):
        return {}
    odd = {}
    for name, values in iterate_columns(X):
        why = _why_odd(values)
        if why is not None:
            odd[name] = why
    if is_frame(X):
        categories = Oddity("no number", "categories")
        types = as_frame(X).schema.items()
        odd |= {n: categories for n, t in types if t in (nw.Categorical, nw.Enum)}
    return odd


def _why_odd(values):
    reading = reading_of(values)
    if reading.kind not in ("number", "duration"):
        said = reading.note or {"moment": "dates"}.get(reading.kind, reading.kind)
        return Oddity("no number", said)
    missing = missing_mask(values)
    if missing.any():
        return Oddity("missing", f"{int(missing.sum())} missing cells")
    if values.dtype.kind == "f" and not np.isfinite(values).all():
        return Oddity("infinite", "infinite cells")
    if reading.exponent > 0:
        return Oddity("large", CELLS["large"])
    stored = {"m": "durations", "O": "objects"}.get(values.dtype.kind)
    return None if stored is None else Oddity("stored", stored)
