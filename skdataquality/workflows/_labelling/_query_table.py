"""The rows of a table that a person should label next: :func:`query_table`."""

import numpy as np
from sklearn.base import clone, is_regressor

from skdataquality.active_learning import BaseQueryStrategy, DiverseMarginQuery
from skdataquality.active_learning._marks import read_part_labels
from skdataquality.diagnosis._roles import no_such_column
from skdataquality.report._sheets._write import column_texts
from skdataquality.utils._draws import draw_rows, draw_seed
from skdataquality.utils._frames import is_frame
from skdataquality.utils._sklearn import take_rows
from skdataquality.utils._validation import check_feature_frame
from skdataquality.workflows._labelling._features import features_to_learn
from skdataquality.workflows._labelling._rounds import (
    asked_rows,
    new_labels_of,
    read_rounds,
    together,
)
from skdataquality.workflows._labelling._table_query import QueryPlan, TableQuery

PURPOSE = QueryPlan.purpose


def query_table(
    frame,
    label,
    *,
    n_rows=50,
    verified=None,
    plan=None,
    new_labels=False,
    strategy=None,
    estimator=None,
    cold_start="typicality",
    unlabeled="auto",
    sources=None,
    groups=None,
    ids=(),
    time=None,
    max_rows=50_000,
    random_state=0,
):
    """Choose the rows without a label that a person should label next.

    Parameters
    ----------
    frame : pandas data frame of shape (n_samples, n_columns)
        Rows of which some have a label.
    label : str
        Column of the labels, which are classes.
    n_rows : int or None, default=50
        Rows to label next; all that are left if there are fewer. None chooses none.
    verified : str, path, VerifiedLabels, or a list of them, default=None
        Filled sheets of this table, or answers. A sheet remembers those that were
        given when it was written.
    plan : str, path, or a list of them, default=None
        The files of their plans, if they are not beside them.
    new_labels : bool, default=False
        Whether an answer may be a label that no row has. If False it is taken for
        mistyped. Where no row has a label, every answer is a new one.
    strategy : query strategy, default=None
        Cloned; of those of :mod:`skdataquality.active_learning`. None is
        :class:`~skdataquality.active_learning.DiverseMarginQuery`.
    estimator : classifier, default=None
        Of the strategy, if it has none.
    cold_start : {"typicality", "coverage", "random"}, default="typicality"
        How rows are chosen while fewer than two classes have a label; for None as
        `strategy`.
    unlabeled : "auto", False or label, default="auto"
        What marks a row without a label, beside an empty cell: -1 among whole numbers;
        False is nothing else.
    sources, groups, ids, time
        As in :func:`diagnose`: columns that are no features.
    max_rows : int, default=50000
        Most rows with, and most rows without, a label that the model sees, drawn at
        random.
    random_state : int, RandomState instance or None, default=0

    Returns
    -------
    query : TableQuery

    Raises
    ------
    ValueError
        If every row has a label and `n_rows` are asked for, the label is a quantity,
        every feature gives it away, or the answers are not of this table.

    Examples
    --------
    >>> import numpy as np
    >>> import pandas as pd
    >>> from skdataquality.workflows import query_table
    >>> size = np.linspace(0, 10, 101)
    >>> animal = np.full(101, None, dtype=object)
    >>> animal[:20], animal[-20:] = "cat", "dog"
    >>> table = pd.DataFrame({"size": size, "animal": animal})
    >>> query = query_table(table, "animal", n_rows=3)
    >>> query.plan.n_rows, bool(((query.plan.rows > 19) & (query.plan.rows < 81)).all())
    (3, True)
    >>> answers = query.plan.verified(["cat", "cat", "dog"])  # a person's work
    >>> query_table(table, "animal", n_rows=None, verified=answers).n_labeled
    43
    """
    _check_frame(frame, label)
    part, labels = _labels_of(frame, label, unlabeled)
    classes = part.classes.tolist()
    rounds = read_rounds(
        verified,
        frame,
        label,
        (PURPOSE,),
        plan=plan,
        labels=labels,
        new_labels=new_labels,
    )
    known, fresh = _answered(labels, rounds), new_labels_of(rounds, classes)
    found = {
        "label": label,
        "labels": labels,
        "known": known,
        "classes": [*classes, *fresh],
        "n_new": len(fresh),
        "rounds": tuple(rounds),
        "verified": together(rounds, PURPOSE, len(frame)),
        "seed": random_state if isinstance(random_state, int) else None,
    }
    if n_rows is None:
        return TableQuery(**found)
    strategy = _strategy(strategy, estimator, cold_start, random_state)
    roles = {"sources": sources, "groups": groups, "ids": ids, "time": time}
    X, notes = features_to_learn(
        frame, label, known, max_rows=max_rows, random_state=random_state, **roles
    )
    rows, said = _queried(strategy, X, known, rounds, n_rows, max_rows, random_state)
    return TableQuery(
        **found,
        plan=QueryPlan(rows, len(frame)),
        strategy=type(strategy).__name__,
        is_cold=len(set(known) - {None}) < 2,
        notes=tuple(notes + said),
    )


def _check_frame(frame, label):
    check_feature_frame(frame)
    if not is_frame(frame):
        raise ValueError(f"frame is a {type(frame).__name__}: pass a data frame.")
    if label not in frame.columns:
        raise ValueError(no_such_column("label", label, list(frame.columns), "frame"))


def _labels_of(frame, label, unlabeled):
    """Return the part labels of a column, and its cells, None where there is none."""
    cells = column_texts(frame, label)
    try:
        part = read_part_labels(cells, len(frame), unlabeled=unlabeled)
    except ValueError as error:
        if "continuous" not in str(error):
            raise
        raise ValueError(
            f"label={label!r} is a quantity, and a query is for classes: make its "
            f"numbers text if they name classes."
        ) from error
    labels = np.full(len(frame), None, dtype=object)
    labels[part.rows] = part.labels.tolist()
    return part, labels


def _answered(labels, rounds):
    known = labels.copy()
    for one in rounds:
        known[one.verified.rows] = one.verified.labels
    return known


def _strategy(strategy, estimator, cold_start, random_state):
    if strategy is None:
        strategy = DiverseMarginQuery(cold_start=cold_start)
    if not isinstance(strategy, BaseQueryStrategy):
        raise ValueError(
            f"strategy={strategy!r} must be a query strategy, such as "
            f"DiverseMarginQuery(), or None."
        )
    if estimator is not None and is_regressor(estimator):
        raise ValueError(
            f"estimator={type(estimator).__name__} is a regressor, and a query is for "
            f"classes: pass a classifier."
        )
    strategy = clone(strategy)
    if strategy.estimator is None and estimator is not None:
        strategy.set_params(estimator=clone(estimator))
    if strategy.random_state is None:
        strategy.set_params(random_state=draw_seed(random_state))
    return strategy.set_params(unlabeled=False)


def _queried(strategy, X, known, rounds, n_rows, max_rows, random_state):
    """Return the rows that a strategy asks about, and notes on rows it did not see."""
    is_known = np.array([value is not None for value in known], dtype=bool)
    is_open = ~is_known
    is_open[asked_rows(rounds)] = False  # of which a person cannot say, too
    if not is_open.any():
        raise ValueError(
            f"all {is_known.size} rows have a label or were asked about: there is "
            f"nothing to query. Rows without a label have an empty cell."
        )
    rng, notes = np.random.default_rng(draw_seed(random_state)), []
    seen = []
    for mask, word in ((is_known, "labelled"), (is_open, "unlabelled")):
        rows = np.flatnonzero(mask)
        drawn = rows[draw_rows(rows.size, max_rows, rng)]
        if drawn.size < rows.size:
            notes.append(
                f"the model sees {drawn.size} of {rows.size} {word} rows, drawn at "
                f"random"
            )
        seen.append(drawn)
    rows = np.sort(np.concatenate(seen))
    strategy.fit(take_rows(X, rows), known[rows])
    picked = strategy.query(n_rows, candidates=np.searchsorted(rows, seen[1]))
    return rows[picked], notes
