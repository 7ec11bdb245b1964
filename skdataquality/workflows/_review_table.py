"""Labels that look wrong, in a table for a person: :func:`review_table`."""

import numpy as np

from skdataquality.diagnosis._examination import examine
from skdataquality.diagnosis._inputs import prepare
from skdataquality.diagnosis._roles import no_such_column
from skdataquality.utils._frames import is_frame, missing_mask, own_index
from skdataquality.utils._validation import check_feature_frame
from skdataquality.verified import refuse_unknown
from skdataquality.workflows._mended_labels import labels_to_verify


def review_table(
    frame,
    label,
    *,
    X_target=None,
    sources=None,
    groups=None,
    ids=(),
    time=None,
    task=None,
    estimator=None,
    depth="standard",
    max_rows=50_000,
    callbacks=(),
    n_jobs=None,
    random_state=0,
    verified=None,
    votes=None,
):
    """List the rows whose label looks wrong, worst first, for a person to decide.

    They are the rows that the lens of label noise flags: as many as a diagnosis of this
    table counts as ``flagged_rows``, whatever its verdict.

    Parameters
    ----------
    frame : pandas data frame of shape (n_samples, n_columns)
    label : str
    X_target, sources, groups, ids, time, task, estimator, depth, max_rows, callbacks, \
            n_jobs, random_state
        As in :func:`diagnose`.
    verified : VerifiedLabels, default=None
        Labels of some rows of `frame` that a person has checked, which are not listed;
        but for those verified wrong whose right label is not known: they come first,
        with quality 0, no suggestion, and the decision "verified wrong".
    votes : list of str, default=None
        Columns of annotators, never features; as in :func:`diagnose`.

    Returns
    -------
    review : pandas.DataFrame
        ``input_row`` (of `frame`, numbered from 0 below the header), ``index`` (that of
        `frame`, if it has one of its own), the columns `ids`, ``given``, ``suggested``
        (of a quantity, what models of the other rows expect), ``quality`` (in [0, 1],
        low is doubtful) and ``decision``, empty but for what `verified` says.
        ``review.attrs["n_rows"]`` are the rows with a label, of which models see
        `max_rows`, ``review.attrs["verdict"]`` is that of the lens, and
        ``review.attrs["note"]`` says why none could be judged, else it is empty. In the
        file that ``fix --review`` writes, a label that a spreadsheet would run stands
        behind a leading ``'``: :func:`~skdataquality.report.read_safe_csv` takes it
        off.

    See Also
    --------
    plan_warranty : Promises how many of the worst rows are wrong, from a few verdicts:
        ``plan_warranty(review["given"], range(len(review)))``.

    Raises
    ------
    ValueError
        If the label names rows, has one class, or is one number.
    """
    import pandas as pd

    check_feature_frame(frame)
    if not is_frame(frame):
        raise ValueError(f"frame is a {type(frame).__name__}: pass a data frame.")
    if label not in frame.columns:
        raise ValueError(no_such_column("label", label, list(frame.columns), "frame"))
    labelled = np.flatnonzero(~missing_mask(frame[label].to_numpy()))
    if labelled.size == 0:
        raise ValueError(f"label={label!r} cannot be reviewed: no row has a label.")
    y = frame[label].to_numpy()
    among = None
    if verified is not None:
        y = labels_to_verify(frame, label, verified)
        refuse_unknown(verified, list(dict.fromkeys(y[labelled].tolist())))
        among = verified.take(labelled)
    inputs = prepare(
        frame.iloc[labelled],
        label,
        X_target=X_target,
        sources=sources,
        groups=groups,
        ids=ids,
        time=time,
        task=task,
        estimator=estimator,
        depth=depth,
        max_rows=max_rows,
        n_jobs=n_jobs,
        random_state=random_state,
        verified=among,
        votes=votes,
    )
    _check_varied(inputs, label)
    lens = examine(inputs, callbacks).lenses["label_noise"]
    table = pd.DataFrame(lens.review, columns=["row", "given", "suggested", "quality"])
    if inputs.label_kind == "numbers":  # as they stand in the table
        table["given"] = frame[label].to_numpy()[labelled[table["row"].to_numpy(int)]]
    table["row"] = labelled[table["row"].to_numpy(dtype=int)]
    table = table.rename(columns={"row": "input_row"}).round({"quality": 4})
    table["decision"] = ""
    if among is not None:
        table = _with_unknown(table, y, labelled[among.rows], among.labels)
    _name_rows(table, frame, ids)
    is_judged = lens.flagged is not None and lens.reason_code != "weak_model"
    table.attrs |= {
        "n_rows": labelled.size,
        "verdict": lens.verdict,
        "note": "" if is_judged or lens.review else lens.summary,
    }
    return table


def _name_rows(table, frame, ids):
    """Put the index of the rows, and the columns that name them, beside the numbers."""
    rows = table["input_row"].to_numpy()
    ids = [ids] if isinstance(ids, str) else ids
    names = {name: frame[name].to_numpy() for name in ids}
    if (index := own_index(frame)) is not None:
        names = {"index": index.to_numpy()} | names
    for place, (name, values) in enumerate(names.items(), start=1):
        if name not in table:
            table.insert(place, name, values[rows])


def _with_unknown(table, y, rows, labels):
    """Put the rows verified wrong whose right label is not known in front."""
    import pandas as pd

    unknown = np.array([label is None for label in labels], dtype=bool)
    rows = np.sort(rows[unknown])
    if rows.size == 0:
        return table
    first = pd.DataFrame(
        {
            "input_row": rows,
            "given": y[rows],
            "suggested": None,
            "quality": 0.0,
            "decision": "verified wrong",
        }
    )
    if table.empty:
        return first
    table = table.astype({"suggested": object})
    return pd.concat([first, table], ignore_index=True)


def _check_varied(inputs, label):
    y = inputs.y
    if inputs.label_kind == "numbers":
        if np.ptp(y) == 0:
            raise ValueError(
                f"label={label!r} is {y[0]:g} in all {y.size} rows and cannot be "
                f"reviewed: it needs at least two different numbers."
            )
        return
    classes, sizes = np.unique(y, return_counts=True)
    if np.sum(sizes > 1) < 2:
        seen = dict(zip(classes[:5].tolist(), sizes[:5].tolist(), strict=True))
        raise ValueError(
            f"label={label!r} has the classes and rows {seen} and cannot be reviewed: "
            f"it needs two classes of at least 2 rows."
        )
