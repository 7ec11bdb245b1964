"""Consensus with a classifier, and whom to ask next: :func:`crowdlab` and the score."""

import warnings

import numpy as np

from skdataquality.exceptions import SingleVotesWarning
from skdataquality.utils._probabilities import check_partial_proba
from skdataquality.weak_supervision._annotators._asking import (
    activelab_scores,
    tempered_to_votes,
    turned_by_one_vote,
)
from skdataquality.weak_supervision._annotators._crowdlab import (
    crowdlab_consensus,
    has_overlap,
    source_quality,
)
from skdataquality.weak_supervision._annotators._result import Consensus
from skdataquality.weak_supervision._annotators._tied_vote import mean_by
from skdataquality.weak_supervision._votes import read_votes


def crowdlab(votes, pred_proba, *, calibrate=False, missing_label="auto", classes=None):
    r"""Find consensus labels from votes and a classifier's probabilities [1]_.

    Each row's probabilities are a weighted mean of the classifier's and of one
    distribution per vote, which gives the class voted for the share P of votes that
    agree with the consensus and spreads the rest. A source weighs as much as it beats
    the error of always naming the most frequent class: an annotator by agreement with
    the others, the classifier by agreement with the consensus, times the root of the
    mean number of votes. Two passes: from the most frequent votes, then from the most
    probable classes.

    Parameters
    ----------
    votes : {array-like, sparse, data frame, LongVotes}, shape (n_rows, n_annotators)
        One column for each annotator; a missing cell is no vote.
    pred_proba : array-like of shape (n_rows, n_classes)
        Out-of-sample class probabilities, columns in the order of sorted classes; rows
        sum to 1 within 1e-3, or are NaN throughout where there is no prediction.
    calibrate : bool, default=False
        Whether probabilities are first raised to the power under which the votes are
        likeliest, for models that are too sure of themselves.
    missing_label : "auto" or None or label, default="auto"
        What no vote is, beside missing cells: blank texts, and -1 among numbers
        ("auto"), nothing (None), or this label.
    classes : array-like of shape (n_classes,), default=None
        All labels; needed if one has no vote.

    Returns
    -------
    result : Consensus
        ``annotator_quality`` is the mean probability of their votes and their agreement
        with the consensus on shared rows, weighed as classifier and annotators are. A
        row without votes has the classifier's probabilities.

    Raises
    ------
    ValueError
        If votes or probabilities are not what they should be.

    Warns
    -----
    SingleVotesWarning
        If no row has two votes: nothing then tells good annotators from bad, the votes
        are the consensus and ``quality`` is the probability that the classifier gives
        them.

    See Also
    --------
    consensus : With a label model in the place of the classifier, too.
    MultiAnnotatorClassifier : Makes out-of-sample probabilities itself.

    Notes
    -----
    Formulas, order of ties and limits (1e-6) are those of cleanlab 2.9, but for what
    that refuses (rows without votes) or draws at random (the last ties go to the first
    class). Ties are those to 1e-9. Memory is that of votes and probabilities.

    Wrong if probabilities are not out of sample: a model that has seen the labels
    agrees with them, and is trusted for it. Weights know nothing of classes: annotators
    who confuse one pair of classes are better served by :class:`DawidSkene`. If most
    rows are of one class, weights rest on few rows.

    References
    ----------
    .. [1] H. Goh, U. Tkachenko, J. Mueller, "CROWDLAB: supervised learning to infer
       consensus labels and quality scores for data with multiple annotators", NeurIPS
       2022 Human in the Loop Learning Workshop.

    Examples
    --------
    >>> from skdataquality.weak_supervision import crowdlab
    >>> votes = [
    ...     ["ham", "ham", "spam"],
    ...     ["spam", "spam", None],
    ...     ["ham", None, "spam"],
    ...     ["ham", "ham", "ham"],
    ...     ["spam", "spam", "ham"],
    ...     [None, None, None],
    ... ]
    >>> p_spam = np.array([0.1, 0.8, 0.3, 0.2, 0.9, 0.6])
    >>> result = crowdlab(votes, np.column_stack([1 - p_spam, p_spam]))
    >>> result.labels.tolist()
    ['ham', 'spam', 'ham', 'ham', 'spam', 'spam']
    >>> result.quality.round(2)
    array([0.88, 0.79, 0.7 , 0.79, 0.88, 0.6 ])
    """
    votes, proba = read_both(votes, pred_proba, missing_label, classes)
    warn_of_single_votes(votes)
    return crowdlab_of(votes, tempered_to_votes(proba, votes) if calibrate else proba)


def relabel_scores(
    votes, pred_proba, *, calibrate=False, missing_label="auto", classes=None
):
    r"""Score which row to ask an annotator about next (ActiveLab [1]_).

    CROWDLAB's quality of the consensus, shrunk towards chance as if one more annotator
    of mean weight had voted blindly: :math:`(W_i q_i + \bar w / K) / (W_i + \bar w)`,
    with :math:`W_i` the weight of the classifier and all votes of the row. Rows with
    votes, which may need another, and rows without, which may need a first, are on one
    scale.

    Parameters
    ----------
    votes : {array-like, sparse, data frame, LongVotes}, shape (n_rows, n_annotators)
        One column for each annotator; a missing cell is no vote. Rows without a vote
        are candidates too.
    pred_proba : array-like of shape (n_rows, n_classes)
        As for :func:`crowdlab`; of rows without votes from any model fitted on others.
    calibrate : bool, default=False
        Whether probabilities are first raised to the power under which the votes are
        likeliest, as in the paper; left as they are if no row has two votes. Votes are
        wrong more often than a good model, which then counts for too little: in
        simulations it chose worse rows.
    missing_label : "auto" or None or label, default="auto"
        As for :func:`crowdlab`.
    classes : array-like of shape (n_classes,), default=None
        All labels; needed if one has no vote.

    Returns
    -------
    scores : ndarray of shape (n_rows,), float64
        In (0, 1). Lower: ask about this row first, ``numpy.argsort(scores)[:k]``. As
        everywhere here a high score is a good row.

    Raises
    ------
    ValueError
        If votes or probabilities are not what they should be.

    See Also
    --------
    Consensus.needs_vote : Which rows one vote could turn, without a budget.

    Notes
    -----
    They are ``ask_scores`` of :func:`crowdlab`, and, for the same probabilities, those
    of cleanlab 2.9, ``get_active_learning_scores``, which always calibrates. Its power
    is another: there it is the best on a grid, under votes some of which
    count for a wrong class (rows that lack a vote for the first classes).

    References
    ----------
    .. [1] H. Goh, J. Mueller, "ActiveLab: active learning with re-labeling by multiple
       annotators", ICLR 2023 Workshop on Trustworthy ML.

    Examples
    --------
    >>> from skdataquality.weak_supervision import relabel_scores
    >>> votes = [[0, 0, 0], [1, 1, None], [0, 1, None], [None, None, None]]
    >>> proba = np.array([[0.8, 0.2], [0.3, 0.7], [0.5, 0.5], [0.1, 0.9]])
    >>> relabel_scores(votes, proba).argsort()
    array([2, 3, 1, 0])
    """
    votes, proba = read_both(votes, pred_proba, missing_label, classes)
    if calibrate and has_overlap(votes):
        proba = tempered_to_votes(proba, votes)
    consensus, weighed = crowdlab_consensus(votes, proba)
    return activelab_scores(_quality_of(weighed.posterior, consensus), weighed)


def read_both(votes, pred_proba, missing_label, classes):
    """Return Votes, and checked probabilities with NaN where there are none."""
    votes = read_votes(votes, missing_label=missing_label, classes=classes)
    proba, covered = check_partial_proba(pred_proba, votes.n_rows, votes.n_classes)
    return votes, np.where(covered[:, None], proba, np.nan)


def warn_of_single_votes(votes):
    """Warn if no row has two votes."""
    if not has_overlap(votes):
        warnings.warn(
            "no row has two votes, so nothing tells good annotators from bad: the "
            "votes are the consensus, its quality is the classifier's probability. Let "
            "some rows be labelled twice.",
            SingleVotesWarning,
            stacklevel=3,
        )


def crowdlab_of(votes, proba):
    """Return the :class:`Consensus` of Votes and probabilities that are checked."""
    codes, weighed = crowdlab_consensus(votes, proba)
    single = "the only votes, judged by the classifier"
    return summed_up(
        votes,
        codes,
        weighed,
        annotator_quality=source_quality(votes, codes, weighed),
        needs_vote=turned_by_one_vote(weighed, codes),
        method="CROWDLAB" if has_overlap(votes) else single,
    )


def summed_up(votes, codes, weighed, *, annotator_quality, needs_vote, method):
    """Make the result of a consensus and its weights."""
    quality = _quality_of(weighed.posterior, codes)
    agreed = votes.code == codes[votes.row]
    n_votes = np.bincount(votes.row, minlength=votes.n_rows)
    return Consensus(
        labels=votes.classes[codes],
        quality=quality,
        needs_vote=needs_vote | (n_votes == 0),
        ask_scores=activelab_scores(quality, weighed),
        agreement=mean_by(votes.row, agreed, votes.n_rows),
        n_votes=n_votes,
        posterior=weighed.posterior,
        classes=votes.classes,
        annotators=votes.sources,
        annotator_quality=annotator_quality,
        annotator_weight=weighed.source_weight,
        annotator_agreement=mean_by(votes.source, agreed, votes.n_sources),
        annotator_n_votes=np.bincount(votes.source, minlength=votes.n_sources),
        model_weight=weighed.model_weight,
        method=method,
    )


def _quality_of(posterior, codes):
    return posterior[np.arange(codes.size), codes]
