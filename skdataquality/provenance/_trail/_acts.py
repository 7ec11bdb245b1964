"""What one step did to each row of the table that the first step was given."""

import numpy as np

from skdataquality.lineage import SYNTHETIC, Reason


def acts_of(step, origin, n_in):
    """Say in words what a step did to each input row; "" if it left a row alone.

    ``origin`` is the input row of each row that reached the step, negative where there
    is none.
    """
    did: dict[int, list[str]] = {}
    for said in (_dropped, _repeated, _relabelled, _mixed):
        for row, words in said(step.lineage, origin, n_in):
            did.setdefault(row, []).append(words)
    out = np.full(n_in, "", dtype=object)
    for row, words in did.items():
        out[row] = "; ".join(words)
    return out


def _dropped(lineage, origin, n_in):
    """Rows that no copy outlives, and those of which some copies are gone."""
    gone = lineage.dropped & (origin >= 0)
    lost = np.bincount(origin[gone], minlength=n_in)
    came = np.bincount(origin[origin >= 0], minlength=n_in)
    first = np.flatnonzero(gone)[::-1]
    speaks = np.full(n_in, -1)
    speaks[origin[first]] = first  # written last: the first of them
    for row in np.flatnonzero(lost).tolist():
        at = speaks[row]
        words = Reason(lineage.drop_reason[at]).label
        ref = lineage.drop_ref[at]
        if ref >= 0 and origin[ref] >= 0:
            words = f"{words} of row {origin[ref]}"
        some = "" if lost[row] == came[row] else f" {lost[row]} of {came[row]} copies"
        yield row, f"dropped{some}: {words}" if words else f"dropped{some}"


def _repeated(lineage, origin, n_in):
    copies = np.bincount(lineage.origin[lineage.origin >= 0], minlength=lineage.n_in)
    known = origin >= 0
    kept = known & (copies > 0)
    before = np.bincount(origin[kept], minlength=n_in)
    after = np.bincount(origin[known], weights=copies[known], minlength=n_in)
    for row in np.flatnonzero(after > before).tolist():
        yield row, f"repeated: {int(after[row])} rows"


def _relabelled(lineage, origin, n_in):
    changed = np.flatnonzero(lineage.relabelled & (lineage.origin >= 0))
    rows = origin[lineage.origin[changed]]
    for row, reason in zip(
        rows.tolist(), lineage.change_reason[changed].tolist(), strict=True
    ):
        if row >= 0:
            yield row, f"relabelled: {Reason(reason).label}"


def _mixed(lineage, origin, n_in):
    made = np.flatnonzero(lineage.origin == SYNTHETIC)
    parent = origin[lineage.parents[made].indices]
    children = np.bincount(parent[parent >= 0], minlength=n_in)
    for row in np.flatnonzero(children).tolist():
        yield row, f"parent of {children[row]} made row(s)"
