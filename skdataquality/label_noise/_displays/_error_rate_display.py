"""Error rates with their intervals: :class:`ErrorRateDisplay`."""

import numpy as np

from skdataquality.label_noise._classes import check_at_least_one
from skdataquality.label_noise._confident import label_error_rate
from skdataquality.report._figures import BLUE, new_or_given_axes, short_names
from skdataquality.utils._stats import Interval


class ErrorRateDisplay:
    """Error rates of classes or sources, dots with intervals, highest first.

    Make it by :meth:`from_predictions` or :meth:`from_rate` for classes, by hand for
    sources. All parameters are stored as attributes.

    Parameters
    ----------
    names : array-like of shape (n_rates,)
        Classes, sources, batches.
    intervals : sequence of Interval
        One per name, with ``estimate``, ``lower``, ``upper``, in [0, 1], and ``level``.
        An undefined rate, NaN, comes last and has no dot.
    overall : Interval, default=None
        Rate of all rows, drawn as a line with a band.
    title : str, default="error rate"
        What the rates are and how they were obtained.

    Attributes
    ----------
    order_ : ndarray of shape (n_shown,), int
        Rates drawn, from the top.
    errorbar_ : matplotlib ErrorbarContainer
    overall_line_ : matplotlib Line2D or None
    ax_ : matplotlib Axes
    figure_ : matplotlib Figure

    See Also
    --------
    label_error_rate : The rates of classes as numbers.

    Notes
    -----
    Model-based rates, as the title calls them, trust the model: their intervals show
    sampling error only. Overlapping intervals do not mean that two rates are equal.

    Examples
    --------
    >>> import matplotlib
    >>> matplotlib.use("agg")
    >>> from skdataquality.base import Interval
    >>> from skdataquality.label_noise import ErrorRateDisplay
    >>> rates = [
    ...     Interval(0.05, 0.01, 0.14, "Clopper-Pearson"),
    ...     Interval(0.15, 0.08, 0.25, "Clopper-Pearson"),
    ... ]
    >>> display = ErrorRateDisplay(["clinic A", "clinic B"], rates).plot()
    >>> [label.get_text() for label in display.ax_.get_yticklabels()]
    ['clinic B', 'clinic A']
    """

    def __init__(self, names, intervals, *, overall=None, title="error rate"):
        self.names = names
        self.intervals = intervals
        self.overall = overall
        self.title = title

    @classmethod
    def from_predictions(
        cls, y, pred_proba, *, classes=None, random_state=None, **options
    ):
        """Draw the model-based error rate of each given class.

        Parameters
        ----------
        y : array-like of shape (n_samples,)
            Given labels.
        pred_proba : array-like of shape (n_samples, n_classes)
            Out-of-sample class probabilities, columns in the order of `classes`.
        classes : array-like of shape (n_classes,), default=None
            None takes the sorted labels in `y`.
        random_state : int, RandomState instance or None, default=None
            For the bootstrap intervals of :func:`label_error_rate`.
        **options : dict
            Passed to :meth:`plot`.

        Returns
        -------
        display : ErrorRateDisplay
        """
        rate = label_error_rate(
            y, pred_proba, classes=classes, random_state=random_state
        )
        return cls.from_rate(rate, **options)

    @classmethod
    def from_rate(cls, rate, **options):
        """Draw the error rate of each given class.

        Parameters
        ----------
        rate : LabelErrorRate
            Result of :func:`label_error_rate`, or an estimate from verified rows with
            the same ``overall``, ``by_class`` and ``basis``.
        **options : dict
            Passed to :meth:`plot`.

        Returns
        -------
        display : ErrorRateDisplay
        """
        if not hasattr(rate, "by_class"):
            raise ValueError(
                f"rate={rate!r} has no rates by class: pass the result of "
                f"label_error_rate."
            )
        return cls(
            [row["class"] for row in rate.by_class],
            [row["rate"] for row in rate.by_class],
            overall=rate.overall,
            title=f"error rate by given class ({rate.basis})",
        ).plot(**options)

    def plot(self, *, max_rates=20, ax=None):
        """Draw one dot and interval per name.

        Parameters
        ----------
        max_rates : int, default=20
            Of more rates only the highest are drawn.
        ax : matplotlib Axes, default=None
            None makes a new figure, higher for more rates.

        Returns
        -------
        display : ErrorRateDisplay
            Itself.
        """
        check_at_least_one("max_rates", max_rates)
        names, rates = self._checked()
        self.order_ = np.argsort(-rates[:, 0], kind="stable")[:max_rates]
        height = max(2.4, 1.5 + 0.32 * self.order_.size)
        ax = new_or_given_axes(f"{type(self).__name__}.plot", ax, 6.4, height)
        estimate, lower, upper = 100 * rates[self.order_].T
        places = np.arange(self.order_.size)
        self.errorbar_ = ax.errorbar(
            estimate,
            places,
            xerr=np.maximum([estimate - lower, upper - estimate], 0),
            fmt="o",
            color=BLUE,
            capsize=3,
        )
        self.overall_line_ = (
            None if self.overall is None else _draw_all(ax, self.overall)
        )
        title = self.title
        if self.order_.size < names.size:
            title += f"\n{self.order_.size} highest of {names.size:,}"
        ax.set_yticks(places, labels=short_names(names[self.order_]))
        ax.set(ylim=(places.size - 0.5, -0.5), xlabel=self._axis_name())
        ax.set_title(title, size="medium")
        ax.set_xlim(left=-0.02 * ax.get_xlim()[1])  # room for the dot of a rate of 0
        ax.grid(axis="x", color="#E6E6E6")
        ax.set_axisbelow(True)
        self.ax_, self.figure_ = ax, ax.figure
        return self

    def _axis_name(self):
        levels = {interval.level for interval in self.intervals}
        interval = (
            f"{100 * levels.pop():g} % interval" if len(levels) == 1 else "interval"
        )
        return f"wrong labels, % of rows, with {interval}"

    def _checked(self):
        """Names, and estimates with the ends of their intervals."""
        names = np.asarray(self.names)
        strange = [i for i in self.intervals if not isinstance(i, Interval)]
        if strange:
            raise ValueError(
                f"intervals holds {strange[0]!r}: pass skdataquality.base.Interval "
                f"objects, such as AuditEstimate and LabelErrorRate hold."
            )
        rates = np.array(
            [[i.estimate, i.lower, i.upper] for i in self.intervals], dtype=float
        ).reshape(-1, 3)
        if names.shape != (rates.shape[0],) or not names.size:
            raise ValueError(
                f"names has shape {names.shape} and there are {rates.shape[0]} "
                f"intervals: pass one interval per name, one or more."
            )
        return names, rates


def _draw_all(ax, overall):
    """Draw the rate of all rows across."""
    ax.axvspan(100 * overall.lower, 100 * overall.upper, color="#EEEEEE", zorder=0)
    line = ax.axvline(
        100 * overall.estimate, color="#555555", linestyle="--", linewidth=1.2
    )
    line.set_label(f"all rows: {100 * overall.estimate:.1f} %")
    ax.legend(handles=[line], loc="best", frameon=False)
    return line
