"""What one step did to each row of the table that the first step was given."""

import numpy as np

from skdataquality.lineage import SYNTHETIC, Reason


def acts_of(step, origin, n_in):
    """Say in words what a step did to each input row; "" if it left a row alone.

    ``origin`` is the input row of each row that reached the step, negative where there
    is none.
    """
    did = np.full(n_in, "", dtype=object)
    for said in (_dropped, _repeated, _relabelled, _mixed):
        for rows, words in said(step.lineage, origin, n_in):
            did[rows] += np.where(did[rows] == "", "", "; ") + words
    return did


def reason_words(codes):
    """Return the reason in words for each code."""
    return _said(lambda code: Reason(code).label, codes)


def _said(write, *numbers):
    """Words for each row, written once for the rows with the same numbers."""
    distinct, which = np.unique(np.stack(numbers, axis=1), axis=0, return_inverse=True)
    words = np.empty(len(distinct), dtype=object)
    words[:] = [write(*each) for each in distinct.tolist()]
    return words[which.ravel()]


def _dropped(lineage, origin, n_in):
    """Rows that no copy outlives, and those of which some copies are gone."""
    gone = np.flatnonzero(lineage.dropped & (origin >= 0))
    lost = np.bincount(origin[gone], minlength=n_in)
    came = np.bincount(origin[origin >= 0], minlength=n_in)
    rows, first = np.unique(origin[gone], return_index=True)
    at = gone[first]
    ref = lineage.drop_ref[at]
    ref = np.where(ref >= 0, origin[ref], -1)
    numbers = lost[rows], came[rows], lineage.drop_reason[at], ref
    yield rows, _said(_why_dropped, *numbers)


def _why_dropped(lost, came, reason, ref):
    some = "" if lost == came else f" {lost} of {came} copies"
    words = Reason(reason).label + (f" of row {ref}" if ref >= 0 else "")
    return f"dropped{some}: {words}" if words else f"dropped{some}"


def _repeated(lineage, origin, n_in):
    copies = np.bincount(lineage.origin[lineage.origin >= 0], minlength=lineage.n_in)
    known = origin >= 0
    kept = known & (copies > 0)
    before = np.bincount(origin[kept], minlength=n_in)
    after = np.bincount(origin[known], weights=copies[known], minlength=n_in)
    rows = np.flatnonzero(after > before)
    yield rows, _said("repeated: {} rows".format, after[rows].astype(np.int64))


def _relabelled(lineage, origin, n_in):
    changed = np.flatnonzero(lineage.relabelled & (lineage.origin >= 0))
    rows, reasons = origin[lineage.origin[changed]], lineage.change_reason[changed]
    for reason in np.unique(reasons):
        own = np.unique(rows[(reasons == reason) & (rows >= 0)])
        yield own, f"relabelled: {Reason(reason).label}"


def _mixed(lineage, origin, n_in):
    made = np.flatnonzero(lineage.origin == SYNTHETIC)
    parent = origin[lineage.parents[made].indices]
    children = np.bincount(parent[parent >= 0], minlength=n_in)
    rows = np.flatnonzero(children)
    yield rows, _said("parent of {} made row(s)".format, children[rows])
