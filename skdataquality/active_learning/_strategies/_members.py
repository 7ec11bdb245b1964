"""Who sits on a committee: fits of resampled rows, or the members of an ensemble."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.base import clone
from sklearn.ensemble import (
    BaggingClassifier,
    BaggingRegressor,
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
    VotingClassifier,
    VotingRegressor,
)
from sklearn.utils.parallel import Parallel, delayed

from skdataquality.active_learning._embedding import content_keys
from skdataquality.active_learning._strategies._model import class_probabilities
from skdataquality.compose._weights import fit_parameters
from skdataquality.utils._folds import few_threads
from skdataquality.utils._frames import is_frame
from skdataquality.utils._sklearn import num_samples, set_random_states, take_rows

# their members were fitted on codes of classes, and on arrays without names
ENSEMBLES = (
    BaggingClassifier,
    BaggingRegressor,
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
    VotingClassifier,
    VotingRegressor,
)


@dataclass(frozen=True, eq=False)
class Member:
    """A fitted model and how it reads rows and names classes.

    ``codes`` are the positions of its classes among all, None for a regressor;
    ``columns`` those of the table that it sees, None for all.
    """

    model: Any
    codes: Any
    columns: np.ndarray | None = None
    is_nameless: bool = False

    def probabilities(self, X, n_classes):
        """Return probabilities of all classes, 0 for one that it does not know."""
        out = np.zeros((num_samples(X), n_classes))
        out[:, self.codes] = class_probabilities(self.model, self._seen(X))
        return out

    def votes(self, X, n_classes):
        """Return True for the class that it predicts, False for the others."""
        said = np.searchsorted(self.model.classes_, self.model.predict(self._seen(X)))
        return np.eye(n_classes, dtype=bool)[self.codes[said]]

    def numbers(self, X):
        """Return what a regressor predicts, in float64."""
        return np.asarray(self.model.predict(self._seen(X)), dtype=np.float64).ravel()

    def _seen(self, X):
        if self.is_nameless and is_frame(X):
            X = X.to_numpy()
        return X if self.columns is None else X[:, self.columns]


def fit_members(models, X, labels, weight, *, resample, n_jobs, rng):
    """Fit a model after the other, each on rows of its own if ``resample``.

    Rows are drawn with replacement, as many of each class as there are, from rows in
    the order of what they hold, so that the order of the table does not matter.

    Parameters
    ----------
    models : list of unfitted estimators
    X : table of the labelled rows
    labels : PartLabels or PartNumbers
    weight : ndarray of shape (n_labeled,) or None
    resample : bool
    n_jobs : int or None
    rng : RandomState

    Returns
    -------
    members : list of Member
    """
    y = labels.labels
    codes = None if labels.classes is None else labels.codes[labels.rows]
    order = np.lexsort((y if codes is None else codes, content_keys(X)))
    draws = []
    for model in models:
        set_random_states(model, rng)
        rows = _draw(order, codes, rng) if resample else order
        draws.append((model, rows))
    fitted = Parallel(n_jobs=n_jobs)(
        delayed(_fit_one)(
            model, take_rows(X, rows), y[rows], None if weight is None else weight[rows]
        )
        for model, rows in draws
    )
    classes = _classes_of(fitted, labels)
    return [Member(model, _codes_of(model, classes)) for model in fitted]


def _draw(order, codes, rng):
    """Draw as many rows of each class, or of all, as there are."""
    if codes is None:
        return order[rng.randint(order.size, size=order.size)]
    drawn = []
    for code in np.unique(codes):
        rows = order[codes[order] == code]
        drawn.append(rows[rng.randint(rows.size, size=rows.size)])
    return np.concatenate(drawn)


def _fit_one(model, X, y, weight):
    with few_threads(y.size):
        return model.fit(X, y, **fit_parameters(model, sample_weight=weight))


def _classes_of(models, labels):
    """Return all classes; a frozen member may know others than those labelled."""
    if labels.classes is None:
        return None
    return np.unique(np.concatenate([labels.classes, *[m.classes_ for m in models]]))


def _codes_of(model, classes):
    return None if classes is None else np.searchsorted(classes, model.classes_)


def members_of(ensemble, labels):
    """Return the members of a fitted ensemble.

    Raises
    ------
    ValueError
        If it is no forest, bagging or voting, whose members answer for themselves.
    """
    if not isinstance(ensemble, ENSEMBLES):
        raise ValueError(
            f"committee='ensemble' needs the members of a forest, of bagging or of "
            f"voting, and estimator is {type(ensemble).__name__}: pass one of those, a "
            f"list of estimators, or committee='bagging', which takes any."
        )
    columns = getattr(ensemble, "estimators_features_", None)
    is_voting = isinstance(ensemble, VotingClassifier | VotingRegressor)
    return [
        Member(
            model,
            None if labels.classes is None else model.classes_.astype(np.intp),
            None if columns is None else columns[number],
            is_nameless=not is_voting,
        )
        for number, model in enumerate(ensemble.estimators_)
    ]


def answers(members, X, method, *args, n_jobs):
    """Yield what each member says of rows by a method of `Member`, in their order."""
    ask = Parallel(n_jobs=n_jobs, return_as="generator")
    return ask(delayed(_ask_one)(member, method, X, *args) for member in members)


def _ask_one(member, method, X, *args):
    with few_threads(num_samples(X)):
        return getattr(member, method)(X, *args)


def clones(committee, estimator, n_members):
    """Return unfitted members: those listed, or copies of one estimator."""
    if isinstance(committee, list | tuple):
        return [clone(model) for model in committee]
    return [clone(estimator) for _ in range(n_members)]
