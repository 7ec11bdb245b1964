"""Drop duplicates from the training rows: :class:`Deduplicator`."""

from numbers import Integral

import numpy as np

from skdataquality.base import BaseRowSampler, protect_classes
from skdataquality.duplicates._detection import near_duplicate_groups
from skdataquality.duplicates._remedies._conflicts import conflicting_groups
from skdataquality.lineage import Lineage, Reason
from skdataquality.utils._duplicate_rows import duplicate_groups
from skdataquality.utils._sklearn import Interval, StrOptions

SHOWN_CONFLICTS = 5
TIE = 1e-9  # sums of equal weights differ by rounding


class Deduplicator(BaseRowSampler):
    """Keep one row of each group of duplicates.

    Parameters
    ----------
    on_conflict : {"majority", "drop", "keep", "raise"}, default="majority"
        What to do where duplicates have different labels: keep the first row of the
        label with most (weighted) rows, and none if two labels tie; drop the whole
        group; keep the first row of each label; or raise.
    near : bool, default=False
        True treats rows that are all but equal as duplicates, too: the groups are those
        of :func:`near_duplicate_groups`, and X must be dense. False: equal rows only.
    target_type : {"discrete", "continuous"}, default="discrete"
        With a continuous target rows are duplicates only if y is equal too.
        :class:`~skdataquality.compose.RemediedRegressor` sets it.
    min_samples_per_class : int, default=1
        Rows that stay in each class whatever the conflicts.

    Attributes
    ----------
    sample_indices_ : ndarray of shape (n_kept,), int
        Rows kept, in their order.
    lineage_ : Lineage
        Why each row was dropped, and the row of which it is a duplicate.
    n_conflicts_ : int
        Groups with more than one label.
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features_in_,)

    See Also
    --------
    DuplicateGroupKFold : Keeps duplicates on one side of each split. A deduplicator in
        a pipeline cannot: it sees one training fold only.
    duplicate_groups : The groups themselves.
    near_duplicate_groups : Those with ``near=True``.

    Notes
    -----
    Wrong where repeated rows are real: two patients with equal readings in a table of
    a few coarse columns are two patients. With ``near=True`` also where neighbours are
    alike for a reason, as in a time series; groups are chains of near pairs, so the
    row that is kept may be less near to the last of a long chain.

    Examples
    --------
    >>> import numpy as np
    >>> from skdataquality.duplicates import Deduplicator
    >>> X = np.array([[1.0], [2.0], [1.0], [3.0]])
    >>> sampler = Deduplicator()
    >>> sampler.fit_resample(X, ["a", "b", "a", "b"])
    (array([[1.],
           [2.],
           [3.]]), ['a', 'b', 'b'])
    >>> sampler.lineage_.drop_ref
    array([-1, -1,  0, -1])
    """

    _parameter_constraints: dict = {
        "on_conflict": [StrOptions({"majority", "drop", "keep", "raise"})],
        "near": ["boolean"],
        "target_type": [StrOptions({"discrete", "continuous"})],
        "min_samples_per_class": [Interval(Integral, 1, None, closed="left")],
    }

    def __init__(
        self,
        *,
        on_conflict="majority",
        near=False,
        target_type="discrete",
        min_samples_per_class=1,
    ):
        self.on_conflict = on_conflict
        self.near = near
        self.target_type = target_type
        self.min_samples_per_class = min_samples_per_class

    def _edit(self, X, y, codes, classes, *, sample_weight, groups):
        twins = near_duplicate_groups(X) if self.near else duplicate_groups(X)
        discrete = codes is not None
        axis = 0 if np.ndim(y) > 1 else None  # numpy sorts no rows of objects
        values = (
            codes
            if discrete
            else np.unique(y, axis=axis, return_inverse=True)[1].ravel()
        )
        if discrete:
            conflicts = conflicting_groups(twins, codes)
            keep, keeper = self._keep(twins, codes, conflicts, sample_weight)
        else:
            conflicts = np.empty(0, dtype=np.intp)
            keep, keeper = _first_of_each(twins, values)
        self.n_conflicts_ = conflicts.size

        agrees = keep[keeper] & (values == values[keeper])
        drop = ~keep
        if discrete:
            drop = protect_classes(
                drop,
                codes,
                classes,
                trust=np.zeros(drop.shape[0]),
                minimum=self.min_samples_per_class,
            )
        return Lineage.from_selection(
            np.flatnonzero(~drop),
            n_in=drop.shape[0],
            drop_reason=np.where(
                np.isin(twins, conflicts) & ~agrees,
                Reason.LABEL_CONFLICT,
                Reason.DUPLICATE,
            ),
            drop_ref=np.where(keep[keeper], keeper, -1),
        )

    def _keep(self, twins, codes, conflicts, sample_weight):
        """Mask of rows to keep, and for each row the row that stands for it."""
        if self.on_conflict == "raise" and conflicts.size:
            raise ValueError(
                f"y disagrees within {conflicts.size} group(s) of duplicates, first at "
                f"row(s) {conflicts[:SHOWN_CONFLICTS].tolist()} (from 0): mend those "
                f"labels, or choose on_conflict='majority', 'drop' or 'keep'."
            )
        keep, keeper = _first_of_each(twins, codes)
        if self.on_conflict == "keep":
            return keep, keeper
        if self.on_conflict == "drop":
            return keep & ~np.isin(twins, conflicts), keeper
        winner = majority_label(twins, codes, sample_weight)
        return keep & (winner[twins] == codes), _standing_for(twins, codes, winner)


def _cells(twins, codes):
    """Code each (group, label) pair as one number, in the order of groups."""
    return twins * (codes.max() + 1) + codes


def _first_of_each(twins, codes):
    """First row of each (group, label), as a mask and looked up by row."""
    _, first, member = np.unique(
        _cells(twins, codes), return_index=True, return_inverse=True
    )
    keep = np.zeros(twins.shape[0], dtype=bool)
    keep[first] = True
    return keep, first[member]


def majority_label(twins, codes, sample_weight):
    """Label of largest weight per group, indexed by the group's first row; -1: tie."""
    weight = np.ones(twins.shape[0]) if sample_weight is None else sample_weight
    cells, member = np.unique(_cells(twins, codes), return_inverse=True)
    total = np.bincount(member, weights=weight)
    group, label = np.divmod(cells, codes.max() + 1)
    order = np.lexsort((total, group))  # by group, heaviest label last
    group, label, total = group[order], label[order], total[order]
    last = np.flatnonzero(np.r_[group[1:] != group[:-1], True])
    tied = (
        (last > 0)
        & (group[last - 1] == group[last])
        & np.isclose(total[last - 1], total[last], rtol=TIE, atol=0)
    )
    winner = np.full(twins.shape[0], -1)
    winner[group[last]] = np.where(tied, -1, label[last])
    return winner


def _standing_for(twins, codes, winner):
    """First row with the winning label of each row's group; the first row if none."""
    wins = np.flatnonzero(codes == winner[twins])[::-1]
    first = twins.copy()
    by_group = np.arange(twins.shape[0])
    by_group[twins[wins]] = wins  # written last: the first such row
    return by_group[first]
