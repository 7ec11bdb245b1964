"""Scores by labelled rows: :class:`ActiveLearningCurveDisplay`."""

import numpy as np

from skdataquality.active_learning._simulation import (
    RANDOM,
    ActiveLearningCurve,
    active_learning_curve,
)
from skdataquality.report._figures import (
    BLUE,
    ORANGE,
    new_or_given_axes,
    short_names,
)

COLORS = (BLUE, ORANGE, "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
GREY = "#6E6E6E"
APART = 0.055  # of the height, between names at the right end
ROW = 0.06  # of the height, for the name of a stopping rule


class ActiveLearningCurveDisplay:
    """Score by labelled rows, of each strategy and of random rows.

    Lines are means over splits, bands their 95 % intervals. Bands hold what all
    strategies share as well, such as easy and hard folds: the title has the gain in
    area, which is paired. Circles mark where stopping rules would have stopped, on
    average.

    Make it by :meth:`from_curve` or :meth:`from_estimator`. All parameters are stored
    as attributes.

    Parameters
    ----------
    curve : ActiveLearningCurve

    Attributes
    ----------
    lines_ : dict of str to matplotlib Line2D
        By strategy.
    bands_ : dict of str to matplotlib PolyCollection
        By strategy.
    stops_ : list of matplotlib Text
        Names of the rules that would have stopped.
    ax_ : matplotlib Axes
    figure_ : matplotlib Figure

    Examples
    --------
    >>> import matplotlib
    >>> matplotlib.use("agg")
    >>> from sklearn.datasets import load_iris
    >>> from sklearn.linear_model import LogisticRegression
    >>> from skdataquality.active_learning import (
    ...     ActiveLearningCurveDisplay,
    ...     StabilizingPredictions,
    ...     UncertaintyQuery,
    ... )
    >>> X, y = load_iris(return_X_y=True)
    >>> display = ActiveLearningCurveDisplay.from_estimator(
    ...     LogisticRegression(max_iter=1000),
    ...     X,
    ...     y,
    ...     strategy=UncertaintyQuery(),
    ...     n_initial=6,
    ...     batch_size=6,
    ...     n_rounds=5,
    ...     stopping=StabilizingPredictions(),
    ...     random_state=0,
    ... )
    >>> display.figure_.savefig("labelling.png")  # doctest: +SKIP
    """

    def __init__(self, curve):
        self.curve = curve

    @classmethod
    def from_curve(cls, curve, **options):
        """Draw a curve that has been simulated.

        Parameters
        ----------
        curve : ActiveLearningCurve
        **options : dict
            Passed to :meth:`plot`.

        Returns
        -------
        display : ActiveLearningCurveDisplay
        """
        return cls(curve).plot(**options)

    @classmethod
    def from_estimator(cls, estimator, X, y, *, ax=None, **options):
        """Simulate, and draw.

        Parameters
        ----------
        estimator, X, y
            As in :func:`active_learning_curve`.
        ax : matplotlib Axes, default=None
        **options : dict
            Passed to :func:`active_learning_curve`.

        Returns
        -------
        display : ActiveLearningCurveDisplay
        """
        return cls(active_learning_curve(estimator, X, y, **options)).plot(ax=ax)

    def plot(self, *, ax=None):
        """Draw lines, bands and stops.

        Parameters
        ----------
        ax : matplotlib Axes, default=None
            None makes a new figure.

        Returns
        -------
        display : ActiveLearningCurveDisplay
            Itself.

        Raises
        ------
        ValueError
            If there is no simulated curve to draw.
        """
        curve = self.curve
        if not isinstance(curve, ActiveLearningCurve):
            raise ValueError(
                f"curve is a {type(curve).__name__}: pass what active_learning_curve "
                f"returns."
            )
        ax = new_or_given_axes(f"{type(self).__name__}.plot", ax, 7.2, 4.4)
        colors = dict(zip(curve.scores, COLORS * len(curve.scores), strict=False))
        colors[RANDOM] = GREY
        self.lines_, self.bands_ = {}, {}
        for name, color in colors.items():
            self._draw(ax, name, color)
        ax.set(
            xlabel="labelled rows",
            ylabel=short_names([curve.scoring.replace("_", " ")])[0],
        )
        ax.grid(axis="y", color="#E6E6E6")
        ax.spines[["top", "right"]].set_visible(False)
        ax.set_axisbelow(True)
        ax.set_xlim(curve.n_labeled[0], curve.n_labeled[-1])
        self.stops_ = self._draw_stops(ax, colors)
        self._name_lines(ax, colors)
        ax.set_title(self._title(), size="medium", loc="left")
        self.ax_, self.figure_ = ax, ax.figure
        return self

    def _draw(self, ax, name, color):
        intervals = self.curve.score_intervals(name)
        x = self.curve.n_labeled
        low, high = ([getattr(i, end) for i in intervals] for end in ("lower", "upper"))
        is_random = name == RANDOM
        self.bands_[name] = ax.fill_between(
            x, low, high, color=color, alpha=0.12, linewidth=0
        )
        (self.lines_[name],) = ax.plot(
            x,
            [i.estimate for i in intervals],
            color=color,
            linewidth=1.6 if is_random else 2.2,
            linestyle="--" if is_random else "-",
        )

    def _draw_stops(self, ax, colors):
        """Mark where rules stop each strategy, and name them one below the other."""
        shown = [
            stop
            for stop in self.curve.stops
            if stop.strategy != RANDOM and stop.share_stopped > 0
        ]
        shown.sort(key=lambda stop: -stop.n_labeled)
        several = len({stop.strategy for stop in shown}) > 1
        bottom, top = ax.get_ylim()
        height = (top - bottom) / max(1 - ROW * (len(shown) + 1) * bool(shown), 0.3)
        ax.set_ylim(top - height, top)
        return [
            self._draw_stop(
                ax,
                stop,
                colors[stop.strategy],
                top - height * (1 - ROW * (k + 0.7)),
                several,
            )
            for k, stop in enumerate(shown)
        ]

    def _draw_stop(self, ax, stop, color, place, with_strategy):
        x = stop.n_labeled
        y = np.interp(x, *self.lines_[stop.strategy].get_data())
        ax.plot([x, x], [place, y], color=color, linewidth=0.8, linestyle=":")
        ax.plot([x], [y], "o", color=color, markerfacecolor="white", zorder=4)
        name = short_names([stop.rule], 30)[0]
        if with_strategy:
            name += f" ({short_names([stop.strategy])[0]})"
        at_right = x > self.curve.n_labeled[[0, -1]].mean()
        return ax.annotate(
            f"{name}: {x:.0f} rows, {-stop.cost.estimate:+.3f}",
            (x, place),
            xytext=(-5 if at_right else 5, 0),
            textcoords="offset points",
            ha="right" if at_right else "left",
            va="center",
            size="small",
            color=color,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5},
        )

    def _name_lines(self, ax, colors):
        """Write the name of each line at its right end, none on another."""
        bottom, top = ax.get_ylim()
        ends = {n: line.get_ydata()[-1] for n, line in self.lines_.items()}
        order = sorted(ends, key=lambda name: ends[name])
        places = np.array([ends[name] for name in order])
        for k in range(1, places.size):
            places[k] = max(places[k], places[k - 1] + APART * (top - bottom))
        places -= (places - [ends[name] for name in order]).mean()
        for name, place in zip(order, places.tolist(), strict=True):
            ax.annotate(
                short_names([name])[0],
                (1, place),
                xycoords=("axes fraction", "data"),
                xytext=(6, 0),
                textcoords="offset points",
                va="center",
                color=colors[name],
                annotation_clip=False,
            )

    def _title(self):
        said = [
            f"{short_names([name])[0]}: area {gain.estimate:+.3f} "
            f"[{gain.lower:+.3f}, {gain.upper:+.3f}] over random rows"
            for name, gain in self.curve.gains.items()
        ]
        return "\n".join(said)
