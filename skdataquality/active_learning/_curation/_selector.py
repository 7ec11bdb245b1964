"""A diverse part of a table, without labels: :class:`DiversitySelector`."""

from numbers import Integral, Real

import numpy as np

from skdataquality.active_learning._curation._balance import (
    make_balance,
    read_groups,
    warn_of_unmet,
)
from skdataquality.active_learning._curation._columns import one_of, without
from skdataquality.active_learning._curation._greedy import GreedyPick
from skdataquality.active_learning._curation._picking import pick_rows
from skdataquality.active_learning._curation._preferences import log_value
from skdataquality.active_learning._curation._reference_rows import ReferenceRows
from skdataquality.active_learning._curation._sizes import n_wanted, rows_of_pool
from skdataquality.active_learning._embedding import Embedder, content_keys
from skdataquality.base import BaseRowSampler, protect_classes
from skdataquality.lineage import Lineage, Reason
from skdataquality.utils._folds import few_threads
from skdataquality.utils._rows_handle import check_handle
from skdataquality.utils._sklearn import (
    HasMethods,
    Interval,
    StrOptions,
    fit_context,
    num_samples,
)


class DiversitySelector(BaseRowSampler):
    """Sampler that keeps a diverse, balanced part of the rows, and no copies.

    Rows are picked greedily, each of the highest ``d ** (2 * diversity) * value``. Here
    d is the Euclidean distance to the nearest row picked before, and the value is made
    of weights, similarity, typicality and balance. With distance alone it is greedy
    k-center [1]_: no subset of as many rows leaves all rows less than half as far from
    the nearest kept one. No label is needed, and rows may stand in any order.

    Parameters
    ----------
    n_select : int or float, default=0.1
        Rows to keep; a float in (0, 1] is a share of the rows, at least one.
    embedding : None, "passthrough", transformer or callable, default=None
        What distances are measured in. None scales numbers and encodes other columns;
        "passthrough" takes numbers as they are, as is right for embeddings; a
        transformer is cloned and fitted; a callable takes rows and returns points.
    diversity : float, default=1.0
        Strength of the distance against the other parts of the score. Of no matter if
        it is the only part; 0 leaves distances out, but for copies.
    weights : str or int, default=None
        Column of X that holds the weight of each row, 0 or more; no part of the
        embedding. Or pass ``weights`` to :meth:`fit_resample`.
    weight_strength : float, default=1.0
        Power of the weights: higher follows them more, 0 not at all, negative prefers
        rows of low weight.
    balance : {"uniform", "input"}, dict or None, default=None
        Wanted shares of classes among the kept rows: equal ones, those of X, or
        ``{class: share}``, where a class that is not named gets none.
    by : str or int, default=None
        Column of X whose values are balanced; no part of the embedding. None: the
        classes of y, or ``by`` as passed to :meth:`fit_resample`.
    balance_strength : "exact" or float, default="exact"
        "exact" makes quotas of the shares, met to the row. A number is a strength by
        which a pick is worth more that leads towards the shares.
    min_distance : float, default=0.0
        Rows nearer than that to a kept one are not kept; fewer rows may be left then.
    selected : ReferenceRows, default=None
        Rows kept before, of another table: rows near to them are not needed, and they
        count in the balance. Rows of X itself are passed to :meth:`fit_resample`.
    similar_to : ReferenceRows, default=None
        Rows of the kind that is looked for.
    similarity : float, default=1.0
        Strength of the likeness to ``similar_to``; negative keeps away from it.
    typicality : float, default=0.0
        Strength of the density around a row: positive avoids outliers, which distance
        alone prefers.
    target_type : {"discrete", "continuous"}, default="discrete"
        With a continuous target y is not looked at.
        :class:`~skdataquality.compose.RemediedRegressor` sets it.
    min_samples_per_class : int, default=1
        Rows that stay in each class of y, beyond ``n_select`` if need be, unless the
        classes of y are balanced. 0 lets classes vanish.

    Attributes
    ----------
    sample_indices_ : ndarray of shape (n_kept,), int
        Rows kept, in rising order.
    selection_order_ : ndarray of shape (n_kept,), int
        The same in the order of picking: the first k are a selection of k rows.
    distances_ : ndarray of shape (n_kept,), float
        Distance of each pick, in the same order, to the nearest earlier one or row of
        ``selected``; inf for a first one.
    radius_ : float
        Largest distance of a row of X to the nearest kept or selected one.
    lineage_ : Lineage
        Dropped rows are "not selected", or a "duplicate" of the kept row named.
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features_in_,)

    Warns
    -----
    PoolExhaustedWarning
        If fewer rows are there than asked for; all of them are kept.
    UnmetQuotaWarning
        If a class has too few different rows for its quota; others get what is left.
    ClassKeptWarning
        If no row of a class was picked and ``min_samples_per_class`` were added.

    See Also
    --------
    coverage_curve : How many rows are enough.
    KCenterQuery : Rows to label next.

    Notes
    -----
    Equal rows are recognised exactly, and a copy of a kept row is kept only where no
    other row is left. A class whose quota would need copies counts as one that has too
    few rows.

    Time is that of reading all points once for each pick, and memory a few numbers for
    each row.

    A ``sample_weight``, by which a row counts several times, counts in the shares of
    ``balance="input"`` alone: how often a row is there makes it no more diverse.

    Wrong where far rows are errors: distance prefers outliers, so look at
    ``typicality``, or prune first. Wrong as a random sample: what is measured on the
    kept rows does not hold for all.

    References
    ----------
    .. [1] T. F. Gonzalez, "Clustering to minimize the maximum intercluster distance",
       Theoretical Computer Science 38, 1985.

    Examples
    --------
    >>> import numpy as np
    >>> from skdataquality.active_learning import DiversitySelector
    >>> X = np.array([[0.0], [0.1], [0.1], [5.0], [9.0], [10.0]])
    >>> selector = DiversitySelector(3, embedding="passthrough")
    >>> selector.fit_resample(X)[0].ravel()
    array([ 0.,  5., 10.])
    >>> selector.selection_order_, selector.radius_
    (array([3, 0, 5]), 1.0)

    Equal shares of a group:

    >>> group = np.array(["a", "a", "a", "a", "b", "b"])
    >>> selector = DiversitySelector(4, embedding="passthrough", balance="uniform")
    >>> _ = selector.fit_resample(X, by=group)
    >>> selector.sample_indices_
    array([0, 3, 4, 5])
    """

    _needs_labels = False
    _alters_class_prior = True
    _first_row = None  # of the picks, where peers begin with the first of the table
    _parameter_constraints: dict = {
        "n_select": [
            Interval(Integral, 1, None, closed="left"),
            Interval(Real, 0, 1, closed="right"),
        ],
        "embedding": [
            HasMethods("transform"),
            callable,
            StrOptions({"passthrough"}),
            None,
        ],
        "diversity": [Interval(Real, 0, None, closed="left")],
        "weights": [str, Integral, None],
        "weight_strength": [Interval(Real, None, None, closed="neither")],
        "balance": [StrOptions({"uniform", "input"}), dict, None],
        "by": [str, Integral, None],
        "balance_strength": [
            StrOptions({"exact"}),
            Interval(Real, 0, None, closed="left"),
        ],
        "min_distance": [Interval(Real, 0, None, closed="left")],
        "selected": "no_validation",  # checked with the cure in the message
        "similar_to": "no_validation",
        "similarity": [Interval(Real, None, None, closed="neither")],
        "typicality": [Interval(Real, None, None, closed="neither")],
        "target_type": [StrOptions({"discrete", "continuous"})],
        "min_samples_per_class": [Interval(Integral, 0, None, closed="left")],
    }

    def __init__(
        self,
        n_select=0.1,
        *,
        embedding=None,
        diversity=1.0,
        weights=None,
        weight_strength=1.0,
        balance=None,
        by=None,
        balance_strength="exact",
        min_distance=0.0,
        selected=None,
        similar_to=None,
        similarity=1.0,
        typicality=0.0,
        target_type="discrete",
        min_samples_per_class=1,
    ):
        self.n_select = n_select
        self.embedding = embedding
        self.diversity = diversity
        self.weights = weights
        self.weight_strength = weight_strength
        self.balance = balance
        self.by = by
        self.balance_strength = balance_strength
        self.min_distance = min_distance
        self.selected = selected
        self.similar_to = similar_to
        self.similarity = similarity
        self.typicality = typicality
        self.target_type = target_type
        self.min_samples_per_class = min_samples_per_class

    @fit_context(prefer_skip_nested_validation=False)
    def fit_resample(
        self,
        X,
        y=None,
        *,
        sample_weight=None,
        groups=None,
        weights=None,
        by=None,
        selected=None,
    ):
        """Keep a diverse part of the rows.

        Parameters
        ----------
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
            Or texts, with an ``embedding`` that reads them.
        y : array-like of shape (n_samples,), default=None
        sample_weight : array-like of shape (n_samples,), default=None
            How often each row counts in the shares of ``balance="input"``.
        groups : array-like of shape (n_samples,), default=None
            Ignored.
        weights : array-like of shape (n_samples,), default=None
            Weight of each row, 0 or more: how much it is wanted.
        by : array-like of shape (n_samples,), default=None
            What is balanced, of each row.
        selected : array-like of int, or mask of shape (n_samples,), default=None
            Rows of X that are kept already: not returned, and as if picked before.

        Returns
        -------
        X_resampled, y_resampled : same containers as X and y
            The kept rows in the order of X; y is None if it was.

        Raises
        ------
        ValueError
            If points are not finite, weights are negative or NaN, there is nothing to
            balance, a class of ``balance`` is not there, or no row is left.
        """
        return self._resample(
            X,
            y,
            sample_weight=sample_weight,
            groups=groups,
            weights=weights,
            by=by,
            selected=selected,
        )

    def _edit(self, X, y, codes, classes, *, sample_weight, groups, **metadata):
        n = num_samples(X)
        with few_threads(n):
            greedy = self._picked(
                X, y if codes is not None else None, sample_weight, **metadata
            )
            if (
                self.balance is None
                or self.by is not None
                or metadata["by"] is not None
            ):
                self._keep_classes(greedy, codes, classes)
            self.radius_ = greedy.radius()
        self.selection_order_ = np.array(greedy.picks, dtype=np.intp)
        self.distances_ = np.array(greedy.distances)
        return Lineage.from_selection(
            np.sort(self.selection_order_),
            n_in=n,
            drop_reason=Reason.NOT_SELECTED,
            drop_ref=greedy.copies(),
        )

    def _picked(self, X, labels, sample_weight, weights, by, selected):
        """Pick the rows; return the GreedyPick."""
        n = num_samples(X)
        before = rows_of_pool(selected, n)
        known = check_handle(self.selected, ReferenceRows, self, "selected")
        groups = read_groups(self, X, labels, by, sample_weight)
        weights = one_of(X, self.weights, weights, "weights")
        points, embed = self._embedded(X)
        keys = content_keys(X)
        greedy = GreedyPick(
            points,
            keys,
            log_value=log_value(self, points, keys, weights, embed),
            by_distance=self.diversity > 0,
            min_distance=self.min_distance,
            codes=None if groups is None else groups.codes,
        )
        if before.size:
            greedy.exclude(before)
        if known is not None:
            greedy.avoid(embed(known.X))
        wanted = n_wanted(self.n_select, n - before.size)
        balance = make_balance(self, groups, wanted, greedy, before, known)
        pick_rows(greedy, wanted, balance, first=self._first_row)
        if groups is not None and not self.min_distance:
            warn_of_unmet(balance, groups)
        return greedy

    def _rows_of_distance(self, X):
        """Rows without the columns of weights and groups."""
        return without(X, [self.weights, self.by])

    def _embedded(self, X):
        """Points of the rows, and a function to those of reference rows."""
        embedder = Embedder(self.embedding)
        points = embedder.fit_transform(self._rows_of_distance(X))
        return points, lambda X: embedder.transform(self._rows_of_distance(X))

    def _keep_classes(self, greedy, codes, classes):
        """Add rows of classes of y that were lost."""
        if codes is None or not self.min_samples_per_class:
            return
        drop = np.ones(codes.size, dtype=bool)
        drop[greedy.picks] = False
        kept = protect_classes(
            drop,
            codes,
            classes,
            trust=greedy.trust(),
            minimum=self.min_samples_per_class,
        )
        for row in np.flatnonzero(drop & ~kept):
            greedy.add(int(row))
