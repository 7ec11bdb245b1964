"""Do annotators agree more than by chance? Krippendorff's, Cohen's, Fleiss' figures."""

import math

import numpy as np

from skdataquality.utils._printable import printable
from skdataquality.weak_supervision._annotators._chance_corrected import (
    Disagreement,
    of_units,
)
from skdataquality.weak_supervision._votes import read_votes

LEVELS = ("nominal", "ordinal", "interval")
WEIGHTS = {None: 0, "linear": 1, "quadratic": 2}
PAIR = 2


def krippendorff_alpha(
    votes, *, measurement="nominal", level=0.95, missing_label="auto", classes=None
):
    r"""Agreement of any number of annotators, with missing votes [1]_.

    One minus observed over expected disagreement. With :math:`n_{uc}` votes for class c
    among the :math:`m_u \geq 2` of row u, :math:`n_c` in all, n together, and squared
    distances :math:`\delta_{ck}^2` of classes,

    .. math:: \alpha = 1 - (n - 1) \frac{\sum_u \frac{1}{m_u - 1} \sum_{ck} n_{uc}
        n_{uk} \delta_{ck}^2}{\sum_{ck} n_c n_k \delta_{ck}^2}.

    1 is perfect agreement, 0 that of votes shuffled over rows, below 0 less than that.
    Rows with a single vote say nothing and are left out.

    Parameters
    ----------
    votes : {array-like, sparse, data frame, LongVotes}, shape (n_rows, n_annotators)
        One column for each annotator; a missing cell is no vote.
    measurement : {"nominal", "ordinal", "interval"}, default="nominal"
        What the classes are: names, equally far from each other; grades in sorted
        order; or numbers, at their difference.
    level : float, default=0.95
        Confidence level.
    missing_label : "auto" or None or label, default="auto"
        What no vote is, beside missing cells: blank texts, and -1 among numbers
        ("auto"), nothing (None), or this label.
    classes : array-like of shape (n_classes,), default=None
        All labels; None takes those in the votes.

    Returns
    -------
    alpha : Interval
        ``estimate``, ``lower``, ``upper``, at most 1, and ``method``. NaN if no row has
        two votes, or all votes are of one class.

    Raises
    ------
    ValueError
        If the votes are none, or classes are no numbers for "interval".

    See Also
    --------
    fleiss_kappa : Expects votes with replacement; equal for many votes.
    cohen_kappa : Of two annotators, with a chance level of their own.

    Notes
    -----
    The interval is that of rows drawn at random, with the same annotators: the
    logarithm of the disagreement ratio is linearised in the rows and Student's t with
    one degree less than rows used. It covers too seldom where annotators share few
    rows, and says nothing of other annotators. Where nobody disagrees it rests on the
    share of rows that may yet hold a disagreement.

    Agreement is no accuracy: annotators who share a mistake agree. With one class far
    more frequent than others alpha is low though nearly all votes are equal.

    References
    ----------
    .. [1] K. Krippendorff, "Content analysis", 4th ed., 2018, chapter 12.

    Examples
    --------
    >>> from skdataquality.weak_supervision import krippendorff_alpha
    >>> votes = [
    ...     ["ham", "ham", None],
    ...     ["spam", "spam", "spam"],
    ...     ["ham", "spam", "ham"],
    ...     ["spam", None, "spam"],
    ...     ["ham", "ham", "ham"],
    ... ]
    >>> alpha = krippendorff_alpha(votes)
    >>> round(alpha.estimate, 3), round(alpha.upper, 3)
    (0.714, 0.981)
    """
    if measurement not in LEVELS:
        raise ValueError(
            f"measurement={measurement!r} is unknown: use one of {list(LEVELS)}."
        )
    votes = read_votes(votes, missing_label=missing_label, classes=classes)
    counts = _of_compared_rows(votes)
    distance = _distances(votes.classes, measurement)
    return of_units(counts, distance).interval(level)


def fleiss_kappa(votes, *, level=0.95, missing_label="auto", classes=None):
    r"""Agreement of annotators who are interchangeable [1]_.

    One minus observed over expected disagreement of two votes on one row: observed is
    the mean over rows of the share of pairs of votes that differ, expected is that of
    two votes drawn from all rows. With the same number of votes on every row it is
    Fleiss' figure; otherwise rows count equally, as in [2]_, those with fewer than two
    votes not at all.

    Parameters
    ----------
    votes : {array-like, sparse, data frame, LongVotes}, shape (n_rows, n_annotators)
        One column for each annotator; a missing cell is no vote.
    level : float, default=0.95
        Confidence level.
    missing_label : "auto" or None or label, default="auto"
        As for :func:`krippendorff_alpha`.
    classes : array-like of shape (n_classes,), default=None
        All labels; None takes those in the votes.

    Returns
    -------
    kappa : Interval
        At most 1; 0 is agreement by chance. NaN if no row has two votes, or all votes
        are of one class. The interval is made as that of :func:`krippendorff_alpha`.

    Raises
    ------
    ValueError
        If the votes are none.

    References
    ----------
    .. [1] J. Fleiss, "Measuring nominal scale agreement among many raters",
       Psychological Bulletin 76, 1971.
    .. [2] K. Gwet, "Handbook of inter-rater reliability", 4th ed., 2014, chapter 2.

    Examples
    --------
    >>> from skdataquality.weak_supervision import fleiss_kappa
    >>> votes = [[0, 0, 0], [1, 1, 1], [0, 1, 0], [1, 1, 0], [0, 0, 0]]
    >>> round(fleiss_kappa(votes).estimate, 3)
    0.444
    """
    votes = read_votes(votes, missing_label=missing_label, classes=classes)
    counts = _of_compared_rows(votes)
    if not counts.shape[0]:
        return _nothing().interval(level)
    n_votes = counts.sum(axis=1)
    shares = counts / n_votes[:, None]
    differ = 1 - (np.square(counts).sum(axis=1) - n_votes) / n_votes / (n_votes - 1)
    mean = shares.mean(axis=0)
    by_chance = 1 - mean @ mean
    return _ratio(differ, by_chance, 2 * (mean @ mean - shares @ mean)).interval(level)


def cohen_kappa(
    votes,
    *,
    annotators=None,
    weights=None,
    level=0.95,
    missing_label="auto",
    classes=None,
):
    r"""Agreement of two annotators, beyond what their own habits explain [1]_.

    One minus the share of rows on which they differ over the share expected if each
    voted as often for each class as they do, independently. Rows on which one of them
    has no vote are left out.

    Parameters
    ----------
    votes : {array-like, sparse, data frame, LongVotes}, shape (n_rows, n_annotators)
        One column for each annotator; a missing cell is no vote.
    annotators : pair of names, default=None
        Which two: names of columns, or their numbers. Needed if there are more.
    weights : {None, "linear", "quadratic"}, default=None
        Whether classes further apart in sorted order differ more.
    level : float, default=0.95
        Confidence level.
    missing_label : "auto" or None or label, default="auto"
        As for :func:`krippendorff_alpha`.
    classes : array-like of shape (n_classes,), default=None
        All labels; None takes those in the votes.

    Returns
    -------
    kappa : Interval
        At most 1; 0 is agreement by chance. NaN if they share no row, or both have one
        class only. The interval is made as that of :func:`krippendorff_alpha`.

    Raises
    ------
    ValueError
        If the votes are none, or the two annotators are not among them.

    See Also
    --------
    sklearn.metrics.cohen_kappa_score : The same figure without an interval, of two
        columns without holes.

    References
    ----------
    .. [1] J. Fleiss, J. Cohen, B. Everitt, "Large sample standard errors of kappa and
       weighted kappa", Psychological Bulletin 72, 1969.

    Examples
    --------
    >>> from skdataquality.weak_supervision import cohen_kappa
    >>> votes = [["a", "a"], ["a", "b"], ["b", "b"], ["b", "b"], ["a", None]]
    >>> cohen_kappa(votes).estimate
    0.5
    """
    if weights not in WEIGHTS:
        raise ValueError(f"weights={weights!r} is unknown: use one of {list(WEIGHTS)}.")
    votes = read_votes(votes, missing_label=missing_label, classes=classes)
    first, second = _codes_of_pair(votes, _pair(votes, annotators))
    if not first.size:
        return _nothing().interval(level)
    place = np.arange(votes.n_classes)
    apart = np.abs(place[:, None] - place)
    cost = (apart > 0) if weights is None else apart ** WEIGHTS[weights]
    p, q = (
        np.bincount(codes, minlength=place.size) / first.size
        for codes in (first, second)
    )
    by_chance = p @ cost @ q
    moved = (cost @ q)[first] + (p @ cost)[second] - 2 * by_chance
    return _ratio(cost[first, second], by_chance, moved).interval(level)


def _ratio(differ, by_chance, moved):
    """Disagreement of rows: of each, and what it adds to that by chance."""
    observed = float(differ.mean())
    if by_chance < 1e-12:  # of one class, but for rounding
        return Disagreement(math.nan, math.nan, np.zeros(differ.size))
    influence = np.zeros(differ.size)
    if observed > 0:
        influence = (differ - observed) / observed - moved / by_chance
    most = float(max(differ.max(), 1))
    return Disagreement(observed, float(by_chance), influence, most)


def _nothing():
    return Disagreement(math.nan, math.nan, np.zeros(0))


def _of_compared_rows(votes):
    """Votes by class of the rows with two or more, shape (n_compared, n_classes)."""
    counts = votes.counts()
    return counts[counts.sum(axis=1) >= PAIR]


def _distances(classes, measurement):
    """Return the squared distances as a function of the votes for each class."""
    if measurement == "nominal":
        fixed = 1.0 - np.eye(classes.size)
        return lambda total: fixed
    if measurement == "interval":
        if classes.dtype.kind not in "iuf":
            raise ValueError(
                f"measurement='interval' needs numbers as classes, and the votes are "
                f"{printable(classes[:3].tolist())}: use 'nominal' or 'ordinal'."
            )
        values = classes.astype(float)
        fixed = np.square(values[:, None] - values)
        return lambda total: fixed

    def ordinal(total):
        middle = np.cumsum(total) - total / 2
        return np.square(middle[:, None] - middle)

    return ordinal


def _pair(votes, annotators):
    """Numbers of the two sources."""
    names = votes.sources.tolist()
    if votes.n_sources < PAIR:
        raise ValueError("votes have 1 annotator, and kappa compares two: pass more.")
    if annotators is None:
        if votes.n_sources != PAIR:
            raise ValueError(
                f"votes have {votes.n_sources} annotators, and kappa compares two: "
                f"name them, annotators=({names[0]!r}, {names[-1]!r})."
            )
        return 0, 1
    if isinstance(annotators, str) or len(annotators) != PAIR:
        raise ValueError(
            f"annotators={annotators!r}: pass the names of two annotators."
        )
    unknown = [name for name in annotators if name not in names]
    if unknown or annotators[0] == annotators[1]:
        raise ValueError(
            f"annotators={annotators!r} are not two of those who vote, such as "
            f"{printable(names[:5])}: pass two of their names."
        )
    return tuple(names.index(name) for name in annotators)


def _codes_of_pair(votes, pair):
    """Return what the two say on the rows on which both vote."""
    codes = np.full((PAIR, votes.n_rows), -1)
    for line, source in zip(codes, pair, strict=True):
        own = votes.source == source
        line[votes.row[own]] = votes.code[own]
    return codes[:, (codes >= 0).all(axis=0)]
