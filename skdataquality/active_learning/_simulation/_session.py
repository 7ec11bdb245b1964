"""One labelling of one training fold, simulated: :func:`label_fold`."""

from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np
from sklearn.base import clone

from skdataquality.active_learning._simulation._models import fitted_on
from skdataquality.active_learning._strategies import RandomQuery
from skdataquality.utils._sklearn import take_rows


class Setting(NamedTuple):
    """What all strategies and splits have in common."""

    estimator: Any
    X: Any
    y: np.ndarray
    classes: np.ndarray
    scorer: Any
    n_initial: int
    batch_size: int
    n_rounds: int
    initial: str
    rules: dict


@dataclass
class Session:
    """What one strategy did on one split.

    ``rows`` are those of the whole table, in the order in which they were labelled;
    ``stops`` has for each rule the round in which it stopped, the last if in none.
    """

    scores: list = field(default_factory=list)
    rows: np.ndarray | None = None
    stops: dict = field(default_factory=dict)
    seconds: float = 0.0


def label_fold(setting, strategy, train, test_and_seed):
    """Label rows of the training fold in rounds; score each model on the test fold."""
    test, seed = test_and_seed
    pool, truth = take_rows(setting.X, train), setting.y[train]
    held_out = take_rows(setting.X, test), setting.y[test]
    rules = {name: clone(rule) for name, rule in setting.rules.items()}
    session, start = Session(), perf_counter()
    order = _first_rows(setting, strategy, pool, truth, seed)
    for number in range(setting.n_rounds + 1):
        if number:
            asked = _asked(strategy, pool, _hidden(truth, order), seed, number)
            order = np.concatenate([order, _query(asked, setting.batch_size, order)])
        model = fitted_on(setting.estimator, pool, truth, order, setting.classes)
        session.scores.append(float(setting.scorer(model, *held_out)))
        _ask_rules(rules, session.stops, number, model, pool, truth, order)
    for name in rules:
        session.stops.setdefault(name, setting.n_rounds)
    session.rows = train[order]
    session.seconds = perf_counter() - start
    return session


def _ask_rules(rules, stops, number, model, pool, truth, order):
    """Note the first round in which each rule would have stopped."""
    waiting = [name for name in rules if name not in stops]
    if not waiting:
        return
    y = _hidden(truth, order)
    judged = model if np.unique(truth[order]).size > 1 else None
    for name in waiting:
        if rules[name].should_stop(judged, pool, y):
            stops[name] = number


def _first_rows(setting, strategy, pool, truth, seed):
    """Return the rows labelled at the start, at random the same for all strategies."""
    if setting.initial == "strategy":
        nothing = np.empty(0, dtype=np.intp)
        asked = _asked(strategy, pool, _hidden(truth, nothing), seed, 0)
        return _query(asked, setting.n_initial, nothing)
    lot = RandomQuery(random_state=seed).fit(pool).score_samples(pool)
    return np.argsort(lot, kind="stable")[: setting.n_initial]


def _hidden(truth, order):
    """Labels of the rows in order, None elsewhere."""
    y = np.full(truth.shape, None, dtype=object)
    y[order] = truth[order]
    return y


def _asked(strategy, pool, y, seed, number):
    """Fit a clone of the strategy, seeded for the split and the round."""
    asked = clone(strategy)
    if asked.random_state is None:
        state = np.random.SeedSequence([seed, number]).generate_state(1)[0]
        asked.set_params(random_state=int(state >> 1))
    return asked.fit(pool, y)


def _query(strategy, n, order):
    rows = np.asarray(strategy.query(n))
    if np.unique(rows).size != n or np.isin(rows, order).any():
        raise ValueError(
            f"strategy={type(strategy).__name__} was asked for {n} rows without a "
            f"label and gave {np.unique(rows).size}, {np.isin(rows, order).sum()} of "
            f"which have one: query must return distinct unlabelled rows."
        )
    return rows
