"""Rows of two classes that are each other's nearest: :class:`TomekLinks`."""

import numpy as np

from skdataquality.imbalance._samplers._blocks import RowBlocks
from skdataquality.imbalance._samplers._cleaning import CleaningSampler
from skdataquality.imbalance._samplers._copies import first_copies
from skdataquality.imbalance._samplers._nearness import NearRows
from skdataquality.lineage import Reason


class TomekLinks(CleaningSampler):
    """Drop the rows of a class that form a Tomek link with one of another.

    Two rows of different classes are a link [1]_ if each is the other's nearest
    neighbour, in Euclidean distance. The rows kept are those of imbalanced-learn's
    sampler of the same name, found with far fewer distances where a class is rare.

    Parameters
    ----------
    sampling_strategy : str, list or callable, default="auto"
        Classes that are cleaned: "majority", the largest; "not minority", all but the
        smallest; "not majority", all but the largest; "all"; "auto" is "not minority".
        A list of labels, or a function of y that returns one of these.
    min_samples_per_class : int, default=1
        Rows that stay in each class, those with the longest links first.

    Attributes
    ----------
    sample_indices_ : ndarray of shape (n_kept,), int
        Rows kept, in their order.
    lineage_ : Lineage
        Which rows went; ``drop_ref`` is the other end of the link.
    sampling_strategy_ : dict
        Number of rows, before, of each class that is cleaned.
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features_in_,)

    Raises
    ------
    ValueError
        If X holds text, categories, dates, or missing cells: the message names the
        columns.

    Warns
    -----
    ClassKeptWarning
        If a class would keep fewer than ``min_samples_per_class`` rows.

    See Also
    --------
    EditedNearestNeighbours : Looks at several neighbours, and drops more.
    skdataquality.compose.RemediedClassifier : Restores the class shares of
        probabilities afterwards.

    Notes
    -----
    A row is never its own neighbour, and of equally near rows the one with the lowest
    number is the nearest. Where rows are repeated, imbalanced-learn may take a row for
    its own neighbour, and the rows kept can differ. Weights are not looked at.

    At most two nearest neighbours are sought for each row outside the largest class,
    so what is gained over searching for all rows shrinks as that class does. Memory
    beside X is a few numbers for each row.

    Wrong where classes overlap by nature: links are then frequent by chance, and what
    is dropped are right labels, so that probabilities near the border are too sure.
    Wrong too where columns have different units: scale them first, or the widest
    decides. It hardly moves the class shares, and is no way to balance classes.

    References
    ----------
    .. [1] I. Tomek, "Two modifications of CNN", IEEE Transactions on Systems, Man, and
       Cybernetics 6 (1976), 769-772.

    Examples
    --------
    >>> from skdataquality.imbalance import TomekLinks
    >>> X = [[0.0], [1.0], [2.0], [2.4], [5.0], [5.5], [6.0]]
    >>> y = ["many", "many", "many", "few", "few", "many", "many"]
    >>> sampler = TomekLinks()
    >>> X_left, y_left = sampler.fit_resample(X, y)
    >>> sampler.sample_indices_
    array([0, 1, 3, 4, 6])
    >>> sampler.lineage_.drop_ref
    array([-1, -1,  3, -1, -1,  4, -1])
    """

    _reason = Reason.TOMEK_LINK

    def __init__(self, *, sampling_strategy="auto", min_samples_per_class=1):
        self.sampling_strategy = sampling_strategy
        self.min_samples_per_class = min_samples_per_class

    def _find(self, X, codes, targets):
        first, second, length = tomek_links(X, codes)
        ref, squared = np.full(codes.size, -1), np.full(codes.size, np.inf)
        for one, other in ((first, second), (second, first)):
            cleaned = np.isin(codes[one], targets)
            ref[one[cleaned]] = other[cleaned]
            squared[one[cleaned]] = length[cleaned]
        return ref, squared


def tomek_links(X, codes):
    """Find pairs of rows of different classes that are each other's nearest.

    Parameters
    ----------
    X : ndarray or csr matrix of shape (n_samples, n_features)
        Finite numbers.
    codes : ndarray of shape (n_samples,), int

    Returns
    -------
    first, second : ndarray of shape (n_links,), int
        Row numbers; the first is outside the largest class.
    squared : ndarray of shape (n_links,)
        Squared length of each link.
    """
    # a later copy is the nearest of none
    rows = first_copies(X, codes, 2)[0]
    blocks = RowBlocks(X, np.zeros(codes.size, dtype=np.intp), rows)
    near = NearRows(blocks, np.arange(len(blocks.rows)))
    # a link has an end outside any one class, so also outside the largest
    asks = blocks.in_order(rows[codes[rows] != np.bincount(codes).argmax()])
    squared, row = (found[:, 0] for found in near.nearest(asks))
    across = np.flatnonzero(codes[asks] != codes[row])
    first, second, squared = asks[across], row[across], squared[across]
    order = np.lexsort((blocks.place[second], blocks.block[second]))
    first, second, squared = first[order], second[order], squared[order]
    is_link = ~near.enough_before(second, squared, first, 1)
    return first[is_link], second[is_link], squared[is_link]
