"""Columns of the pooled table as tests and models read them."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from sklearn.preprocessing import StandardScaler

from skdataquality.compose._default import are_blank, word_weights
from skdataquality.utils._frames import (
    LARGE,
    are_documents,
    are_written_moments,
    as_floats,
    cell_codes,
    iterate_columns,
    missing_mask,
    read_moments,
    read_texts,
    reading_of,
    sorted_codes,
)

FEW_VALUES = 5  # distinct numbers, up to which a column holds categories
MOST_LEVELS = 100  # of a category that models tell apart; rarer ones are one
FIRST = 1000
FEWEST_CELLS = 10  # of a level of the linear model


@dataclass(frozen=True)
class Cells:
    """Cells of one column of the pooled table.

    ``kind`` is "number", "date" (seconds since 1970) or "category". ``values`` are
    floats, NaN where missing; those of categories are codes from 0.
    """

    name: object
    kind: str
    values: np.ndarray

    @property
    def is_category(self):
        return self.kind == "category"


def read_cells(pooled):
    """Read the columns of a pooled table; none of a sequence of texts.

    Columns that no model reads (records, lists of different lengths) are left out. The
    reading sees both sides alike, so it cannot tell them apart.
    """
    if are_documents(pooled):
        return []
    cells = []
    for name, values in iterate_columns(pooled):
        cells += _read(name, values)
    return cells


def _read(name, values):
    reading = reading_of(values)
    kind = reading.kind
    if kind == "none":
        return []
    if kind == "list":
        lists = np.full((values.shape[0], reading.width), np.nan)
        known = ~missing_mask(values)
        lists[known] = [list(map(float, cell)) for cell in values[known].tolist()]
        return [_numbers(f"{name}[{j}]", c) for j, c in enumerate(lists.T)]
    if kind == "moment" or (kind == "text" and are_written_moments(values)):
        moments = read_moments(values)
        seconds = (moments - np.datetime64(0, "s")) / np.timedelta64(1, "s")
        return [Cells(name, "date", seconds)]
    if kind == "text":
        return [Cells(name, "category", _codes(read_texts(values)))]
    return [_numbers(name, as_floats(values, kind))]


def _numbers(name, numbers):
    known = numbers[~np.isnan(numbers)]
    for part in (known[:FIRST], known):  # the first cells tell most that no
        if np.unique(part).size > FEW_VALUES:
            return Cells(name, "number", numbers)
    return Cells(name, "category", _codes(numbers))


def _codes(values):
    """Codes as floats, NaN where missing, without gaps."""
    gone = missing_mask(values)
    codes = np.full(values.shape[0], np.nan)
    if not gone.all():
        codes[~gone] = sorted_codes(cell_codes(values[~gone]))[1]
    return codes


def for_boosting(cells):
    """Return a matrix of floats and the mask of its columns that hold categories."""
    columns = [
        _common_levels(c.values) if c.is_category else np.clip(c.values, -LARGE, LARGE)
        for c in cells
    ]
    return np.column_stack(columns), np.array([c.is_category for c in cells])


def for_linear(cells):
    """Return a matrix of floats, scaled, without holes; what is missing has columns."""
    columns = []
    for c in cells:
        gone = np.isnan(c.values)
        if c.is_category:
            levels = _common_levels(c.values)
            counts = np.bincount(levels[~gone].astype(int))
            common = np.flatnonzero(counts >= FEWEST_CELLS)
            # of all levels the first one is known by the others
            columns += [levels == k for k in common[common.size == counts.size :]]
        else:
            columns.append(_filled(np.clip(c.values, -LARGE, LARGE), gone))
        if gone.any() and not gone.all():
            columns.append(gone)
    if not columns:
        return np.zeros((cells[0].values.shape[0] if cells else 0, 0))
    matrix = np.column_stack(columns)
    return StandardScaler().fit_transform(matrix.astype(float))


def _filled(numbers, gone):
    """Numbers within a range that an outlier cannot stretch, the median where none."""
    if gone.all():
        return np.zeros(numbers.shape[0])
    low, middle, high = np.quantile(numbers[~gone], [0.001, 0.5, 0.999])
    return np.clip(np.where(gone, middle, numbers), low, high)


def _common_levels(codes):
    """Codes by falling counts; the rarest of many levels are one."""
    known = ~np.isnan(codes)
    if not known.any():
        return codes
    counts = np.bincount(codes[known].astype(int))
    place = np.empty(counts.size)
    place[np.argsort(-counts, kind="stable")] = np.arange(counts.size)
    out = codes.copy()
    out[known] = np.minimum(place[codes[known].astype(int)], MOST_LEVELS)
    return out


def word_matrix(texts):
    """TF-IDF of the words of all texts, a sparse matrix."""
    if are_blank(texts):
        return sp.csr_array((len(texts), 1))
    return word_weights(texts).fit_transform(texts)
