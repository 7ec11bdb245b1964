"""The table once the answers of a person are in it."""

import numpy as np

from skdataquality.lineage import Lineage, Reason
from skdataquality.review._judgement import is_unmended


def mend(verdicts, codes, classes):
    """Return the edit that answers make of a table, and its labels as they are now.

    Parameters
    ----------
    verdicts : Verdicts
    codes : ndarray of shape (n_samples,), int
        Given class of each row.
    classes : ndarray of shape (n_classes,)

    Returns
    -------
    lineage : Lineage
        Rows are dropped of which only that their label is wrong is known.
    labels : ndarray of shape (n_samples,)
        Of all rows, those dropped with their given label.
    """
    kept = np.flatnonzero(~is_unmended(verdicts, codes))
    lineage = Lineage.from_selection(
        kept,
        n_in=codes.size,
        relabelled=verdicts.is_wrong[kept],
        drop_reason=Reason.VERIFIED,
        change_reason=Reason.VERIFIED,
    )
    return lineage, classes[verdicts.codes]
