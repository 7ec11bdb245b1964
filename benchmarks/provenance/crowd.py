"""The worst annotators of real crowds, found without gold labels."""

import numpy as np
from scipy.stats import spearmanr

from benchmarks._problem import Part, Target, grid
from benchmarks._tables import as_they_are
from benchmarks.weak_supervision.data import CROWDS, NO_GOLD, load_crowd
from skdataquality.provenance import ErrorAttribution
from skdataquality.weak_supervision import DawidSkene, MajorityVote

FEWEST_VOTES = 10  # on rows with gold: fewer do not tell who is truly bad
CONSENSUS = {"DawidSkene": DawidSkene, "majority": MajorityVote}


def left_out_consensus(model, votes):
    """Chance that each vote is wrong, by what the model says of its row.

    The vote itself is part of that, as it would be for a user without gold.
    """
    proba = model.predict_proba(votes)
    labels = np.unique(votes.labels)
    given = np.searchsorted(labels, votes.labels)
    return 1 - proba[votes.row_codes, given]


def measure_crowd(data, consensus):
    crowd = load_crowd(data)
    if crowd is None:
        return []
    votes = crowd.votes
    doubt = left_out_consensus(CONSENSUS[consensus]().fit(votes), votes)
    flags = doubt > 0.5
    who = votes.annotator_codes
    fitted = ErrorAttribution(max_order=1).fit(who[:, None], flags)
    shrunk = np.empty(votes.annotator_names.size)
    found = np.zeros(shrunk.size, dtype=bool)
    for line in fitted.rates_:
        shrunk[line["source"]] = line["shrunk"].estimate
        found[line["source"]] = line["finding"] == "found"
    gold = crowd.truth[votes.row_codes]
    known = gold != NO_GOLD
    n_votes = np.bincount(who[known], minlength=shrunk.size)
    wrong = np.bincount(
        who[known], votes.labels[known] != gold[known], minlength=shrunk.size
    )
    chosen = np.flatnonzero(n_votes >= FEWEST_VOTES)
    truth = wrong[chosen] / n_votes[chosen]
    ours, raw = (
        shrunk[chosen],
        np.bincount(who, flags)[chosen] / np.bincount(who)[chosen],
    )
    n_worst = min(10, max(1, round(chosen.size / 10)))
    return [
        {
            "annotators": chosen.size,
            "spearman": spearmanr(ours, truth).statistic,
            "spearman_raw": spearmanr(raw, truth).statistic,
            "worst": n_worst,
            "overlap": overlap(ours, truth, n_worst),
            "overlap_raw": overlap(raw, truth, n_worst),
            "overlap_by_chance": n_worst / chosen.size,
            "found": int(found[chosen].sum()),
            "found_above_median": float(
                (truth[found[chosen]] > np.median(truth)).mean()
                if found[chosen].any()
                else np.nan
            ),
        }
    ]


def overlap(score, truth, n_worst):
    """Share of the truly worst that are among the worst by a score.

    Annotators tied at the edge of the truly worst all count as such.
    """
    by_score = np.argsort(-score, kind="stable")[:n_worst]
    edge = np.sort(truth)[-n_worst]
    return float((truth[by_score] >= edge).mean())


def targets(rows, quick):
    if quick:
        return []
    mine = rows[rows["consensus"] == "DawidSkene"].set_index("data")
    return [
        Target("rank correlation, worst set", mine["spearman"].min(), 0.6),
        Target("overlap of the worst, mean", mine["overlap"].mean(), 0.6),
    ]


PART = Part(
    measure_crowd,
    "annotators spearman spearman_raw worst overlap overlap_raw overlap_by_chance "
    "found found_above_median",
    full=grid(data=CROWDS, consensus=CONSENSUS),
    quick=grid(data=["drawn"], consensus=["DawidSkene"]),
    tables={
        f"Annotators with {FEWEST_VOTES} votes or more on rows with gold: rank "
        "correlation of shrunk (or raw) rates of disagreement with a consensus, "
        "estimated without gold, with error rates against gold; and the share of the "
        "truly worst tenth (ten at most) among the worst by these.": as_they_are
    },
    targets=targets,
)
