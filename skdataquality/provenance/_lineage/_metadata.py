"""Metadata of the steps of a pipeline that follow the rows."""

from skdataquality.compose._edit import (
    carry,
    carry_verified,
    carry_weight,
    is_row_aligned,
)
from skdataquality.verified import VerifiedLabels


def carry_metadata(routed, steps, lineage, name, left_out=()):
    """Take what is routed to some steps along an edit of the rows, in place.

    Parameters
    ----------
    routed : dict of str to dict of str to dict
        By step and method, as scikit-learn routes it.
    steps : iterable of str
        The steps that are still to come.
    lineage : Lineage
        What the edit did.
    name : str
        Of the sampler, for errors.
    left_out : iterable of str, default=()
        Metadata that belong to other rows.
    """
    carried = {}
    for step in steps:
        for given in dict(routed[step]).values():
            for key, value in given.items():
                if key in left_out or not _follows(value, lineage.n_in):
                    continue
                which = key, id(value)
                if which not in carried:
                    carried[which] = value, _carried(lineage, key, value, name)
                given[key] = carried[which][1]


def _follows(value, n_rows):
    is_one = isinstance(value, VerifiedLabels)
    return is_one or (is_row_aligned(value, n_rows) and not isinstance(value, str))


def _carried(lineage, key, value, name):
    if isinstance(value, VerifiedLabels):
        return carry_verified(lineage, value, name)
    if key == "sample_weight":
        return carry_weight(lineage, value, name)
    return carry(lineage, value, name, key)
