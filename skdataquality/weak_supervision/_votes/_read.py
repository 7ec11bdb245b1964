"""From a table, a sparse matrix or lines of votes to :class:`Votes`."""

import warnings
from dataclasses import replace

import numpy as np
import scipy.sparse as sp

from skdataquality.exceptions import RepeatedVoteWarning, UnknownSourceWarning
from skdataquality.utils._frames import as_frame, column_as_array, is_frame
from skdataquality.utils._printable import printable
from skdataquality.utils._validation import check_feature_frame
from skdataquality.weak_supervision._votes._abstaining import (
    abstaining,
    number_of,
    numbered_classes,
)
from skdataquality.weak_supervision._votes._cells import factor
from skdataquality.weak_supervision._votes._long import LongVotes
from skdataquality.weak_supervision._votes._votes import Votes

_FEW_CODES = 32  # integers within so many of each other are told apart as bytes


def read_votes(votes, *, missing_label="auto", classes=None, sources=None):
    """Return :class:`Votes` of a wide table, a sparse matrix or :class:`LongVotes`.

    Parameters
    ----------
    votes : array-like, data frame or sparse matrix of shape (n_rows, n_sources), \
            or LongVotes
        A sparse matrix stores the number of the class plus one; zeros are no votes.
    missing_label : "auto", None or label, default="auto"
        What abstains beside missing cells: "auto" takes blank texts, and -1 among
        numbers, and refuses votes that are only -1 and 1 unless ``classes`` tells;
        None takes nothing. Not used for a sparse matrix.
    classes : array-like of shape (n_classes,), default=None
        The labels there may be; any other is refused. None takes those present, and
        numbers from 0 for a sparse matrix. Sorted ones name these numbers; those of
        any other table they name if they are text.
    sources : array-like of shape (n_sources,), default=None
        Names of the sources. Columns of a frame and annotators of `LongVotes` are
        matched to them by name: votes of others are left out with a warning. Columns
        of an array or a sparse matrix are given these names.

    Returns
    -------
    Votes
    """
    if isinstance(votes, Votes):
        return _recoded(votes, classes)
    if isinstance(votes, LongVotes):
        return _read_long(votes, missing_label, classes, sources)
    if sp.issparse(votes):
        return _read_sparse(votes, classes, sources)
    names, matrix, distinct = _wide(votes)
    names, place = _matched(names, matrix.shape[1], sources)
    if distinct is None:
        distinct, flat = _factor_integers(matrix)
    else:
        flat = matrix.ravel()
    abstains = abstaining(distinct, missing_label, classes)
    classes, number = number_of(distinct, abstains, classes)
    code = _numbered(number, flat)
    at = np.flatnonzero(code >= 0)  # 10 times as fast as by mask
    row = at // matrix.shape[1]
    source = place[at - row * matrix.shape[1]]
    row, code = row.astype(np.int32), code[at].astype(np.int32)
    if (np.diff(place) <= 0).any() or place[0] < 0:
        order = np.lexsort((source, row))
        order = order[source[order] >= 0]
        row, source, code = row[order], source[order], code[order]
    return _checked(row, source, code, matrix.shape[0], names, classes)


def _recoded(votes, classes):
    """Votes that are read already, as votes for these classes."""
    if classes is None or np.array_equal(votes.classes, classes):
        return votes
    none = np.zeros(votes.n_classes, dtype=bool)
    classes, number = number_of(votes.classes, none, classes)
    return replace(votes, code=number[votes.code], classes=classes)


def _checked(row, source, code, n_rows, names, classes):
    if classes.size == 0:
        raise ValueError(
            "votes holds no vote: every cell abstains. Pass votes, or name the classes."
        )
    return Votes(row, source, code, int(n_rows), names, classes)


def _wide(votes):
    """Names of columns (or None), matrix of cells, labels that its numbers stand for.

    The labels are None if the cells are integers that stand for themselves.
    """
    if is_frame(votes):
        check_feature_frame(votes, name="votes")
        frame = as_frame(votes)
        names = np.fromiter(frame.columns, dtype=object, count=len(frame.columns))
        columns = [column_as_array(column) for column in frame.iter_columns()]
        _refuse_shape((len(frame), len(columns)))
        kinds = {column.dtype.kind for column in columns}
        if kinds <= set("iu"):
            return names, np.column_stack(columns), None
        cells = np.empty((len(frame), len(columns)), dtype=object)
        if kinds <= set("iuf"):
            cells = cells.astype(float)
        for j, column in enumerate(columns):
            cells[:, j] = column
    else:
        names, cells = None, _as_cells(votes)
        _refuse_shape(cells.shape)
        if cells.dtype.kind in "iu":
            return names, cells, None
    distinct, codes = factor(cells.ravel())
    return names, codes.reshape(cells.shape), distinct


def _factor_integers(matrix):
    """Distinct integers, sorted, and the number of each cell's; fast for close ones.

    These are told apart as bytes, of which memory is read the faster.
    """
    lowest, highest = int(matrix.min()), int(matrix.max())
    if highest - lowest >= _FEW_CODES:
        return factor(matrix.ravel())
    flat = matrix.ravel().astype(np.uint8) - np.uint8(lowest % 256)  # both wrap
    present = [k for k in range(highest - lowest + 1) if (flat == k).any()]
    if len(present) <= highest - lowest:
        number = np.zeros(_FEW_CODES, dtype=np.uint8)
        number[present] = np.arange(len(present))
        flat = number[flat]
    return np.array([lowest + k for k in present]), flat


def _numbered(number, flat):
    """Return ``number[flat]``, for bytes and consecutive numbers by a difference."""
    if flat.dtype == np.uint8 and (np.diff(number) == 1).all():
        return flat.view(np.int8) + np.int8(number[0])
    return np.append(number, np.int32(-1))[flat]  # missing is -1, the last


def _as_cells(votes):
    """Rows of cells as an array in which numpy has turned nothing into text."""
    try:
        cells = np.asarray(votes)
        if cells.dtype.kind in "UT" and not isinstance(votes, np.ndarray):
            cells = np.asarray(votes, dtype=object)
    except ValueError as error:
        raise ValueError(
            "votes has rows that differ in length: pass as many cells in each row as "
            "there are sources, None where one abstains."
        ) from error
    if np.ma.is_masked(votes):
        cells = cells.astype(object)
        cells[np.ma.getmaskarray(votes)] = None
    return cells


def _refuse_shape(shape):
    if len(shape) != 2:
        raise ValueError(
            f"votes has shape {shape}. Expected 2D array, got {len(shape)}D array "
            f"instead. Reshape your data: one row for each row, one column for each "
            f"source; or pass LongVotes."
        )
    if shape[1] == 0:
        raise ValueError(
            f"votes has 0 feature(s) (shape={shape}) while a minimum of 1 is required: "
            f"pass one column for each source."
        )
    if shape[0] == 0:
        raise ValueError(
            f"votes has 0 sample(s) (shape={shape}) while a minimum of 1 is required: "
            f"pass one row at least."
        )


def _matched(names, n_columns, sources):
    """Names of the sources, and the number of each column's among them, or -1."""
    place = np.arange(n_columns, dtype=np.int32)
    if sources is None:
        return (np.arange(n_columns) if names is None else names), place
    sources = np.asarray(sources)
    if names is not None:
        return sources, source_numbers(names, sources)
    _check_width(n_columns, sources)
    return sources, place


def _check_width(n_columns, sources):
    if n_columns != sources.size:
        raise ValueError(
            f"votes has {n_columns} features, but {sources.size} features are expected "
            f"as input, one column for each source: pass the same sources."
        )


def source_numbers(names, sources):
    """Place of every name among the sources, -1 with a warning if it is none."""
    place = {name: j for j, name in enumerate(sources.tolist())}
    numbers = np.array([place.get(name, -1) for name in names.tolist()], dtype=np.int32)
    if (numbers < 0).any():
        shown = [printable(name) for name in names[numbers < 0][:5].tolist()]
        warnings.warn(
            f"{int((numbers < 0).sum())} source(s) are not known and their votes are "
            f"left out, first {shown}: fit on their votes, or mend the names.",
            UnknownSourceWarning,
            stacklevel=4,
        )
    return numbers


def _read_sparse(votes, classes, sources):
    matrix = sp.csr_array(votes)
    _refuse_shape(matrix.shape)
    if matrix.dtype.kind == "c":
        raise ValueError(
            "votes has complex values. Complex data not supported: pass class numbers."
        )
    if not matrix.has_canonical_format:
        matrix = matrix.copy()  # it may share memory with the user's
        matrix.sum_duplicates()
    stored = matrix.data
    whole = np.nan_to_num(stored, nan=-1.0, posinf=-1.0).astype(np.int32)
    if (whole != stored).any() or (whole < 0).any():
        wrong = stored[(whole != stored) | (whole < 0)]
        raise ValueError(
            f"votes stores {wrong[0]!s} in a sparse matrix, where the number of the "
            f"class plus one is needed (1, 2, ...; nothing, or 0, abstains): pass "
            f"codes + 1. Negative values cannot be told from abstentions."
        )
    lengths = np.diff(matrix.indptr)
    row = np.repeat(np.arange(matrix.shape[0], dtype=np.int32), lengths)[whole > 0]
    source = matrix.indices.astype(np.int32)[whole > 0]
    code = whole[whole > 0] - np.int32(1)
    n_classes = int(code.max(initial=-1)) + 1
    if classes is None:
        names = np.arange(n_classes)
    else:
        names = numbered_classes(classes)
        if n_classes > names.size:
            raise ValueError(
                f"votes stores class number {n_classes} in a sparse matrix, but "
                f"classes={names.tolist()[:10]} are {names.size}: add the others."
            )
    if sources is None:
        sources = np.arange(matrix.shape[1])
    _check_width(matrix.shape[1], np.asarray(sources))
    return _checked(row, source, code, matrix.shape[0], np.asarray(sources), names)


def _read_long(votes, missing_label, classes, sources):
    distinct, codes = factor(votes.labels)
    abstains = abstaining(distinct, missing_label, classes)
    classes, number = number_of(distinct, abstains, classes)
    code = np.append(number, np.int32(-1))[codes]
    names, source = votes.annotator_names, votes.annotator_codes
    if sources is not None:
        sources = np.asarray(sources)
        names, source = sources, source_numbers(names, sources)[source]
    keep = np.flatnonzero((code >= 0) & (source >= 0))
    cell = votes.row_codes[keep].astype(np.int64) * names.size + source[keep]
    order = np.argsort(cell, kind="stable")
    cell, keep = cell[order], keep[order]
    is_last = np.append(cell[1:] != cell[:-1], np.ones(min(cell.size, 1), dtype=bool))
    if not is_last.all():
        first = keep[np.flatnonzero(~is_last)[0]]
        warnings.warn(
            f"{int((~is_last).sum())} vote(s) repeat an annotator on a row, first "
            f"{printable(votes.annotators[first])} on {printable(votes.rows[first])}: "
            f"the last of each counts.",
            RepeatedVoteWarning,
            stacklevel=3,
        )
    keep, n_rows = keep[is_last], votes.row_names.size
    return _checked(
        votes.row_codes[keep], source[keep], code[keep], n_rows, names, classes
    )
