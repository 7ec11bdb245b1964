"""The parents that a sampler draws, written down while it makes its rows.

Without an integer seed nothing could be drawn again, and to prove parents among all
segments takes many times as long as to make the rows. SMOTE hands all draws of a class
to one method of its own, ``_generate_samples``; where a version of imbalanced-learn
does otherwise, nothing is written down. Rows count as traced only if they are
reproduced.
"""

import inspect
from contextlib import contextmanager

import numpy as np
from imblearn.over_sampling import SMOTE, SMOTENC, BorderlineSMOTE

from skdataquality.compose._tracing._interpolated import Fits
from skdataquality.compose._tracing._made_rows import MadeRows
from skdataquality.compose._tracing._segments import Segments

_METHOD = "_generate_samples"
_ASKED = {"nn_num", "rows", "cols", "steps", "y_type"}
MAKE_A_CLASS_AT_ONCE = SMOTE, SMOTENC, BorderlineSMOTE


@contextmanager
def recorded_draws(sampler):
    """Yield a dict to which ``fit_resample`` adds, by class, rows, neighbours, steps.

    It stays empty for a sampler of another class. Rows and neighbours are numbered
    within those that the sampler drew from.
    """
    draws: dict = {}
    is_known = type(sampler) in MAKE_A_CLASS_AT_ONCE and hasattr(sampler, _METHOD)
    own = getattr(sampler, _METHOD) if is_known else recorded_draws
    signature = inspect.signature(own)
    if not set(signature.parameters) >= _ASKED:
        yield draws
        return

    def generate(*args, **kwargs):
        given = signature.bind(*args, **kwargs).arguments
        row = given["rows"]
        neighbour = given["nn_num"][row, given["cols"]]
        draws[given["y_type"]] = row, neighbour, np.ravel(given["steps"])
        return own(*args, **kwargs)

    setattr(sampler, _METHOD, generate)
    try:
        yield draws
    finally:
        delattr(sampler, _METHOD)


def recorded_parents(sampler, label, drawn, row, y, X, made):
    """Parents of the rows of a class, or None if they are not reproduced.

    ``drawn`` is what was written down of it, ``row`` says of each of the rows ``made``
    which one of these draws it is, and ``X`` are :class:`Numbers`.
    """
    if row.min() < 0 or row.max() >= drawn[0].size:
        return None
    start, stop, g = (values[row] for values in drawn)
    pool = own = np.flatnonzero(y == label)
    if type(sampler) is BorderlineSMOTE:
        own = sampler.in_danger_indices[label]
        pool = pool if sampler.kind == "borderline-1" else np.arange(y.size)
    segments = Segments(own[start], pool[stop])
    every = np.arange(row.size)
    if not Fits(X.before, made, segments, X.kinds).reproduce(every, every, g):
        return None
    return MadeRows.of_pairs(every, segments.start, segments.stop, g)
