"""From fits on all splits to scores and row-wise tests by metric."""

import numpy as np

from skdataquality.model_selection._held_out import (
    LacksClassError,
    LacksResponseError,
    score_held_out,
    scorers_of,
)
from skdataquality.model_selection._rowwise import rowwise_tests
from skdataquality.model_selection._shown import NOTHING
from skdataquality.utils._sklearn import metric_of, takes_weight


def score_candidate(name, candidate, X, y, splits, scoring, n_jobs, **options):
    """Fit and score one candidate on all splits, see ``score_held_out``."""
    try:
        scorers = scorers_of(candidate, scoring)
        held = score_held_out(candidate, X, y, splits, scorers, n_jobs, **options)
    except LacksResponseError as error:
        metric, method = error.args
        raise ValueError(
            f"scoring={metric!r} needs {method}, which remedy {name!r} does not have: "
            f"use another metric, or an estimator that has it "
            f"(CalibratedClassifierCV gives predict_proba to a classifier)."
        ) from None
    except LacksClassError as error:
        raise ValueError(
            f"scoring={error.args[0]!r} has no value for remedy {name!r} in a split "
            f"where a class is missing: use fewer folds, another metric, or leave out "
            f"a class of so few rows."
        ) from error.__cause__
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
    """Turn values by remedy, then metric, to the other order.

    A metric of which a remedy has none is left out: there is nothing to pair.
    """
    return {
        metric: {name: values[metric] for name, values in by_name.items()}
        for metric in by_name[NOTHING]
        if all(metric in values for values in by_name.values())
    }


def row_tests(scorers, y, scores, predictions, clusters, *, weights=None, again=None):
    """Test every gain by rows, by metric and remedy, where this can be.

    ``again`` is None or rows, and what was said of them by metric, then remedy.
    """
    tests = {}
    rows, said_again = (None, {}) if again is None else again
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
            again=(rows, said_again[metric]) if metric in said_again else None,
        )
    return tests
