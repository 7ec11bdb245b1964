"""Accuracies of labelling functions: :class:`LFSummaryDisplay`."""

import numpy as np

from skdataquality.report._figures import (
    BLUE,
    ORANGE,
    new_or_given_axes,
    short_names,
)
from skdataquality.weak_supervision._summary import LFSummary, lf_summary

APART = 0.15  # of two dots of one function, in lines


class LFSummaryDisplay:
    """Learned and empirical accuracy of labelling functions, with their intervals.

    Make it by :meth:`from_votes`. All parameters are stored as attributes.

    Parameters
    ----------
    summary : LFSummary
        Result of :func:`lf_summary`.

    Attributes
    ----------
    order_ : ndarray of shape (n_shown,), int
        Functions drawn, from the top: those that cover most.
    learned_ : matplotlib ErrorbarContainer
    empirical_ : matplotlib ErrorbarContainer or None
        None without known labels.
    chance_ : matplotlib PathCollection
        Accuracy of votes that ignore the row.
    ax_ : matplotlib Axes
    figure_ : matplotlib Figure

    See Also
    --------
    lf_summary : The numbers.

    Examples
    --------
    >>> import matplotlib
    >>> matplotlib.use("agg")
    >>> from skdataquality.weak_supervision import LFSummaryDisplay
    >>> votes = [[1, 1, -1], [0, 0, -1], [1, 1, 0], [-1, -1, 0], [0, 0, 0]]
    >>> display = LFSummaryDisplay.from_votes(votes, names=["a", "b", "c"])
    >>> [label.get_text() for label in display.ax_.get_yticklabels()]
    ['a (80 %)', 'b (80 %)', 'c (60 %)']
    """

    def __init__(self, summary):
        self.summary = summary

    @classmethod
    def from_votes(
        cls,
        votes,
        y=None,
        *,
        names=None,
        label_model=None,
        missing_label="auto",
        classes=None,
        **options,
    ):
        """Draw the accuracies of labelling functions.

        Parameters
        ----------
        votes, y, names, label_model, missing_label, classes
            As in :func:`lf_summary`.
        **options : dict
            Passed to :meth:`plot`.

        Returns
        -------
        display : LFSummaryDisplay
        """
        summary = lf_summary(
            votes,
            y,
            names=names,
            label_model=label_model,
            missing_label=missing_label,
            classes=classes,
        )
        return cls(summary).plot(**options)

    def plot(self, *, max_functions=30, ax=None):
        """Draw one line per function, its coverage beside its name.

        Parameters
        ----------
        max_functions : int, default=30
            Of more only those of the largest coverage are drawn.
        ax : matplotlib Axes, default=None
            None makes a new figure, higher for more functions.

        Returns
        -------
        display : LFSummaryDisplay
            Itself.
        """
        summary = self.summary
        if not isinstance(summary, LFSummary):
            raise ValueError(
                f"summary is a {type(summary).__name__}: pass the result of lf_summary."
            )
        if max_functions < 1:
            raise ValueError(f"max_functions={max_functions} must be at least 1.")
        order = np.argsort(-summary.coverage, kind="stable")[:max_functions]
        height = max(2.4, 1.5 + 0.32 * order.size)
        ax = new_or_given_axes(f"{type(self).__name__}.plot", ax, 6.4, height)
        places = np.arange(order.size)
        both = summary.correct is not None
        self.learned_ = _dots(
            ax,
            places + APART * both,
            summary.learned_accuracy[order],
            summary.learned_interval[order],
            ORANGE,
            "by the label model",
        )
        self.empirical_ = None
        if both:
            self.empirical_ = _dots(
                ax,
                places - APART,
                summary.empirical_accuracy[order],
                summary.empirical_interval[order],
                BLUE,
                "by known labels",
            )
        chance = 100 * summary.chance[order]
        self.chance_ = ax.scatter(
            chance, places, marker="|", color="#555555", s=120, label="chance", zorder=3
        )
        names = short_names([summary.names[j] for j in order])
        covered = 100 * summary.coverage[order]
        labels = [f"{a} ({b:.0f} %)" for a, b in zip(names, covered, strict=True)]
        ax.set_yticks(places, labels=labels)
        ax.set(ylim=(places.size - 0.5, -0.5), xlim=(-2, 102))
        ax.set_xlabel("right votes, %, with 95 % interval")
        title = "accuracy of labelling functions (coverage)"
        if order.size < len(summary.names):
            title += f"\n{order.size} of {len(summary.names):,} with most coverage"
        ax.set_title(title, size="medium")
        ax.legend(loc="best", frameon=False)
        ax.grid(axis="x", color="#E6E6E6")
        ax.set_axisbelow(True)
        self.order_, self.ax_, self.figure_ = order, ax, ax.figure
        return self


def _dots(ax, places, estimate, ends, color, label):
    """Draw accuracies with intervals; one that is not known has none."""
    reach = np.abs(ends - estimate[:, None]).T
    reach[:, np.isnan(estimate)] = 0
    return ax.errorbar(
        100 * estimate,
        places,
        xerr=100 * reach,
        fmt="o",
        color=color,
        capsize=3,
        label=label,
    )
