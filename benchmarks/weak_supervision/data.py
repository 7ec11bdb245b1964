"""Votes with gold labels: of annotators, of labelling functions, and drawn ones.

The folder that ``--data`` names holds crowd sets in ``crowd`` and, in ``weak``, sets of
labelling functions as the WRENCH benchmark writes them: ``NAME/train.json`` and so on.
"""

import json
from dataclasses import dataclass

import numpy as np
import pandas as pd

from benchmarks._real_tables import folder
from skdataquality.weak_supervision import LongVotes

NO_GOLD = -1


def _texts(name):
    table = np.loadtxt(folder() / f"crowd/{name}_crowd.txt", dtype=int)
    votes = pd.DataFrame(table, columns=["task", "worker", "label"])
    truth = np.loadtxt(folder() / f"crowd/{name}_truth.txt", dtype=int)
    return votes, pd.Series(truth[:, 1], index=truth[:, 0])


def _gold_in_column(name, *more):
    path = folder() / f"crowd/{name}.csv"
    columns = ["worker", "task", "label", "gold", *more]
    table = pd.read_csv(path, header=None, names=columns)
    return table[["task", "worker", "label"]], table.groupby("task")["gold"].first()


def _d_product():
    votes = pd.read_csv(folder() / "crowd/D_Product_answer.csv")
    truth = pd.read_csv(folder() / "crowd/D_Product_truth.csv")
    votes.columns = ["task", "worker", "label"]
    return votes, truth.set_index("question")["truth"]


CROWDS = {
    "bluebird": lambda: _texts("bluebird"),
    "rte": lambda: _texts("rte"),
    "D_Product": _d_product,
    "SP": lambda: _gold_in_column("SP"),
    "ZenCrowd_all": lambda: _gold_in_column("ZenCrowd_all", "seconds"),
}
WEAK = ("youtube", "sms", "trec")


@dataclass(frozen=True)
class Crowd:
    """Votes in long form and the true labels of the rows, in their order.

    Attributes
    ----------
    frame : DataFrame
        Columns task, worker and label, one vote per task and worker, the last.
    votes : LongVotes
        The same.
    truth : ndarray of shape (n_rows,)
        Of the distinct tasks, sorted; NO_GOLD where it is not known.
    """

    frame: pd.DataFrame
    votes: LongVotes
    truth: np.ndarray

    @property
    def tasks(self):
        """Names of the rows."""
        return self.votes.row_names

    @property
    def wide(self):
        """Codes of labels, NO_GOLD where there is no vote, and the labels."""
        labels, codes = np.unique(self.votes.labels, return_inverse=True)
        votes = np.full((self.tasks.size, self.votes.annotator_names.size), NO_GOLD)
        votes[self.votes.row_codes, self.votes.annotator_codes] = codes
        return votes, labels


def load_crowd(name):
    """Return a Crowd; None without data."""
    if name not in CROWDS:
        return _drawn_crowd()
    if not (folder() / "crowd").is_dir():
        return None
    return _crowd(*CROWDS[name]())


def _crowd(frame, gold):
    frame = frame.drop_duplicates(["task", "worker"], keep="last")
    columns = (frame[name].to_numpy() for name in ("task", "worker", "label"))
    votes = LongVotes(*columns)
    truth = gold.reindex(votes.row_names).fillna(NO_GOLD).to_numpy().astype(int)
    return Crowd(frame, votes, truth)


def _drawn_crowd():
    votes, truth = draw_votes(600, np.full(15, 0.75), 2, coverage=0.4)
    task, worker = np.nonzero(votes != NO_GOLD)
    labels = votes[task, worker]
    frame = pd.DataFrame({"task": task, "worker": worker, "label": labels})
    return _crowd(frame, pd.Series(truth))


@dataclass(frozen=True)
class Weak:
    """One part of a set of labelling functions: texts, their votes, true labels."""

    texts: list
    votes: np.ndarray
    truth: np.ndarray

    @property
    def covered(self):
        """Mask of the rows with a vote."""
        return (self.votes != NO_GOLD).any(axis=1)


def load_weak(name, part="train"):
    """Return a Weak; None without data."""
    path = folder() / f"weak/{name}/{part}.json"
    if not path.exists():
        return None
    rows = json.loads(path.read_text("utf-8")).values()
    return Weak(
        [row["data"]["text"] for row in rows],
        np.array([row["weak_labels"] for row in rows]),
        np.array([row["label"] for row in rows]),
    )


def draw_votes(n_rows, accuracies, n_classes, *, coverage, shares=None, seed=0):
    """Return votes of sources that err alike over the other classes, and the truth."""
    rng = np.random.default_rng(seed)
    truth = rng.choice(n_classes, n_rows, p=shares)
    shape = n_rows, len(accuracies)
    wrong = (truth[:, None] + rng.integers(1, n_classes, shape)) % n_classes
    votes = np.where(rng.random(shape) < accuracies, truth[:, None], wrong)
    return np.where(rng.random(shape) < coverage, votes, NO_GOLD), truth


def draw_one_sided(n_rows, n_functions, n_classes, *, coverage, shares=None, seed=0):
    """Return votes of functions that know one class each, and the truth.

    Each fires at a rate of its own, `coverage` on average, and is right in a share of
    rows of its own when it does.
    """
    rng = np.random.default_rng(seed)
    shares = np.full(n_classes, 1 / n_classes) if shares is None else np.array(shares)
    truth = rng.choice(n_classes, n_rows, p=shares)
    knows = np.arange(n_functions) % n_classes
    rate = rng.uniform(0.5, 1.5, n_functions) * coverage
    right = rng.uniform(0.6, 0.95, n_functions)
    own, other = shares[knows], 1 - shares[knows]
    fires = np.where(
        truth[:, None] == knows, rate * right / own, rate * (1 - right) / other
    )
    is_vote = rng.random((n_rows, n_functions)) < fires
    return np.where(is_vote, knows, NO_GOLD), truth
