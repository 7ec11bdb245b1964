"""Columns whose values repeat as names of entities do: :func:`candidates_in`."""

from dataclasses import dataclass

import numpy as np

from skdataquality.duplicates._entities._beginnings import beginnings
from skdataquality.duplicates._entities._names import ENTITY, UNIT, kind_of_name
from skdataquality.utils._frames import (
    are_written_moments,
    as_numbers,
    cell_codes,
    iterate_columns,
    missing_mask,
)

FEWEST_ENTITIES = 10
FEWEST_UNNAMED = 20
MOST_ROWS_EACH = 25  # on average, of entities without a name that says so
LEAST_REPEATED = 0.3  # of the rows stand with another one of their entity
LARGEST = 0.5  # of the rows are of one value: a default
MOST_WORDS = 4.0


@dataclass(frozen=True)
class Candidate:
    """A column that may name entities: codes of its values, -1 where missing.

    ``kind`` is what its name says, ``part`` what of its texts names them if it is not
    the whole. Whole numbers may be measured.
    """

    name: str | int
    codes: np.ndarray
    kind: str | None
    part: str | None
    is_whole_number: bool

    @property
    def is_named(self):
        """Whether its name says that it stands for those of whom there are rows."""
        return self.kind in (ENTITY, UNIT)


def candidates_in(X, *, only=None):
    """Find the columns that could name entities, or read the only one asked for."""
    found = []
    for name, values in iterate_columns(X):
        if only is not None and name != only:
            continue
        is_number = as_numbers(values) is not None
        kind = kind_of_name(name, counts=is_number)
        read = _read(values, kind) if only is None else (known_codes(values), None)
        if read is not None:
            found.append(Candidate(name, read[0], kind, read[1], is_number))
    return found


def _read(values, kind):
    """Return codes of what may name entities, and which part of its texts does."""
    missing = missing_mask(values)
    known = _could_be_names(values[~missing])
    if known is None or are_written_moments(values):
        return None
    for cells, part in _ways_to_read(known):
        codes = np.full(values.shape[0], -1)
        codes[~missing] = np.unique(cells, return_inverse=True)[1].ravel()
        if _repeat_as_names(codes, is_named=kind in (ENTITY, UNIT)):
            return codes, part
    return None


def known_codes(values):
    """Return codes of any cells, -1 for missing."""
    return np.where(missing_mask(values), -1, cell_codes(values))


def _could_be_names(known):
    """Return whole numbers, short texts or codes of other cells, None for the rest.

    Codes rise with the values. Fractions, moments and texts of many words are no names.
    """
    if known.size == 0 or known.dtype.kind in "bmM":
        return None
    numbers = as_numbers(known, "fiuO")
    if numbers is not None:
        numbers = numbers.astype(float)
        are_whole = np.isfinite(numbers) & (np.floor(numbers) == numbers)
        return numbers if are_whole.all() else None
    cells = known.tolist()
    if not all(isinstance(cell, str) for cell in cells):
        return cell_codes(known)
    words = np.mean([len(cell.split()) for cell in cells[:1000]])
    return None if words > MOST_WORDS else np.asarray(cells, dtype=str)


def _ways_to_read(known):
    yield known, None
    if known.dtype.kind == "U":
        yield from beginnings(known.tolist())


def _repeat_as_names(codes, *, is_named):
    """Whether values repeat a few times each, as names of entities do."""
    size = np.bincount(codes[codes >= 0])
    n, entities = int(size.sum()), size.size
    if n < codes.shape[0] / 2 or size.max() > LARGEST * n:
        return False
    if size[size > 1].sum() < LEAST_REPEATED * n:
        return False
    if is_named:
        return entities >= FEWEST_ENTITIES
    return entities >= FEWEST_UNNAMED and n / entities <= MOST_ROWS_EACH
