"""Which columns name entities: :func:`entity_columns`."""

from dataclasses import dataclass

import numpy as np

from skdataquality.duplicates._entities._candidates import Candidate, candidates_in
from skdataquality.duplicates._entities._names import CATEGORY, ENTITY, UNIT
from skdataquality.duplicates._entities._readings import (
    Readings,
    read_column,
    read_rows,
)
from skdataquality.duplicates._entities._resemblance import (
    Resemblance,
    resemblance_in_groups,
)
from skdataquality.utils._draws import FIXED_SEED
from skdataquality.utils._shown import ShownResult
from skdataquality.utils._stats import Interval, holm

MOST_ROWS = 20_000  # looked at, of whole entities
UNLIKELY = 1e-4
ALIKE = 0.1  # correlation that matters, in some column
ALIKE_UNNAMED = 0.15  # over all columns, where no name says so
MOST = 0.5  # of the other columns: a category matters in few, a name in most
ALIKE_PERHAPS = 0.05  # over all columns, for a suspicion
SAME = 1.05  # pairs of values for each value of columns that say the same
LABEL = "label"


@dataclass(frozen=True, repr=False)
class EntityColumn(ShownResult):
    """A column whose repeated values may name entities.

    Attributes
    ----------
    column : str or int
    part : str or None
        What of its texts names them, None if it is the whole: "the folder of".
    verdict : {"found", "suspect", "clear", "cannot tell"}
        "found": its values name entities, and rows of one resemble each other.
        "suspect": they do, but an ordinary category would, too. "clear": they do not.
        "cannot tell": too few rows to say.
    named : bool
        Whether its name says so.
    entities : int
        Values, missing ones not counted.
    rows_per_entity : float
    similarity : Interval
        Intraclass correlation of the other columns, on average: 0 by chance, 1 if rows
        of one entity are equal. NaN where there is no other column.
    beyond_order : float
        What is left of it beyond that of rows with the next value, which a measurement
        has as well.
    most, most_in : float, str or int or None
        The largest in one column, beyond that of the next value, and that column;
        "label" is y.
    p_value : float
        Of chance, by Holm over the columns looked at.
    """

    column: str | int
    part: str | None
    verdict: str
    named: bool
    entities: int
    rows_per_entity: float
    similarity: Interval
    beyond_order: float
    most: float
    most_in: str | int | None
    p_value: float


def entity_columns(X, y=None, *, only=None):
    """Judge the columns that could name entities, the likeliest first.

    Parameters
    ----------
    X : {ndarray, data frame} of shape (n_rows, n_features)
    y : ndarray of shape (n_rows,), default=None
    only : str or int, default=None
        The one column to judge, whatever it looks like.

    Returns
    -------
    columns : list of EntityColumn
    codes : dict of column to ndarray of shape (n_rows,)
        -1 where missing.
    """
    candidates = candidates_in(X, only=only)
    codes = {each.name: each.codes for each in candidates}
    if not codes:
        return [], codes
    readings = read_rows(X)
    label = None if y is None else read_column(np.asarray(y))
    seen = [_seen(each, codes, readings, label) for each in candidates]
    found = [
        _judged(each, p_value)
        for each, p_value in zip(seen, _adjusted(seen), strict=True)
    ]
    order = {"found": 0, "suspect": 1, "cannot tell": 2, "clear": 3}
    found.sort(
        key=lambda c: (order[c.verdict], not c.named, -np.nan_to_num(c.beyond_order))
    )
    return found, codes


@dataclass(frozen=True)
class _Seen:
    """How alike the rows of one value are in the other columns, None for no pair."""

    candidate: Candidate
    others: list
    resemblance: Resemblance | None


def _adjusted(seen):
    p_values = [
        1.0 if each.resemblance is None else _p_value(each.resemblance) for each in seen
    ]
    return holm(p_values).tolist() if p_values else []


def _p_value(resemblance):
    """Of the mean over columns, or the smallest of one column."""
    by_column = resemblance.p_by_column
    return min(1.0, 2 * min(resemblance.p_value, by_column.min() * by_column.size))


def _seen(candidate, codes, readings, label):
    """Compare the rows of each entity in the other columns."""
    name, own = candidate.name, candidate.codes
    rows = _whole_entities(own)
    same = [
        other for other in codes if other == name or _say_the_same(own, codes[other])
    ]
    others = readings.without(same).of(rows)
    if label is not None:
        others = Readings(
            np.column_stack([others.points, label[rows]]),
            np.r_[others.owner, np.full(label.shape[1], len(others.names))],
            [*others.names, LABEL],
        )
    kept = np.unique(own[rows], return_inverse=True)[1]
    has_pairs = kept.size and np.bincount(kept).max() > 1
    if not others.names or not has_pairs or kept.max() == 0:
        return _Seen(candidate, others.names, None)
    return _Seen(candidate, others.names, resemblance_in_groups(others, kept))


def _whole_entities(codes):
    """Rows whose entity is known; of very many those of entities drawn at random."""
    rows = np.flatnonzero(codes >= 0)
    if rows.size <= MOST_ROWS:
        return rows
    rank = np.random.default_rng(FIXED_SEED).permutation(int(codes.max()) + 1)
    size = np.bincount(codes[rows])
    drawn = np.argsort(rank, kind="stable")
    few = drawn[: int(np.searchsorted(np.cumsum(size[drawn]), MOST_ROWS)) + 1]
    return np.flatnonzero(np.isin(codes, few))


def _say_the_same(first, second):
    """Whether two columns name the same things, as an id and a name do."""
    known = (first >= 0) & (second >= 0)
    n_first, n_second = int(first.max()) + 1, int(second.max()) + 1
    if not known.any() or min(n_first, n_second) < max(n_first, n_second) / 2:
        return False
    pairs = np.unique(first[known] * n_second + second[known]).size
    return pairs <= SAME * max(n_first, n_second)


def _judged(seen, p_value):
    candidate, resemblance = seen.candidate, seen.resemblance
    size = np.bincount(candidate.codes[candidate.codes >= 0])
    size = size[size > 0]
    nan = float("nan")
    verdict, excess, most, most_in = "cannot tell", nan, nan, None
    similarity = Interval(nan, nan, nan, "no other column to compare")
    if resemblance is not None:
        beyond = resemblance.excess_by_column
        at = int(np.argmax(beyond))
        most, most_in = float(beyond[at]), seen.others[at]
        verdict = _verdict(resemblance, seen.others, candidate, p_value)
        similarity, excess = resemblance.mean, resemblance.excess
    return EntityColumn(
        column=candidate.name,
        part=candidate.part,
        verdict=verdict,
        named=candidate.is_named,
        entities=int(size.size),
        rows_per_entity=float(size.sum() / max(size.size, 1)),
        similarity=similarity,
        beyond_order=float(excess),
        most=most,
        most_in=most_in,
        p_value=p_value,
    )


def _verdict(resemblance, others, candidate, p_value):
    """Judge a column; whole numbers without a name are rather measured."""
    excess = resemblance.excess_by_column
    if p_value >= UNLIKELY or excess.max() < ALIKE:
        unclear = candidate.is_named and resemblance.mean.upper > ALIKE
        return "cannot tell" if unclear else "clear"
    if candidate.kind == ENTITY and candidate.part is None:
        return "found"
    alike = excess[[name != LABEL for name in others]]
    if not alike.size or alike.max() < ALIKE or alike.mean() < ALIKE_PERHAPS:
        return "suspect" if candidate.is_named else "clear"
    in_most = alike.mean() >= ALIKE_UNNAMED and (alike >= ALIKE).mean() > MOST
    if in_most:
        return "suspect" if candidate.kind == CATEGORY else "found"
    is_measured = candidate.is_whole_number and candidate.kind != UNIT
    return "clear" if is_measured or candidate.kind == CATEGORY else "suspect"
