"""What every interval is."""

import math
from dataclasses import dataclass
from typing import Any

from skdataquality.utils._digits import fixed
from skdataquality.utils._shown import Shown, ShownResult
from skdataquality.utils._stats._checks import check_open_unit


@dataclass(frozen=True, repr=False)
class Interval(ShownResult):
    """A number with its confidence interval and how the interval was made.

    Parameters
    ----------
    estimate, lower, upper : float
        The number and the ends of its interval, `lower <= upper`; NaN if undefined.
    method : str
        How the interval was obtained, in words for the reader of a report.
    level : float, default=0.95
        Confidence level.

    Examples
    --------
    >>> from skdataquality.base import Interval
    >>> rate = Interval(0.05, 0.01, 0.14, "Clopper-Pearson")
    >>> rate.to_dict()["upper"]
    0.14
    """

    estimate: float
    lower: float
    upper: float
    method: str
    level: float = 0.95

    def __post_init__(self) -> None:
        check_open_unit("level", self.level)
        if self.lower > self.upper:
            raise ValueError(
                f"lower={self.lower!r} is above upper={self.upper!r}; pass the ends "
                "of the interval in increasing order"
            )

    def short(self) -> Shown:
        """Return the number and the ends in few digits, as in ``0.05 [0.01, 0.14]``."""
        ends = f"{fixed(self.lower)}, {fixed(self.upper)}"
        return Shown(f"{fixed(self.estimate)} [{ends}]")

    def to_dict(self) -> dict[str, Any]:
        """Return the fields by name, as strict JSON can hold them (None for NaN)."""
        names = ("estimate", "lower", "upper", "level")
        values = {name: float(getattr(self, name)) for name in names}
        finite = {k: v if math.isfinite(v) else None for k, v in values.items()}
        return {**finite, "method": str(self.method)}


def with_ends(line, name):
    """Return a line of a table, its Interval `name` as three numbers.

    >>> with_ends({"class": "a", "rate": Interval(0.2, 0.1, 0.4, "mid-P")}, "rate")
    {'class': 'a', 'rate': 0.2, 'rate_lower': 0.1, 'rate_upper': 0.4}
    """
    interval = line[name]
    ends = {f"{name}_lower": interval.lower, f"{name}_upper": interval.upper}
    return {**line, name: interval.estimate, **ends}
