"""A table taken apart: numbers, texts, and what must be equal."""

from dataclasses import dataclass, replace

import numpy as np

from skdataquality.duplicates._detection._column_kinds import (
    column_kinds,
    text_columns,
)
from skdataquality.duplicates._numbers import NumericRows, numeric_rows, refuse_sparse
from skdataquality.utils._duplicate_rows import duplicate_groups
from skdataquality.utils._frames import (
    as_floats,
    as_rows,
    column_names,
    iterate_columns,
    missing_mask,
    read_texts,
    select_columns,
)

BETWEEN_COLUMNS = "\n"


@dataclass(frozen=True)
class Parts:
    """The first row of each group of equal rows, part by part.

    ``numbers`` has the rows, their numbers and their ``block``: rows of one block are
    equal in all categories and miss the same cells. ``texts`` has the texts of each of
    these rows as one, or is None. ``kinds`` are those of the columns.
    """

    numbers: NumericRows
    texts: np.ndarray | None
    kinds: dict

    @property
    def rows(self):
        return self.numbers.rows

    @property
    def block(self):
        return self.numbers.block

    @property
    def has_numbers(self):
        return self.numbers.cells.shape[1] > 0


def take_apart(X, exact, method):
    """Split a dense table with exact groups as the method wants it."""
    refuse_sparse(X)
    texts_of = {
        "auto": text_columns,
        "mixed": text_columns,
        "text": lambda X: column_names(as_rows(X)),
        "numbers": lambda X: [],
    }[method](X)
    X = as_rows(X)
    names = column_names(X)
    rest = select_columns(X, [n for n in names if n not in set(texts_of)])
    numbers = numeric_rows(rest, exact)
    kinds = column_kinds(names, texts_of, numbers.names)
    if not texts_of:
        return Parts(numbers, None, kinds)
    written, missing = _written(select_columns(X, texts_of), numbers.rows)
    if method != "text" and missing.any():
        codes = np.column_stack([numbers.block, missing])
        block = np.unique(duplicate_groups(codes), return_inverse=True)[1]
        numbers = replace(numbers, block=block)
    return Parts(numbers, written, kinds)


def raw_numbers(X, parts):
    """Numbers of the rows as they are in the table, 0 where one is missing."""
    wanted = set(parts.numbers.names)
    columns = [
        as_floats(cells[parts.rows])
        for name, cells in iterate_columns(as_rows(X))
        if name in wanted
    ]
    return np.where(parts.numbers.missing, 0.0, np.column_stack(columns))


def _written(X, rows):
    """Texts of each row as one, and in which columns it has none."""
    columns, missing = [], []
    for _, cells in iterate_columns(X):
        texts = read_texts(cells[rows])
        missing.append(missing_mask(texts))
        texts[missing[-1]] = ""
        columns.append(texts.tolist())
    out = np.empty(rows.size, dtype=object)
    out[:] = [BETWEEN_COLUMNS.join(cells) for cells in zip(*columns, strict=True)]
    return out, np.column_stack(missing)
