"""How many picks are enough: :class:`CoverageCurveDisplay`."""

import numpy as np
from sklearn.utils.validation import check_is_fitted

from skdataquality.active_learning._curation import coverage_curve
from skdataquality.report._figures import BLUE, ORANGE, new_or_given_axes

LABELS = {
    "share": "rows of the pool represented (higher is better)",
    "radius": "largest distance to a pick (lower is better)",
    "similarity": "mean similarity to the nearest pick (higher is better)",
}


class CoverageCurveDisplay:
    """How much of a pool the first picks stand for, beside random rows.

    Make it by :meth:`from_estimator` or :meth:`from_picks`.

    Parameters
    ----------
    curve : CoverageCurve
        As returned by :func:`coverage_curve`.

    Attributes
    ----------
    line_ : matplotlib Line2D
        Of the picks.
    random_line_ : matplotlib Line2D or None
        Mean of the random draws; None without any.
    ax_ : matplotlib Axes
    figure_ : matplotlib Figure

    See Also
    --------
    coverage_curve : The numbers, and when they mislead.

    Examples
    --------
    >>> import matplotlib
    >>> matplotlib.use("agg")
    >>> from sklearn.datasets import load_iris
    >>> from skdataquality.active_learning import (
    ...     CoverageCurveDisplay,
    ...     DiversitySelector,
    ... )
    >>> X = load_iris().data
    >>> selector = DiversitySelector(60)
    >>> _ = selector.fit_resample(X)
    >>> display = CoverageCurveDisplay.from_estimator(selector, X, random_state=0)
    >>> display.figure_.savefig("coverage.png")  # doctest: +SKIP
    """

    def __init__(self, curve):
        self.curve = curve

    @classmethod
    def from_estimator(
        cls,
        selector,
        X,
        *,
        sizes=None,
        distance=None,
        n_random=5,
        random_state=None,
        **options,
    ):
        """Draw the curve of a fitted selector.

        Parameters
        ----------
        selector : fitted DiversitySelector
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
            The rows it selected from.
        sizes, distance, n_random, random_state
            As for :func:`coverage_curve`.
        **options : dict
            Passed to :meth:`plot`.

        Returns
        -------
        display : CoverageCurveDisplay

        Raises
        ------
        NotFittedError
            If the selector is not fitted.
        """
        check_is_fitted(selector, "selection_order_")
        curve = coverage_curve(
            selector._rows_of_distance(X),
            selector.selection_order_,
            embedding=selector.embedding,
            sizes=sizes,
            distance=distance,
            n_random=n_random,
            random_state=random_state,
        )
        return cls(curve).plot(**options)

    @classmethod
    def from_picks(
        cls,
        X,
        picks,
        *,
        embedding=None,
        sizes=None,
        distance=None,
        n_random=5,
        random_state=None,
        **options,
    ):
        """Draw the curve of rows in the order of picking.

        Parameters
        ----------
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
        picks : array-like of shape (n_picks,), int
        embedding, sizes, distance, n_random, random_state
            As for :func:`coverage_curve`.
        **options : dict
            Passed to :meth:`plot`.

        Returns
        -------
        display : CoverageCurveDisplay
        """
        curve = coverage_curve(
            X,
            picks,
            embedding=embedding,
            sizes=sizes,
            distance=distance,
            n_random=n_random,
            random_state=random_state,
        )
        return cls(curve).plot(**options)

    def plot(self, *, measure="share", level=0.9, ax=None):
        """Draw one measure over the number of picks.

        Parameters
        ----------
        measure : {"share", "radius", "similarity"}, default="share"
        level : float or None, default=0.9
            Share of the pool for which the title says how many picks are enough, and
            that is marked in the figure of shares.
        ax : matplotlib Axes, default=None
            None makes a new figure.

        Returns
        -------
        display : CoverageCurveDisplay
            Itself.
        """
        if measure not in LABELS:
            raise ValueError(f"measure={measure!r} must be one of {tuple(LABELS)}.")
        curve = self.curve
        ax = new_or_given_axes(f"{type(self).__name__}.plot", ax, 6.4, 4.2)
        self.random_line_ = self._draw_random(ax, measure)
        (self.line_,) = ax.plot(
            curve.sizes, getattr(curve, measure), color=BLUE, label="picks"
        )
        ax.set_xscale("log")
        ax.set(xlabel="rows picked", ylabel=LABELS[measure])
        if measure != "radius":
            ax.set_ylim(0, 1.02)
        if level is not None:
            ax.set_title(_title(curve, level), size="medium")
            _mark(ax, curve, measure, level)
        ax.grid(color="#E6E6E6")
        ax.set_axisbelow(True)
        ax.legend(frameon=False)
        self.ax_, self.figure_ = ax, ax.figure
        return self

    def _draw_random(self, ax, measure):
        """Mean of the random draws, and their range as a band."""
        drawn = getattr(self.curve, f"random_{measure}")
        if not drawn.size:
            return None
        sizes = self.curve.sizes
        ax.fill_between(
            sizes,
            drawn.min(axis=0),
            drawn.max(axis=0),
            color=ORANGE,
            alpha=0.2,
            linewidth=0,
        )
        label = f"random rows ({len(drawn)} draws)"
        return ax.plot(sizes, drawn.mean(axis=0), color=ORANGE, label=label)[0]


def _title(curve, level):
    enough, random = curve.rows_for(level), curve.random_rows_for(level)
    picks = int(curve.sizes[-1])
    if enough is None:
        title = (
            f"{picks:,} picks represent {curve.share[-1]:.0%} of {curve.n_rows:,} rows"
        )
    else:
        title = f"{enough:,} picks represent {level:.0%} of {curve.n_rows:,} rows"
    if not curve.random_share.size:
        return title
    beside = f"more than {picks:,}" if random is None else f"{random:,}"
    return f"{title}\n(random rows: {beside} for {level:.0%})"


def _mark(ax, curve, measure, level):
    enough = curve.rows_for(level)
    if enough is None or measure != "share":
        return
    at = np.searchsorted(curve.sizes, enough)
    ax.plot([enough] * 2, [0, curve.share[at]], color=BLUE, linestyle=":", linewidth=1)
