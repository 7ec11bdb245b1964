"""Columns that name a row instead of describing it."""

import re
from dataclasses import dataclass
from uuid import UUID

import numpy as np
import scipy.sparse as sp
from scipy import stats

from skdataquality.utils._draws import draw_rows
from skdataquality.utils._duplicate_rows import duplicate_groups, repeated_rows
from skdataquality.utils._frames import (
    as_numbers,
    as_rows,
    is_called_id,
    iterate_columns,
    missing_mask,
    words_of,
)
from skdataquality.utils._shown import ShownResult
from skdataquality.utils._validation import check_feature_frame

FEWEST_ROWS = 20
UNIQUE = 0.99  # of the distinct rows
FEW_TIES_P = 5e-5  # of so few ties, were the numbers measured and not given out
INDEX_NAME = re.compile(
    r"(unnamed:? ?\d*|index|level_\d+|__index_level_\d+__|row|row_?(id|no|num|nr)|)",
    re.I,
)
MOST_EXACT = 2.0**53  # beyond it every float is whole
SHORT_NUMBER = re.compile(r"[-+]?\d{1,7}")
ONE_WORD = re.compile(r"[^\s]{4,}")
CODE = re.compile(r"(?=\d*[A-Z])[A-Z\d]{2,5}")  # of an airport, a share, a country
MEASURED = re.compile(  # a number with a fraction, a date, a time of day
    r"\W{0,2}\d+([.,]\d+)+(e[-+]?\d+)?[^\W\d_]{0,3}\W?"
    r"|\d{1,4}([-/.])\d{1,2}(\3\d{1,4})?(T\S*)?"
    r"|\d+:\d+\S*",
    re.I,
)

MOST_LOOKED_AT = 10_000
FEWEST_DIFFERENT = 10  # fewer are a handful of categories
FEWEST_NAMED = 20  # where the name alone says so
MOSTLY = 0.95
CONTENT = {
    "e-mail addresses": re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]{2,}"),
    "UUIDs": re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.I),
    "social security numbers": re.compile(r"\d{3}-\d{2}-\d{4}"),
    "phone numbers": re.compile(
        r"\+\d[\d ().\-/]{6,18}\d"
        r"|(\+?\d{1,2}[ .-])?(\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4}"
    ),
}
IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")
# a word of the name, and the digits that the values have then
NAMES = {
    "ssn": (7, 9),
    "iban": (2, 40),
    "passport": (5, 12),
    "phone": (7, 15),
    "telephone": (7, 15),
    "mobile": (7, 15),
    "fax": (7, 15),
}


@dataclass(frozen=True, repr=False)
class Identifier(ShownResult):
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

    A column is one if (nearly) every row has its own value, but for copied rows, and
    the value cannot be a measurement: whole numbers so dense that measured ones would
    collide, a name such as "customer_id" or "Unnamed: 0", unbroken words with digits or
    "@" in them, or codes of at most five capitals and digits. Fractions, dates, and
    texts of several words, never are. Ranks, and years of which each has one row,
    cannot be told from numbers that were given out.

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
    check_feature_frame(X)
    X = as_rows(X)
    rows = _rows_without_copies(X)
    if rows.shape[0] < FEWEST_ROWS:
        return []
    columns = iterate_columns(X, _full_columns(X))
    found = (_judge(name, values, rows) for name, values in columns)
    return [identifier for identifier in found if identifier]


def _rows_without_copies(X):
    """Rows of which each stands for its copies.

    All of them where chance makes rows equal, or most rows are copies: of a table that
    holds nothing but an age, each distinct row has its own.
    """
    first = np.unique(duplicate_groups(X))
    n = X.shape[0]
    copied = n / 2 <= first.shape[0] < n and repeated_rows(X) is not None
    return first if copied else np.arange(n)


def _full_columns(X):
    """Columns of a sparse matrix that are full enough to tell all rows apart."""
    if not sp.issparse(X):
        return None
    stored = np.diff(sp.csc_array(X).indptr)
    return np.flatnonzero(stored >= UNIQUE * X.shape[0] - 1).tolist()


def _judge(name, values, rows):
    missing = missing_mask(values)
    all_known = values[~missing]
    known = values[rows][~missing[rows]]
    if known.shape[0] < max(FEWEST_ROWS, UNIQUE * rows.shape[0]):
        return None
    numbers = _as_whole_numbers(all_known)
    if numbers is not None:
        return _judge_numbers(name, known.astype(numbers.dtype), numbers)
    return _judge_texts(name, known) if known.dtype.kind in "OUT" else None


def _as_whole_numbers(known):
    """Return whole numbers, or texts of few digits, as numbers; None for the rest."""
    if known.dtype.kind in "OUT" and all(
        isinstance(v, str) and SHORT_NUMBER.fullmatch(v) for v in known
    ):
        return known.astype(str).astype(np.int64)
    if known.dtype.kind not in "fiuO":
        return None
    numbers = as_numbers(known)
    if numbers is None or numbers.dtype.kind != "f":
        return numbers
    numbers = numbers.astype(float)
    # not finite, or so large that whole means nothing: no number that was given out
    is_whole = (np.abs(numbers) < MOST_EXACT) & (np.floor(numbers) == numbers)
    return numbers if is_whole.all() else None


def _judge_numbers(name, known, with_copies):
    distinct = np.unique(known)
    if distinct.shape[0] < UNIQUE * known.shape[0]:
        return None
    numbered = _is_too_dense(with_copies)
    known = known.astype(float)
    from_the_start = known.min() in (0, 1) and bool((np.diff(known) == 1).all())
    if isinstance(name, str) and INDEX_NAME.fullmatch(name):
        return Identifier(name, "index", "it numbers the rows of the table")
    if from_the_start and not isinstance(name, str):
        return Identifier(name, "index", "it counts the rows from the first")
    if numbered:
        return Identifier(
            name, "identifier", "whole numbers, each used once and too dense to measure"
        )
    if is_called_id(name):
        return Identifier(name, "identifier", "its name, and a value for each row")
    return None


def _is_too_dense(numbers):
    """Whether whole numbers are so rarely equal that they were given out, not measured.

    Measured ones are equal at least as often as if every value were as likely.
    """
    n = numbers.shape[0]
    size = np.unique(numbers, return_counts=True)[1].astype(float)
    ties = (size * (size - 1) / 2).sum()
    span = float(numbers.max()) - float(numbers.min()) + 1
    return stats.poisson.cdf(ties, n * (n - 1) / (2 * span)) < FEW_TIES_P


def _judge_texts(name, known):
    texts = known.tolist()
    if not all(isinstance(text, str | UUID) for text in texts):
        return None
    texts = list(map(str, texts))
    if len(set(texts)) < UNIQUE * len(texts):
        return None
    if np.mean([bool(CODE.fullmatch(text)) for text in texts]) >= 0.95:
        return Identifier(name, "identifier", "one code for each row")
    words = [
        bool(ONE_WORD.fullmatch(text) and not MEASURED.fullmatch(text))
        for text in texts
    ]
    if np.mean(words) < 0.95:
        return None
    digits = np.mean([any(c.isdigit() or c == "@" for c in text) for text in texts])
    if digits >= 0.9 or is_called_id(name):
        return Identifier(name, "identifier", "one word for each row")
    return None


def look_alikes(X, beside=()):
    """Name the columns that look like identifiers, each value on many rows or few.

    A name such as "user_id" (not "width"), or what nearly all values are: e-mail
    addresses, UUIDs, phone or social security numbers, IBANs. Ten values or more must
    be different, twenty where the name alone says so: fewer are categories.

    Parameters
    ----------
    X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
    beside : collection of columns
        Columns to leave out.

    Returns
    -------
    found : dict of column to str
        What each looks like.
    """
    X = as_rows(X)
    if not hasattr(X, "columns"):
        return {}
    rows = draw_rows(X.shape[0], MOST_LOOKED_AT, 0)
    found = {}
    for name, values in iterate_columns(X):
        if name in beside:
            continue
        values = values[rows]
        if said := _looks_like(name, values[~missing_mask(values)]):
            found[name] = said
    return found


def _looks_like(name, known):
    """Return what a column looks like, None for nothing of the kind."""
    if known.dtype.kind not in "iufOUT" or _is_fraction(known):
        return None
    texts = [_plain(value) for value in known.tolist()]
    different = set(texts)
    if len(different) < FEWEST_DIFFERENT or not all(
        isinstance(text, str) for text in texts
    ):
        return None
    for kind, pattern in CONTENT.items():
        if _mostly(pattern.fullmatch, texts):
            return kind
    if _mostly(_is_iban, texts):
        return "IBANs"
    words = words_of(name)
    for word, (fewest, most) in NAMES.items():
        if word in words and _mostly(_has_digits(fewest, most), texts):
            return "its name"
    is_called_so = is_called_id(name) and "key" not in words  # of a piano, of a table
    if not is_called_so or len(different) < FEWEST_NAMED:
        return None
    is_measured = _mostly(lambda t: " " in t or MEASURED.fullmatch(t), texts)
    return None if is_measured else "its name"


def _is_fraction(known):
    if known.dtype.kind != "f":
        return False
    finite = known[np.isfinite(known)]
    return bool((finite != np.floor(finite)).any())


def _plain(value):
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, int | UUID) and not isinstance(value, bool):
        return str(value)
    return value.strip() if isinstance(value, str) else None


def _mostly(is_one, texts):
    return np.mean([bool(is_one(text)) for text in texts]) >= MOSTLY


def _has_digits(fewest, most):
    def has(text):
        return fewest <= sum(c.isdigit() for c in text) <= most

    return has


def _is_iban(text):
    text = text.replace(" ", "").upper()
    if not IBAN.fullmatch(text):
        return False
    return int("".join(str(int(c, 36)) for c in text[4:] + text[:4])) % 97 == 1
