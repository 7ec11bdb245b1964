"""From what a user passes to :class:`Inputs`: checked, roles assigned, rows drawn."""

import numpy as np
from sklearn.base import BaseEstimator, clone
from sklearn.utils.validation import indexable

from skdataquality.compose._default import default_model
from skdataquality.diagnosis._dependence import dependence_of
from skdataquality.diagnosis._label import check_label
from skdataquality.diagnosis._notes import notes_on_columns, notes_on_models
from skdataquality.diagnosis._roles import assign_roles
from skdataquality.utils._draws import draw_rows, draw_seed
from skdataquality.utils._frames import as_rows, listed
from skdataquality.utils._lens import Inputs
from skdataquality.utils._sklearn import num_samples
from skdataquality.utils._validation import check_table

DEPTHS = ("standard", "thorough")
REPEATS = {"standard": 1, "thorough": 5}


def prepare(
    X,
    y,
    *,
    max_rows,
    n_jobs,
    random_state,
    estimator=None,
    cv=None,
    depth="standard",
    **named,
):
    """Check the arguments of :func:`diagnose` and take the table apart.

    What is ``named``, beside y, are the arguments of :func:`assign_roles`.
    """
    _check_options(depth, cv, max_rows)
    roles = assign_roles(X, y, **named)
    table = check_table(BaseEstimator(), roles.X)
    if num_samples(table) < 2:
        raise ValueError(
            f"X has {num_samples(table)} row(s); a diagnosis needs at least 2, and "
            f"some dozens to say anything."
        )
    y, is_discrete, notes = check_label(roles.y)
    if roles.n_unlabelled:
        notes.append(f"{roles.n_unlabelled} rows without a label are left out")
    if roles.empty:
        notes.append(f"left out for having no value: {listed(roles.empty)}")
    notes += roles.differences
    if estimator is None:
        notes += notes_on_models(table)
    seed = draw_seed(random_state)
    rows, target_rows, drawn = _draw(roles, max_rows, seed)
    dependence = dependence_of(table, roles.groups)
    if dependence.why:
        notes.append(f"rows may depend on each other: {dependence.why}")
    return Inputs(
        X=as_rows(indexable(roles.X)[0]),
        y=y,
        label_kind="classes" if is_discrete else "numbers",
        target=roles.target,
        sources=roles.sources,
        groups=roles.groups,
        clusters=dependence.clusters,
        estimator=_default(table, roles.target)
        if estimator is None
        else clone(estimator),
        is_given=estimator is not None,
        cv=cv,
        n_repeats=REPEATS[depth],
        n_jobs=n_jobs,
        seed=seed,
        rows=rows,
        target_rows=target_rows,
        notes=(*notes, *notes_on_columns(table), *drawn),
    )


def _default(table, target):
    return default_model(table, X_target=None if target is None else target.X)


def _check_options(depth, cv, max_rows):
    if depth not in DEPTHS:
        raise ValueError(f"depth={depth!r} must be one of {DEPTHS}.")
    if isinstance(cv, str):
        raise ValueError(f"cv={cv!r} must be a number of folds or a splitter.")
    if max_rows is not None and max_rows < 2:
        raise ValueError(f"max_rows={max_rows} must be at least 2, or None for all.")


def _draw(roles, max_rows, seed):
    """Choose the rows that models see, on both sides, and say so."""
    rng = np.random.default_rng(seed)
    n = num_samples(roles.X)
    m = 0 if roles.target is None else num_samples(roles.target.X)
    rows, target_rows = draw_rows(n, max_rows, rng), draw_rows(m, max_rows, rng)
    drawn = []
    if rows.shape[0] < n:
        said = f"models see {max_rows} of {n} rows, drawn at random (seed {seed})"
        drawn.append(said)
    if target_rows.shape[0] < m:
        drawn.append(f"models see {max_rows} of {m} target rows, drawn at random")
    return rows, target_rows, drawn
