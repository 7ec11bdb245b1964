"""Simulations of attribution: sources, pairs of them, and moments of change."""

import numpy as np

from benchmarks._problem import Part, Target, grid
from benchmarks._speed import race
from benchmarks._tables import as_they_are, columns
from skdataquality.provenance import ErrorAttribution, change_point, find_slices

TPR, FPR = 0.7, 0.02  # of the detector that flags
BASE, PAIR, ANNOTATOR, BATCH = 0.03, 0.18, 0.25, 0.12
PLANTED = {
    (("source", 3), ("guide", 1)),
    (("annotator", 17),),
    (("batch", 44),),
}
N_BLOCKS = 10


def draw_table(rng, n, planted=True):
    """Draw flags, columns of sources, the row of the new guideline, chances."""
    table = {
        "source": rng.integers(0, 8, n),
        "annotator": rng.integers(0, 200, n),
        "batch": np.arange(n) * 60 // n,
    }
    switch = int(n * rng.uniform(0.3, 0.7))
    table["guide"] = (np.arange(n) >= switch).astype(int)
    wrong = np.full(n, BASE)
    if planted:
        wrong[(table["source"] == 3) & (table["guide"] == 1)] = PAIR
        wrong[table["annotator"] == 17] = ANNOTATOR
        in_batch = table["batch"] == 44
        wrong[in_batch] = np.maximum(wrong[in_batch], BATCH)
    chance = wrong * TPR + (1 - wrong) * FPR
    return rng.random(n) < chance, table, switch, chance


def seeds_of(half, runs):
    """Seeds on which constants were chosen, or others."""
    return range(runs) if half == "chosen on" else range(10_000, 10_000 + runs)


# ---------------------------------------------------------------- planted culprits
def measure_culprits(half, rows, planted, runs):
    """Fit flags and tables; count what is found, truly or falsely."""
    tallies = [one_run(seed, rows, planted) for seed in seeds_of(half, runs)]
    return [{name: np.nanmean([t[name] for t in tallies]) for name in tallies[0]}]


def one_run(seed, n, planted):
    rng = np.random.default_rng(seed)
    flags, table, switch, chance = draw_table(rng, n, planted)
    names = list(table)
    X = np.column_stack(list(table.values()))
    fitted = ErrorAttribution().fit(X, flags)
    in_time = ErrorAttribution(max_order=1, random_state=seed)
    in_time.fit(X[:, [0]], flags, order="rows")
    named = {
        tuple((names[int(column[1:])], value) for column, value in culprit)
        for culprit in fitted.sources_
    }
    truth = PLANTED if planted else set()
    covered, shrunk_covered = coverage(fitted, table, names, chance)
    echoes = [
        line
        for line in fitted.slices_
        if not planted_line(line, names)
        and line["finding"] != "found"
        and len(line["columns"]) == 1
    ]
    explained = [line for line in echoes if line["finding"].startswith("explained by")]
    changes = [c for c in in_time.change_points_ if c["finding"] == "found"]
    right = [c for c in changes if (c["column"], c["source"]) == ("x0", 3)]
    return {
        "false_discovery_rate": len(named - truth) / max(len(named), 1),
        "pair_found": float((("source", 3), ("guide", 1)) in named),
        "annotator_found": float((("annotator", 17),) in named),
        "batch_found": float((("batch", 44),) in named),
        "pair_first": float(
            fitted.worst_ == (("x0", 3), ("x3", 1)) if planted else np.nan
        ),
        "rates_covered": covered,
        "shrunk_covered": shrunk_covered,
        "echoes_explained": len(explained) / len(echoes) if echoes else np.nan,
        "change_found": float(bool(right)),
        "change_near": float(
            bool(right) and abs(right[0]["first_row"] - switch) <= 0.02 * n
        ),
        "false_changes": float(any(c["source"] not in (None, 3) for c in changes)),
    }


def planted_line(line, names):
    pairs = zip(line["columns"], line["values"], strict=True)
    return tuple((names[int(c[1:])], v) for c, v in pairs) in PLANTED


def coverage(fitted, table, names, chance):
    """Share of sources whose mean chance of a flag is in both intervals."""
    inside = []
    truth = {}
    for place, name in enumerate(names):
        codes = table[name]
        sums = np.bincount(codes, weights=chance) / np.maximum(np.bincount(codes), 1)
        truth |= {(f"x{place}", level): rate for level, rate in enumerate(sums)}
    for line in fitted.rates_:
        rate = truth[line["column"], line["source"]]
        inside.append(
            [
                line[which].lower <= rate <= line[which].upper
                for which in ("rate", "shrunk")
            ]
        )
    return np.mean(inside, axis=0)


def culprit_targets(rows, quick):
    if quick:
        return []
    reported = rows[rows["half"] == "reported"]
    planted = reported[reported["planted"] & (reported["rows"] == 20_000)].iloc[0]
    large = reported[reported["rows"] == 50_000].iloc[0]
    clean = reported[~reported["planted"]].iloc[0]
    return [
        Target("false discoveries", planted["false_discovery_rate"], 0.05, True),
        Target(
            "false discoveries, none planted", clean["false_discovery_rate"], 0.05, True
        ),
        Target("pair found", planted["pair_found"], 0.95),
        Target("rates covered", planted["rates_covered"], 0.93),
        Target("shrunk rates covered", planted["shrunk_covered"], 0.93),
        Target("change within 2 %, 50,000 rows", large["change_near"], 0.9),
        Target("change within 2 %, 20,000 rows", planted["change_near"], 0.9),
        Target("echoes explained", planted["echoes_explained"], 0.95),
    ]


CULPRITS = Part(
    measure_culprits,
    "false_discovery_rate pair_found annotator_found batch_found pair_first "
    "rates_covered shrunk_covered echoes_explained change_found change_near "
    "false_changes",
    full=[
        {"half": half, "rows": n, "planted": planted, "runs": runs}
        for half, share in (("chosen on", 10), ("reported", 1))
        for n, planted, runs in (
            (50_000, True, 50 // share),
            (20_000, True, 200 // share),
            (20_000, False, 100 // share),
        )
    ],
    quick=[{"half": "reported", "rows": 20_000, "planted": True, "runs": 2}],
    tables={
        "8 sources, 200 annotators, 60 batches, a guideline that switches; wrong are 3 "
        "% of the rows, but 18 % of source 3 under the new guideline, 25 % of "
        "annotator 17, 12 % of batch 44. A detector flags 70 % of the wrong "
        "rows and 2 % of the others.": as_they_are
    },
    targets=culprit_targets,
)


# ---------------------------------------------------------------- changes
SETTINGS = {
    "none": ((), (0.05,)),
    "one": ((0.6,), (0.03, 0.12)),
    "small": ((0.6,), (0.05, 0.08)),
    "two": ((0.35, 0.7), (0.03, 0.12, 0.03)),
}


def draw_course(rng, n, setting, kind):
    """Errors along time; the kind says what they are and how they depend."""
    places, rates = SETTINGS[setting]
    bounds = [int(n * (p + rng.uniform(-0.1, 0.1))) for p in places]
    regime = np.searchsorted(bounds, np.arange(n), side="right")
    rate = np.array(rates)[regime]
    groups = None
    if kind in ("batches", "batches ignored"):
        groups = np.arange(n) // N_BLOCKS
        drift = rng.beta(2, 2, groups.max() + 1)[groups] * 2
        rate = np.clip(rate * drift**3, 0, 1)
    if kind == "losses":
        return rng.exponential(1 + 10 * rate), groups, bounds
    errors = rng.random(n) < rate
    if kind == "batches":
        return errors, groups, bounds
    return errors, None, bounds


def measure_changes(half, setting, rows, kind, depth, runs):
    tallies = []
    for seed in seeds_of(half, runs):
        rng = np.random.default_rng(seed)
        errors, groups, bounds = draw_course(rng, rows, setting, kind)
        change = change_point(errors, groups=groups, max_depth=depth, random_state=seed)
        found = change.found_in_order()
        near = [any(abs(c.position - b) <= 0.02 * rows for c in found) for b in bounds]
        single = len(bounds) == 1
        tallies.append(
            {
                "found": float(change.found),
                "near": np.mean(near) if bounds else np.nan,
                "more_than_true": float(len(found) > len(bounds)),
                "located": float(
                    change.position_lower <= bounds[0] <= change.position_upper
                )
                if single and change.found
                else np.nan,
                "width": (change.position_upper - change.position_lower) / rows
                if single and change.found
                else np.nan,
            }
        )
    with np.errstate(all="ignore"):
        return [
            {
                name: np.nanmean(values) if not np.isnan(values).all() else np.nan
                for name in tallies[0]
                for values in [np.array([t[name] for t in tallies])]
            }
        ]


def change_tasks():
    settings = [
        ("none", 500, "flags", 1),
        ("none", 2000, "flags", 1),
        ("none", 2000, "flags", 3),
        ("none", 2000, "losses", 1),
        ("none", 2000, "batches", 1),
        ("none", 2000, "batches ignored", 1),
        ("one", 1000, "flags", 1),
        ("one", 5000, "flags", 3),
        ("small", 5000, "flags", 1),
        ("one", 2000, "batches", 1),
        ("two", 6000, "flags", 3),
    ]
    return [
        {"half": half, "setting": s, "rows": n, "kind": kind, "depth": depth, "runs": r}
        for half in ("chosen on", "reported")
        for s, n, kind, depth in settings
        for r in [400 if half == "reported" and s == "none" else 100]
    ]


def change_targets(rows, quick):
    if quick:
        return []
    reported = rows[rows["half"] == "reported"]
    none = reported[(reported["setting"] == "none")]
    asked = none[none["kind"] != "batches ignored"]
    pooled = (asked["found"] * asked["runs"]).sum() / asked["runs"].sum()
    one = reported[reported["setting"].isin(["one", "small"])]
    return [
        Target("found under no change, all kinds", pooled, 0.06, True),
        Target("interval of the place, worst", one["located"].min(), 0.95),
        Target(
            "more changes than true, worst", asked["more_than_true"].max(), 0.07, True
        ),
    ]


CHANGES = Part(
    measure_changes,
    "found near more_than_true located width",
    full=change_tasks(),
    quick=[
        {
            "half": "reported",
            "setting": s,
            "rows": 1000,
            "kind": "flags",
            "depth": 1,
            "runs": 10,
        }
        for s in ("none", "one")
    ],
    tables={
        "Share of runs: a change found; the true places within 2 % of the rows; more "
        "changes than true; the true place in the interval, where one is found. "
        "Batches of ten rows that differ, permuted whole or not.": columns(
            "half setting rows kind depth runs found near more_than_true located width"
        )
    },
    targets=change_targets,
)


# ---------------------------------------------------------------- speed
def measure_speed(rows):
    rng = np.random.default_rng(0)
    flags, table, _, _ = draw_table(rng, rows)
    X = np.column_stack(list(table.values()))
    calls = {
        "slices up to pairs": lambda: find_slices(flags, table),
        "sources alone": lambda: find_slices(flags, table, max_order=1),
        "ErrorAttribution": lambda: ErrorAttribution().fit(X, flags),
        "ErrorAttribution, in order": lambda: ErrorAttribution(random_state=0).fit(
            X, flags, order="rows"
        ),
        "change of all rows": lambda: change_point(
            flags, n_permutations=99, random_state=0
        ),
    }
    timed = race(calls, 3)
    return [
        {
            "call": row["library"],
            "seconds": row["seconds"],
            "seconds_min": row["seconds_min"],
        }
        for row in timed
    ]


def speed_targets(rows, quick):
    if quick:
        return []
    seconds = rows[rows["rows"] == 50_000].set_index("call")["seconds_min"]
    return [
        Target("slices of 50k x 4", seconds["slices up to pairs"], 0.5, True),
        Target("99 permutations, 50k rows", seconds["change of all rows"], 0.5, True),
    ]


SPEED = Part(
    measure_speed,
    "call seconds seconds_min",
    full=grid(rows=[15_000, 50_000]),
    quick=grid(rows=[5000]),
    tables={"Four columns, 270 sources; one thread.": as_they_are},
    targets=speed_targets,
)
