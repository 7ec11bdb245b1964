"""Ready-made labelling functions of a column: thresholds and look-ups."""

from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Real
from reprlib import repr as shortened
from typing import Any

import numpy as np

from skdataquality.utils._frames import is_missing
from skdataquality.weak_supervision._functions._answers import check_label
from skdataquality.weak_supervision._functions._cells import cells_of, numbers_of
from skdataquality.weak_supervision._functions._function import LabelingFunction
from skdataquality.weak_supervision._functions._rule import Rule, slug


@dataclass(frozen=True, eq=False, repr=False)
class _Threshold(Rule):
    column: Any
    label: Any
    above: Any = None
    below: Any = None

    maker = "lf_threshold"

    def __call__(self, X):
        numbers = numbers_of(X, self.column, self)
        votes = ~np.isnan(numbers)
        if self.above is not None:
            votes &= numbers > self.above
        if self.below is not None:
            votes &= numbers < self.below
        return votes


@dataclass(frozen=True, eq=False, repr=False)
class _Lookup(Rule):
    table: dict
    column: Any = None

    maker = "lf_lookup"

    def __repr__(self):
        said = f"<{len(self.table)} entries>"
        column = "" if self.column is None else f", column={self.column!r}"
        return f"lf_lookup({said}{column})"

    def __call__(self, X):
        cells, table = cells_of(X, self.column, self).tolist(), self.table
        try:
            return [table.get(cell) for cell in cells]
        except TypeError as error:
            raise ValueError(
                f"{self} looks up cells, and its column holds lists or records, which "
                f"cannot be."
            ) from error


def lf_threshold(column, label, *, above=None, below=None, name=None):
    """Make a labelling function that votes where a number is above or below a bound.

    Parameters
    ----------
    column : str or int
        Name of the column, or its position if X is an array.
    label : str, int or bool
        Vote for the rows within bounds; the others are abstained from.
    above, below : float, default=None
        Bounds, both excluded: with both, the number lies between.
    name : str, default=None
        None is made of column and bounds, such as "price_above_10".

    Returns
    -------
    labeling_function : LabelingFunction
        It pickles; missing numbers are abstained from.

    Raises
    ------
    ValueError
        If there is no bound, or no number lies between them.

    See Also
    --------
    lf_lookup : Labels of values.

    Examples
    --------
    >>> import numpy as np
    >>> from skdataquality.weak_supervision import lf_threshold
    >>> dear = lf_threshold(0, "dear", above=100)
    >>> dear
    lf_threshold(column=0, label='dear', above=100)
    >>> dear(np.array([[99.0], [101.0], [np.nan]]))
    array([False,  True, False])
    """
    check_label(label)
    bounds = {"above": above, "below": below}
    given = {side: bound for side, bound in bounds.items() if bound is not None}
    if not given:
        raise ValueError("above=None and below=None: pass a bound, or both.")
    for side, bound in given.items():
        if not isinstance(bound, Real) or np.isnan(float(bound)):
            raise ValueError(f"{side}={bound!r} must be a number.")
    if len(given) == 2 and not above < below:
        raise ValueError(
            f"above={above!r} and below={below!r} leave no number between them."
        )
    said = "_".join([slug(column), *(f"{s}_{b:g}" for s, b in given.items())])
    rule = _Threshold(column, label, above, below)
    return LabelingFunction(rule, name or said, vectorized=True, label=label)


def lf_lookup(table, *, column=None, name=None):
    """Make a labelling function that looks the label of a cell up in a dict.

    Parameters
    ----------
    table : dict
        Label by cell; None for a cell abstains, as do cells that are not in it.
    column : str or int, default=None
        Name of the column, or its position, if X has more than one.
    name : str, default=None
        None is "lookup", with the column.

    Returns
    -------
    labeling_function : LabelingFunction
        It pickles.

    Raises
    ------
    ValueError
        If the table is none or empty.

    See Also
    --------
    lf_threshold : Bounds of numbers.

    Notes
    -----
    Cells must be equal: "Paris " is not "Paris".

    Examples
    --------
    >>> import pandas as pd
    >>> from skdataquality.weak_supervision import lf_lookup
    >>> known = lf_lookup({"a.com": "ham", "b.com": "spam"}, column="domain")
    >>> known
    lf_lookup(<2 entries>, column='domain')
    >>> known(pd.DataFrame({"domain": ["b.com", "c.com"], "size": [1, 2]}))
    ['spam', None]
    """
    if not isinstance(table, Mapping) or not table:
        raise ValueError(
            f"table is a {type(table).__name__} of "
            f"{len(table) if hasattr(table, '__len__') else 'no'} entries: pass a "
            f"dict of labels by cell."
        )
    for cell, label in table.items():
        if label is not None:
            check_label(label, f"table[{shortened(cell)}]")
    known = {cell: label for cell, label in table.items() if not is_missing(cell)}
    said = "lookup" if column is None else f"lookup_{slug(column)}"
    return LabelingFunction(_Lookup(known, column), name or said, vectorized=True)
