"""Confusion of every source by EM: :class:`DawidSkene`."""

from numbers import Real

import numpy as np

from skdataquality.utils._sklearn import Interval, StrOptions
from skdataquality.weak_supervision._label_models._base import (
    EM_CONSTRAINTS,
    BaseLabelModel,
)
from skdataquality.weak_supervision._label_models._dependence import (
    dependence,
    tempering,
)
from skdataquality.weak_supervision._label_models._priors import (
    PRIOR_CONSTRAINT,
    fixed_prior,
)


class DawidSkene(BaseLabelModel):
    r"""Sources with a confusion matrix each, estimated together with the truth.

    The model for annotators [1]_: given the true class, sources vote independently,
    each by its own table of confusions. Its EM is made safe in three ways. Tables are
    shrunk to the pooled one, by ``strength`` votes per source and class, so that
    sources with few votes are no all-or-nothing. The class prior is that of the
    majority's labels, as a learned one drifts where errors depend on each other. And
    a row's votes count less if the residuals say that they err together.

    Parameters
    ----------
    prior : {"pooled", "flat"}, default="pooled"
        What the tables are shrunk to: the table of all sources, or nothing.
    strength : float, default=2.0
        Votes that the pooled table is worth, for every source and true class.
    smoothing : float, default=0.01
        Votes added to every cell.
    class_prior : {"majority", "uniform", "learned"} or array-like, default="majority"
        Shares of the true classes: those of the majority's labels, equal ones, those
        that EM learns, or given ones in the order of the sorted classes.
    dependence : "auto" or float in [0, 1), default="auto"
        Correlation of the errors of the votes on a row given its truth. A row of n
        votes is worth ``n / (1 + dependence * (n - 1))`` votes in its posterior. 0 is
        the model as published; "auto" estimates it, 0.2 at most.
    tol : float, default=1e-5
        EM stops when the mean log-likelihood of a vote changes by less.
    max_iter : int, default=200
    missing_label : "auto", None or label, default="auto"
        What abstains beside missing cells: "auto" takes blank texts, and -1 among
        numbers, and refuses votes that are only -1 and 1; None takes nothing.
    classes : array-like of shape (n_classes,), default=None
        All labels there may be; None takes those in votes and y. Sorted
        text names votes that are numbers from 0 on, such as those of
        :class:`LabelingFunctionTransformer`; a sparse matrix takes any order.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
    sources_ : ndarray of shape (n_sources,)
        Names of the sources.
    confusion_ : ndarray of shape (n_sources, n_classes, n_classes)
        P(vote | truth): [source, truth, vote].
    accuracies_ : ndarray of shape (n_sources,)
        P(vote right | voted), in expectation over the votes cast; NaN without a vote.
    accuracies_interval_ : ndarray of shape (n_sources, 2)
        Its interval of 95 %.
    class_prior_ : ndarray of shape (n_classes,)
    dependence_ : float
    log_likelihood_ : float
        Mean of a vote, of the model with independent votes.
    n_iter_ : int
    converged_ : bool
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_sources,)
        Only if the sources have names.

    Warns
    -----
    LookAlikeLabelsWarning
        If labels differ by case or blanks only, and no ``classes`` are given.
    NotConvergedWarning
        If ``max_iter`` is reached.
    UnfitLabelModelWarning
        If a fifth of the rows, of those that have a majority, get another label, or a
        class nearly none of its rows: these votes need another model, which is named.
    WorseThanChanceWarning
        If sources are worse than chance, or overruled on a row on which they agree.
    UnknownSourceWarning
        If new votes are of sources that `fit` has not seen; these are left out.

    See Also
    --------
    LabelModel : For labelling functions, where this model collapses.
    MajorityVote : Always compare with it.

    Notes
    -----
    Wrong for labelling functions: a function that only ever says one class carries no
    information in this model. Wrong where most sources share an error, as nothing in
    the votes then tells the error from the truth; gold labels in ``y`` tell who errs,
    and hardly mend other rows. With less than about three votes per row it is hardly
    better than the majority.

    Memory is O(n_votes + n_rows n_classes + n_sources n_classes^2).

    References
    ----------
    .. [1] A. P. Dawid and A. M. Skene, "Maximum likelihood estimation of observer
       error-rates using the EM algorithm", Applied Statistics 28(1), 1979.

    Examples
    --------
    >>> import numpy as np
    >>> from skdataquality.weak_supervision import DawidSkene
    >>> rng = np.random.default_rng(0)
    >>> truth = rng.integers(2, size=500)
    >>> accuracy = np.array([0.95, 0.9, 0.6, 0.6, 0.6])
    >>> is_right = rng.random((500, 5)) < accuracy
    >>> votes = np.where(is_right, truth[:, None], 1 - truth[:, None])
    >>> model = DawidSkene().fit(votes)
    >>> model.accuracies_.round(2).tolist()
    [0.97, 0.9, 0.64, 0.61, 0.6]
    >>> model.score(votes, truth) > 0.94
    True
    """

    _parameter_constraints: dict = {
        **BaseLabelModel._parameter_constraints,
        **EM_CONSTRAINTS,
        "prior": [StrOptions({"pooled", "flat"})],
        "strength": [Interval(Real, 0, None, closed="left")],
        "smoothing": [Interval(Real, 0, None, closed="left")],
        "class_prior": PRIOR_CONSTRAINT,
        "dependence": [StrOptions({"auto"}), Interval(Real, 0, 1, closed="left")],
    }

    def __init__(
        self,
        prior="pooled",
        strength=2.0,
        *,
        smoothing=0.01,
        class_prior="majority",
        dependence="auto",
        tol=1e-5,
        max_iter=200,
        missing_label="auto",
        classes=None,
    ):
        super().__init__(missing_label=missing_label, classes=classes)
        self.prior = prior
        self.strength = strength
        self.smoothing = smoothing
        self.class_prior = class_prior
        self.dependence = dependence
        self.tol = tol
        self.max_iter = max_iter

    def _estimate(self, problem):
        strength = self.strength if self.prior == "pooled" else 0.0
        fixed = fixed_prior(self.class_prior, problem)

        def m_step(joint, posterior, _):
            table = joint + self.smoothing
            if strength:
                pooled = joint.sum(axis=0) + self.smoothing + 1e-12
                table = table + strength * pooled / pooled.sum(axis=0)
            table = np.maximum(table, 1e-10)
            table /= table.sum(axis=1, keepdims=True)
            prior = problem.prior(posterior) if fixed is None else fixed
            return np.log(table), prior

        found = problem.solve(m_step, tol=self.tol, max_iter=self.max_iter)
        self._evidence, self.class_prior_ = found.evidence, found.prior
        self.confusion_ = np.exp(found.evidence).transpose(0, 2, 1)
        self.log_likelihood_, self.n_iter_ = found.log_likelihood, found.n_iter
        self.converged_ = found.converged
        self.dependence_ = (
            dependence(problem, found.evidence, found.prior)
            if isinstance(self.dependence, str)
            else float(self.dependence)
        )

    def _temper(self, read):
        n_votes = np.bincount(read.row, minlength=read.n_rows)
        return tempering(n_votes, self.dependence_)
