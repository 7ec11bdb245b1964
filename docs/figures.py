"""Figures of the guide, read from what was measured; none is typed by hand."""

from benchmarks._harness import results_of

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
