"""What a search for a change returns."""

from dataclasses import dataclass, field

from skdataquality.utils._shown import ShownResult
from skdataquality.utils._stats import Interval

FEW, SAME, NO_PLACE = "few_rows", "all_the_same", "no_place"


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class ChangePoint(ShownResult):
    """What :func:`change_point` returns.

    Attributes
    ----------
    found : bool
        Whether the p value is at most the level asked for.
    p_value : float
        Of no change; 1 where nothing could be tested.
    n_rows : int
    position : int or None
        Rows, sorted by time, before the change; None where nothing could be tested.
    first_row : int or None
        Row of the table that is the first of the new regime.
    at : object
        Its moment; the position where there is no ``order``.
    position_lower, position_upper : int or None
        Ends of the 95 % interval of the position.
    at_lower, at_upper : object
        Moments of these.
    before, after : Interval or None
        Rate of errors, or mean of numbers, on both sides.
    statistic : float
        The largest likelihood ratio, or ratio of squares.
    why_not : str
        Why nothing was tested: "few_rows", "all_the_same", "no_place" (all rows have
        one moment, or are one group); "" if it was.
    further : tuple of ChangePoint
        Those found before and after it, by position, with ``max_depth`` above 1.
    """

    found: bool
    p_value: float
    n_rows: int
    position: int | None = None
    first_row: int | None = field(default=None, repr=False)
    at: object = None
    position_lower: int | None = field(default=None, repr=False)
    position_upper: int | None = field(default=None, repr=False)
    at_lower: object = None
    at_upper: object = None
    before: Interval | None = None
    after: Interval | None = None
    statistic: float = field(default=0.0, repr=False)
    why_not: str = ""
    further: tuple = ()

    def found_in_order(self):
        """Return all changes that were found, this one and further ones, by position.

        Returns
        -------
        changes : tuple of ChangePoint
        """
        if not self.found:
            return ()
        return tuple(sorted((self, *self.further), key=lambda c: c.position))

    def to_dict(self):
        """Return the fields by name; intervals as dicts, and moments as text."""
        plain = {k: getattr(self, k) for k in ("found", "p_value", "n_rows", "why_not")}
        for name in ("position", "first_row", "position_lower", "position_upper"):
            plain[name] = getattr(self, name)
        for name in ("at", "at_lower", "at_upper"):
            value = getattr(self, name)
            is_plain = value is None or isinstance(value, int | float | str)
            plain[name] = value if is_plain else str(value)
        for name in ("before", "after"):
            side = getattr(self, name)
            plain[name] = None if side is None else side.to_dict()
        plain["further"] = [change.to_dict() for change in self.further]
        return plain
