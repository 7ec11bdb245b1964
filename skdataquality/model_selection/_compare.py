"""Compare remedies on the same splits: :func:`compare_remedies`."""

from contextlib import nullcontext
from functools import partial
from reprlib import repr as shortened
from typing import Any, NamedTuple

import numpy as np
from sklearn.base import is_regressor

from skdataquality.active_learning._marks import warn_of_marks
from skdataquality.compose._default import default_model
from skdataquality.model_selection._bind import bind_all, give_target
from skdataquality.model_selection._held_out import scorers_of
from skdataquality.model_selection._result import RemedyComparison
from skdataquality.model_selection._row_weights import (
    check_weights_reach,
    given_weights,
    taken_apart,
    weigh_to_target,
)
from skdataquality.model_selection._rowwise import pool, pool_again, rows_again, runs_of
from skdataquality.model_selection._scores import (
    by_metric,
    row_tests,
    score_candidate,
)
from skdataquality.model_selection._shown import NOTHING, kinds_of
from skdataquality.model_selection._splits import check_splits, fixed_splits
from skdataquality.model_selection._verification import (
    check_verified,
    classes_of,
    question_of,
)
from skdataquality.shift._targets import as_target_data
from skdataquality.utils._duplicate_rows import repeated_rows
from skdataquality.utils._first_guesses import wrong_object
from skdataquality.utils._fits import default_fit, explained_failures
from skdataquality.utils._folds import join_groups
from skdataquality.utils._frames import is_plain
from skdataquality.utils._progress import run_steps
from skdataquality.utils._scoring import name_positive_class
from skdataquality.utils._sklearn import is_pandas_array, metric_of, num_samples
from skdataquality.utils._validation import check_feature_frame, check_same_length


def compare_remedies(
    estimator,
    remedies,
    X,
    y,
    *,
    X_target=None,
    cv=None,
    scoring=None,
    groups=None,
    sample_weight=None,
    pos_label=None,
    callbacks=(),
    n_jobs=None,
    random_state=None,
    verified=None,
):
    """Compare remedies by cross-validation; "nothing" is always among them.

    All are fitted and scored on the same splits. A remedy edits training rows only.

    Parameters
    ----------
    estimator : classifier or regressor, or None
        None is the small gradient boosting of the classifier wrappers.
    remedies : dict of str to remedy
        Names and row samplers, weighters, chains, wrappers or adjusters, bound to the
        estimator by :func:`~skdataquality.compose.apply_remedy`. A wrapper that holds
        an estimator keeps it. The name "nothing" is that of None and may be left out.
    X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
    y : array-like of shape (n_samples,)
    X_target : TargetData, array-like or data frame, default=None
        Rows from where the model will be used, given to every remedy that takes
        ``X_target`` and has none. Scores are weighted towards them if at least 30 rows
        and 5 % of X are effective (Kish) and the domain AUC is at most .99; else they
        are those of rows like X. A note says which.
    cv : int, splitter, iterable or None, default=None
        None: 10 stratified, shuffled folds (fewer for a rare class), repeated until a
        gain of 1.5 standard deviations of the fold differences is detectable (at most
        10 times). An int: so many folds, once. Both keep exact duplicates together. A
        splitter or an iterable is used as given.
    scoring : str, callable, list, dict or None, default=None
        As in :func:`~sklearn.model_selection.cross_validate`. Of several metrics the
        first decides. None is the estimator's own ``score``. The weights of an
        :class:`ImportanceWeightedScorer` stand in place of those towards ``X_target``.
    groups : array-like of shape (n_samples,), default=None
        Rows of a group stay together in splits, and count as one in the interval.
    sample_weight : array-like of shape (n_samples,), default=None
        Weights of rows in every fit and every score. A weight k means that the row
        counts k times; folds are not stratified by it.
    pos_label : label, default=None
        Which of two classes f1, precision, recall and the like are about. None is 1
        where that is a class, as in scikit-learn; else such a metric is refused.
        A scorer that holds a ``pos_label`` keeps it.
    callbacks : "bar" or sequence of scikit-learn callbacks, default=()
        Told of one task per remedy; "bar" shows one on stderr, in a terminal or a
        notebook.
    n_jobs : int, default=None
        Splits in parallel.
    random_state : int, RandomState instance or None, default=None
        For the splits; remedies have their own.
    verified : VerifiedLabels, default=None
        Labels of rows of this table that a person has checked: the comparison is then
        judged on the true labels as well, and these choose, see
        :meth:`RemedyComparison.verify`. They reach no fit.

    Returns
    -------
    comparison : RemedyComparison

    See Also
    --------
    prefer_nothing : The same choice inside a ``GridSearchCV``.

    Notes
    -----
    Intervals and p values rest on single rows where they can, see
    :class:`RemedyComparison`. The scores of a candidate are those of
    ``GridSearchCV`` with ``cv=comparison.splits_``, to the bit, if no row is weighted.
    Held-out rows are scored with the labels they have: noisy labels stay in the scores.

    Weights towards ``X_target`` are the density ratio that a model which has not seen
    the row gives, cut at the 99.5 % quantile: those of an
    :class:`ImportanceWeightedScorer`, and never what a candidate weighs. They correct
    for other features only, not for another P(y | x), and intervals take them as known.

    Examples
    --------
    >>> from sklearn.datasets import make_classification
    >>> from sklearn.linear_model import LogisticRegression
    >>> from skdataquality.duplicates import Deduplicator
    >>> from skdataquality.imbalance import ClassBalanceWeighter
    >>> from skdataquality.model_selection import compare_remedies
    >>> X, y = make_classification(
    ...     3000, n_features=4, weights=[0.95], class_sep=0.5, random_state=0
    ... )
    >>> comparison = compare_remedies(
    ...     LogisticRegression(),
    ...     {"drop twins": Deduplicator(), "balance": ClassBalanceWeighter()},
    ...     X,
    ...     y,
    ...     scoring="balanced_accuracy",
    ...     random_state=0,
    ... )
    >>> comparison.best_
    'balance'
    >>> comparison.ranking_
    ['balance', 'nothing', 'drop twins']
    """
    _check_estimator(estimator)
    _check_data(X, y, groups)
    if estimator is None or not is_regressor(estimator):
        warn_of_marks(y)
    y = np.asarray(y) if is_pandas_array(y) else y
    is_default = estimator is None
    estimator = default_model(X) if is_default else estimator
    classes = classes_of(estimator, y)
    check_verified(verified, y, classes)
    setting = _same_for_all(
        estimator,
        remedies,
        X,
        y,
        target=None if X_target is None else as_target_data(X_target),
        cv=cv,
        scoring=scoring,
        groups=groups,
        sample_weight=sample_weight,
        pos_label=pos_label,
        n_jobs=n_jobs,
        random_state=random_state,
        classes=classes,
        # on plain numbers a failure is not about columns
        may_be_columns=not is_default and not is_plain(X),
    )
    steps = {name: partial(_score, setting, name) for name in setting.candidates}
    with default_fit(is_default):
        scored = run_steps("compare remedies", steps, {}, callbacks)
    comparison = _compared(setting, scored)
    return comparison if verified is None else comparison.verify(verified)


class _Setting(NamedTuple):
    """What all candidates have in common: rows, splits, metrics, weights."""

    estimator: Any
    candidates: dict
    X: Any
    y: Any
    classes: Any
    scoring: Any
    scorers: dict
    splits: list
    folds: Any
    runs: Any
    again: Any
    weights: Any
    twins: Any
    groups: Any
    notes: tuple
    may_be_columns: bool
    n_jobs: Any


class _Scored(NamedTuple):
    """What one candidate is worth, and what it said of held-out rows."""

    scores: dict
    said: dict
    told: dict
    proba: Any
    seconds: float


def _same_for_all(
    estimator,
    remedies,
    X,
    y,
    *,
    target,
    cv,
    scoring,
    groups,
    sample_weight,
    pos_label,
    n_jobs,
    random_state,
    classes,
    may_be_columns,
):
    scoring, weighs = taken_apart(scoring, target, estimator)
    _check_scoring(scoring)
    scoring, about = name_positive_class(
        scoring, None if is_regressor(estimator) else y, pos_label
    )
    candidates = bind_all(estimator, remedies)
    scorers = scorers_of(candidates[NOTHING], scoring)
    if sample_weight is not None:
        check_weights_reach(candidates, scorers)
    about += give_target(candidates, target)
    twins = repeated_rows(X)
    splits, folds, how = fixed_splits(estimator, X, y, cv, groups, twins, random_state)
    check_splits(splits)
    runs = runs_of(splits, num_samples(X))
    weights, weighed = given_weights(sample_weight, num_samples(X), splits)
    if target is not None or weighs is not None:
        options = {"by": weighs, "n_jobs": n_jobs}
        weights, more = weigh_to_target(weights, X, target, scorers, **options)
        weighed += more
    cost = _cost(estimator, len(candidates), len(splits))
    return _Setting(
        estimator=estimator,
        candidates=candidates,
        X=X,
        y=y,
        classes=classes,
        scoring=scoring,
        scorers=scorers,
        splits=splits,
        folds=folds,
        runs=runs,
        again=rows_again(splits, runs),
        weights=weights,
        twins=twins,
        groups=groups,
        notes=(*how, *about, *weighed, cost),
        may_be_columns=may_be_columns,
        n_jobs=n_jobs,
    )


def _score(setting, name, scored):
    """Add what a candidate is worth to what the others are."""
    explained = (
        explained_failures(setting.estimator, setting.X)
        if setting.may_be_columns
        else nullcontext()
    )
    with explained:
        held = score_candidate(
            name,
            setting.candidates[name],
            setting.X,
            setting.y,
            setting.splits,
            setting.scoring,
            setting.n_jobs,
            weights=setting.weights,
            classes=setting.classes if name == NOTHING else None,
            again=setting.again,
        )
    responses = {**held.responses, None: held.probas}
    said = pool(responses, setting.splits, setting.runs, num_samples(setting.X))
    proba = said.pop(None, None)
    told = pool_again(held.of_more, setting.again)
    return scored | {name: _Scored(held.scores, said, told, proba, held.seconds)}


def _compared(setting, scored):
    """Put what the candidates are worth side by side, and test it."""
    scores, predictions, told = (
        by_metric({name: getattr(of, part) for name, of in scored.items()})
        for part in ("scores", "said", "told")
    )
    splits, scorers, again = setting.splits, setting.scorers, setting.again
    clusters = join_groups(setting.groups, setting.twins)
    ratio = float(np.mean([len(b) / len(a) for a, b in splits]))
    probas = scored[NOTHING].proba
    proba = None if probas is None else probas.mean(axis=0)
    return RemedyComparison(
        scores_=scores,
        splits_=splits,
        metric_=next(iter(scores)),
        candidates_=setting.candidates,
        test_train_ratio_=ratio,
        notes_=setting.notes,
        folds_=setting.folds,
        predictions_=predictions,
        tests_=row_tests(
            scorers,
            setting.y,
            scores,
            predictions,
            clusters,
            weights=setting.weights.score,
            again=None if again is None else (np.sort(np.concatenate(again)), told),
        ),
        score_weight_=setting.weights.score,
        proba_=proba,
        question_=question_of(
            setting.y,
            setting.classes,
            {m: metric_of(scorers[m]) if m in scorers else None for m in scores},
            predictions,
            splits,
            proba=proba,
            clusters=clusters,
            test_train_ratio=ratio,
            weights=setting.weights.score,
        ),
        seconds_={name: of.seconds for name, of in scored.items()},
        metric_kinds_=kinds_of(scorers, setting.candidates[NOTHING]),
    )


def _check_estimator(estimator):
    if estimator is None:
        return
    if said := wrong_object("estimator", estimator, "estimator"):
        raise ValueError(said)
    if not (hasattr(estimator, "fit") and hasattr(estimator, "predict")):
        raise ValueError(
            f"estimator={shortened(estimator)} has no fit and predict: pass an "
            f"unfitted classifier or regressor (an instance), or None for the default."
        )


def _check_scoring(scoring):
    if isinstance(scoring, set | frozenset):
        raise ValueError(
            f"scoring={scoring!r} is a set, which has no first metric to decide by: "
            f"pass a list."
        )


def _check_data(X, y, groups):
    if y is None:
        raise ValueError("y=None, but a comparison needs labels: pass y.")
    check_feature_frame(X, y)
    check_same_length(X=X, y=y, groups=groups)


def _cost(estimator, n_candidates, n_splits):
    """Say what was fitted, and how often."""
    steps = [step for _, step in getattr(estimator, "steps", [("", estimator)])]
    name = " and ".join(type(step).__name__ for step in steps)
    return (
        f"model: {name}, fitted {n_candidates * n_splits} times ({n_candidates} "
        f"candidates, {n_splits} splits), and more often inside remedies that fit"
    )
