"""Area under the learning curve of each strategy, less that of random rows.

The area is the mean score over the rounds, the start included. Random rows start from
the same rows; strategies that choose their start ("typicality", "coverage") are beside
the curve of random rows that a random start has. The model is a logistic regression
on scaled columns. Defaults were chosen on the pools whose role is "chosen on". Four
pools, for which there are targets, have ten seeds and the peers beside them; the others
have four seeds.
"""

import numpy as np
import pandas as pd
import scipy.sparse as sp
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MaxAbsScaler, StandardScaler

from benchmarks._problem import Part, Target, grid
from benchmarks.active_learning._pools import ACCURACY, POOLS, pool_of, role_of
from skdataquality.active_learning import (
    DiverseMarginQuery,
    RandomQuery,
    TypicalityQuery,
    UncertaintyQuery,
)
from skdataquality.utils._stats import nadeau_bengio

try:
    import skactiveml.pool as peers
    from skactiveml.classifier import SklearnClassifier
except ImportError:  # the peer is missing
    peers = None

UNLABELED = -1
LONGEST = ("breast_cancer", "digits", "digits, near copies", "synth, 3 % rare")
BALANCED_SETS = [name for name, (*_, score) in POOLS.items() if score == ACCURACY]


def model_for(X):
    """Return an unfitted model."""
    scaler = MaxAbsScaler() if sp.issparse(X) else StandardScaler()
    return make_pipeline(scaler, LogisticRegression(max_iter=1000))


class Peer:
    """A strategy of scikit-activeml, on scaled columns where it asks no model."""

    def __init__(self, name, needs_model=False, **settings):
        self.name, self.needs_model, self.settings = name, needs_model, settings

    def next_rows(self, pool, y, seed):
        """Return the rows of the next batch."""
        query = getattr(peers, self.name)(
            missing_label=UNLABELED, random_state=seed, **self.settings
        )
        X, more = StandardScaler().fit_transform(pool.X), {}
        if self.needs_model:
            X, inner = pool.X, model_for(pool.X)
            classes = np.unique(pool.y)
            more["clf"] = SklearnClassifier(
                inner, classes=classes, missing_label=UNLABELED
            )
        return query.query(X, y, batch_size=pool.batch, **more)


class Ours:
    """One of the strategies that are measured."""

    def __init__(self, strategy):
        self.strategy = strategy

    def next_rows(self, pool, y, seed):
        """Return the rows of the next batch."""
        strategy = clone(self.strategy).set_params(
            estimator=model_for(pool.X), unlabeled=UNLABELED, random_state=seed
        )
        return strategy.fit(pool.X, y).query(pool.batch)


OURS = {
    "DiverseMarginQuery": Ours(DiverseMarginQuery()),
    "UncertaintyQuery": Ours(UncertaintyQuery()),
    "TypicalityQuery": Ours(TypicalityQuery()),
}
THEIRS = {
    "scikit-activeml margin": Peer(
        "UncertaintySampling", needs_model=True, method="margin_sampling"
    ),
    "scikit-activeml Badge": Peer("Badge", needs_model=True),
    "scikit-activeml CoreSet": Peer("CoreSet"),
    "scikit-activeml TypiClust": Peer("TypiClust"),
}


def area(way, pool, known, seed):
    """Mean score of the models that a strategy leads to."""
    found = []
    for n_left in range(pool.n_rounds, -1, -1):
        found.append(score_of(pool, known))
        if n_left:
            y = np.full(pool.y.size, UNLABELED)
            y[known] = pool.y[known]
            known = np.r_[known, way.next_rows(pool, y, seed)]
    return float(np.mean(found))


def score_of(pool, known):
    """Score of a model of the known labels; of one class, it is predicted."""
    labels = pool.y[known]
    said = np.full(pool.y_test.size, labels[0])
    if np.unique(labels).size > 1:
        model = model_for(pool.X).fit(pool.X[known], labels)
        said = model.predict(pool.X_test)
    if pool.scoring == ACCURACY:
        return np.mean(said == pool.y_test)
    return balanced_accuracy_score(pool.y_test, said)


def starts(pool, seed):
    """Rows labelled in the beginning."""
    rng = np.random.default_rng(seed)
    yield "random", rng.permutation(pool.y.size)[: pool.n_initial]
    for kind in ("typicality", "coverage"):
        strategy = DiverseMarginQuery(cold_start=kind, random_state=seed)
        yield kind, strategy.fit(pool.X).query(pool.n_initial)


def ways_from(start, set, pool):
    """Strategies that go on from a start."""
    if start != "random":
        return {"DiverseMarginQuery": OURS["DiverseMarginQuery"]}
    return OURS | (THEIRS if peers is not None and set in LONGEST else {})


def measure(set, seed):
    pool = pool_of(set, seed)
    if pool is None:
        return []
    rows, least = [], None
    for start, known in starts(pool, seed):
        if least is None:
            least = area(Ours(RandomQuery()), pool, known, seed)
        for name, way in ways_from(start, set, pool).items():
            reached = area(way, pool, known, seed)
            row = {"role": role_of(set), "start": start, "strategy": name}
            found = {"area": reached, "area_random": least, "gain": reached - least}
            rows.append(row | found)
    return rows


def summary(rows):
    """Mean gain over the seeds with its 95 % t interval, and wins."""
    lines = []
    keys = ["role", "set", "start", "strategy"]
    for key, found in rows.groupby(keys, sort=False):
        gain = found["gain"].to_numpy()
        line = dict(zip(keys, key, strict=True)) | {
            "seeds": gain.size,
            "random": round(found["area_random"].mean(), 4),
            "gain": round(gain.mean(), 4),
        }
        if gain.size > 1:
            test = nadeau_bengio(gain, test_train_ratio=0)
            line |= {"lower": round(test.lower, 4), "upper": round(test.upper, 4)}
        lines.append(line | {"wins": int((gain > 0).sum())})
    return pd.DataFrame(lines)


def targets(rows, quick):
    if quick:
        return []
    found = rows.set_index(["set", "start", "strategy", "seed"])["gain"].sort_index()

    def gain(name, start="typicality", strategy="DiverseMarginQuery"):
        return found.loc[name, start, strategy]

    bounds = []
    for name in ("digits", "breast_cancer"):
        share = (gain(name) > 0).mean()
        bounds.append(Target(f"share of seeds better than random, {name}", share, 0.8))
    least = {"digits": 0.045, "digits, near copies": 0.03}
    for name, bound in least.items():
        bounds.append(Target(f"gain, {name}", gain(name).mean(), bound))
    rare = gain("synth, 3 % rare", "coverage").mean()
    bounds.append(Target("gain from coverage, synth, 3 % rare", rare, 0.12))
    for name in BALANCED_SETS:
        if name not in found.index.get_level_values("set"):
            continue  # its data were not given
        over = gain(name, "random") - gain(name, "random", "UncertaintyQuery")
        bounds.append(Target(f"above the margin alone, {name}", over.mean(), -0.005))
    return bounds


PART = Part(
    measure,
    "role start strategy area area_random gain",
    full=grid(seed=list(range(10)), set=LONGEST)
    + grid(seed=list(range(4)), set=[name for name in POOLS if name not in LONGEST]),
    quick=grid(seed=[0], set=("wine",)),
    tables={"Area under the learning curve less that of random rows": summary},
    targets=targets,
)
