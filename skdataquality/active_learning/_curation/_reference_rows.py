"""Rows beside the pool that a selection keeps away from, or close to."""

import numpy as np

from skdataquality.utils._rows_handle import RowsHandle
from skdataquality.utils._validation import check_same_length


class ReferenceRows(RowsHandle):
    """Handle for rows that a selection knows beside those it selects from.

    scikit-learn slices every array of as many rows as X that it is given in a search,
    without a word. A handle is passed on whole, whatever its size.

    Parameters
    ----------
    X : {array-like, sparse matrix, data frame} of shape (n_rows, n_features)
        Rows with the columns of the pool, before any embedding; or texts.
    y : array-like of shape (n_rows,), default=None
        What is balanced, of each row: its class or group.

    Attributes
    ----------
    X, y : the data
        Not to be modified.

    See Also
    --------
    DiversitySelector : Takes it as ``selected`` and as ``similar_to``.

    Notes
    -----
    ``clone`` and ``copy.deepcopy`` hand it on as itself; two handles are equal if
    their contents are.

    Examples
    --------
    >>> import numpy as np
    >>> from skdataquality.active_learning import ReferenceRows
    >>> ReferenceRows(np.ones((50, 3)))
    ReferenceRows(50 rows x 3 columns)
    """

    _what = "reference rows"

    def __init__(self, X, y=None):
        super().__init__(X)
        check_same_length(X=self.X, y=y)
        self.y = y

    def _size(self):
        return super()._size() + ("" if self.y is None else ", with y")

    def _columns(self):
        """Yield the columns and the labels, none where there are none."""
        yield from super()._columns()
        yield np.empty(0) if self.y is None else np.asarray(self.y)
