"""How often ``diagnose`` accuses clean data, and how often it finds failures.

Clean data sets are drawn from eleven designs: separable, overlapping, weak and no
signal, uneven classes, three classes, partly pure, curved, heavy-tailed. Target data
come from the same design, and five sources at random. Planted data sets are those of
the demo with other seeds, but a rarer class and labels wrong at random in one clinic,
and with a copy of the label of which 3 % is wrong.
"""

from collections import Counter, defaultdict

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from benchmarks._problem import Part, Target, grid
from benchmarks._tables import as_they_are
from skdataquality import diagnose
from skdataquality.datasets import load_demo, make_label_errors, make_rare_class

LENSES = (
    "leakage",
    "duplicates",
    "imbalance",
    "label_noise",
    "shift",
    "provenance",
)
VERDICTS = ("found", "suspect", "cannot_tell", "clear")
SIZES = (250, 500, 1000)
N_COLUMNS = 10


def _apart(distance):
    def draw(rng, X):
        y = rng.integers(0, 2, len(X))
        X[:, 0] += distance * y
        return y

    return draw


def _uneven(share, distance):
    def draw(rng, X):
        y = (rng.random(len(X)) < share).astype(int)
        X[:, 0] += distance * y
        return y

    return draw


def _three(rng, X):
    y = rng.integers(0, 3, len(X))
    X[:, 0] += 2.5 * (y == 1)
    X[:, 1] += 2.5 * (y == 2)
    return y


def _partly_pure(rng, X):
    y = rng.integers(0, 2, len(X))
    informative = rng.random(len(X)) < 0.5
    X[:, 0] += 5 * informative
    X[:, 1] += 3 * y * informative
    return y


def _curved(rng, X):
    logit = 3 * (X[:, 0] * X[:, 1] + X[:, 2] ** 2 - 1)
    return (rng.random(len(X)) < 1 / (1 + np.exp(-logit))).astype(int)


def _heavy_tails(rng, X):
    X[:] = rng.standard_t(3, size=X.shape)
    return (rng.random(len(X)) < 1 / (1 + np.exp(-2 * (X[:, 0] + X[:, 1])))).astype(int)


DESIGNS = {
    "separable": _apart(3),
    "overlapping": _apart(2),
    "weak": _apart(1.3),
    "very weak": _apart(0.9),
    "no signal": _apart(0),
    "uneven": _uneven(0.35, 2.5),
    "uneven, no signal": _uneven(0.35, 0),
    "three classes": _three,
    "partly pure": _partly_pure,
    "curved": _curved,
    "heavy tails": _heavy_tails,
}


def clean(seed):
    """Draw training and target rows of one design without any failure."""
    rng = np.random.default_rng(seed)
    name = list(DESIGNS)[seed % len(DESIGNS)]
    n = int(rng.choice(SIZES))
    X = rng.normal(size=(n + n // 2, N_COLUMNS))
    y = DESIGNS[name](rng, X)
    source = np.random.default_rng(seed).integers(0, 5, n)
    return name, {
        "X": X[:n],
        "y": y[:n],
        "X_target": X[n:],
        "sources": {"vendor": source},
    }


def demo(seed):
    """Return the demo's rows with errors at random, and a copy of the label."""
    demo = load_demo(random_state=seed)
    rng = np.random.default_rng(seed)
    rows = make_rare_class(demo.y_true, demo.rare_class, 0.15, random_state=seed)
    clinic = demo.sources["clinic"][rows]
    y, _ = make_label_errors(
        demo.y_true[rows], 0.3, where=clinic == demo.careless_clinic, random_state=seed
    )
    copy = np.where(rng.random(y.size) < 0.03, rng.permutation(y), y)
    is_rare = (copy == demo.rare_class).astype(float)
    unknown = rng.permutation(is_rare)[: len(demo.X_target)]
    return "demo", {
        "X": np.column_stack([demo.X[rows], is_rare]),
        "y": y,
        "X_target": np.column_stack([demo.X_target, unknown]),
        "sources": {"clinic": clinic},
        "estimator": make_pipeline(StandardScaler(), LogisticRegression()),
    }


# each takes a seed and returns the name of a design and the arguments of diagnose
CLEAN = {"clean": clean}
PLANTED = {"demo": demo}
FAMILIES = CLEAN | PLANTED


def measure(family, sets):
    """Count the verdicts of each lens, and name the designs in which it says found."""
    verdicts, designs = defaultdict(Counter), defaultdict(Counter)
    for seed in range(sets):
        design, data = FAMILIES[family](seed)
        report = diagnose(**data, random_state=seed)
        for lens in LENSES:
            verdict = report.lenses[lens].verdict.replace(" ", "_")
            verdicts[lens][verdict] += 1
            designs[lens][design] += verdict == "found"
    return [
        {
            "lens": lens,
            **{verdict: verdicts[lens][verdict] for verdict in VERDICTS},
            "found_in": "; ".join(
                f"{name}: {n}" for name, n in designs[lens].items() if n
            ),
        }
        for lens in LENSES
    ]


def targets(rows, quick):
    found = rows["found"] / rows["sets"]
    # what is planted is named; how surely depends on what numbers can tell
    named = found + rows["suspect"] / rows["sets"]
    clean = rows["family"].isin(CLEAN)
    most = 4 / 30 if quick else 0.05
    return [
        Target("clean sets accused, worst", found[clean].max(), most, at_most=True),
        Target("planted sets found or suspect, worst", named[~clean].min(), 0.9),
    ]


PARTS = {
    "false_accusations": Part(
        measure,
        f"lens {' '.join(VERDICTS)} found_in",
        full=grid(family=CLEAN, sets=[200]) + grid(family=PLANTED, sets=[50]),
        quick=grid(family=CLEAN, sets=[3]) + grid(family=PLANTED, sets=[2]),
        tables={"Verdicts on data sets, and the designs of those found.": as_they_are},
        targets=targets,
    )
}
