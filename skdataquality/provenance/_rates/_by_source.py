"""How often are the rows of each source flagged? :func:`error_rates_by_source`."""

import numpy as np

from skdataquality.provenance._rates._beta_binomial import shrunk_interval, shrunk_rates
from skdataquality.provenance._rates._clusters import design_effects, encode_clusters
from skdataquality.provenance._rates._exact import exact_interval
from skdataquality.provenance._rates._flags import check_flags
from skdataquality.provenance._rates._stratified import stratified_excess
from skdataquality.provenance._rates._tails import hypergeometric_tail
from skdataquality.utils._sources import encode_sources
from skdataquality.utils._stats import benjamini_hochberg
from skdataquality.utils._validation import check_same_length


def error_rates_by_source(flags, source, *, strata=None, clusters=None):
    r"""Compare how often the rows of each source are flagged.

    The p value is Fisher's one-sided exact test of a source against all others: the
    chance of as many flagged rows among its own if flags fell on rows at random. The
    shrunk rate moves the raw one towards the mean of all sources, more so the fewer
    rows it has and the less sources differ (beta-binomial model, as in [1]_).

    A small p value says that a source differs, not that it is bad: with many rows, the
    harmless differences between any two sources become significant.
    :func:`provenance_lens` asks for more. Where rows are flagged together, being copies
    or of one subject, p values and intervals are too small unless ``clusters`` says so.

    Parameters
    ----------
    flags : array-like of shape (n_samples,), bool
        True where something is wrong with a row, for example the mask of
        ``label_noise.find_label_issues``; the numbers 0 and 1 will do.
    source : array-like of shape (n_samples,)
        Where each row comes from: text, numbers, categories. A missing value counts
        as the source "missing".
    strata : array-like of shape (n_samples,), default=None
        Class labels, or another column whose values differ in difficulty.
    clusters : array-like of shape (n_samples,) or (n_samples, n_columns), default=None
        Rows that belong together: subjects, groups of duplicates. Counts are divided by
        the design effect (Kish), with one correlation within clusters for all sources;
        of several columns the largest counts. A row with a missing value stands alone.

    Returns
    -------
    table : list of dict
        One row per source, highest shrunk rate first; ``pandas.DataFrame(table)``
        works.

        - ``source``: its value;
        - ``rows``, ``flagged``: int;
        - ``rate``, ``rate_lower``, ``rate_upper``: share of its rows that are flagged,
          with 95 % Clopper-Pearson interval;
        - ``shrunk``, ``shrunk_lower``, ``shrunk_upper``: shrunk rate with 95 % interval
          (Bayesian: mean and spread of the sources are integrated over);
        - ``p_value``: 1 for the only source;
        - ``q_value``: p value adjusted over the sources (Benjamini and Hochberg);
        - ``p_given_strata``: with ``strata`` only; one-sided
          Cochran-Mantel-Haenszel test within strata, so that a source that holds more
          of a hard class is not accused for it. 1 if no stratum holds both this source
          and others;
        - ``design_effect``: with ``clusters`` only; rows that say as much as one
          independent row.

    References
    ----------
    .. [1] J. Kleinman, "Proportions with extraneous variance: single and independent
       samples", JASA 68, 1973.

    Examples
    --------
    >>> import numpy as np
    >>> from skdataquality.provenance import error_rates_by_source
    >>> source = np.repeat(["a", "b"], [100, 50])
    >>> flags = np.zeros(150, dtype=bool)
    >>> flags[:5] = flags[100:115] = True
    >>> for row in error_rates_by_source(flags, source):
    ...     print("{source} {flagged}/{rows} {shrunk:.3f} {q_value:.4f}".format(**row))
    b 15/50 0.275 0.0001
    a 5/100 0.063 1.0000
    """
    flags = check_flags(flags)
    check_same_length(flags=flags, source=source, strata=strata)
    levels = encode_sources(source, name="source")
    held = None if strata is None else encode_sources(strata, name="strata")
    together = encode_clusters(clusters, flags.size)
    effects = design_effects(flags, levels, together, held)
    rows, flagged = levels.rows(), levels.count(flags)
    k, m = flagged / effects, rows / effects
    p = hypergeometric_tail(np.rint(k), np.rint(m))
    columns = {"source": levels.levels, "rows": rows, "flagged": flagged}
    columns["rate"] = flagged / rows
    columns["rate_lower"], columns["rate_upper"] = exact_interval(k, m)
    columns["shrunk"] = shrunk_rates(k, m)
    columns["shrunk_lower"], columns["shrunk_upper"] = shrunk_interval(k, m)
    columns |= {"p_value": p, "q_value": benjamini_hochberg(p)}
    if held is not None:
        columns["p_given_strata"] = stratified_excess(
            flags, levels.codes, held.codes, levels.n_sources, effects
        )[0]
    if together:
        columns["design_effect"] = effects
    order = highest_first(columns["shrunk"], rows)
    plain = [v if isinstance(v, list) else v.tolist() for v in columns.values()]
    return [
        dict(zip(columns, (v[g] for v in plain), strict=True)) for g in order.tolist()
    ]


def highest_first(values, rows):
    """Order of sources: highest value first, then most rows, then as they are."""
    return np.lexsort((-rows, -values))
