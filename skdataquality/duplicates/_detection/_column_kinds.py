"""Which columns hold texts that may be nearly equal, and which must be equal."""

import narwhals as nw
import numpy as np

from skdataquality.utils._frames import (
    are_documents,
    as_frame,
    as_rows,
    is_frame,
    iterate_columns,
    missing_mask,
)

FEWEST_WORDS = 3
FEWEST_SIGNS = 12  # of a script that puts no blanks between words
MOST_REPEATED = 5  # times that a text occurs, in the mean
_CATEGORIES = (nw.Categorical, nw.Enum)


def text_columns(X):
    """Names of the columns of texts of several words that are mostly different.

    Codes, names of one or two words and sentences of which a few are chosen again and
    again are categories. A sequence of texts is a column of texts whatever they are.
    """
    if are_documents(X):
        cells = as_rows(X)[:, 0].tolist()
        return [0] if all(isinstance(cell, str | bytes) for cell in cells) else []
    if not is_frame(X) and X.dtype.kind not in "OUT":
        return []
    declared = _declared_categories(X)
    return [
        name
        for name, cells in iterate_columns(X)
        if name not in declared and _is_prose(cells)
    ]


def column_kinds(names, texts, numbers):
    """Say of each column whether it holds texts, numbers or categories."""
    texts, numbers = set(texts), set(numbers)
    return {
        name: "text" if name in texts else "number" if name in numbers else "category"
        for name in names
    }


def _declared_categories(X):
    if not is_frame(X):
        return set()
    schema = as_frame(X).schema
    return {name for name, kind in schema.items() if kind in _CATEGORIES}


def _is_prose(cells):
    if cells.dtype.kind not in "OUT":
        return False
    known = cells[~missing_mask(cells)].tolist()
    if not known or not all(isinstance(cell, str) for cell in known):
        return False
    distinct = set(known)
    if len(distinct) * MOST_REPEATED < len(known):
        return False
    return bool(np.mean([_has_words(text) for text in distinct]) >= 0.5)


def _has_words(text):
    if len(text.split(None, FEWEST_WORDS)) >= FEWEST_WORDS:
        return True
    return len(text) >= FEWEST_SIGNS and not text.isascii()
