"""What is found: :class:`WeakSlice` and :class:`WeakSlices`."""

from collections.abc import Callable
from dataclasses import dataclass, field
from operator import attrgetter

from skdataquality.imbalance._slices._conditions import rows_of
from skdataquality.utils._frames import pandas_frame
from skdataquality.utils._plain import plain
from skdataquality.utils._shown import Shown, ShownResult
from skdataquality.utils._stats import Interval


@dataclass(frozen=True, repr=False, eq=False, kw_only=True)
class WeakSlice(ShownResult):
    """Rows in which a model does worse than elsewhere.

    Attributes
    ----------
    description : str
        The conditions in words.
    measure : {"error", "calibration"}
        What is worse.
    n_rows : int
        Rows with a prediction.
    share : float
        Of all rows with a prediction.
    error : Interval
        Share of wrong predictions, 95 % Clopper-Pearson; smaller is better.
    error_elsewhere : float
        In the rows of no slice that was found.
    difference : Interval
        Of what ``measure`` names, slice minus elsewhere: of error, or of the gap. It is
        wide enough to hold for all slices that were compared at once.
    gap, gap_elsewhere : float or None
        Mean probability of the predicted class minus the share of right predictions:
        above 0 the model is too sure. None without probabilities.
    q_value : float
        Adjusted for all slices compared; no smaller than one over the number of draws.
    reason : {"mislabelled", "under-represented", "hard"}
    because : str
        What speaks for the reason, in words.
    echoes : tuple of str
        Slices that are worse by the same rows, the clearest of each set of columns.
    conditions : tuple
        One object a column: ``column``, ``kind``, ``low``, ``high`` (above low, at most
        high; dates in seconds since 1970), ``value`` or ``is_missing``.
    """

    description: str
    measure: str
    n_rows: int
    share: float
    error: Interval
    error_elsewhere: float
    difference: Interval
    gap: float | None
    gap_elsewhere: float | None
    q_value: float
    reason: str
    because: str
    echoes: tuple = ()
    conditions: tuple = field(default=(), repr=False)

    @property
    def columns(self):
        """Names (or positions) of the columns."""
        return tuple(condition.column for condition in self.conditions)

    def short(self):
        """Words for it inside of the result."""
        return Shown(f"{self.description} ({self.reason})")

    def to_dict(self):
        """Return plain numbers and text, ready for JSON."""
        names = [name for name in self.__dataclass_fields__ if name != "conditions"]
        return plain({name: getattr(self, name) for name in names})


@dataclass(frozen=True, repr=False, eq=False, kw_only=True)
class WeakSlices(ShownResult):
    """What :func:`weak_slices` returns.

    Attributes
    ----------
    slices : tuple of WeakSlice
        The clearest first; none if nothing is worse than chance explains.
    error : float
        Of all rows with a prediction.
    n_rows : int
        Rows with a prediction.
    n_compared : int
        Slices compared.
    min_rows : int
    level : float
    skipped : dict of str
        Columns that were not cut, and why.
    limits : tuple of str
        What was not looked at.
    """

    slices: tuple
    error: float
    n_rows: int
    n_compared: int
    min_rows: int
    level: float
    skipped: dict
    limits: tuple = ()
    _masks: tuple = field(default=(), repr=False)

    def __len__(self):
        return len(self.slices)

    @property
    def summary(self):
        """The result in a sentence."""
        if not self.slices:
            return (
                f"None of {self.n_compared:,} slices is worse than chance explains: "
                f"{100 * self.error:.1f} % of {self.n_rows:,} rows are wrong."
            )
        first = self.slices[0]
        said = (
            f"{first.description}: {100 * first.error.estimate:.0f} % of "
            f"{first.n_rows:,} rows are wrong, {100 * first.error_elsewhere:.0f} % "
            f"elsewhere"
        )
        if first.measure == "calibration":
            said = (
                f"{first.description}: probabilities are {abs(first.gap):.2f} too "
                f"{'high' if first.gap > 0 else 'low'} in {first.n_rows:,} rows"
            )
        others = len(self.slices) - 1
        more = f"; {others} more slice{'s' if others > 1 else ''}" if others else ""
        return f"{said}; {first.reason}{more}."

    def mask(self, i, X=None):
        """Mask of the rows of a slice.

        Parameters
        ----------
        i : int
            Its place in ``slices``.
        X : table of shape (n_samples, n_features), default=None
            Other rows, with the same columns; None are the rows compared, of which
            those without a prediction are in no slice.

        Returns
        -------
        mask : ndarray of shape (n_samples,), bool
        """
        if not -len(self.slices) <= i < len(self.slices):
            raise ValueError(
                f"i={i!r}, but {len(self.slices)} slices were found: pass the place of "
                f"one of them, from 0."
            )
        if X is None:
            return self._masks[i].copy()
        return rows_of(self.slices[i].conditions, X)

    def to_frame(self):
        """Return one line for each slice.

        Returns
        -------
        frame : pandas.DataFrame
            The attributes of :class:`WeakSlice`; ``lower`` and ``upper`` are the ends
            of the interval of ``difference``.

        Raises
        ------
        ImportError
            If pandas is missing; it comes with the extra ``cli``.
        """
        columns = {
            name: [read(each) for each in self.slices] for name, read in _CELLS.items()
        }
        return pandas_frame(columns, "WeakSlices.to_frame", "slices")

    def to_dict(self):
        """Return plain numbers and text, ready for JSON."""
        names = [name for name in self.__dataclass_fields__ if name != "_masks"]
        out = {name: getattr(self, name) for name in names}
        out["skipped"] = {str(name): why for name, why in self.skipped.items()}
        return plain({"summary": self.summary, **out})

    def plot(self, **options):
        """Draw the slices, as :meth:`WeakSlicesDisplay.plot` does."""
        from skdataquality.imbalance._slices._display import WeakSlicesDisplay

        return WeakSlicesDisplay.from_result(self, **options)


_CELLS: dict[str, Callable] = {
    **{
        name: attrgetter(name)
        for name in ("description", "measure", "reason", "because", "n_rows", "share")
    },
    "error": attrgetter("error.estimate"),
    "error_elsewhere": attrgetter("error_elsewhere"),
    "difference": attrgetter("difference.estimate"),
    "lower": attrgetter("difference.lower"),
    "upper": attrgetter("difference.upper"),
    "gap": attrgetter("gap"),
    "gap_elsewhere": attrgetter("gap_elsewhere"),
    "q_value": attrgetter("q_value"),
    "n_echoes": lambda each: len(each.echoes),
}
