"""The table of a trail: a line for each row, then one for each row that was made."""

from itertools import pairwise

import numpy as np

from skdataquality.lineage import SYNTHETIC
from skdataquality.provenance._trail._acts import reason_words


def rows_made(lineage):
    """Rows of the last table that are no row of the first, or not known to be."""
    return np.flatnonzero(lineage.origin < 0)


def columns_of(trail):
    """Return the columns of the table by name; see ``AuditTrail.to_frame``."""
    lineage = trail.lineage
    made = rows_made(lineage)
    columns = {"row": np.r_[np.arange(lineage.n_in), np.full(made.size, -1)]}
    if trail.keys is not None:
        columns["key"] = _keys(trail.keys, made.size)
    columns |= _fates(trail, made)
    columns["parents"] = [*[""] * lineage.n_in, *_parents(lineage, made)]
    blank = [""] * made.size
    return columns | {name: [*did.tolist(), *blank] for name, did in trail.acts.items()}


def _keys(keys, n_made):
    """Names of rows, None for each that was made; whole numbers stay whole."""
    if not n_made or keys.dtype.kind not in "iu":
        return [*keys.tolist(), *[None] * n_made]
    return np.array([*keys.tolist(), *[None] * n_made], dtype=object)


def _fates(trail, made):
    lineage = trail.lineage
    kept = lineage.origin >= 0
    origin = lineage.origin[kept]
    copies = np.bincount(origin, minlength=lineage.n_in)
    weight = np.bincount(
        origin, weights=trail.sample_weight[kept], minlength=lineage.n_in
    )
    relabelled = np.zeros(lineage.n_in, dtype=bool)
    relabelled[lineage.origin[kept & lineage.relabelled]] = True
    fate = np.select([copies == 0, relabelled], ["dropped", "relabelled"], "kept")
    of_made = np.where(
        lineage.origin[made] == SYNTHETIC, "synthetic", "untraced"
    ).tolist()
    step, reason = _last_changes(trail, fate)
    return {
        "fate": [*fate.tolist(), *of_made],
        "copies": np.r_[copies, np.ones(made.size, dtype=int)],
        "weight": np.r_[weight, trail.sample_weight[made]],
        "step": [*step, *[""] * made.size],
        "reason": [*reason, *reason_words(lineage.change_reason[made])],
        "reference_row": np.r_[
            np.where(copies == 0, lineage.drop_ref, -1), np.full(made.size, -1)
        ],
    }


def _last_changes(trail, fate):
    """Step and reason of what became of each row."""
    step = np.full(fate.size, "", dtype=object)
    changed = np.flatnonzero(fate != "kept")
    for name, did in trail.acts.items():
        hit = [
            words.startswith(what) or f"; {what}" in words
            for words, what in zip(did[changed], fate[changed].tolist(), strict=True)
        ]
        step[changed[hit]] = name
    lineage = trail.lineage
    changed = np.zeros(fate.size, dtype=np.int8)
    rows = np.flatnonzero(lineage.relabelled & (lineage.origin >= 0))
    changed[lineage.origin[rows]] = lineage.change_reason[rows]
    codes = np.where(fate == "dropped", lineage.drop_reason, changed)
    return step.tolist(), reason_words(np.where(fate == "kept", 0, codes))


def _parents(lineage, made):
    parents = lineage.parents[made]
    names = [*map(str, parents.indices.tolist())]
    ends = parents.indptr.tolist()
    return [" ".join(names[start:stop]) for start, stop in pairwise(ends)]
