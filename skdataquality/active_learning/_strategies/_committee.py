"""Rows on which several models disagree: :class:`CommitteeQuery`."""

from numbers import Integral

import numpy as np
from sklearn.base import is_regressor

from skdataquality.active_learning._geometry import NearestPick
from skdataquality.active_learning._marks import read_part_numbers
from skdataquality.active_learning._strategies._base import BaseQueryStrategy
from skdataquality.active_learning._strategies._disagreement import (
    MEASURES,
    disagreement,
    spread,
)
from skdataquality.active_learning._strategies._members import (
    answers,
    clones,
    fit_members,
    members_of,
)
from skdataquality.utils._draws import own_rng
from skdataquality.utils._sklearn import Interval, StrOptions, take_rows

CANDIDATES = 10  # rows of most disagreement from which each row of a batch is chosen


class CommitteeQuery(BaseQueryStrategy):
    """Query the rows on which the members of a committee disagree.

    Query by committee [1]_, for classifiers and, by the standard deviation of their
    predictions, for regressors [2]_. A batch is diverse: among the ten times as many
    rows of most disagreement each pick has the highest product of disagreement and
    squared distance to the picks before it (as in [3]_), so that near copies of a row
    are not asked for while others are left.

    Parameters
    ----------
    estimator : classifier or regressor, default=None
        Unfitted, also a Pipeline, which gets the rows as they are. A regressor makes
        ``y`` a quantity, of which NaN, None or pd.NA are not known, and -1 is a number.
        None is logistic regression on scaled, encoded columns.
    committee : "bagging", "ensemble" or list of estimators, default="bagging"
        "bagging" fits `n_members` clones, each on labelled rows drawn with replacement,
        as many of each class as there are. "ensemble" are the members of the estimator,
        a forest, bagging or voting. Those of a list are each fitted on all labelled
        rows; FrozenEstimator keeps one as it was fitted.
    n_members : int, default=10
        Of "bagging"; at least 2.
    measure : {"vote_entropy", "kl", "consensus_entropy"}, default="vote_entropy"
        Of classifiers: the entropy of their votes, the only one that needs no
        probabilities; the mean divergence of their probabilities from their mean
        (rows that all members find hard are then no reason to ask); the entropy of the
        mean.
    embedding, cold_start, unlabeled
        As in :class:`DiverseMarginQuery`.
    n_jobs : int, default=None
        Members in parallel; what is picked does not depend on it.
    random_state : int, RandomState instance or None, default=None
        For the rows drawn, and for the members, as scikit-learn's ensembles do.

    Attributes
    ----------
    estimator_ : classifier or regressor, or None
        Fitted on all labelled rows; None while fewer than two classes, or two different
        numbers, are known.
    estimators_ : list of fitted estimators
        The members; empty while there is no estimator.
    classes_ : ndarray of shape (n_classes,)
        Of classifiers only.
    labeled_mask_ : ndarray of shape (n_samples,), bool
    n_features_in_ : int

    Notes
    -----
    With few labelled rows bagged members differ for lack of rows, everywhere, and
    k-center or typical rows serve better; of members that hardly depend on the rows
    drawn, such as a ridge with a strong penalty, the disagreement says little.

    References
    ----------
    .. [1] H. S. Seung, M. Opper, H. Sompolinsky, "Query by committee", COLT 1992; KL:
       A. McCallum, K. Nigam, ICML 1998.
    .. [2] R. Burbidge, J. Rowland, R. King, "Active learning for regression based on
       query by committee", IDEAL 2007.
    .. [3] D. Wu, C.-T. Lin, J. Huang, "Active learning for regression using greedy
       sampling", Information Sciences 474, 2019.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.tree import DecisionTreeRegressor
    >>> from skdataquality.active_learning import CommitteeQuery
    >>> X = np.linspace(0, 1, 101).reshape(-1, 1)
    >>> y = np.full(101, np.nan)  # not known
    >>> y[:40:2] = 0
    >>> y[[80, 90, 100]] = 1, 2, 3
    >>> query = CommitteeQuery(DecisionTreeRegressor(), random_state=0).fit(X, y)
    >>> bool((X[query.query(4)] > 0.38).all())
    True
    """

    _parameter_constraints: dict = {
        **BaseQueryStrategy._parameter_constraints,
        "committee": [StrOptions({"bagging", "ensemble"}), list, tuple],
        "n_members": [Interval(Integral, 2, None, closed="left")],
        "measure": [StrOptions(set(MEASURES))],
        "n_jobs": [Integral, None],
    }

    def __init__(
        self,
        estimator=None,
        *,
        committee="bagging",
        n_members=10,
        measure="vote_entropy",
        embedding=None,
        cold_start="typicality",
        unlabeled="auto",
        n_jobs=None,
        random_state=None,
    ):
        super().__init__(
            estimator,
            embedding=embedding,
            cold_start=cold_start,
            unlabeled=unlabeled,
            random_state=random_state,
        )
        self.committee = committee
        self.n_members = n_members
        self.measure = measure
        self.n_jobs = n_jobs

    @property
    def _predicts_numbers(self):
        return self.estimator is not None and is_regressor(self.estimator)

    @property
    def estimators_(self):
        """The fitted members."""
        return [member.model for member in self._members]

    def _read_labels(self, y, n_rows):
        self._members = []
        if self._predicts_numbers:
            return read_part_numbers(y, n_rows, unlabeled=self.unlabeled)
        return super()._read_labels(y, n_rows)

    def _fitted(self, weight):
        """Fit the estimator on all labelled rows, and the members."""
        self._refuse_mixed_committee()
        rows = self._labels.rows
        rng = own_rng(self.random_state)
        model = super()._fitted(weight)
        if isinstance(self.committee, str) and self.committee == "ensemble":
            self._members = members_of(model, self._labels)
            return model
        X = take_rows(self._X, rows)
        self._members = fit_members(
            clones(self.committee, self._estimator(X), self.n_members),
            X,
            self._labels,
            None if weight is None else weight[rows],
            resample=isinstance(self.committee, str),
            n_jobs=self.n_jobs,
            rng=rng,
        )
        return model

    def _refuse_mixed_committee(self):
        if isinstance(self.committee, str):
            return
        if len(self.committee) < 2:
            raise ValueError(
                f"committee holds {len(self.committee)} estimator(s): one alone never "
                f"disagrees, pass at least 2."
            )
        for model in self.committee:
            if is_regressor(model) != self._predicts_numbers:
                raise ValueError(
                    f"committee holds {type(model).__name__} and estimator is "
                    f"{type(self.estimator).__name__}: pass classifiers only, or "
                    f"regressors only with a regressor as estimator."
                )

    def _score(self, X):
        if self._predicts_numbers:
            return spread(answers(self._members, X, "numbers", n_jobs=self.n_jobs))
        said = "votes" if self.measure == "vote_entropy" else "probabilities"
        n_classes = 1 + max(int(member.codes.max()) for member in self._members)
        votes = answers(self._members, X, said, n_classes, n_jobs=self.n_jobs)
        return disagreement(votes, self.measure)

    def _pick(self, n, rows):
        """Pick rows of high disagreement that are far from each other."""
        near = super()._pick(min(CANDIDATES * n, rows.size), rows)
        scores = self._score(take_rows(self._X, near))
        points = self._embedded()[1][near]
        return near[_far_apart(scores, points, n)]


def _far_apart(scores, points, n):
    """Pick n points greedily by score times squared distance to those picked."""
    # where all agree, distance alone decides
    scores = scores + max(scores.max(), 1) * np.finfo(float).eps
    nearest, taken = NearestPick(points), np.zeros(scores.size, dtype=bool)
    picked = [int(np.argmax(scores))]
    while True:
        taken[picked[-1]] = True
        if len(picked) == n:
            return np.array(picked)
        nearest.add(picked[-1])
        gain = scores * nearest.squared
        gain[taken] = -1
        picked.append(int(np.argmax(gain)))
