"""Weights instead of copies for rare classes and groups: ClassBalanceWeighter."""

from numbers import Integral, Real
from reprlib import repr as shortened

import numpy as np

from skdataquality.base import BaseWeighter
from skdataquality.imbalance._weights._costs import check_costs
from skdataquality.imbalance._weights._effective import BETA, effective_number
from skdataquality.utils._printable import printable
from skdataquality.utils._sklearn import Interval, StrOptions, fit_context, num_samples
from skdataquality.utils._sources import (
    Sources,
    check_group_columns,
    check_group_names,
    cross_groups,
    encode_groups,
    take_group_columns,
)
from skdataquality.utils._validation import encode_labels

MAX_SHOWN = 5


class ClassBalanceWeighter(BaseWeighter):
    """Weight rows by their class, by their group, or by both.

    Parameters
    ----------
    strategy : {"balanced", "effective", "inverse_sqrt"}, dict or array-like of shape \
            (n_classes, n_classes), default="balanced"
        Weight of a class, group or cell with n_k (weighted) rows, up to a common
        factor: ``1 / n_k``; ``(1 - beta) / (1 - beta ** n_k)``, the inverse effective
        number of samples [1]_; ``n_k ** -0.5``. For classes also the cost of one error
        on each, ``{label: cost}``, or a matrix of what it costs to predict the class of
        the column where that of the row is true, both in sorted order, or named by the
        index and columns of a pandas frame: a row of it, summed without the diagonal,
        is the weight of its class.
    by : {"class", "group", "both"}, default="class"
        What is balanced: the labels, the groups, or the cells of class and group.
    beta : float, default=0.999
        For "effective", in [0, 1): 0 weights all classes alike, towards 1 it becomes
        "balanced".
    strength : float, default=1.0
        Power of the weights, 0 or more: 0 weights all rows alike, 1 takes the weights
        as they are, 0.5 goes half of the way on a logarithmic scale. To be searched.
    groups : str, int, list of them or None, default=None
        Name or names of columns of X that hold the groups, as X comes to ``fit``
        (numbers of columns, if X is an array), which needs no metadata; they stay
        columns of X. None: ``groups`` are passed to ``fit``, and so reach a model
        beside the weighter, too, which may keep them together in its folds.

    Attributes
    ----------
    sample_weight_ : ndarray of shape (n_samples,)
        Mean 1 (weighted by the ``sample_weight`` passed to ``fit``).
    effective_sample_size_ : float
        Between 1 and n_samples; higher is better.
    class_weight_ : dict
        Weight of a row of each class, which ``class_weight`` of scikit-learn's
        classifiers takes; only ``by="class"``.
    cell_weight_ : dict
        Weight of a row of each group, or of each cell: its keys are values, or tuples
        of the label and the values of the groups. Not ``by="class"``.
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features_in_,)

    Raises
    ------
    ValueError
        If groups or labels that are needed are missing, X lacks a column of groups,
        groups are named as columns and passed, too, or named ``by="class"``, costs are
        not as described, or ``predict_weight`` meets a class, group or cell without
        training rows.

    See Also
    --------
    skdataquality.compose.RemediedClassifier : Fits an estimator with these weights.
    skdataquality.model_selection.worst_group_scorer : Judges by the worst group.

    Notes
    -----
    The same as random over-sampling, without the copies. It moves the class prior, so
    probabilities of a model fitted with it are too high for rare classes; the wrapper
    restores them, for bagged forests by calibration on held-out rows: since
    scikit-learn 1.9 they take weights as bootstrap probabilities.

    Groups are one column, or several (in a frame or an array), whose combinations are
    the cells. A missing value is a group of its own. Weights of groups change more than
    the class prior where groups differ in the labels they hold: no change of prior
    makes the probabilities right in every group. Cells without rows get no weight, so
    classes are balanced ``by="both"`` only if every group has all of them.

    A cost matrix is exact as weights for two classes. Of more the row sums are a
    heuristic: a weight cannot say which error is the dear one, whereas deciding by
    expected cost can.

    References
    ----------
    .. [1] Y. Cui et al., "Class-balanced loss based on effective number of samples",
       CVPR 2019.

    Examples
    --------
    >>> from skdataquality.imbalance import ClassBalanceWeighter
    >>> X = [[0], [1], [2], [3]]
    >>> weighter = ClassBalanceWeighter().fit(X, list("aaab"))
    >>> weighter.sample_weight_.round(3)
    array([0.667, 0.667, 0.667, 2.   ])
    >>> by_group = ClassBalanceWeighter(by="group").fit(X, groups=["n", "n", "n", "s"])
    >>> by_group.cell_weight_["s"]
    2.0
    >>> by_column = ClassBalanceWeighter(by="group", groups=0).fit([[0], [0], [0], [1]])
    >>> by_column.sample_weight_.round(3)
    array([0.667, 0.667, 0.667, 2.   ])
    """

    _alters_class_prior = True
    _parameter_constraints: dict = {
        "strategy": [
            StrOptions({"balanced", "effective", "inverse_sqrt"}),
            dict,
            "array-like",
        ],
        "by": [StrOptions({"class", "group", "both"})],
        "beta": [Interval(Real, 0, 1, closed="left")],
        "strength": [Interval(Real, 0, None, closed="left")],
        "groups": [str, Integral, list, tuple, None],
    }

    def __init__(
        self,
        strategy="balanced",
        *,
        by="class",
        beta=BETA,
        strength=1.0,
        groups=None,
    ):
        self.strategy = strategy
        self.by = by
        self.beta = beta
        self.strength = strength
        self.groups = groups

    @property
    def _needs_labels(self):  # type: ignore[override]
        return self.by != "group"

    @property
    def _groups_are_attributes(self):
        """Whether groups passed to ``fit`` are balanced, and none to keep together."""
        return self.by != "class" and self.groups is None

    @fit_context(prefer_skip_nested_validation=False)
    def fit(self, X, y=None, *, sample_weight=None, groups=None):
        """Learn the weights of the training rows.

        Parameters
        ----------
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
        y : array-like of shape (n_samples,), default=None
            Not needed ``by="group"``.
        sample_weight : array-like of shape (n_samples,), default=None
            A weight k means that the row counts k times. The learned weights multiply
            it: their mean weighted by it is 1.
        groups : array-like of shape (n_samples,) or (n_samples, n_columns), or data \
                frame, default=None
            Needed by "group" and "both", unless columns of X are named.

        Returns
        -------
        self : object
        """
        return self._learn(X, y, sample_weight, groups=groups)

    def predict_weight(self, X, y=None, *, groups=None):
        """Weight new rows on the scale of the training rows.

        Parameters
        ----------
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
        y : array-like of shape (n_samples,), default=None
            Needed by "class" and "both".
        groups : array-like of shape (n_samples,) or (n_samples, n_columns), or data \
                frame, default=None
            Needed by "group" and "both", unless columns of X are named.

        Returns
        -------
        weight : ndarray of shape (n_samples,), float64
            Non-negative; 1 is the mean over the training rows.
        """
        return self._weigh_new(X, y, groups=groups)

    def _fit_weights(self, X, y, sample_weight, groups):
        self._refuse_what_is_not_by_class()
        if self.by != "group":
            self._classes = encode_labels(y)[0]
        cells = self._cells_of(X, y, groups)
        counts = np.bincount(cells.codes, weights=sample_weight)
        weights = self._weights_of(counts)
        if not (counts @ weights) > 0:
            raise ValueError(
                f"strategy={shortened(self.strategy)} gives every row of positive "
                f"sample_weight the weight 0: give a class that is present a positive "
                f"cost."
            )
        raw = weights[cells.codes]
        self.__dict__.pop("class_weight_", None)  # of another fit
        self._cells, self._weights = cells.levels, weights
        if self.by == "class":
            scaled = weights / np.average(raw, weights=sample_weight)
            self.class_weight_ = dict(zip(cells.levels, scaled.tolist(), strict=True))
        return raw

    @property
    def cell_weight_(self):
        """Weight of a row of each group, or of each cell of class and group."""
        if not hasattr(self, "_scale") or hasattr(self, "class_weight_"):
            raise AttributeError(
                "cell_weight_ is there after fit with by='group' or by='both'."
            )
        # made here: skops saves no dict whose keys are tuples
        scaled = (self._weights * self._scale).tolist()
        return dict(zip(self._cells, scaled, strict=True))

    def _cells_of(self, X, y, groups):
        """Return what each row counts for: its class, its group, or both."""
        columns = []
        if self.by != "group":
            codes = encode_labels(y, classes=self._classes)[1]
            columns.append(Sources(self._classes.tolist(), codes))
        if groups is not None:
            check_group_columns(groups, num_samples(X))
        if self.by != "class":
            columns += encode_groups(self._groups_of(X, groups)).values()
        return cross_groups(columns)

    def _groups_of(self, X, groups):
        """Return groups as passed, or the columns of X that are named as such."""
        if self.groups is None and groups is None:
            raise ValueError(
                f"groups=None, and by={self.by!r} weights rows by their group: name "
                f"columns of X, {type(self).__name__}(groups='site'), or pass groups= "
                f"(in searches by metadata routing and set_fit_request(groups=True))."
            )
        if self.groups is None:
            return groups
        if groups is not None:
            raise ValueError(
                f"groups={shortened(self.groups)} names columns of X, and groups were "
                f"passed, too: leave one of them out."
            )
        return take_group_columns(X, check_group_names(self.groups))

    def _refuse_what_is_not_by_class(self):
        if self.by == "class" and self.groups is not None:
            raise ValueError(
                f"groups={shortened(self.groups)} names columns, and by='class' "
                f"weights rows by their label alone: set by='group' or by='both', or "
                f"groups=None."
            )
        if self.by != "class" and not isinstance(self.strategy, str):
            raise ValueError(
                f"strategy holds costs, which are those of classes, and "
                f"by={self.by!r}: name a strategy, such as 'balanced', or set "
                f"by='class'."
            )

    def _weights_of(self, counts):
        weights = self._full_weights(counts)
        if self.strength == 1:
            return weights
        # scaled first, so that no power leaves all of them 0; absent ones stay 0
        largest = weights.max() if weights.any() else 1
        return np.where(counts > 0, (weights / largest) ** self.strength, 0.0)

    def _full_weights(self, counts):
        if not isinstance(self.strategy, str):
            return self._error_costs()
        counts = np.where(counts > 0, counts, np.inf)  # classes of weight 0 get 0
        if self.strategy == "balanced":
            return 1 / counts
        if self.strategy == "inverse_sqrt":
            return counts**-0.5
        effective = effective_number(counts, self.beta)
        return np.where(np.isfinite(counts), 1 / effective, 0.0)

    def _error_costs(self):
        """Sum what errors on each class cost more than the right answer."""
        costs = check_costs(self.strategy, self._classes, name="strategy")
        costs /= costs.max()  # sums of the largest floats would overflow
        more = (costs - np.diag(costs)[:, None]).sum(axis=1)
        if (more < 0).any():
            named = self._classes[more < 0][:MAX_SHOWN].tolist()
            raise ValueError(
                f"strategy makes the right answer dearer than an error on class(es) "
                f"{printable(str(named))}: lower the diagonal of the matrix, whose "
                f"rows are true classes."
            )
        return more

    def _raw_weights(self, X, y, groups):
        cells = self._cells_of(X, y, groups)
        number = {cell: k for k, cell in enumerate(self._cells)}
        known = [number.get(cell, -1) for cell in cells.levels]
        unseen = [c for c, k in zip(cells.levels, known, strict=True) if k < 0]
        if unseen:
            what = "group" if self.by == "group" else "cell of class and group"
            raise ValueError(
                f"no row that was fitted is of the {what} "
                f"{printable(str(unseen[:MAX_SHOWN]))}, so its weight is unknown: "
                f"leave these rows out, or fit with rows of it."
            )
        return self._weights[np.array(known, dtype=np.intp)[cells.codes]]
