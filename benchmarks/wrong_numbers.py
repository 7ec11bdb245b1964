"""What is said of numbers to predict, clean ones and with planted errors.

Families and halves are those of ``benchmarks/_number_tables.py``: cuts are chosen on
the half "tuning", the half "held out" is for the report alone. Clean tables may have
heavy tails, uneven, skewed or two-scaled noise, counts, zeros, rare levels or a
hidden kind of row. Errors in 5 % of the rows: the number of another row, a decimal
point moved by one place, a sign, a unit (times 2.54). Tables of 150, 500 and 1,500
rows in turn, the default model.
"""

from collections import Counter

import numpy as np

from benchmarks._number_tables import ERRORS, FAMILIES, planted
from benchmarks._problem import Part, Target, grid
from skdataquality.label_noise import RegressionErrorDetector, regression_error_lens

SIZES = (150, 500, 1500)
VERDICTS = ("found", "suspect", "cannot_tell", "clear")
RATE = 0.05
NONE = "none"


def measure(half, family, error, tables):
    """Count verdicts, flagged rows, wrong ones, and those that are both."""
    make = FAMILIES[half][family]
    said: Counter = Counter()
    flagged = hits = wrong = 0
    for seed in range(tables):
        rng = np.random.default_rng([seed, len(family)])
        X, y = make(rng, SIZES[seed % len(SIZES)])
        mask = np.zeros(y.size, dtype=bool)
        if error != NONE:
            y, mask = planted(y, error, RATE, np.random.default_rng(100 + seed))
        detector = RegressionErrorDetector(random_state=0).fit(X, y)
        lens = regression_error_lens(y, detector)
        said[lens.verdict.replace(" ", "_")] += 1
        flagged += int(lens.flagged.sum())
        hits += int((lens.flagged & mask).sum())
        wrong += int(mask.sum())
    counts = {verdict: said[verdict] for verdict in VERDICTS}
    return [counts | {"flagged": flagged, "hits": hits, "wrong": wrong}]


def _share(rows, verdict):
    return rows[verdict] / rows[list(VERDICTS)].sum(axis=1)


def targets(rows, quick):
    if quick:
        return []
    clean = rows[(rows["error"] == NONE) & (rows["half"] == "held out")]
    return [
        Target("clean, found, mean", _share(clean, "found").mean(), 0.03, at_most=True),
        Target("clean, found, worst", _share(clean, "found").max(), 0.1, at_most=True),
        Target("clean, suspect", _share(clean, "suspect").mean(), 0.1, at_most=True),
    ]


def by_error(rows):
    """Share of the tables by verdict, precision and recall of the flags."""
    lines = []
    for (half, error), some in rows.groupby(["half", "error"], sort=False):
        n = some[list(VERDICTS)].to_numpy().sum()
        line = {"half": half, "error": error, "tables": int(n)}
        line |= {v.replace("_", " "): round(some[v].sum() / n, 3) for v in VERDICTS}
        hits, flagged, wrong = (some[k].sum() for k in ("hits", "flagged", "wrong"))
        line["precision"] = round(hits / flagged, 3) if error != NONE else "-"
        line["recall"] = round(hits / wrong, 3) if error != NONE else "-"
        lines.append(line)
    return type(rows)(lines)


def by_family(rows):
    """Show found / suspect, one row a family."""
    shown = rows.copy()
    shares = (_share(shown, verdict) for verdict in ("found", "suspect"))
    shown["said"] = [f"{a:.2f} / {b:.2f}" for a, b in zip(*shares, strict=True)]
    wide = shown.pivot(index=["half", "family"], columns="error", values="said")
    return wide[[e for e in (NONE, *ERRORS) if e in wide]].reset_index()


def _tasks(clean, wrong):
    return [
        task
        for error in (NONE, *ERRORS)
        for half, families in FAMILIES.items()
        for task in grid(
            half=[half],
            family=list(families),
            error=[error],
            tables=[clean if error == NONE else wrong],
        )
    ]


PARTS = {
    "wrong_numbers": Part(
        measure,
        f"{' '.join(VERDICTS)} flagged hits wrong",
        full=_tasks(12, 3),
        quick=[
            task
            for task in _tasks(2, 2)
            if task["family"] in ("line", "t(2) noise")
            and task["error"] in (NONE, "decimal")
        ],
        tables={
            "Share of tables by verdict, and the flagged rows.": by_error,
            "Share found / suspect by family.": by_family,
        },
        targets=targets,
    )
}
