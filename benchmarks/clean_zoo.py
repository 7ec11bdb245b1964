"""How often ``diagnose`` accuses tables in which nothing is wrong, family by family.

Families and halves are those of ``skdataquality.datasets.clean_families``: cuts are
chosen on the half "tuning", the half "held out" is for the report alone. Rows drawn
from real tables (``--data``) were looked at while cuts were chosen. Target rows come
from the same source, and five sources are dealt out at random. Recorded labels of real
tables may be wrong; nothing was planted.
"""

from collections import Counter

import numpy as np
from joblib import Parallel, delayed

from benchmarks import _real_tables
from benchmarks._problem import Part, Target, grid
from skdataquality import diagnose
from skdataquality.datasets import clean_families, make_clean_table

LENSES = ("leakage", "duplicates", "imbalance", "label_noise", "shift", "provenance")
VERDICTS = ("found", "suspect", "cannot_tell", "clear")
TABLES = 60
# what is rightly said of a family in which nothing is wrong: columns that decide are
# asked about, a rare class is a rare class, rows in the order of time do shift, and
# two real tables hold repeated rows
RIGHTLY_SAID = {
    ("leakage", "decisive measurement"): ("suspect",),
    ("leakage", "decisive grade"): ("suspect",),
    ("imbalance", "minority 2 %"): ("found", "suspect"),
    ("imbalance", "minority 10 %"): ("found", "suspect"),
    ("imbalance", "bank"): ("found", "suspect"),
    ("imbalance", "mammography"): ("found", "suspect"),
    ("shift", "autocorrelated"): ("found", "suspect"),
    ("imbalance", "gas"): ("found", "suspect"),
    ("imbalance", "categories"): ("found", "suspect"),
    ("duplicates", "mammography"): ("found", "suspect"),
    ("leakage", "mammography"): ("found", "suspect"),
    ("duplicates", "heart"): ("found", "suspect"),
    ("leakage", "heart"): ("found", "suspect"),
}


def measure(half, family, tables):
    """Count the verdicts of each lens, and the tables of which any lens says found."""
    drawn = [
        said
        for said in Parallel(n_jobs=-1)(
            delayed(_verdicts)(family, seed) for seed in range(tables)
        )
        if said
    ]
    if not drawn:
        return []
    rows = [{"lens": lens} | _counts([said[lens] for said in drawn]) for lens in LENSES]
    found = [_is_accused(family, said) for said in drawn]
    return [
        *rows,
        {"lens": "any"} | _counts(["found" if f else "clear" for f in found]),
    ]


def _verdicts(family, seed):
    table = _table(family, seed)
    if table is None:
        return None
    X, y, X_target, groups = table
    vendor = np.random.default_rng(seed).integers(0, 5, len(y))
    report = diagnose(
        X,
        y,
        X_target=X_target,
        groups=groups,
        sources={"vendor": vendor},
        random_state=seed,
    )
    return {name: lens.verdict for name, lens in report.lenses.items()}


def _table(family, seed):
    if family in _real_tables.REAL:
        drawn = _real_tables.draw(family, seed)
        return None if drawn is None else (*drawn, None)
    table = make_clean_table(family, random_state=seed)
    return table.X, table.y, table.X_target, table.groups


def _counts(verdicts):
    count = Counter(verdict.replace(" ", "_") for verdict in verdicts)
    return {verdict: count[verdict] for verdict in VERDICTS}


def _is_accused(family, said):
    return any(
        verdict == "found" and "found" not in RIGHTLY_SAID.get((lens, family), ())
        for lens, verdict in said.items()
    )


# ---------------------------------------------------------------- what was reached
def _shares(rows, half, verdict):
    """Share of tables by lens and family, where the verdict is not rightly said."""
    rows = rows[rows["half"] == half]
    asked = [
        verdict in RIGHTLY_SAID.get((row.lens, row.family), ())
        for row in rows.itertuples()
    ]
    rows = rows[~np.array(asked, dtype=bool)]
    n = rows[list(VERDICTS)].sum(axis=1)
    return rows.assign(share=rows[verdict] / n)


def targets(rows, quick):
    if quick:
        return []
    said = []
    for verdict, worst, pooled in (("found", 0.05, 0.03), ("suspect", 0.2, 0.1)):
        shares = _shares(rows, "held out", verdict)
        for lens in LENSES:
            of_lens = shares.loc[shares["lens"] == lens, "share"]
            name = f"{lens}, {verdict}"
            said.append(
                Target(f"{name}, worst family", of_lens.max(), worst, at_most=True)
            )
            said.append(Target(f"{name}, pooled", of_lens.mean(), pooled, at_most=True))
    whole = _shares(rows, "held out", "found")
    whole = whole.loc[whole["lens"] == "any", "share"].mean()
    return [*said, Target("report, anything found", whole, 0.1, at_most=True)]


def by_family(rows):
    """Show found / suspect of each lens, one row a family."""
    shown = rows[rows["lens"] != "any"].copy()
    n = shown[list(VERDICTS)].sum(axis=1)
    shares = (shown[v] / n for v in ("found", "suspect"))
    shown["said"] = [f"{a:.2f} / {b:.2f}" for a, b in zip(*shares, strict=True)]
    wide = shown.pivot(index=["half", "family"], columns="lens", values="said")
    return wide[list(LENSES)].reset_index()


def pooled(rows):
    """Show the mean over families and the worst family, for each half and lens."""
    table = []
    for half in rows["half"].unique():
        for lens in (*LENSES, "any"):
            line = {"half": half, "lens": lens}
            for verdict in ("found", "suspect"):
                shares = _shares(rows, half, verdict)
                of_lens = shares[shares["lens"] == lens]
                worst = of_lens.loc[of_lens["share"].idxmax()]
                line[verdict] = round(of_lens["share"].mean(), 3)
                line[f"{verdict}, worst"] = f"{worst['share']:.2f} {worst['family']}"
            table.append(line)
    return type(rows)(table)


def _tasks(tables):
    families = {half: list(names) for half, names in clean_families().items()}
    families["tuning"] += list(_real_tables.REAL)
    return [
        task
        for half, names in families.items()
        for task in grid(half=[half], family=names, tables=[tables])
    ]


PARTS = {
    "clean_zoo": Part(
        measure,
        f"lens {' '.join(VERDICTS)}",
        full=_tasks(TABLES),
        quick=[task for task in _tasks(2) if task["family"] in ("counts", "small")],
        tables={
            "Share of clean tables called found / suspect, what is rightly said left "
            "out: mean over families, and the worst.": pooled,
            "Share found / suspect by family, all verdicts counted.": by_family,
        },
        targets=targets,
    )
}
