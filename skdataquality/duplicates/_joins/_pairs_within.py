"""All pairs of rows within a radius: :func:`pairs_within`."""

from dataclasses import dataclass
from numbers import Real

import numpy as np
from sklearn.utils import check_array

from skdataquality.duplicates._joins._approximate import add_most_near_rows
from skdataquality.duplicates._joins._collect import CollectorFullError, PairCollector
from skdataquality.duplicates._joins._components import components
from skdataquality.duplicates._joins._largest_radius import largest_radius
from skdataquality.duplicates._joins._plan import make_plan
from skdataquality.duplicates._joins._products import add_near_rows
from skdataquality.duplicates._joins._rows import CosineRows, EuclideanRows
from skdataquality.duplicates._joins._tree import tree_candidates

MAX_PAIRS = 5_000_000  # 24 bytes each, and as many while they are sorted
_METHODS = ("auto", "tree", "products", "ann")
_METRICS = ("euclidean", "cosine")


class TooManyPairsError(ValueError):
    """More pairs are within the radius than may be held.

    Parameters
    ----------
    said : str
        The message.
    largest : float
        About the largest distance that has few enough pairs; also an attribute.
    """

    def __init__(self, said, largest):
        super().__init__(said, largest)
        self.largest = largest

    def __str__(self):
        return self.args[0]


@dataclass(frozen=True)
class JoinedPairs:
    """Pairs of rows, ``first < second``, in rising order.

    ``distance`` is Euclidean, or one less the cosine similarity; ``method`` the way the
    candidates were found: "tree", "products" or "ann".
    """

    first: np.ndarray
    second: np.ndarray
    distance: np.ndarray
    method: str

    @property
    def similarity(self):
        """Cosine similarity of each pair of a join with ``metric="cosine"``."""
        return 1 - self.distance


def pairs_within(
    points,
    radius,
    *,
    metric="euclidean",
    block=None,
    max_pairs=MAX_PAIRS,
    method="auto",
):
    """Find every pair of rows within a radius; none that is not verified.

    Parameters
    ----------
    points : array-like of shape (n_rows, n_columns), float32 or float64
        Finite. Read-only arrays and memory maps are read in blocks, never copied.
    radius : float
        Largest Euclidean distance, positive; with ``metric="cosine"`` the smallest
        cosine similarity, from -1 to 1.
    metric : {"euclidean", "cosine"}, default="euclidean"
        Rows of zeros have no direction: for cosine they are alike, and unlike others.
    block : array-like of shape (n_rows,), default=None
        Only rows of equal codes are paired.
    max_pairs : int, default=5_000_000
        More pairs are refused, and a radius which fits is named.
    method : {"auto", "tree", "products", "ann"}, default="auto"
        "tree": a k-d tree of leading components, or products where it would hold more
        than 4 million candidates. "products": matrix products of blocks
        of rows in float32, without the pairs of blocks that are too far apart. "auto":
        the one that a sample says is quicker. All three are exact. "ann": an inverted
        file of faiss (extra ``ann``), which misses some pairs; never chosen by itself.

    Returns
    -------
    JoinedPairs

    Raises
    ------
    ValueError
        If the rows are not finite numbers, the radius is out of range, or more than
        ``max_pairs`` pairs are within it (TooManyPairsError).
    ImportError
        If ``method="ann"`` and faiss is not installed.

    Notes
    -----
    Memory beside the rows: about 100 bytes a row, the pairs, and for "products" their
    images in float32, of 256 MB at most. Rows which equal many others make the number
    of pairs quadratic: pass one of each (``duplicate_groups``).

    "products" bounds the rounding of float32 from above, so that no pair is lost;
    candidates are then verified by direct differences in float64. For cosine these are
    half the squared distances of unit vectors, exact to about 1e-16.

    Examples
    --------
    >>> import numpy as np
    >>> from skdataquality.duplicates._joins import pairs_within
    >>> X = np.random.default_rng(0).normal(size=(200, 6))
    >>> X[7] = X[3] + 0.001
    >>> pairs = pairs_within(X, 0.01)
    >>> pairs.first, pairs.second, pairs.distance.round(5)
    (array([3]), array([7]), array([0.00245]))
    """
    points = check_array(
        points,
        dtype=[np.float64, np.float32],
        ensure_min_samples=0,
        input_name="points",
    )
    _check(radius, metric, method, max_pairs)
    block = block_codes(block, points.shape[0])
    if points.shape[0] < 2:
        none = np.empty(0, dtype=np.int64)
        return JoinedPairs(none, none, np.empty(0), "products")
    rows: EuclideanRows
    if metric == "cosine":
        rows = directions = CosineRows(points, radius)
        block = _apart(directions.zero_rows(), block)
    else:
        rows = EuclideanRows(points, radius)
    collector = PairCollector(rows, _is_near(radius, metric), max_pairs, block)
    try:
        way = _search(rows, block, method, collector)
    except CollectorFullError:
        fits = largest_radius(rows, max_pairs, block)
        said = _too_many(radius, metric, max_pairs, rows, fits)
        raise TooManyPairsError(said, fits) from None
    first, second, distance = collector.pairs()
    return JoinedPairs(first, second, distance, way)


def _search(rows, block, method, collector):
    """Hand all candidates to the collector; return the way they were found."""
    if method == "ann":
        add_most_near_rows(rows, collector)
        return method
    reduced = components(rows)
    plan = make_plan(rows, reduced, block, method)
    if plan.partition is not None:
        add_near_rows(rows, plan.partition, collector)
        return "products"
    first, second = tree_candidates(reduced, plan.n_components, block)
    collector.add(first, second)
    return "tree"


def _is_near(radius, metric):
    if metric == "cosine":
        return lambda distance: 1 - distance >= radius
    return lambda distance: distance <= radius


def block_codes(block, n_rows):
    """Codes from 0 on; None if all rows may be paired."""
    if block is None:
        return None
    block = np.asarray(block)
    if block.shape != (n_rows,):
        raise ValueError(
            f"block has shape {block.shape} but points has {n_rows} rows: pass one "
            f"code per row."
        )
    names, codes = np.unique(block, return_inverse=True)
    return codes if names.size > 1 else None


def _apart(is_zero, block):
    if not is_zero.any() or is_zero.all():
        return block
    return is_zero.astype(np.int64) if block is None else 2 * block + is_zero


def _too_many(radius, metric, max_pairs, rows, fits):
    n, exact = rows.shape[0], "duplicate_groups finds equal rows"
    said = f"radius={radius:g} joins more than max_pairs={max_pairs} pairs of {n} rows"
    if fits == 0:
        return f"{said}, which repeat each other: pass one row of each group; {exact}."
    if metric == "cosine":
        return f"{said}: pass radius={1 - fits:.6g} or larger, or a larger max_pairs."
    return f"{said}: pass radius={fits:.3g} or smaller, or a larger max_pairs."


def _check(radius, metric, method, max_pairs):
    if metric not in _METRICS:
        raise ValueError(f"metric={metric!r}: pass 'euclidean' or 'cosine'.")
    if method not in _METHODS:
        raise ValueError(f"method={method!r}: pass one of {', '.join(_METHODS)}.")
    if not _is_number(max_pairs) or max_pairs < 0:
        raise ValueError(f"max_pairs={max_pairs!r}: pass a number of pairs.")
    if metric == "cosine":
        if not (_is_number(radius) and -1 <= radius <= 1):
            raise ValueError(
                f"radius={radius!r}: pass the smallest cosine similarity of a pair, "
                f"from -1 to 1, such as 0.95."
            )
    elif not (_is_number(radius) and 0 < radius < np.inf):
        raise ValueError(
            f"radius={radius!r}: pass a positive Euclidean distance; duplicate_groups "
            f"finds equal rows."
        )


def _is_number(value):
    return isinstance(value, Real) and not isinstance(value, bool)
