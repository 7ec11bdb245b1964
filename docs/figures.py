"""Figures of the guide, read from what was measured; none is typed by hand."""

from benchmarks._harness import results_of
from benchmarks.imbalance import collect, offsets, recipe
from docs.labelling_figures import labelling_figures
from docs.origin_figures import duplicates_figures, provenance_figures

HUNDREDTHS = "{:.0%}"
SCORE = "{:.3f}"


def substitutions():
    """Return reStructuredText that defines every figure as ``|name|``."""
    figures = {
        **_designs(),
        **_verdicts(),
        **_nulls(),
        **_rows(),
        **_warranty(),
        **_crowds(),
        **_functions(),
        **_annotator_lens(),
        **_shift_expected(),
        **_shift_concept(),
        **_shift_selection(),
        **_imbalance_prior(),
        **_imbalance_recipe(),
        **_imbalance_gains(),
        **_imbalance_resampled(),
        **_imbalance_mammography(),
        **_imbalance_offsets(),
        **_imbalance_samplers(),
        **_imbalance_lens(),
        **_imbalance_slices(),
        **_imbalance_collect(),
        **labelling_figures(),
        **duplicates_figures(),
        **provenance_figures(),
    }
    return "\n".join(
        f".. |{name}| replace:: {text.replace('%', ' %')}"
        for name, text in figures.items()
    )


def _designs():
    rows = results_of("verified_labels")["designs"]
    few, many = (rows[rows["n_rows"] == n].set_index("design") for n in (50, 200))
    shown, tree = ".05, .35, logistic", ".05, .35, tree"
    return {
        "design possible": SCORE.format(few.loc[shown, "possible"]),
        "design given": SCORE.format(few.loc[shown, "given"]),
        "design verified": SCORE.format(few.loc[shown, "verified"]),
        "design differ": HUNDREDTHS.format(few.loc[shown, "differ"]),
        "design worst": SCORE.format(few.loc[shown, "worst"]),
        "tree possible": SCORE.format(few.loc[tree, "possible"]),
        "tree given": SCORE.format(few.loc[tree, "given"]),
        "tree verified": SCORE.format(few.loc[tree, "verified"]),
        "tree verified 200": SCORE.format(many.loc[tree, "verified"]),
        "tree differ": HUNDREDTHS.format(few.loc[tree, "differ"]),
    }


def _verdicts():
    rows = results_of("verified_labels")["verdicts"]
    # nothing was tuned on this half
    stable = rows[(rows["half"] == "report") & (rows["n_rows"] == 60)]
    by_class = stable["noise"].str.startswith("class")
    figures = {"stable": stable, "class": stable[by_class], "other": stable[~by_class]}
    for n_rows, part in rows[rows["model"] == "tree"].groupby("n_rows"):
        figures[f"tree {n_rows}"] = part
    return {
        **{
            f"{name} {column}": HUNDREDTHS.format(part[column].mean())
            for name, part in figures.items()
            for column in ("agree", "same", "given")
        },
        "stable comparisons": str(len(stable)),
        "verify coverage": "{:.1%}".format(rows["coverage"].mean()),
        "verify cost": HUNDREDTHS.format((rows["seconds"] / rows["fits"]).median()),
    }


def _nulls():
    rows = results_of("verified_labels")["nulls"]
    return {
        "null rejected": HUNDREDTHS.format(rows["rejected"].mean()),
        "null highest": HUNDREDTHS.format(rows["rejected"].max()),
    }


def _rows():
    rows = results_of("paired_rows")["paired_rows"]
    rows = rows[rows["half"] == "held out"]
    rows = rows[rows["method"].str.startswith("row-wise") & ~rows["gain"].astype(bool)]
    worst = rows.loc[rows["rejected"].idxmax()]
    return {
        "width ratio": "{:.2f}".format(rows["width_ratio"].median()),
        "rows rejected": HUNDREDTHS.format(rows["rejected"].median()),
        "rows highest": HUNDREDTHS.format(worst["rejected"]),
        "rows worst setting": str(worst["setting"]),
    }


def _warranty():
    results = results_of("label_warranty")
    holds, power = results["holds"], results["power"]
    return {
        "warranty holds": HUNDREDTHS.format(holds["holds"].min()),
        "warranty runs": str(int(holds["runs"].sum())),
        "warranty useful lowest": HUNDREDTHS.format(power["useful"].min()),
        "warranty useful highest": HUNDREDTHS.format(power["useful"].max()),
        "warranty useful": HUNDREDTHS.format(power["useful"].median()),
    }


def _crowds():
    rows = results_of("annotator_consensus")["accuracy"]
    by_method = rows[rows["strategy"] == "hard"].groupby("method").mean(True)
    consensus, test = by_method["consensus"], by_method["test"]
    return {
        **{
            f"crowd {name}": HUNDREDTHS.format(consensus[name])
            for name in consensus.index
        },
        **{f"crowd test {name}": HUNDREDTHS.format(test[name]) for name in test.index},
        "crowd quality": HUNDREDTHS.format(by_method.loc["CROWDLAB", "quality"]),
        "crowd problems": str(len(rows.groupby(["data", "crowd", "noise", "seed"]))),
    }


def _functions():
    rows = results_of("labeling_functions")
    (rows,) = rows.values()
    seconds = rows.set_index("library")["seconds"]
    ratio = seconds["pandas apply"] / seconds["functions of a row"]
    return {"functions ratio": f"{ratio:.0f}"}


def _annotator_lens():
    results = results_of("annotator_lens")
    clean, faults = results["clean"], results["faults"]
    named = faults.groupby("fault")["named"].agg(["mean", "min"])
    return {
        "honest crowds": str(int(clean["runs"].sum())),
        "honest accused": HUNDREDTHS.format(clean["found"].max()),
        **{
            f"lens {fault} {which}": HUNDREDTHS.format(named.loc[fault, which])
            for fault in named.index
            for which in named.columns
        },
    }


def _shift_expected():
    """What was expected of accuracy under real shifts, and under a new rule."""
    results = results_of("shift")
    rows = results["performance_left_out"]
    rows = rows.assign(width=rows["upper"] - rows["lower"])
    rows = rows.assign(error=(rows["estimate"] - rows["truth"]).abs())
    parts = {"all": rows, **dict(tuple(rows.groupby("verdict")))}
    rule = results["performance_concept"]
    rule = rule[rule["family"] == "breast cancer"]
    return {
        **{
            f"real {name} {which}": text
            for name, part in parts.items()
            for which, text in {
                "shifts": str(len(part)),
                "error": SCORE.format(part["error"].mean()),
                "held": HUNDREDTHS.format(part["covered"].astype(bool).mean()),
                "width": "{:.2f}".format(part["width"].median()),
            }.items()
        },
        **{
            f"rule {100 * line['changed']:.0f} {which}": SCORE.format(line[which])
            for line in rule.to_dict("records")
            for which in ("estimate", "lower", "upper", "truth")
        },
    }


def _shift_concept():
    """How often the test of P(y | x) rejects, over the designs."""
    rows = results_of("shift")["concept"]
    quiet = rows[rows["kind"].isin(["null", "covariate", "label"])]
    seen = rows[rows["kind"].isin(["concept", "covariate + concept"])]
    return {
        "concept quiet": HUNDREDTHS.format(_mean_of_runs(quiet)),
        "concept seen": HUNDREDTHS.format(_mean_of_runs(seen)),
    }


def _mean_of_runs(rows):
    return (rows["rejected"] * rows["runs"]).sum() / rows["runs"].sum()


def _shift_selection():
    """What the candidate chosen by each scorer loses where it is used."""
    rows = results_of("shift")["selection"]
    loss = rows.groupby(["design", "by"])["loss"].mean()
    return {
        f"{by} loses {design}": SCORE.format(loss[design, by])
        for design, by in loss.index
    }


WAYS = {
    "SMOTE": "smote",
    "under-sampling": "under",
    "class weights": "weights",
    "plain": "plain",
    "recipe": "recipe",
}
METRICS = {"balanced_accuracy": "balanced", "f1": "f1"}
LEARNERS = ("boosting", "forest", "logistic")
CLEARLY = 0.02  # a loss on one set that is listed


def _imbalance_prior():
    """What probabilities are worth before and after the prior is restored."""
    rows = _reported("prior")
    means = rows.groupby(["model", "remedy"]).mean(numeric_only=True)
    edited = rows[rows["remedy"] != "nothing"]
    off = (edited["mean_restored"] - 1).abs() > 0.15
    names = {"nothing": "nothing", "weights": "weights", "under-sampling": "under"}
    names["SMOTE"] = "smote"
    calibrated = edited[edited["share_calibrated"] == 1]
    return {
        "prior sets": str(rows["data"].nunique()),
        **{
            f"loss {model} {names[remedy]} {way}": SCORE.format(line[f"log_loss_{way}"])
            for (model, remedy), line in means.iterrows()
            if remedy in names
            for way in ("raw", "restored")
        },
        **{
            f"times {model} {names[remedy]}": "{:.1f}".format(line["mean_raw"])
            for (model, remedy), line in means.iterrows()
            if remedy in names
        },
        "prior furthest": HUNDREDTHS.format((means["mean_restored"] - 1).abs().max()),
        "prior off": f"{off.sum()} of {len(off)}",
        "prior cost": "{:.1f}".format(calibrated["cost"].median()),
    }


def _imbalance_recipe():
    """Mean scores of each way; the recipe is tuned for the metric of its column."""
    means = recipe.summary(_reported("recipe").fillna({"declared": ""}))
    means = means.set_index(["learner", "way", "declared"])
    figures = {}
    for learner in LEARNERS:
        for way, name in WAYS.items():
            for metric, short in METRICS.items():
                line = means.loc[learner, way, metric if way == "recipe" else ""]
                figures[f"{learner} {name} {short}"] = SCORE.format(line[metric])
                figures[f"{learner} {name} loss"] = SCORE.format(line["log_loss"])
    return figures


def _imbalance_gains():
    """Mean over sets of the recipe less another way, with its interval."""
    rows = _reported("recipe")
    lines = recipe.beside_others(rows)
    lines = lines[lines["score"].isin(METRICS) & lines["against"].isin(WAYS)]
    gaps = recipe.losses_of_probability(rows)
    gaps = gaps[gaps["declared"] == "balanced_accuracy"].set_index("learner")
    return {
        "recipe sets": str(rows["name"].nunique()),
        **{
            f"gain {line['learner']} {WAYS[line['against']]} "
            f"{METRICS[line['score']]}": _with_interval(line)
            for line in lines.to_dict("records")
        },
        **{f"gap {name}": _with_interval(line) for name, line in gaps.iterrows()},
    }


def _with_interval(line):
    return "{mean:+.3f} ({lower:+.3f} to {upper:+.3f})".format(**line)


def _imbalance_resampled():
    """Sets on which resampling decides better than the recipe, by name."""
    rows = _reported("recipe")
    figures = {}
    for learner in LEARNERS:
        for metric, short in METRICS.items():
            gains = {
                way: recipe.differences(
                    rows, "reported", learner, "recipe", metric, metric, (way, "")
                )
                for way in ("SMOTE", "under-sampling")
            }
            worse = {way: gain[gain < -CLEARLY].index for way, gain in gains.items()}
            named = [
                f"{name} ({', '.join(w for w in worse if name in worse[w])})"
                for name in sorted(set().union(*worse.values()))
            ]
            at = f"{learner} {short}"
            figures[f"won by resampling {at}"] = "; ".join(named) or "none"
            figures[f"smote ahead {at}"] = str((gains["SMOTE"] < 0).sum())
            figures[f"under ahead {at}"] = str((gains["under-sampling"] < 0).sum())
    return figures


def _imbalance_mammography():
    """Log-loss beside imbcal."""
    rows = results_of("imbalance")["mammography"]
    loss = rows.groupby(["learner", "way"])["log_loss"].mean()
    return {
        f"mammography {learner} {way}": SCORE.format(loss[learner, way])
        for learner in ("boosting", "forest")
        for way in ("plain", "recipe", "imbcal")
    }


def _imbalance_offsets():
    """What tuned offsets gain with several classes, and with ten rows of one."""
    found = offsets.by_set(_reported("offsets"))
    rows = results_of("imbalance")["offsets_few"]
    few = offsets.few(rows[rows["half"] == "report"])
    return {
        "offsets sets": str(len(found)),
        "offsets risen": str((found["f1 gain"] > 0).sum()),
        "offsets beyond chance": str((found["f1 lower"] > 0).sum()),
        "offsets gain": "{:+.3f}".format(found["f1 gain"].mean()),
        "offsets accuracy": "{:+.3f}".format(found["accuracy gain"].mean()),
        "few guarded": "{:+.3f}".format(few["gain"].mean()),
        "few unguarded": "{:+.3f}".format(few["unguarded"].mean()),
        "few guarded worst": "{:+.3f}".format(few["worst gain of ten"].min()),
        "few unguarded worst": "{:+.3f}".format(few["worst unguarded of ten"].min()),
    }


def _imbalance_samplers():
    """How much faster the samplers are than imbalanced-learn's, and how it shrinks."""
    rows = results_of("imbalance")["cleaning"]
    rows = rows[(rows["library"] == "imbalanced-learn") & (rows["columns"] == 20)]
    rows = rows[rows["ratio"] != "None"].astype({"ratio": float})
    names = {"TomekLinks": "tomek", "EditedNearestNeighbours": "edited"}
    figures = {
        f"{names[method]} {100 * share:.0f} faster": "{:.2g}".format(
            line.loc[line["rows"].idxmax(), "ratio"]
        )
        for (method, share), line in rows.groupby(["method", "share"])
    }
    made = results_of("imbalance")["smote"]
    made = made[made["rows"] == made["rows"].max()]
    for share, part in made.groupby("share"):
        part = part.set_index("library")
        peaks = part["peak_mb"].astype(float)
        times = float(part.loc["imbalanced-learn", "ratio"])
        figures[f"smote {100 * share:.0f} faster"] = f"{times:.1f}"
        figures[f"smote {100 * share:.0f} peak"] = HUNDREDTHS.format(
            peaks["skdataquality"] / peaks["imbalanced-learn"]
        )
    return figures


def _imbalance_lens():
    """How often intervals hold, and wrong labels of a rare class are named."""
    results = results_of("imbalance")
    rows = results["lens_intervals"]
    rows = rows[(rows["half"] == "report") & (rows["score"] == "f1")]
    held = rows.groupby("interval")["held"].min()
    said = results["lens_verdicts"]
    said = said[said["kind"] == "wrong labels"]
    named = said["tables"].where(said["reason"] == "minority_of_errors", 0)
    share = named.groupby(said["design"]).sum() / said.groupby("design")["tables"].sum()
    return {
        "lens held": HUNDREDTHS.format(held["draws"]),
        "lens bootstrap held": HUNDREDTHS.format(held["bootstrap"]),
        **{f"minority of {k} named": HUNDREDTHS.format(v) for k, v in share.items()},
    }


def _imbalance_slices():
    """How often a planted slice is the first one found, and a clean table accused."""
    rows = _reported("slices")
    is_clean = rows["plant"].isin(["errors", "calibrated", "varying"])
    planted, clean = rows[~is_clean], rows[is_clean]
    first = (planted["jaccard"] >= 0.5).groupby(planted["n_rows"]).mean()
    found = (clean["n_found"] > 0).groupby(clean["plant"]).mean()
    return {
        **{f"slices first {n}": HUNDREDTHS.format(v) for n, v in first.items()},
        **{f"slices false {k}": f"{v:.1%}" for k, v in found.items()},
    }


def _imbalance_collect():
    """How far the foretold width of an interval is from that which was met."""
    rows = _reported("collect")
    far = (rows["foretold"] / rows["width_after"] - 1).abs()
    stays = (rows["by_present"] / rows["width_after"] - 1).abs()
    return {
        "collect tables": str(rows["table"].nunique()),
        "collect met": HUNDREDTHS.format((far <= collect.TOLERANCE).mean()),
        "collect met by present": HUNDREDTHS.format(
            (stays <= collect.TOLERANCE).mean()
        ),
    }


def _reported(part):
    """Rows on which nothing was chosen."""
    rows = results_of("imbalance")[part]
    return rows[rows["half"] == "reported"]
