"""The result of a diagnosis: :class:`DataQualityReport`."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from skdataquality.diagnosis._plan import make_plan
from skdataquality.report import render
from skdataquality.report._json import to_json
from skdataquality.utils._shown import on_few_lines

SCHEMA = "skdataquality.report/1"


@dataclass(frozen=True, repr=False)
class DataQualityReport:
    """Verdicts, numbers and a plan.

    Attributes
    ----------
    lenses : dict of str to lens result
        By name, in the order in which they were asked: "leakage", "duplicates",
        "entities" (rows that belong together), "imbalance" (of classes), with votes
        "annotators", "label_noise" and, with target data, "shift", with sources or
        votes "provenance", with rows that have no label "pool".
    n_rows, n_columns : int
        Of the training table, without the rows that have no label.
    label_kind : {"classes", "numbers"}
    n_target_rows : int or None
    n_pool_rows : int or None
    n_twins_dropped : int
        Training rows left out of a fold because a duplicate of theirs was held out.
    withheld : tuple of column names
        Columns that no model saw: they give the answer away, or name rows.
    notes : tuple of str
        What else was seen: rows left out or not modelled, columns without content.
    table, target_table : as passed to :func:`diagnose`, or None
        For :meth:`to_frame`. Held by reference, not copied, and left out of pickles.

    See Also
    --------
    diagnose : Makes it.
    """

    lenses: dict
    n_rows: int
    n_columns: int
    label_kind: str = "classes"
    n_target_rows: int | None = None
    n_twins_dropped: int = 0
    withheld: tuple = ()
    notes: tuple = ()
    table: Any = field(default=None, repr=False, compare=False)
    target_table: Any = field(default=None, repr=False, compare=False)
    n_pool_rows: int | None = None

    def __getstate__(self):
        """Save no table."""
        return vars(self) | {"table": None, "target_table": None}

    @cached_property
    def plan(self):
        """What to do, as a list of steps in the order in which they must be done.

        A step holds ``code`` (``imports``, ``expression``) of the recommended
        estimator, or None; where one is recommended that cannot be written as code, as
        with a lambda among its parameters, ``no_code`` says why.
        """
        return make_plan(self.lenses)

    def to_frame(self, lens, table=None):
        """Return one line for each row that a lens flags.

        Parameters
        ----------
        lens : str
            "label_noise" or "duplicates" for rows of the table; "leakage" for target
            rows that are training rows.
        table : array-like or data frame, default=None
            The rows whose cells stand beside, as passed to :func:`diagnose`. None is
            that very table, which the report holds until it is pickled; one that was
            loaded gives no cells unless it is passed again.

        Returns
        -------
        frame : pandas.DataFrame
            ``row``, numbered from 0 in the table that was passed, rows without a label
            counted, then what :meth:`LensResult.to_frame
            <skdataquality.base.LensResult.to_frame>` says. The mask of these rows is
            ``report.lenses[lens].flagged``.

        Raises
        ------
        ValueError
            If there is no such lens, it flags no rows, or the table does not fit.
        ImportError
            If pandas is missing; it comes with the extra ``cli``.

        Examples
        --------
        >>> import numpy as np
        >>> import pandas as pd
        >>> from skdataquality import diagnose
        >>> X = np.random.default_rng(0).normal(size=(60, 2)).round(2)
        >>> table = pd.DataFrame(X, columns=["age", "dose"])
        >>> table["ill"] = table["age"] > 0
        >>> table = pd.concat([table, table[:2]], ignore_index=True)
        >>> diagnose(table, "ill").to_frame("duplicates")
           row  like_row         reason   age  dose   ill
        0   60         0  equals row 0  0.13 -0.13  True
        1   61         1  equals row 1  0.64  0.10  True
        """
        if lens not in self.lenses:
            raise ValueError(
                f"lens={lens!r} is none of those that were asked: {list(self.lenses)}."
            )
        result = self.lenses[lens]
        if table is None:
            is_target = result.flags_rows_of == "target"
            table = self.target_table if is_target else self.table
        return result.to_frame(table)

    def to_dict(self):
        """Return the report as plain lists, numbers and text.

        Returns
        -------
        report : dict
            ``{"schema", "data", "lenses", "plan"}``.
        """
        pool = {} if self.n_pool_rows is None else {"pool_rows": self.n_pool_rows}
        return {
            "schema": SCHEMA,
            "data": {
                "rows": self.n_rows,
                "columns": self.n_columns,
                "label_kind": self.label_kind,
                "target_rows": self.n_target_rows,
                **pool,
                "twins_dropped": self.n_twins_dropped,
                "notes": list(self.notes),
            },
            "lenses": {name: lens.to_dict() for name, lens in self.lenses.items()},
            "plan": list(self.plan),
        }

    def to_json(self, *, indent=2):
        """Return the report as JSON text.

        Parameters
        ----------
        indent : int or None, default=2

        Returns
        -------
        text : str
        """
        return to_json(self.to_dict(), indent=indent)

    def to_markdown(self):
        """Return the report as Markdown text.

        Returns
        -------
        text : str
        """
        return render(self.to_dict(), "markdown")

    def __str__(self):
        return render(self.to_dict())

    def __repr__(self):
        said = ", ".join(f"{k}: {v.verdict}" for k, v in self.lenses.items())
        return on_few_lines(f"DataQualityReport({self.n_rows} rows; {said})")

    def _repr_html_(self):
        return render(self.to_dict(), "html")
