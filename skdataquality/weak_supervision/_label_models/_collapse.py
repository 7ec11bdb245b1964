"""Rows with the same votes as one row of larger weight: :func:`collapsed`."""

import numpy as np

from skdataquality.weak_supervision._votes import Votes

_FEW_ROWS = 1000  # not worth the search


def collapsed(votes, gold):
    """Return distinct rows of votes, their gold, and how many rows each stands for.

    Rows are alike if the same sources say the same and the same is known of them. If
    more than half of the rows are distinct, everything is returned as it came, as
    sums over fewer rows would not pay for the search.
    """
    ones = np.ones(votes.n_rows)
    if votes.n_rows < _FEW_ROWS:
        return votes, gold, ones
    found = _distinct(votes, gold)
    if found is None:
        return votes, gold, ones
    first, count = found
    new = np.full(votes.n_rows, -1, dtype=np.int32)
    new[first] = np.arange(first.size, dtype=np.int32)
    row = new[votes.row]
    kept = row >= 0
    few = Votes(
        row[kept],
        votes.source[kept],
        votes.code[kept],
        first.size,
        votes.sources,
        votes.classes,
    )
    return few, gold[first], count.astype(float)


def _distinct(votes, gold):
    """First row of each kind, sorted, and how many there are; None if over half.

    Rows are compared by 64 bits of a sum, and those alike by 64 more; if these differ,
    as by bad luck they may, nothing is taken for alike.
    """
    starts = np.zeros(votes.n_rows + 1, dtype=np.intp)
    np.cumsum(np.bincount(votes.row, minlength=votes.n_rows), out=starts[1:])
    n_cells = votes.n_sources * votes.n_classes
    n_keys = n_cells + votes.n_classes + 1
    rng = np.random.default_rng(0)
    cell = votes.source.astype(np.intp) * votes.n_classes + votes.code

    def sums():
        key = rng.integers(0, 2**64, n_keys, dtype=np.uint64, endpoint=False)
        running = np.zeros(votes.n_votes + 1, dtype=np.uint64)
        np.cumsum(key[cell], out=running[1:])  # wraps, which differences undo
        return running[starts[1:]] - running[starts[:-1]] + key[n_cells + 1 + gold]

    _, first, kind, count = np.unique(
        sums(), return_index=True, return_inverse=True, return_counts=True
    )
    if first.size > votes.n_rows / 2:
        return None
    more = sums()
    if (more != more[first][kind]).any():
        return None
    order = np.argsort(first, kind="stable")
    return first[order], count[order]
