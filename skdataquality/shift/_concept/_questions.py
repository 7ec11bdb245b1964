"""What is asked of labels: a score of the model, and y as numbers, for each class."""

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from skdataquality.shift._concept._labelled import (
    as_quantities,
    class_probabilities,
    label_codes,
    predicted_numbers,
)
from skdataquality.shift._ratios import clipped_logit
from skdataquality.utils._validation import encode_labels

FEWEST_OF_CLASS = 5  # rows of each side, and of the other classes


@dataclass(frozen=True)
class Question:
    """About the probability of one class, or the mean of numbers.

    Attributes
    ----------
    label : object
        The class, or None for numbers.
    score, one_model : ndarray of shape (n_samples + n_labelled,)
        Of the mean model of the folds, and of one model of a fold for each target row,
        which errs as far as the one that has not seen a training row does.
    y : ndarray of float
        1 for rows of the class and 0 for others, or the numbers.
    codes : ndarray of int or None
        All classes, -1 for one that no training row has.
    code : int or None
        That of the label.
    """

    label: Any
    score: np.ndarray
    one_model: np.ndarray
    y: np.ndarray
    codes: np.ndarray | None = None
    code: int | None = None

    @property
    def usable(self):
        """Mask of the rows with a score and a known class."""
        scored = np.isfinite(self.score) & np.isfinite(self.one_model)
        return scored if self.codes is None else scored & (self.codes >= 0)

    def of(self, rows):
        """Return the same of some rows."""
        return replace(
            self,
            score=self.score[rows],
            one_model=self.one_model[rows],
            y=self.y[rows],
            codes=None if self.codes is None else self.codes[rows],
        )

    def can_be_asked(self, is_target):
        """Whether each side has rows of the class and of others."""
        if self.codes is None:
            return True
        sizes = [self.y[is_target == side] for side in (0, 1)]
        return all(min(y.sum(), y.size - y.sum()) >= FEWEST_OF_CLASS for y in sizes)


def number_question(data, estimator, *, oof=None, **running):
    """Return the one question about numbers, and no unknown label."""
    if oof is not None:
        raise ValueError("oof holds class probabilities, but y holds numbers: omit it.")
    data = as_quantities(data)
    ours, new = predicted_numbers(data, estimator, **running)
    score = np.r_[ours, new.mean(axis=0)]
    return [Question(None, score, score, np.r_[data.y, data.y_target])], {}


def class_questions(data, estimator, *, oof=None, random_state=0, **running):
    """Return a question for each class (one for two), and how often labels are new."""
    oof, new_proba = class_probabilities(
        data, estimator, oof=oof, random_state=random_state, **running
    )
    classes, ours = encode_labels(data.y, classes=oof.classes)
    theirs = label_codes(data.y_target, classes)
    # the mean over the folds has exactly the mean of their residuals
    mean = new_proba.mean(axis=0)
    single = _of_one_model(new_proba, random_state)
    codes = np.r_[ours, theirs]
    asked = range(1, 2) if classes.size == 2 else range(classes.size)
    questions = [
        Question(
            label=classes[code : code + 1].tolist()[0],
            score=clipped_logit(np.r_[oof.proba[:, code], mean[:, code]]),
            one_model=clipped_logit(np.r_[oof.proba[:, code], single[:, code]]),
            y=(codes == code).astype(float),
            codes=codes,
            code=code,
        )
        for code in asked
    ]
    return questions, dict(Counter(data.y_target[theirs < 0].tolist()))


def _of_one_model(new_proba, random_state):
    n_models, n_rows = new_proba.shape[:2]
    model = np.random.default_rng(random_state).permutation(n_rows) % n_models
    return new_proba[model, np.arange(n_rows)]
