"""Decisions tuned for macro-F1, of several classes, and of ten rows of a class."""

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import (
    accuracy_score,
    balanced_accuracy_score,
    f1_score,
    log_loss,
)
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from benchmarks._problem import Part, Target, grid
from benchmarks.imbalance._several_classes import REPORTED, SHAPED, half_of, load
from skdataquality.imbalance import TunedOffsetClassifierCV
from skdataquality.imbalance._adjusters._decision_scores import DecisionScore
from skdataquality.imbalance._adjusters._offset_search import search_offsets
from skdataquality.utils._folds import out_of_fold
from skdataquality.utils._stats import nadeau_bengio

N_FOLDS = 5
FEW = 10  # rows of the rarest class
MOST_LOST = 0.005  # macro-F1 where a class has few rows
RULES = ["plain", "tuned", "shares"]


def macro_f1(y, said):
    return f1_score(y, said, average="macro", zero_division=0)


METRICS = {
    "f1": macro_f1,
    "balanced": balanced_accuracy_score,
    "accuracy": accuracy_score,
}


def measure(data, model, seed):
    found = load(data)
    if found is None:
        return []
    X, y = found
    folds = StratifiedKFold(N_FOLDS, shuffle=True, random_state=seed).split(y, y)
    return [
        _fold(_model(model, is_text=data == "trec"), X, y, train, test)
        | {"half": half_of(data), "fold": fold}
        for fold, (train, test) in enumerate(folds)
    ]


def _model(name, *, is_text):
    if name == "boosting":
        return HistGradientBoostingClassifier(
            max_iter=60, max_leaf_nodes=15, early_stopping=False, random_state=0
        )
    linear = LogisticRegression(C=10 if is_text else 1, max_iter=1000)
    last = linear if name == "logistic" else RandomForestClassifier(random_state=0)
    if is_text:
        return make_pipeline(TfidfVectorizer(sublinear_tf=True), last)
    scaled = [StandardScaler()] if name == "logistic" else []
    return make_pipeline(SimpleImputer(), *scaled, last)


def _fold(model, X, y, train, test):
    clf = TunedOffsetClassifierCV(model, scoring="f1_macro", random_state=0)
    clf.fit(X[train], y[train])
    plain = clf.estimator_.predict_proba(X[test])
    proba = clf.predict_proba(X[test])
    said = {
        "plain": clf.classes_[plain.argmax(axis=1)],
        "tuned": clf.predict(X[test]),
        "shares": clf.classes_[(proba / clf.class_prior_).argmax(axis=1)],
    }
    return {
        **{
            f"{metric}_{rule}": f"{METRICS[metric](y[test], said[rule]):.4f}"
            for metric in METRICS
            for rule in RULES
        },
        "promised": f"{clf.best_score_:.4f}",
        "kind": clf.offset_kind_,
        "loss_plain": f"{log_loss(y[test], np.clip(plain, 1e-4, 1)):.4f}",
        "loss_calibrated": f"{log_loss(y[test], np.clip(proba, 1e-4, 1)):.4f}",
        "rarest": int(np.bincount(y[train]).min()),
    }


def gains(rows):
    """Return gains by data set and model, paired by fold."""
    lines = []
    for (half, data, model), part in rows.groupby(["half", "data", "model"]):
        lines.append(
            {
                "half": half,
                "data": data,
                "model": model,
                "rarest": part["rarest"].min(),
                "macro-F1": part["f1_plain"].mean(),
                **_gain(part, "f1"),
                "accuracy": part["accuracy_plain"].mean(),
                **_gain(part, "accuracy"),
            }
        )
    return pd.DataFrame(lines).round(3)


def by_set(rows):
    """Return gains by data set, the mean over models in each fold."""
    numbers = [f"{m}_{rule}" for m in METRICS for rule in RULES]
    numbers += ["loss_plain", "loss_calibrated", "promised"]
    means = rows.groupby(["half", "data", "seed", "fold"])[numbers].mean()
    lines = [
        {
            "half": half,
            "data": data,
            **_gain(part, "f1"),
            **_gain(part, "accuracy"),
            "shares: f1": (part["f1_shares"] - part["f1_plain"]).mean(),
            "shares: accuracy": (
                part["accuracy_shares"] - part["accuracy_plain"]
            ).mean(),
            "promised - reached": (part["promised"] - part["f1_tuned"]).mean(),
            "loss": (part["loss_calibrated"] - part["loss_plain"]).mean(),
        }
        for (half, data), part in means.groupby(["half", "data"])
    ]
    return pd.DataFrame(lines).round(3)


def _gain(part, metric):
    test = nadeau_bengio(
        part[f"{metric}_tuned"] - part[f"{metric}_plain"],
        test_train_ratio=1 / (N_FOLDS - 1),
    )
    return {
        f"{metric} gain": test.mean,
        f"{metric} lower": test.lower,
        f"{metric} upper": test.upper,
    }


def targets(rows, quick):
    if quick:
        return []
    found = by_set(rows[rows["half"] == "reported"])
    return [
        Target("sets of four where macro-F1 rises", (found["f1 gain"] > 0).sum(), 3),
        Target(
            "sets of four whose interval of accuracy holds no loss only",
            (found["accuracy upper"] >= 0).sum(),
            len(found),
        ),
    ]


PART = Part(
    measure,
    "half fold "
    + " ".join(f"{metric}_{rule}" for metric in METRICS for rule in RULES)
    + " promised kind loss_plain loss_calibrated rarest",
    full=grid(data=SHAPED + REPORTED, model=["logistic", "forest"], seed=[0, 1])
    + grid(data=["glass", "heart", "yeast"], model=["boosting"], seed=[0]),
    quick=grid(data=["digits"], model=["logistic"], seed=[0]),
    tables={
        "Tuned for macro-F1 beside the plain decision, mean over models.": by_set,
        "The same for each model.": gains,
    },
    targets=targets,
)


# -- ten rows of a class -----------------------------------------------------------


def measure_few(shares, n_rows, apart, half, seed):
    rng = np.random.default_rng([seed, n_rows])
    n_classes = int(shares[0])
    weights = {"steep": 0.25, "flat": 0.6}[shares[2:]] ** np.arange(n_classes - 1)

    def draw(sizes):
        y = np.repeat(np.arange(n_classes), sizes)
        return rng.normal(size=(y.size, n_classes)) + apart * np.eye(n_classes)[y], y

    sizes = np.r_[np.round((n_rows - FEW) * weights / weights.sum()), FEW].astype(int)
    X, y = draw(np.maximum(sizes, FEW))
    X_new, y_new = draw(np.maximum(20 * sizes, FEW))
    clf = TunedOffsetClassifierCV(
        LogisticRegression(), scoring="f1_macro", random_state=0
    ).fit(X, y)
    oof = out_of_fold(LogisticRegression(), X, y, random_state=0)
    counted = search_offsets(
        np.log(oof.proba),
        np.eye(n_classes)[y],
        DecisionScore("f1_macro", np.arange(n_classes)),
        np.zeros(n_classes),
    )
    freely = clf.estimator_.predict_log_proba(X_new) + counted
    said = {
        "plain": clf.estimator_.predict(X_new),
        "tuned": clf.predict(X_new),
        "unguarded": freely.argmax(axis=1),
    }
    return [
        {
            **{f"f1_{rule}": f"{macro_f1(y_new, s):.4f}" for rule, s in said.items()},
            "promised": f"{clf.best_score_:.4f}",
            "kind": clf.offset_kind_,
        }
    ]


def few(rows):
    """Return gains where one class has ten rows."""
    rows = rows.assign(
        gain=rows["f1_tuned"] - rows["f1_plain"],
        unguarded=rows["f1_unguarded"] - rows["f1_plain"],
        optimism=rows["promised"] - rows["f1_tuned"],
    )
    parts = rows.groupby(["half", "shares", "n_rows", "apart"])
    found = parts[["f1_plain", "gain", "unguarded", "optimism"]].mean()
    found["worst gain of ten"] = parts["gain"].quantile(0.1)
    found["worst unguarded of ten"] = parts["unguarded"].quantile(0.1)
    return found.round(3).reset_index()


def targets_few(rows, quick):
    if quick:
        return []
    found = few(rows[rows["half"] == "report"])
    return [
        Target("mean gain, worst design", found["gain"].min(), -MOST_LOST),
        Target(
            "worst gain of ten beside that without a guard, mean",
            (found["worst gain of ten"] - found["worst unguarded of ten"]).mean(),
            0,
        ),
    ]


def _few(half, seeds):
    return grid(
        shares=["3 steep", "3 flat", "5 flat"],
        n_rows=[200, 1000],
        apart=[0.7, 1.5],
        half=[half],
        seed=seeds,
    )


FEW_ROWS = Part(
    measure_few,
    "f1_plain f1_tuned f1_unguarded promised kind",
    full=_few("tuning", range(100, 103)) + _few("report", range(12)),
    quick=_few("report", [0])[:2],
    tables={"Macro-F1 where the rarest class has ten rows.": few},
    targets=targets_few,
)
