"""From what candidates say of the rows held out to a test of each, row by row."""

import numpy as np

from skdataquality.model_selection._influence import (
    groups_to_leave_out,
    influence_of_groups,
    influence_of_rows,
)
from skdataquality.utils._frames import sorted_codes
from skdataquality.utils._stats import ROWWISE, rowwise_test, share_apart

JACKKNIFE = f"{ROWWISE}, jackknife"
MOST_AGAIN = 1000  # rows of which models are asked a second time, about
MODELS_AGAIN = 4  # that are asked: calls cost time however few the rows
MANY_VALUES = 50  # of a label are a quantity, which has no classes


def runs_of(splits, n_rows):
    """Return, for the test rows of every split, how often each was held out before.

    That is the number of the repetition, if a cross-validation is repeated. None if
    rows are not all held out equally often, or one is twice in a split.
    """
    seen, runs = np.zeros(n_rows, dtype=np.intp), []
    for _, test in splits:
        runs.append(seen[test])
        np.add.at(seen, test, 1)
        if (seen[test] != runs[-1] + 1).any():
            return None
    return runs if (seen == seen[0]).all() else None


def rows_again(splits, runs):
    """Choose rows of which four models, at most, of a single run are asked once more.

    They are those held out by the next splits, of every row one. None if there are
    several runs, which show by themselves how models differ.
    """
    if runs is None or any(run.any() for run in runs):
        return None
    step = -(-sum(len(test) for _, test in splits) // MOST_AGAIN)
    tests = [np.sort(test)[::step] for _, test in splits]
    following = [*tests[1:], tests[0]]
    n_next = -(-(len(tests) - 1) // (MODELS_AGAIN - 1))
    again = [tests[0][:0]] * len(tests)
    for asked in range(0, len(tests), n_next):
        again[asked] = np.concatenate(following[asked : asked + n_next])
    return again


def pool_again(responses, again):
    """Join what models say of the rows of ``again``, in the order of rows."""
    if again is None:
        return {}
    rows = np.sort(np.concatenate(again))
    asked = [i for i, part in enumerate(again) if part.size]
    places = [(None, np.searchsorted(rows, again[i])) for i in asked]
    once = [np.zeros(again[i].size, dtype=np.intp) for i in asked]
    told = {metric: [of[i] for i in asked] for metric, of in responses.items()}
    return pool(told, places, once, rows.size)


def pool(responses, splits, runs, n_rows):
    """Join what the splits say to arrays of shape (n_runs, n_rows, ...), by metric.

    Metrics that share a response share the array. A metric is left out if one of its
    responses is unknown or has another shape than the others.
    """
    arrays, pooled = {}, {}
    for metric, of_splits in responses.items():
        if of_splits[0] is None or runs is None:
            continue
        key = id(of_splits[0])
        if key not in arrays:
            arrays[key] = _joined(of_splits, splits, runs, n_rows)
        if arrays[key] is not None:
            pooled[metric] = arrays[key]
    return pooled


def _joined(responses, splits, runs, n_rows):
    if any(response is None for response in responses):
        return None
    parts = [np.asarray(response) for response in responses]
    tail = parts[0].shape[1:]
    if any(
        part.shape != (len(test), *tail)
        for part, (_, test) in zip(parts, splits, strict=True)
    ):
        return None
    n_runs = 1 + max(int(run.max()) for run in runs)
    joined = np.empty((n_runs, n_rows, *tail), dtype=_smallest_type(parts))
    for part, run, (_, test) in zip(parts, runs, splits, strict=True):
        joined[run, test] = part
    return joined


def _smallest_type(parts):
    """Of whole numbers, such as classes, the signed type that just holds them."""
    dtype = np.result_type(*parts)
    if dtype.kind != "i":
        return dtype
    ends = [end for part in parts if part.size for end in (part.min(), part.max())]
    return np.result_type(*(np.min_scalar_type(min(end, -1 - end)) for end in ends))


def rowwise_tests(
    metric,
    y,
    predictions,
    differences,
    *,
    n_folds,
    clusters=None,
    weights=None,
    again=None,
):
    """Test the difference of every candidate to the baseline, the first one.

    Parameters
    ----------
    metric : tuple or None
        Function, sign and keywords of a scorer.
    y : ndarray of shape (n_rows,)
    predictions : dict of str to ndarray of shape (n_runs, n_rows, ...)
        By candidate.
    differences : dict of str to float
        By candidate without the baseline: what is tested.
    n_folds : float
        Splits of a run.
    clusters : ndarray of shape (n_rows,), default=None
    weights : ndarray of shape (n_rows,), default=None
        What rows weigh in the metric.
    again : tuple of (rows, predictions), default=None
        Some rows, and what other models of a single run say of them, by candidate.

    Returns
    -------
    tests : dict of str to PairedTest
        Empty if rows cannot be told apart under this metric or are all of one cluster.
        Without candidates that differ from the baseline in fewer rows than there are
        folds: of these the folds say as much.
    """
    if metric is None or y.ndim != 1 or predictions.keys() - {*differences} == set():
        return {}
    if clusters is not None and np.unique(clusters).size < 2:
        return {}
    method = ROWWISE
    found = _of_all(influence_of_rows, metric, y, predictions, weights)
    if found is None:
        clusters = groups_to_leave_out(_strata(y), clusters)
        method, found = (
            JACKKNIFE,
            _of_all(influence_of_groups, metric, y, predictions, clusters, weights),
        )
    if found is None:
        return {}
    baseline, *others = predictions
    apart = _shares_apart(metric, y, predictions, again, clusters, weights)
    tests = {
        name: rowwise_test(
            found[name] - found[baseline],
            differences[name],
            clusters=clusters,
            apart=apart.get(name),
            method=method,
        )
        for name in others
    }
    return {name: test for name, test in tests.items() if test.df >= n_folds - 1}


def _of_all(influence, metric, y, predictions, *options):
    """Stack the influences of every candidate, shape (n_runs, n_rows), or None."""
    found = {}
    for name, runs in predictions.items():
        rows = []
        for response in runs:
            of_run = influence(metric, y, response, *options)
            if of_run is None:
                return None
            rows.append(of_run)
        found[name] = np.stack(rows)
    return found


def _shares_apart(metric, y, predictions, again, clusters, weights):
    """Compare two models of a single run on the same rows, by candidate.

    The model that held a row out and one that did not differ in a fifth of their
    training rows if there are ten folds, like those of two runs.
    """
    if again is None:
        return {}
    rows, told = again
    twice = {
        name: np.concatenate([predictions[name][:1, rows], told[name]]) for name in told
    }
    labels, of_rows = y[rows], None if clusters is None else clusters[rows]
    if weights is not None:
        weights = weights[rows]
        if not weights.any():
            return {}
    found = _of_all(influence_of_rows, metric, labels, twice, weights)
    if found is None:
        groups = groups_to_leave_out(_strata(labels), of_rows)
        found = _of_all(influence_of_groups, metric, labels, twice, groups, weights)
    if found is None or (of_rows is not None and np.unique(of_rows).size < 2):
        return {}
    baseline, *others = found
    return {
        name: share_apart(found[name] - found[baseline], of_rows, n_held_out=1)
        for name in others
    }


def _strata(y):
    """Classes, or tenths of a quantity."""
    values, codes = sorted_codes(y)
    return codes if values.size <= MANY_VALUES else codes * 10 // values.size
