r"""Flags that come together: how many rows say as much as one.

Rows of one subject, or copies of one row, are flagged together. With a correlation
:math:`r` of the flags within clusters of sizes :math:`c_j`, the variance of the rate of
a source of :math:`m` rows is larger than that of independent rows by the design effect
:math:`1 + r (\sum c_j^2 / m - 1)` (L. Kish, "Survey Sampling", 1965).
"""

import math

import numpy as np

from skdataquality.utils._frames import sorted_codes
from skdataquality.utils._sources import (
    MISSING,
    Sources,
    check_group_columns,
    encode_groups,
)
from skdataquality.utils._stats import autocorrelation_time

TOGETHER = 4.0  # standard errors of the products of neighbours
BLOCK = 4  # autocorrelation times


def design_effects(values, sources, clusters, strata=None):
    """Return how many rows of each source say as much as one independent row.

    ``clusters`` are Sources, several of which may be known: the largest effect counts.
    The correlation within clusters is one for all sources, from deviations from the
    mean of the source (and stratum). A source that is one single cluster says nothing
    of it; if all are, each counts as one row.
    """
    effects = [_effects(values, sources, each, strata) for each in clusters]
    return np.max([np.ones(sources.n_sources), *effects], axis=0)


def _effects(values, sources, clusters, strata):
    rows, n_clusters = sources.rows(), clusters.n_sources
    cells, member = sorted_codes(sources.codes * n_clusters + clusters.codes)
    source = cells // n_clusters
    size = np.bincount(member)
    deviation, variance = _deviations(values, sources, strata)
    sums = np.bincount(member, weights=deviation)
    squares = np.bincount(member, weights=np.square(deviation))
    pairs = size * (size - 1)
    alone = np.bincount(source, minlength=rows.size) < 2
    known = ~alone[source]
    if not pairs.any():
        return np.ones(rows.size)
    if pairs[known].sum() == 0 or variance == 0:
        return np.where(alone, rows, 1.0)
    # deviations from a mean of m rows are correlated by - 1 / m
    lost = variance * (pairs / rows[source])[known].sum()
    together = (np.square(sums) - squares)[known].sum() + lost
    correlation = np.clip(together / (variance * pairs[known].sum()), 0, 1)
    mean_size = np.bincount(source, weights=np.square(size)) / rows
    return 1 + correlation * (mean_size - 1)


def blocks_of_neighbours(values, sources, strata=None):
    """Return blocks of rows, by codes, if neighbours in a source resemble each other.

    They do if products of deviations of rows that follow each other within a source
    (and stratum) are positive by four standard errors. Blocks are four times as long as
    the correlation reaches. None if they do not.
    """
    deviation, variance = _deviations(values, sources, strata)
    order = np.argsort(sources.codes, kind="stable")
    series, source = deviation[order], sources.codes[order]
    same = source[1:] == source[:-1]
    products = (series[1:] * series[:-1])[same]
    if products.sum() <= TOGETHER * variance * math.sqrt(max(products.size, 1)):
        return None
    length = math.ceil(BLOCK * autocorrelation_time(series))
    start = np.searchsorted(source, np.arange(sources.n_sources))
    place = np.empty(order.size, dtype=np.intp)
    place[order] = (np.arange(order.size) - start[source]) // length
    return Sources(list(range(place.max() + 1)), place)


def encode_clusters(clusters, n_rows, *, name="clusters", rows="flags"):
    """Return one or several columns as Sources; rows without a cluster stand alone."""
    if clusters is None:
        return []
    check_group_columns(clusters, n_rows, name=name, rows=rows)
    columns = encode_groups(clusters, name=name).values()
    return [_missing_alone(column) for column in columns]


def _missing_alone(column):
    if MISSING not in column.levels:
        return column
    codes = column.codes.copy()
    alone = np.flatnonzero(codes == column.levels.index(MISSING))
    codes[alone] = column.n_sources + np.arange(alone.size)
    return Sources([*column.levels, *alone.tolist()], codes)


def _deviations(values, sources, strata=None):
    """Deviations from the mean of the source (and stratum), and their mean square."""
    codes, n_cells = sources.codes, sources.n_sources
    if strata is not None:
        cells, codes = sorted_codes(codes * strata.n_sources + strata.codes)
        n_cells = cells.size
    rows = np.bincount(codes, minlength=n_cells)
    mean = np.bincount(codes, weights=values, minlength=n_cells) / np.maximum(rows, 1)
    deviation = values - mean[codes]
    free = max(codes.size - n_cells, 1)
    return deviation, float(np.square(deviation).sum() / free)
