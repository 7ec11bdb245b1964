"""Regions of the rows, found without a look at labels: :func:`find_regions`."""

import numpy as np
from scipy.cluster.hierarchy import linkage
from sklearn.metrics import pairwise_distances_argmin_min

from skdataquality.active_learning._geometry import fit_clusters
from skdataquality.active_learning._pool._counts import count_part
from skdataquality.utils._draws import draw_rows

ROWS_EACH = 30  # of a region in the mean: smaller ones say little
MOST_REGIONS = 48
CLUSTERED = 10_000  # rows that centres are learnt from
EXAMPLES = 3


def find_regions(sides, units, rng):
    """Cluster the rows, join near clusters step by step, and count labels in each.

    Returns
    -------
    parts : list of Part
        One for each cluster and each union of near ones; ``facts["rows"]`` are the
        rows of the pool in it, those nearest to its centre first.
    """
    n_rows = sides.is_labeled.size
    k = int(np.clip(n_rows // ROWS_EACH, 2, MOST_REGIONS))
    some = draw_rows(n_rows, CLUSTERED, rng)
    seed = rng.randint(np.iinfo(np.int32).max)
    centers = fit_clusters(sides.points[some], k, seed).cluster_centers_
    region, away = pairwise_distances_argmin_min(sides.points, centers)
    used = np.unique(region)
    members = _joined(centers[used], used)
    return [
        _counted(number, regions, region, away, sides, units)
        for number, regions in enumerate(members)
    ]


def _joined(centers, used):
    """Return the clusters, and the unions of them in Ward's tree but the last."""
    members = [np.array([region]) for region in used]
    if used.size > 2:
        for first, second, *_ in linkage(centers, "ward")[:-1]:
            members.append(np.r_[members[int(first)], members[int(second)]])
    return members


def _counted(number, regions, region, away, sides, units):
    inside = np.isin(region, regions)
    theirs = np.flatnonzero(inside & ~sides.is_labeled)
    return count_part(
        "region",
        f"region {number}",
        units.touching(inside),
        units.is_labeled,
        rows=theirs[np.argsort(away[theirs], kind="stable")],
        is_single=regions.size == 1,
    )


def apart(parts):
    """Return parts that share no row, those with more rows of the pool first."""
    chosen: list = []
    taken: set = set()
    for part in sorted(parts, key=lambda part: -part.facts["rows"].size):
        rows = set(part.facts["rows"].tolist())
        if rows and not rows & taken:
            chosen.append(part)
            taken |= rows
    return chosen
