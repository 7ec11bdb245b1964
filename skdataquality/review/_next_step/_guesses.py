"""What a model that did not see a row says of its label: :func:`guess_labels`."""

from dataclasses import dataclass

import numpy as np

from skdataquality.review._next_step._true_labels import TrueLabels, fit_true_labels
from skdataquality.utils._draws import draw_seed
from skdataquality.utils._duplicate_rows import repeated_rows
from skdataquality.utils._folds import out_of_fold


@dataclass(frozen=True, eq=False)
class Guesses:
    """What is thought of the labels.

    Attributes
    ----------
    true_labels : TrueLabels
    place : ndarray of shape (n_samples,), int
        Of each row in the order of review, most doubtful first; verified ones last.
    """

    true_labels: TrueLabels
    place: np.ndarray


def guess_labels(model, X, classes, codes, verdicts, *, cv, n_jobs, rng):
    """Predict out of fold twice, the second time without rows that look wrong.

    Models of the first round learned from wrong labels, and are less sure than those
    that rows with right labels would make. The review goes by the first.
    """
    shared = {
        "cv": cv,
        "duplicate_groups": repeated_rows(X),
        "n_jobs": n_jobs,
    }
    trusted = None
    if verdicts.is_wrong.any():
        trusted = ~verdicts.is_wrong
    first = out_of_fold(
        model,
        X,
        classes[codes],
        trusted=trusted,
        random_state=draw_seed(rng),
        **shared,
    )
    thought = _true_labels(first.proba, codes, verdicts)
    place = _places(first.proba, codes, verdicts)
    seed = draw_seed(rng)
    is_doubtful = thought.wrong_chance() >= 0.5
    if not is_doubtful.any():
        return Guesses(thought, place)
    second = out_of_fold(
        model,
        X,
        classes[codes],
        trusted=verdicts.trusted(~is_doubtful),
        random_state=seed,
        **shared,
    )
    return Guesses(_true_labels(second.proba, codes, verdicts), place)


def _true_labels(proba, codes, verdicts):
    """Say what true labels may be; a row without a prediction keeps its own."""
    covered = ~np.isnan(proba[:, 0])
    known = np.ones(proba.shape, dtype=bool)
    settled = verdicts.is_right | (verdicts.codes != codes) | ~covered
    known[settled] = np.eye(known.shape[1], dtype=bool)[verdicts.codes[settled]]
    wrong = np.flatnonzero(verdicts.is_wrong & ~settled)
    known[wrong, codes[wrong]] = False
    proba = np.where(covered[:, None], proba, 1 / known.shape[1])
    return fit_true_labels(codes, proba, known=known)


def _places(proba, codes, verdicts):
    number = np.arange(codes.size)
    others = proba.copy()
    others[number, codes] = -1
    doubt = others.max(axis=1) - proba[number, codes]
    doubt[np.isnan(doubt) | verdicts.is_verified] = -np.inf
    place = np.empty(codes.size, dtype=np.intp)
    place[np.argsort(-doubt, kind="stable")] = number
    return place
