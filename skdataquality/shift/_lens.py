"""Do target rows differ from training rows, and how? :func:`shift_lens`."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy import stats
from sklearn.base import BaseEstimator

from skdataquality.compose._default import default_model
from skdataquality.compose._priors import class_shares, em_prior
from skdataquality.shift._detection import columns_that_differ
from skdataquality.shift._performance import check_decay
from skdataquality.shift._ratios import SEPARABLE_AUC, density_ratio, tell_apart
from skdataquality.shift._targets import as_target_data, same_columns
from skdataquality.shift._weighted import ShiftWeightedClassifier
from skdataquality.utils._fits import default_fit
from skdataquality.utils._folds import out_of_fold
from skdataquality.utils._lens import LensResult, Number, cannot_tell
from skdataquality.utils._sklearn import num_samples
from skdataquality.utils._stats import (
    SMALL_P,
    bootstrap_intervals,
    cauchy_combination,
    fold_interval,
    holm,
    mann_whitney_auc,
)
from skdataquality.utils._validation import (
    as_label_array,
    check_same_length,
    check_table,
    encode_labels,
    missing_mask,
)

DOUBTFUL_P = 0.05
FEWEST_ROWS = 20
N_RESAMPLES = 100
REASONS = {
    "shifted": "Target rows differ from training rows in {kinds} (domain AUC "
    "{auc:.2f}).",
    "no_overlap": "Target rows differ from training rows in {kinds} (domain AUC "
    "{auc:.2f}). They hardly overlap, so no weight helps: look for a column that only "
    "tells where a row comes from.",
    "doubtful": "Target rows may differ (domain AUC {auc:.2f}).",
    "alike": "Target rows look like training rows (domain AUC {auc:.2f}).",
    "grouped": "Target rows look different (domain AUC {auc:.2f}), as other groups of "
    "the same source would: rows come in groups, and target rows do not say in which.",
    "alike_rows": "rows of one side are equal, so they cannot be held out",
    "few_rows": "{rows} training and {target_rows} target rows, fewer than {fewest}",
}
WORDS = {"covariate": "features", "label prior": "class shares"}


@dataclass(frozen=True, kw_only=True, eq=False)
class ShiftLensResult(LensResult):
    """What :func:`shift_lens` returns; see ``LensResult`` for the other fields.

    Attributes
    ----------
    kinds : tuple of str
        What was found: "covariate" (the features differ), "label prior" (the class
        shares differ), both or nothing. A changed class prior changes the features
        too, so "covariate" beside "label prior" is no proof of more.
    """

    name: ClassVar[str] = "shift"
    title: ClassVar[str] = "Shift"
    reasons: ClassVar[dict[str, str]] = REASONS
    units: ClassVar[dict[str, Number]] = {
        "domain_auc": Number("AUC", "lower"),
        "accuracy_held_out": Number("share of rows", "higher"),
        "accuracy_expected_on_target": Number("share of target rows", "higher"),
        "accuracy_on_target": Number("share of labelled target rows", "higher"),
        "p_covariate": Number("p value", "higher"),
        "p_label_prior": Number("p value", "higher"),
    }

    kinds: tuple = ()


def shift_lens(
    X,
    y=None,
    *,
    X_target,
    y_target=None,
    estimator=None,
    cv=None,
    oof=None,
    n_jobs=None,
    random_state=0,
):
    """Test whether target rows come from the distribution of the training rows.

    Covariate shift: a classifier is cross-fitted to tell target from training rows. In
    each fold its held-out scores of both are compared by a Mann-Whitney test, and the
    p values are combined by the Cauchy combination [1]_, valid under dependence. Label
    prior: the classes that each fold's model of ``y`` predicts for its held-out
    training rows and for a part of the target rows of its own are compared by a
    chi-squared test [2]_, combined in the same way; where ``y_target`` is given, the
    labels themselves are compared.

    Parameters
    ----------
    X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
    y : array-like of shape (n_samples,), default=None
        Class labels; without them the label prior is not examined.
    X_target : TargetData, or like X, of shape (n_target, n_features)
    y_target : array-like of shape (n_target,), default=None
    estimator : classifier, default=None
        Model of ``y``.
    cv : int, splitter or None, default=None
        Folds of that model.
    oof : OutOfFold, default=None
        Predictions of that model, with those of the target rows, if known already.
    n_jobs : int, default=None
    random_state : int, default=0

    Returns
    -------
    result : ShiftLensResult
        "found" at p < .01, adjusted by Holm over both tests.

    References
    ----------
    .. [1] Y. Liu, J. Xie, "Cauchy combination test", JASA 115, 2020.
    .. [2] Z. Lipton, Y. Wang, A. Smola, "Detecting and correcting for label shift with
       black box predictors", ICML 2018.

    Examples
    --------
    >>> import numpy as np
    >>> from skdataquality.shift import shift_lens
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(300, 3))
    >>> shift_lens(X, X_target=rng.normal(size=(200, 3))).verdict
    'clear'
    >>> shift_lens(X, X_target=rng.normal(1, 1, size=(200, 3))).kinds
    ('covariate',)
    """
    target = as_target_data(X_target)
    y_target = target.y if y_target is None else y_target
    X = check_table(BaseEstimator(), X, y)
    check_same_length(X=X, y=y)
    check_same_length(X_target=target.X, y_target=y_target)
    if min(num_samples(X), num_samples(target.X)) < FEWEST_ROWS:
        return cannot_tell(
            ShiftLensResult,
            "few_rows",
            rows=num_samples(X),
            target_rows=num_samples(target.X),
            fewest=FEWEST_ROWS,
        )
    X, rows = same_columns(X, target.X)
    apart = tell_apart(X, rows, n_jobs=n_jobs, random_state=random_state)
    tested = _covariate_test(apart)
    if tested is None:
        return cannot_tell(ShiftLensResult, "alike_rows")
    covariate_p, auc = tested
    p_values, numbers = {"covariate": covariate_p}, {"domain_auc": auc}
    predictions: tuple = ()
    evidence = {
        "columns that differ most": columns_that_differ(
            apart.pooled, apart.is_target, random_state
        )
    }
    if y is not None:
        if oof is None:
            with default_fit(estimator is None):
                oof = out_of_fold(
                    default_model(X, X_target=rows) if estimator is None else estimator,
                    X,
                    as_label_array(y),
                    cv=cv,
                    X_new=rows,
                    n_jobs=n_jobs,
                    random_state=random_state,
                )
        n, distinct = apart.n_samples, apart.distinct
        p_values["label prior"] = _label_test(
            y, y_target, oof, distinct[:n], distinct[n:], random_state
        )
        overlap = auc.estimate <= SEPARABLE_AUC
        evidence |= {
            "class shares": _class_shares(y, y_target, oof, random_state, overlap)
        }
        accuracies, decay = _decay(
            y, y_target, oof, apart.proba[:n], auc.estimate, random_state
        )
        numbers |= accuracies
        predictions = (decay,)
    return _result(p_values, numbers, evidence, predictions, target)


def _result(p_values, numbers, evidence, predictions, target):
    adjusted = dict(zip(p_values, holm(list(p_values.values())), strict=True))
    kinds = tuple(kind for kind, p in adjusted.items() if p < SMALL_P)
    smallest = float(min(adjusted.values()))
    auc = numbers["domain_auc"]
    overlap = auc.estimate <= SEPARABLE_AUC
    if kinds:
        verdict, reason_code = "found", "shifted" if overlap else "no_overlap"
    elif smallest < DOUBTFUL_P:
        verdict, reason_code = "suspect", "doubtful"
    else:
        verdict, reason_code = "clear", "alike"
    for kind, p in p_values.items():
        numbers[f"p_{kind.replace(' ', '_')}"] = float(p)
    return ShiftLensResult(
        verdict=verdict,
        severity=float(min(1, 2 * max(auc.estimate - 0.5, 0))) if kinds else 0.0,
        reason_code=reason_code,
        summary=ShiftLensResult.sentence(
            reason_code,
            kinds=" and ".join(WORDS[kind] for kind in kinds),
            auc=auc.estimate,
        ),
        numbers=numbers,
        p_value=smallest,
        evidence=evidence,
        predictions=predictions,
        remedies=(
            (ShiftWeightedClassifier(X_target=target),) if kinds and overlap else ()
        ),
        limits=(
            "A change of P(y | x) is not tested: it needs labelled target rows.",
            "The expected class shares assume that P(x | y) is the same and the "
            "model's probabilities are calibrated.",
        ),
        named=kinds,
        kinds=kinds,
    )


def _covariate_test(apart):
    scores, is_target = apart.proba, apart.is_target
    tested = [test[apart.distinct[test]] for _, test in apart.splits]
    sides = [is_target[t].astype(bool) for t in tested]
    folds = [
        mann_whitney_auc(scores[t], side)
        for t, side in zip(tested, sides, strict=True)
        if side.any() and not side.all() and np.isfinite(scores[t]).all()
    ]
    if not folds:
        return None
    aucs, p_values = np.array(folds).T
    return _combined(p_values), fold_interval(aucs)


def _decay(y, y_target, oof, domain_proba, auc, random_state):
    """Check the prediction that accuracy is lower on target rows."""
    covered = oof.covered
    codes = encode_labels(y, classes=oof.classes)[1]
    right = (oof.proba.argmax(axis=1) == codes)[covered]
    weights = density_ratio(domain_proba[covered], oof.new_proba.shape[1])
    right_on_target = None
    if y_target is not None:
        labels = np.asarray(y_target)
        known = ~missing_mask(labels) & np.isin(labels, oof.classes)
        named = oof.classes[oof.new_proba.mean(axis=0).argmax(axis=1)]
        right_on_target = named[known] == labels[known]
    return check_decay(
        right,
        weights,
        right_on_target,
        domain_auc=auc,
        random_state=random_state,
    )


def _combined(p_values):
    """Cauchy combination; a p value of 1 from a coarse test must not decide alone."""
    p_values = np.asarray(p_values)
    return cauchy_combination(np.minimum(p_values, 1 - 0.5 / p_values.size))


def _label_test(y, y_target, oof, distinct, distinct_target, random_state):
    if y_target is not None:
        known = _known_labels(y_target)
        return _homogeneity(np.asarray(y), known)
    part = np.random.default_rng(random_state).permutation(distinct_target.shape[0])
    part = np.where(distinct_target, part % len(oof.splits), -1)
    p_values = []
    for fold, (_, test) in enumerate(oof.splits):
        held_out = test[oof.covered[test] & distinct[test]]
        ours = oof.proba[held_out].argmax(axis=1)
        theirs = oof.new_proba[fold][part == fold].argmax(axis=1)
        p_values.append(_homogeneity(ours, theirs))
    return _combined(p_values)


def _known_labels(y_target):
    """Labels that are there, of target rows that are partly labelled."""
    values = np.asarray(y_target)
    return values[~missing_mask(values)]


def _homogeneity(first, second):
    """P value that two samples of labels have the same distribution."""
    labels, codes = np.unique(np.concatenate([first, second]), return_inverse=True)
    side = np.repeat([0, 1], [first.shape[0], second.shape[0]])
    table = np.bincount(2 * codes + side, minlength=2 * labels.size).reshape(-1, 2).T
    if table.shape[1] < 2 or (table.sum(axis=1) == 0).any():
        return 1.0
    if table.shape[1] == 2:
        return float(stats.fisher_exact(table).pvalue)
    return float(stats.chi2_contingency(table).pvalue)


def _class_shares(y, y_target, oof, random_state, overlap):
    """Share of each class in training rows, and as expected in target rows.

    Nothing is expected where the rows do not overlap: the model was never there.
    """
    codes = encode_labels(y, classes=oof.classes)[1]
    k = oof.classes.shape[0]
    train = class_shares(codes, k)
    prior = oof.proba[oof.covered].mean(axis=0)
    proba = oof.new_proba.mean(axis=0)
    expected = em_prior(proba, prior)

    def shares(rows):
        return em_prior(rows, prior, start=expected, tolerance=1e-5)

    intervals: list = [None] * k
    if overlap:
        intervals = bootstrap_intervals(
            shares, proba, n_resamples=N_RESAMPLES, random_state=random_state
        )
    rows = []
    for code, interval in enumerate(intervals):
        row = {
            "class": oof.classes[code : code + 1].tolist()[0],
            "training_share": float(train[code]),
            "expected_target_share": interval,
        }
        if y_target is not None:
            known = _known_labels(y_target)
            row["target_share"] = float(np.mean(known == row["class"]))
        rows.append(row)
    return rows
