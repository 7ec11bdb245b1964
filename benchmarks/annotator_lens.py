"""How often honest annotators are accused, and what the annotator lens finds.

Crowds are simulated: annotators with accuracies between .7 and .95, independent given
the truth, whose wrong votes go to other classes evenly, by the classes' shares, or by a
habit of each; or such crowds with one planted fault (see ``tests/crowds.py``).
"""

from benchmarks._problem import Part, Target, grid
from benchmarks._tables import as_they_are
from skdataquality.weak_supervision import annotator_lens
from tests.crowds import FAULTS, crowd

SEED = 977  # of no run by which a threshold was chosen
CROWDS = {
    "300 x 4, 2 classes": {"n_rows": 300, "n_annotators": 4, "per_row": 4},
    "400 x 25, 15 % rare, 3 votes": {
        "n_rows": 400,
        "n_annotators": 25,
        "per_row": 3,
        "prior": [0.85, 0.15],
    },
    "800 x 60, 5 % rare": {"n_rows": 800, "n_annotators": 60, "prior": [0.95, 0.05]},
    "600 x 15, 4 classes, 3 votes": {
        "n_rows": 600,
        "n_annotators": 15,
        "per_row": 3,
        "prior": [0.5, 0.3, 0.15, 0.05],
    },
    "500 x 6, 3 classes, habits": {
        "n_annotators": 6,
        "prior": [0.6, 0.3, 0.1],
        "spread": "own",
    },
    "1000 x 40, 5 classes, by shares": {
        "n_rows": 1000,
        "n_annotators": 40,
        "prior": [0.4, 0.3, 0.15, 0.1, 0.05],
        "spread": "prior",
    },
    "250 x 10, 3 classes, 2 votes": {
        "n_rows": 250,
        "per_row": 2,
        "prior": [0.5, 0.3, 0.2],
    },
    "2000 x 20, 2 classes, 10 votes": {
        "n_rows": 2000,
        "n_annotators": 20,
        "per_row": 10,
    },
}
FAULTY = {
    "300 x 5, 2 classes": {"n_rows": 300, "n_annotators": 5},
    "500 x 10, 4 classes": {"prior": [0.25] * 4},
    "1000 x 10, 3 classes, 3 votes": {
        "n_rows": 1000,
        "per_row": 3,
        "prior": [0.5, 0.3, 0.2],
    },
    "2000 x 20, 5 classes": {
        "n_rows": 2000,
        "n_annotators": 20,
        "prior": [0.2] * 5,
    },
}
ASKED = {
    "worse": "worse_than_chance",
    "copy": "copying_pairs",
    "confused": "confused_class_pairs",
    "useless": "no_better_than_chance",
}


def _votes(design, seed, fault=None):
    n_classes = len(design.get("prior", (0, 1)))
    return crowd([SEED, seed], n_classes=n_classes, fault=fault, **design)[0]


def measure_clean(crowd, runs):
    verdicts = [annotator_lens(_votes(CROWDS[crowd], i)).verdict for i in range(runs)]
    return [{name: verdicts.count(name) / runs for name in ("found", "suspect")}]


def clean_targets(rows, quick):
    return [
        Target("honest crowds accused, mean", rows["found"].mean(), 0.05, True),
        Target("honest crowds accused, worst", rows["found"].max(), 0.1, True),
    ]


def measure_faults(crowd, fault, runs):
    """Count the fault among what is found; undecidable rows, as any finding."""
    named = 0
    for i in range(runs):
        result = annotator_lens(_votes(FAULTY[crowd], i, fault))
        if fault in ASKED:
            named += result.numbers[ASKED[fault]] > 0
        else:
            named += result.verdict in ("found", "suspect")
    return [{"named": named / runs}]


def fault_targets(rows, quick):
    mean = rows.groupby("fault")["named"].mean()
    return [
        Target("worse than chance named", mean["worse"], 0.7),
        Target("confused classes named", mean["confused"], 0.6),
    ]


def _faults(runs):
    some = grid(crowd=FAULTY, fault=FAULTS, runs=[runs])
    return [
        task
        for task in some
        if task["fault"] != "confused" or "prior" in FAULTY[task["crowd"]]
    ]


PARTS = {
    "clean": Part(
        measure_clean,
        "found suspect",
        full=grid(crowd=CROWDS, runs=[200]),
        quick=grid(crowd=CROWDS, runs=[10]),
        tables={"Share of honest crowds that are accused.": as_they_are},
        targets=clean_targets,
    ),
    "faults": Part(
        measure_faults,
        "named",
        full=_faults(50),
        quick=_faults(5),
        tables={"Share of crowds of which the planted fault is named.": as_they_are},
        targets=fault_targets,
    ),
}
