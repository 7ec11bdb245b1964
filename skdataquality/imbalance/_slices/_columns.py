"""Columns as whole numbers, and the rows that each of their conditions selects."""

from dataclasses import dataclass, replace

import numpy as np

from skdataquality.imbalance._slices._conditions import Condition, kind_of, read_cells
from skdataquality.utils._frames import cell_codes, iterate_columns, missing_mask

FINE, COARSE = 48, 12  # quantile bins of a number: alone, and beside another column
MOST_LEVELS = 30  # of a category, the most frequent


@dataclass(frozen=True)
class Grid:
    """Codes of a column and its conditions, each a set of codes.

    ``selects`` has shape (n_conditions, n_codes), of 0 and 1.
    """

    codes: np.ndarray
    selects: np.ndarray
    conditions: list

    @property
    def n_codes(self):
        return self.selects.shape[1]

    def rows_of(self, condition):
        return self.selects[self.conditions.index(condition)][self.codes] > 0

    def of_rows(self, rows):
        return replace(self, codes=self.codes[rows])


@dataclass(frozen=True)
class Column:
    """One column, cut finely and coarsely; the coarse cuts are among the fine ones."""

    name: object
    fine: Grid
    coarse: Grid

    def of_rows(self, rows):
        return replace(
            self, fine=self.fine.of_rows(rows), coarse=self.coarse.of_rows(rows)
        )


def read_columns(X, min_rows):
    """Return the columns that can be sliced, and why others cannot, by name."""
    columns, skipped = [], {}
    for name, values in iterate_columns(X):
        kind = kind_of(values)
        if kind is None:
            skipped[name] = "cells are no numbers, dates or texts"
            continue
        cells = read_cells(values, kind)
        column = (_category if kind == "text" else _number)(name, kind, cells, min_rows)
        if column is None:
            skipped[name] = _why_not(cells, min_rows)
        else:
            columns.append(column)
    return columns, skipped


def _why_not(cells, min_rows):
    missing = missing_mask(cells)
    if missing.all():
        return "all cells are missing"
    known = cells[~missing]
    if not missing.any() and (known == known[0]).all():
        return "constant"
    return f"no value has {min_rows} rows, and as many rows without it"


def _category(name, kind, texts, min_rows):
    missing = missing_mask(texts)
    _, first, codes, counts = np.unique(
        cell_codes(texts), return_index=True, return_inverse=True, return_counts=True
    )
    levels = [
        k
        for k in np.argsort(-counts, kind="stable").tolist()
        if not missing[first[k]] and counts[k] >= min_rows
    ][:MOST_LEVELS]
    conditions = [Condition(name, kind, value=texts[first[k]]) for k in levels]
    number = np.full(counts.size, len(levels))  # all rarer values
    number[levels] = np.arange(len(levels))
    codes = number[codes.ravel()]
    codes[missing] = len(levels) + 1
    selects = np.eye(len(levels), len(levels) + 2, dtype=np.float32)
    grid = _with_missing(name, kind, codes, selects, conditions, missing)
    return _column(name, grid, grid, min_rows)


def _number(name, kind, cells, min_rows):
    missing = np.isnan(cells)
    known = np.sort(cells[~missing], kind="stable")
    distinct = np.unique(known)
    cuts = _cuts(known, distinct, FINE)
    values = distinct if distinct.size <= FINE else None
    codes = np.searchsorted(cuts, cells)
    codes[missing] = cuts.size + 1
    fine = _ranges(name, kind, codes, cuts, values, missing)
    few = _cuts(known, distinct, COARSE)
    place = np.append(np.searchsorted(few, np.append(cuts, np.inf)), few.size + 1)
    values = distinct if distinct.size <= COARSE else None
    coarse = _ranges(name, kind, place[codes], few, values, missing)
    return _column(name, fine, coarse, min_rows)


def _cuts(known, distinct, n_bins):
    """Values at the quantiles of bins, or all values if they are few; no maximum."""
    if distinct.size <= n_bins:
        return distinct[:-1]
    places = (np.arange(1, n_bins) * known.size + n_bins - 1) // n_bins - 1
    cuts = np.unique(known[places])
    return cuts[cuts < distinct[-1]]


def _ranges(name, kind, codes, cuts, values, missing):
    """Grid of all ranges of neighbouring bins but the whole."""
    n_bins = cuts.size + 1
    ends = [*cuts.tolist(), None]
    conditions, selects = [], []
    for start in range(n_bins):
        for stop in range(start + 1, n_bins + 1):
            if stop - start == n_bins:
                continue
            is_value = values is not None and stop == start + 1
            low = None if start == 0 else ends[start - 1]
            conditions.append(
                Condition(name, kind, value=float(values[start]))
                if is_value
                else Condition(name, kind, low, ends[stop - 1])
            )
            selects.append(np.arange(n_bins + 1))
            selects[-1] = (selects[-1] >= start) & (selects[-1] < stop)
    matrix = np.array(selects, dtype=np.float32).reshape(-1, n_bins + 1)
    return _with_missing(name, kind, codes, matrix, conditions, missing)


def _with_missing(name, kind, codes, selects, conditions, missing):
    """Grid in which the last code, of missing cells, has a condition if there are."""
    if missing.any():
        last = np.zeros((1, selects.shape[1]), dtype=np.float32)
        last[0, -1] = 1
        selects = np.vstack([selects, last])
        conditions = [*conditions, Condition(name, kind, is_missing=True)]
    return Grid(codes.astype(np.uint8), selects, conditions)


def _column(name, fine, coarse, min_rows):
    """Return the column, or None if none of its conditions has rows enough."""
    counts = fine.selects @ np.bincount(fine.codes, minlength=fine.n_codes)
    is_possible = (counts >= min_rows) & (counts <= fine.codes.size - min_rows)
    return Column(name, fine, coarse) if is_possible.any() else None
