"""A diverse, balanced part of a table or of embeddings: :func:`select_table`."""

import os
import warnings

import numpy as np

from skdataquality.active_learning import DiversitySelector, coverage_curve
from skdataquality.exceptions import DataQualityWarning
from skdataquality.utils._draws import draw_seed
from skdataquality.utils._frames import listed
from skdataquality.utils._sklearn import take_rows
from skdataquality.utils._sources import encode_sources
from skdataquality.workflows._labelling._earlier_picks import earlier_picks
from skdataquality.workflows._labelling._pool import pool_of
from skdataquality.workflows._labelling._read_pool import read_pool
from skdataquality.workflows._labelling._table_selection import TableSelection

N_SIZES = 40
N_RANDOM = 3
MOST_MEASURED = 100_000  # rows in which coverage is measured
FEWEST_PER_PICK = 50  # of them, so that the picks themselves hardly count


def select_table(
    pool,
    n_select=0.1,
    *,
    embedding=None,
    selected=None,
    weights=None,
    weight_strength=1.0,
    balance=None,
    shares="uniform",
    min_distance=0.0,
    typicality=0.0,
    ids=(),
    random_state=0,
    **text_format,
):
    """Select a diverse part of a pool of rows: balanced, weighted, without copies.

    It needs no labels. Rows are picked by a
    :class:`~skdataquality.active_learning.DiversitySelector`.

    Parameters
    ----------
    pool : str, path, pandas data frame, or array of shape (n_samples, n_features)
        The rows. A file is a table, or a ``.npy`` or ``.npz`` of NumPy: embeddings in
        single precision are never copied, those of a ``.npy`` not even read into
        memory.
    n_select : int or float, default=0.1
        Rows to select; a float in (0, 1] is a share of the pool.
    embedding : str or list of str, default=None
        Columns of the embedding, or patterns such as ``"e*"``, or one column of lists;
        distances are measured in them as they are. None takes all of an array, and of
        a table all columns of numbers, scaled.
    selected : path, list of paths, array-like of int, data frame or array, \
            default=None
        Rows selected before: numbers of rows of the pool, such as earlier selections
        wrote them (their column ``input_row``); else rows of another table with the
        columns of the embedding.
    weights : str, default=None
        Column of the weight of each row, 0 or more: how much it is wanted.
    weight_strength : float, default=1.0
        Power of the weights.
    balance : str, default=None
        Column whose values should have equal shares of the selection, or `shares`.
    shares : {"uniform", "input"} or dict, default="uniform"
        Equal shares, those of the pool, or ``{value: share}``.
    min_distance : float, default=0.0
        Rows nearer than that to a selected one are not selected.
    typicality : float, default=0.0
        Strength of the density around a row: positive avoids outliers.
    ids : list of str, default=()
        Columns that name rows: no part of the numbers that None as `embedding` takes.
    random_state : int, RandomState instance or None, default=0
        For the random rows that coverage is compared with; no pick is random.
    **text_format
        Options of :func:`~skdataquality.tables.read_table` for a file of text.

    Returns
    -------
    selection : TableSelection

    Raises
    ------
    ValueError
        If there is no embedding, points are not finite, weights are negative, or
        `selected` is of another pool.

    Examples
    --------
    >>> import numpy as np
    >>> import pandas as pd
    >>> from skdataquality.workflows import select_table
    >>> rng = np.random.default_rng(0)
    >>> pool = pd.DataFrame(rng.normal(size=(300, 2)), columns=["e1", "e2"])
    >>> pool["camera"] = np.repeat(["front", "rear"], [270, 30])
    >>> selection = select_table(pool, 20, embedding="e*", balance="camera")
    >>> pool.camera[selection.rows].value_counts().sort_index().to_dict()
    {'front': 10, 'rear': 10}
    """
    ids = [ids] if isinstance(ids, str) else list(ids)
    apart = [name for name in (*ids, weights, balance) if name is not None]
    rows, cells, notes = _read(pool, embedding, apart, text_format)
    by = None if balance is None else rows.column("balance", balance)
    if by is not None and isinstance(shares, dict):
        shares = _by_value(shares, by)
    worth = None if weights is None else _weights(rows.column("weights", weights))
    before, reference = earlier_picks(selected, rows, balance, text_format)
    selector = DiversitySelector(
        n_select,
        embedding=rows.embedding,
        weight_strength=weight_strength,
        balance=None if by is None else shares,
        min_distance=min_distance,
        selected=reference,
        typicality=typicality,
    )
    selector.fit_resample(rows.X, weights=worth, by=by, selected=before)
    picks, copy_of = selector.selection_order_, selector.lineage_.drop_ref
    curve, n_measured = _coverage(rows, before, picks, random_state)
    if rows.embedding is None:
        notes = (*notes, _say_scaled(rows))
    notes = (*notes, *_say_what_is_lacking(selector))
    return TableSelection(
        rows=picks,
        distances=selector.distances_,
        radius=float(selector.radius_),
        n_pool=rows.n_rows,
        n_dimensions=rows.X.shape[1],
        n_selected_before=0 if before is None else int(before.size),
        n_reference_rows=0 if reference is None else len(reference.X),
        n_copies=int(np.sum(copy_of >= 0)),
        balance=balance,
        quotas=_quotas(by, shares, picks, before),
        curve=curve,
        n_measured=n_measured,
        cells=cells,
        frame=rows.frame,
        notes=tuple(notes),
    )


def _read(pool, embedding, apart, text_format):
    """Return the Pool, its cells as they are written or None, and notes."""
    if isinstance(pool, str | os.PathLike):
        found = read_pool(pool, embedding, apart, **text_format)
        return found.pool, found.cells, found.notes
    if text_format:
        raise ValueError(
            f"{next(iter(text_format))} says how a file is written, and pool is a "
            f"{type(pool).__name__}: leave it out."
        )
    return pool_of(pool, embedding, apart), None, ()


def _by_value(shares, by):
    """Return shares by value; a text may stand for its value."""
    values = {str(value): value for value in dict.fromkeys(by.tolist())}
    return {values.get(k, k) if isinstance(k, str) else k: v for k, v in shares.items()}


def _weights(column):
    if column.dtype.kind not in "fiub":
        raise ValueError(
            f"weights holds {column[0]!r}: pass a column of numbers, 0 or more."
        )
    return column


def _say_what_is_lacking(selector):
    """Say where too few rows differ, or are far enough from each other."""
    if selector.radius_ < selector.min_distance:
        yield (
            f"no more rows are selected: all others are nearer than "
            f"{selector.min_distance:g} to a selected one"
        )
    if n_same := int(np.sum(selector.distances_ == 0)):
        yield f"{n_same} selected rows are exact copies of others, for lack of new ones"


def _say_scaled(rows):
    names = list(rows.columns)
    columns = "1 column" if len(names) == 1 else f"{len(names)} columns"
    return (
        f"distances are in {columns} of numbers, each scaled: {listed(names)}; those "
        f"of an embedding, if you name them, are taken as they are"
    )


def _coverage(rows, before, picks, random_state):
    """Measure how much the picks represent, in a sample of a large pool.

    Rows selected before count as the first picks.
    """
    first = np.empty(0, dtype=np.intp) if before is None else before
    order = np.concatenate([first, picks])
    sizes = first.size + np.unique(np.geomspace(1, picks.size, N_SIZES).astype(int))
    n, X = rows.n_rows, rows.X
    most = max(MOST_MEASURED, FEWEST_PER_PICK * order.size)
    rng = np.random.default_rng(draw_seed(random_state))
    if n > most:
        kept = np.union1d(rng.choice(n, most, replace=False), order)
        X, order = take_rows(X, kept), np.searchsorted(kept, order)
        n = kept.size
    with warnings.catch_warnings():  # said by the selection
        warnings.simplefilter("ignore", DataQualityWarning)
        curve = coverage_curve(
            X,
            order,
            embedding=rows.embedding,
            sizes=sizes,
            n_random=N_RANDOM,
            random_state=draw_seed(random_state),
        )
    return curve, n


def _quotas(by, shares, picks, before):
    """Return a line for each value of what is balanced."""
    if by is None:
        return ()
    found = encode_sources(by, name="balance")
    rows = found.rows()
    if isinstance(shares, dict):
        total = sum(shares.values())
        wanted = [shares.get(level, 0) / total for level in found.levels]
    elif shares == "input":
        wanted = rows / rows.sum()
    else:
        wanted = [1 / rows.size] * rows.size
    n_picks = np.bincount(found.codes[picks], minlength=rows.size)
    n_before = np.zeros(rows.size, dtype=int)
    if before is not None:
        n_before = np.bincount(found.codes[before], minlength=rows.size)
    return tuple(
        {
            "value": found.levels[k],
            "rows": int(rows[k]),
            "wanted_share": float(wanted[k]),
            "selected_before": int(n_before[k]),
            "selected": int(n_picks[k]),
        }
        for k in found.in_order()
    )
