"""How often a gain is told from chance, by single rows and by the scores of folds.

Two models see one half each of eight columns that say equally much, so that neither is
better on average over training sets, and a gain that is found is a false one. Labels
are drawn from a logistic model; the settings change rows, labels, metric and model.
Where there is a gain, one model sees two columns more, and the true gain is the mean
over all data sets.

An interval claims to hold the gain of the models fitted on the splits, which is
measured on 5000 new rows ("fitted"). Beside it stands how often it holds the gain
averaged over training sets, which is what is 0 ("average"), and that of two models
fitted on the whole table ("whole"). A false gain is one that is reported though the
fitted models have none. ``compare_remedies`` runs 10 folds, once but for "3 times"; its
interval is compared with that of Nadeau and Bengio from the scores of ten folds. Rules
were chosen on the tuning half, other seeds, and are reported on the half held out.

The second part takes the processor time (one thread) of all that ``compare_remedies``
does against ``cross_validate`` of the same candidates on the same splits, the part of
it that pairing rows takes ("added by rows"), and counts the bytes of kept predictions.
"""

import time
from collections import Counter
from functools import partial

import numpy as np
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin, clone
from sklearn.datasets import make_classification
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import get_scorer
from sklearn.model_selection import RepeatedStratifiedKFold, cross_validate
from sklearn.neighbors import KNeighborsClassifier
from sklearn.tree import DecisionTreeClassifier

from benchmarks._problem import Part, Target, grid
from skdataquality.compose import RemediedClassifier, RemediedRegressor
from skdataquality.duplicates import Deduplicator
from skdataquality.imbalance import ClassBalanceWeighter
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
    "trees of depth 2, 3 times": (binary, {"rows": 150}, SHALLOW, "accuracy"),
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


NEW_ROWS = 5000
FIRST_SEED = {"tuning": 0, "held out": 10_000}


def measure(half, gain, setting, data_sets):
    seeds = FIRST_SEED[half] + np.arange(data_sets)
    found = [_compared(gain, setting, int(seed)) for seed in seeds]
    rows, folds, fitted, whole = zip(*found, strict=True)
    average = float(np.mean(fitted)) if gain else 0.0
    by_rows, by_folds = (_summary(of, average, fitted, whole) for of in (rows, folds))
    return [
        {
            "true_gain": average,
            "method": Counter(row["method"] for row in rows).most_common(1)[0][0],
            **by_rows,
            **{f"{name}_folds": value for name, value in by_folds.items()},
            "width_ratio": by_rows["width"] / by_folds["width"],
        }
    ]


def _compared(gain, setting, seed):
    """Return the tests by rows and by folds, and the true gains that they are about."""
    make, options, model, scoring = SETTINGS[setting]
    X, y, groups = make(np.random.default_rng(seed), **options)
    rng = np.random.default_rng([seed, 1])
    X_new, y_new, _ = make(rng, **(options | {"rows": NEW_ROWS}))
    scorer = get_scorer(scoring)

    def on_new_rows(estimator, X, y):
        return scorer(estimator, X_new, y_new)

    of_columns, bound = _ClassifierOnColumns, RemediedClassifier
    if make is numbers:
        of_columns, bound = _RegressorOnColumns, RemediedRegressor
    one = of_columns(model, 0, HALF)
    other = bound(of_columns(model, HALF - 2 * gain, N_COLUMNS))
    cv = RepeatedStratifiedKFold(n_splits=10, n_repeats=3, random_state=seed)
    comparison = compare_remedies(
        one,
        {"other": other},
        X,
        y,
        cv=cv if setting.endswith("3 times") else None,
        scoring={"asked": scorer, "new": on_new_rows},
        groups=groups,
        random_state=seed,
    )
    row = next(row for row in comparison.table_ if row["remedy"] == "other")
    d, new = (
        scores["other"] - scores["nothing"]
        for scores in (comparison.scores_["asked"], comparison.scores_["new"])
    )
    once = 10  # the folds of one run, as compare_remedies has by default
    test = nadeau_bengio(d[:once], test_train_ratio=1 / 9)
    old = {"gain": test.mean, "lower": test.lower, "upper": test.upper}
    whole = [scorer(clone(m).fit(X, y), X_new, y_new) for m in (one, other)]
    return row, old | {"p_value": test.p_value}, new.mean(), whole[1] - whole[0]


def _summary(tests, average, fitted, whole):
    lower, upper, p, gain = (
        np.array([test[name] for test in tests])
        for name in ("lower", "upper", "p_value", "gain")
    )
    beats = (p < 0.05) & (gain > 0)
    truths = {"average": average, "fitted": np.array(fitted), "whole": np.array(whole)}
    return {
        "rejected": float(np.mean(p < 0.05)),
        "beats": float(np.mean(beats)),
        "false_gain": float(np.mean(beats & (truths["fitted"] <= 0))),
        **{
            f"coverage_{of}": float(np.mean((lower <= truth) & (truth <= upper)))
            for of, truth in truths.items()
        },
        "width": float(np.mean(upper - lower)),
    }


def _held_out(rows):
    return rows[rows["half"] == "held out"]


def nulls(rows):
    """Show how often two equally good models are told apart."""
    table = _held_out(rows[~rows["gain"]])
    return table[
        [
            "setting",
            "coverage_fitted",
            "coverage_whole",
            "false_gain",
            "rejected",
            "beats",
            "rejected_folds",
            "width_ratio",
        ]
    ]


def power(rows):
    """Show how often a gain is found."""
    table = _held_out(rows[rows["gain"]])
    return table[
        [
            "setting",
            "true_gain",
            "beats",
            "beats_folds",
            "coverage_fitted",
            "coverage_average",
            "width_ratio",
        ]
    ]


def targets(rows, quick):
    if quick:
        return []
    rows = _held_out(rows)
    equal, better = rows[~rows["gain"]], rows[rows["gain"]]
    return [
        Target(
            "settings of 10 or more with 5 % told apart at most",
            int((equal["rejected"] <= 0.05).sum()),
            10,
        ),
        Target("width beside folds, median", equal["width_ratio"].median(), 0.7, True),
        *(
            Target(f"told apart, {row.setting}", row.rejected, 0.05, True)
            for row in equal.itertuples()
        ),
        *(
            Target(f"fitted gain covered, {row.setting}", row.coverage_fitted, 0.93)
            for row in rows.itertuples()
        ),
        Target(
            "gains found beyond folds",
            (better["beats"] - better["beats_folds"]).min(),
            0,
        ),
    ]


MODELS = {
    "logistic regression": LogisticRegression(),
    "boosting": HistGradientBoostingClassifier(max_iter=30, random_state=0),
    "forest": RandomForestClassifier(50, random_state=0),
    "neighbours": KNeighborsClassifier(),
}


REMEDIES = dict.fromkeys(MODELS, ClassBalanceWeighter())
REMEDIES["neighbours"] = Deduplicator()  # neighbours take no weights


def _score(scorer, estimator, X, y):
    """Score by what is any function to a comparison: there are no rows to pair."""
    return scorer(estimator, X, y)


def measure_cost(model, rows, repeats):
    X, y = make_classification(rows, 10, n_informative=5, flip_y=0.1, random_state=0)
    scoring = {name: get_scorer(name) for name in ("accuracy", "roc_auc")}
    hidden = {name: partial(_score, scorer) for name, scorer in scoring.items()}
    seconds, by_rows, by_folds = [], [], []
    for _ in range(repeats):
        for asked, taken in ((scoring, by_rows), (hidden, by_folds)):
            start = time.process_time()
            found = compare_remedies(
                MODELS[model],
                {"a": REMEDIES[model]},
                X,
                y,
                scoring=asked,
                random_state=0,
            )
            assert found.table_
            taken.append(time.process_time() - start)
            if asked is scoring:
                predictions = found.predictions_
        start = time.process_time()
        for candidate in found.candidates_.values():
            cross_validate(candidate, X, y, cv=found.splits_, scoring=scoring)
        seconds.append(time.process_time() - start)
    kept = {id(a): a.nbytes for of in predictions.values() for a in of.values()}
    return [
        {
            "seconds": min(seconds),
            "added": min(by_rows) / min(seconds) - 1,
            "added_by_rows": (min(by_rows) - min(by_folds)) / min(seconds),
            "bytes_per_row": sum(kept.values()) / rows / len(found.candidates_),
        }
    ]


_EQUAL, _BETTER = (
    grid(half=["held out"], gain=[gain], setting=settings, data_sets=[200])
    for gain, settings in ((False, SETTINGS), (True, WITH_GAIN))
)
PARTS = {
    "paired_rows": Part(
        measure,
        "true_gain method rejected beats false_gain coverage_average coverage_fitted "
        "coverage_whole width rejected_folds beats_folds false_gain_folds "
        "coverage_average_folds coverage_fitted_folds coverage_whole_folds width_folds "
        "width_ratio",
        full=[
            *_EQUAL,
            *_BETTER,
            *({**task, "half": "tuning", "data_sets": 100} for task in _EQUAL),
        ],
        quick=grid(
            half=["held out"],
            gain=[False, True],
            setting=["150 rows", "AUC"],
            data_sets=[5],
        ),
        tables={
            "Two equally good models: how often the interval holds the gain of the "
            "fitted models, and how often they are told apart, at nominal 5 %.": nulls,
            "One model better: share of data sets in which it beats the other.": power,
        },
        targets=targets,
    ),
    "cost": Part(
        measure_cost,
        "seconds added added_by_rows bytes_per_row",
        full=grid(model=MODELS, rows=[500, 5000], repeats=[3]),
        quick=grid(model=["logistic regression"], rows=[200], repeats=[1]),
        tables={
            "Seconds of fits and scores, what a comparison adds as shares of them, "
            "and bytes kept for a row and candidate.": lambda rows: rows[
                ["model", "rows", "seconds", "added", "added_by_rows", "bytes_per_row"]
            ]
        },
        targets=lambda rows, quick: (
            []
            if quick
            else [
                Target(
                    f"added to the fits of {row.model}", row.added_by_rows, 0.1, True
                )
                for row in rows.itertuples()
            ]
        ),
    ),
}
