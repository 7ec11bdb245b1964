"""Rows for a person to check next: :class:`ReviewBatch`."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from skdataquality.label_noise._audit import answers_to
from skdataquality.utils._frames import pandas_frame
from skdataquality.utils._plain import plain
from skdataquality.utils._shown import ShownResult

SUSPECT, RANDOM = "suspect", "random"


@dataclass(frozen=True, eq=False, repr=False)
class ReviewBatch(ShownResult):
    """Rows whose labels a person should check next.

    Made by :meth:`LabelReviewQueue.next_batch`; a sheet of it is written by
    :func:`skdataquality.report.write_sheet`, tasks by :func:`to_label_studio`.

    Attributes
    ----------
    rows : ndarray of shape (n_rows,), int
        Rows of the table, numbered from 0, in random order: whoever stops early has
        done a random part.
    given : ndarray of shape (n_rows,)
        Label of each of these rows in the table.
    suggested : ndarray of shape (n_rows,)
        The label that the models find most probable.
    score : ndarray of shape (n_rows,), float
        Quality of the given label in [0, 1], higher is better; NaN without prediction.
    reason : ndarray of shape (n_rows,), str
        "suspect" for the rows whose labels look worst, "random" for those drawn from
        all the others, on which the estimate of what remains rests.
    inclusion_probability : ndarray of shape (n_rows,), float
        Chance in (0, 1] of each row to be in the batch: 1 for suspects.
    classes : ndarray of shape (n_classes,)
        Labels of the table.
    n_total : int
        Rows of the table.
    number : int
        1 for the first batch.
    purpose : str
        "review".

    Notes
    -----
    Hide ``suggested``, ``score``, ``reason`` and ``inclusion_probability`` from the
    reviewer, who tends to agree with what a model says.
    """

    rows: np.ndarray
    given: np.ndarray
    suggested: np.ndarray
    score: np.ndarray
    reason: np.ndarray
    inclusion_probability: np.ndarray
    classes: np.ndarray
    n_total: int
    number: int
    purpose: ClassVar[str] = "review"

    @property
    def n_rows(self):
        """Number of rows to check; fewer than asked for if fewer are left."""
        return self.rows.size

    @property
    def n_random(self):
        """Number of rows drawn at random."""
        return int((self.reason == RANDOM).sum())

    def verified(self, labels, *, cannot_say=(), reviewer=None):
        """Return what a person says about the rows of this batch.

        Parameters
        ----------
        labels : array-like of shape (n_answers,)
            The right label of each of ``rows``, in their order; None or NaN where there
            is no answer. Fewer than the rows if the person stopped early.
        cannot_say : array-like of int, default=()
            Those of ``rows`` that the person looked at without an answer.
        reviewer : str, default=None

        Returns
        -------
        verified : VerifiedLabels

        Raises
        ------
        ValueError
            If there are more answers than rows or none, a row of `cannot_say` is not in
            the batch or has an answer, or a label is none of ``classes``.
        """
        return answers_to(
            self,
            labels,
            classes=self.classes,
            cannot_say=cannot_say,
            reviewer=reviewer,
        )

    def to_frame(self):
        """Return one line for each row, in their order, with all that is known.

        Returns
        -------
        frame : pandas.DataFrame
            Columns ``row``, ``given``, ``suggested``, ``score``, ``reason`` and
            ``inclusion_probability``.

        Raises
        ------
        ImportError
            If pandas is missing; it comes with the extra ``cli``.
        """
        return pandas_frame(
            {
                "row": self.rows,
                "given": self.given,
                "suggested": self.suggested,
                "score": self.score,
                "reason": self.reason,
                "inclusion_probability": self.inclusion_probability,
            },
            "ReviewBatch.to_frame",
            "the attributes rows and given",
        )

    def to_dict(self):
        """Return plain lists, numbers and text.

        Returns
        -------
        result : dict
        """
        names = (
            "rows",
            "given",
            "suggested",
            "score",
            "reason",
            "inclusion_probability",
            "classes",
            "n_total",
            "number",
            "purpose",
        )
        return plain({name: getattr(self, name) for name in names})

    def _facts(self):
        return {
            "rows": self.n_rows,
            "of": self.n_total,
            "suspects": self.n_rows - self.n_random,
            "random": self.n_random,
        }

    def __repr__(self):
        return (
            f"ReviewBatch(number {self.number}: {self.n_rows} of {self.n_total} rows, "
            f"{self.n_rows - self.n_random} suspects and {self.n_random} random)"
        )


def draw_batch(queue, n, n_random, rng):
    """Take the first of a queue, and rows at random from all the others.

    Parameters
    ----------
    queue : ndarray of shape (n_open,), int
        Rows, the most suspicious first.
    n, n_random : int
        Rows to take, and how many of them at random.
    rng : RandomState

    Returns
    -------
    rows : ndarray of shape (n,), int
        In random order.
    reason : ndarray of shape (n,), str
    chance : ndarray of shape (n,), float

    Notes
    -----
    The others are cut, in their order, into as many blocks of equal size as rows are
    drawn, and one row is drawn from each: an even sample of all degrees of suspicion.
    """
    suspects, others = queue[: n - n_random], queue[n - n_random :]
    blocks = np.array_split(others, n_random) if n_random else []
    drawn = [block[rng.randint(block.size)] for block in blocks]
    rows = np.concatenate([suspects, np.array(drawn, dtype=np.intp)])
    reason = np.repeat([SUSPECT, RANDOM], [suspects.size, len(drawn)])
    chance = np.r_[np.ones(suspects.size), [1 / block.size for block in blocks]]
    order = rng.permutation(rows.size)
    return rows[order], reason[order], chance[order]
