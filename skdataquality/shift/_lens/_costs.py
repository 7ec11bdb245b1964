"""What a shift costs: accuracy, or the error of numbers, on target rows."""

from dataclasses import replace

import numpy as np

from skdataquality.shift._lens._parts import Part
from skdataquality.shift._performance import (
    check_decay,
    expected_performance,
    other_opinions,
)
from skdataquality.shift._ratios import density_ratio, why_not_trusted
from skdataquality.utils._sklearn import take_rows
from skdataquality.utils._stats import bootstrap_interval

N_RESAMPLES = 200
METHODS = "expected accuracy on target rows"
ASSUMED = (
    "Accuracy on target rows is expected without their labels: the interval is as long "
    "as real shifts of this size have missed. A concept shift may cost more."
)
SAMPLED = "{what} is expected from {n} training and {m} target rows, {how}."
NOT_OF_NUMBERS = (
    "A change of the distribution of a label that is a quantity is not examined."
)


def accuracy_part(codes, target_codes, oof, sample, auc, seed=0):
    """Return a `Part` of accuracies without a test, and the checked prediction.

    ``sample`` are the `RowsApart`, ``auc`` how well sides are told apart, if known.
    """
    rows, apart = sample.rows, sample.apart
    new_proba = np.nanmean(oof.new_proba, axis=0)
    drawn = replace(
        oof,
        proba=oof.proba[rows],
        n_predictions=oof.n_predictions[rows],
        splits=_among(rows, oof.splits),
    )
    sides = [np.flatnonzero(apart.is_target == side) for side in (0, 1)]
    X, X_target = (take_rows(apart.pooled, side) for side in sides)
    said = expected_performance(
        drawn,
        codes[rows],
        apart,
        new_proba=new_proba[sample.target_rows],
        others=other_opinions(
            X, codes[rows], X_target, drawn, apart.pooled, cv=None, groups=None
        ),
        domain_auc=auc,
        level=0.95,
        random_state=seed,
    )
    known = target_codes >= 0
    right_on_target = None
    if known.any():
        right_on_target = new_proba[known].argmax(axis=1) == target_codes[known]
    numbers, decay = check_decay(
        (oof.proba.argmax(axis=1) == codes)[oof.covered],
        right_on_target,
        expected=said.estimate if said.is_trusted else None,
        why_not=_as_clause(said.reason),
    )
    lines = [
        {"method": line.method, "accuracy": line.score, "assumes": line.assumption}
        for line in said.methods
        if line.why_not is None
    ]
    limits: tuple = (ASSUMED,) if said.is_trusted else ()
    limits += _say_sample("Accuracy", sample)
    return Part(numbers=numbers, evidence={METHODS: lines}, limits=limits), decay


def _among(rows, splits):
    """Return the folds of some rows, as numbers among these."""
    return [
        tuple(np.flatnonzero(np.isin(rows, side)) for side in split) for split in splits
    ]


def error_part(y, oof, sample, auc, seed=0):
    """Return a `Part` of the mean absolute errors of predicted numbers."""
    rows, domain = sample.rows, sample.domain_proba
    kept = oof.covered[rows] & np.isfinite(domain)
    weights = density_ratio(domain[kept], sample.target_rows.size)
    error = np.abs(np.asarray(y, dtype=float) - oof.prediction)[rows][kept]
    options = {"n_resamples": N_RESAMPLES, "random_state": seed}
    numbers = {
        "error_held_out": bootstrap_interval(np.mean, error, **options),
        "error_expected_on_target": None,
    }
    if why_not_trusted(auc, weights) is None:
        numbers["error_expected_on_target"] = bootstrap_interval(
            _weighted_mean, error, weights, **options
        )
    limits = (NOT_OF_NUMBERS, *_say_sample("The error", sample))
    return Part(numbers=numbers, limits=limits)


def _say_sample(what, sample):
    """Say how many rows an expectation rests on, where it is not on all."""
    if not sample.is_sampled:
        return ()
    n, m = sample.rows.size, sample.target_rows.size
    return (SAMPLED.format(what=what, n=n, m=m, how=sample.how),)


def _weighted_mean(error, weights):
    return float(error @ weights / weights.sum())


def _as_clause(sentence):
    return sentence[:1].lower() + sentence[1:].rstrip(".")
