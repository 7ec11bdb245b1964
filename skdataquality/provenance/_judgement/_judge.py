"""Which sources stand out, and which only differ."""

from dataclasses import dataclass

import numpy as np

from skdataquality.provenance._rates import (
    correlation,
    hypergeometric_tail,
    rest_rate,
    shrunk_rates,
    stratified_excess,
    unusual_among_peers,
)
from skdataquality.utils._stats import benjamini_hochberg, clopper_pearson

LEVEL = 0.05  # of p values adjusted over all sources
FACTOR = 1.5  # of the odds elsewhere

NOTHING, FOUND = "", "found"
BY_CLASSES, USUAL, SMALL = "by_classes", "usual", "small"
SENTENCES = {
    NOTHING: "",
    FOUND: "found",
    BY_CLASSES: "explained by the classes it holds",
    USUAL: "differs, but no more than sources usually do",
    SMALL: "differs, but its odds may be less than 1.5 times those elsewhere",
}


@dataclass(frozen=True)
class Column:
    """One column of sources with its counts and, per source, what was concluded."""

    name: str
    sources: object
    rows: np.ndarray
    flagged: np.ndarray
    shrunk: np.ndarray
    correlation: float
    q_value: np.ndarray
    finding: np.ndarray

    def indices(self, *findings):
        """Return the sources of which one of these was concluded."""
        return np.flatnonzero(np.isin(self.finding, findings))


def judge(flags, columns, strata=None):
    """Judge every source of every column, adjusting over all of them together."""
    counts = [(s.count(flags), s.rows()) for s in columns.values()]
    given = None
    if strata is not None:
        given = [
            stratified_excess(flags, s.codes, strata.codes, s.n_sources)[0]
            for s in columns.values()
        ]
    q_values, findings = conclude(counts, given)
    return [
        Column(
            name=name,
            sources=sources,
            rows=rows,
            flagged=flagged,
            shrunk=shrunk_rates(flagged, rows),
            correlation=max(0.0, correlation(flagged, rows)[1]),
            q_value=q_value,
            finding=finding,
        )
        for (name, sources), (flagged, rows), q_value, finding in zip(
            columns.items(), counts, q_values, findings, strict=True
        )
    ]


def conclude(counts, p_given_strata=None):
    """Conclude from the counts alone, a pair of flagged and rows for each column.

    Returns q values and findings of the same shapes: "found", why a source is only
    suspect, or "".
    """
    q_values = _adjust([hypergeometric_tail(k, m) for k, m in counts])
    differs = [q < LEVEL for q in q_values]
    q_peers = _adjust(
        [
            unusual_among_peers(k, m, np.flatnonzero(d))
            for (k, m), d in zip(counts, differs, strict=True)
        ]
    )
    q_strata = _adjust(p_given_strata) if p_given_strata else [0] * len(counts)
    findings = [
        np.select(
            [~d, held >= LEVEL, peers >= LEVEL, ~_matters(k, m, d)],
            [NOTHING, BY_CLASSES, USUAL, SMALL],
            default=FOUND,
        )
        for (k, m), d, held, peers in zip(
            counts, differs, q_strata, q_peers, strict=True
        )
    ]
    return q_values, findings


def _adjust(p_values):
    """Benjamini-Hochberg over all columns together."""
    ends = np.cumsum([p.size for p in p_values])[:-1]
    return np.split(benjamini_hochberg(np.concatenate(p_values)), ends)


def _matters(flagged, rows, differs):
    """Whether the odds are clearly higher than elsewhere, by the lower limit."""
    out = np.zeros(rows.size, dtype=bool)
    k, m = flagged[differs], rows[differs]
    rest = rest_rate(flagged.sum() - k, rows.sum() - m)
    lower, _ = clopper_pearson(k, m)
    out[differs] = lower * (1 - rest) > FACTOR * rest * (1 - lower)
    return out
