"""Class shares in training and in target rows: :class:`PriorShiftDisplay`."""

import numpy as np
from sklearn.utils.validation import check_is_fitted

from skdataquality.compose._priors import class_shares
from skdataquality.report._figures import (
    BLUE,
    ORANGE,
    new_or_given_axes,
    short_names,
)
from skdataquality.shift._label_shift._cross_fitted import target_codes
from skdataquality.utils._validation import check_same_length

APART = 0.13  # of the dots of one class, in lines


class PriorShiftDisplay:
    """Share of each class in training and in target rows, with intervals.

    Make it by :meth:`from_estimator`. All parameters are stored as attributes.

    Parameters
    ----------
    classes : sequence of length n_classes
    class_prior, target_prior : array-likes of shape (n_classes,)
        Shares in training rows, and as estimated in target rows.
    target_prior_interval : array-like of shape (n_classes, 2)
    observed : array-like of shape (n_classes,), default=None
        Shares among target rows of known label.

    Attributes
    ----------
    order_ : ndarray of shape (n_shown,), int
        Classes drawn, from the top: in their order or, of too many, those whose share
        changed most.
    training_ : matplotlib PathCollection
    estimated_ : matplotlib ErrorbarContainer
    observed_ : matplotlib PathCollection or None
    ax_ : matplotlib Axes
    figure_ : matplotlib Figure

    See Also
    --------
    LabelShiftEstimator : The numbers.

    Examples
    --------
    >>> import matplotlib
    >>> matplotlib.use("agg")
    >>> import numpy as np
    >>> from sklearn.linear_model import LogisticRegression
    >>> from skdataquality.shift import (
    ...     LabelShiftEstimator,
    ...     PriorShiftDisplay,
    ...     TargetData,
    ... )
    >>> rng = np.random.default_rng(0)
    >>> y = np.repeat(["ham", "spam"], [300, 100])
    >>> X = rng.normal(2 * (y == "spam")[:, None], 1, size=(400, 2))
    >>> shares = LabelShiftEstimator(
    ...     LogisticRegression(), X_target=TargetData(X[200:]), random_state=0
    ... ).fit(X, y)
    >>> display = PriorShiftDisplay.from_estimator(shares)
    >>> [label.get_text() for label in display.ax_.get_yticklabels()]
    ['ham', 'spam']
    """

    def __init__(
        self, classes, class_prior, target_prior, target_prior_interval, observed=None
    ):
        self.classes = classes
        self.class_prior = np.asarray(class_prior)
        self.target_prior = np.asarray(target_prior)
        self.target_prior_interval = np.asarray(target_prior_interval)
        self.observed = None if observed is None else np.asarray(observed)
        low, *_ = np.atleast_2d(self.target_prior_interval.T)
        check_same_length(
            classes=classes,
            class_prior=self.class_prior,
            target_prior=self.target_prior,
            target_prior_interval=low,
            observed=self.observed,
        )

    @classmethod
    def from_estimator(cls, estimator, *, y_target=None, **options):
        """Draw what an estimator has found.

        Parameters
        ----------
        estimator : LabelShiftEstimator or LabelShiftClassifier
            Fitted with target rows.
        y_target : array-like of shape (n_target,), default=None
            Labels of target rows, where known; their shares are drawn beside.
        **options : dict
            Passed to :meth:`plot`.

        Returns
        -------
        display : PriorShiftDisplay
        """
        check_is_fitted(estimator)
        if not hasattr(estimator, "target_prior_interval_"):
            raise ValueError(
                f"estimator={type(estimator).__name__} has no target_prior_interval_: "
                f"pass a LabelShiftEstimator or LabelShiftClassifier that was fitted "
                f"with X_target."
            )
        check_same_length(y_target=y_target)
        codes = target_codes(y_target, estimator.classes_, name="y_target")
        known = None if codes is None else codes[codes >= 0]
        return cls(
            estimator.classes_,
            estimator.class_prior_,
            estimator.target_prior_,
            estimator.target_prior_interval_,
            None
            if known is None or known.size == 0
            else class_shares(known, estimator.classes_.size),
        ).plot(**options)

    def plot(self, *, max_classes=30, ax=None):
        """Draw one line per class.

        Parameters
        ----------
        max_classes : int, default=30
            Of more only those are drawn whose share changed most.
        ax : matplotlib Axes, default=None
            None makes a new figure, higher for more classes.

        Returns
        -------
        display : PriorShiftDisplay
            Itself.
        """
        if max_classes < 1:
            raise ValueError(f"max_classes={max_classes} must be at least 1.")
        n_classes = len(self.classes)
        change = np.abs(self.target_prior - self.class_prior)
        order = np.argsort(-change, kind="stable")
        order = (
            np.arange(n_classes) if n_classes <= max_classes else order[:max_classes]
        )
        height = max(2.2, 1.4 + 0.34 * order.size)
        ax = new_or_given_axes(f"{type(self).__name__}.plot", ax, 6.4, height)
        places = np.arange(order.size)
        self.training_ = ax.scatter(
            100 * self.class_prior[order],
            places - APART,
            color=BLUE,
            s=30,
            label="training rows",
            zorder=3,
        )
        self.estimated_ = self._draw_estimates(ax, order, places)
        self.observed_ = self._draw_observed(ax, order, places)
        names = short_names([str(self.classes[k]) for k in order])
        ax.set_yticks(places, labels=names)
        ax.set(ylim=(places.size - 0.5, -0.5))
        ax.set_xlim(left=0)
        ax.set_xlabel("share of rows, %, with 95 % interval")
        title = "class shares"
        if order.size < n_classes:
            title += f"\n{order.size} of {n_classes:,} that changed most"
        ax.set_title(title, size="medium")
        # intervals may cross the whole plot: there is no free place within
        below = {"loc": "upper center", "bbox_to_anchor": (0.5, 0), "borderaxespad": 4}
        ax.legend(ncols=3, frameon=False, **below)
        ax.grid(axis="x", color="#E6E6E6")
        ax.set_axisbelow(True)
        self.order_, self.ax_, self.figure_ = order, ax, ax.figure
        return self

    def _draw_estimates(self, ax, order, places):
        estimate = self.target_prior[order]
        ends = self.target_prior_interval[order]
        reach = np.nan_to_num(np.abs(ends - estimate[:, None]).T)
        return ax.errorbar(
            100 * estimate,
            places + APART,
            xerr=100 * reach,
            fmt="o",
            color=ORANGE,
            capsize=3,
            label="target rows, estimated",
        )

    def _draw_observed(self, ax, order, places):
        if self.observed is None:
            return None
        return ax.scatter(
            100 * self.observed[order],
            places + APART,
            marker="|",
            color="#555555",
            s=160,
            label="target rows, labelled",
            zorder=4,
        )
