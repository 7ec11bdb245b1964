"""From a table to a diagnosis: :func:`diagnose`."""

from dataclasses import replace

from skdataquality.diagnosis._examination import examine
from skdataquality.diagnosis._inputs import prepare
from skdataquality.shift import TargetData
from skdataquality.utils._frames import is_pandas


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
    task=None,
    estimator=None,
    cv=None,
    depth="standard",
    max_rows=50_000,
    callbacks=(),
    n_jobs=None,
    random_state=0,
    verified=None,
    votes=None,
    prior=None,
    X_pool=None,
):
    """Say which training-data failure is present, how large, how sure, what to do.

    Measured in this order: leakage, duplicates, rows that belong together, imbalance,
    annotators, label noise, shift, provenance, pool. Every model-based number rests on
    out-of-fold predictions, computed once, without the columns that give the answer
    away, in folds that keep duplicates together. Where rows belong together, folds that
    keep these together are fitted beside them.

    Parameters
    ----------
    X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
        Numbers, missing values allowed. With text or dates pass an ``estimator``, or
        install the extra ``cli``, which encodes them. Or a list, Series or 1-D array of
        texts.
    y : array-like of shape (n_samples,), or str
        Labels, or the name of their column in X; rows without a label are then left
        out, if they are at most half. Classes of any type, or a quantity: see ``task``.
    X_target : TargetData, or like X, of shape (n_target, n_features), default=None
        Rows from where the model will be used. Columns of data frames are matched by
        name, and differences are named in the notes; the label's column, if it has one,
        gives ``y_target``.
    y_target : array-like of shape (n_target,), default=None
        Their labels, where known.
    sources : dict of str to array-like, or list of str, default=None
        Where each row comes from (vendor, batch, clinic); never a feature. A list
        names columns of X.
    groups : array-like of shape (n_samples,), or str, default=None
        Rows of one group stay in one fold; never a feature. If there are at most 20, of
        50 rows or more in the mean, the lens of imbalance compares them, too.
    ids : list of str, default=()
        Columns of X that identify rows; never features.
    time : str, default=None
        Column of X that says when a row was made, cut into ten periods that serve as
        a source; never a feature.
    task : {"classification", "regression"}, default=None
        What y is: classes, or a quantity to predict. None decides by one rule, and the
        first note of the report says how. Text and Booleans are classes. Numbers are a
        quantity if some have fractions, or if they are whole and there are more than 20
        different ones, or more than 10 of which hardly any is repeated (fewer than two
        rows each in the mean). They are classes otherwise, also if they are codes:
        every number from 0 or 1 on, each on ten rows or more. Of a quantity all lenses
        are asked but imbalance; wrong labels are then wrong numbers.
    estimator : classifier or regressor, default=None
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
    callbacks : "bar" or sequence of scikit-learn callbacks, default=()
        "bar" shows one on stderr, in a terminal or a notebook.
    n_jobs : int, default=None
    random_state : int, RandomState instance or None, default=0
    verified : VerifiedLabels, default=None
        Labels of some rows of the table, as it is passed, that a person has checked.
        They are never flagged; if an audit drew them, the rate of wrong labels and the
        verdict on labels rest on them (:func:`label_noise_lens
        <skdataquality.label_noise.label_noise_lens>`). For classes only.
    votes : list of str, array-like, data frame, sparse matrix or LongVotes, \
            default=None
        Labels of several annotators, a column each; a list of text names columns of X,
        never features, among which may be that of ``y``. Nor is a column of X a feature
        that a data frame of votes has under the same name with the same cells.
        `LongVotes` are about rows by
        their number in the table. They are judged (:func:`annotator_lens
        <skdataquality.weak_supervision.annotator_lens>`), and tell how many labels are
        wrong; ``verified`` labels are the truth to them. For classes only.
    prior : dict of label, or its text, to share, default=None
        Class shares where the model will be used; they sum to 1. The lens of imbalance
        compares them, and says what precision is there. For classes only.
    X_pool : TargetData, or like X, of shape (n_pool, n_features), default=None
        Rows without labels, from which some could be labelled next: :func:`pool_lens
        <skdataquality.active_learning.pool_lens>` says what the labelled rows do not
        cover of them. None takes the rows of X without a label, if ``y`` names a column
        and there are 20 of them or more, at most half of all.

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
    UnlabelledRowsWarning
        If y holds 0 to K - 1, and -1 on half of the rows or more: it counts as a class.

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
    inputs = prepare(
        X,
        y,
        X_target=X_target,
        y_target=y_target,
        sources=sources,
        groups=groups,
        ids=ids,
        time=time,
        task=task,
        estimator=estimator,
        cv=cv,
        depth=depth,
        max_rows=max_rows,
        n_jobs=n_jobs,
        random_state=random_state,
        verified=verified,
        votes=votes,
        prior=prior,
        X_pool=X_pool,
    )
    report = examine(inputs, callbacks)
    return replace(report, table=_as_it_is(X), target_table=_as_it_is(X_target))


def _as_it_is(table):
    """Hold on to a table, not to a copy of it; its rows may be moved later on."""
    table = table.X if isinstance(table, TargetData) else table
    return table.copy(deep=False) if is_pandas(table) else table
