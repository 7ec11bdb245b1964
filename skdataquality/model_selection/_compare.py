"""Compare remedies on the same splits: :func:`compare_remedies`."""

from collections.abc import Mapping
from contextlib import nullcontext
from functools import partial
from reprlib import repr as shortened

import numpy as np
from sklearn.base import clone, is_regressor
from sklearn.model_selection import check_cv

from skdataquality.compose import RemedyChain, apply_remedy
from skdataquality.compose._default import default_model
from skdataquality.duplicates import DuplicateGroupKFold
from skdataquality.model_selection._held_out import score_held_out, scorers_of
from skdataquality.model_selection._result import NOTHING, RemedyComparison
from skdataquality.model_selection._rowwise import pool, rowwise_tests, runs_of
from skdataquality.shift._target_data import as_target_data
from skdataquality.utils._draws import draw_seed, own_rng
from skdataquality.utils._duplicate_rows import repeated_rows
from skdataquality.utils._first_guesses import wrong_object
from skdataquality.utils._fits import default_fit, explained_failures
from skdataquality.utils._folds import (
    capped_n_splits,
    join_groups,
    make_splits,
    row_numbers,
)
from skdataquality.utils._frames import is_plain
from skdataquality.utils._progress import run_steps
from skdataquality.utils._sklearn import is_pandas_array, metric_of, num_samples
from skdataquality.utils._stats import splits_for_gain
from skdataquality.utils._validation import (
    check_feature_frame,
    check_same_length,
    encode_labels,
)

N_FOLDS = 10  # the fewest that detect 1.5 standard deviations without repeating


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
    callbacks=(),
    n_jobs=None,
    random_state=None,
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
        ``X_target`` and has none.
    cv : int, splitter, iterable or None, default=None
        None: 10 stratified, shuffled folds (fewer for a rare class), repeated until a
        gain of 1.5 standard deviations of the fold differences is detectable (at most
        10 times). An int: so many folds, once. Both keep exact duplicates together. A
        splitter or an iterable is used as given.
    scoring : str, callable, list, dict or None, default=None
        As in :func:`~sklearn.model_selection.cross_validate`. Of several metrics the
        first decides. None is the estimator's own ``score``.
    groups : array-like of shape (n_samples,), default=None
        Rows of a group stay together in splits, and count as one in the interval.
    callbacks : "bar" or sequence of scikit-learn callbacks, default=()
        Told of one task per remedy; "bar" shows one on stderr, in a terminal or a
        notebook.
    n_jobs : int, default=None
        Splits in parallel.
    random_state : int, RandomState instance or None, default=None
        For the splits; remedies have their own.

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
    ``GridSearchCV`` with ``cv=comparison.splits_``, to the bit. Held-out rows are
    scored with the labels and the distribution they have: noisy labels and a shifted
    world stay in the scores.

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
    _check_scoring(scoring)
    _check_data(X, y, groups)
    y = np.asarray(y) if is_pandas_array(y) else y
    is_default = estimator is None
    estimator = default_model(X) if is_default else estimator
    target = None if X_target is None else as_target_data(X_target)
    candidates = _bind_all(estimator, remedies)
    notes = _give_target(candidates, target)
    twins = repeated_rows(X)
    splits, folds, how = _fixed_splits(estimator, X, y, cv, groups, twins, random_state)
    _check_splits(splits)
    runs = runs_of(splits, num_samples(X))

    # on plain numbers a failure is not about columns
    may_be_columns = not is_default and not is_plain(X)

    def evaluate(name, scored):
        explained = (
            explained_failures(estimator, X) if may_be_columns else nullcontext()
        )
        with explained:
            scores, responses = _scored(
                name, candidates[name], X, y, splits, scoring, n_jobs
            )
        return scored | {name: (scores, pool(responses, splits, runs, num_samples(X)))}

    steps = {name: partial(evaluate, name) for name in candidates}
    with default_fit(is_default):
        by_name = run_steps("compare remedies", steps, {}, callbacks)
    scores, predictions = _by_metric(by_name)
    first = next(iter(scores))
    return RemedyComparison(
        scores_=scores,
        splits_=splits,
        metric_=first,
        candidates_=candidates,
        test_train_ratio_=float(np.mean([len(b) / len(a) for a, b in splits])),
        notes_=(*how, *notes, _cost(estimator, len(candidates), len(splits))),
        folds_=folds,
        predictions_=predictions,
        tests_=_row_tests(
            scorers_of(candidates[NOTHING], scoring),
            y,
            scores,
            predictions,
            join_groups(groups, twins),
        ),
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


def _bind_all(estimator, remedies):
    """Bind every remedy, "nothing" first."""
    if not isinstance(remedies, Mapping):
        raise ValueError(
            f"remedies is a {type(remedies).__name__} and must be a dict, with a name "
            f"for each remedy, for example {{'undersample': RandomUnderSampler()}}."
        )
    if wrong := [name for name in remedies if not isinstance(name, str)]:
        raise ValueError(f"remedies has names that are not text: {wrong[:5]}; use str.")
    if remedies.get(NOTHING) is not None:
        raise ValueError(
            f"remedies['{NOTHING}']={remedies[NOTHING]!r}, but this name is kept for "
            f"the baseline, None: give the remedy another name."
        )
    bound = {}
    for name, remedy in {NOTHING: None, **remedies}.items():
        try:
            bound[name] = clone(apply_remedy(estimator, remedy))
        except ValueError as error:
            raise ValueError(f"remedies[{name!r}]: {error}") from error
    return bound


def _give_target(candidates, target):
    """Set the target rows where they are missing; candidates are clones of ours."""
    takers = {
        name: [part for part in _parts(bound) if _lacks_target(part)]
        for name, bound in candidates.items()
    }
    takers = {name: parts for name, parts in takers.items() if parts}
    if target is None:
        return [
            f"{name!r} takes X_target and got none: it corrects nothing"
            for name in takers
        ]
    for parts in takers.values():
        for part in parts:
            part.set_params(X_target=target)
    if not takers:
        return ["X_target was given, but every remedy has its own, or takes none"]
    return ["scores are those of rows like X, not of rows like X_target"]


def _parts(bound):
    """Yield the candidate, its remedy, and what that chains."""
    queue = [bound]
    while queue:
        part = queue.pop()
        yield part
        if isinstance(part, RemedyChain):
            queue.extend(remedy for _, remedy in part.steps)
        else:
            queue.append(getattr(part, "remedy", None))
        queue = [part for part in queue if part is not None]


def _lacks_target(part):
    if not hasattr(part, "get_params"):
        return False
    return part.get_params(deep=False).get("X_target", ...) is None


def _fixed_splits(estimator, X, y, cv, groups, twins, random_state):
    """Return the splits for all candidates, splitters that give them, and notes."""
    n_twins = 0
    if twins is not None:
        _, member, size = np.unique(twins, return_inverse=True, return_counts=True)
        n_twins = int((size[member] > 1).sum())
    if not (cv is None or isinstance(cv, int | np.integer)):
        splits = [
            (row_numbers(train), row_numbers(test))
            for train, test in check_cv(cv).split(X, y, groups)
        ]
        return splits, (), _parted_twins(splits, twins) if n_twins else []

    codes = np.zeros(num_samples(X), dtype=np.intp)
    if not is_regressor(estimator):
        classes, codes = encode_labels(y)
        if classes.size < 2:
            raise ValueError(
                f"y has 1 class ({classes.tolist()[0]!r}) in {codes.size} row(s): a "
                f"comparison needs at least 2."
            )
    notes = [f"folds keep {n_twins} duplicate rows together"] if n_twins else []
    repeats = 1
    if cv is None:
        cv = capped_n_splits(codes, N_FOLDS, groups=join_groups(groups, twins))
        repeats = splits_for_gain(cv)
        notes.append(f"{cv} folds, {'once' if repeats == 1 else f'{repeats} times'}")
    splits, folds = [], []
    rng = own_rng(random_state)
    for _ in range(repeats):
        seed = draw_seed(rng)
        more, _ = make_splits(
            X, codes, cv=cv, groups=groups, duplicate_groups=twins, random_state=seed
        )
        splits += more
        folds.append(DuplicateGroupKFold(len(more), random_state=seed))
    return splits, tuple(folds), notes


def _cost(estimator, n_candidates, n_splits):
    """Say what was fitted, and how often."""
    steps = [step for _, step in getattr(estimator, "steps", [("", estimator)])]
    name = " and ".join(type(step).__name__ for step in steps)
    return (
        f"model: {name}, fitted {n_candidates * n_splits} times ({n_candidates} "
        f"candidates, {n_splits} splits), and more often inside remedies that fit"
    )


def _parted_twins(splits, twins):
    n_parted = sum(int(np.isin(twins[b], twins[a]).sum()) for a, b in splits)
    if n_parted == 0:
        return []
    return [
        f"{n_parted} held-out rows (over all splits) equal training rows, since cv was "
        f"used as given; cv=None or an int keeps duplicates together"
    ]


def _check_splits(splits):
    if len(splits) < 2:
        raise ValueError(
            f"cv gives {len(splits)} split(s): at least 2 are needed to tell a gain "
            f"from noise; use more folds."
        )
    empty = [k for k, (a, b) in enumerate(splits) if len(a) == 0 or len(b) == 0]
    if empty:
        raise ValueError(
            f"cv leaves no training or no test rows in split(s) {empty[:5]}: use fewer "
            f"folds (rows of one group, and equal rows, stay together)."
        )


def _scored(name, candidate, X, y, splits, scoring, n_jobs):
    """Scores of one candidate by metric, in the order asked for, and its responses."""
    try:
        scorers = scorers_of(candidate, scoring)
        scores, responses = score_held_out(candidate, X, y, splits, scorers, n_jobs)
    except Exception as error:
        error.add_note(f"This happened in compare_remedies, remedy {name!r}.")
        raise
    for metric, values in scores.items():
        bad = np.flatnonzero(~np.isfinite(values)).tolist()
        if bad:
            raise ValueError(
                f"scoring={metric!r} is NaN or infinite for remedy {name!r} in "
                f"split(s) {bad[:5]}: a class may be missing there; use fewer "
                f"folds or another metric."
            )
    return scores, responses


def _by_metric(by_name):
    """Turn scores and predictions from by remedy, then metric, to the other order.

    Without predictions of a metric from every remedy there is nothing to pair.
    """
    metrics = list(by_name[NOTHING][0])
    scores = {m: {n: own[m] for n, (own, _) in by_name.items()} for m in metrics}
    predictions = {
        m: {n: said[m] for n, (_, said) in by_name.items()}
        for m in metrics
        if all(m in said for _, said in by_name.values())
    }
    return scores, predictions


def _row_tests(scorers, y, scores, predictions, clusters):
    tests = {}
    for metric, said in predictions.items():
        means = {
            name: float(np.mean(values - scores[metric][NOTHING]))
            for name, values in scores[metric].items()
            if name != NOTHING
        }
        tests[metric] = rowwise_tests(
            metric_of(scorers[metric]),
            np.asarray(y),
            said,
            means,
            n_folds=scores[metric][NOTHING].size / len(said[NOTHING]),
            clusters=clusters,
        )
    return tests
