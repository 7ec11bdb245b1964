"""One accuracy for every source by EM: :class:`OneCoin`."""

from numbers import Real

import numpy as np

from skdataquality.utils._sklearn import Interval
from skdataquality.weak_supervision._label_models._base import (
    EM_CONSTRAINTS,
    BaseLabelModel,
    symmetric,
)
from skdataquality.weak_supervision._label_models._priors import (
    PRIOR_CONSTRAINT,
    fixed_prior,
)


class OneCoin(BaseLabelModel):
    """Sources with one accuracy each, whatever the true class, errors spread evenly.

    The model of Dawid and Skene with one number per source: of use with few votes per
    source or many classes.

    Parameters
    ----------
    smoothing : float, default=1.0
        Right and wrong votes added to each source's.
    class_prior : "uniform", "majority", "learned" or array-like of shape \
            (n_classes,), default="uniform"
        Shares of the true classes. A learned one can run away with few rows.
    tol : float, default=1e-5
        EM stops when the mean log-likelihood of a vote changes by less.
    max_iter : int, default=200
    missing_label, classes : as in :class:`DawidSkene`

    Attributes
    ----------
    classes_, sources_, confusion_, accuracies_, accuracies_interval_, class_prior_, \
    log_likelihood_, n_iter_, converged_, n_features_in_, feature_names_in_ : as in \
    :class:`DawidSkene`

    Warns
    -----
    NotConvergedWarning, UnfitLabelModelWarning, WorseThanChanceWarning, \
            UnknownSourceWarning
        As in :class:`DawidSkene`.

    Notes
    -----
    Wrong where sources favour a class, and for labelling functions that only ever say
    one: these pull it far below the majority.

    Examples
    --------
    >>> from skdataquality.weak_supervision import OneCoin
    >>> votes = [["a", "a", "b"], ["b", "b", None], ["a", "a", "a"], ["b", "b", "a"]]
    >>> OneCoin().fit(votes).predict(votes).tolist()
    ['a', 'b', 'a', 'b']
    """

    _parameter_constraints: dict = {
        **BaseLabelModel._parameter_constraints,
        **EM_CONSTRAINTS,
        "smoothing": [Interval(Real, 0, None, closed="left")],
        "class_prior": PRIOR_CONSTRAINT,
    }

    def __init__(
        self,
        *,
        smoothing=1.0,
        class_prior="uniform",
        tol=1e-5,
        max_iter=200,
        missing_label="auto",
        classes=None,
    ):
        super().__init__(missing_label=missing_label, classes=classes)
        self.smoothing = smoothing
        self.class_prior = class_prior
        self.tol = tol
        self.max_iter = max_iter

    def _estimate(self, problem):
        fixed = fixed_prior(self.class_prior, problem)
        n_classes = problem.votes.n_classes

        def m_step(joint, posterior, _):
            right = np.einsum("jcc->j", joint) + self.smoothing
            total = joint.sum(axis=(1, 2)) + 2 * self.smoothing
            accuracy = right / np.maximum(total, 1e-10)
            accuracy = np.clip(accuracy, 1e-10, 1 - 1e-10)
            if n_classes == 1:
                accuracy = np.ones_like(accuracy)
            prior = problem.prior(posterior) if fixed is None else fixed
            return np.log(symmetric(accuracy, n_classes)), prior

        found = problem.solve(m_step, tol=self.tol, max_iter=self.max_iter)
        self._evidence, self.class_prior_ = found.evidence, found.prior
        self.confusion_ = np.exp(found.evidence).transpose(0, 2, 1)
        self.log_likelihood_, self.n_iter_ = found.log_likelihood, found.n_iter
        self.converged_ = found.converged
