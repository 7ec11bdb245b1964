"""Seconds beside crowd-kit and Snorkel, interleaved in one process and one thread."""

from functools import cache, partial

import numpy as np
import pandas as pd

from benchmarks._problem import Part, Target
from benchmarks._speed import TIMES, race
from benchmarks._tables import columns
from benchmarks.weak_supervision import comments, peers
from benchmarks.weak_supervision.data import (
    NO_GOLD,
    draw_one_sided,
    draw_votes,
    load_crowd,
)
from benchmarks.weak_supervision.scores import expected_accuracy
from skdataquality.weak_supervision import (
    DawidSkene,
    LabelingFunctionTransformer,
    LabelModel,
    LongVotes,
    MajorityVote,
    TripletModel,
)

OUR_ANNOTATORS = "skdataquality DawidSkene"
VOCABULARY = (
    "my channel song love video check out please subscribe http://a.b good so it the"
)


@cache
def texts(n_rows):
    """Return comments of 4 to 29 words."""
    rng = np.random.default_rng(0)
    words = np.array(VOCABULARY.split())
    return [" ".join(rng.choice(words, rng.integers(4, 30))) for _ in range(n_rows)]


def accuracy_of(proba, truth, labels):
    known = truth != NO_GOLD
    codes = np.searchsorted(labels, truth[known])
    return 100 * expected_accuracy(proba[known], codes)


def annotators(data):
    """Dawid and Skene's model, from lines of votes to probabilities."""
    crowd = load_crowd(data)
    if crowd is None:
        return None
    frame = crowd.frame
    labels = np.unique(crowd.votes.labels)
    columns = [frame[name].to_numpy() for name in ("task", "worker", "label")]

    def ours(votes):
        return DawidSkene().fit(votes).predict_proba(votes)

    calls = {
        OUR_ANNOTATORS: lambda: ours(LongVotes(*columns)),
        f"{OUR_ANNOTATORS}, votes in hand": lambda: ours(crowd.votes),
        "crowd-kit DawidSkene": partial(
            peers.crowd_kit, "DawidSkene", frame, crowd.tasks
        ),
    }
    return calls, lambda proba: accuracy_of(proba, crowd.truth, labels)


def majority(size, *, with_fit=False):
    """Shares of votes; the voter of Snorkel has no fit, ours may have had it before."""
    votes, truth = draw_votes(size, np.linspace(0.6, 0.9, 20), 2, coverage=0.5)
    model = MajorityVote().fit(votes)
    calls = {
        "skdataquality MajorityVote": lambda: (
            model.fit(votes) if with_fit else model
        ).predict_proba(votes),
        "snorkel MajorityLabelVoter": partial(peers.snorkel_majority, votes, 2),
    }
    return calls, lambda proba: accuracy_of(proba, truth, [0, 1])


def fit_calls(votes, n_classes, *, with_triplet):
    """Fit alone; the answer is the model."""
    models = {"LabelModel": LabelModel, "DawidSkene": DawidSkene}
    if with_triplet:
        models["TripletModel"] = TripletModel
    calls = {
        f"skdataquality {name}": lambda model=model: model(
            classes=np.arange(n_classes)
        ).fit(votes)
        for name, model in models.items()
    }
    return {**calls, "snorkel LabelModel": partial(peers.snorkel_fit, votes, n_classes)}


def fit_twenty(size):
    votes, truth = draw_votes(size, np.linspace(0.6, 0.9, 20), 2, coverage=0.1)
    calls = fit_calls(votes, 2, with_triplet=True)
    return calls, lambda model: accuracy_of(model.predict_proba(votes), truth, [0, 1])


def fit_many(size, n_functions, n_classes):
    votes, truth = draw_one_sided(size, n_functions, n_classes, coverage=0.03)
    calls = fit_calls(votes, n_classes, with_triplet=False)
    classes = np.arange(n_classes)
    return calls, lambda model: accuracy_of(model.predict_proba(votes), truth, classes)


def apply(size, *, functions="patterns"):
    """Ten functions of patterns and lengths, or eight of words, on a frame of texts."""
    frame = pd.DataFrame({"text": texts(size)})
    listed = frame["text"].tolist()
    mine, theirs = APPLIED[functions]

    def applier():
        from snorkel.labeling import PandasLFApplier

        return PandasLFApplier(theirs()).apply(frame, progress_bar=False)

    def ours():
        rules = LabelingFunctionTransformer(mine, classes=[0, 1], sparse_output=False)
        return rules.fit_transform(listed)

    calls = {
        "skdataquality LabelingFunctionTransformer": ours,
        "snorkel PandasLFApplier": applier,
    }
    if functions == "patterns":
        calls["loops over the texts"] = partial(comments.by_hand, listed)
    expected = ours()
    return calls, lambda votes: 100 * (np.asarray(votes) == expected).mean()


APPLIED = {
    "patterns": (comments.FUNCTIONS, comments.snorkel_functions),
    "words": (comments.KEYWORDS, comments.snorkel_keywords),
}
QUESTIONS = {
    "annotators": annotators,
    "majority": majority,
    "majority, with the fit": partial(majority, with_fit=True),
    "fit": fit_twenty,
    "fit, many functions": fit_many,
    "apply patterns": apply,
    "apply words": partial(apply, functions="words"),
}


def measure(question, of, repeats):
    """Time what answers; the first call of each, untimed, says whether it is right."""
    asked = QUESTIONS[question](*_numbers(of))
    if asked is None:
        return []
    calls, judge = asked
    rows, right, silent = [], {}, {}
    for name, call in calls.items():
        answer, why = peers.ask(call)
        if answer is None:
            silent[name] = why
        else:
            right[name] = judge(answer)
    answering = {name: calls[name] for name in calls if name in right}
    rows += [
        {**row, "right": right[row["library"]], "why_not": ""}
        for row in race(answering, repeats, shortest=0)
    ]
    empty = dict.fromkeys(TIMES.split()[1:-1], np.nan)
    rows += [
        {"library": name, **empty, "right": np.nan, "why_not": why}
        for name, why in silent.items()
    ]
    return [{key: row[key] for key in MEASURED.split()} for row in rows]


def _numbers(of):
    """Read "100000 x 20" as the arguments of a question; a name is itself."""
    if not of[0].isdigit():
        return (of,)
    rows, *others = map(int, of.split(" x "))
    return (rows,) if len(others) < 2 else (rows, *others)


def targets(rows, quick):
    if quick:
        return []
    theirs = rows[
        rows["ratio"].notna() & rows["library"].str.startswith(("crowd-kit", "snorkel"))
    ]
    ratio = theirs.set_index(["question", "of"])["ratio"]
    found = []
    if "annotators" in ratio:
        found.append(
            Target(
                "crowd-kit's DawidSkene, lowest ratio", ratio["annotators"].min(), 20
            )
        )
        crowds = rows[rows["question"] == "annotators"]
        seconds = crowds.groupby("library")["seconds"].sum()
        whole = seconds["crowd-kit DawidSkene"] / seconds[OUR_ANNOTATORS]
        found.append(Target("crowd-kit's DawidSkene, ratio of all sets", whole, 20))
        right = crowds.pivot(index="of", columns="library", values="right")
        behind = right["crowd-kit DawidSkene"] - right[OUR_ANNOTATORS]
        found.append(Target("points under crowd-kit, most", behind.max(), 0.3, True))
    for question, least in (
        ("majority", 50),
        ("apply words", 20),
        ("apply patterns", 20),
    ):
        if question in ratio:
            found.append(Target(f"{question}: ratio", ratio[question].min(), least))
    many = rows[
        (rows["of"] == "1749 x 164 x 9")
        & (rows["library"] == "skdataquality LabelModel")
    ]
    return [*found, Target("1749 x 164 x 9: seconds", many["seconds"].max(), 0.5, True)]


def task(question, of, repeats=3):
    return {"question": question, "of": of, "repeats": repeats}


CROWD = ("bluebird", "rte", "D_Product", "SP", "ZenCrowd_all")
MEASURED = (
    "library seconds seconds_min seconds_max ratio ratio_min ratio_max right why_not"
)
PART = Part(
    measure,
    MEASURED,
    full=[
        *(task("annotators", name) for name in CROWD),
        task("majority", "100000 x 20"),
        task("majority, with the fit", "100000 x 20"),
        task("fit", "100000 x 20"),
        task("fit, many functions", "1749 x 164 x 9"),
        task("apply patterns", "20000 x 10"),
        task("apply words", "20000 x 8"),
    ],
    quick=[
        task("annotators", "drawn", 1),
        task("majority", "500 x 20", 1),
        task("fit", "500 x 20", 1),
        task("fit, many functions", "200 x 20 x 3", 1),
        task("apply patterns", "200 x 10", 1),
        task("apply words", "200 x 8", 1),
    ],
    tables={
        "Seconds (median of the repeats) and how many times those of the first line of "
        "each question (median, least, most of the repeats). `right`: accuracy in "
        'percent; for "apply", share of equal votes. Under "fit" the votes are in '
        "hand and only the fit is timed: a ratio of Snorkel "
        "near 1 or below means that its fit is as fast as ours or faster.": columns(
            "question of library seconds ratio ratio_min ratio_max right why_not"
        )
    },
    targets=targets,
)
