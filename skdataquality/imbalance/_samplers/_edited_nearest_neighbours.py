"""Rows whose neighbours are of other classes: :class:`EditedNearestNeighbours`."""

from numbers import Integral

import numpy as np
from scipy.stats import mode

from skdataquality.imbalance._samplers._blocks import RowBlocks
from skdataquality.imbalance._samplers._cleaning import CleaningSampler
from skdataquality.imbalance._samplers._copies import first_copies
from skdataquality.imbalance._samplers._nearness import NearRows
from skdataquality.lineage import Reason
from skdataquality.utils._sklearn import Interval, StrOptions

MOST_CLASSES = 20  # with blocks of their own; more would be small ones


class EditedNearestNeighbours(CleaningSampler):
    """Drop the rows of a class that have neighbours of other classes.

    Wilson's rule [1]_, on the nearest neighbours in Euclidean distance. The rows kept
    are those of imbalanced-learn's sampler of the same name, found with far fewer
    distances where a class is rare.

    Parameters
    ----------
    sampling_strategy : str, list or callable, default="auto"
        Classes that are cleaned: "majority", the largest; "not minority", all but the
        smallest; "not majority", all but the largest; "all"; "auto" is "not minority".
        A list of labels, or a function of y that returns one of these.
    n_neighbors : int, default=3
        Neighbours of each row that are looked at; more drop more with "all".
    kind_sel : {"all", "mode"}, default="all"
        A row stays if all its neighbours are of its class, or if no class is more
        frequent among them; of equally frequent ones the first in sorted order counts.
    min_samples_per_class : int, default=1
        Rows that stay in each class, those farthest from other classes first.

    Attributes
    ----------
    sample_indices_ : ndarray of shape (n_kept,), int
        Rows kept, class by class in sorted order as imbalanced-learn returns them.
    lineage_ : Lineage
        Which rows went; ``drop_ref`` is the nearest row of another class.
    sampling_strategy_ : dict
        Number of rows, before, of each class that is cleaned.
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features_in_,)

    Raises
    ------
    ValueError
        If X holds text, categories, dates, or missing cells: the message names the
        columns. If it has no more than ``n_neighbors`` rows.

    Warns
    -----
    ClassKeptWarning
        If a class would keep fewer than ``min_samples_per_class`` rows.

    See Also
    --------
    TomekLinks : Drops less, of pairs of rows only.
    skdataquality.compose.RemediedClassifier : Restores the class shares of
        probabilities afterwards.

    Notes
    -----
    A row is never its own neighbour, and of equally near rows the one with the lowest
    number is the nearest. Where rows are repeated, imbalanced-learn may take a row for
    its own neighbour, and the rows kept can differ. Weights are not looked at.

    The distance to the nearest row of another class is compared with a bound of the
    distance to the k-th of the own class, which rows close by give; only rows that this
    leaves open are counted out, and most of these after a few blocks of rows. The gain
    over searching for all neighbours shrinks as classes balance. Of exact copies in a
    class, the first few are searched and answer for the rest. Memory beside X is a few
    numbers for each row.

    Wrong where classes overlap by nature: it then drops right labels all along the
    border, and a model of what is left is too sure there. With "all" a large class
    loses any row near a single wrong label of a small one: look at label errors first.
    Wrong too where columns have different units: scale them, or the widest decides.

    References
    ----------
    .. [1] D. L. Wilson, "Asymptotic properties of nearest neighbor rules using edited
       data", IEEE Transactions on Systems, Man, and Cybernetics 2 (1972), 408-421.

    Examples
    --------
    >>> from skdataquality.imbalance import EditedNearestNeighbours
    >>> X = [[0.0], [1.0], [2.1], [3.3], [4.6], [5.0], [9.0], [9.5]]
    >>> y = ["many", "many", "many", "many", "many", "few", "few", "few"]
    >>> sampler = EditedNearestNeighbours(n_neighbors=2)
    >>> X_left, y_left = sampler.fit_resample(X, y)
    >>> sampler.sample_indices_
    array([5, 6, 7, 0, 1, 2, 3])
    >>> sampler.lineage_.drop_ref
    array([-1, -1, -1, -1,  5, -1, -1, -1])
    """

    _reason = Reason.NEAR_OTHER_CLASS
    _parameter_constraints: dict = {
        **CleaningSampler._parameter_constraints,
        "n_neighbors": [Interval(Integral, 1, None, closed="left")],
        "kind_sel": [StrOptions({"all", "mode"})],
    }

    def __init__(
        self,
        *,
        sampling_strategy="auto",
        n_neighbors=3,
        kind_sel="all",
        min_samples_per_class=1,
    ):
        self.sampling_strategy = sampling_strategy
        self.n_neighbors = n_neighbors
        self.kind_sel = kind_sel
        self.min_samples_per_class = min_samples_per_class

    def _find(self, X, codes, targets):
        if codes.size <= self.n_neighbors:
            raise ValueError(
                f"n_neighbors={self.n_neighbors} needs more rows than that, and X has "
                f"{codes.size} sample(s): lower it."
            )
        ref, squared = np.full(codes.size, -1), np.full(codes.size, np.inf)
        k = self.n_neighbors
        first, same = first_copies(X, codes, k + 1)
        for rows, row, distance in _near_others(X, codes, targets, k, first):
            ref[rows], squared[rows] = row, distance
        if self.kind_sel == "mode":
            asks = np.flatnonzero(ref >= 0)
            ref[self._outvoting(X, codes, asks, first)] = -1
        return ref[same], squared[same]

    def _in_order(self, kept, codes):
        return kept[np.argsort(codes[kept], kind="stable")]

    def _outvoting(self, X, codes, rows, first):
        """Return which rows have a class that is the mode among their neighbours."""
        blocks = RowBlocks(X, np.zeros(codes.size, dtype=np.intp), first)
        rows = blocks.in_order(rows)
        near = NearRows(blocks, np.arange(len(blocks.rows)))
        labels = codes[near.nearest(rows, k=self.n_neighbors)[1]]
        return rows[mode(labels, axis=1).mode == codes[rows]]


def _near_others(X, codes, targets, k, first):
    """Yield some of the first copies that have others among their k nearest.

    With each comes the nearest row of another class, and the squared distance to it.
    """
    if np.unique(codes).size > MOST_CLASSES:
        yield _among_all(X, codes, targets, k, first)
        return
    blocks = RowBlocks(X, codes, first)
    numbers = np.arange(len(blocks.rows))
    for code in targets:
        own = NearRows(blocks, numbers[blocks.code == code])
        others = NearRows(blocks, numbers[blocks.code != code])
        rows = np.concatenate([blocks.rows[number] for number in own.numbers])
        within = np.concatenate([own.bound(number, k) for number in own.numbers])
        squared, row = (found[:, 0] for found in others.nearest(rows, within=within))
        near = np.flatnonzero(row >= 0)
        enough = own.enough_before(rows[near], squared[near], row[near], k)
        found = near[~enough]
        yield rows[found], row[found], squared[found]


def _among_all(X, codes, targets, k, first):
    """Find them among the k nearest of all rows."""
    blocks = RowBlocks(X, np.zeros(codes.size, dtype=np.intp), first)
    near = NearRows(blocks, np.arange(len(blocks.rows)))
    rows = blocks.in_order(first[np.isin(codes[first], targets)])
    squared, row = near.nearest(rows, k=k)
    other = codes[row] != codes[rows][:, None]
    found = np.flatnonzero(other.any(axis=1))
    first = other[found].argmax(axis=1)
    return rows[found], row[found, first], squared[found, first]
