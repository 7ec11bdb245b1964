"""Pairs of texts that are all but equal: :func:`similar_texts`."""

from dataclasses import dataclass
from numbers import Real

import numpy as np

from skdataquality.duplicates._texts._bands import banding_for
from skdataquality.duplicates._texts._buckets import Buckets
from skdataquality.duplicates._texts._distinct import DistinctTexts
from skdataquality.duplicates._texts._overlap import pair_similarities
from skdataquality.duplicates._texts._products import SetProducts, all_pairs
from skdataquality.duplicates._texts._shingles import check_shingle_size, text_lengths
from skdataquality.duplicates._texts._sketches import sketch_texts
from skdataquality.utils._shown import ShownResult

FEW_TEXTS = 1_000  # all pairs are compared
SOME_TEXTS = 12_000  # all pairs are compared if sketches would be poor
POOR_ROWS = 2  # hashes in a band: most pairs of texts are candidates
_CHARACTERS = 4_000_000  # of texts whose pairs are all compared
_WORK = 2e10  # additions of them
_SURVIVORS = 1 << 20  # pairs verified together
_DEVIATIONS = 4  # of the estimate below the threshold: 3e-5 of the pairs at it are lost


@dataclass(frozen=True, eq=False, repr=False)
class TextPairs(ShownResult):
    """What :func:`similar_texts` returns.

    Attributes
    ----------
    first, second : ndarray of shape (n_pairs,), int64
        Row numbers, ``first < second``, in rising order.
    similarity : ndarray of shape (n_pairs,), float
        Jaccard similarity, from the threshold to 1 (equal texts, or texts of the same
        shingles).
    complete : bool
        False if so many texts resemble each other that not all pairs were compared.
    """

    first: np.ndarray
    second: np.ndarray
    similarity: np.ndarray
    complete: bool

    def _facts(self):
        facts: dict[str, object] = {"pairs": self.first.size}
        if self.first.size:
            facts["similarity"] = (self.similarity.min(), self.similarity.max())
        return {**facts, "complete": self.complete}


def similar_texts(texts, threshold=0.7, *, shingle_size=5):
    """Find the pairs of texts that share most of their character n-grams.

    The similarity is that of Jaccard: of the distinct runs of ``shingle_size``
    characters that either text holds, the share that both hold. Upper and lower case,
    white space and accents count as they are. A text shorter than that is one run of
    its own, so that it resembles only its equals; empty texts equal each other.

    Parameters
    ----------
    texts : sequence of str, of length n_samples
        A list, Series or 1-D array; None, NaN and other missing values are paired with
        nothing.
    threshold : float, default=0.7
        Least similarity of a pair, above 0 and at most 1; lower joins more.
    shingle_size : int, default=5
        Characters of a run: 5 for prose, 3 for short records such as names.

    Returns
    -------
    pairs : TextPairs
        A text that equals an earlier one is paired with the first of its rows alone,
        by a similarity of 1, and of equal texts the first row stands in all other
        pairs.

    Raises
    ------
    ValueError
        If a cell is neither text nor missing, or a number is out of its range.

    Notes
    -----
    No pair below the threshold is returned: all are verified by their sets of shingles,
    hashed to 48 bits. Up to 1,000 distinct texts, and up to about 12,000 if the
    threshold is below .51, all pairs are compared. Beyond, candidates are texts that
    agree in a band of their MinHash signatures (Broder, 1997; Leskovec, Rajaraman and
    Ullman, 2020, section 3.4), which finds a pair exactly at the threshold with
    probability .999, and more similar ones with a higher one. Memory beside the texts
    is some 250 bytes per distinct text, and the shingles of the longest text.

    A crowd of thousands of texts that resemble each other makes more pairs than can be
    compared. Its texts are then compared with some of them only, which usually keeps
    the crowd in one connected component, and ``complete`` is False.

    The result does not depend on the order of rows, but for the row that stands for
    equal texts.

    Examples
    --------
    >>> from skdataquality.duplicates._texts import similar_texts
    >>> texts = ["a red wooden chair", None, "a red wooden chairs", "a blue table"]
    >>> pairs = similar_texts(texts, 0.7)
    >>> pairs.first, pairs.second, pairs.similarity.round(3)
    (array([0]), array([2]), array([0.933]))
    """
    _check_threshold(threshold)
    check_shingle_size(shingle_size)
    distinct = DistinctTexts(texts)
    first, second, similarity, complete = _distinct_pairs(
        distinct.texts, threshold, shingle_size
    )
    repeated, original = distinct.repeats()
    first = np.concatenate([distinct.rows[first], original])
    second = np.concatenate([distinct.rows[second], repeated])
    similarity = np.concatenate([similarity, np.ones(repeated.size)])
    order = np.lexsort((second, first))
    return TextPairs(first[order], second[order], similarity[order], complete)


def _check_threshold(threshold):
    is_number = isinstance(threshold, Real) and not isinstance(threshold, bool)
    if not is_number or not 0 < float(threshold) <= 1:
        raise ValueError(
            f"threshold={threshold!r}: pass a similarity above 0 and at most 1, such "
            f"as 0.7."
        )


def _distinct_pairs(texts, threshold, size):
    """Pairs of distinct texts: first, second, similarity, and whether they are all."""
    banding = banding_for(threshold)
    n_most = SOME_TEXTS if banding.n_rows <= POOR_ROWS else FEW_TEXTS
    if len(texts) <= n_most:
        lengths = text_lengths(texts)
        if lengths.sum() <= _CHARACTERS:
            products = SetProducts(texts, size)
            if products.work <= _WORK:
                return *all_pairs(products, threshold), True
    return sketched_pairs(texts, threshold, size, banding)


def sketched_pairs(texts, threshold, size, banding):
    """Candidates of the sketches, sifted by the sketches and verified by the texts."""
    lengths = text_lengths(texts)
    sketches = sketch_texts(texts, size, banding)
    buckets = Buckets(sketches)
    found = [(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))]
    for first, second in _together(_sifted(buckets, sketches, threshold)):
        order = np.lexsort((second, first))
        first, second = first[order], second[order]
        similarity = pair_similarities(texts, lengths, first, second, size)
        keep = similarity >= threshold
        found.append((first[keep], second[keep], similarity[keep]))
    first, second, similarity = map(np.concatenate, zip(*found, strict=True))
    if not buckets.complete:
        once = np.unique(first * len(texts) + second, return_index=True)[1]
        first, second, similarity = first[once], second[once], similarity[once]
    return first, second, similarity, buckets.complete


def _sifted(buckets, sketches, threshold):
    """Yield candidates whose sketches allow for the threshold."""
    n_hashes = sketches.bytes.shape[1]
    spread = (threshold * (1 - threshold) / n_hashes) ** 0.5
    least = np.ceil(n_hashes * (threshold - _DEVIATIONS * spread) - 1e-9)
    for first, second in buckets.candidates():
        equal = sketches.bytes[first] == sketches.bytes[second]
        keep = np.count_nonzero(equal, axis=1) >= least
        yield first[keep], second[keep]


def _together(pairs):
    """Yield the same pairs, about a million at a time."""
    waiting, n_waiting = [], 0
    for pair in pairs:
        waiting.append(pair)
        n_waiting += pair[0].size
        if n_waiting >= _SURVIVORS:
            yield tuple(map(np.concatenate, zip(*waiting, strict=True)))
            waiting, n_waiting = [], 0
    if n_waiting:
        yield tuple(map(np.concatenate, zip(*waiting, strict=True)))
