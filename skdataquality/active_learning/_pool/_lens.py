"""What do labelled rows not cover of the pool? :func:`pool_lens`."""

from dataclasses import dataclass

import numpy as np
from sklearn.base import BaseEstimator

from skdataquality.active_learning._pool._counts import smallest_seen
from skdataquality.active_learning._pool._evidence import (
    category_lines,
    class_lines,
    cut_lines,
    region_lines,
    rows_to_label,
)
from skdataquality.active_learning._pool._far import (
    MOST_REFERENCES,
    check_sides,
    find_far,
    measure_distances,
)
from skdataquality.active_learning._pool._judged import judge
from skdataquality.active_learning._pool._kinds import find_categories, find_classes
from skdataquality.active_learning._pool._predicted import predicted_worse
from skdataquality.active_learning._pool._regions import find_regions
from skdataquality.active_learning._pool._result import PoolLensResult
from skdataquality.active_learning._pool._said import facts_of, percent
from skdataquality.active_learning._pool._sides import bring_together, read_known
from skdataquality.active_learning._pool._units import units_of
from skdataquality.active_learning._strategies import KCenterQuery
from skdataquality.utils._draws import own_rng
from skdataquality.utils._folds import few_threads
from skdataquality.utils._lens import cannot_tell
from skdataquality.utils._sklearn import num_samples
from skdataquality.utils._stats import proportion_interval
from skdataquality.utils._validation import check_same_length, check_table

FEWEST = 20  # labelled rows, or rows of a pool
FEWEST_GROUPS = 10
BY_DISTANCE = (
    "Regions and distances are those of the columns as they are scaled and encoded, or "
    "of the embedding: what differs in few of many columns is not seen by them."
)
BY_NEAREST = (
    "Classes in the pool are those of the nearest labelled row; a class without any "
    "label can be seen as a region only."
)


def pool_lens(
    X,
    y,
    *,
    X_pool=None,
    unlabeled="auto",
    embedding=None,
    groups=None,
    groups_pool=None,
    random_state=0,
):
    """Say what labelled rows do not cover of a pool of rows without labels.

    Where labelled rows are a random part of all, a part of the rows that is chosen
    without a look at labels has a hypergeometric number of them. So regions (clusters,
    and unions of near ones), categories and ends of columns, and groups are counted;
    rows farthest from a third of the labelled rows, and those nearest to each class of
    it, are counted among the other labelled rows and the pool. P values are exact
    whatever rows look like, and are adjusted for all parts that could have been found
    [1]_.

    Parameters
    ----------
    X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features), or \
            texts
    y : array-like of shape (n_samples,)
        Labels, classes or numbers. Rows without one hold None, NaN or pd.NA, or -1
        among whole numbers.
    X_pool : like X, default=None
        The pool. None takes the rows of X without a label; else these are left out.
    unlabeled : "auto" or label, default="auto"
        What stands for "no label" beside missing values; as in `BaseQueryStrategy`.
    embedding : None, "passthrough", transformer or callable, default=None
        Makes points of rows, between which distances mean something; None scales
        numbers and encodes other columns.
    groups, groups_pool : array-like of shape (n,), default=None
        Sites, patients and the like. If no group has labelled and unlabelled rows, they
        were chosen for labelling as a whole, and are counted instead of rows; else up
        to 50 of them are parts of their own.
    random_state : int, RandomState instance or None, default=0

    Returns
    -------
    result : PoolLensResult
        "found" at an adjusted p < .01, "suspect" at p < .05, for regions, categories
        and groups that have at most a quarter of the labels expected, and for classes,
        far rows and ends of columns that have at most half of them.

    Raises
    ------
    ValueError
        If columns or lengths do not fit, or points are not finite.

    Notes
    -----
    It tells whether labels miss parts of the pool that a random draw of as many would
    not miss. With few labels a random draw misses much, too: ``share_without_label``
    says how much is missed, and ``smallest_region_seen`` how large a part must be to be
    found. Rows that were chosen to cover the pool cover it better than by chance, which
    is no finding.

    References
    ----------
    .. [1] R. E. Tarone, "A modified Bonferroni method for discrete data", Biometrics
       46, 1990.

    Examples
    --------
    >>> import numpy as np
    >>> from skdataquality.active_learning import pool_lens
    >>> rng = np.random.default_rng(0)
    >>> X, y = rng.normal(size=(200, 3)), rng.integers(2, size=200)
    >>> X_pool = rng.normal(size=(900, 3))
    >>> pool_lens(X, y, X_pool=X_pool).verdict
    'clear'
    >>> X_pool[:90] += 6  # what no label tells of
    >>> result = pool_lens(X, y, X_pool=X_pool)
    >>> result.verdict, result.reason_code, bool(max(result.to_label) < 90)
    ('found', 'regions', True)
    """
    X = check_table(BaseEstimator(), X, y)
    check_same_length(X=X, y=y, groups=groups)
    known = read_known(y, num_samples(X), unlabeled)
    if groups_pool is not None and (groups is None or X_pool is None):
        raise ValueError(
            "groups_pool names groups of X_pool, which are compared with those of X: "
            "pass X_pool=, groups= and groups_pool= together."
        )
    if X_pool is not None:
        X_pool = check_table(BaseEstimator(), X_pool)
        if groups_pool is not None:
            check_same_length(X=X_pool, groups_pool=groups_pool)
        if groups_pool is None:
            groups = None
    n_labeled = known.rows.size
    n_pool = num_samples(X) - n_labeled if X_pool is None else num_samples(X_pool)
    for reason_code, n in (("few_labels", n_labeled), ("few_pool", n_pool)):
        if n < FEWEST:
            facts = {"n": n, "fewest": FEWEST, "units": "rows"}
            return cannot_tell(PoolLensResult, reason_code, **facts)
    with few_threads(0):
        return _look(
            bring_together(X, known, X_pool, embedding, groups, groups_pool),
            own_rng(random_state),
        )


@dataclass(frozen=True, eq=False)
class Seen:
    """What was measured: parts by kind, and distances."""

    regions: list
    categories: list
    classes: list
    far: list
    distances: object

    @property
    def parts(self):
        """All of them."""
        return [*self.regions, *self.categories, *self.classes, *self.far]


def _look(sides, rng):
    units = units_of(sides)
    for reason_code, is_side in (
        ("few_labels", units.is_labeled),
        ("few_pool", ~units.is_labeled),
    ):
        if units.are_groups and is_side.sum() < FEWEST_GROUPS:
            facts = {"n": is_side.sum(), "fewest": FEWEST_GROUPS, "units": "groups"}
            return cannot_tell(PoolLensResult, reason_code, **facts)
    checked = check_sides(sides, units, rng)
    seen = Seen(
        regions=find_regions(sides, units, rng),
        categories=find_categories(sides, units),
        classes=find_classes(sides, checked),
        far=find_far(checked),
        distances=measure_distances(sides, units, rng),
    )
    judged = judge(seen.parts)
    return _result(sides, units, seen, judged, checked)


def _result(sides, units, seen, judged, checked):
    order = np.argsort(sides.numbers[sides.pool], kind="stable")
    why = rows_to_label(sides, seen.distances, judged)
    tables, longer = cut_lines(
        {
            "regions with few labels": region_lines(sides, seen.regions, judged),
            "values with few labels": category_lines(seen.categories, judged),
            "classes": class_lines(sides, seen.distances, seen.classes, judged),
            "rows to label": [
                {"row": int(sides.numbers[row]), "why": said}
                for row, said in why.items()
            ],
        }
    )
    numbers = _numbers(sides, units, seen, judged)
    facts, severity, named = facts_of(sides, seen, judged, numbers)
    return PoolLensResult(
        verdict=judged.verdict,
        severity=severity,
        reason_code=judged.reason_code,
        summary=PoolLensResult.sentence(judged.reason_code, **facts),
        numbers=numbers,
        p_value=judged.p_value,
        evidence=tables,
        evidence_rows=longer,
        predictions=predicted_worse(sides, checked, judged),
        remedies=_remedies(judged),
        limits=_limits(sides, seen, numbers),
        named=named,
        to_label=tuple(sides.numbers[list(why)].tolist()) if why else (),
        is_far=seen.distances.is_far[order],
        pool_rows=sides.numbers[sides.pool][order],
    )


def _numbers(sides, units, seen, judged):
    single = [part for part in seen.regions if part.facts["is_single"]]
    empty = [p for p in single if p.n_labeled == 0 and p.facts["rows"].size]
    n_pool = sides.pool.size
    missed = sum(part.facts["rows"].size for part in empty)
    by_chance = sum(part.facts["rows"].size * part.p_least for part in single)
    far = int(seen.distances.is_far.sum())
    return {
        "labeled_rows": sides.labeled.size,
        "pool_rows": n_pool,
        "far_share": proportion_interval(far, n_pool),
        "regions_without_label": len(empty),
        "share_without_label": proportion_interval(missed, n_pool),
        "share_without_label_by_chance": by_chance / n_pool,
        "categories_uncovered": len(judged.uncovered.get("category", ())),
        "classes_uncovered": len(judged.uncovered.get("class", ())),
        "smallest_region_seen": smallest_seen(
            int(units.is_labeled.sum()), judged.n_tests
        ),
    }


def _remedies(judged):
    if judged.verdict == "clear":
        return ()
    return (KCenterQuery(),)


def _limits(sides, seen, numbers):
    said = [BY_DISTANCE]
    if seen.classes:
        said.append(BY_NEAREST)
    said.append(
        f"With so few labels as these a part of the rows is found to lack them only if "
        f"it holds {percent(numbers['smallest_region_seen'])} of them or more."
    )
    if sides.labeled.size > MOST_REFERENCES:
        said.append(
            f"Distances are to {MOST_REFERENCES} of {sides.labeled.size} labelled "
            f"rows, drawn at random."
        )
    return (*said, *(f"Columns: {note}." for note in sides.said))
