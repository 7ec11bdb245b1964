"""Whether a few verified labels judge a comparison as all true labels would.

``verdicts``: one comparison per setting, of pruning, balancing and both with doing
nothing; the rows to verify are drawn again and again from it. What is tuned is tuned on
even seeds, the half to choose. ``nulls``: two candidates that are equally good on the
true labels, a new table each time. ``designs``: clean test
accuracy of the choice between two pruners and nothing, with the same class-conditional
noise in training and validation labels. Pruners here are a logistic regression that
drops rows by its own out-of-fold probabilities: cheap, so that there can be many fits.
"""

import time
from dataclasses import replace

import numpy as np
from imblearn import FunctionSampler
from sklearn.compose import make_column_transformer
from sklearn.datasets import (
    load_breast_cancer,
    load_digits,
    load_wine,
    make_classification,
)
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

from benchmarks._problem import Part, Target, grid
from benchmarks._tables import columns
from skdataquality.compose import RemediedClassifier, RemedyChain
from skdataquality.imbalance import ClassBalanceWeighter
from skdataquality.model_selection import compare_remedies
from skdataquality.verified import VerifiedLabels

METRICS = ["accuracy", "balanced_accuracy", "f1_macro"]
LINEAR = make_pipeline(StandardScaler(), LogisticRegression(max_iter=300))
MODELS = {
    "logistic": LINEAR,
    "boosting": HistGradientBoostingClassifier(
        max_iter=20, max_leaf_nodes=8, early_stopping=False, random_state=0
    ),
    "tree": DecisionTreeClassifier(random_state=0),
    "forest": RandomForestClassifier(50, random_state=0),
}
STABLE, UNSTABLE = ["logistic", "boosting"], ["tree", "forest"]
DATA = ["breast cancer", "wine", "digits", "own"]
NOISE = ["symmetric 0", "symmetric .1", "symmetric .2", "symmetric .35"]
NOISE += ["class .35", "feature .2"]


def load(name, seed=0):
    if name == "own":
        return make_classification(
            1000, 12, n_informative=5, weights=[0.7], class_sep=0.8, random_state=seed
        )
    loaders = {
        "breast cancer": load_breast_cancer,
        "wine": load_wine,
        "digits": load_digits,
    }
    X, y = loaders[name](return_X_y=True)
    return X[:600], y[:600]


def mislabel(X, truth, noise, seed=0):
    """Symmetric, from class 1 to class 0, or where another class is near."""
    kind, rate = noise.split()
    rate, rng = float(rate), np.random.default_rng(seed)
    n_classes = truth.max() + 1
    if kind == "symmetric":
        other = (truth + rng.integers(1, n_classes, truth.size)) % n_classes
        return np.where(rng.random(truth.size) < rate, other, truth)
    if kind == "class":
        return np.where((truth == 1) & (rng.random(truth.size) < rate), 0, truth)
    proba = cross_val_predict(LINEAR, X, truth, cv=5, method="predict_proba")
    proba[np.arange(truth.size), truth] = -1
    odds = np.exp(4 * proba.max(axis=1))
    rows = rng.choice(
        truth.size, round(rate * truth.size), replace=False, p=odds / odds.sum()
    )
    given = truth.copy()
    given[rows] = proba.argmax(axis=1)[rows]
    return given


def drop_doubted(X, y, at_least=None):
    """Drop rows whose label is improbable: below a number, or below its usual self."""
    n_folds = min(3, np.unique(y, return_counts=True)[1].min())
    cv = StratifiedKFold(max(2, n_folds), shuffle=True, random_state=0)
    proba = cross_val_predict(LINEAR, X, y, cv=cv, method="predict_proba")
    classes, codes = np.unique(y, return_inverse=True)
    usual = np.array([proba[codes == k, k].mean() for k in range(classes.size)])
    if at_least is not None:
        keep = proba[np.arange(y.size), codes] >= at_least
    else:  # the rule of confident learning
        above = np.where(proba >= usual, proba, 0)
        keep = (above.max(axis=1) == 0) | (above.argmax(axis=1) == codes)
    return X[keep], y[keep]


def pruner(at_least=None):
    return FunctionSampler(
        func=drop_doubted, kw_args={"at_least": at_least}, validate=False
    )


def candidates():
    both = RemedyChain([("prune", pruner()), ("balance", ClassBalanceWeighter())])
    return {"prune": pruner(), "balance": ClassBalanceWeighter(), "both": both}


def one_metric(comparison, metric):
    """Return the comparison as if this metric alone had been asked for."""
    question = comparison.question_
    alone = replace(
        question,
        functions={metric: question.functions[metric]},
        predictions={metric: question.predictions[metric]},
        _forms={},
        _differences={},
    )
    return replace(comparison, metric_=metric, question_=alone)


def verify_all(comparison, truth):
    every = VerifiedLabels(np.arange(truth.size), truth, np.ones(truth.size))
    return comparison.verify(every)


def measure_verdicts(data, model, noise, seed, rows, draws):
    X, truth = load(data, seed)
    given = mislabel(X, truth, noise, seed)
    start = time.perf_counter()
    compared = compare_remedies(
        MODELS[model], candidates(), X, given, scoring=METRICS, random_state=seed
    )
    fits = time.perf_counter() - start
    found = []
    for metric in METRICS:
        comparison = one_metric(compared, metric)
        full = verify_all(comparison, truth)
        for n_rows in map(int, rows.split()):
            found.append(
                {
                    "half": "report" if seed % 2 else "choose",
                    "metric": metric,
                    "n_rows": n_rows,
                    "fits": fits,
                }
                | _redraw(comparison, full, truth, metric, n_rows, draws)
            )
    return found


def _redraw(comparison, full, truth, metric, n_rows, draws):
    rng = np.random.RandomState(0)
    chosen, inside, seconds, n_differ = [], [], [], 0
    true = full.true_tests_[metric]
    for _ in range(draws):
        start = time.perf_counter()
        try:
            plan = comparison.plan_verification(n_rows, random_state=rng)
        except ValueError:  # all candidates are equal
            chosen.append("nothing")
            break
        checked = comparison.verify(plan.verified(truth[plan.rows]))
        seconds.append(time.perf_counter() - start)
        n_differ = plan.n_differ
        chosen.append(checked.best_)
        inside += [
            test.lower - 1e-12 <= true[name].mean <= test.upper + 1e-12
            for name, test in checked.true_tests_[metric].items()
        ]
    gains = {"nothing": 0.0} | {name: test.mean for name, test in true.items()}
    act = full.best_ != "nothing"
    return {
        "differ": n_differ,
        "best": full.best_,
        "given": (comparison.best_ != "nothing") == act,
        "agree": np.mean([(name != "nothing") == act for name in chosen]),
        "same": np.mean([name == full.best_ for name in chosen]),
        "lost": gains[full.best_] - np.mean([gains[name] for name in chosen]),
        "coverage": np.mean(inside) if inside else np.nan,
        "seconds": np.mean(seconds) if seconds else 0.0,
    }


HALVES = {
    half: make_column_transformer(("passthrough", columns_of_half))
    for half, columns_of_half in [(0, slice(0, 4)), (1, slice(4, 8))]
}


def two_equal_halves(rng, n_rows, rows_are):
    """Eight columns; each half of four says the same of the label, in its own way.

    Rows are alone, or half of them are copies of others, or five by five of a group
    that shares its label and half of the variance of its columns.
    """
    size = {"alone": 1, "copied": 1, "grouped": 5}[rows_are]
    group = np.arange(n_rows) // size
    truth = rng.integers(0, 2, n_rows)[group]
    noise = rng.normal(size=(n_rows, 8))
    if rows_are == "grouped":
        noise = (noise + rng.normal(size=(n_rows, 8))[group]) / 2**0.5
    X = noise + np.outer(2 * truth - 1, np.tile([0.8, 0.4, 0.0, 0.0], 2))
    if rows_are == "copied":
        rows = np.concatenate([np.arange(n_rows // 2)] * 2)
        X, truth = X[rows], truth[rows]
    return X, truth, group if rows_are == "grouped" else None


def measure_nulls(model, noise, rows_are, n_rows, rows, tables):
    rng = np.random.default_rng(0)
    found: dict[str, list] = {metric: [] for metric in METRICS}
    steps = {half: make_pipeline(HALVES[half], MODELS[model]) for half in HALVES}
    for seed in range(tables):
        X, truth, groups = two_equal_halves(rng, n_rows, rows_are)
        compared = compare_remedies(
            steps[0],
            {"other half": RemediedClassifier(steps[1])},
            X,
            mislabel(X, truth, noise, seed),
            scoring=METRICS,
            groups=groups,
            random_state=seed,
        )
        for metric in METRICS:
            comparison = one_metric(compared, metric)
            plan = comparison.plan_verification(rows, random_state=seed)
            checked = comparison.verify(plan.verified(truth[plan.rows]))
            test = checked.true_tests_[metric]["other half"]
            found[metric].append(
                {
                    "chosen": checked.best_ != "nothing",
                    "rejected": test.p_value < 0.05,
                    "coverage": test.lower <= 0 <= test.upper,
                }
            )
    return [{"metric": metric} | _means(lines) for metric, lines in found.items()]


def _means(lines):
    return {key: float(np.mean([line[key] for line in lines])) for key in lines[0]}


DESIGNS = {
    ".05, .35, logistic": (0.05, 0.35, 0.5, "logistic"),
    "0, .40, logistic": (0.0, 0.4, 0.5, "logistic"),
    ".2, .2, share .3, logistic": (0.2, 0.2, 0.3, "logistic"),
    ".05, .35, tree": (0.05, 0.35, 0.5, "tree"),
    "0, .40, tree": (0.0, 0.4, 0.5, "tree"),
    ".2, .2, share .3, tree": (0.2, 0.2, 0.3, "tree"),
}

LINEAR_DESIGNS = [name for name in DESIGNS if name.endswith("logistic")]
TREE_DESIGNS = [name for name in DESIGNS if name.endswith("tree")]


def measure_designs(design, tables, draws, rows):
    up, down, share, model = DESIGNS[design]
    found: dict[int, list] = {int(n_rows): [] for n_rows in rows.split()}
    for seed in range(tables):
        X, y = make_classification(
            5000, 10, n_informative=5, weights=[1 - share], random_state=seed
        )
        X, truth, X_test, y_test = X[:1000], y[:1000], X[1000:], y[1000:]
        luck = np.random.default_rng(seed).random(1000)
        given = np.where(luck < np.where(truth == 1, down, up), 1 - truth, truth)
        comparison = compare_remedies(
            MODELS[model],
            {"confident": pruner(), "disagree": pruner(0.5)},
            X,
            given,
            scoring="accuracy",
            random_state=seed,
        )
        scores = {
            name: candidate.fit(X, given).score(X_test, y_test)
            for name, candidate in comparison.candidates_.items()
        }
        for n_rows, lines in found.items():
            lines += [
                _gains_of_choices(comparison, scores, truth, n_rows, draw)
                for draw in range(draws)
            ]
    return [
        {"n_rows": n_rows}
        | _means(lines)
        | {"worst": min(line["verified"] for line in lines)}
        for n_rows, lines in found.items()
    ]


def _gains_of_choices(comparison, scores, truth, n_rows, seed):
    plan = comparison.plan_verification(n_rows, random_state=seed)
    checked = comparison.verify(plan.verified(truth[plan.rows]))
    expected = {"nothing": 0.0} | comparison.expected_gains_["accuracy"]
    chosen = {
        "possible": max(scores, key=lambda name: scores[name]),
        "given": comparison.best_,
        "expected": max(expected, key=lambda name: expected[name]),
        "verified": checked.best_,
        "all_verified": verify_all(comparison, truth).best_,
    }
    gains = {how: scores[name] - scores["nothing"] for how, name in chosen.items()}
    return gains | {"differ": plan.n_differ / truth.size}


def targets_of_verdicts(rows, quick):
    stable = rows[rows["model"].isin(STABLE)]
    targets = [Target("verdicts, all", stable["agree"].mean(), 0.95)]
    targets += [
        Target(f"verdicts, {metric}", of["agree"].mean(), 0.95)
        for metric, of in stable.groupby("metric")
    ]
    report = stable[stable["half"] == "report"]
    targets.append(Target("verdicts, half to report", report["agree"].mean(), 0.95))
    targets.append(Target("coverage, mean", rows["coverage"].mean(), 0.93))
    cheap = rows[(rows["model"] == "logistic") & (rows["n_rows"] == 60)]
    return targets + [
        Target(
            f"cost in fits, median, {metric}",
            (of["seconds"] / of["fits"]).median(),
            0.1,
            at_most=True,
        )
        for metric, of in cheap.groupby("metric")
    ]


def targets_of_nulls(rows, quick):
    error = 2 * (0.05 * 0.95 / rows["tables"]) ** 0.5
    return [
        Target("rejected, mean", rows["rejected"].mean(), 0.05, True),
        Target("rejected, highest", (rows["rejected"] - error).max(), 0.05, True),
        Target("coverage, mean", rows["coverage"].mean(), 0.93),
    ]


def targets_of_designs(rows, quick):
    few = rows[(rows["n_rows"] == 50) & rows["design"].str.contains("logistic")]
    linear = few[few["possible"] > 0.01]
    share = linear["verified"] / linear["possible"]
    return [
        Target("gain, of the possible, logistic", share.min(), 0.9),
        Target("gain, lowest", few["verified"].min(), -0.005),
    ]


def verdict_tasks(data, model, noise, seeds, rows, draws):
    return [
        {**task, "rows": rows, "draws": draws}
        for task in grid(data=data, model=model, noise=noise, seed=seeds)
    ]


def _means_by(rows, keys):
    kept = rows[[*keys, "given", "agree", "same", "lost", "coverage"]]
    return kept.groupby(keys, sort=False).mean().reset_index()


def by_setting(rows):
    keys = ["half", "data", "model", "metric", "n_rows"]
    medians = rows.groupby(keys, sort=False)[["differ", "seconds", "fits"]].median()
    return _means_by(rows, keys).merge(medians.reset_index())


def by_noise(rows):
    return _means_by(rows[rows["model"].isin(STABLE)], ["half", "noise", "metric"])


PARTS = {
    "verdicts": Part(
        measure_verdicts,
        "half metric n_rows differ best given agree same lost coverage seconds fits",
        full=[
            *verdict_tasks(DATA, ["logistic"], NOISE, [0, 1, 2, 3], "60", 5),
            *verdict_tasks(DATA[1:], ["boosting"], NOISE[2:5:2], [1], "60", 5),
            *verdict_tasks(["wine", "own"], ["boosting"], NOISE[:2], [1], "60", 5),
            *verdict_tasks(["own"], UNSTABLE, NOISE[2:5:2], [0], "60 120 240 480", 5),
        ],
        quick=verdict_tasks(["wine"], ["logistic"], NOISE[2:3], [1], "60", 2),
        tables={
            "Share of the draws after which the verdict is that of all true labels "
            "(`agree`: whether any remedy is taken; `given`: whether it is so without "
            "verification; `same`: the same remedy), the gain `lost` by other choices, "
            "and the share of the 95 % intervals that hold the gain on all true "
            "labels; means over noises and seeds, medians of seconds of planning and "
            "verifying and of the fits.": by_setting,
            "By kind of noise.": by_noise,
        },
        targets=targets_of_verdicts,
    ),
    "nulls": Part(
        measure_nulls,
        "metric chosen rejected coverage",
        full=grid(
            model=["logistic"],
            noise=["symmetric 0", "class .35"],
            rows_are=["alone", "copied", "grouped"],
            n_rows=[400],
            rows=[50],
            tables=[100],
        )
        + grid(
            model=["tree"],
            noise=["symmetric .2"],
            rows_are=["alone"],
            n_rows=[400],
            rows=[50],
            tables=[100],
        ),
        quick=grid(
            model=["logistic"],
            noise=["class .35"],
            rows_are=["copied"],
            n_rows=[200],
            rows=[50],
            tables=[4],
        ),
        tables={
            "Share of the tables where the other candidate was chosen, where it was "
            "told apart (p < .05), and where the interval holds 0.": columns(
                "model noise rows_are metric rows tables chosen rejected coverage"
            )
        },
        targets=targets_of_nulls,
    ),
    "designs": Part(
        measure_designs,
        "n_rows possible given expected verified all_verified worst differ",
        full=[
            *grid(design=LINEAR_DESIGNS, tables=[20], draws=[4], rows=["50 200"]),
            *grid(design=TREE_DESIGNS, tables=[8], draws=[2], rows=["50 200"]),
        ],
        quick=grid(design=[".05, .35, logistic"], tables=[2], draws=[1], rows=["50"]),
        tables={
            "Clean test accuracy gained over nothing by the choice: the best possible, "
            "by the given labels, by what the model expects, by so many verified rows "
            "(on average and at worst), by all true labels; `differ`: share of the "
            "rows on which candidates differ.": columns(
                "design n_rows possible given expected verified worst all_verified "
                "differ"
            )
        },
        targets=targets_of_designs,
    ),
}
