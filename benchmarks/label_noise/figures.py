"""Figures of the label noise benchmark, drawn from its rows."""

import numpy as np
from matplotlib.figure import Figure

STYLES = {
    "ours": ("ours", "C0", "o"),
    "ensemble": ("cleanlab ensemble", "C1", "s"),
    "cleanlearning": ("CleanLearning", "C7", "^"),
}


def draw_average_precision(rows):
    rows = rows[rows["noise"] != "none"]
    kinds = list(dict.fromkeys(rows["noise"]))
    figure = Figure(figsize=(9, 3.2), layout="constrained")
    panels = figure.subplots(1, len(kinds), sharey=True, squeeze=False)[0]
    for axes, kind in zip(panels, kinds, strict=True):
        by_rate = rows[rows["noise"] == kind].groupby("rate")
        for name, (label, color, marker) in STYLES.items():
            mean = by_rate[f"ap_{name}"].mean()
            axes.plot(100 * mean.index, mean, marker=marker, color=color, label=label)
        axes.set(title=f"{kind} noise", xlabel="wrong labels, %")
    panels[0].set_ylabel("mean average precision")
    panels[0].legend(frameon=False)
    return figure


def draw_speed(rows):
    rows = rows[rows["library"] == "cleanlab"].iloc[::-1]
    names = [
        f"{problem}, {n:,} x {k}"
        for problem, n, k in zip(
            rows["problem"], rows["rows"], rows["classes"], strict=True
        )
    ]
    spread = [rows["ratio"] - rows["ratio_min"], rows["ratio_max"] - rows["ratio"]]
    figure = Figure(figsize=(9, 1 + 0.28 * len(rows)), layout="constrained")
    axes = figure.subplots()
    axes.barh(np.arange(len(rows)), rows["ratio"], color="C0")
    axes.errorbar(
        rows["ratio"], np.arange(len(rows)), xerr=spread, fmt="none", ecolor="black"
    )
    axes.axvline(1, color="black", linewidth=0.8)
    axes.set(yticks=np.arange(len(rows)), yticklabels=names)
    axes.set_xlabel("times faster than cleanlab")
    return figure
