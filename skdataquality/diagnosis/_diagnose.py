"""From a table to a diagnosis: :func:`diagnose`."""

import warnings

import numpy as np
from sklearn.base import BaseEstimator, clone
from sklearn.utils.validation import indexable

from skdataquality.compose._default import default_model
from skdataquality.diagnosis._examination import Examination
from skdataquality.diagnosis._notes import listed, look_alike_labels, notes_on_columns
from skdataquality.diagnosis._roles import assign_roles
from skdataquality.exceptions import LookAlikeLabelsWarning
from skdataquality.utils._draws import draw_seed
from skdataquality.utils._frames import as_rows
from skdataquality.utils._progress import run_steps
from skdataquality.utils._sklearn import num_samples
from skdataquality.utils._validation import (
    FEW_ROWS_EACH,
    as_label_array,
    check_table,
    is_continuous,
    is_quantity,
)

DEPTHS = ("standard", "thorough")
REPEATS = {"standard": 1, "thorough": 5}


def diagnose(
    X,
    y,
    *,
    X_target=None,
    y_target=None,
    sources=None,
    groups=None,
    ids=(),
    time=None,
    estimator=None,
    cv=None,
    depth="standard",
    max_rows=50_000,
    callbacks=(),
    n_jobs=None,
    random_state=0,
):
    """Say which training-data failure is present, how large, how sure, what to do.

    Measured in this order: leakage, duplicates, imbalance, label noise, shift,
    provenance. Every model-based number rests on out-of-fold predictions, computed
    once, without the columns that give the answer away, in folds that keep duplicates
    together.

    Parameters
    ----------
    X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
        Numbers, missing values allowed. With text or dates pass an ``estimator``, or
        install the extra ``cli``, which encodes them.
    y : array-like of shape (n_samples,), or str
        Class labels of any type, or the name of their column in X; rows without a
        label are then left out, if they are at most half. With numbers only leakage,
        duplicates and shift are examined; whole numbers of which there are 30 or more,
        each on fewer than ten rows, count as such.
    X_target : TargetData, or like X, of shape (n_target, n_features), default=None
        Rows from where the model will be used. Columns of a data frame may come in
        another order; the label's column, if it has one, gives ``y_target``.
    y_target : array-like of shape (n_target,), default=None
        Their labels, where known.
    sources : dict of str to array-like, or list of str, default=None
        Where each row comes from (vendor, batch, clinic); never a feature. A list
        names columns of X.
    groups : array-like of shape (n_samples,), or str, default=None
        Rows of one group stay in one fold; never a feature.
    ids : list of str, default=()
        Columns of X that identify rows; never features.
    time : str, default=None
        Column of X that says when a row was made, cut into ten periods that serve as
        a source; never a feature.
    estimator : classifier, default=None
        None is small regularised gradient boosting. One that is given keeps every
        column, since it may name them: those that give the answer away are shuffled.
    cv : int, splitter or None, default=None
        None is 5 stratified, shuffled, duplicate-aware folds.
    depth : {"standard", "thorough"}, default="standard"
        "thorough" averages the predictions of 5 repeated cross-validations, and
        flags labels by :class:`~skdataquality.label_noise.LabelErrorDetector`.
    max_rows : int or None, default=50_000
        Models see at most so many rows, drawn at random, of each side; the report says
        so. Exact duplicates are counted in all rows.
    callbacks : sequence of scikit-learn callbacks, default=()
        For example ``sklearn.callback.ProgressBar()``.
    n_jobs : int, default=None
    random_state : int, RandomState instance or None, default=0

    Returns
    -------
    report : DataQualityReport

    Raises
    ------
    ValueError
        If lengths, labels, columns or options do not fit; nothing is computed then.

    Warns
    -----
    LookAlikeLabelsWarning
        If two labels differ by case, blanks or unicode form only.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.datasets import load_breast_cancer
    >>> from skdataquality import diagnose
    >>> X, y = load_breast_cancer(return_X_y=True, as_frame=True)
    >>> y[::12] = 1 - y[::12]  # every twelfth label is wrong
    >>> X["biopsy"] = y
    >>> report = diagnose(X, y)
    >>> report.lenses["leakage"].columns, report.lenses["label_noise"].verdict
    (('biopsy',), 'found')
    """
    _check_options(depth, cv, max_rows)
    roles = assign_roles(
        X,
        y,
        X_target=X_target,
        y_target=y_target,
        sources=sources,
        groups=groups,
        ids=ids,
        time=time,
    )
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
    examination = Examination(
        X=as_rows(indexable(roles.X)[0]),
        y=y,
        is_discrete=is_discrete,
        target=roles.target,
        sources=roles.sources,
        groups=roles.groups,
        estimator=default_model(table) if estimator is None else clone(estimator),
        is_given=estimator is not None,
        cv=cv,
        n_repeats=REPEATS[depth],
        max_rows=max_rows,
        n_jobs=n_jobs,
        seed=draw_seed(random_state),
        notes=notes + notes_on_columns(table),
    )
    run_steps("diagnose", examination.steps(), callbacks)
    return examination.report()


def _check_options(depth, cv, max_rows):
    if depth not in DEPTHS:
        raise ValueError(f"depth={depth!r} must be one of {DEPTHS}.")
    if isinstance(cv, str):
        raise ValueError(f"cv={cv!r} must be a number of folds or a splitter.")
    if max_rows is not None and max_rows < 2:
        raise ValueError(f"max_rows={max_rows} must be at least 2, or None for all.")


def check_label(y):
    """Return y, whether it holds classes, and notes about it."""
    if is_continuous(y):
        return np.asarray(y), False, []
    y = as_label_array(y)
    classes = np.unique(y)
    if classes.shape[0] == y.shape[0] > FEW_ROWS_EACH:
        raise ValueError(
            f"y has {y.shape[0]} rows and as many different values, such as "
            f"{classes[:2].tolist()}: it names rows, it is no label."
        )
    if is_quantity(y):
        said = f"the label has {classes.shape[0]} whole numbers: taken as a quantity"
        return y.astype(float), False, [said]
    alike = look_alike_labels(classes)
    for labels in alike:
        warnings.warn(
            f"labels {list(labels)} look alike: they differ by case, blanks or unicode "
            f"form only, and count as different classes. Unify them if they are one.",
            LookAlikeLabelsWarning,
            stacklevel=3,
        )
    return y, True, [f"labels look alike: {labels}" for labels in alike]
