"""Plant one failure, and return what was planted."""

import numpy as np
from sklearn.utils import check_random_state


def make_label_errors(y, rate, *, where=None, random_state=None):
    """Flip labels to another class, drawn uniformly.

    Parameters
    ----------
    y : array-like of shape (n_samples,)
    rate : float
        Share of the eligible rows to flip, in [0, 1]; their number is rounded.
    where : array-like of shape (n_samples,), bool, default=None
        Rows that may be flipped; None is all of them.
    random_state : int, RandomState instance or None, default=None

    Returns
    -------
    y_noisy : ndarray of shape (n_samples,)
    flipped : ndarray of shape (n_samples,), bool

    Examples
    --------
    >>> from skdataquality.datasets import make_label_errors
    >>> y, flipped = make_label_errors([0, 1, 0, 1], 0.5, random_state=0)
    >>> int(flipped.sum())
    2
    """
    if not 0 <= rate <= 1:
        raise ValueError(f"rate={rate} must be a share between 0 and 1.")
    rng = check_random_state(random_state)
    classes, codes = np.unique(np.asarray(y), return_inverse=True)
    if classes.shape[0] < 2:
        raise ValueError("y has 1 class; a label can only be flipped to another one.")
    eligible = np.arange(codes.shape[0]) if where is None else np.flatnonzero(where)
    rows = rng.choice(eligible, round(rate * eligible.size), replace=False)
    noisy = codes.copy()
    step = rng.randint(1, classes.shape[0], rows.size)
    noisy[rows] = (codes[rows] + step) % classes.shape[0]
    return classes[noisy], noisy != codes


def make_duplicates(n_samples, n_repeats, *, random_state=None):
    """Choose rows to repeat, and shuffle the repeats among the rows.

    Parameters
    ----------
    n_samples : int
    n_repeats : int
        Distinct rows that appear twice.
    random_state : int, RandomState instance or None, default=None

    Returns
    -------
    rows : ndarray of shape (n_samples + n_repeats,), int
        Index the data with it.
    is_repeat : ndarray of shape (n_samples + n_repeats,), bool
        True for the later one of two equal rows.

    Examples
    --------
    >>> from skdataquality.datasets import make_duplicates
    >>> rows, is_repeat = make_duplicates(5, 2, random_state=0)
    >>> rows.shape, int(is_repeat.sum())
    ((7,), 2)
    """
    rng = check_random_state(random_state)
    repeated = rng.choice(n_samples, n_repeats, replace=False)
    rows = rng.permutation(np.r_[np.arange(n_samples), repeated])
    first = np.unique(rows, return_index=True)[1]
    is_repeat = np.ones(rows.shape[0], dtype=bool)
    is_repeat[first] = False
    return rows, is_repeat


def make_rare_class(y, label, share, *, random_state=None):
    """Drop rows of one class until it has the given share.

    Parameters
    ----------
    y : array-like of shape (n_samples,)
    label : object
        The class to make rare.
    share : float
        Its share afterwards, in (0, 1); the other classes keep all rows.
    random_state : int, RandomState instance or None, default=None

    Returns
    -------
    rows : ndarray of int
        Rows that are left, in their order.

    Examples
    --------
    >>> from skdataquality.datasets import make_rare_class
    >>> make_rare_class([0, 0, 0, 1, 1, 1], 1, 0.25, random_state=0).shape
    (4,)
    """
    if not 0 < share < 1:
        raise ValueError(f"share={share} must be between 0 and 1, both excluded.")
    values = np.asarray(y)
    rare = np.flatnonzero(values == label)
    others = np.flatnonzero(values != label)
    n_rare = round(others.size * share / (1 - share))
    if not 0 < n_rare <= rare.size:
        raise ValueError(
            f"share={share} needs {n_rare} rows of class {label!r}, but y has "
            f"{rare.size}: choose a smaller share."
        )
    kept = check_random_state(random_state).choice(rare, n_rare, replace=False)
    return np.sort(np.r_[others, kept])


def make_shifted_sample(score, n_target, *, strength=1.0, random_state=None):
    """Draw rows for a target sample in which a score tends to be high.

    Parameters
    ----------
    score : array-like of shape (n_samples,)
        Column or combination of columns along which to shift.
    n_target : int
        Rows to draw, without replacement.
    strength : float, default=1.0
        Rows are drawn with odds ``exp(strength * standardised score)``; 0 is no shift.
    random_state : int, RandomState instance or None, default=None

    Returns
    -------
    is_target : ndarray of shape (n_samples,), bool

    Examples
    --------
    >>> import numpy as np
    >>> from skdataquality.datasets import make_shifted_sample
    >>> score = np.arange(100.0)
    >>> is_target = make_shifted_sample(score, 30, strength=2, random_state=0)
    >>> bool(score[is_target].mean() > score[~is_target].mean())
    True
    """
    score = np.asarray(score, dtype=float)
    odds = np.exp(strength * (score - score.mean()) / (score.std() or 1))
    rows = check_random_state(random_state).choice(
        score.shape[0], n_target, replace=False, p=odds / odds.sum()
    )
    is_target = np.zeros(score.shape[0], dtype=bool)
    is_target[rows] = True
    return is_target
