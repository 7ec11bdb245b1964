"""How many rows of each class are made: ``sampling_strategy`` of over-samplers."""

from collections.abc import Mapping
from numbers import Integral, Real

import numpy as np
from imblearn.utils import check_sampling_strategy

from skdataquality.utils._printable import printable

NAMES = {"auto", "minority", "not minority", "not majority", "all"}


def rows_to_make(strategy, codes, classes):
    """Return how many rows to make of each class that is named, as imbalanced-learn.

    Parameters
    ----------
    strategy : float, str, dict or callable
    codes : ndarray of shape (n_samples,), int
    classes : ndarray of shape (n_classes,)
        ``classes[codes]`` are the labels.

    Returns
    -------
    n_new : dict of int
        By label, sorted.

    Raises
    ------
    ValueError
        If fewer rows of a class are asked for than there are, or of a class that y does
        not hold, or what is asked for is no number of rows.
    """
    labels = classes.tolist()
    present = dict(zip(labels, np.bincount(codes).tolist(), strict=True))
    if callable(strategy):
        strategy = strategy(classes[codes])
        if not isinstance(strategy, Mapping):
            raise ValueError(
                f"sampling_strategy returned a {type(strategy).__name__}: return a "
                f"dict with the number of rows wanted of each class."
            )
    if isinstance(strategy, Mapping):
        strategy = _wanted(strategy, present)
    elif not isinstance(strategy, str):
        strategy = _by_ratio(strategy, present)
    if not isinstance(strategy, str):
        strategy = {labels.index(label): n for label, n in strategy.items()}
    made = check_sampling_strategy(strategy, codes, "over-sampling")
    return {labels[code]: int(n) for code, n in made.items()}


def _by_ratio(ratio, present):
    """Rows wanted where each class is to have a share of the largest."""
    largest = max(present, key=present.__getitem__)
    wanted = int(ratio * present[largest])
    others = {label: n for label, n in present.items() if label != largest}
    smallest = min(others, key=others.__getitem__)
    if wanted < others[smallest]:
        raise ValueError(
            f"sampling_strategy={ratio} asks for {wanted} row(s) of class "
            f"{said(smallest)}, {ratio} times the {present[largest]} of class "
            f"{said(largest)}, but it has {others[smallest]} and SMOTE only adds: give "
            f"a ratio above {others[smallest] / present[largest]:.3g}."
        )
    return {label: max(wanted, n) for label, n in others.items()}


def _wanted(strategy, present):
    """Rows wanted of the classes that a dict names, by number or by ratio."""
    largest = max(present.values())
    wanted = {}
    for label, value in strategy.items():
        if label not in present:
            raise ValueError(
                f"sampling_strategy names class {said(label)}, of which y has no row; "
                f"it holds {', '.join(map(said, list(present)[:10]))}. Name others, or "
                f"split into folds by class (StratifiedKFold)."
            )
        wanted[label] = n = _number(label, value, largest)
        if n < present[label]:
            raise ValueError(
                f"sampling_strategy asks for {n} row(s) of class {said(label)}, which "
                f"has {present[label]}, and SMOTE only adds. Where folds differ in "
                f"size, give a ratio to the largest class ({{{said(label)}: 0.5}})."
            )
    return wanted


def _number(label, value, largest):
    """Rows wanted of a class: a whole number as it is, a ratio of the largest class."""
    is_ratio = isinstance(value, Real) and not isinstance(value, Integral)
    if is_ratio and 0 < float(value) <= 1:
        return int(float(value) * largest)
    is_count = isinstance(value, Integral) and type(value) is not bool
    if is_count and 0 <= int(value) < 2**63:
        return int(value)
    raise ValueError(
        f"sampling_strategy={{{said(label)}: {printable(repr(value))}}} is no number "
        f"of rows: give a whole number, or as a float a ratio to the largest class, "
        f"above 0 and at most 1.0."
    )


def said(label):
    """Return a label as an error shows it."""
    return printable(repr(label))
