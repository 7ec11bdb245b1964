"""Texts without their repeats and missing ones."""

import numpy as np

from skdataquality.utils._frames import cell_codes, missing_mask, sequence_cells


class DistinctTexts:
    """The first row of each distinct text, in the order of rows.

    Attributes
    ----------
    texts : list of str
    rows : ndarray of shape (n_distinct,), int64
        Where each stands first.
    """

    def __init__(self, texts):
        cells = _cells(texts)
        self._present = np.flatnonzero(~missing_mask(cells))
        cells = cells[self._present]
        _check_cells(cells, self._present)
        self._code = cell_codes(cells) if cells.size else np.empty(0, dtype=np.intp)
        # codes rise in the order of first rows
        is_first = np.diff(np.maximum.accumulate(self._code), prepend=-1) > 0
        self.rows = self._present[is_first]
        self.texts = cells[is_first].tolist()

    def repeats(self):
        """Rows that repeat an earlier one, and the first row of each."""
        original = self.rows[self._code]
        again = original != self._present
        return self._present[again], original[again]


def _cells(texts):
    if isinstance(texts, str):
        raise ValueError("texts is a single text; pass a sequence of them.")
    cells = sequence_cells(texts)
    if cells is None:
        shape = getattr(texts, "shape", None)
        has = f"of shape {shape}" if shape is not None else f"a {type(texts).__name__}"
        raise ValueError(
            f"texts is {has}; pass one sequence of texts, such as a list or one column "
            f"of a table."
        )
    return cells.astype(object)


def _check_cells(cells, rows):
    """Raise if what is not missing is no text."""
    kinds = set(map(type, cells.tolist()))
    if all(issubclass(kind, str) for kind in kinds):
        return
    for row, cell in zip(rows.tolist(), cells.tolist(), strict=True):
        if not isinstance(cell, str):
            raise ValueError(
                f"texts[{row}] is {cell!r:.60}, a {type(cell).__name__}; pass texts "
                f"(str) or None. Turn numbers into texts first if they are meant as "
                f"such, and decode bytes."
            )
