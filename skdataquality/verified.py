"""Labels that a person has checked: :class:`VerifiedLabels`."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from skdataquality.utils._frames import is_missing, missing_mask
from skdataquality.utils._plain import plain
from skdataquality.utils._shown import ShownResult, on_few_lines

__all__ = ["VerifiedLabels"]

N_SHOWN = 5
HAND_PICKED = "rows that no plan drew"
PURPOSES = ("audit", "comparison", "warranty", "review", "query")


@dataclass(frozen=True, eq=False, repr=False)
class VerifiedLabels(ShownResult):
    """A few labels checked by a person, with the chance of each row to be drawn.

    Parameters
    ----------
    rows : array-like of shape (n_verified,), int
        Rows of the table, numbered from 0, each at most once.
    labels : array-like of shape (n_verified,)
        What the person says is right. None where only "the given label is wrong" is
        known; with two classes say the other one.
    inclusion_probability : array-like of shape (n_verified,), float, default=None
        Chance in (0, 1] of each row to be drawn, as the plan knows it; NaN for a row
        that no plan drew, None if this holds for all. Such a row corrects itself and
        says nothing about others.
    reviewer : str, default=None
    cannot_say : array-like of int, default=()
        Rows of the plan that the person looked at without an answer.
    unanswered : array-like of int, default=()
        Rows of the plan that nobody has looked at yet. The answered ones are taken for
        a random part of the plan, which they are if done in its order.
    given : array-like of shape (n_verified,), default=None
        Labels as they stood in the table when the rows were drawn; checked where the
        verified labels are used.
    purpose : {"audit", "comparison", "warranty", "review", "query", None}, \
            default=None
        What the rows were drawn for. Rows drawn to tell candidates apart say little
        about an error rate, those drawn from a ranking nothing, nor those that had no
        label before ("query").
    n_rows : int, default=None
        Rows of the table they were drawn from; checked where they are used.

    Notes
    -----
    No part of an array: scikit-learn never slices it, and the row numbers hold for the
    whole table only.

    Examples
    --------
    >>> from skdataquality.verified import VerifiedLabels
    >>> verified = VerifiedLabels([3, 17], ["cat", "dog"], given=["cat", "cat"])
    >>> verified
    VerifiedLabels(2 rows verified, 1 wrong; rows that no plan drew)
    """

    rows: np.ndarray
    labels: np.ndarray
    inclusion_probability: Any = None
    reviewer: str | None = None
    cannot_say: Any = ()
    unanswered: Any = ()
    given: Any = None
    purpose: str | None = None
    n_rows: int | None = None

    def __post_init__(self):
        put = object.__setattr__
        rows = _as_rows("rows", self.rows)
        unknown = _as_rows("cannot_say", self.cannot_say)
        put(self, "rows", rows)
        put(self, "cannot_say", unknown)
        open_rows = _as_rows("unanswered", self.unanswered)
        put(self, "unanswered", open_rows)
        put(self, "labels", _as_objects("labels", self.labels, rows.size))
        chance = self.inclusion_probability
        put(self, "inclusion_probability", _as_chances(chance, rows.size))
        if self.given is not None:
            put(self, "given", _as_objects("given", self.given, rows.size))
            _check_no_verdicts(self.labels, self.given)
        if self.purpose not in (None, *PURPOSES):
            raise ValueError(
                f"purpose={self.purpose!r} must be one of {PURPOSES} or None."
            )
        seen = np.concatenate([rows, unknown, open_rows])
        _check_distinct(seen)
        largest = int(seen.max(initial=-1))
        if self.n_rows is not None and largest >= self.n_rows:
            raise ValueError(
                f"rows holds row {largest}, but the table has {self.n_rows} rows, "
                f"numbered from 0."
            )

    @property
    def is_drawn(self):
        """Whether a plan drew each row, ndarray of shape (n_verified,), bool."""
        return ~np.isnan(self.inclusion_probability)

    @property
    def n_verified(self):
        """Number of rows with an answer."""
        return self.rows.size

    @property
    def weight(self):
        """How many rows each verified row stands for, ndarray of shape (n_verified,).

        The inverse of its chance to be drawn and answered; 1 for a row that no plan
        drew (Horvitz and Thompson 1952).
        """
        drawn = self.is_drawn
        n_answered = max(1, int(drawn.sum()))
        n_planned = n_answered + self.cannot_say.size + self.unanswered.size
        weight = np.ones(self.rows.size)
        weight[drawn] = n_planned / n_answered / self.inclusion_probability[drawn]
        return weight

    def is_wrong(self, y):
        """Say of each verified row whether the label in a table is wrong.

        Parameters
        ----------
        y : array-like of shape (n_samples,)
            Labels of the whole table.

        Returns
        -------
        is_wrong : ndarray of shape (n_verified,), bool

        Raises
        ------
        ValueError
            If the rows are not of this table.
        """
        y = self.check_table(y)
        return np.array(
            [
                label is None or bool(label != given)
                for label, given in zip(self.labels, y[self.rows].tolist(), strict=True)
            ],
            dtype=bool,
        )

    def check_table(self, y):
        """Raise if the rows cannot be of the table with these labels.

        Parameters
        ----------
        y : array-like of shape (n_samples,)

        Returns
        -------
        y : ndarray of shape (n_samples,)

        Raises
        ------
        ValueError
            If a row is out of range, the table has another number of rows than the one
            from which rows were drawn, or a given label has changed.
        """
        y = np.asarray(y)
        seen = np.concatenate([self.rows, self.cannot_say, self.unanswered])
        if self.n_rows is not None and self.n_rows != y.shape[0]:
            raise ValueError(
                f"verified is of a table with {self.n_rows} rows and this one has "
                f"{y.shape[0]}: pass the table from which the rows were drawn."
            )
        if seen.size and seen.max() >= y.shape[0]:
            raise ValueError(
                f"verified holds row {int(seen.max())}, but the table has "
                f"{y.shape[0]} rows, numbered from 0."
            )
        _check_no_verdicts(self.labels, y[self.rows].tolist())
        if self.given is not None:
            now = y[self.rows].tolist()
            changed = [
                (row, old, new)
                for row, old, new in zip(self.rows, self.given, now, strict=True)
                if old != new
            ]
            if changed:
                row, old, new = changed[0]
                raise ValueError(
                    f"verified is of another table: {len(changed)} of {self.rows.size} "
                    f"given labels differ, first in row {row}, labelled {old!r} when "
                    f"it was drawn and {new!r} here."
                )
        return y

    def take(self, origin):
        """Renumber the rows for a table that is made of rows of this one.

        Parameters
        ----------
        origin : array-like of shape (n_out,), int
            Row of this table that each row of the other is; negative where it is none.

        Returns
        -------
        verified : VerifiedLabels
            Without ``given``, since an edit may have changed labels. Rows that the
            other table has twice are verified twice.

        Examples
        --------
        >>> from skdataquality.verified import VerifiedLabels
        >>> VerifiedLabels([3, 17], ["cat", "dog"]).take([2, 17, 3]).rows
        array([1, 2])
        """
        origin = np.asarray(origin, dtype=np.intp)
        rows, at = _look_up(self.rows, origin)
        return VerifiedLabels(
            rows,
            self.labels[at],
            self.inclusion_probability[at],
            reviewer=self.reviewer,
            cannot_say=_look_up(self.cannot_say, origin)[0],
            unanswered=_look_up(self.unanswered, origin)[0],
            purpose=self.purpose,
            n_rows=origin.size,
        )

    def to_dict(self):
        """Return plain lists, numbers and text.

        Returns
        -------
        result : dict
        """
        return plain(
            {
                "rows": self.rows,
                "labels": list(self.labels),
                "inclusion_probability": self.inclusion_probability,
                "reviewer": self.reviewer,
                "cannot_say": self.cannot_say,
                "unanswered": self.unanswered,
                "given": None if self.given is None else list(self.given),
                "purpose": self.purpose,
                "n_rows": self.n_rows,
            }
        )

    def __repr__(self):
        said = [f"{self.n_verified} row{'s' * (self.n_verified != 1)} verified"]
        if self.given is not None:
            wrong = sum(
                label is None or label != given
                for label, given in zip(self.labels, self.given, strict=True)
            )
            said.append(f"{wrong} wrong")
        if self.cannot_say.size:
            said.append(f"{self.cannot_say.size} cannot say")
        if self.unanswered.size:
            said.append(f"{self.unanswered.size} unanswered")
        n_drawn = int(self.is_drawn.sum())
        how = f"drawn for {self.purpose}" if self.purpose else f"{n_drawn} drawn"
        how = HAND_PICKED if n_drawn == 0 and not self.purpose else how
        return on_few_lines(f"VerifiedLabels({', '.join(said)}; {how})")


def check_is_verified(verified):
    """Raise if an argument ``verified`` is something else than VerifiedLabels."""
    if not isinstance(verified, VerifiedLabels):
        raise ValueError(
            f"verified is a {type(verified).__name__}: pass VerifiedLabels, as "
            f"plan.verified(labels) makes them, or report.read_verified(path, table) "
            f"of a filled sheet."
        )


def as_verified(verified, y):
    """Return verified labels of exactly the rows of y, or None for None.

    ``verified`` is a `VerifiedLabels`, or a mask of the rows whose label in y, an
    array, is verified right.
    """
    if verified is None:
        return None
    if isinstance(verified, VerifiedLabels):
        verified.check_table(y)
        return verified
    mask = np.asarray(verified)
    if mask.dtype.kind == "O" and all(
        isinstance(v, bool | np.bool_) for v in mask.flat
    ):
        mask = mask.astype(bool)
    if mask.dtype.kind != "b" or mask.shape != y.shape[:1]:
        raise ValueError(
            f"verified is a {type(verified).__name__} of shape {mask.shape} and dtype "
            f"{mask.dtype}: pass VerifiedLabels, or a mask of shape {y.shape[:1]} that "
            f"is True where the label is verified right."
        )
    rows = np.flatnonzero(mask)
    return VerifiedLabels(rows, np.asarray(y[rows], dtype=object), n_rows=mask.size)


def refuse_unknown(verified, classes):
    """Raise if a verified label is none of the classes, a list.

    It would count as "the given one is wrong", as do verdicts passed for labels.
    """
    known = set(classes)
    unknown = [
        (row, label)
        for row, label in zip(verified.rows.tolist(), verified.labels, strict=True)
        if label is not None and label not in known
    ]
    if unknown:
        row, label = unknown[0]
        raise ValueError(
            f"verified has {len(unknown)} label(s) that are no class of y, first "
            f"{label!r} in row {row}; its classes are {classes[:N_SHOWN]}: mend them, "
            f"or pass None there, which says that the given label is wrong."
        )


def _look_up(rows, origin):
    """Rows of a new table that are among `rows`, and which of them each is."""
    if rows.size == 0:
        return rows, rows
    order = np.argsort(rows, kind="stable")
    at = order[np.minimum(np.searchsorted(rows[order], origin), rows.size - 1)]
    found = np.flatnonzero(rows[at] == origin)
    return found, at[found]


def _as_rows(name, rows):
    array = np.asarray(rows)
    if array.size == 0:
        return np.empty(0, dtype=np.intp)
    if array.ndim != 1 or array.dtype.kind not in "iu":
        raise ValueError(
            f"{name} has shape {array.shape} and dtype {array.dtype}: pass row numbers "
            f"from 0, one a row."
        )
    if array.min() < 0:
        raise ValueError(f"{name} holds {array.min()}: rows are numbered from 0.")
    return array.astype(np.intp)


def _as_objects(name, values, size):
    """Turn labels into an array of plain Python objects; None where missing."""
    array = np.asarray(values, dtype=object)
    if array.shape != (size,):
        raise ValueError(
            f"{name} has shape {array.shape} and rows {size} numbers: pass one for "
            f"each row."
        )
    missing = missing_mask(array) if size else np.zeros(0, dtype=bool)
    out = np.empty(size, dtype=object)
    for i, value in enumerate(array):
        out[i] = None if missing[i] else getattr(value, "item", lambda v=value: v)()
    return out


def _as_chances(chance, size):
    if chance is None:
        return np.full(size, np.nan)
    try:
        array = np.asarray(chance, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(
            "inclusion_probability holds what is no number: pass a chance in (0, 1] "
            "for each row, or NaN for a row that no plan drew."
        ) from None
    if array.shape != (size,):
        raise ValueError(
            f"inclusion_probability has shape {array.shape} and rows {size} numbers: "
            f"pass one for each row, or None."
        )
    wrong = ~np.isnan(array) & ~((array > 0) & (array <= 1))
    if wrong.any():
        raise ValueError(
            f"inclusion_probability holds {array[wrong][0]:g}: a chance to be drawn is "
            f"in (0, 1], or NaN for a row that no plan drew."
        )
    return array


def _check_no_verdicts(labels, given):
    """Refuse True and False for labels of another kind, where they would be 1 and 0."""
    is_verdict = [isinstance(label, bool) for label in labels]
    given = [label for label in given if not is_missing(label)]
    if any(is_verdict) and given and not any(isinstance(v, bool) for v in given):
        raise ValueError(
            f"labels holds {labels[is_verdict.index(True)]!r}, but labels of the table "
            f"are such as {given[0]!r}: pass the right label of each row, or None "
            f"where the given one is wrong and the right one is not known."
        )


def _check_distinct(rows):
    values, counts = np.unique(rows, return_counts=True)
    twice = values[counts > 1]
    if twice.size:
        raise ValueError(
            f"rows holds {twice.size} rows twice or more, {twice[:N_SHOWN].tolist()}: "
            f"pass one answer for each."
        )
