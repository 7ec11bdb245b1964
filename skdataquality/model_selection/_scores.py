"""From fits on all splits to scores and row-wise tests by metric."""

import numpy as np

from skdataquality.model_selection._held_out import score_held_out, scorers_of
from skdataquality.model_selection._rowwise import rowwise_tests
from skdataquality.model_selection._shown import NOTHING
from skdataquality.utils._sklearn import metric_of, takes_weight


def score_candidate(name, candidate, X, y, splits, scoring, n_jobs, weights, classes):
    """Fit and score one candidate on all splits; probabilities are of "nothing"."""
    classes = classes if name == NOTHING else None
    try:
        scorers = scorers_of(candidate, scoring)
        held = score_held_out(
            candidate, X, y, splits, scorers, n_jobs, weights, classes
        )
    except Exception as error:
        error.add_note(f"This happened in compare_remedies, remedy {name!r}.")
        raise
    for metric, values in held.scores.items():
        bad = np.flatnonzero(~np.isfinite(values)).tolist()
        if bad:
            raise ValueError(
                f"scoring={metric!r} is NaN or infinite for remedy {name!r} in "
                f"split(s) {bad[:5]}: a class may be missing there; use fewer "
                f"folds or another metric."
            )
    return held


def by_metric(by_name):
    """Turn scores and predictions from by remedy, then metric, to the other order.

    Without predictions of a metric from every remedy there is nothing to pair.
    """
    metrics = list(by_name[NOTHING][0])
    scores = {m: {n: own[m] for n, (own, *_) in by_name.items()} for m in metrics}
    predictions = {
        m: {n: said[m] for n, (_, said, _) in by_name.items()}
        for m in metrics
        if all(m in said for _, said, _ in by_name.values())
    }
    return scores, predictions


def row_tests(scorers, y, scores, predictions, clusters, weights=None):
    tests = {}
    for metric, said in predictions.items():
        means = {
            name: float(np.mean(values - scores[metric][NOTHING]))
            for name, values in scores[metric].items()
            if name != NOTHING
        }
        tests[metric] = rowwise_tests(
            metric_of(scorers[metric]),
            np.asarray(y),
            said,
            means,
            n_folds=scores[metric][NOTHING].size / len(said[NOTHING]),
            clusters=clusters,
            weights=weights if takes_weight(scorers[metric]) else None,
        )
    return tests
