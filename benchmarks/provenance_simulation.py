"""How often the provenance lens is wrong, and what it finds.

Sources hold rows in equal or log-normal numbers; their rates are equal to .05, drawn
from a Beta distribution of that mean (harmless variation, by its intra-source
correlation), or equal but for bad sources of rate .15.
"""

from functools import partial

import numpy as np
from scipy import special, stats

from benchmarks._problem import Part, Target, grid
from benchmarks._tables import as_they_are, side_by_side
from skdataquality.provenance import provenance_lens, residual_provenance_lens
from skdataquality.provenance._judgement._judge import (
    BY_CLASSES,
    FOUND,
    NOTHING,
    SENTENCES,
    conclude,
)
from skdataquality.provenance._rates._beta_binomial import correlation as estimate
from skdataquality.provenance._rates._beta_binomial import (
    shrunk_interval,
    shrunk_rates,
    unusual_among_peers,
)
from skdataquality.provenance._rates._exact import exact_interval
from skdataquality.utils._stats import benjamini_hochberg

NUMBERS = (2, 3, 4, 6, 8, 10, 30, 200)
CHOSEN_ON = (2, 4, 8, 30)  # numbers of sources on which constants were chosen
MEAN, PLANTED = 0.05, 0.15
CLUSTER = 8


def draw_rows(rng, n_sources, size, lognormal):
    if not lognormal:
        return np.full(n_sources, size)
    return np.ceil(rng.lognormal(np.log(size), 1, n_sources)).astype(int)


def draw_rates(rng, n_sources, mean, rho, rates="beta"):
    """Draw rates of one mean and variance: beta, or of a longer or a shorter tail."""
    if rho == 0:
        return np.full(n_sources, mean)
    if rates == "triangular":
        reach = np.sqrt(6 * rho * mean * (1 - mean))
        return np.clip(
            rng.triangular(mean - reach, mean, mean + reach, n_sources), 0, 1
        )
    if rates == "log-normal":
        spread = np.sqrt(np.log1p(rho * (1 - mean) / mean))
        draws = rng.lognormal(np.log(mean) - spread**2 / 2, spread, n_sources)
        return np.minimum(draws, 1)
    return rng.beta(mean * (1 / rho - 1), (1 - mean) * (1 / rho - 1), n_sources)


def draw_counts(
    rng,
    n_sources,
    size,
    lognormal,
    *,
    mean=MEAN,
    rho=0.0,
    n_planted=0,
    rates="beta",
):
    rows = draw_rows(rng, n_sources, size, lognormal)
    rates = draw_rates(rng, n_sources, mean, rho, rates)
    rates[:n_planted] = PLANTED
    return rng.binomial(rows, rates), rows, rates


def split(sources):
    return "chosen on" if sources in CHOSEN_ON else "reported"


# ---------------------------------------------------------------- verdicts
def verdict_tasks(runs):
    """Few sources, then several, then many; then with one or two bad ones."""
    harmless = grid(correlation=[0.0], rows_each=[200], sources=NUMBERS)
    harmless += grid(correlation=[0.02], rows_each=[200, 1000], sources=[2, 3, 4])
    harmless += grid(correlation=[0.01, 0.02], rows_each=[100, 1000], sources=[8, 10])
    harmless += grid(correlation=[0.01, 0.02], rows_each=[200], sources=[6, 8, 30])
    harmless += grid(correlation=[0.01], rows_each=[200], sources=[200])
    uneven = grid(correlation=[0.02], rows_each=[150], sources=[2, 3, 4, 8, 10])
    frequent = grid(correlation=[0.02], rows_each=[200], sources=[2, 3, 4, 8])
    one = grid(correlation=[0.0], rows_each=[100, 200, 1000], sources=[2, 4, 8, 10, 30])
    two = grid(correlation=[0.0], rows_each=[200, 1000], sources=[8, 30])
    tails = grid(correlation=[0.02], rows_each=[200], sources=[3, 6, 10, 30, 200])
    parts = (
        (harmless, "beta", False, MEAN, 0),
        (uneven, "beta", True, MEAN, 0),
        (frequent, "beta", False, 0.2, 0),
        (tails, "triangular", False, MEAN, 0),
        (tails, "log-normal", False, MEAN, 0),
        (one, "beta", False, MEAN, 1),
        (two, "beta", False, MEAN, 2),
    )
    return [
        {
            "sources": task["sources"],
            "rows_each": task["rows_each"],
            "lognormal": lognormal,
            "mean": mean,
            "correlation": task["correlation"],
            "rates": rates,
            "bad": bad,
            "split": split(task["sources"]) if rates == "beta" else "reported",
            "runs": runs if task["sources"] < 200 else runs // 2,
        }
        for tasks, rates, lognormal, mean, bad in parts
        for task in tasks
    ]


def share_found(task, among=unusual_among_peers):
    """Share of data sets in which a bad source is found, or any where none is bad."""
    rng = np.random.default_rng(0)
    bad, found, differs, falsely = task["bad"], 0.0, 0.0, 0.0
    for _ in range(task["runs"]):
        k, m, _ = draw_counts(
            rng,
            task["sources"],
            task["rows_each"],
            task["lognormal"],
            mean=task["mean"],
            rho=task["correlation"],
            n_planted=bad,
            rates=task["rates"],
        )
        (finding,) = conclude([(k, m)], among=among)[2]
        is_found, is_said = finding == FOUND, finding != NOTHING
        found += is_found[:bad].mean() if bad else is_found.any()
        differs += is_said[:bad].mean() if bad else is_said.any()
        falsely += is_found[bad:].any()
    return {
        "found": found / task["runs"],
        "found_or_suspect": differs / task["runs"],
        "another_found": falsely / task["runs"],
    }


def measure_verdicts(**task):
    return [share_found(task)]


def verdict_targets(rows, quick):
    slack = 0.08 if quick else 0.02  # beyond sampling error of the number of runs
    # of longer tails than the model has, the file says what it costs
    none_is_bad = (rows["bad"] == 0) & (rows["rates"] != "log-normal")
    differ = rows[none_is_bad & (rows["correlation"] > 0)]
    few = differ[differ["sources"] <= 4]
    many = differ[differ["sources"] > 4]
    same = rows[none_is_bad & (rows["correlation"] == 0)]
    ten = rows[(rows["bad"] == 1) & (rows["correlation"] == 0)].set_index(
        ["sources", "rows_each"]
    )["found"]
    targets = [
        Target("found, equal sources, worst", same["found"].max(), 0.05, True),
        Target("or suspect", same["found_or_suspect"].max(), 0.05 + slack, True),
        Target("found, 2 to 4 differ, worst", few["found"].max(), 0.05 + slack, True),
        Target("found, more differ, worst", many["found"].max(), 0.05 + slack, True),
        Target("bad one of 8 found, 1000 rows", ten[8, 1000], 0.95),
    ]
    if quick:  # too few runs for the mean of several settings
        return targets
    return [
        *targets,
        Target("found, 2 to 4 differ, mean", few["found"].mean(), 0.05, True),
        Target("found, more differ, mean", many["found"].mean(), 0.05, True),
        Target("bad one of 10 found, 100 rows", ten[10, 100], 0.75),
    ]


def verdicts(is_shown):
    make = side_by_side(
        "rows_each lognormal mean correlation rates bad", "sources", "found"
    )
    return lambda rows: make(rows[is_shown(rows["bad"])])


# ---------------------------------------------------------------- constants
def constant_tasks(scales, outlying, runs):
    cases = [
        {"sources": n, "rows_each": size, "correlation": rho, "bad": bad}
        for n, size, rho, bad in [
            (2, 200, 0.02, 0),
            (4, 1000, 0.02, 0),
            (8, 200, 0.02, 0),
            (30, 200, 0.01, 0),
            (4, 200, 0.0, 1),
            (8, 200, 0.0, 1),
            (8, 200, 0.0, 2),
            (30, 200, 0.0, 2),
        ]
    ]
    return [
        {**constants, **case, "split": "chosen on", "runs": runs}
        for constants in grid(scale=scales, outlying=outlying)
        for case in cases
    ]


def measure_constants(scale, outlying, **task):
    among = partial(unusual_among_peers, usual=scale, outlying=outlying)
    given = {"mean": MEAN, "lognormal": False, "rates": "beta"}
    return [share_found(task | given, among)]


# ---------------------------------------------------------------- what is possible
def measure_ceiling(sources, rows_each, mean_is, runs):
    """Bound the power of any rule that accuses at most 5 % of harmless tables.

    No test is more powerful than the likelihood ratio of the fault to a mixture of the
    harmless tables (Neyman and Pearson), whatever the mixture: the least is the bound.
    """
    rng = np.random.default_rng(0)
    rhos = (0.0, 0.01, 0.02)
    draws = {
        rho: np.array(
            [
                draw_counts(rng, sources, rows_each, False, rho=rho)[0]
                for _ in range(runs)
            ]
        )
        for rho in rhos
    }
    draws["bad"] = np.array(
        [
            draw_counts(rng, sources, rows_each, False, n_planted=1)[0]
            for _ in range(runs)
        ]
    )
    means = [MEAN] if mean_is == "known" else np.geomspace(0.02, 0.14, 15)
    ratio = {
        key: _log_terms(counts, rows_each, means, rhos) for key, counts in draws.items()
    }
    bounds = []
    for mix in ((1, 5, 2), (1, 8, 1), (2, 7, 1), (3, 5, 2)):
        log_mix = np.log(np.array(mix) / sum(mix))
        score = {
            key: bad - special.logsumexp(usual + log_mix[:, None], axis=0)
            for key, (bad, usual) in ratio.items()
        }
        of_usual = np.concatenate([score[rho] for rho in rhos])
        weight = np.repeat(np.array(mix) / sum(mix) / runs, runs)
        order = np.argsort(-of_usual, kind="stable")
        last = np.searchsorted(np.cumsum(weight[order]), 0.05)
        bounds.append(float((score["bad"] > of_usual[order[last]]).mean()))
    return [{"most_found": min(bounds)}]


def _log_terms(counts, m, means, rhos):
    """Log likelihood with one bad source, and without at each correlation."""
    k = np.arange(m + 1)
    usual: list = [[] for _ in rhos]
    bad = []
    for mean in means:
        for terms, rho in zip(usual, rhos, strict=True):
            size = 1 / max(rho, 1e-9) - 1
            table = stats.betabinom.logpmf(k, m, mean * size, (1 - mean) * size)
            terms.append(table[counts].sum(axis=1))
        odds = 3.353 * mean / (1 - mean)  # .15 beside .05
        alone = stats.binom.logpmf(k, m, odds / (1 + odds)) - stats.binom.logpmf(
            k, m, mean
        )
        bad.append(usual[0][-1] + special.logsumexp(alone[counts], axis=1))
    bad = special.logsumexp(bad, axis=0) - np.log(counts.shape[1])
    return bad, np.array([special.logsumexp(terms, axis=0) for terms in usual])


# ---------------------------------------------------------------- clusters
def draw_clusters(rng, sources, rows_each, n_bad=0):
    """Clusters of eight rows that are flagged together or not at all."""
    n = sources * rows_each // CLUSTER
    source = np.repeat(np.arange(sources), rows_each // CLUSTER)
    flags = rng.random(n) < np.where(source < n_bad, PLANTED, MEAN)
    columns = flags, source, np.arange(n)
    return [np.repeat(values, CLUSTER) for values in columns]


def measure_clusters(sources, rows_each, clusters, bad, runs):
    rng = np.random.default_rng(0)
    found = differs = 0
    for _ in range(runs):
        flags, source, cluster = draw_clusters(rng, sources, rows_each, bad)
        given = cluster if clusters == "given" else None
        if clusters != "in order":
            order = rng.permutation(flags.size)
            flags, source = flags[order], source[order]
            given = None if given is None else given[order]
        lens = provenance_lens(flags, {"source": source}, clusters=given)
        found += lens.verdict == "found"
        differs += lens.verdict in ("found", "suspect")
    return [{"found": found / runs, "found_or_suspect": differs / runs}]


def cluster_targets(rows, quick):
    null = rows[rows["bad"] == 0]
    return [
        Target(f"found, clusters {name}", some["found"].max(), 0.05, True)
        for name, some in null.groupby("clusters")
    ]


# ---------------------------------------------------------------- numbers
def measure_numbers(sources, rows_each, correlation, clusters, offset, runs):
    """Errors of Student's t; clusters share the error, or rows stand alone ("none")."""
    rng = np.random.default_rng(0)
    n, size = sources * rows_each, 1 if clusters == "none" else CLUSTER
    source = np.repeat(np.arange(sources), rows_each)
    cluster = np.arange(n) // size
    found = differs = 0
    for _ in range(runs):
        errors = rng.standard_t(5, n // size)[cluster]
        errors = errors / 1.29  # of standard deviation 1
        own = rng.normal(size=sources) * np.sqrt(correlation / (1 - correlation))
        own[0] += offset
        errors += own[source]
        order = np.arange(n) if clusters == "in order" else rng.permutation(n)
        lens = residual_provenance_lens(
            errors[order],
            {"source": source[order]},
            clusters=cluster[order] if clusters == "given" else None,
        )
        found += lens.verdict == "found"
        differs += lens.verdict in ("found", "suspect")
    return [{"found": found / runs, "found_or_suspect": differs / runs}]


def number_tasks(numbers, runs):
    alone = grid(
        sources=numbers,
        rows_each=[104],
        correlation=[0.0, 0.01, 0.02],
        clusters=["none"],
        offset=[0.0],
        runs=[runs],
    )
    together = grid(
        sources=[2, 4, 8],
        rows_each=[400],
        correlation=[0.0],
        clusters=["given", "in order", "shuffled"],
        offset=[0.0],
        runs=[runs],
    )
    planted = grid(
        sources=numbers,
        rows_each=[104],
        correlation=[0.0, 0.01],
        clusters=["none"],
        offset=[1.0],
        runs=[runs],
    )
    return alone + together + planted


def number_targets(rows, quick):
    slack = 0.08 if quick else 0.02
    null = rows[rows["offset"] == 0]
    alone = null[null["clusters"] == "none"]
    return [
        Target("numbers, found, mean", alone["found"].mean(), 0.05, True),
        Target("numbers, found, worst", alone["found"].max(), 0.05 + slack, True),
    ] + [
        Target(f"numbers, clusters {name}", some["found"].max(), 0.05, True)
        for name, some in null.groupby("clusters")
        if name != "none"
    ]


# ---------------------------------------------------------------- estimates
def measure_correlation(truth, lognormal, runs):
    """Estimate it from 50 sources of equal or of log-normal size."""
    rng = np.random.default_rng(0)
    estimates = [
        estimate(*draw_counts(rng, 50, 100, lognormal, mean=0.1, rho=truth)[:2])[1]
        for _ in range(runs)
    ]
    return [
        {
            "mean_estimate": np.mean(estimates),
            "standard_error": np.std(estimates) / runs**0.5,
        }
    ]


def correlation_targets(rows, quick):
    error = (rows["mean_estimate"] - rows["truth"]).abs()
    room = 0.05 * rows["truth"] + 2 * rows["standard_error"]
    return [Target("error of correlation, of its room", (error / room).max(), 1, True)]


def measure_coverage(sources, correlation, level, runs):
    """Count the true rates inside the intervals of the shrunk and of the raw rate."""
    rng = np.random.default_rng(0)
    inside, raw, error, raw_error = [], [], [], []
    for _ in range(runs):
        k, m, rates = draw_counts(rng, sources, 150, True, mean=0.08, rho=correlation)
        lower, upper = shrunk_interval(k, m, level=level)
        inside.append(((lower <= rates) & (rates <= upper)).mean())
        lower, upper = exact_interval(k, m, level=level)
        raw.append(((lower <= rates) & (rates <= upper)).mean())
        error.append(np.square(shrunk_rates(k, m) - rates).mean())
        raw_error.append(np.square(k / m - rates).mean())
    return [
        {
            "coverage": np.mean(inside),
            "coverage_raw": np.mean(raw),
            "rmse": np.mean(error) ** 0.5,
            "rmse_raw": np.mean(raw_error) ** 0.5,
        }
    ]


def coverage_targets(rows, quick):
    wide = rows[rows["level"] == 0.9]
    return [
        Target("coverage at 90 %, least", wide["coverage"].min(), 0.88),
        Target(
            "coverage of raw rates at 95 %, least",
            rows[rows["level"] == 0.95]["coverage_raw"].min(),
            0.93,
        ),
    ]


# ---------------------------------------------------------------- other simulations
def false_discoveries(n_runs):
    """Test 200 sources, the first 10 of them bad; no other condition."""
    rng = np.random.default_rng(0)
    false, power = [], []
    for _ in range(n_runs):
        k, m, _ = draw_counts(rng, 200, 150, True, n_planted=10)
        _, (q,), _ = conclude([(k, m)])
        rejected = q < 0.05
        false.append(rejected[10:].sum() / max(rejected.sum(), 1))
        power.append(rejected[:10].mean())
    return {"false discovery rate": np.mean(false), "power": np.mean(power)}


def binomial_baseline(n_runs):
    """Count false rejections if the rate elsewhere counts as known: hence Fisher."""
    shares = {}
    for n_sources in (2, 4, 8, 30):
        rng = np.random.default_rng(0)
        rejected = 0
        for _ in range(n_runs):
            k, m, _ = draw_counts(rng, n_sources, 1000, False)
            elsewhere = (k.sum() - k) / (m.sum() - m)
            p = stats.binom.sf(k - 1, m, elsewhere)
            rejected += (benjamini_hochberg(p) < 0.05).any()
        shares[f"rejected, {n_sources} sources"] = rejected / n_runs
    return shares


def hard_classes(n_runs):
    """Eight sources of equal quality that hold a hard class in different shares."""
    rng = np.random.default_rng(0)
    accused = {"with strata": 0, "without strata": 0}
    explained = 0
    for _ in range(n_runs):
        source = rng.integers(0, 8, 4000)
        hard = rng.random(4000) < np.where(source == 0, 0.9, 0.1)
        flags = rng.random(4000) < np.where(hard, 0.2, 0.02)
        held = provenance_lens(flags, {"source": source}, strata=hard)
        free = provenance_lens(flags, {"source": source})
        accused["with strata"] += held.verdict == "found"
        accused["without strata"] += free.verdict == "found"
        explained += held.evidence["by source"][0]["finding"] == SENTENCES[BY_CLASSES]
    shares = {name: count / n_runs for name, count in accused.items()}
    return shares | {"said to be explained": explained / n_runs}


def echoes(n_runs):
    """Plant a bad vendor of eight, for which one annotator of thirty mostly works."""
    rng = np.random.default_rng(0)
    named, n_echoes, n_labelled = 0, 0, 0
    for _ in range(n_runs):
        annotator = rng.integers(0, 30, 8000)
        vendor = rng.integers(0, 8, 8000)
        vendor[(annotator == 0) & (rng.random(8000) < 0.9)] = 0
        flags = rng.random(8000) < np.where(vendor == 0, 0.25, MEAN)
        result = provenance_lens(flags, {"annotator": annotator, "vendor": vendor})
        named += result.summary.startswith("Source vendor=0:")
        findings = [row["finding"] for row in result.evidence["by annotator"]]
        n_labelled += findings.count("explained by vendor=0")
        n_echoes += findings.count(FOUND) + findings.count("explained by vendor=0")
    return {
        "culprit named": named / n_runs,
        "echoes per run": n_echoes / n_runs,
        "echoes labelled": n_labelled / max(n_echoes, 1),
    }


SIMULATIONS = {
    "200 sources, 10 of them bad": (false_discoveries, 400),
    "binomial test with the rate elsewhere as known": (binomial_baseline, 400),
    "hard classes": (hard_classes, 200),
    "echoes": (echoes, 200),
}


def measure_simulation(simulation, runs):
    shares = SIMULATIONS[simulation][0](runs)
    return [{"figure": name, "value": value} for name, value in shares.items()]


def simulation_targets(rows, quick):
    value = rows.set_index("figure")["value"]
    return [
        Target("false discoveries", value["false discovery rate"], 0.05, at_most=True),
        Target("hard class accused", value["with strata"], 0.05, at_most=True),
        Target("culprit named", value["culprit named"], 0.9),
        Target("echoes labelled", value["echoes labelled"], 0.8),
    ]


PARTS = {
    "verdicts": Part(
        measure_verdicts,
        "found found_or_suspect another_found",
        full=verdict_tasks(400),
        quick=[task for task in verdict_tasks(20) if task["sources"] in (2, 8)],
        tables={
            "Share of data sets in which any source is found, though none is bad; by "
            "number of sources.": verdicts(lambda bad: bad == 0),
            "Share of data sets in which the first bad source is found; by number of "
            "sources.": verdicts(lambda bad: bad > 0),
        },
        targets=verdict_targets,
    ),
    "constants": Part(
        measure_constants,
        "found found_or_suspect another_found",
        full=constant_tasks([0.005, 0.01, 0.015, 0.02], [0.01], 200),
        quick=constant_tasks([0.01], [0.01], 20),
        tables={
            "Found, by the scale of the prior of the correlation and the share of "
            "sources that may come from anywhere.": side_by_side(
                "sources rows_each correlation bad", "scale", "found"
            )
        },
    ),
    "ceiling": Part(
        measure_ceiling,
        "most_found",
        full=grid(
            sources=[10], rows_each=[100], mean_is=["known", "unknown"], runs=[4000]
        ),
        quick=grid(sources=[10], rows_each=[100], mean_is=["known"], runs=[400]),
        tables={
            "The most that any rule can find of one bad source, if it accuses at most "
            "5 % of harmless tables of correlation 0, .01 and .02.": as_they_are
        },
    ),
    "clusters": Part(
        measure_clusters,
        "found found_or_suspect",
        full=grid(
            sources=[2, 4, 8],
            rows_each=[400],
            clusters=["given", "in order", "shuffled"],
            bad=[0],
            runs=[200],
        )
        + grid(
            sources=[8],
            rows_each=[4000],
            clusters=["given", "in order"],
            bad=[1],
            runs=[50],
        ),
        quick=grid(
            sources=[2, 8],
            rows_each=[200],
            clusters=["given", "in order"],
            bad=[0],
            runs=[20],
        ),
        tables={
            "Verdicts where flags come in clusters of eight: clusters given, rows in "
            "their order, rows shuffled.": as_they_are
        },
        targets=cluster_targets,
    ),
    "numbers": Part(
        measure_numbers,
        "found found_or_suspect",
        full=number_tasks((2, 3, 4, 8, 30), 200),
        quick=number_tasks((2, 8), 20),
        tables={
            "Verdicts of numbers, by what the rows of a source share.": as_they_are
        },
        targets=number_targets,
    ),
    "correlation": Part(
        measure_correlation,
        "mean_estimate standard_error",
        full=grid(truth=[0.0099, 0.0476, 0.1667], lognormal=[False, True], runs=[2000]),
        quick=grid(truth=[0.0476], lognormal=[False, True], runs=[200]),
        tables={"Correlation within sources, estimated from 50.": as_they_are},
        targets=correlation_targets,
    ),
    "coverage": Part(
        measure_coverage,
        "coverage coverage_raw rmse rmse_raw",
        full=grid(
            sources=(2, 4, 8, 30, 200),
            correlation=[0.0, 0.03],
            level=[0.9, 0.95],
            runs=[200],
        ),
        quick=grid(sources=[30], correlation=[0.03], level=[0.9, 0.95], runs=[40]),
        tables={"Share of true rates inside the intervals.": as_they_are},
        targets=coverage_targets,
    ),
    "simulations": Part(
        measure_simulation,
        "figure value",
        full=[{"simulation": name, "runs": n} for name, (_, n) in SIMULATIONS.items()],
        quick=grid(simulation=SIMULATIONS, runs=[40]),
        tables={
            "Hard classes: eight equal sources, one of which holds more of a hard "
            "class. Echoes: a bad vendor of eight, for which one annotator of thirty "
            "mostly works.": as_they_are
        },
        targets=simulation_targets,
    ),
}
