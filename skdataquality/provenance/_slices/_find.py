"""Sources and pairs of sources that hold more errors: :func:`find_slices`."""

from dataclasses import dataclass, field
from numbers import Integral

import numpy as np

from skdataquality.provenance._changes import read_errors
from skdataquality.provenance._judgement import FOUND, judge, judge_offsets
from skdataquality.provenance._rates import encode_clusters
from skdataquality.provenance._slices._columns import read_columns
from skdataquality.provenance._slices._counts import OneHot
from skdataquality.provenance._slices._evidence import Noise
from skdataquality.provenance._slices._search import SENTENCES, search
from skdataquality.utils._frames import pandas_frame
from skdataquality.utils._printable import printable
from skdataquality.utils._shown import WIDTH, ShownResult, cut
from skdataquality.utils._sources import check_group_columns, encode_sources
from skdataquality.utils._stats import (
    Interval,
    check_open_unit,
    effective_share,
    proportion_interval,
    with_ends,
)

N_SHOWN = 8
NORMAL_95 = 1.959963984540054


@dataclass(frozen=True, eq=False, repr=False)
class SliceTable(ShownResult):
    """What :func:`find_slices` returns.

    Attributes
    ----------
    lines : tuple of dict
        Slices that differ, the most significant first:

        - ``columns``, ``values``: tuples, of one source or of two;
        - ``slice``: both in words;
        - ``rows``: int;
        - ``errors``: flagged rows, or the sum of numbers;
        - ``rate``: Interval of the share of flagged rows (Clopper-Pearson), or of the
          mean number;
        - ``rest``: rate or mean of all other rows;
        - ``expected``: rate or mean that its columns alone lead to expect;
        - ``excess``: errors beyond those that the other rows lead to expect;
        - ``p_value``, ``q_value``: of no more than expected, as it is and adjusted
          over all slices;
        - ``finding``: "found", "explained by ...", "cannot be told from ...", or why a
          slice that differs is not accused.
    culprits : tuple of dict
        The lines that were found, in the order of ``excess``.
    n_slices : int
        Slices compared.
    left_out : dict
        By column, why its sources were not compared.
    """

    lines: tuple = field(repr=False)
    culprits: tuple = field(repr=False)
    n_slices: int
    left_out: dict

    def to_frame(self):
        """Return the lines as a data frame, the interval as three columns.

        Returns
        -------
        frame : pandas.DataFrame

        Raises
        ------
        ImportError
            If pandas is missing; it comes with the extra ``cli``.
        """
        rows = [with_ends(line, "rate") for line in self.lines]
        return pandas_frame(rows, "SliceTable.to_frame", "the attribute lines")

    def __repr__(self):
        said = [f"SliceTable({len(self.culprits)} found of {self.n_slices} slices)"]
        said += [
            f"- {line['slice']}: {line['rate'].short()} of {line['rows']} rows, "
            f"{line['rest']:.3g} elsewhere"
            for line in self.culprits[:N_SHOWN]
        ]
        return "\n".join(cut(printable(line), WIDTH) for line in said)


def find_slices(
    errors, metadata, *, max_order=2, min_support=40, alpha=0.05, groups=None
):
    """Find sources, and pairs of sources of two columns, that hold more errors.

    Parameters
    ----------
    errors : array-like of shape (n_samples,), bool or number
        Flags (0 and 1 will do), or numbers that are higher where a row is worse.
    metadata : data frame or array of shape (n_samples, n_columns), or dict of columns
        Columns of sources: vendor, annotator, batch, revision. Missing values are a
        source of their own. Measurements and dates of more than 50 different values
        are cut into five bins at quantiles; a column of another kind with more than
        10,000 sources is left out, as is one that names every row.
    max_order : {1, 2}, default=2
        1 compares sources alone.
    min_support : int, default=40
        Fewest rows of a slice.
    alpha : float, default=0.05
        Level of the adjusted p values, in (0, 1).
    groups : array-like of shape (n_samples,) or (n_samples, n_groupings), default=None
        Whose rows depend on each other; p values then count rows by what they are
        worth on average (design effect).

    Returns
    -------
    slices : SliceTable

    Raises
    ------
    ValueError
        If errors are missing, infinite or no numbers, lengths differ, or a number is
        out of its range.

    See Also
    --------
    ErrorAttribution : The same with rates of every source, and changes in time.

    Notes
    -----
    Counts of all pairs that occur come from one sparse product of one-hot columns, so
    that time grows with rows times squared columns. A pair must hold more than the
    better of its two sources, and more than the sum or the product of their effects;
    its rate must be unusual among the pairs of the same two columns, and the lower 95 %
    limit of its odds above 1.5 times those elsewhere. A source alone must be found by
    the rules of :func:`provenance_lens`.

    Culprits are taken one by one, that of the best fit first, and all others are asked
    again among rows that are alike in the culprits taken. What then no longer differs
    is an echo: "explained by", or "cannot be told from" where the culprit would be
    explained as well, were the other taken first.

    Examples
    --------
    >>> import numpy as np
    >>> from skdataquality.provenance import find_slices
    >>> rng = np.random.default_rng(0)
    >>> vendor, guide = rng.integers(0, 8, 20_000), rng.integers(0, 2, 20_000)
    >>> bad = (vendor == 3) & (guide == 1)
    >>> flags = rng.random(20_000) < np.where(bad, 0.18, 0.03)
    >>> found = find_slices(flags, {"vendor": vendor, "guide": guide})
    >>> [line["slice"] for line in found.culprits]
    ['vendor=3 & guide=1']
    >>> for line in found.lines:
    ...     print(line["slice"], "is", line["finding"])
    vendor=3 is explained by vendor=3 & guide=1
    vendor=3 & guide=1 is found
    guide=1 is explained by vendor=3 & guide=1
    """
    errors = read_errors(errors)
    check_options(max_order=max_order, min_support=min_support, alpha=alpha)
    if groups is not None:
        check_group_columns(groups, errors.size, rows="errors")
    columns, left_out = read_columns(metadata, errors.size)
    accused = judge_sources(errors, columns, groups)[1]
    return slices_of(
        errors,
        columns,
        accused,
        left_out=left_out,
        max_order=max_order,
        min_support=min_support,
        alpha=alpha,
        groups=groups,
    )


def check_options(*, max_order, min_support, alpha):
    """Refuse numbers out of their range."""
    if isinstance(max_order, bool) or max_order not in (1, 2):
        raise ValueError(f"max_order={max_order!r}: pass 1 (sources) or 2 (and pairs).")
    if not isinstance(min_support, Integral) or min_support < 1:
        raise ValueError(
            f"min_support={min_support!r}: pass a whole number of at least 1."
        )
    check_open_unit("alpha", alpha)


def judge_sources(errors, columns, groups=None):
    """Judge all sources; also return their findings, of those with more errors."""
    if not columns:
        return [], np.array([], dtype=object)
    together = dict.fromkeys(
        columns, encode_clusters(groups, errors.size, name="groups", rows="errors")
    )
    if errors.are_flags:
        judged = judge(errors.tested, columns, clusters=together)
        return judged, np.concatenate([c.finding for c in judged]).astype(object)
    with np.errstate(all="ignore"):  # sources without any noise
        judged = judge_offsets(errors.tested, columns, clusters=together)
    findings = [np.where(c.offset > 0, c.finding, "") for c in judged]
    return judged, np.concatenate(findings).astype(object)


def slices_of(
    errors, columns, accused, *, left_out, max_order, min_support, alpha, groups
):
    """Search among checked columns; ``accused`` are the findings of their sources."""
    if not columns or (errors.tested == errors.tested[0]).all():
        return SliceTable((), (), 0, left_out)
    onehot = OneHot(list(columns.values()), errors.tested)
    product = onehot.product()
    slices = onehot.slices(product, min_support, max_order)
    if not slices.size:
        return SliceTable((), (), 0, left_out)
    noise = Noise(
        errors.are_flags,
        float(errors.tested.var()),
        _design_effect(errors.tested, groups),
    )
    found = search(onehot, product, slices, noise, alpha, accused)
    lines = _lines(onehot, slices, found, errors, columns, alpha)
    culprits = [line for line in lines if line["finding"] == SENTENCES[FOUND]]
    culprits.sort(key=lambda line: -line["excess"])
    return SliceTable(tuple(lines), tuple(culprits), int(slices.size), left_out)


def _design_effect(values, groups):
    """How much more dependent rows vary, by the worst of one or several columns."""
    if groups is None:
        return 1.0
    columns = np.asarray(groups).reshape(values.size, -1).T
    coded = (encode_sources(column, name="groups").codes for column in columns)
    return max(1 / effective_share(values, codes) for codes in coded)


def _lines(onehot, slices, found, errors, columns, alpha):
    names = [
        (name, level) for name, column in columns.items() for level in column.levels
    ]
    differs = found.q_value < alpha
    differs[found.culprits] = True
    chosen = np.flatnonzero(differs)
    chosen = chosen[np.argsort(found.evidence.p_value[chosen], kind="stable")]

    def parts(which):
        pair = dict.fromkeys((int(slices.first[which]), int(slices.second[which])))
        return [names[source] for source in pair]

    def spoken(which):
        return " & ".join(f"{column}={level}" for column, level in parts(which))

    lines = []
    for which in chosen.tolist():
        finding = SENTENCES[found.finding[which]]
        if which in found.echo:
            relation, culprit = found.echo[which]
            finding = f"{relation} {spoken(culprit)}"
        elif finding == SENTENCES[FOUND] and which not in found.culprits:
            finding = ""
        mask = onehot.mask(slices, which)
        lines.append(
            {
                "columns": tuple(column for column, _ in parts(which)),
                "values": tuple(level for _, level in parts(which)),
                "slice": spoken(which),
                **_measured(mask, errors),
                "expected": float(
                    found.evidence.expected[which] / found.evidence.rows[which]
                ),
                "p_value": float(found.evidence.p_value[which]),
                "q_value": float(found.q_value[which]),
                "finding": finding,
            }
        )
    return lines


def _measured(mask, errors):
    inside, outside = errors.reported[mask], errors.reported[~mask]
    n, total = inside.size, inside.sum()
    rest = float(outside.mean())
    if errors.are_flags:
        rate = proportion_interval(int(total), n)
        total = int(total)
    else:
        half = NORMAL_95 * float(inside.std(ddof=1)) / n**0.5 if n > 1 else np.inf
        mean = float(total / n)
        rate = Interval(mean, mean - half, mean + half, "normal")
        total = float(total)
    return {
        "rows": n,
        "errors": total,
        "rate": rate,
        "rest": rest,
        "excess": float(total - n * rest),
    }
