"""Do some sources hold more flagged rows? :func:`provenance_lens`."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from skdataquality.provenance._judgement import (
    BY_CLASSES,
    FOUND,
    NOTHING,
    SENTENCES,
    TIED,
    explained_by,
    judge,
)
from skdataquality.provenance._lens._by_hand import (
    n_independent,
    rows_to_verify,
    said_of_rows,
)
from skdataquality.provenance._rates import (
    blocks_of_neighbours,
    check_flags,
    encode_clusters,
    exact_interval,
    highest_first,
    shrunk_interval,
    why_not_compared,
)
from skdataquality.utils._lens import LensResult, Number, cannot_tell
from skdataquality.utils._sources import encode_sources
from skdataquality.utils._stats import Interval
from skdataquality.utils._validation import check_same_length

SHOWN = 20
SAYS_LESS = 1.05  # rows for one
WORST_EXCESS = 0.3


_RATES = (
    "ource {column}={source}: {rate:.1f} % of {rows} rows are flagged, {rest:.1f} % "
    "elsewhere"
)
REASONS = {
    "stands_out": f"S{_RATES}.",
    "differs": f"S{_RATES}; it {{finding}}.",
    "none_stands_out": f"No source stands out; the nearest is s{_RATES}.",
    "no_flags": "No row is flagged.",
    "nothing_to_compare": "{why}",
}
REASON_OF = {"found": "stands_out", "suspect": "differs", "clear": "none_stands_out"}


@dataclass(frozen=True, kw_only=True, eq=False)
class ProvenanceLensResult(LensResult):
    """What :func:`provenance_lens` returns; see ``LensResult`` for the fields."""

    name: ClassVar[str] = "provenance"
    title: ClassVar[str] = "Provenance"
    reasons: ClassVar[dict[str, str]] = REASONS
    units: ClassVar[dict[str, Number]] = {
        "worst_rate": Number("share of rows of the source", "lower"),
        "rest_rate": Number("share of other rows", "lower"),
        "between_source_correlation": Number("intra-source correlation"),
        "rows_to_verify": Number("rows of the source, and as many others"),
    }


def provenance_lens(flags, sources, *, strata=None, clusters=None):
    """Ask which source, if any, holds more flagged rows than it should.

    A source is "found" if

    - it has more flagged rows than all others (Fisher's exact test, one-sided),
    - also among rows of the same class (Cochran-Mantel-Haenszel test), with ``strata``,
    - it is unusual among the other sources, which differ from each other too: so many
      flags are rare for a source whose rate is drawn as theirs are (beta-binomial,
      its mean and correlation integrated over; the prior of the correlation, a
      half-Cauchy distribution of scale .015, decides where sources are few),
    - and it matters: the lower 95 % limit of its odds exceeds 1.5 times those
      elsewhere.

    Each test is adjusted over all sources of all columns together (Benjamini and
    Hochberg) and compared with .05. A source that passes only the first is "suspect",
    and ``rows_to_verify`` says how many of its rows, and of the others, a person should
    check to decide.

    In simulations (200 data sets a setting, ``python -m benchmarks table
    provenance_simulation``) 2 to 30 sources of one rate were never called "found".
    Where rates around .05 differed harmlessly, with correlation .02, it was at most 4 %
    for 2 to 4 sources and at most 7 % for 6 to 30; flags in clusters of eight, given or
    not, at most 1.5 %. Of ten sources of 100 rows no rule that accuses at most 5 % of
    harmless tables finds one of rate .15 among .05 in more than 66 %. Two bad ones of
    eight hide each other: read "suspect" accordingly.

    Parameters
    ----------
    flags : array-like of shape (n_samples,), bool
        True where something is wrong with a row; the numbers 0 and 1 will do.
    sources : dict of str to array-like of shape (n_samples,)
        Where each row comes from, by any number of columns: vendor, annotator, batch.
        A missing value counts as the source "missing".
    strata : array-like of shape (n_samples,), default=None
        Class labels: a source that merely holds more of a hard class is not accused.
    clusters : array-like of shape (n_samples,) or (n_samples, n_columns), default=None
        Rows that belong together and go wrong together: subjects, groups of duplicates.
        Counts are divided by the design effect that their flags show, the largest of
        several columns; a row with a missing value stands alone. Without clusters,
        rows that follow each other within a source are looked at instead: only then the
        order of rows matters.

    Returns
    -------
    result : ProvenanceLensResult
        ``severity`` is 0 unless a source is found, then the shrunk rate of the worst
        above the rate elsewhere, divided by .3, at most 1. ``p_value`` is that of the
        source named in the summary, adjusted. ``numbers`` are its rate, the rate
        elsewhere, the correlation of rows of one source in its column (0: sources
        differ by chance alone) and, if suspect, ``rows_to_verify``.

    Examples
    --------
    >>> import numpy as np
    >>> from skdataquality.provenance import provenance_lens
    >>> rng = np.random.default_rng(0)
    >>> vendor = rng.choice(["A", "B", "C", "D", "E", "F", "G"], 3000)
    >>> flags = rng.random(3000) < np.where(vendor == "B", 0.2, 0.03)
    >>> provenance_lens(flags, {"vendor": vendor}).summary
    'Source vendor=B: 20.5 % of 405 rows are flagged, 2.9 % elsewhere.'
    """
    flags = check_flags(flags)
    columns = encode_all(flags, sources, "flags")
    check_same_length(flags=flags, strata=strata)
    if strata is not None:
        strata = encode_sources(strata, name="strata")
    together = encode_clusters(clusters, flags.size)
    if not flags.any():
        return ProvenanceLensResult(
            verdict="clear",
            severity=0.0,
            reason_code="no_flags",
            summary=ProvenanceLensResult.sentence("no_flags"),
        )
    reason = nothing_to_compare(columns)
    if reason:
        return cannot_tell(ProvenanceLensResult, "nothing_to_compare", why=reason)
    examined = {k: v for k, v in columns.items() if not why_not_compared(v)}
    by_column = clusters_by_column(flags, examined, together, strata)
    judged = judge(flags, examined, strata, by_column)
    limits = (
        *_limits(columns, strata),
        *said_of_dependence(
            {column.name: column for column in judged}, by_column, clusters is not None
        ),
    )
    return _result(judged, explained_by(flags, judged), limits)


def clusters_by_column(values, columns, clusters, strata=None):
    """Rows that belong together, by column; if not given, from the order of rows."""
    if clusters:
        return dict.fromkeys(columns, clusters)
    blocks = {k: blocks_of_neighbours(values, v, strata) for k, v in columns.items()}
    return {name: [found] for name, found in blocks.items() if found is not None}


def said_of_dependence(judged, together, are_given):
    """Say how rows were counted that may depend on each other."""
    if not are_given and not together:
        yield (
            "Rows count as independent: copies, or rows of one subject, that go wrong "
            "together and do not follow each other cannot be told without clusters."
        )
    for name, column in judged.items():
        if name not in together:
            continue
        size = n_independent(column.effect, column.rows)
        if are_given and size > SAYS_LESS:
            yield (
                f"Rows of one cluster go wrong together: by {name}, {size:.1f} rows "
                f"say as much as one."
            )
        elif not are_given:
            yield (
                f"Rows that follow each other within {name} go wrong together, and "
                f"{size:.1f} of them were counted as one; name the rows that belong "
                f"together as clusters."
            )


def _result(judged, explained, limits):
    verdict, column, source = _worst(judged, explained)
    worst, rest = _shares(column, source)
    name = f"{column.name}={column.sources.levels[source]}"
    numbers = {
        "worst_rate": worst,
        "rest_rate": rest,
        "between_source_correlation": column.correlation,
        "rows_to_verify": None,
    }
    n_rows = rows_to_verify(worst.estimate, rest.estimate)
    if verdict == "suspect" and n_rows:
        numbers["rows_to_verify"] = n_rows
        limits = (*limits, said_of_rows(name, n_rows, int(column.rows[source])))
    return ProvenanceLensResult(
        verdict=verdict,
        severity=_severity(verdict, column.shrunk[source] - rest.estimate),
        reason_code=REASON_OF[verdict],
        summary=ProvenanceLensResult.sentence(
            REASON_OF[verdict],
            column=column.name,
            source=column.sources.levels[source],
            rate=100 * worst.estimate,
            rows=column.rows[source],
            rest=100 * rest.estimate,
            finding=_spoken(column.finding[source]),
        ),
        numbers=numbers,
        p_value=float(column.q_value[source]),
        evidence={f"by {c.name}": _table(c, explained) for c in judged},
        limits=limits,
        named=() if verdict == "clear" else (name,),
    )


def encode_all(values, sources, name):
    """Encode every column of sources, of as many rows as the named values."""
    if not isinstance(sources, dict):
        raise ValueError(
            f"sources is a {type(sources).__name__}: pass a dict of column name to "
            f"values, for example {{'vendor': vendor}}."
        )
    named = {f"sources[{key!r}]": column for key, column in sources.items()}
    absent = [key for key, column in named.items() if column is None]
    if absent:
        raise ValueError(f"{absent[0]} is None: pass its values, or leave it out.")
    check_same_length(**{name: values}, **named)
    return {
        key: encode_sources(column, name=f"sources[{key!r}]")
        for key, column in sources.items()
    }


def nothing_to_compare(columns):
    """Why none of the columns can be compared; empty if one can."""
    if not columns:
        return "no column of sources was passed"
    reasons = {name: why_not_compared(column) for name, column in columns.items()}
    if not all(reasons.values()):
        return ""
    return "; ".join(f"column {name} {why}" for name, why in reasons.items())


def _worst(judged, explained):
    """Verdict, and the source that it is about."""
    candidates = [
        (column, source) for column in judged for source in range(column.rows.size)
    ]
    found = [(c, s) for c, s in candidates if c.finding[s] == FOUND]
    culprits = [
        (c, s)
        for c, s in found
        if (c.name, s) not in explained or explained[c.name, s].relation == TIED
    ]
    suspects = [(c, s) for c, s in candidates if c.finding[s] != NOTHING]
    for verdict, some in (("found", culprits or found), ("suspect", suspects)):
        if some:
            return verdict, *max(some, key=lambda cs: cs[0].shrunk[cs[1]])
    column, source = min(candidates, key=lambda cs: cs[0].q_value[cs[1]])
    return "clear", column, source


def _shares(column, source):
    """Rates of a source and of all others, with intervals."""
    own = np.arange(column.rows.size) == source
    effective = column.rows / column.effect
    out = []
    for part in (own, ~own):
        k, m = column.flagged[part].sum(), column.rows[part].sum()
        lower, upper = exact_interval(k, m, m / effective[part].sum())
        rate = Interval(float(k / m), float(lower), float(upper), "Clopper-Pearson")
        out.append(rate)
    return out


def _severity(verdict, excess):
    return float(min(1, excess / WORST_EXCESS)) if verdict == "found" else 0.0


def _spoken(finding):
    said = SENTENCES[finding]
    return f"is {said}" if finding == BY_CLASSES else said


def _table(column, explained):
    shown = highest_first(column.shrunk, column.rows)[:SHOWN]
    k, m = column.flagged[shown], column.rows[shown]
    effect = column.effect
    ends = exact_interval(k, m, effect[shown])
    rates = _intervals(k / m, ends, "Clopper-Pearson")
    ends = shrunk_interval(column.flagged / effect, column.rows / effect, shown)
    shrunk = _intervals(column.shrunk[shown], ends, "beta-binomial")
    return [
        {
            "source": column.sources.levels[g],
            "rows": int(column.rows[g]),
            "flagged": int(column.flagged[g]),
            "rate": rate,
            "shrunk": shrunk_rate,
            "q_value": float(column.q_value[g]),
            "finding": str(
                explained.get((column.name, g), SENTENCES[column.finding[g]])
            ),
        }
        for g, rate, shrunk_rate in zip(shown.tolist(), rates, shrunk, strict=True)
    ]


def _intervals(estimates, ends, method):
    columns = [values.tolist() for values in (estimates, *ends)]
    return [
        Interval(estimate, lower, upper, method)
        for estimate, lower, upper in zip(*columns, strict=True)
    ]


def _limits(columns, strata):
    said = [
        "Flags are taken as they are: those of a model are model-based, and its errors "
        "may depend on the source.",
        "Where several of few sources are bad, each looks usual beside the others and "
        "is only suspect; few sources cannot show how much sources usually differ.",
        "Rates of sources are taken to spread as a beta distribution: where a few of "
        "many lie further out by nature, these are found.",
    ]
    if strata is None:
        said.append("Classes are not held fixed: a source may hold harder rows.")
    for name, column in columns.items():
        why = why_not_compared(column)
        if why:
            said.append(f"Column {name} {why} and was not examined.")
        elif column.n_sources > SHOWN:
            said.append(
                f"{column.n_sources - SHOWN} sources of {name} with lower shrunk rates "
                f"are not shown."
            )
    return tuple(said)
