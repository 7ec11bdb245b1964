"""Do class shares differ? Predicted classes, or labels of target rows, compared."""

import numpy as np
from scipy import stats

from skdataquality.shift._detection import independence_of
from skdataquality.shift._label_shift import estimate_prior
from skdataquality.shift._lens._parts import Part
from skdataquality.utils._stats import Interval, cauchy_combination

SHARES = "class shares"
MOST_CLASSES = 20
LARGEST_RATIO = 1.5  # of a class share: a rare class may double and move few rows
DISAGREE = (
    "Two estimates of the class shares of target rows disagree: P(x | y) has "
    "changed too, or the model is ill calibrated."
)
ASSUMED = "The expected class shares assume that P(x | y) is the same in target rows."


def label_prior_part(codes, target_codes, oof, tests, *, overlap, min_effect, seed=0):
    """Test whether class shares differ, and estimate those of target rows.

    Parameters
    ----------
    codes : ndarray of shape (n_samples,), int
        Columns of ``oof``.
    target_codes : ndarray of shape (n_target,), int
        -1 where the label is unknown.
    oof : OutOfFold
        With ``new_proba``.
    tests : CovariateTests
        Says which rows are independent.
    overlap : bool
        Nothing is expected where rows do not: the model was never there.
    min_effect : float
        Share of the rows that must be of another class.

    Returns
    -------
    part : Part
    shares : ndarray of shape (n_classes,)
        Of target rows; those of training rows where nothing is expected.
    """
    known = target_codes >= 0
    rows, theirs = tests.rows.rows, tests.rows.target_rows
    prior = estimate_prior(
        oof.proba[rows],
        codes[rows],
        oof.new_proba[:, theirs],
        target_codes=target_codes[theirs] if known[theirs].any() else None,
    )
    p_value = prior.p_value
    if independence_of(tests.rows).kind:
        p_value = label_prior_test(codes, target_codes, oof, tests, seed)
    seen = np.bincount(target_codes[known], minlength=prior.training.size)
    shares = prior.estimate if overlap else prior.training
    if known.any():
        shares = seen / known.sum()
    limits: tuple = (ASSUMED,) if overlap else ()
    if overlap and not prior.agree:
        limits += (DISAGREE,)
    part = Part(
        p_value=p_value,
        p_relevant=p_value if _matters(prior.training, shares, min_effect) else 1.0,
        numbers={"p_label_prior": p_value},
        evidence={SHARES: _table(prior, oof.classes, known, seen, overlap)},
        limits=limits,
    )
    return part, shares


def _matters(training, shares, min_effect):
    moved = np.abs(training - shares).sum() / 2
    least, most = np.sort(np.stack([training, shares]), axis=0)
    rare = (most > LARGEST_RATIO * least) & (np.abs(most - least) > min_effect / 5)
    return moved >= min_effect or bool(rare.any())


def _table(prior, classes, known, seen, overlap):
    order = np.argsort(-np.abs(prior.training - prior.estimate), kind="stable")
    order = np.sort(order[:MOST_CLASSES])
    lines = []
    for code in order.tolist():
        expected = None
        if overlap and np.isfinite(prior.interval[code]).all():
            lower, upper = prior.interval[code].tolist()
            share = float(np.clip(prior.estimate[code], lower, upper))
            expected = Interval(share, lower, upper, f"{prior.method}, normal")
        line = {
            "class": classes[code : code + 1].tolist()[0],
            "training_share": float(prior.training[code]),
            "expected_target_share": expected,
        }
        if known.any():
            line["target_share"] = float(seen[code] / known.sum())
        lines.append(line)
    return lines


def label_prior_test(codes, target_codes, oof, tests, seed=0):
    """P value that class shares are the same, of rows that depend on each other.

    The classes that each fold's model predicts for its held-out training rows and for a
    part of the target rows of its own are compared by a chi-squared test, and combined
    by Cauchy; where target labels are known, the labels themselves are compared. Rows
    count as few as they are worth.
    """
    rows, theirs = tests.rows.rows, tests.rows.target_rows
    known = target_codes[theirs] >= 0
    if known.any():
        both = np.r_[codes[rows], target_codes[theirs]]
        share = _share(both, tests)
        return homogeneity(codes[rows], target_codes[theirs][known], share)
    ours = np.where(oof.covered, oof.proba.argmax(axis=1), -1)
    mean = np.nanmean(oof.new_proba, axis=0)[theirs].argmax(axis=1)
    share = _share(np.r_[ours[rows], mean], tests)
    is_tested = np.zeros(codes.shape[0], dtype=bool)
    is_tested[rows] = True
    part = np.random.default_rng(seed).permutation(theirs.size) % len(oof.splits)
    p_values = [
        homogeneity(
            ours[test[oof.covered[test] & is_tested[test]]],
            oof.new_proba[fold][theirs[part == fold]].argmax(axis=1),
            share,
        )
        for fold, (_, test) in enumerate(oof.splits)
        if np.isfinite(oof.new_proba[fold]).all()
    ]
    # a p value of 1 from a coarse test must not decide alone
    return cauchy_combination(np.minimum(p_values, 1 - 0.5 / len(p_values)))


def homogeneity(first, second, share=1.0):
    """P value that two samples of labels have the same distribution.

    Fisher's exact test of two classes, Pearson's chi-squared test of more; of rows that
    are worth a ``share`` of them with the first-order correction of Rao and Scott
    (1981).
    """
    labels, codes = np.unique(np.concatenate([first, second]), return_inverse=True)
    sides = codes[: first.shape[0]], codes[first.shape[0] :]
    if labels.size < 2 or not all(side.size for side in sides):
        return 1.0
    table = np.stack([np.bincount(side, minlength=labels.size) for side in sides])
    if share < 1:
        counted = share * table
        return float(stats.chi2_contingency(counted, correction=False).pvalue)
    if labels.size == 2:
        return float(stats.fisher_exact(table).pvalue)
    return float(stats.chi2_contingency(table).pvalue)


def _share(codes, tests):
    """Share of the rows that says as much of the classes, -1: unknown."""
    dependence = independence_of(tests.rows)
    if not dependence.kind:
        return 1.0
    shares = [
        dependence.share(np.where(codes < 0, np.nan, codes == k), tests.rows.is_target)
        for k in np.unique(codes[codes >= 0])
    ]
    return float(min(shares, default=1.0))
