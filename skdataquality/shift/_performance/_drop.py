"""Why is a model worse on target rows? :func:`decompose_performance_drop`."""

from dataclasses import dataclass
from numbers import Integral

import numpy as np
from sklearn.base import BaseEstimator

from skdataquality.shift._concept import (
    as_quantities,
    class_probabilities,
    label_codes,
    labelled_rows,
    predicted_numbers,
)
from skdataquality.shift._performance._drop_parts import NAMES, BothSides
from skdataquality.shift._performance._row_losses import (
    check_loss,
    loss_of_rows,
    signs_of_loss,
)
from skdataquality.shift._performance._row_order import order_of_rows
from skdataquality.shift._ratios import FEWEST_EFFECTIVE_ROWS, tell_apart
from skdataquality.shift._targets import as_target_data, same_columns
from skdataquality.utils._duplicate_rows import repeated_rows
from skdataquality.utils._frames import pandas_frame
from skdataquality.utils._plain import plain
from skdataquality.utils._shown import ShownResult
from skdataquality.utils._sklearn import take_rows
from skdataquality.utils._stats import Interval
from skdataquality.utils._validation import (
    as_label_array,
    as_label_column,
    check_same_length,
    check_table,
    encode_labels,
    is_quantity,
)

FEWEST_RESAMPLES = 40


@dataclass(frozen=True, eq=False, repr=False)
class PerformanceDrop(ShownResult):
    """Result of :func:`decompose_performance_drop`; each number is an Interval, 95 %.

    Attributes
    ----------
    drop : Interval
        Loss on target rows minus that on training rows, held out; above 0 is worse. The
        sum of the three that follow.
    covariate_source : Interval
        Training rows to shared ones: of rows that the target has fewer of.
    concept : Interval
        On shared rows: P(y | x) changed.
    covariate_target : Interval
        Shared rows to target rows: of rows that training had few of.
    loss_source, loss_shared_source, loss_shared_target, loss_target : Interval
        Mean losses that these are the differences of.
    loss : str
    n_source, n_target : int
        Rows used.
    effective_source, effective_target : float
        Effective sample size of the shared rows on either side.
    reason : str
        Why the three parts cannot be trusted; empty if they can. ``drop`` can be.
    """

    drop: Interval
    covariate_source: Interval
    concept: Interval
    covariate_target: Interval
    loss_source: Interval
    loss_shared_source: Interval
    loss_shared_target: Interval
    loss_target: Interval
    loss: str
    n_source: int
    n_target: int
    effective_source: float
    effective_target: float
    reason: str = ""

    @property
    def is_trusted(self):
        """Whether the parts can be trusted."""
        return not self.reason

    def to_frame(self):
        """Return one line per loss, part and their sum.

        Returns
        -------
        frame : pandas.DataFrame
            Columns ``name``, ``estimate``, ``lower``, ``upper``.

        Raises
        ------
        ImportError
            If pandas is missing; it comes with the extra ``cli``.
        """
        lines = []
        for name in NAMES:
            of = getattr(self, name)
            ends = {"estimate": of.estimate, "lower": of.lower, "upper": of.upper}
            lines.append({"name": name, **ends})
        return pandas_frame(lines, "PerformanceDrop.to_frame", "to_dict()")

    def to_dict(self):
        """Return plain numbers and text, ready for JSON."""
        return plain({name: getattr(self, name) for name in self.__dataclass_fields__})

    def plot(self, *, ax=None):
        """Draw it as a waterfall; see :class:`PerformanceDropDisplay`."""
        from skdataquality.shift._performance._drop_display import (
            PerformanceDropDisplay,
        )

        return PerformanceDropDisplay(self).plot(ax=ax)

    def _facts(self):
        names = ["loss", "drop", "covariate_source", "concept", "covariate_target"]
        facts = {name: getattr(self, name) for name in names}
        return facts | ({"cannot_be_trusted": self.reason} if self.reason else {})


def decompose_performance_drop(
    estimator,
    X,
    y,
    *,
    X_target,
    y_target=None,
    loss=None,
    cv=None,
    n_bootstrap=200,
    n_jobs=None,
    random_state=0,
):
    """Split the loss on target rows into what new rows and what new labels cost.

    The loss is taken over three kinds of rows: training rows, held out, the rows that
    both sides could hold (of density ``p q / (p + q)``), and target rows [1]_. Each
    row is weighted by a calibrated, cross-fitted model that tells both sides apart.

    Parameters
    ----------
    estimator : classifier or regressor
        Cloned per fold. None is small boosting.
    X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
    y : array-like of shape (n_samples,)
        Class labels, or numbers.
    X_target : TargetData, or like X, of shape (n_target, n_features)
    y_target : array-like of shape (n_target,), default=None
        Labels, None or NaN where not known: such rows are left out. None takes those
        of ``X_target``.
    loss : {"zero_one", "log_loss", "brier", "absolute", "squared"} or callable, \
            default=None
        Of a row; lower is better. None is "zero_one" for classes, "absolute" for
        numbers. A function is called with labels of shape (n_rows,), and probabilities
        of shape (n_rows, n_classes), sorted by class, or predicted numbers.
    cv : int, splitter or None, default=None
        Folds of the model.
    n_bootstrap : int, default=200
        Resamples for the intervals, at least 40.
    n_jobs : int, default=None
    random_state : int, default=0

    Returns
    -------
    result : PerformanceDrop

    Raises
    ------
    ValueError
        If no target row has a label, or lengths, columns or the loss do not fit.

    See Also
    --------
    concept_shift_test : A test that P(y | x) changed, with few labels.

    Notes
    -----
    The loss of a target row is the mean over the models of the folds, of which each is
    as good as the one that has not seen a training row. The part of the loss that the
    predictions and the place of a row foretell is estimated from both sides together.
    Copies are drawn together in the bootstrap, which calibrates the weights anew but
    does not fit the models again. Unless ``cv`` is a splitter, the order of the rows
    does not matter.

    Wrong where sides hardly overlap (``reason`` says so): shared rows are then few. A
    change of class shares alone changes P(y | x), and so counts as concept.

    References
    ----------
    .. [1] T. Cai, H. Namkoong, S. Yadlowsky, "Diagnosing model performance under
       distribution shift", 2023, arXiv 2303.02011.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.linear_model import LogisticRegression
    >>> from skdataquality.shift import decompose_performance_drop
    >>> rng = np.random.default_rng(0)
    >>> X, X_target = rng.normal(size=(1000, 2)), rng.normal(size=(1000, 2))
    >>> y, y_target = X[:, 0] > 0, X_target[:, 1] > 0
    >>> result = decompose_performance_drop(
    ...     LogisticRegression(), X, y, X_target=X_target, y_target=y_target
    ... )
    >>> result.concept.lower > 0.3, abs(result.covariate_target.estimate) < 0.1
    (True, True)
    """
    target = as_target_data(X_target)
    y_target = target.y if y_target is None else y_target
    X = check_table(BaseEstimator(), X, y)
    check_same_length(X=X, y=y)
    check_same_length(X_target=target.X, y_target=y_target)
    if y_target is None:
        raise ValueError(
            "y_target is None: labels of target rows are needed; without them, see "
            "estimate_target_performance."
        )
    X, rows = same_columns(X, target.X)
    is_number = is_quantity(y)
    loss = ("absolute" if is_number else "zero_one") if loss is None else loss
    check_loss(loss, is_number)
    if not isinstance(n_bootstrap, Integral) or n_bootstrap < FEWEST_RESAMPLES:
        raise ValueError(
            f"n_bootstrap={n_bootstrap!r}: pass a whole number of at least "
            f"{FEWEST_RESAMPLES}, of which each end of a 95 % interval leaves out one."
        )
    labels = as_label_column(y) if is_number else as_label_array(y)
    data = labelled_rows(X, labels, rows, y_target)
    if data.rows.size < 2:
        raise ValueError(
            f"y_target has {data.rows.size} label(s): at least 2 target rows must be "
            f"labelled."
        )
    if cv is None or isinstance(cv, Integral):
        data = _in_order(data)
    running = {"cv": cv, "n_jobs": n_jobs, "random_state": random_state}
    losses, signs = (_of_numbers if is_number else _of_classes)(
        data, estimator, loss, running
    )
    apart = tell_apart(data.X, data.X_target, n_jobs=n_jobs, random_state=random_state)
    twins = repeated_rows(apart.pooled)
    used = np.isfinite(losses) & np.isfinite(apart.proba)
    sides = BothSides(
        apart.is_target,
        losses,
        signs,
        apart.proba,
        np.arange(losses.size) if twins is None else twins,
    ).of(used)
    return _result(sides, loss, n_bootstrap, random_state)


def _in_order(data):
    """Sort the rows of both sides by what they hold, so that their order is nothing."""
    ours, theirs = (
        order_of_rows(data.X, data.y),
        order_of_rows(data.X_target, data.y_target),
    )
    return type(data)(
        take_rows(data.X, ours),
        data.y[ours],
        take_rows(data.X_target, theirs),
        data.y_target[theirs],
        data.rows[theirs],
    )


def _of_classes(data, estimator, loss, running):
    oof, new_proba = class_probabilities(data, estimator, **running)
    covered = oof.covered
    ours = np.full(covered.size, np.nan)
    codes = encode_labels(data.y, classes=oof.classes)[1]
    ours[covered] = loss_of_rows(
        loss, data.y[covered], oof.proba[covered], codes[covered]
    )
    their_codes = label_codes(data.y_target, oof.classes)
    theirs = [
        loss_of_rows(loss, data.y_target, proba, their_codes) for proba in new_proba
    ]
    signs = [signs_of_loss(oof.proba), np.mean([*map(signs_of_loss, new_proba)], 0)]
    return np.r_[ours, np.mean(theirs, axis=0)], np.concatenate(signs)


def _of_numbers(data, estimator, loss, running):
    data = as_quantities(data)
    predicted, new = predicted_numbers(data, estimator, **running)
    covered = np.isfinite(predicted)
    ours = np.full(covered.size, np.nan)
    ours[covered] = loss_of_rows(loss, data.y[covered], predicted[covered])
    theirs = [loss_of_rows(loss, data.y_target, one) for one in new]
    signs = [signs_of_loss(predicted), np.mean([*map(signs_of_loss, new)], 0)]
    return np.r_[ours, np.mean(theirs, axis=0)], np.concatenate(signs)


def _result(sides, loss, n_bootstrap, random_state):
    sizes = np.bincount(sides.is_target, minlength=2)
    if sizes.min() < 2:
        raise ValueError(
            f"{sizes[0]} training and {sizes[1]} target rows have a loss and can be "
            f"told apart, out of fold: at least 2 of each are needed."
        )
    ours, theirs = sides.effective_rows()
    reason = ""
    for side, n in (("training", ours), ("target", theirs)):
        if n < FEWEST_EFFECTIVE_ROWS:
            reason = reason or (
                f"the shared rows are worth {n:.0f} {side} rows, and "
                f"{FEWEST_EFFECTIVE_ROWS} are the fewest"
            )
    return PerformanceDrop(
        **sides.intervals(n_bootstrap, random_state),
        loss=loss if isinstance(loss, str) else getattr(loss, "__name__", "function"),
        n_source=int(sizes[0]),
        n_target=int(sizes[1]),
        effective_source=ours,
        effective_target=theirs,
        reason=reason,
    )
