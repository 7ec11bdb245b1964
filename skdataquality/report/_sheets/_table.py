"""Whether a table is the one that a sheet was written for: :func:`check_table`."""

from collections import Counter
from contextlib import suppress

import numpy as np

from skdataquality.report._sheets._texts import label_text
from skdataquality.report._sheets._write import (
    class_counts,
    column_texts,
    row_digests,
)
from skdataquality.utils._frames import as_frame, is_missing


def check_table(path, table, plan, labels=None):
    """Raise if rows of the plan, or the labels of the table, have changed.

    ``labels`` are those of the table as the plan has them, None for the column.
    """
    names = as_frame(table).columns
    lacking = [name for name in (plan.label, *plan.columns) if name not in names]
    if lacking:
        raise ValueError(
            f"{path} is of another table: this one lacks the column {lacking[0]!r}."
        )
    if len(table) != plan.n_rows:
        raise ValueError(
            f"{path} is of a table with {plan.n_rows} rows and this one has "
            f"{len(table)}: pass the table that the rows were drawn from."
        )
    labels = column_texts(table, plan.label) if labels is None else np.asarray(labels)
    given = labels[plan.rows].tolist()
    if plan.given is None:
        _check_unlabeled(path, given, plan)
    else:
        _check_given(path, given, plan)
    digests = row_digests(table, plan.columns, plan.rows, plan.given)
    changed = [
        row
        for row, now, then in zip(plan.rows, digests, plan.digests, strict=True)
        if now != then
    ]
    if changed:
        raise ValueError(
            f"{path} is of another table, or the table has changed: {len(changed)} of "
            f"{len(plan.rows)} rows differ, first input_row {changed[0]}."
        )
    _check_counts(path, labels, plan)


def _check_unlabeled(path, given, plan):
    named = [row for row, v in zip(plan.rows, given, strict=True) if not is_missing(v)]
    if named:
        raise ValueError(
            f"{path} asks about rows without a label, and {len(named)} of "
            f"{len(plan.rows)} have one in this table, first input_row {named[0]}: "
            f"pass the table that the sheet was written for."
        )


def _check_given(path, given, plan):
    pairs = list(zip(plan.rows, plan.given, given, strict=True))
    changed = [
        (row, old, new)
        for row, old, new in pairs
        if is_missing(new) or _text(old) != _text(new)
    ]
    if changed:
        row, old, new = changed[0]
        raise ValueError(
            f"{path} is of another table, or labels have changed: {len(changed)} of "
            f"{len(pairs)} differ, first input_row {row}, {old!r} then and {new!r} now."
        )


def _check_counts(path, labels, plan):
    now: Counter = Counter()
    then: Counter = Counter()
    for label, n_rows in class_counts(labels).items():
        now[_text(label)] += n_rows
    for label, n_rows in zip(plan.classes, plan.class_counts, strict=True):
        then[_text(label)] += n_rows
    for label in now | then:
        if now[label] != then[label]:
            raise ValueError(
                f"{path} is of another table, or labels have changed: {then[label]} "
                f"rows were labelled {label!r} and {now[label]} are now."
            )


def _text(label):
    """Text of a label; a plan keeps fractions that are classes as text: 1.0 is 1."""
    with suppress(ValueError):
        if isinstance(label, str) and repr(float(label)) == label:
            return label_text(float(label))
    return label_text(label)
