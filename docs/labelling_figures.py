"""Figures of the page on what to label next."""

from benchmarks._harness import results_of
from benchmarks.active_learning import next_step

HUNDREDTHS = "{:.0%}"
SHARE = "{:.1%}"
SCORE = "{:.3f}"
SHOWN_RULES = {"kappa": "kappa .99, 3 rounds", "gain": "gain .002, next batch"}


def labelling_figures():
    """Return all of them by name."""
    results = results_of("active_learning")
    return {
        **_strategies(results["strategies"]),
        **_curves(results["curves"], results["stops"]),
        **_pool(results["pool"], results["pool_planted"]),
        **_review(results["review"]),
        **_review_ends(results["review_stopping"], results["review_intervals"]),
        **_speed(results["speed"], results["speed_large"], results["select_command"]),
        **_rules(results["curation_rules"]),
        **_next_step(results["next_step"]),
        **_chosen_parts(results["curation_coverage"], results["curation_quality"]),
    }


def _strategies(rows):
    """What the default brings beside random rows, and beside the margin alone."""
    ours = rows[rows["strategy"] == "DiverseMarginQuery"]
    by_default = ours[ours["start"] == "typicality"].groupby("set")["gain"].mean()
    covering = ours[ours["start"] == "coverage"].groupby("set")["gain"].mean()
    from_random = rows[rows["start"] == "random"]
    margin = from_random[from_random["strategy"] == "UncertaintyQuery"]
    margin = margin.groupby("set")["gain"].mean()
    same_start = ours[ours["start"] == "random"].groupby("set")["gain"].mean()
    reported = rows[rows["role"] == "reported"]["set"].unique()
    worst = by_default.loc[reported].idxmin()
    return {
        "gain digits": SCORE.format(by_default["digits"]),
        "gain copies": SCORE.format(by_default["digits, near copies"]),
        "gain rare": SCORE.format(covering["synth, 3 % rare"]),
        "gain reported": str(int((by_default.loc[reported] > 0).sum())),
        "gain pools": str(reported.size),
        "gain worst": f"{by_default[worst]:.3f}".replace("-", "\u2212"),
        "gain worst pool": worst,
        "above margin": str(int((same_start > margin).sum())),
        "margin pools": str(margin.size),
    }


def _curves(curves, stops):
    """How often nothing is found, and what stopping spares."""
    again = curves[curves["strategy"] == "random again"]
    stops = stops[(stops["half"] == "reported") & (stops["strategy"] == "margin")]
    figures = {
        "random again": SHARE.format((again["p_value"] < 0.05).mean()),
        "stops pools": str(stops["pool"].nunique()),
        "stops budget": str(int(stops["budget"].max())),
    }
    for short, rule in SHOWN_RULES.items():
        rows = stops[stops["rule"] == rule]
        figures[f"stops {short} used"] = HUNDREDTHS.format(rows["used"].mean())
        figures[f"stops {short} cost"] = SCORE.format(rows["cost"].mean())
        figures[f"stops {short} worst"] = SCORE.format(rows["cost"].max())
    return figures


def _pool(clean, planted):
    """How often random labels are accused, and what is found."""
    rows = clean[clean["half"] == "held out"]
    told = (rows["runs"] - rows["cannot_tell"]).sum()
    accused = (rows["found"] + rows["suspect"]).sum() / told
    most = planted[planted["labels"] == planted["labels"].max()]
    found = (most["found"] + most["suspect"]).groupby(most["planted"]).mean()
    return {
        "pool accused": SHARE.format(accused),
        "pool labels": str(int(most["labels"].max())),
        **{f"pool found {name}": HUNDREDTHS.format(v) for name, v in found.items()},
    }


def _review(rows):
    """Wrong labels found by batches, at once, and at random."""
    rows = rows[rows["half"] == "reported"]
    found = rows.groupby(["way", "noise"])["found"].mean()
    names = {"queue": "review", "one shot": "once", "random": "random"}
    return {
        f"{name} found {noise.split('-')[0]}": SHARE.format(found[way, noise])
        for way, name in names.items()
        for noise in ("class-dependent", "uniform")
    }


def _review_ends(stopping, intervals):
    """What stopping costs, and how often the interval for what remains holds."""
    stopping = stopping[stopping["half"] == "reported"]
    loss = stopping["accuracy_on"] - stopping["accuracy"]
    told = intervals[intervals["half"] == "reported"]
    designs = told.groupby(["table", "model", "noise", "rate"])
    return {
        "review loss": SCORE.format(loss.mean()),
        "review loss worst": SCORE.format(loss.max()),
        "review end": str(int(stopping["reviewed_on"].max())),
        "interval designs": str(designs.ngroups),
        "interval lowest": HUNDREDTHS.format(told["coverage"].min()),
    }


def _speed(rows, large, command):
    """Times as long as ours, seconds and megabytes."""
    ratio = rows.set_index(["question", "library"])["ratio"].astype(float)
    peak = rows.set_index(["question", "library"])["peak_mb"].astype(float)
    activeml = "scikit-activeml CoreSet"
    npy = command.set_index("file").loc["npy"]
    return {
        "speed centers activeml": f"{ratio['k-center', activeml]:.0f}",
        "speed centers mundig": f"{ratio['k-center', 'lightly-mundig']:.0f}",
        "speed badge activeml": f"{ratio['BADGE', 'scikit-activeml Badge']:.0f}",
        "speed margin activeml": "{:.0f}".format(
            ratio["margin", "scikit-activeml UncertaintySampling"]
        ),
        "speed mb activeml": f"{peak['k-center', activeml]:.0f}",
        "speed mb ours": f"{peak['k-center', 'skdataquality']:.0f}",
        "speed large": f"{large['seconds'].iloc[0]:.0f}",
        "select rows": f"{int(npy['rows']):,}",
        "select seconds": f"{npy['cpu_seconds']:.0f}",
        "select mb": f"{npy['beside_file_mb']:.0f}",
    }


def _rules(rows):
    """Distance from equal shares, and copies held, by library."""
    names = {"skdataquality": "ours", "lightly-mundig": "mundig"}
    rows = rows[rows["strength"] == "default"].groupby("library")
    means = rows[["off_quota", "copies"]].mean()
    return {
        f"rules {short} {figure}": f"{means.loc[library, column]:.2g}"
        for library, short in names.items()
        for figure, column in (("off", "off_quota"), ("copies", "copies"))
    }


def _chosen_parts(coverage, quality):
    """How near picks come to all rows, and what a model learns from them."""
    names = {
        "skdataquality": "ours",
        "skdataquality, typical": "typical",
        "apricot": "apricot",
        "random": "random",
    }
    rows = coverage[(coverage["data"] == "digits") & (coverage["picks"] == 200)]
    rows = rows.set_index("library")
    quality = quality[quality["data"] == "digits"]
    right = quality.groupby(["library", "share"])["accuracy"].mean()
    figures = {"tenth all": SHARE.format(right["all rows"].iloc[0])}
    for library, name in names.items():
        line = rows.loc[library]
        figures[f"cover {name}"] = "{:.0f} and {:.0f}".format(
            line["radius"], line["mean_distance"]
        )
        figures[f"tenth {name}"] = SHARE.format(right[library, 0.1])
    return figures


def _next_step(rows):
    """How often the better step is named, and gains are covered."""
    rows = next_step.judged(rows[rows["half"] == "reported"])
    figures = {
        "next settings": str(len(rows)),
        "next tie": SCORE.format(next_step.TIE),
    }
    for verified, part in rows.groupby("verified"):
        most_wrong = part[part["rate"] == part["rate"].max()]
        shares = {
            "named": part["named"],
            "or tie": part["named_or_tie"],
            "covered": part["covered"],
            "covered worst": most_wrong["covered"],
            "clear": part["clear"],
            "clear wrong": part["clear_and_wrong"],
        }
        for name, share in shares.items():
            figures[f"next {name} {verified}"] = HUNDREDTHS.format(share.mean())
    return figures
