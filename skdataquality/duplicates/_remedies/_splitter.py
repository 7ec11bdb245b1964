"""Cross-validation that keeps duplicates together: :class:`DuplicateGroupKFold`."""

from numbers import Integral

import numpy as np
from sklearn.model_selection import BaseCrossValidator
from sklearn.utils.validation import indexable

from skdataquality.duplicates._remedies._twins import find_twins
from skdataquality.utils._folds import capped_n_splits, join_groups, make_splits
from skdataquality.utils._sklearn import GroupsConsumerMixin
from skdataquality.utils._validation import (
    check_feature_frame,
    check_same_length,
    encode_labels,
    is_continuous,
    is_quantity,
)


class DuplicateGroupKFold(GroupsConsumerMixin, BaseCrossValidator):
    """K folds, shuffled and stratified, that never part duplicates.

    A row in training whose twin is in the test fold lets a model remember the answer.
    Only the splitter can prevent that: a deduplicator inside a pipeline cannot, since
    it sees one training fold and not the rows that are held out.

    Parameters
    ----------
    n_splits : int, default=5
        At most as many as the rarest class has rows.
    near : bool, default=False
        True is short for ``detector=DuplicateDetector()``: rows that are all but equal
        are kept together, too. No use beside a detector.
    detector : DuplicateDetector, default=None
        Finds the groups; fitted as a clone on the X of ``split``, which must then be
        dense. None: equal rows only, unless ``near``.
    random_state : int, RandomState instance or None, default=None

    See Also
    --------
    Deduplicator : Drops duplicates from training rows.
    DuplicateDetector : Its ``groups_`` serve any splitter that takes ``groups``.

    Notes
    -----
    ``groups`` passed to ``split`` are respected as well: rows connected by a group or
    by being duplicates stay together. Long chains of near rows make large groups and
    uneven folds; neighbours in time are better kept together by passing ``groups``.

    Examples
    --------
    >>> import numpy as np
    >>> from skdataquality.duplicates import DuplicateGroupKFold
    >>> X = np.array([[1.0], [1.0], [2.0], [3.0], [4.0], [4.0]])
    >>> y = np.array([0, 0, 1, 0, 1, 1])
    >>> for train, test in DuplicateGroupKFold(2, random_state=0).split(X, y):
    ...     print(train, test)
    [0 1 2] [3 4 5]
    [3 4 5] [0 1 2]
    """

    def __init__(self, n_splits=5, *, near=False, detector=None, random_state=None):
        self.n_splits = n_splits
        self.near = near
        self.detector = detector
        self.random_state = random_state

    def split(self, X, y=None, groups=None):
        """Yield the train and test rows of each fold.

        Parameters
        ----------
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
        y : array-like of shape (n_samples,), default=None
            Labels to stratify by. None and numbers of a quantity: no stratification;
            whole numbers are one if more than 10 differ, hardly any of them is
            repeated, and some have fewer rows than there are folds.
        groups : array-like of shape (n_samples,), default=None

        Yields
        ------
        train, test : ndarray of int
        """
        X, codes, groups, twins = self._strata_and_groups(X, y, groups)
        splits, _ = make_splits(
            X,
            codes,
            cv=self.n_splits,
            groups=groups,
            duplicate_groups=twins,
            random_state=self.random_state,
        )
        yield from splits

    def get_n_splits(self, X=None, y=None, groups=None):
        """Return the number of folds that ``split`` yields.

        Parameters
        ----------
        X, y, groups : as in ``split``, default=None
            Without X, the number of folds asked for.

        Returns
        -------
        n_splits : int
        """
        if X is None:
            self._check_n_splits()
            return self.n_splits
        _, codes, groups, twins = self._strata_and_groups(X, y, groups)
        joined = join_groups(groups, twins)
        return capped_n_splits(codes, self.n_splits, groups=joined)

    def _check_n_splits(self):
        n_splits = self.n_splits
        is_number = isinstance(n_splits, Integral) and not isinstance(n_splits, bool)
        if not (is_number and n_splits >= 2):
            raise ValueError(
                f"n_splits={n_splits!r}: pass a whole number of folds, 2 at least."
            )

    def _strata_and_groups(self, X, y, groups):
        """Return X, the class of each row, the user's groups and those of twins."""
        self._check_n_splits()
        check_feature_frame(X, y)
        check_same_length(X=X, y=y, groups=groups)
        X, y, groups = indexable(X, y, groups)
        twins, _ = find_twins(X, self.near, self.detector)
        return X, self._strata(y, twins.shape[0]), groups, twins

    def _strata(self, y, n):
        """Code the class of each row; one for all where y holds a quantity."""
        one = np.zeros(n, dtype=np.intp)
        if y is None or is_continuous(y):
            return one
        codes = encode_labels(y)[1]
        are_rare = np.bincount(codes).min() < self.n_splits
        return one if are_rare and is_quantity(y) else codes
