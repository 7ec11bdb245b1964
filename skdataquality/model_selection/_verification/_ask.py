"""Whether a comparison can be verified: its question, or why there is none."""

import numpy as np
from sklearn.base import is_classifier

from skdataquality.model_selection._influence import takes_weights
from skdataquality.model_selection._verification._answers import check_answers
from skdataquality.model_selection._verification._question import Question
from skdataquality.utils._validation import encode_labels

_NUMBERS = (
    "verified labels settle comparisons of classifiers with one label a row only, and "
    "here y holds numbers (or several labels a row): compare on y as it is given."
)


def classes_of(estimator, y):
    """Return the sorted classes, None if the candidates are no classifiers."""
    if not is_classifier(estimator):
        return None
    try:
        return encode_labels(y)[0]
    except ValueError:  # the candidates say what is wrong with y, if they mind
        return None


def check_verified(verified, y, classes):
    """Raise before anything is fitted if verified labels are of no use."""
    if verified is None:
        return
    if classes is None:
        raise ValueError(_NUMBERS)
    check_answers(verified, np.asarray(y))


def question_of(y, classes, functions, predictions, splits, weights=None, **more):
    """Return the question of a comparison, None if it has no classes."""
    if classes is None:
        return None
    of_metrics = {}
    if weights is not None:
        of_metrics = {
            metric: weights / weights.mean()
            for metric, function in functions.items()
            if function is not None and takes_weights(function[0], function[2])
        }
    return Question(
        np.asarray(y), functions, predictions, splits, weights=of_metrics, **more
    )


def question_for(question):
    """Return the question if there is one that can be asked."""
    if question is None:
        raise ValueError(_NUMBERS)
    if not question.predictions:
        raise ValueError(
            "no predictions of held-out rows were kept: pass cv=None, an int or a "
            "splitter that holds out every row equally often, and a scorer by name."
        )
    return question
