"""Tables of the label noise benchmark, made from its rows."""

import pandas as pd

from benchmarks._tables import Table

PEERS = {"ensemble": "cleanlab ensemble", "cleanlearning": "CleanLearning"}
METHODS = {"ours": "ours", **PEERS}
MODELS = ("logistic", "forest")
STRATEGIES = ("prune", "relabel", "reweight", "soft")
REMEDIES = (*STRATEGIES, "forward", "cleanlearning")
FLOOR = "floor: P.argmax(1)"


def noisy(rows):
    return rows[rows["noise"] != "none"]


def uncorrupted(rows):
    return rows[rows["noise"] == "none"]


def slices(rows):
    """Yield all rows, then those of each noise, rate and table."""
    yield "all", rows
    for column in ("noise", "rate", "data"):
        for value, group in rows.groupby(column, sort=column == "rate"):
            yield f"{value:.0%}" if column == "rate" else value, group


def speed(rows):
    groups = rows.groupby(["problem", "rows", "classes"], sort=False)
    frame = pd.DataFrame(
        speed_line(case, part.set_index("library")) for case, part in groups
    )
    note = (
        "Median seconds; ratios repeat by repeat, median and range. Beside them our "
        "time in passes of P.argmax(1), and the peak of what one call allocates."
    )
    return [Table("Speed and memory", note, frame)]


def speed_line(case, rows):
    name, n_samples, n_classes = case
    our, their = rows.loc["skdataquality"], rows.loc["cleanlab"]
    ratios = (f"{their[name]:.1f}" for name in ("ratio", "ratio_min", "ratio_max"))
    return {
        "call": name,
        "rows x classes": f"{n_samples} x {n_classes}",
        "ours, s": f"{our['seconds']:.4f}",
        "cleanlab, s": f"{their['seconds']:.4f}",
        "times faster (range)": "{} ({} to {})".format(*ratios),
        "in P.argmax(1)": f"{1 / rows.loc[FLOOR, 'ratio']:.1f}",
        "ours, MB": f"{our['peak_mb']:.1f}",
        "cleanlab, MB": f"{their['peak_mb']:.1f}",
        "ours, % of P": f"{our['peak_share_of_input']:.1%}",
        "cleanlab, % of P": f"{their['peak_share_of_input']:.1%}",
    }


def quality(rows):
    return [ranking(noisy(rows)), flags(noisy(rows)), rules(rows), clean(rows)]


def mean_of_methods(rows, prefix, form):
    return {
        title: format(rows[f"{prefix}_{name}"].mean(), form)
        for name, title in METHODS.items()
    }


def wins(rows, peer):
    return (rows["ap_ours"] > rows[f"ap_{peer}"]).mean()


def ranking(rows):
    frame = pd.DataFrame(
        {
            "configurations": label,
            "number": len(part),
            **mean_of_methods(part, "ap", ".3f"),
            **{f"wins over {PEERS[peer]}": f"{wins(part, peer):.0%}" for peer in PEERS},
        }
        for label, part in slices(rows)
    )
    return Table("Ranking", "Mean average precision of the scores.", frame)


def flags(rows):
    frame = pd.DataFrame(
        {
            "configurations": label,
            **mean_of_methods(part, "f1", ".3f"),
            "wrong": f"{part['wrong_share'].mean():.1%}",
            **{
                f"flagged, {title}": share
                for title, share in mean_of_methods(part, "flagged", ".1%").items()
            },
        }
        for label, part in slices(rows)
    )
    return Table("Flags", "Mean F1 of the flags, and mean share flagged.", frame)


def rules(rows):
    columns = (name.removeprefix("f1_") for name in rows if name.startswith("f1_"))
    parts = dict(slices(noisy(rows)))
    right = uncorrupted(rows)
    frame = pd.DataFrame(
        {
            "rule": rule,
            **{k: f"{part[f'f1_{rule}'].mean():.3f}" for k, part in parts.items()},
            "flagged, uncorrupted": f"{right[f'flagged_{rule}'].mean():.1%}",
        }
        for rule in columns
        if rule not in METHODS
    )
    note = "Mean F1 of each rule on the probabilities of our detector."
    return Table("Rules", note, frame)


def clean(rows):
    frame = pd.DataFrame(
        {
            "data": data,
            **mean_of_methods(part, "flagged", ".2%"),
            "ours, worst seed": f"{part['flagged_ours'].max():.2%}",
        }
        for data, part in uncorrupted(rows).groupby("data", sort=False)
    )
    return Table("Uncorrupted", "Mean share flagged where no label is wrong.", frame)


def gap_closed(rows, remedy):
    """Share of the way from doing nothing to pruning with the truth."""
    nothing, truth = rows["nothing"].mean(), rows["truth"].mean()
    return (rows[remedy].mean() - nothing) / (truth - nothing)


def downstream(rows):
    lines = []
    for model in MODELS:
        mine = rows[rows["model"] == model]
        for remedy in ("nothing", "truth", *REMEDIES):
            if mine[remedy].notna().any():
                lines.append({"model": model, **downstream_line(mine, remedy)})
    note = (
        "Mean accuracy on clean test rows. Gap closed: share of the way from doing "
        "nothing to pruning with the truth."
    )
    return [Table("Downstream", note, pd.DataFrame(lines))]


def downstream_line(rows, remedy):
    wrong = noisy(rows)
    return {
        "remedy": remedy,
        "gap closed": f"{gap_closed(wrong, remedy):.0%}",
        **{k: f"{part[remedy].mean():.3f}" for k, part in slices(wrong)},
        "uncorrupted": f"{uncorrupted(rows)[remedy].mean():.3f}",
    }


def harmless(rows):
    frame = pd.DataFrame(
        {
            "model": model,
            "data": data,
            "nothing": f"{part['nothing'].mean():.3f}",
            "search": f"{part['search'].mean():.3f}",
            "points lost": f"{100 * (part['nothing'] - part['search']).mean():.2f}",
            "chose nothing": f"{(part['chosen'] == 'none').mean():.0%}",
        }
        for (model, data), part in rows.groupby(["model", "data"], sort=False)
    )
    note = 'Clean test accuracy of a search with "none" in its grid; no label is wrong.'
    return [Table("Harmless", note, frame)]


def real(rows):
    frame = rows.drop(columns="versions").copy()
    for column in ("wrong_share", "auroc", "flagged", "precision"):
        frame[column] = [f"{v:.3f}" if v == v else "" for v in frame[column]]
    note = (
        "Scores: probability that a label people rejected ranks below one they upheld. "
        "Rules: share flagged of the rows shown to people, and how many they rejected."
    )
    return [Table("Labels judged by people", note, frame)]
