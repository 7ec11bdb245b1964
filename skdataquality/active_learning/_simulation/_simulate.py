"""What labelling with a strategy would have brought: :func:`active_learning_curve`."""

import warnings
from functools import partial
from numbers import Integral

import numpy as np
from sklearn.pipeline import make_pipeline

from skdataquality.active_learning._simulation._curve import (
    RANDOM,
    ActiveLearningCurve,
)
from skdataquality.active_learning._simulation._inputs import (
    check_counts,
    check_estimator,
    named_rules,
    named_strategies,
    scorer_of,
    true_labels,
)
from skdataquality.active_learning._simulation._session import Setting, label_fold
from skdataquality.active_learning._simulation._stops import (
    mean_over_splits,
    overlap_of_tests,
    stop_outcome,
    tested_over_splits,
)
from skdataquality.compose._default import linear_classifier, to_scaled_numbers
from skdataquality.exceptions import PoolExhaustedWarning
from skdataquality.utils._draws import draw_seed, own_rng
from skdataquality.utils._duplicate_rows import repeated_rows
from skdataquality.utils._fits import default_fit
from skdataquality.utils._folds import make_splits, run_folds
from skdataquality.utils._progress import run_steps
from skdataquality.utils._validation import encode_labels

INITIALS = ("random", "strategy")


def active_learning_curve(
    estimator,
    X,
    y,
    *,
    strategy=None,
    cv=5,
    n_initial=20,
    batch_size=20,
    n_rounds=10,
    initial="random",
    scoring=None,
    n_seeds=2,
    stopping=None,
    groups=None,
    unlabeled="auto",
    callbacks=(),
    n_jobs=None,
    random_state=None,
):
    """Simulate labelling with a strategy, beside random rows, on a labelled table.

    In each split the labels of the training fold are hidden and revealed batch by
    batch, as the strategy asks for them. Every model is scored on the test fold, from
    which nothing is ever queried. Random rows start from the same ones.

    Parameters
    ----------
    estimator : classifier or None
        Cloned for every fit on the labelled rows. None is logistic regression on
        scaled, encoded columns.
    X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
        Handed to the estimator as it is. Or texts.
    y : array-like of shape (n_samples,)
        The true label of every row.
    strategy : query strategy, dict of str to query strategy, or None, default=None
        One, or several by name. A strategy without an estimator gets this one, and one
        without a ``random_state`` a seed for each split. None is the default strategy.
    cv : int, splitter, iterable or None, default=5
        An int keeps exact duplicates together, and has folds of their own for each
        seed; a splitter or an iterable is used as given.
    n_initial : int, default=20
        Rows labelled at the start.
    batch_size : int, default=20
        Rows labelled in each round.
    n_rounds : int, default=10
        Fewer if the training folds do not have as many rows.
    initial : {"random", "strategy"}, default="random"
        How the first rows are chosen: at random, the same for all strategies, or by
        each strategy itself with nothing labelled, so that its cold start is judged.
    scoring : str, callable or None, default=None
        One metric, as in :func:`~sklearn.model_selection.cross_validate`.
    n_seeds : int, default=2
        How often folds and first rows are drawn.
    stopping : stopping rule, list or dict of them, default=None
        Asked after each round; labelling goes on, so that their cost is known.
    groups : array-like of shape (n_samples,), default=None
        Rows of a group stay on one side of a split.
    unlabeled : "auto" or label, default="auto"
        What would mark an unlabelled row, of which there must be none: False if -1 is a
        class.
    callbacks : "bar" or sequence of scikit-learn callbacks, default=()
        Told of one task for each strategy.
    n_jobs : int, default=None
        Splits in parallel; the numbers are the same for any.
    random_state : int, RandomState instance or None, default=None
        For folds, first rows and strategies; an estimator has its own.

    Returns
    -------
    curve : ActiveLearningCurve

    Raises
    ------
    ValueError
        If a row has no label, y is continuous or has one class, a strategy has the name
        "random", or the training folds have no row for a second round.

    Warns
    -----
    PoolExhaustedWarning
        If there are fewer rounds than asked for.

    Notes
    -----
    Areas, gains and costs are means over splits, with a t interval that is corrected
    for what splits share, in the manner of Nadeau and Bengio [1]_: the correlation of
    two splits is taken to be the share of their test rows in common. It is about tables
    like this one, not about this one alone. More seeds narrow it, down to what so many
    rows can tell; with a single one it misses somewhat more often than it should.

    Labels that are wrong count as true ones here. A score on the rows that a strategy
    asked for is no estimate of anything: they are the hard ones.

    References
    ----------
    .. [1] C. Nadeau, Y. Bengio, "Inference for the generalization error", Machine
       Learning 52, 2003.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from sklearn.linear_model import LogisticRegression
    >>> from skdataquality.active_learning import (
    ...     UncertaintyQuery,
    ...     active_learning_curve,
    ... )
    >>> X, y = load_iris(return_X_y=True)
    >>> curve = active_learning_curve(
    ...     LogisticRegression(max_iter=1000),
    ...     X,
    ...     y,
    ...     strategy=UncertaintyQuery(),
    ...     n_initial=6,
    ...     batch_size=6,
    ...     n_rounds=5,
    ...     random_state=0,
    ... )
    >>> curve.n_labeled
    array([ 6, 12, 18, 24, 30, 36])
    >>> sorted(curve.areas)
    ['UncertaintyQuery', 'random']
    """
    labels = true_labels(X, y, unlabeled, groups)
    classes, codes = encode_labels(labels)
    if classes.size < 2:
        raise ValueError(
            f"y has 1 class ({classes.tolist()[0]!r}): there is nothing to learn."
        )
    if initial not in INITIALS:
        raise ValueError(f"initial={initial!r} must be one of {list(INITIALS)}.")
    check_counts(
        n_initial=n_initial, batch_size=batch_size, n_rounds=n_rounds, n_seeds=n_seeds
    )
    is_default = estimator is None
    if is_default:
        estimator = make_pipeline(*to_scaled_numbers(X), linear_classifier())
    check_estimator(estimator)
    splits = _splits(X, codes, cv, groups, n_seeds, own_rng(random_state))
    setting = Setting(
        estimator=estimator,
        X=X,
        y=labels,
        classes=classes,
        scorer=scorer_of(estimator, scoring, labels),
        n_initial=n_initial,
        batch_size=batch_size,
        n_rounds=_rounds(splits, n_initial, batch_size, n_rounds),
        initial=initial,
        rules=named_rules(stopping),
    )
    strategies = named_strategies(strategy, estimator)
    steps = {
        name: partial(_simulated, setting, name, each, splits, n_jobs)
        for name, each in strategies.items()
    }
    with default_fit(is_default):
        sessions = run_steps("active learning curve", steps, {}, callbacks)
    return _result(setting, sessions, splits, scoring)


def _simulated(setting, name, strategy, splits, n_jobs, done):
    run = partial(label_fold, setting, strategy)
    return {**done, name: run_folds(run, splits, n_jobs=n_jobs)}


def _result(setting, sessions, splits, scoring):
    n_labeled = setting.n_initial + setting.batch_size * np.arange(setting.n_rounds + 1)
    overlap = overlap_of_tests([test for _, (test, _) in splits], setting.y.size)
    scores = {name: np.array([s.scores for s in of]) for name, of in sessions.items()}
    areas = {name: table.mean(axis=1) for name, table in scores.items()}
    apart = {name: areas[name] - areas[RANDOM] for name in areas if name != RANDOM}
    rounds = {
        name: {rule: np.array([s.stops[rule] for s in of]) for rule in setting.rules}
        for name, of in sessions.items()
    }
    return ActiveLearningCurve(
        n_labeled=n_labeled,
        scores=scores,
        areas={name: mean_over_splits(a, overlap) for name, a in areas.items()},
        gains={name: mean_over_splits(d, overlap) for name, d in apart.items()},
        p_values={name: _p_value(d, overlap) for name, d in apart.items()},
        stops=[
            stop_outcome(name, rule, at, n_labeled, scores[name], overlap)
            for name, of_rules in rounds.items()
            for rule, at in of_rules.items()
        ],
        stop_rounds=rounds,
        query_indices={name: [s.rows for s in of] for name, of in sessions.items()},
        seconds={name: sum(s.seconds for s in of) for name, of in sessions.items()},
        scoring=scoring if isinstance(scoring, str) else _said(scoring),
        test_overlap=overlap,
    )


def _said(scoring):
    return "accuracy" if scoring is None else getattr(scoring, "__name__", "score")


def _p_value(differences, overlap):
    if np.ptp(differences) == 0:
        return 1.0 if differences[0] == 0 else float("nan")
    return tested_over_splits(differences, overlap).p_value


def _splits(X, codes, cv, groups, n_seeds, rng):
    """Return training rows, test rows and a seed of each split."""
    twins, splits = repeated_rows(X), []
    own = not (cv is None or isinstance(cv, Integral))
    cv = list(cv) if own and not hasattr(cv, "split") else cv
    for _ in range(n_seeds):
        seed = draw_seed(rng)
        folds, _ = make_splits(
            X,
            codes,
            cv=cv,
            groups=groups,
            duplicate_groups=twins,
            random_state=seed,
        )
        splits += [(train, (test, draw_seed(rng))) for train, test in folds]
    return splits


def _rounds(splits, n_initial, batch_size, n_rounds):
    """Lower the number of rounds to what the smallest training fold has rows for."""
    smallest = min(len(train) for train, _ in splits)
    most = (smallest - n_initial) // batch_size
    if most < 1:
        raise ValueError(
            f"n_initial={n_initial} and batch_size={batch_size} need "
            f"{n_initial + batch_size} rows for a single round, and the smallest "
            f"training fold has {smallest}: lower them."
        )
    if most < n_rounds:
        warnings.warn(
            f"n_rounds={n_rounds} need {n_initial + n_rounds * batch_size} rows, and "
            f"the smallest training fold has {smallest}: {most} rounds are simulated.",
            PoolExhaustedWarning,
            stacklevel=3,
        )
    return min(most, n_rounds)
