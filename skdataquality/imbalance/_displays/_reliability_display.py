"""What predicted probabilities come true: :class:`ReliabilityDisplay`."""

from collections.abc import Mapping
from reprlib import repr as shortened

import numpy as np
from sklearn.utils.validation import check_is_fitted

from skdataquality.report._figures import BLUE, ORANGE, new_or_given_axes, short_names
from skdataquality.utils._folds import aligned_proba
from skdataquality.utils._stats import wilson
from skdataquality.utils._validation import check_same_length, encode_labels

COLORS = (ORANGE, BLUE, "#009E73", "#CC79A7")
MARKERS = "osD^"
SMALLEST = 1e-4  # probabilities below are drawn there on a scale of odds


class ReliabilityDisplay:
    """Share of rows of a class against the probability predicted for it.

    On the diagonal probabilities come true; below it they are too high, as those of a
    balanced model for a rare class are. Rows are binned by predicted probability p,
    with an equal sum of p (1 - p) in each bin, so that bins of small probabilities hold
    more rows; intervals are of 95 % (Wilson).

    Make it by :meth:`from_estimator` or :meth:`from_predictions`. All parameters are
    stored as attributes.

    Parameters
    ----------
    is_positive : array-like of shape (n_samples,), bool
        Whether a row is of the class; of rows that the model has not seen.
    probabilities : dict of array-like of shape (n_samples,)
        By name: probabilities of the class.
    pos_label : object, default=None
        The class, to be named in the figure.

    Attributes
    ----------
    bins_ : dict of ndarray of shape (n_bins, 4)
        By name: mean predicted probability, share of the class, ends of its interval.
    points_ : dict of matplotlib ErrorbarContainer
    ax_ : matplotlib Axes
    figure_ : matplotlib Figure

    See Also
    --------
    skdataquality.compose.RemediedClassifier : Restores probabilities.

    Examples
    --------
    >>> import matplotlib
    >>> matplotlib.use("agg")
    >>> from sklearn.datasets import make_classification
    >>> from sklearn.linear_model import LogisticRegression
    >>> from sklearn.model_selection import train_test_split
    >>> from skdataquality.compose import RemediedClassifier
    >>> from skdataquality.imbalance import ClassBalanceWeighter, ReliabilityDisplay
    >>> X, y = make_classification(2000, weights=[0.9], random_state=0)
    >>> X, X_test, y, y_test = train_test_split(X, y, random_state=0)
    >>> clf = RemediedClassifier(LogisticRegression(), ClassBalanceWeighter())
    >>> display = ReliabilityDisplay.from_estimator(clf.fit(X, y), X_test, y_test)
    >>> list(display.bins_)
    ['before the prior is restored', 'after']
    """

    def __init__(self, is_positive, probabilities, pos_label=None):
        self.is_positive = np.asarray(is_positive, dtype=bool)
        self.probabilities = {
            str(k): np.asarray(p, dtype=float) for k, p in probabilities.items()
        }
        for name, p in self.probabilities.items():
            if not np.any((p >= 0) & (p <= 1)) or np.any((p < 0) | (p > 1)):
                raise ValueError(
                    f"probabilities of {name!r} are NaN in all rows, or outside of "
                    f"[0, 1]: pass what predict_proba returns."
                )
        self.pos_label = pos_label
        check_same_length(is_positive=self.is_positive, **self.probabilities)

    @classmethod
    def from_estimator(cls, estimator, X, y, *, pos_label=None, **options):
        """Draw the probabilities of a wrapper, before and after it restores the prior.

        Parameters
        ----------
        estimator : fitted wrapper, such as RemediedClassifier
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
            Rows that it was not fitted on.
        y : array-like of shape (n_samples,)
        pos_label : object, default=None
            Class to look at. None is the rarest in ``y``.
        **options : dict
            Passed to :meth:`plot`.

        Returns
        -------
        display : ReliabilityDisplay
        """
        check_is_fitted(estimator)
        if not hasattr(estimator, "estimator_"):
            raise ValueError(
                f"estimator={type(estimator).__name__} has no estimator_ inside, whose "
                f"probabilities would be the first: use from_predictions."
            )
        before = aligned_proba(estimator.estimator_, X, estimator.classes_)
        return cls.from_predictions(
            y,
            {
                "before the prior is restored": before,
                "after": estimator.predict_proba(X),
            },
            classes=estimator.classes_,
            pos_label=pos_label,
            **options,
        )

    @classmethod
    def from_predictions(cls, y, probas, *, classes=None, pos_label=None, **options):
        """Draw probabilities of several models, or of one.

        Parameters
        ----------
        y : array-like of shape (n_samples,)
        probas : dict of array-like of shape (n_samples, n_classes)
            By name: probabilities, columns in the order of ``classes``.
        classes : array-like of shape (n_classes,), default=None
            None takes the sorted labels of ``y``.
        pos_label : object, default=None
            Class to look at. None is the rarest in ``y``.
        **options : dict
            Passed to :meth:`plot`.

        Returns
        -------
        display : ReliabilityDisplay
        """
        if not isinstance(probas, Mapping) or not probas:
            raise ValueError(
                f"probas={shortened(probas)}: pass a dict {{'name of the model': "
                f"probabilities}}, of one or more."
            )
        classes, codes = encode_labels(y, classes=classes)
        sizes = np.bincount(codes, minlength=classes.size)
        if pos_label is None:
            code = int(np.argmin(np.where(sizes > 0, sizes, codes.size + 1)))
        else:
            code = int(
                encode_labels([pos_label], classes=classes, name="pos_label")[1][0]
            )
        columns = {}
        for name, proba in probas.items():
            matrix = np.asarray(proba, dtype=float)
            if matrix.shape != (codes.size, classes.size):
                raise ValueError(
                    f"probas[{name!r}] has shape {matrix.shape}, expected "
                    f"{(codes.size, classes.size)}: one column for each class."
                )
            columns[name] = matrix[:, code]
        label = classes.tolist()[code]
        return cls(codes == code, columns, label).plot(**options)

    def plot(self, *, n_bins=10, ax=None):
        """Draw one curve for each set of probabilities.

        Parameters
        ----------
        n_bins : int, default=10
        ax : matplotlib Axes, default=None
            None makes a new figure.

        Returns
        -------
        display : ReliabilityDisplay
            Itself.
        """
        if n_bins < 1:
            raise ValueError(f"n_bins={n_bins} must be at least 1.")
        ax = new_or_given_axes(f"{type(self).__name__}.plot", ax, 5.0, 4.8)
        self.bins_ = {
            name: _binned(self.is_positive, p, n_bins)
            for name, p in self.probabilities.items()
        }
        ax.plot([SMALLEST, 1 - SMALLEST], [SMALLEST, 1 - SMALLEST], color="#999999")
        self.points_ = {}
        for at, (name, bins) in enumerate(self.bins_.items()):
            x, y, low, high = np.clip(bins.T, SMALLEST, 1 - SMALLEST)
            self.points_[name] = ax.errorbar(
                x,
                y,
                yerr=[y - low, high - y],
                fmt=MARKERS[at % 4],
                ms=5,
                color=COLORS[at % 4],
                capsize=2,
                label=name,
            )
        share = self.is_positive.mean()
        ax.axhline(share, color="#999999", ls=":", lw=1)
        ax.set(xscale="logit", yscale="logit")
        ends = _ends(self.bins_.values())
        ax.set(xlim=ends, ylim=ends)
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_minor_formatter("")
        ax.set(
            xlabel="predicted probability, on a scale of odds",
            ylabel=f"share of rows of {_named(self.pos_label)}, 95 % interval",
        )
        ax.set_title("do the probabilities come true?", size="medium")
        ax.grid(color="#E6E6E6")
        ax.set_axisbelow(True)
        ax.legend(frameon=False, loc="upper left")
        self.ax_, self.figure_ = ax, ax.figure
        return self


def _named(label):
    return "the class" if label is None else f"class {short_names([str(label)])[0]}"


def _binned(is_positive, p, n_bins):
    """Mean probability, share and interval of bins of equal expected variance."""
    known = np.flatnonzero(np.isfinite(p))
    order = known[np.argsort(p[known], kind="stable")]
    spread = np.cumsum(np.maximum(p[order] * (1 - p[order]), SMALLEST**2))
    cuts = np.searchsorted(spread, spread[-1] * np.arange(1, n_bins) / n_bins)
    parts = [part for part in np.split(order, cuts) if part.size]
    found = np.array([is_positive[part].sum() for part in parts])
    size = np.array([part.size for part in parts])
    low, high = wilson(found, size)
    mean = [p[part].mean() for part in parts]
    return np.column_stack([mean, found / np.maximum(size, 1), low, high])


def _ends(all_bins):
    """Range of both axes: that of the bins, with some air."""
    values = np.concatenate([bins.ravel() for bins in all_bins])
    low, high = np.clip([values.min(), values.max()], SMALLEST, 1 - SMALLEST)
    return max(low / 2, SMALLEST / 2), 1 - max((1 - high) / 2, SMALLEST / 2)
