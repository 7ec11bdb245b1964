"""Bring what a person has answered into training rows: :class:`ReviewedLabels`."""

import numpy as np

from skdataquality.base import BaseRowSampler
from skdataquality.lineage import Lineage, Reason
from skdataquality.review._rows import ReviewedRows, answered, right_labels
from skdataquality.verified import VerifiedLabels


class ReviewedLabels(BaseRowSampler):
    """Sampler that writes verified labels into training rows, and only there.

    In a search or a comparison the folds that score keep their given labels, as with
    every remedy; what reviewing is worth can so be measured beside doing nothing.

    Parameters
    ----------
    verified : ReviewedRows, VerifiedLabels or None, default=None
        What :meth:`from_table` makes of the whole table finds its rows in any part of
        it. A VerifiedLabels numbers the rows of one table, and is refused by any other:
        for cross-validation use :meth:`from_table`. None changes nothing.

    Attributes
    ----------
    sample_indices_ : ndarray of shape (n_kept,), int
        Rows kept, in their order.
    lineage_ : Lineage
        Which rows got another label, and which went, for the reason "verified".
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features_in_,)

    Warns
    -----
    UnknownRowsWarning
        If no row of the training rows is one that was found wrong, where several
        should be: the rows were probably changed before, by a scaler for example.

    See Also
    --------
    LabelReviewQueue : Collects the answers.
    skdataquality.label_noise.LabelErrorCorrector : Relabels by models.

    Notes
    -----
    Rows verified right stay as they are. A row verified wrong gets its verified label;
    it is dropped if only that it is wrong is known (of two classes the other one is
    right), or if no row of the training rows has its right label. What a person says
    stands: a class whose rows were all found wrong vanishes.

    With :meth:`from_table` a row is known by its cells and its given label. It must
    therefore come before any step that changes cells, as the remedy of a
    :class:`~skdataquality.compose.RemediedClassifier` around the whole pipeline does.
    Copies of a row, with the same label, have the same answer; if their answers differ
    they stay as they are. In a table of few distinct values, where rows are equal by
    chance, an answer counts only if all rows that hold the same were checked.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from skdataquality.review import ReviewedLabels
    >>> from skdataquality.verified import VerifiedLabels
    >>> X, y = load_iris(return_X_y=True)
    >>> y[0] = 2  # a setosa called virginica
    >>> verified = VerifiedLabels([0, 70], [0, 1])
    >>> reviewed = ReviewedLabels.from_table(X, y, verified)
    >>> X_part, y_part = reviewed.fit_resample(X[:120], y[:120])
    >>> y_part[0], reviewed.lineage_.relabelled.sum()
    (np.int64(0), np.int64(1))
    """

    _parameter_constraints: dict = {"verified": [ReviewedRows, VerifiedLabels, None]}

    def __init__(self, verified=None):
        self.verified = verified

    @classmethod
    def from_table(cls, X, y, verified):
        """Make a sampler that finds the verified rows in any part of a table.

        Parameters
        ----------
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
            The whole table, in the container that will be passed to ``fit``.
        y : array-like of shape (n_samples,)
            Its given labels.
        verified : VerifiedLabels or list of VerifiedLabels
            Labels of some of exactly these rows.

        Returns
        -------
        sampler : ReviewedLabels

        Raises
        ------
        ValueError
            If answers are of another table, or no label of `y`.
        """
        return cls(ReviewedRows(X, y, verified))

    def _edit(self, X, y, codes, classes, *, sample_weight, groups):
        rows, labels = self._found(X, y)
        number = {label: code for code, label in enumerate(classes.tolist())}
        right = np.array([number.get(label, -1) for label in labels], dtype=np.intp)
        new = codes.copy()
        new[rows] = right
        kept = np.flatnonzero(new >= 0)
        lineage = Lineage.from_selection(
            kept,
            n_in=codes.size,
            relabelled=(new != codes)[kept],
            drop_reason=Reason.VERIFIED,
            change_reason=Reason.VERIFIED,
        )
        return lineage, new[kept]

    def _found(self, X, y):
        """Rows whose label was found wrong, and their right labels or None."""
        if self.verified is None:
            return np.empty(0, dtype=np.intp), []
        if isinstance(self.verified, VerifiedLabels):
            return _by_number(self.verified, y)
        return self.verified.find(X, y)


def _by_number(verified, y):
    """Find the rows of the whole table by their numbers."""
    if verified.n_rows != y.shape[0]:
        raise ValueError(
            f"verified numbers the rows of a table with {verified.n_rows or '?'} rows, "
            f"and X has {y.shape[0]}: within cross-validation, where X is a part of "
            f"the table, pass ReviewedLabels.from_table(X, y, verified)."
        )
    classes, codes, verdicts = answered(y, verified)
    wrong = np.flatnonzero(verdicts.is_wrong)
    return wrong, right_labels(classes, codes, verdicts, wrong)
