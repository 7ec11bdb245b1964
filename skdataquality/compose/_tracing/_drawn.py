"""The parents that a seed tells, if what it draws again reproduces every row.

SMOTE draws the numbers of pairs, then how far to go, from one generator. With an
integer ``random_state`` both can be drawn again; rows that come out the same are proved
to be made so, copies of a row told apart.
"""

from numbers import Integral

import numpy as np
from sklearn.utils import check_random_state

from skdataquality.compose._tracing._made_rows import MadeRows
from skdataquality.compose._tracing._recorded import MAKE_A_CLASS_AT_ONCE


def drawn_parents(sampler, label, row, fits):
    """Parents of the rows of a class, or None if they are not reproduced.

    Parameters
    ----------
    sampler : estimator
    label : object
        A class, of which the sampler made rows.
    row : ndarray of shape (n_made,)
        Of each made row, its place in all that the sampler made of the class.
    fits : Fits
        Of these made rows and the segments of the class.
    """
    made = getattr(sampler, "sampling_strategy_", {})
    has_seed = isinstance(getattr(sampler, "random_state", None), Integral)
    is_known = type(sampler) in MAKE_A_CLASS_AT_ONCE and has_seed
    if not is_known or getattr(sampler, "kind", "") == "borderline-2":
        return None
    if row.min() < 0 or row.max() >= made[label]:
        return None
    random = check_random_state(sampler.random_state)
    segment = random.randint(0, len(fits.segments), size=made[label])[row]
    g = random.uniform(size=made[label])[row]
    rows = np.arange(row.size)
    if not fits.reproduce(rows, segment, g):
        return None
    ends = fits.segments.start[segment], fits.segments.stop[segment]
    return MadeRows.of_pairs(rows, *ends, g)


def first_of(sampler, label):
    """Place of the first row made of a class."""
    before = 0
    for each, n_made in sampler.sampling_strategy_.items():
        if each == label:
            break
        if each in getattr(sampler, "in_danger_indices", sampler.sampling_strategy_):
            before += n_made
    return before
