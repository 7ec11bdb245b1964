"""Every column as a few levels, whose rows can be counted by class."""

import re
from dataclasses import dataclass

import narwhals as nw
import numpy as np
import scipy.sparse as sp
from sklearn.feature_extraction.text import CountVectorizer

from skdataquality.utils._duplicate_rows import duplicate_groups
from skdataquality.utils._frames import as_frame, column_as_array, is_frame
from skdataquality.utils._validation import missing_mask

MAX_BINS = 32  # of a number
MAX_LEVELS = 1000  # of a category; rarer ones share a level
MAX_WORDS = 500
WORDY = 2.0  # mean words a cell: from here on a text is read word by word
TEXT = (nw.String, nw.Categorical, nw.Enum, nw.Object)


@dataclass(frozen=True)
class View:
    """One way to look at a column.

    Attributes
    ----------
    column : str or int
        Name, or position where there are no names.
    what : str
        "value", "missing or not" or the word looked for.
    levels : ndarray of shape (n_samples,), int
        Level of each row; a missing value is a level of its own.
    """

    column: str | int
    what: str
    levels: np.ndarray


def column_names(X):
    """Names of the columns of a frame; positions for anything else."""
    return list(as_frame(X).columns) if is_frame(X) else list(range(X.shape[1]))


def iterate_columns(X):
    """Yield name and cells of every column, as a 1-D array."""
    if is_frame(X):
        for column in as_frame(X).iter_columns():
            yield column.name, column_as_array(column)
    elif sp.issparse(X):
        columns = sp.csc_array(X)
        for j in range(columns.shape[1]):
            yield j, columns[:, [j]].toarray().ravel()
    else:
        yield from enumerate(np.asarray(X).T)


def views_of(name, values, codes, n_classes):
    """Yield the views of one column.

    Parameters
    ----------
    name : str or int
    values : ndarray of shape (n_samples,)
    codes : ndarray of shape (n_samples,), int
        Class of each row: a word is chosen by how well it tells one.
    n_classes : int
    """
    missing = missing_mask(values)
    if values.dtype.kind in "fiubmM":
        yield View(name, "value", _number_levels(values, missing))
    else:
        yield View(name, "value", _category_levels(values))
        word = _telling_word(values, missing, codes, n_classes)
        if word is not None:
            yield View(name, f"the word {word[0]!r}", word[1])
    if missing.any() and not missing.all():
        yield View(name, "missing or not", missing.astype(np.intp))


def _number_levels(values, missing):
    """Quantile bins, or the values themselves where there are few."""
    if values.dtype.kind in "mM":
        values = values.view(np.int64)
    with np.errstate(invalid="ignore"):
        known = values[~missing].astype(float)
    distinct = np.unique(known)
    if distinct.size > MAX_BINS:
        shares = np.linspace(0, 1, MAX_BINS + 1)[1:-1]
        edges = np.unique(np.quantile(known, shares, method="inverted_cdf"))
    else:
        edges = distinct[:-1]
    levels = np.zeros(values.shape[0], dtype=np.intp)
    levels[~missing] = 1 + np.searchsorted(edges, known)
    return levels


def _category_levels(values):
    """Levels by falling number of rows; beyond the largest ones, one for the rest."""
    groups = duplicate_groups(values.reshape(-1, 1))
    _, member, size = np.unique(groups, return_inverse=True, return_counts=True)
    rank = np.empty(size.shape[0], dtype=np.intp)
    rank[np.argsort(-size, kind="stable")] = np.arange(size.shape[0])
    rank[size == 1] = MAX_LEVELS
    return np.minimum(rank, MAX_LEVELS)[member]


def _telling_word(values, missing, codes, n_classes):
    """Word whose presence differs most between one class and the others."""
    texts = ["" if gone else str(v) for v, gone in zip(values, missing, strict=True)]
    n_words = sum(len(re.findall(r"\w+", text)) for text in texts[:1000])
    if n_words < WORDY * max(1, sum(map(bool, texts[:1000]))):
        return None
    counter = CountVectorizer(binary=True, max_features=MAX_WORDS, min_df=5)
    try:
        presence = counter.fit_transform(texts)
    except ValueError:  # no word occurs often enough
        return None
    of_class = np.eye(n_classes)[codes]
    size = of_class.sum(axis=0)
    inside = presence.T @ of_class
    outside = inside.sum(axis=1, keepdims=True) - inside
    apart = np.abs(
        inside / np.maximum(size, 1) - outside / np.maximum(codes.size - size, 1)
    )
    best = int(apart.max(axis=1).argmax())
    word = counter.get_feature_names_out()[best]
    return str(word), presence[:, [best]].toarray().ravel().astype(np.intp)
