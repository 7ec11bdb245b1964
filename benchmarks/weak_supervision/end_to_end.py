"""From functions to a model: comments below videos, beside gold labels alone.

The end model, TF-IDF of words and pairs with a logistic regression, is the same for all
and learns from one weighted copy of a row for each class. "official": the training and
test rows of the set; the other splits draw as many of each from all rows.
"""

import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.pipeline import make_pipeline

from benchmarks._problem import Part, Target, grid
from benchmarks.weak_supervision import peers
from benchmarks.weak_supervision.comments import FUNCTIONS
from benchmarks.weak_supervision.data import NO_GOLD, Weak, load_weak
from benchmarks.weak_supervision.functions import SNORKEL, ours
from skdataquality.weak_supervision import (
    LabelingFunctionTransformer,
    LabelModel,
    WeaklySupervisedClassifier,
)

N_CLASSES = 2
VECTORS = {"ngram_range": (1, 2), "min_df": 2, "sublinear_tf": True}
LOGISTIC = {"C": 10, "max_iter": 1000}
LEAST_WEIGHT = 1e-3
OFFICIAL = "official"
DRAWN = "drawn"
GOLD = [10, 20, 30, 50, 75, 100, 150, 200, 300, 400]
OF_THE_SET = "of the set"
WRITTEN = "written here"
FUNCTIONS_OF = (OF_THE_SET, WRITTEN)
WRAPPER = "skdataquality WeaklySupervisedClassifier"
OURS = "skdataquality LabelModel"
GOLD_ONLY, WITH_GOLD = "gold only", "skdataquality LabelModel and gold"
METHODS = {
    OURS: lambda votes: ours("LabelModel", votes, N_CLASSES),
    "skdataquality majority": lambda votes: ours("majority", votes, N_CLASSES),
    "skdataquality DawidSkene": lambda votes: ours("DawidSkene", votes, N_CLASSES),
    "snorkel LabelModel": lambda votes: SNORKEL["LabelModel"](votes, N_CLASSES),
    "snorkel majority": lambda votes: SNORKEL["majority"](votes, N_CLASSES),
}


def split(data, rows):
    """Return training and test rows, as Weak; None without data."""
    if data == DRAWN:
        return drawn(0), drawn(1)
    parts = [load_weak(data, part) for part in ("train", "test")]
    if parts[0] is None:
        return None
    if rows == OFFICIAL:
        return parts
    train, test = parts
    whole = Weak(
        train.texts + test.texts,
        np.concatenate([train.votes, test.votes]),
        np.concatenate([train.truth, test.truth]),
    )
    order = np.random.RandomState(int(rows)).permutation(whole.truth.size)
    ends = np.split(order, [train.truth.size])
    return [
        Weak([whole.texts[i] for i in at], whole.votes[at], whole.truth[at])
        for at in ends
    ]


def drawn(seed):
    """Return comments of three words of their class and one of the other."""
    rng = np.random.default_rng(seed)
    words = [
        np.array(["song", "love", "guitar", "voice", "lyrics", "best"]),
        np.array(["subscribe", "channel", "free", "please", "link", "money"]),
    ]
    truth = rng.integers(0, 2, 300)
    texts = [
        " ".join([*rng.choice(words[k], 3), rng.choice(words[1 - k]), "so it is"])
        for k in truth
    ]
    return Weak(texts, written(texts), truth)


def written(texts):
    """Return the votes of the ten functions that are written here."""
    functions = LabelingFunctionTransformer(
        FUNCTIONS, classes=[0, 1], sparse_output=False
    )
    return functions.fit_transform(texts)


def features(train, test):
    vectors = TfidfVectorizer(**VECTORS)
    return vectors.fit_transform(train.texts), vectors.transform(test.texts)


def end_model(X, proba):
    """Return a model fitted on one copy of each row for each class, weighted."""
    weights = proba.T.ravel()
    copies = np.tile(np.arange(X.shape[0]), proba.shape[1])
    y = np.repeat(np.arange(proba.shape[1]), X.shape[0])
    keep = weights > LEAST_WEIGHT
    model = LogisticRegression(**LOGISTIC)
    return model.fit(X[copies[keep]], y[keep], sample_weight=weights[keep])


def measure(data, rows, draws):
    parts = split(data, rows)
    if parts is None:
        return []
    train, test = parts
    X, X_test = features(train, test)

    def judged(at, proba):
        return scores(end_model(X[at], proba).predict(X_test), test.truth)

    lines = list(gold_only(train, judged, draws))
    for functions in FUNCTIONS_OF:
        if data == DRAWN and functions == OF_THE_SET:
            continue
        votes = train.votes if functions == OF_THE_SET else written(train.texts)
        known = list(from_votes(votes, judged))
        known += with_gold(votes, train.truth, judged, draws)
        if functions == WRITTEN:
            known.append(line_of(WRAPPER, 0, [wrapped(train, test)]))
        lines += [{**line, "functions": functions} for line in known]
    return [{key: line[key] for key in MEASURED.split()} for line in lines]


def wrapped(train, test):
    """Return accuracy and F1 of all in one estimator, words those of covered texts."""
    pipe = make_pipeline(TfidfVectorizer(**VECTORS), LogisticRegression(**LOGISTIC))
    model = WeaklySupervisedClassifier(FUNCTIONS, estimator=pipe).fit(train.texts)
    return scores(model.predict(test.texts), test.truth)


def scores(predicted, truth):
    return 100 * (truth == predicted).mean(), 100 * f1_score(truth, predicted)


def from_votes(votes, judged):
    covered = np.flatnonzero((votes != NO_GOLD).any(axis=1))
    for method, label in METHODS.items():
        proba, why = peers.ask(label, votes)
        found = [] if proba is None else [judged(covered, proba[covered])]
        yield line_of(method, 0, found, why)


def with_gold(votes, truth, judged, draws):
    """Clamp the gold labels in the label model; their rows train the end model too."""
    covered = (votes != NO_GOLD).any(axis=1)
    for n_gold in GOLD:
        found = []
        for at in drawn_rows(truth, n_gold, draws):
            gold = np.full(truth.size, NO_GOLD)
            gold[at] = truth[at]
            model = LabelModel(classes=np.arange(N_CLASSES)).fit(votes, gold)
            proba = model.predict_proba(votes)
            proba[at] = np.eye(N_CLASSES)[truth[at]]
            used = np.flatnonzero(covered | (gold != NO_GOLD))
            found.append(judged(used, proba[used]))
        yield line_of(WITH_GOLD, n_gold, found)


def gold_only(train, judged, draws):
    """Fit the end model on some gold labels, its words those of all training texts."""
    one_hot = np.eye(N_CLASSES)
    for n_gold in GOLD:
        found = [
            judged(at, one_hot[train.truth[at]])
            for at in drawn_rows(train.truth, n_gold, draws)
        ]
        yield {**line_of(GOLD_ONLY, n_gold, found), "functions": ""}


def drawn_rows(truth, n_gold, draws):
    """Yield rows drawn at random, if they hold every class."""
    for draw in range(draws):
        at = np.random.RandomState(draw).permutation(truth.size)[:n_gold]
        if np.unique(truth[at]).size == N_CLASSES:
            yield at


def line_of(method, n_gold, found, why=""):
    accuracy, f1 = np.array(found, dtype=float).reshape(-1, 2).T
    many, some = accuracy.size > 1, accuracy.size > 0
    return {
        "method": method,
        "n_gold": n_gold,
        "accuracy": accuracy.mean() if some else np.nan,
        "accuracy_sd": accuracy.std(ddof=1) if many else np.nan,
        "f1": f1.mean() if some else np.nan,
        "f1_sd": f1.std(ddof=1) if many else np.nan,
        "why_not": why,
    }


def means(rows, wanted):
    """Return official rows beside mean and standard deviation of the drawn splits."""
    by = ["functions", "method", "n_gold"]
    rows = rows[wanted].fillna({"functions": ""})
    is_official = rows["rows"] == OFFICIAL
    found = rows[is_official].set_index(by)[["accuracy", "f1"]]
    others = rows[~is_official].groupby(by)[["accuracy", "f1"]]
    for name in ("accuracy", "f1"):
        found[f"{name}, drawn splits"] = others.mean()[name]
        found[f"{name}, sd"] = others.std()[name]
    return found.reset_index()


def without_gold(rows):
    return means(rows, rows["n_gold"] == 0).drop(columns="n_gold")


def curves(rows):
    """Return one line for each number of gold labels: F1, mean of all splits."""
    rows = rows[rows["n_gold"] > 0].fillna({"functions": ""})
    rows = rows.assign(who=(rows["method"] + ", " + rows["functions"]).str.strip(", "))
    table = rows.pivot_table(index="n_gold", columns="who", values="f1", sort=False)
    return table.rename_axis(columns=None).reset_index()


def break_even(rows):
    """Say from how many gold labels on these alone are as good, by mean F1."""
    by = ["functions", "method"]
    gold = rows[rows["method"] == GOLD_ONLY].groupby("n_gold")["f1"].mean()
    known = rows[rows["n_gold"] == 0].groupby(by, sort=False)["f1"].mean()
    known, found = known.dropna(), []
    for name, f1 in known.items():
        behind = gold.index[gold < f1]
        after = gold.index[gold.index > behind.max()] if behind.size else gold.index
        said = str(after[0]) if after.size else f"over {gold.index[-1]}"
        found.append(
            {**dict(zip(by, name, strict=True)), "f1": f1, "gold labels": said}
        )
    return pd.DataFrame(found)


def targets(rows, quick):
    if quick:
        return []
    known = rows[rows["n_gold"] == 0]
    found = []
    for functions in FUNCTIONS_OF:
        some = known[known["functions"] == functions]
        official = some[some["rows"] == OFFICIAL].set_index("method")["f1"]
        for said, f1 in (
            ("official rows", official),
            ("all splits", some.groupby("method")["f1"].mean()),
        ):
            gain = f1[OURS] - f1["snorkel LabelModel"]
            if gain == gain:
                found.append(Target(f"F1 over Snorkel's, {functions}, {said}", gain, 0))
    return found


def figure(rows):
    from matplotlib.figure import Figure

    drawing = Figure(figsize=(6.5, 4), layout="constrained")
    axes = drawing.subplots()
    rows = rows.fillna({"functions": ""})
    by = ["method", "functions"]
    for name, some in rows[rows["n_gold"] > 0].groupby(by, sort=False):
        f1 = some.groupby("n_gold")["f1"].mean()
        axes.plot(f1.index, f1, marker="o", label=", ".join(filter(None, name)))
    known = rows[(rows["n_gold"] == 0) & (rows["method"] == OURS)]
    for style, (name, some) in zip(
        ("--", ":"), known.groupby("functions"), strict=False
    ):
        label = f"no gold label, {name}"
        axes.axhline(some["f1"].mean(), color="0.4", linestyle=style, label=label)
    axes.set(xscale="log", xlabel="gold labels", ylabel="F1 in percent")
    axes.grid(alpha=0.3)
    axes.legend(fontsize="small")
    return drawing


MEASURED = "functions method n_gold accuracy accuracy_sd f1 f1_sd why_not"
PART = Part(
    measure,
    MEASURED,
    full=grid(data=["youtube"], rows=[OFFICIAL, *map(str, range(10))], draws=[10]),
    quick=grid(data=[DRAWN], rows=[OFFICIAL], draws=[1]),
    tables={
        "Test accuracy and F1 of spam in percent, no gold label used: official rows, "
        "and mean and standard deviation over the drawn splits.": without_gold,
        "F1 by number of gold labels, mean over draws and all splits: the end model on "
        "them alone, and with the functions, their labels given to the label "
        "model.": curves,
        "From how many gold labels on these alone are as good as the functions without "
        "any, by mean F1 of all splits.": break_even,
    },
    figures={"F1 of the end model, mean over draws and all splits.": figure},
    targets=targets,
)
