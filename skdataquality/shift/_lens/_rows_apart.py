"""Some rows of both sides told apart, for weights and for the age of rows."""

from dataclasses import dataclass

import numpy as np

from skdataquality.shift._detection import independence_of
from skdataquality.shift._ratios import ToldApart, tell_apart
from skdataquality.utils._draws import draw_rows
from skdataquality.utils._sklearn import num_samples, take_rows

MOST_ROWS = 5_000  # of a side


@dataclass(frozen=True)
class RowsApart:
    """Numbers of some rows of both tables, and how these are told apart."""

    rows: np.ndarray
    target_rows: np.ndarray
    apart: ToldApart

    @property
    def domain_proba(self):
        """Held-out P(target | row) of the training rows."""
        return self.apart.proba[: self.rows.size]


def tell_rows_apart(X, X_target, tests, *, n_jobs=None, random_state=0):
    """Tell apart rows drawn at random, or those that were tested if they depend.

    Then stretches of a series, or whole groups, are held out. Unlike in the tests, all
    columns are seen.
    """
    if tests.dependence:
        rows, theirs, side = (
            tests.rows.rows,
            tests.rows.target_rows,
            tests.rows.is_target,
        )
        folds = independence_of(tests.rows).splits(side, 1.0, random_state)
        cv = folds if len(folds) > 1 else None
    else:
        rows = draw_rows(num_samples(X), MOST_ROWS, random_state)
        theirs = draw_rows(num_samples(X_target), MOST_ROWS, random_state)
        cv = None
    both = take_rows(X, rows), take_rows(X_target, theirs)
    apart = tell_apart(*both, cv=cv, n_jobs=n_jobs, random_state=random_state)
    return RowsApart(rows, theirs, apart)
