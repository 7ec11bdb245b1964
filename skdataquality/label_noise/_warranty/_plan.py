"""Verdicts, and the list that they can promise: :class:`WarrantyPlan`."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from skdataquality.label_noise._audit import answers_to, check_known
from skdataquality.label_noise._warranty._result import ListWarranty
from skdataquality.label_noise._warranty._rule import allowed
from skdataquality.label_noise._warranty._sequence import go_through, rows_to_ask
from skdataquality.utils._shown import ShownResult, on_few_lines
from skdataquality.utils._validation import is_quantity
from skdataquality.verified import VerifiedLabels

N_SHOWN = 5


@dataclass(frozen=True, eq=False, repr=False)
class WarrantyPlan(ShownResult):
    """Which rows a person should verify; made by :func:`plan_warranty`.

    Attributes
    ----------
    rows : ndarray of shape (n_first,), int
        Rows to verify first, numbered from 0, in an order in which one may stop. What
        comes next depends on their verdicts: ``evaluate(...).next_rows``.
    ranking : ndarray of shape (n_ranked,), int
        All rows that a list may hold, the most doubtful first.
    turn : ndarray of shape (n_ranked,), int
        Place of each of them in the random order of verifying.
    cuts : ndarray of shape (n_lists,), int
        Lengths of the lists, rising: the list of length k is ``ranking[:k]``.
    share, level : float
    n_rows : int
        Most rows to verify.
    y : ndarray of shape (n_samples,)
        Given labels.
    """

    rows: np.ndarray
    ranking: np.ndarray
    turn: np.ndarray
    cuts: np.ndarray
    share: float
    level: float
    n_rows: int
    y: np.ndarray

    purpose = "warranty"

    def __repr__(self):
        return on_few_lines(
            f"WarrantyPlan({self.rows.size} of {self.ranking.size} rows to verify "
            f"first, at most {self.n_rows}; lists of {self.cuts[0]} to {self.cuts[-1]})"
        )

    def _facts(self):
        return {
            "rows to verify first": self.rows.size,
            "at most": self.n_rows,
            "ranked": self.ranking.size,
            "lists": f"of {self.cuts[0]} to {self.cuts[-1]} rows",
        }

    @property
    def given(self):
        """Label of each row to verify first, ndarray of shape (n_first,)."""
        return self.y[self.rows]

    @property
    def inclusion_probability(self):
        """NaN for each row: a ranking says nothing about the rest of the table."""
        return np.full(self.rows.size, np.nan)

    @property
    def n_total(self):
        """Rows of the table."""
        return self.y.size

    def verified(self, labels, *, rows=None, cannot_say=(), reviewer=None):
        """Put the answers of a person into VerifiedLabels.

        Parameters
        ----------
        labels : array-like of shape (n_answers,)
            What the person says is right, for `rows` in their order, or fewer for one
            who stopped early; None or NaN where a row has no answer.
        rows : array-like of shape (n_rows,), int, default=None
            Rows that were verified; None takes ``plan.rows``.
        cannot_say : array-like of int, default=()
            Rows without an answer because the person cannot tell.
        reviewer : str, default=None

        Returns
        -------
        verified : VerifiedLabels

        Raises
        ------
        ValueError
            If there are more labels than rows, a row is not of the ranking, nothing is
            answered, `cannot_say` holds a row that is not of `rows` or has an answer,
            or a label is no class of the table: a slip of the pen would count as
            "wrong". Where no class is right, pass verdicts to :meth:`evaluate`.
        """
        rows = self.rows if rows is None else np.asarray(rows)
        self._check_ranked(rows)
        return answers_to(
            replace(self, rows=rows.astype(np.intp)),
            labels,
            classes=self._classes,
            cannot_say=cannot_say,
            reviewer=reviewer,
        )

    def evaluate(self, verified):
        """Say how long a list the verdicts can promise.

        May be asked after any verdict, as often as one likes, and with any rows of the
        ranking verified: see :func:`plan_warranty`.

        Parameters
        ----------
        verified : VerifiedLabels or dict
            Verdicts so far. A dict has rows as keys and True where the given label is
            wrong, False where it is right, None where the person cannot say; this
            counts as not wrong, and the row is left out of the list.

        Returns
        -------
        warranty : ListWarranty

        Raises
        ------
        ValueError
            If verdicts are of another table, no verdicts, or on rows that are not in
            the ranking (of VerifiedLabels those are left aside), or a verified label is
            no class of the table.
        """
        place = dict(zip(self.ranking.tolist(), range(self.ranking.size), strict=True))
        verdicts = {place[row]: v for row, v in self._verdicts(verified, place)}
        steps = list(go_through(self, verdicts))
        size = least = 0
        for step in (step for step in steps if step.is_good):
            size = step.size
            least = size - allowed(size, self.share, step.taken_out)
        listed = [at for at in range(size) if verdicts.get(at, True)]
        wrong = sum(at in verdicts for at in listed)
        return ListWarranty(
            rows=self.ranking[listed],
            wrong_at_least=max(least, wrong),
            share=self.share,
            level=self.level,
            n_unseen=len(listed) - wrong,
            n_verified=len(verdicts),
            n_wrong=sum(verdicts.values()),
            next_rows=self.ranking[rows_to_ask(self, verdicts)],
            steps=[step.to_dict() for step in steps],
        )

    def _verdicts(self, verified, place):
        """Pairs of a row of the ranking and whether it is wrong."""
        if isinstance(verified, VerifiedLabels):
            is_wrong = verified.is_wrong(self.y).tolist()
            check_known([v for v in verified.labels if v is not None], self._classes)
            pairs = zip(verified.rows.tolist(), is_wrong, strict=True)
            unknown = dict.fromkeys(verified.cannot_say.tolist(), False)
            return [(r, v) for r, v in [*pairs, *unknown.items()] if r in place]
        if not isinstance(verified, Mapping):
            raise ValueError(
                f"verified is a {type(verified).__name__}: pass VerifiedLabels, as "
                f"plan.verified(labels) makes them, or a dict of rows to True (the "
                f"given label is wrong), False or None."
            )
        rows = np.array(list(verified), dtype=object)
        self._check_ranked(rows)
        for row, verdict in verified.items():
            if not (verdict is None or isinstance(verdict, bool | np.bool_)):
                raise ValueError(
                    f"verified has {verdict!r} for row {row}: pass True where the "
                    f"given label is wrong, False where it is right, None for 'cannot "
                    f"say'."
                )
        return [(int(row), bool(verdict)) for row, verdict in verified.items()]

    @property
    def _classes(self):
        """Labels of the table, None if they are numbers that measure something."""
        return None if is_quantity(self.y) else list(dict.fromkeys(self.y.tolist()))

    def _check_ranked(self, rows):
        known = set(self.ranking.tolist())
        strange = [row for row in rows.tolist() if row not in known]
        if strange:
            raise ValueError(
                f"rows holds {strange[:N_SHOWN]}, which are not in the ranking: pass "
                f"rows of plan.rows or of next_rows, numbered from 0."
            )
