"""What is asked of :func:`next_step`, checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Real

import numpy as np

WORK = ("review", "label", "collect")
NEW_LABELS = ("verified", "as now")


@dataclass(frozen=True)
class Affordable:
    """Rows that the budget pays for: ``review``, ``label`` and ``collect``."""

    review: int
    label: int
    collect: int


def affordable_rows(budget, costs, n_labeled, n_unlabeled):
    """Return the rows that a budget pays for, and the cost of one of each kind.

    Raises
    ------
    ValueError
        If the budget buys nothing, or more rows than there are labelled ones.
    """
    costs = _checked_costs(costs)
    if not _is_number(budget) or not budget > 0:
        raise ValueError(
            f"budget={budget!r}: pass a positive number, of rows if costs is None."
        )
    rows = {work: int(budget / cost + 1e-9) for work, cost in costs.items()}
    if max(rows.values()) < 1:
        raise ValueError(
            f"budget={budget!r} pays for no row at costs={costs}: pass a larger one."
        )
    for work, n in rows.items():
        if n > n_labeled:
            raise ValueError(
                f"budget={budget!r} pays for {n} rows ({work!r} costs {costs[work]:g} "
                f"each), but only {n_labeled} rows have a label: gains of more than "
                f"twice the rows are not foretold. Pass a budget of at most "
                f"{n_labeled * costs[work]:g}, and ask again once it is spent."
            )
    if n_unlabeled:
        rows["label"] = min(rows["label"], n_unlabeled)
    return Affordable(**rows), costs


def _checked_costs(costs):
    costs = {} if costs is None else costs
    if not isinstance(costs, Mapping) or not set(costs) <= set(WORK):
        raise ValueError(
            f"costs={costs!r}: pass a dict with some of the keys {list(WORK)}, such as "
            f"{{'review': 1, 'label': 3}}."
        )
    for work, cost in costs.items():
        if not _is_number(cost) or not cost > 0:
            raise ValueError(f"costs[{work!r}]={cost!r}: pass a positive number.")
    label = float(costs.get("label", 1))
    return {
        "review": float(costs.get("review", 1)),
        "label": label,
        "collect": float(costs.get("collect", label)),
    }


def _is_number(value):
    return isinstance(value, Real) and not isinstance(value, bool)


def check_new_labels(new_labels):
    if new_labels not in NEW_LABELS:
        raise ValueError(f"new_labels={new_labels!r}: pass one of {NEW_LABELS}.")


def check_min_gain(min_gain):
    if not _is_number(min_gain) or not 0 <= min_gain < np.inf:
        raise ValueError(f"min_gain={min_gain!r}: pass a score of at least 0.")


def check_enough_labels(labels, n_rows):
    """Raise if fewer than two classes are labelled."""
    if labels.rows.size == 0:
        raise ValueError(
            f"none of the {n_rows} rows has a label: label some first, those that "
            f"DiverseMarginQuery().fit(X).query(n) names."
        )
    if labels.classes.size < 2:
        raise ValueError(
            f"the {labels.rows.size} labelled rows are all of class "
            f"{labels.classes.tolist()[0]!r}: label rows of another class first."
        )
