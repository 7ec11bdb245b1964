"""Parts of the rows with fewer labels than chance would leave them with.

Where labelled rows are drawn at random, those in a part of which is known nothing but
what rows hold are hypergeometric, whatever the rows look like.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import gammaln
from scipy.stats import hypergeom

from skdataquality.utils._stats import SMALL_P

HARDLY = 0.25  # of the labels expected: a part with more is not called uncovered
HALF = 0.5  # the same where a model or a distance draws the line, not sharply
DOUBTFUL_P = 0.05


@dataclass(frozen=True, eq=False)
class Part:
    """A part of the rows, and how it is labelled.

    Attributes
    ----------
    kind : str
        "region", "category", "class" or "far".
    name : object
    n_rows, n_labeled : int
        Rows, or groups of rows, in the part: all, and labelled ones.
    expected : float
        Labelled ones if they were drawn at random.
    p_value : float
        Of so few labels by chance; 1 where they are too many to matter.
    p_least : float
        The least that it could be, known before labels are.
    facts : dict
        More of it.
    """

    kind: str
    name: Any
    n_rows: int
    n_labeled: int
    expected: float
    p_value: float
    p_least: float
    facts: dict


def count_part(kind, name, inside, is_labeled, *, hardly=HARDLY, **facts):
    """Return the `Part` of the units of a mask, of which some are labelled."""
    n_all, n_labeled = is_labeled.size, int(is_labeled.sum())
    size, seen = int(inside.sum()), int((inside & is_labeled).sum())
    expected = size * n_labeled / n_all
    least = _none_of(n_all, n_labeled, size)
    p_value = 1.0
    if seen <= hardly * expected:
        p_value = float(hypergeom.cdf(seen, n_all, n_labeled, size)) if seen else least
    return Part(kind, name, size, seen, expected, p_value, least, facts)


def _none_of(n_all, n_labeled, size):
    """Probability that none of `size` units is labelled: C(N - s, n) / C(N, n)."""
    if size > n_all - n_labeled:
        return 0.0
    outside = gammaln(n_all - size + 1) - gammaln(n_all - size - n_labeled + 1)
    return float(np.exp(outside - gammaln(n_all + 1) + gammaln(n_all - n_labeled + 1)))


def adjusted(parts):
    """Multiply p values by how many parts could have been found, at most (Tarone).

    A part too small to be found with any number of labels, known before these are,
    does not count as a test. The chance of any false finding at .05 is at most that.
    """
    least = np.sort([part.p_least for part in parts])
    n_tests = 1
    while np.searchsorted(least, DOUBTFUL_P / n_tests, side="right") > n_tests:
        n_tests += 1
    return [min(part.p_value * n_tests, 1.0) for part in parts], n_tests


def smallest_seen(n_labeled, n_tests):
    """Share of the rows that a part must have to be found where no label is in it."""
    return float(1 - (SMALL_P / n_tests) ** (1 / n_labeled))
