"""Tables and texts as users pass them."""

import warnings
from typing import Any

import numpy as np
import scipy.sparse as sp

from skdataquality.exceptions import IndexMismatchWarning
from skdataquality.utils._validation._column_names import refuse_repeated_columns
from skdataquality.utils._validation._rows import refuse_other_than_rows


def check_feature_frame(X, y=None, *, name="X"):
    """Refuse what is no table and no texts, masked cells and repeated names.

    Warn if the indices of X and y differ.
    """
    if np.ma.is_masked(X):
        raise ValueError(
            f"{name} is a masked array with {np.ma.count_masked(X)} masked cells, and "
            f"masks are not supported: pass {name}.filled(np.nan)."
        )
    refuse_other_than_rows(X, name)
    # the columns of a pyarrow table are its data, not their names
    columns: Any = getattr(X, "column_names", getattr(X, "columns", None))
    if columns is None or sp.issparse(X):
        columns = ()
    if getattr(columns, "nlevels", 1) > 1:
        raise ValueError(
            f"{name} has column names of {columns.nlevels} levels (a MultiIndex); "
            f"flatten them, for example by {name}.columns = "
            f"{name}.columns.map('_'.join)."
        )
    refuse_repeated_columns(columns, name)
    index: Any = getattr(X, "index", None)
    y_index: Any = getattr(y, "index", None)
    comparable = hasattr(index, "equals") and hasattr(y_index, "equals")
    if comparable and len(index) == len(y_index) and not index.equals(y_index):
        warnings.warn(
            "X and y have different indices; rows are matched by position. If y must "
            "be matched by index, pass y.loc[X.index].",
            IndexMismatchWarning,
            stacklevel=3,
        )
