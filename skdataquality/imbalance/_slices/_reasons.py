"""Why a model fails in a slice, as far as counts and label doubts can tell."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from skdataquality.utils._printable import printable
from skdataquality.utils._stats import newcombe

MOST = 0.5  # of the errors beyond those elsewhere
RARE = 0.5  # times a share that would be even


@dataclass(frozen=True)
class Rows:
    """What is known of the rows: class codes, errors and label doubts, or None."""

    codes: np.ndarray
    wrong: np.ndarray
    flagged: Any
    classes: np.ndarray


def reason_of(rows, inside, elsewhere, found, columns):
    """Return the reason, and in words what speaks for it.

    "mislabelled" comes before "under-represented", and that before "hard".
    """
    said = _mislabelled(rows, inside, elsewhere)
    if said:
        return "mislabelled", said
    said = _rare_class(rows, inside, elsewhere) or _few_rows(found, columns)
    if said:
        return "under-represented", said
    if rows.flagged is None:
        return "hard", "no class is rarer there; label doubts were not given"
    return "hard", "no class is rarer there, and label doubts do not explain it"


def _mislabelled(rows, inside, elsewhere):
    """Wrong rows whose label is in doubt are most of the additional errors."""
    if rows.flagged is None:
        return ""
    doubtful = rows.flagged & rows.wrong
    more = _apart(doubtful, inside, elsewhere)
    errors = _apart(rows.wrong, inside, elsewhere).estimate
    if more.lower <= 0 or more.estimate < MOST * errors:
        return ""
    there, others = rows.flagged[inside].mean(), rows.flagged[elsewhere].mean()
    return f"labels of {_percent(there)} are in doubt, of {_percent(others)} elsewhere"


def _rare_class(rows, inside, elsewhere):
    """Most errors are on a class of which the slice has far fewer rows than others."""
    wrong = rows.codes[inside & rows.wrong]
    if wrong.size == 0:
        return ""
    number = int(np.bincount(wrong).argmax())
    is_class = rows.codes == number
    share = _apart(is_class, inside, elsewhere)
    there, others = is_class[inside].mean(), is_class[elsewhere].mean()
    is_rare = share.upper < 0 and there < RARE * others
    if not is_rare or np.mean(wrong == number) < MOST:
        return ""
    name = printable(repr(rows.classes[number : number + 1].tolist()[0]))
    return (
        f"class {name} has {_percent(there)} of its rows, {_percent(others)} of others"
    )


def _few_rows(found, columns):
    """Compare the rows of the slice with those that an even share would have."""
    grids = [_grid_of(c, columns[c.column]) for c in found.conditions]
    n = found.mask.size
    share = found.mask.mean()
    for condition, grid in zip(found.conditions, grids, strict=True):
        if condition.kind != "text" or condition.is_missing:
            continue
        counts = np.bincount(grid.codes, minlength=grid.n_codes)
        n_values = np.count_nonzero(counts[:-1])  # the last are missing
        own = counts[grid.conditions.index(condition)]
        if own < RARE * (n - counts[-1]) / n_values:
            return f"{condition} has {own} rows, fewer than half of an even share"
    alone = [
        grid.rows_of(condition).mean()
        for condition, grid in zip(found.conditions, grids, strict=True)
    ]
    even = float(np.prod(alone))
    if len(alone) == 2 and share < RARE * even:
        return f"{_percent(share)} of rows, where {_percent(even)} would be by chance"
    return ""


def _grid_of(condition, column):
    return column.coarse if condition in column.coarse.conditions else column.fine


def _apart(mask, inside, elsewhere):
    return newcombe(
        int(mask[inside].sum()),
        int(inside.sum()),
        int(mask[elsewhere].sum()),
        int(elsewhere.sum()),
    )


def _percent(share):
    return f"{100 * share:.0f} %" if share == 0 or share >= 0.01 else "under 1 %"
