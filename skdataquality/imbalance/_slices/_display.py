"""The error in slices beside that elsewhere: :class:`WeakSlicesDisplay`."""

import numpy as np

from skdataquality.report._figures import (
    BLUE,
    ORANGE,
    new_or_given_axes,
    short_names,
)

LONGEST = 56
REASONS = {"mislabelled": "s", "under-represented": "^", "hard": "o"}
GRAY = "#999999"


class WeakSlicesDisplay:
    """Share of wrong predictions in each slice, with intervals, and elsewhere.

    Slices that were found by calibration alone are drawn in another colour; where there
    are probabilities, a short line shows the error that they promise.

    Make it by :meth:`from_result`. The parameter is stored as an attribute.

    Parameters
    ----------
    result : WeakSlices

    Attributes
    ----------
    labels_ : list of str
        Descriptions of the slices drawn, from the top.
    points_ : list of matplotlib ErrorbarContainer
        One a slice.
    ax_ : matplotlib Axes
    figure_ : matplotlib Figure

    See Also
    --------
    weak_slices : Finds the slices.

    Examples
    --------
    >>> import matplotlib
    >>> matplotlib.use("agg")
    >>> import numpy as np
    >>> from skdataquality.imbalance import WeakSlicesDisplay, weak_slices
    >>> rng = np.random.default_rng(0)
    >>> X, y = rng.integers(0, 4, size=(1000, 2)), rng.integers(0, 2, 1000)
    >>> is_wrong = rng.random(1000) < np.where(X[:, 1] == 3, 0.4, 0.1)
    >>> found = weak_slices(X, y, np.where(is_wrong, 1 - y, y))
    >>> WeakSlicesDisplay.from_result(found).labels_
    ['column 1 = 3']
    """

    def __init__(self, result):
        self.result = result

    @classmethod
    def from_result(cls, result, **options):
        """Draw what :func:`weak_slices` found.

        Parameters
        ----------
        result : WeakSlices
        **options : dict
            Passed to :meth:`plot`.

        Returns
        -------
        display : WeakSlicesDisplay
        """
        if not hasattr(result, "slices"):
            raise ValueError(
                f"result={type(result).__name__} has no slices: pass what weak_slices "
                f"returns."
            )
        return cls(result).plot(**options)

    def plot(self, *, max_slices=10, ax=None):
        """Draw one line per slice, the clearest at the top.

        Parameters
        ----------
        max_slices : int, default=10
            Of more only the first are drawn.
        ax : matplotlib Axes, default=None
            None makes a new figure, higher for more slices.

        Returns
        -------
        display : WeakSlicesDisplay
            Itself.
        """
        if max_slices < 1:
            raise ValueError(f"max_slices={max_slices} must be at least 1.")
        shown = list(self.result.slices)[:max_slices]
        height = max(2.2, 1.6 + 0.45 * len(shown))
        ax = new_or_given_axes(f"{type(self).__name__}.plot", ax, 7.5, height)
        self.points_ = [self._point(ax, place, s) for place, s in enumerate(shown)]
        elsewhere = shown[0].error_elsewhere if shown else self.result.error
        ax.axvline(
            elsewhere, color=GRAY, ls="--", label="elsewhere" if shown else "all rows"
        )
        self._legend(ax, shown)
        self.labels_ = [s.description for s in shown]
        lines = [
            f"{name}\n{s.n_rows:,} rows, {s.reason}"
            for name, s in zip(short_names(self.labels_, LONGEST), shown, strict=True)
        ]
        ax.set_yticks(np.arange(len(shown)), labels=lines)
        ax.set(ylim=(max(len(shown), 1) - 0.5, -0.5), xlim=(0, None))
        ax.set_xlabel("share of wrong predictions, with 95 % interval")
        title = "slices in which the model does worse" if shown else "no weak slice"
        if len(shown) < len(self.result.slices):
            title += f"\nthe first {len(shown)} of {len(self.result.slices)}"
        ax.set_title(title, size="medium")
        ax.grid(axis="x", color="#E6E6E6")
        ax.set_axisbelow(True)
        self.ax_, self.figure_ = ax, ax.figure
        return self

    def _point(self, ax, place, slice_):
        error = slice_.error
        color = ORANGE if slice_.measure == "error" else BLUE
        if slice_.gap is not None:
            promised = error.estimate - slice_.gap
            ax.plot([promised] * 2, [place - 0.2, place + 0.2], color="black", lw=2)
        return ax.errorbar(
            error.estimate,
            place,
            xerr=[[error.estimate - error.lower], [error.upper - error.estimate]],
            fmt=REASONS[slice_.reason],
            color=color,
            capsize=3,
        )

    def _legend(self, ax, shown):
        for measure, color, label in (
            ("error", ORANGE, "more errors"),
            ("calibration", BLUE, "probabilities are off"),
        ):
            if any(s.measure == measure for s in shown):
                ax.plot([], [], "o", color=color, label=label)
        if any(s.gap is not None for s in shown):
            ax.plot([], [], color="black", lw=2, label="promised by probabilities")
        below = {"loc": "upper center", "bbox_to_anchor": (0.5, 0), "borderaxespad": 4}
        ax.legend(ncols=4, frameon=False, **below)
