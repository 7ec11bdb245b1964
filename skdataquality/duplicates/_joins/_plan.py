"""Which way to all pairs is the cheapest, judged from a sample of the rows."""

from typing import NamedTuple

import numpy as np

from skdataquality.duplicates._joins._partition import ROWS, Partition

_TREES = (2, 3, 4, 5, 6, 8)  # components
_MOST_CANDIDATES = 4_000_000  # of a tree, which holds them all: 16 bytes each
_SORTED = (1, 2, 3)  # coordinates of a partition
_QUERIES = 128
_LEAF = 32  # rows
# seconds of one processor, fitted on three of five kinds of tables; ratios matter
_TREE_ROW, _TREE_NEIGHBOUR, _CANDIDATE = 1.7e-8, 4.2e-9, 6e-8
_VERIFIED, _VERIFIED_CELL = 5e-7, 4e-9
_BLOCKS, _PRODUCT, _PRODUCT_CELL, _IMAGE_CELL = 3e-5, 1.8e-9, 2.4e-11, 5e-9


class Plan(NamedTuple):
    """The number of components of a tree, or else a partition into blocks.

    ``seconds`` holds what each way would take, by number of components.
    """

    n_components: int | None
    partition: Partition | None
    seconds: dict


def make_plan(rows, reduced, block, method="auto"):
    """Choose between trees and products of blocks, if the method leaves a choice."""
    seconds = {} if method == "products" else seconds_of_trees(rows, reduced, block)
    tree = min(seconds, key=lambda p: seconds[p], default=None)
    if method == "tree" and np.isfinite(seconds[tree]):
        return Plan(tree, None, seconds)
    partition, seconds["products"] = _best_partition(rows, reduced, block)
    if tree is not None and seconds[tree] < seconds["products"]:
        return Plan(tree, None, seconds)
    return Plan(None, partition, seconds)


def _best_partition(rows, reduced, block):
    """Return the partition with the fewest pairs of near blocks, and its seconds."""
    partitions = [
        Partition(reduced.points, reduced.radius, n_sorted, block)
        for n_sorted in _SORTED[: reduced.points.shape[1]]
    ]
    n_near = [partition.n_near() for partition in partitions]
    best = int(np.argmin(n_near))
    n, n_columns = rows.shape
    each = _BLOCKS + min(ROWS, n) ** 2 * (_PRODUCT + _PRODUCT_CELL * n_columns)
    return partitions[best], n_near[best] * each + n * n_columns * _IMAGE_CELL


def seconds_of_trees(rows, reduced, block):
    """Seconds by number of components; infinite where a tree holds too much.

    A point is compared with those in leaves within the radius, which reach two leaf
    sizes further, and in many dimensions with leaves on all sides.
    """
    n, n_columns = rows.shape
    n_pairs = n * (n - 1) / 2
    shares = list(_shares(rows, reduced, block))
    verified = n_pairs * shares[-1][1] * (_VERIFIED + _VERIFIED_CELL * n_columns)
    seconds = {}
    for p, within, around in shares:
        work = n * 2.0**p * _TREE_ROW + n_pairs * around * _TREE_NEIGHBOUR
        seconds[p] = work + n_pairs * within * _CANDIDATE + verified
        if n_pairs * within > _MOST_CANDIDATES:
            seconds[p] = np.inf
    return seconds


def _shares(rows, reduced, block):
    """Yield components, and the shares of pairs within the radius and around it."""
    sample, radius = rows.sample, reduced.radius
    queries = np.arange(0, sample.size, -(-sample.size // _QUERIES))
    points = reduced.points[sample]
    squared = np.zeros((queries.size, sample.size))
    if block is not None:
        squared[block[sample][queries][:, None] != block[sample]] = np.inf
    squared[np.arange(queries.size), queries] = np.inf
    last = points.shape[1]
    for p in range(1, last + 1):
        squared += (points[queries, p - 1][:, None] - points[:, p - 1]) ** 2
        if p in _TREES or p == last:
            reach = radius + 2 * _leaf_size(squared, rows.shape[0])
            yield p, np.mean(squared <= radius**2), np.mean(squared <= reach**2)


def _leaf_size(squared, n):
    """Distance within which a point has as many others as a leaf of the tree holds."""
    near = int(min(1, _LEAF / n) * (squared.size - 1))
    size = np.sqrt(np.partition(squared, near, axis=None)[near])
    return size if np.isfinite(size) else 0.0
