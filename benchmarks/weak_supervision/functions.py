"""Labelling functions: how often the labels made of their votes are right."""

import numpy as np

from benchmarks._problem import Part, Target, grid
from benchmarks._tables import side_by_side
from benchmarks.weak_supervision import peers
from benchmarks.weak_supervision.crowds import reasons
from benchmarks.weak_supervision.data import (
    WEAK,
    Weak,
    draw_one_sided,
    load_weak,
)
from benchmarks.weak_supervision.scores import expected_accuracy, log_loss
from skdataquality.weak_supervision import (
    DawidSkene,
    LabelModel,
    MajorityVote,
    OneCoin,
    TripletModel,
    WeightedVote,
)

OURS = {
    "majority": MajorityVote,
    "Wawa": WeightedVote,
    "LabelModel": LabelModel,
    "DawidSkene": DawidSkene,
    "OneCoin": OneCoin,
    "TripletModel": TripletModel,
}
SNORKEL = {
    "majority": peers.snorkel_majority,
    "LabelModel": peers.snorkel_label_model,
}
DRAWN = "drawn"


def load(data):
    if data != DRAWN:
        return load_weak(data)
    return Weak([], *draw_one_sided(800, 12, 2, coverage=0.15))


def ours(name, votes, n_classes):
    model = OURS[name](classes=np.arange(n_classes)).fit(votes)
    return model.predict_proba(votes)


def answers(votes, n_classes):
    """Yield library, method, and its probabilities and why there are none."""
    for name in OURS:
        yield "skdataquality", name, *peers.ask(ours, name, votes, n_classes)
    for name, call in SNORKEL.items():
        yield "snorkel", name, *peers.ask(call, votes, n_classes)


def measure(data):
    weak = load(data)
    if weak is None:
        return []
    covered, n_classes = weak.covered, int(weak.truth.max()) + 1
    rows = []
    for library, method, proba, why in answers(weak.votes, n_classes):
        accuracy = loss = np.nan
        if proba is not None:
            accuracy = 100 * expected_accuracy(proba[covered], weak.truth[covered])
            loss = log_loss(proba[covered], weak.truth[covered])
        rows.append(
            {
                "library": library,
                "method": method,
                "accuracy": accuracy,
                "log_loss": loss,
                "why_not": why,
            }
        )
    return rows


def targets(rows, quick):
    if quick:
        return []
    mean = rows.groupby(["library", "method"])["accuracy"].mean()
    model = mean["skdataquality", "LabelModel"]
    found = [
        Target(
            "LabelModel over majority, mean",
            model - mean["skdataquality", "majority"],
            0,
        )
    ]
    theirs = mean.get(("snorkel", "LabelModel"), np.nan)
    if theirs == theirs:
        found.append(Target("LabelModel over Snorkel's, mean", model - theirs, 0))
    return found


def shown(value):
    def table(rows):
        rows = rows.assign(who=rows["library"] + " " + rows["method"])
        lines = side_by_side("data", "who", value)(rows)
        mean = lines.mean(numeric_only=True, skipna=False).to_dict()
        lines.loc[len(lines)] = {"data": "mean", **mean}
        return lines

    return table


PART = Part(
    measure,
    "library method accuracy log_loss why_not",
    full=grid(data=WEAK),
    quick=grid(data=[DRAWN]),
    tables={
        "Accuracy in percent on training rows with a vote, expected if ties were "
        "broken at random; no gold label is used.": shown("accuracy"),
        "Log loss of the probabilities on the same rows; ln 2 is .69, ln 6 is "
        "1.79.": shown("log_loss"),
        "No answer, and why.": reasons,
    },
    targets=targets,
)
