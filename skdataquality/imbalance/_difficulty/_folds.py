"""Rows of a class in the folds of a cross-validation: :func:`rows_per_fold`."""


def rows_per_fold(is_class, is_first, splits, n_neighbors):
    """Count the rows of a class that each fold holds out and trains on.

    Few are fewer than ``n_neighbors + 1``, distinct ones: held out they tell little of
    the recall, and among training rows none has so many neighbours of its class.

    Parameters
    ----------
    is_class, is_first : ndarray of shape (n_samples,), bool
        Rows of the class, and rows that repeat none before them.
    splits : iterable of (train, test) arrays of row numbers
    n_neighbors : int

    Returns
    -------
    folds : list of dict
    """
    distinct = is_class & is_first
    lines = []
    for number, (train, test) in enumerate(splits):
        held_out, trained_on = int(distinct[test].sum()), int(distinct[train].sum())
        lines.append(
            {
                "fold": number,
                "held_out": int(is_class[test].sum()),
                "trained_on": int(is_class[train].sum()),
                "distinct": trained_on,
                "few": min(held_out, trained_on) <= n_neighbors,
            }
        )
    return lines
