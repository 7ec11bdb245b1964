"""How many rows more would make recalls precise: rows_to_collect."""

from dataclasses import dataclass, field
from numbers import Integral, Real
from reprlib import repr as shortened

import numpy as np
from sklearn.base import is_regressor

from skdataquality.compose._default import default_model
from skdataquality.imbalance._groups._recall_curve import RecallCurve
from skdataquality.imbalance._groups._recall_trials import RecallTrials
from skdataquality.utils._draws import draw_seed
from skdataquality.utils._duplicate_rows import repeated_rows
from skdataquality.utils._first_guesses import wrong_object
from skdataquality.utils._fits import default_fit
from skdataquality.utils._folds import make_splits
from skdataquality.utils._frames import pandas_frame
from skdataquality.utils._printable import printable
from skdataquality.utils._shown import WIDTH, ShownResult, cut
from skdataquality.utils._sources import check_group_columns, encode_groups
from skdataquality.utils._stats import proportion_interval, with_ends
from skdataquality.utils._validation import (
    check_feature_frame,
    check_same_length,
    encode_labels,
)

MIN_ROWS = 20  # of a class, for a curve
FAR = 3  # times the present rows: beyond what a curve has been checked for
CURVE, PRESENT, MET = "learning curve", "present recall", "narrow enough"
N_SHOWN = 5
NO_ROW = "no row: recall taken as 1/2"


@dataclass(frozen=True, eq=False, repr=False)
class RowsToCollect(ShownResult):
    """What :func:`rows_to_collect` returns.

    Attributes
    ----------
    lines : list of dict
        First a line for each class, then one for each class in each group: ``class``,
        ``column`` and ``group`` (None for all rows), ``rows`` (with a prediction),
        ``recall`` (Interval), ``width`` (of it now), ``more_rows`` (int; 0 if it is
        narrow enough), ``at_most`` (int, if recall now is that end of its interval
        which needs most), ``method`` ("learning curve", "present recall", "narrow
        enough", or "no row: recall taken as 1/2"), ``far`` (bool: more than three times
        the present rows).
    width : float
        What was asked for.
    curves : list
        The curve of each line; ``recall(n)`` and ``width(n)`` are those foretold for n
        rows in all.
    """

    lines: list = field(repr=False)
    width: float
    curves: list = field(repr=False)

    def width_after(self, label, more_rows, *, column=None, group=None):
        """Foretell the width of the interval of a recall with so many rows more.

        Parameters
        ----------
        label : object
            A class.
        more_rows : int
            0 or more.
        column, group : object, default=None
            Of a line of a group.

        Returns
        -------
        width : float
        """
        if not isinstance(more_rows, Integral) or more_rows < 0:
            raise ValueError(
                f"more_rows={more_rows!r}: pass a whole number of at least 0."
            )
        for line, curve in zip(self.lines, self.curves, strict=True):
            if (line["class"], line["column"], line["group"]) == (label, column, group):
                return float(curve.width(line["rows"] + more_rows))
        raise ValueError(
            f"label={label!r}, column={column!r}, group={group!r}: no line is about "
            f"that; see the lines for what there is."
        )

    def to_frame(self):
        """Return the lines as a data frame, the interval as three columns.

        Returns
        -------
        frame : pandas.DataFrame

        Raises
        ------
        ImportError
            If pandas is missing; it comes with the extra ``cli``.
        """
        rows = [with_ends(line, "recall") for line in self.lines]
        return pandas_frame(rows, "RowsToCollect.to_frame", "the attribute lines")

    def _facts(self):
        wanted = {
            line["class"]: line["more_rows"]
            for line in self.lines
            if line["column"] is None
        }
        return {"width": self.width, "more rows": wanted}

    def __repr__(self):
        said = [f"RowsToCollect(width={self.width:g})"]
        wanting = [line for line in self.lines if line["more_rows"]]
        for line in wanting[:N_SHOWN]:
            where = f"class {line['class']}"
            if line["column"] is not None:
                where += f", {line['column']}={line['group']}"
            said.append(
                f"- {line['more_rows']} more rows (at most {line['at_most']}), "
                f"{_by(line['method'])}: {where}"
            )
        if len(wanting) > N_SHOWN:
            said.append(f"- and {len(wanting) - N_SHOWN} more")
        return "\n".join(cut(printable(line), WIDTH) for line in said)


def _by(method):
    return method if method == NO_ROW else f"by the {method}"


def rows_to_collect(
    estimator,
    X,
    y,
    *,
    width=0.1,
    groups=None,
    cv=None,
    n_jobs=None,
    random_state=None,
):
    """Say how many rows more of each class would make its recall precise.

    The interval of a recall narrows with the rows that it is measured on, and because
    recall itself grows as the model has more rows of the class to learn from. How it
    grows is read off a learning curve, of two parts: fits in which the rows of the
    class are repeated show what it does to expect the class more often, and fits with
    fewer different rows, repeated to as many, what it does to know it better.

    Parameters
    ----------
    estimator : classifier or None
        Cloned for each fit; it decides by ``predict``. None is small boosting.
    X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
    y : array-like of shape (n_samples,)
    width : float, default=0.1
        Wanted width, in (0, 1), of the 95 % interval (Clopper-Pearson) of each recall.
    groups : array-like of shape (n_samples,) or (n_samples, n_columns), or data \
            frame, default=None
        Columns of groups: each class in each of them gets a line of its own.
    cv : int, splitter, iterable or None, default=None
        Folds in which recall is measured; None is 5. Copies of a row stay together.
    n_jobs : int or None, default=None
        Fits at the same time; the numbers are the same for any.
    random_state : int, RandomState instance or None, default=None
        For the folds, and for which rows are left out.

    Returns
    -------
    plan : RowsToCollect

    Raises
    ------
    ValueError
        If ``width`` is not in (0, 1), the estimator is no classifier, y holds one class
        or a quantity, or lengths differ.

    See Also
    --------
    group_report : What each group is like today.

    Notes
    -----
    The rows collected must be drawn as the present ones were, and only of the class in
    question. Collecting several classes at once adds less to each, as the model then
    expects none of them much more often. Where the estimator drops repeated rows, or
    tunes itself on folds of its own, of which both sides hold copies then, the curve
    is off.

    For a class in a group, and a class of fewer than 20 rows or whose recall did not
    grow, the present recall is taken to stay; ``method`` says so. ``at_most`` looks at
    how uncertain the present recall is, and not at how uncertain the curve is. Beyond
    three times the present rows (``far``) nothing has been checked. Where hardly any
    row is missed, the width hangs on a few misses and is foretold roughly.

    Each class whose interval is too wide costs six fits for each fold.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.linear_model import LogisticRegression
    >>> from skdataquality.imbalance import rows_to_collect
    >>> rng = np.random.default_rng(0)
    >>> y = np.repeat(["common", "rare"], [900, 100])
    >>> X = rng.normal(size=(1000, 2)) + 2 * (y == "rare")[:, None]
    >>> plan = rows_to_collect(
    ...     LogisticRegression(), X, y, width=0.1, random_state=0
    ... )
    >>> [(line["class"], line["method"]) for line in plan.lines]
    [('common', 'narrow enough'), ('rare', 'learning curve')]
    >>> plan.lines[1]["more_rows"] > 50
    True
    """
    if not isinstance(width, Real) or not 0 < float(width) < 1:
        raise ValueError(
            f"width={width!r}: pass a number between 0 and 1, such as 0.1."
        )
    is_default = estimator is None
    if not is_default:
        _check_estimator(estimator)
    check_feature_frame(X, y)
    check_same_length(X=X, y=y)
    classes, codes = encode_labels(y)
    if classes.size < 2:
        raise ValueError(f"y has 1 class ({classes[0]!r}): a recall needs another.")
    if groups is not None:
        check_group_columns(groups, codes.size)
    columns = {} if groups is None else encode_groups(groups)
    seed = draw_seed(random_state)
    splits, _ = make_splits(
        X, codes, cv=cv, duplicate_groups=repeated_rows(X), random_state=seed
    )
    estimator = default_model(X) if is_default else estimator
    trials = RecallTrials(
        estimator, X, classes[codes], codes, splits, seed=seed, n_jobs=n_jobs
    )
    with default_fit(is_default):
        found = trials.found()
        of_class = [_Counted.of(found, codes == c) for c in range(classes.size)]
        wanting = [
            c
            for c, counted in enumerate(of_class)
            if counted.rows >= MIN_ROWS and counted.width > width
        ]
        fitted = trials.curves(wanting, found)
    labels = classes.tolist()
    asked = [
        (labels[c], None, None, counted, fitted.get(c))
        for c, counted in enumerate(of_class)
    ]
    for name, column in columns.items():
        for k in column.in_order():
            for c, label in enumerate(labels):
                counted = _Counted.of(found, (codes == c) & (column.codes == k))
                asked.append((label, name, column.levels[k], counted, None))
    pairs = [_line(*each, width) for each in asked]
    return RowsToCollect(
        [line for line, _ in pairs], float(width), [curve for _, curve in pairs]
    )


@dataclass(frozen=True)
class _Counted:
    """Rows of a class that were predicted, and those found."""

    rows: int
    hits: int

    @classmethod
    def of(cls, found, mask):
        seen = found[mask & ~np.isnan(found)]
        return cls(int(seen.size), round(float(seen.sum())))

    @property
    def recall(self):
        return proportion_interval(self.hits, self.rows)

    @property
    def width(self):
        return self.recall.upper - self.recall.lower


def _line(label, column, group, counted, curve, width):
    """Return a line of the plan and its curve; without rows recall is taken as 1/2."""
    recall = counted.recall
    if curve is None:
        present = recall.estimate if counted.rows else 0.5
        curve = RecallCurve(max(counted.rows, 1), 1 - present)
    wanted = at_most = 0
    if counted.width > width:
        wanted = curve.rows_for(width) - counted.rows
        # of all recalls in the interval that which has the widest one
        widest = float(np.clip(0.5, recall.lower, recall.upper))
        most = curve.from_recall(widest).rows_for(width)
        at_most = max(wanted, most - counted.rows)
    line = {
        "class": label,
        "column": column,
        "group": group,
        "rows": counted.rows,
        "recall": recall,
        "width": counted.width,
        "more_rows": wanted,
        "at_most": at_most,
        "method": _method(counted, wanted, curve),
        "far": wanted > (FAR - 1) * counted.rows,
    }
    return line, curve


def _method(counted, wanted, curve):
    if not counted.rows:
        return NO_ROW
    if not wanted:
        return MET
    return CURVE if curve.grows else PRESENT


def _check_estimator(estimator):
    if said := wrong_object("estimator", estimator, "estimator"):
        raise ValueError(said)
    if not hasattr(estimator, "predict") or is_regressor(estimator):
        raise ValueError(
            f"estimator={shortened(estimator)} is no classifier: pass one, or None."
        )
