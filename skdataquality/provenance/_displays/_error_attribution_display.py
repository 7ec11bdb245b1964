"""Rates of sources, and their course in time: :class:`ErrorAttributionDisplay`."""

from itertools import pairwise
from numbers import Integral

import numpy as np
from sklearn.utils.validation import check_is_fitted

from skdataquality.report._figures import BLUE, ORANGE, new_or_given_axes, short_names

PALE = "#8A8A8A"
KINDS = ("rates", "changes")
ALL_ROWS = (None, None)


class ErrorAttributionDisplay:
    """Rates of sources with intervals, or the course of rates along time.

    With ``kind="rates"`` a line for each source, column by column: its shrunk rate
    with 95 % interval, those to mend, alone or as
    part of a pair, in orange, those that something else explains hollow. The dashed
    line is the rate of all rows. With ``kind="changes"`` the rate along time, of all
    rows and of the source that changed most, with the moment of its change.

    Make it by :meth:`from_estimator` or :meth:`from_attribution`. All parameters are
    stored as attributes.

    Parameters
    ----------
    attribution : ErrorAttribution
        A fitted one.

    Attributes
    ----------
    shown_ : tuple
        The (column, source) drawn, from the top; (None, None) are all rows.
    ax_ : matplotlib Axes
    figure_ : matplotlib Figure

    See Also
    --------
    ErrorAttribution : What is drawn.

    Examples
    --------
    >>> import matplotlib
    >>> matplotlib.use("agg")
    >>> import numpy as np
    >>> from skdataquality.provenance import ErrorAttribution, ErrorAttributionDisplay
    >>> rng = np.random.default_rng(0)
    >>> vendor = rng.integers(0, 8, 5000)
    >>> flags = rng.random(5000) < np.where(vendor == 3, 0.2, 0.03)
    >>> attribution = ErrorAttribution().fit(vendor[:, None], flags)
    >>> display = ErrorAttributionDisplay.from_estimator(attribution)
    >>> display.shown_[0]
    ('x0', 3)
    """

    def __init__(self, attribution):
        self.attribution = attribution

    @classmethod
    def from_estimator(cls, attribution, **options):
        """Draw a fitted attribution.

        Parameters
        ----------
        attribution : fitted ErrorAttribution
        **options : dict
            Passed to :meth:`plot`.

        Returns
        -------
        display : ErrorAttributionDisplay

        Raises
        ------
        NotFittedError
            If it is not fitted.
        """
        check_is_fitted(attribution, "rates_")
        return cls(attribution).plot(**options)

    @classmethod
    def from_attribution(cls, X, y, attribution, *, order=None, groups=None, **options):
        """Fit an attribution, which is left fitted, and draw it.

        Parameters
        ----------
        X : {array-like, data frame} of shape (n_samples, n_columns)
            Columns of sources.
        y : array-like of shape (n_samples,), bool or number
            The error of each row.
        attribution : ErrorAttribution
        order, groups : array-like of shape (n_samples,), default=None
            Passed to ``fit``.
        **options : dict
            Passed to :meth:`plot`.

        Returns
        -------
        display : ErrorAttributionDisplay
        """
        attribution.fit(X, y, order=order, groups=groups)
        return cls.from_estimator(attribution, **options)

    def plot(self, *, kind="rates", max_sources=8, ax=None):
        """Draw rates of sources, or their course along time.

        Parameters
        ----------
        kind : {"rates", "changes"}, default="rates"
        max_sources : int, default=8
            Of a column with more, only those of the highest shrunk rates are drawn.
        ax : matplotlib Axes, default=None
            None makes a new figure.

        Returns
        -------
        display : ErrorAttributionDisplay
            Itself.

        Raises
        ------
        ValueError
            If there is nothing of that kind: no column of sources could be compared,
            or the attribution was fitted without ``order``.
        """
        if kind not in KINDS:
            raise ValueError(f"kind={kind!r}: pass one of {list(KINDS)}.")
        if not isinstance(max_sources, Integral) or max_sources < 1:
            raise ValueError(
                f"max_sources={max_sources!r}: pass a whole number of at least 1."
            )
        if kind == "rates":
            return self._plot_rates(max_sources, ax)
        return self._plot_changes(ax)

    def _plot_rates(self, max_sources, ax):
        lines = _first_of_each(self.attribution.rates_, max_sources)
        if not lines:
            raise ValueError(
                f"No column of sources was compared: {self.attribution.left_out_}."
            )
        self.shown_ = tuple((line["column"], line["source"]) for line in lines)
        height = max(2.6, 1.4 + 0.27 * len(lines))
        ax = new_or_given_axes(f"{type(self).__name__}.plot", ax, 6.4, height)
        places = _places(lines)
        for place, line in zip(places, lines, strict=True):
            _draw_rate(ax, place, line, self._colour(line))
        overall = np.average(
            [line["rate"].estimate for line in self.attribution.rates_],
            weights=[line["rows"] for line in self.attribution.rates_],
        )
        ax.axvline(overall, color=PALE, linestyle="--", linewidth=1, zorder=0)
        names = short_names([f"{x['column']}={x['source']}" for x in lines], 32)
        rows = [f"{n} ({x['rows']:,})" for n, x in zip(names, lines, strict=True)]
        ax.set_yticks(places, labels=rows)
        ax.set(ylim=(places[-1] + 0.7, -0.7), xlabel="shrunk error rate, 95 % interval")
        ax.set_title(_title(self.attribution), size="medium")
        ax.grid(axis="x", color="#E6E6E6")
        ax.set_axisbelow(True)
        self.ax_, self.figure_ = ax, ax.figure
        return self

    def _colour(self, line):
        culprits = {part for source in self.attribution.sources_ for part in source}
        return ORANGE if (line["column"], line["source"]) in culprits else BLUE

    def _plot_changes(self, ax):
        changes = self.attribution.change_points_
        if not changes:
            raise ValueError(
                "There is no course in time: fit the attribution with order= (moments "
                "of the rows, or 'rows')."
            )
        found = [line for line in changes if line["finding"] == "found"]
        own = [line for line in found if line["column"] is not None]
        line = (own or found or [None])[0]
        part = ALL_ROWS if line is None else (line["column"], line["source"])
        self.shown_ = tuple(dict.fromkeys([part, ALL_ROWS]))
        ax = new_or_given_axes(f"{type(self).__name__}.plot", ax, 6.4, 3.4)
        courses = {
            (course["column"], course["source"]): course["course"]
            for course in self.attribution.courses_
        }
        for which in self.shown_[::-1]:
            colour = PALE if which == ALL_ROWS and which != part else ORANGE
            _draw_course(ax, which, courses[which], colour)
        if line is not None:
            ax.axvspan(line["at_lower"], line["at_upper"], color=BLUE, alpha=0.18, lw=0)
            ax.axvline(line["at"], color=BLUE, linewidth=1.4)
        ax.set(xlabel="time" if self.attribution.is_dated_ else "row", ylabel="rate")
        ax.set_title(_said_of_change(line), size="medium")
        ax.legend(frameon=False)
        ax.grid(axis="y", color="#E6E6E6")
        ax.set_axisbelow(True)
        self.ax_, self.figure_ = ax, ax.figure
        return self


def _first_of_each(lines, most):
    seen: dict = {}
    shown = []
    for line in lines:
        seen[line["column"]] = seen.get(line["column"], 0) + 1
        if seen[line["column"]] <= most:
            shown.append(line)
    return shown


def _places(lines):
    """Rows of the figure, with a gap between two columns."""
    columns = [line["column"] for line in lines]
    gaps = np.cumsum([0, *(a != b for a, b in pairwise(columns))])
    return np.arange(len(lines)) + 0.6 * gaps


def _draw_rate(ax, place, line, colour):
    shrunk = line["shrunk"]
    ax.plot([shrunk.lower, shrunk.upper], [place, place], color=colour, linewidth=1.6)
    face = "white" if line["explained_by"] else colour
    ax.plot(shrunk.estimate, place, "o", color=colour, markerfacecolor=face, ms=5)


def _draw_course(ax, part, course, colour):
    at = np.array([point["at"] for point in course])
    rates = np.array(
        [(p["rate"].estimate, p["rate"].lower, p["rate"].upper) for p in course]
    )
    label = "all rows" if part == ALL_ROWS else short_names(["{}={}".format(*part)])[0]
    ax.fill_between(at, rates[:, 1], rates[:, 2], color=colour, alpha=0.15, linewidth=0)
    ax.plot(at, rates[:, 0], color=colour, linewidth=1.6, label=label)


def _title(attribution):
    if not attribution.sources_:
        return "No source stands out"
    said = [" & ".join("{}={}".format(*p) for p in s) for s in attribution.sources_]
    more = f" and {len(said) - 1} more" if len(said) > 1 else ""
    return f"Mend {short_names(said[:1], 48)[0]} first{more}"


def _said_of_change(line):
    if line is None:
        return "No change is found"
    who = "All rows" if line["column"] is None else f"{line['column']}={line['source']}"
    before, after = line["before"].estimate, line["after"].estimate
    return f"{short_names([who])[0]}: from {before:.3g} to {after:.3g}"
