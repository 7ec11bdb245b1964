"""The groups that a remedy acts on: :func:`find_twins`."""

import numpy as np
from sklearn.base import clone

from skdataquality.duplicates._detection import DuplicateDetector
from skdataquality.utils._duplicate_rows import duplicate_groups


def find_twins(X, near, detector):
    """Return the group of each row and the fitted detector; None: equal rows only."""
    check_near(near)
    if detector is None and not near:
        return duplicate_groups(X), None
    if detector is None:
        detector = DuplicateDetector()
    _refuse_other_objects(detector)
    detector = clone(detector).fit(X)
    return detector.groups_, detector


def check_near(near):
    """Refuse a ``near`` that is no switch."""
    if not isinstance(near, bool | np.bool_):
        raise ValueError(f"near={near!r}: pass True or False.")


def _refuse_other_objects(detector):
    if not isinstance(detector, DuplicateDetector):
        raise ValueError(
            f"detector is a {type(detector).__name__}, which groups no "
            f"duplicates: pass DuplicateDetector() from skdataquality.duplicates."
        )
