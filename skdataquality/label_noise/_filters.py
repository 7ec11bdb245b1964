"""Which given labels are likely wrong: seven rules on the same probabilities."""

from numbers import Integral, Real

import numpy as np

from skdataquality.utils._validation import warn_if_in_sample

from ._confident import (
    CHUNK_BYTES,
    TOLERANCE,
    calibrate_joint,
    check_labelled_proba,
    class_thresholds,
    count_joint,
    row_chunks,
    true_class_guesses,
)
from ._scores import quality_scores

PRUNING_FILTERS = ("prune_by_noise_rate", "prune_by_class", "both")
RANKING_FILTERS = ("low_self_confidence", "low_normalized_margin")
FILTERS = (
    *PRUNING_FILTERS,
    "confident_learning",
    "predicted_neq_given",
    *RANKING_FILTERS,
)


def prune_counts(joint, frac_noise, min_samples_per_class):
    """Return how many rows of each given label (row) to flag as each true class.

    The diagonal holds how many rows stay; rows keep the sums of the calibrated joint.
    """
    agreeing = joint.diagonal()
    kept = np.maximum(agreeing, min_samples_per_class)
    n_confused = np.maximum(np.count_nonzero(joint, axis=1) - 1, 1)
    counts = joint - ((kept - agreeing) / n_confused)[:, np.newaxis]
    np.maximum(counts, 0, out=counts)
    np.fill_diagonal(counts, kept)
    reduced = counts * frac_noise
    np.fill_diagonal(reduced, kept)
    np.fill_diagonal(reduced, kept + (counts - reduced).sum(axis=1))
    return reduced.astype(np.intp)  # truncates: 2.9 rows to flag are 2


def largest(values, n_largest):
    """Mask of the `n_largest` largest of each row; of equals the first ones.

    Parameters
    ----------
    values : ndarray of shape (n_rankings, n_values)
    n_largest : int in [1, n_values]
    """
    place = values.shape[1] - n_largest
    cut = np.partition(values, place, axis=1)[:, place, np.newaxis]
    mask = values >= cut
    excess = np.count_nonzero(mask, axis=1) - n_largest
    for i in np.flatnonzero(excess):
        mask[i, np.flatnonzero(values[i] == cut[i])[-excess[i] :]] = False
    return mask


def _flag_largest(margins, n_flagged):
    """Mask of the columns that are among the largest `n_flagged[i]` of any row i."""
    mask = np.zeros(margins.shape[1], dtype=bool)
    for number in set(n_flagged.tolist()):
        mask |= largest(margins[n_flagged == number], number).any(axis=0)
    return mask


def _most_columns(n_needed, n_columns):
    """Tell whether reading all columns is faster than picking the ones needed."""
    return 4 * n_needed > n_columns


def _margin_blocks(data, rows, columns):
    """Yield some of the columns and how far each row prefers them to its label."""
    confidence = data.self_confidence[rows]
    budget = max(CHUNK_BYTES // 8, data.codes.size // 2)
    width = max(1, budget // max(rows.size, 1))
    for start in range(0, columns.size, width):
        block = columns[start : start + width]
        if _most_columns(block.size, data.n_classes):
            proba = np.take(data.proba, rows, axis=0).T[block]
        else:
            proba = data.proba[rows, block[:, np.newaxis]]
        yield block, np.subtract(proba, confidence, order="C")


def _overtaken(data):
    """Mask of the rows where some class is more probable than the given label."""
    mask = np.empty(data.codes.size, dtype=bool)
    ones = np.ones(data.n_classes, dtype=np.float32)
    for chunk in data.chunks():
        above = data.proba[chunk] > data.self_confidence[chunk, np.newaxis]
        mask[chunk] = above.astype(np.float32) @ ones > 0  # faster than any(axis=1)
    return mask


def _flag_overtaken(data, rows, n_flagged):
    """Flag where positive margins suffice; also return the columns where not."""
    mask = np.zeros(rows.size, dtype=bool)
    short = []
    for block, margins in _margin_blocks(data, rows, np.flatnonzero(n_flagged)):
        enough = np.count_nonzero(margins > 0, axis=1) >= n_flagged[block]
        mask |= _flag_largest(margins[enough], n_flagged[block][enough])
        short.append(block[~enough])
    return mask, np.concatenate(short) if short else np.flatnonzero(n_flagged)


def _prune_by_noise_rate(data, counts, min_samples_per_class):
    mask = np.zeros(data.codes.size, dtype=bool)
    n_flagged = counts.copy()
    np.fill_diagonal(n_flagged, 0)
    # Positive margins belong to overtaken rows: where there are enough of them, no
    # other row need be ranked. Finding them reads all columns.
    overtaken = None
    if _most_columns(np.count_nonzero(n_flagged), n_flagged.size):
        overtaken = _overtaken(data)
    for k, rows in enumerate(data.rows_by_class()):
        if rows.size <= max(min_samples_per_class, 1):
            continue
        columns = np.flatnonzero(n_flagged[k])
        if overtaken is not None:
            ahead = rows[overtaken[rows]]
            mask[ahead], columns = _flag_overtaken(data, ahead, n_flagged[k])
        for block, margins in _margin_blocks(data, rows, columns):
            mask[rows] |= _flag_largest(margins, n_flagged[k, block])
    return mask


def _prune_by_class(data, counts, min_samples_per_class):
    mask = np.zeros(data.codes.size, dtype=bool)
    for k, rows in enumerate(data.rows_by_class()):
        n_flagged = rows.size - counts[k, k]
        if rows.size > max(min_samples_per_class, 1) and n_flagged > 0:
            doubt = -data.self_confidence[np.newaxis, rows]
            mask[rows] = largest(doubt, n_flagged)[0]
    return mask


def _pruned(data, guesses, filter_by, frac_noise, min_samples_per_class):
    joint = calibrate_joint(count_joint(data, guesses), data.class_counts)
    counts = prune_counts(joint, frac_noise, min_samples_per_class)
    if filter_by == "prune_by_class":
        return _prune_by_class(data, counts, min_samples_per_class)
    mask = _prune_by_noise_rate(data, counts, min_samples_per_class)
    if filter_by == "both":
        mask &= _prune_by_class(data, counts, min_samples_per_class)
    return mask


def _unflag_agreeing(mask, data):
    """Unflag, in place, rows whose given label is predicted or just misses it."""
    flagged = np.flatnonzero(mask)
    for chunk in row_chunks(flagged.size, data.n_classes):
        rows = flagged[chunk]
        codes = data.codes[rows]
        proba = np.take(data.proba, rows, axis=0).astype(float, copy=False)
        proba[np.arange(rows.size), codes] += TOLERANCE
        mask[rows] = proba.argmax(axis=1) != codes
    return mask


def _lowest_scores(data, method, n_flagged):
    if n_flagged == 0:
        return np.zeros(data.codes.size, dtype=bool)
    return largest(-quality_scores(data, method)[np.newaxis], n_flagged)[0]


def _check_options(filter_by, frac_noise, min_samples_per_class):
    if filter_by not in FILTERS:
        raise ValueError(f"filter_by={filter_by!r} is unknown: use one of {FILTERS}.")
    if not isinstance(frac_noise, Real) or not 0 <= float(frac_noise) <= 1:
        raise ValueError(
            f"frac_noise={frac_noise!r} is not a share: pass a number from 0 to 1."
        )
    if not isinstance(min_samples_per_class, Integral) or min_samples_per_class < 0:
        raise ValueError(
            f"min_samples_per_class={min_samples_per_class!r} is not a number of rows: "
            f"pass an integer, 0 or more."
        )


def find_label_issues(
    y,
    pred_proba,
    *,
    classes=None,
    filter_by="prune_by_noise_rate",
    frac_noise=1.0,
    min_samples_per_class=1,
):
    """Flag the rows whose given label is likely wrong.

    Parameters
    ----------
    y : array-like of shape (n_samples,)
        Given labels of any type: integers, strings, booleans, pandas categorical.
    pred_proba : array-like of shape (n_samples, n_classes)
        Out-of-sample class probabilities, float; each row sums to 1 within 1e-3.
        Columns in the order of `classes`. Float32 and memory maps are not copied.
    classes : array-like of shape (n_classes,), default=None
        Every class in the order of the columns; None takes the sorted labels in `y`.
    filter_by : str, default="prune_by_noise_rate"
        - "prune_by_noise_rate": for each pair of given label and other class, as
          many rows as the calibrated confident joint counts, those with the largest
          margin of the other class over the given label;
        - "prune_by_class": for each given label, as many rows as the joint counts
          off the diagonal, those with the smallest probability of the label;
        - "both": rows that both rules flag;
        - "confident_learning": rows counted off the diagonal of the joint;
        - "predicted_neq_given": rows whose most probable class is not the label;
        - "low_self_confidence", "low_normalized_margin": as many rows as
          "confident_learning" flags, those with the lowest such score.

        All but the last two leave out rows whose label is the most probable class,
        or within 1e-6 of it.
    frac_noise : float in [0, 1], default=1.0
        Share of the estimated errors to flag; the first three filters use it.
    min_samples_per_class : int, default=1
        The first three filters expect at least that many correct labels in each
        class, and flag nothing in a class with no more rows than that.

    Returns
    -------
    mask : ndarray of shape (n_samples,), bool
        True where the label is likely wrong. Equal ranks go to the first row.

    Raises
    ------
    ValueError
        If labels are missing, unknown or of one class only, if probabilities are not
        probabilities or do not fit `y`, or if an option is out of its range.

    Notes
    -----
    The three pruning filters assume noise that depends on the true class only.
    Where people mislabel ambiguous rows they flag too few, and
    "predicted_neq_given" finds more. A weak model makes every filter flag too many:
    on clean data expect about as many flags as the model makes confident errors.
    Flags do not take each other's place: a row that two pairs flag counts once, and
    a flag taken back is not given to the next row.

    References
    ----------
    .. [1] C. Northcutt, L. Jiang, I. Chuang, "Confident Learning: Estimating
       Uncertainty in Dataset Labels", Journal of Artificial Intelligence Research 70,
       1373-1411, 2021.

    Examples
    --------
    >>> from skdataquality.label_noise import find_label_issues
    >>> y = ["cat", "cat", "cat", "dog", "dog"]
    >>> p_cat = [0.9, 0.8, 0.1, 0.2, 0.1]
    >>> find_label_issues(y, [[p, 1 - p] for p in p_cat])
    array([False, False,  True, False, False])
    """
    data = check_labelled_proba(y, pred_proba, classes)
    _check_options(filter_by, frac_noise, min_samples_per_class)
    warn_if_in_sample(data.self_confidence)
    if filter_by == "predicted_neq_given":
        return _unflag_agreeing(np.ones(data.codes.size, dtype=bool), data)
    guesses = true_class_guesses(data, class_thresholds(data))
    if filter_by in PRUNING_FILTERS:
        mask = _pruned(data, guesses, filter_by, frac_noise, min_samples_per_class)
        return _unflag_agreeing(mask, data)
    mask = _unflag_agreeing((guesses >= 0) & (guesses != data.codes), data)
    if filter_by in RANKING_FILTERS:
        method = filter_by.removeprefix("low_")
        return _lowest_scores(data, method, np.count_nonzero(mask))
    return mask
