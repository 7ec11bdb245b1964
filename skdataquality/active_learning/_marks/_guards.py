"""Labels where every row must have one: unlabelled rows refused, or told of."""

import warnings

import numpy as np

from skdataquality.active_learning._marks._part_labels import MARK, labeled_mask
from skdataquality.exceptions import UnlabelledRowsWarning
from skdataquality.utils._frames import missing_mask
from skdataquality.utils._validation import as_label_column, positions

MOSTLY = 0.5  # of the rows: a class seldom has so many beside two others


def refuse_unlabelled(y, name="y", *, unlabeled=False):
    """Refuse rows without a label where each must be fitted or scored.

    Parameters
    ----------
    y : array-like of shape (n_samples,)
    name : str, default="y"
        Of the argument, for the message.
    unlabeled : False, "auto" or label, default=False
        What stands for "no label" beside missing values, as in `read_part_labels`.

    Raises
    ------
    ValueError
        If a row has no label; says how to leave it out.
    """
    values = as_label_column(y, name=name)
    lacking = ~labeled_mask(values, unlabeled=unlabeled)
    if not lacking.any():
        return
    is_missing = missing_mask(values)[lacking].all()
    known = f"~pandas.isna({name})" if is_missing else f"{name} != {MARK}"
    if not is_missing and unlabeled != "auto":
        known = f"{name} != {unlabeled!r}"
    raise ValueError(
        f"{name} has {int(lacking.sum())} rows without a label at position(s) "
        f"{positions(lacking)}, which can be neither fitted nor scored: drop them, as "
        f"in X[known], {name}[known] with known = {known}; "
        f"skdataquality.active_learning says which to label first."
    )


def warn_of_marks(y, name="y", *, stacklevel=3):
    """Warn if -1 is taken for a class and looks like the mark of unlabelled rows.

    It does where the other labels are 0 to K - 1, at least two, and where it stands on
    half of the rows or more.
    """
    values = np.asarray(y)
    if values.dtype.kind not in "if" or values.ndim != 1 or values.size == 0:
        return
    is_mark = values == MARK
    if is_mark.mean() < MOSTLY or is_mark.all():
        return
    others = np.unique(values[~is_mark])
    if others.size < 2 or not np.array_equal(others, np.arange(others.size)):
        return
    warnings.warn(
        f"{name} holds {MARK} on {int(is_mark.sum())} of {values.size} rows, which is "
        f"fitted and scored as a class: if it marks rows without a label, drop them, "
        f"as in X[known], {name}[known] with known = {name} != {MARK}; if it is a "
        f"class, name classes by text to silence this.",
        UnlabelledRowsWarning,
        stacklevel=stacklevel,
    )
