"""What is given with a table whose rows may belong together, checked and read."""

import numpy as np

from skdataquality.utils._folds import join_groups
from skdataquality.utils._frames import are_documents, as_rows, read_moments_of
from skdataquality.utils._sklearn import num_samples
from skdataquality.utils._validation import (
    as_label_array,
    as_label_column,
    check_feature_frame,
    check_same_length,
    is_continuous,
)


def check_given(X, y=None, *, groups=None, time=None):
    """Return rows, labels, codes of groups and the order in time, or raise."""
    check_feature_frame(X, y)
    check_same_length(X=X, y=y, groups=groups, time=time)
    X = X if are_documents(X) else as_rows(X)
    if num_samples(X) == 0:
        raise ValueError("X is empty: 0 rows were passed, at least 1 is needed.")
    if len(getattr(X, "shape", ())) > 2:
        raise ValueError(f"X has shape {X.shape}: pass a table of rows and columns.")
    labels = None if y is None else as_label_column(y)
    if labels is not None and not is_continuous(labels):
        labels = as_label_array(labels)
    in_order = None
    if time is not None:
        moments = read_moments_of(np.asarray(time), "time")
        in_order = np.argsort(moments, kind="stable")
    return X, labels, join_groups(groups), in_order
