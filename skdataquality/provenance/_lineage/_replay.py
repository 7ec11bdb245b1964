"""What a fitted sampler did that kept no lineage, as far as it can be told."""

import warnings
from inspect import signature
from numbers import Integral

import numpy as np
from imblearn.combine import SMOTEENN, SMOTETomek
from imblearn.over_sampling import (
    SMOTE,
    SMOTEN,
    SMOTENC,
    BorderlineSMOTE,
)
from sklearn.base import clone

from skdataquality.compose._tracing import (
    equal_rows,
    moves_copies,
    recorded_draws,
    trace_indices,
    trace_sampler,
)
from skdataquality.lineage import UNTRACED
from skdataquality.provenance._lineage._rows import Rows
from skdataquality.utils._sklearn import num_samples

_SECOND_STEP = {SMOTEENN: "enn_", SMOTETomek: "tomek_"}
_MAKE_ALL = SMOTE, SMOTEN, SMOTENC


def replay(sampler, rows, path):
    """Return the lineage of a sampler that kept none, and the rows that it left.

    Row numbers that a sampler of imbalanced-learn kept are read. Otherwise it is fitted
    again on the same rows, if it is known to do the same again; if not, what it keeps
    of row numbers and counts is believed, and the rows that it made are untraced.
    """
    tells = getattr(sampler, "sample_indices_", None) is not None
    if tells and _is_imblearn(sampler) and not moves_copies(sampler):
        lineage = _told(sampler, rows.n, path)
        return lineage, rows.edited(lineage)
    known = rows.table()
    again = known and not _takes_metadata(sampler) and _again(sampler, *known)
    if not again:
        return (lineage := _told(sampler, rows.n, path)), Rows(lineage.n_out)
    sampler, made, draws = again
    lineage = trace_sampler(sampler, known[0], known[1], made[0], made[1], draws)
    return lineage, Rows(lineage.n_out, lambda: made)


def _is_imblearn(sampler):
    return type(sampler).__module__.startswith("imblearn.")


def _takes_metadata(sampler):
    """Whether the fit may have been given more than X and y."""
    methods = sampler.fit_resample, getattr(sampler, "_fit_resample", None)
    named = [signature(method).parameters.values() for method in methods if method]
    return any(
        len([p for p in each if p.kind is not p.VAR_KEYWORD]) > 2 for each in named
    )


def _again(sampler, X, y):
    """Return another fit, what it made and drew, or None if it may differ."""
    params = sampler.get_params()
    seeds = [v for k, v in params.items() if k.split("__")[-1] == "random_state"]
    if y is None or not all(isinstance(seed, Integral) for seed in seeds):
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fits = [clone(sampler) for _ in range(1 if seeds else 2)]
        with recorded_draws(fits[0]) as draws:
            made = [fit.fit_resample(X, y) for fit in fits]
    if not seeds and not _are_equal(*made):  # a function may draw
        return None
    _check_same(sampler, fits[0])
    return fits[0], made[0], draws


def _are_equal(first, second):
    return num_samples(first[0]) == num_samples(second[0]) and (
        equal_rows(first[0], second[0]).all()
        and np.array_equal(np.asarray(first[1]), np.asarray(second[1]))
    )


def _check_same(sampler, again):
    """Refuse rows that are not those of the fit, where the sampler tells."""
    strategies = [getattr(s, "sampling_strategy_", None) for s in (sampler, again)]
    indices = [_indices(s) for s in (sampler, again)]
    if strategies[0] != strategies[1] or not np.array_equal(*indices):
        raise ValueError(
            f"{type(sampler).__name__} does otherwise on these X and y than it did in "
            f"fit: pass the X and y that it was fitted on."
        )


def _indices(sampler):
    second = getattr(sampler, _SECOND_STEP.get(type(sampler), ""), sampler)
    return getattr(second, "sample_indices_", None)


def _told(sampler, n_in, path):
    """Lineage from the row numbers and counts that a fitted sampler kept."""
    name = type(sampler).__name__
    if n_in is None:
        raise ValueError(
            f"nothing tells how many rows reached {name} (step {path!r}): fit a "
            f"TrackedPipeline, or pass the pipeline that holds it, with the X and y "
            f"that it was fitted on."
        )
    place = _indices(sampler)
    if place is None and type(sampler) in _MAKE_ALL:
        place = np.arange(n_in + sum(sampler.sampling_strategy_.values()))
    elif place is None and type(sampler) is BorderlineSMOTE:
        made = sampler.sampling_strategy_
        place = np.arange(n_in + sum(made[k] for k in sampler.in_danger_indices))
    elif place is None:
        raise ValueError(
            f"{name} (step {path!r}) does not tell how many rows it made: fit a "
            f"TrackedPipeline; or give {name} an integer random_state, and pass X and "
            f"y that the pipeline was fitted on."
        )
    place = np.asarray(place)
    if hasattr(sampler, "sample_indices_") and place.max(initial=-1) >= n_in:
        raise ValueError(
            f"{name} (step {path!r}) kept row {place.max()}, and {n_in} rows reach it: "
            f"pass the X and y that the pipeline was fitted on."
        )
    if not moves_copies(sampler):
        return trace_indices(_within(place, n_in), n_in)
    return trace_indices(place, n_in, altered=np.arange(place.size) >= n_in)


def _within(place, n_in):
    return np.where(place < n_in, place, UNTRACED)
