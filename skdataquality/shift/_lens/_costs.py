"""What a shift costs: accuracy, or the error of numbers, on target rows."""

from dataclasses import replace

import numpy as np

from skdataquality.shift._lens._parts import Part
from skdataquality.shift._performance import check_decay, expected_performance
from skdataquality.shift._ratios import (
    ToldApart,
    density_ratio,
    tell_apart,
    why_not_trusted,
)
from skdataquality.utils._draws import draw_rows
from skdataquality.utils._sklearn import num_samples, take_rows
from skdataquality.utils._stats import bootstrap_interval

MOST_ROWS = 5_000  # of a side, that are told apart for weights
N_RESAMPLES = 200
METHODS = "expected accuracy on target rows"
ASSUMED = (
    "Accuracy on target rows is expected without their labels: the interval is as long "
    "as real shifts of this size have missed. A concept shift may cost more."
)
NOT_OF_NUMBERS = (
    "Of a label that is a quantity neither a change of its distribution nor a concept "
    "shift is examined without labelled target rows."
)


def accuracy_part(codes, target_codes, oof, tests, examined):
    """Return a `Part` of accuracies without a test, and the checked prediction."""
    rows, target_rows, apart = _apart(tests, examined)
    new_proba = np.nanmean(oof.new_proba, axis=0)
    auc = tests.domain_auc.estimate
    said = expected_performance(
        replace(
            oof, proba=oof.proba[rows], n_predictions=oof.n_predictions[rows], splits=()
        ),
        codes[rows],
        apart,
        new_proba=new_proba[target_rows],
        domain_auc=auc,
        level=0.95,
        random_state=examined.random_state,
    )
    known = target_codes >= 0
    right_on_target = None
    if known.any():
        right_on_target = new_proba[known].argmax(axis=1) == target_codes[known]
    numbers, decay = check_decay(
        (oof.proba.argmax(axis=1) == codes)[oof.covered],
        right_on_target,
        expected=said.estimate if said.trusted else None,
        why_not=_as_clause(said.reason),
    )
    lines = [
        {"method": line.method, "accuracy": line.score, "assumes": line.assumption}
        for line in said.methods
        if line.why_not is None
    ]
    limits = (ASSUMED,) if said.trusted else ()
    return Part(numbers=numbers, evidence={METHODS: lines}, limits=limits), decay


def error_part(examined, oof, tests):
    """Return a `Part` of the mean absolute errors of predicted numbers."""
    rows, _, apart = _apart(tests, examined)
    domain = apart.proba[: rows.size]
    kept = oof.covered[rows] & np.isfinite(domain)
    weights = density_ratio(domain[kept], num_samples(examined.X_target))
    error = np.abs(np.asarray(examined.y, dtype=float) - oof.prediction)[rows][kept]
    options = {"n_resamples": N_RESAMPLES, "random_state": examined.random_state}
    numbers = {
        "error_held_out": bootstrap_interval(np.mean, error, **options),
        "error_expected_on_target": None,
    }
    if why_not_trusted(tests.domain_auc.estimate, weights) is None:
        numbers["error_expected_on_target"] = bootstrap_interval(
            _weighted_mean, error, weights, **options
        )
    return Part(numbers=numbers, limits=(NOT_OF_NUMBERS,))


def _weighted_mean(error, weights):
    return float(error @ weights / weights.sum())


def _apart(tests, examined):
    """Return some rows of both sides, and how they are told apart.

    Of rows that resemble each other the tests held out what does not.
    """
    if tests.dependence:
        is_target = tests.rows.is_target
        every = np.ones(is_target.shape[0], dtype=bool)
        apart = ToldApart(tests.rows.pooled, is_target, tests.scores, [], every)
        return tests.rows.rows, tests.rows.target_rows, apart
    n, m = num_samples(examined.X), num_samples(examined.X_target)
    rows = draw_rows(n, MOST_ROWS, examined.random_state)
    theirs = draw_rows(m, MOST_ROWS, examined.random_state)
    both = take_rows(examined.X, rows), take_rows(examined.X_target, theirs)
    return rows, theirs, tell_apart(*both, **examined.running)


def _as_clause(sentence):
    return sentence[:1].lower() + sentence[1:].rstrip(".")
