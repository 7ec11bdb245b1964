"""Which candidate a search chooses under covariate shift, and what it costs there.

A grid of how far the fit is weighted towards the target rows, and of the penalty. The
score of a candidate there is that on 20,000 labelled target rows. "weighted" has ratios
of all rows, cross-fitted once; "weighted by fold" fits them anew on the rows held out,
alone. That the first is the scorer was decided on "interaction", where both choose
alike, for what it spares; the other designs were held out. On "straight" the model is
right on both sides, and nothing can be lost.
"""

import numpy as np
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import get_scorer
from sklearn.model_selection import GridSearchCV, KFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures, StandardScaler

from benchmarks._problem import Part, Target, grid
from skdataquality.model_selection import ImportanceWeightedScorer, compare_remedies
from skdataquality.shift import (
    DiscriminatorWeighter,
    ShiftWeightedClassifier,
    ShiftWeightedRegressor,
    TargetData,
)

N_ROWS, N_TEST, N_COLUMNS, N_FOLDS = 3000, 20_000, 5, 3
FLATTEN = (0.0, 0.5, 1.0)
PENALTIES = {"C": (0.01, 1.0), "alpha": (1.0, 100.0)}
TOLERANCE = 0.01  # of a score: what 3000 held-out rows cannot tell apart


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def interaction(X, rng):
    p = sigmoid(2 * (X[:, 1] * (1 - 2 * X[:, 0]) + 0.3))
    return (rng.random(len(X)) < p).astype(int)


def valley(X, rng):
    x = X[:, 0] + 0.2 * rng.normal(size=len(X))
    return ((x < 0) | (x > 1.2)).astype(int)


def straight(X, rng):
    p = sigmoid(1.5 * X[:, 0] - X[:, 1] + 0.5 * X[:, 2])
    return (rng.random(len(X)) < p).astype(int)


def numbers(X, rng):
    return np.sin(1.5 * X[:, 0]) + 0.5 * X[:, 1] + 0.5 * rng.normal(size=len(X))


# label, target centre and spread of the first two columns, metric
DESIGNS = {
    "interaction": (interaction, (0.8, -0.6), 0.7, "accuracy"),
    "valley": (valley, (1.0, 0.0), 0.7, "accuracy"),
    "straight": (straight, (0.8, -0.6), 0.7, "accuracy"),
    "numbers": (numbers, (1.2, 0.0), 0.6, "r2"),
}


def draw(design, seed, n_rows=N_ROWS):
    """Return training rows and labels, target rows, and labelled rows for the truth."""
    label, centre, spread, metric = DESIGNS[design]
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n_rows, N_COLUMNS))
    there = rng.normal(size=(n_rows + N_TEST, N_COLUMNS))
    there[:, :2] = there[:, :2] * spread + centre
    y, y_test = label(X, rng), label(there[n_rows:], rng)
    return X, y, TargetData(there[:n_rows]), there[n_rows:], y_test, metric


class OfFold:
    """The other way: ratios of the rows held out alone, fitted once a fold."""

    def __init__(self, metric, target):
        self.metric, self.target, self.known = metric, target, {}

    def __call__(self, estimator, X, y):
        """Score rows held out."""
        key = X.tobytes()
        if key not in self.known:
            scorer = ImportanceWeightedScorer(self.metric, X_target=self.target)
            self.known[key] = scorer.fit(X)
        return self.known[key](estimator, X, y)


def candidate(metric, target):
    """Return the model that is searched, and its grid."""
    # the quadratic model is quick, and right on these designs
    ratio = make_pipeline(
        StandardScaler(), PolynomialFeatures(2), LogisticRegression(C=0.1)
    )
    weighter = DiscriminatorWeighter(ratio, random_state=0)
    wrapper, inner, penalty = ShiftWeightedClassifier, LogisticRegression(), "C"
    if metric == "r2":
        wrapper, inner, penalty = ShiftWeightedRegressor, Ridge(), "alpha"
    model = wrapper(inner, weighter=weighter, X_target=target)
    return model, {
        "weighter__flatten": FLATTEN,
        f"estimator__{penalty}": PENALTIES[penalty],
    }


def measure(design, seed, n_rows):
    X, y, target, X_test, y_test, metric = draw(design, seed, n_rows)
    model, values = candidate(metric, target)
    scorers = {
        "plain": metric,
        "weighted": ImportanceWeightedScorer(metric, X_target=target).fit(X),
        "weighted by fold": OfFold(metric, target),
    }
    cv = KFold(N_FOLDS, shuffle=True, random_state=seed)
    search = GridSearchCV(model, values, scoring=scorers, refit=False, cv=cv).fit(X, y)
    params = search.cv_results_["params"]
    there = np.array(
        [
            get_scorer(metric)(model.set_params(**each).fit(X, y), X_test, y_test)
            for each in params
        ]
    )
    chosen = {
        name: int(np.argmax(search.cv_results_[f"mean_test_{name}"]))
        for name in scorers
    }
    chosen["compare_remedies"] = by_comparison(
        model, params, X, y, target, metric, list(cv.split(X))
    )
    best = int(np.argmax(there))
    return [
        {
            "by": name,
            "flatten": params[k]["weighter__flatten"],
            "score_there": there[k],
            "best_flatten": params[best]["weighter__flatten"],
            "best_there": there[best],
            "unweighted_there": max(
                s
                for s, p in zip(there, params, strict=True)
                if p["weighter__flatten"] == 0
            ),
            "loss": there[best] - there[k],
        }
        for name, k in chosen.items()
    ]


def by_comparison(model, params, X, y, target, metric, splits):
    """Return the candidate of the greatest mean score in a comparison."""
    remedies = {str(k): clone(model).set_params(**p) for k, p in enumerate(params)}
    found = compare_remedies(
        model.estimator, remedies, X, y, X_target=target, scoring=metric, cv=splits
    )
    return int(next(name for name in found.ranking_ if name != "nothing"))


def summary(rows):
    """Return what each way loses, over the seeds of a design."""
    table = rows.groupby(["design", "by"], sort=False).agg(
        runs=("loss", "size"),
        score_there=("score_there", "mean"),
        best_there=("best_there", "mean"),
        loss=("loss", "mean"),
        largest_loss=("loss", "max"),
        within_tolerance=("loss", lambda loss: (loss <= TOLERANCE).mean()),
    )
    return table.reset_index().round(4)


def targets(rows, quick):
    if quick:
        return []
    loss = rows.groupby(["by", "design"])["loss"].mean()
    return [
        *(
            Target(f"mean loss by {by!r}, {design}", loss[by, design], TOLERANCE, True)
            for by in ("weighted", "compare_remedies")
            for design in DESIGNS
        ),
        *(
            Target(f"what plain scores lose, {design}", loss["plain", design], 0.05)
            for design in DESIGNS
            if design != "straight"
        ),
    ]


PART = Part(
    measure,
    "by flatten score_there best_flatten best_there unweighted_there loss",
    full=grid(design=tuple(DESIGNS), seed=range(10), n_rows=[N_ROWS]),
    quick=grid(design=["interaction"], seed=[0], n_rows=[300]),
    tables={"Score there of what each way chooses": summary},
    targets=targets,
)
