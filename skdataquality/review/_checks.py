"""What is refused: answers of another table or batch, and rows that are not there."""

import warnings
from numbers import Integral

import numpy as np

from skdataquality.exceptions import PoolExhaustedWarning
from skdataquality.review._answers import REVIEW
from skdataquality.verified import VerifiedLabels, check_is_verified, refuse_unknown

N_SHOWN = 5


def check_answers(verified, classes, codes):
    """Return sets of answers about a table as a list, or raise.

    ``codes`` are the given classes of the table.
    """
    sets = [verified] if isinstance(verified, VerifiedLabels) else verified
    if not isinstance(sets, list | tuple):
        check_is_verified(verified)
    for each in sets:
        check_is_verified(each)
        each.check_table(classes[codes])
        refuse_unknown(each, classes.tolist())
    return list(sets)


def check_belongs(verified, batch):
    """Refuse the sheet of another batch than the one that was asked about.

    Where no batch was asked about, as after ``fit`` with answers from files, any rows
    that were drawn for a review will do.
    """
    if verified.purpose != REVIEW or batch is None:
        return
    seen = np.concatenate([verified.rows, verified.cannot_say, verified.unanswered])
    other = np.setdiff1d(seen, batch.rows)
    if other.size:
        raise ValueError(
            f"verified is of another batch: {other.size} of its {seen.size} rows, such "
            f"as {other[:N_SHOWN].tolist()}, are not in batch {batch.number}, which "
            f"was asked about last. Submit its answers, in the order of the batches."
        )
    chance = dict(zip(batch.rows, batch.inclusion_probability, strict=True))
    known = np.array([chance[row] for row in verified.rows])
    differ = ~np.isclose(known, verified.inclusion_probability)
    if differ.any():
        row = verified.rows[differ][0]
        raise ValueError(
            f"verified is of another batch: row {row} has the chance "
            f"{verified.inclusion_probability[differ][0]:g} to be drawn, and "
            f"{chance[row]:g} in batch {batch.number}. Submit batch.verified(labels), "
            f"or what its own sheet says."
        )


def check_rows_asked(n, batch_size, n_open):
    """Return how many rows to take, or raise if none can be."""
    if n_open == 0:
        raise ValueError(
            "every row was looked at: there is nothing left to review; labels_ has the "
            "result."
        )
    if n is None:
        return min(batch_size, n_open)
    if not isinstance(n, Integral) or isinstance(n, bool) or n < 1:
        raise ValueError(f"n={n!r} must be a whole number of rows, at least 1.")
    if n > n_open:
        warnings.warn(
            f"n={n} rows were asked for and {n_open} are left that nobody has looked "
            f"at: all of them are returned.",
            PoolExhaustedWarning,
            stacklevel=3,
        )
    return min(int(n), n_open)
