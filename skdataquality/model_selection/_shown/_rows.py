"""From scores and tests to the rows of a table."""

import math

import numpy as np

from skdataquality.model_selection._prefer import judge, rank
from skdataquality.utils._stats import nadeau_bengio

NOTHING = "nothing"


def rows_on_given(scores, tests, expected, seconds, *, test_train_ratio):
    """Rows of one metric, best first, on the labels of the table.

    Without a row-wise test of a remedy, its scores of splits are tested.
    """
    differences = {
        name: values - scores[NOTHING]
        for name, values in scores.items()
        if name != NOTHING
    }
    tests = {
        name: tests.get(name) or nadeau_bengio(d, test_train_ratio=test_train_ratio)
        for name, d in differences.items()
    }
    means = {name: float(np.mean(values)) for name, values in scores.items()}
    return _rows(means, means, differences, tests, expected, seconds)


def rows_on_true(means, tests, expected, seconds):
    """Rows of one metric, best first, on verified labels.

    A remedy without a test of its own has no interval, one without a score comes last.
    Gains rank the others: scores end where the range of the metric does.
    """
    means = {name: float(getattr(m, "estimate", m)) for name, m in means.items()}
    differences = {name: np.array([test.mean]) for name, test in tests.items()}
    ranked = {
        name: means[NOTHING] + tests[name].mean
        if name in tests and not math.isnan(mean)
        else mean
        for name, mean in means.items()
    }
    return _rows(means, ranked, differences, tests, expected, seconds)


def _rows(means, ranked, differences, tests, expected, seconds):
    tested = [name for name in means if name in tests]
    gains = judge([differences[n] for n in tested], [tests[n] for n in tested])
    gain_of = dict(zip(tested, gains, strict=True))
    every = list(means)
    known = [-math.inf if math.isnan(ranked[name]) else ranked[name] for name in every]
    order = rank([[mean] for mean in known], every.index(NOTHING))
    return [
        _row(
            name,
            means[name],
            means[name] - means[NOTHING],
            gain_of.get(name),
            expected_gain=float(expected.get(name, math.nan)),
            seconds=float(seconds.get(name, math.nan)),
        )
        for name in (every[i] for i in order)
    ]


def _row(name, score, difference, gain, **more):
    row = {
        "remedy": name,
        "score": score,
        "gain": difference,
        "lower": math.nan,
        "upper": math.nan,
        "p_holm": math.nan,
        **more,
        "p_value": math.nan,
        "minimum_detectable_gain": math.nan,
        "beyond_noise": False,
        "method": "",
    }
    if gain is None:
        return row
    return row | {
        "gain": gain.difference,
        "lower": gain.lower,
        "upper": gain.upper,
        "p_holm": gain.p_adjusted,
        "p_value": gain.p_value,
        "minimum_detectable_gain": gain.minimum_detectable_gain,
        "beyond_noise": gain.beyond_noise,
        "method": gain.method,
    }
