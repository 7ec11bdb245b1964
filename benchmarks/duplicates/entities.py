"""Rows that belong together: what is found, in which tables, and what folds gain.

Verdicts: tables whose rows have nothing to do with each other ("apart"), sorted ones,
readings of patients with a column that names them, comments of authors, readings that
stand together without such a column, and series. "non_iid" is how often the check of
cleanlab's Datalab says that rows are not independent (p < .05, its rule), given the
same columns as numbers; it tells order only. Cuts were looked at on seeds below 100.
"ordinary columns" are tables of independent rows with places, products, counts, codes
and clusters; "any name" are entities under names of many kinds; "close, no column" are
readings that stand apart, and near each other in the other columns alone.

Price: what random folds gain by the default model, and how often the 95 % interval
holds the mean over the tables.
"""

import contextlib
import io

import numpy as np
import pandas as pd
from sklearn.datasets import (
    load_breast_cancer,
    load_diabetes,
    load_digits,
    load_iris,
    load_wine,
)
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier

from benchmarks._problem import Part, Target
from benchmarks._real_tables import REAL, folder
from benchmarks.duplicates._entity_tables import GUILTY
from benchmarks.duplicates._ordinary_tables import CLEAN
from skdataquality.compose._default import default_classifier
from skdataquality.datasets import clean_families, make_clean_table
from skdataquality.duplicates import entity_lens
from skdataquality.duplicates._entities import price_of_folds
from skdataquality.duplicates._entities._readings import read_rows

FIRST_SEED = {"chosen on": 0, "reported": 100}
FAMILIES = {"chosen on": "tuning", "reported": "held out"}
DEPENDENT = {"autocorrelated": "series", "repeated subjects": "together, no column"}
VERDICTS = ("found", "suspect", "cannot_tell", "clear")
BUNDLED = {
    "iris": load_iris,
    "wine": load_wine,
    "breast cancer": load_breast_cancer,
    "digits": load_digits,
    "diabetes": load_diabetes,
}


# ---------------------------------------------------------------- tables
def patients(rng, *, n=200, each=3, d=5, noise=0.7, name=None, shuffled=True):
    """Draw readings of patients, whose label is drawn by patient."""
    who = np.repeat(np.arange(n), each)
    if shuffled:
        who = rng.permutation(who)
    X = rng.normal(size=(n, d))[who] + noise * rng.normal(size=(who.size, d))
    table = pd.DataFrame(X).add_prefix("x")
    if name is not None:
        table[name] = rng.permutation(9 * n)[:n][who]
    return table, rng.integers(0, 2, n)[who], who


def _texts(named):
    def draw(rng):
        words = np.array([f"word{j}" for j in range(400)])
        who = rng.permutation(np.repeat(np.arange(200), 3))
        own = rng.integers(0, 400, size=(200, 12))
        texts = [
            " ".join(words[np.r_[rng.choice(own[w], 8), rng.integers(0, 400, 8)]])
            for w in who
        ]
        column = "author" if named else "z"
        table = pd.DataFrame({"comment": texts, column: [f"u{7 * w}" for w in who]})
        return table, rng.integers(0, 2, 200)[who]

    return draw


def _patients(noise, **options):
    def draw(rng):
        return patients(rng, noise=noise, **options)[:2]

    return draw


def _series(memory):
    def draw(rng):
        X = rng.normal(size=(500, 4))
        for t in range(1, 500):
            X[t] = memory * X[t - 1] + np.sqrt(1 - memory**2) * X[t]
        y = (X[:, 0] + rng.normal(size=500) > 0).astype(int)
        return pd.DataFrame(X).add_prefix("x"), y

    return draw


def _sorted(by):
    def draw(rng):
        X = pd.DataFrame(rng.normal(size=(500, 4))).add_prefix("x")
        X["x1"] += X["x0"]
        y = (X["x0"] + rng.normal(size=500) > 0).to_numpy().astype(int)
        X["town"] = rng.choice(["Ulm", "Bonn", "Kiel"], 500)
        X["x2"] += X["town"].map({"Ulm": 0, "Bonn": 1, "Kiel": 2})
        key = y if by == "label" else X[by].to_numpy()
        order = np.argsort(key.astype(str) if by == "town" else key, kind="stable")
        return X.iloc[order].reset_index(drop=True), y[order]

    return draw


def _half_hours(rng):
    path = folder() / "streams/elec.csv"
    if not path.exists():
        return None
    table = pd.read_csv(path)
    start = rng.integers(0, len(table) - 1000)
    table = table.iloc[start : start + 1000].reset_index(drop=True)
    y = table.pop("class").to_numpy()
    return table, y


# by half, truth and design
PLANTED = {
    "chosen on": {
        "named column": {"patient, noise .5": _patients(0.5, name="patient")},
        "column without a name": {"z, noise .5": _patients(0.5, name="z")},
        "texts": {"author": _texts(True)},
        "together, no column": {"noise .5": _patients(0.5, shuffled=False)},
        "series": {"AR(1), .9": _series(0.9), "AR(1), .5": _series(0.5)},
        "sorted": {"by label": _sorted("label"), "by x0": _sorted("x0")},
        "close, no column": {
            "20 columns, noise .5": _patients(0.5, d=20),
            "4 each, 10 columns, noise .3": _patients(0.3, d=10, each=4),
        },
    },
    "reported": {
        "named column": {
            "userId, noise .8": _patients(0.8, name="userId", d=8),
            "subject, noise 1.5": _patients(1.5, name="subject", d=4),
        },
        "column without a name": {
            "v17, noise .8": _patients(0.8, name="v17", d=8),
            "v17, noise 1.5": _patients(1.5, name="v17", d=4),
        },
        "texts": {"author": _texts(True), "z": _texts(False)},
        "together, no column": {
            "noise .8": _patients(0.8, d=8, shuffled=False),
            "noise 1.5": _patients(1.5, d=4, shuffled=False),
        },
        "apart in order, no column": {"noise .5": _patients(0.5)},
        "series": {
            "AR(1), .8": _series(0.8),
            "AR(1), .3": _series(0.3),
            "half hours": _half_hours,
        },
        "close, no column": {
            "40 columns, noise .6": _patients(0.6, d=40),
            "5 each, 12 columns, noise .3": _patients(0.3, d=12, each=5),
            "2 each, 12 columns, noise .1": _patients(0.1, d=12, each=2),
        },
        "sorted": {"by town": _sorted("town"), "by x1": _sorted("x1")},
    },
}


def _clean(family):
    def draw(rng):
        table = make_clean_table(family, random_state=int(rng.integers(2**31)))
        return table.X, table.y

    return draw


def _bundled(name):
    def draw(rng):
        return BUNDLED[name](return_X_y=True, as_frame=True)

    return draw


def _bundled_shuffled(name):
    def draw(rng):
        X, y = BUNDLED[name](return_X_y=True, as_frame=True)
        order = rng.permutation(len(y))
        return X.iloc[order].reset_index(drop=True), y.to_numpy()[order]

    return draw


def _real(name):
    def draw(rng):
        if not folder().is_dir():
            return None
        X, y = REAL[name]()
        rows = rng.permutation(len(y))[:1000]
        return X.iloc[rows].reset_index(drop=True), y.to_numpy()[rows]

    return draw


def designs():
    """Return what draws a table, by half, truth and design."""
    found = {
        (half, truth, design): draw
        for half, truths in PLANTED.items()
        for truth, made in truths.items()
        for design, draw in made.items()
    }
    for half, key in FAMILIES.items():
        for family in clean_families()[key]:
            truth = DEPENDENT.get(family, "apart")
            found[half, truth, family] = _clean(family)
    for truth, families in {"ordinary columns": CLEAN, "any name": GUILTY}.items():
        for half, drawn in families.items():
            for draw in drawn:
                found[half, truth, draw.__name__.replace("_", " ")] = draw
    for name in REAL:
        found["reported", "real, in any order", name] = _real(name)
    for name in BUNDLED:
        found["reported", "bundled, in any order", name] = _bundled_shuffled(name)
        found["reported", "bundled, as it stands", name] = _bundled(name)
    return found


DESIGNS = designs()


# ---------------------------------------------------------------- verdicts
def measure_verdicts(half, truth, design, tables):
    """Count what the lens says, and how often the check of cleanlab accuses."""
    count = dict.fromkeys(VERDICTS, 0)
    reasons: dict = {}
    accused = []
    n_tables = 1 if truth == "bundled, as it stands" else tables
    for seed in range(n_tables):
        rng = np.random.default_rng(FIRST_SEED[half] + seed)
        drawn = DESIGNS[half, truth, design](rng)
        if drawn is None:
            return []
        X, y = drawn
        lens = entity_lens(X, y)
        count[lens.verdict.replace(" ", "_")] += 1
        reasons[lens.reason_code] = reasons.get(lens.reason_code, 0) + 1
        accused.append(_non_iid(read_rows(X).points))
    known = [each for each in accused if each is not None]
    most = max(reasons, key=reasons.__getitem__)
    non_iid = sum(p < 0.05 for p in known) if known else ""
    return [{"drawn": n_tables, **count, "mostly": most, "non_iid": non_iid}]


class _NoDatalab:
    """Stands for a Datalab that has computed nothing yet."""

    def get_info(self, name):
        return {}


def _non_iid(points):
    """P value of the check of cleanlab's Datalab, None without cleanlab."""
    try:
        from cleanlab.datalab.internal.issue_manager.noniid import NonIIDIssueManager
    except ImportError:
        return None
    manager = NonIIDIssueManager(_NoDatalab())
    with contextlib.redirect_stdout(io.StringIO()):
        manager.find_issues(features=points)
    return float(manager.p_value)


def verdicts_table(rows):
    rows = rows.assign(non_iid=pd.to_numeric(rows["non_iid"], errors="coerce"))
    found = rows.groupby(["half", "truth"], sort=False)
    return found[["drawn", *VERDICTS, "non_iid"]].sum().reset_index()


def verdicts_targets(rows, quick):
    if quick:
        return []
    rows = rows[rows["half"] == "reported"]
    share = rows.groupby("truth")[[*VERDICTS, "drawn"]].sum()
    found = share["found"] / share["drawn"]
    accused = found + share["suspect"] / share["drawn"]
    apart = ("apart", "bundled, in any order", "sorted", "ordinary columns")
    wanted = (
        "named column", "column without a name", "texts", "together, no column",
        "series", "any name",
    )  # fmt: skip
    return [
        *(Target(f"found, {t}", found[t], 0.05, at_most=True) for t in apart),
        *(Target(f"found, {t}", found[t], 0.9) for t in wanted),
        Target("suspected, close, no column", accused["close, no column"], 0.9),
    ]


# ---------------------------------------------------------------- price
MODELS = {
    "default": default_classifier,
    "nearest row": lambda: KNeighborsClassifier(1),
    "linear": LogisticRegression,
}


def measure_price(half, n_patients, each, noise, model, tables):
    """Price random folds in tables of one kind, and see what the intervals hold."""
    prices = []
    for seed in range(tables):
        rng = np.random.default_rng(FIRST_SEED[half] + seed)
        X, y, who = patients(rng, n=n_patients, each=each, noise=noise)
        prices.append(price_of_folds(MODELS[model](), X, y, who, random_state=seed))
    gains = [price.inflation for price in prices]
    truth = np.mean([gain.estimate for gain in gains])
    return [
        {
            "random_folds": np.mean([price.random.estimate for price in prices]),
            "entity_folds": np.mean([price.together.estimate for price in prices]),
            "inflation": truth,
            "held": np.mean([gain.lower <= truth <= gain.upper for gain in gains]),
            "width": np.mean([gain.upper - gain.lower for gain in gains]),
            "above_zero": np.mean([gain.lower > 0 for gain in gains]),
        }
    ]


def price_table(rows):
    return rows.round(3)


def price_targets(rows, quick):
    if quick:
        return []
    rows = rows[rows["half"] == "reported"]
    return [Target("95 % intervals that hold", rows["held"].min(), 0.93)]


def _tasks(tables, keys=None):
    return [
        {"half": half, "truth": truth, "design": design, "tables": tables}
        for half, truth, design in keys or DESIGNS
    ]


def _price_task(half, n_patients, each, noise, model, tables):
    return {
        "half": half,
        "n_patients": n_patients,
        "each": each,
        "noise": noise,
        "model": model,
        "tables": tables,
    }


VERDICTS_PART = Part(
    measure=measure_verdicts,
    measured="drawn found suspect cannot_tell clear mostly non_iid",
    full=_tasks(10),
    quick=_tasks(1, list(DESIGNS)[:3]),
    tables={"verdicts": verdicts_table},
    targets=verdicts_targets,
)
PRICE_PART = Part(
    measure=measure_price,
    measured="random_folds entity_folds inflation held width above_zero",
    full=[
        _price_task("reported", 200, 3, 0.15, "default", 20),
        _price_task("reported", 200, 3, 0.15, "nearest row", 100),
        _price_task("reported", 200, 3, 0.7, "nearest row", 100),
        _price_task("reported", 60, 8, 0.7, "nearest row", 100),
        _price_task("reported", 200, 3, 0.7, "linear", 100),
    ],
    quick=[_price_task("reported", 30, 3, 0.15, "nearest row", 2)],
    tables={"price": price_table},
    targets=price_targets,
)
