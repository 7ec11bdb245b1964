"""Parts of a drop as a waterfall: :class:`PerformanceDropDisplay`."""

import numpy as np

from skdataquality.report._figures import BLUE, ORANGE, new_or_given_axes
from skdataquality.shift._performance._drop import PerformanceDrop

GREY = "#8C8C8C"
LABELS = (
    "training rows\n(held out)",
    "fewer of some\ntraining rows",
    "P(y | x)\nchanged",
    "rows new\nto training",
    "target rows",
)


class PerformanceDropDisplay:
    """Waterfall from the loss on training rows to that on target rows.

    Parameters
    ----------
    result : PerformanceDrop
        Of :func:`decompose_performance_drop`; its ``plot`` makes this display.

    Attributes
    ----------
    bars_ : matplotlib BarContainer
        Five: the loss on training rows, three parts, the loss on target rows.
    errors_ : matplotlib ErrorbarContainer
        95 % intervals at the end of each bar.
    ax_ : matplotlib Axes
    figure_ : matplotlib Figure

    See Also
    --------
    decompose_performance_drop : The numbers.

    Examples
    --------
    >>> import matplotlib
    >>> matplotlib.use("agg")
    >>> import numpy as np
    >>> from sklearn.linear_model import LogisticRegression
    >>> from skdataquality.shift import decompose_performance_drop
    >>> X = np.random.default_rng(0).normal(size=(200, 2))
    >>> result = decompose_performance_drop(
    ...     LogisticRegression(), X, X[:, 0] > 0, X_target=X + 0.1, y_target=X[:, 1] > 0
    ... )
    >>> len(result.plot().bars_)
    5
    """

    def __init__(self, result):
        self.result = result

    def plot(self, *, ax=None):
        """Draw the waterfall.

        Parameters
        ----------
        ax : matplotlib Axes, default=None
            None makes a new figure.

        Returns
        -------
        display : PerformanceDropDisplay
            Itself.
        """
        result = self.result
        if not isinstance(result, PerformanceDrop):
            raise ValueError(
                f"result is a {type(result).__name__}: pass what "
                f"decompose_performance_drop returns."
            )
        ax = new_or_given_axes(f"{type(self).__name__}.plot", ax, 6.8, 3.8)
        parts = [result.covariate_source, result.concept, result.covariate_target]
        steps = np.array([part.estimate for part in parts])
        start = result.loss_source.estimate
        bottoms = np.r_[0, start + np.cumsum(np.r_[0, steps[:2]]), 0]
        heights = np.r_[start, steps, result.loss_target.estimate]
        worse = [ORANGE if step > 0 else BLUE for step in steps]
        places, tops = np.arange(5), bottoms + heights
        self.bars_ = ax.bar(
            places, heights, bottom=bottoms, color=[GREY, *worse, GREY], width=0.62
        )
        shown = [result.loss_source, *parts, result.loss_target]
        reach = np.array(
            [[i.estimate - i.lower, i.upper - i.estimate] for i in shown]
        ).T
        self.errors_ = ax.errorbar(
            places, tops, yerr=reach, fmt="none", color="#222222", capsize=4
        )
        for left, level in enumerate(tops[:-1]):  # from the end of a bar to the next
            ax.plot([left + 0.31, left + 0.69], [level, level], color=GREY, lw=1)
        for place, interval in zip(places, shown, strict=True):
            sign = "+" if 0 < place < 4 else ""
            above = max(bottoms[place], tops[place] + reach[1, place])
            ax.annotate(
                f"{interval.estimate:{sign}.3f}",
                (place, above),
                xytext=(0, 3),
                textcoords="offset points",
                ha="center",
            )
        ax.axhline(0, color="#222222", lw=0.8)
        ax.set_xticks(places, labels=LABELS)
        ax.margins(y=0.15)
        ax.set_ylabel(f"mean loss ({result.loss.replace('$', chr(92) + '$')})")
        title = "loss on target rows, taken apart; with 95 % intervals"
        if not result.is_trusted:
            title += "\nparts cannot be trusted: training and target hardly overlap"
        ax.set_title(title, size="medium")
        ax.grid(axis="y", color="#E6E6E6")
        ax.set_axisbelow(True)
        self.ax_, self.figure_ = ax, ax.figure
        return self
