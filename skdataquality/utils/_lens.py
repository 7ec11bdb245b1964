"""What every lens returns: :class:`LensResult`."""

from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np

from skdataquality.utils._code import as_code
from skdataquality.utils._stats import Interval

VERDICTS = ("clear", "suspect", "found", "cannot tell")
OUTCOMES = ("confirmed", "refuted", "cannot tell")


@dataclass(frozen=True, kw_only=True)
class Prediction:
    """A falsifiable sentence and how it came out on these data.

    Attributes
    ----------
    sentence : str
    outcome : {"confirmed", "refuted", "cannot tell"}
    measured : str
        The numbers behind the outcome.
    """

    sentence: str
    outcome: str
    measured: str


@dataclass(frozen=True, kw_only=True)
class LensResult:
    """Diagnosis of one failure.

    Attributes
    ----------
    verdict : {"clear", "suspect", "found", "cannot tell"}
    severity : float
        In [0, 1]; higher is worse.
    summary : str
        The finding in one sentence.
    numbers : dict of str to Interval or float
    p_value : float or None
        Where a test decides.
    evidence : dict of str to list of dict
        Small tables, one dict per row.
    predictions : tuple of Prediction
    remedies : tuple of estimators
        Ready to use, the recommended one first.
    limits : tuple of str
        When this lens is wrong, in these data.

    Examples
    --------
    >>> from skdataquality.base import LensResult
    >>> result = LensResult(verdict="clear", severity=0.0, summary="no repeated rows.")
    >>> result.to_dict()["verdict"]
    'clear'
    """

    verdict: str
    severity: float
    summary: str
    numbers: dict[str, Any] = field(default_factory=dict)
    p_value: float | None = None
    evidence: dict[str, list] = field(default_factory=dict)
    predictions: tuple = ()
    remedies: tuple = ()
    limits: tuple = ()

    def to_dict(self):
        """Return plain lists, numbers and text, ready for JSON; remedies as code."""
        out = {f.name: getattr(self, f.name) for f in fields(self)}
        out["numbers"] = {k: _plain(v) for k, v in self.numbers.items()}
        out["evidence"] = {
            name: [{k: _plain(v) for k, v in row.items()} for row in rows]
            for name, rows in self.evidence.items()
        }
        out["predictions"] = [vars(p) | {} for p in self.predictions]
        out["remedies"] = [as_code(remedy) for remedy in self.remedies]
        return {k: _plain(v) for k, v in out.items()}


def _plain(value):
    if isinstance(value, Interval):
        return value.to_dict()
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not np.isfinite(value):
        return None
    is_json = value is None or isinstance(value, str | int | float | list | dict)
    return value if is_json else str(value)


def cannot_tell(result_type, reason):
    """Return the result of a lens that these data cannot answer."""
    return result_type(
        verdict="cannot tell", severity=0.0, summary=f"cannot tell: {reason}"
    )
