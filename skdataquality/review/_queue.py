"""The review of given labels, batch by batch: :class:`LabelReviewQueue`."""

from numbers import Integral, Real

import numpy as np
from sklearn.base import BaseEstimator, clone
from sklearn.utils import get_tags
from sklearn.utils.validation import check_is_fitted, indexable

from skdataquality.active_learning._embedding import content_keys
from skdataquality.label_noise._detectors import verdicts_of
from skdataquality.review._answers import join_answers
from skdataquality.review._batch import ReviewBatch, draw_batch
from skdataquality.review._checks import check_answers, check_belongs, check_rows_asked
from skdataquality.review._judgement import judge_given
from skdataquality.review._mended import mend
from skdataquality.review._remaining import WrongByScore, remaining_errors
from skdataquality.review._stop import judge_stop
from skdataquality.utils._draws import draw_seed
from skdataquality.utils._saving import PersistenceMixin
from skdataquality.utils._sklearn import (
    HasMethods,
    Interval,
    StrOptions,
    fit_context,
)
from skdataquality.utils._validation import (
    check_same_length,
    check_table,
    encode_labels,
)


class LabelReviewQueue(PersistenceMixin, BaseEstimator):
    """The rows whose labels a person should check next, until it no longer pays.

    :meth:`next_batch` names rows, a person checks them, :meth:`submit` takes the
    answers; the models then learn from the mended labels and doubt others. Most of a
    batch are the rows whose labels look worst; a share of it is drawn at random from
    all the others, which tells how many wrong labels are left.

    Parameters
    ----------
    estimator : classifier, default=None
        Needs ``predict_proba`` or ``decision_function``. None is the default of
        :class:`~skdataquality.label_noise.LabelErrorDetector`.
    batch_size : int, default=50
        Rows of a batch.
    random_share : float, default=0.08
        Share of each batch that is drawn at random, in [0, 1]. More make the interval
        of what remains narrower, and find fewer wrong labels; without any it is
        unknown.
    review_cost : float, default=0.05
        Cost of checking a row beside what a mended label is worth, in [0, 1]: reviewing
        no longer pays where fewer of the next rows are expected to be wrong. 0 goes on
        to the end.
    score_method : {"self_confidence", "normalized_margin", \
            "confidence_weighted_entropy"}, default="normalized_margin"
        Method of :func:`~skdataquality.label_noise.label_quality_scores`.
    n_rounds : int, default=2
        Rounds of cross-validation for each batch; all but the first learn without the
        labels that the one before flagged. 1 takes half of the time and finds somewhat
        fewer errors between two classes.
    cv : int, splitter, iterable, "oob" or None, default=None
        None is 5 stratified, shuffled folds, in which identical rows stay together.
    n_jobs : int, default=None
        Folds fitted at the same time.
    random_state : int, RandomState instance or None, default=None
        For folds and draws. Pass an int to continue from files.

    Attributes
    ----------
    queue_ : ndarray of shape (n_open,), int
        Rows that nobody has looked at, the most suspicious first.
    sample_scores_ : ndarray of shape (n_samples,), float
        Quality of each given label in [0, 1] by models that did not see the row, higher
        is better; NaN without a prediction.
    suggested_labels_ : ndarray of shape (n_samples,)
        Most probable class of each row.
    labels_ : ndarray of shape (n_samples,)
        Labels as they are now: the verified one where there is one, else the given.
    verified_ : VerifiedLabels
        All answers so far.
    lineage_ : Lineage
        What the answers do to the table: rows relabelled, and dropped where only that
        the given label is wrong is known, both for the reason "verified".
    remaining_errors_ : Interval
        How many labels of rows without an answer are wrong (Notes).
    stop_ : ReviewStop
        Whether reviewing no longer pays; true if so. ``stop_.sentence`` says it.
    n_batches_ : int
        Sets of answers taken in.
    classes_ : ndarray of shape (n_classes,)
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features_in_,)

    See Also
    --------
    ReviewedLabels : Brings the answers into training rows, in a search too.
    skdataquality.report.write_sheet : Writes a batch for a spreadsheet.
    to_label_studio : Writes a batch for Label Studio.

    Notes
    -----
    Verified rows are never asked about again, train with their verified label, and are
    never left out by a model. Rows of which a person cannot say are not asked about
    again either; they count among those that may be wrong. Rows of a batch that were
    not answered come back.

    What remains is estimated from the rows drawn at random, as they stand under the
    models of now: rows are cut by score where the chance of a wrong label, as the
    suspects checked so far tell it, changes most; within each stratum the random rows
    speak for the rows not checked. Suspects speak for none but themselves. Whatever the
    models are worth, the estimate is nearly unbiased, the models only decide how narrow
    the interval is: mid-P gamma, as :class:`~skdataquality.label_noise.LabelAudit` has
    it. It stays wide while few random rows were checked: none wrong among 30 does not
    exclude 1 in 10. A row drawn early that is by now more suspicious than any open one
    speaks for none; one that would have become a suspect in between counts a little too
    much, which errs on the side of caution.

    The next batch is expected to find what suspects of such scores held so far, by
    isotonic regression, and of its random rows the share that remains.

    Nothing but the answers is needed to continue: ``fit(X, y, verified=...)`` with all
    of them, or with ``verified_``, and the same `random_state` gives the same queue.
    Answers of other purposes than a review mend their rows; their chances to be drawn
    are not used.

    It is the share of labels that the reviewer calls wrong. A reviewer who sees the
    suggestion tends to agree with it; sheets and tasks hide it. Where no model can
    doubt a wrong label, random rows alone find it: use
    :class:`~skdataquality.label_noise.LabelAudit`.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from sklearn.linear_model import LogisticRegression
    >>> from skdataquality.datasets import make_label_errors
    >>> from skdataquality.review import LabelReviewQueue
    >>> X, truth = load_iris(return_X_y=True)
    >>> y, _ = make_label_errors(truth, 0.2, random_state=0)
    >>> model = LogisticRegression(max_iter=1000)
    >>> queue = LabelReviewQueue(model, batch_size=20, random_share=0.2, random_state=0)
    >>> _ = queue.fit(X, y)
    >>> while not queue.stop_:
    ...     batch = queue.next_batch()
    ...     answers = truth[batch.rows]  # a person's work
    ...     _ = queue.submit(batch.verified(answers))
    >>> queue.verified_.n_verified, int((queue.labels_ != truth).sum())
    (60, 0)
    >>> print(queue.stop_)
    reviewing no longer pays: about 0 [0, 24] wrong labels remain, by 12 random rows
    """

    _parameter_constraints: dict = {
        "estimator": [
            HasMethods(["fit", "predict_proba"]),
            HasMethods(["fit", "decision_function"]),
            None,
        ],
        "batch_size": [Interval(Integral, 1, None, closed="left")],
        "random_share": [Interval(Real, 0, 1, closed="both")],
        "review_cost": [Interval(Real, 0, 1, closed="both")],
        "score_method": [
            StrOptions(
                {"self_confidence", "normalized_margin", "confidence_weighted_entropy"}
            )
        ],
        "n_rounds": [Interval(Integral, 1, None, closed="left")],
        "cv": ["cv_object", StrOptions({"oob"})],
        "n_jobs": [Integral, None],
        "random_state": ["random_state"],
    }

    def __init__(
        self,
        estimator=None,
        *,
        batch_size=50,
        random_share=0.08,
        review_cost=0.05,
        score_method="normalized_margin",
        n_rounds=2,
        cv=None,
        n_jobs=None,
        random_state=None,
    ):
        self.estimator = estimator
        self.batch_size = batch_size
        self.random_share = random_share
        self.review_cost = review_cost
        self.score_method = score_method
        self.n_rounds = n_rounds
        self.cv = cv
        self.n_jobs = n_jobs
        self.random_state = random_state

    @fit_context(prefer_skip_nested_validation=False)
    def fit(self, X, y, *, verified=None, groups=None):
        """Begin a review, or continue one from its answers.

        Parameters
        ----------
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
            Handed to the estimator as it is, and kept.
        y : array-like of shape (n_samples,)
            Given labels of any type, in at least two classes; never changed.
        verified : VerifiedLabels or list of VerifiedLabels, default=None
            All answers so far, of exactly these rows.
        groups : array-like of shape (n_samples,), default=None
            Rows of one group stay in one fold.

        Returns
        -------
        self : object

        Raises
        ------
        ValueError
            If labels are of one class, or answers are of another table, twice for one
            row, or no label of `y`.
        """
        table = check_table(self, X, y)
        classes, codes = encode_labels(y)
        check_same_length(X=X, y=y, groups=groups)
        if classes.size < 2:
            raise ValueError(
                f"y has 1 class ({classes.tolist()[0]!r}) in {codes.size} row(s); "
                f"wrong labels can only be told from at least 2: add rows of another "
                f"class."
            )
        sets = [] if verified is None else check_answers(verified, classes, codes)
        self._X, self._groups = indexable(X, groups)
        self._codes, self.classes_ = codes, classes
        self._keys = content_keys(table)
        self._seed = draw_seed(self.random_state)
        self.n_batches_ = len(sets)
        self._take_in(join_answers(*sets))
        return self

    def _take_in(self, answers):
        """Set all that follows from the answers so far."""
        self.verified_, self._batch = answers, None
        codes, classes = self._codes, self.classes_
        verdicts = verdicts_of(answers, codes, classes)
        self.lineage_, self.labels_ = mend(verdicts, codes, classes)
        judged = judge_given(
            self._X,
            codes,
            classes,
            verdicts,
            groups=self._groups,
            score_method=self.score_method,
            estimator=None if self.estimator is None else clone(self.estimator),
            cv=self.cv,
            n_rounds=self.n_rounds,
            n_jobs=self.n_jobs,
            random_state=self._seed,
        )
        self.sample_scores_ = judged.scores
        self.suggested_labels_ = classes[judged.suggested]
        self.queue_ = self._ordered(~verdicts.is_verified)
        self._estimate(verdicts)

    def _ordered(self, is_open):
        """Rows without an answer, by score and then by what they hold."""
        is_open = is_open.copy()
        is_open[self.verified_.cannot_say] = False
        rows = np.flatnonzero(is_open)
        scores = self.sample_scores_[rows]  # NaN is sorted to the end
        return rows[np.lexsort((self._codes[rows], self._keys[rows], scores))]

    def _estimate(self, verdicts):
        """Set what remains, and whether to go on."""
        chance = self.verified_.inclusion_probability
        scores, is_wrong = self.sample_scores_, verdicts.is_wrong
        is_random = np.zeros(self._codes.size, dtype=bool)
        is_random[self.verified_.rows[chance < 1]] = True
        if self.queue_.size:
            # by now a suspect: it stands for no row that is open
            is_random &= ~(scores < scores[self.queue_[0]])
        is_suspect = verdicts.is_verified & ~is_random
        by_suspects = WrongByScore(scores[is_suspect], is_wrong[is_suspect])
        rows = np.flatnonzero(~is_suspect)
        self.remaining_errors_ = remaining_errors(
            scores[rows],
            by_suspects.risk(scores[rows]),
            is_random[rows],
            is_wrong[rows],
        )
        n = min(self.batch_size, self.queue_.size)
        n_random = self._n_random(n)
        first = self.queue_[: n - n_random]
        known = verdicts.is_verified
        curve = WrongByScore(scores[known], is_wrong[known])
        self.stop_ = judge_stop(
            curve.risk(scores[first]) if known.any() else None,
            n_random,
            self.remaining_errors_,
            self.queue_.size,
            self.review_cost,
            n_checked_random=int(is_random.sum()),
        )

    def _n_random(self, n):
        """Rows of the next n to draw at random, so that their share is kept in sum."""
        chance = self.verified_.inclusion_probability
        n_before = int((~np.isnan(chance)).sum())
        wanted = round(self.random_share * (n_before + n)) - int((chance < 1).sum())
        return int(np.clip(wanted, 0, n))

    def next_batch(self, n=None):
        """Return the rows that a person should check next.

        The same rows until answers are submitted.

        Parameters
        ----------
        n : int, default=None
            Rows of the batch; None is ``batch_size``. All that are left if there are
            fewer.

        Returns
        -------
        batch : ReviewBatch

        Raises
        ------
        NotFittedError
            Before ``fit``.
        ValueError
            If `n` is no positive integer, or every row was looked at.

        Warns
        -----
        PoolExhaustedWarning
            If fewer rows are left than asked for in `n`.
        """
        check_is_fitted(self)
        n = check_rows_asked(n, self.batch_size, self.queue_.size)
        rng = np.random.RandomState(
            [self._seed, self.verified_.n_verified, self.verified_.cannot_say.size]
        )
        rows, reason, chance = draw_batch(self.queue_, n, self._n_random(n), rng)
        self._batch = ReviewBatch(
            rows=rows,
            given=self.classes_[self._codes[rows]],
            suggested=self.suggested_labels_[rows],
            score=self.sample_scores_[rows],
            reason=reason,
            inclusion_probability=chance,
            classes=self.classes_,
            n_total=self._codes.size,
            number=self.n_batches_ + 1,
        )
        return self._batch

    def submit(self, verified):
        """Take in what a person has answered, and judge all other labels anew.

        Parameters
        ----------
        verified : VerifiedLabels
            ``batch.verified(labels)``, or what
            :func:`~skdataquality.report.read_verified` reads from its sheet; or answers
            of another purpose, about any rows.

        Returns
        -------
        self : object

        Raises
        ------
        NotFittedError
            Before ``fit``.
        ValueError
            If the answers are of another table or another batch, a row has been
            answered before, or an answer is no label of the table.
        """
        check_is_fitted(self)
        sets = check_answers(verified, self.classes_, self._codes)
        for each in sets:
            check_belongs(each, self._batch)
        answers = join_answers(self.verified_, *sets)
        self.n_batches_ += len(sets)
        self._take_in(answers)
        return self

    def __sklearn_is_fitted__(self):
        return hasattr(self, "stop_")

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        if self.estimator is None:
            tags.input_tags.allow_nan = tags.input_tags.sparse = True
            tags.input_tags.string = True
        else:
            tags.input_tags = get_tags(self.estimator).input_tags
        tags.target_tags.required = True
        return tags
