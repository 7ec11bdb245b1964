"""Rows of which several lie close together and all others far off."""

import numpy as np

SEPARATION = 0.2  # of the distance to the nearest other row: the width of a group
_NOISE = 0.03  # in each column, of the widest group, in standard deviations
_OF_A_PIECE = 2.0  # a wider gap within parts a group
FEWEST, MOST = 2, 400  # other rows of a group
SHARE = 0.2  # of the rows: more are a part of the table


def most_companions(n, n_reference):
    """Count the reference rows that a group may hold beside a row.

    A group is small in the table; of a sample, three deviations more than expected.
    """
    most = min(MOST, int(SHARE * n) - 1)
    if n_reference >= n:
        return most
    expected = most * n_reference / n
    return int(min(most, np.ceil(expected + 3 * np.sqrt(expected))))


def widest_group(n_columns):
    """Distance of copies with the largest noise that is taken for noise."""
    return _NOISE * np.sqrt(2 * n_columns)


def companions(distance, most, widest):
    """Count the rows that each row's group holds beside it; 0 where it is in none.

    ``distance`` has the rising distances to other rows, more than ``most``: the first k
    of them, within ``widest``, with the widest gap behind, if the (k + 1)-th is at
    least 1 / ``SEPARATION`` times as far. A pair is no group, but its gap may be the
    widest. A distance of 0, which different rows have where squares underflow, tells
    nothing.
    """
    if most < FEWEST:
        return np.zeros(distance.shape[0], dtype=np.int64)
    inner, outer = distance[:, :most], distance[:, 1 : most + 1]
    share = np.ones(inner.shape)
    np.divide(inner, outer, out=share, where=(inner > 0) & (inner <= widest))
    count = 1 + np.argmin(share, axis=1)
    gap = share[np.arange(count.size), count - 1] <= SEPARATION
    return np.where(gap & (count >= FEWEST), count, 0)


def coincidences(distance, count):
    """Count the companions that do not come with another one.

    Two groups of copies that happen to be close to each other look like one group with
    a gap within: j companions, a gap, and the others. The rows then came together in
    ``(count + 1) / (j + 1) - 1`` coincidences.
    """
    most = int(count.max(initial=0))
    if most < FEWEST:
        return count
    inner, outer = distance[:, : most - 1], distance[:, 1:most]
    step = np.ones(inner.shape)
    within = np.arange(1, most) < count[:, None]
    np.divide(outer, inner, out=step, where=within & (inner > 0))
    companions_of_part = 1 + np.argmax(step, axis=1)
    parted = step.max(axis=1) > _OF_A_PIECE
    return np.where(parted, (count + 1) // (companions_of_part + 1) - 1, count)


def one_of_each(near, count):
    """Mask of rows without the companions of an earlier row.

    ``near`` numbers the neighbours of each row, ``count`` of which are companions.
    """
    if near.shape[1] == 0:
        return np.ones(count.shape[0], dtype=bool)
    within = np.arange(near.shape[1]) < count[:, None]
    earlier = near < np.arange(near.shape[0])[:, None]
    return ~(within & earlier).any(axis=1)
