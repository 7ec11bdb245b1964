"""What the lens of provenance declares: :data:`LENS`."""

from dataclasses import replace

import numpy as np

from skdataquality.provenance._attribution import also_by_pairs_and_time
from skdataquality.provenance._lens import (
    ProvenanceLensResult,
    provenance_lens,
    residual_provenance_lens,
)
from skdataquality.utils._lens import Lens, cannot_tell
from skdataquality.utils._sklearn import take_rows
from skdataquality.utils._sources import encode_sources

ANNOTATOR = "annotator (of a vote)"
WORST_FIRST = ("found", "suspect", "clear", "cannot tell")


def _examine(inputs, known):
    """Ask which sources hold flagged rows, and which annotators give wrong votes."""
    if known.wrong_votes is None:
        return _by_source(inputs, known), {}
    lens = _by_annotator(inputs, known)
    return (_joined(_by_source(inputs, known), lens) if inputs.sources else lens), {}


def _by_annotator(inputs, known):
    votes = inputs.votes
    who = votes.sources[votes.source]
    strata = inputs.y[votes.row]
    return provenance_lens(
        known.wrong_votes,
        {ANNOTATOR: who},
        strata=strata,
        clusters=_together(inputs, known, votes.row),
    )


def _joined(first, second):
    """Return the worse of two results, with the evidence of both."""
    worse = min(first, second, key=lambda lens: WORST_FIRST.index(lens.verdict))
    limits = dict.fromkeys((*first.limits, *second.limits))
    evidence = first.evidence | second.evidence
    return replace(worse, evidence=evidence, limits=tuple(limits))


def _by_source(inputs, known):
    """Ask which source the flagged labels come from, or numbers that lie apart."""
    if known.flagged is None:
        reason_code = known.lacking.get("flagged", "not_judged")
        return cannot_tell(ProvenanceLensResult, reason_code)
    is_number = inputs.label_kind == "numbers"
    covered = known.oof.covered
    if is_number:
        covered = np.isfinite(known.residuals)
    rows = inputs.rows[covered]
    sources = {name: take_rows(v, rows) for name, v in inputs.sources.items()}
    together = _together(inputs, known, rows)
    if is_number:
        lens = residual_provenance_lens(
            known.residuals[covered],
            sources,
            scale=known.noise_scale[covered],
            flags=known.flagged[covered],
            clusters=together,
        )
        return lens
    flags = known.flagged[covered]
    lens = provenance_lens(flags, sources, strata=inputs.y[rows], clusters=together)
    if lens.verdict == "cannot tell":
        return lens
    time = None if inputs.time is None else inputs.time[rows]
    evidence, sentences = also_by_pairs_and_time(flags, sources, time, groups=together)
    limits = (*lens.limits, *sentences)
    return replace(lens, evidence=lens.evidence | evidence, limits=limits)


def _together(inputs, known, rows):
    """Return columns of groups or blocks of neighbours, and of duplicates; or None."""
    columns = [
        encode_sources(take_rows(values, rows), name="clusters").codes
        for values in (inputs.clusters, known.twins)
        if values is not None
    ]
    return np.column_stack(columns) if columns else None


LENS = Lens(
    result=ProvenanceLensResult,
    examine=_examine,
    measured=6,
    acts=3,
    given=("who",),
    known=("oof",),
    counts_clusters=True,
    why=lambda lens: "where labels go wrong: mend the source before the rows",
)
