"""What a scorer says of decisions: of many confusion matrices, or of labels by row."""

import numpy as np
from sklearn.dummy import DummyClassifier
from sklearn.metrics import check_scoring

from skdataquality.utils._scoring import (
    PositiveClassError,
    count_cells,
    name_positive_class,
    scores_of_cells,
)
from skdataquality.utils._sklearn import metric_of, response_method_of, takes_weight

FEWEST_POSITIONS, MOST_POSITIONS = 50, 2000  # of one offset of several, in one sweep
MOST_NUMBERS = 2_000_000  # in the confusion matrices that are held at once


class DecisionScore:
    """A scorer of labels, made ready for the decisions of many offsets.

    Metrics that take ``sample_weight`` are functions of the confusion matrix; those
    with a formula take many matrices at once. Others, and functions of an estimator,
    get labels row by row, every row alike.

    Parameters
    ----------
    scoring : str or callable
        As of scikit-learn: a name, a scorer by ``make_scorer``, or a function of
        ``(estimator, X, y)``, which may ask for ``predict`` only.
    classes : ndarray of shape (n_classes,)

    Raises
    ------
    ValueError
        If it needs probabilities, or does not say which class it is about.
    """

    def __init__(self, scoring, classes):
        self.scorer = _as_scorer(scoring, classes)
        self.classes = classes
        self.metric = metric_of(self.scorer)
        self.has_cells = self.metric is not None and takes_weight(self.scorer)
        self.has_formula = (
            self.has_cells and self._by_formula(np.eye(classes.size)[None]) is not None
        )

    @property
    def most_positions(self):
        """How many values of one offset may be compared at once."""
        if not self.has_formula:
            return FEWEST_POSITIONS
        room = MOST_NUMBERS // self.classes.size**2
        most = room if self.classes.size == 2 else MOST_POSITIONS
        return int(np.clip(room, FEWEST_POSITIONS, most))

    def of_cells(self, cells):
        """Score confusion matrices of shape (n, n_classes, n_classes); higher = better.

        A score that is not defined is -inf.
        """
        if self.has_formula:
            scores = self._by_formula(cells)
        else:
            scores = np.array([self._one_by_one(matrix) for matrix in cells])
        return np.where(np.isnan(scores), -np.inf, scores)

    def of_rows(self, codes, decided, weight):
        """Score the decisions of rows, codes of classes."""
        if self.has_cells:
            shape = (self.classes.size, self.classes.size)
            cells = count_cells(shape, codes, decided, weights=weight).astype(float)
            return float(self.of_cells(cells[None])[0])
        labels, said = self.classes[codes], self.classes[decided]
        if self.metric is not None:
            func, sign, kwargs = self.metric
            return float(sign * func(labels, said, **kwargs))
        return float(
            self.scorer(_Decided(said), np.arange(codes.size)[:, None], labels)
        )

    def _by_formula(self, cells):
        func, sign, kwargs = self.metric
        scores = scores_of_cells(func, kwargs, self.classes, self.classes, cells)
        return None if scores is None else sign * scores

    def _one_by_one(self, matrix):
        func, sign, kwargs = self.metric
        true, said = np.nonzero(matrix)
        weight = matrix[true, said]
        labels = self.classes[true], self.classes[said]
        return sign * func(*labels, sample_weight=weight, **kwargs)


class _Decided:
    """Stands for a classifier that has said what it has to say."""

    def __init__(self, labels):
        self.labels = labels

    def predict(self, X):
        return self.labels

    def __getattr__(self, name):
        if name.startswith(("predict_", "decision_")):
            raise ValueError(
                f"scoring asks for {name}, but offsets are tuned for decisions: pass a "
                f"scorer of predict, such as 'balanced_accuracy' or 'f1_macro'."
            )
        raise AttributeError(name)


def _as_scorer(scoring, classes):
    try:
        told, _ = name_positive_class(scoring, classes, None)
    except PositiveClassError as error:
        said = str(error).split(": say which")[0]
        if said == str(error):
            raise ValueError(said) from error
        raise ValueError(
            f"{said}: say which, with make_scorer(metric, "
            f"pos_label={classes.tolist()[-1]!r})."
        ) from error
    scorer = check_scoring(DummyClassifier(), scoring=told)
    if metric_of(scorer) is not None and response_method_of(scorer) != "predict":
        raise ValueError(
            f"scoring={scoring!r} needs probabilities or scores, which offsets leave "
            f"as they are: pass a metric of decisions, such as 'balanced_accuracy' or "
            f"'f1_macro'."
        )
    return scorer
