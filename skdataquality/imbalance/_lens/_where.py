"""Where a model fails: the clearest slices of the table, beside the lens."""

from dataclasses import replace

import numpy as np

from skdataquality.imbalance._slices import weak_slices
from skdataquality.utils._draws import draw_rows
from skdataquality.utils._prediction_guards import known_to_be_held_out
from skdataquality.utils._sklearn import take_rows

MOST_COLUMNS = 100
FEWEST_ROWS, MOST_ROWS = 100, 50_000  # more are drawn from
SHOWN = 5


def with_slices(
    result, X, y, pred_proba, classes, *, flagged=None, groups=None, random_state=0
):
    """Return the result with the slices of one column in which the model fails.

    They change no verdict: most tables have a place in which classes overlap.
    """
    if X is None or len(y) < FEWEST_ROWS or not 0 < X.shape[1] <= MOST_COLUMNS:
        return result
    rows = draw_rows(len(y), MOST_ROWS, random_state)

    def some(values):
        return values if rows.size == len(y) else take_rows(values, rows)

    with known_to_be_held_out():
        found = weak_slices(
            some(X),
            some(np.asarray(y)),
            pred_proba=some(np.asarray(pred_proba)),
            classes=classes,
            max_order=1,
            flagged=None if flagged is None else some(flagged),
            groups=None if groups is None else some(groups),
            random_state=random_state,
        )
    title = "slices in which the model fails"
    lines = [
        {
            "slice": each.description,
            "rows": each.n_rows,
            "error": each.error,
            "elsewhere": each.error_elsewhere,
            "reason": each.reason,
            "measure": each.measure,
        }
        for each in found.slices[:SHOWN]
    ]
    evidence = result.evidence | ({title: lines} if lines else {})
    limits = result.limits if not lines else (_said(found), *result.limits)
    total = {title: len(found)} if len(found) > SHOWN else {}
    return replace(
        result,
        numbers=result.numbers | {"weak_slices": len(found)},
        evidence=evidence,
        limits=limits,
        evidence_rows=result.evidence_rows | total,
    )


def _said(found):
    """Say where the model fails most clearly: a report shows no more than that."""
    first = found.slices[0]
    more = f"; {len(found) - 1} more in the table of slices" if len(found) > 1 else ""
    if first.measure == "calibration":
        way = "high" if first.gap > 0 else "low"
        what = (
            f"Probabilities are {abs(first.gap):.2f} too {way} in {first.n_rows} rows "
            f"with"
        )
    else:
        what = (
            f"The model is wrong on {100 * found.error:.0f} % of all rows, and on "
            f"{100 * first.error.estimate:.0f} % of {first.n_rows} with"
        )
    return f"{what} {first.description} ({first.reason}){more}."
