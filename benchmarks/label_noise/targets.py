"""What the label noise room has to reach, beside what its rows say."""

from benchmarks._tables import Target
from benchmarks.label_noise.summaries import (
    PEERS,
    STRATEGIES,
    gap_closed,
    noisy,
    uncorrupted,
    wins,
)

TIMES_FASTER = {
    ("find_label_issues", 100_000, 10): 8,
    ("find_label_issues", 1_000_000, 10): 8,
    ("find_label_issues", 50_000, 1000): 10,
    ("normalized_margin", 50_000, 1000): 12,
}
PEAK_SHARE_OF_INPUT, PEAK_BYTES_PER_ROW = 0.15, 64
REAL_TABLES = ("wine", "breast_cancer", "digits")
LARGEST_SHARE_OF_CLEAN_ROWS = 0.015


def speed(rows):
    measured = rows.set_index(["problem", "rows", "classes", "library"])
    targets = []
    for case, bound in TIMES_FASTER.items():
        if (*case, "cleanlab") not in measured.index:
            continue
        name = f"{case[0]}, {case[1]} x {case[2]}"
        ratio = measured.loc[(*case, "cleanlab"), "ratio"]
        targets.append(Target(f"{name}: times faster", ratio, bound, form=".1f"))
        targets.append(peak(name, case[1], measured.loc[(*case, "skdataquality")]))
    return targets


def peak(name, n_samples, row):
    input_mb = row["peak_mb"] / row["peak_share_of_input"]
    most = PEAK_SHARE_OF_INPUT * input_mb + PEAK_BYTES_PER_ROW * n_samples / 1e6
    return Target(f"{name}: peak MB", row["peak_mb"], most, at_most=True, form=".0f")


def quality(rows):
    wrong, right = noisy(rows), uncorrupted(rows)
    gain = {peer: (wrong["ap_ours"] - wrong[f"ap_{peer}"]).mean() for peer in PEERS}
    f1 = (wrong["f1_ours"] - wrong["f1_cleanlearning"]).mean()
    ap, peer = "mean average precision over", "cleanlab ensemble"
    return [
        Target(f"{ap} {peer}", gain["ensemble"], 0.04),
        Target(f"{ap} CleanLearning", gain["cleanlearning"], 0.10),
        Target(f"share of wins over {peer}", wins(wrong, "ensemble"), 0.8),
        Target("mean F1 of flags over CleanLearning", f1, 0.05),
        *(
            Target(
                f"flagged, uncorrupted {data}",
                part["flagged_ours"].mean(),
                LARGEST_SHARE_OF_CLEAN_ROWS,
                at_most=True,
            )
            for data, part in right.groupby("data", sort=False)
            if data in REAL_TABLES
        ),
    ]


def downstream(rows):
    wrong = noisy(rows)
    best = max(STRATEGIES, key=lambda name: gap_closed(wrong, name))
    parts = {"both models": wrong, **dict(list(wrong.groupby("model", sort=False)))}
    return [
        Target(f"gap closed by strategy {name}, {which}", gap_closed(part, name), 0.5)
        for name in dict.fromkeys((best, "prune"))
        for which, part in parts.items()
    ]


def harmless(rows):
    lost = (rows["nothing"] - rows["search"]).groupby([rows["data"], rows["model"]])
    data, model = lost.mean().idxmax()
    what = f"accuracy lost with none in the grid, worst ({model} on {data})"
    return [Target(what, lost.mean().max(), 0.005, at_most=True)]
