"""Any scorer on predictions that are known, with a weight for each row and label."""

import inspect
import warnings

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.exceptions import UndefinedMetricWarning
from sklearn.metrics import get_scorer, get_scorer_names

from skdataquality.utils._sklearn import lacks, takes_weight

N_BLOCKS = 20  # left out in turn


class _Known:
    """Answers from a table of predictions: what it is asked about are its rows."""

    def fit(self, X, y):
        return self

    def __sklearn_is_fitted__(self):
        return True


class _KnownClassifier(_Known, ClassifierMixin, BaseEstimator):
    def __init__(self, classes=None):
        self.classes = classes

    @property
    def classes_(self):
        return self.classes

    def predict(self, X):
        return self.classes[X.argmax(axis=1)]

    def predict_proba(self, X):
        return X


class _KnownRegressor(_Known, RegressorMixin, BaseEstimator):
    def predict(self, X):
        return X[:, 0]


class KnownScore:
    """Score of known predictions, for weights that say how likely each label is.

    Parameters
    ----------
    scoring : str or callable
        Scorer that takes ``sample_weight``; greater is better.
    classes : ndarray of shape (n_classes,) or None
        None for numbers.

    Raises
    ------
    ValueError
        If there is no such scorer, or it cannot weight rows.
    """

    def __init__(self, scoring, classes=None):
        self.classes = classes
        self.scorer = _scorer(scoring)
        self.name = scoring if isinstance(scoring, str) else _name(self.scorer)
        self._model = (
            _KnownRegressor() if classes is None else _KnownClassifier(classes)
        )
        if not takes_weight(self.scorer):
            raise ValueError(
                f"scoring={self.name!r} takes no sample_weight, so rows cannot count "
                f"by how likely they are: pass a scorer of a metric that does, as in "
                f"make_scorer(accuracy_score)."
            )
        if missing := lacks(self.scorer, self._model):
            raise ValueError(
                f"scoring={self.name!r} needs {missing}, which predictions that are "
                f"known lack: pass a scorer of predict or predict_proba."
            )

    def of_labels(self, proba, weights, *, strict=True):
        """Score probabilities, (n, k); weights, (n, k), of each row with each label.

        Where these labels, of which some may be absent, have no score it is NaN, if not
        ``strict``.
        """
        rows, codes = np.nonzero(weights > 0)
        try:
            return self._score(proba[rows], self.classes[codes], weights[rows, codes])
        except ValueError:
            if strict:
                raise
            return np.nan

    def of_numbers(self, prediction, y, weights):
        """Score predicted numbers, (n,), of rows with weights, (n,)."""
        return self._score(prediction[:, None], y, weights)

    def _score(self, rows, y, weights):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", UndefinedMetricWarning)
                score = self.scorer(self._model, rows, y, sample_weight=weights)
        except ValueError as error:
            raise ValueError(
                f"scoring={self.name!r} does not fit these labels "
                f"({str(error).splitlines()[0][:120]}): name the positive class or an "
                f"average, as in make_scorer(f1_score, pos_label=...)."
            ) from error
        return float(score)


def jackknife_error(score, n_rows):
    """Return the standard error of ``score(kept)``, kept a mask, by omitting blocks.

    NaN where the score is not defined without some of the rows.
    """
    blocks = np.arange(n_rows) % min(N_BLOCKS, n_rows)
    n_blocks = int(blocks.max()) + 1
    if n_blocks < 2:
        return np.nan
    without = np.array([score(blocks != block) for block in range(n_blocks)])
    spread = np.square(without - without.mean()).sum()
    return float(np.sqrt((n_blocks - 1) / n_blocks * spread))


def _scorer(scoring):
    if inspect.isfunction(scoring) and scoring.__module__.startswith("sklearn."):
        name = scoring.__name__
        raise ValueError(
            f"scoring={name} is a metric of labels, and a scorer of a model is needed: "
            f"pass make_scorer({name})."
        )
    if callable(scoring):
        return scoring
    if not isinstance(scoring, str) or scoring not in get_scorer_names():
        raise ValueError(
            f"scoring={scoring!r} is no scorer of scikit-learn: pass one of "
            f"sklearn.metrics.get_scorer_names(), or what make_scorer returns."
        )
    return get_scorer(scoring)


def _name(scorer):
    func = getattr(scorer, "_score_func", scorer)
    return getattr(func, "__name__", type(func).__name__)
