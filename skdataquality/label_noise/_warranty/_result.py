"""The longest list of which most rows are shown to be wrong: :class:`ListWarranty`."""

from dataclasses import dataclass
from html import escape

import numpy as np

from skdataquality.utils._plain import plain

N_SHOWN = 2  # lists
OUTCOMES = {
    "good": "good",
    "good without": "good without the rows found not wrong",
    "not shown": "not shown",
    "open": "verdicts are missing",
}


@dataclass(frozen=True, eq=False, repr=False)
class ListWarranty:
    """A list of rows of which a share is wrong, or that there is none.

    Attributes
    ----------
    rows : ndarray of shape (n_listed,), int
        Rows of the list, the most doubtful first; those that were found not wrong
        are left out. Empty if there is no such list.
    wrong_at_least : int
        How many of them are wrong, at least, with confidence `level`.
    share, level : float
        As planned.
    n_unseen : int
        Rows of the list that nobody has verified.
    n_verified, n_wrong : int
        Verdicts that were used, on all rows; how many of these were "wrong".
    next_rows : ndarray of shape (n_next,), int
        Rows to verify next, in their order: for the first list, then for longer ones.
        Empty when more verdicts could not lengthen the list within ``plan.n_rows``.
    steps : list of dict
        One for each list in its turn: ``rows`` (its length), ``verified`` (rows drawn
        from it), ``not_wrong`` (of these) and ``outcome``.
    """

    rows: np.ndarray
    wrong_at_least: int
    share: float
    level: float
    n_unseen: int
    n_verified: int
    n_wrong: int
    next_rows: np.ndarray
    steps: list

    @property
    def n_rows(self):
        """Length of the list; 0 if there is none."""
        return self.rows.size

    @property
    def is_final(self):
        """Whether there is nothing more to verify within the plan."""
        return self.next_rows.size == 0

    @property
    def sentence(self):
        """The answer in words."""
        if self.n_rows and not self.n_unseen:
            return (
                f"All of these {self.n_rows} rows are wrong: every one was verified, "
                f"and more than these cannot be promised."
            )
        if self.n_rows:
            return (
                f"At least {100 * self.share:g} % of these {self.n_rows} rows are "
                f"wrong ({100 * self.level:g} % confidence); {self.n_unseen} of them "
                f"nobody has seen."
            )
        last = self.steps[-1]
        if not self.is_final:
            return f"No such list yet: {self.next_rows.size} more rows are to verify."
        return (
            f"No such list: of {last['verified']} rows drawn from the {last['rows']} "
            f"most doubtful, {last['not_wrong']} are not wrong, too many to show "
            f"that {100 * self.share:g} % of them are."
        )

    def to_dict(self):
        """Return plain lists, numbers and text.

        Returns
        -------
        result : dict
        """
        names = (
            "sentence n_rows wrong_at_least share level n_unseen n_verified n_wrong "
            "is_final rows next_rows steps"
        )
        return plain({name: getattr(self, name) for name in names.split()})

    def __repr__(self):
        return "\n".join([f"ListWarranty: {self.sentence}", *self._lines()])

    def _lines(self):
        for step in self.steps[-N_SHOWN:]:
            yield (
                f"  the {step['rows']} most doubtful: {step['verified']} verified, "
                f"{step['not_wrong']} not wrong: {OUTCOMES[step['outcome']]}"
            )
        if not self.is_final:
            yield f"  next to verify: {self.next_rows.size} rows, in next_rows"

    def _repr_html_(self):
        heads = ("list", "verified", "not wrong", "outcome")
        head = "".join(f"<th>{escape(name)}</th>" for name in heads)
        body = "".join(
            f"<tr><td>{step['rows']}</td><td>{step['verified']}</td>"
            f"<td>{step['not_wrong']}</td>"
            f"<td>{escape(OUTCOMES[step['outcome']])}</td></tr>"
            for step in self.steps
        )
        return (
            f"<p>{escape(self.sentence)}</p><table><thead><tr>{head}</tr></thead>"
            f"<tbody>{body}</tbody></table>"
        )
