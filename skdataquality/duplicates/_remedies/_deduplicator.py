"""Drop duplicates from the training rows: :class:`Deduplicator`."""

from numbers import Integral

import numpy as np

from skdataquality.base import BaseRowSampler, protect_classes
from skdataquality.duplicates._remedies._conflicts import conflicting_groups
from skdataquality.duplicates._remedies._keep import (
    cells_of,
    chosen_of_each,
    preferences,
)
from skdataquality.duplicates._remedies._twins import find_twins
from skdataquality.lineage import Lineage, Reason
from skdataquality.utils._duplicate_rows import duplicate_groups
from skdataquality.utils._sklearn import HasMethods, Interval, StrOptions

SHOWN_CONFLICTS = 5
TIE = 1e-9  # sums of equal weights differ by rounding


class Deduplicator(BaseRowSampler):
    """Keep one row of each group of duplicates.

    Parameters
    ----------
    detector : DuplicateDetector, default=None
        Finds the groups; fitted as a clone on X, which must then be dense. None: equal
        rows only, unless ``near``.
    keep : {"first", "medoid", "random"}, default="first"
        Which row stays. "medoid": the one with the smallest sum of distances to the
        others of its group and label, ties to the first; rows further apart than the
        threshold of the detector count as that far. Of two rows, and of equal ones,
        that is the first. "random": any, by ``random_state``.
    on_conflict : {"majority", "drop", "keep", "raise"}, default="majority"
        What to do where duplicates have different labels: keep a row of the label with
        most (weighted) rows, and none if two labels tie; drop the whole group; keep a
        row of each label; or raise.
    near : bool, default=False
        True is short for ``detector=DuplicateDetector()``: rows that are all but equal
        are duplicates, too. No use beside a detector.
    target_type : {"discrete", "continuous"}, default="discrete"
        With a continuous target rows are duplicates only if y is equal too.
        :class:`~skdataquality.compose.RemediedRegressor` sets it.
    min_samples_per_class : int, default=1
        Rows that stay in each class whatever the conflicts.
    random_state : int, RandomState instance or None, default=None
        For ``keep="random"``.

    Attributes
    ----------
    detector_ : DuplicateDetector or None
        The fitted clone; None where only equal rows were looked for.
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
    DuplicateDetector : The groups themselves, and what nearly equal means.

    Notes
    -----
    Wrong where repeated rows are real: two patients with equal readings in a table of
    a few coarse columns are two patients. With a detector also where neighbours are
    alike for a reason, as in a time series; groups are chains of near pairs, so the
    row that is kept may be less near to the last of a long chain, unless the detector
    has ``linkage="star"``.

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

    _detector_example = "DuplicateDetector() from skdataquality.duplicates"
    _parameter_constraints: dict = {
        "detector": [None, HasMethods(["fit"])],
        "keep": [StrOptions({"first", "medoid", "random"})],
        "on_conflict": [StrOptions({"majority", "drop", "keep", "raise"})],
        "near": ["boolean"],
        "target_type": [StrOptions({"discrete", "continuous"})],
        "min_samples_per_class": [Interval(Integral, 1, None, closed="left")],
        "random_state": ["random_state"],
    }

    def __init__(
        self,
        detector=None,
        *,
        keep="first",
        on_conflict="majority",
        near=False,
        target_type="discrete",
        min_samples_per_class=1,
        random_state=None,
    ):
        self.detector = detector
        self.keep = keep
        self.on_conflict = on_conflict
        self.near = near
        self.target_type = target_type
        self.min_samples_per_class = min_samples_per_class
        self.random_state = random_state

    def _edit(self, X, y, codes, classes, *, sample_weight, groups):
        twins, self.detector_ = find_twins(X, self.near, self.detector)
        discrete = codes is not None
        values = codes if discrete else duplicate_groups(y.reshape(y.shape[0], -1))
        conflicts = np.empty(0, dtype=np.intp)
        if discrete:
            conflicts = conflicting_groups(twins, codes)
            self._refuse_conflicts(conflicts)
        keep, keeper = self._keep(twins, values, conflicts, discrete, sample_weight)
        self.n_conflicts_ = conflicts.size
        return self._lineage(twins, values, classes, conflicts, keep, keeper)

    def _lineage(self, twins, values, classes, conflicts, keep, keeper):
        agrees = keep[keeper] & (values == values[keeper])
        drop = ~keep
        if classes is not None:
            drop = protect_classes(
                drop,
                values,
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

    def _refuse_conflicts(self, conflicts):
        if self.on_conflict == "raise" and conflicts.size:
            raise ValueError(
                f"y disagrees within {conflicts.size} group(s) of duplicates, first at "
                f"row(s) {conflicts[:SHOWN_CONFLICTS].tolist()} (from 0): mend those "
                f"labels, or choose on_conflict='majority', 'drop' or 'keep'."
            )

    def _keep(self, twins, codes, conflicts, discrete, sample_weight):
        """Mask of rows to keep, and for each row the row that stands for it."""
        cells = cells_of(twins, codes)
        preference = preferences(self.keep, cells, self.detector_, self.random_state)
        if sample_weight is not None:  # a row of weight 0 stands for none
            preference = np.where(sample_weight > 0, preference, np.inf)
        keep, keeper = chosen_of_each(cells, preference)
        if self.on_conflict == "keep" or not discrete:
            return keep, keeper
        if self.on_conflict == "drop":
            return keep & ~np.isin(twins, conflicts), keeper
        winner = majority_label(twins, codes, sample_weight)
        keep &= winner[twins] == codes
        stands = twins.copy()  # the first row of a group of which none is kept
        stands[twins[keep]] = np.flatnonzero(keep)
        return keep, stands[twins]


def majority_label(twins, codes, sample_weight):
    """Label of largest weight per group, indexed by the group's first row; -1: tie."""
    weight = np.ones(twins.shape[0]) if sample_weight is None else sample_weight
    cells, member = np.unique(cells_of(twins, codes), return_inverse=True)
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
