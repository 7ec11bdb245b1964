"""A classifier that learns from many annotators: :class:`MultiAnnotatorClassifier`."""

import numpy as np

from skdataquality.compose import ClassifierWrapper, Edit
from skdataquality.compose._soft_copies import soft_copies, without_negligible
from skdataquality.compose._weights import fit_parameters
from skdataquality.lineage import Lineage, Reason
from skdataquality.utils._duplicate_rows import repeated_rows
from skdataquality.utils._fits import default_fit
from skdataquality.utils._folds import out_of_fold
from skdataquality.utils._sklearn import (
    HasMethods,
    StrOptions,
    fit_context,
    num_samples,
    take_rows,
)
from skdataquality.utils._validation import check_same_length
from skdataquality.verified import VerifiedLabels
from skdataquality.weak_supervision._annotators import (
    VotedRows,
    answers_of,
    consensus_of,
    given_codes,
    has_overlap,
    majority_codes,
    one_annotator,
    warn_of_single_votes,
)
from skdataquality.weak_supervision._votes import LongVotes, Votes, read_votes

STRATEGIES = {"hard", "weight", "soft"}


class MultiAnnotatorClassifier(ClassifierWrapper):
    """Classifier fitted on the consensus of several annotators.

    Models that did not see a row say how probable its classes are; together with its
    votes that makes the consensus (CROWDLAB [1]_), its quality, and that of each
    annotator. The estimator is then fitted on the consensus. Rows to predict need no
    votes.

    Parameters
    ----------
    estimator : classifier, default=None
        None is a small regularised
        :class:`~sklearn.ensemble.HistGradientBoostingClassifier`.
    label_model : label model, default=None
        Unfitted, such as :class:`DawidSkene`: its posterior times the classifier's
        probabilities (see :func:`consensus`) takes the place of CROWDLAB, which knows
        one weight for each annotator where a label model may know which classes they
        confuse.
    cv : int, splitter or None, default=None
        Folds of the probabilities: None is 5, stratified by the most frequent vote.
    strategy : {"hard", "weight", "soft"}, default="hard"
        What the estimator learns from: the consensus; the consensus, rows weighted by
        its quality; or every row once per class, weighted by its probability (copies
        below .001 are left out). The last two need an estimator that takes weights. If
        no row has two votes, it is "hard".
    missing_label : "auto", None or label, default="auto"
        What no vote is, beside missing cells: blank texts, and -1 among numbers
        ("auto"), nothing (None), or this label.
    classes : array-like of shape (n_classes,), default=None
        All labels; None takes those in the votes.
    keep_lineage : bool, default=True
        False keeps nothing that has a value for each training row.
    n_jobs : int, default=None
        Folds fitted at the same time.
    random_state : int, RandomState instance or None, default=None
        For the folds.

    Attributes
    ----------
    estimator_ : classifier
        Fitted on the consensus of the rows with a vote.
    consensus_ : ndarray of shape (n_rows,)
        Of the training rows of positive weight; without a vote, the class that the
        models find most probable.
    consensus_quality_ : ndarray of shape (n_rows,), float64
        Estimated probability that it is right, in [0, 1]; 1 for a verified row.
    needs_vote_ : ndarray of shape (n_rows,), bool
        True where one more vote could overturn it, or there is none.
    annotator_quality_ : ndarray of shape (n_annotators,), float64
        Between 0 and 1, higher is better; NaN for one without a vote.
    result_ : Consensus
        All that is known of rows and annotators, with frames and names.
    lineage_ : Lineage
        Which rows were left out ("no label"), repeated, or got a label from votes.
    classes_ : ndarray of shape (n_classes,)
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features_in_,)

    Warns
    -----
    SingleVotesWarning
        If there are several annotators and no row has two votes.

    See Also
    --------
    consensus : From votes, and probabilities that are there already.
    WeaklySupervisedClassifier : From labelling functions in the place of annotators.
    NoisePruningClassifier : For one given label a row, some of them wrong.

    Notes
    -----
    On simulated problems with features (``python -m benchmarks table
    annotator_consensus``) the consensus by CROWDLAB is right more often than the most
    frequent vote, and that by ``DawidSkene()`` and the classifier more often still.
    CROWDLAB's qualities are too low, but order the rows. "weight" and "hard" are about
    equally good, "soft" is worse with CROWDLAB. Choose by a few gold labels.

    A row without votes helps no fit, is predicted by the model of its fold, and keeps
    its place in ``needs_vote_``. Equal rows stay in one fold. A row of weight k counts
    k times in every fit of the estimator, its votes count once.

    One column of labels, ``y`` of shape (n_samples,), is one annotator: every label is
    the consensus, and its quality is the probability that the models give it. -1 is
    then a label.

    Wrong where annotators share a mistake; gold labels of some rows show it. A search
    that scores against votes prefers whoever repeats them: score against gold.

    References
    ----------
    .. [1] H. Goh, U. Tkachenko, J. Mueller, "CROWDLAB: supervised learning to infer
       consensus labels and quality scores for data with multiple annotators", NeurIPS
       2022 Human in the Loop Learning Workshop.

    Examples
    --------
    Five annotators, of whom each sees half of the rows and the last two guess a lot:

    >>> import numpy as np
    >>> from sklearn.datasets import load_iris
    >>> from sklearn.linear_model import LogisticRegression
    >>> from skdataquality.weak_supervision import MultiAnnotatorClassifier
    >>> X, y = load_iris(return_X_y=True)
    >>> rng = np.random.default_rng(0)
    >>> guesses = rng.random((150, 5)) < [0.1, 0.1, 0.2, 0.7, 0.7]
    >>> votes = np.where(guesses, rng.integers(3, size=(150, 5)), y[:, None])
    >>> votes[rng.random((150, 5)) < 0.5] = -1
    >>> clf = MultiAnnotatorClassifier(LogisticRegression(max_iter=1000))
    >>> clf = clf.set_params(random_state=0).fit(X, votes)
    >>> list(clf.result_.worst_annotators(2))
    [3, 4]
    >>> voted = (votes >= 0).any(axis=1)
    >>> bool((clf.consensus_ == y)[voted].mean() > 0.97)
    True

    Where gold labels are known, ``votes`` are metadata that follow their rows, and
    scores are those against gold, which no fit looks at:

    >>> from sklearn.model_selection import GridSearchCV, cross_validate
    >>> result = cross_validate(clf, X, y, params={"votes": votes})
    >>> bool(result["test_score"].mean() > 0.9)
    True
    >>> grid = {"strategy": ["hard", "weight", "soft"]}
    >>> search = GridSearchCV(clf, grid).fit(X, y, votes=votes)
    >>> search.score(X, y) > 0.9
    True
    """

    _parameter_constraints: dict = {
        **ClassifierWrapper._parameter_constraints,
        "label_model": [HasMethods(["fit", "predict_proba"]), None],
        "cv": ["cv_object"],
        "strategy": [StrOptions(STRATEGIES)],
        "missing_label": "no_validation",
        "classes": ["array-like", None],
        "n_jobs": [int, None],
        "random_state": ["random_state"],
    }
    _of_training_rows = (
        "lineage_",
        "consensus_",
        "consensus_quality_",
        "needs_vote_",
        "result_",
    )

    def __init__(
        self,
        estimator=None,
        *,
        label_model=None,
        cv=None,
        strategy="hard",
        missing_label="auto",
        classes=None,
        keep_lineage=True,
        n_jobs=None,
        random_state=None,
    ):
        self.estimator = estimator
        self.label_model = label_model
        self.cv = cv
        self.strategy = strategy
        self.missing_label = missing_label
        self.classes = classes
        self.keep_lineage = keep_lineage
        self.n_jobs = n_jobs
        self.random_state = random_state

    @fit_context(prefer_skip_nested_validation=False)
    def fit(
        self,
        X,
        y=None,
        *,
        votes=None,
        sample_weight=None,
        groups=None,
        verified=None,
        **params,
    ):
        """Find the consensus, then fit the estimator on it.

        Parameters
        ----------
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
            Handed to the estimator as it is, never converted. A list, Series or 1-D
            array of texts will do where the estimator takes it.
        y : {array-like, sparse matrix, data frame} of shape (n_samples, n_annotators) \
                or (n_samples,), or LongVotes, default=None
            Votes, one column for each annotator; a missing cell is no vote. If `votes`
            are given, y is gold for scores, and fit does not look at it.
        votes : {array-like, sparse matrix, data frame} of shape \
                (n_samples, n_annotators), or LongVotes, default=None
            Votes where ``y`` is gold, as in cross-validation.
        sample_weight : array-like of shape (n_samples,), default=None
            A weight k means that the row counts k times in fits of the estimator; rows
            of weight 0 are left out.
        groups : array-like of shape (n_samples,), default=None
            Groups that stay in one fold.
        verified : VerifiedLabels, default=None
            Labels of some rows that a person has checked; they are the consensus.
        **params : dict
            Further metadata for the last fit of the estimator; needs metadata routing.

        Returns
        -------
        self : object
        """
        if verified is not None and not isinstance(verified, VerifiedLabels):
            raise ValueError(
                f"verified is a {type(verified).__name__}: pass VerifiedLabels; a row "
                f"with votes has no given label that a mask could confirm."
            )
        if votes is not None:
            check_same_length(X=X, y=y)
        said = y if votes is None else votes
        return self._fit(X, said, sample_weight, groups, verified, params)

    def _check_y(self, X, y):
        votes = self._read(y)
        if votes.n_rows != num_samples(X):
            raise ValueError(
                f"votes has {votes.n_rows} rows and X has {num_samples(X)}, so the "
                f"numbers of samples are inconsistent: pass the same rows, in the same "
                f"order, in both."
            )
        if not votes.n_votes:
            raise ValueError("votes holds no vote: every cell abstains. Pass votes.")
        super()._check_y(X, votes.classes)
        return VotedRows(votes)

    def _read(self, y):
        if y is None:
            raise ValueError(
                "y=None: requires y to be passed, but the target y is None. Pass "
                "votes, one column for each annotator."
            )
        if isinstance(y, Votes | LongVotes):
            return read_votes(y, missing_label=self.missing_label, classes=self.classes)
        try:
            shape = y.shape if hasattr(y, "shape") else np.asarray(y).shape
        except ValueError:  # lists of different lengths
            shape = ()
        if len(shape) == 1 or shape[1:] == (1,):
            return one_annotator(y, self.classes)
        return read_votes(y, missing_label=self.missing_label, classes=self.classes)

    def _is_nothing(self, context):
        return False

    def _edit(self, X, y, context, progress):
        votes = y.votes
        answers = answers_of(context.verified, votes)
        proba = self._out_of_fold(X, votes, answers, context)
        if votes.n_sources > 1:
            warn_of_single_votes(votes)
        gold = answers.gold(votes.classes)
        found = consensus_of(votes, proba, self.label_model, gold)
        found = answers.confirm(found)
        rows = np.flatnonzero(votes.covered | answers.mask)
        rows, codes, weight = self._training_rows(rows, votes, found, context)
        given = given_codes(votes)
        lineage = Lineage.from_selection(
            rows,
            n_in=votes.n_rows,
            relabelled=codes != given[rows],
            drop_reason=Reason.NO_LABEL,
            change_reason=Reason.VOTES,
        )
        X = X if lineage.is_identity else take_rows(X, rows)
        labels = found.classes[codes]
        return Edit(X, labels, lineage, weight=weight, remedy=found)

    def _out_of_fold(self, X, votes, answers, context):
        """Probabilities of the classes of the votes, NaN where there are none.

        Rows without a label train no model and are predicted all the same.
        """
        codes = majority_codes(votes)
        if self.label_model is not None:
            gold = answers.gold(votes.classes)
            first = consensus_of(votes, None, self.label_model, gold)
            codes = np.searchsorted(votes.classes, first.labels)
        labels = votes.classes[answers.put_into(codes)]
        model, weight = self._estimator_for(X), None
        if context.sample_weight is not None:
            weight = fit_parameters(model, sample_weight=context.sample_weight)
        with default_fit(self.estimator is None):
            found = out_of_fold(
                model,
                X,
                labels,
                cv=self.cv,
                groups=context.groups,
                duplicate_groups=repeated_rows(X) if has_columns(X) else None,
                fit_params=weight,
                trusted=votes.covered | answers.mask,
                n_jobs=self.n_jobs,
                random_state=self.random_state,
            )
        proba = np.zeros((votes.n_rows, votes.n_classes))
        proba[:, np.searchsorted(votes.classes, found.classes)] = found.proba
        proba[~found.covered] = np.nan
        return proba

    def _training_rows(self, rows, votes, found, context):
        """Return rows or copies, numbers of their labels and weights (or None)."""
        strategy = self.strategy if has_overlap(votes) else "hard"
        if strategy == "soft":
            place, codes, weight = soft_copies(
                without_negligible(found.posterior[rows])
            )
            return rows[place], codes, weight
        codes = np.searchsorted(found.classes, found.labels[rows])
        if strategy == "hard":
            return rows, codes, None
        weight = found.quality[rows]
        given = None
        if context.sample_weight is not None:
            given = context.sample_weight[rows]
        return rows, codes, weight / np.average(weight, weights=given)

    def _store(self, edit, context):
        self.result_ = edit.remedy
        self.consensus_ = self.result_.labels
        self.consensus_quality_ = self.result_.quality
        self.needs_vote_ = self.result_.needs_vote
        self.annotator_quality_ = self.result_.annotator_quality

    def score(self, X, y, sample_weight=None):
        """Return the accuracy against gold labels.

        Parameters
        ----------
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
        y : array-like of shape (n_samples,)
            Gold labels, not votes.
        sample_weight : array-like of shape (n_samples,), default=None

        Returns
        -------
        accuracy : float
        """
        shape = np.shape(y)
        if len(shape) > 1 and shape[1] > 1:
            raise ValueError(
                f"y has shape {shape}, votes, which tell no accuracy: score against "
                f"gold labels of shape ({shape[0]},), and pass votes to fit, "
                f"cross_validate(clf, X, y_gold, params={{'votes': votes}})."
            )
        return super().score(X, y, sample_weight)


def has_columns(X):
    """Whether X is no table without columns, of which the estimator will complain."""
    return getattr(X, "shape", (1,))[-1] > 0
