"""Every column as a few levels, whose rows can be counted by class."""

import re
from dataclasses import dataclass

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer

from skdataquality.utils._frames import (
    as_numbers,
    cell_codes,
    missing_mask,
    numbers_in_text,
)

MAX_BINS = 32  # of a number
MAX_LEVELS = 1000  # of a category; rarer ones share a level
MAX_WORDS = 500
WORDY = 2.0  # mean words a cell: from here on a text is read word by word


@dataclass(frozen=True)
class View:
    """One way to look at a column, called by its name, or position if there is none.

    ``what`` is "value", "number in text", "missing or not" or the word looked for; a
    missing value is a level of its own.
    """

    column: str | int
    what: str
    levels: np.ndarray


def views_of(name, values, codes, n_classes):
    """Yield the views of one column; a word is chosen by how well it tells a class."""
    missing = missing_mask(values)
    numbers = as_numbers(values)
    if numbers is not None:
        yield View(name, "value", _number_levels(numbers, missing))
    else:
        yield View(name, "value", _category_levels(values))
        written = numbers_in_text(values)
        if written is not None:
            levels = _number_levels(written, np.isnan(written))
            yield View(name, "number in text", levels)
        word = _telling_word(values, missing, codes, n_classes)
        if word is not None:
            yield View(name, f"the word {word[0]!r}", word[1])
    if missing.any() and not missing.all():
        yield View(name, "missing or not", missing.astype(np.int16))


def _number_levels(values, missing):
    """Quantile bins, or the values themselves where there are few."""
    known = values[~missing]
    ordered = np.sort(known)
    edges = ordered[:-1][ordered[:-1] != ordered[1:]]  # distinct, without the largest
    if edges.size >= MAX_BINS:
        cuts = np.arange(1, MAX_BINS) * ordered.size / MAX_BINS
        edges = np.unique(ordered[np.ceil(cuts).astype(int) - 1])
    levels = np.zeros(values.shape[0], dtype=np.int16)
    levels[~missing] = 1 + np.searchsorted(edges, known)
    return levels


def _category_levels(values):
    """Levels by falling number of rows; beyond the largest ones, one for the rest."""
    member = cell_codes(values)
    size = np.bincount(member)
    rank = np.empty(size.shape[0], dtype=np.int64)
    rank[np.argsort(-size, kind="stable")] = np.arange(size.shape[0])
    rank[size == 1] = MAX_LEVELS
    return np.minimum(rank, MAX_LEVELS).astype(np.int16)[member]


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
    best = int(presence_apart(presence, codes, n_classes).argmax())
    word = counter.get_feature_names_out()[best]
    return str(word), presence[:, [best]].toarray().ravel().astype(np.int16)


def presence_apart(presence, codes, n_classes):
    """Largest difference between a class and the others in the share of cells present.

    ``presence`` is sparse, 1 where a cell is present; the result has one for each
    column.
    """
    whole = presence.T @ np.ones(codes.shape[0])
    apart = np.zeros(presence.shape[1])
    for code in range(n_classes):
        is_class = codes == code
        inside = presence.T @ is_class.astype(float)
        size, others = max(is_class.sum(), 1), max((~is_class).sum(), 1)
        np.maximum(apart, np.abs(inside / size - (whole - inside) / others), out=apart)
    return apart
