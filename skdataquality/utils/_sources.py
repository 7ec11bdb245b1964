"""Where rows come from, and how many of each source are flagged."""

from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skdataquality.utils._frames import (
    cell_codes,
    is_missing,
    missing_mask,
    sorted_codes,
)

MISSING = "missing"


@dataclass(frozen=True)
class Sources:
    """One column of sources: ``levels[codes]`` are its values."""

    levels: list
    codes: NDArray[np.intp]

    @property
    def n_sources(self) -> int:
        return len(self.levels)

    def rows(self) -> NDArray[np.intp]:
        """Return the number of rows of each source."""
        return np.bincount(self.codes, minlength=self.n_sources)

    def count(self, flags) -> NDArray[np.intp]:
        """Return the number of flagged rows of each source."""
        return np.bincount(self.codes[flags], minlength=self.n_sources)

    def in_order(self) -> list[int]:
        """Return the sources, the lowest first and the missing one last."""
        known = [g for g, level in enumerate(self.levels) if level != MISSING]
        absent = [g for g, level in enumerate(self.levels) if level == MISSING]
        with suppress(TypeError):  # of different types: sorted by their text
            known = sorted(known, key=self.levels.__getitem__)
        return known + absent


def encode_sources(values, *, name):
    """Give the distinct values of a column codes; missing ones count as one source.

    Any dtype will do; None, NaN, NaT and pd.NA are read as the text "missing". Levels
    are sorted as numbers or as text; ``name`` is that of the argument in messages.
    """
    values = values if isinstance(values, np.ndarray) else _as_array(values, name)
    if np.ma.is_masked(values):
        raise ValueError(
            f"{name} is a masked array with {np.ma.count_masked(values)} masked "
            f"cells: pass {name}.filled() with a value of your choice."
        )
    if values.ndim != 1:
        raise ValueError(
            f"{name} has shape {values.shape}: pass one value per row, in one "
            f"dimension."
        )
    if values.dtype.kind not in "iufbmM":
        return _encode_objects(values, name)
    distinct, codes = sorted_codes(values)
    levels = (
        distinct.astype(str) if distinct.dtype.kind in "mM" else distinct
    ).tolist()
    absent = missing_mask(distinct)
    if not absent.any():
        return Sources(levels, codes)
    # NaN and NaT sort last, and unique keeps one of them
    return Sources([*levels[:-1], MISSING], codes)


def _as_array(values, name):
    if isinstance(values, list | tuple):  # numpy turns ['a', 1, None] into text
        out = np.empty(len(values), dtype=object)
        out[:] = values
        return out
    try:
        return np.asarray(values)
    except ValueError as error:
        raise ValueError(
            f"{name} holds lists of different lengths: pass one value per row."
        ) from error


def _encode_objects(values, name):
    codes = cell_codes(values)
    cells = values[np.unique(codes, return_index=True)[1]].tolist()
    named = [MISSING if is_missing(cell) else cell for cell in cells]
    try:
        levels = sorted(dict.fromkeys(named), key=_by_text)
    except TypeError as error:
        raise ValueError(
            f"{name} holds values that cannot be compared ({error}): pass text or "
            f"numbers."
        ) from error
    number = {level: code for code, level in enumerate(levels)}
    return Sources(levels, np.array([number[level] for level in named], int)[codes])


def _by_text(level):
    return str(level), type(level).__name__
