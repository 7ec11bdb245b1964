"""Lines between rows of a class, on which new rows are drawn: :class:`Lines`."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from skdataquality.lineage import SYNTHETIC, Lineage, Reason

_BLOCK = 2048  # rows: what is drawn does not depend on the width of the table


@dataclass(frozen=True)
class Lines:
    """The lines from each row of one class to its neighbours.

    Attributes
    ----------
    rows : ndarray of shape (m,), int
        Rows of the class in the table.
    neighbors : ndarray of shape (m, k), int
        Positions in ``rows`` of the neighbours of each.
    n_new : int
        Rows to draw.
    seed : int
        The same rows are drawn whenever they are asked for, so that nothing but the
        seed is kept of them.
    """

    rows: np.ndarray
    neighbors: np.ndarray
    n_new: int
    seed: int

    def blocks(self):
        """Yield new rows in blocks: their slice, and where each is on which line.

        A new row is ``(1 - u)`` times the row at the position ``first`` and ``u`` times
        that at ``second``. Each row of the class starts equally many lines, but for
        one.
        """
        rng = np.random.default_rng(self.seed)
        m, k = self.neighbors.shape
        order = rng.permutation(m)
        for start in range(0, self.n_new, _BLOCK):
            stop = min(start + _BLOCK, self.n_new)
            first = order[np.arange(start, stop) % m]
            second = self.neighbors[first, rng.integers(k, size=stop - start)]
            yield slice(start, stop), first, second, rng.random(stop - start)

    def drawn(self):
        """Return ``first``, ``second`` and ``u`` of all new rows."""
        blocks = [block[1:] for block in self.blocks()]
        return tuple(map(np.concatenate, zip(*blocks, strict=True)))


def lineage_of_lines(n_in, lines):
    """Return the lineage of all rows, kept, and of those drawn on lines after them."""
    drawn = [(line, *line.drawn()) for line in lines]
    first = np.concatenate([line.rows[a] for line, a, _, _ in drawn])
    second = np.concatenate([line.rows[b] for line, _, b, _ in drawn])
    u = np.concatenate([u for *_, u in drawn])
    n_new = u.size
    parents = sp.csr_array(
        (
            np.r_[np.ones(n_in), np.column_stack([1 - u, u]).ravel()],
            np.r_[np.arange(n_in), np.column_stack([first, second]).ravel()],
            np.r_[np.arange(n_in), n_in + 2 * np.arange(n_new + 1)],
        ),
        shape=(n_in + n_new, n_in),
    )
    parents.sort_indices()
    change = np.zeros(n_in + n_new, dtype=np.int8)
    change[n_in:] = Reason.SYNTHETIC
    return Lineage(
        n_in=n_in,
        origin=np.r_[np.arange(n_in), np.full(n_new, SYNTHETIC)],
        parents=parents,
        relabelled=np.zeros(n_in + n_new, dtype=bool),
        drop_reason=np.zeros(n_in, dtype=np.int8),
        drop_ref=np.full(n_in, -1),
        change_reason=change,
    )
