"""Warnings of models that the votes do not suit, of bad sources, of overruled rows."""

import warnings

import numpy as np

from skdataquality.exceptions import UnfitLabelModelWarning, WorseThanChanceWarning
from skdataquality.utils._printable import printable

_SHOWN = 5
# On eight sets with known truth a model made for the votes moved 14 % of the rows at
# most, and left every class two thirds of its rows.
_MOVED, _LEFT, _ROWS = 0.2, 0.1, 10


def warn_of_unfit_model(model, read, posterior, known):
    """Warn if a fitted model contradicts the majority far more than a good one does.

    That is, on a fifth of the rows that have a majority and no known label, or by
    leaving a class a tenth of its rows; ten rows at least, whose votes go elsewhere.
    """
    counts = read.counts()
    said = counts.argmax(axis=1)
    clear = np.count_nonzero(counts == counts.max(axis=1)[:, None], axis=1) == 1
    got = posterior.argmax(axis=1)  # the known label, where there is one
    checked = clear & known
    if np.count_nonzero(said[checked] != got[checked]) > _MOVED * checked.sum():
        return  # known labels contradict the majority as much
    said, got = said[clear & ~known], got[clear & ~known]
    of = np.bincount(said, minlength=read.n_classes)
    kept = np.bincount(got, minlength=read.n_classes)
    moved, lost = np.count_nonzero(said != got), of - kept
    emptied = np.flatnonzero((kept < _LEFT * of) & (lost >= _ROWS))
    if emptied.size:
        k = emptied[np.argmax(lost[emptied])]
        label = printable(read.classes[k])
        what = f"finds {label} on {kept[k]} row(s), most votes say it on {of[k]}"
    elif moved >= _ROWS and moved > _MOVED * said.size:
        what = f"contradicts most votes on {moved} of {said.size} rows"
    else:
        return
    warnings.warn(
        f"{type(model).__name__} {what}: it may not suit these votes. "
        f"{_advice(model, read)}",
        UnfitLabelModelWarning,
        stacklevel=3,
    )


def _advice(model, read):
    """Say what to try: functions mostly say one class, annotators say several."""
    who, other = (
        ("labelling functions that say one class only", "LabelModel")
        if read.one_sided_share > 0.5
        else ("annotators who say several classes", "DawidSkene")
    )
    rest = "MajorityVote, and score both on a few gold labels."
    if type(model).__name__ == other:
        return f"Compare with {rest}"
    return f"For {who} try {other}, compare with {rest}"


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
