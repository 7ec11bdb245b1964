"""The rule that chooses between remedies, and :func:`prefer_nothing` for searches."""

import math
from dataclasses import dataclass

import numpy as np

from skdataquality.compose._edit import is_remedy
from skdataquality.utils._shown import ShownResult
from skdataquality.utils._stats import holm, nadeau_bengio

LEVEL = 0.05  # of the family of all remedies, by Holm
OFF_IF_NONE = ("remedy", "X_target", "functions")


@dataclass(frozen=True, repr=False)
class Gain(ShownResult):
    """What one candidate gains over the baseline, on the same splits.

    ``difference`` is the mean of the paired differences, between ``lower`` and
    ``upper``. P values are two-sided, adjusted by Holm over all candidates, NaN if all
    differences are equal and not zero. ``minimum_detectable_gain`` would have been
    found with probability .8, at this noise. ``method`` says what was tested, splits or
    rows.
    """

    difference: float
    lower: float
    upper: float
    p_value: float
    p_adjusted: float
    minimum_detectable_gain: float
    beyond_noise: bool
    method: str


def gains_over(baseline, scores, *, test_train_ratio):
    """Compare candidates with a baseline, split by split; greater scores are better."""
    differences = [np.asarray(row, dtype=float) - baseline for row in scores]
    tests = [nadeau_bengio(d, test_train_ratio=test_train_ratio) for d in differences]
    return judge(differences, tests)


def judge(differences, tests):
    """Decide which candidates gain, each from a test of the mean of its differences."""
    adjusted = holm([test.p_value for test in tests])
    gains = []
    for d, test, p in zip(differences, tests, adjusted.tolist(), strict=True):
        # Differences without variance have no p-value: they count only if the
        # candidate is better in every single split.
        clear = bool((d > 0).all()) if math.isnan(p) else test.mean > 0 and p < LEVEL
        smallest = test.detectable_gain()
        ends = test.lower, test.upper, test.p_value
        gains.append(Gain(test.mean, *ends, p, smallest, clear, test.method))
    return gains


def rank(scores, baseline):
    """Order candidates by mean score, best first, the baseline first among equals."""
    means = [float(np.mean(row)) for row in scores]
    return sorted(range(len(means)), key=lambda i: (-means[i], i != baseline, i))


def choose(scores, baseline, candidates, *, test_train_ratio):
    """Choose the best candidate that beats the baseline, else the baseline.

    The ``candidates``, row numbers of ``scores``, make up Holm's family.
    """
    gains = gains_over(
        scores[baseline],
        [scores[i] for i in candidates],
        test_train_ratio=test_train_ratio,
    )
    winners = {
        i for i, gain in zip(candidates, gains, strict=True) if gain.beyond_noise
    }
    return next((i for i in rank(scores, baseline) if i in winners), baseline)


def prefer_nothing(cv_results, *, metric=None, test_train_ratio=None):
    """Choose among remedies, or none, for ``GridSearchCV(refit=...)``.

    The best candidate that beats "nothing" beyond noise: its paired difference is
    positive and significant by the Nadeau-Bengio test, adjusted by Holm over all
    candidates that are not "nothing". Otherwise "nothing".

    Parameters
    ----------
    cv_results : dict
        ``cv_results_`` of a search.
    metric : str, default=None
        Name of the metric; needed with several.
    test_train_ratio : float, default=None
        Test rows over training rows of a split. None is that of one k-fold
        cross-validation, ``1 / (n_splits - 1)``. For repeated or other splits pass it
        by :func:`functools.partial`.

    Returns
    -------
    best_index : int

    Raises
    ------
    ValueError
        If no candidate is "nothing", the metric is unclear, or a score is NaN.

    See Also
    --------
    compare_remedies : The choice by rows instead of splits, which sees smaller gains.

    Notes
    -----
    A candidate is "nothing" if every parameter that can hold a remedy is off:

    - named ``remedy``, ``X_target`` or ``functions`` (last part of the name): off when
      None;
    - named ``strategy``: off when "none"; looked at only if some candidate has "none"
      for it, so that the strategy of an imputer is no remedy;
    - any other: on if the value is a row sampler or weighter, or an estimator in which
      a meta-estimator has one of these set, or a ``strategy`` other than "none". Other
      values, other estimators included, are off.

    The baseline is the "nothing" of the best mean.

    A search keeps scores of splits, no predictions, so that single rows cannot be
    paired and the test stays that of Nadeau and Bengio. For stable models its interval
    is about 1.4 times as wide as that of :func:`compare_remedies`, which may see gains
    that this function does not.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from sklearn.linear_model import LogisticRegression
    >>> from sklearn.model_selection import GridSearchCV
    >>> from skdataquality.compose import RemediedClassifier
    >>> from skdataquality.imbalance import ClassBalanceWeighter
    >>> from skdataquality.model_selection import prefer_nothing
    >>> X, y = load_iris(return_X_y=True)
    >>> search = GridSearchCV(
    ...     RemediedClassifier(LogisticRegression(max_iter=500)),
    ...     {"remedy": [ClassBalanceWeighter(), None]},
    ...     refit=prefer_nothing,
    ... ).fit(X, y)
    >>> search.best_params_
    {'remedy': None}
    """
    scores = _scores_by_candidate(cv_results, _choose_metric(cv_results, metric))
    if test_train_ratio is None:
        test_train_ratio = 1 / (scores.shape[1] - 1)
    is_nothing = _nothing_mask(cv_results["params"])
    if not is_nothing.any():
        raise ValueError(
            'no candidate in cv_results is "nothing": add None to the grid of remedy, '
            'X_target or functions, or "none" to that of strategy: the baseline.'
        )
    nothings = np.flatnonzero(is_nothing).tolist()
    baseline = nothings[rank(scores[nothings], 0)[0]]
    candidates = np.flatnonzero(~is_nothing).tolist()
    return int(choose(scores, baseline, candidates, test_train_ratio=test_train_ratio))


def _choose_metric(cv_results, metric):
    prefix = "mean_test_"
    known = [key.removeprefix(prefix) for key in cv_results if key.startswith(prefix)]
    if metric is None and "score" in known:
        return "score"
    if metric in known:
        return metric
    example = known[0] if known else "accuracy"
    raise ValueError(
        f"metric={metric!r}, but the metrics in cv_results are {known}: use "
        f"refit=functools.partial(prefer_nothing, metric={example!r})."
    )


def _scores_by_candidate(cv_results, metric):
    columns: list[np.ndarray] = []
    while (key := f"split{len(columns)}_test_{metric}") in cv_results:
        columns.append(np.asarray(cv_results[key], dtype=float))
    if len(columns) < 2:
        raise ValueError(
            f"cv_results has {len(columns)} split(s) of metric {metric!r}: at least 2 "
            f"are needed to tell a gain from noise; use more folds."
        )
    scores = np.stack(columns, axis=1)
    bad = np.flatnonzero(~np.isfinite(scores).all(axis=1)).tolist()
    if bad:
        raise ValueError(
            f"cv_results has NaN or infinite scores of metric {metric!r} for the "
            f"candidate(s) {bad[:5]}: set error_score='raise' to see why, then mend or "
            f"drop them."
        )
    return scores


def _nothing_mask(params):
    """Which candidates are "nothing", by their parameters."""
    switches = {
        name
        for given in params
        for name, value in given.items()
        if _last_part(name) == "strategy" and _is(value, "none")
    }
    seen = any(
        _last_part(name) in OFF_IF_NONE or name in switches or _holds_estimator(value)
        for given in params
        for name, value in given.items()
    )
    on = [
        any(_is_on(name, value, switches) for name, value in given.items())
        for given in params
    ]
    return ~np.array(on, dtype=bool) & seen


def _is_on(name, value, switches):
    last = _last_part(name)
    if last in OFF_IF_NONE:
        return value is not None
    if name in switches:
        return not _is(value, "none")
    if is_remedy(value):
        return True
    if not _holds_estimator(value):
        return False
    inside = [value, *value.get_params(deep=True).values()]
    return any(is_remedy(part) or _has_active_remedy(part) for part in inside)


def _has_active_remedy(estimator):
    """Whether a meta-estimator has a remedy, target rows or a strategy set."""
    if not _holds_estimator(estimator):
        return False
    params = estimator.get_params(deep=False)
    return "estimator" in params and (
        any(params.get(name) is not None for name in OFF_IF_NONE)
        or not _is(params.get("strategy", "none"), "none")
    )


def _holds_estimator(value):
    return hasattr(value, "get_params") and not isinstance(value, type)


def _is(value, text):
    return isinstance(value, str) and value == text


def _last_part(name):
    return name.rsplit("__", 1)[-1]
