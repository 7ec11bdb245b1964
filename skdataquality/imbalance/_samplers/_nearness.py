"""Exact searches among blocks of rows: the nearest ones, and how many are near enough.

Squared distances are estimated by matrix products about the centre of a block, with a
bound of their rounding; what that leaves open is settled by direct differences. Blocks
too far away to matter are passed over, and rows that are decided drop out.
"""

import numpy as np
import scipy.sparse as sp

from skdataquality.utils._frames import row_blocks
from skdataquality.utils._neighbors import squared_norms

BATCH = 512  # rows that ask together
_FIRST_BLOCKS, _MORE_BLOCKS = 4, 8  # looked into first, and how many times more then
_GROUPS = 8  # of the rows of a block, for each neighbour that is bounded
_EPS = np.finfo(np.float64).eps


class NearRows:
    """Searches among the rows of some blocks.

    Parameters
    ----------
    blocks : RowBlocks
    numbers : ndarray of int
        The blocks that are searched.
    """

    def __init__(self, blocks, numbers):
        self._blocks, self.numbers = blocks, numbers
        self._room = np.empty(BATCH * max(rows.size for rows in blocks.rows))

    def nearest(self, rows, *, k=1, within=np.inf):
        """Return the squared distances and the numbers of the nearest rows.

        Parameters
        ----------
        rows : ndarray of shape (n_rows,), int
            The rows that ask, near ones together; none is its own neighbour.
        k : int
        within : float or ndarray of shape (n_rows,)
            Squared distances beyond which nothing is looked for.

        Returns
        -------
        squared, row : ndarray of shape (n_rows, k)
            In rising order, of equally near rows that with the lowest number first;
            infinite and -1 where there are fewer.
        """
        within = np.broadcast_to(within, rows.shape)
        squared = np.full((rows.size, k), np.inf)
        row = np.full((rows.size, k), -1)
        for part in row_blocks((rows.size, 1), BATCH):
            reach = within[part].copy()
            nearest = squared[part], row[part]
            for asks, there, found, slack in self._visits(rows[part], reach):
                lowest = _kth_lowest(found, k) + slack
                cut = np.minimum(reach[asks], lowest) + slack
                # no row is its own neighbour, however far one may look
                cut = np.minimum(cut, np.finfo(np.float64).max)
                at, other = np.nonzero(found <= cut[:, None])
                pairs = asks[at], there[other]
                exact = self._blocks.squared_distances(rows[part][pairs[0]], pairs[1])
                close = exact <= reach[pairs[0]]
                _merge(nearest, pairs[0][close], pairs[1][close], exact[close])
                reach[asks] = np.minimum(reach[asks], nearest[0][asks, -1])
        return squared, row

    def enough_before(self, rows, squared, row, k):
        """Say of which rows at least k others are nearer than a certain one.

        Parameters
        ----------
        rows : ndarray of shape (n_rows,), int
            The rows that ask, near ones together; none counts itself.
        squared, row : ndarray of shape (n_rows,)
            The squared distance of that one, and its number: of equally near rows those
            with a lower number are nearer.
        k : int

        Returns
        -------
        enough : ndarray of shape (n_rows,), bool
        """
        enough = np.zeros(rows.size, dtype=bool)
        # which decide most rows; batches of those that are left are then full
        most = _FIRST_BLOCKS
        while not enough.all():
            left = np.flatnonzero(~enough)
            for part in row_blocks((left.size, 1), BATCH):
                asked = left[part]
                enough[asked] = self._count(
                    rows[asked], squared[asked], row[asked], k, most
                )
            if most >= self.numbers.size:
                break
            most *= _MORE_BLOCKS
        return enough

    def _count(self, rows, squared, row, k, most_blocks):
        count, reach = np.zeros(rows.size, dtype=np.int64), squared.copy()
        for asks, there, found, slack in self._visits(rows, reach, most_blocks):
            at, other = np.nonzero(found <= (squared[asks] + slack)[:, None])
            sure = found[at, other] < (squared[asks] - slack)[at]
            count += np.bincount(asks[at[sure]], minlength=rows.size)
            who, other = asks[at[~sure]], there[other[~sure]]
            exact = self._blocks.squared_distances(rows[who], other)
            tied = (exact == squared[who]) & (other < row[who])
            count += np.bincount(
                who[(exact < squared[who]) | tied], minlength=rows.size
            )
            reach[count >= k] = -np.inf
        return count >= k

    def _visits(self, rows, reach, most_blocks=None):
        """Go to each block that may hold something within the reach of a row.

        Yields positions of the rows that something there may be near to, the rows of
        the block, estimates of the squared distances and their rounding. The caller
        lowers ``reach`` in place.
        """
        Q = self._blocks.take(rows)
        numbers, least = self._blocks.nearest_first(Q, self.numbers)
        for number, far in zip(numbers[:most_blocks], least[:most_blocks], strict=True):
            if far > reach.max():
                continue
            asks = np.flatnonzero(self._blocks.least(Q, number) <= reach)
            if asks.size == 0:
                continue
            found, slack = self.estimate(rows[asks], number, Q[asks])
            near = np.flatnonzero(found.min(axis=1) <= reach[asks] + slack)
            if near.size:
                yield asks[near], self._blocks.rows[number], found[near], slack[near]

    def estimate(self, rows, number, Q):
        """Return squared distances to the rows of a block, infinite to a row itself.

        They may be wrong by so much as is returned beside them, for each row.
        """
        blocks = self._blocks
        R = blocks.take(blocks.rows[number])
        if sp.issparse(R):
            left, right = squared_norms(Q), squared_norms(R)
            found = (Q @ R.T).toarray()
            found *= -2
            found += left[:, None] + right
        else:
            centre = R.mean(axis=0)
            Q, R = Q - centre, R - centre
            left, right = squared_norms(Q), squared_norms(R)
            found = self._room[: left.size * right.size].reshape(left.size, right.size)
            np.matmul(
                np.column_stack([Q, left, np.ones_like(left)]),
                np.column_stack([-2 * R, np.ones_like(right), right]).T,
                out=found,
            )
        own = np.flatnonzero(blocks.block[rows] == number)
        found[own, blocks.place[rows[own]]] = np.inf
        size = (np.sqrt(left) + np.sqrt(right.max())) ** 2
        return found, 4 * (Q.shape[1] + 8) * _EPS * size

    def bound(self, number, k):
        """Return, for each row of a block, no less than its k-th distance, squared.

        The rows of the block are parted; the nearest ones of different parts are
        different rows.
        """
        rows = self._blocks.rows[number]
        n_parts = min(rows.size, _GROUPS * k)
        if n_parts < k:
            return np.full(rows.size, np.inf)
        starts = np.arange(n_parts) * rows.size // n_parts
        out = np.empty(rows.size)
        for part in row_blocks((rows.size, 1), BATCH):
            asks = rows[part]
            found, slack = self.estimate(asks, number, self._blocks.take(asks))
            lowest = np.minimum.reduceat(found, starts, axis=1)
            out[part] = np.sort(lowest, axis=1, kind="stable")[:, k - 1] + slack
        return out


def _kth_lowest(values, k):
    """Return the k-th lowest of each row, infinite where there are fewer."""
    if k == 1:
        return values.min(axis=1)
    if values.shape[1] < k:
        return np.full(values.shape[0], np.inf)
    return np.partition(values, k - 1, axis=1)[:, k - 1]


def _merge(nearest, asks, other, exact):
    """Put further neighbours among the nearest ones, in place."""
    squared, row = nearest
    k = squared.shape[1]
    who = np.unique(asks)
    asks = np.concatenate([np.repeat(who, k), asks])
    exact = np.concatenate([squared[who].ravel(), exact])
    other = np.concatenate([row[who].ravel(), other])
    order = np.lexsort((other, exact, asks))
    start = np.searchsorted(asks[order], who)
    kept = order[start[:, None] + np.arange(k)]
    squared[who], row[who] = exact[kept], other[kept]
