"""Ready-made labelling functions of models: classifiers and neighbours of seeds."""

from dataclasses import dataclass, field
from numbers import Integral, Real
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.neighbors import NearestNeighbors
from sklearn.utils.validation import check_is_fitted

from skdataquality.utils._frames import are_documents
from skdataquality.utils._sklearn import num_samples
from skdataquality.utils._validation import encode_labels
from skdataquality.weak_supervision._functions._function import LabelingFunction
from skdataquality.weak_supervision._functions._rule import Rule, slug


@dataclass(frozen=True, eq=False, repr=False)
class _Classifier(Rule):
    classifier: Any
    min_confidence: float = 0.9
    label: Any = None

    maker = "lf_classifier"

    def __call__(self, X):
        proba = np.asarray(self.classifier.predict_proba(X))
        best = proba.argmax(axis=1)
        labels = np.asarray(self.classifier.classes_)[best].astype(object)
        sure = proba[np.arange(best.size), best] >= self.min_confidence
        if self.label is not None:
            sure &= labels == self.label
        labels[~sure] = None
        return labels


@dataclass(frozen=True, eq=False, repr=False)
class _Neighbors(Rule):
    n_seeds: int
    max_distance: float
    n_neighbors: int = 3
    metric: Any = "euclidean"
    encoder: Any = field(default=None, metadata={"shown": False})
    index: Any = field(default=None, metadata={"shown": False})
    labels: Any = field(default=None, metadata={"shown": False})

    maker = "lf_neighbors"

    def __call__(self, X):
        if self.encoder is not None:
            X = self.encoder.transform(X)
        distance, seed = self.index.kneighbors(X)
        near, voted = distance <= self.max_distance, self.labels[seed]
        # the nearest comes first: those within reach all say what it says
        agree = (~near | (voted == voted[:, :1])).all(axis=1)
        answers = voted[:, 0].copy()
        answers[~(near[:, 0] & agree)] = None
        return answers


def lf_classifier(classifier, *, min_confidence=0.9, label=None, name=None):
    """Make a labelling function of a fitted classifier, where it is sure.

    Parameters
    ----------
    classifier : estimator
        Fitted, with ``predict_proba``; it gets X as it is. A clone of the labelling
        function holds the same one, fitted.
    min_confidence : float in (0, 1], default=0.9
        Least probability of the class that it votes for.
    label : str, int or bool, default=None
        Vote for this class only.
    name : str, default=None
        None is the name of the class of the classifier in small letters, with the
        label.

    Returns
    -------
    labeling_function : LabelingFunction
        It pickles if the classifier does.

    Raises
    ------
    ValueError
        If the classifier is not fitted, has no probabilities or not that label.

    See Also
    --------
    lf_neighbors : From a few rows with labels.

    Notes
    -----
    Wrong where the classifier was fitted on the rows that it votes on: it is sure of
    its own training labels. Fit it on others, or on another task.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from sklearn.linear_model import LogisticRegression
    >>> from skdataquality.weak_supervision import lf_classifier
    >>> X, y = load_iris(return_X_y=True)
    >>> model = LogisticRegression(max_iter=1000).fit(X[::2], y[::2])
    >>> sure = lf_classifier(model, min_confidence=0.95)
    >>> sure(X[[1, 71, 149]])
    array([0, None, None], dtype=object)
    """
    if not hasattr(classifier, "predict_proba") or isinstance(classifier, type):
        raise ValueError(
            f"classifier={classifier!r} has no predict_proba: pass a fitted "
            f"classifier, if need be wrapped in CalibratedClassifierCV."
        )
    try:
        check_is_fitted(classifier)
    except (TypeError, ValueError) as error:  # NotFittedError is a ValueError
        raise ValueError(
            f"classifier={classifier!r} is not fitted: fit it on labelled rows first."
        ) from error
    if not isinstance(min_confidence, Real) or not 0 < float(min_confidence) <= 1:
        raise ValueError(f"min_confidence={min_confidence!r} must lie in (0, 1].")
    known = np.asarray(classifier.classes_).tolist()
    if label is not None and label not in known:
        raise ValueError(
            f"label={label!r} is none of the classes of the classifier, {known[:10]}."
        )
    said = type(classifier).__name__.lower()
    said += "" if label is None else f"_{slug(label)}"
    rule = _Classifier(classifier, float(min_confidence), label)
    return LabelingFunction(rule, name or said, vectorized=True)


def lf_neighbors(
    seeds,
    labels,
    *,
    max_distance,
    n_neighbors=3,
    metric="euclidean",
    encoder=None,
    name="neighbors",
):
    """Make a labelling function that gives rows the label of the seeds near them.

    Of the nearest seeds those within ``max_distance`` count: it votes if there is one
    and they all have the same label, and abstains otherwise.

    Parameters
    ----------
    seeds : {array-like, sparse matrix, data frame} of shape (n_seeds, n_features) or \
            sequence of texts
        A few rows with known labels.
    labels : array-like of shape (n_seeds,)
    max_distance : float
        In the units of the metric; of TF-IDF of texts between 0, for the same words,
        and 1.41, for none in common: about 1 is a start.
    n_neighbors : int, default=3
        Seeds that are looked at; all, if there are fewer.
    metric : str or callable, default="euclidean"
        Of :class:`sklearn.neighbors.NearestNeighbors`.
    encoder : transformer, default=None
        Fitted, makes numbers of rows. None takes numbers as they are; of texts the
        TF-IDF of the words that the seeds hold.
    name : str, default="neighbors"

    Returns
    -------
    labeling_function : LabelingFunction
        It pickles.

    Raises
    ------
    ValueError
        If seeds and labels differ in number, or the distance is no positive number.

    See Also
    --------
    lf_classifier : From a model.

    Notes
    -----
    Columns of different units need an encoder that scales them. Wrong where seeds are
    not typical: in many dimensions most rows are far from any.

    Examples
    --------
    >>> from skdataquality.weak_supervision import lf_neighbors
    >>> seeds = ["win free money", "lovely song"]
    >>> near = lf_neighbors(seeds, ["spam", "ham"], max_distance=1)
    >>> near
    lf_neighbors(n_seeds=2, max_distance=1, n_neighbors=2)
    >>> near(["free money here", "a song", "hello"])
    array(['spam', 'ham', None], dtype=object)
    """
    classes, codes = encode_labels(labels, name="labels")
    if num_samples(seeds) != codes.size:
        raise ValueError(
            f"seeds has {num_samples(seeds)} rows and labels has {codes.size}: pass "
            f"one label for each seed."
        )
    is_number = isinstance(max_distance, Real) and not isinstance(max_distance, bool)
    if not is_number or not max_distance > 0:
        raise ValueError(f"max_distance={max_distance!r} must be a number above 0.")
    if not isinstance(n_neighbors, Integral) or n_neighbors < 1:
        raise ValueError(f"n_neighbors={n_neighbors!r} must be a whole number from 1.")
    if encoder is None and are_documents(seeds):
        encoder = TfidfVectorizer(sublinear_tf=True).fit(seeds)
    rows = seeds if encoder is None else encoder.transform(seeds)
    n_neighbors = min(int(n_neighbors), codes.size)
    index = NearestNeighbors(n_neighbors=n_neighbors, metric=metric).fit(rows)
    labels = classes[codes].astype(object)
    rule = _Neighbors(
        codes.size, max_distance, n_neighbors, metric, encoder, index, labels
    )
    return LabelingFunction(rule, name, vectorized=True)
