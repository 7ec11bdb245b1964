"""Which way to all pairs is the cheapest, judged from a sample of the rows."""

from typing import NamedTuple

import numpy as np

from skdataquality.duplicates._joins._partition import ROWS, Partition

N_COMPONENTS = (2, 4, 6, 8)  # of trees
_MOST_CANDIDATES = 4_000_000  # of a tree, which holds them all: 16 bytes each
_SORTED = (1, 2, 3)  # coordinates of a partition
_QUERIES = 256
_SMALL = 4096  # rows: the blocks of so few are compared at once
_LEAF = 32


class Plan(NamedTuple):
    """The way to all pairs, and the seconds that each way would take.

    The estimates are those of one processor; only their ratio matters.
    """

    n_components: int | None  # of the tree, if that is the way
    partition: Partition | None
    seconds: dict[str, float]


def make_plan(rows, reduced, block, method="auto"):
    """Choose between a tree of some components and products of blocks."""
    trees = {} if method == "products" else _seconds_of_trees(rows, reduced, block)
    tree = min(trees, key=trees.get, default=None)
    if method == "tree":
        return Plan(tree, None, {"tree": trees[tree]})
    partitions = [
        Partition(reduced.points, reduced.radius, n_sorted, block)
        for n_sorted in _SORTED[: reduced.points.shape[1]]
    ]
    n_near = [partition.n_near() for partition in partitions]
    best = int(np.argmin(n_near))
    products = _seconds_of_products(n_near[best], rows.shape[1])
    if trees and trees[tree] < products:
        return Plan(tree, None, {"tree": trees[tree], "products": products})
    return Plan(None, partitions[best], {"products": products, **trees})


def _seconds_of_products(n_near, n_columns):
    return n_near * (2e-5 + ROWS**2 * 1e-9 * (1.0 + 0.03 * n_columns))


def _seconds_of_trees(rows, reduced, block):
    """Seconds by number of components; infinite where a tree holds too much."""
    n, n_columns = rows.shape
    sample = rows.sample
    queries = np.arange(0, sample.size, max(1, sample.size // _QUERIES))
    points = reduced.points[sample]
    squared = np.zeros((queries.size, sample.size))
    if block is not None:
        squared[block[sample][queries][:, None] != block[sample]] = np.inf
    squared[np.arange(queries.size), queries] = np.inf
    n_pairs = n * (n - 1) / 2
    seconds = {}
    for j in range(points.shape[1]):
        squared += (points[queries, j][:, None] - points[:, j]) ** 2
        p = j + 1
        if p not in N_COMPONENTS and p != points.shape[1]:
            continue
        candidates = n_pairs * np.mean(squared <= reduced.radius**2)
        leaf = _leaf_size(squared, n)
        work = n_pairs * np.mean(squared <= (reduced.radius + 2 * leaf) ** 2)
        seconds[p] = (
            n * np.log2(n) * 4e-8 + work * 3e-9 + candidates * (1e-7 + 4e-9 * n_columns)
        )
        if candidates > _MOST_CANDIDATES:
            seconds[p] = np.inf
    return seconds


def _leaf_size(squared, n):
    """Distance within which a point has as many others as a leaf of the tree holds."""
    near = int(min(1, _LEAF / n) * (squared.size - 1))
    size = np.sqrt(np.partition(squared, near, axis=None)[near])
    return size if np.isfinite(size) else 0.0
