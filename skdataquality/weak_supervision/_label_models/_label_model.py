"""Precision of every function by EM: :class:`LabelModel`."""

from numbers import Real

import numpy as np

from skdataquality.utils._sklearn import Interval
from skdataquality.weak_supervision._label_models._base import (
    EM_CONSTRAINTS,
    BaseLabelModel,
)


class LabelModel(BaseLabelModel):
    r"""The model for labelling functions, which abstain and mostly say one class.

    What is estimated is the precision q[j, c, z] = P(truth z | source j said c), not
    P(vote | truth): a function that only ever says one class tells nothing in a model
    of the latter. By Bayes' rule the posterior of a row is proportional to
    :math:`\pi_z \prod q_{jcz} / \pi_z`, the product over its votes. An abstention tells
    nothing.

    Parameters
    ----------
    strength : float, default=3.0
        Weight of the prior precision against the votes themselves: it counts as
        ``strength`` times the votes cast. 0 trusts the votes alone, and collapses.
    precision : float in (0, 1), default=0.7
        Prior precision of the votes of a source that says one class only. Of a source
        that says several it is the prior accuracy, and the precision of its votes
        follows from the shares of the classes: a vote for a rare one is surer to be
        wrong.
    tol : float, default=1e-5
        EM stops when no posterior changes by more.
    max_iter : int, default=100
    missing_label, classes : as in :class:`DawidSkene`

    Attributes
    ----------
    precision_ : ndarray of shape (n_sources, n_classes, n_classes)
        P(truth | vote): [source, vote, truth]; the prior where it never cast the vote.
    confusion_ : ndarray of shape (n_sources, n_classes, n_classes)
        P(vote | truth, voted): [source, truth, vote], by Bayes' rule.
    classes_, sources_, accuracies_, accuracies_interval_ : as in :class:`DawidSkene`
    class_prior_, log_likelihood_, n_iter_, converged_ : as in :class:`DawidSkene`
    n_features_in_, feature_names_in_ : as in :class:`DawidSkene`

    Warns
    -----
    NotConvergedWarning, UnfitLabelModelWarning
        As in :class:`DawidSkene`.
    WorseThanChanceWarning, UnknownSourceWarning
        As in :class:`DawidSkene`.

    Notes
    -----
    Strength and precision were chosen on labelling functions for text. No label model
    beats the majority everywhere: compare, with a few gold labels. Wrong where many
    functions share an error, as each counts as a witness of its own. A confusion of
    classes by an annotator is a matter of :class:`DawidSkene`.

    Examples
    --------
    >>> from skdataquality.weak_supervision import LabelModel
    >>> votes = [[1, 1, 0], [1, 1, -1], [-1, -1, 0], [-1, 1, -1], [-1, -1, -1]]
    >>> LabelModel().fit(votes).predict(votes).tolist()
    [1, 1, 0, 1, 1]
    """

    _parameter_constraints: dict = {
        **BaseLabelModel._parameter_constraints,
        **EM_CONSTRAINTS,
        "strength": [Interval(Real, 0, None, closed="left")],
        "precision": [Interval(Real, 0, 1, closed="neither")],
    }

    def __init__(
        self,
        strength=3.0,
        *,
        precision=0.7,
        tol=1e-5,
        max_iter=100,
        missing_label="auto",
        classes=None,
    ):
        super().__init__(missing_label=missing_label, classes=classes)
        self.strength = strength
        self.precision = precision
        self.tol = tol
        self.max_iter = max_iter

    def _estimate(self, problem):
        votes = problem.votes
        n_classes = votes.n_classes
        cast = problem.joint(problem.start).sum(axis=2, keepdims=True)
        says_several = (cast > 0).sum(axis=1, keepdims=True) > 1
        right = np.full((n_classes, n_classes), 1 - self.precision)
        right /= max(n_classes - 1, 1)
        np.fill_diagonal(right, self.precision if n_classes > 1 else 1.0)

        shares = problem.prior(problem.start)
        anchor = (cast * says_several).sum() / max(cast.sum(), 1e-300)

        def m_step(joint, posterior, n_iter):
            # what sources of several classes say of the shares keeps them from running
            # away, as they do where few votes have a precision near the prior one
            prior = (problem.prior(posterior) + anchor * shares) / (1 + anchor)
            prior = np.maximum(prior, 1e-6)
            prior /= prior.sum()
            by_class = right * prior
            by_class /= by_class.sum(axis=1, keepdims=True)
            table = np.where(says_several, by_class, right)
            if n_iter > 1:
                sure = joint + self.strength * cast * table
                whole = np.maximum(cast * (1 + self.strength), 1e-300)
                table = np.where(cast > 0, sure / whole, table)
            self.precision_ = table
            return np.log(np.maximum(table, 1e-8)) - np.log(prior), prior

        found = problem.solve(
            m_step, tol=self.tol, max_iter=self.max_iter, by="posterior"
        )
        self._evidence, self.class_prior_ = found.evidence, found.prior
        self.n_iter_, self.converged_ = found.n_iter, found.converged
        voted = np.maximum(cast.sum(axis=1, keepdims=True), 1e-300)
        share = np.where(cast.sum(axis=1, keepdims=True) > 0, cast / voted, 1.0)
        said = self.precision_ * share / found.prior
        said /= said.sum(axis=1, keepdims=True)
        self.confusion_ = said.transpose(0, 2, 1)
        spread = (cast * np.log(np.maximum(share, 1e-300))).sum() / problem.n_votes
        self.log_likelihood_ = float(found.log_likelihood + spread)
