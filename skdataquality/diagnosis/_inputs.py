"""From what a user passes to :class:`Inputs`: checked, roles assigned, rows drawn."""

from collections.abc import Mapping

import numpy as np
from sklearn.base import BaseEstimator, clone, is_classifier, is_regressor
from sklearn.utils.validation import indexable

from skdataquality.active_learning._marks import warn_of_marks
from skdataquality.compose._default import default_model
from skdataquality.compose._priors import prior_from_dict
from skdataquality.diagnosis._dependence import dependence_of
from skdataquality.diagnosis._label import check_label
from skdataquality.diagnosis._notes import (
    notes_of_the_reader,
    notes_on_columns,
    notes_on_models,
)
from skdataquality.diagnosis._pool_rows import rows_of_pool
from skdataquality.diagnosis._roles import assign_roles
from skdataquality.diagnosis._verified_rows import labels_as_given, verified_among
from skdataquality.diagnosis._votes_of_rows import votes_among
from skdataquality.utils._draws import draw_rows, draw_seed
from skdataquality.utils._first_guesses import wrong_object
from skdataquality.utils._frames import are_documents, as_rows, listed
from skdataquality.utils._lens import Inputs
from skdataquality.utils._sklearn import num_samples
from skdataquality.utils._validation import check_table, encode_labels

DEPTHS = ("standard", "thorough")
UNLABELLED = "rows without a label are"
REPEATS = {"standard": 1, "thorough": 5}


def prepare(
    X,
    y,
    *,
    max_rows,
    n_jobs,
    random_state,
    task=None,
    estimator=None,
    cv=None,
    depth="standard",
    verified=None,
    votes=None,
    prior=None,
    X_pool=None,
    **named,
):
    """Check the arguments of :func:`diagnose` and take the table apart.

    What is ``named``, beside y, are the arguments of :func:`assign_roles`.
    """
    _check_options(estimator, depth, cv, max_rows)
    roles = assign_roles(X, y, votes=votes, **named)
    table = check_table(BaseEstimator(), roles.X)
    if num_samples(table) < 2:
        raise ValueError(
            f"X has {num_samples(table)} row(s); a diagnosis needs at least 2, and "
            f"some dozens to say anything."
        )
    told = notes_of_the_reader(X, y, named.get("X_target"))
    given = labels_as_given(X, y)
    y, is_discrete, notes = check_label(roles.y, task)
    if is_discrete:
        warn_of_marks(y, stacklevel=4)
    _check_estimator(estimator, is_discrete)
    prior = _prior_of(prior, y, is_discrete)
    verified = verified_among(verified, given, roles.labelled, y, is_discrete)
    votes = votes_among(votes, X, roles.labelled, y, is_discrete)
    n_given = num_samples(X)
    if roles.labelled is not None:
        n_out = n_given - roles.labelled.shape[0]
        are = "row without a label is" if n_out == 1 else UNLABELLED
        notes.append(f"{n_out} {are} left out, but counted where rows are numbered")
    if roles.empty:
        notes.append(f"left out for having no value: {listed(roles.empty)}")
    notes += roles.differences
    if estimator is None:
        notes += notes_on_models(table)
    seed = draw_seed(random_state)
    rows, target_rows, drawn = _draw(roles, max_rows, seed)
    pool = rows_of_pool(X_pool, X, roles, named.get("groups"), max_rows, seed)
    if pool is not None and pool.numbers.size < pool.n_given:
        drawn.append(f"{max_rows} of {pool.n_given} rows of the pool are looked at")
    dependence = dependence_of(as_rows(table), roles.groups, roles.time)
    if dependence.why:
        notes.append(f"rows may depend on each other: {dependence.why}")
    return Inputs(
        X=roles.X if are_documents(roles.X) else as_rows(indexable(roles.X)[0]),
        y=y,
        label_kind="classes" if is_discrete else "numbers",
        target=roles.target,
        sources=roles.sources,
        groups=roles.groups,
        time=roles.time,
        clusters=dependence.clusters,
        target_groups=roles.target_groups,
        target_time=roles.target_time,
        verified=verified,
        votes=votes,
        prior=prior,
        pool=pool,
        estimator=_default(table, roles.target, is_discrete)
        if estimator is None
        else clone(estimator),
        is_given=estimator is not None,
        cv=cv,
        n_repeats=REPEATS[depth],
        n_jobs=n_jobs,
        seed=seed,
        rows=rows,
        target_rows=target_rows,
        n_given=n_given,
        labelled=np.arange(n_given) if roles.labelled is None else roles.labelled,
        notes=(*told, *notes, *notes_on_columns(as_rows(table)), *drawn),
    )


def _default(table, target, is_discrete):
    X_target = None if target is None else target.X
    return default_model(table, regression=not is_discrete, X_target=X_target)


def _check_options(estimator, depth, cv, max_rows):
    if estimator is not None and (
        said := wrong_object("estimator", estimator, "estimator")
    ):
        raise ValueError(said)
    if depth not in DEPTHS:
        raise ValueError(f"depth={depth!r} must be one of {DEPTHS}.")
    if isinstance(cv, str):
        raise ValueError(f"cv={cv!r} must be a number of folds or a splitter.")
    if max_rows is not None and max_rows < 2:
        raise ValueError(f"max_rows={max_rows} must be at least 2, or None for all.")


def _check_estimator(estimator, is_discrete):
    """Refuse a model of the other kind than the label."""
    if estimator is None:
        return
    if is_discrete and is_regressor(estimator):
        raise ValueError(
            f"estimator={type(estimator).__name__} is a regressor, and the label holds "
            f"classes: pass a classifier, or task='regression' if they are numbers to "
            f"predict."
        )
    if not is_discrete and is_classifier(estimator):
        raise ValueError(
            f"estimator={type(estimator).__name__} is a classifier, and the label is a "
            f"quantity: pass a regressor, or task='classification' if its numbers name "
            f"classes."
        )


def _prior_of(prior, y, is_discrete):
    """Check class shares and return them by label; a text may stand for its label."""
    if prior is None:
        return None
    if not is_discrete:
        raise ValueError(
            "prior holds shares of classes, and the label is a quantity: leave it out, "
            "or pass task='classification' if its numbers name classes."
        )
    classes = encode_labels(y)[0]
    if isinstance(prior, Mapping):
        labels = {str(label): label for label in classes.tolist()}
        prior = {labels.get(k, k) if isinstance(k, str) else k: prior[k] for k in prior}
    prior_from_dict(prior, classes)
    return prior


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
