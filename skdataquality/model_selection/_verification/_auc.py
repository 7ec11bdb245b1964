"""The area under the ROC curve as a function of label masses."""

from itertools import permutations

import numpy as np


class AucForm:
    """Share of pairs of rows in the right order, each weighted by its two masses.

    A row makes no pair with itself, though it may have mass in both classes.

    Parameters
    ----------
    sign : int
    columns : list of (classes of one side, classes of the other, column of scores)
        Their areas are averaged.
    runs : ndarray of shape (n_runs, n_rows, n_columns)
    n_classes : int
    """

    is_mean = False
    takes_any_mass = True

    def __init__(self, sign, columns, runs, n_classes):
        self.sign, self.columns, self.n_classes = sign, columns, n_classes
        used = {column for _, _, column in columns}
        self.ranks = [
            {k: np.unique(said[:, k], return_inverse=True)[1] for k in used}
            for said in runs
        ]

    @classmethod
    def of(cls, sign, kwargs, n_classes, runs):
        """Return the form of a kind of area, None if it is not known here."""
        columns: list[tuple[tuple, tuple, int]] | None
        if kwargs.get("average", "macro") != "macro":
            return None
        if runs.ndim == 2:
            columns = [((1,), (0,), 0)] if n_classes == 2 else None
            runs = runs[:, :, None]
        elif runs.shape[2] != n_classes or n_classes < 3:
            columns = None
        elif kwargs.get("multi_class") == "ovo":
            columns = [((k,), (j,), k) for k, j in permutations(range(n_classes), 2)]
        else:
            others = [[j for j in range(n_classes) if j != k] for k in range(n_classes)]
            columns = [((k,), tuple(rest), k) for k, rest in enumerate(others)]
        return None if columns is None else cls(sign, columns, runs, n_classes)

    def value(self, masses):
        return self._areas(masses)[0]

    def at(self, codes, weights=1.0):
        return self.value(np.eye(self.n_classes)[codes] * weights)

    def slope(self, masses):
        return self._areas(masses)[1]

    def _areas(self, masses):
        value, slope = 0.0, np.zeros_like(masses, dtype=float)
        parts = len(self.ranks) * len(self.columns)
        for ranks in self.ranks:
            for ones, zeros, column in self.columns:
                up = masses[:, ones].sum(axis=1)
                down = masses[:, zeros].sum(axis=1)
                area, of_up, of_down = _area(up, down, ranks[column])
                value += area / parts
                slope[:, ones] += of_up[:, None] / parts
                slope[:, zeros] += of_down[:, None] / parts
        return self.sign * value, self.sign * masses.shape[0] * slope


def _area(up, down, rank):
    """Area, and its derivatives in both masses of each row."""
    ups = np.bincount(rank, weights=up)
    downs = np.bincount(rank, weights=down)
    below = (np.cumsum(downs) - downs / 2)[rank] - down / 2
    above = (ups.sum() - np.cumsum(ups) + ups / 2)[rank] - up / 2
    pairs = up.sum() * down.sum() - up @ down
    if not pairs > 0:
        nothing = np.full(up.size, np.nan)
        return np.nan, nothing, nothing
    area = float(up @ below / pairs)
    of_up = (below - area * (down.sum() - down)) / pairs
    of_down = (above - area * (up.sum() - up)) / pairs
    return area, of_up, of_down
