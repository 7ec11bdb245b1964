"""The columns of a table that a model may see, where some rows have no label."""

import warnings

import numpy as np

from skdataquality.diagnosis._examination import columns_to_withhold
from skdataquality.diagnosis._inputs import prepare
from skdataquality.diagnosis._roles import assign_roles
from skdataquality.exceptions import DataQualityWarning
from skdataquality.utils._frames import column_names, listed, select_columns

FEWEST = 20  # labelled rows in which a leak shows
TOO_FEW = (
    f"fewer than {FEWEST} rows, or one class, have a label: columns that name rows or "
    f"give the label away are not looked for; name them as ids"
)


def features_to_learn(frame, label, labels, *, max_rows, random_state, **roles):
    """Return the features of all rows, and notes on columns that are left out.

    Columns with a role are no features; nor are those that give the label away, as a
    diagnosis of the labelled rows finds them, and those in which no such row has a
    value.

    Parameters
    ----------
    labels : ndarray of shape (n_samples,), object
        None where a row has no label.
    roles
        ``sources``, ``groups``, ``ids`` and ``time``, as in :func:`diagnose`.
    """
    ids = roles["ids"]
    ids = [label, *([ids] if isinstance(ids, str) else ids)]
    place = np.arange(len(frame))
    X = assign_roles(frame, place, X_target=None, **roles | {"ids": ids}).X
    rows = np.flatnonzero([value is not None for value in labels])
    known = [labels[row] for row in rows]
    if len(known) < FEWEST or len(set(known)) < 2:
        return X, [TOO_FEW]
    with warnings.catch_warnings():  # of what a diagnosis would say
        warnings.simplefilter("ignore", DataQualityWarning)
        inputs = prepare(
            frame.iloc[rows].assign(**{label: known}),
            label,
            X_target=None,
            **roles,
            task="classification",
            max_rows=max_rows,
            n_jobs=None,
            random_state=random_state,
        )
        withheld = columns_to_withhold(inputs)
    seen = set(column_names(inputs.X)) - set(withheld)
    if not seen:
        raise ValueError(
            f"every feature gives the label away, such as {listed(list(withheld))}: "
            f"nothing is left that a model may learn from."
        )
    kept = [name for name in column_names(X) if name in seen]
    return select_columns(X, kept), say_withheld(withheld)


def say_withheld(names):
    """Return the note on columns that models do not see, in a list; or none."""
    if not names:
        return []
    return [
        f"left out, since they give the label away or name rows: {listed(list(names))}"
    ]
