"""Which labels are given to which classes: :class:`ConfidentJointDisplay`."""

import numpy as np

from skdataquality.label_noise._classes import (
    check_at_least_one,
    check_joint,
    check_joint_classes,
    classes_and_joint,
)
from skdataquality.label_noise._displays._fitted import check_fitted_detector
from skdataquality.report._figures import new_or_given_axes, short_names

DIAGONAL = "#E6E6E6"
MOST_WITH_NUMBERS = 30  # classes


class ConfidentJointDisplay:
    """Heat map of given labels against estimated true classes.

    Colours show the wrong labels, off the diagonal; the right ones on it are so many
    that they would hide them, and are grey.

    Make it by :meth:`from_estimator` or :meth:`from_predictions`. All parameters are
    stored as attributes.

    Parameters
    ----------
    confident_joint : array-like of shape (n_classes, n_classes)
        Counts of :func:`confident_joint`; rows are given labels, columns true classes.
    display_labels : array-like of shape (n_classes,), default=None
        Names of the classes; None numbers them.

    Attributes
    ----------
    shown_classes_ : ndarray of shape (n_shown,), int
        Rows of `confident_joint` that are drawn.
    im_ : matplotlib AxesImage
    text_ : list of matplotlib Text
        The numbers; empty without.
    ax_ : matplotlib Axes
    figure_ : matplotlib Figure

    See Also
    --------
    confusing_pairs : The same as a table, with example rows.

    Notes
    -----
    The counts trust the model. This is not its confusion matrix: rows of which it is
    not confident do not count.

    Examples
    --------
    >>> import matplotlib
    >>> matplotlib.use("agg")
    >>> from sklearn.datasets import load_iris
    >>> from sklearn.linear_model import LogisticRegression
    >>> from skdataquality.label_noise import ConfidentJointDisplay, LabelErrorDetector
    >>> X, y = load_iris(return_X_y=True)
    >>> detector = LabelErrorDetector(
    ...     LogisticRegression(max_iter=1000), random_state=0
    ... ).fit(X, y)
    >>> display = ConfidentJointDisplay.from_estimator(detector)
    >>> display.figure_.savefig("joint.png")  # doctest: +SKIP
    """

    def __init__(self, confident_joint, *, display_labels=None):
        self.confident_joint = confident_joint
        self.display_labels = display_labels

    @classmethod
    def from_estimator(cls, detector, *, display_labels=None, **options):
        """Draw what a fitted detector counted.

        Parameters
        ----------
        detector : fitted LabelErrorDetector
        display_labels : array-like of shape (n_classes,), default=None
            None takes ``detector.classes_``.
        **options : dict
            Passed to :meth:`plot`.

        Returns
        -------
        display : ConfidentJointDisplay

        Raises
        ------
        NotFittedError
            If the detector is not fitted.
        ValueError
            If it has no ``confident_joint_``.
        """
        caller = f"{cls.__name__}.from_estimator"
        check_fitted_detector(detector, caller, "confident_joint_", "classes_")
        labels = detector.classes_ if display_labels is None else display_labels
        return cls(detector.confident_joint_, display_labels=labels).plot(**options)

    @classmethod
    def from_predictions(
        cls, y, pred_proba, *, classes=None, display_labels=None, **options
    ):
        """Draw the confident joint of labels and probabilities.

        Parameters
        ----------
        y : array-like of shape (n_samples,)
            Given labels.
        pred_proba : array-like of shape (n_samples, n_classes)
            Out-of-sample class probabilities, columns in the order of `classes`.
        classes : array-like of shape (n_classes,), default=None
            None takes the sorted labels in `y`.
        display_labels : array-like of shape (n_classes,), default=None
            None takes the classes.
        **options : dict
            Passed to :meth:`plot`.

        Returns
        -------
        display : ConfidentJointDisplay
        """
        labels, joint = classes_and_joint(y, pred_proba, classes)
        labels = labels if display_labels is None else display_labels
        return cls(joint.toarray(), display_labels=labels).plot(**options)

    def plot(
        self,
        *,
        max_classes=20,
        include_values=None,
        cmap="Blues",
        xticks_rotation=None,
        colorbar=True,
        ax=None,
    ):
        """Draw the heat map.

        Parameters
        ----------
        max_classes : int, default=20
            Of more classes only those with the most wrong labels in their row and
            column are drawn, in the order of the classes.
        include_values : bool, default=None
            Write the counts; None does so for 30 classes or fewer, and leaves out 0.
        cmap : str or matplotlib Colormap, default="Blues"
        xticks_rotation : float or {"vertical", "horizontal"}, default=None
            None turns long names by 45 degrees.
        colorbar : bool, default=True
        ax : matplotlib Axes, default=None
            None makes a new figure, larger for more classes.

        Returns
        -------
        display : ConfidentJointDisplay
            Itself.
        """
        check_at_least_one("max_classes", max_classes)
        joint = check_joint(self.confident_joint)
        labels = check_joint_classes(
            self.display_labels, joint.shape[0], name="display_labels"
        )
        self.shown_classes_ = _most_confused(joint, max_classes)
        counts = joint[np.ix_(self.shown_classes_, self.shown_classes_)]
        names = short_names(labels[self.shown_classes_])
        side = max(3.8, 0.4 * counts.shape[0] + 0.08 * max(map(len, names)) + 1.5)
        ax = new_or_given_axes(f"{type(self).__name__}.plot", ax, side + 1, side)
        self._draw(ax, counts, cmap, colorbar)
        if include_values is None:
            include_values = counts.shape[0] <= MOST_WITH_NUMBERS
        self.text_ = self._write(ax, counts) if include_values else []
        _name_ticks(ax, names, xticks_rotation)
        ax.set(
            xlabel="estimated true class",
            ylabel="given label",
        )
        ax.set_title(_title(joint, counts.shape[0]), size="medium")
        self.ax_, self.figure_ = ax, ax.figure
        return self

    def _draw(self, ax, counts, cmap, colorbar):
        from matplotlib import colormaps

        colours = colormaps[cmap] if isinstance(cmap, str) else cmap
        wrong = np.ma.masked_array(counts, mask=np.eye(counts.shape[0], dtype=bool))
        self.im_ = ax.imshow(
            wrong,
            cmap=colours.with_extremes(bad=DIAGONAL),
            vmin=0,
            vmax=max(1, wrong.filled(0).max()),
            interpolation="nearest",
        )
        if colorbar:
            label = "wrong labels (expected rows)"
            ax.figure.colorbar(self.im_, ax=ax, label=label, fraction=0.046, pad=0.04)

    def _write(self, ax, counts):
        from matplotlib.ticker import EngFormatter

        brief = EngFormatter(places=1, sep="")
        size = 10 if counts.shape[0] <= 12 else 8
        texts = []
        for i, j in np.argwhere(counts):
            n = int(counts[i, j])
            text = str(n) if n < 10_000 else brief(n)
            red, green, blue, _ = self.im_.to_rgba(n)
            dark = i != j and 0.3 * red + 0.59 * green + 0.11 * blue < 0.5
            colour = "white" if dark else "black"
            texts.append(
                ax.text(j, i, text, ha="center", va="center", color=colour, size=size)
            )
        return texts


def _most_confused(joint, max_classes):
    wrong = joint.sum(axis=0) + joint.sum(axis=1) - 2 * joint.diagonal()
    return np.sort(np.argsort(-wrong, kind="stable")[:max_classes])


def _name_ticks(ax, names, rotation):
    if rotation is None:
        rotation = 45 if max(map(len, names)) > 3 else "horizontal"
    places = np.arange(len(names))
    ax.set_xticks(places, labels=names, rotation=rotation)
    ax.set_yticks(places, labels=names)
    if rotation not in ("vertical", "horizontal", 0, 90):
        for label in ax.get_xticklabels():
            label.set(ha="right", rotation_mode="anchor")


def _title(joint, n_shown):
    total = joint.sum()
    title = f"{total - np.trace(joint):,} of {total:,} labels look wrong\n"
    title += "model-based, by the confident joint"
    if n_shown < joint.shape[0]:
        title += f"; {n_shown} most confused of {joint.shape[0]:,} classes"
    return title
