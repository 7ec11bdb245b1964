"""What is drawn when rows are labelled: single rows, or whole groups of them."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Units:
    """Rows, or groups that are labelled as a whole.

    Attributes
    ----------
    of_row : ndarray of shape (n_rows,), int
    is_labeled : ndarray of shape (n_units,), bool
    are_groups : bool
    """

    of_row: np.ndarray
    is_labeled: np.ndarray
    are_groups: bool

    def touching(self, rows):
        """Mask of the units that have a row in a mask of rows."""
        if not self.are_groups:
            return rows
        mask = np.zeros(self.is_labeled.size, dtype=bool)
        mask[self.of_row[rows]] = True
        return mask


def units_of(sides):
    """Take groups for units if no group has both labelled and unlabelled rows.

    Then they, not rows, were chosen for labelling, and rows of one are no evidence of
    their own.
    """
    groups, is_labeled = sides.groups, sides.is_labeled
    if groups is not None:
        n = groups.max() + 1
        labeled = np.bincount(groups, weights=is_labeled, minlength=n)
        size = np.bincount(groups, minlength=n)
        if ((labeled == 0) | (labeled == size)).all() and n < is_labeled.size:
            return Units(groups, labeled > 0, True)
    return Units(np.arange(is_labeled.size), is_labeled, False)
