"""What a comparison of remedies found: :class:`RemedyComparison`."""

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from sklearn.base import clone

from skdataquality.model_selection._shown import ShownComparison
from skdataquality.model_selection._verification import (
    expected_gains,
    judge_truth,
    plan_rows,
    question_for,
)
from skdataquality.utils._plain import plain


@dataclass(frozen=True, eq=False, repr=False)
class RemedyComparison(ShownComparison):
    """Scores of remedies on the same splits, and which one to take.

    Made by :func:`compare_remedies`.

    Attributes
    ----------
    scores_ : dict of str to dict of str to ndarray of shape (n_splits,)
        By metric, then by remedy; greater is better.
    splits_ : list of (train, test) index arrays
        Pass it on as ``cv``.
    metric_ : str
        The deciding metric, the first one asked for.
    candidates_ : dict of str to estimator
        Unfitted; the estimator bound to each remedy.
    test_train_ratio_ : float
        Mean over the splits of test rows over training rows.
    notes_ : tuple of str
        What was decided on the way, and what the scores cannot say.
    folds_ : tuple of DuplicateGroupKFold
        Their splits, one after the other, are ``splits_``; empty if ``cv`` was a
        splitter or an iterable. For numbers they split without ``y``.
    predictions_ : dict of str to dict of str to ndarray
        By metric, then by remedy: what the scorer was given of the rows held out, shape
        (n_repeats, n_samples) or (n_repeats, n_samples, n_classes). Metrics that are
        given the same share it. Without those whose splits do not hold out every row
        equally often, or whose scorer is a function of the estimator.
    tests_ : dict of str to dict of str to PairedTest
        By metric, then by remedy: the row-wise test of the gain, where there is one.
    seconds_ : dict of str to float
        By remedy: the time of all its fits and scores, added up over the splits, as if
        done one after the other.
    metric_kinds_ : dict of str to {"decisions", "ranking", "probabilities"}
        What a metric of a classifier reads, where that is known: a moved threshold
        changes "decisions" only.
    proba_ : ndarray of shape (n_samples, n_classes) or None
        What "nothing" says of the rows held out, classes sorted; mean over repeats.
        None without ``predict_proba``.
    verified_ : VerifiedLabels or None
        Labels that a person has checked, see :meth:`verify`.
    true_tests_ : dict of str to dict of str to PairedTest
        By metric, then by remedy: the test of the gain on the true labels; {} until
        verified. Metrics and remedies that cannot be judged are left out, and
        ``notes_`` say why.
    true_means_ : dict of str to dict of str to Interval or float
        By metric, then by remedy: score on the true labels. A float if rows on which
        all remedies agree had no chance to be verified: the score then rests on the
        model there; gains do not. Scores and intervals are cut off at the ends of the
        metric's range, such as 1 for accuracy; gains are not.
    posterior_ : ndarray of shape (n_samples, n_classes)
        Probability of each true class by ``proba_`` and the given label.
    expected_gains_ : dict of str to dict of str to float
        By metric, then by remedy: the gain on the true labels that the model expects,
        without any verification. Advice, which never decides.
    question_ : object or None
        What :meth:`plan_verification` and :meth:`verify` need of the data.
    score_weight_ : ndarray of shape (n_samples,), or None
        What rows weigh in the scores, if not all the same.
    table_ : list of dict
        ``table(metric_)``.
    ranking_ : list of str
        Remedies by score, best first, on the true labels where there are any.
    best_ : str
        "nothing" unless a remedy beats it beyond noise, on the true labels where there
        are any.
    verdict_ : str
        What the choice gains, or that nothing gains beyond noise, and on which labels.
    remarks_ : tuple of str
        What the tables say together: a gain that only moves the threshold, a model
        that expects something else on the true labels.
    best_estimator_ : estimator
        Unfitted.
    n_splits_ : int

    See Also
    --------
    compare_remedies : Makes it.
    RemedyComparisonDisplay : Draws it.
    prefer_nothing : Chooses like ``best_`` inside a search.

    Notes
    -----
    A remedy beats "nothing" if its mean difference is positive and its test, adjusted
    by Holm over the remedies, has p < .05. Of several that do, the best ranked one is
    taken. "Not beyond noise" is no proof of no gain: compare with
    ``minimum_detectable_gain``, the gain found with probability .8 (not adjusted).
    Under a table it reads "gains below ... would stay unseen": the largest of the
    remedies, or from the smallest to the largest where they differ by more than half.

    Labels that are wrong at random hide a gain, and labels that are wrong by a rule can
    turn it round: what is said holds for the labels that it names.

    The test is of single rows where it can be: what each row held out adds to the
    metric under the remedy, less what it adds under "nothing". For a mean over rows,
    such as accuracy or log loss, that is the row's own difference; for others its
    influence, the derivative of the metric in the weight of the row, or what leaving
    out groups of rows changes (jackknife). The variance is that of one repeat and twice
    the part of it by which repeats differ, over clusters of equal rows and of
    ``groups``. With a single one four models are asked about rows of the other folds
    too, some 1000 in all: where it disagrees with the model that did not see them,
    as trees do, the interval grows, up to that of the folds. Where splits do not hold
    out every row equally often, a scorer is any function of the estimator, or fewer
    rows differ than there are folds, the test is that of Nadeau and Bengio on the
    scores of splits; its interval is about 1.4 times as wide for stable models.

    The interval is for the gain, on new rows of the same kind, of the models fitted on
    these splits, averaged over the splits [1]_. That is a statement on this table. Most
    intervals hold the gain averaged over training sets of this size as well. They do
    not where a metric weighs decisions on one class far more than on another, as
    balanced accuracy and F1 do with a rare class: models are not fitted to that, so
    that two candidates that are equally good over many tables differ on each of them.

    References
    ----------
    .. [1] P. Bayle, A. Bayle, L. Janson and L. Mackey, "Cross-validation confidence
       intervals for test error", NeurIPS 33 (2020).
    """

    scores_: dict[str, dict[str, np.ndarray]]
    splits_: list
    metric_: str
    candidates_: dict
    test_train_ratio_: float
    notes_: tuple[str, ...] = ()
    folds_: tuple = ()
    predictions_: dict = field(default_factory=dict)
    tests_: dict = field(default_factory=dict)
    seconds_: dict = field(default_factory=dict)
    metric_kinds_: dict = field(default_factory=dict)
    proba_: Any = None
    verified_: Any = None
    true_tests_: dict = field(default_factory=dict)
    true_means_: dict = field(default_factory=dict)
    true_notes_: tuple[str, ...] = ()
    question_: Any = None
    score_weight_: np.ndarray | None = None

    @property
    def n_splits_(self):
        """Number of splits."""
        return len(self.splits_)

    @property
    def best_estimator_(self):
        """An unfitted clone of the chosen candidate."""
        return clone(self.candidates_[self.best_])

    @property
    def posterior_(self):
        """Probability of each true class, as the model sees it."""
        return question_for(self.question_).posterior

    @cached_property
    def expected_gains_(self):
        """Gains on the true labels that the model expects; advice only."""
        if self.question_ is None:
            return {}
        return expected_gains(self.question_)

    def plan_verification(self, n_rows=50, *, random_state=None):
        """Draw the rows whose true label tells the remedies apart.

        Parameters
        ----------
        n_rows : int, default=50
            Rows that a person can verify.
        random_state : int, RandomState instance or None, default=None

        Returns
        -------
        plan : VerificationPlan
            Fewer rows if fewer can change the comparison.

        Raises
        ------
        ValueError
            If all remedies make the same decisions, the deciding metric is not
            computable from verified labels, or ``y`` holds numbers.

        Notes
        -----
        One draw serves all remedies, and the deciding metric. Rows on which all say the
        same cancel in the difference of a mean over rows and are never drawn; under
        metrics such as balanced accuracy and F1 they count in the totals of the classes
        and have a small chance. The chance of a row grows with the spread that its
        label has under the model's probabilities, mixed with some doubt in these.
        """
        question = question_for(self.question_)
        return plan_rows(question, self.metric_, n_rows, random_state)

    def verify(self, verified):
        """Judge the remedies on the true labels.

        Parameters
        ----------
        verified : VerifiedLabels
            Labels of some rows of the table, best drawn by :meth:`plan_verification`.

        Returns
        -------
        comparison : RemedyComparison
            A new one, with ``true_tests_`` and ``true_means_``, whose ``best_`` rests
            on them.

        Raises
        ------
        ValueError
            If nothing is verified, rows are of another table, a label is no class of
            ``y``, or only "wrong" is known of a label among more than two classes.

        Notes
        -----
        The label of every row is replaced by its probabilities, as "nothing" and what
        all remedies predict make them, and the sum corrected
        by what the verified rows are found to be, each by the inverse of its chance to
        be drawn: unbiased whatever the probabilities are, and precise if they are good.
        How far they are trusted is estimated from the verdicts (power tuning, [1]_).
        Metrics that are no mean over rows are computed from the cells, or the weighted
        pairs, that result: of all rows of a run, and brought to the mean over splits by
        what the two differ under likely labels. The variance is that of the draw
        (Hajek's, for rows drawn without replacement) and that of the rows of the table,
        as the comparison has it without verified labels. With every row verified the
        result is that of the true labels.

        References
        ----------
        .. [1] A. Angelopoulos, J. Duchi, T. Zrnic, "PPI++: Efficient prediction-powered
           inference", arXiv:2311.01453, 2023.

        Examples
        --------
        >>> import numpy as np
        >>> from sklearn.datasets import make_classification
        >>> from sklearn.linear_model import LogisticRegression
        >>> from skdataquality.imbalance import ClassBalanceWeighter
        >>> from skdataquality.model_selection import compare_remedies
        >>> X, truth = make_classification(600, class_sep=0.7, random_state=0)
        >>> lost = np.random.default_rng(0).random(600) < 0.4
        >>> given = np.where(lost, 0, truth)  # 40 % of class 1 are called 0
        >>> comparison = compare_remedies(
        ...     LogisticRegression(),
        ...     {"balance": ClassBalanceWeighter()},
        ...     X,
        ...     given,
        ...     random_state=0,
        ... )
        >>> plan = comparison.plan_verification(40, random_state=0)
        >>> checked = comparison.verify(plan.verified(truth[plan.rows]))
        >>> comparison.best_, checked.best_
        ('nothing', 'balance')
        """
        question = question_for(self.question_)
        truth = judge_truth(question, self.metric_, verified)
        notes = [note for note in self.notes_ if note not in self.true_notes_]
        return replace(
            self,
            verified_=verified,
            true_tests_=truth.tests,
            true_means_=truth.means,
            true_notes_=tuple(truth.notes),
            notes_=(*notes, *truth.notes),
        )

    def to_dict(self):
        """Return everything but the estimators, as strict JSON can hold it.

        Returns
        -------
        result : dict
            NaN is None.
        """
        return plain(
            {
                "metric": self.metric_,
                "best": self.best_,
                "verdict": self.verdict_,
                "ranking": self.ranking_,
                "n_splits": self.n_splits_,
                "test_train_ratio": self.test_train_ratio_,
                "tables": self._tables["given"],
                "true_tables": self._tables["true"],
                "scores": self.scores_,
                "seconds": self.seconds_,
                "notes": [*self.remarks_, *self.notes_],
            }
        )
