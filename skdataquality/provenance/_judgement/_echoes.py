"""Tell a culprit from sources that merely go along with it."""

from dataclasses import dataclass

import numpy as np

from skdataquality.provenance._judgement._judge import FOUND, LEVEL
from skdataquality.provenance._rates import stratified_excess

EXPLAINED, TIED = "explained by", "cannot be told from"


@dataclass(frozen=True)
class Echo:
    """How a source relates to one of another column: EXPLAINED by it, or TIED to it."""

    relation: str
    source: str

    def __str__(self):
        return f"{self.relation} {self.source}"


def explained_by(flags, columns):
    """Name, for a source found in one column, the one of another that explains it.

    A source is tested again within the sources found in the other column, all others of
    that column being one stratum. It is an echo if that test finds nothing, unless the
    reverse test finds nothing either. The echo, TIED where both hold the same rows, is
    keyed by column and source number.
    """
    found = [column for column in columns if column.indices(FOUND).size]
    given = {
        (x.name, y.name): _within(flags, x, y) for x in found for y in found if x != y
    }
    explained: dict[tuple[str, int], Echo] = {}
    for x in found:
        for y in found:
            for source in x.indices(FOUND) if x is not y else ():
                partner = _partner(flags, x, source, y)
                relation = partner is not None and _relation(
                    given[x.name, y.name][source], given[y.name, x.name][partner]
                )
                if relation:
                    label = f"{y.name}={y.sources.levels[partner]}"
                    explained.setdefault((x.name, source), Echo(relation, label))
    return explained


def _within(flags, column, other):
    """P value and information of every source of a column within another's found."""
    stratum = np.zeros(other.rows.size, dtype=np.intp)
    found = other.indices(FOUND)
    stratum[found] = np.arange(1, found.size + 1)
    p, variance = stratified_excess(
        flags, column.sources.codes, stratum[other.sources.codes], column.rows.size
    )
    return np.column_stack([p, variance])


def _partner(flags, column, source, other):
    """Source found in the other column that shares most of the flagged rows."""
    shared = flags & (column.sources.codes == source)
    overlap = np.bincount(other.sources.codes[shared], minlength=other.rows.size)
    found = other.indices(FOUND)
    best = found[np.argmax(overlap[found])]
    return best if overlap[best] else None


def _relation(given, reverse):
    (p, information), (p_reverse, information_reverse) = given, reverse
    if information == 0 and information_reverse == 0:
        return TIED
    is_null = information > 0 and p >= LEVEL
    reverse_is_null = information_reverse > 0 and p_reverse >= LEVEL
    return EXPLAINED if is_null and not reverse_is_null else ""
