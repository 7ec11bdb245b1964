"""Offsets of log-probabilities that decide best by a metric: coordinate search."""

import numpy as np

MOST_SWEEPS = 10
LEAST_GAIN = 1e-12  # of a score; less is rounding
ROUNDING = 1e-12  # of all weight


def decide(log_proba, offsets):
    """Class of the largest log-probability plus offset; ties go to the first."""
    return (log_proba + offsets).argmax(axis=1)


def search_offsets(log_proba, truth, score, start, *, most_sweeps=MOST_SWEEPS):
    """Change one offset at a time to where the metric is best, until nothing is gained.

    Row i switches to class k where its offset passes ``u_i = max_{j != k} (log p_ij +
    b_j) - log p_ik``; scores change there only, and are compared at the midpoints
    between distinct ``u``. Of equal scores the one nearest to the start is taken. For
    two classes one sweep compares all thresholds.

    Parameters
    ----------
    log_proba : ndarray of shape (n_samples, n_classes)
    truth : ndarray of shape (n_samples, n_classes)
        Weight of each class in each row: that of the row in the column of its label,
        or spread over classes.
    score : DecisionScore
        One without cells needs truth of one class a row.
    start : ndarray of shape (n_classes,)

    Returns
    -------
    offsets : ndarray of shape (n_classes,)
        The first is that of the start.
    """
    offsets = np.array(start, dtype=float)
    present = np.flatnonzero(truth.any(axis=0))
    order = present[1:] if present.size == 2 else present
    best = float(score_each(log_proba, truth, score, [offsets])[0])
    for _ in range(most_sweeps):
        before = best
        for k in order:
            reached, value = _best_of_class(k, log_proba, truth, score, offsets, start)
            if reached > best + LEAST_GAIN:
                best, offsets[k] = reached, value
        if best == before or order.size == 1:
            break
    return offsets


def cells_of(truth, decided):
    """Return the confusion matrix of decisions, shape (n_classes, n_classes)."""
    cells = np.zeros((truth.shape[1], truth.shape[1]))
    for k in range(truth.shape[1]):
        cells[:, k] = truth[decided == k].sum(axis=0)
    return cells


def score_each(log_proba, truth, score, rows_of_offsets):
    """Score the decisions of each row of offsets."""
    said = (decide(log_proba, offsets) for offsets in rows_of_offsets)
    if not score.has_cells:
        codes = truth.argmax(axis=1)
        return np.array([score.of_rows(codes, decided, None) for decided in said])
    return score.of_cells(np.stack([cells_of(truth, decided) for decided in said]))


def _best_of_class(k, log_proba, truth, score, offsets, start):
    """Best score over all values of one offset, and that value."""
    others = log_proba + offsets
    others[:, k] = -np.inf
    rival = others.argmax(axis=1)
    switch = others.max(axis=1) - log_proba[:, k]
    values = _positions(switch, truth.argmax(axis=1) == k, score.most_positions)
    if score.has_cells:
        scores = score.of_cells(_cells_along(values, switch, truth, rival, k))
    else:
        codes = truth.argmax(axis=1)
        said = (np.where(switch < value, k, rival) for value in values)
        scores = np.array([score.of_rows(codes, decided, None) for decided in said])
    ties = np.flatnonzero(scores >= scores.max() - LEAST_GAIN)
    chosen = ties[np.abs(values[ties] - start[k]).argmin()]
    return float(scores[chosen]), float(values[chosen])


def _positions(switch, is_own, most):
    """Midpoints between distinct switching points, and one on either side.

    Where there are more than ``most``, those at rows of the class and evenly many rows
    apart.
    """
    distinct = np.unique(switch)
    if distinct.size + 1 > most:
        own = np.searchsorted(distinct, np.unique(switch[is_own]))
        spread = np.linspace(0, distinct.size - 2, most // 2).astype(int)
        own = own[np.linspace(0, own.size - 1, min(own.size, most // 2)).astype(int)]
        kept = np.union1d(spread, np.minimum(own, distinct.size - 2))
    else:
        kept = np.arange(distinct.size - 1)
    middle = (distinct[kept] + distinct[kept + 1]) / 2
    return np.r_[distinct[0] - 1, middle, distinct[-1] + 1]


def _cells_along(values, switch, truth, rival, k):
    """Confusion matrices at each value of the offset of class k."""
    n_values, n_classes = values.size, truth.shape[1]
    base = cells_of(truth, rival)
    step = np.searchsorted(values, switch, side="right")  # the first value beyond it
    place = step * n_classes + rival
    moved = np.empty((n_values, n_classes, n_classes))
    for j in range(n_classes):
        rows = np.flatnonzero(truth[:, j])
        added = np.bincount(
            place[rows], weights=truth[rows, j], minlength=(n_values + 1) * n_classes
        )
        added = added[: n_values * n_classes].reshape(n_values, n_classes)
        moved[:, j] = added.cumsum(axis=0)
    cells = base - moved
    cells[cells < ROUNDING * truth.sum()] = 0  # of weights with fractions
    cells[:, :, k] += moved.sum(axis=2)
    return cells
