"""What a simulation is given: labels, strategies, rules, checked and named."""

from collections.abc import Mapping
from numbers import Integral
from reprlib import repr as shortened

from sklearn.base import is_regressor
from sklearn.metrics import check_scoring

from skdataquality.active_learning import _strategies
from skdataquality.active_learning._marks import labeled_mask
from skdataquality.active_learning._simulation._curve import RANDOM
from skdataquality.active_learning._simulation._stopping_rule import StoppingRule
from skdataquality.utils._first_guesses import wrong_object
from skdataquality.utils._scoring import name_positive_class
from skdataquality.utils._validation import (
    as_label_column,
    check_feature_frame,
    check_same_length,
)


def true_labels(X, y, unlabeled, groups):
    """Return the labels, if every row has one."""
    if y is None:
        raise ValueError(
            "y=None, but a simulation reveals true labels: pass those of all rows."
        )
    check_feature_frame(X, y)
    check_same_length(X=X, y=y, groups=groups)
    values = as_label_column(y)
    known = labeled_mask(values, unlabeled=unlabeled)
    if not known.all():
        raise ValueError(
            f"y has {int((~known).sum())} row(s) of {known.size} without a label, and "
            f"a simulation needs the true label of every row, to reveal and to score "
            f"by: pass the labelled rows only, X[mask] and y[mask]. If -1 is a class, "
            f"pass unlabeled=False."
        )
    return values


def check_estimator(estimator):
    if said := wrong_object("estimator", estimator, "estimator"):
        raise ValueError(said)
    if not hasattr(estimator, "predict") or is_regressor(estimator):
        raise ValueError(
            f"estimator={shortened(estimator)} is no classifier: pass one, or None."
        )


def check_counts(**counts):
    for name, value in counts.items():
        if not isinstance(value, Integral) or isinstance(value, bool) or value < 1:
            raise ValueError(f"{name}={value!r}: pass a whole number of at least 1.")


def scorer_of(estimator, scoring, labels):
    """Return the scorer of one metric, about the class 1 or a declared one."""
    if not (scoring is None or isinstance(scoring, str) or callable(scoring)):
        raise ValueError(
            f"scoring={scoring!r}: a curve is of one metric; pass its name, a scorer, "
            f"or None."
        )
    scoring, _ = name_positive_class(scoring, labels, None)
    return check_scoring(estimator, scoring)


def named_strategies(strategy, estimator):
    """Return strategies by name, with the estimator; random rows are the last."""
    if strategy is None:
        kind = getattr(_strategies, "DiverseMarginQuery", _strategies.UncertaintyQuery)
        strategy = kind()
    if not isinstance(strategy, Mapping):
        strategy = {type(strategy).__name__: strategy}
    if RANDOM in strategy or not strategy:
        raise ValueError(
            f"strategy has the names {list(strategy)}: give at least one strategy, and "
            f"none the name {RANDOM!r}, which is that of random rows."
        )
    named = {}
    for name, each in strategy.items():
        if not isinstance(each, _strategies.BaseQueryStrategy):
            raise ValueError(
                f"strategy={shortened(each)} is no query strategy: pass an instance, "
                f"such as UncertaintyQuery()."
            )
        named[str(name)] = each
        if each.estimator is None:
            params = {**each.get_params(deep=False), "estimator": estimator}
            named[str(name)] = type(each)(**params)
    return {**named, RANDOM: _strategies.RandomQuery()}


def named_rules(stopping):
    """Return stopping rules by name, of the class or, where several share it, whole."""
    if stopping is None:
        return {}
    if not isinstance(stopping, list | tuple | Mapping):
        stopping = [stopping]
    if not isinstance(stopping, Mapping):
        kinds = [type(rule).__name__ for rule in stopping]
        names = [
            kind if kinds.count(kind) == 1 else repr(rule)
            for kind, rule in zip(kinds, stopping, strict=True)
        ]
        stopping = dict(zip(names, stopping, strict=True))
    for rule in stopping.values():
        if not isinstance(rule, StoppingRule):
            raise ValueError(
                f"stopping={shortened(rule)} is no stopping rule: pass an instance, "
                f"such as StabilizingPredictions()."
            )
    return {str(name): rule for name, rule in stopping.items()}
