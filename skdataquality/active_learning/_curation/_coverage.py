"""How much of a pool the first picks stand for: :func:`coverage_curve`."""

from dataclasses import dataclass, field
from numbers import Integral, Real
from reprlib import repr as shortened

import numpy as np

from skdataquality.active_learning._curation._mean import usual_squared
from skdataquality.active_learning._curation._sizes import ordered_rows
from skdataquality.active_learning._embedding import Embedder
from skdataquality.active_learning._geometry import NearestPick
from skdataquality.utils._draws import own_rng
from skdataquality.utils._folds import few_threads
from skdataquality.utils._frames import pandas_frame
from skdataquality.utils._shown import ShownResult
from skdataquality.utils._sklearn import num_samples
from skdataquality.utils._validation import check_feature_frame

N_SIZES = 100
MEASURES = ("share", "radius", "similarity")


@dataclass(frozen=True, eq=False, repr=False)
class CoverageCurve(ShownResult):
    """What :func:`coverage_curve` returns.

    Attributes
    ----------
    sizes : ndarray of shape (n_sizes,), int
        Numbers of picks, rising.
    share : ndarray of shape (n_sizes,), float
        Share of all rows that lie within ``distance`` of one of the first picks; higher
        is better.
    radius : ndarray of shape (n_sizes,), float
        Largest distance of a row to the nearest of the first picks; lower is better.
    similarity : ndarray of shape (n_sizes,), float
        Mean over all rows of exp(-d / scale), d the distance to the nearest of the
        first picks and scale**2 the median squared distance from the mean; in (0, 1],
        higher is better.
    random_share, random_radius, random_similarity : ndarray of shape \
            (n_random, n_sizes)
        The same of as many rows drawn at random.
    distance : float
        Within which a row is represented.
    n_rows : int
        Rows of the pool.
    """

    sizes: np.ndarray
    share: np.ndarray
    radius: np.ndarray
    similarity: np.ndarray
    random_share: np.ndarray = field(repr=False)
    random_radius: np.ndarray = field(repr=False)
    random_similarity: np.ndarray = field(repr=False)
    distance: float
    n_rows: int

    def rows_for(self, share):
        """Return how many of the first picks represent a share of all rows.

        Parameters
        ----------
        share : float
            In (0, 1].

        Returns
        -------
        n : int or None
            The smallest of ``sizes`` that is enough; None if none of them is.
        """
        return self._size_for(self.share, share)

    def random_rows_for(self, share):
        """Return how many rows drawn at random represent a share of all rows.

        Parameters
        ----------
        share : float
            In (0, 1].

        Returns
        -------
        n : int or None
            The smallest of ``sizes`` that is enough in the mean over draws; None if
            none of them is, or nothing was drawn.
        """
        if not self.random_share.size:
            return None
        return self._size_for(self.random_share.mean(axis=0), share)

    def _size_for(self, shares, share):
        if not isinstance(share, Real) or not 0 < float(share) <= 1:
            raise ValueError(f"share={share!r}: pass a number above 0, and at most 1.")
        enough = np.flatnonzero(shares >= share - 1e-12)
        return int(self.sizes[enough[0]]) if enough.size else None

    def to_dict(self):
        """Return the curves as plain lists and numbers, ready for JSON.

        Returns
        -------
        curve : dict
        """
        arrays = ["sizes", *MEASURES, *(f"random_{name}" for name in MEASURES)]
        return {name: getattr(self, name).tolist() for name in arrays} | {
            "distance": self.distance,
            "n_rows": self.n_rows,
        }

    def to_frame(self):
        """Return one line for each size.

        Returns
        -------
        frame : pandas.DataFrame
            Columns ``size``, and each measure with the mean of random draws beside it.

        Raises
        ------
        ImportError
            If pandas is missing; it comes with the extra ``cli``.
        """
        columns = {"size": self.sizes}
        for name in MEASURES:
            columns[name] = getattr(self, name)
            drawn = getattr(self, f"random_{name}")
            if drawn.size:
                columns[f"random_{name}"] = drawn.mean(axis=0)
        return pandas_frame(columns, "CoverageCurve.to_frame", "to_dict()")

    def _facts(self):
        facts = {
            "rows": self.n_rows,
            "picks": int(self.sizes[-1]),
            "share": float(self.share[-1]),
            "radius": float(self.radius[-1]),
        }
        if self.random_share.size:
            facts["random_share"] = float(self.random_share[:, -1].mean())
            facts["random_radius"] = float(self.random_radius[:, -1].mean())
        return facts | {"distance": self.distance}


def coverage_curve(
    X,
    picks,
    *,
    embedding=None,
    sizes=None,
    distance=None,
    n_random=5,
    random_state=None,
):
    """Measure how much of a pool the first picks stand for, beside random rows.

    Where the curve has flattened, more rows hardly add anything that is not there.

    Parameters
    ----------
    X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
        The pool; or texts, with an ``embedding`` that reads them.
    picks : array-like of shape (n_picks,), int
        Rows of X in the order of picking, such as ``selection_order_`` of a
        :class:`DiversitySelector`.
    embedding : None, "passthrough", transformer or callable, default=None
        What distances are measured in, as for :class:`DiversitySelector`.
    sizes : array-like of int, default=None
        Numbers of picks to measure at. None: up to 100 from 1 to ``n_picks``, each the
        same factor above the one before.
    distance : float, default=None
        Within which a pick represents a row. None: the square of it is half the median
        squared distance of rows from the mean, so that a pick accounts for at least
        half of what is special about a usual row.
    n_random : int, default=5
        Random draws beside the picks.
    random_state : int, RandomState instance or None, default=None
        For the draws.

    Returns
    -------
    curve : CoverageCurve

    Raises
    ------
    ValueError
        If points are not finite, picks are no distinct rows of X, or sizes no numbers
        of picks.

    See Also
    --------
    CoverageCurveDisplay : The same as a figure.

    Notes
    -----
    Rows are counted as they are, so the copies of a row count each. k-center makes the
    radius small, for the sake of the most remote rows; where these are noise, random
    rows may represent a larger share.

    The default distance suits clusters. In many dimensions without any, rows are all
    about equally far from each other, and no pick stands for others: then the share
    stays low for any picks.

    Time is that of reading all points ``n_random + 1`` times for every 64 picks, and
    memory a few numbers for each row.

    Examples
    --------
    >>> import numpy as np
    >>> from skdataquality.active_learning import DiversitySelector, coverage_curve
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(1000, 2)) + 20 * rng.integers(0, 5, size=(1000, 1))
    >>> selector = DiversitySelector(50, embedding="passthrough")
    >>> _ = selector.fit_resample(X)
    >>> curve = coverage_curve(
    ...     X, selector.selection_order_, embedding="passthrough", random_state=0
    ... )
    >>> curve.rows_for(0.95), curve.random_rows_for(0.95)
    (5, 10)
    """
    check_feature_frame(X)
    n = num_samples(X)
    picks = ordered_rows(picks, n)
    sizes = _checked_sizes(sizes, picks.size)
    if not isinstance(n_random, Integral) or n_random < 0:
        raise ValueError(f"n_random={n_random!r}: pass a whole number of 0 or more.")
    rng = own_rng(random_state)
    with few_threads(n):
        points = Embedder(embedding).fit_transform(X)
        usual = usual_squared(points)
        within = _checked_distance(distance, usual)
        share, radius, near = _measured(points, picks, sizes, within, np.sqrt(usual))
        drawn = [
            _measured(points, rng.permutation(n), sizes, within, np.sqrt(usual))
            for _ in range(n_random)
        ]
    random = np.array(drawn).reshape(n_random, 3, sizes.size).swapaxes(0, 1)
    return CoverageCurve(
        sizes,
        share,
        radius,
        near,
        random_share=random[0],
        random_radius=random[1],
        random_similarity=random[2],
        distance=within,
        n_rows=n,
    )


def _measured(points, order, sizes, within, scale):
    """Share, radius and similarity of the first rows of an order, at some sizes."""
    nearest = NearestPick(points)
    out = np.empty((3, sizes.size))
    for at, (before, size) in enumerate(zip([0, *sizes], sizes, strict=False)):
        nearest.add_rows(order[before:size])
        away = np.sqrt(nearest.squared)
        out[0, at] = np.count_nonzero(away <= within) / away.size
        out[1, at] = away.max()
        near = np.exp(-away / scale) if scale > 0 else (away == 0)
        out[2, at] = near.mean(dtype=np.float64)
    return out


def _checked_sizes(sizes, n_picks):
    if sizes is None:
        return np.unique(np.geomspace(1, n_picks, N_SIZES).round().astype(np.intp))
    found = np.unique(np.asarray(sizes))
    if (
        found.dtype.kind not in "iu"
        or found.size == 0
        or found[0] < 1
        or found[-1] > n_picks
    ):
        raise ValueError(
            f"sizes={shortened(sizes)}: pass whole numbers from 1 to the {n_picks} "
            f"picks."
        )
    return found.astype(np.intp)


def _checked_distance(distance, usual):
    if distance is None:
        return float(np.sqrt(usual / 2))
    if not isinstance(distance, Real) or not float(distance) >= 0:
        raise ValueError(f"distance={distance!r}: pass a number of 0 or more.")
    return float(distance)
