"""What the comparison on one table found: :class:`TableComparison`."""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from skdataquality.diagnosis import DataQualityReport
from skdataquality.model_selection import RemedyComparison
from skdataquality.utils._shown import ShownResult


@dataclass(frozen=True, eq=False, repr=False)
class TableComparison(ShownResult):
    """A diagnosis, and the comparison of the remedies that it suggests.

    Attributes
    ----------
    report : DataQualityReport
    comparison : RemedyComparison
        Its rows are ``rows`` of the table.
    left_out : tuple of str
        Columns of the table that no candidate saw, the label not among them.
    notes : tuple of str
        What was left out, and on how many rows the candidates were compared.
    drawn : tuple of int, or None
        If not all labelled rows were compared: the seed with which they were drawn by
        ``numpy.random.default_rng(seed).choice(..., replace=False)``, and how many.
    label_as_text : bool
        Whether numbers with fractions were taken as classes, under their text.
    scorer : scorer, or None
        Of the deciding metric, where it was told its class.
    rows : ndarray of shape (n_compared,), int
        Rows of the table that were compared, from 0.
    labels : ndarray of shape (n_samples,), object
        Labels of all rows of the table as they were compared, None where missing.
    verified : VerifiedLabels or None
        Labels that a person has checked, by rows of the table; the comparison rests on
        those of them that were compared.
    """

    report: DataQualityReport
    comparison: RemedyComparison
    left_out: tuple
    notes: tuple
    drawn: tuple | None = None
    label_as_text: bool = False
    scorer: Any = None
    rows: Any = field(default=None)
    labels: Any = field(default=None)
    verified: Any = None

    def plan_verification(self, n_rows=50, *, random_state=None):
        """Draw the rows of the table on which the verdict hangs.

        Parameters
        ----------
        n_rows : int, default=50
            Rows that a person can verify.
        random_state : int, RandomState instance or None, default=None

        Returns
        -------
        plan : VerificationPlan
            Its ``rows`` are rows of the table, from 0, those without a label or not
            compared counted. Write it with :func:`~skdataquality.report.write_sheet`,
            its ``labels`` those of this object, and pass the answers as ``verified`` to
            :func:`compare_table`.

        Raises
        ------
        ValueError
            As :meth:`RemedyComparison.plan_verification` does.

        Examples
        --------
        >>> from sklearn.datasets import load_breast_cancer
        >>> from sklearn.linear_model import LogisticRegression
        >>> from sklearn.pipeline import make_pipeline
        >>> from sklearn.preprocessing import StandardScaler
        >>> from skdataquality.workflows import compare_table
        >>> table = load_breast_cancer(as_frame=True).frame[::3]
        >>> model = make_pipeline(StandardScaler(), LogisticRegression())
        >>> options = {"estimator": model, "cv": 3}
        >>> result = compare_table(table, "target", **options)
        >>> plan = result.plan_verification(40, random_state=0)
        >>> answers = plan.verified(plan.given)  # a person who finds all right
        >>> proved = compare_table(table, "target", verified=answers, **options)
        >>> proved.comparison.verified_
        VerifiedLabels(40 rows verified; drawn for comparison)
        """
        plan = self.comparison.plan_verification(n_rows, random_state=random_state)
        return replace(plan, rows=self.rows[plan.rows], n_total=np.size(self.labels))
