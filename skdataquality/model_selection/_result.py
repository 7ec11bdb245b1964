"""What a comparison of remedies found: :class:`RemedyComparison`."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from sklearn.base import clone

from skdataquality.model_selection._shown import ShownComparison
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
    verified_ : VerifiedLabels or None
        The rows behind the true labels.
    true_tests_ : dict of str to dict of str to PairedTest
        By metric, then by remedy: the test of the gain on the true labels. Empty until
        labels are verified.
    true_means_ : dict of str to dict of str to Interval or float
        By metric, then by remedy: the score on the true labels.
    expected_gains_ : dict of str to dict of str to float
        By metric, then by remedy: the gain on the true labels that the model expects,
        advice that decides nothing.
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
    out groups of rows changes (jackknife). The variance is that of one repeat, and once
    more the part of it by which repeats differ, over clusters of equal rows and of
    ``groups``. Where splits do not hold out every row equally often, a scorer is any
    function of the estimator, or fewer rows differ than there are folds, the test is
    that of Nadeau and Bengio on the scores of splits; mostly its interval is about 1.5
    times as wide. So it is where a metric weighs decisions on one class far more than
    on another, as balanced accuracy and F1 do with a rare class: models are not fitted
    to that, and what they gain under it changes with every training set.

    The interval is for the gain averaged over training sets of this size. That of the
    models fitted on one of them can lie outside if small changes of the training rows
    change the model much. Models that choose among columns by the same rows, such as
    shallow trees, vary more from one training set to the next than any repeat of the
    folds can show: with them two equally good candidates are told apart too often.
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
    verified_: Any = None
    true_tests_: dict = field(default_factory=dict)
    true_means_: dict = field(default_factory=dict)

    @property
    def n_splits_(self):
        """Number of splits."""
        return len(self.splits_)

    @property
    def best_estimator_(self):
        """An unfitted clone of the chosen candidate."""
        return clone(self.candidates_[self.best_])

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
