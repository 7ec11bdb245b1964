"""What makes a row worth more than another, as the logarithm of a factor."""

import numpy as np

from skdataquality.active_learning._curation._reference_rows import ReferenceRows
from skdataquality.active_learning._geometry import NearestPick
from skdataquality.active_learning._strategies import TypicalRows
from skdataquality.utils._draws import FIXED_SEED
from skdataquality.utils._rows_handle import check_handle
from skdataquality.utils._validation import check_weights, positions


def log_value(selector, points, keys, weights, embed):
    """Return the logarithm of the value of each row beside its distance, or None."""
    parts = []
    if weights is not None:
        parts.append(of_weights(weights, selector.weight_strength, points.shape[0]))
    queries = check_handle(selector.similar_to, ReferenceRows, selector, "similar_to")
    if queries is not None and selector.similarity:
        parts.append(of_similarity(points, embed(queries.X), selector.similarity))
    if selector.typicality:
        parts.append(of_typicality(points, keys, selector.typicality))
    if not parts:
        return None
    return sum(parts) / (selector.diversity or 1.0)


def of_weights(weights, strength, n_rows):
    """Return strength * log(weight), -inf for none; refuse what has no logarithm."""
    weights = check_weights(weights, n_rows, name="weights")
    if strength == 0:
        return np.zeros(n_rows)
    is_zero = weights == 0
    if strength < 0 and is_zero.any():
        raise ValueError(
            f"weights are 0 at position(s) {positions(is_zero)}, and "
            f"weight_strength={strength:g} inverts them: pass positive weights."
        )
    with np.errstate(divide="ignore"):
        return strength * np.log(weights)


def of_similarity(points, queries, strength):
    """Return strength * log(max over queries of exp(-distance / its median))."""
    nearest = NearestPick(points)
    nearest.add_points(queries)
    distance = np.sqrt(nearest.squared.astype(np.float64))
    scale = np.median(distance)
    return -strength * distance / (scale if scale > 0 else 1.0)


def of_typicality(points, keys, strength):
    """Return strength * log(1 / mean distance to the nearest 20 other rows)."""
    with np.errstate(divide="ignore"):
        return strength * np.log(
            TypicalRows(points, keys, FIXED_SEED).scores(points, keys)
        )
