"""The review of a table's labels, sheet after sheet: :func:`review_rounds`."""

from dataclasses import replace
from numbers import Integral

import numpy as np

from skdataquality.diagnosis._examination import columns_to_withhold
from skdataquality.diagnosis._inputs import prepare
from skdataquality.diagnosis._roles import no_such_column
from skdataquality.diagnosis._verified_rows import verified_among
from skdataquality.report._sheets._write import column_texts
from skdataquality.review import LabelReviewQueue, ReviewBatch, join_answers
from skdataquality.utils._fits import explained_failures
from skdataquality.utils._frames import is_frame, missing_mask
from skdataquality.utils._sklearn import take_rows
from skdataquality.utils._validation import check_feature_frame
from skdataquality.workflows._labelling._features import say_withheld
from skdataquality.workflows._labelling._rounds import read_rounds
from skdataquality.workflows._labelling._table_review import TableReview

# answers of other jobs mend their rows, too, and say nothing about others
PURPOSES = (ReviewBatch.purpose, "audit", "comparison", "warranty")
BATCH = 50
QUANTITY = (
    "label={label!r} is a quantity, and a review is of labels that are right or wrong: "
    "pass task='classification' if its numbers name classes."
)


def review_rounds(
    frame,
    label,
    *,
    n_rows=BATCH,
    verified=None,
    plan=None,
    blank=None,
    review_cost=0.05,
    random_share=0.08,
    sources=None,
    groups=None,
    ids=(),
    time=None,
    task=None,
    estimator=None,
    max_rows=50_000,
    n_jobs=None,
    random_state=0,
):
    """Choose the rows whose label a person should check next, until it no longer pays.

    Most are the rows whose label looks worst, by models that have learned from what was
    answered so far; some are drawn at random, and tell how many wrong labels remain.

    Parameters
    ----------
    frame : pandas data frame of shape (n_samples, n_columns)
    label : str
        Column of the labels, which are classes.
    n_rows : int or None, default=50
        Rows to check next; all that are left if there are fewer. None chooses none.
    verified : str, path, VerifiedLabels, or a list of them, default=None
        Filled sheets of this review, or answers, also those of an audit. A sheet
        remembers those that were given when it was written.
    plan : str, path, or a list of them, default=None
        The files of their plans, if they are not beside them.
    blank : {"right", "unanswered"}, default=None
        What an empty answer in a sheet means.
    review_cost : float, default=0.05
        Reviewing no longer pays where a smaller share of the next rows is expected to
        be wrong.
    random_share : float, default=0.08
        Share of the rows that is drawn at random.
    sources, groups, ids, time, task, estimator, max_rows, n_jobs
        As in :func:`diagnose`. Of more rows than ``max_rows`` a random part is
        reviewed.
    random_state : int, RandomState instance or None, default=0
        The same for all sheets.

    Returns
    -------
    review : TableReview

    Raises
    ------
    ValueError
        If no row has a label, the label is a quantity or one class, every feature gives
        it away, or the answers are not of this table and its sheets.

    See Also
    --------
    review_table : All flagged labels in one list.
    audit_table : How many labels are wrong, by an audit alone.

    Examples
    --------
    >>> import numpy as np
    >>> import pandas as pd
    >>> from skdataquality.datasets import make_label_errors
    >>> from skdataquality.workflows import review_rounds
    >>> rng = np.random.default_rng(0)
    >>> truth = np.repeat(["cat", "dog"], 100)
    >>> y, _ = make_label_errors(truth, 0.1, random_state=0)
    >>> size = rng.normal(size=200) + 5 * (truth == "dog")
    >>> table = pd.DataFrame({"size": size, "animal": y})
    >>> review = review_rounds(table, "animal", n_rows=40)
    >>> answers = review.plan.verified(truth[review.plan.rows])  # a person's work
    >>> review = review_rounds(table, "animal", n_rows=40, verified=answers)
    >>> bool(review.stop), int((review.mended != truth).sum())
    (True, 0)
    """
    labelled = _labelled_rows(frame, label)
    inputs = prepare(
        frame.iloc[labelled],
        label,
        X_target=None,
        sources=sources,
        groups=groups,
        ids=ids,
        time=time,
        task=task,
        estimator=estimator,
        max_rows=max_rows,
        n_jobs=n_jobs,
        random_state=random_state,
    )
    if inputs.label_kind == "numbers":
        raise ValueError(QUANTITY.format(label=label))
    labels = np.full(len(frame), None, dtype=object)
    labels[labelled] = inputs.y.tolist()
    rounds = read_rounds(
        verified, frame, label, PURPOSES, plan=plan, labels=labels, blank=blank
    )
    answers = [one.verified for one in rounds]
    seen, notes = labelled[inputs.rows], [*inputs.notes]
    queue = _queue(inputs, estimator, n_rows, review_cost, random_share, n_jobs)
    withheld = _fit(queue, inputs, rounds, labels, seen, label)
    notes += say_withheld(withheld)
    mended = labels.copy()
    mended[seen] = queue.labels_.tolist()
    return TableReview(
        label=label,
        labels=labels,
        mended=mended,
        rounds=tuple(rounds),
        verified=join_answers(*answers) if answers else None,
        stop=queue.stop_,
        n_reviewed=seen.size,
        seed=int(random_state) if isinstance(random_state, Integral) else None,
        plan=_next(queue, n_rows, seen, len(frame)),
        notes=tuple(notes),
    )


def _labelled_rows(frame, label):
    check_feature_frame(frame)
    if not is_frame(frame):
        raise ValueError(f"frame is a {type(frame).__name__}: pass a data frame.")
    if label not in frame.columns:
        raise ValueError(no_such_column("label", label, list(frame.columns), "frame"))
    labelled = np.flatnonzero(~missing_mask(column_texts(frame, label)))
    if labelled.size == 0:
        raise ValueError(f"label={label!r} cannot be reviewed: no row has a label.")
    return labelled


def _queue(inputs, estimator, n_rows, review_cost, random_share, n_jobs):
    return LabelReviewQueue(
        inputs.estimator if estimator is not None else None,
        batch_size=BATCH if n_rows is None else n_rows,
        random_share=random_share,
        review_cost=review_cost,
        n_jobs=n_jobs,
        random_state=inputs.seed,
    )


def _fit(queue, inputs, rounds, labels, seen, label):
    """Fit the queue on the rows that models see; return the columns left out."""
    withheld = columns_to_withhold(inputs)
    X = inputs.features(withheld)
    if X.shape[1] == 0:
        raise ValueError(
            f"every feature gives the label {label!r} away, such as "
            f"{list(withheld)[:5]}: nothing is left that a model may learn from."
        )
    groups = inputs.groups
    if groups is not None:
        groups = take_rows(groups, inputs.rows)
    sets = [_among(one.verified, labels, seen, one.name) for one in rounds]
    with explained_failures(inputs.estimator, X):
        queue.fit(X, inputs.labels, verified=sets, groups=groups)
    return withheld


def _among(verified, labels, seen, name):
    """Return answers for the rows that are reviewed, of which all must be."""
    looked_at = np.concatenate([verified.rows, verified.cannot_say])
    n_lost = np.setdiff1d(looked_at, seen).size
    if n_lost:
        raise ValueError(
            f"{name} answers {n_lost} rows that are not among the {seen.size} reviewed "
            f"now: pass the seed and max_rows with which it was written."
        )
    return verified_among(verified, labels, seen, labels[seen], True)


def _next(queue, n_rows, seen, n_total):
    """Return the next batch in rows of the table; None if none is asked for or left."""
    if n_rows is None or queue.stop_ or queue.queue_.size == 0:
        return None
    batch = queue.next_batch(min(n_rows, queue.queue_.size))
    return replace(batch, rows=seen[batch.rows], n_total=n_total)
