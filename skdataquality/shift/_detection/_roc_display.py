"""How well target rows are told from training rows: :class:`DomainROCDisplay`."""

import numpy as np
from sklearn.metrics import roc_auc_score, roc_curve
from sklearn.utils.validation import check_is_fitted

from skdataquality.report._figures import BLUE, new_or_given_axes


class DomainROCDisplay:
    """ROC curve of the model that tells target from training rows, held out.

    Near the diagonal the sides are alike. A curve that follows the left edge tells of
    target rows that are nowhere among training rows, one that follows the upper edge of
    training rows that are nowhere among target rows.

    Make it by :meth:`from_estimator`. All parameters are stored as attributes.

    Parameters
    ----------
    scores, target_scores : array-like of shape (n_samples,) and (n_target,)
        Held-out scores of training and of target rows; higher is more like target rows.

    Attributes
    ----------
    auc_ : float
        Area under the curve of all scores together, in [0, 1].
    line_ : matplotlib Line2D
    ax_ : matplotlib Axes
    figure_ : matplotlib Figure

    See Also
    --------
    DriftDisplay : Column by column.

    Examples
    --------
    >>> import matplotlib
    >>> matplotlib.use("agg")
    >>> import numpy as np
    >>> from skdataquality.shift import DomainROCDisplay, ShiftDetector, TargetData
    >>> rng = np.random.default_rng(0)
    >>> X, target = rng.normal(size=(200, 2)), rng.normal([0, 1], 1, size=(200, 2))
    >>> detector = ShiftDetector(X_target=TargetData(target), random_state=0).fit(X)
    >>> bool(0.6 < DomainROCDisplay.from_estimator(detector).auc_ < 0.9)
    True
    """

    def __init__(self, scores, target_scores):
        self.scores = scores
        self.target_scores = target_scores

    @classmethod
    def from_estimator(cls, detector, **options):
        """Draw the curve of a fitted detector.

        Parameters
        ----------
        detector : fitted ShiftDetector
        **options : dict
            Passed to :meth:`plot`.

        Returns
        -------
        display : DomainROCDisplay

        Raises
        ------
        NotFittedError
            If the detector is not fitted.
        """
        check_is_fitted(detector, "target_scores_")
        display = cls(detector.sample_scores_, 1 - detector.target_scores_)
        return display.plot(**options)

    def plot(self, *, ax=None):
        """Draw the curve.

        Parameters
        ----------
        ax : matplotlib Axes, default=None
            None makes a new figure.

        Returns
        -------
        display : DomainROCDisplay
            Itself.
        """
        scores = np.concatenate([self.scores, self.target_scores])
        is_target = np.repeat([0, 1], [len(self.scores), len(self.target_scores)])
        if np.unique(is_target).size < 2:
            raise ValueError(
                f"there are {len(self.scores)} training and {len(self.target_scores)} "
                f"target rows; a curve needs both."
            )
        ax = new_or_given_axes(f"{type(self).__name__}.plot", ax, 4.4, 4.4)
        self.auc_ = float(roc_auc_score(is_target, scores))
        false, true, _ = roc_curve(is_target, scores)
        (self.line_,) = ax.plot(
            false, true, color=BLUE, label=f"held-out rows, AUC {self.auc_:.2f}"
        )
        ax.plot([0, 1], [0, 1], color="#999999", ls="--", label="alike")
        ax.set(xlim=(-0.01, 1.01), ylim=(-0.01, 1.01), aspect="equal")
        ax.set_xlabel("share of training rows taken for target rows")
        ax.set_ylabel("share of target rows found")
        ax.set_title("target told from training rows", size="medium")
        ax.legend(loc="lower right", frameon=False)
        self.ax_, self.figure_ = ax, ax.figure
        return self
