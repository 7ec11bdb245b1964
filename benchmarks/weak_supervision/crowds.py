"""Annotators: how often consensus labels are right, and whether intervals cover."""

import numpy as np

from benchmarks._problem import Part, Target, grid
from benchmarks._tables import columns, side_by_side
from benchmarks.weak_supervision import peers
from benchmarks.weak_supervision.data import CROWDS, NO_GOLD, load_crowd
from benchmarks.weak_supervision.scores import expected_accuracy
from skdataquality.weak_supervision import (
    DawidSkene,
    MajorityVote,
    OneCoin,
    WeightedVote,
    crowdlab,
)

OURS = {
    "majority": MajorityVote,
    "Wawa": WeightedVote,
    "DawidSkene": DawidSkene,
    "OneCoin": OneCoin,
}
CROWD_KIT = {
    "majority": "MajorityVote",
    "Wawa": "Wawa",
    "DawidSkene": "DawidSkene",
    "OneCoin": "OneCoinDawidSkene",
}
# of DawidSkene as it comes: accuracy in percent
LEAST = {"D_Product": 93.6, "bluebird": 88.8, "rte": 92.4, "SP": 91.4}
FEWEST_VOTES = 20  # of an annotator, on rows with gold


def smoothed_majority(votes, n_classes):
    """Shares of votes, one more of each class: what stands for a classifier."""
    counts = np.stack([(votes == c).sum(axis=1) for c in range(n_classes)], axis=1) + 1
    return counts / counts.sum(axis=1, keepdims=True)


def ours(name, crowd):
    return OURS[name]().fit(crowd.votes).predict_proba(crowd.votes)


def our_crowdlab(votes, proba):
    return crowdlab(votes, proba).labels


def answers(crowd):
    """Yield library, method, and how to ask for probabilities or labels."""
    votes, labels = crowd.wide
    proba = smoothed_majority(votes, labels.size)
    for name in OURS:
        yield "skdataquality", name, ours, (name, crowd)
    yield "skdataquality", "CROWDLAB", our_crowdlab, (votes, proba)
    for name, model in CROWD_KIT.items():
        yield "crowd-kit", name, peers.crowd_kit, (model, crowd.frame, crowd.tasks)
    yield "cleanlab", "majority", peers.cleanlab_majority, (votes,)
    yield "cleanlab", "CROWDLAB", peers.cleanlab_crowdlab, (votes, proba)


def as_proba(answer, n_classes):
    return np.eye(n_classes)[answer.astype(int)] if answer.ndim == 1 else answer


def measure_accuracy(data):
    crowd = load_crowd(data)
    if crowd is None:
        return []
    labels = np.unique(crowd.votes.labels)
    known = np.flatnonzero(crowd.truth != NO_GOLD)
    truth = np.searchsorted(labels, crowd.truth[known])
    rows = []
    for library, method, call, arguments in answers(crowd):
        answer, why = peers.ask(call, *arguments)
        accuracy = np.nan
        if answer is not None:
            proba = as_proba(answer, labels.size)[known]
            accuracy = 100 * expected_accuracy(proba, truth)
        rows.append(
            {
                "library": library,
                "method": method,
                "accuracy": accuracy,
                "why_not": why,
            }
        )
    return rows


def measure_intervals(data, method):
    """Whether intervals of accuracies hold the share right against gold."""
    crowd = load_crowd(data)
    if crowd is None:
        return []
    model = OURS[method]().fit(crowd.votes)
    votes = crowd.votes
    gold = crowd.truth[votes.row_codes]
    known = gold != NO_GOLD
    who = votes.annotator_codes[known]
    n_votes = np.bincount(who, minlength=votes.annotator_names.size)
    n_right = np.bincount(who, votes.labels[known] == gold[known], n_votes.size)
    chosen = n_votes >= FEWEST_VOTES
    share = n_right[chosen] / n_votes[chosen]
    lower, upper = model.accuracies_interval_[chosen].T
    slack = 1e-9
    return [
        {
            "annotators": int(chosen.sum()),
            "covered": ((lower - slack <= share) & (share <= upper + slack)).mean(),
            "width": (upper - lower).mean(),
            "error": np.abs(model.accuracies_[chosen] - share).mean(),
        }
    ]


def accuracy_targets(rows, quick):
    if quick:
        return []
    mine = rows[rows["library"] == "skdataquality"]
    table = mine.pivot(index="data", columns="method", values="accuracy")
    found = [
        Target(f"{data}: accuracy of DawidSkene", table["DawidSkene"][data], least)
        for data, least in LEAST.items()
    ]
    behind = table["majority"] - table["DawidSkene"]
    found.append(
        Target("points under majority, ZenCrowd", behind["ZenCrowd_all"], 1, True)
    )
    return [*found, Target("points under majority, most", behind.max(), 4, True)]


def interval_targets(rows, quick):
    if quick:
        return []
    mine = rows[rows["method"] == "DawidSkene"]
    covered = (mine["covered"] * mine["annotators"]).sum() / mine["annotators"].sum()
    return [
        Target("accuracies covered, of all annotators", covered, 0.9),
        Target("accuracies covered, lowest set", mine["covered"].min(), 0.9),
    ]


def reasons(rows):
    """Show who did not answer, and why."""
    silent = rows[rows["why_not"].notna()]
    shown = silent.groupby(["library", "method", "why_not"])["data"].agg(", ".join)
    return shown.reset_index()


def wide(rows):
    rows = rows.assign(who=rows["library"] + " " + rows["method"])
    return side_by_side("data", "who", "accuracy")(rows)


ACCURACY = Part(
    measure_accuracy,
    "library method accuracy why_not",
    full=grid(data=CROWDS),
    quick=grid(data=["drawn"]),
    tables={
        "Accuracy in percent, expected if ties were broken at random. CROWDLAB: the "
        "probabilities of the classifier are the smoothed shares of votes, as these "
        "sets have no features.": wide,
        "No answer, and why.": reasons,
    },
    targets=accuracy_targets,
)
INTERVALS = Part(
    measure_intervals,
    "annotators covered width error",
    full=grid(data=CROWDS, method=["DawidSkene", "OneCoin", "majority"]),
    quick=grid(data=["drawn"], method=["DawidSkene"]),
    tables={
        f"Annotators with {FEWEST_VOTES} votes or more on rows with gold: share whose "
        "accuracy against gold is in `accuracies_interval_`, its mean width, and the "
        "mean distance of `accuracies_`.": columns(
            "data method annotators covered width error"
        )
    },
    targets=interval_targets,
)
