"""What restoring the prior is worth after a remedy that moved it, and what it costs.

Held-out predictions over four folds of each set, of the fit on edited rows as they are
("raw"), moved to the prior by arithmetic, calibrated on held-out rows, and as
``calibration="auto"`` chooses between the two ("restored"). Log-losses are of
probabilities cut at 1e-4, since forests say 0. Means are the mean predicted probability
over the prevalence: 1 is right. "share_calibrated" is that of the four fits of "auto",
"cost" their seconds over those of one fit with arithmetic alone, as many times. How
votes are kept from 0, and the rule by which "auto" chooses, were decided on the sets
marked "shaped"; the targets are of the others.
"""

import time
from functools import cache

import numpy as np
from imblearn.over_sampling import SMOTE, RandomOverSampler
from imblearn.under_sampling import RandomUnderSampler
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from benchmarks._problem import Part, Target, grid
from benchmarks.imbalance._keel import REPORTED, SHAPED, half_of, keel
from skdataquality.compose import RemediedClassifier
from skdataquality.compose._priors import correct_prior
from skdataquality.imbalance import ClassBalanceWeighter

OUTER, INNER, CUT = 4, 3, 1e-4
MODELS = {
    "logistic": make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000)),
    "boosting": HistGradientBoostingClassifier(
        max_iter=60, max_leaf_nodes=15, random_state=0
    ),
    "forest": RandomForestClassifier(100, random_state=0),
}
REMEDIES = {
    "nothing": None,
    "weights": ClassBalanceWeighter(),
    "under-sampling": RandomUnderSampler(random_state=0),
    "over-sampling": RandomOverSampler(random_state=0),
    "SMOTE": SMOTE(random_state=0),
}
WAYS = ("raw", "arithmetic", "calibrated", "restored")
NEAR, SHARE_LEFT = 0.15, 0.6  # of the prevalence; of the log-loss as it was
load = cache(keel)


def fitted(model, remedy, calibration, X, y):
    """Return a fitted classifier and the seconds that its fit took."""
    clf = RemediedClassifier(MODELS[model], REMEDIES[remedy], calibration=calibration)
    start = time.process_time()
    return clf.fit(X, y), time.process_time() - start


def predict(model, remedy, X, y, X_new):
    """Return what each way predicts, whether "auto" calibrates, and seconds of fits."""
    (auto, took) = (always, longer) = fitted(model, remedy, "auto", X, y)
    if auto.prior_correction_ == "analytic":
        always, longer = fitted(model, remedy, INNER, X, y)
    raw = auto.estimator_.predict_proba(X_new)
    proba = {
        "raw": raw,
        "arithmetic": correct_prior(raw, auto.train_prior_, auto.class_prior_),
        "calibrated": always.predict_proba(X_new),
        "restored": auto.predict_proba(X_new),
    }
    proba = {way: each[:, 1] for way, each in proba.items()}
    return proba, auto.calibration_ is not None, (took, longer)


def measure(data, model):
    table = load(data)
    if table is None:
        return []
    X, y = table
    rows = []
    for remedy in REMEDIES:
        proba, n_calibrated = {way: np.zeros(len(y)) for way in WAYS}, 0
        seconds = np.zeros(2)
        for train, test in StratifiedKFold(OUTER, shuffle=True, random_state=0).split(
            X, y
        ):
            found, is_calibrated, took = predict(
                model, remedy, X[train], y[train], X[test]
            )
            for way in WAYS:
                proba[way][test] = found[way]
            n_calibrated += is_calibrated
            seconds += took
        row = {"remedy": remedy, "half": half_of(data), "n_rows": len(y)}
        row |= {"n_rare": int(y.sum()), "share_calibrated": n_calibrated / OUTER}
        for way in WAYS:
            cut = np.clip(proba[way], CUT, 1 - CUT)
            row[f"log_loss_{way}"] = round(log_loss(y, cut), 5)
            row[f"mean_{way}"] = round(proba[way].mean() / y.mean(), 4)
        plain = fitted(model, remedy, None, X[train], y[train])[1]
        row["cost"], row["cost_calibrated"] = (seconds / OUTER / plain).round(2)
        rows.append(row)
    return rows


def by_remedy(rows):
    """Return means over the sets, by what was shaped and what is reported."""
    rows = rows.assign(misses=(rows["mean_restored"] - 1).abs() > NEAR)
    columns = [f"{what}_{way}" for what in ("log_loss", "mean") for way in WAYS]
    table = rows.groupby(["half", "model", "remedy"], sort=False).agg(
        sets=("misses", "size"),
        share_calibrated=("share_calibrated", "mean"),
        sets_that_miss=("misses", "sum"),
        cost=("cost", "median"),
        cost_calibrated=("cost_calibrated", "median"),
        **{column: (column, "mean") for column in columns},
    )
    return table.reset_index().round(3)


def misses(rows):
    """Return the sets whose mean probability is far from the prevalence."""
    far = (rows["mean_restored"] - 1).abs() > NEAR
    columns = ["data", "model", "remedy", "half", "n_rows", "n_rare"]
    return rows.loc[far, [*columns, "share_calibrated", "mean_restored"]]


def targets(rows, quick):
    if quick:
        return []
    reported = rows[(rows["half"] == "reported") & (rows["remedy"] != "nothing")]
    means = reported.groupby(["model", "remedy"], sort=False).mean(numeric_only=True)
    found = [
        Target(
            f"log-loss left, {model}, under-sampling",
            means.loc[(model, "under-sampling"), "log_loss_restored"]
            / means.loc[(model, "under-sampling"), "log_loss_raw"],
            SHARE_LEFT,
            True,
        )
        for model in ("logistic", "boosting")
    ]
    found += [
        Target(
            f"mean probability off the prevalence, {model}, {remedy}",
            abs(row["mean_restored"] - 1),
            NEAR,
            True,
        )
        for (model, remedy), row in means.iterrows()
    ]
    n_sets = Target("sets reported", reported["data"].nunique(), 20)
    return [n_sets, *found]


PART = Part(
    measure,
    "remedy half n_rows n_rare share_calibrated "
    + " ".join(f"{what}_{way}" for what in ("log_loss", "mean") for way in WAYS)
    + " cost cost_calibrated",
    full=grid(data=(*REPORTED, *SHAPED), model=tuple(MODELS)),
    quick=grid(data=("glass1",), model=("logistic", "boosting")),
    tables={
        "Mean over the sets": by_remedy,
        "Sets whose mean probability is off by more than 15 %": misses,
    },
    targets=targets,
)
