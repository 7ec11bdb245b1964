"""Which rows had a chance to be drawn: those that had none stay unknown."""

import numpy as np

from skdataquality.model_selection._verification._plan import chances_of

N_ERRORS = 2  # standard errors by which too few rows may stand for a group


class Reach:
    """Says of a group of rows whether the verified ones can speak for it.

    If the rows were drawn for this comparison, its chances are known for every row. For
    those of an audit all rows had one. Of other plans only the chances of the drawn
    rows are known: they must stand for about as many rows as the group has.
    """

    def __init__(self, question, metric, verified, answers):
        self.answers = answers
        self.is_own = False
        self.known = None  # rows that had a chance, if this is known
        self.chance = None  # of every row to be drawn and answered, if this is known
        drawn = answers.is_drawn
        if not drawn.any():
            self.known = np.zeros(question.n_rows, dtype=bool)
        elif verified.purpose == "audit":
            self.known = np.ones(question.n_rows, dtype=bool)
        elif question.forms(metric) is not None:
            n_planned = (
                int(drawn.sum()) + verified.cannot_say.size + verified.unanswered.size
            )
            chance = chances_of(question, metric, n_planned)
            said = verified.inclusion_probability[drawn]
            if np.allclose(chance[answers.rows[drawn]], said, rtol=1e-6, atol=0):
                self.is_own, self.known = True, chance > 0
                self.chance = chance * (int(drawn.sum()) / n_planned)

    def n_missed(self, rows):
        """Return about how many rows of a group, a mask, had no chance."""
        others = rows.copy()
        others[self.answers.rows[~self.answers.is_drawn]] = False
        if self.known is not None:
            others[self.answers.rows] = False
            return int((others & ~self.known).sum())
        n_others = int(others.sum())
        inside = self.answers.is_drawn & others[self.answers.rows]
        weight, chance = self.answers.weight[inside], self.answers.chance[inside]
        error = np.sqrt(float((weight**2 * (1 - chance)).sum()))
        missed = n_others - float(weight.sum())
        return round(missed) if missed > N_ERRORS * error + 0.5 else 0
