"""How many rows each group has, and how well a model does on them: group_report."""

from dataclasses import dataclass, field

import numpy as np

from skdataquality.imbalance._groups._gaps import worst_gap
from skdataquality.imbalance._groups._population import (
    check_population,
    compare_shares,
)
from skdataquality.utils._digits import fixed
from skdataquality.utils._draws import draw_seed
from skdataquality.utils._frames import missing_mask, pandas_frame
from skdataquality.utils._printable import printable
from skdataquality.utils._shown import WIDTH, ShownResult, cut
from skdataquality.utils._sources import (
    check_group_columns,
    encode_groups,
)
from skdataquality.utils._stats import Interval, clopper_pearson, holm, wilson
from skdataquality.utils._validation import (
    as_label_column,
    check_same_length,
    encode_labels,
)

N_PERMUTATIONS = 9999
ACCURACY = "accuracy"
METHODS = {
    "clopper-pearson": (clopper_pearson, "Clopper-Pearson"),
    "wilson": (wilson, "Wilson"),
}
TABLES = ("groups", "cells", "gaps")


@dataclass(frozen=True, eq=False, repr=False)
class GroupReport(ShownResult):
    """What :func:`group_report` returns: three tables, each a list of dicts.

    Attributes
    ----------
    groups : list of dict
        A line for each group of each column: ``column``, ``group``, ``rows``, ``share``
        (Interval, of the rows), ``population`` (the declared share, None without),
        ``p_value`` (exact binomial test against it, Holm over the groups of the
        column), ``flag`` ("under", "over" or ""), ``accuracy`` (Interval; None without
        predictions).
    cells : list of dict
        A line for each class in each group: ``column``, ``group``, ``class``, ``rows``,
        ``share`` (Interval, of the rows of the group), ``predicted`` (rows that have a
        prediction), ``recall`` (Interval; None without predictions).
    gaps : list of dict
        A line for each column and metric, "accuracy" or "recall of" a class:
        ``column``, ``metric``, ``class`` (None for accuracy), ``group`` (the worst),
        ``gap`` (Interval, rest minus worst), ``p_value`` (valid for the worst of all
        groups of the column), ``adjusted_p_value`` (Holm over all lines;
        the one that is printed).
    classes : list
    """

    groups: list = field(repr=False)
    cells: list = field(repr=False)
    gaps: list = field(repr=False)
    classes: list

    @property
    def columns(self):
        """Names of the columns of groups."""
        return list(dict.fromkeys(line["column"] for line in self.groups))

    @property
    def under_represented(self):
        """Lines of groups whose share is below the declared one, beyond chance."""
        return [line for line in self.groups if line["flag"] == "under"]

    @property
    def worst_gap(self):
        """The line of the lowest p-value and, of equals, the largest gap, or None."""
        known = [line for line in self.gaps if line["p_value"] is not None]
        return min(
            known, key=lambda x: (x["p_value"], -x["gap"].estimate), default=None
        )

    def to_frame(self, table="groups"):
        """Return a table as a data frame, intervals as three columns.

        Parameters
        ----------
        table : {"groups", "cells", "gaps"}, default="groups"

        Returns
        -------
        frame : pandas.DataFrame

        Raises
        ------
        ImportError
            If pandas is missing; it comes with the extra ``cli``.
        """
        if table not in TABLES:
            raise ValueError(f"table={table!r}: there are {', '.join(TABLES)}.")
        lines = [_flat(line) for line in getattr(self, table)]
        return pandas_frame(lines, "GroupReport.to_frame", f"the attribute {table}")

    def _facts(self):
        facts = {
            "columns": self.columns,
            "groups": len(self.groups),
            "classes": len(self.classes),
        }
        if any(line["population"] is not None for line in self.groups):
            facts["under-represented"] = [g["group"] for g in self.under_represented]
        return facts

    def __repr__(self):
        said = [f"{key}={_said(value)}" for key, value in self._facts().items()]
        lines = [f"GroupReport({', '.join(said)})"]
        if (worst := self.worst_gap) is not None:
            lines.append(
                printable(
                    f"- {worst['gap'].short()} below the rest (p = "
                    f"{fixed(worst['adjusted_p_value'])}): {worst['metric']} of "
                    f"{worst['column']}={worst['group']}"
                )
            )
        return "\n".join(cut(line, WIDTH) for line in lines)


def group_report(
    y,
    y_pred=None,
    groups=None,
    *,
    population=None,
    classes=None,
    method="clopper-pearson",
    random_state=0,
):
    """Count the rows of groups, and how often a model is right in each.

    Parameters
    ----------
    y : array-like of shape (n_samples,)
        Labels, or their codes.
    y_pred : array-like of shape (n_samples,), default=None
        Predictions by a model that has not seen the row, of the same kind; None or NaN
        where there is none. None: shares only.
    groups : array-like of shape (n_samples,) or (n_samples, n_columns), or data frame
        Each column is looked at by itself. A missing value is the group "missing".
    population : dict, default=None
        Share of each group where the model will be used, ``{group: share}``; of several
        columns ``{column: {group: share}}``, not necessarily of all. Rows whose group
        is missing do not count in that comparison.
    classes : array-like of shape (n_classes,), default=None
        None takes the sorted labels of ``y``.
    method : {"clopper-pearson", "wilson"}, default="clopper-pearson"
        Of the 95 % intervals of shares, accuracy and recall.
    random_state : int, RandomState instance or None, default=0
        For the permutations.

    Returns
    -------
    report : GroupReport

    Raises
    ------
    ValueError
        If groups are missing, lengths differ, predictions are no classes, or the
        population is not as described.

    See Also
    --------
    rows_to_collect : How many rows more would make a recall precise.
    skdataquality.model_selection.worst_group_scorer : Chooses models by the worst.

    Notes
    -----
    The gap of a metric is that between the worst group and all other rows. Which group
    is the worst is read from the data, so its gap alone would look significant too
    often: the p-value compares the largest deficit over groups, in standard deviations,
    with the largest after exchanging rows between groups at random (of a recall: rows
    of that class). The interval of the gap is that of two given groups, and does not
    know that the worst was chosen.

    Rows are taken as independent. Where they are not (several of one patient), all
    intervals are too short and p-values too small. A group whose share is far from the
    declared one is flagged only if the test rejects and the share is below 0.8 of it,
    or above 1 / 0.8.

    Examples
    --------
    >>> import numpy as np
    >>> from skdataquality.imbalance import group_report
    >>> site = np.repeat(["north", "south"], [900, 100])
    >>> y = np.arange(1000) % 2
    >>> y_pred = np.where((site == "south") & (np.arange(1000) % 4 == 1), 0, y)
    >>> report = group_report(
    ...     y, y_pred, site, population={"north": 0.8, "south": 0.2}
    ... )
    >>> [line["group"] for line in report.under_represented]
    ['south']
    >>> report.worst_gap["metric"], report.worst_gap["group"]
    ('recall of 1', 'south')
    """
    if groups is None:
        raise ValueError(
            "groups=None: pass the groups of the rows, a column or a frame of several."
        )
    if method not in METHODS:
        raise ValueError(f"method={method!r} is unknown; use one of {sorted(METHODS)}.")
    classes, codes = encode_labels(y, classes=classes)
    check_group_columns(groups, codes.size)
    columns = encode_groups(groups)
    declared = check_population(population, columns)
    said = None if y_pred is None else _predicted(y_pred, classes, codes.size)
    rng = np.random.default_rng(draw_seed(random_state))
    tables: dict[str, list] = {name: [] for name in TABLES}
    for name, column in columns.items():
        counts = _Counts.of(column, codes, said, classes.size)
        tables["groups"] += _group_lines(
            name, column, counts, declared.get(name), method
        )
        tables["cells"] += _cell_lines(name, column, counts, classes, method)
        if said is not None:
            tables["gaps"] += _gap_lines(name, column, counts, classes, rng)
    _adjust(tables["gaps"])
    return GroupReport(**tables, classes=classes.tolist())


@dataclass(frozen=True)
class _Counts:
    """Rows by group and class: all, those with a prediction, those found."""

    rows: np.ndarray
    predicted: np.ndarray
    hits: np.ndarray
    has_predictions: bool

    @classmethod
    def of(cls, column, codes, said, n_classes):
        cell = column.codes * n_classes + codes
        shape = (column.n_sources, n_classes)

        def count(mask):
            n = np.bincount(cell[mask], minlength=shape[0] * shape[1])
            return n.reshape(shape)

        rows = count(slice(None))
        if said is None:
            return cls(rows, 0 * rows, 0 * rows, False)
        return cls(rows, count(said >= 0), count(said == codes), True)


def _predicted(y_pred, classes, n_rows):
    """Codes of predicted classes, -1 where there is none."""
    values = as_label_column(y_pred, name="y_pred")
    check_same_length(X=range(n_rows), y_pred=values)
    said = np.full(n_rows, -1)
    known = np.flatnonzero(~missing_mask(values))
    if known.size:
        present = values[known]
        if present.dtype.kind == "O":
            present = np.array(present.tolist())
        said[known] = encode_labels(present, classes=classes, name="y_pred")[1]
    return said


def _intervals(count, nobs, method):
    function, words = METHODS[method]
    lower, upper = function(count, nobs)
    with np.errstate(invalid="ignore"):
        share = np.asarray(count) / np.asarray(nobs)
    return [
        Interval(float(p), float(low), float(high), words)
        for p, low, high in zip(share, lower, upper, strict=True)
    ]


def _group_lines(name, column, counts, declared, method):
    sizes = counts.rows.sum(axis=1)
    levels = list(column.levels)
    if declared is not None:  # those without rows are the least represented
        levels += [group for group in declared if group not in column.levels]
        sizes = np.append(sizes, np.zeros(len(levels) - sizes.size, dtype=sizes.dtype))
    shares = _intervals(sizes, np.full(sizes.size, sizes.sum()), method)
    order = [*column.in_order(), *range(column.n_sources, len(levels))]
    predicted, hits = counts.predicted.sum(axis=1), counts.hits.sum(axis=1)
    accuracy = _intervals(hits, predicted, method) if counts.has_predictions else []
    tested = {}
    if declared is not None:
        known = [k for k, group in enumerate(levels) if group in declared]
        values = np.array([declared[levels[k]] for k in known], dtype=float)
        p_values, flags = compare_shares(sizes[known], values)
        tested = {
            k: {"population": float(v), "p_value": float(p), "flag": flag}
            for k, v, p, flag in zip(known, values, p_values, flags, strict=True)
        }
    untested = {"population": None, "p_value": None, "flag": ""}
    return [
        {
            "column": name,
            "group": levels[k],
            "rows": int(sizes[k]),
            "share": shares[k],
            **tested.get(k, untested),
            "accuracy": accuracy[k] if k < len(accuracy) else None,
        }
        for k in order
    ]


def _cell_lines(name, column, counts, classes, method):
    lines = []
    labels = classes.tolist()
    for k in column.in_order():
        rows, predicted = counts.rows[k], counts.predicted[k]
        shares = _intervals(rows, np.full(rows.size, rows.sum()), method)
        recall = [None] * rows.size
        if counts.has_predictions:
            recall = _intervals(counts.hits[k], predicted, method)
        lines += [
            {
                "column": name,
                "group": column.levels[k],
                "class": labels[c],
                "rows": int(rows[c]),
                "share": shares[c],
                "predicted": int(predicted[c]),
                "recall": recall[c],
            }
            for c in range(rows.size)
        ]
    return lines


def _gap_lines(name, column, counts, classes, rng):
    cases = [(ACCURACY, None, counts.hits.sum(axis=1), counts.predicted.sum(axis=1))]
    for c, label in enumerate(classes.tolist()):
        hits, sizes = counts.hits[:, c], counts.predicted[:, c]
        cases.append((f"recall of {label}", label, hits, sizes))
    lines = []
    for metric, label, hits, sizes in cases:
        worst, gap, p_value = worst_gap(
            hits, sizes, n_permutations=N_PERMUTATIONS, rng=rng
        )
        lines.append(
            {
                "column": name,
                "metric": metric,
                "class": label,
                "group": None if worst is None else column.levels[worst],
                "gap": gap,
                "p_value": p_value,
            }
        )
    return lines


def _adjust(gaps):
    p_values = [np.nan if g["p_value"] is None else g["p_value"] for g in gaps]
    for line, p in zip(gaps, holm(p_values), strict=True):
        line["adjusted_p_value"] = None if np.isnan(p) else float(p)


def _flat(line):
    """Spread the intervals of a line over columns."""
    flat = {}
    for key, value in line.items():
        flat[key] = value
        if key in ("share", "accuracy", "recall", "gap"):
            known = isinstance(value, Interval)
            flat[key] = value.estimate if known else np.nan
            flat[f"{key}_lower"] = value.lower if known else np.nan
            flat[f"{key}_upper"] = value.upper if known else np.nan
    return flat


def _said(value):
    if isinstance(value, list):
        shown = ", ".join(cut(printable(str(item)), 20) for item in value[:3])
        return f"[{shown}{', ...' if len(value) > 3 else ''}]"
    return str(value)
