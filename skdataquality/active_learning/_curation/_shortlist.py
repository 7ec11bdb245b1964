"""Rows among which the best is sought for a while: :class:`Shortlist`."""

import numpy as np

_SIZE = 4096
_LEAST = 32  # of each class
_LONGEST = 4  # times that, with those of equal score


class Shortlist:
    """The rows of the highest scores of each class.

    Distances only fall, so that the best of the list is the best of all while its score
    is higher than any other row of its class, or of another, had in the beginning.

    Parameters
    ----------
    nearest : NearestPick
        Up to date.
    value : ndarray of shape (n_samples,)
        0 for rows that are no candidates.
    keys : ndarray of shape (n_samples,), uint64
        What rows hold: of very many equal scores those of the lowest are listed.
    codes : ndarray of shape (n_samples,), int
    n_classes : int
    by_distance : bool
    """

    def __init__(self, nearest, value, keys, codes, n_classes, *, by_distance):
        self._by_distance = by_distance
        upper = value
        if by_distance:
            upper = nearest.squared + nearest.slack()
            upper = upper * value
        candidates = np.flatnonzero(upper > 0)
        most = max(_SIZE // n_classes, _LEAST)
        self._bars = np.zeros(n_classes)
        listed = []
        for code, rows in _by_class(candidates, codes, n_classes):
            bar = 0.0
            if rows.size > most:
                high = upper[rows]
                bar = np.partition(high, -most)[-most]
                if by_distance:
                    bar = min(bar, _least(nearest, value, rows[high.argmax()]))
                rows = rows[high >= bar]
            if rows.size > most * _LONGEST:
                order = np.lexsort((keys[rows], -upper[rows]))
                bar = max(bar, upper[rows[order[most]]])
                rows = rows[order[:most]]
            self._bars[code] = bar
            listed.append(rows)
        self.rows = np.sort(np.concatenate(listed))
        self.codes = codes[self.rows]
        self._part = nearest.part(self.rows)

    @property
    def squared(self):
        """Squared distances of the listed rows."""
        return self._part.squared

    def slack(self):
        """Bound on their rounding."""
        return self._part.slack()

    def squared_of(self, row):
        """Squared distance of a row; None if it is not on the list."""
        at = self._place(row)
        return None if at is None else self.squared[at]

    def add(self, row):
        """Count a pick; False if it is not on the list."""
        at = self._place(row)
        if at is not None:
            self._part.add(at)
        return at is not None

    def _place(self, row):
        at = np.searchsorted(self.rows, row)
        return at if at < self.rows.size and self.rows[at] == row else None

    def best(self, value, class_value, *, is_fresh):
        """Places of the rows whose score may be the highest of all.

        None if a row that is not listed may have a higher one, or no row has a score.
        A fresh list holds the best row in any case.
        """
        score, slack = value, np.zeros(1)
        if self._by_distance:
            score, slack = self.squared * value, self.slack() * value
        top = score.argmax()
        if not score[top] > 0:
            return np.empty(0, dtype=np.intp)
        least = (score - slack)[top]
        if not is_fresh and least < (self._bars * class_value).max():
            return np.empty(0, dtype=np.intp)
        return np.flatnonzero((score + slack >= least) & (value > 0))


def _by_class(rows, codes, n_classes):
    if n_classes == 1:
        yield 0, rows
        return
    rows = rows[np.argsort(codes[rows], kind="stable")]
    ends = np.cumsum(np.bincount(codes[rows], minlength=n_classes))
    yield from enumerate(np.split(rows, ends[:-1]))


def _least(nearest, value, row):
    """Least score that a row may have, for rounding."""
    at = np.array([row])
    return float((nearest.squared[at] - nearest.slack(at))[0] * value[row])
