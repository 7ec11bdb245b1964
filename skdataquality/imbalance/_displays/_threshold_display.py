"""What a threshold trades: :class:`ThresholdDisplay`."""

from numbers import Real

import numpy as np

from skdataquality.report._figures import new_or_given_axes, short_names
from skdataquality.utils._printable import printable
from skdataquality.utils._validation import check_same_length, encode_labels

COLORS = {
    "recall": "#0072B2",
    "precision": "#D55E00",
    "f1": "#009E73",
    "balanced_accuracy": "#CC79A7",
}
NAMES = {"f1": "F1", "balanced_accuracy": "balanced accuracy"}
MOST_POINTS = 500
ABOVE = 1e-9  # so that nothing is called, not even a row of probability 1


class ThresholdDisplay:
    """Recall, precision, F1 and balanced accuracy by the threshold that decides.

    A row is called positive if its probability is at least the threshold. Lines mark
    the share of positive rows, which suits balanced accuracy if probabilities are
    calibrated, and .5, where a classifier decides by default. A threshold that is best
    here is best on these rows: :class:`TunedOffsetClassifierCV` chooses one out of
    fold and says what it is worth on others.

    Make it by :meth:`from_predictions`. All parameters are stored as attributes.

    Parameters
    ----------
    is_positive : array-like of shape (n_samples,), bool
    probability : array-like of shape (n_samples,)
        Of the positive class, for rows that the model has not seen.
    threshold : float, default=None
        One to be marked: the one in use.
    pos_label : object, default=None
        The positive class, to be named in the figure.

    Attributes
    ----------
    thresholds_ : ndarray of shape (n_thresholds,)
        Rising, each halfway between probabilities that follow each other.
    metrics_ : dict of ndarray of shape (n_thresholds,)
        "recall", "precision" (NaN where nothing is called), "f1",
        "balanced_accuracy"; in [0, 1], higher is better.
    lines_ : dict of matplotlib Line2D
    ax_ : matplotlib Axes
    figure_ : matplotlib Figure

    Examples
    --------
    >>> import matplotlib
    >>> matplotlib.use("agg")
    >>> from skdataquality.imbalance import ThresholdDisplay
    >>> display = ThresholdDisplay.from_predictions(
    ...     ["no", "no", "no", "yes"], [0.1, 0.2, 0.4, 0.3]
    ... )
    >>> display.thresholds_.round(2)
    array([0.05, 0.15, 0.25, 0.35, 0.7 ])
    >>> display.metrics_["recall"]
    array([1., 1., 1., 0., 0.])
    """

    def __init__(self, is_positive, probability, threshold=None, pos_label=None):
        self.is_positive = np.asarray(is_positive, dtype=bool)
        self.probability = np.asarray(probability, dtype=float)
        if threshold is not None and not (
            isinstance(threshold, Real) and 0 <= float(threshold) <= 1
        ):
            raise ValueError(f"threshold={threshold!r}: pass a number in [0, 1].")
        self.threshold = threshold
        self.pos_label = pos_label
        check_same_length(is_positive=is_positive, probability=self.probability)

    @classmethod
    def from_predictions(cls, y, proba, *, pos_label=None, threshold=None, **options):
        """Draw what every threshold on these probabilities gives.

        Parameters
        ----------
        y : array-like of shape (n_samples,)
            Labels of two classes.
        proba : array-like of shape (n_samples,) or (n_samples, 2)
            Out-of-fold or held-out probabilities: of ``pos_label``, or of both classes
            in sorted order. Rows of NaN are left out.
        pos_label : object, default=None
            None is the rarer class.
        threshold : float, default=None
            One to be marked.
        **options : dict
            Passed to :meth:`plot`.

        Returns
        -------
        display : ThresholdDisplay

        Raises
        ------
        ValueError
            If ``y`` has not two classes, or ``proba`` another shape.
        """
        classes, codes = encode_labels(y)
        if classes.size != 2:
            raise ValueError(
                f"y has {classes.size} class(es) and a threshold is between two: pass "
                f"y == label and the probability of that label."
            )
        if pos_label is None:
            code = int(np.argmin(np.bincount(codes)))
        else:
            code = int(
                encode_labels([pos_label], classes=classes, name="pos_label")[1][0]
            )
        proba = np.asarray(proba, dtype=float)
        if proba.shape == (codes.size, 2):
            proba = proba[:, code]
        if proba.shape != codes.shape:
            raise ValueError(
                f"proba has shape {proba.shape}: pass one probability of "
                f"{printable(repr(classes.tolist()[code]))} for each of the "
                f"{codes.size} rows, or one column for each class."
            )
        known = np.isfinite(proba)
        label = classes.tolist()[code]
        display = cls(codes[known] == code, proba[known], threshold, label)
        return display.plot(**options)

    def plot(self, *, metrics=tuple(COLORS), ax=None):
        """Draw one curve for each metric.

        Parameters
        ----------
        metrics : sequence of str, default=all four
        ax : matplotlib Axes, default=None
            None makes a new figure.

        Returns
        -------
        display : ThresholdDisplay
            Itself.
        """
        unknown = [name for name in metrics if name not in COLORS]
        if unknown:
            raise ValueError(f"metrics={unknown} are unknown: use some of {[*COLORS]}.")
        n_positive = int(self.is_positive.sum())
        if n_positive in (0, self.is_positive.size):
            raise ValueError(
                f"{n_positive} of {self.is_positive.size} rows are positive: rows of "
                f"both classes are needed."
            )
        ax = new_or_given_axes(f"{type(self).__name__}.plot", ax, 6.4, 4.0)
        self.thresholds_, self.metrics_ = _curves(self.is_positive, self.probability)
        shown = _thinned(self.thresholds_.size)
        self.lines_ = {
            name: ax.plot(
                self.thresholds_[shown],
                self.metrics_[name][shown],
                color=COLORS[name],
                label=NAMES.get(name, name),
            )[0]
            for name in metrics
        }
        marks = {
            "share of positive rows": (self.is_positive.mean(), ":"),
            ".5": (0.5, "-."),
        }
        if self.threshold is not None:
            marks["threshold in use"] = (self.threshold, "--")
        for name, (place, style) in marks.items():
            ax.axvline(place, color="#777777", ls=style, lw=1, label=name)
        ax.set(xlim=(0, 1), ylim=(-0.02, 1.02))
        xlabel = "threshold on the probability"
        if self.pos_label is not None:
            xlabel += f" of {short_names([str(self.pos_label)])[0]}"
        ax.set_xlabel(xlabel)
        ax.set_ylabel("on rows not trained on")
        ax.set_title("what a threshold trades", size="medium")
        ax.grid(color="#E6E6E6")
        ax.set_axisbelow(True)
        below = {"loc": "upper center", "bbox_to_anchor": (0.5, 0), "borderaxespad": 4}
        ax.legend(ncols=3, frameon=False, **below)
        self.ax_, self.figure_ = ax, ax.figure
        return self


def _curves(is_positive, p):
    """Rising thresholds between distinct probabilities, and what each gives."""
    order = np.argsort(p, kind="stable")
    values, first = np.unique(p[order], return_index=True)
    # rows from `first` on are called; after the last threshold none is
    first = np.r_[first, p.size]
    ends = np.r_[min(0.0, values[0]), values, max(1.0, values[-1] + ABOVE)]
    thresholds = (ends[:-1] + ends[1:]) / 2
    positives_before = np.r_[0, np.cumsum(is_positive[order])][first]
    n_positive = int(is_positive.sum())
    hits, called = n_positive - positives_before, p.size - first
    recall = hits / n_positive
    spared = (first - positives_before) / (p.size - n_positive)
    with np.errstate(invalid="ignore"):
        precision = np.where(called > 0, hits / called, np.nan)
    return thresholds, {
        "recall": recall,
        "precision": precision,
        "f1": 2 * hits / (n_positive + called),
        "balanced_accuracy": (recall + spared) / 2,
    }


def _thinned(n):
    """Choose some of n points, the ends among them."""
    return np.unique(np.linspace(0, n - 1, min(n, MOST_POINTS)).round().astype(int))
