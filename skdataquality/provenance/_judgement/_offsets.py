"""How far the errors of each source lie from those of the others."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from skdataquality.provenance._judgement._judge import adjusted
from skdataquality.provenance._rates import (
    RHO,
    design_effects,
    log_half_cauchy,
    weights,
)

LEVEL = 0.05  # of p values adjusted over all sources
CLIP = 3.0  # noise scales: single wrong numbers shall not speak for a source
MATTERS = 0.25  # noise scales
USUAL = 0.015  # half of all columns of sources have a smaller correlation, a priori
FEWEST_ROWS = 5
NOTHING, FOUND = "", "found"
DIFFERS, SMALL = "usual", "small"
SENTENCES = {
    NOTHING: "",
    FOUND: "found",
    DIFFERS: "differs, but no more than sources usually do",
    SMALL: "differs, but perhaps by less than a quarter of the noise",
}


@dataclass(frozen=True)
class Offsets:
    """One column of sources; arrays hold one value a source.

    ``offset`` is the mean error of the source less that of the other rows, in noise
    scales, ``half`` what its 95 % interval reaches to either side.
    """

    rows: np.ndarray
    offset: np.ndarray
    half: np.ndarray
    p_value: np.ndarray
    q_value: np.ndarray
    finding: np.ndarray
    effect: np.ndarray


def judge_offsets(studentised, columns, clusters=None):
    """Judge every source of every column, adjusting over all of them together.

    ``columns`` are Sources by name, ``clusters`` lists of Sources by the same names: of
    rows that belong together. Returns an `Offsets` for each.
    """
    errors = np.clip(studentised, -CLIP, CLIP)
    parts = [
        _compare(errors, sources, design_effects(errors, sources, together))
        for sources, together in (
            (sources, (clusters or {}).get(name, ()))
            for name, sources in columns.items()
        )
    ]
    q_values = adjusted([part["p"] for part in parts])
    peers = adjusted([part["p_peers"] for part in parts])
    return [
        Offsets(
            rows=part["rows"],
            offset=part["offset"],
            half=part["half"],
            p_value=part["p"],
            q_value=q,
            finding=np.select(
                [
                    ~(q < LEVEL),
                    np.abs(part["offset"]) - part["half"] <= MATTERS,
                    among >= LEVEL,
                ],
                [NOTHING, SMALL, DIFFERS],
                default=FOUND,
            ),
            effect=part["effect"],
        )
        for part, q, among in zip(parts, q_values, peers, strict=True)
    ]


def _compare(errors, sources, effect):
    """Compare each source with all other rows (Welch), and with the other sources.

    ``effect`` is how many rows of each source say as much as one.
    """
    rows, mean, variance = _moments(errors, sources.codes, sources.n_sources)
    total, squares = errors.sum(), np.square(errors).sum()
    rest = errors.size - rows
    n_own = rows / effect
    n_rest = n_own.sum() - n_own
    enough = (n_own >= FEWEST_ROWS) & (n_rest >= FEWEST_ROWS)
    with np.errstate(invalid="ignore", divide="ignore"):
        rest_mean = (total - rows * mean) / rest
        rest_squares = squares - (rows - 1) * variance - rows * mean**2
        rest_variance = (rest_squares - rest * rest_mean**2) / (rest - 1)
        own, others = variance / n_own, rest_variance / n_rest
        df = (own + others) ** 2 / (own**2 / (n_own - 1) + others**2 / (n_rest - 1))
        error = np.sqrt(np.maximum(own + others, 1e-300))
        offset = mean - rest_mean
        p_value = 2 * stats.t.sf(np.abs(offset) / error, df)
        half = stats.t.ppf(0.975, df) * error
    return {
        "rows": rows,
        "offset": np.where(enough, offset, 0.0),
        "half": np.where(enough, half, np.inf),
        "p": np.where(enough, p_value, 1.0),
        "p_peers": _among_peers(mean, variance, n_own, enough),
        "effect": effect,
    }


def _moments(errors, codes, n_sources):
    rows = np.bincount(codes, minlength=n_sources)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.bincount(codes, weights=errors, minlength=n_sources) / rows
        centred = np.square(errors - mean[codes])
        variance = np.bincount(codes, weights=centred, minlength=n_sources) / (rows - 1)
    return rows, mean, variance


def _among_peers(mean, variance, rows, enough):
    r"""P value of each source's mean among those of the others, which differ too.

    Means are drawn around one centre with the variance :math:`\rho / (1 - \rho)` of the
    noise. Centre and correlation are integrated over, given the other sources and a
    half-Cauchy prior of scale .015 for the correlation.
    """
    p_values = np.ones(rows.size)
    if enough.sum() < 2:
        return p_values
    x, own = mean[enough, None], variance[enough] / rows[enough]
    noise = np.average(variance[enough], weights=rows[enough])
    between = max(noise, 1e-300) * RHO / (1 - RHO)
    spread = np.maximum(own[:, None] + between, 1e-300)
    x = x - np.average(mean[enough], weights=rows[enough])
    weight = 1 / spread
    total, first, second = (
        values.sum(axis=0) - values for values in (weight, weight * x, weight * x**2)
    )
    logs = np.log(spread).sum(axis=0) - np.log(spread)
    centre = first / total
    misfit = np.maximum(second - first * centre, 0)
    likely = weights(log_half_cauchy(RHO, USUAL) - (logs + np.log(total) + misfit) / 2)
    distance = np.abs(x - centre) / np.sqrt(spread + 1 / total)
    p_of_each = (likely * 2 * stats.norm.sf(distance)).sum(axis=1)
    p_values[enough] = np.minimum(p_of_each, 1.0)  # weights sum to 1 but for rounding
    return p_values
