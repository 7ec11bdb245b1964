"""The table of rates of all sources."""

import numpy as np
from scipy import stats

from skdataquality.provenance._judgement import OFFSET_SENTENCES, SENTENCES
from skdataquality.provenance._rates import (
    exact_interval,
    highest_first,
    shrunk_interval,
)
from skdataquality.utils._stats import Interval

SAME = ""


def rates_table(errors, columns, judged, echoes):
    """One line for each source: column by column, the highest shrunk rate first.

    ``echoes`` says by (column, source) what explains a source that was found.
    """
    lines = []
    for (name, column), verdicts in zip(columns.items(), judged, strict=True):
        described = _flags if errors.are_flags else _numbers
        words = SENTENCES if errors.are_flags else OFFSET_SENTENCES
        table, order = described(errors, column, verdicts)
        for g in order.tolist():
            source = column.levels[g]
            lines.append(
                {
                    "column": name,
                    "source": source,
                    **{key: values[g] for key, values in table.items()},
                    "p_value": float(verdicts.p_value[g]),
                    "q_value": float(verdicts.q_value[g]),
                    "finding": words[str(verdicts.finding[g])],
                    "explained_by": echoes.get((name, source), SAME),
                }
            )
    return tuple(lines)


def _flags(errors, column, verdicts):
    k, m = verdicts.flagged, verdicts.rows
    total, n = int(k.sum()), int(m.sum())
    ends = shrunk_interval(k / verdicts.effect, m / verdicts.effect)
    exact = exact_interval(k, m, verdicts.effect)
    table = {
        "rows": m.tolist(),
        "errors": k.tolist(),
        "rate": _intervals(k / m, exact, "Clopper-Pearson"),
        "shrunk": _intervals(verdicts.shrunk, ends, "beta-binomial"),
        "excess": _excess(k, m, total, n),
    }
    return table, highest_first(verdicts.shrunk, m)


def _numbers(errors, column, verdicts):
    values, codes = errors.reported, column.codes
    m = column.rows()
    sums = np.bincount(codes, weights=values, minlength=m.size)
    mean = sums / m
    squares = np.bincount(codes, np.square(values - mean[codes]), m.size)
    pooled = squares.sum() / max(values.size - m.size, 1)
    own = np.where(m > 1, squares / np.maximum(m - 1, 1), pooled)
    half = np.where(
        m > 1, stats.t.ppf(0.975, np.maximum(m - 1, 1)) * np.sqrt(own / m), np.inf
    )
    centre, keep, error = _towards_all(mean, pooled / m)
    shrunk = centre + keep * (mean - centre)
    table = {
        "rows": m.tolist(),
        "errors": sums.tolist(),
        "rate": _intervals(mean, (mean - half, mean + half), "t"),
        "shrunk": _intervals(
            shrunk, (shrunk - 1.96 * error, shrunk + 1.96 * error), "empirical Bayes"
        ),
        "excess": _excess(sums, m, float(sums.sum()), int(m.sum())),
    }
    return table, highest_first(shrunk, m)


def _towards_all(mean, variance):
    """Centre of all sources, what is kept of the distance to it, and the error."""
    if not variance.any():  # numbers without noise
        return mean.mean(), np.ones(mean.size), np.zeros(mean.size)
    weight = 1 / variance
    centre = np.average(mean, weights=weight)
    excess = (weight * np.square(mean - centre)).sum() - (mean.size - 1)
    scale = weight.sum() - np.square(weight).sum() / weight.sum()
    between = max(0.0, excess / scale) if scale > 0 else 0.0
    keep = between / (between + variance)
    of_centre = 1 / (1 / (between + variance)).sum()
    error = np.sqrt(keep * variance + np.square(1 - keep) * of_centre)
    return centre, keep, error


def _excess(errors, rows, total, n):
    """Errors beyond those that the rate of the other rows leads to expect."""
    rest = (total - errors) / np.maximum(n - rows, 1)
    return (errors - rows * rest).tolist()


def _intervals(estimates, ends, method):
    columns = [np.asarray(values).tolist() for values in (estimates, *ends)]
    return [
        Interval(estimate, min(lower, estimate), max(upper, estimate), method)
        for estimate, lower, upper in zip(*columns, strict=True)
    ]
