"""Columns of any kind as a few numbers for each row, of which each column has one unit.

Ranks of numbers, indicators of categories, leading components of texts; all are
centred, and the variances of a column add up to 1.
"""

from dataclasses import dataclass
from zlib import crc32

import numpy as np
import scipy.sparse as sp
from scipy.stats import rankdata
from sklearn.decomposition import TruncatedSVD

from skdataquality.compose._default import are_blank, word_weights
from skdataquality.utils._frames import (
    are_documents,
    as_numbers,
    cell_codes,
    iterate_columns,
    missing_mask,
    sequence_cells,
)
from skdataquality.utils._sklearn import num_samples

MOST_LEVELS = 64  # of a category; more share indicators
ONE_EACH = 0.95  # levels for each row: a name of rows, which says nothing
MOST_COMPONENTS = 8  # of texts
WORDY = 2.0  # mean words a cell
MOST_COLUMNS = 200
ROUNDING = 1e-10  # of components of rows that are equal
TEXTS = "text"
SPARSE = "all columns"


@dataclass(frozen=True)
class Readings:
    """Points of shape (n_rows, n_numbers), and the column of each of the numbers."""

    points: np.ndarray
    owner: np.ndarray
    names: list

    def without(self, names):
        """Return the readings of the other columns."""
        kept = [j for j, name in enumerate(self.names) if name not in names]
        mask = np.isin(self.owner, kept)
        owner = np.searchsorted(kept, self.owner[mask])
        return Readings(self.points[:, mask], owner, [self.names[j] for j in kept])

    def of(self, rows):
        """Return the readings of some rows."""
        return Readings(self.points[rows], self.owner, self.names)


def read_rows(X):
    """Read the columns of a table, or texts; constant ones say nothing."""
    if are_documents(X):
        columns = [(TEXTS, _text_numbers(sequence_cells(X)))]
    elif sp.issparse(X):
        columns = [(SPARSE, _components(X))]
    else:
        columns = [(name, read_column(v)) for name, v in _few_columns(X)]
    columns = [(name, read) for name, read in columns if read is not None]
    if not columns:
        return Readings(np.empty((num_samples(X), 0)), np.empty(0, dtype=int), [])
    owner = np.repeat(np.arange(len(columns)), [read.shape[1] for _, read in columns])
    points = np.column_stack([read for _, read in columns])
    return Readings(points, owner, [name for name, _ in columns])


def _few_columns(X):
    """Yield the columns, of a wide table every few."""
    step = -(-X.shape[1] // MOST_COLUMNS)
    for position, (name, values) in enumerate(iterate_columns(X)):
        if position % step == 0:
            yield name, values


def read_column(values):
    """Return the numbers of a column, of shape (n_rows, k), or None if it says none."""
    missing = missing_mask(values)
    numbers = as_numbers(values)
    if numbers is not None:
        return _ranks(numbers, missing)
    if values.dtype.kind in "OUT" and _are_wordy(values[~missing]):
        texts = [
            "" if gone else str(v) for v, gone in zip(values, missing, strict=True)
        ]
        return _text_numbers(texts)
    return _indicators(values)


def _ranks(numbers, missing):
    known = ~missing
    if known.sum() < 2:
        return None
    ranks = np.zeros(numbers.shape[0])
    ranks[known] = rankdata(numbers[known])
    ranks[known] -= ranks[known].mean()
    return _to_one_unit(ranks[:, None])


def _are_wordy(known):
    some = known[:1000].tolist()
    if not some or not all(isinstance(text, str) for text in some):
        return False
    return np.mean([len(text.split()) for text in some]) >= WORDY


def _indicators(values):
    codes = cell_codes(values)
    n_levels = int(codes.max(initial=-1)) + 1
    if n_levels > max(MOST_LEVELS, ONE_EACH * codes.size):
        return None
    if n_levels > MOST_LEVELS:
        first = np.unique(codes, return_index=True)[1]
        bucket = [crc32(str(v).encode()) % MOST_LEVELS for v in values[first]]
        codes = np.array(bucket)[codes]
    points = np.eye(MOST_LEVELS)[codes][:, : max(n_levels, 1)]
    return _to_one_unit(points - points.mean(axis=0))


def _text_numbers(texts):
    texts = list(texts)
    if not all(isinstance(text, str) for text in texts) or are_blank(texts):
        return None
    return _components(word_weights(texts).fit_transform(texts))


def _components(X):
    n_components = min(MOST_COMPONENTS, X.shape[1] - 1, X.shape[0] - 1)
    if n_components < 1:
        return None
    reduce = TruncatedSVD(n_components, random_state=0)
    with np.errstate(divide="ignore", invalid="ignore"):  # of rows that do not vary
        points = reduce.fit_transform(sp.csr_array(X).astype(float))
    centred = points - points.mean(axis=0)
    if np.abs(centred).max() <= ROUNDING * np.abs(points).max():
        return None
    return _to_one_unit(centred)


def _to_one_unit(points):
    variance = float(np.square(points).mean(axis=0).sum())
    return points / np.sqrt(variance) if variance > 0 else None
