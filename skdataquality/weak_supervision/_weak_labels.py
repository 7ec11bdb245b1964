"""From functions and rows to probabilistic labels: :class:`WeakLabels`."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp

from skdataquality.compose._soft_copies import soft_copies, without_negligible
from skdataquality.lineage import Lineage, Reason
from skdataquality.utils._printable import printable
from skdataquality.weak_supervision._votes import factor, read_gold, read_votes


@dataclass(frozen=True, eq=False)
class WeakLabels:
    """What functions and a label model say of rows.

    Attributes
    ----------
    functions : fitted LabelingFunctionTransformer
    votes : {ndarray, sparse matrix} of shape (n_rows, n_functions)
    label_model : fitted label model
    classes : ndarray of shape (n_classes,)
        Labels that are voted for, or that a row has.
    gold : ndarray of shape (n_rows,)
        Number of the label that a row has, -1 if it has none.
    proba : ndarray of shape (n_rows, n_classes)
    codes : ndarray of shape (n_rows,)
        Number of the most probable class, ties as the label model decides them; -1
        where it decides for none.
    covered : ndarray of shape (n_rows,), bool
        Rows with a vote, or with a gold label that is used.
    """

    functions: Any
    votes: Any
    label_model: Any
    classes: np.ndarray
    gold: np.ndarray
    proba: np.ndarray
    codes: np.ndarray
    covered: np.ndarray

    def copies(self, *, soft, keep_uncovered):
        """Return lineage, numbers of classes and weights (or None) of training rows."""
        kept = np.ones(self.gold.size, dtype=bool) if keep_uncovered else self.covered
        if not soft:
            kept = kept & (self.codes >= 0)
        rows = np.flatnonzero(kept)
        if soft:
            place, codes, weight = soft_copies(without_negligible(self.proba[rows]))
            rows = rows[place]
        else:
            codes, weight = self.codes[rows], None
        lineage = Lineage.from_selection(
            rows,
            n_in=self.gold.size,
            relabelled=codes != self.gold[rows],
            drop_reason=Reason.NO_LABEL,
            change_reason=Reason.VOTES,
        )
        return lineage, codes, weight


def weak_labels(
    functions, fit_functions, X, y, label_model, *, missing_label, fixed, is_used
):
    """Apply functions to rows and combine their votes with a label model.

    Parameters
    ----------
    functions : unfitted LabelingFunctionTransformer
    fit_functions : callable
        Called with a function of no arguments that fits them; returns its result.
    X : rows
    y : ndarray of shape (n_rows,)
        Labels, missing where there is none.
    label_model : unfitted label model
    missing_label : "auto", None or label
    fixed : bool
        Whether the functions know all classes, so that no other may be in y.
    is_used : ndarray of shape (n_rows,), bool
        Rows whose label in y, if there is one, is certain.

    Returns
    -------
    WeakLabels
    """
    matrix = fit_functions(lambda: functions.fit_transform(X))
    votes, gold = read_gold(
        y, _named(matrix, functions), missing_label=missing_label, fixed=fixed
    )
    if votes.n_classes < 2:
        raise ValueError(
            f"functions and y know 1 class only, {printable(votes.classes[0])}, and at "
            f"least 2 are needed: add functions that vote for another, or gold labels."
        )
    used = np.flatnonzero(is_used & (gold >= 0))
    given = np.full(gold.size, None)
    given[used] = votes.classes[gold[used]]
    label_model.fit(votes, given if used.size else None)
    proba, codes = _said_by(label_model, votes)
    proba[used] = np.eye(votes.n_classes)[gold[used]]
    codes[used] = gold[used]
    covered = votes.covered
    covered[used] = True
    return WeakLabels(
        functions, matrix, label_model, votes.classes, gold, proba, codes, covered
    )


def _named(matrix, functions):
    """Return the votes in a matrix of fitted functions."""
    if not sp.issparse(matrix):
        matrix = sp.csr_array(np.add(np.asarray(matrix), 1, dtype=np.int32))
    if not matrix.count_nonzero():
        raise ValueError(
            f"no function votes for any of the {matrix.shape[0]} rows, all abstain: "
            f"mend the functions, or learn from gold labels alone, functions=None."
        )
    names = functions.get_feature_names_out()
    return read_votes(matrix, classes=functions.classes_, sources=names)


def _said_by(label_model, votes):
    """Return probabilities of all classes, and the number of the class, -1 for none."""
    proba = np.zeros((votes.n_rows, votes.n_classes))
    columns = np.searchsorted(votes.classes, label_model.classes_)
    proba[:, columns] = label_model.predict_proba(votes)
    distinct, number = factor(np.asarray(label_model.predict(votes)), "predictions")
    known = np.isin(distinct, votes.classes)  # or it is the sign of a tie
    place = np.where(known, np.searchsorted(votes.classes, distinct), -1)
    return proba, np.append(place, -1)[number]
