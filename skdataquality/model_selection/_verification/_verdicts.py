"""What a sample of verdicts says of a difference, and how surely."""

import numpy as np

from skdataquality.model_selection._verification._design import (
    doubted,
    variance_of_rows,
)

TRUST = 10  # verdicts that the prior belief in the proxy is worth
SURPRISES = 4  # verdicts that are added to the variance: luck hides surprises
SURPRISE_DOUBT = 0.5  # of the proxy, in those


def trusted(proxy, trust):
    """Return the proxy as far as it is trusted, the rest equal for all classes."""
    return doubted(proxy, 1 - trust)


def trust_in(proxy, differences, answers):
    """How far to trust the proxy, from 0 to 1, as the verdicts suggest.

    The share of it that makes the variance of the estimates least (power tuning,
    Angelopoulos, Duchi and Zrnic 2023), pooled over the candidates; few verdicts leave
    it near 1, where it is best if the proxy is right.
    """
    rows, chance = answers.rows, answers.chance
    live = answers.is_drawn & (chance < 1)
    n_live = int(live.sum())
    if n_live < 2:
        return 1.0
    rows, chance, codes = rows[live], chance[live], answers.codes[live]
    weight = 1 - chance
    both = squared = 0.0
    for difference in differences.values():
        values = difference[rows]
        neutral = values.mean(axis=1)
        found = (values[np.arange(rows.size), codes] - neutral) / chance
        expected = ((proxy[rows] * values).sum(axis=1) - neutral) / chance
        found -= np.average(found, weights=weight)
        expected -= np.average(expected, weights=weight)
        both += float(weight @ (found * expected))
        squared += float(weight @ np.square(expected))
    if not squared > 0:
        return 1.0
    prior = TRUST / n_live * squared
    return float(np.clip((both + prior) / (squared + prior), 0, 1))


def one_step(form, likely, masses):
    """Value of a metric under estimated masses, and its slope.

    A metric that cannot take any mass is followed from likely labels towards them in a
    straight line: all the same if every row is verified. Masses of single cells, large
    or below 0 by chance, would turn their spread to bias.
    """
    start = masses if form.takes_any_mass else likely
    slope = form.slope(start)
    step = float((slope * (masses - start)).sum()) / masses.shape[0]
    return form.value(start) + step, slope


def variance_of_verdicts(difference, proxy, answers, chance=None):
    """Variance of an estimated difference due to the draw of rows, and its degrees.

    Hajek's (1964) for a design of high entropy and fixed size: rows that were certain
    to be drawn add nothing. The squared surprises of so few verdicts are mixed with
    those of some more that find the proxy half wrong, so that no surprise in
    twenty is not taken for none anywhere. Rows drawn for other candidates say nothing
    of surprises in this one.

    Parameter ``chance`` is that of every row of the table to be drawn and answered;
    None takes all for equal, as those answered stand for on average.
    """
    live = answers.is_drawn & (answers.chance < 1)
    if not live.any():
        return 0.0, np.inf
    of_all = chance
    rows, codes, chance = answers.rows[live], answers.codes[live], answers.chance[live]
    values, likely = difference[rows], proxy[rows]
    found = values[np.arange(rows.size), codes] - (likely * values).sum(axis=1)
    weight, n_live = 1 - chance, rows.size
    scaled = found / chance
    centre = np.average(scaled, weights=weight) if n_live > 1 else 0.0
    seen = np.square(scaled - centre) * (n_live / max(n_live - 1, 1))
    parts, feared = weight * seen, _feared(difference, proxy, answers, of_all)
    n_telling = int((np.ptp(values, axis=1) > 0).sum())
    share = n_telling / (n_telling + SURPRISES)
    total = share * float(parts.sum()) + (1 - share) * feared
    if not total > 0:
        return 0.0, np.inf
    parts = share * parts + (1 - share) * feared / n_live
    effective = min(total**2 / float(np.square(parts).sum()), n_telling)
    return total / difference.shape[0] ** 2, max(1.0, effective - 1)


def _feared(difference, proxy, answers, chance):
    """Variance of the draw over all of the table if the proxy is half wrong."""
    if chance is None:
        live = answers.is_drawn & (answers.chance < 1)
        chance = live.sum() / answers.weight[live].sum()
    chance = np.broadcast_to(chance, difference.shape[:1]).astype(float)
    chance[answers.rows[~answers.is_drawn | (answers.chance >= 1)]] = 1  # known
    open_rows = (chance > 0) & (chance < 1)
    spread = variance_of_rows(difference, doubted(proxy, SURPRISE_DOUBT))[open_rows]
    return float((spread * (1 / chance[open_rows] - 1)).sum())
