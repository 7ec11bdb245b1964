"""How well each class is found, and its probabilities beside chance."""

import numpy as np

from skdataquality.imbalance._lens import _calls
from skdataquality.imbalance._lens._scores import (
    average_precision,
    log_loss_skill,
    mean_probability_ratio,
    scaled,
)
from skdataquality.imbalance._lens._seen import Part, share
from skdataquality.imbalance._weights import effective_number
from skdataquality.utils._stats import interval_of_draws, proportion_interval

MOST_CLASSES, MOST_CELLS = 20, 50  # in a table


def sizes_part(seen):
    """Return how uneven the classes are."""
    shares = seen.sizes[seen.sizes > 0] / seen.sizes.sum()
    entropy = float(-(shares * np.log(shares)).sum())
    return Part(
        numbers={
            "balance": entropy / np.log(shares.size),
            "rarest_effective_rows": float(effective_number(seen.sizes[seen.rarest])),
        }
    )


def calls_part(seen):
    """Return scores of the confusion matrix, and the tables of it."""
    observed = seen.counts.observed()
    draws = seen.counts.draws(seen.random_state)
    numbers = {
        name: _calls.interval(score, observed, draws)
        for name, score in (
            ("balanced_accuracy", _calls.balanced_accuracy),
            ("g_mean", _calls.g_mean),
            ("mcc", _calls.mcc),
        )
    }
    numbers["rarest_precision"] = share(
        (seen.truth == seen.rarest)[seen.predicted == seen.rarest]
    )
    cells, n_cells = _cells(seen)
    return Part(
        numbers=numbers,
        evidence={"classes": _by_class(seen, observed, draws), "confusion": cells},
        evidence_rows={"confusion": n_cells} if n_cells > len(cells) else {},
    )


def scores_part(seen):
    """Return what probabilities are worth beside those of the class shares."""
    present = _rarest_first(seen)
    lines = {k: _beside_chance(seen, k) for k in present[:MOST_CLASSES].tolist()}
    numbers = {"log_loss_skill": log_loss_skill(seen.truth, seen.proba)}
    of_rarest = lines.get(seen.rarest) or _beside_chance(seen, seen.rarest)
    for key in ("average_precision", "lift", "mean_probability"):
        numbers[f"rarest_{key}"] = of_rarest and of_rarest[key]
    title = "beside chance"
    return Part(
        numbers=numbers,
        evidence={title: list(lines.values())},
        evidence_rows={title: present.size} if present.size > len(lines) else {},
    )


def _by_class(seen, observed, draws):
    """Lines of the classes, the rarest first, for the first are shown."""
    f1, f1_draws = _calls.f1(observed), _calls.f1(draws)
    called, right = observed.called.astype(int), observed.right.astype(int)
    return [
        {
            "class": seen.label(k),
            "rows": int(seen.counts.sizes[k]),
            "precision": proportion_interval(int(right[k]), int(called[k])),
            "recall": proportion_interval(int(right[k]), int(seen.counts.sizes[k])),
            "f1": interval_of_draws(float(f1[k]), f1_draws[:, k], method=_calls.METHOD),
        }
        for k in _rarest_first(seen).tolist()
    ]


def _rarest_first(seen):
    present = np.flatnonzero(seen.counts.sizes)
    return present[np.argsort(seen.sizes[present], kind="stable")]


def _cells(seen):
    """Lines of the confusion matrix, the largest cells if there are many."""
    counts = seen.counts
    largest = np.argsort(-counts.rows, kind="stable")[:MOST_CELLS]
    lines = [
        {
            "class": seen.label(counts.given[i]),
            "called": seen.label(counts.named[i]),
            "rows": int(counts.rows[i]),
            "share_of_class": float(counts.rows[i] / counts.sizes[counts.given[i]]),
        }
        for i in np.sort(largest).tolist()
    ]
    return lines, counts.rows.size


def _beside_chance(seen, k):
    is_class = seen.truth == k
    if not is_class.any():
        return None
    scores = seen.proba[:, k]
    ranked = average_precision(is_class, scores)
    return {
        "class": seen.label(k),
        "share": float(is_class.mean()),
        "average_precision": ranked,
        "lift": scaled(ranked, 1 / float(is_class.mean())),
        "mean_probability": mean_probability_ratio(is_class, scores),
        "effective_rows": float(effective_number(seen.sizes[k])),
    }
