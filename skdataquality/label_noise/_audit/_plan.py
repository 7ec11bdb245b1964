"""The rows to verify by hand, and what their verdicts say: :class:`AuditPlan`."""

import warnings
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from skdataquality.exceptions import DataQualityWarning
from skdataquality.label_noise._audit._answers import answers_to, verdicts_on
from skdataquality.label_noise._audit._design import draw
from skdataquality.label_noise._classes import lines_of
from skdataquality.label_noise._confident import (
    VERIFIED,
    ErrorRates,
    verified_rates,
)
from skdataquality.utils._frames import missing_mask, pandas_frame
from skdataquality.utils._shown import ShownResult
from skdataquality.utils._validation import check_same_length
from skdataquality.verified import VerifiedLabels

N_SHOWN = 5


@dataclass(frozen=True, repr=False)
class AuditEstimate(ErrorRates):
    """Share of wrong labels, from rows that a person verified.

    Attributes
    ----------
    overall : Interval
        Share in [0, 1], lower is cleaner, with its interval.
    by_class : list of dict
        One per given class: ``class``, ``rows``, ``verified``, ``errors_found`` and
        ``rate``, an Interval; NaN within (0, 1) if no row of the class was verified.
    by_stratum : list of dict
        The most doubtful stratum first: ``stratum``, ``rows``, ``verified`` and
        ``errors_found``.
    basis : str
        "verified rows".
    """

    by_stratum: list
    basis: str = VERIFIED


@dataclass(frozen=True, eq=False, repr=False)
class AuditPlan(ShownResult):
    """Which rows a person should verify; made by :meth:`LabelAudit.plan`.

    Attributes
    ----------
    rows : ndarray of shape (n_rows,), int
        Positions in `y`, in an order in which one may stop early, at any row from
        which on each stratum has a verdict (some dozen rows).
    given_codes : ndarray of shape (n_rows,), int
        Position in `classes` of the label of each of these rows.
    strata : ndarray of shape (n_rows,), int
        Stratum of each of these rows; 0 is the most doubtful. Rows without a
        prediction have the last one.
    classes : ndarray of shape (n_classes,)
    class_sizes : ndarray of shape (n_strata, n_classes), int
        All rows of the data, by stratum and given label.
    n_total : int
        Rows of the data; of a table, those without a label among them.
    purpose : str
        "audit": what the rows are drawn for.
    """

    rows: np.ndarray
    given_codes: np.ndarray
    strata: np.ndarray
    classes: np.ndarray
    class_sizes: np.ndarray
    n_total: int | None = None
    purpose: ClassVar[str] = "audit"

    def __post_init__(self):
        if self.n_total is None:
            object.__setattr__(self, "n_total", int(self.class_sizes.sum()))

    def __repr__(self):
        n_strata, n_classes = self.class_sizes.shape
        return (
            f"AuditPlan({self.n_rows} of {self.class_sizes.sum()} rows; "
            f"strata: {n_strata}, classes: {n_classes})"
        )

    def _facts(self):
        n_strata, n_classes = self.class_sizes.shape
        return {
            "rows to verify": self.n_rows,
            "rows of the table": int(self.class_sizes.sum()),
            "strata": n_strata,
            "classes": n_classes,
        }

    @property
    def n_rows(self):
        """Number of rows to verify; fewer than asked for if the data have fewer."""
        return self.rows.size

    @property
    def given(self):
        """Label of each row to verify, ndarray of shape (n_rows,)."""
        return self.classes[self.given_codes]

    @property
    def stratum_sizes(self):
        """All rows of the data by stratum, ndarray of shape (n_strata,)."""
        return self.class_sizes.sum(axis=1)

    @property
    def inclusion_probability(self):
        """Chance of each row to be in the plan, ndarray of shape (n_rows,)."""
        drawn = np.bincount(self.strata, minlength=self.class_sizes.shape[0])
        return (drawn / self.stratum_sizes)[self.strata]

    def to_frame(self):
        """Return the review sheet, one line per row to verify, in their order.

        Hide ``stratum`` and ``inclusion_probability`` from the reviewer: they tell
        how doubtful a row is.

        Returns
        -------
        frame : pandas.DataFrame
            Columns ``row``, ``given``, ``stratum``, ``inclusion_probability``.

        Raises
        ------
        ImportError
            If pandas is missing; it comes with the extra ``cli``.
        """
        return pandas_frame(
            {
                "row": self.rows,
                "given": self.given,
                "stratum": self.strata,
                "inclusion_probability": self.inclusion_probability,
            },
            "AuditPlan.to_frame",
            "the attributes rows and given",
        )

    def verified(self, labels, *, cannot_say=(), reviewer=None):
        """Return what a person says about the rows of this plan.

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
            If there are more answers than rows, a row of `cannot_say` is not planned
            or has an answer, or a label is none of ``classes``.

        Examples
        --------
        >>> import numpy as np
        >>> from skdataquality.label_noise import LabelAudit
        >>> y = np.array(["cat", "dog"] * 20)
        >>> plan = LabelAudit(4, random_state=0).plan(y, np.full((40, 2), 0.5))
        >>> verified = plan.verified(["cat", None, "dog"], cannot_say=plan.rows[[1]])
        >>> verified.n_verified, verified.unanswered.size
        (2, 1)
        """
        return answers_to(
            self,
            labels,
            classes=self.classes,
            cannot_say=cannot_say,
            reviewer=reviewer,
        )

    def estimate(self, rows, is_error=None, *, level=0.95):
        """Estimate the share of wrong labels from the verdicts of a person.

        Parameters
        ----------
        rows : array-like of shape (n_verified,), int, or VerifiedLabels
            Rows of the plan that were verified, in any order; or what
            :meth:`verified` returns, of which rows that no plan drew are left out.
        is_error : array-like of shape (n_verified,), bool, default=None
            Whether the given label of each of them is wrong; None with VerifiedLabels.
        level : float, default=0.95
            Confidence level.

        Returns
        -------
        estimate : AuditEstimate

        Raises
        ------
        ValueError
            If a row was not planned or comes twice, if verdicts are not booleans, or
            if no row of a stratum was verified.

        Warns
        -----
        DataQualityWarning
            If rows of the plan were not verified. The others are taken for a random
            sample of each stratum: right if the reviewer stopped early, in the order
            of the plan; wrong if hard rows were skipped.
        """
        if isinstance(rows, VerifiedLabels):
            rows, is_error = verdicts_on(self, rows)
        planned, errors = self.find(rows), _as_verdicts(is_error)
        check_same_length(rows=planned, is_error=errors)
        n_strata, n_classes = self.class_sizes.shape
        cell = self.strata[planned] * n_classes + self.given_codes[planned]
        n_cells = n_strata * n_classes
        verified = np.bincount(cell, minlength=n_cells).reshape(n_strata, n_classes)
        found = np.bincount(cell[errors], minlength=n_cells).reshape(verified.shape)
        self._check_verified(verified.sum(axis=1))
        class_rows = self.class_sizes.sum(axis=0)
        overall, by_class = verified_rates(
            found,
            verified,
            self.stratum_sizes,
            class_rows,
            self.class_sizes - verified + found,
            level=level,
        )
        return AuditEstimate(
            overall=overall,
            by_class=lines_of(
                {
                    "class": self.classes,
                    "rows": class_rows,
                    "verified": verified.sum(axis=0),
                    "errors_found": found.sum(axis=0),
                    "rate": np.array(by_class, dtype=object),
                }
            ),
            by_stratum=lines_of(
                {
                    "stratum": np.arange(n_strata),
                    "rows": self.stratum_sizes,
                    "verified": verified.sum(axis=1),
                    "errors_found": found.sum(axis=1),
                }
            ),
        )

    def find(self, rows):
        """Return the positions in the plan of some of its rows, each at most once.

        Parameters
        ----------
        rows : array-like of shape (n_verified,), int

        Returns
        -------
        positions : ndarray of shape (n_verified,), int

        Raises
        ------
        ValueError
            If a row was not planned or comes twice.
        """
        rows = np.asarray(rows)
        if rows.ndim != 1 or rows.size == 0 or rows.dtype.kind not in "iu":
            raise ValueError(
                f"rows has shape {rows.shape} and dtype {rows.dtype}: pass the numbers "
                f"of the verified rows, as plan.rows has them."
            )
        order = np.argsort(self.rows, kind="stable")
        planned = order[
            np.minimum(np.searchsorted(self.rows, rows, sorter=order), self.n_rows - 1)
        ]
        unknown = self.rows[planned] != rows
        if unknown.any():
            raise ValueError(
                f"rows holds {int(unknown.sum())} rows that were not planned, "
                f"{rows[unknown][:N_SHOWN].tolist()}: pass rows of plan.rows only; "
                f"those chosen by hand would bias the estimate."
            )
        repeated = np.flatnonzero(np.bincount(planned) > 1)
        if repeated.size:
            raise ValueError(
                f"rows holds {repeated.size} rows twice or more, "
                f"{self.rows[repeated][:N_SHOWN].tolist()}: pass one verdict for each."
            )
        return planned

    def _check_verified(self, verified):
        n_missing = self.n_rows - int(verified.sum())
        if not verified.all():
            stratum = int(np.flatnonzero(verified == 0)[0])
            rows = self.rows[self.strata == stratum]
            raise ValueError(
                f"rows holds no row of stratum {stratum}, which has "
                f"{self.stratum_sizes[stratum]} rows: verify one or more of "
                f"{rows[:N_SHOWN].tolist()}."
            )
        if n_missing:
            warnings.warn(
                f"{n_missing} of {self.n_rows} planned rows have no verdict. The "
                f"others are taken for a random sample, which they are if verified in "
                f"the order of the plan, and are not if hard rows were skipped.",
                DataQualityWarning,
                stacklevel=3,
            )


def _as_verdicts(is_error):
    verdicts = np.asarray(is_error)
    if verdicts.ndim == 1:
        _refuse_missing(verdicts)
    if verdicts.dtype.kind == "O" and all(
        isinstance(verdict, bool | np.bool_) for verdict in verdicts.ravel()
    ):
        verdicts = verdicts.astype(bool)
    if verdicts.ndim != 1 or verdicts.dtype.kind != "b":
        raise ValueError(
            f"is_error has shape {verdicts.shape} and holds values such as "
            f"{verdicts.ravel()[:N_SHOWN].tolist()}: pass True where the given label "
            f"is wrong, False where it is right, as true_labels != plan.given gives."
        )
    return verdicts


def _refuse_missing(verdicts):
    missing = np.flatnonzero(missing_mask(verdicts))
    if missing.size:
        raise ValueError(
            f"is_error has {missing.size} missing verdict(s), at position(s) "
            f"{missing[:N_SHOWN].tolist()}: leave those rows out of `rows` and of "
            f"`is_error`, as sheet.dropna() does."
        )


def plan_from_design(stratum, drawn, *, codes, classes, random_state):
    """Draw so many rows of each stratum; :meth:`LabelAudit.plan` makes the strata."""
    rows = draw(stratum, drawn, random_state)
    shape = drawn.size, classes.size
    cell = stratum * classes.size + codes
    return AuditPlan(
        rows=rows,
        given_codes=codes[rows],
        strata=stratum[rows],
        classes=classes,
        class_sizes=np.bincount(cell, minlength=shape[0] * shape[1]).reshape(shape),
    )
