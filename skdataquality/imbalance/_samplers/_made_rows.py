"""The table with new rows under it, in the user's container."""

import numpy as np
import scipy.sparse as sp

from skdataquality.imbalance._samplers._columns import (
    Way,
    mix_cells,
    mix_sparse,
)
from skdataquality.imbalance._samplers._neighbors import most_frequent
from skdataquality.utils._frames import (
    NewCells,
    append_rows,
    cell_codes,
    is_frame,
    iterate_columns,
    row_blocks,
)

_BLOCK_CELLS = 2**14


def with_drawn_rows(X, table, ways, lines):
    """Return X, and under it what is drawn on lines.

    Parameters
    ----------
    X : {list, ndarray, sparse matrix, data frame} of shape (n, n_features)
    table : {ndarray, sparse matrix, data frame}
        X as it was checked.
    ways : list of Way, or None
    lines : list of Lines
    """
    if sp.issparse(X):
        return _stacked_sparse(X, table, lines)
    if is_frame(X):
        return append_rows(X, _new_cells(table, ways, lines))
    n = table.shape[0]
    out = np.empty((n + sum(line.n_new for line in lines), table.shape[1]), table.dtype)
    out[:n] = table
    if ways is None:
        _fill(out[n:], table, lines)
    else:
        for j, new in enumerate(_new_cells(table, ways, lines)):
            out[n:, j] = table[new.rows, j] if new.values is None else new.values
    return [*X, *out[n:].tolist()] if isinstance(X, list | tuple) else out


def _fill(out, X, lines):
    """Draw rows of numbers in place: no more than a block is held beside them."""
    start = 0
    for line in lines:
        rows = np.ascontiguousarray(X[line.rows])
        for block, first, second, u in line.blocks():
            new = out[start + block.start : start + block.stop]
            for part in row_blocks(new.shape, _BLOCK_CELLS):
                new[part] = mix_cells(rows, first[part], second[part], u[part])
        start += line.n_new


def _stacked_sparse(X, table, lines):
    table = table.tocsr()
    # the same cells, but not the user's object, which would note whether it is sorted
    table = type(table)((table.data, table.indices, table.indptr), shape=table.shape)
    made = [
        mix_sparse(rows, first, second, u)
        for line in lines
        for rows in [table[line.rows]]
        for _, first, second, u in line.blocks()
    ]
    return sp.vstack([table, *made], format=X.format, dtype=X.dtype)


def _new_cells(table, ways, lines):
    """Yield the cells of all new rows, column by column."""
    drawn = [line.drawn() for line in lines]
    pairs = list(zip(lines, drawn, strict=True))
    first = np.concatenate([line.rows[a] for line, (a, _, _) in pairs])
    second = np.concatenate([line.rows[b] for line, (_, b, _) in pairs])
    u = np.concatenate([u for _, _, u in drawn])
    nearer = np.where(u < 0.5, first, second)
    for (_, cells), way in zip(iterate_columns(table), ways, strict=True):
        if way is Way.MIX:
            yield NewCells(values=mix_cells(cells, first, second, u))
        elif way is Way.NEARER:
            yield NewCells(rows=nearer)
        else:
            yield NewCells(rows=_voted(cells, pairs))


def _voted(cells, pairs):
    rows = []
    for line, (first, _, _) in pairs:
        codes = cell_codes(cells[line.rows])
        rows.append(line.rows[most_frequent(codes, line.neighbors)[first]])
    return np.concatenate(rows)
