"""The label that most sources give: :class:`MajorityVote`."""

import numpy as np

from skdataquality.utils._draws import own_rng
from skdataquality.utils._sklearn import StrOptions
from skdataquality.weak_supervision._label_models._base import BaseLabelModel
from skdataquality.weak_supervision._label_models._em import (
    from_scores,
    log_scores,
    majority,
)
from skdataquality.weak_supervision._label_models._priors import fixed_prior
from skdataquality.weak_supervision._label_models._warnings import warn_of_flips


class BaseVote(BaseLabelModel):
    """Sums weights of votes and settles ties by a stated rule."""

    _parameter_constraints: dict = {
        **BaseLabelModel._parameter_constraints,
        "tie": [StrOptions({"prior", "first", "random", "abstain"})],
        "random_state": ["random_state"],
    }

    def __init__(
        self, *, tie="prior", random_state=None, missing_label="auto", classes=None
    ):
        super().__init__(missing_label=missing_label, classes=classes)
        self.tie = tie
        self.random_state = random_state

    def _estimate(self, problem):
        self.class_prior_ = fixed_prior("majority", problem)
        self._weigh(problem)
        posterior = problem.clamp(self._posterior(problem.votes))
        joint = problem.joint(posterior)
        pooled = joint.sum(axis=0) + 1e-10
        table = joint + pooled / pooled.sum(axis=0)
        table /= table.sum(axis=1, keepdims=True)
        self.confusion_ = table.transpose(0, 2, 1)
        scores = log_scores(problem.one_hot, np.log(table), self.class_prior_)
        _, rows = from_scores(scores)
        self.log_likelihood_ = problem.log_likelihood(scores, rows)
        self.n_iter_, self.converged_ = 1, True

    def _weigh(self, problem):
        self.weights_ = np.ones(problem.votes.n_sources)

    def _posterior(self, read):
        is_plain = (self.weights_ == 1).all()
        sums = read.counts(None if is_plain else self.weights_[read.source])
        total = sums @ np.ones(read.n_classes)
        none = np.flatnonzero(~(total > 0))
        total[none] = 1.0
        posterior = sums / total[:, None]
        posterior[none] = self.class_prior_
        return posterior

    def _ties(self, posterior, read):
        if self.tie == "prior":
            return super()._ties(posterior, read)
        equal = majority(posterior) > 0
        if self.tie == "first":
            return equal.argmax(axis=1)
        if self.tie == "random":
            draws = own_rng(self.random_state).random_sample(equal.shape)
            return np.where(equal, draws, -1.0).argmax(axis=1)
        tied = (equal.sum(axis=1) > 1) | ~read.covered
        return np.where(tied, -1, equal.argmax(axis=1))

    def predict(self, votes):
        """Return the label with most votes, shape (n_rows,), ties by ``tie``.

        Rows without a vote get the class of highest prior. With ``tie="abstain"`` they
        and tied rows have no label: -1 where labels are whole numbers from 0 on, else
        None.
        """
        read = self._read(votes)
        codes = self._ties(self._posterior(read), read)
        if (self.weights_ < 0).any():  # else no row on which all agree is overruled
            warn_of_flips(self, read, codes)
        labels = self.classes_[codes]
        if self.tie != "abstain":
            return labels
        is_code = self.classes_.dtype.kind in "iu" and self.classes_.min() >= 0
        if not is_code:
            labels = labels.astype(object)
        labels[codes < 0] = -1 if is_code else None
        return labels


class MajorityVote(BaseVote):
    """The label that most sources give; probabilities are shares of the votes.

    Hard to beat where sources are about equally good, and what every other label model
    should be compared with.

    Parameters
    ----------
    tie : {"prior", "first", "random", "abstain"}, default="prior"
        Of labels with equally many votes: the one that more rows have by majority
        (then the first), the first in ``classes_``, one drawn at random, or none.
    random_state : int, RandomState instance or None, default=None
        For ``tie="random"``: draws follow the order of the rows.
    missing_label, classes : as in :class:`DawidSkene`

    Attributes
    ----------
    class_prior_ : ndarray of shape (n_classes,)
        Shares of the majority's labels; true labels passed to `fit` among them.
    weights_ : ndarray of shape (n_sources,)
        All 1.
    accuracies_ : ndarray of shape (n_sources,)
        Mean share of the votes, its own included, that say what the source says, and
        true labels where given. Too high with few votes per row.
    classes_, sources_, confusion_, accuracies_interval_, log_likelihood_, n_iter_, \
    converged_, n_features_in_, feature_names_in_ : as in :class:`DawidSkene`

    Warns
    -----
    WorseThanChanceWarning, UnknownSourceWarning
        As in :class:`DawidSkene`.

    Examples
    --------
    >>> from skdataquality.weak_supervision import MajorityVote
    >>> votes = [["no", "no", "yes"], ["yes", None, None], ["no", "yes", None]]
    >>> model = MajorityVote(tie="abstain").fit(votes)
    >>> model.predict(votes).tolist()
    ['no', 'yes', None]
    >>> model.predict_proba(votes).round(2).tolist()
    [[0.67, 0.33], [0.0, 1.0], [0.5, 0.5]]
    """
