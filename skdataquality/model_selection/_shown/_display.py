"""Gains of remedies with their intervals: :class:`RemedyComparisonDisplay`."""

from textwrap import fill

import numpy as np

from skdataquality.model_selection._shown._rows import NOTHING
from skdataquality.model_selection._shown._words import (
    number_writer,
    say_labels,
    say_verdict,
    signed,
)
from skdataquality.report._figures import BLUE, ORANGE, new_or_given_axes, short_names
from skdataquality.utils._printable import printable
from skdataquality.utils._stats import Interval

LONGEST_NAME = 48
APART = 0.17  # from the middle of a row to each of two kinds of labels
LINE = 66  # characters of a line over or under the axes
BAND = 0.9  # of a row, for the legend
GREY = "#555555"
STYLES = (  # told apart by any eyes, and in grey
    {"fmt": "o", "color": BLUE},
    {"fmt": "s", "color": ORANGE, "markerfacecolor": "white"},
)


class RemedyComparisonDisplay:
    """Gains of remedies over doing nothing, dots with intervals, best first.

    Make it by :meth:`from_comparison`. All parameters are stored as attributes.

    Parameters
    ----------
    names : array-like of shape (n_remedies,)
        Remedies, from the top.
    gains : dict of str to sequence of Interval
        By the words for the labels, such as "on the given labels": one interval per
        name, in units of the score, NaN where there is none.
    metric : str, default="score"
        What the gains are in.
    title : str, default=""
        The verdict, lines kept.

    Attributes
    ----------
    errorbars_ : list of matplotlib ErrorbarContainer
        One for each kind of labels.
    text_ : list of matplotlib Text
        The gains as numbers, at the right.
    ax_ : matplotlib Axes
    figure_ : matplotlib Figure

    See Also
    --------
    RemedyComparison : The same as numbers, with p values.

    Notes
    -----
    An interval is for one remedy, not adjusted for their number as the verdict is: of
    many remedies one may lie right of 0 and still not gain beyond noise.

    Examples
    --------
    >>> import matplotlib
    >>> matplotlib.use("agg")
    >>> from skdataquality.base import Interval
    >>> from skdataquality.model_selection import RemedyComparisonDisplay
    >>> gains = [
    ...     Interval(0.03, 0.01, 0.05, "row-wise"),
    ...     Interval(0.0, -0.01, 0.01, "row-wise"),
    ... ]
    >>> display = RemedyComparisonDisplay(
    ...     ["prune", "deduplicate"], {"on the given labels": gains}, metric="accuracy"
    ... ).plot()
    >>> [text.get_text() for text in display.text_]
    ['+0.030', '0.000']
    """

    def __init__(self, names, gains, *, metric="score", title=""):
        self.names = names
        self.gains = gains
        self.metric = metric
        self.title = title

    @classmethod
    def from_comparison(cls, comparison, *, metric=None, ax=None):
        """Draw what every remedy gains, on the true labels too where there are any.

        Parameters
        ----------
        comparison : RemedyComparison
        metric : str, default=None
            None is the deciding metric.
        ax : matplotlib Axes, default=None
            None makes a new figure.

        Returns
        -------
        display : RemedyComparisonDisplay
        """
        if not hasattr(comparison, "true_tests_"):
            raise ValueError(
                f"comparison={comparison!r} is no RemedyComparison: pass what "
                f"compare_remedies returns."
            )
        metric = comparison.metric_ if metric is None else metric
        kinds = ["true"] if comparison.true_tests_.get(metric) else []
        tables = {
            labels: comparison.table(metric, labels=labels)
            for labels in [*kinds, "given"]
        }
        first = next(iter(tables.values()))
        names = [row["remedy"] for row in first if row["remedy"] != NOTHING]
        best = next((row["remedy"] for row in first if row["beyond_noise"]), NOTHING)
        where = {labels: say_labels(labels, comparison.verified_) for labels in tables}
        return cls(
            names,
            {where[labels]: _intervals(names, rows) for labels, rows in tables.items()},
            metric=metric,
            title="\n".join(
                say_verdict(metric, best, first, next(iter(where.values())))
            ),
        ).plot(ax=ax)

    def plot(self, *, ax=None):
        """Draw one dot and interval per remedy and kind of labels.

        Parameters
        ----------
        ax : matplotlib Axes, default=None
            None makes a new figure, higher for more remedies.

        Returns
        -------
        display : RemedyComparisonDisplay
            Itself.
        """
        names, gains = self._checked()
        below = BAND * (len(gains) > 1)  # in rows, for the legend
        height = 1.5 + (0.3 + 0.2 * len(gains)) * (len(names) + below)
        ax = new_or_given_axes(f"{type(self).__name__}.plot", ax, 7.2, height)
        ax.axvline(0, color=GREY, linewidth=1, zorder=1)
        self.errorbars_, self.text_ = [], []
        for number, (where, ends) in enumerate(gains.items()):
            places = np.arange(len(names)) + APART * (2 * number - len(gains) + 1)
            style = STYLES[number]
            self.errorbars_.append(_draw_gains(ax, places, ends, where, style))
            self.text_ += _write_gains(ax, places, ends, style)
        names = [fill(name, 24) for name in short_names(names, LONGEST_NAME)]
        ax.set_yticks(np.arange(len(names)), labels=names)
        ax.set(ylim=(len(names) - 0.5 + below, -0.5), xlabel=self._axis_name())
        title = "\n".join(fill(line, LINE) for line in str(self.title).split("\n"))
        ax.set_title(_as_drawn(title), size="medium")
        ax.grid(axis="x", color="#E6E6E6")
        ax.set_axisbelow(True)
        ax.spines[["top", "right"]].set_visible(False)
        if below:
            ax.legend(loc="lower center", framealpha=1, edgecolor="white")
        self.ax_, self.figure_ = ax, ax.figure
        return self

    def _axis_name(self):
        levels = {interval.level for of in self.gains.values() for interval in of}
        level = f"{100 * levels.pop():g} % " if len(levels) == 1 else ""
        said = f"gain in {printable(self.metric)} over nothing, with {level}interval"
        return _as_drawn(fill(said, LINE))

    def _checked(self):
        """Names, and by kind of labels the gains with the ends of their intervals."""
        names = np.asarray(self.names)
        every = [interval for of in self.gains.values() for interval in of]
        strange = [i for i in every if not isinstance(i, Interval)]
        if strange:
            raise ValueError(
                f"gains holds {strange[0]!r}: pass skdataquality.base.Interval objects."
            )
        sizes = {where: len(of) for where, of in self.gains.items()}
        if names.ndim != 1 or not sizes or set(sizes.values()) != {names.size}:
            raise ValueError(
                f"names has shape {names.shape} and gains has the sizes {sizes}: pass "
                f"one interval per name, for one or two kinds of labels."
            )
        if not names.size or len(sizes) > len(STYLES):
            raise ValueError(
                f"there are {names.size} names and {len(sizes)} kinds of labels: pass "
                f"one remedy or more, and one or two kinds of labels."
            )
        return names, {
            where: np.array([[i.estimate, i.lower, i.upper] for i in of], dtype=float)
            for where, of in self.gains.items()
        }


def _intervals(names, rows):
    row_of = {row["remedy"]: row for row in rows}
    rows = [row_of[name] for name in names]
    return [Interval(r["gain"], r["lower"], r["upper"], r["method"]) for r in rows]


def _draw_gains(ax, places, ends, where, style):
    gain, lower, upper = ends.T
    return ax.errorbar(
        gain,
        places,
        xerr=np.maximum([gain - lower, upper - gain], 0),
        capsize=3,
        label=where,
        zorder=3,
        **style,
    )


def _write_gains(ax, places, ends, style):
    """Write the gains as numbers beside the axes."""
    say = number_writer([{"lower": low, "upper": high} for _, low, high in ends])
    said = [signed(say(gain)) for gain in ends[:, 0].tolist()]
    return [
        ax.text(
            1.02,
            place,
            text,
            transform=ax.get_yaxis_transform(),
            color=style["color"],
            va="center",
        )
        for place, text in zip(places, said, strict=True)
    ]


def _as_drawn(text):
    """Text in which matplotlib reads no mathematics."""
    return text.replace("$", r"\$")
