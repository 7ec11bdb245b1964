"""Shares of groups beside those of the population they stand for."""

from numbers import Real
from reprlib import repr as shortened

import numpy as np
from scipy import stats

from skdataquality.utils._sources import MISSING
from skdataquality.utils._stats import holm

FAR_BELOW = 0.8  # of the share declared: the four-fifths rule
LEVEL = 0.05


def check_population(population, columns):
    """Return the declared shares by column, ``{column: {group: share}}``."""
    if population is None:
        return {}
    if not isinstance(population, dict) or not population:
        raise ValueError(
            f"population={shortened(population)}: pass {{group: share}}, or of several "
            f"columns {{column: {{group: share}}}}."
        )
    nested = [isinstance(value, dict) for value in population.values()]
    if not any(nested):
        if len(columns) > 1:
            raise ValueError(
                f"population holds shares of one column, and groups has "
                f"{list(columns)[:5]}: pass {{column: {{group: share}}}}."
            )
        population = {next(iter(columns)): population}
    unknown = [name for name in population if name not in columns]
    if unknown or not all(isinstance(value, dict) for value in population.values()):
        raise ValueError(
            f"population holds {shortened(unknown or population)}, which is no column "
            f"of groups ({list(columns)[:5]}) with a dict of shares."
        )
    for name, shares in population.items():
        _check_shares(name, shares, columns[name])
    return population


def _check_shares(name, shares, column):
    values = list(shares.values())
    if not all(isinstance(p, Real) and 0 <= float(p) <= 1 for p in values) or (
        not np.isclose(sum(values), 1, atol=1e-6)
    ):
        raise ValueError(
            f"population of {name!r} is {shortened(shares)}: shares must be in [0, 1] "
            f"and sum to 1; divide them by their sum."
        )
    absent = [g for g in column.levels if g not in shares and g != MISSING]
    if absent:
        raise ValueError(
            f"population of {name!r} has no share for the group(s) {absent[:5]}, which "
            f"have rows: add them, 0 if they should have none."
        )


def compare_shares(sizes, declared):
    """Test the rows of groups against declared shares.

    Parameters
    ----------
    sizes : ndarray of shape (n_groups,), int
    declared : ndarray of shape (n_groups,)

    Returns
    -------
    p_values : ndarray of shape (n_groups,)
        Of exact binomial tests of each group, adjusted by Holm; their minimum is a
        valid p-value of all shares together.
    flags : list of str
        "under" or "over" where the test rejects at 5 % and the share is below 0.8 of
        the declared one, or above 1 / 0.8 of it; else "".
    """
    total = int(sizes.sum())
    if total == 0:
        return np.ones(sizes.size), [""] * sizes.size
    p_values = holm(
        [
            stats.binomtest(int(n), total, float(p)).pvalue
            for n, p in zip(sizes, declared, strict=True)
        ]
    )
    flags = []
    for n, p, p_value in zip(sizes / total, declared, p_values, strict=True):
        far = "under" if n < FAR_BELOW * p else "over" if n * FAR_BELOW > p else ""
        flags.append(far if p_value <= LEVEL else "")
    return p_values, flags
