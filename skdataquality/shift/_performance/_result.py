"""What is expected of a model on target rows: :class:`TargetPerformance`."""

from dataclasses import dataclass, field

from skdataquality.utils._frames import pandas_frame
from skdataquality.utils._plain import plain
from skdataquality.utils._shown import Shown, ShownResult
from skdataquality.utils._stats import Interval


@dataclass(frozen=True, repr=False)
class MethodEstimate(ShownResult):
    """What one method expects, with the interval that holds if its assumption does.

    Attributes
    ----------
    method : str
    score : Interval
    assumption : str
    why_not : str or None
        Why it cannot be trusted here.
    """

    method: str
    score: Interval
    assumption: str
    why_not: str | None = None

    def short(self):
        """Words for it inside of the result."""
        return Shown(f"{self.method} {self.score.short()}")

    def to_dict(self):
        """Return plain numbers and text, ready for JSON."""
        return plain({name: getattr(self, name) for name in self.__dataclass_fields__})


@dataclass(frozen=True, repr=False, eq=False, kw_only=True)
class TargetPerformance(ShownResult):
    """What :func:`estimate_target_performance` returns.

    Attributes
    ----------
    scoring : str
    verdict : {"expected", "cannot tell"}
        "cannot tell" where the shift is so large that labels may follow other rules
        there, which no unlabelled row can show.
    reason : str
        The verdict in a sentence.
    estimate : Interval
        Expected score on these target rows, greater is better. The interval, of the
        ``level`` that was asked for, is as long as real shifts of this size have made
        it; so are the intervals below of that level.
    assumption : str
        What its interval rests on.
    held_out : Interval
        Score on held-out training rows.
    methods : tuple of MethodEstimate
        What single methods expect; their intervals hold only if what they assume does.
    domain_auc : float
        How well target rows can be told from training rows, .5 not at all, 1 perfectly.
    effective_sample_size : float
        Training rows that the weights towards the target rows rest on.
    n_labels : int
        Target rows, drawn at random, whose labels would measure the score twice as
        precisely as the estimate does; at most all.
    n_samples, n_target : int
    """

    scoring: str
    verdict: str
    reason: str
    estimate: Interval
    assumption: str
    held_out: Interval
    domain_auc: float
    effective_sample_size: float
    n_labels: int
    n_samples: int
    n_target: int
    methods: tuple = field(repr=False)

    @property
    def is_trusted(self):
        """Whether the verdict is not "cannot tell"."""
        return self.verdict != "cannot tell"

    def to_frame(self):
        """Return one line for each method, the recommended estimate first.

        Returns
        -------
        frame : pandas.DataFrame
            Columns ``method``, ``estimate``, ``lower``, ``upper``, ``assumption``,
            ``why_not``.

        Raises
        ------
        ImportError
            If pandas is missing; it comes with the extra ``cli``.
        """
        why_not = None if self.is_trusted else self.reason
        first = MethodEstimate("recommended", self.estimate, self.assumption, why_not)
        lines = [first, *self.methods]
        columns = {
            "method": [line.method for line in lines],
            "estimate": [line.score.estimate for line in lines],
            "lower": [line.score.lower for line in lines],
            "upper": [line.score.upper for line in lines],
            "assumption": [line.assumption for line in lines],
            "why_not": [line.why_not for line in lines],
        }
        return pandas_frame(columns, "TargetPerformance.to_frame", "to_dict()")

    def to_dict(self):
        """Return plain lists, numbers and text, ready for JSON."""
        return plain({name: getattr(self, name) for name in self.__dataclass_fields__})

    def _facts(self):
        # the end of the reason says what to do, and must not be cut off
        return super()._facts() | {"reason": Shown(repr(self.reason))}
