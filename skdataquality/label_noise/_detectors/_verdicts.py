"""What a person has said of training rows: :class:`Verdicts`."""

from dataclasses import dataclass

import numpy as np

from skdataquality.verified import refuse_unknown


@dataclass(frozen=True)
class Verdicts:
    """What has been verified of each row, by class.

    Attributes
    ----------
    is_verified : ndarray of shape (n_samples,), bool
    is_wrong : ndarray of shape (n_samples,), bool
        Verified rows whose given label is wrong.
    codes : ndarray of shape (n_samples,), int
        The verified class; the given one of other rows, and where only that it is wrong
        is known.
    """

    is_verified: np.ndarray
    is_wrong: np.ndarray
    codes: np.ndarray

    @property
    def is_right(self):
        return self.is_verified & ~self.is_wrong

    def trusted(self, trusted):
        """Return which rows models may learn from, of those that may be trusted."""
        return (trusted | self.is_right) & ~self.is_wrong

    def scores(self, scores):
        """Return label qualities: 1 where verified right, 0 where verified wrong."""
        return np.where(
            self.is_verified, self.is_right, np.asarray(scores, dtype=float)
        )


def verdicts_of(verified, codes, classes):
    """Return the verdicts on rows of the class ``codes``.

    ``verified`` is a VerifiedLabels of exactly these rows, or None. With two classes a
    label that is wrong is the other one.
    """
    is_verified, is_wrong = np.zeros((2, codes.size), dtype=bool)
    if verified is None:
        return Verdicts(is_verified, is_wrong, codes)
    is_verified[verified.rows] = True
    is_wrong[verified.rows] = verified.is_wrong(classes[codes])
    true = codes.copy()
    number = {label: code for code, label in enumerate(classes.tolist())}
    if classes.size == 2:
        true[is_wrong] = 1 - codes[is_wrong]
    known = np.array([label is not None for label in verified.labels], dtype=bool)
    refuse_unknown(verified, list(number))
    true[verified.rows[known]] = [number[v] for v in verified.labels[known]]
    return Verdicts(is_verified, is_wrong, true)


def verdicts_on_numbers(verified, y):
    """Return the verdicts on numbers, of which ``codes`` say nothing."""
    is_verified, is_wrong = np.zeros((2, y.shape[0]), dtype=bool)
    if verified is not None:
        is_verified[verified.rows] = True
        is_wrong[verified.rows] = verified.is_wrong(y)
    return Verdicts(is_verified, is_wrong, np.zeros(y.shape[0], dtype=np.intp))
