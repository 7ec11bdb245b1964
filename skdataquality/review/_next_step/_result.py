"""What the next hour is best spent on: :class:`NextStep`."""

from dataclasses import dataclass, field

from skdataquality.utils._frames import pandas_frame
from skdataquality.utils._plain import plain
from skdataquality.utils._shown import WIDTH, ShownResult, cut, padded, wrapped
from skdataquality.utils._stats import Interval, with_ends


@dataclass(frozen=True, eq=False, repr=False)
class NextStep(ShownResult):
    """What :func:`next_step` returns.

    Attributes
    ----------
    step : str
        "relabel suspects", "label new rows", "collect class ..." or "collect group
        ...", or "stop".
    reason : str
        Why, in a few sentences.
    options : list of dict
        Best first: ``step``, ``rows``, ``cost``, and ``gain``, an Interval of 90 % for
        what the score gains; higher is better.
    is_clear : bool
        Whether the interval of ``lead`` leaves out 0; of "stop", whether no interval
        reaches ``min_gain``.
    lead : Interval or None
        How much more the first option gains than the second, with its 90 % interval;
        None if there is one option.
    rows_to_verify : int or None
        Rows, drawn at random, that would make it clear once they are verified; None if
        it is clear, or would not be so.
    score : Interval
        The present score on true labels, as estimated, with its 90 % interval.
    error_rate : Interval
        Share of wrong labels, 90 %; lower is cleaner.
    suspects_wrong : Interval
        Share of wrong labels among those that would be reviewed, 90 %.
    new_labels : {"verified", "as now"}
        How right new labels were taken to be.
    min_gain : float
        Smallest gain that counts.
    """

    step: str
    reason: str
    options: list = field(repr=False)
    is_clear: bool
    lead: Interval | None
    rows_to_verify: int | None
    score: Interval
    error_rate: Interval
    suspects_wrong: Interval
    new_labels: str
    min_gain: float

    def to_frame(self):
        """Return the options as a data frame, the interval as three columns.

        Returns
        -------
        frame : pandas.DataFrame

        Raises
        ------
        ImportError
            If pandas is missing; it comes with the extra ``cli``.
        """
        rows = [with_ends(option, "gain") for option in self.options]
        return pandas_frame(rows, "NextStep.to_frame", "the attribute options")

    def to_dict(self):
        """Return plain lists, numbers and text, ready for JSON.

        Returns
        -------
        result : dict
        """
        return plain(
            {
                name: value.to_dict() if isinstance(value, Interval) else value
                for name, value in vars(self).items()
            }
            | {
                "options": [
                    {**option, "gain": option["gain"].to_dict()}
                    for option in self.options
                ]
            }
        )

    def _facts(self):
        gains = {f"gain, {o['step']}": o["gain"].short() for o in self.options}
        return {
            "step": self.step,
            "reason": self.reason,
            **gains,
            "error_rate": self.error_rate.short(),
        }

    def __repr__(self):
        lines = [cut(f"NextStep: {self.step}", WIDTH), *wrapped(self.reason)]
        head = ("option", "rows", "cost", "gain [90 %]")
        table = [head, *(map(_cells, self.options))]
        name, rows, cost = (max(len(row[j]) for row in table) for j in range(3))
        lines += [
            cut(
                f"  {padded(row[0], name)}  {row[1]:>{rows}}  {row[2]:>{cost}}  "
                f"{row[3]}",
                WIDTH,
            )
            for row in table
        ]
        return "\n".join(lines)


def _cells(option):
    gain = option["gain"]
    return (
        cut(option["step"], 40),
        str(option["rows"]),
        f"{option['cost']:g}",
        f"{gain.estimate:+.3f} [{gain.lower:+.3f}, {gain.upper:+.3f}]",
    )
