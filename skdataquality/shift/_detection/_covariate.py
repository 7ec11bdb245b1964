"""Do the features of target rows differ? :func:`covariate_tests`."""

from dataclasses import dataclass, replace
from functools import partial
from numbers import Integral

import numpy as np

from skdataquality.shift._detection._cells import read_cells
from skdataquality.shift._detection._classifier_test import (
    best_auc,
    examine_by_classifiers,
)
from skdataquality.shift._detection._column_tests import ColumnTest, examine_columns
from skdataquality.shift._detection._dependence import Grouped, Independent, Series
from skdataquality.shift._detection._groups import GroupTests, examine_groups
from skdataquality.shift._detection._rows import TestedRows, choose_rows
from skdataquality.shift._ratios import first_of_each
from skdataquality.utils._draws import draw_seed
from skdataquality.utils._duplicate_rows import repeated_rows
from skdataquality.utils._stats import Interval

MOST_ROWS = 20_000  # of both sides that are tested
FEWEST_INDEPENDENT_ROWS = 20  # of a side, where rows depend on each other
FEWEST_ROWS = 20  # of a side, of which any test says something
FEWEST_GROUPS = 10  # of a side, that are drawn as a whole
MIN_EFFECT = 0.05


@dataclass(frozen=True, eq=False)
class CovariateTests:
    """What :func:`covariate_tests` returns.

    Attributes
    ----------
    p_value : float
        Twice the smaller of ``p_columns`` and ``p_classifiers`` (Bonferroni), at most
        1. Never NaN. 1 where nothing can be tested.
    p_relevant : float
        The same of effects of at least ``min_effect`` alone; 1 if there are none. Where
        ``p_value`` is small and this is not, sides differ by too little to matter.
    p_columns : float
        Smallest p value of a column, adjusted by Holm over all columns.
    p_classifiers : float
        Of the classifier two-sample test.
    domain_auc : Interval
        How well held-out rows of both sides are told apart by boosting (by the linear
        model of sparse or wide tables and of texts): .5 not at all, 1 without error.
    aucs : dict of Interval
        The same by learner: "boosting" (or "given"), "linear", "quadratic".
    columns : tuple of ColumnTest
        The column that differs most first; empty for texts.
    drifted_columns : tuple
        Names of the columns whose effect is at least ``min_effect`` and whose
        p value, adjusted, is below half the level.
    min_effect : float
        Share of rows, in [0, 1].
    level : float
    n_rows, n_target : int
        Rows tested of each side, fewer than given where there are many.
    is_sampled : bool
        Whether rows were left out, because there are many.
    dependence : {"", "series", "groups"}
        How rows of a side depend on each other: not, on their neighbours in time or in
        the order given, or on those of their group.
    why_series : str
        "time" if times were given, "order" if rows were said to be ordered; else the
        name of a column whose neighbouring rows resemble each other on both sides; ""
        without a series.
    effective_rows : float
        Independent rows that those of the smaller side are worth, for the scores of the
        classifiers; without scores, for the column where they are worth most.
    untested : tuple
        Names of columns that move too slowly, or differ too much between groups, to be
        worth enough independent rows; they are in no test.
    is_trusted : bool
        False if no p value means anything; ``why_not`` says why.
    why_not : {"", "alike_rows", "few_rows", "few_effective_rows", "few_groups", \
            "groups_unknown"}
        All rows of a side are equal; too few rows, independent rows or groups; groups
        were given for one side only.
    groups : GroupTests or None
        Which of the groups that both sides share moved, and whether their shares did.
    scores : ndarray of shape (n_rows + n_target,)
        Held-out P(target | row) of the learner of ``domain_auc``; NaN where unknown.
    rows : TestedRows
        The rows that were tested: ``rows`` and ``target_rows`` are their numbers.
    """

    p_value: float
    p_relevant: float
    p_columns: float
    p_classifiers: float
    domain_auc: Interval
    aucs: dict
    columns: tuple[ColumnTest, ...]
    drifted_columns: tuple
    min_effect: float
    level: float
    n_rows: int
    n_target: int
    is_sampled: bool
    dependence: str
    why_series: str
    effective_rows: float
    untested: tuple
    is_trusted: bool
    why_not: str
    groups: GroupTests | None
    scores: np.ndarray
    rows: TestedRows

    @property
    def is_drifted(self):
        """Whether a difference of at least ``min_effect`` is no chance."""
        return self.is_trusted and self.p_relevant < self.level

    @property
    def is_too_small(self):
        """Whether sides differ, by too little to matter."""
        return self.is_trusted and self.p_value < self.level <= self.p_relevant

    @property
    def only_mix(self):
        """Whether only the shares of the groups differ, and nothing inside them."""
        return self.groups is not None and self.groups.only_mix(
            self.level, self.min_effect
        )

    @property
    def moved_groups(self):
        """Names of the groups inside which rows differ."""
        return () if self.groups is None else self.groups.moved(self.level)


def covariate_tests(
    X,
    X_target,
    *,
    time=None,
    time_target=None,
    groups=None,
    groups_target=None,
    level=0.05,
    min_effect=MIN_EFFECT,
    model=None,
    is_ordered=None,
    most_rows=MOST_ROWS,
    n_jobs=None,
    random_state=0,
):
    """Test whether the features of target rows have the distribution of training rows.

    Each column is tested alone: numbers and dates by Kolmogorov-Smirnov, categories by
    chi-squared with rare levels pooled, and how often cells are missing by a test of
    its own, with Holm over all of them. All columns are tested together by three
    classifiers, small boosting, a linear model, and one of products of columns:
    held-out scores of both sides are compared by a Mann-Whitney test in each fold, and
    these are joined by the Cauchy combination [1]_. Both families have half of the
    level.

    Rows of a series, or of a group, resemble each other and are no independent
    evidence: rows are then counted as the independent rows that they are worth, and
    held out in stretches or whole groups. Where both sides share most of their groups
    these are compared one by one, beside their shares.

    Parameters
    ----------
    X, X_target : {array-like, sparse matrix, data frame} of shape (n, n_features)
        Matched by name where they have names. Or sequences of texts.
    time, time_target : array-like of shape (n,), default=None
        Numbers or dates that order the rows of each side.
    groups, groups_target : array-like of shape (n,), default=None
        Whose rows depend on each other, on both sides.
    level : float, default=.05
    min_effect : float, default=.05
        Share of the rows, in [0, 1], by which distributions must differ to matter. A
        column is measured by its distance, the domain AUC by ``2 * AUC - 1``, which is
        at least the total variation. The mean of a loss in [0, 1] changes by at most
        that share where P(y | x) stays.
    model : classifier, default=None
        Takes the place of boosting, and gets raw rows.
    is_ordered : bool, default=None
        Whether rows follow each other in time as they are given. None looks whether
        they resemble their neighbours on both sides; False where a table is known to be
        sorted by something else.
    most_rows : int, default=20000
        More rows are drawn from, half of each side, or taken in even steps of a series.
    n_jobs : int, default=None
    random_state : int, RandomState instance or None, default=0

    Returns
    -------
    result : CovariateTests

    References
    ----------
    .. [1] Y. Liu, J. Xie, "Cauchy combination test", JASA 115, 2020.

    Examples
    --------
    >>> import numpy as np
    >>> from skdataquality.shift._detection import covariate_tests
    >>> rng = np.random.default_rng(0)
    >>> X, X_target = rng.normal(size=(300, 3)), rng.normal(size=(200, 3))
    >>> covariate_tests(X, X_target).is_drifted
    False
    >>> X_target[:, 1] += 0.8
    >>> covariate_tests(X, X_target).drifted_columns
    (1,)
    """
    if not isinstance(random_state, Integral):
        random_state = draw_seed(random_state)
    rows = choose_rows(
        X,
        X_target,
        time=time,
        time_target=time_target,
        groups=groups,
        groups_target=groups_target,
        is_ordered=is_ordered,
        most_rows=most_rows,
        random_state=random_state,
    )
    cells = read_cells(rows.pooled)
    options = {"model": model, "n_jobs": n_jobs, "random_state": random_state}
    dependence, rows, cells = _dependence_of(rows, cells)
    fewest = FEWEST_INDEPENDENT_ROWS
    columns = examine_columns(cells, rows.is_target, dependence, fewest)
    untested = tuple(test.column for test in columns if not test.tested)
    left = [c for c in cells if c.name not in untested]
    classified = None
    smaller = int(np.bincount(rows.is_target, minlength=2).min())
    if (left or not cells) and smaller >= FEWEST_ROWS:
        tested_rows = [t.effective_rows for t in columns if t.tested]
        share = min(tested_rows, default=smaller) / smaller
        classified = examine_by_classifiers(
            rows.pooled, left, rows.is_target, dependence, share=share, **options
        )
    group_tests = None
    if rows.are_groups_shared:
        inside = partial(_p_values, options=options, min_effect=min_effect)
        group_tests = examine_groups(rows, cells, inside)
    why_not = _why_not(rows, classified, bool(cells), columns)
    return _result(
        rows,
        columns,
        classified,
        untested,
        why_not,
        dependence.kind or ("groups" if rows.are_groups_shared else ""),
        group_tests,
        level,
        min_effect,
    )


def _dependence_of(rows, cells):
    """Say how rows depend on each other; copies of independent rows are left out."""
    if rows.is_series:
        return Series(), rows, cells
    if rows.groups is not None and not rows.are_groups_shared:
        return Grouped(rows.groups), rows, cells
    twins = repeated_rows(rows.pooled)
    if twins is None:
        return Independent(), rows, cells
    first = np.flatnonzero(first_of_each(twins, rows.is_target))
    cells = [replace(c, values=c.values[first]) for c in cells]
    return Independent(twins[first]), rows.take(first), cells


def _p_values(pooled, cells, is_target, *, options, min_effect):
    """P value and AUC of independent rows, of one group."""
    columns = examine_columns(cells, is_target, Independent(), 0)
    classified = examine_by_classifiers(
        pooled, cells, is_target, Independent(), share=1.0, **options
    )
    p_columns = min((t.p_value for t in columns), default=1.0)
    relevant = [t.p_value for t in columns if t.effect >= min_effect]
    if classified is None:
        return min(1.0, 2 * p_columns), min(1.0, 2 * min(relevant, default=1.0)), None
    auc = best_auc(classified.aucs)
    if 2 * auc.estimate - 1 >= min_effect:
        relevant.append(classified.p_value)
    return (
        min(1.0, 2 * min(p_columns, classified.p_value)),
        min(1.0, 2 * min(relevant, default=1.0)),
        auc,
    )


def _why_not(rows, classified, has_cells, columns):
    if rows.why_not:
        return rows.why_not
    smaller = np.bincount(rows.is_target, minlength=2).min()
    if smaller < FEWEST_ROWS:
        return "alike_rows" if rows.has_copies else "few_rows"
    if rows.groups is not None and not rows.are_groups_shared:
        sides = [np.unique(rows.groups[rows.is_target == s]).size for s in (0, 1)]
        if min(sides) < FEWEST_GROUPS:
            return "few_groups"
    few_columns = has_cells and not any(test.tested for test in columns)
    few_scores = not has_cells and (
        rows.is_series
        and classified is not None
        and classified.effective_rows < FEWEST_INDEPENDENT_ROWS
    )
    if few_columns or few_scores:
        return "few_effective_rows"
    is_alike = classified is None and not rows.is_series and rows.groups is None
    return "alike_rows" if is_alike else ""


def _result(
    rows,
    columns,
    classified,
    untested,
    why_not,
    dependence,
    group_tests,
    level,
    min_effect,
):
    p_columns = min((test.p_value for test in columns), default=1.0)
    p_classifiers, aucs = 1.0, {}
    domain_auc = Interval(0.5, 0.0, 1.0, "not tested")
    scores = np.full(rows.is_target.shape[0], np.nan)
    effective = max(
        (test.effective_rows for test in columns),
        default=float(np.bincount(rows.is_target, minlength=2).min()),
    )
    relevant = [test.p_value for test in columns if test.effect >= min_effect]
    if classified is not None:
        p_classifiers, aucs = classified.p_value, classified.aucs
        first = next(iter(aucs))
        domain_auc, scores = aucs[first], classified.scores[first]
        effective = classified.effective_rows
        if 2 * best_auc(aucs).estimate - 1 >= min_effect:
            relevant.append(p_classifiers)
    sizes = np.bincount(rows.is_target, minlength=2).tolist()
    return CovariateTests(
        p_value=float(min(1, 2 * min(p_columns, p_classifiers))),
        p_relevant=float(min(1, 2 * min(relevant, default=1.0))),
        p_columns=p_columns,
        p_classifiers=p_classifiers,
        domain_auc=domain_auc,
        aucs=aucs,
        columns=columns,
        drifted_columns=tuple(
            test.column
            for test in columns
            if test.effect >= min_effect and test.p_value < level / 2
        ),
        min_effect=min_effect,
        level=level,
        n_rows=sizes[0],
        n_target=sizes[1],
        is_sampled=rows.is_sampled,
        dependence=dependence,
        why_series=rows.why_series,
        effective_rows=effective,
        untested=untested,
        is_trusted=not why_not,
        why_not=why_not,
        groups=group_tests,
        scores=scores,
        rows=rows,
    )
