"""The review queue: errors found, the interval of what remains, when to stop.

A reviewer who is always right answers batch after batch; settings were chosen on the
half "chosen", and the others report.
"""

import numpy as np
from sklearn.datasets import load_breast_cancer, load_digits, make_classification
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

from benchmarks._problem import Part, Target, grid
from skdataquality.label_noise import LabelErrorDetector
from skdataquality.review import LabelReviewQueue

LINEAR = make_pipeline(StandardScaler(), LogisticRegression(max_iter=300))
MODELS = {
    "logistic": LINEAR,
    "naive Bayes": GaussianNB(),
    "small tree": DecisionTreeClassifier(max_depth=4, random_state=0),
}
BUDGET, N_BATCHES, N_TRAIN = 300, 6, 1078
LEAST_FOUND = {"class-dependent": 0.93, "uniform": 0.97}
CHOSEN_SEEDS = 20  # seeds below it; the others report


def load(name, seed):
    """Return rows and true labels, of a table that is small enough."""
    if name == "digits":
        X, y = load_digits(return_X_y=True)
        return X / 16, y
    if name == "breast cancer":
        return load_breast_cancer(return_X_y=True)
    apart = {"clear": 2.0, "overlap": 0.6}[name]
    return make_classification(
        600,
        10,
        n_informative=5,
        n_classes=3,
        class_sep=apart,
        flip_y=0,
        random_state=seed,
    )


def spoilt(X, truth, noise, rate, rng):
    """Make labels wrong: any other, the next class, or the next one of odd rows."""
    n, n_classes = truth.size, truth.max() + 1
    chance = np.ones(n)
    if noise == "feature":  # rows far out in one column, which a model can learn
        column = X[:, X.std(axis=0).argmax()]
        chance = np.exp(2 * (column - column.mean()) / column.std())
    rows = rng.choice(n, round(rate * n), replace=False, p=chance / chance.sum())
    step = rng.integers(1, n_classes, rows.size) if noise == "uniform" else 1
    y = truth.copy()
    y[rows] = (y[rows] + step) % n_classes
    return y


def half_of(seed):
    return "chosen" if seed < CHOSEN_SEEDS else "reported"


# ------------------------------------------------------------------- errors found
def measure_found(noise, way, seed):
    rng = np.random.default_rng(seed)
    X, truth = load("digits", seed)
    X, X_test, truth, y_test = train_test_split(
        X, truth, train_size=N_TRAIN, random_state=seed, stratify=truth
    )
    kind = {"class-dependent": "pair"}.get(noise, noise)
    y = spoilt(X, truth, kind, 0.25, rng)
    labels, remaining = REVIEWS[way](X, y, truth, seed)
    is_wrong = y != truth
    return [
        {
            "half": half_of(seed),
            "wrong": int(is_wrong.sum()),
            "found": round(float((labels == truth)[is_wrong].mean()), 4),
            "left": int((labels != truth).sum()),
            "lower": round(remaining[0], 1),
            "upper": round(remaining[1], 1),
            "accuracy": round(accuracy(X, labels, X_test, y_test), 4),
        }
    ]


def accuracy(X, labels, X_test, y_test):
    return LogisticRegression(max_iter=300).fit(X, labels).score(X_test, y_test)


def by_queue(X, y, truth, seed):
    model = LogisticRegression(max_iter=300)
    size = BUDGET // N_BATCHES
    queue = LabelReviewQueue(model, batch_size=size, random_state=seed).fit(X, y)
    for _ in range(N_BATCHES):
        batch = queue.next_batch()
        queue.submit(batch.verified(truth[batch.rows]))
    left = queue.remaining_errors_
    return queue.labels_, (left.lower, left.upper)


def at_once(X, y, truth, seed):
    model = LogisticRegression(max_iter=300)
    detector = LabelErrorDetector(model, random_state=seed).fit(X, y)
    rows = np.argsort(detector.sample_scores_, kind="stable")[:BUDGET]
    return with_answers(y, truth, rows), (np.nan, np.nan)


def at_random(X, y, truth, seed):
    rows = np.random.default_rng(seed).permutation(y.size)[:BUDGET]
    return with_answers(y, truth, rows), (np.nan, np.nan)


def with_answers(y, truth, rows):
    labels = y.copy()
    labels[rows] = truth[rows]
    return labels


REVIEWS = {
    "queue": by_queue,
    "one shot": at_once,
    "random": at_random,
}


def found_table(rows):
    table = rows.groupby(["half", "noise", "way"], sort=False)
    return table[["found", "left", "lower", "upper", "accuracy"]].mean().reset_index()


def found_targets(rows, quick):
    if quick:
        return []
    own = rows[(rows.half == "reported") & (rows.way == "queue")]
    found = own.groupby("noise").found.mean()
    return [
        Target(f"share of {noise} errors found", found[noise], least)
        for noise, least in LEAST_FOUND.items()
    ]


# ------------------------------------------------------------------- intervals
def measure_interval(half, table, model, noise, rate, seeds):
    ends = [[] for _ in range(3)]
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        X, truth = load(table, seed)
        rows = rng.permutation(truth.size)[:600]
        X, truth = X[rows], truth[rows]
        y = spoilt(X, truth, noise, rate, rng)
        queue = LabelReviewQueue(
            MODELS[model],
            batch_size=40,
            cv=3,
            n_rounds=1,
            random_state=seed,
        ).fit(X, y)
        for batch_ends in ends:
            batch = queue.next_batch()
            queue.submit(batch.verified(truth[batch.rows]))
            left = queue.remaining_errors_
            true = int((queue.labels_ != truth).sum())
            batch_ends.append((true, left.estimate, left.lower, left.upper))
    return [interval_row(at + 1, np.array(found)) for at, found in enumerate(ends)]


def interval_row(batches, found):
    true, estimate, lower, upper = found.T
    covers = (lower <= true) & (true <= upper)
    return {
        "batches": batches,
        "left": round(true.mean(), 1),
        "estimate": round(estimate.mean(), 1),
        "coverage": round(covers.mean(), 3),
        "too_high": round((lower > true).mean(), 3),
        "too_low": round((upper < true).mean(), 3),
        "width": round((upper - lower).mean(), 1),
    }


def interval_targets(rows, quick):
    if quick:
        return []
    reported = rows[rows.half == "reported"]
    return [
        Target("coverage, mean of those reported", reported.coverage.mean(), 0.9),
        Target("coverage, lowest of all", rows.coverage.min(), 0.9),
    ]


SETTINGS = (
    ("chosen", "overlap", "naive Bayes", "uniform", 0.1),
    ("chosen", "digits", "logistic", "pair", 0.25),
    ("reported", "overlap", "small tree", "uniform", 0.3),
    ("reported", "overlap", "small tree", "feature", 0.1),
    ("reported", "clear", "naive Bayes", "pair", 0.02),
    ("reported", "clear", "naive Bayes", "feature", 0.2),
    ("reported", "breast cancer", "naive Bayes", "uniform", 0.05),
)
SETTING = ("half", "table", "model", "noise", "rate")


def settings(seeds, of=SETTINGS):
    return [dict(zip(SETTING, each, strict=True)) | {"seeds": seeds} for each in of]


# ------------------------------------------------------------------- stopping
def measure_stopping(table, noise, rate, seed):
    rng = np.random.default_rng(seed)
    X, truth = load(table, seed)
    X, X_test, truth, y_test = train_test_split(
        X, truth, test_size=0.4, random_state=seed, stratify=truth
    )
    y = spoilt(X, truth, noise, rate, rng)
    model = LogisticRegression(max_iter=300) if table == "digits" else LINEAR
    queue = LabelReviewQueue(model, batch_size=50, n_rounds=1, random_state=seed)
    queue.fit(X, y)
    at_stop = None
    while queue.verified_.n_verified < y.size // 2:
        if queue.stop_ and at_stop is None:
            at_stop = queue.verified_.n_verified, queue.labels_
        batch = queue.next_batch()
        queue.submit(batch.verified(truth[batch.rows]))
    n_stop, labels = at_stop or (queue.verified_.n_verified, queue.labels_)
    scores = (
        model.fit(X, each).score(X_test, y_test) for each in (y, labels, queue.labels_)
    )
    before, stopped, on = map(float, scores)
    return [
        {
            "half": half_of(seed),
            "wrong": int((y != truth).sum()),
            "reviewed": n_stop,
            "left": int((labels != truth).sum()),
            "accuracy_before": round(before, 4),
            "accuracy": round(stopped, 4),
            "reviewed_on": queue.verified_.n_verified,
            "left_on": int((queue.labels_ != truth).sum()),
            "accuracy_on": round(on, 4),
        }
    ]


def stopping_table(rows):
    rows = rows.assign(
        lost=rows.accuracy_on - rows.accuracy,
        saved=1 - rows.reviewed / rows.reviewed_on,
    )
    table = rows.groupby(["half", "table", "noise", "rate"], sort=False)
    names = ["reviewed", "reviewed_on", "saved", "left", "left_on", "lost"]
    return table[names].mean().round(3).reset_index()


def stopping_targets(rows, quick):
    if quick:
        return []
    table = stopping_table(rows)
    table = table[table.half == "reported"]
    return [
        Target("accuracy lost by stopping, most", table.lost.max(), 0.01, True),
        Target("share of reviews saved, mean", table.saved.mean(), 0.3),
    ]


PARTS = {
    "review": Part(
        measure_found,
        "half wrong found left lower upper accuracy",
        full=grid(
            noise=list(LEAST_FOUND), way=list(REVIEWS), seed=[0, 1, *range(20, 24)]
        ),
        quick=grid(noise=["uniform"], way=["one shot", "random"], seed=[0]),
        tables={
            "Digits with 25 % wrong labels, 1078 rows, 300 reviews in six batches: "
            "share of the wrong labels found, how many are left, the interval for "
            "that, and the accuracy on other rows.": found_table
        },
        targets=found_targets,
    ),
    "review_intervals": Part(
        measure_interval,
        "batches left estimate coverage too_high too_low width",
        full=settings(100),
        quick=settings(2, SETTINGS[:1]),
        tables={
            "Wrong labels left of 600 rows after batches of 40, three of them drawn "
            "at random, and how often the interval holds.": lambda rows: rows
        },
        targets=interval_targets,
    ),
    "review_stopping": Part(
        measure_stopping,
        "half wrong reviewed left accuracy_before accuracy reviewed_on left_on "
        "accuracy_on",
        full=grid(
            table=["breast cancer", "overlap"],
            noise=["uniform", "pair"],
            rate=[0.05, 0.25],
            seed=[0, 20, 21],
        ),
        quick=grid(table=["overlap"], noise=["uniform"], rate=[0.05], seed=[0]),
        tables={
            "Reviewing until it no longer pays, beside reviewing half of the rows: "
            "accuracy lost, and share of the reviews saved.": stopping_table
        },
        targets=stopping_targets,
    ),
}
