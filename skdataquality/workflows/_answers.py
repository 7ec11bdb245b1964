"""Verified labels of a whole table: read from its sheet, and brought to some rows."""

import numpy as np

from skdataquality.diagnosis._verified_rows import labels_as_given, verified_among
from skdataquality.model_selection._verification import check_verified
from skdataquality.report._sheets import read_filled


def filled_sheet(path, frame, label, **options):
    """Read a filled sheet and its plan, which must be about this table and label."""
    filled = read_filled(path, frame, **options)
    if filled.plan.label != label:
        raise ValueError(
            f"{path} asks about the label {filled.plan.label!r}: label={label!r} is "
            f"another column."
        )
    return filled


def compared_answers(verified, frame, label, inputs):
    """Return verified labels of the rows that models see, and notes on others.

    ``verified`` are those of the whole table, or None, and ``inputs`` the table taken
    apart. Raises if they are of no use, before anything is fitted.
    """
    if verified is None:
        return None, []
    given, is_discrete = labels_as_given(frame, label), inputs.label_kind == "classes"
    among = verified_among(verified, given, inputs.labelled, inputs.y, is_discrete)
    among, n_compared = among.take(inputs.rows), inputs.rows.size
    if verified.rows.size and not among.rows.size:
        raise ValueError(
            f"none of the {verified.rows.size} verified rows is among the {n_compared} "
            f"rows compared: pass max_rows={inputs.n_given}, or what it was when they "
            f"were drawn."
        )
    check_verified(among, inputs.labels, np.unique(inputs.labels))
    n_others = _n_rows(verified) - _n_rows(among)
    if not n_others:
        return among, []
    are = "verified row is" if n_others == 1 else "verified rows are"
    return among, [f"{n_others} {are} not among the {n_compared} compared: left aside"]


def _n_rows(verified):
    return verified.rows.size + verified.cannot_say.size + verified.unanswered.size
