"""What a model calls the rows of each class: counts, and draws of them."""

from dataclasses import dataclass

import numpy as np

from skdataquality.utils._stats import interval_of_draws

N_DRAWS = 1000
HALF = 0.5  # of a row is added on either side, right and wrong (Jeffreys)
METHOD = f"{N_DRAWS} draws from the Dirichlet posterior of each class (Jeffreys)"


@dataclass(frozen=True)
class Calls:
    """Rows of each class, those called rightly, and those called each class.

    The last axis of each array is the class; others are draws.
    """

    sizes: np.ndarray
    right: np.ndarray
    called: np.ndarray


class CallCounts:
    """The confusion matrix, of which only the cells that hold rows are kept.

    Parameters
    ----------
    truth, predicted : ndarray of shape (n_samples,), int
        Classes given and predicted.
    n_classes : int
    """

    def __init__(self, truth, predicted, n_classes):
        self.n_classes = n_classes
        cells, self.rows = np.unique(truth * n_classes + predicted, return_counts=True)
        self.given, self.named = np.divmod(cells, n_classes)
        self.sizes = np.bincount(truth, minlength=n_classes)

    def observed(self, sizes=None):
        """Return the `Calls`, or those of classes of other sizes recalled alike."""
        ratio = np.ones(self.n_classes) if sizes is None else _ratio(sizes, self.sizes)
        return Calls(
            self.sizes if sizes is None else sizes,
            self._sum(self.given, self.given == self.named, ratio),
            self._sum(self.named, True, ratio),
        )

    def _sum(self, at, which, ratio):
        weights = self.rows * ratio[self.given] * which
        return np.bincount(at, weights=weights, minlength=self.n_classes)

    def draws(self, random_state, sizes=None):
        """Draw how rows of each class are called, from the posterior of Dirichlet.

        Half a row is added where a class is called rightly, and half a row over the
        other classes, so that a class of which no row is found is not known to be lost.
        ``sizes`` of shape (n_classes,) or (N_DRAWS, n_classes) stand for the classes.
        """
        sizes = np.asarray(self.sizes if sizes is None else sizes, dtype=float)
        rng = np.random.default_rng(random_state)
        right = np.zeros((N_DRAWS, self.n_classes))
        called = np.zeros((N_DRAWS, self.n_classes))
        starts = np.searchsorted(self.given, np.arange(self.n_classes + 1))
        for k in np.flatnonzero(self.sizes):
            cells = slice(starts[k], starts[k + 1])
            shares = self._drawn_shares(k, self.named[cells], self.rows[cells], rng)
            shares *= sizes[..., k, None]
            right[:, k] = shares[:, k]
            called += shares
        return Calls(sizes, right, called)

    def _drawn_shares(self, k, named, rows, rng):
        """Shares of the rows of class k that are called each class."""
        elsewhere = HALF / (self.n_classes - 1)
        used = np.union1d(named, [k])
        added = np.where(used == k, HALF, elsewhere)
        added[np.searchsorted(used, named)] += rows
        n_free = self.n_classes - used.size
        drawn = rng.standard_gamma(
            [*added, n_free * elsewhere], (N_DRAWS, len(used) + 1)
        )
        drawn /= drawn.sum(axis=1, keepdims=True)
        shares = np.empty((N_DRAWS, self.n_classes))
        shares[:] = (drawn[:, -1] / max(n_free, 1))[:, None]
        shares[:, used] = drawn[:, :-1]
        return shares


def _ratio(new, old):
    return np.divide(new, old, out=np.zeros(old.shape), where=old > 0)


def interval(score, observed, draws):
    """Interval of a score of `Calls`."""
    return interval_of_draws(float(score(observed)), score(draws), method=METHOD)


def precision(calls):
    """Share of the rows called each class that are of it; NaN where none is called."""
    called = np.where(calls.called > 0, calls.called, np.nan)
    return calls.right / called


def f1(calls):
    """Harmonic mean of precision and recall of each class."""
    total = calls.sizes + calls.called
    return 2 * calls.right / np.where(total > 0, total, 1)


def recalls(calls):
    """Share of the rows of each class that are called it, of classes with rows."""
    return calls.right[..., calls.sizes > 0] / calls.sizes[calls.sizes > 0]


def balanced_accuracy(calls):
    """Mean recall."""
    return recalls(calls).mean(axis=-1)


def g_mean(calls):
    """Geometric mean of the recalls: 0 if a class is never found."""
    found = recalls(calls)
    with np.errstate(divide="ignore"):
        return np.exp(np.log(found).mean(axis=-1))


def mcc(calls):
    """Correlation of classes and calls (Gorodkin 2004); 0 if one class is called."""
    n = calls.sizes.sum()
    covariance = n * calls.right.sum(axis=-1) - (calls.called * calls.sizes).sum(
        axis=-1
    )
    spread = n**2 - np.square(calls.called).sum(axis=-1)
    spread = spread * (n**2 - np.square(calls.sizes).sum(axis=-1))
    known = spread > 1e-12 * float(n) ** 4
    return np.where(known, covariance / np.sqrt(np.where(known, spread, 1)), 0.0)
