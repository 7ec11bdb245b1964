"""Do the numbers of some sources lie apart? :func:`residual_provenance_lens`."""

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from skdataquality.provenance._judgement import (
    FOUND,
    NOTHING,
    OFFSET_SENTENCES,
    judge_offsets,
)
from skdataquality.provenance._lens._lens import (
    REASONS,
    SHOWN,
    ProvenanceLensResult,
    clusters_by_column,
    encode_all,
    nothing_to_compare,
    provenance_lens,
    said_of_dependence,
)
from skdataquality.provenance._rates import encode_clusters, why_not_compared
from skdataquality.utils._digits import fixed
from skdataquality.utils._lens import Number, cannot_tell
from skdataquality.utils._stats import Interval
from skdataquality.utils._validation import check_same_length

SEVERITY = {"clear": 0, "cannot tell": 0, "suspect": 1, "found": 2}
WORST_OFFSET = 2.0  # noise scales
LIMITS = (
    "A source may hold rows of another kind that no column tells: its numbers then lie "
    "apart and are right.",
    "Few sources cannot show how much sources usually differ.",
)
NORMAL_95 = 1.959963984540054
_OFFSET = (
    "ource {column}={source}: its {rows} numbers lie {offset} {side} what is expected, "
    "beside those elsewhere ({noise} of the noise)"
)


@dataclass(frozen=True, kw_only=True, eq=False)
class ResidualProvenanceLensResult(ProvenanceLensResult):
    """What :func:`residual_provenance_lens` returns; see ``LensResult``."""

    reasons: ClassVar[dict[str, str]] = REASONS | {
        "offset": f"S{_OFFSET}.",
        "offset_differs": f"S{_OFFSET}; it {{finding}}.",
        "no_offset": f"No source stands out; the nearest is s{_OFFSET}.",
    }
    units: ClassVar[dict[str, Number]] = {
        "worst_offset": Number("as the label", None),
        "worst_offset_in_noise": Number("noise scales", None),
        **ProvenanceLensResult.units,
    }


def residual_provenance_lens(
    residuals, sources, *, scale=None, flags=None, clusters=None
):
    """Ask which source, if any, holds numbers that lie apart from what is expected.

    Errors are divided by the noise of their row and clipped at three, so that single
    wrong numbers do not speak for a source. A source is "found" if

    - its mean error differs from that of all other rows (Welch's t test),
    - it is unusual among the other sources, which differ from each other too (normal
      random effects; how much they differ is integrated over with the prior of
      :func:`provenance_lens`),
    - and it matters: the 95 % interval of its offset lies beyond a quarter of the
      noise.

    Tests are adjusted over all sources of all columns together (Benjamini and
    Hochberg) and compared with .05. A source that passes only the first is "suspect".
    Sources may also hold more wrong numbers: with ``flags`` that is asked by
    :func:`provenance_lens`, and the verdict is the worse of both.

    Parameters
    ----------
    residuals : array-like of shape (n_samples,)
        Number less its out-of-fold prediction, of a model that did not see the source.
    sources : dict of str to array-like of shape (n_samples,)
    scale : array-like of shape (n_samples,), default=None
        Noise of each row; None is the same for all, from the median residual.
    flags : array-like of shape (n_samples,), bool, default=None
        True where a number looks wrong.
    clusters : array-like of shape (n_samples,), default=None
        Rows that belong together, as :func:`provenance_lens` takes them.

    Returns
    -------
    result : ResidualProvenanceLensResult

    Examples
    --------
    >>> import numpy as np
    >>> from skdataquality.provenance import residual_provenance_lens
    >>> rng = np.random.default_rng(0)
    >>> vendor = rng.choice(["A", "B", "C"], 900)
    >>> lens = residual_provenance_lens(
    ...     rng.normal(size=900) + 2.0 * (vendor == "B"), {"vendor": vendor}
    ... )
    >>> lens.verdict, lens.named
    ('found', ('vendor=B',))
    """
    residuals = np.asarray(residuals, dtype=float)
    if residuals.ndim != 1 or not np.isfinite(residuals).all():
        raise ValueError(
            "residuals must be one finite number per row: leave rows without a "
            "prediction out of every argument."
        )
    check_same_length(residuals=residuals, scale=scale, flags=flags)
    given = encode_clusters(clusters, residuals.size)
    columns = encode_all(residuals, sources, "residuals")
    reason = nothing_to_compare(columns)
    if reason:
        return cannot_tell(
            ResidualProvenanceLensResult, "nothing_to_compare", why=reason
        )
    if scale is None:
        middle = np.median(np.abs(residuals - np.median(residuals))) or residuals.std()
        scale = np.full(residuals.shape, (middle * 1.4826) or 1.0)
    scale = np.asarray(scale, dtype=float)
    examined = {k: v for k, v in columns.items() if not why_not_compared(v)}
    studentised = residuals / scale
    together = clusters_by_column(studentised, examined, given)
    offsets = judge_offsets(studentised, examined, together)
    judged = dict(zip(examined, offsets, strict=True))
    limits = (*LIMITS, *said_of_dependence(judged, together, clusters is not None))
    result = _result(residuals, scale, examined, judged, limits)
    if flags is None:
        return result
    return _joined(result, provenance_lens(flags, sources, clusters=clusters))


def _result(residuals, scale, examined, judged, limits):
    verdict, name, source = _worst(judged)
    column, noise = judged[name], float(np.median(scale))
    offset = Interval(
        float(column.offset[source]),
        float(column.offset[source] - column.half[source]),
        float(column.offset[source] + column.half[source]),
        "Welch",
    )
    in_units = Interval(
        noise * offset.estimate, noise * offset.lower, noise * offset.upper, "Welch"
    )
    reason = {"found": "offset", "suspect": "offset_differs", "clear": "no_offset"}
    level = examined[name].levels[source]
    return ResidualProvenanceLensResult(
        verdict=verdict,
        severity=min(1.0, abs(offset.estimate) / WORST_OFFSET)
        if verdict == "found"
        else 0.0,
        reason_code=reason[verdict],
        summary=ResidualProvenanceLensResult.sentence(
            reason[verdict],
            column=name,
            source=level,
            rows=int(column.rows[source]),
            offset=fixed(abs(in_units.estimate)),
            side="above" if offset.estimate > 0 else "below",
            noise=f"{abs(offset.estimate):.0%}".replace("%", " %"),
            finding=OFFSET_SENTENCES[str(column.finding[source])],
        ),
        numbers={"worst_offset": in_units, "worst_offset_in_noise": offset},
        p_value=float(column.q_value[source]),
        evidence={
            f"error by {k}": _table(residuals, examined[k], judged[k]) for k in judged
        },
        limits=limits,
        named=() if verdict == "clear" else (f"{name}={level}",),
    )


def _worst(judged):
    """Verdict, column and source that it is about."""
    every = [(name, g) for name, c in judged.items() for g in range(c.rows.size)]
    for verdict, kinds in (
        ("found", {FOUND}),
        ("suspect", set(OFFSET_SENTENCES) - {NOTHING}),
    ):
        some = [(n, g) for n, g in every if judged[n].finding[g] in kinds]
        if some:
            return verdict, *max(some, key=lambda ng: _reach(judged, *ng))
    return "clear", *min(every, key=lambda ng: judged[ng[0]].q_value[ng[1]])


def _reach(judged, name, source):
    column = judged[name]
    return abs(column.offset[source]) - column.half[source]


def _table(residuals, sources, column):
    shown = np.argsort(column.q_value, kind="stable")[:SHOWN]
    lines = []
    for source in shown.tolist():
        own = residuals[sources.codes == source]
        lines.append(
            {
                "source": sources.levels[source],
                "rows": int(own.size),
                "mean_error": _mean(own),
                "mean_size_of_error": _mean(np.abs(own)),
                "q_value": float(column.q_value[source]),
                "finding": OFFSET_SENTENCES[str(column.finding[source])],
            }
        )
    return lines


def _mean(values):
    mean = float(values.mean())
    half = np.nan
    if values.size > 1:
        half = float(NORMAL_95 * values.std(ddof=1) / np.sqrt(values.size))
    return Interval(mean, mean - half, mean + half, "normal")


def _joined(result, by_flags):
    """Add what flags say, whose verdict counts if it is the worse."""
    shared = {
        "numbers": result.numbers | by_flags.numbers,
        "evidence": result.evidence | by_flags.evidence,
        "limits": tuple(dict.fromkeys((*result.limits, *by_flags.limits))),
    }
    if SEVERITY[by_flags.verdict] <= SEVERITY[result.verdict]:
        return replace(result, **shared)
    return replace(
        result,
        verdict=by_flags.verdict,
        severity=by_flags.severity,
        reason_code=by_flags.reason_code,
        summary=by_flags.summary,
        p_value=by_flags.p_value,
        named=by_flags.named,
        **shared,
    )
