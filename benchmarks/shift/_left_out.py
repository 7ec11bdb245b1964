"""All that is chosen for expected accuracies, chosen without one data set.

Estimates, the form of the error of a shift and its multiples are chosen on the shifts
of all other data sets, and tried on those of the one left out.
"""

from itertools import product

import numpy as np

from skdataquality.shift._performance import ShiftError, sampling_error, spread_of

LEVEL = 0.9
TAILS = 0.08, 0.05  # below and above; shifts cost more often than they help
COVERED = 0.88
FORMS = list(product((0.03, 0.06, 0.1), (0.1, 0.2, 0.4), (0.0, 2.0, 4.0, 6.0, 8.0)))
MISSED, RARELY = 0.1, 0.05
CUTS = np.arange(0.6, 1.0, 0.05)
ESTIMATES = {
    "held out": lambda r: r["held_out"],
    "weighting": lambda r: r["weighting"],
    "confidence": lambda r: r["confidence"],
    "weighted confidence": lambda r: r["weighted_confidence"],
    "threshold": lambda r: r["threshold"],
    "mean confidence": lambda r: _mean(r),
    "at most held out": lambda r: np.minimum(r["held_out"], _mean(r)),
}


def _mean(rows):
    return (rows["confidence"] + rows["weighted_confidence"]) / 2


def choose(rows):
    """Return the name of an estimate, a ShiftError, and the largest AUC of trust."""
    errors = {
        name: np.abs(of(rows) - rows["truth"]).mean() for name, of in ESTIMATES.items()
    }
    name = min(errors, key=errors.__getitem__)
    share = ESTIMATES[name](rows).to_numpy()
    fitted = [_fit(rows, share, form) for form in FORMS]
    widths = []
    for form in FORMS:
        lower, upper = _without_each(rows, share, form)
        covered = np.mean((lower <= rows["truth"]) & (rows["truth"] <= upper))
        widths.append(np.median(upper - lower) if covered >= COVERED else np.inf)
    return name, fitted[int(np.argmin(widths))], _largest_auc(rows, share)


def _without_each(rows, share, form):
    """Intervals of each data set by multiples that were fitted on the others."""
    lower, upper = np.empty(share.size), np.empty(share.size)
    for family in rows["family"].unique():
        out = (rows["family"] == family).to_numpy()
        error = _fit(rows[~out], share[~out], form)
        lower[out], upper[out] = bounds(rows[out], share[out], error)
    return lower, upper


def bounds(rows, share, error):
    """Return the ends of the intervals of accuracies."""
    ends = []
    for (_, row), expected in zip(rows.iterrows(), share, strict=True):
        below, above = error.reach(*_facts(row, expected), LEVEL)
        ends.append((max(expected - below, 0), min(expected + above, 1)))
    return np.array(ends).reshape(-1, 2).T


def _facts(row, expected):
    sampling = sampling_error(row["n"], row["n_target"])
    return spread_of(expected), row["domain_auc"], row["overconfidence"], sampling


def _fit(rows, share, form):
    """Multiples that are exceeded as rarely as they should; small families count."""
    unit = ShiftError(*form, below=1.0, above=1.0)
    scale = np.array(
        [
            _typical(unit, *_facts(row, expected))
            for (_, row), expected in zip(rows.iterrows(), share, strict=True)
        ]
    )
    excess = ((rows["truth"] - share) / scale).to_numpy()
    weight = 1 / np.sqrt(rows["family"].map(rows["family"].value_counts()).to_numpy())
    below, above = TAILS
    return ShiftError(
        *form,
        below=max(-_quantile(excess, weight, below), 0.0),
        above=max(_quantile(excess, weight, 1 - above), 0.0),
    )


def _typical(unit, spread, auc, overconfidence, sampling):
    size = 2 * max(auc - 0.5, 0)
    typical = unit.base + unit.growth * size + unit.doubt * overconfidence
    return spread * np.hypot(sampling, typical)


def _quantile(values, weight, share):
    order = np.argsort(values, kind="stable")
    total = weight[order].cumsum() / weight.sum()
    return float(values[order][min(np.searchsorted(total, share), values.size - 1)])


def _largest_auc(rows, share):
    missed = np.abs(share - rows["truth"]) > MISSED
    kept = [cut for cut in CUTS if missed[rows["domain_auc"] <= cut].mean() <= RARELY]
    return float(max(kept, default=CUTS[0]))
