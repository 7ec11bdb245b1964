"""Columns that name a row instead of describing it."""

import re
from dataclasses import dataclass

import numpy as np

from skdataquality.leakage._levels import iterate_columns
from skdataquality.utils._duplicate_rows import duplicate_groups
from skdataquality.utils._frames import as_rows
from skdataquality.utils._sklearn import take_rows
from skdataquality.utils._validation import missing_mask

FEWEST_ROWS = 20
UNIQUE = 0.99  # of the distinct rows
EXPECTED_TIES = 10.0  # were the numbers measured and not given out
INDEX_NAME = re.compile(
    r"(unnamed:? ?\d*|index|level_\d+|__index_level_\d+__|row|row_?(id|no|num|nr)|)",
    re.I,
)
ID_WORDS = {"id", "ids", "uuid", "guid", "key", "idx", "identifier", "pk", "hash"}
ONE_WORD = re.compile(r"[^\s]{4,}")


@dataclass(frozen=True)
class Identifier:
    """A column whose values tell rows apart.

    Attributes
    ----------
    column : str or int
    kind : {"index", "identifier"}
        A leftover index numbers the rows of the table itself.
    reason : str
    """

    column: str | int
    kind: str
    reason: str


def find_identifiers(X):
    """Find leftover index columns and identifiers.

    A column is one if (nearly) every distinct row has its own value and the value
    cannot be a measurement: whole numbers so dense that measured ones would collide, a
    name such as "customer_id", or unbroken words with digits in them. Fractions, and
    texts of several words, never are.

    Parameters
    ----------
    X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)

    Returns
    -------
    identifiers : list of Identifier
        In the order of the columns.

    Examples
    --------
    >>> import pandas as pd
    >>> from skdataquality.leakage import find_identifiers
    >>> X = pd.DataFrame({"Unnamed: 0": range(50), "age": [30, 41] * 25})
    >>> X["order"] = [f"A-{1000 + 7 * k}" for k in range(50)]
    >>> [(found.column, found.kind) for found in find_identifiers(X)]
    [('Unnamed: 0', 'index'), ('order', 'identifier')]
    """
    X = as_rows(X)
    if X.shape[0] < FEWEST_ROWS:
        return []
    distinct = np.unique(duplicate_groups(X))
    if distinct.shape[0] < FEWEST_ROWS:
        return []
    found = (
        _judge(name, values) for name, values in iterate_columns(take_rows(X, distinct))
    )
    return [identifier for identifier in found if identifier]


def _judge(name, values):
    missing = missing_mask(values)
    known = values[~missing]
    if known.shape[0] < max(FEWEST_ROWS, UNIQUE * values.shape[0]):
        return None
    if known.dtype.kind == "f" and np.array_equal(known, np.floor(known)):
        known = known.astype(np.int64) if np.abs(known).max() < 2**53 else known
    if known.dtype.kind in "iu":
        return _judge_numbers(name, known)
    if known.dtype.kind in "OUT":
        return _judge_texts(name, known)
    return None


def _judge_numbers(name, known):
    distinct = np.unique(known)
    if distinct.shape[0] < UNIQUE * known.shape[0]:
        return None
    span = float(distinct[-1]) - float(distinct[0]) + 1
    n = known.shape[0]
    numbered = n * (n - 1) / (2 * span) >= EXPECTED_TIES
    from_the_start = distinct[0] in (0, 1) and bool((np.diff(known) == 1).all())
    if INDEX_NAME.fullmatch(str(name)) and isinstance(name, str) and numbered:
        return Identifier(name, "index", "it numbers the rows of the table")
    if from_the_start and not isinstance(name, str):
        return Identifier(name, "index", "it counts the rows from the first")
    if numbered:
        return Identifier(
            name, "identifier", "whole numbers, each used once and too dense to measure"
        )
    if _is_called_id(name):
        return Identifier(name, "identifier", "its name, and a value for each row")
    return None


def _judge_texts(name, known):
    texts = known.tolist()
    if not all(isinstance(text, str) for text in texts[:100]):
        return None
    if len(set(map(str, texts))) < UNIQUE * len(texts):
        return None
    words = [bool(ONE_WORD.fullmatch(str(text))) for text in texts]
    if np.mean(words) < 0.95:
        return None
    digits = np.mean([any(c.isdigit() for c in str(text)) for text in texts])
    if digits >= 0.9 or _is_called_id(name):
        return Identifier(name, "identifier", "one word for each row")
    return None


def _is_called_id(name):
    parts = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", str(name))
    return bool(ID_WORDS & set(re.split(r"[^a-z0-9]+", parts.lower())))
