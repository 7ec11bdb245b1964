"""Accuracies in closed form: :class:`TripletModel`."""

import numpy as np
import scipy.sparse as sp

from skdataquality.utils._frames import row_blocks
from skdataquality.weak_supervision._label_models._base import (
    BaseLabelModel,
    symmetric,
)
from skdataquality.weak_supervision._label_models._em import from_scores, log_scores
from skdataquality.weak_supervision._label_models._priors import (
    PRIOR_CONSTRAINT,
    fixed_prior,
)

_PARTNERS = 32  # more of them change a median little, and time by their square
_DENSE = 0.05  # share of cells with a vote from which dense products are faster
_CELLS = 2**21
_LEAST = 1e-3  # products of two sources closer to 0 are no divisor


class TripletModel(BaseLabelModel):
    r"""Accuracies from the agreement of triplets of sources, without iterations.

    If sources err independently and equally often on both classes, the mean product of
    the signs of two of them is the product of their :math:`a = 2 \cdot accuracy - 1`,
    so that any three give each one's own [1]_; the median over pairs of partners is
    taken. Of more than two classes, a source's accuracy is that of saying the class or
    not, averaged over the classes by their share.

    Parameters
    ----------
    class_prior : {"majority", "uniform"} or array-like, default="majority"
        Shares of the true classes.
    missing_label, classes : as in :class:`DawidSkene`

    Attributes
    ----------
    classes_, sources_, confusion_, accuracies_ : as in :class:`DawidSkene`
    accuracies_interval_, class_prior_, log_likelihood_ : as in :class:`DawidSkene`
    n_iter_, converged_ : as in :class:`DawidSkene`
    n_features_in_, feature_names_in_ : as in :class:`DawidSkene`

    Warns
    -----
    UnfitLabelModelWarning, WorseThanChanceWarning, UnknownSourceWarning
        As in :class:`DawidSkene`.

    Notes
    -----
    Sources are taken to be better than chance. Two sources are given the same accuracy,
    one that of 0.7. Labelling functions that say one class only always agree or always
    disagree, so that the result is the majority vote: use :class:`LabelModel`.

    References
    ----------
    .. [1] D. Fu et al., "Fast and three-rious: speeding up weak supervision with
       triplet methods", ICML 2020.

    Examples
    --------
    >>> import numpy as np
    >>> from skdataquality.weak_supervision import TripletModel
    >>> rng = np.random.default_rng(0)
    >>> truth = rng.integers(2, size=(5000, 1))
    >>> votes = np.where(rng.random((5000, 3)) < [0.9, 0.8, 0.7], truth, 1 - truth)
    >>> TripletModel().fit(votes).confusion_[:, 0, 0].round(1).tolist()
    [0.9, 0.8, 0.7]
    """

    _parameter_constraints: dict = {
        **BaseLabelModel._parameter_constraints,
        "class_prior": PRIOR_CONSTRAINT,
    }

    def __init__(self, *, class_prior="majority", missing_label="auto", classes=None):
        super().__init__(missing_label=missing_label, classes=classes)
        self.class_prior = class_prior

    def _estimate(self, problem):
        if isinstance(self.class_prior, str) and self.class_prior == "learned":
            raise ValueError(
                'class_prior="learned" needs iterations: pass "majority", "uniform" or '
                "shares."
            )
        votes, n_classes = problem.votes, problem.votes.n_classes
        self.class_prior_ = fixed_prior(self.class_prior, problem)
        if n_classes == 1:
            accuracy = np.ones(votes.n_sources)
        elif n_classes == 2:
            accuracy = (1 + _signed(problem, 1)) / 2
        else:
            each = [(1 + _signed(problem, c)) / 2 for c in range(n_classes)]
            accuracy = self.class_prior_ @ np.stack(each)
        table = symmetric(np.clip(accuracy, 1e-10, 1.0), n_classes)
        self._evidence = np.log(np.maximum(table, 1e-10))
        self.confusion_ = table
        scores = log_scores(problem.one_hot, self._evidence, self.class_prior_)
        _, rows = from_scores(scores)
        self.log_likelihood_ = problem.log_likelihood(scores, rows)
        self.n_iter_, self.converged_ = 1, True


def _signed(problem, positive):
    """Mean of the sign times the true sign of each source, in (0, 1)."""
    votes = problem.votes
    sign = np.where(votes.code == positive, 1.0, -1.0)
    shape = votes.n_rows, votes.n_sources
    starts = problem.one_hot.indptr
    signs = sp.csr_array((sign, votes.source, starts), shape=shape)
    product = _weighted_gram(signs, problem.weight)
    both = _weighted_gram(abs(signs), problem.weight)
    np.fill_diagonal(both, 0.0)
    mean = np.abs(product) / np.maximum(both, 1.0)
    signed = np.array([_of_one(j, mean, both) for j in range(votes.n_sources)])
    return np.clip(signed, _LEAST, 1 - _LEAST)


def _weighted_gram(matrix, weight):
    """Sum over rows of weight times the products of all pairs, shape (m, m)."""
    n_rows, m = matrix.shape
    if matrix.nnz < _DENSE * n_rows * m:
        return (matrix.T @ sp.diags_array(weight) @ matrix).toarray()
    total = np.zeros((m, m))
    for rows in row_blocks(matrix.shape, _CELLS):
        block = matrix[rows].toarray()
        total += block.T @ (weight[rows, None] * block)
    return total


def _of_one(j, mean, both):
    """Median over pairs of the partners with which a source has most rows in common."""
    partners = np.flatnonzero(both[j] > 0)
    if partners.size == 0:
        return 0.4  # an accuracy of 0.7
    order = np.argsort(-both[j, partners], kind="stable")[:_PARTNERS]
    partners = partners[order]
    if partners.size == 1:
        return np.sqrt(mean[j, partners[0]])
    k, m = np.triu_indices(partners.size, 1)
    k, m = partners[k], partners[m]
    usable = (both[k, m] > 0) & (mean[k, m] > _LEAST)
    if not usable.any():
        return 0.0
    k, m = k[usable], m[usable]
    return np.sqrt(np.median(mean[j, k] * mean[j, m] / mean[k, m]))
