"""From counts to a verdict: :func:`judge`."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from skdataquality.active_learning._pool._counts import DOUBTFUL_P, adjusted
from skdataquality.active_learning._pool._regions import apart
from skdataquality.utils._stats import SMALL_P

REASON_OF = {
    "region": "regions",
    "category": "categories",
    "class": "classes",
    "far": "far",
}
BOUNDS = ((SMALL_P, "found"), (DOUBTFUL_P, "suspect"))


@dataclass(frozen=True, eq=False)
class Judged:
    """The verdict and the parts that it rests on.

    ``uncovered`` are parts by kind, regions that share no row; ``adjusted`` p values by
    the identity of every part; ``n_tests`` how many it was adjusted for.
    """

    verdict: str
    reason_code: str
    p_value: float
    uncovered: dict[str, list]
    adjusted: dict[int, float]
    n_tests: int

    def p_of(self, part):
        """Return the adjusted p value of a part."""
        return self.adjusted[id(part)]

    def rows_of(self, kind):
        """Positions of the rows of the pool in the uncovered parts of a kind."""
        rows: list[Any] = [p.facts["rows"] for p in self.uncovered.get(kind, ())]
        return np.unique(np.concatenate(rows)) if rows else np.empty(0, dtype=int)


def judge(parts):
    """Adjust the p values of all parts, and name those that are not covered."""
    p_values, n_tests = adjusted(parts)
    by_part = {id(part): p for part, p in zip(parts, p_values, strict=True)}
    smallest = min(p_values)
    passed = [(bound, verdict) for bound, verdict in BOUNDS if smallest < bound]
    if not passed:
        return Judged("clear", "covered", smallest, {}, by_part, n_tests)
    bound, verdict = passed[0]
    low = [part for part in parts if by_part[id(part)] < bound]
    uncovered = {}
    for kind in REASON_OF:
        of_kind = [part for part in low if part.kind == kind]
        if of_kind:
            uncovered[kind] = apart(of_kind) if kind == "region" else of_kind
    reason_code = REASON_OF[next(iter(uncovered))]
    return Judged(verdict, reason_code, smallest, uncovered, by_part, n_tests)
