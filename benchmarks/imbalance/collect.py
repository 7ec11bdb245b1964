"""Whether rows that are collected narrow a recall's interval as foretold.

A third of the rows of a class is kept, and the others are held back. The plan foretells
the width of the interval of its recall with so many rows more; these are then added,
and the same cross-validation is run on them. "by present" keeps the present recall. The
form of the curve was chosen on the tables of the half "shaped"; the others report.
"""

import numpy as np
import pandas as pd
from sklearn.datasets import load_breast_cancer, load_digits
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from benchmarks._problem import Part, Target, grid
from benchmarks._real_tables import REAL, folder
from benchmarks.imbalance._keel import keel
from skdataquality.imbalance import rows_to_collect
from skdataquality.imbalance._groups._recall_curve import RecallCurve

SHAPED = ("pima", "vehicle1", "yeast3", "segment0", "digits", "breast cancer")
REPORTED = (
    "page-blocks0",
    "mammography",
    "bank",
    "electricity",
    "sms",
    "yeast1",
    "vehicle0",
)
FACTORS = (0.5, 1.0, 2.0)  # rows more, for each present one
MOST_OTHERS, MOST_ROWS = 2000, 600  # of the other classes, of the class
TOLERANCE = 0.15
ALL = 0.999  # a width that every interval has, so that no curve is fitted


def load(name):
    """Return X and y, 1 for the class that is collected; None without the data."""
    if name == "digits":
        X, y = load_digits(return_X_y=True)
        return X, (y == 8).astype(int)
    if name == "breast cancer":
        X, y = load_breast_cancer(return_X_y=True)
        return X, 1 - y
    if name == "sms":
        path = folder() / "sms_spam/SMSSpamCollection"
        if not path.exists():
            return None
        pairs = [line.split("\t", 1) for line in path.read_text("utf-8").splitlines()]
        texts = np.array([text for _, text in pairs], dtype=object)
        return texts, np.array([int(label == "spam") for label, _ in pairs])
    if name not in REAL:
        return keel(name)
    if not folder().is_dir():
        return None
    X, y = REAL[name]()
    codes, labels = pd.factorize(y, sort=True)
    rarer = np.bincount(codes).argmin()
    assert len(labels) == 2
    return np.asarray(X, dtype=float), (codes == rarer).astype(int)


def model_of(name, X):
    is_text = X.dtype == object
    if name == "logistic":
        first = TfidfVectorizer() if is_text else StandardScaler()
        return make_pipeline(first, LogisticRegression(max_iter=500))
    forest = RandomForestClassifier(30, random_state=0)
    return (
        make_pipeline(TfidfVectorizer(max_features=300), forest) if is_text else forest
    )


def measure(table, model, seed):
    loaded = load(table)
    if loaded is None:
        return []
    X, y = loaded
    rng = np.random.default_rng(seed)
    others = rng.permutation(np.flatnonzero(y == 0))[:MOST_OTHERS]
    mine = rng.permutation(np.flatnonzero(y == 1))[:MOST_ROWS]
    present = mine.size // 3
    estimator = model_of(model, X)

    def plan(n_rows, width):
        rows = np.sort(np.concatenate([others, mine[:n_rows]]))
        return rows_to_collect(
            estimator, X[rows], y[rows], width=width, random_state=seed
        )

    foretold = plan(present, 0.01)
    line, curve = foretold.lines[1], foretold.curves[1]
    still = RecallCurve(curve.n_rows, curve.missed)
    rows = []
    for factor in FACTORS:
        more = round(factor * present)
        after = plan(present + more, ALL).lines[1]
        rows.append(
            {
                "half": "shaped" if table in SHAPED else "reported",
                "rows": present,
                "more": more,
                "exponent": round(curve.exponent, 4),
                "recall": round(line["recall"].estimate, 4),
                "recall_after": round(after["recall"].estimate, 4),
                "foretold": round(foretold.width_after(1, more), 4),
                "by_present": round(float(still.width(present + more)), 4),
                "width_after": round(after["width"], 4),
            }
        )
    return rows


def summary(rows):
    """Widths foretold and met, a line for each table and model."""
    rows = rows.assign(
        within=(rows.foretold / rows.width_after - 1).abs() <= TOLERANCE,
        present_within=(rows.by_present / rows.width_after - 1).abs() <= TOLERANCE,
    )
    table = rows.groupby(["half", "table", "model"], sort=False).agg(
        runs=("within", "size"),
        recall=("recall", "mean"),
        recall_after=("recall_after", "mean"),
        foretold=("foretold", "mean"),
        width_after=("width_after", "mean"),
        within=("within", "mean"),
        present_within=("present_within", "mean"),
    )
    table["off"] = table.foretold / table.width_after - 1
    return table.reset_index().round(3)


def off_by(rows, which):
    """How far the mean width of each table, model and factor is from the one met."""
    factor = (rows.more / rows.rows).round(1)
    means = rows.groupby([rows.table, rows.model, factor])[
        [which, "width_after"]
    ].mean()
    off = (means[which] / means["width_after"] - 1).abs()
    return off.groupby(level="table").mean()


def targets(rows, quick):
    if quick:
        return []
    reported = rows[rows.half == "reported"]
    off = off_by(reported, "foretold")
    within = (reported.foretold / reported.width_after - 1).abs() <= TOLERANCE
    return [
        *(
            Target(f"width foretold against met, {name}", value, TOLERANCE, True)
            for name, value in off.items()
        ),
        Target("tables met within .15, reported", int((off <= TOLERANCE).sum()), 6),
        Target("single runs met within .15, reported", within.mean(), 0.75),
    ]


PART = Part(
    measure,
    "half rows more exponent recall recall_after foretold by_present width_after",
    full=[
        *grid(table=REPORTED + SHAPED, model=["logistic"], seed=range(20, 23)),
        *grid(table=REPORTED + SHAPED, model=["forest"], seed=[20]),
    ],
    quick=grid(table=("breast cancer",), model=("logistic",), seed=[0]),
    tables={"Width of the interval of recall, foretold and met": summary},
    targets=targets,
)
