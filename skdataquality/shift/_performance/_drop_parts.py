"""Losses of both sides, and their means over the rows that both could hold."""

from dataclasses import dataclass

import numpy as np

from skdataquality.shift._concept import domain_probability
from skdataquality.shift._ratios import clipped_logit
from skdataquality.utils._stats import bootstrap_intervals, effective_sample_size

NAMES = (
    "loss_source",
    "loss_shared_source",
    "loss_shared_target",
    "loss_target",
    "covariate_source",
    "concept",
    "covariate_target",
    "drop",
)


@dataclass(frozen=True)
class BothSides:
    """Rows of both sides with their losses.

    Attributes
    ----------
    is_target : ndarray of shape (n_rows,), of 0 and 1
    loss : ndarray of shape (n_rows,)
    signs : ndarray of shape (n_rows, n_signs)
        What predictions alone say of the loss.
    raw : ndarray of shape (n_rows,)
        Out-of-fold P(target | x), not calibrated.
    clusters : ndarray of shape (n_rows,), int
        Copies on one side are drawn together.
    """

    is_target: np.ndarray
    loss: np.ndarray
    signs: np.ndarray
    raw: np.ndarray
    clusters: np.ndarray

    def weights(self):
        """Return weights that turn either side into the shared distribution.

        Proportional to ``p q / (p + q)``, mean 1 on each side.
        """
        proba = domain_probability(self.raw, self.is_target)
        base = self.is_target.mean()
        across = np.where(self.is_target == 1, 1 - proba, proba)
        weights = across / ((1 - base) * proba + base * (1 - proba))
        for side in (0, 1):
            weights[self.is_target == side] /= weights[self.is_target == side].mean()
        return weights

    def effective_rows(self):
        """Return how many rows the weighted means rest on, training and target."""
        weights = self.weights()
        return [
            float(effective_sample_size(weights[self.is_target == side]))
            for side in (0, 1)
        ]

    def means(self):
        """Return the numbers of NAMES.

        What predictions, and the place of a row, say of its loss is taken from both
        sides: an error of the weights must meet one of it to do harm.
        """
        ours, theirs = self.is_target == 0, self.is_target == 1
        weights = self.weights()
        place = clipped_logit(self.raw)
        Z = np.column_stack([np.ones(place.size), self.signs, place, place**2])
        spread = Z[:, 1:].std(axis=0)
        Z[:, 1:] = (Z[:, 1:] - Z[:, 1:].mean(axis=0)) / np.where(spread > 0, spread, 1)
        balance = weights / np.where(theirs, theirs.sum(), ours.sum())
        root = np.sqrt(balance)
        fit = np.linalg.lstsq(Z * root[:, None], self.loss * root, rcond=None)[0]
        said = Z @ fit
        shared = np.average(said, weights=balance)
        rest = weights * (self.loss - said)
        levels = [
            self.loss[ours].mean(),
            shared + rest[ours].mean(),
            shared + rest[theirs].mean(),
            self.loss[theirs].mean(),
        ]
        terms = np.diff(levels)
        return [*levels, *terms, terms.sum()]

    def of(self, rows):
        """Return the same of some rows."""
        return BothSides(
            self.is_target[rows],
            self.loss[rows],
            self.signs[rows],
            self.raw[rows],
            self.clusters[rows],
        )

    def intervals(self, n_resamples, random_state):
        """Return an Interval for each of NAMES; copies are drawn together."""
        clusters, own = np.unique(
            2 * self.clusters + self.is_target, return_inverse=True
        )
        order = np.argsort(own, kind="stable")
        size = np.bincount(own)
        first = np.cumsum(size) - size

        def means(drawn):
            if drawn.size == order.size:
                return self.of(order[drawn]).means()
            rows = np.repeat(first[drawn], size[drawn]) + _count_up(size[drawn])
            return self.of(order[rows]).means()

        found = bootstrap_intervals(
            means,
            np.arange(clusters.size),
            strata=clusters % 2,
            n_resamples=n_resamples,
            random_state=random_state,
        )
        return dict(zip(NAMES, found, strict=True))


def _count_up(sizes):
    """Return 0, 1, ... anew for each size: 0 1 0 1 2 of 2 and 3."""
    start = np.cumsum(sizes) - sizes
    return np.arange(sizes.sum()) - np.repeat(start, sizes)
