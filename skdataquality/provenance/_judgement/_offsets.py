"""How far the errors of each source lie from those of the others."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from skdataquality.utils._stats import benjamini_hochberg

LEVEL = 0.05  # of p values adjusted over all sources
CLIP = 3.0  # noise scales: single wrong numbers shall not speak for a source
MATTERS = 0.25  # noise scales
USUAL_VARIANCE = 0.01  # between sources, in those of the noise, if few are known
FEWEST_PEERS = 5
FEWEST_ROWS = 5
NOTHING, FOUND = "", "found"
USUAL, SMALL = "usual", "small"
SENTENCES = {
    NOTHING: "",
    FOUND: "found",
    USUAL: "differs, but no more than sources usually do",
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
    q_value: np.ndarray
    finding: np.ndarray


def judge_offsets(studentised, columns):
    """Judge every source of every column, adjusting over all of them together.

    Columns are code arrays with the number of their sources. Returns one `Offsets` for
    each.
    """
    errors = np.clip(studentised, -CLIP, CLIP)
    parts = [_compare(errors, codes, n_sources) for codes, n_sources in columns]
    q_values = _adjusted([part["p"] for part in parts])
    peers = _adjusted([part["p_peers"] for part in parts])
    return [
        Offsets(
            rows=part["rows"],
            offset=part["offset"],
            half=part["half"],
            q_value=q,
            finding=np.select(
                [
                    ~(q < LEVEL),
                    among >= LEVEL,
                    np.abs(part["offset"]) - part["half"] <= MATTERS,
                ],
                [NOTHING, USUAL, SMALL],
                default=FOUND,
            ),
        )
        for part, q, among in zip(parts, q_values, peers, strict=True)
    ]


def _adjusted(p_values):
    """Benjamini-Hochberg over all columns together."""
    ends = np.cumsum([p.size for p in p_values])[:-1]
    return np.split(benjamini_hochberg(np.concatenate(p_values)), ends)


def _compare(errors, codes, n_sources):
    """Compare each source with all other rows (Welch), and with the other sources."""
    rows, mean, variance = _moments(errors, codes, n_sources)
    total, squares = errors.sum(), np.square(errors).sum()
    rest = errors.size - rows
    enough = (rows >= FEWEST_ROWS) & (rest >= FEWEST_ROWS)
    with np.errstate(invalid="ignore", divide="ignore"):
        rest_mean = (total - rows * mean) / rest
        rest_squares = squares - (rows - 1) * variance - rows * mean**2
        rest_variance = (rest_squares - rest * rest_mean**2) / (rest - 1)
        own, others = variance / rows, rest_variance / rest
        df = (own + others) ** 2 / (own**2 / (rows - 1) + others**2 / (rest - 1))
        error = np.sqrt(np.maximum(own + others, 1e-300))
        offset = mean - rest_mean
        p_value = 2 * stats.t.sf(np.abs(offset) / error, df)
        half = stats.t.ppf(0.975, df) * error
    p_value = np.where(enough, p_value, 1.0)
    return {
        "rows": rows,
        "offset": np.where(enough, offset, 0.0),
        "half": np.where(enough, half, np.inf),
        "p": p_value,
        "p_peers": _among_peers(mean, variance, rows, enough),
    }


def _moments(errors, codes, n_sources):
    rows = np.bincount(codes, minlength=n_sources)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.bincount(codes, weights=errors, minlength=n_sources) / rows
        centred = np.square(errors - mean[codes])
        variance = np.bincount(codes, weights=centred, minlength=n_sources) / (rows - 1)
    return rows, mean, variance


def _among_peers(mean, variance, rows, enough):
    """P value of each source's mean among those of the others, which differ too.

    How much they differ is estimated from the others by the moments of DerSimonian and
    Laird; fewer than five others cannot show it, and .01 of the noise then counts as
    usual.
    """
    p_values = np.ones(rows.size)
    pooled = variance[enough].mean() if enough.any() else 1.0
    for source in np.flatnonzero(enough):
        peers = enough.copy()
        peers[source] = False
        n_peers = int(peers.sum())
        if n_peers == 0:
            continue
        means, errors = mean[peers], variance[peers] / rows[peers]
        between, df = USUAL_VARIANCE * pooled, np.inf
        if n_peers >= FEWEST_PEERS:
            between, df = _between_variance(means, errors), n_peers - 1
        weight = 1 / np.maximum(errors + between, 1e-300)
        centre = (weight * means).sum() / weight.sum()
        spread = variance[source] / rows[source] + between + 1 / weight.sum()
        distance = abs(mean[source] - centre) / np.sqrt(max(spread, 1e-300))
        p_values[source] = 2 * stats.t.sf(distance, df)
    return p_values


def _between_variance(means, errors):
    weight = 1 / np.maximum(errors, 1e-300)
    centre = (weight * means).sum() / weight.sum()
    excess = (weight * np.square(means - centre)).sum() - (means.size - 1)
    scale = weight.sum() - np.square(weight).sum() / weight.sum()
    return max(0.0, excess / scale)
