"""Warnings of sources worse than chance, and of rows on which all are overruled."""

import warnings

import numpy as np

from skdataquality.exceptions import WorseThanChanceWarning
from skdataquality.utils._printable import printable

_SHOWN = 5


def warn_of_bad_sources(model):
    """Warn of sources whose accuracy lies below chance with its whole interval."""
    bad = np.flatnonzero(model.accuracies_interval_[:, 1] < 1 / model.classes_.size)
    if bad.size and model.classes_.size > 1:
        warnings.warn(
            f"{bad.size} source(s) are judged worse than chance, so their votes count "
            f"against the label: {_named(model, bad)}. Check whether they mix up "
            f"labels, or leave them out.",
            WorseThanChanceWarning,
            stacklevel=3,
        )


def warn_of_flips(model, read, codes):
    """Warn of rows whose label none of their sources gave, though all gave the same."""
    votes = np.bincount(read.row, minlength=read.n_rows)
    against = np.bincount(read.row, codes[read.row] != read.code, read.n_rows)
    rows = np.flatnonzero((votes > 0) & (against == votes) & (codes >= 0))
    ends = np.cumsum(votes)
    flipped = np.zeros(read.n_rows, dtype=bool)
    for row in rows:  # few
        said = read.code[ends[row] - votes[row] : ends[row]]
        flipped[row] = (said == said[0]).all()
    if not flipped.any():
        return
    voters = np.unique(read.source[flipped[read.row]])
    right = np.einsum("jzz,z->j", model.confusion_, model.class_prior_)
    bad = voters[right[voters] < 1 / model.classes_.size]
    why = (
        f"these sources are judged worse than chance: {_named(model, bad)}"
        if bad.size
        else f"the class prior, or how they confuse these classes, outweighs the votes "
        f"of {_named(model, voters)}, which are not worse than chance"
    )
    warnings.warn(
        f"{int(flipped.sum())} row(s) get a label that none of their sources gave, "
        f"though all gave the same one: {why}. Compare with MajorityVote.",
        WorseThanChanceWarning,
        stacklevel=3,
    )


def _named(model, sources):
    shown = ", ".join(printable(name) for name in model.sources_[sources[:_SHOWN]])
    more = sources.size - _SHOWN
    return shown + (f" and {more} more" if more > 0 else "")
