"""Similarities of all pairs of a few thousand texts, by products of their sets."""

import numpy as np
import scipy.sparse as sp

from skdataquality.duplicates._texts._overlap import jaccard
from skdataquality.duplicates._texts._shingles import shingle_sets
from skdataquality.utils._frames import row_blocks

_CELLS = 1 << 21  # similarities at a time
_COMMON = 768  # shingles at most whose column is dense
_COMMON_SHARE = 1 / 64  # of the texts hold them
_SLOW = 8  # times as long as a dense product takes a sparse one


class SetProducts:
    """Sets of shingles, split into those that many texts share and the others.

    The former are a dense matrix of float32, exact up to 16 million shingles; ``work``
    is about the number of additions of all products.
    """

    def __init__(self, texts, size):
        sets = shingle_sets(texts, size)
        self.sizes = np.diff(sets.indptr)
        columns, frequency = np.unique(sets.indices, return_inverse=True)
        counts = np.bincount(frequency, minlength=columns.size)
        is_common = counts > max(_COMMON_SHARE * len(texts), 2)
        if is_common.sum() > _COMMON:
            least = np.partition(counts, -_COMMON)[-_COMMON]
            is_common &= counts > least
        # a shingle of one text alone is shared with none
        is_used = (counts > 1)[frequency]
        sets = sp.csr_array(
            (sets.data[is_used], frequency[is_used], _kept(sets.indptr, is_used)),
            shape=(len(texts), columns.size),
        ).tocsc()
        self._common = sets[:, is_common].toarray().astype(np.float32)
        self._others = sets[:, ~is_common & (counts > 1)].tocsr()
        rare = counts[~is_common & (counts > 1)].astype(float)
        n_dense = float(len(texts)) ** 2 * (self._common.shape[1] + 64)
        self.work = _SLOW * (rare**2).sum() + n_dense / 8

    def blocks(self):
        """Yield the first row of a block and its similarities to the rows from it on.

        Those of a row to itself, and to the rows before it in the block, are 0.
        """
        n = self.sizes.size
        for block in row_blocks((n, n), _CELLS):
            shared = self._common[block] @ self._common[block.start :].T
            others = self._others[block] @ self._others[block.start :].T
            others = others.tocoo()
            shared[others.row, others.col] += others.data
            sizes = self.sizes[block.start :]
            similarity = jaccard(
                shared.astype(float), self.sizes[block][:, None], sizes
            )
            yield block.start, np.triu(similarity, 1)


def all_pairs(products, threshold):
    """Pairs of texts of at least that similarity: first, second, similarity."""
    found = [(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))]
    for start, similarity in products.blocks():
        row, column = np.nonzero(similarity >= threshold)
        found.append((row + start, column + start, similarity[row, column]))
    return tuple(np.concatenate(parts) for parts in zip(*found, strict=True))


def _kept(indptr, is_kept):
    return np.concatenate([[0], np.cumsum(is_kept)])[indptr]
