"""Labels that look wrong, in a table for a person: :func:`review_table`."""

import numpy as np

from skdataquality.diagnosis._label import check_label
from skdataquality.label_noise import LabelErrorDetector


def review_table(frame, label, *, rows=None, hidden=(), random_state=0):
    """List the rows whose label looks wrong, worst first, for a person to decide.

    Parameters
    ----------
    frame : pandas data frame of shape (n_samples, n_columns)
    label : str
    rows : ndarray of int, default=None
        Rows to look at; None is all.
    hidden : collection of str
        Columns that no model should see.
    random_state : int, default=0

    Returns
    -------
    review : pandas.DataFrame
        ``input_row`` (of `frame`, from 0), ``given``, ``suggested``, ``quality`` (in
        [0, 1], low is suspicious) and an empty ``decision``. In the file that ``fix
        --review`` writes, a label that a spreadsheet would run stands behind a leading
        ``'``: :func:`~skdataquality.report.read_safe_csv` takes it off.

    Raises
    ------
    ValueError
        If the label holds quantities, names rows, or has one class.
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
    y, is_discrete, _ = check_label(frame[label].iloc[rows].to_numpy())
    if not is_discrete:
        raise ValueError(
            f"label={label!r} holds quantities such as {y[:2].tolist()}: only classes "
            f"can be reviewed."
        )
    if np.sum(np.unique(y, return_counts=True)[1] > 1) < 2:
        raise ValueError(
            f"label={label!r} cannot be reviewed: it needs two classes of at least 2 "
            f"rows."
        )
    detector = LabelErrorDetector(random_state=random_state)
    detector.fit(X, y)
    flagged = np.flatnonzero(detector.issue_mask_)
    order = flagged[np.argsort(detector.sample_scores_[flagged], kind="stable")]
    return pd.DataFrame(
        {
            "input_row": rows[order],
            "given": y[order],
            "suggested": detector.suggested_labels_[order],
            "quality": detector.sample_scores_[order].round(4),
            "decision": "",
        }
    )
