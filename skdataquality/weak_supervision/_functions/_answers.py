"""What functions answer, read as votes: rows and the labels given to them."""

import pickle
from dataclasses import dataclass, replace
from numbers import Integral, Real
from reprlib import repr as shortened
from typing import Any

import narwhals as nw
import numpy as np
import scipy.sparse as sp

from skdataquality.utils._frames import column_as_array, is_missing, missing_mask
from skdataquality.utils._printable import printable

MOST_LETTERS = 150


@dataclass(frozen=True, eq=False)
class Answers:
    """Votes of one function, in the order of rows, and where it failed.

    Attributes
    ----------
    labels : list
        Distinct labels.
    rows, codes : ndarray of shape (n_votes,), int
        The rows with a vote, and the numbers of their labels.
    n_failed : int
        Rows on which the function raised.
    failed_row : int or None
        The first of them; None if the function took all at once.
    error : Exception or None
        What it raised there.
    """

    labels: list
    rows: np.ndarray
    codes: np.ndarray
    n_failed: int = 0
    failed_row: Any = None
    error: Any = None

    @property
    def said_error(self):
        """The error as text on one line."""
        return said(self.error)

    def __getstate__(self):
        return self.__dict__ | {"error": _that_pickles(self.error)}


def said(error):
    """Write an error down on one line."""
    lines = printable(error).strip()
    lines = lines if len(lines) <= MOST_LETTERS else f"{lines[:MOST_LETTERS]}..."
    return f"{type(error).__name__}: {lines}" if lines else type(error).__name__


def ask(function, rows, *, stops):
    """Ask a labelling function for its votes on all rows.

    ``stops``: at the first error. What is no answer, or not as many as there are rows,
    raises a ValueError.
    """
    if function.vectorized:
        return _ask_at_once(function, rows)
    answers, failed, first = _ask_row_by_row(function, rows, stops)
    found = _read_cells(function, answers)
    if not failed:
        return found
    return replace(found, n_failed=len(failed), failed_row=failed[0], error=first)


def _ask_row_by_row(function, rows, stops):
    """Return answers, the rows on which it raised, and the first error."""
    answers: list = []
    failed, first, n_rows = [], None, len(rows)
    calls = map(function.call, rows)
    while len(answers) < n_rows:
        error: Exception = StopIteration()  # which extend takes for the end of rows
        try:
            answers.extend(calls)  # twice as fast as one by one; keeps what came first
        except Exception as raised:
            error = raised
        if len(answers) < n_rows:
            failed.append(len(answers))
            first = first or error
            answers.append(None)
            if stops:
                break
    return answers, failed, first


def _ask_at_once(function, rows):
    try:
        answer = function.call(rows.X)
    except Exception as error:
        none = np.empty(0, dtype=np.intp)
        return Answers([], none, none, len(rows), None, error)
    cells = _as_cells(function, answer, len(rows))
    if function.label is not None:
        return _read_mask(function, cells)
    if cells.dtype.kind == "b":
        raise ValueError(
            f"labelling function {function.name!r} returned a mask: say what True "
            f"means by label=, or return labels, with None where it abstains."
        )
    if cells.dtype.kind in "iuf":
        return _read_numbers(function, cells)
    return _read_cells(function, cells.tolist())


def _that_pickles(error):
    """Return an error, or what it says if it does not pickle."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:  # a class of the user may raise anything when it is pickled
        return RuntimeError(said(error))
    return error


def _as_cells(function, answer, n_rows):
    """Answer of a vectorised function as a 1-D array, one cell for each row."""
    if nw.dependencies.is_into_series(answer):
        cells = column_as_array(nw.from_native(answer, series_only=True))
    elif isinstance(answer, list | tuple):
        cells = np.empty(len(answer), dtype=object)
        cells[:] = answer
    elif sp.issparse(answer):
        cells = answer.toarray()
        cells = cells.ravel() if cells.size == n_rows else cells
    elif hasattr(answer, "__array__") and not np.isscalar(answer):
        cells = np.asarray(answer)
    else:
        raise ValueError(
            f"labelling function {function.name!r} is vectorised and returned "
            f"{shortened(answer)}, a {type(answer).__name__}: return an array, a "
            f"Series or a list with one answer for each of the {n_rows} rows."
        )
    if cells.shape != (n_rows,):
        raise ValueError(
            f"labelling function {function.name!r} returned answers of shape "
            f"{cells.shape}, expected {(n_rows,)}: return one for each row of X, None "
            f"where it abstains."
        )
    return cells


def _read_numbers(function, cells):
    known = np.flatnonzero(~missing_mask(cells))
    labels, codes = np.unique(cells[known], return_inverse=True)
    labels = labels.tolist()
    for number, label in enumerate(labels):
        if not is_label(label):
            at = known[np.flatnonzero(codes == number)[0]]
            raise ValueError(_wrong_label(function, label, at))
    return Answers(labels, known, codes)


def _read_mask(function, cells):
    if cells.dtype.kind != "b":
        return _read_cells(function, cells.tolist())
    rows = np.flatnonzero(cells)
    return Answers([function.label], rows, np.zeros(rows.size, dtype=np.intp))


def _read_cells(function, answers):
    # where most abstain, few are left to look at
    rows = [row for row, answer in enumerate(answers) if answer is not None]
    is_full = len(rows) == len(answers)
    given = answers if is_full else [answers[row] for row in rows]
    try:
        distinct = dict.fromkeys(given)
    except TypeError:  # some cannot be hashed
        at = next(i for i, answer in enumerate(given) if not _is_hashable(answer))
        raise ValueError(_wrong_label(function, given[at], rows[at])) from None
    is_wanted = is_label if function.label is None else _is_yes_or_no
    labels: list = []
    for answer in distinct:
        if is_missing(answer):
            distinct[answer] = -1
        elif not is_wanted(answer):
            at = given.index(answer)
            raise ValueError(_wrong_label(function, answer, rows[at]))
        elif function.label is not None and not answer:
            distinct[answer] = -1
        else:
            distinct[answer] = len(labels)
            labels.append(plain_label(answer))
    codes = np.fromiter(map(distinct.__getitem__, given), np.intp, len(given))
    voted = codes >= 0
    if function.label is not None and labels:
        labels = [function.label]
    numbers = np.arange(len(rows)) if is_full else np.array(rows, dtype=np.intp)
    return Answers(labels, numbers[voted], codes[voted])


def _is_hashable(answer):
    try:
        hash(answer)
    except TypeError:
        return False
    return True


def is_label(answer):
    """Whether an answer can be a class: text, a whole number or a Boolean."""
    if isinstance(answer, str | Integral | np.bool_):
        return True
    return isinstance(answer, Real) and float(answer).is_integer()


def check_label(label, name="label"):
    """Return a label as a plain value; refuse what a function cannot vote for."""
    if is_missing(label) or not is_label(label):
        raise ValueError(
            f"{name}={shortened(label)} is a {type(label).__name__}: pass one label, "
            f"text, a whole number or a Boolean."
        )
    return plain_label(label)


def plain_label(label):
    """Return the value of a label: members of enumerations hash as their names."""
    if isinstance(label, str):
        return str.__str__(label)
    return bool(label) if isinstance(label, bool | np.bool_) else int(label)


def _is_yes_or_no(answer):
    return isinstance(answer, bool | np.bool_)


def _wrong_label(function, answer, at):
    start = (
        f"labelling function {function.name!r} returned {printable(shortened(answer))}"
        f", a {type(answer).__name__}, at row {at} (from 0): "
    )
    if function.label is not None:
        return (
            f"{start}with label={function.label!r} return True for it, and False to "
            f"abstain."
        )
    return (
        f"{start}return one label (text, a whole number or a Boolean), or None to "
        f"abstain."
    )
