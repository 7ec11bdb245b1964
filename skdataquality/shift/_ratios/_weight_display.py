"""How weights are spread over the training rows: :class:`WeightDisplay`."""

import numpy as np
from sklearn.utils.validation import check_is_fitted

from skdataquality.report._figures import BLUE, ORANGE, new_or_given_axes
from skdataquality.utils._stats import effective_sample_size
from skdataquality.utils._validation import check_same_length, check_weights

N_BINS = 40
SMALLEST_DRAWN = 1e-4  # in units of the mean; lighter rows stand in the first bin


class WeightDisplay:
    """Distribution of weights over the rows, on a logarithmic scale.

    Make it by :meth:`from_weighter`. All parameters are stored as attributes.

    Parameters
    ----------
    weight : array-like of shape (n_samples,)
        Non-negative; drawn in units of the mean.
    density_ratio : array-like of shape (n_samples,), default=None
        The weights before they were flattened and cut, drawn beside the others.
    n_clipped : int, default=0
        Rows whose weight was cut.

    Attributes
    ----------
    effective_sample_size_ : float
        Of ``weight``: ``(sum w)^2 / sum w^2``, in [1, n_samples].
    weight_ : matplotlib StepPatch
    density_ratio_ : matplotlib StepPatch or None
        None where ``density_ratio`` is None or equal to ``weight``.
    ax_ : matplotlib Axes
    figure_ : matplotlib Figure

    See Also
    --------
    DiscriminatorWeighter : Makes such weights.

    Notes
    -----
    Rows of less than a ten-thousandth of the mean weight stand at the left end.

    Examples
    --------
    >>> import matplotlib
    >>> matplotlib.use("agg")
    >>> from skdataquality.shift import WeightDisplay
    >>> display = WeightDisplay([0.5, 0.5, 2.0], [0.1, 0.1, 2.8]).plot()
    >>> round(display.effective_sample_size_, 6)
    2.0
    """

    def __init__(self, weight, density_ratio=None, *, n_clipped=0):
        self.weight = weight
        self.density_ratio = density_ratio
        self.n_clipped = n_clipped

    @classmethod
    def from_weighter(cls, weighter, **options):
        """Draw the weights of a fitted weighter.

        Parameters
        ----------
        weighter : weighter
            With ``sample_weight_``; ``density_ratio_`` and ``n_clipped_`` are used
            where they are.
        **options : dict
            Passed to :meth:`plot`.

        Returns
        -------
        display : WeightDisplay

        Raises
        ------
        ValueError
            For a fitted wrapper, whose weights are those of its ``weighter_``.
        """
        if hasattr(weighter, "weighter_"):
            raise ValueError(
                f"weighter is a {type(weighter).__name__}: pass its weighter_."
            )
        check_is_fitted(weighter, "sample_weight_")
        return cls(
            weighter.sample_weight_,
            getattr(weighter, "density_ratio_", None),
            n_clipped=getattr(weighter, "n_clipped_", 0),
        ).plot(**options)

    def plot(self, *, ax=None):
        """Draw the distribution.

        Parameters
        ----------
        ax : matplotlib Axes, default=None
            None makes a new figure.

        Returns
        -------
        display : WeightDisplay
            Itself.
        """
        weight = _in_units_of_the_mean("weight", self.weight)
        ratio = self.density_ratio
        if ratio is not None:
            check_same_length(weight=weight, density_ratio=ratio)
            ratio = _in_units_of_the_mean("density_ratio", ratio)
            ratio = None if np.allclose(ratio, weight) else ratio
        ax = new_or_given_axes(f"{type(self).__name__}.plot", ax, 6.4, 3.6)
        edges = _edges([weight] if ratio is None else [weight, ratio])
        self.density_ratio_ = None
        if ratio is not None:
            self.density_ratio_ = ax.stairs(
                _counts(ratio, edges),
                edges,
                color=BLUE,
                linewidth=1.5,
                label=f"before ({_said(ratio)})",
                zorder=3,
            )
        self.weight_ = ax.stairs(
            _counts(weight, edges),
            edges,
            fill=True,
            color=ORANGE,
            alpha=0.6,
            label=_said(weight) if ratio is None else f"after ({_said(weight)})",
        )
        ax.axvline(1, color="#555555", linewidth=1, linestyle=":")
        ax.set(xscale="log", xlabel="weight, mean 1", ylabel="rows")
        n, clipped = weight.size, self.n_clipped
        title = f"weights of {n:,} rows"
        if ratio is not None:
            title += ", before and after flattening and clipping"
        if clipped:
            title += f"\n{clipped:,} of them ({clipped / n:.1%}) cut"
        ax.set_title(title, size="medium")
        ax.legend(frameon=False, loc="upper left")
        ax.set_ylim(0, 1.3 * ax.dataLim.ymax)  # room for the legend
        self.effective_sample_size_ = effective_sample_size(weight)
        self.ax_, self.figure_ = ax, ax.figure
        return self


def _in_units_of_the_mean(name, weight):
    values = np.asarray(weight)
    weights = check_weights(values, values.shape[0], name=name)
    return weights / weights.mean()


def _edges(drawn):
    """Bins of equal width on the logarithmic scale, 1 being an edge."""
    lightest = max(min(w.min() for w in drawn), SMALLEST_DRAWN)
    heaviest = max(w.max() for w in drawn)
    width = max(np.log(heaviest / lightest), 0.5) / N_BINS
    first = np.floor(np.log(lightest) / width - 1e-9)
    last = np.ceil(np.log(heaviest) / width + 1e-9)
    return np.exp(width * np.arange(first, last + 1))


def _counts(weight, edges):
    return np.histogram(np.clip(weight, edges[0], edges[-1]), bins=edges)[0]


def _said(weight):
    share = effective_sample_size(weight) / weight.size
    return f"effective sample size {share * weight.size:,.0f}, {share:.0%}"
