"""Gains that a moved threshold explains: which metrics see it, and the sentence.

A metric of decisions, such as accuracy or F1, changes when only the threshold moves; a
metric of the ranking, such as the area under the ROC curve, does not. A loss of
probabilities does not either, but changes with the share of classes that they assume.
"""

from sklearn.base import is_classifier
from sklearn.model_selection import TunedThresholdClassifierCV

from skdataquality.imbalance import TunedOffsetClassifierCV
from skdataquality.model_selection._shown._words import number_writer, row_of
from skdataquality.utils._printable import printable
from skdataquality.utils._sklearn import metric_of, scores_decisions

DECISIONS, RANKING, PROBABILITIES = "decisions", "ranking", "probabilities"
# functions of scikit-learn by what they read; others that a scorer gives decisions to
# are metrics of decisions too
READ_RANKINGS = {"roc_auc_score", "average_precision_score"}
READ_PROBABILITIES = {
    *("log_loss", "brier_score_loss"),
    *("d2_log_loss_score", "d2_brier_score"),
}


def kinds_of(scorers, estimator):
    """Say by name what a metric reads; metrics that tell nothing are left out.

    Parameters
    ----------
    scorers : dict of str to scorer
    estimator : estimator
        One that is scored; a regressor makes no decisions.

    Returns
    -------
    kinds : dict of str to {"decisions", "ranking", "probabilities"}
    """
    if not is_classifier(estimator):
        return {}
    kinds = {name: _kind(scorer) for name, scorer in scorers.items()}
    return {name: kind for name, kind in kinds.items() if kind}


def _kind(scorer):
    metric = metric_of(scorer)
    name = "" if metric is None else getattr(metric[0], "__name__", "")
    if name in READ_RANKINGS:
        return RANKING
    if name in READ_PROBABILITIES:
        return PROBABILITIES
    return DECISIONS if scores_decisions(scorer) else None


def say_moved_thresholds(kinds, tables, candidates):
    """Say of gains in decisions whether the ranking gains too.

    Parameters
    ----------
    kinds : dict of str to str
        By metric, as :func:`kinds_of` gives.
    tables : dict of str to list of dict
        Rows by metric, all on the same labels.
    candidates : dict of str to estimator
        A tuned threshold needs no remark.

    Returns
    -------
    remarks : list of str
    """
    kinds = {metric: kind for metric, kind in kinds.items() if metric in tables}
    decided = [metric for metric, kind in kinds.items() if kind == DECISIONS]
    free = [metric for metric, kind in kinds.items() if kind == RANKING] or [
        metric for metric, kind in kinds.items() if kind == PROBABILITIES
    ]
    gaining = {m: _gaining(tables[m], candidates) for m in decided}
    metric = next((m for m in decided if gaining[m]), None)
    if metric is None:
        return []
    if not free:
        return [
            f"{printable(metric)} judges decisions: whether a gain in it is more than "
            f"a moved threshold shows beside roc_auc (roc_auc_ovr for several classes)"
        ]
    ranks = set().union(*(_gaining(tables[m], {}) for m in free))
    moved = [name for name in gaining[metric] if name not in ranks]
    return [_sentence(moved, metric, free, kinds, tables)] if moved else []


def _gaining(rows, candidates):
    return [
        row["remedy"]
        for row in rows
        if row["beyond_noise"] and not _only_tunes(candidates.get(row["remedy"]))
    ]


def _only_tunes(candidate):
    """Whether it says itself that it moves thresholds alone."""
    if isinstance(candidate, TunedOffsetClassifierCV):
        return not candidate.ensemble
    return isinstance(candidate, TunedThresholdClassifierCV)


def _sentence(moved, metric, free, kinds, tables):
    several = len(moved) > 1
    it, s = ("they", "") if several else ("it", "s")
    seen = (
        f"{_listed(map(printable, moved))} gain{s} {_gains(tables[metric], moved)} in "
        f"{printable(metric)} and nothing beyond noise in "
        f"{_listed(map(printable, free), 'or')} ({_gains(tables[free[0]], moved)})"
    )
    if kinds[free[0]] == RANKING:
        return (
            f"{seen}: as far as these rows tell, {it} move{s} the threshold and "
            f"rank{s} no better; a tuned threshold does the same"
        )
    return (
        f"{seen}: {it} may only move the threshold, as a tuned threshold does; "
        f"roc_auc tells whether {it} rank{s} better"
    )


def _gains(rows, names):
    say = number_writer(rows)
    return _listed(say(row_of(rows, name)["gain"]) for name in names)


def _listed(texts, last="and"):
    *first, end = texts
    return f"{', '.join(first)} {last} {end}" if first else end
