"""What :func:`leakage_report` returns."""

from dataclasses import dataclass, field

import numpy as np

from skdataquality.utils._frames import pandas_frame
from skdataquality.utils._shown import ShownResult
from skdataquality.utils._stats import Interval


@dataclass(frozen=True, eq=False, repr=False)
class LeakageReport(ShownResult):
    """Test rows that repeat training rows, and what they do to a score.

    Attributes
    ----------
    n_train, n_test : int
    exact, near, leaked : Interval
        Shares of test rows: equal to a training row, near one and equal to none, and
        either. Lower is better.
    same_label : Interval or None
        Of leaked rows, the share whose label agrees with that of the twin.
    scoring : str or None
        What ``scores`` are: greater is better.
    scores : dict of str to Interval
        Of "all", "leaked" and "clean" test rows; empty without labels. NaN where there
        are no such rows.
    inflation : Interval or None
        Score of all test rows less that of the clean ones, in a test set of which as
        many rows leak as in this one.
    twin : ndarray of shape (n_test,), int
        The training row that each test row repeats; -1: none.
    is_exact : ndarray of shape (n_test,), bool
    notes : tuple of str
        What the table lets one know, and what not.
    """

    n_train: int
    n_test: int
    exact: Interval
    near: Interval
    leaked: Interval
    same_label: Interval | None
    scoring: str | None
    scores: dict[str, Interval]
    inflation: Interval | None
    twin: np.ndarray = field(repr=False)
    is_exact: np.ndarray = field(repr=False)
    notes: tuple[str, ...] = ()

    @property
    def clean_rows(self) -> np.ndarray:
        """Numbers of the test rows without a twin in training: score on these."""
        return np.flatnonzero(self.twin < 0)

    def to_dict(self):
        """Return the report as plain values, ready for JSON.

        Returns
        -------
        report : dict
            ``twins`` holds ``test_row``, ``train_row`` and ``exact`` of leaked rows.
        """
        rows = np.flatnonzero(self.twin >= 0)
        shares = ("exact", "near", "leaked", "same_label", "inflation")
        ends = {name: _ends(getattr(self, name)) for name in shares}
        return {
            "n_train": self.n_train,
            "n_test": self.n_test,
            **ends,
            "scoring": self.scoring,
            "scores": {name: _ends(score) for name, score in self.scores.items()},
            "twins": {
                "test_row": rows.tolist(),
                "train_row": self.twin[rows].tolist(),
                "exact": self.is_exact[rows].tolist(),
            },
            "notes": list(self.notes),
        }

    def to_frame(self):
        """Return one line for each leaked test row.

        Returns
        -------
        frame : pandas.DataFrame
            Columns ``test_row``, ``train_row`` and ``exact``.

        Raises
        ------
        ImportError
            If pandas is missing; it comes with the extra ``cli``.
        """
        return pandas_frame(
            self.to_dict()["twins"], "LeakageReport.to_frame", "to_dict()"
        )


def _ends(interval):
    return None if interval is None else interval.to_dict()
