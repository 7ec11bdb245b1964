"""How often the provenance lens is wrong, and what it finds.

Sources hold rows in equal or log-normal numbers; their rates are equal to .05, drawn
from a Beta distribution of that mean (harmless variation, by its intra-source
correlation), or equal but for bad sources of rate .15.
"""

import numpy as np
from scipy import stats

from benchmarks._problem import Part, Target, grid
from benchmarks._tables import as_they_are, side_by_side
from skdataquality.provenance import provenance_lens
from skdataquality.provenance._judgement._judge import (
    BY_CLASSES,
    FOUND,
    SENTENCES,
    conclude,
)
from skdataquality.provenance._rates._beta_binomial import correlation as estimate
from skdataquality.provenance._rates._beta_binomial import shrunk_interval
from skdataquality.utils._stats import benjamini_hochberg

NUMBERS = (2, 3, 4, 6, 8, 30, 200)
MEAN, PLANTED = 0.05, 0.15


def draw_rows(rng, n_sources, size, lognormal):
    if not lognormal:
        return np.full(n_sources, size)
    return np.ceil(rng.lognormal(np.log(size), 1, n_sources)).astype(int)


def draw_rates(rng, n_sources, mean, rho):
    if rho == 0:
        return np.full(n_sources, mean)
    return rng.beta(mean * (1 / rho - 1), (1 - mean) * (1 / rho - 1), n_sources)


def draw_counts(rng, n_sources, size, lognormal, *, mean=MEAN, rho=0.0, n_planted=0):
    rows = draw_rows(rng, n_sources, size, lognormal)
    rates = draw_rates(rng, n_sources, mean, rho)
    rates[:n_planted] = PLANTED
    return rng.binomial(rows, rates), rows, rates


# ---------------------------------------------------------------- verdicts
def verdict_tasks(numbers, runs):
    def settings(sizes, others):
        return [
            {"sources": n, "rows_each": size, "lognormal": lognormal, **other}
            for n in numbers
            for size, lognormal in sizes
            for other in others
        ]

    harmless = settings(
        [(150, True), (200, False), (1000, False)],
        grid(correlation=[0.0, 0.01, 0.02], bad=[0], runs=[runs]),
    )
    return harmless + settings(
        [(50, False), (200, False), (1000, False)],
        grid(correlation=[0.0, 0.01], bad=[1], runs=[runs])
        + grid(correlation=[0.0], bad=[2], runs=[runs]),
    )


def measure_verdicts(sources, rows_each, lognormal, correlation, bad, runs):
    """Ask for the first bad source, or for any where none is bad."""
    rng = np.random.default_rng(0)
    asked = slice(1 if bad else None)
    found, differs = 0, 0
    for _ in range(runs):
        k, m, _ = draw_counts(
            rng, sources, rows_each, lognormal, rho=correlation, n_planted=bad
        )
        (q,), (finding,) = conclude([(k, m)])
        found += bool((finding[asked] == FOUND).any())
        differs += bool((q[asked] < 0.05).any())
    return [{"found": found / runs, "found_or_suspect": differs / runs}]


def verdict_targets(rows, quick):
    slack = 0.05 if quick else 0.02  # beyond sampling error of the number of runs
    none_is_bad, equal = rows["bad"] == 0, rows["correlation"] == 0
    same = rows[none_is_bad & equal]
    # fewer than 6 sources cannot show how much they differ
    differ = rows[none_is_bad & ~equal & (rows["sources"] >= 6)]
    eight = rows[(rows["bad"] == 1) & equal & (rows["sources"] == 8)]
    found = eight.set_index("rows_each")["found"]
    return [
        Target("found, equal sources, worst", same["found"].max(), 0.05, True),
        Target("or suspect", same["found_or_suspect"].max(), 0.05 + slack, True),
        Target("found, sources differ", differ["found"].max(), 0.06 + slack, True),
        Target("bad one of 8 found, 200 rows", found[200], 0.3 if quick else 0.5),
        Target("bad one of 8 found, 1000 rows", found[1000], 0.95),
    ]


def verdicts(is_shown):
    make = side_by_side("rows_each lognormal correlation bad", "sources", "found")
    return lambda rows: make(rows[is_shown(rows["bad"])])


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


def measure_coverage(sources, level, runs):
    """Count the true rates inside the interval of the shrunk rate."""
    rng = np.random.default_rng(0)
    inside = []
    for _ in range(runs):
        k, m, rates = draw_counts(rng, sources, 150, True, mean=0.08, rho=0.03)
        lower, upper = shrunk_interval(k, m, level=level)
        inside.append(((lower <= rates) & (rates <= upper)).mean())
    return [{"coverage": np.mean(inside)}]


def coverage_targets(rows, quick):
    many = rows[rows["sources"] == 200]
    error = (many["coverage"] - many["level"]).abs().max()
    return [Target("error of coverage, 200 sources", error, 0.02, at_most=True)]


# ---------------------------------------------------------------- other simulations
def false_discoveries(n_runs):
    """Test 200 sources, the first 10 of them bad; no other condition."""
    rng = np.random.default_rng(0)
    false, power = [], []
    for _ in range(n_runs):
        k, m, _ = draw_counts(rng, 200, 150, True, n_planted=10)
        (q,), _ = conclude([(k, m)])
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
        "found found_or_suspect",
        full=verdict_tasks(NUMBERS, 400),
        quick=verdict_tasks((2, 4, 8, 30), 40),
        tables={
            "Share of data sets in which any source is found, though none is bad; by "
            "number of sources.": verdicts(lambda bad: bad == 0),
            "Share of data sets in which the first bad source is found; by number of "
            "sources.": verdicts(lambda bad: bad > 0),
        },
        targets=verdict_targets,
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
        "coverage",
        full=grid(sources=NUMBERS, level=[0.9, 0.95], runs=[400]),
        quick=grid(sources=[200], level=[0.9, 0.95], runs=[40]),
        tables={"True rates inside the interval of the shrunk rate.": as_they_are},
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
