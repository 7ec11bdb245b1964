"""Tell the slices that cause errors from those that merely share rows with them."""

from dataclasses import dataclass, field

import numpy as np

from skdataquality.provenance._rates import unusual_among_peers
from skdataquality.provenance._slices._counts import less
from skdataquality.provenance._slices._evidence import weigh
from skdataquality.utils._stats import benjamini_hochberg, clopper_pearson

FACTOR = 1.5  # of the odds elsewhere
MATTERS = 0.25  # of the noise of numbers
MOST_CULPRITS = 30
NOTHING, FOUND, USUAL, SMALL = "", "found", "usual", "small"
EXPLAINED, TIED = "explained by", "cannot be told from"
SENTENCES = {
    NOTHING: "",
    FOUND: "found",
    USUAL: "differs, but no more than slices of these columns usually do",
    SMALL: "differs, but perhaps by too little to matter",
}


@dataclass
class Found:
    """What was concluded of each slice; ``echo`` is of which culprit, and how."""

    evidence: object
    q_value: np.ndarray
    finding: np.ndarray
    culprits: list = field(default_factory=list)
    echo: dict = field(default_factory=dict)


def search(onehot, product, slices, noise, alpha, accused):
    """Take culprits one by one, asking all others again among rows of equal culprits.

    After each, every slice is compared within the rows of that culprit and within the
    rest, and p values are adjusted over all slices (Benjamini and Hochberg). A slice
    that differed before and no longer does is an echo of the culprit. ``accused`` are
    the findings of sources alone, by number, from :func:`judge`.
    """
    rest, taken = onehot.counts(product, slices), None
    parts: list = []
    first = weigh([rest], slices, noise)
    q_value = benjamini_hochberg(first.p_value)
    evidence, differs = first, q_value < alpha
    may = _eligible(slices, first, differs, noise, accused)
    found = Found(first, q_value, may)
    while len(found.culprits) < MOST_CULPRITS:
        open_ = differs & (may == FOUND)
        open_[[*found.culprits, *found.echo]] = False
        if not open_.any():
            break
        culprit = int(np.argmax(np.where(open_, evidence.deviance(noise), -1)))
        found.culprits.append(culprit)
        mask = onehot.mask(slices, culprit)
        new = mask if taken is None else mask & ~taken
        taken = mask if taken is None else taken | mask
        rows = np.flatnonzero(new)
        part = onehot.counts(onehot.product(rows), slices, rows)
        parts, rest = [*parts, part], less(rest, part)
        evidence = weigh([*parts, rest], slices, noise)
        still = benjamini_hochberg(evidence.p_value) < alpha
        gone = differs & ~still
        gone[found.culprits] = False
        for which in np.flatnonzero(gone):
            relation = _relation(onehot, slices, noise, culprit, which, alpha)
            found.echo[int(which)] = (relation, culprit)
        differs = differs & still
    return found


def _relation(onehot, slices, noise, culprit, which, alpha):
    """Whether the culprit would be an echo as well, were the slice taken first."""
    a, b = onehot.mask(slices, culprit), onehot.mask(slices, which)
    inside, outside = _rate(onehot, a & b), _rate(onehot, b & ~a)
    only, neither = _rate(onehot, a & ~b), _rate(onehot, ~a & ~b)
    rows = errors = expected = variance = 0.0
    for (n, k), (m, j) in ((inside, outside), (only, neither)):
        if n and m:
            rate = (j + (k + j) / (n + m)) / (m + 1)
            rows, errors, expected = rows + n, errors + k, expected + n * rate
            variance += noise.of(rate) * (n + n**2 / (m + 1)) * noise.design
    p = noise.tail(*(np.array(v) for v in (errors, rows, expected, variance)))
    return EXPLAINED if rows and float(p) < alpha else TIED


def _rate(onehot, mask):
    return float(mask.sum()), float(onehot.errors[mask].sum())


def _eligible(slices, evidence, differs, noise, accused):
    """Say of each slice the finding of its source, or of a pair among its like."""
    finding = np.full(slices.size, NOTHING, dtype=object)
    single = ~slices.is_pair
    finding[single] = accused[slices.first[single]]
    finding[single & ~differs & (finding == FOUND)] = NOTHING
    pairs = np.flatnonzero(slices.is_pair & differs)
    if not pairs.size:
        return finding
    if not noise.are_flags:
        sure = evidence.errors[pairs] - evidence.apart[pairs]
        half = 1.96 * np.sqrt(evidence.rows[pairs] * noise.variance * noise.design)
        reach = (sure - half) / evidence.rows[pairs]
        matters = reach > MATTERS * np.sqrt(noise.variance)
        finding[pairs] = np.where(matters, FOUND, SMALL)
        return finding
    usual = _peers(slices, evidence, pairs) >= 0.05
    k, n = evidence.errors[pairs], evidence.rows[pairs]
    elsewhere = np.clip(evidence.apart[pairs] / n, 1e-12, 1 - 1e-12)
    lower, _ = clopper_pearson(k, n)
    matters = lower * (1 - elsewhere) > FACTOR * elsewhere * (1 - lower)
    finding[pairs] = np.select([usual, ~matters], [USUAL, SMALL], default=FOUND)
    return finding


def _peers(slices, evidence, pairs):
    """P value of each pair among the other pairs of the same two columns, adjusted."""
    width = slices.column.max() + 1
    family = slices.column[slices.first] * width + slices.column[slices.second]
    p = np.ones(slices.size)
    for which in np.unique(family[pairs]):
        members = np.flatnonzero((family == which) & slices.is_pair)
        chosen = np.flatnonzero(np.isin(members, pairs))
        k, n = evidence.errors[members], evidence.rows[members]
        p[members] = unusual_among_peers(
            k.round().astype(int), n.round().astype(int), chosen
        )
    return benjamini_hochberg(p[slices.is_pair])[
        np.searchsorted(np.flatnonzero(slices.is_pair), pairs)
    ]
