"""How many rows each class has: :class:`ClassBalanceDisplay`."""

import numpy as np

from skdataquality.compose._priors import prior_from_dict
from skdataquality.report._figures import (
    BLUE,
    ORANGE,
    new_or_given_axes,
    short_names,
)
from skdataquality.utils._validation import (
    check_same_length,
    check_weights,
    encode_labels,
)


class ClassBalanceDisplay:
    """Rows of each class, on a scale of ratios, and the rows a prior would give.

    Equal distances are equal ratios, so that rare classes can be read beside frequent
    ones.

    Make it by :meth:`from_labels`. All parameters are stored as attributes.

    Parameters
    ----------
    classes : sequence of length n_classes
    counts : array-like of shape (n_classes,)
        Rows of each class, or the sums of their weights; at least one is positive.
    prior : array-like of shape (n_classes,), default=None
        Shares of the classes where the model will be used.

    Attributes
    ----------
    order_ : ndarray of shape (n_shown,), int
        Classes drawn, from the top: the most frequent first; of too many the rarest.
    bars_ : matplotlib BarContainer
    expected_ : matplotlib PathCollection or None
        Rows of each class that as many rows would have under ``prior``.
    ax_ : matplotlib Axes
    figure_ : matplotlib Figure

    See Also
    --------
    ClassMetricsDisplay : How well a model finds each class.

    Examples
    --------
    >>> import matplotlib
    >>> matplotlib.use("agg")
    >>> from skdataquality.imbalance import ClassBalanceDisplay
    >>> display = ClassBalanceDisplay.from_labels(["ham"] * 95 + ["spam"] * 5)
    >>> display.order_, display.counts
    (array([0, 1]), array([95.,  5.]))
    """

    def __init__(self, classes, counts, prior=None):
        self.classes = classes
        self.counts = np.asarray(counts, dtype=float)
        self.prior = None if prior is None else np.asarray(prior, dtype=float)
        check_same_length(classes=classes, counts=self.counts, prior=self.prior)

    @classmethod
    def from_labels(cls, y, *, sample_weight=None, prior=None, **options):
        """Count the rows of each class, and draw them.

        Parameters
        ----------
        y : array-like of shape (n_samples,)
        sample_weight : array-like of shape (n_samples,), default=None
            A weight k counts as k rows.
        prior : dict, default=None
            ``{label: share}`` where the model will be used.
        **options : dict
            Passed to :meth:`plot`.

        Returns
        -------
        display : ClassBalanceDisplay
        """
        classes, codes = encode_labels(y)
        check_same_length(y=codes, sample_weight=sample_weight)
        weights = check_weights(sample_weight, codes.size)
        counts = np.bincount(codes, weights=weights, minlength=classes.size)
        shares = None if prior is None else prior_from_dict(prior, classes)
        return cls(classes, counts, shares).plot(**options)

    def plot(self, *, max_classes=30, ax=None):
        """Draw one bar per class.

        Parameters
        ----------
        max_classes : int, default=30
            Of more only the rarest are drawn, and the most frequent one.
        ax : matplotlib Axes, default=None
            None makes a new figure, higher for more classes.

        Returns
        -------
        display : ClassBalanceDisplay
            Itself.
        """
        if max_classes < 2:
            raise ValueError(f"max_classes={max_classes} must be at least 2.")
        order = np.argsort(-self.counts, kind="stable")
        if order.size > max_classes:
            order = np.r_[order[0], order[1 - max_classes :]]
        height = max(2.0, 1.3 + 0.5 * order.size)
        ax = new_or_given_axes(f"{type(self).__name__}.plot", ax, 6.4, height)
        places, total = np.arange(order.size), self.counts.sum()
        self.bars_ = ax.barh(places, self.counts[order], color=BLUE, height=0.6)
        self.expected_ = None
        if self.prior is not None:
            self.expected_ = ax.scatter(
                total * self.prior[order],
                places,
                marker="|",
                s=220,
                lw=2.5,
                color=ORANGE,
                label="as many rows where it is used",
            )
            below = {"loc": "upper center", "bbox_to_anchor": (0.5, 0)}
            ax.legend(frameon=False, borderaxespad=4, **below)
        ax.set_xscale("log")
        ax.xaxis.set_minor_formatter("")  # counts stand beside the bars
        positive = self.counts[order][self.counts[order] > 0]
        ax.set_xlim(left=0.5 * positive.min())
        names = short_names([str(self.classes[k]) for k in order])
        labels = [
            f"{name}\n{self.counts[k]:,.6g} ({100 * self.counts[k] / total:.3g} %)"
            for name, k in zip(names, order, strict=True)
        ]
        ax.set_yticks(places, labels=labels)
        ax.set(ylim=(places.size - 0.5, -0.5), xlabel="rows, on a scale of ratios")
        title = "rows of each class"
        if order.size < self.counts.size:
            title += f"\nthe largest and the rarest of {self.counts.size:,}"
        ax.set_title(title, size="medium")
        ax.grid(axis="x", color="#E6E6E6")
        ax.set_axisbelow(True)
        self.order_, self.ax_, self.figure_ = order, ax, ax.figure
        return self
