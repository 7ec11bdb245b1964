"""Exact Jaccard similarity of pairs of texts."""

import numpy as np

from skdataquality.duplicates._texts._shingles import (
    MOST_SETS,
    shingle_sets,
    text_blocks,
)

_BLOCK = 1 << 21  # characters of the texts of the pairs


def pair_similarities(texts, lengths, first, second, size):
    """Jaccard similarity of the sets of shingles of each pair.

    Texts are shingled anew for each block of pairs: fastest if those of a text follow
    each other.
    """
    out = np.empty(first.size)
    work = lengths[first] + lengths[second] + 1
    for block in text_blocks(work, _BLOCK):
        for start in range(block.start, block.stop, MOST_SETS // 2):
            part = slice(start, min(start + MOST_SETS // 2, block.stop))
            out[part] = _similarities(texts, first[part], second[part], size)
    return out


def _similarities(texts, first, second, size):
    rows, place = np.unique(np.concatenate([first, second]), return_inverse=True)
    sets = shingle_sets([texts[row] for row in rows.tolist()], size)
    first, second = place[: first.size], place[first.size :]
    n_shingles = np.diff(sets.indptr)
    shared = np.diff(sets[first].multiply(sets[second]).indptr)
    return jaccard(shared, n_shingles[first], n_shingles[second])


def jaccard(shared, n_first, n_second):
    """Jaccard similarity of sets from their sizes and what they share."""
    return shared / (n_first + n_second - shared)
