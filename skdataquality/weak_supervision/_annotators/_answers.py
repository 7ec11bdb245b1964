"""What a person has said of rows that annotators vote on."""

from dataclasses import dataclass, replace

import numpy as np

from skdataquality.utils._printable import printable


@dataclass(frozen=True)
class Answers:
    """Verified labels as numbers of classes.

    Attributes
    ----------
    rows, codes : ndarray of shape (n_answers,), int
        Rows and numbers of their classes.
    mask : ndarray of shape (n_rows,), bool
        True in these rows.
    """

    rows: np.ndarray
    codes: np.ndarray
    mask: np.ndarray

    def put_into(self, codes):
        """Return codes with those verified in their rows."""
        codes = codes.copy()
        codes[self.rows] = self.codes
        return codes

    def gold(self, classes):
        """Labels that are known, None elsewhere; None if there are none."""
        if self.rows.size == 0:
            return None
        gold = np.full(self.mask.size, None)
        gold[self.rows] = classes[self.codes]
        return gold

    def confirm(self, found):
        """Return a :class:`Consensus` with the verified labels in it, of quality 1."""
        if self.rows.size == 0:
            return found
        names = "labels", "quality", "needs_vote", "ask_scores", "posterior"
        new = {name: getattr(found, name).copy() for name in names}
        new["labels"][self.rows] = found.classes[self.codes]
        new["quality"][self.rows] = new["ask_scores"][self.rows] = 1.0
        new["needs_vote"][self.rows] = False
        new["posterior"][self.rows] = np.eye(found.classes.size)[self.codes]
        return replace(found, **new)


def answers_of(verified, votes):
    """Read VerifiedLabels, or None, of the rows of Votes.

    Of a row of which only that a label is wrong is known nothing follows, since it has
    no given label.
    """
    rows, labels = np.zeros(0, dtype=np.intp), []
    if verified is not None:
        known = np.array([label is not None for label in verified.labels], dtype=bool)
        rows, labels = verified.rows[known], verified.labels[known].tolist()
    number = {label: k for k, label in enumerate(votes.classes.tolist())}
    strange = [label for label in labels if label not in number]
    if strange:
        raise ValueError(
            f"verified holds label(s) {printable(strange[:5])} that nobody votes for: "
            f"pass classes=, all labels, or mend them."
        )
    mask = np.zeros(votes.n_rows, dtype=bool)
    mask[rows] = True
    codes = np.array([number[label] for label in labels], dtype=np.intp)
    return Answers(rows, codes, mask)
