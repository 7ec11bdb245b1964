"""Kinds of rows that are rare, so that collecting more of them may pay."""

import numpy as np

from skdataquality.utils._sources import check_group_columns, encode_groups

RARE = 0.5  # of an even share
MOST_KINDS = 3  # of classes, and of groups


def kinds_to_collect(codes, classes, groups, rows):
    """Return the rows of the rarest classes and groups, a dict of masks by name.

    ``codes`` are the classes of the labelled ``rows``; ``groups`` are of all rows.
    """
    kinds = {f"class {classes[c]}": codes == c for c in _rarest(np.bincount(codes))}
    if groups is None:
        return kinds
    check_group_columns(groups, len(groups))
    for column in encode_groups(groups).values():
        mine = column.codes[rows]
        for k in _rarest(np.bincount(mine)):
            kinds[f"group {column.levels[k]}"] = mine == k
    return kinds


def _rarest(counts):
    """Those that are present and rare, rarest first."""
    present = np.flatnonzero(counts)
    rare = present[counts[present] < RARE * counts.sum() / present.size]
    return rare[np.argsort(counts[rare], kind="stable")][:MOST_KINDS].tolist()
