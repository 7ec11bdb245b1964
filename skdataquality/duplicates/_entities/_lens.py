"""Do rows belong together, and what do random folds gain? :func:`entity_lens`."""

from dataclasses import replace

import numpy as np
from sklearn.model_selection import GroupKFold, StratifiedGroupKFold, TimeSeriesSplit
from sklearn.utils.multiclass import type_of_target

from skdataquality.duplicates._entities._closed import MOST_ROWS, closed_groups_of
from skdataquality.duplicates._entities._given import check_given
from skdataquality.duplicates._entities._groups import called, candidates_of, first_rows
from skdataquality.duplicates._entities._lens_result import (
    VERDICT_OF,
    EntityLensResult,
)
from skdataquality.duplicates._entities._order import (
    FEWEST_ROWS,
    dependence_in_order,
)
from skdataquality.duplicates._entities._price import blocks_of
from skdataquality.utils._folds import join_groups
from skdataquality.utils._frames import listed
from skdataquality.utils._lens import Prediction
from skdataquality.utils._sklearn import num_samples

NEGLIGIBLE = 0.01  # of accuracy or R2
SEVERE = 0.2  # of accuracy or R2
SEVERITY = {"found": 0.5, "suspect": 0.2}  # without a price
SHORT = 10  # rows: readings of one thing that stand together, rather than a series
MOST_SHOWN = 5
N_SPLITS = 5
BY_COLUMN = ("entities", "perhaps")
LIMIT_OF_NEARNESS = (
    "The nearest rows are kept together, whatever they are: folds by them cost some "
    "score in any table."
)
LIMIT_OF_ORDER = (
    "A table put together from parts, some of them sorted, looks like a series, too."
)
LIMITS_OF = {"closed": (LIMIT_OF_NEARNESS,), "series": (LIMIT_OF_ORDER,)}
BY_GROUP = (*BY_COLUMN, "closed")
LIMITS = (
    "Rows of one entity that stand apart, and that no column names, are seen only if "
    "most are nearer to each other than to any other row, in tables of up to "
    f"{MOST_ROWS:,} rows.",
    "A category of many levels that matters, such as a town, looks like the name of an "
    "entity.",
)


def entity_lens(X, y=None, *, groups=None, time=None):
    """Ask whether rows belong together: readings of one entity, neighbours in a series.

    "found": a column names entities whose rows resemble each other, or rows resemble
    their neighbours. "suspect": a category of many levels may do, or rows stand in
    groups of a few that are each other's nearest, far more often than chance makes them
    in any smooth density. "cannot tell": the name of a column says so, and too few rows
    do. Where groups are given, only what
    they do not keep together counts. Nothing is grouped.

    Parameters
    ----------
    X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features), or \
            texts
    y : array-like of shape (n_samples,), default=None
        Labels or numbers.
    groups : array-like of shape (n_samples,), default=None
        Known groups, which folds keep together.
    time : ndarray of shape (n_samples,), default=None
        Numbers or datetime64: the order of rows, instead of that of the table.

    Returns
    -------
    result : EntityLensResult

    See Also
    --------
    entity_groups : The columns alone.
    order_dependence : The order alone.

    Examples
    --------
    >>> import numpy as np
    >>> from skdataquality.duplicates import entity_lens
    >>> rng = np.random.default_rng(0)
    >>> author = rng.permutation(np.repeat(np.arange(60), 3))
    >>> X = rng.normal(size=(60, 4))[author] + 0.5 * rng.normal(size=(180, 4))
    >>> lens = entity_lens(np.column_stack([X, author]))
    >>> lens.verdict, lens.named
    ('found', (4,))
    """
    return judge_entities(*check_given(X, y, groups=groups, time=time))


def judge_entities(X, y=None, known=None, in_order=None, *, copies=None):
    """Judge rows of known groups, in an order; ``copies`` are groups of equal rows."""
    candidates, codes = candidates_of(X, y)
    if known is not None:
        candidates = [c for c in candidates if not _is_kept(codes[c.column], known)]
    best = next((c for c in candidates if c.verdict != "clear"), None)
    together = known
    if best is not None and best.verdict == "found":
        together = join_groups(known, first_rows(codes[best.column]))
    order = dependence_in_order(X, y, together, in_order)
    reason_code, closed = _reason(best, order, known is not None), None
    if VERDICT_OF[reason_code] not in SEVERITY:
        closed = closed_groups_of(X, join_groups(known, copies))
        reason_code = "closed" if closed and closed.are_many else reason_code
    verdict = VERDICT_OF[reason_code]
    column = part = None
    if best is not None and reason_code in BY_COLUMN:
        column, part = best.column, best.part
    return EntityLensResult(
        verdict=verdict,
        severity=SEVERITY.get(verdict, 0.0),
        reason_code=reason_code,
        summary=EntityLensResult.sentence(
            reason_code, **_facts(best, order, closed, in_order is not None)
        ),
        numbers=_numbers(best, order, closed),
        p_value=_p_value(reason_code, best, order, closed),
        evidence=_evidence(candidates, order),
        evidence_rows={"columns": len(candidates)} if candidates else {},
        remedies=_splitters(reason_code, y, order, in_order is not None),
        limits=(*LIMITS_OF.get(reason_code, ()), *LIMITS),
        named=() if column is None else (column,),
        groups=_groups(
            column, codes, reason_code, order, closed, in_order, num_samples(X)
        ),
        column=column,
        part=part,
    )


def _groups(column, codes, reason_code, order, closed, in_order, n_rows):
    """Return the first row of the entity or block of each row, None without any."""
    if column is not None:
        return first_rows(codes[column])
    if reason_code == "closed":
        return closed.groups
    if reason_code != "series":
        return None
    return first_rows(blocks_of(n_rows, order.length, in_order))


def _is_kept(codes, known):
    """Whether groups keep the rows of (nearly) every entity together."""
    rows = np.flatnonzero(codes >= 0)
    entities = np.unique(codes[rows]).size
    both = np.unique(codes[rows] * (int(known.max()) + 1) + known[rows]).size
    return both <= 1.05 * entities


def _reason(best, order, has_groups):
    verdict = None if best is None else best.verdict
    if verdict == "found":
        return "entities"
    if order.dependent:
        return "series"
    if verdict is not None:
        return "perhaps" if verdict == "suspect" else "named_only"
    if order.explained:
        return "sorted"
    if has_groups:
        return "covered"
    return "apart" if np.isfinite(order.similarity.estimate) else "unseen"


def _facts(best, order, closed, has_time):
    facts = {
        "share": None if closed is None else f"{100 * closed.share:.0f} %",
        "size": None if closed is None else closed.size,
        "chance": None if closed is None else f"{100 * closed.chance:.0f} %",
        "order": "time" if has_time else "the table's order",
        "column": order.column,
        "most": order.most,
        "length": order.length,
        "also": "",
        "fewest": FEWEST_ROWS,
    }
    if best is None:
        return facts | ({"column": listed(order.sorted_by)} if order.explained else {})
    if order.dependent and best.verdict != "found":
        return facts
    also = ", and so do neighbours beside them" if order.dependent else ""
    return facts | {
        "column": called(best),
        "entities": best.entities,
        "rows": f"{best.rows_per_entity:.1f}",
        "also": also,
    }


def _numbers(best, order, closed):
    has_entities = best is not None and np.isfinite(best.similarity.estimate)
    has_order = np.isfinite(order.similarity.estimate)
    return {
        "entities": None if best is None else best.entities,
        "rows_per_entity": None if best is None else best.rows_per_entity,
        "entity_similarity": best.similarity if has_entities else None,
        "neighbour_similarity": order.similarity if has_order else None,
        "neighbour_length": order.length if order.dependent else None,
        "closed_share": None if closed is None else closed.share,
        "closed_size": None if closed is None else closed.size,
        "score_random_folds": None,
        "score_entity_folds": None,
        "inflation": None,
    }


def _p_value(reason_code, best, order, closed):
    if reason_code == "closed":
        return closed.p_value
    if reason_code in ("entities", "perhaps", "named_only"):
        return best.p_value
    return order.p_value if np.isfinite(order.p_value) else None


def _evidence(candidates, order):
    tables = {}
    if candidates:
        tables["columns"] = [
            {
                "column": called(each),
                "verdict": each.verdict,
                "values": each.entities,
                "rows each": round(each.rows_per_entity, 1),
                "alike by": each.similarity.estimate,
                "beyond the next value": each.beyond_order,
                "most in": each.most_in,
            }
            for each in candidates[:MOST_SHOWN]
        ]
    if order.dependent or order.explained:
        tables["order"] = [
            {
                "column": order.column,
                "alike by": order.most,
                "over rows": order.length,
                "sorted by": ", ".join(map(str, order.sorted_by)) or None,
            }
        ]
    return tables


def _splitters(reason_code, y, order, has_time):
    """Splitters that keep together what belongs together, the likeliest first."""
    is_number = y is not None and type_of_target(y).startswith("continuous")
    kind = GroupKFold if is_number or y is None else StratifiedGroupKFold
    by_group = kind(N_SPLITS, shuffle=True, random_state=0)
    if reason_code in BY_GROUP:
        return (by_group,)
    if reason_code != "series":
        return ()
    is_short = order.length <= SHORT and not has_time
    both = by_group, TimeSeriesSplit(N_SPLITS)
    return both if is_short else both[::-1]


def priced(lens, price):
    """Add to a result what random folds gain, as a checked prediction."""
    gain = price.inflation
    outcome = "cannot tell"
    if gain.lower > 0:
        outcome = "confirmed"
    elif gain.upper < NEGLIGIBLE:
        outcome = "refuted"
    said = Prediction(
        sentence="Random folds score higher than folds that keep together what belongs "
        "together.",
        outcome=outcome,
        measured=f"{price.score} {price.random.estimate:.3f} by random folds, "
        f"{price.together.estimate:.3f} by folds that keep them together",
    )
    numbers = {
        "score_random_folds": price.random,
        "score_entity_folds": price.together,
        "inflation": gain,
    }
    return replace(
        lens,
        numbers=lens.numbers | numbers,
        predictions=(*lens.predictions, said),
        severity=float(np.clip(gain.estimate / SEVERE, 0.05, 1.0)),
    )
