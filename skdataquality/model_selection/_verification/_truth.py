"""Gains and scores on the true labels, from a few verified ones."""

from dataclasses import dataclass, field

import numpy as np

from skdataquality.model_selection._verification._answers import check_answers
from skdataquality.model_selection._verification._design import matters
from skdataquality.model_selection._verification._imputed import (
    DataVariance,
    likely_labels,
)
from skdataquality.model_selection._verification._ranges import within
from skdataquality.model_selection._verification._reach import Reach
from skdataquality.model_selection._verification._verdicts import (
    one_step,
    trust_in,
    trusted,
    variance_of_verdicts,
)
from skdataquality.utils._stats import Interval, paired_test, rowwise_test

METHOD = "verified labels"


@dataclass
class Truth:
    """Tests and mean scores on the true labels, by metric, then by candidate."""

    tests: dict = field(default_factory=dict)
    means: dict = field(default_factory=dict)
    notes: list = field(default_factory=list)


def judge_truth(question, metric, verified):
    """Estimate every metric on the true labels; ``metric`` is the deciding one."""
    answers = check_answers(verified, question.y)
    truth = Truth(notes=_notes_on(verified, answers, question))
    reach = Reach(question, metric, verified, answers)
    if answers.is_drawn.any() and reach.known is None:
        truth.notes.append("the verified rows were drawn for another comparison")
    for name in question.functions:
        if question.forms(name) is None:
            truth.notes.append(f"{name} is not computable from verified labels")
            continue
        _judge_metric(question, name, answers, reach, truth)
    return truth


def _judge_metric(question, metric, answers, reach, truth):
    forms = question.forms(metric)
    baseline, *names = forms
    before = question.differences(metric)
    weights = question.row_weights(metric)
    missed = {
        name: reach.n_missed(matters(forms[name], difference, weights))
        for name, difference in before.items()
    }
    if any(missed.values()):
        truth.notes.append(_missed(metric, missed))
    truth.tests[metric] = tests = {}
    if all(missed.values()):
        return
    trust = trust_in(question.proxy, before, answers)
    proxy = trusted(question.proxy, trust)
    masses, likely = answers.masses(proxy), likely_labels(proxy, answers)
    values, slopes = {}, {}
    for name, form in forms.items():
        values[name], slopes[name] = one_step(form, likely, masses)
    if not np.isfinite(values[baseline]):
        truth.notes.append(f"{metric} has no value on so few labels")
        return
    data = DataVariance(question, metric, forms, likely, answers)
    values = {
        name: value + data.folds_less_pooled[name] for name, value in values.items()
    }
    for name in names:
        difference = slopes[name] - slopes[baseline]
        if missed[name]:
            continue
        if not (np.isfinite(values[name]) and np.isfinite(difference).all()):
            truth.notes.append(f"{metric} of {name!r} has no value on so few labels")
            continue
        by_draw = variance_of_verdicts(difference, proxy, answers, reach.chance)
        variance, df, method = data.of(name)
        tests[name] = paired_test(
            values[name] - values[baseline],
            *_joined(by_draw, (variance, df)),
            level=0.95,
            method=f"{method}, {METHOD}",
        )
    estimates = {name: (values[name], slopes[name]) for name in forms}
    _judge_scores(question, metric, estimates, proxy, answers, reach, truth)


def _judge_scores(question, metric, estimates, proxy, answers, reach, truth):
    """Say what each candidate scores on the true labels, and what that rests on."""
    is_whole = reach.n_missed(question.row_weights(metric) > 0) == 0
    shared = proxy, answers, question.clusters, reach.chance
    scores = {
        name: _score(value, slope, *shared) if is_whole else value
        for name, (value, slope) in estimates.items()
    }
    function = question.functions[metric]
    shown = {name: within(score, function) for name, score in scores.items()}
    truth.means[metric] = shown
    truth.notes += _notes_on_scores(metric, scores, shown, is_whole)


def _notes_on_scores(metric, scores, shown, is_whole):
    """Say where a score is no more than the model's, and where it was cut off."""
    notes = []
    if not is_whole:
        notes.append(
            f"{metric}: scores on the true labels rest on the model in the rows that "
            f"had no chance to be drawn, such as those where all remedies agree; gains "
            f"do not"
        )
    if any(abs(_estimate(scores[k]) - _estimate(shown[k])) > 0 for k in scores):
        notes.append(
            f"{metric}: scores estimated beyond its range are cut off there, and do "
            f"not differ by the gains"
        )
    return notes


def _estimate(score):
    return getattr(score, "estimate", score)


def _joined(first, second):
    """Return the standard error of a sum and its degrees (Satterthwaite 1946)."""
    total = first[0] + second[0]
    parts = sum(variance**2 / df for variance, df in (first, second))
    df = total**2 / parts if parts > 0 else min(first[1], second[1])
    return float(np.sqrt(total)), float(df)


def _score(value, slope, proxy, answers, clusters, chance):
    """Score with its interval: the draw of verdicts, and the rows of the table."""
    expected = (proxy * slope).sum(axis=1)
    expected[answers.rows] = slope[answers.rows, answers.codes]
    hidden = (proxy * np.square(slope)).sum(axis=1) - (proxy * slope).sum(axis=1) ** 2
    hidden[answers.rows] = 0
    try:
        of_rows = rowwise_test(expected[None], value, clusters=clusters)
    except ValueError:  # one cluster, or no slope
        return value
    n_rows = proxy.shape[0]
    by_draw = variance_of_verdicts(slope, proxy, answers, chance)
    variance = of_rows.standard_error**2 + float(hidden.sum()) / n_rows**2
    test = paired_test(
        value,
        *_joined(by_draw, (variance, of_rows.df)),
        level=0.95,
        method=METHOD,
    )
    return Interval(value, test.lower, test.upper, METHOD)


def _notes_on(verified, answers, question):
    n_wrong = int((answers.codes != question.codes[answers.rows]).sum())
    n = answers.rows.size
    rows = "1 row" if n == 1 else f"{n} rows"
    notes = [f"{rows} verified, {n_wrong} of them labelled wrongly"]
    if verified.cannot_say.size:
        notes.append(
            f"{verified.cannot_say.size} rows without an answer ('cannot say') are "
            f"taken to be like those that have one"
        )
    if verified.unanswered.size:
        notes.append(
            f"{verified.unanswered.size} rows of the plan are not answered yet; those "
            f"that are count as a random part of it"
        )
    n_picked = int((~answers.is_drawn).sum())
    if n_picked:
        notes.append(
            f"{n_picked} verified rows that no plan drew count for themselves only"
        )
    return notes


def _missed(metric, missed):
    names = ", ".join(repr(name) for name, n_rows in missed.items() if n_rows)
    return (
        f"no test of {names} by {metric} on the true labels: about "
        f"{max(missed.values())} rows that matter had no chance to be drawn"
    )
