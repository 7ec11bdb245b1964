"""How often a gain is told from chance, by single rows and by the scores of folds.

Two models see one half each of eight columns that say equally much, so that neither is
better on average over training sets, and a gain that is found is a false one. Labels
are drawn from a logistic model; the settings change rows, labels, metric and model.
Where there is a gain, one model sees two columns more, and the true gain is the mean
over all data sets. Intervals are for the gain averaged over training sets.
``compare_remedies`` runs 10 folds, once but for "10 folds, 3 times"; beside its
interval stands that of Nadeau and Bengio from the same scores of the same folds.
"""

from collections import Counter

import numpy as np
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin, clone
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.model_selection import RepeatedStratifiedKFold
from sklearn.tree import DecisionTreeClassifier

from benchmarks._problem import Part, Target, grid
from skdataquality.compose import RemediedClassifier, RemediedRegressor
from skdataquality.model_selection import compare_remedies
from skdataquality.utils._stats import nadeau_bengio

N_COLUMNS, HALF = 8, 4


class _OnColumns(BaseEstimator):
    """A model that sees some of the columns."""

    def __init__(self, model, start, stop):
        self.model, self.start, self.stop = model, start, stop

    def fit(self, X, y):
        self.model_ = clone(self.model).fit(X[:, self.start : self.stop], y)
        return self

    def predict(self, X):
        return self.model_.predict(X[:, self.start : self.stop])


class _ClassifierOnColumns(ClassifierMixin, _OnColumns):
    @property
    def classes_(self):
        return self.model_.classes_

    def predict_proba(self, X):
        return self.model_.predict_proba(X[:, self.start : self.stop])


class _RegressorOnColumns(RegressorMixin, _OnColumns):
    pass


def binary(rng, rows, *, shift=0.0, noise=0.0):
    X = rng.normal(size=(rows, N_COLUMNS))
    y = rng.random(rows) < expit(0.6 * X.sum(axis=1) - shift)
    return X, (y ^ (rng.random(rows) < noise)).astype(int), None


def repeated(rng, rows):
    """Draw a table in which a third of the rows are copies of others."""
    X, y, _ = binary(rng, rows)
    copied = rng.integers(0, rows - rows // 3, rows // 3)
    X[-copied.size :], y[-copied.size :] = X[copied], y[copied]
    return X, y, None


def grouped(rng, rows):
    """Draw groups of five rows, alike in all columns and in the luck of labels."""
    of = np.arange(rows) // 5
    shared = rng.normal(size=(of[-1] + 1, N_COLUMNS + 1))[of]
    X = shared[:, :N_COLUMNS] + 0.5 * rng.normal(size=(rows, N_COLUMNS))
    z = 0.6 * X.sum(axis=1) + shared[:, -1]
    return X, (rng.random(rows) < expit(z)).astype(int), of


def three_classes(rng, rows):
    X = rng.normal(size=(rows, N_COLUMNS))
    noisy = X.sum(axis=1) + 2 * rng.normal(size=rows)
    return X, np.digitize(noisy, [-1.5, 1.5]), None


def numbers(rng, rows, *, tails=np.inf):
    X = rng.normal(size=(rows, N_COLUMNS))
    noise = rng.normal(size=rows) if np.isinf(tails) else rng.standard_t(tails, rows)
    return X, X.sum(axis=1) + 2 * noise, None


LINEAR = LogisticRegression()
FULL, SHALLOW = (DecisionTreeClassifier(max_depth=d, random_state=0) for d in (None, 2))
BALANCED = "balanced_accuracy"
# data, its options, model, metric
SETTINGS = {
    "150 rows": (binary, {"rows": 150}, LINEAR, "accuracy"),
    "500 rows": (binary, {"rows": 500}, LINEAR, "accuracy"),
    "10 folds, 3 times": (binary, {"rows": 150}, LINEAR, "accuracy"),
    "duplicates": (repeated, {"rows": 240}, LINEAR, "accuracy"),
    "groups": (grouped, {"rows": 250}, LINEAR, "accuracy"),
    "noisy labels": (binary, {"rows": 200, "noise": 0.2}, LINEAR, "accuracy"),
    "full trees": (binary, {"rows": 150}, FULL, "accuracy"),
    "trees of depth 2": (binary, {"rows": 150}, SHALLOW, "accuracy"),
    "three classes": (three_classes, {"rows": 300}, LINEAR, BALANCED),
    "rare class": (binary, {"rows": 400, "shift": 1.5}, LINEAR, BALANCED),
    "rare class, F1": (binary, {"rows": 400, "shift": 1.5}, LINEAR, "f1"),
    "log loss": (binary, {"rows": 150}, LINEAR, "neg_log_loss"),
    "AUC": (binary, {"rows": 150}, LINEAR, "roc_auc"),
    "rare class, average precision": (
        binary,
        {"rows": 400, "shift": 1.5},
        LINEAR,
        "average_precision",
    ),
    "regression": (
        numbers,
        {"rows": 150},
        LinearRegression(),
        "neg_mean_squared_error",
    ),
    "regression, heavy tails": (
        numbers,
        {"rows": 150, "tails": 3},
        LinearRegression(),
        "r2",
    ),
}
WITH_GAIN = (
    "150 rows",
    "500 rows",
    "10 folds, 3 times",
    "noisy labels",
    "rare class",
    "log loss",
    "AUC",
    "regression",
)


def measure(gain, setting, data_sets):
    found = [_compared(gain, setting, seed) for seed in range(data_sets)]
    rows, folds, methods = zip(*found, strict=True)
    truth = float(np.mean([test["gain"] for test in rows])) if gain else 0.0
    by_rows, by_folds = _summary(rows, truth), _summary(folds, truth)
    return [
        {
            "true_gain": truth,
            "method": Counter(methods).most_common(1)[0][0],
            **by_rows,
            **{f"{name}_folds": value for name, value in by_folds.items()},
            "width_ratio": by_rows["width"] / by_folds["width"],
        }
    ]


def _compared(gain, setting, seed):
    make, options, model, scoring = SETTINGS[setting]
    X, y, groups = make(np.random.default_rng(seed), **options)
    of_columns, bound = _ClassifierOnColumns, RemediedClassifier
    if make is numbers:
        of_columns, bound = _RegressorOnColumns, RemediedRegressor
    other = bound(of_columns(model, HALF - 2 * gain, N_COLUMNS))
    cv = RepeatedStratifiedKFold(n_splits=10, n_repeats=3, random_state=seed)
    comparison = compare_remedies(
        of_columns(model, 0, HALF),
        {"other": other},
        X,
        y,
        cv=cv if setting == "10 folds, 3 times" else None,
        scoring=scoring,
        groups=groups,
        random_state=seed,
    )
    row = next(row for row in comparison.table_ if row["remedy"] == "other")
    scores = comparison.scores_[scoring]
    once = 10  # the folds of one run, as compare_remedies has by default
    test = nadeau_bengio(
        (scores["other"] - scores["nothing"])[:once], test_train_ratio=1 / 9
    )
    old = {"gain": test.mean, "lower": test.lower, "upper": test.upper}
    return row, old | {"p_value": test.p_value}, row["method"]


def _summary(tests, truth):
    lower, upper, p, gain = (
        np.array([test[name] for test in tests])
        for name in ("lower", "upper", "p_value", "gain")
    )
    return {
        "rejected": float(np.mean(p < 0.05)),
        "beats": float(np.mean((p < 0.05) & (gain > 0))),
        "coverage": float(np.mean((lower <= truth) & (truth <= upper))),
        "width": float(np.mean(upper - lower)),
    }


def nulls(rows):
    """Show how often two equally good models are told apart."""
    table = rows[~rows["gain"]]
    return table[
        [
            "setting",
            "rejected",
            "beats",
            "coverage",
            "width_ratio",
            "rejected_folds",
            "method",
        ]
    ]


def power(rows):
    """Show how often a gain is found."""
    table = rows[rows["gain"]]
    return table[
        ["setting", "true_gain", "beats", "beats_folds", "coverage", "width_ratio"]
    ]


def targets(rows, quick):
    if quick:
        return []
    equal, better = rows[~rows["gain"]], rows[rows["gain"]]
    return [
        Target(
            "settings of 10 or more with 5 % false gains at most",
            int((equal["rejected"] <= 0.05).sum()),
            10,
        ),
        Target(
            "width beside folds where rows are paired, mean",
            rows["width_ratio"][rows["method"] == "row-wise"].mean(),
            0.7,
            True,
        ),
        *(
            Target(f"told apart, {row.setting}", row.rejected, 0.05, True)
            for row in equal.itertuples()
        ),
        *(
            Target(f"coverage, {row.setting}", row.coverage, 0.93)
            for row in rows.itertuples()
        ),
        Target(
            "gains found beyond folds",
            (better["beats"] - better["beats_folds"]).min(),
            0,
        ),
    ]


_TASKS = [
    *grid(gain=[False], setting=SETTINGS, data_sets=[150]),
    *grid(gain=[True], setting=WITH_GAIN, data_sets=[75]),
]
PARTS = {
    "paired_rows": Part(
        measure,
        "true_gain method rejected beats coverage width rejected_folds beats_folds "
        "coverage_folds width_folds width_ratio",
        full=_TASKS,
        quick=grid(gain=[False, True], setting=["150 rows", "AUC"], data_sets=[5]),
        tables={
            "Two equally good models: share of data sets in which they are told apart, "
            "at nominal 5 %.": nulls,
            "One model better: share of data sets in which it beats the other.": power,
        },
        targets=targets,
    )
}
