"""Texts that share most of their character n-grams: :func:`similar_texts`."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

_BLOCK = 500  # texts that are compared with all others at a time
_BY_CHANCE = 0.5


@dataclass(frozen=True)
class TextPairs:
    """Pairs of texts, first < second, in rising order, and their Jaccard similarity.

    ``complete`` is False if some pairs may have been missed.
    """

    first: np.ndarray
    second: np.ndarray
    similarity: np.ndarray
    complete: bool


def similar_texts(texts, threshold=0.7, *, shingle_size=5):
    """Find the pairs of texts whose sets of n-grams overlap by a threshold at least."""
    grams = _gram_matrix(texts, shingle_size)
    size = np.diff(grams.indptr)
    found = []
    for start in range(0, grams.shape[0], _BLOCK):
        shared = sp.coo_array(grams[start : start + _BLOCK] @ grams.T)
        first, second = shared.coords[0] + start, shared.coords[1]
        similarity = shared.data / (size[first] + size[second] - shared.data)
        kept = (first < second) & (similarity >= threshold)
        found.append((first[kept], second[kept], similarity[kept]))
    if not found:
        none = np.empty(0, dtype=np.int64)
        return TextPairs(none, none, np.empty(0), True)
    first, second, similarity = map(np.concatenate, zip(*found, strict=True))
    order = np.lexsort((second, first))
    return TextPairs(first[order], second[order], similarity[order], True)


def chance_similarity(texts, *, shingle_size=5):
    """Return a similarity that chance does not reach in the collection."""
    return _BY_CHANCE


def _gram_matrix(texts, size):
    """One row of ones for each text; missing texts have none."""
    number: dict = {}
    columns, ends = [], [0]
    for text in texts:
        last = 0 if text is None else max(len(text) - size, 0) + 1
        grams = {(text or "")[i : i + size] for i in range(last)}
        columns += [number.setdefault(gram, len(number)) for gram in sorted(grams)]
        ends.append(len(columns))
    shape = (len(ends) - 1, max(len(number), 1))
    return sp.csr_array((np.ones(len(columns)), columns, ends), shape=shape)
