"""Answers of a person to the rows of a plan, and what they say of its labels."""

import numpy as np

from skdataquality.utils._frames import missing_mask
from skdataquality.verified import VerifiedLabels

N_SHOWN = 5


def answers_to(plan, labels, *, classes=None, cannot_say=(), reviewer=None):
    """Join answers, in the order of a plan, with what the plan knows of its rows.

    ``plan`` is anything with ``rows``, ``given``, ``inclusion_probability``,
    ``purpose`` and ``n_total``; ``classes`` are the labels that an answer may be, None
    if that is seen where the answers are used.
    """
    answers = _as_answers(labels, plan.rows.size)
    unclear = _positions(cannot_say, plan.rows)
    is_answered = ~missing_mask(answers)
    twice = np.flatnonzero(is_answered & unclear)
    if twice.size:
        raise ValueError(
            f"cannot_say holds row {plan.rows[twice[0]]}, which has the answer "
            f"{answers[twice[0]]!r}: pass None as its label."
        )
    check_known(answers[is_answered], classes)
    if not is_answered.any() and not unclear.any():
        raise ValueError(
            f"labels holds no answer for any of the {plan.rows.size} rows: verify at "
            f"least one of them."
        )
    return VerifiedLabels(
        plan.rows[is_answered],
        answers[is_answered],
        plan.inclusion_probability[is_answered],
        reviewer=reviewer,
        cannot_say=plan.rows[unclear],
        unanswered=plan.rows[~is_answered & ~unclear],
        given=np.asarray(plan.given)[is_answered],
        purpose=plan.purpose,
        n_rows=plan.n_total,
    )


def _as_answers(labels, n_rows):
    array = np.empty(n_rows, dtype=object)
    labels = np.asarray(labels, dtype=object)
    if labels.ndim != 1 or labels.size > n_rows:
        raise ValueError(
            f"labels has shape {labels.shape} and the plan {n_rows} rows: pass one "
            f"label for each of plan.rows, in their order, or fewer if stopped early."
        )
    array[: labels.size] = labels
    return array


def _positions(rows, planned):
    """Mask of the planned rows that are named."""
    rows = np.asarray(rows)
    if rows.size and (rows.ndim != 1 or rows.dtype.kind not in "iu"):
        raise ValueError(
            f"cannot_say has shape {rows.shape} and dtype {rows.dtype}: pass rows of "
            f"plan.rows."
        )
    unknown = np.setdiff1d(rows, planned)
    if unknown.size:
        raise ValueError(
            f"cannot_say holds {unknown.size} rows that were not planned, "
            f"{unknown[:N_SHOWN].tolist()}: pass rows of plan.rows only."
        )
    return np.isin(planned, rows)


def check_known(labels, classes):
    """Raise if a label is none of the classes; None for no classes."""
    if classes is None:
        return
    classes = np.asarray(classes, dtype=object).tolist()
    unknown = [label for label in dict.fromkeys(labels) if label not in classes]
    if unknown:
        raise ValueError(
            f"labels holds {unknown[:N_SHOWN]}, which are no labels of the table: it "
            f"has {classes[:N_SHOWN]}{' and more' * (len(classes) > N_SHOWN)}: "
            f"pass labels, not whether a label is wrong."
        )


def verdicts_on(plan, verified):
    """Rows of an audit's plan that have an answer, and whether their labels are wrong.

    Rows that no plan drew are left out: they say nothing about the rest.
    """
    if verified.purpose not in (None, plan.purpose):
        raise ValueError(
            f"verified holds rows drawn for a {verified.purpose}: an error rate needs "
            f"rows drawn for an audit."
        )
    if verified.n_rows not in (None, plan.n_total):
        raise ValueError(
            f"verified is of a table with {verified.n_rows} rows, this plan of one "
            f"with {plan.n_total}: pass the plan that drew the rows."
        )
    drawn = verified.is_drawn
    rows, labels = verified.rows[drawn], verified.labels[drawn]
    if rows.size == 0:
        raise ValueError(
            "verified has no answer for a row that a plan drew: verify some of "
            "plan.rows."
        )
    given = plan.given[plan.find(rows)].tolist()
    was = given if verified.given is None else verified.given[drawn].tolist()
    for row, now, then in zip(rows.tolist(), given, was, strict=True):
        if now != then:
            raise ValueError(
                f"verified has the given label {then!r} in row {row}, the plan "
                f"{now!r}: pass the plan that drew the rows."
            )
    pairs = zip(labels, given, strict=True)
    is_error = [label is None or bool(label != old) for label, old in pairs]
    return rows, np.array(is_error, dtype=bool)
