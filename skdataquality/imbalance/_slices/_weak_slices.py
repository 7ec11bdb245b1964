"""Groups of rows in which a model fails: :func:`weak_slices`."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats
from sklearn.isotonic import IsotonicRegression

from skdataquality.imbalance._slices._columns import read_columns
from skdataquality.imbalance._slices._given import as_given
from skdataquality.imbalance._slices._reasons import Rows, reason_of
from skdataquality.imbalance._slices._result import WeakSlice, WeakSlices
from skdataquality.imbalance._slices._scan import Risk
from skdataquality.imbalance._slices._search import Found, search
from skdataquality.utils._draws import draw_seed
from skdataquality.utils._stats import (
    Interval,
    effective_share,
    newcombe,
    proportion_interval,
)

MOST_PAIRED = 40  # columns of which pairs are formed
LEAST_ROWS, LEAST_SHARE = 30, 0.01
SAME = 0.5  # of the rows in either of two slices
OFF = 0.5  # probabilities are kept off 0 and 1 by as much over n


def weak_slices(
    X,
    y,
    y_pred=None,
    pred_proba=None,
    *,
    max_order=2,
    flagged=None,
    classes=None,
    groups=None,
    min_rows=None,
    level=0.05,
    random_state=0,
):
    """Find groups of rows, by one or two columns, in which a model does worse.

    Parameters
    ----------
    X : table of shape (n_samples, n_features)
        Of any columns: numbers and dates are cut at quantiles, values of text with
        enough rows (the 30 most frequent) stand for themselves, missing cells are a
        value of their own. It need not hold the features of the model.
    y : array-like of shape (n_samples,)
        Class labels.
    y_pred : array-like of shape (n_samples,), default=None
        Predicted labels of rows that the model was not fitted on. None takes the class
        of the largest probability.
    pred_proba : array-like of shape (n_samples, n_classes), default=None
        Their probabilities, columns in the order of ``classes``; rows of NaN are left
        out. With them calibration is compared, too.
    max_order : {1, 2}, default=2
        Columns that a slice is described by, at most. Pairs are formed of 40 columns at
        most; of a wider table ``limits`` says that there are none.
    flagged : array-like of shape (n_samples,), bool, default=None
        Rows whose label is in doubt, by which slices are called mislabelled.
    classes : array-like of shape (n_classes,), default=None
        None takes the sorted labels of ``y``.
    groups : array-like of shape (n_samples,), default=None
        Rows of one group depend on each other and count as fewer.
    min_rows : int, default=None
        Fewest rows of a slice, and outside of it. None is 1 % of the rows, at least 30.
    level : float, default=0.05
        Probability that any slice is found where nothing differs, and so an upper bound
        of the false discovery rate.
    random_state : int, RandomState instance or None, default=0

    Returns
    -------
    result : WeakSlices

    Raises
    ------
    ValueError
        If neither predictions nor probabilities are given, or these are not what they
        should be.

    See Also
    --------
    WeakSlicesDisplay : The slices, drawn.

    Notes
    -----
    Cut points are chosen by looking at the errors, so that the p-value of the worst
    slice alone says nothing. It is compared with that of the worst slice in 199 tables
    in which the same errors fall on rows by chance (Westfall and Young 1993); on large
    tables with those of 20,000 rows. As slices of two columns outnumber those of one,
    p-values are first multiplied by the number of independent slices that chance makes
    of them, so that a simple description wins over one that is hardly clearer.

    Slices are found one after the other. After each, its rows are expected to be wrong
    as often as they are: what is no longer worse is its echo and folded into it, and so
    is what overlaps or borders it by the same columns, such as a wider range. A
    condition that adds nothing to the other one is dropped. The statistic is the signed
    root of the deviance, with a continuity correction.

    Calibration is compared given the model: probabilities are first corrected by an
    isotonic curve, for a model that is too sure everywhere has no slice in which it is
    worse. Slices may be too sure or too unsure; chance draws right and wrong by the
    corrected probabilities. Given ``pred_proba``, each measure has half of ``level``.

    "mislabelled": wrong rows whose label is in doubt make most of the additional
    errors. "under-represented": most errors are on a class with less than half of its
    share elsewhere, or the slice has less than half of the rows that an even share (of
    a value of text) or chance (of two columns) would give. "hard": neither, with what
    was given. A model that is too sure of what it does not understand raises doubts of
    good labels, which look mislabelled until somebody looks at them.

    It is wrong for predictions of rows that the model has seen, and says nothing of
    slices of fewer than ``min_rows`` rows. Classes overlap somewhere in most tables: a
    slice that is hard need not be a fault.

    References
    ----------
    .. [1] P. H. Westfall and S. S. Young, "Resampling-Based Multiple Testing", Wiley
       (1993).

    Examples
    --------
    >>> import numpy as np
    >>> from skdataquality.imbalance import weak_slices
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(1000, 2))
    >>> y = rng.integers(0, 2, 1000)
    >>> is_wrong = rng.random(1000) < np.where(X[:, 1] > 1.5, 0.6, 0.1)
    >>> found = weak_slices(X, y, np.where(is_wrong, 1 - y, y))
    >>> found.slices[0].columns, found.slices[0].reason
    ((1,), 'hard')
    """
    given = as_given(X, y, y_pred, pred_proba, flagged, classes, groups)
    _check_options(max_order, min_rows, level)
    n = int(given.covered.sum())
    if min_rows is None:
        min_rows = max(LEAST_ROWS, int(np.ceil(LEAST_SHARE * n)))
    columns, skipped = read_columns(X, min_rows)
    columns = [column.of_rows(given.covered) for column in columns]
    limits: tuple = ()
    if max_order == 2 and len(columns) > MOST_PAIRED:
        max_order = 1
        limits = (
            f"slices of two columns were not formed of {len(columns)} columns, more "
            f"than {MOST_PAIRED}: pass fewer columns",
        )
    found, n_compared = _search(
        given, columns, max_order, min_rows, level, random_state
    )
    slices, masks = _described(given, columns, found)
    return WeakSlices(
        slices=slices,
        error=float(given.wrong.mean()),
        n_rows=n,
        n_compared=n_compared,
        min_rows=min_rows,
        level=level,
        skipped=skipped,
        limits=limits,
        _masks=masks,
    )


def _check_options(max_order, min_rows, level):
    if max_order not in (1, 2) or isinstance(max_order, bool):
        raise ValueError(f"max_order={max_order!r} is not possible: pass 1 or 2.")
    is_count = isinstance(min_rows, int | np.integer) and not isinstance(min_rows, bool)
    if min_rows is not None and not (is_count and min_rows >= 1):
        raise ValueError(f"min_rows={min_rows!r}: pass a whole number of at least 1.")
    is_number = isinstance(level, float | int | np.floating)
    if not (is_number and 0 < level < 1):
        raise ValueError(
            f"level={level!r}: pass a number strictly between 0 and 1, such as 0.05."
        )


@dataclass
class _Measured:
    """A slice that was found, and by what."""

    measure: str
    found: Found
    risk: Any


def _search(given, columns, max_order, min_rows, level, random_state):
    """Slices by error, then those by calibration that are none of these."""
    order = _order(given, columns)
    back = np.argsort(order, kind="stable")
    sorted_columns = [column.of_rows(order) for column in columns]
    risks = _risks(given)
    seed = draw_seed(random_state)
    out: list = []
    n_compared = 0
    for measure, risk in risks.items():
        if not columns or given.wrong.all() or not given.wrong.any():
            break
        found, looked_at = search(
            sorted_columns,
            Risk(risk.events[order], risk.expected[order], risk.both_ways, risk.share),
            min_rows=min_rows,
            max_order=max_order,
            level=level,
            rng=np.random.default_rng(seed),
            n_families=len(risks),
        )
        n_compared = max(n_compared, looked_at)
        for each in found:
            each.mask = each.mask[back]
            _add(out, _Measured(measure, each, risk))
    return out, n_compared


def _add(out, new):
    """Append a slice, unless one of another measure is about it, or about its parent.

    About it are most rows of either, about the parent most of its own.
    """
    for old in out:
        either = np.count_nonzero(old.found.mask | new.found.mask)
        both = np.count_nonzero(old.found.mask & new.found.mask)
        is_part = set(old.found.columns) <= set(new.found.columns)
        of = np.count_nonzero(new.found.mask) if is_part else either
        if old.measure != new.measure and both >= SAME * of:
            words = " and ".join(map(str, new.found.conditions))
            old.found.echoes.append(f"{new.measure}: {words}")
            return
    out.append(new)


def _order(given, columns):
    """Order rows by what they hold, so that theirs in the table does not matter."""
    keys = [grid.codes for c in columns for grid in (c.coarse, c.fine)]
    sure = [] if given.sure is None else [given.sure]
    return np.lexsort([*sure, given.wrong, *keys])


def _risks(given):
    n = given.wrong.size
    wrong = given.wrong.astype(float)
    share = effective_share(wrong, given.groups)
    risks = {"error": Risk(wrong, np.full(n, wrong.mean()), share=share)}
    if given.sure is None:
        return risks
    curve = IsotonicRegression(y_min=OFF / n, y_max=1 - OFF / n)
    expected = 1 - curve.fit_transform(given.sure, 1 - wrong)
    share = effective_share(wrong - expected, given.groups)
    risks["calibration"] = Risk(wrong, expected, both_ways=True, share=share)
    return risks


def _described(given, columns, found):
    """Turn what was found into results, and masks of all rows."""
    grids = {column.name: column for column in columns}
    rows = Rows(given.codes, given.wrong, given.flagged, given.classes)
    inside_any = np.zeros(given.wrong.size, dtype=bool)
    for each in found:
        inside_any |= each.found.mask
    slices, masks = [], []
    for each in found:
        inside = each.found.mask
        elsewhere = ~inside if inside_any.all() else ~inside_any
        reason, because = reason_of(rows, inside, elsewhere, each.found, grids)
        slices.append(_slice(given, each, elsewhere, reason, because))
        mask = np.zeros(given.covered.size, dtype=bool)
        mask[given.covered] = inside
        masks.append(mask)
    return tuple(slices), tuple(masks)


def _slice(given, measured, elsewhere, reason, because):
    found, inside = measured.found, measured.found.mask
    wrong, n_rows = given.wrong, int(inside.sum())
    gaps: tuple = None, None
    if given.sure is not None:
        gap = given.sure - ~wrong
        gaps = float(gap[inside].mean()), float(gap[elsewhere].mean())
    share = measured.risk.share
    return WeakSlice(
        description=" and ".join(map(str, found.conditions)),
        measure=measured.measure,
        n_rows=n_rows,
        share=n_rows / inside.size,
        error=proportion_interval(
            int(wrong[inside].sum()), n_rows, effective_share=share
        ),
        error_elsewhere=float(wrong[elsewhere].mean()),
        difference=_difference(given, measured, elsewhere),
        gap=gaps[0],
        gap_elsewhere=gaps[1],
        q_value=found.q_value,
        reason=reason,
        because=because,
        echoes=tuple(found.echoes),
        conditions=tuple(found.conditions),
    )


def _difference(given, measured, elsewhere):
    """Interval of slice minus elsewhere, at a level that holds for all slices."""
    inside, share = measured.found.mask, measured.risk.share
    point = min(measured.found.point, 0.025)
    level = 1 - 2 * point
    words = "as wide as holds for all slices at once"
    if measured.measure == "error":
        wrong = given.wrong.astype(float)
        interval = newcombe(
            *_counted(wrong, inside, share),
            *_counted(wrong, elsewhere, share),
            level=level,
        )
        method = "Newcombe"
        estimate = float(wrong[inside].mean() - wrong[elsewhere].mean())
        ends = min(interval.lower, estimate), max(interval.upper, estimate)
    else:
        gap = given.sure - ~given.wrong
        estimate = float(gap[inside].mean() - gap[elsewhere].mean())
        variance = sum(gap[m].var() / (m.sum() * share) for m in (inside, elsewhere))
        half = float(stats.norm.isf(point) * np.sqrt(variance))
        ends, method = (estimate - half, estimate + half), "normal"
    return Interval(estimate, *ends, f"{method}, {words}", level)


def _counted(wrong, mask, share):
    """Events and rows, of rows that depend on each other as few as they are worth."""
    n_rows = max(1, round(mask.sum() * share))
    return round(wrong[mask].mean() * n_rows), n_rows
