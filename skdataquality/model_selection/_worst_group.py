"""A score that is only as good as that of the worst group: worst_group_scorer."""

import warnings
from numbers import Integral
from reprlib import repr as shortened

import numpy as np
from sklearn.base import is_classifier, is_regressor
from sklearn.metrics import check_scoring
from sklearn.utils.metadata_routing import MetadataRequest

from skdataquality.utils._frames import is_pandas
from skdataquality.utils._printable import printable
from skdataquality.utils._sklearn import (
    named_scorers,
    num_samples,
    take_rows,
    takes_weight,
)
from skdataquality.utils._sources import (
    check_group_columns,
    check_group_names,
    cross_groups,
    encode_groups,
    take_group_columns,
)
from skdataquality.utils._validation import check_weights

MIN_ROWS = 10


def worst_group_scorer(scoring=None, *, groups=None, min_rows=MIN_ROWS):
    """Make a scorer that returns the lowest score over groups of the rows held out.

    For ``GridSearchCV``, ``cross_validate``, :func:`compare_remedies` and all that
    takes a scorer. Greater is better, whatever the metric.

    Parameters
    ----------
    scoring : str, callable or None, default=None
        One metric. None is accuracy for classifiers and R2 for regressors.
    groups : str, int, list of them, pandas Series or DataFrame, or None, default=None
        Name or names of columns of X, as the scorer gets it (numbers of columns, if X
        is an array); or a Series or frame that holds the groups of all rows, looked up
        by the index of X. Several columns are crossed. None: ``groups`` are passed as
        metadata, with ``enable_metadata_routing=True``.
    min_rows : int, default=10
        A group with fewer rows of positive weight among those held out is left out.

    Returns
    -------
    scorer : callable
        ``scorer(estimator, X, y, sample_weight=None, groups=None)``. Its
        ``by_group(estimator, X, y, ...)`` returns the score of each group;
        ``set_score_request(sample_weight=..., groups=...)`` says what is routed to it:
        by default the groups, unless they are columns, and no weights.

    Raises
    ------
    ValueError
        If ``scoring`` names several metrics. By the scorer: if it is given no groups,
        weights that the metric does not take, or no group that can be scored.

    See Also
    --------
    skdataquality.imbalance.ClassBalanceWeighter : Weights groups.
    skdataquality.imbalance.group_report : What each group is like, with intervals.

    Notes
    -----
    Left out are groups of fewer than ``min_rows`` rows and, for a classifier, groups of
    one class only, in the fold that is scored; a missing value is a group of its own. A
    group that lacks a class is scored on those that it has: its balanced accuracy says
    nothing of a rare class without rows in it. A minimum over small groups is below the
    score of the worst group, as each is off by chance and the minimum takes the
    unluckiest: compare candidates by it, and read the level of a group from
    :func:`~skdataquality.imbalance.group_report`.

    Not for :class:`~sklearn.model_selection.TunedThresholdClassifierCV`, which takes a
    metric of all rows and no other scorer.

    Examples
    --------
    >>> import numpy as np
    >>> import pandas as pd
    >>> from sklearn.linear_model import LogisticRegression
    >>> from sklearn.model_selection import cross_validate
    >>> from skdataquality.model_selection import worst_group_scorer
    >>> rng = np.random.default_rng(0)
    >>> X = pd.DataFrame({"x": rng.normal(size=400), "site": rng.integers(0, 3, 400)})
    >>> y = (X.x + (X.site == 2) * rng.normal(0, 3, 400) > 0).astype(int)
    >>> scorer = worst_group_scorer("accuracy", groups="site")
    >>> found = cross_validate(
    ...     LogisticRegression(), X, y, scoring={"all": "accuracy", "worst": scorer}
    ... )
    >>> bool(found["test_worst"].mean() < found["test_all"].mean() - 0.1)
    True
    >>> scorer.by_group(LogisticRegression().fit(X, y), X, y).keys()
    dict_keys([0, 1, 2])
    """
    if isinstance(scoring, list | tuple | set | frozenset | dict):
        raise ValueError(
            f"scoring={shortened(scoring)} names several metrics: make a scorer of "
            f"each, {{'worst f1': worst_group_scorer('f1'), ...}}."
        )
    if scoring is not None:
        check_scoring(None, scoring)  # names an unknown one
    if isinstance(min_rows, bool) or not isinstance(min_rows, Integral) or min_rows < 1:
        raise ValueError(f"min_rows={min_rows!r}: pass a whole number of at least 1.")
    return WorstGroupScorer(scoring, _check_groups(groups), int(min_rows))


class WorstGroupScorer:
    """What :func:`worst_group_scorer` returns, which checks the parameters.

    Parameters
    ----------
    scoring : str, callable or None
        Metric of each group; None is the ``score`` of the estimator.
    groups : names of columns, pandas object or None
        None: they are routed.
    min_rows : int
        Groups of fewer rows held out are left out.
    """

    def __init__(self, scoring, groups, min_rows):
        self.scoring = scoring
        self.groups = groups
        self.min_rows = min_rows
        self._requests = {"groups": True if groups is None else None}

    def __call__(self, estimator, X, y, sample_weight=None, groups=None):
        """Score an estimator on held-out rows by the worst group.

        Parameters
        ----------
        estimator : fitted estimator
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
        y : array-like of shape (n_samples,)
        sample_weight : array-like of shape (n_samples,), default=None
        groups : array-like of shape (n_samples,) or (n_samples, n_columns), or data \
                frame, default=None

        Returns
        -------
        score : float
            Greater is better.
        """
        scores = self.by_group(estimator, X, y, sample_weight, groups)
        return min(scores.values())

    def by_group(self, estimator, X, y, sample_weight=None, groups=None):
        """Score each group; parameters as of the call.

        Returns
        -------
        scores : dict
            By group, a tuple of values if there are several columns; those left out
            are not in it.
        """
        scorer = self._scorer_of(estimator)
        weights = check_weights(sample_weight, num_samples(X))
        if weights is not None and not takes_weight(scorer):
            raise ValueError(
                f"{self!r} got sample_weight, and its metric takes none: use one that "
                f"does, or leave the weights out of scores."
            )
        cells = self._cells_of(X, groups)
        counted = np.ones(cells.codes.size, bool) if weights is None else weights > 0
        labels = np.asarray(y) if is_classifier(estimator) else None
        scores = {}
        for code, level in enumerate(cells.levels):
            rows = np.flatnonzero((cells.codes == code) & counted)
            if rows.size < self.min_rows:
                continue
            if labels is not None and np.all(labels[rows] == labels[rows[0]]):
                continue
            weight = {} if weights is None else {"sample_weight": weights[rows]}
            scores[level] = self._score(scorer, estimator, X, y, rows, weight, level)
        if not scores:
            raise ValueError(
                f"{self!r}: none of {len(cells.levels)} group(s) of these "
                f"{cells.codes.size} rows has {self.min_rows} rows and two classes: "
                f"lower min_rows, join groups, or use fewer folds."
            )
        return scores

    def _score(self, scorer, estimator, X, y, rows, weight, level):
        try:
            with warnings.catch_warnings():  # groups lack classes, as Notes say
                warnings.filterwarnings("ignore", "y_pred contains classes")
                return float(
                    scorer(estimator, take_rows(X, rows), take_rows(y, rows), **weight)
                )
        except ValueError as error:
            if set(np.asarray(y)[rows].tolist()) == set(np.asarray(y).tolist()):
                raise ValueError(
                    f"{self!r} has no score for the group {printable(str(level))}, "
                    f"which holds all classes: does the metric fit labels such as "
                    f"{shortened(np.asarray(y)[:2].tolist())}? Of text it must be told "
                    f"the positive one: make_scorer(f1_score, pos_label='...')."
                ) from error
            raise ValueError(
                f"{self!r} has no score for the group {printable(str(level))} of "
                f"{rows.size} rows, where a class may be missing: raise min_rows, or "
                f"use a metric that does without."
            ) from error

    def _scorer_of(self, estimator):
        scoring = self.scoring
        if scoring is None:
            if not (is_classifier(estimator) or is_regressor(estimator)):
                raise ValueError(
                    f"scoring=None, and {shortened(estimator)} is no classifier or "
                    f"regressor: name a metric."
                )
            scoring = "accuracy" if is_classifier(estimator) else "r2"
        return named_scorers(check_scoring(estimator, scoring))["score"]

    def _cells_of(self, X, groups):
        if groups is not None and self.groups is not None:
            raise ValueError(
                f"{self!r} got groups as metadata, too: make it without groups=, or "
                f"leave them out of what is passed."
            )
        if groups is None:
            groups = self._own_groups(X)
        check_group_columns(groups, num_samples(X))
        return cross_groups(encode_groups(groups).values())

    def _own_groups(self, X):
        if self.groups is None:
            raise ValueError(
                f"{self!r} got no groups: name a column of X, pass a pandas Series "
                f"whose index is that of X, or route them as groups= with "
                f"sklearn.set_config(enable_metadata_routing=True)."
            )
        if hasattr(self.groups, "loc"):
            return _looked_up(self.groups, X)
        return take_group_columns(X, self.groups)

    def set_score_request(self, **requests):
        """Say which metadata are routed to the scorer.

        Needed only with ``enable_metadata_routing=True``.

        Parameters
        ----------
        sample_weight : bool, None or str
            As in scikit-learn's metadata routing.
        groups : bool, None or str
            A text is the name under which they are passed, where ``groups`` are those
            of the splitter.

        Returns
        -------
        self : object
        """
        unknown = sorted(requests.keys() - {"sample_weight", "groups"})
        if unknown:
            raise TypeError(
                f"set_score_request got {unknown}: sample_weight and groups can be "
                f"requested."
            )
        self._requests = {**self._requests, **requests}
        return self

    def get_metadata_routing(self):
        """Return what the scorer asks of metadata routing.

        Returns
        -------
        routing : MetadataRequest
        """
        request = MetadataRequest(owner=self)
        for name in ("sample_weight", "groups"):
            request.score.add_request(param=name, alias=self._requests.get(name))
        return request

    def _accept_sample_weight(self):
        """Say what scikit-learn asks: whether weights may be passed."""
        return self.scoring is None or takes_weight(
            named_scorers(check_scoring(None, self.scoring))["score"]
        )

    def __repr__(self):
        said = [] if self.scoring is None else [shortened(self.scoring)]
        if hasattr(self.groups, "loc"):
            said.append(
                f"groups={type(self.groups).__name__} of {len(self.groups)} rows"
            )
        elif self.groups is not None:
            one = self.groups[0] if len(self.groups) == 1 else self.groups
            said.append(f"groups={shortened(one)}")
        if self.min_rows != MIN_ROWS:
            said.append(f"min_rows={self.min_rows}")
        return printable(f"worst_group_scorer({', '.join(said)})")


def _check_groups(groups):
    """Return names of columns as a list, a Series or frame as it is, or None."""
    if groups is None or hasattr(groups, "loc"):
        return groups
    return check_group_names(
        groups, instead=", or pass a pandas Series of groups whose index is that of X"
    )


def _looked_up(groups, X):
    """Look up the groups of the rows of X by its index."""
    if not is_pandas(X):
        raise ValueError(
            f"groups is a {type(groups).__name__}, looked up by the index of X, and X "
            f"is a {type(X).__name__}: pass X as a pandas DataFrame, or route groups."
        )
    if not groups.index.is_unique:
        raise ValueError(
            "groups has an index with repeats, so that rows of X cannot be looked up: "
            "give X and groups an index of its own for each row."
        )
    place = groups.index.get_indexer(X.index)
    if (place < 0).any():
        raise ValueError(
            f"groups lacks {int((place < 0).sum())} of {len(X)} labels of the index of "
            f"X: pass the groups of all rows, with the same index."
        )
    return groups.iloc[place]
