"""Tables that really differ: what is said of them, and what the remedy is worth there.

Each row is one shift, once without labels of target rows and once with 200. "held out"
is the accuracy by cross-validation on training rows; "predicted" what the lens expects
on target rows, "there" what a model of all training rows scores on them, and "after"
the same after the first remedy that the lens recommends (empty: it recommends none),
"weighted" after a ShiftWeightedClassifier in any case. Large parts are drawn down.
"""

import warnings
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.base import clone
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from benchmarks._problem import Part, grid
from benchmarks._real_tables import REAL, folder
from skdataquality.compose import RemediedClassifier, apply_remedy
from skdataquality.exceptions import OverlapWarning
from skdataquality.shift import ShiftWeightedClassifier, TargetData, shift_lens

MOST_ROWS = 4000
N_LABELLED = 200
BOOSTING = RemediedClassifier()  # without a remedy: the model by default
LINEAR = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
WORDS = make_pipeline(TfidfVectorizer(min_df=2), LogisticRegression())


def heart(site):
    def read(name):
        path = folder() / f"heart_disease_4sites/processed.{name}.data"
        table = pd.read_csv(path, na_values=-9)
        return table.iloc[:, :-1], (table.iloc[:, -1] > 0).astype(int)

    return *read("cleveland"), *read(site)


def gas():
    X, y = REAL["gas"]()
    path = Path(folder()) / "gas_sensor_drift"
    sizes = [len((path / f"batch{b}.dat").read_text().splitlines()) for b in (1, 2, 3)]
    later = np.repeat([False, False, True], sizes)
    return X[~later], y[~later], X[later], y[later]


def elec():
    table = pd.read_csv(folder() / "streams/elec.csv")
    y, third = table.pop("class"), len(table) // 3
    return table[:third], y[:third], table[-third:], y[-third:]


def youtube(video):
    paths = sorted((folder() / "youtube_spam").glob("Youtube*.csv"))
    table = pd.concat(
        [pd.read_csv(path).assign(video=k) for k, path in enumerate(paths)],
        ignore_index=True,
    )
    text, y = table["CONTENT"].astype(str), table["CLASS"]
    there = (table["video"] == video).to_numpy()
    return text[~there], y[~there], text[there], y[there]


def drawn():
    """Rows that move with a column, for a run without data."""
    rng = np.random.default_rng(0)
    X = pd.DataFrame(rng.normal(size=(400, 3)), columns=list("abc"))
    X_target = X[200:] + [0.8, 0, 0]
    y, y_target = (
        (part["a"] + 0.5 * rng.normal(size=len(part)) > 0.3).astype(int)
        for part in (X[:200], X_target)
    )
    return X[:200], y, X_target, y_target


SHIFTS = {
    "drawn": (drawn, LINEAR),
    "heart cleveland -> switzerland": (partial(heart, "switzerland"), BOOSTING),
    "heart cleveland -> hungarian": (partial(heart, "hungarian"), BOOSTING),
    "heart cleveland -> va": (partial(heart, "va"), BOOSTING),
    "gas 1+2 -> 3": (gas, LINEAR),
    "elec third 1 -> 3": (elec, BOOSTING),
    "youtube -> video 5": (partial(youtube, 4), WORDS),
}


def load(name):
    """Return training rows and labels, target rows and labels; None without data."""
    read, _ = SHIFTS[name]
    if read is not drawn and not folder().is_dir():
        return None
    X, y, X_target, y_target = read()
    ours, theirs = some_of(len(y), 0), some_of(len(y_target), 1)
    return (
        X.iloc[ours].reset_index(drop=True),
        np.asarray(y)[ours],
        X_target.iloc[theirs].reset_index(drop=True),
        np.asarray(y_target)[theirs],
    )


def some_of(n_rows, seed):
    """Numbers of the rows that are used, in their order."""
    rows = np.random.default_rng(seed).permutation(n_rows)[:MOST_ROWS]
    return np.sort(rows, kind="stable")


def partly_labelled(y_target, n_labelled):
    """Labels of some rows drawn at random, None for all others."""
    if not n_labelled:
        return None
    known = np.full(len(y_target), None, dtype=object)
    rows = np.random.default_rng(2).permutation(len(y_target))[:n_labelled]
    known[rows] = y_target[rows]
    return known


def measure(shift, labelled):
    parts = load(shift)
    if parts is None:
        return []
    X, y, X_target, y_target = parts
    model = SHIFTS[shift][1]
    target = TargetData(X_target, partly_labelled(y_target, labelled))
    lens = shift_lens(X, y, X_target=target, estimator=model, random_state=0)
    fitted = clone(model).fit(X, y)
    remedy = lens.remedies[0] if lens.remedies else None
    after = np.nan
    if remedy is not None:
        after = accuracy(apply_remedy(model, remedy).fit(X, y), X_target, y_target)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", OverlapWarning)
        weighted = ShiftWeightedClassifier(model, X_target=target, random_state=0)
        weighted.fit(X, y)
    predicted = number(lens, "accuracy_expected")
    constant = constant_columns(X, X_target)
    return [
        {
            "rows": len(y),
            "target_rows": len(y_target),
            "verdict": lens.verdict,
            "kinds": " and ".join(lens.kinds),
            "reason": lens.reason_code,
            "domain_auc": lens.numbers["domain_auc"].estimate,
            "constant": len(constant),
            "constant_said": says(lens, constant) if constant else "",
            "held_out": number(lens, "accuracy_held_out").estimate,
            "predicted": predicted.estimate,
            "predicted_lower": predicted.lower,
            "predicted_upper": predicted.upper,
            "there": accuracy(fitted, X_target, y_target),
            "remedy": "" if remedy is None else type(remedy).__name__,
            "after": after,
            "weighted": accuracy(weighted, X_target, y_target),
        }
    ]


def accuracy(model, X, y):
    return float(np.mean(np.asarray(model.predict(X)) == y))


class NotSaid:
    """In place of a number that the lens does not have."""

    estimate = lower = upper = np.nan


def number(lens, start):
    """Return the first number whose name starts so."""
    return next(
        (value for name, value in lens.numbers.items() if name.startswith(start)),
        NotSaid,
    )


def constant_columns(X, X_target):
    """Names of the columns that vary on one side only."""
    if X.ndim == 1:
        return []
    return [c for c in X if X[c].nunique() <= 1 < X_target[c].nunique()]


def says(lens, columns):
    """Whether the lens says of each of these columns that it is constant."""
    said = str(lens.to_dict())
    return "constant" in said and all(str(column) in said for column in columns)


def table(rows):
    shown = rows.drop(columns=["rows", "target_rows", "reason"])
    return shown.round(3)


NAMES = tuple(SHIFTS)
PART = Part(
    measure,
    "rows target_rows verdict kinds reason domain_auc constant constant_said held_out "
    "predicted predicted_lower predicted_upper there remedy after weighted",
    full=grid(shift=NAMES[1:], labelled=[0, N_LABELLED]),
    quick=grid(shift=NAMES[:1], labelled=[0]),
    tables={"What is said of real shifts, and accuracy there": table},
)
