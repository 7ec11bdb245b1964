"""Rows that repeat others, exactly or nearly: :class:`DuplicateDetector`."""

from numbers import Integral, Real

import numpy as np
from sklearn.base import BaseEstimator

from skdataquality.duplicates._detection._detect import detect
from skdataquality.utils._duplicate_rows import duplicate_groups
from skdataquality.utils._saving import PersistenceMixin
from skdataquality.utils._sklearn import Interval, StrOptions, fit_context
from skdataquality.utils._validation import check_same_length, check_table

LARGEST_NEAR_SCORE = 0.5


class DuplicateDetector(PersistenceMixin, BaseEstimator):
    """Group the rows that are equal, or equal up to small changes.

    Equal rows are found by hash and then compared. Nearly equal rows are as near as the
    threshold in their numbers, as alike as the text threshold in their texts, and equal
    in everything else: categories, booleans, dates, and which cells are missing. Every
    pair is verified. The label is never part of it.

    Parameters
    ----------
    method : {"auto", "exact", "numbers", "text", "mixed"}, default="auto"
        What nearly equal rows are compared by. "exact": none are looked for.
        "numbers": numeric columns, the others equal, texts too. "mixed": numeric
        columns and texts. "text": each row is one text, all its columns written one
        after another, as fits records of names and addresses. "auto": what the columns
        hold, see ``column_kinds_``; a sequence of documents is text.
    threshold : {"chance", "cleanlab"} or float, default="chance"
        What near numbers are. "chance": nearer than chance explains by the density and
        the dimension of the table around both rows, so that a table without copies is
        expected to have half a row accused. "cleanlab": nearer than 0.13 times the
        median distance of nearest neighbours; Euclidean up to three columns, one minus
        the cosine beyond, whatever the metric. A float is a radius in standard
        deviations, over all numeric columns together (larger joins more); for
        ``metric="cosine"`` the lowest cosine similarity (larger joins less); for
        ``method="text"`` the same as ``text_threshold``.
    text_threshold : "chance" or float in (0, 1], default=None
        Lowest Jaccard similarity of the sets of character n-grams of alike texts;
        larger joins less. "chance": as low as unrelated texts of the table do not reach
        by chance, 0.3 at least, which finds copies that were edited more. None: the
        same, but 0.7 at least. Look at ``text_threshold_``: beyond 0.9 copies cannot
        be told by text in this table, and none found means little.
    metric : {"euclidean", "cosine"}, default="euclidean"
        Distance of numbers: "euclidean" between columns brought to standard deviations,
        "cosine" between rows as they are, for embeddings.
    linkage : {"components", "star"}, default="components"
        "components": all rows that a chain of pairs connects are a group. "star": every
        row of a group makes a pair with one of them, the one with most pairs, which
        keeps chains from growing.
    shingle_size : int, default=5
        Characters of an n-gram; 3 suits short records, whose texts one edit changes
        much: of pairs of records of one person in FEBRL 2 "chance" finds 98 % with 3
        and 85 % with 5 (``benchmarks/results/duplicates_texts_persons.csv``).

    Attributes
    ----------
    groups_ : ndarray of shape (n_samples,), int64
        Row number of the first row of each group; a row without a twin has its own.
        Pass it as ``groups`` to any group splitter.
    equal_groups_ : ndarray of shape (n_samples,), int64
        The same of equal rows alone.
    pairs_ : DuplicatePairs
        Nearly equal rows, with their distance or similarity; of equal rows the first.
    sample_scores_ : ndarray of shape (n_samples,), float64
        1 for a row without a twin, 0 for one with an equal row; with a near twin at
        most 0.5, and less the nearer it is. Higher is better.
    issue_mask_ : ndarray of shape (n_samples,), bool
        Rows that repeat an earlier row, exactly or nearly.
    method_ : str
        Method that was used: "exact", "numbers", "text" or "mixed".
    threshold_ : float or None
        Threshold of the numbers, in the unit of ``threshold``; for "text" that of the
        texts. With "chance" it is the widest radius that was searched. None if near
        numbers were not looked for: without numeric columns, or by chance with fewer
        than 20 distinct rows.
    text_threshold_ : float or None
        Threshold of the texts; None without texts.
    column_kinds_ : dict
        By column, whether it was read as "number", "text" or "category" (equal or
        not). Columns are text if most of their cells have three words or more and few
        are repeated often.
    complete_ : bool
        False if the search had to be narrowed, so that some pairs may be missing; with
        "chance" that is to be expected of wide tables of very many rows,
        where all but the nearest rows would take minutes.
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features_in_,)

    See Also
    --------
    Deduplicator : Drops the rows.
    DuplicateGroupKFold : Keeps them on one side of every split.
    duplicate_groups : Equal rows alone, as a function; sparse tables as well.

    Notes
    -----
    Groups do not depend on the order of rows nor, with ``metric="euclidean"``, on the
    units of columns. In "mixed" tables a pair must pass in both parts. There, "chance"
    is a radius for each chain of alike texts, within which half a pair is expected in
    all if the numbers of these rows were unrelated, and at most 1 % of unrelated pairs;
    ``threshold_`` is the widest.

    Wrong where rows are alike for a reason: neighbours in a time series, repeated
    measurements of one unit, a designed grid, letters written from one template.
    Components chain: in ``a - b - c`` the ends may be further apart than the
    threshold. In one to three numeric columns only very close copies can be told from
    chance. The rule "cleanlab" accuses rows without copies, 8 % of a uniform column.

    A detector in a pipeline sees one training fold only, so it cannot keep twins from
    standing on both sides of a split. Groups for the splitter do::

        groups = DuplicateDetector().fit(X).groups_
        StratifiedGroupKFold().split(X, y, groups=groups)

    Examples
    --------
    >>> import numpy as np
    >>> from skdataquality.duplicates import DuplicateDetector
    >>> X = np.random.default_rng(0).normal(size=(200, 6))
    >>> X[7] = X[3] + 0.001
    >>> detector = DuplicateDetector().fit(X)
    >>> detector.groups_[:9]
    array([0, 1, 2, 3, 4, 5, 6, 3, 8])
    >>> detector.pairs_.first, detector.pairs_.second
    (array([3]), array([7]))
    >>> texts = ["free entry to win a prize", "Free entry to win a prize!", "call me"]
    >>> DuplicateDetector().fit(texts).groups_
    array([0, 0, 2])
    """

    _acted_on_by = "Deduplicator"
    _parameter_constraints: dict = {
        "method": [StrOptions({"auto", "exact", "numbers", "text", "mixed"})],
        "threshold": [
            StrOptions({"chance", "cleanlab"}),
            Interval(Real, 0, None, closed="neither"),
        ],
        "text_threshold": [
            None,
            StrOptions({"chance"}),
            Interval(Real, 0, 1, closed="right"),
        ],
        "metric": [StrOptions({"euclidean", "cosine"})],
        "linkage": [StrOptions({"components", "star"})],
        "shingle_size": [Interval(Integral, 1, None, closed="left")],
    }

    def __init__(
        self,
        method="auto",
        *,
        threshold="chance",
        text_threshold=None,
        metric="euclidean",
        linkage="components",
        shingle_size=5,
    ):
        self.method = method
        self.threshold = threshold
        self.text_threshold = text_threshold
        self.metric = metric
        self.linkage = linkage
        self.shingle_size = shingle_size

    @fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y=None):
        """Find the groups of these rows.

        Parameters
        ----------
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
            Any cells, missing ones too, or a sequence of texts. Sparse with
            ``method="exact"`` only.
        y : array-like of shape (n_samples,), default=None
            Not used.

        Returns
        -------
        self : object

        Raises
        ------
        ValueError
            If X is sparse and near rows are wanted, or a threshold is out of its range
            or joins too many pairs.
        """
        self._check_thresholds()
        table = check_table(self, X)
        check_same_length(X=X, y=y)
        found = detect(table, exact=duplicate_groups(table), **self.get_params())
        self.groups_ = found.groups
        self.equal_groups_ = found.equal_groups
        self.pairs_ = found.pairs
        self._relative_distance = found.relative
        self.sample_scores_ = _scores(found)
        self.method_ = found.method
        self.threshold_ = found.threshold
        self.text_threshold_ = found.text_threshold
        self.column_kinds_ = found.column_kinds
        self.complete_ = found.complete
        return self

    @property
    def issue_mask_(self):
        """Mask of shape (n_samples,): rows that repeat an earlier one."""
        return self.groups_ != np.arange(self.groups_.shape[0])

    def _check_thresholds(self):
        for name in ("threshold", "text_threshold"):
            if isinstance(getattr(self, name), bool | np.bool_):
                raise ValueError(
                    f"{name}={getattr(self, name)}: pass a number or a rule by name."
                )
        is_share = self.metric == "cosine" or self.method == "text"
        is_number = not isinstance(self.threshold, str)
        if is_share and is_number and self.threshold > 1:
            raise ValueError(
                f"threshold={self.threshold:g} is a similarity with metric="
                f"{self.metric!r} and method={self.method!r}: pass a number in (0, 1]."
            )

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.input_tags.string = True
        tags.input_tags.sparse = self.method == "exact"
        return tags


def _scores(found):
    """Score first rows by their nearest twin, and rows that have equals with 0."""
    n = found.groups.shape[0]
    nearest = np.full(n, np.inf)
    for rows in (found.pairs.first, found.pairs.second):
        np.minimum.at(nearest, rows, found.relative)
    is_near = np.isfinite(nearest)
    scores = np.ones(n)
    scores[is_near] = LARGEST_NEAR_SCORE * np.minimum(nearest[is_near], 1.0)
    size = np.bincount(found.equal_groups, minlength=n)
    scores[size[found.equal_groups] > 1] = 0.0
    return scores
