"""How well each class is found: :class:`ClassMetricsDisplay`."""

import numpy as np

from skdataquality.report._figures import new_or_given_axes, short_names

COLORS = {"recall": "#0072B2", "precision": "#D55E00", "f1": "#009E73"}
APART = 0.22  # of the dots of one class, in lines


class ClassMetricsDisplay:
    """Recall, precision and F1 of each class, with intervals.

    Make it by :meth:`from_lens`. All parameters are stored as attributes.

    Parameters
    ----------
    class_table : sequence of dict
        One for each class: "class", "rows", and by metric an Interval, as
        ``evidence["classes"]`` of :func:`imbalance_lens`.

    Attributes
    ----------
    classes_ : list
        Classes drawn, from the top: the most frequent first; of too many the rarest.
    points_ : dict of matplotlib ErrorbarContainer
        By metric.
    ax_ : matplotlib Axes
    figure_ : matplotlib Figure

    See Also
    --------
    ClassBalanceDisplay : How many rows each class has.

    Examples
    --------
    >>> import matplotlib
    >>> matplotlib.use("agg")
    >>> import numpy as np
    >>> from skdataquality.imbalance import ClassMetricsDisplay, imbalance_lens
    >>> y = np.repeat([0, 1], [95, 5])
    >>> proba = np.tile([0.95, 0.05], (100, 1))
    >>> ClassMetricsDisplay.from_lens(imbalance_lens(y, proba)).classes_
    [0, 1]
    """

    def __init__(self, class_table):
        self.class_table = class_table

    @classmethod
    def from_lens(cls, lens, **options):
        """Draw the classes that a lens has judged.

        Parameters
        ----------
        lens : ImbalanceLensResult
        **options : dict
            Passed to :meth:`plot`.

        Returns
        -------
        display : ClassMetricsDisplay

        Raises
        ------
        ValueError
            If the lens could not judge any.
        """
        table = getattr(lens, "evidence", {}).get("classes")
        if not table:
            raise ValueError(
                f"lens={type(lens).__name__} has judged no class: pass the result of "
                f"imbalance_lens with out-of-fold probabilities."
            )
        return cls(table).plot(**options)

    def plot(self, *, max_classes=20, ax=None):
        """Draw one line per class.

        Parameters
        ----------
        max_classes : int, default=20
            Of more only the rarest are drawn.
        ax : matplotlib Axes, default=None
            None makes a new figure, higher for more classes.

        Returns
        -------
        display : ClassMetricsDisplay
            Itself.
        """
        if max_classes < 1:
            raise ValueError(f"max_classes={max_classes} must be at least 1.")
        by_size = sorted(self.class_table, key=lambda line: -line["rows"])
        shown = by_size[-max_classes:]
        height = max(2.4, 1.5 + 0.5 * len(shown))
        ax = new_or_given_axes(f"{type(self).__name__}.plot", ax, 6.4, height)
        places = np.arange(len(shown))
        metrics = [name for name in COLORS if name in shown[0]]
        self.points_ = {
            name: _draw(ax, shown, places + APART * (at - 1), name)
            for at, name in enumerate(metrics)
        }
        names = short_names([str(line["class"]) for line in shown])
        labels = [
            f"{name}\n{line['rows']:,} rows"
            for name, line in zip(names, shown, strict=True)
        ]
        ax.set_yticks(places, labels=labels)
        ax.set(ylim=(places.size - 0.5, -0.5), xlim=(-0.02, 1.02))
        ax.set_xlabel("out of fold, with 95 % interval (higher is better)")
        title = "how well each class is found"
        if len(shown) < len(by_size):
            title += f"\nthe {len(shown)} rarest of {len(by_size):,}"
        ax.set_title(title, size="medium")
        ax.grid(axis="x", color="#E6E6E6")
        ax.set_axisbelow(True)
        below = {"loc": "upper center", "bbox_to_anchor": (0.5, 0), "borderaxespad": 4}
        ax.legend(ncols=3, frameon=False, **below)
        self.classes_ = [line["class"] for line in shown]
        self.ax_, self.figure_ = ax, ax.figure
        return self


def _draw(ax, shown, places, name):
    ends = np.array(
        [(line[name].estimate, line[name].lower, line[name].upper) for line in shown],
        dtype=float,
    )
    reach = np.nan_to_num(np.abs(ends[:, 1:] - ends[:, :1]).T)
    return ax.errorbar(
        ends[:, 0],
        places,
        xerr=reach,
        fmt="o",
        ms=5,
        color=COLORS[name],
        capsize=3,
        label="F1" if name == "f1" else name,
    )
