"""Pairs of rows with alike texts: :class:`AlikeTexts`."""

from functools import cached_property

import numpy as np
import scipy.sparse as sp

from skdataquality.duplicates._texts import chance_similarity, similar_texts

DEFAULT_SIMILARITY = 0.7


class AlikeTexts:
    """The pairs of different texts that are alike, looked up by rows.

    Each text is compared once however many rows have it, so that a remark that half of
    the rows share makes no n x n pairs.

    Parameters
    ----------
    texts : ndarray of shape (n_rows,), object
    threshold : float, "chance" or None
        Lowest Jaccard similarity of alike texts. "chance" is what chance does not
        reach, None the same, but 0.7 at least.
    shingle_size : int
    """

    def __init__(self, texts, threshold, shingle_size):
        distinct, self._code = np.unique(texts, return_inverse=True)
        distinct = distinct.tolist()
        if threshold in (None, "chance"):
            least = DEFAULT_SIMILARITY if threshold is None else 0.0
            by_chance = chance_similarity(distinct, shingle_size=shingle_size)
            threshold = max(least, by_chance)
        self.threshold = float(threshold)
        found = similar_texts(distinct, self.threshold, shingle_size=shingle_size)
        self._n = len(distinct)
        self._first, self._second = found.first, found.second
        self._similarity = found.similarity
        self._key = found.first * self._n + found.second
        self.complete = found.complete

    @property
    def component(self):
        """Code of each row; rows of alike texts, or of a chain of these, share one."""
        return self._chain[self._code]

    @cached_property
    def _chain(self):
        ones = np.ones(self._first.size, dtype=bool)
        graph = sp.coo_array((ones, (self._first, self._second)), (self._n, self._n))
        return sp.csgraph.connected_components(graph, directed=False)[1]

    @property
    def pairs_of_component(self):
        """How many pairs of rows of each component have equal or alike texts."""
        size = np.bincount(self._code, minlength=self._n).astype(float)
        equal = np.bincount(self._chain, weights=size * (size - 1) / 2)
        alike = size[self._first] * size[self._second]
        return equal + np.bincount(
            self._chain[self._first], weights=alike, minlength=equal.size
        )

    def similarity(self, first, second):
        """Similarity of pairs of rows; 0 where they are not alike."""
        a, b = self._code[first], self._code[second]
        key = np.minimum(a, b) * self._n + np.maximum(a, b)
        out = (a == b).astype(float)
        if self._key.size:
            place = np.minimum(np.searchsorted(self._key, key), self._key.size - 1)
            alike = self._key[place] == key
            out[alike] = self._similarity[place[alike]]
        return out

    def pairs_of_rows(self, block):
        """Pairs of rows of alike, different texts and one block, in rising order.

        At most one row of a block has a text.
        """
        n_blocks = int(block.max(initial=0)) + 1
        own = self._code * n_blocks + block
        order = np.argsort(own, kind="stable")
        own = own[order]
        start, stop = np.searchsorted(
            own, [self._first * n_blocks, (self._first + 1) * n_blocks]
        )
        pair = np.repeat(np.arange(self._first.size), stop - start)
        offset = np.arange(pair.size) - np.repeat(
            np.cumsum(stop - start) - (stop - start), stop - start
        )
        one = order[start[pair] + offset]
        wanted = self._second[pair] * n_blocks + block[one]
        place = np.minimum(np.searchsorted(own, wanted), own.size - 1)
        there = own[place] == wanted
        one, other, pair = one[there], order[place[there]], pair[there]
        first, second = np.minimum(one, other), np.maximum(one, other)
        rising = np.lexsort((second, first))
        return first[rising], second[rising], self._similarity[pair[rising]]
