"""An error rate that does not rest on the model: :class:`LabelAudit`."""

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.exceptions import NotFittedError

from skdataquality.label_noise._audit._design import (
    ROWS_PER_STRATUM,
    allocate,
    stratify,
    suspicion_and_risk,
)
from skdataquality.label_noise._audit._plan import plan_from_design
from skdataquality.label_noise._classes import check_at_least_one
from skdataquality.label_noise._confident import match_partial
from skdataquality.utils._draws import own_rng
from skdataquality.utils._prediction_guards import warn_of_predictions
from skdataquality.utils._saving import PersistenceMixin


class LabelAudit(PersistenceMixin, BaseEstimator):
    """Error rate of labels from a few rows verified by hand.

    The rows to verify are drawn at random within strata, more of them where a model
    finds the labels doubtful. The estimate weighs them back: it is unbiased whatever
    the model, which only decides how precise it is.

    Parameters
    ----------
    n_rows : int
        Rows that a person is going to verify. All are verified if the data have fewer.
    n_strata : int, default=6
        Strata of rows with a prediction, at most; fewer if that left fewer than 20
        rows to verify or 10 rows of the data for each. Rows without a prediction are
        one stratum more.
    random_state : int, RandomState instance or None, default=None
        For the draw.

    Attributes
    ----------
    plan_ : AuditPlan
        What :meth:`plan` returned last. Pickle the audit, or the plan, while the rows
        are being verified.

    See Also
    --------
    label_error_rate : What the model alone says, with no row verified.

    Notes
    -----
    Rows are ordered by their normalised margin and by the probability that the label
    is wrong if noise depends on the true class only (:func:`true_label_posterior`).
    They are cut where this predicts the least variance. Half of the rows to verify are
    allocated by size times predicted standard deviation [1]_, half by size, so that a
    useless model costs little beside simple random sampling.

    The interval is a mid-P gamma interval of a weighted sum of counts [2]_, with the
    correction for a finite population. It asks what one more error would add in the
    stratum where it would add most, and so stays wide where nearly all rows are in
    strata without a single error found: none in 100 rows does not exclude 3 in 100.

    The rate of a class is that of its rows in the plan, weighed back. It cannot exceed
    what is still possible after the verdicts; where this cap does not bind, rates
    times rows sum to the overall rate.

    It is the share of labels that the reviewer calls wrong. A reviewer who sees the
    prediction of the model, or the stratum, tends to agree with it.

    References
    ----------
    .. [1] J. Neyman, "On the two different aspects of the representative method",
       Journal of the Royal Statistical Society 97, 558-625, 1934.
    .. [2] M. P. Fay, S. Kim, "Confidence intervals for directly standardized rates
       using mid-p gamma intervals", Biometrical Journal 59, 377-387, 2017.

    Examples
    --------
    >>> import numpy as np
    >>> from skdataquality.datasets import make_label_errors
    >>> from skdataquality.label_noise import LabelAudit
    >>> rng = np.random.default_rng(0)
    >>> truth = rng.integers(0, 2, 5000)
    >>> y, is_wrong = make_label_errors(truth, 0.08, random_state=0)
    >>> p = np.clip(np.where(truth == 1, 0.8, 0.2) + rng.normal(0, 0.1, 5000), 0, 1)
    >>> audit = LabelAudit(200, random_state=0)
    >>> plan = audit.plan(y, np.column_stack([1 - p, p]))
    >>> verdicts = is_wrong[plan.rows]  # a person's work
    >>> rate = audit.estimate(plan.rows, verdicts).overall
    >>> print(f"{rate.estimate:.3f} [{rate.lower:.3f}, {rate.upper:.3f}]")
    0.079 [0.071, 0.100]
    """

    def __init__(self, n_rows, *, n_strata=6, random_state=None):
        self.n_rows = n_rows
        self.n_strata = n_strata
        self.random_state = random_state

    def plan(self, y, pred_proba, *, classes=None):
        """Choose the rows to verify.

        Parameters
        ----------
        y : array-like of shape (n_samples,)
            Given labels of any type.
        pred_proba : array-like of shape (n_samples, n_classes)
            Out-of-sample class probabilities, float; each row sums to 1 within 1e-3,
            or is NaN throughout where there is no prediction. Columns in the order of
            `classes`.
        classes : array-like of shape (n_classes,), default=None
            Every class in the order of the columns; None takes the sorted labels in
            `y`.

        Returns
        -------
        plan : AuditPlan
            Also kept as ``plan_``.

        Raises
        ------
        ValueError
            If a parameter is not a positive integer, if `n_rows` is fewer than the
            strata, if labels are missing, unknown or of one class only, or if
            probabilities are not probabilities or do not fit `y`.
        """
        check_at_least_one("n_rows", self.n_rows)
        check_at_least_one("n_strata", self.n_strata)
        classes, codes, proba, covered = match_partial(y, pred_proba, classes)
        if classes.size > 1:
            warn_of_predictions(codes, proba, classes, rows=np.flatnonzero(covered))
        self.plan_ = plan_from_design(
            *self._design(codes, proba, covered, classes),
            codes=codes,
            classes=classes,
            random_state=own_rng(self.random_state),
        )
        return self.plan_

    def _design(self, codes, proba, covered, classes):
        """Stratum of each row, and how many rows of each stratum to draw."""
        n_rows = min(self.n_rows, codes.size)
        stratum, spread = self._strata(codes, proba, covered, classes, n_rows)
        if n_rows < spread.size:
            raise ValueError(
                f"n_rows={self.n_rows} is fewer than the {spread.size} strata, of rows "
                f"with and without a prediction: verify more rows."
            )
        return stratum, allocate(n_rows, np.bincount(stratum), spread)

    def _strata(self, codes, proba, covered, classes, n_rows):
        """Stratum of each row, and predicted standard deviation in each stratum."""
        stratum = np.zeros(codes.size, dtype=np.intp)
        if not covered.any():
            return stratum, np.ones(1)
        known = covered.nonzero()[0]
        if known.size < codes.size:
            codes, proba = codes[known], proba[known]
        suspicion, risk = suspicion_and_risk(codes, proba, classes)
        most = max(1, min(self.n_strata, n_rows // ROWS_PER_STRATUM))
        stratum[known] = stratify(suspicion, risk, most)
        sizes = np.bincount(stratum[known])
        mean_risk = np.bincount(stratum[known], weights=risk) / sizes
        spread = np.sqrt(mean_risk * (1 - mean_risk))
        if known.size < stratum.size:
            stratum[~covered] = sizes.size
            spread = np.append(spread, np.average(spread, weights=sizes))
        return stratum, spread

    def estimate(self, rows, is_error=None, *, level=0.95):
        """Estimate the share of wrong labels from the verdicts on the planned rows.

        The same as ``plan_.estimate``.

        Parameters
        ----------
        rows : array-like of shape (n_verified,), int, or VerifiedLabels
            Rows of the plan that were verified, in any order; or what
            ``plan_.verified`` returns.
        is_error : array-like of shape (n_verified,), bool, default=None
            Whether the given label of each of them is wrong; None with VerifiedLabels.
        level : float, default=0.95
            Confidence level.

        Returns
        -------
        estimate : AuditEstimate
            ``overall`` and ``by_class``, shares in [0, 1]; lower is cleaner.

        Raises
        ------
        NotFittedError
            If there is no plan yet.
        ValueError
            If a row was not planned or comes twice, if verdicts are not booleans, or
            if no row of a stratum was verified.
        """
        if not hasattr(self, "plan_"):
            raise NotFittedError(
                "LabelAudit has no plan yet: call plan(y, pred_proba), verify the rows "
                "of the plan, then call estimate(plan.rows, is_error)."
            )
        return self.plan_.estimate(rows, is_error, level=level)
