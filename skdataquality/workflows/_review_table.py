"""Labels that look wrong, in a table for a person: :func:`review_table`."""

import numpy as np

from skdataquality.diagnosis._label import check_label
from skdataquality.label_noise import LabelErrorDetector, RegressionErrorDetector
from skdataquality.utils._draws import draw_seed

FEWEST_NUMBERS = 8


def review_table(frame, label, *, rows=None, hidden=(), task=None, random_state=0):
    """List the rows whose label looks wrong, worst first, for a person to decide.

    Parameters
    ----------
    frame : pandas data frame of shape (n_samples, n_columns)
    label : str
    rows : ndarray of int, default=None
        Rows to look at; None is all.
    hidden : collection of str
        Columns that no model should see.
    task : {"classification", "regression"}, default=None
        What the label is; None decides as :func:`diagnose` does.
    random_state : int, default=0

    Returns
    -------
    review : pandas.DataFrame
        ``input_row`` (of `frame`, from 0), ``given``, ``suggested`` (of a quantity,
        what models of the other rows expect), ``quality`` (in [0, 1], low is
        suspicious) and an empty ``decision``. ``attrs["note"]`` says if no number could
        be judged.

    Raises
    ------
    ValueError
        If the label names rows, or has one class or one number.
    """
    import pandas as pd

    rows = np.arange(frame.shape[0]) if rows is None else rows
    rows = rows[frame[label].iloc[rows].notna().to_numpy()]
    X = frame.iloc[rows].drop(columns=[label, *hidden])
    X = X.loc[:, X.notna().any()]
    if min(X.shape) == 0:
        raise ValueError(
            f"label={label!r} cannot be reviewed: no labelled row, or no column that "
            f"could tell the labels, is left."
        )
    given = frame[label].iloc[rows].to_numpy()
    y, is_discrete, _ = check_label(given, task)
    detector = (
        _fit_classes(X, y, label, random_state)
        if is_discrete
        else _fit_numbers(X, y, label, random_state)
    )
    flagged = np.flatnonzero(detector.issue_mask_)
    order = flagged[np.argsort(detector.sample_scores_[flagged], kind="stable")]
    suggested = (
        detector.suggested_labels_[order]
        if is_discrete
        else [float(f"{v:.6g}") for v in detector.suggested_values_[order]]
    )
    review = pd.DataFrame(
        {
            "input_row": rows[order],
            "given": y[order] if is_discrete else given[order],
            "suggested": suggested,
            "quality": detector.sample_scores_[order].round(4),
            "decision": "",
        }
    )
    if not is_discrete and not detector.residual_model_.predictable:
        review.attrs["note"] = "the other columns hardly predict it: none was judged"
    return review


def _fit_classes(X, y, label, random_state):
    if np.sum(np.unique(y, return_counts=True)[1] > 1) < 2:
        raise ValueError(
            f"label={label!r} cannot be reviewed: it needs two classes of at least 2 "
            f"rows."
        )
    return LabelErrorDetector(random_state=random_state).fit(X, y)


def _fit_numbers(X, y, label, random_state):
    if y.shape[0] < FEWEST_NUMBERS or np.ptp(y) == 0:
        raise ValueError(
            f"label={label!r} cannot be reviewed: it needs {FEWEST_NUMBERS} rows or "
            f"more, of at least 2 different numbers; it has {y.shape[0]} rows."
        )
    seed = draw_seed(random_state)  # the folds of a diagnosis
    return RegressionErrorDetector(random_state=seed).fit(X, y)
