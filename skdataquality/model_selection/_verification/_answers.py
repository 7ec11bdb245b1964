"""Verified labels as numbers, checked against the comparison: :class:`Answers`."""

from dataclasses import dataclass

import numpy as np

from skdataquality.utils._validation import encode_labels
from skdataquality.verified import check_is_verified

N_SHOWN = 5


@dataclass(frozen=True, eq=False)
class Answers:
    """Codes of the true labels of a few rows, and how many rows each stands for."""

    rows: np.ndarray
    codes: np.ndarray
    weight: np.ndarray
    is_drawn: np.ndarray

    @property
    def chance(self):
        """Chance to be drawn and answered; 1 for a row that no plan drew."""
        return np.minimum(1 / self.weight, 1.0)

    def masses(self, proxy):
        """Label masses of the table: the proxy, corrected where the truth is known.

        Unbiased for the masses of the true labels whatever the proxy is, as long as
        every row that matters had a chance to be drawn (Horvitz and Thompson 1952; the
        difference estimator of Cassel, Sarndal and Wretman 1976).
        """
        masses = proxy.copy()
        known = np.eye(proxy.shape[1])[self.codes]
        masses[self.rows] += self.weight[:, None] * (known - proxy[self.rows])
        return masses

    def fill_in(self, codes):
        """Return codes of the whole table with the verified ones in place."""
        codes = codes.copy()
        codes[self.rows] = self.codes
        return codes


def check_answers(verified, y):
    """Return the answers, or raise in words about what is wrong with them."""
    check_is_verified(verified)
    y = verified.check_table(y)
    if verified.n_verified == 0:
        n_unknown = verified.cannot_say.size
        why = (
            f"all {n_unknown} answers are 'cannot say'" if n_unknown else "it is empty"
        )
        raise ValueError(
            f"verified holds no label: {why}. Verify at least one row of the plan."
        )
    classes, given = encode_labels(y)
    code_of = {label: code for code, label in enumerate(classes.tolist())}
    labels = _without_blanks(verified, classes, given)
    unknown = [label for label in labels if not _is_known(label, code_of)]
    if unknown:
        shown = ", ".join(map(repr, dict.fromkeys(map(_plain, unknown[:N_SHOWN]))))
        raise ValueError(
            f"verified holds labels that are no class of y: {shown}. The classes are "
            f"{classes.tolist()[:10]}: no candidate can predict another one."
        )
    return Answers(
        rows=verified.rows,
        codes=np.array([code_of[label] for label in labels], dtype=np.intp),
        weight=verified.weight,
        is_drawn=verified.is_drawn,
    )


def _without_blanks(verified, classes, given):
    """Labels; with two classes, a wrong label says which is right."""
    blank = [i for i, label in enumerate(verified.labels) if label is None]
    if blank and classes.size > 2:
        raise ValueError(
            f"verified says of {len(blank)} rows that the given label is wrong, not "
            f"which is right (first row {verified.rows[blank[0]]}): with "
            f"{classes.size} classes a comparison needs the right one."
        )
    labels = list(verified.labels)
    for i in blank:
        labels[i] = classes.tolist()[1 - given[verified.rows[i]]]
    return labels


def _is_known(label, code_of):
    try:
        return label in code_of
    except TypeError:  # of what has no hash
        return False


def _plain(label):
    return label if isinstance(label, str | int | float | bool) else repr(label)
