"""What the lens has before it: :class:`Seen`; and what a part of it says: `Part`."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from skdataquality.imbalance._lens._calls import CallCounts
from skdataquality.utils._stats import proportion_interval

SHOWN = 3  # names in a sentence


@dataclass(frozen=True)
class Part:
    """Numbers, tables and limits of one idea."""

    numbers: dict = field(default_factory=dict)
    evidence: dict = field(default_factory=dict)
    limits: tuple = ()
    evidence_rows: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Seen:
    """Labels as codes of classes, and the rows that have a prediction.

    ``codes`` are of all rows, ``proba`` of those ``covered``.
    """

    classes: np.ndarray
    codes: np.ndarray
    covered: np.ndarray
    proba: np.ndarray
    random_state: int

    @cached_property
    def sizes(self):
        """Rows of each class."""
        return np.bincount(self.codes, minlength=self.classes.shape[0])

    @cached_property
    def rarest(self):
        """Smallest class of two rows or more, if any: one row may be a typing error."""
        fewest = 2 if np.count_nonzero(self.sizes > 1) > 1 else 1
        return int(
            np.argmin(np.where(self.sizes >= fewest, self.sizes, self.sizes.max() + 1))
        )

    @cached_property
    def ratio(self):
        """Rows of the largest class a row of the rarest."""
        return float(self.sizes.max() / self.sizes[self.rarest])

    @cached_property
    def truth(self):
        """Codes of the rows with a prediction."""
        return self.codes[self.covered]

    @cached_property
    def predicted(self):
        """What they are called."""
        return self.proba.argmax(axis=1)

    @cached_property
    def right(self):
        """Mask of those called rightly."""
        return self.truth == self.predicted

    @cached_property
    def counts(self):
        """The confusion matrix."""
        return CallCounts(self.truth, self.predicted, self.classes.shape[0])

    def label(self, code):
        """Return a class as a plain value."""
        return self.classes[code : code + 1].tolist()[0]

    def has_rarest(self):
        """Whether a row of the rarest class has a prediction."""
        return bool(self.counts.sizes[self.rarest])


def share(mask):
    """Return the share of True with its interval."""
    return proportion_interval(int(mask.sum()), int(mask.shape[0]))
