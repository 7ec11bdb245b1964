"""What weighters by Gaussian functions share: :class:`KernelWeighter`."""

from numbers import Real
from typing import Any

import numpy as np
import scipy.sparse as sp

from skdataquality.shift._ratios._candidates import squares_model
from skdataquality.shift._ratios._encoder import RowEncoder
from skdataquality.shift._ratios._ratio_weighter import RatioWeighter
from skdataquality.utils._draws import draw_rows, draw_seed
from skdataquality.utils._duplicate_rows import repeated_rows
from skdataquality.utils._fits import default_fit
from skdataquality.utils._folds import out_of_fold
from skdataquality.utils._frames import are_documents
from skdataquality.utils._sklearn import Interval, num_samples

MOST_ROWS = 5000  # of a side, to judge the overlap
MOST_DENSE_CELLS = 20_000_000  # that a sparse table may become


class KernelWeighter(RatioWeighter):
    """Weigh by distances between rows, standardised as :class:`RowEncoder` does.

    A subclass has the parameter ``bandwidth``, and implements
    ``_fit_encoded(X, X_target, sample_weight, seed)``, the ratios of the training rows,
    and ``_encoded_ratio(X)``, those of new rows.
    """

    _parameter_constraints: dict = {
        **RatioWeighter._parameter_constraints,
        # of columns of variance 1; beyond, squares overflow
        "bandwidth": [Interval(Real, 1e-6, 1e6, closed="both"), None],
    }

    def _fit_ratio(self, X, pooled, is_target, sample_weight):
        n = num_samples(X)
        counts = None
        if sample_weight is not None:
            counts = np.r_[sample_weight, np.ones(is_target.size - n)]
        dense = self._dense(pooled)
        self._encoder: Any = RowEncoder().fit(dense, sample_weight=counts)
        rows = self._encoder.transform(dense)
        seed = draw_seed(self.random_state)
        ratio = self._fit_encoded(rows[:n], rows[n:], sample_weight, seed)
        return ratio, *_held_out(rows, is_target, n)

    def _new_ratio(self, X):
        return self._encoded_ratio(self._encoder.transform(self._dense(X)))

    def _dense(self, X):
        name = type(self).__name__
        if are_documents(X):
            raise ValueError(
                f"X is a sequence of texts or dicts, and {name} compares numbers: use "
                f"DiscriminatorWeighter, which takes them, or vectorise both sides."
            )
        if not sp.issparse(X):
            return X
        if X.shape[0] * X.shape[1] > MOST_DENSE_CELLS:
            raise ValueError(
                f"X and X_target are sparse, {X.shape[0]} x {X.shape[1]} in all, and "
                f"{name} needs dense rows, at most {MOST_DENSE_CELLS:,} cells: use "
                f"DiscriminatorWeighter, or reduce both by TruncatedSVD first."
            )
        return X.toarray()


def _held_out(rows, is_target, n):
    """P(target) of at most so many rows of each side, and what they are."""
    drawn = np.r_[
        draw_rows(n, MOST_ROWS, 0), n + draw_rows(is_target.size - n, MOST_ROWS, 0)
    ]
    some = rows[drawn]
    with default_fit():
        found = out_of_fold(
            squares_model(),
            some,
            is_target[drawn],
            duplicate_groups=repeated_rows(some),
            random_state=0,
        )
    return found.proba[:, 1], is_target[drawn]
