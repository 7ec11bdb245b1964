"""Which rows depend on each other: groups, and neighbours that resemble each other."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from skdataquality.leakage import find_identifiers
from skdataquality.utils._frames import columns_alike_nearby
from skdataquality.utils._sklearn import take_rows

MOST_ROWS = 5000  # in a row, that are looked at


@dataclass(frozen=True)
class Dependence:
    """Rows that depend on each other share one of ``clusters``; ``why`` says so."""

    clusters: Any = None
    why: str = ""


def dependence_of(X, groups, time=None):
    """Take the user's groups, or blocks of rows if neighbours resemble each other.

    Neighbours follow each other in ``time``, where it is known, else in the table; they
    do where the ranks of a numeric column correlate with those of the row before by .3
    or more, and not by chance (p < 1e-6 over the number of columns). A table sorted by
    a column looks the same. One that names the rows says nothing: a leftover index
    follows them by its nature.
    """
    if groups is not None:
        return Dependence(groups, "they come in groups")
    n = X.shape[0]
    order = np.arange(n) if time is None else np.argsort(time, kind="stable")
    found = _most_alike(take_rows(X, order[:MOST_ROWS]))
    if found is None:
        return Dependence()
    name, correlation = found
    length = 2 * int(np.ceil(n ** (1 / 3)))
    clusters = np.empty(n, dtype=np.intp)
    clusters[order] = np.arange(n) // length
    return Dependence(
        clusters,
        f"neighbours resemble each other, in column {name} by {correlation:.2f} (a "
        f"series, or a sorted table)",
    )


def _most_alike(X):
    """Column whose neighbours correlate most, or None."""
    found = columns_alike_nearby(X)
    names_rows = {each.column for each in find_identifiers(X)} if found else ()
    alike = {name: r for name, r in found.items() if name not in names_rows}
    return max(alike.items(), key=lambda item: item[1], default=None)
