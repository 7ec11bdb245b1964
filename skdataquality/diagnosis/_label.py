"""Whether a label is a class or a quantity, and what is odd about it."""

import warnings
from decimal import Decimal
from numbers import Real

import numpy as np

from skdataquality.exceptions import LookAlikeLabelsWarning
from skdataquality.label_noise._regression import as_value_array
from skdataquality.utils._digits import fixed
from skdataquality.utils._frames import dates_as_text, listed, numbers_in_text
from skdataquality.utils._printable import look_alike_labels, say_look_alike
from skdataquality.utils._validation import (
    MANY_VALUES,
    ROWS_OF_CODE,
    SOME_VALUES,
    as_label_array,
    is_continuous,
    is_quantity,
)

TASKS = (None, "classification", "regression")
MANY_ROWS = 10
SHOWN = 3
QUANTILES = (0.01, 0.25, 0.5, 0.75, 0.99)
FENCE = 3.0  # interquartile ranges beyond the quartiles: Tukey's outer fences


def check_label(y, task=None):
    """Return y, whether it holds classes, and notes about it.

    The rule is that of :func:`is_quantity`, unless a task is named. The first note says
    what numbers are taken for. Text and Booleans are classes.
    """
    if task not in TASKS:
        raise ValueError(
            f"task={task!r} must be one of {TASKS}: None decides by the labels."
        )
    if np.ma.is_masked(y):
        as_label_array(y)  # which refuses it
    values = _as_numbers(np.asarray(y))
    if task == "regression":
        values = _forced_numbers(values)
    elif task == "classification" and is_continuous(values):
        _refuse_row_names(values)
        n_values = np.unique(values).shape[0]
        said = f"label: {n_values} numbers with fractions, taken as classes, as asked"
        return np.array([repr(v) for v in values.tolist()]), True, [said]
    is_number = values.dtype.kind in "iuf"
    if task == "regression" or (task is None and is_number and is_quantity(values)):
        return _quantity(values, task)
    y = dates_as_text(as_label_array(values if is_number else y))
    _refuse_row_names(y)
    return y, True, [*_said_of_classes(y, task), *_notes_on_classes(y)]


def _as_numbers(values):
    """Numbers kept as objects, such as decimals, as an array of numbers."""
    if values.dtype.kind != "O" or values.ndim != 1 or values.size == 0:
        return values
    kinds = {type(v) for v in values}
    if all(issubclass(k, Real | Decimal) and k is not bool for k in kinds):
        numbers = values.astype(float)
        is_whole = all(issubclass(k, int | np.integer) for k in kinds)
        return values if is_whole or np.isnan(numbers).any() else numbers
    return values


def _forced_numbers(values):
    """Numbers of a label that is to be a quantity, or raise naming what is none."""
    if values.dtype.kind in "OUT" and any(isinstance(v, str) for v in values.flat):
        numbers = numbers_in_text(values)
        bad = values if numbers is None else values[np.isnan(numbers)]
        if bad.size:
            seen = [v for v in dict.fromkeys(bad.tolist()) if not _reads_as_number(v)]
            raise ValueError(
                f"task='regression' needs numbers, but y holds "
                f"{(seen or bad.tolist())[:SHOWN]}: mend or leave out those rows, or "
                f"pass task='classification'."
            )
        return numbers
    if values.dtype.kind == "b" or (
        values.dtype.kind == "O" and all(isinstance(v, bool) for v in values.flat)
    ):
        return values.astype(float)
    if values.dtype.kind in "mM":
        raise ValueError(
            f"task='regression' needs numbers, but y holds dates such as "
            f"{values[:1].astype(str).tolist()}: pass, for example, days since a date."
        )
    return as_value_array(values)


def _reads_as_number(cell):
    try:
        float(cell)
    except (TypeError, ValueError):
        return False
    return True


def _quantity(values, task):
    """Return a quantity, refusing one that numbers the rows, and say what it is."""
    whole = not is_continuous(values)
    present = np.unique(values)
    n_values = present.shape[0]
    is_row_number = whole and present[-1] - present[0] + 1 == values.shape[0]
    if task is None and is_row_number and n_values == values.shape[0]:
        raise ValueError(
            f"y has {n_values} rows and holds every whole number from {present[0]:.0f} "
            f"to {present[-1]:.0f} once: it names rows, it is no label. Pass "
            f"task='regression' if it is a rank to predict."
        )
    what = f"{n_values} {'whole numbers' if whole else 'numbers, some with fractions'}"
    if task is not None:
        said = f"label: {what}, taken as a quantity, as asked"
    else:
        said = (
            f"label: {what}, taken as a quantity{_why_quantity(n_values, whole)}; pass "
            f"task='classification' if they name classes"
        )
    return values.astype(float), False, [said, *_spread(values.astype(float))]


def _why_quantity(n_values, whole):
    if not whole:
        return ""
    if n_values > MANY_VALUES:
        return f" (more than {MANY_VALUES} different ones)"
    return f" (more than {SOME_VALUES} different ones, hardly any repeated)"


def _spread(values):
    """Say where a quantity lies, and how much of it lies far out: what is rare."""
    low, first, middle, third, high = np.quantile(values, QUANTILES)
    said = (
        f"half of the labels lie between {fixed(first, 4)} and {fixed(third, 4)} "
        f"(median {fixed(middle, 4)}), 98 % between {fixed(low, 4)} and "
        f"{fixed(high, 4)}, all between {fixed(values.min(), 4)} and "
        f"{fixed(values.max(), 4)}"
    )
    reach = FENCE * (third - first)
    below, above = (values < first - reach).sum(), (values > third + reach).sum()
    if reach > 0 and below + above:
        share = (below + above) / values.size
        said += (
            f"; rare: {below + above} labels ({share:.2%}) lie beyond three "
            f"interquartile ranges, {below} below and {above} above"
        ).replace("%)", " %)")
    return [said]


def _said_of_classes(y, task):
    """Say of numbers that they are taken as classes, where that may be doubted."""
    n_values = np.unique(y).shape[0]
    if y.dtype.kind not in "iuf" or n_values <= 2:
        return []
    if task is not None:
        return [f"label: {n_values} whole numbers, taken as classes, as asked"]
    why = f"at most {MANY_VALUES} different ones"
    if n_values > MANY_VALUES:
        why = f"every number from {y.min():.0f} on, on {ROWS_OF_CODE} rows or more"
    return [
        f"label: {n_values} whole numbers, taken as classes ({why}); pass "
        f"task='regression' if they are a quantity"
    ]


def _refuse_row_names(y):
    present = np.unique(y)
    if present.shape[0] == y.shape[0] > MANY_ROWS:
        raise ValueError(
            f"y has {y.shape[0]} rows and as many different values, such as "
            f"{present[:2].tolist()}: it names rows, it is no label."
        )


def _notes_on_classes(y):
    alike = look_alike_labels(np.unique(y))
    for labels in alike:
        warnings.warn(
            say_look_alike(labels),
            LookAlikeLabelsWarning,
            stacklevel=5,
        )
    return [f"labels look alike: {labels}" for labels in alike] + _single_rows(y)


def _single_rows(y):
    """Name the classes of one row, where others have many."""
    classes, sizes = np.unique(y, return_counts=True)
    single = [str(label) for label in classes[sizes == 1].tolist()]
    if not single or sizes.max() < MANY_ROWS:
        return []
    verb = "has" if len(single) == 1 else "have"
    return [
        f"{listed(single)} {verb} one row only: a typing error in the label? Out of "
        f"fold such a row cannot be predicted"
    ]
