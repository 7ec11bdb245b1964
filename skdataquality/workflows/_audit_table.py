"""An error rate from rows that a person checks: :func:`audit_table`."""

import os
import warnings
from collections.abc import Mapping
from dataclasses import replace
from numbers import Integral

import numpy as np

from skdataquality.diagnosis._examination import predict
from skdataquality.diagnosis._inputs import prepare
from skdataquality.diagnosis._roles import no_such_column
from skdataquality.exceptions import DataQualityWarning
from skdataquality.label_noise import AuditPlan, LabelAudit
from skdataquality.label_noise._audit._answers import verdicts_on
from skdataquality.label_noise._audit._domains import rates_by_source
from skdataquality.report._sheets._write import column_texts
from skdataquality.utils._frames import is_frame, missing_mask
from skdataquality.utils._sources import encode_sources
from skdataquality.utils._validation import check_feature_frame
from skdataquality.verified import VerifiedLabels
from skdataquality.workflows._answers import filled_sheet
from skdataquality.workflows._table_audit import ENOUGH, TableAudit

QUANTITY = (
    "label={label!r} is a quantity, and an audit counts labels that are right or "
    "wrong: pass task='classification' if its numbers name classes."
)


def audit_table(
    frame,
    label,
    *,
    n_rows=100,
    verified=None,
    plan=None,
    blank=None,
    X_target=None,
    sources=None,
    groups=None,
    ids=(),
    time=None,
    task=None,
    estimator=None,
    depth="standard",
    max_rows=50_000,
    callbacks=(),
    n_jobs=None,
    random_state=0,
    votes=None,
):
    """Choose rows of a table to verify by hand; or tell from them how many are wrong.

    Without ``verified`` rows are drawn by a :class:`~skdataquality.label_noise.\
LabelAudit` from all rows with a label, more of them where the models of a diagnosis
    doubt the label. With it no model is fitted: the plan has all that is needed.

    Parameters
    ----------
    frame : pandas data frame of shape (n_samples, n_columns)
    label : str
        Column of the labels, which are classes.
    n_rows : int, default=100
        Rows to verify.
    verified : str, path or VerifiedLabels, default=None
        A filled sheet, as :func:`~skdataquality.report.read_verified` reads it, or
        answers to the rows of `plan`.
    plan : str, path or AuditPlan, default=None
        The file of the plan of a sheet, if it is elsewhere; an AuditPlan for
        VerifiedLabels.
    blank : {"right", "unanswered"}, default=None
        What an empty answer in a sheet means.
    sources : str, list of str, or dict of str to array-like, default=None
        With ``verified``, the rate is given by source, too.
    X_target, groups, ids, time, task, estimator, depth, max_rows, callbacks, n_jobs, \
            random_state
        As in :func:`diagnose`, for choosing rows. ``max_rows`` is what models see; the
        audit is of all rows.
    votes : list of str, default=None
        Columns of annotators, never features.

    Returns
    -------
    audit : TableAudit

    Raises
    ------
    ValueError
        If no row has a label, the label is a quantity, or the answers are not of this
        table, of another purpose, or too few.

    Examples
    --------
    >>> import numpy as np
    >>> import pandas as pd
    >>> from skdataquality.datasets import make_label_errors
    >>> from skdataquality.workflows import audit_table
    >>> rng = np.random.default_rng(0)
    >>> truth = np.repeat(["cat", "dog"], 150)
    >>> y, is_wrong = make_label_errors(truth, 0.1, random_state=0)
    >>> size = rng.normal(size=300) + 3 * (truth == "dog")
    >>> table = pd.DataFrame({"size": size, "animal": y})
    >>> audit = audit_table(table, "animal", n_rows=60)
    >>> answers = audit.plan.verified(truth[audit.plan.rows])  # a person's work
    >>> found = audit_table(table, "animal", verified=answers, plan=audit.plan)
    >>> print(found.to_dict()["verified"]["answered"], found.estimate)
    60 AuditEstimate(0.079 [0.040, 0.146], 2 classes)
    """
    _check_frame(frame, label)
    if verified is not None:
        return _evaluated(frame, label, verified, plan, blank, sources)
    labelled = np.flatnonzero(~missing_mask(column_texts(frame, label)))
    if labelled.size == 0:
        raise ValueError(f"label={label!r} cannot be audited: no row has a label.")
    inputs = prepare(
        frame.iloc[labelled],
        label,
        X_target=X_target,
        sources=sources,
        groups=groups,
        ids=ids,
        time=time,
        task=task,
        estimator=estimator,
        depth=depth,
        max_rows=max_rows,
        n_jobs=n_jobs,
        random_state=random_state,
        votes=votes,
    )
    if inputs.label_kind == "numbers":
        raise ValueError(QUANTITY.format(label=label))
    proba, classes = _predicted(inputs, callbacks)
    audit = LabelAudit(n_rows, random_state=random_state)
    drawn = audit.plan(inputs.y, proba, classes=classes)
    labels = np.full(len(frame), None, dtype=object)
    labels[labelled] = inputs.y.tolist()
    return TableAudit(
        label=label,
        plan=replace(drawn, rows=labelled[drawn.rows], n_total=len(frame)),
        labels=labels,
        seed=int(random_state) if isinstance(random_state, Integral) else None,
        notes=inputs.notes,
    )


def _check_frame(frame, label):
    check_feature_frame(frame)
    if not is_frame(frame):
        raise ValueError(f"frame is a {type(frame).__name__}: pass a data frame.")
    if label not in frame.columns:
        raise ValueError(no_such_column("label", label, list(frame.columns), "frame"))


def _predicted(inputs, callbacks):
    """Out-of-fold probabilities and classes; no probability if none can be learned."""
    classes, sizes = np.unique(inputs.labels, return_counts=True)
    if np.sum(sizes > 1) >= 2:
        return predict(inputs, callbacks)
    classes = np.unique(inputs.y)
    return np.full((inputs.y.shape[0], classes.size), np.nan), classes


def _evaluated(frame, label, verified, plan, blank, sources):
    labels, seed = column_texts(frame, label), None
    if isinstance(verified, VerifiedLabels):
        if not isinstance(plan, AuditPlan):
            raise ValueError(
                "plan must be the AuditPlan that drew the rows of verified: pass "
                "plan=audit.plan."
            )
        verified.check_table(_as_planned(labels, plan))
    elif isinstance(verified, str | os.PathLike):
        filled = filled_sheet(verified, frame, label, plan=plan, blank=blank)
        plan, seed = _plan_of(filled.plan, verified), filled.plan.seed
        verified = filled.verified
    else:
        raise ValueError(
            f"verified is a {type(verified).__name__}: pass the path of a filled "
            f"sheet, or VerifiedLabels."
        )
    rows, is_error = verdicts_on(plan, verified)
    skipped = _skipped(plan, verified)
    return TableAudit(
        label=label,
        plan=plan,
        labels=labels,
        seed=seed,
        verified=verified,
        estimate=_estimate(plan, rows, is_error),
        bounds=_bounds(plan, rows, is_error, [*verified.cannot_say, *skipped]),
        skipped=tuple(skipped),
        **_by_source(frame, labels, plan, rows, is_error, sources),
    )


def _as_planned(labels, plan):
    """Return labels as the plan has them: fractions that are classes are text."""
    if labels.dtype.kind == "f" and plan.classes.dtype.kind in "OU":
        return np.array([repr(value) for value in labels.tolist()])
    return labels


def _plan_of(stored, path):
    """Return the plan of an audit, as the file beside a sheet holds it."""
    if stored.purpose != AuditPlan.purpose or stored.design is None:
        raise ValueError(
            f"{path} was written for a {stored.purpose}: an error rate needs rows "
            f"drawn for an audit."
        )
    return AuditPlan(
        rows=np.array(stored.rows),
        given_codes=stored.given_codes,
        strata=np.array(stored.design["strata"]),
        classes=np.array(stored.classes),
        class_sizes=np.array(stored.design["class_sizes"]),
        n_total=stored.n_rows,
    )


def _skipped(plan, verified):
    """Rows without an answer before the last one that was looked at."""
    looked_at = np.isin(plan.rows, [*verified.rows, *verified.cannot_say])
    last = np.flatnonzero(looked_at)[-1]
    return plan.rows[:last][~looked_at[:last]].tolist()


def _estimate(plan, rows, is_error):
    with warnings.catch_warnings():  # the result says it
        warnings.simplefilter("ignore", DataQualityWarning)
        return plan.estimate(rows, is_error)


def _bounds(plan, rows, is_error, in_doubt):
    """Estimates if all rows in doubt were right, and wrong; None if there are none."""
    if not in_doubt:
        return None
    rows = np.append(rows, in_doubt)
    ends = (np.append(is_error, [end] * len(in_doubt)) for end in (False, True))
    low, high = (_estimate(plan, rows, end).overall.estimate for end in ends)
    return low, high


def _by_source(frame, labels, plan, rows, is_error, sources):
    """Rates of the sources with enough verified rows, and notes on the others."""
    tables, notes = {}, []
    labelled = np.flatnonzero(~missing_mask(labels))
    for name, values in _source_columns(frame, sources).items():
        found = encode_sources(values[labelled], name=f"sources[{name!r}]")
        lines = rates_by_source(
            plan,
            plan.find(rows),
            is_error,
            found.codes[np.searchsorted(labelled, rows)],
            found.levels,
            found.rows(),
        )
        shown = [lines[k] for k in found.in_order() if lines[k]["verified"] >= ENOUGH]
        tables[name] = shown
        if len(shown) < len(lines):
            notes.append(
                f"{name}: {len(lines) - len(shown)} of {len(lines)} sources have fewer "
                f"than {ENOUGH} verified rows, too few to say anything of them"
            )
    return {"by_source": tables, "notes": tuple(notes)}


def _source_columns(frame, sources):
    if isinstance(sources, str):
        sources = [sources]
    if not isinstance(sources, Mapping):
        sources = {name: name for name in sources or ()}
    found = {}
    for name, values in sources.items():
        if isinstance(values, str):
            if values not in frame.columns:
                names = list(frame.columns)
                raise ValueError(no_such_column("sources", values, names, "frame"))
            values = column_texts(frame, values)
        found[name] = np.asarray(values)
        if found[name].shape != (len(frame),):
            raise ValueError(
                f"sources[{name!r}] has shape {found[name].shape} and the table "
                f"{len(frame)} rows: pass one value per row."
            )
    return found
