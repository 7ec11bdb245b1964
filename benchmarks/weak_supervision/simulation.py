"""Votes drawn from a known model, and what label models recover of it."""

import numpy as np

from benchmarks._problem import Part, Target, grid
from benchmarks._tables import columns
from benchmarks.weak_supervision import peers
from benchmarks.weak_supervision.data import NO_GOLD, draw_one_sided, draw_votes
from benchmarks.weak_supervision.functions import OURS
from benchmarks.weak_supervision.scores import (
    calibration_error,
    expected_accuracy,
    log_loss,
)

N_ROWS, N_SOURCES = 5000, 20
ACCURACIES = np.linspace(0.55, 0.9, N_SOURCES)
CASES = {
    "2 classes": lambda seed: draw_votes(
        N_ROWS, ACCURACIES, 2, coverage=0.3, seed=seed
    ),
    "5 classes": lambda seed: draw_votes(
        N_ROWS, ACCURACIES - 0.1, 5, coverage=0.3, seed=seed
    ),
    "2 classes, 90 to 10": lambda seed: draw_votes(
        N_ROWS, ACCURACIES, 2, coverage=0.3, shares=[0.9, 0.1], seed=seed
    ),
    "5 classes, unequal": lambda seed: draw_votes(
        N_ROWS,
        ACCURACIES - 0.1,
        5,
        coverage=0.3,
        shares=[0.5, 0.2, 0.15, 0.1, 0.05],
        seed=seed,
    ),
    "one-sided, 2 classes": lambda seed: draw_one_sided(
        N_ROWS, N_SOURCES, 2, coverage=0.1, seed=seed
    ),
    "one-sided, 80 to 20": lambda seed: draw_one_sided(
        N_ROWS, N_SOURCES, 2, coverage=0.1, shares=[0.8, 0.2], seed=seed
    ),
    "one-sided, 5 classes": lambda seed: draw_one_sided(
        N_ROWS, 40, 5, coverage=0.05, seed=seed
    ),
}
METHODS = ["majority", "LabelModel", "DawidSkene", "OneCoin", "TripletModel"]
SNORKEL = "snorkel LabelModel"
NAMES = "right log_loss gap accuracy_error intervals_cover nan_rows why_not"


def accuracies_of_votes(votes, truth):
    """Share of right votes of each source, which an estimate should come close to."""
    cast = votes != NO_GOLD
    return ((votes == truth[:, None]) & cast).sum(axis=0) / np.maximum(cast.sum(0), 1)


def fitted(method, votes, n_classes):
    """Return probabilities, accuracies of sources, and their intervals."""
    if method == SNORKEL:
        model = peers.snorkel_fit(votes, n_classes)
        return model.predict_proba(votes), model.get_weights(), None
    model = OURS[method](classes=np.arange(n_classes)).fit(votes)
    return model.predict_proba(votes), model.accuracies_, model.accuracies_interval_


def judge(votes, truth, method):
    n_classes = int(truth.max()) + 1
    found, why = peers.ask(fitted, method, votes, n_classes)
    if found is None:
        return {**dict.fromkeys(NAMES.split(), np.nan), "why_not": why}
    proba, accuracies, intervals = found
    covered = (votes != NO_GOLD).any(axis=1)
    proba, gold = proba[covered], truth[covered]
    is_nan = np.isnan(proba).any(axis=1)
    share = accuracies_of_votes(votes, truth)
    holds = np.nan
    if intervals is not None:
        holds = ((intervals[:, 0] <= share) & (share <= intervals[:, 1])).mean()
    whole = not is_nan.any()
    return {
        "right": 100 * expected_accuracy(proba, gold),
        "log_loss": log_loss(proba, gold) if whole else np.nan,
        "gap": calibration_error(proba, gold) if whole else np.nan,
        "accuracy_error": np.abs(accuracies - share).mean(),
        "intervals_cover": holds,
        "nan_rows": int(is_nan.sum()),
        "why_not": why,
    }


def measure_recovery(case, method, seeds):
    lines = [judge(*CASES[case](seed), method) for seed in range(seeds)]
    mean = {
        name: float(np.mean([line[name] for line in lines]))
        for name in NAMES.split()[:-1]
    }
    return [{**mean, "why_not": lines[0]["why_not"]}]


def measure_many(functions, method):
    accuracies = np.random.default_rng(1).uniform(0.55, 0.9, functions)
    return [judge(*draw_votes(2000, accuracies, 2, coverage=0.95), method)]


def recovery_targets(rows, quick):
    mine = rows[rows["method"] != SNORKEL]
    found = [Target("rows with NaN", mine["nan_rows"].max(), 0, True)]
    if quick:
        return found
    lines = mine[mine["case"].isin([c for c in CASES if "one-sided" not in c])]
    lines = lines[lines["method"] == "DawidSkene"]
    return [
        *found,
        Target(
            "error of accuracies, DawidSkene", lines["accuracy_error"].max(), 0.02, True
        ),
    ]


def many_targets(rows, quick):
    mine = rows[rows["method"] != SNORKEL]
    return [Target("rows with NaN, many functions", mine["nan_rows"].max(), 0, True)]


RECOVERY = Part(
    measure_recovery,
    NAMES,
    full=grid(case=CASES, method=[*METHODS, SNORKEL], seeds=[5]),
    quick=grid(
        case=["2 classes", "one-sided, 2 classes"], method=METHODS[:2], seeds=[1]
    ),
    tables={
        f"{N_ROWS} rows, means over the seeds. `right`: accuracy in percent; `gap`: "
        "mean distance of confidence and share right in ten bins; `accuracy_error`: "
        "mean distance of the estimated accuracies to the share of right votes; "
        "`intervals_cover`: share of the intervals that hold that share.": columns(
            "case method right log_loss gap accuracy_error intervals_cover nan_rows "
            "why_not"
        )
    },
    targets=recovery_targets,
)
MANY = Part(
    measure_many,
    NAMES,
    full=[
        *grid(functions=[1, 2, 200, 1200, 2000], method=METHODS),
        *grid(functions=[1, 2, 200, 1200], method=[SNORKEL]),  # minutes with more
    ],
    quick=grid(functions=[1, 300], method=["LabelModel", "DawidSkene"]),
    tables={
        "One, two and very many functions that vote on nearly all of 2000 rows; "
        "`nan_rows`: rows whose probabilities are not numbers.": columns(
            "functions method right log_loss gap nan_rows why_not"
        )
    },
    targets=many_targets,
)
