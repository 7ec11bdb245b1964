"""Answers to rows, kept by what the rows hold: :class:`ReviewedRows`."""

import warnings

import numpy as np

from skdataquality.active_learning._embedding import content_keys
from skdataquality.exceptions import UnknownRowsWarning
from skdataquality.label_noise._detectors import verdicts_of
from skdataquality.review._answers import join_answers
from skdataquality.review._checks import check_answers
from skdataquality.utils._duplicate_rows import repeated_rows
from skdataquality.utils._validation import (
    as_label_array,
    check_feature_frame,
    check_same_length,
    encode_labels,
)

MANY = 5  # rows that should be there, where none is by chance in 1 of 100


class ReviewedRows:
    """Answers of a person that find their rows in any part of the table.

    Row numbers hold for a whole table only, and cross-validation fits on parts of it.
    Here a row is known by its cells and its given label.

    Made by :meth:`ReviewedLabels.from_table`. It has no length and is no array, so that
    scikit-learn never slices it; ``clone`` and ``copy.deepcopy`` hand it on as itself.

    Parameters
    ----------
    X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
        The whole table. Not kept.
    y : array-like of shape (n_samples,)
        Its given labels.
    verified : VerifiedLabels or list of VerifiedLabels
        Labels of some of its rows.

    Attributes
    ----------
    n_wrong : int
        Rows whose label was found wrong.
    n_ambiguous : int
        Rows found wrong that cannot be told from rows that were not, and so stay as
        they are.

    Examples
    --------
    >>> from skdataquality.review import ReviewedRows
    >>> from skdataquality.verified import VerifiedLabels
    >>> X, y = [[1.0], [2.0], [3.0]], ["cat", "dog", "cat"]
    >>> ReviewedRows(X, y, VerifiedLabels([0, 1], ["dog", "dog"]))
    ReviewedRows(1 wrong label)
    """

    def __init__(self, X, y, verified):
        check_feature_frame(X, y)
        check_same_length(X=X, y=y)
        classes, codes, verdicts = answered(y, verified)
        X = _as_table(X)
        keys = content_keys(X)
        pair = _pairs(keys, codes)
        is_clear = verdicts.is_wrong & _is_clear(
            pair, verdicts, repeated_rows(X) is not None
        )
        wrong = np.flatnonzero(is_clear)
        rows = wrong[np.unique(pair[wrong], return_index=True)[1]]
        self.n_wrong = int(verdicts.is_wrong.sum())
        self.n_ambiguous = self.n_wrong - wrong.size
        self._n_rows = codes.size
        self._keys = keys[rows]
        self._given = classes[codes[rows]].tolist()
        self._true = right_labels(classes, codes, verdicts, rows)

    def find(self, X, y):
        """Say which rows were found wrong, and what their labels are.

        Parameters
        ----------
        X : {array-like, sparse matrix, data frame} of shape (n_rows, n_features)
        y : array-like of shape (n_rows,)

        Returns
        -------
        rows : ndarray of shape (n_found,), int
        labels : list
            The right label of each; None where only that it is wrong is known.

        Warns
        -----
        UnknownRowsWarning
            If none is there where five or more should be.
        """
        pairs = zip(self._keys.tolist(), self._given, strict=True)
        answers = dict(zip(pairs, self._true, strict=True))
        keys, labels = content_keys(_as_table(X)), as_label_array(y)
        known = np.flatnonzero(np.isin(keys, self._keys))
        expected = self._keys.size * keys.size / self._n_rows
        if known.size == 0 and expected >= MANY:
            _warn_of_unknown_rows(expected)
        here = list(zip(keys[known].tolist(), labels[known].tolist(), strict=True))
        found = np.array([pair in answers for pair in here], dtype=bool)
        return known[found], [answers[pair] for pair in here if pair in answers]

    def __repr__(self):
        plural = "" if self.n_wrong == 1 else "s"
        unclear = f", {self.n_ambiguous} of rows that cannot be told apart"
        return (
            f"ReviewedRows({self.n_wrong} wrong label{plural}"
            f"{unclear if self.n_ambiguous else ''})"
        )

    def __sklearn_clone__(self):
        return self

    def __deepcopy__(self, memo):
        return self

    def __eq__(self, other):
        if type(other) is not type(self):
            return NotImplemented
        return self._content() == other._content()

    def __hash__(self):
        return hash((self.n_wrong, self._keys.size))

    def _content(self):
        return self._keys.tolist(), self._given, self._true


def _as_table(X):
    """Return a list of rows as an array; any other container as it is."""
    return np.asarray(X) if isinstance(X, list | tuple) else X


def _pairs(keys, codes):
    """Return one number for each distinct pair of cells and given label."""
    return np.unique(
        np.column_stack([keys, codes.astype(np.uint64)]), axis=0, return_inverse=True
    )[1].ravel()


def _is_clear(pair, verdicts, are_copies):
    """Mask of rows whose answer holds for all rows that hold the same.

    Rows that hold the same are copies of one, or equal by chance in a table of few
    values. One answer speaks for all copies; of rows equal by chance all must have been
    checked. Answers that differ speak for none.
    """
    checked = verdicts.is_verified
    n_checked = np.bincount(pair[checked], minlength=pair.max() + 1)
    lowest = np.full(n_checked.size, np.iinfo(np.intp).max)
    highest = np.full(n_checked.size, -1)
    # a label found wrong without the right one is told from one found right
    answer = 2 * verdicts.codes + verdicts.is_wrong
    np.minimum.at(lowest, pair[checked], answer[checked])
    np.maximum.at(highest, pair[checked], answer[checked])
    enough = n_checked > 0 if are_copies else n_checked == np.bincount(pair)
    return ((lowest == highest) & enough)[pair]


def answered(y, verified):
    """Return the classes of a table, the code of each row, and what was said of it."""
    classes, codes = encode_labels(y)
    answers = join_answers(*check_answers(verified, classes, codes))
    return classes, codes, verdicts_of(answers, codes, classes)


def right_labels(classes, codes, verdicts, rows):
    """Return the right labels of rows found wrong; None where they are not known."""
    labels = classes[verdicts.codes[rows]].tolist()
    is_known = (verdicts.codes != codes)[rows].tolist()
    pairs = zip(labels, is_known, strict=True)
    return [label if known else None for label, known in pairs]


def _warn_of_unknown_rows(expected):
    warnings.warn(
        f"none of the rows is one whose label was found wrong, where about "
        f"{expected:.0f} should be: their cells were changed, by a scaler for example, "
        f"or X is in another container. Put ReviewedLabels before all other steps, as "
        f"the remedy of a RemediedClassifier around them.",
        UnknownRowsWarning,
        stacklevel=2,
    )
