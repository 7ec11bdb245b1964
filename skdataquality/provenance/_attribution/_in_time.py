"""Changes along time, of all rows and of every source."""

from functools import partial
from zlib import crc32

import numpy as np

from skdataquality.provenance._changes import Search
from skdataquality.utils._stats import Interval, benjamini_hochberg, wilson

FEWEST_ROWS = 100
FEWEST_ERRORS = 5
MOST_PERMUTATIONS = 20_000
N_BINS = 30
ALL_ROWS = (None, None)
FOUND, EXPLAINED, UNSURE = "found", "explained by", "not clear without"


def changes_in_time(errors, columns, times, culprits, *, n_permutations, alpha, seed):
    """Look for a change in all rows and in every source of enough rows.

    ``culprits`` are the (column, source) that hold more errors at any time: where it is
    asked whether a source explains the change of other rows, these are left out. P
    values are adjusted over all of these (Benjamini and Hochberg), so that as many
    permutations are drawn as that asks for. Returns lines, those found first, and the
    course of the rate for those.
    """
    parts = dict(_parts(errors, columns))
    most = n_permutations
    if errors.are_flags:  # numbers take longer
        most = max(most, min(MOST_PERMUTATIONS, int(1.25 * len(parts) / alpha)))
    search = Search(times, n_permutations=most)
    changes = {
        part: search(errors, _rng(seed, part), rows=rows, alpha=alpha)
        for part, rows in parts.items()
    }
    changes = {part: c for part, c in changes.items() if c.position is not None}
    if not changes:
        return (), ()
    q_values = dict(
        zip(
            changes,
            benjamini_hochberg([c.p_value for c in changes.values()]),
            strict=True,
        )
    )
    found = [part for part in changes if q_values[part] <= alpha]
    found.sort(key=lambda part: -changes[part].statistic)
    apart = [parts[part] for part in culprits if part in parts and part not in found]
    bad = np.concatenate([*apart, np.array([], dtype=np.intp)])
    cutoff = max((changes[part].p_value for part in found), default=0.0)
    rng = partial(_rng, seed)
    findings = _findings(errors, parts, found, search, bad, rng, cutoff, alpha)
    order = sorted(
        changes, key=lambda part: (part not in found, -changes[part].statistic)
    )
    lines = tuple(
        _line(part, changes[part], float(q_values[part]), findings) for part in order
    )
    courses = tuple(
        {
            "column": part[0],
            "source": part[1],
            "course": _course(errors, times, parts[part]),
        }
        for part in dict.fromkeys((ALL_ROWS, *found))
    )
    return lines, courses


def _parts(errors, columns):
    yield ALL_ROWS, np.arange(errors.size)
    for name, column in columns.items():
        by_source = np.argsort(column.codes, kind="stable")
        ends = np.cumsum(column.rows())[:-1]
        for level, rows in zip(column.levels, np.split(by_source, ends), strict=True):
            few = errors.are_flags and errors.tested[rows].sum() < FEWEST_ERRORS
            if rows.size >= FEWEST_ROWS and not few:
                yield (name, level), rows


def _rng(seed, part):
    """Return numbers of their own for every source, whatever others there are."""
    return np.random.default_rng([seed, crc32(repr(part).encode())])


def _findings(errors, parts, found, search, bad, rng, cutoff, alpha):
    """Ask whether a change is left without the rows of a source found to change.

    That of the largest statistic comes first. ``bad`` are rows of other culprits.
    """
    findings: dict = {}
    culprits: list = []
    for part in found:
        findings[part] = FOUND
        for culprit in culprits:
            rest = np.setdiff1d(parts[part], parts[culprit])
            left = search(errors, rng(part), rows=np.setdiff1d(rest, bad), alpha=alpha)
            if rest.size < parts[part].size and left.p_value > cutoff:
                relation = EXPLAINED if left.p_value > alpha else UNSURE
                findings[part] = "{} {}={}".format(relation, *culprit)
                break
        if findings[part] == FOUND and part != ALL_ROWS:
            culprits.append(part)
    return findings


def _line(part, change, q_value, findings):
    return {
        "column": part[0],
        "source": part[1],
        "rows": change.n_rows,
        "at": change.at,
        "at_lower": change.at_lower,
        "at_upper": change.at_upper,
        "position": change.position,
        "first_row": change.first_row,
        "before": change.before,
        "after": change.after,
        "p_value": float(change.p_value),
        "q_value": q_value,
        "finding": findings.get(part, ""),
    }


def _course(errors, times, rows):
    """Rate, or mean, with its interval in up to 30 bins along time."""
    ranks = times.ranks[rows]
    rows = rows[np.argsort(ranks, kind="stable")]
    n_bins = min(N_BINS, max(1, rows.size // 20))
    course, start = [], 0
    method = "Wilson" if errors.are_flags else "normal"
    for part in np.array_split(rows, n_bins):
        values = errors.reported[part]
        mean = float(values.mean())
        if errors.are_flags:
            lower, upper = (float(e) for e in wilson(int(values.sum()), values.size))
        else:
            half = 1.96 * float(values.std()) / values.size**0.5
            lower, upper = mean - half, mean + half
        middle, place = part[part.size // 2], start + part.size // 2
        start += part.size
        course.append(
            {
                "at": times.moment(middle, place),
                "rate": Interval(mean, min(lower, mean), max(upper, mean), method),
            }
        )
    return course
