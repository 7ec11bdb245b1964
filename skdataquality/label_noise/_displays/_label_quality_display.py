"""How good the labels of each class look: :class:`LabelQualityDisplay`."""

import numpy as np

from skdataquality.label_noise._classes import check_at_least_one
from skdataquality.label_noise._displays._fitted import check_fitted_detector
from skdataquality.label_noise._flags import find_label_issues, label_quality_scores
from skdataquality.report._figures import BLUE, ORANGE, new_or_given_axes, short_names
from skdataquality.utils._validation import check_same_length, encode_labels

GOLDEN = (5**0.5 - 1) / 2  # multiples of it spread evenly, however many
CROWD = 1000  # dots; more are drawn smaller and paler
BAND = 0.5  # of the space between two classes


class LabelQualityDisplay:
    """Distribution of label quality in each class, with the flagged rows as dots.

    Boxes hold the middle half of a class, with its median; whiskers its 5 % and 95 %
    quantiles. Classes of lowest median come first.

    Make it by :meth:`from_estimator` or :meth:`from_predictions`. All parameters are
    stored as attributes.

    Parameters
    ----------
    sample_scores : array-like of shape (n_samples,)
        Label quality in [0, 1], higher is better; rows with NaN are left out.
    y : array-like of shape (n_samples,)
        Given labels.
    issue_mask : array-like of shape (n_samples,), bool, default=None
        Flagged rows; None flags none.

    Attributes
    ----------
    shown_classes_ : ndarray of shape (n_shown,)
        Labels drawn, from the top.
    boxes_ : dict of lists of matplotlib Line2D
        As returned by ``Axes.boxplot``.
    points_ : matplotlib PathCollection
        The flagged rows.
    ax_ : matplotlib Axes
    figure_ : matplotlib Figure

    See Also
    --------
    class_health : Estimated numbers of wrong labels by class.

    Notes
    -----
    Low scores in the whole class mean that the model does not know it, not that its
    labels are wrong; look for a tail or a second group apart from the box.

    Examples
    --------
    >>> import matplotlib
    >>> matplotlib.use("agg")
    >>> from sklearn.datasets import load_iris
    >>> from sklearn.linear_model import LogisticRegression
    >>> from skdataquality.label_noise import LabelErrorDetector, LabelQualityDisplay
    >>> X, y = load_iris(return_X_y=True)
    >>> detector = LabelErrorDetector(
    ...     LogisticRegression(max_iter=1000), random_state=0
    ... ).fit(X, y)
    >>> display = LabelQualityDisplay.from_estimator(detector, y)
    >>> display.figure_.savefig("quality.png")  # doctest: +SKIP
    """

    def __init__(self, sample_scores, y, issue_mask=None):
        self.sample_scores = sample_scores
        self.y = y
        self.issue_mask = issue_mask

    @classmethod
    def from_estimator(cls, detector, y, **options):
        """Draw the scores and flags of a fitted detector.

        Parameters
        ----------
        detector : fitted LabelErrorDetector
            Or any detector with ``sample_scores_`` and ``issue_mask_``.
        y : array-like of shape (n_samples,)
            The labels it was fitted with.
        **options : dict
            Passed to :meth:`plot`.

        Returns
        -------
        display : LabelQualityDisplay

        Raises
        ------
        NotFittedError
            If the detector is not fitted.
        ValueError
            If it has no scores, or `y` is not as long as they.
        """
        caller = f"{cls.__name__}.from_estimator"
        check_fitted_detector(detector, caller, "sample_scores_", "issue_mask_")
        return cls(detector.sample_scores_, y, detector.issue_mask_).plot(**options)

    @classmethod
    def from_predictions(
        cls,
        y,
        pred_proba,
        *,
        classes=None,
        method="normalized_margin",
        filter_by="excess_disagreement",
        **options,
    ):
        """Draw the scores and flags of labels and probabilities.

        Parameters
        ----------
        y : array-like of shape (n_samples,)
            Given labels.
        pred_proba : array-like of shape (n_samples, n_classes)
            Out-of-sample class probabilities, columns in the order of `classes`.
        classes : array-like of shape (n_classes,), default=None
            None takes the sorted labels in `y`.
        method : str, default="normalized_margin"
            Score of :func:`label_quality_scores`.
        filter_by : str, default="excess_disagreement"
            Rule of :func:`find_label_issues`.
        **options : dict
            Passed to :meth:`plot`.

        Returns
        -------
        display : LabelQualityDisplay
        """
        scores = label_quality_scores(y, pred_proba, classes=classes, method=method)
        mask = find_label_issues(y, pred_proba, classes=classes, filter_by=filter_by)
        return cls(scores, y, mask).plot(**options)

    def plot(self, *, max_classes=20, ax=None):
        """Draw one box per class.

        Parameters
        ----------
        max_classes : int, default=20
            Of more classes only those of lowest median are drawn.
        ax : matplotlib Axes, default=None
            None makes a new figure, higher for more classes.

        Returns
        -------
        display : LabelQualityDisplay
            Itself.
        """
        check_at_least_one("max_classes", max_classes)
        classes, codes, scores, flagged = self._checked()
        size = np.bincount(codes)
        groups = np.split(scores[np.lexsort((scores, codes))], np.cumsum(size)[:-1])
        medians = [(g[(g.size - 1) // 2] + g[g.size // 2]) / 2 for g in groups]
        shown = np.argsort(medians, kind="stable")[:max_classes]
        self.shown_classes_ = classes[shown]
        height = max(2.6, 1.5 + 0.36 * shown.size)
        ax = new_or_given_axes(f"{type(self).__name__}.plot", ax, 6.4, height)
        self.boxes_ = _draw_boxes(ax, [groups[code] for code in shown])
        self.points_ = _draw_flagged(ax, shown, codes[flagged], scores[flagged])
        names = short_names(self.shown_classes_)
        ax.set_yticks(
            np.arange(shown.size),
            labels=[f"{t} ({size[c]:,})" for t, c in zip(names, shown, strict=True)],
        )
        ax.set(
            xlim=(-0.02, 1.02),
            ylim=(shown.size - 0.5, -0.5),
            xlabel="label quality (higher is better)",
            ylabel="given label (rows)",
        )
        ax.set_title(_title(flagged, shown.size, classes.size), size="medium")
        ax.grid(axis="x", color="#E6E6E6")
        ax.set_axisbelow(True)
        self.ax_, self.figure_ = ax, ax.figure
        return self

    def _checked(self):
        """Labels present, their codes, scores and flags of the rows with a score."""
        scores = np.asarray(self.sample_scores, dtype=float)
        mask = self.issue_mask
        flagged = np.zeros(scores.shape, bool) if mask is None else np.asarray(mask)
        check_same_length(y=self.y, sample_scores=scores, issue_mask=flagged)
        if flagged.dtype != bool:
            raise ValueError(
                f"issue_mask has dtype {flagged.dtype}: pass booleans, one per row."
            )
        scored = ~np.isnan(scores)
        if not scored.any():
            raise ValueError("sample_scores is NaN in every row: no row has a score.")
        classes, codes = encode_labels(self.y)
        present, codes = np.unique(codes[scored], return_inverse=True)
        return classes[present], codes, scores[scored], flagged[scored]


def _draw_boxes(ax, groups):
    line = {"color": BLUE, "linewidth": 1.2}
    return ax.boxplot(
        groups,
        orientation="horizontal",
        positions=np.arange(len(groups)),
        widths=0.62,
        whis=(5, 95),
        showfliers=False,
        patch_artist=True,
        boxprops={"facecolor": "#D6E6F2", "edgecolor": BLUE, "linewidth": 1.2},
        medianprops={"color": BLUE, "linewidth": 2.2},
        whiskerprops=line,
        capprops=line,
        manage_ticks=False,
    )


def _draw_flagged(ax, shown, codes, scores):
    """Dots, spread across the band of their class so that they do not hide others."""
    place = {code: i for i, code in enumerate(shown.tolist())}
    drawn = np.isin(codes, shown)
    rows = np.array([place[code] for code in codes[drawn].tolist()], dtype=float)
    spread = (np.arange(rows.size) * GOLDEN % 1 - 0.5) * BAND
    crowd = max(1, rows.size / CROWD) ** 0.5
    return ax.scatter(
        scores[drawn],
        rows + spread,
        s=max(12 / crowd, 1),
        color=ORANGE,
        alpha=max(0.8 / crowd, 0.1),
        linewidths=0,
        zorder=3,
        rasterized=crowd > 1,
    )


def _title(flagged, n_shown, n_classes):
    title = (
        f"{np.count_nonzero(flagged):,} of {flagged.size:,} labels are flagged (dots)"
    )
    if n_shown < n_classes:
        title += f"\n{n_shown} classes of lowest quality of {n_classes:,}"
    return title
