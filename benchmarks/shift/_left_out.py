"""What is chosen for expected accuracies, chosen without one data set.

The estimate among nine, the constants of the error of a shift and the largest domain
AUC of trust are chosen on the shifts of all other data sets, and tried on those of the
one left out. The candidates themselves (that overconfidence counts, which scaling of
temperature is used where, how far weights are flattened, the tails) are not: they were
found with all data sets in sight.
"""

from itertools import product
from typing import NamedTuple

import numpy as np

from skdataquality.shift._performance import ShiftError, sampling_error, spread_of

LEVEL = 0.9
TAILS = 0.1, 0.05  # below and above; shifts cost more often than they help
COVERED = 0.85
FORMS = list(product((0.03, 0.06, 0.1), (0.1, 0.2, 0.4), (0.0, 2.0, 4.0, 6.0, 8.0)))
MISSED, RARELY = 0.1, 0.05
CUTS = np.arange(0.6, 1.0, 0.05)
ESTIMATES = {
    "held out": lambda r: r["held_out"],
    "weighting": lambda r: r["weighting"],
    "confidence": lambda r: r["confidence"],
    "weighted confidence": lambda r: r["weighted_confidence"],
    "several models": lambda r: r["several"],
    "threshold": lambda r: r["threshold"],
    "mean confidence": lambda r: _mean(r),
    "at most held out": lambda r: np.minimum(r["held_out"], _mean(r)),
    "recommended": lambda r: r["estimate"],
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
    known = _Known(share, _facts(rows, share), rows["truth"].to_numpy(), _codes(rows))
    widths = [_width(known, form) for form in FORMS]
    error = _fit(known, FORMS[int(np.argmin(widths))])
    return name, error, _largest_auc(rows, share)


def bounds(rows, share, error):
    """Return the ends of the intervals of accuracies."""
    return _ends(share, _facts(rows, share), error)


class _Known(NamedTuple):
    share: np.ndarray
    facts: np.ndarray
    truth: np.ndarray
    family: np.ndarray

    def of(self, mask):
        return _Known(
            self.share[mask], self.facts[:, mask], self.truth[mask], self.family[mask]
        )


def _codes(rows):
    return np.unique(rows["family"].to_numpy(), return_inverse=True)[1]


def _facts(rows, share):
    sampling = sampling_error(rows["n"], rows["n_target"])
    return np.array(
        [spread_of(share), rows["domain_auc"], rows["overconfidence"], sampling]
    )


def _ends(share, facts, error):
    below, above = error.reach(*facts, LEVEL)
    return np.maximum(share - below, 0), np.minimum(share + above, 1)


def _width(known, form):
    """Median width where multiples are fitted without each data set, if they hold."""
    lower, upper = np.empty((2, known.share.size))
    for family in np.unique(known.family):
        out = known.family == family
        error = _fit(known.of(~out), form)
        lower[out], upper[out] = _ends(known.share[out], known.facts[:, out], error)
    covered = np.mean((lower <= known.truth) & (known.truth <= upper))
    return np.median(upper - lower) if covered >= COVERED else np.inf


def _fit(known, form):
    """Multiples that are exceeded as rarely as they should; small families count."""
    excess = (known.truth - known.share) / ShiftError(*form).scale(*known.facts)
    weight = 1 / np.sqrt(np.bincount(known.family)[known.family])
    below, above = TAILS
    return ShiftError(
        *form,
        below=max(-_quantile(excess, weight, below), 0.0),
        above=max(_quantile(excess, weight, 1 - above), 0.0),
    )


def _quantile(values, weight, share):
    order = np.argsort(values, kind="stable")
    total = weight[order].cumsum() / weight.sum()
    return float(values[order][min(np.searchsorted(total, share), values.size - 1)])


def _largest_auc(rows, share):
    missed = np.abs(share - rows["truth"]) > MISSED
    kept = [cut for cut in CUTS if missed[rows["domain_auc"] <= cut].mean() <= RARELY]
    return float(max(kept, default=CUTS[0]))
