"""The rows on which a comparison hangs: :class:`VerificationPlan`."""

import numbers
from dataclasses import dataclass

import numpy as np

from skdataquality.label_noise._audit import answers_to
from skdataquality.model_selection._verification._design import sizes
from skdataquality.model_selection._verification._draw import chances, draw_by_chance
from skdataquality.utils._draws import own_rng
from skdataquality.utils._frames import pandas_frame
from skdataquality.utils._shown import ShownResult, on_few_lines

N_SHOWN = 5
FOR_OTHERS = 0.15  # of the draw, for metrics that do not decide


class NothingToVerifyError(ValueError):
    """All candidates make the same decisions."""


@dataclass(frozen=True, eq=False, repr=False)
class VerificationPlan(ShownResult):
    """Rows whose true label tells candidates apart.

    Made by :meth:`RemedyComparison.plan_verification`.

    Attributes
    ----------
    rows : ndarray of shape (n_rows,), int
        Rows to verify, numbered from 0, in random order: whoever stops early has a
        random part of them.
    given : ndarray of shape (n_rows,)
        Label of each of these rows in the table.
    inclusion_probability : ndarray of shape (n_rows,), float
        Chance in (0, 1] of each of these rows to be drawn. Keep it from the reviewer.
    n_total : int
        Rows of the table.
    n_differ : int
        Rows of the table whose label can change the comparison.
    purpose : str
        "comparison".
    notes_ : tuple of str
    """

    rows: np.ndarray
    given: np.ndarray
    inclusion_probability: np.ndarray
    n_total: int
    n_differ: int
    purpose: str = "comparison"
    notes_: tuple[str, ...] = ()

    @property
    def n_rows(self):
        """Number of rows to verify; fewer than asked for if fewer matter."""
        return self.rows.size

    def verified(self, labels, *, cannot_say=(), reviewer=None):
        """Join the answers of a person to the rows.

        Parameters
        ----------
        labels : array-like of shape (n_answers,)
            True label of each row, in the order of ``rows``. Fewer than rows if the
            person stopped early; None or NaN where there is no answer yet.
        cannot_say : array-like of int, default=()
            Rows of the plan that the person looked at without an answer.
        reviewer : str, default=None

        Returns
        -------
        verified : VerifiedLabels

        Raises
        ------
        ValueError
            If there are more labels than rows, ``cannot_say`` holds a row that was not
            planned or has an answer, or nothing is answered.
        """
        return answers_to(self, labels, cannot_say=cannot_say, reviewer=reviewer)

    def to_frame(self):
        """Return the rows to verify, one line each, in their order.

        Returns
        -------
        frame : pandas.DataFrame
            Columns ``row`` and ``given``.

        Raises
        ------
        ImportError
            If pandas is missing; it comes with the extra ``cli``.
        """
        return pandas_frame(
            {"row": self.rows, "given": self.given},
            "VerificationPlan.to_frame",
            "the attributes rows and given",
        )

    def __repr__(self):
        said = (
            f"VerificationPlan({self.n_rows} of {self.n_total} rows; the labels of "
            f"{self.n_differ} can change the comparison)"
        )
        return on_few_lines("\n".join([said, *(f"- {n}" for n in self.notes_)]))

    def _facts(self):
        return {
            "rows": self.n_rows,
            "of": self.n_total,
            "that can change the comparison": self.n_differ,
        } | ({"notes": self.notes_} if self.notes_ else {})


def plan_rows(question, metric, n_rows, random_state):
    """Draw the rows for the comparison under one metric."""
    _check_number(n_rows)
    chance = chances_of(question, metric, n_rows)
    n_differ = int((chance > 0).sum())
    if not _size(question, metric).any():
        raise NothingToVerifyError(
            "these remedies make the same decisions: nothing to verify. Their "
            f"{metric} is equal whatever the true labels are."
        )
    rows = draw_by_chance(chance, own_rng(random_state))
    notes: tuple[str, ...] = ()
    if n_differ <= n_rows:
        notes = (
            f"the candidates differ on {n_differ} rows, all of which are here"
            + (f", fewer than n_rows={n_rows}" if n_differ < n_rows else ""),
        )
    return VerificationPlan(
        rows=rows,
        given=question.y[rows],
        inclusion_probability=chance[rows],
        n_total=question.n_rows,
        n_differ=n_differ,
        notes_=notes,
    )


def chances_of(question, metric, n_rows):
    """Chance of every row of the table to be drawn among so many for this metric."""
    if question.forms(metric) is None:
        raise ValueError(
            f"{metric} is not computable from verified labels: let a metric of labels "
            f"(accuracy, balanced accuracy, F1), log loss, Brier score or AUC decide."
        )
    size = _size(question, metric)
    others = [
        _shares(_size(question, name))
        for name in question.functions
        if name != metric and question.forms(name) is not None
    ]
    if size.any() and others:
        size = _shares(size) + FOR_OTHERS / (1 - FOR_OTHERS) * np.mean(others, axis=0)
    return chances(size, n_rows)


def _size(question, metric):
    baseline = next(iter(question.forms(metric).values()))
    differences, weights = question.differences(metric), question.row_weights(metric)
    return sizes(baseline, differences, question.proxy, weights)


def _shares(size):
    return size / max(size.sum(), 1e-300)


def _check_number(n_rows):
    if (
        not isinstance(n_rows, numbers.Integral)
        or isinstance(n_rows, bool)
        or n_rows < 1
    ):
        raise ValueError(
            f"n_rows={n_rows!r} must be a whole number of 1 or more: how many rows a "
            f"person can verify."
        )
