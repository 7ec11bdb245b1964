"""Which given labels are likely wrong: rules by name on the same probabilities."""

from collections.abc import Mapping
from numbers import Integral, Real
from typing import NamedTuple

import numpy as np

from skdataquality.label_noise._confident import (
    TOLERANCE,
    calibrated_joint,
    class_thresholds,
    given_of_cells,
    match_labels,
    row_chunks,
    row_sums,
    true_class_guesses,
    with_counts,
)
from skdataquality.label_noise._flags._disagreement import (
    excess_disagreement,
    expected_pair,
)
from skdataquality.label_noise._flags._scores import quality_scores
from skdataquality.label_noise._flags._worst_margins import (
    largest,
    split_by_class,
    worst_rows,
)
from skdataquality.utils._prediction_guards import warn_of_predictions
from skdataquality.utils._validation import encode_labels


class Options(NamedTuple):
    """What the pruning filters ask for beside labels and probabilities."""

    frac_noise: float = 1.0
    min_samples_per_class: int = 1


def prune_counts(joint, options):
    """Return how many rows to flag of each cell, and how many of each label to keep.

    The joint is calibrated; of its diagonal no row is to be flagged.
    """
    given = given_of_cells(joint)
    agreeing = joint.diagonal()
    kept = np.maximum(agreeing, options.min_samples_per_class)
    n_confused = np.maximum(np.diff(joint.indptr) - 1, 1)
    counts = np.maximum(joint.data - ((kept - agreeing) / n_confused)[given], 0)
    counts[given == joint.indices] = 0
    reduced = counts * options.frac_noise
    kept = kept + row_sums(with_counts(joint, counts - reduced))
    # Both truncate: 2.9 rows to flag are 2.
    return with_counts(joint, reduced.astype(np.intp)), kept.astype(np.intp)


def _count_to_flag(data, options):
    """Return rows to flag per cell and per label, none where the class is too small."""
    by_cell, kept = prune_counts(calibrated_joint(data), options)
    is_large = data.class_counts > max(options.min_samples_per_class, 1)
    by_cell = with_counts(by_cell, by_cell.data * is_large[given_of_cells(by_cell)])
    return by_cell, np.maximum(data.class_counts - kept, 0) * is_large


def _disagree(data, rows):
    """Mask of those `rows` whose label is not predicted, nor just misses it."""
    mask = np.empty(rows.size, dtype=bool)
    for chunk in row_chunks(rows.size, data.n_classes):
        codes = data.codes[rows[chunk]]
        proba = np.take(data.proba, rows[chunk], axis=0).astype(float, copy=False)
        proba[np.arange(codes.size), codes] += TOLERANCE
        mask[chunk] = proba.argmax(axis=1) != codes
    return mask


def _unflag_agreeing(mask, data):
    rows = np.flatnonzero(mask)
    mask[rows] = _disagree(data, rows)
    return mask


def _flag_largest_margins(data, n_flagged):
    mask = np.zeros(data.codes.size, dtype=bool)
    doubtful = mask.copy()
    for rows, margins in worst_rows(data, n_flagged):
        disagrees = margins > 2 * TOLERANCE
        mask[rows[disagrees]] = True
        doubtful[rows[~disagrees]] = True
    return mask | _unflag_agreeing(doubtful & ~mask, data)


def _flag_least_confident(data, n_flagged):
    mask = np.zeros(data.codes.size, dtype=bool)
    for k, rows in enumerate(split_by_class(data, np.arange(mask.size))):
        mask[rows[largest(-data.self_confidence[rows], n_flagged[k])]] = True
    return _unflag_agreeing(mask, data)


def _prune_by_noise_rate(data, options):
    by_cell, _ = _count_to_flag(data, options)
    return _flag_largest_margins(data, by_cell)


def _prune_by_class(data, options):
    _, by_class = _count_to_flag(data, options)
    return _flag_least_confident(data, by_class)


def _prune_by_both(data, options):
    by_cell, by_class = _count_to_flag(data, options)
    return _flag_largest_margins(data, by_cell) & _flag_least_confident(data, by_class)


def _confident_learning(data, options):
    guesses = true_class_guesses(data, class_thresholds(data))
    return _unflag_agreeing((guesses >= 0) & (guesses != data.codes), data)


def _predicted_neq_given(data, options):
    return _disagree(data, np.arange(data.codes.size))


def _lowest_scores(method):
    def flag(data, options):
        n_flagged = np.count_nonzero(_confident_learning(data, options))
        mask = np.zeros(data.codes.size, dtype=bool)
        mask[largest(-quality_scores(data, method), n_flagged)] = True
        return mask

    return flag


# Each takes (LabelledProba, Options) and returns a mask of the rows.
FILTERS = {
    "prune_by_noise_rate": _prune_by_noise_rate,
    "prune_by_class": _prune_by_class,
    "both": _prune_by_both,
    "confident_learning": _confident_learning,
    "predicted_neq_given": _predicted_neq_given,
    "low_self_confidence": _lowest_scores("self_confidence"),
    "low_normalized_margin": _lowest_scores("normalized_margin"),
    "expected_pair": lambda data, options: expected_pair(data),
    "excess_disagreement": lambda data, options: excess_disagreement(data),
}
PRUNING_FILTERS = ("prune_by_noise_rate", "prune_by_class", "both")


def _check_options(filter_by, options):
    frac_noise, minimum = options
    if filter_by not in FILTERS:
        raise ValueError(
            f"filter_by={filter_by!r} is unknown: use one of {tuple(FILTERS)}."
        )
    if not isinstance(frac_noise, Real) or not 0 <= float(frac_noise) <= 1:
        raise ValueError(
            f"frac_noise={frac_noise!r} is not a share: pass a number from 0 to 1."
        )
    if not isinstance(minimum, Integral) or minimum < 0:
        raise ValueError(
            f"min_samples_per_class={minimum!r} is not a number of rows: "
            f"pass an integer, 0 or more."
        )


def _check_limits(max_per_class, classes):
    """Return limits by the code of the label."""
    if not isinstance(max_per_class, Mapping):
        raise ValueError(
            f"max_per_class={max_per_class!r} does not say of which labels: pass a "
            f"dict such as {{{classes.tolist()[0]!r}: 10}}."
        )
    labels, limits = list(max_per_class), list(max_per_class.values())
    for label, limit in max_per_class.items():
        if not isinstance(limit, Integral) or limit < 0:
            raise ValueError(
                f"max_per_class[{label!r}]={limit!r} is not a number of rows: pass an "
                f"integer, 0 or more."
            )
    if not labels:
        return {}
    codes = encode_labels(labels, classes=classes, name="max_per_class")[1]
    return dict(zip(codes.tolist(), limits, strict=True))


def _keep_worst(mask, data, limits):
    """Unflag, in place, all but the worst rows of each label that has a limit."""
    if not limits:
        return
    margins = quality_scores(data, "normalized_margin")
    for code, limit in limits.items():
        rows = np.flatnonzero(mask & (data.codes == code))
        if rows.size > limit:
            mask[rows] = False
            mask[rows[largest(-margins[rows], limit)]] = True


def find_label_issues(
    y,
    pred_proba,
    *,
    classes=None,
    filter_by="prune_by_noise_rate",
    frac_noise=1.0,
    min_samples_per_class=1,
    max_per_class=None,
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
          "confident_learning" flags, those with the lowest such score;
        - "expected_pair": of the rows whose most probable class is not the label,
          those with the lowest normalized margin, as many as the sum of
          ``p_max / (p_max + p_label)`` over them: half of them or more;
        - "excess_disagreement", the rule of :class:`LabelErrorDetector`: of the same
          rows those with the lowest normalized margin, as many as the calibrated
          joint counts off its diagonal; or, if sure predictions are contradicted at
          least .15 times as often as all (:func:`noise_plateau`), all but 2 % of the
          rows in `y`, should that be more. Rows are spared where no other class leads
          once the threshold of each class is subtracted, for the sake of rare classes.

        All but the two "low" ones leave out rows whose label is the most probable
        class, and the first five those where it is within 1e-6 of it.
    frac_noise : float in [0, 1], default=1.0
        Share of the estimated errors to flag; the first three filters use it.
    min_samples_per_class : int, default=1
        The first three filters expect at least that many correct labels in each
        class, and flag nothing in a class with no more rows than that.
    max_per_class : dict of label to int, default=None
        At most so many rows with that label stay flagged, those with the lowest
        normalized margin; labels that are not named have no limit.

    Returns
    -------
    mask : ndarray of shape (n_samples,), bool
        True where the label is likely wrong. Equal ranks go to the first row, and
        equal residuals of the joint as :func:`calibrate_joint` says, on any processor;
        cleanlab, whose sort leaves ties to the processor, may flag others of them.

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
    data = match_labels(y, pred_proba, classes)
    options = Options(frac_noise, min_samples_per_class)
    _check_options(filter_by, options)
    limits = _check_limits({} if max_per_class is None else max_per_class, data.classes)
    mask = FILTERS[filter_by](data, options)
    data.check_values()
    _keep_worst(mask, data, limits)
    warn_of_predictions(data.codes, data.proba, data.classes)
    return mask
