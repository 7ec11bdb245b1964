"""What :func:`concept_shift_test` returns."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from skdataquality.utils._digits import fixed
from skdataquality.utils._frames import pandas_frame
from skdataquality.utils._plain import plain
from skdataquality.utils._printable import printable
from skdataquality.utils._shown import ShownResult

COLUMNS = ("direction", "label", "change", "z", "p_value")


@dataclass(frozen=True, eq=False, repr=False)
class ConceptShiftResult(ShownResult):
    """Result of :func:`concept_shift_test`.

    Attributes
    ----------
    p_value : float
        Chance of as much evidence where P(y | x) is the same up to its level; small is
        evidence of change. The larger one of ``p_pooled`` and ``p_prior``. NaN if it
        cannot be told.
    statistic : float
        Chi-squared statistic of the comparison of labels near each other.
    method : str
    p_pooled : float
        Of the comparison of labels near each other.
    p_prior : float
        Of the comparison of P(x | class); NaN for numbers as labels.
    level : Interval or None
        Change of the log odds (of the mean of y) that is the same in all rows, target
        minus training, 95 %. It is not tested: a change of class shares looks so.
    n_source, n_target : int
        Training rows, and labelled target rows, used: those on the common support.
    n_labelled : int
        Labelled target rows given.
    common_support : float
        Share of the labelled target rows that lie where training rows lie, in [0, 1].
    where : list of dict
        One per direction, most changed first: ``direction`` (a column, or the score of
        the model), ``label`` (the class whose probability it is about; None for
        numbers), ``change`` (of the log odds, or of y, per standard deviation), ``z``
        and ``p_value`` (Holm).
    regions : list of dict
        Of the direction that changed most, thirds of the labelled target rows:
        ``direction``, ``label``, ``lower``, ``upper`` (the value of a category is the
        mean score of its rows), ``n_rows``, ``expected`` and ``seen`` (share of the
        label, or mean of y).
    unknown_labels : dict
        Labels of target rows that no training row has, with their numbers of rows.
    reason : str
        Why it cannot be told; empty if it can.
    limits : tuple of str
        What the test does not see.
    """

    p_value: float
    statistic: float
    method: str
    p_pooled: float = np.nan
    p_prior: float = np.nan
    level: Any = None
    n_source: int = 0
    n_target: int = 0
    n_labelled: int = 0
    common_support: float = np.nan
    where: list = field(default_factory=list)
    regions: list = field(default_factory=list)
    unknown_labels: dict = field(default_factory=dict)
    reason: str = ""
    limits: tuple = ()

    def to_frame(self):
        """Return one line per direction, most changed first.

        Returns
        -------
        frame : pandas.DataFrame
            Columns ``direction``, ``label``, ``change``, ``z``, ``p_value``; without a
            line if it cannot be told.

        Raises
        ------
        ImportError
            If pandas is missing; it comes with the extra ``cli``.
        """
        columns = {name: [one[name] for one in self.where] for name in COLUMNS}
        return pandas_frame(columns, "ConceptShiftResult.to_frame", "where")

    def to_dict(self):
        """Return plain lists, numbers and text, ready for JSON."""
        facts = {name: getattr(self, name) for name in self.__dataclass_fields__}
        facts["unknown_labels"] = [
            {"label": label, "n_rows": n} for label, n in self.unknown_labels.items()
        ]
        return plain(facts)

    def _facts(self):
        if self.reason:
            facts = {"reason": self.reason, "n_labelled": self.n_labelled}
        else:
            names = "p_value n_source n_target common_support level"
            facts = {name: getattr(self, name) for name in names.split()}
            facts["most_changed"] = [
                f"{one['direction']} (z {fixed(one['z'])})" for one in self.where
            ]
        if self.unknown_labels:
            facts["unknown_labels"] = {
                printable(label): n for label, n in self.unknown_labels.items()
            }
        return facts
