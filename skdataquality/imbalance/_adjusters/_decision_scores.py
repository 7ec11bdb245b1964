"""What a scorer says of decisions: of many confusion matrices, or of labels by row."""

import warnings
from numbers import Real

import numpy as np
from sklearn.dummy import DummyClassifier
from sklearn.exceptions import UndefinedMetricWarning
from sklearn.metrics import check_scoring

from skdataquality.utils._printable import printable
from skdataquality.utils._scoring import (
    PositiveClassError,
    count_cells,
    name_positive_class,
    scores_of_cells,
)
from skdataquality.utils._sklearn import metric_of, response_method_of, takes_weight

FEWEST_POSITIONS, MOST_POSITIONS = 50, 2000  # of one offset of several, in one sweep
_CURE = (
    "Pass a metric of decisions that is one number, such as 'balanced_accuracy' or "
    "'f1_macro'"
)
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
        self.scoring = scoring
        self.scorer = _as_scorer(scoring, classes)
        self.classes = classes
        self.metric = metric_of(self.scorer)
        if self.metric is not None:
            self._check_metric()
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
            return self._defined(self._of_labels(labels, said))
        try:
            value = self.scorer(
                _Decided(said, self.classes), _Unread(codes.size), labels
            )
        except AttributeError as error:
            raise ValueError(
                f"scoring asks for more than predict and classes_: {error}. {_CURE}."
            ) from error
        return self._defined(value)

    def _by_formula(self, cells):
        func, sign, kwargs = self.metric
        scores = scores_of_cells(func, kwargs, self.classes, self.classes, cells)
        return None if scores is None else sign * scores

    def _one_by_one(self, matrix):
        true, said = np.nonzero(matrix)
        weight = matrix[true, said]
        return self._of_labels(
            self.classes[true], self.classes[said], sample_weight=weight
        )

    def _of_labels(self, labels, said, **weight):
        func, sign, kwargs = self.metric
        with warnings.catch_warnings():  # such decisions are not taken
            warnings.simplefilter("ignore", UndefinedMetricWarning)
            return sign * func(labels, said, **weight, **kwargs)

    def _check_metric(self):
        """Refuse a metric that cannot score even right decisions."""
        kwargs = self.metric[2]
        positive, known = kwargs.get("pos_label"), self.classes.tolist()
        named = kwargs.get("labels") if positive is None else [positive]
        if named is not None and not any(label in known for label in named):
            raise ValueError(
                f"scoring={self.scoring!r} is about {printable(str(list(named)))}, and "
                f"y has the classes {printable(str(known[:10]))}: name these."
            )
        try:
            value = self._of_labels(self.classes, self.classes)
        except (TypeError, ValueError) as error:
            raise ValueError(
                f"scoring={self.scoring!r} does not fit the classes "
                f"{printable(str(known[:10]))} "
                f"({printable(str(error).splitlines()[0][:120])}). {_CURE}."
            ) from error
        self._defined(value)

    def _defined(self, value):
        if not isinstance(value, Real):
            raise ValueError(
                f"scoring={self.scoring!r} returns a {type(value).__name__}, not a "
                f"number. {_CURE}."
            )
        score = float(value)
        return -np.inf if np.isnan(score) else score


class _Decided:
    """Stands for a classifier that has said what it has to say."""

    def __init__(self, labels, classes):
        self.labels = labels
        self.classes_ = classes

    def predict(self, X):
        return self.labels

    def __getattr__(self, name):
        if name.startswith(("predict_", "decision_")):
            raise ValueError(
                f"scoring asks for {name}, but offsets are tuned for decisions. "
                f"{_CURE}."
            )
        raise AttributeError(name)


class _Unread:
    """Stands for X, which is not at hand where many offsets are compared."""

    def __init__(self, n_rows):
        self._n_rows = n_rows

    def __len__(self):
        return self._n_rows

    def _refuse(self, *args, **kwargs):
        raise ValueError(
            f"scoring reads X, but offsets are tuned for labels and decisions alone. "
            f"{_CURE}; what single rows cost goes into sample_weight."
        )

    __getitem__ = __iter__ = __array__ = _refuse

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        self._refuse()


def _as_scorer(scoring, classes):
    try:
        told, _ = name_positive_class(scoring, classes, None)
    except PositiveClassError as error:
        full = str(error).replace("scoring='score'", f"scoring={scoring!r}")
        said = full.split(": say which")[0]
        if said == full:
            raise ValueError(said) from error
        raise ValueError(
            f"{said}: say which, with make_scorer(metric, "
            f"pos_label={classes.tolist()[-1]!r})."
        ) from error
    told = told[scoring] if isinstance(told, dict) else told
    scorer = check_scoring(DummyClassifier(), scoring=told)
    if metric_of(scorer) is not None and response_method_of(scorer) != "predict":
        raise ValueError(
            f"scoring={scoring!r} needs probabilities or scores, which offsets leave "
            f"as they are. {_CURE}."
        )
    return scorer
