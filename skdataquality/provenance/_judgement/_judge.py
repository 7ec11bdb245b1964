"""Which sources stand out, and which only differ."""

from dataclasses import dataclass

import numpy as np

from skdataquality.provenance._rates import (
    correlation,
    design_effects,
    exact_interval,
    hypergeometric_tail,
    rest_rate,
    shrunk_rates,
    stratified_excess,
    unusual_among_peers,
)
from skdataquality.utils._stats import benjamini_hochberg

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
    """One column of sources with its counts and, per source, what was concluded.

    ``rows`` and ``flagged`` are counts; ``effect`` is how many rows say as much as one
    independent row, by which the counts were divided for all that follows from them.
    """

    name: str
    sources: object
    rows: np.ndarray
    flagged: np.ndarray
    shrunk: np.ndarray
    correlation: float
    p_value: np.ndarray
    q_value: np.ndarray
    finding: np.ndarray
    effect: np.ndarray

    def indices(self, *findings):
        """Return the sources of which one of these was concluded."""
        return np.flatnonzero(np.isin(self.finding, findings))


def judge(flags, columns, strata=None, clusters=None):
    """Judge every source of every column, adjusting over all of them together.

    ``clusters`` say which rows belong together: a list of Sources for each column, by
    its name.
    """
    known = clusters or {}
    effects = [
        design_effects(flags, s, known.get(name, ()), strata)
        for name, s in columns.items()
    ]
    raw = [(s.count(flags), s.rows()) for s in columns.values()]
    counts = [(k / e, m / e) for (k, m), e in zip(raw, effects, strict=True)]
    given = None
    if strata is not None:
        given = [
            stratified_excess(flags, s.codes, strata.codes, s.n_sources, e)[0]
            for s, e in zip(columns.values(), effects, strict=True)
        ]
    concluded = zip(*conclude(counts, given), strict=True)
    return [
        Column(
            name=name,
            sources=sources,
            rows=m,
            flagged=k,
            shrunk=shrunk_rates(k / effect, m / effect),
            correlation=max(0.0, correlation(k / effect, m / effect)[1]),
            p_value=p_value,
            q_value=q_value,
            finding=finding,
            effect=effect,
        )
        for (name, sources), (k, m), effect, (p_value, q_value, finding) in zip(
            columns.items(), raw, effects, concluded, strict=True
        )
    ]


def conclude(counts, p_given_strata=None, among=unusual_among_peers):
    """Conclude from the counts alone, a pair of flagged and rows for each column.

    Counts of rows that depend on each other are those of as many independent rows, and
    need not be whole. ``among`` tests sources among their peers.

    Returns p values, q values and findings of the same shapes: "found", why a source is
    only suspect, or "".
    """
    tails = [hypergeometric_tail(np.rint(k), np.rint(m)) for k, m in counts]
    q_values = adjusted(tails)
    differs = [q < LEVEL for q in q_values]
    matters = [_matters(k, m, d) for (k, m), d in zip(counts, differs, strict=True)]
    q_peers = adjusted(
        [
            among(k, m, np.flatnonzero(d))
            for (k, m), d in zip(counts, matters, strict=True)
        ]
    )
    q_strata = adjusted(p_given_strata) if p_given_strata else [0] * len(counts)
    findings = [
        np.select(
            [~d, held >= LEVEL, ~matter, peers >= LEVEL],
            [NOTHING, BY_CLASSES, SMALL, USUAL],
            default=FOUND,
        )
        for d, held, matter, peers in zip(
            differs, q_strata, matters, q_peers, strict=True
        )
    ]
    return tails, q_values, findings


def adjusted(p_values):
    """Benjamini-Hochberg over all columns together."""
    ends = np.cumsum([p.size for p in p_values])[:-1]
    return np.split(benjamini_hochberg(np.concatenate(p_values)), ends)


def _matters(flagged, rows, differs):
    """Whether the odds are clearly higher than elsewhere, by the lower 95 % limit."""
    out = np.zeros(rows.size, dtype=bool)
    k, m = flagged[differs], rows[differs]
    rest = rest_rate(flagged.sum() - k, rows.sum() - m)
    lower, _ = exact_interval(k, m, level=1 - 2 * LEVEL)
    out[differs] = lower * (1 - rest) > FACTOR * rest * (1 - lower)
    return out
