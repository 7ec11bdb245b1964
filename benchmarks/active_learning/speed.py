"""Picks beside scikit-activeml and lightly-mundig: seconds, peaks, and rows picked.

Normal numbers of float32, passed as embeddings. k-center knows one label, BADGE and
margin know 60 of three classes and a model that is fitted before. Seconds are of one
processor and one thread, interleaved. What lightly-mundig allocates is not seen from
outside. scikit-activeml and lightly-mundig pick by rounded distances: where several
rows are nearly as far as the farthest, they may take another, and differ from there on.
"""

import time
from functools import partial

import numpy as np
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from benchmarks import _speed
from benchmarks._problem import Part, Target
from benchmarks._tables import as_they_are
from skdataquality import active_learning
from skdataquality.active_learning import BadgeQuery, KCenterQuery, UncertaintyQuery

N_LABELED = 60
OURS = "skdataquality"
TIMES_AS_LONG = {"k-center": 10, "BADGE": 15, "margin": 50}  # of scikit-activeml
DRAWN = ("BADGE",)  # by chance
MOST_MB = 60
MOST_SECONDS = 60  # of the large one


def draw(rows, columns):
    rng = np.random.default_rng(0)
    return rng.standard_normal((rows, columns), dtype=np.float32)


def some_labels(rows, n_labeled):
    y = np.full(rows, np.nan)
    y[:n_labeled] = np.arange(n_labeled) % 3
    return y


def k_center(X, picks):
    y = some_labels(len(X), 1)

    def activeml():
        from skactiveml.pool import CoreSet

        return CoreSet(random_state=0).query(X, y, batch_size=picks)

    def mundig():
        from lightly_mundig import Selection

        selection = Selection()
        selection.add_diversifying_strategy(X, 1.0)
        return selection.run_selection([], len(X), picks + 1)[1:]  # starts at row 0

    query = KCenterQuery(embedding="passthrough")
    return {
        OURS: lambda: query.fit(X, y).query(picks),
        "scikit-activeml CoreSet": activeml,
        "lightly-mundig": mundig,
    }


def activeml_model(X, y):
    from skactiveml.classifier import SklearnClassifier

    model = SklearnClassifier(LogisticRegression(), classes=[0, 1, 2])
    return model.fit(X[:N_LABELED], y[:N_LABELED])


def fitted(X, y):
    model = LogisticRegression().fit(X[:N_LABELED], y[:N_LABELED].astype(int))
    return FrozenEstimator(model)


def badge(X, picks):
    y = some_labels(len(X), N_LABELED)
    query = BadgeQuery(fitted(X, y), embedding="passthrough", random_state=0)

    def activeml():
        from skactiveml.pool import Badge

        model = activeml_model(X, y)
        strategy = Badge(random_state=0)
        return strategy.query(X, y, model, fit_clf=False, batch_size=picks)

    return {
        OURS: lambda: query.fit(X, y).query(picks),
        "scikit-activeml Badge": activeml,
    }


def margin(X, picks):
    y = some_labels(len(X), N_LABELED)
    model = fitted(X, y)

    def activeml():
        from skactiveml.pool import UncertaintySampling

        peer = activeml_model(X, y)
        strategy = UncertaintySampling("margin_sampling", random_state=0)
        return strategy.query(X, y, peer, fit_clf=False, batch_size=picks)

    calls = {
        OURS: lambda: UncertaintyQuery(model).fit(X, y).query(picks),
        "scikit-activeml UncertaintySampling": activeml,
    }
    if hasattr(active_learning, "DiverseMarginQuery"):
        diverse = active_learning.DiverseMarginQuery(
            model, embedding="passthrough", random_state=0
        )
        calls["skdataquality DiverseMarginQuery"] = lambda: diverse.fit(X, y).query(
            picks
        )
    return calls


QUESTIONS = {"k-center": k_center, "BADGE": badge, "margin": margin}
EMPTY = dict.fromkeys(f"{_speed.TIMES} {_speed.MEMORY} shared".split(), np.nan)


def measure(question, rows, columns, picks, repeats):
    X = draw(rows, columns)
    with threadpool_limits(1):
        calls, missing = installed(QUESTIONS[question](X[: 4 * N_LABELED], 2))
        every = QUESTIONS[question](X, picks)
        calls = {name: every[name] for name in calls}
        answers = {name: call() for name, call in calls.items()}
        timed = _speed.race(calls, repeats, shortest=0, timer=time.process_time)
        found = [
            {
                **EMPTY,
                **row,
                **peak(row["library"], calls, X.nbytes),
                "shared": shared(question, answers[OURS], answers[row["library"]]),
                "why_not": "",
            }
            for row in timed
        ]
    found += [{**EMPTY, "library": name, "why_not": why} for name, why in missing]
    return [{name: row[name] for name in MEASURED.split()} for row in found]


def installed(calls):
    """Divide calls into those that answer, and names with the reason why not."""
    answering, missing = {}, []
    for name, call in calls.items():
        try:
            call()
        except ImportError as error:
            missing.append((name, f"{error.name} is not installed"))
        else:
            answering[name] = call
    return answering, missing


def shared(question, ours, theirs):
    return np.nan if question in DRAWN else np.isin(ours, theirs).mean()


def peak(name, calls, n_bytes):
    return {} if name == "lightly-mundig" else _speed.memory(calls[name], n_bytes)


def targets(rows, quick):
    if quick:
        return []
    found = []
    for question, least in TIMES_AS_LONG.items():
        asked = rows[rows["question"] == question]
        peer = asked[asked["library"].str.startswith("scikit-activeml")]["ratio"]
        ours = asked[asked["library"] == OURS]
        found.append(Target(f"{question}: scikit-activeml's", peer.min(), least))
        found.append(Target(f"{question}: MB", ours["peak_mb"].max(), MOST_MB, True))
    mundig = rows[rows["library"] == "lightly-mundig"]["ratio"]
    return [*found, Target("k-center: lightly-mundig's", mundig.min(), 1)]


def shown(rows):
    frame = _speed.table(rows.drop(columns=["shared", "why_not", "repeats"]))
    frame["rows shared with ours, %"] = [
        "" if value != value else f"{value:.0%}" for value in rows["shared"]
    ]
    return frame


def task(question, rows, columns, picks, repeats):
    return {
        "question": question,
        "rows": rows,
        "columns": columns,
        "picks": picks,
        "repeats": repeats,
    }


MEASURED = (
    "library seconds seconds_min seconds_max ratio ratio_min ratio_max peak_mb "
    "peak_share_of_input shared why_not"
)
PART = Part(
    measure,
    MEASURED,
    full=[
        task("k-center", 100_000, 64, 1000, 3),
        task("BADGE", 100_000, 64, 500, 3),
        task("margin", 100_000, 64, 1000, 3),
    ],
    quick=[task(question, 500, 8, 20, 1) for question in QUESTIONS],
    tables={
        "Seconds of one processor (median), how many times those of the first line of "
        "each question, and what is allocated beside the input.": shown
    },
    targets=targets,
)


def large_pick(rows, columns, picks):
    """Return the columns of one pick; for a new process."""
    X = draw(rows, columns)
    found = _speed.alone(partial(seconds_of_pick, picks), X)
    return {**found[1], "seconds": found[0]}


def seconds_of_pick(picks, X):
    query = KCenterQuery(embedding="passthrough").fit(X)
    return _speed.seconds(lambda: query.query(picks), timer=time.process_time)


def measure_large(rows, columns, picks):
    found = _speed.in_new_process(large_pick, rows, columns, picks)
    found["peak_share_of_input"] = found["peak_mb"] / found["input_mb"]
    return [found]


def large_targets(rows, quick):
    if quick:
        return []
    seconds, share = rows["seconds"].max(), rows["peak_share_of_input"].max()
    return [
        Target("1000000 x 128: seconds", seconds, MOST_SECONDS, True),
        Target("1000000 x 128: peak beside the input", share, 0.2, True),
    ]


LARGE = Part(
    measure_large,
    f"{_speed.ALONE} peak_share_of_input",
    full=[{"rows": 1_000_000, "columns": 128, "picks": 1000}],
    quick=[{"rows": 1000, "columns": 8, "picks": 20}],
    tables={
        "k-center of a large pool, alone in a process: seconds of one processor, and "
        "the peak of the process beside the input.": as_they_are
    },
    targets=large_targets,
)
