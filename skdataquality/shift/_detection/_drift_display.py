"""How much each column differs, ranked: :class:`DriftDisplay`."""

import numpy as np
from sklearn.utils.validation import check_is_fitted

from skdataquality.report._figures import (
    BLUE,
    ORANGE,
    new_or_given_axes,
    short_names,
)

GRAY = "#999999"


class DriftDisplay:
    """Difference of each column between training and target rows, with intervals.

    A column is drawn by what differs more: its known values, or how often it is
    missing. Columns that differ most come first.

    Make it by :meth:`from_estimator`. All parameters are stored as attributes.

    Parameters
    ----------
    column_table : sequence of dict
        As ``column_table_`` of :class:`ShiftDetector`.
    drifted_columns : sequence, default=()
        Columns drawn as different.
    min_effect : float, default=None
        Drawn as a line; None draws none.

    Attributes
    ----------
    columns_ : list
        Names of the columns drawn, from the top.
    points_ : list of matplotlib ErrorbarContainer
        Those that differ, then the others; without empty ones.
    ax_ : matplotlib Axes
    figure_ : matplotlib Figure

    See Also
    --------
    DomainROCDisplay : How well all columns together tell the sides apart.

    Examples
    --------
    >>> import matplotlib
    >>> matplotlib.use("agg")
    >>> import numpy as np
    >>> from skdataquality.shift import DriftDisplay, ShiftDetector, TargetData
    >>> rng = np.random.default_rng(0)
    >>> X, target = rng.normal(size=(200, 2)), rng.normal([0, 1], 1, size=(200, 2))
    >>> detector = ShiftDetector(X_target=TargetData(target), random_state=0).fit(X)
    >>> DriftDisplay.from_estimator(detector).columns_
    [1, 0]
    """

    def __init__(self, column_table, drifted_columns=(), min_effect=None):
        self.column_table = column_table
        self.drifted_columns = drifted_columns
        self.min_effect = min_effect

    @classmethod
    def from_estimator(cls, detector, **options):
        """Draw the columns of a fitted detector.

        Parameters
        ----------
        detector : fitted ShiftDetector
        **options : dict
            Passed to :meth:`plot`.

        Returns
        -------
        display : DriftDisplay

        Raises
        ------
        NotFittedError
            If the detector is not fitted.
        """
        check_is_fitted(detector, "column_table_")
        display = cls(
            detector.column_table_, detector.drifted_columns_, detector.min_effect
        )
        return display.plot(**options)

    def plot(self, *, max_columns=30, ax=None):
        """Draw one line per column.

        Parameters
        ----------
        max_columns : int, default=30
            Of more only those that differ most are drawn.
        ax : matplotlib Axes, default=None
            None makes a new figure, higher for more columns.

        Returns
        -------
        display : DriftDisplay
            Itself.
        """
        if max_columns < 1:
            raise ValueError(f"max_columns={max_columns} must be at least 1.")
        table = list(self.column_table)
        if not table:
            raise ValueError(
                "column_table has no column: texts have none, and without target rows "
                "there is nothing to draw."
            )
        shown = table[:max_columns]
        height = max(2.4, 1.5 + 0.28 * len(shown))
        ax = new_or_given_axes(f"{type(self).__name__}.plot", ax, 6.4, height)
        ends = np.array([_largest(row) for row in shown])
        self.points_ = self._draw_points(ax, shown, ends)
        if self.min_effect is not None:
            ax.axvline(self.min_effect, color=GRAY, ls="--", label="smallest to matter")
        ax.set_yticks(np.arange(len(shown)), labels=_names(shown))
        ax.set(ylim=(len(shown) - 0.5, -0.5), xlim=(-0.02, min(1.02, ends.max() * 1.1)))
        ax.set_xlabel("share of cells that would have to change, with 95 % interval")
        title = "columns of target against training rows"
        if len(shown) < len(table):
            title += f"\n{len(shown)} of {len(table):,} that differ most"
        ax.set_title(title, size="medium")
        ax.grid(axis="x", color="#E6E6E6")
        ax.set_axisbelow(True)
        below = {"loc": "upper center", "bbox_to_anchor": (0.5, 0), "borderaxespad": 4}
        ax.legend(ncols=3, frameon=False, **below)
        self.columns_ = [row["column"] for row in shown]
        self.ax_, self.figure_ = ax, ax.figure
        return self

    def _draw_points(self, ax, shown, ends):
        different = np.array([row["column"] in self.drifted_columns for row in shown])
        places = np.arange(len(shown))
        return [
            ax.errorbar(
                ends[rows, 0],
                places[rows],
                xerr=np.abs(ends[rows, 1:] - ends[rows, :1]).T,
                fmt="o",
                color=color,
                capsize=3,
                label=label,
            )
            for rows, color, label in (
                (different, ORANGE, "different"),
                (~different, BLUE, "not found different"),
            )
            if rows.any()
        ]


def _names(shown):
    names = short_names([str(row["column"]) for row in shown])
    return [
        f"{name} (missing)" if _is_missing(row) else name
        for name, row in zip(names, shown, strict=True)
    ]


def _is_missing(row):
    return abs(row["missing_difference"].estimate) > row["distance"].estimate


def _largest(row):
    """Estimate and ends of what differs more, as a distance."""
    interval = row["distance"]
    if not _is_missing(row):
        return interval.estimate, interval.lower, interval.upper
    interval = row["missing_difference"]
    ends = sorted([abs(interval.lower), abs(interval.upper)])
    if interval.lower < 0 < interval.upper:
        ends[0] = 0.0
    return abs(interval.estimate), *ends
