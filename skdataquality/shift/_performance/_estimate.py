"""How well will a model do on target rows? :func:`estimate_target_performance`."""

import numpy as np
from sklearn.base import BaseEstimator, clone, is_regressor

from skdataquality.compose._default import default_model
from skdataquality.shift._performance._expected import expected_performance
from skdataquality.shift._performance._expected_numbers import expected_error
from skdataquality.shift._performance._opinions import other_opinions
from skdataquality.shift._ratios import tell_apart
from skdataquality.shift._targets import as_target_data, same_columns
from skdataquality.utils._first_guesses import wrong_object
from skdataquality.utils._fits import default_fit
from skdataquality.utils._folds import (
    aligned_proba,
    fit_on,
    numbers_out_of_fold,
    out_of_fold,
)
from skdataquality.utils._scoring import KnownScore
from skdataquality.utils._sklearn import num_samples
from skdataquality.utils._stats import check_open_unit
from skdataquality.utils._validation import (
    as_label_array,
    check_same_length,
    check_table,
    encode_labels,
    is_quantity,
)

FEWEST_ROWS = 20


def estimate_target_performance(
    estimator,
    X,
    y,
    *,
    X_target,
    scoring="accuracy",
    cv=None,
    oof=None,
    groups=None,
    level=0.9,
    n_jobs=None,
    random_state=0,
):
    """Estimate the score of a model on target rows without their labels.

    The model is asked about training rows that it did not see, and about the target
    rows. Classifiers are judged by calibrated confidence [1]_: each target row counts
    once for each label, as much as this label is likely, so that any metric can be
    computed that takes weights. How likely it is, is said best not by the model that is
    judged alone, which is overconfident where it errs, but by several that seldom err
    in the same rows: a logistic regression and randomised trees are asked as well, and
    all three are mixed as they foretell held-out labels (a linear opinion pool [5]_),
    and calibrated on held-out training rows weighted towards the target rows [2]_. What
    that gives, but no more than the held-out score and its standard error, is
    recommended. Beside it stand the confidence of the model alone, importance weighting
    [3]_ of held-out training rows, and for accuracy average-threshold confidence [4]_.
    Regressors are judged by importance weighting alone.

    Parameters
    ----------
    estimator : classifier or regressor, or None
        None is the default model: small boosting for most tables.
    X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
    y : array-like of shape (n_samples,)
    X_target : TargetData, or like X, of shape (n_target, n_features)
        Its labels, if it has some, are not looked at.
    scoring : str or callable, default="accuracy"
        Scorer of a metric that takes ``sample_weight``. Greater is better.
    cv : int, splitter or None, default=None
        Folds of the model; None is 5 stratified ones.
    oof : OutOfFold or OutOfFoldNumbers, default=None
        Predictions of the model, if known already; with ``new_proba`` of the target
        rows it is not fitted. The other models are.
    groups : array-like of shape (n_samples,), default=None
        Rows of one group stay in one fold.
    level : float, default=0.9
        Confidence level of the intervals, in (0, 1).
    n_jobs : int, default=None
    random_state : int, default=0

    Returns
    -------
    performance : TargetPerformance
        ``estimate`` with its interval, ``methods``, and ``verdict``: "cannot tell"
        where the shift is large.

    Raises
    ------
    ValueError
        If a side has fewer than 20 rows, y holds one class only, or ``scoring`` does
        not take weights or does not fit y.

    See Also
    --------
    shift_lens : Tells whether, and how, target rows differ.

    Notes
    -----
    Every method assumes that P(y | x) is the same for target rows. It never quite is:
    under real shifts scores are lower than expected more often than higher. The
    interval is therefore as long as real shifts of the same size (domain AUC) have
    made it, longer below than above; most of them of accuracies of boosting on small
    tables. For regressors it is a rule of thumb, several times as long below, and
    without a lower end where the shift is large. No unlabelled row shows a change of
    P(y | x), such as labels under a new rule: label some target rows and compare where
    it matters.

    Where target rows are easier than training rows the recommended estimate is too low:
    it hardly exceeds the held-out score, because models rarely gain by a real shift. If
    only P(x) can have changed, "several models" in ``methods`` is better.

    The other models cost about as much time as twice the small boosting; a tree learns
    from at most 10,000 rows. They are left out where columns cannot be made numbers
    (text in a data frame without skrub).

    Labels are taken to be predicted by the largest probability, whatever threshold an
    estimator has.

    References
    ----------
    .. [1] C. Guillory et al., "Predicting with confidence on unseen distributions",
       ICCV 2021; NannyML calls it CBPE.
    .. [2] J. Bialek et al., "Estimating model performance under covariate shift
       without labels", arXiv 2401.08348 (PAPE).
    .. [3] M. Sugiyama, M. Krauledat, K.-R. Mueller, "Covariate shift adaptation by
       importance weighted cross validation", JMLR 8, 2007.
    .. [4] S. Garg et al., "Leveraging unlabeled data to predict out-of-distribution
       performance", ICLR 2022.
    .. [5] M. Stone, "The opinion pool", Annals of Mathematical Statistics 32, 1961.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.linear_model import LogisticRegression
    >>> from skdataquality.shift import estimate_target_performance
    >>> rng = np.random.default_rng(0)
    >>> def draw(center, n):
    ...     X = rng.normal(center, 1, size=(n, 2))
    ...     return X, (X[:, 0] + rng.logistic(size=n) > 0).astype(int)
    >>> X, y = draw([1, 0], 1000)
    >>> X_target, y_target = draw([0, 0], 1000)
    >>> model = LogisticRegression()
    >>> expected = estimate_target_performance(model, X, y, X_target=X_target)
    >>> expected.verdict
    'expected'
    >>> true = model.fit(X, y).score(X_target, y_target)
    >>> bool(expected.estimate.lower < true < expected.estimate.upper)
    True
    >>> bool(expected.estimate.estimate < expected.held_out.estimate)
    True
    """
    check_open_unit("level", level)
    if estimator is not None and (
        said := wrong_object("estimator", estimator, "estimator")
    ):
        raise ValueError(said)
    target = as_target_data(X_target)
    X = check_table(BaseEstimator(), X, y)
    check_same_length(X=X, y=y, groups=groups)
    _check_rows(num_samples(X), num_samples(target.X))
    X, X_target = same_columns(X, target.X)
    is_numbers = _are_numbers(estimator, y, scoring)
    KnownScore(scoring, None if is_numbers else _classes(y))  # or it raises at once
    apart = tell_apart(X, X_target, n_jobs=n_jobs, random_state=random_state)
    _check_told_apart(apart)
    model = (
        default_model(X, regression=is_numbers, X_target=X_target)
        if estimator is None
        else estimator
    )
    running = {"n_jobs": n_jobs, "random_state": random_state}
    folds = {"cv": cv, "groups": groups, **running}
    said = {"scoring": scoring, "level": level}
    if is_numbers:
        y = np.asarray(y, dtype=float)
        if oof is None:
            with default_fit(estimator is None):
                oof = numbers_out_of_fold(model, X, y, **folds)
        return expected_error(oof, y, apart, **said)
    with default_fit(estimator is None):
        oof, codes, new_proba = _asked(model, X, y, X_target, oof, folds)
    del folds["random_state"]
    others = other_opinions(X, codes, X_target, oof, apart.pooled, **folds)
    return expected_performance(
        oof,
        codes,
        apart,
        new_proba=new_proba,
        others=others,
        random_state=random_state,
        **said,
    )


def _asked(model, X, y, X_target, oof, folds):
    """Return what models say of held-out rows, codes of labels, and P of target rows.

    The model fitted on all rows is asked about target rows, if it has probabilities;
    otherwise, and where ``oof`` is given with its own, those of the folds.
    """
    y = as_label_array(y)
    if oof is not None:
        codes = encode_labels(y, classes=oof.classes)[1]
        check_same_length(oof=oof.proba[:, 0], y=y)
        if oof.new_proba is not None:
            check_same_length(X_target=X_target, new_proba=oof.new_proba[0, :, 0])
            return oof, codes, None
    classes, codes = encode_labels(y)
    has_proba = hasattr(model, "predict_proba")
    if oof is None:
        new = None if has_proba else X_target
        oof = out_of_fold(model, X, y, X_new=new, **folds)
    if not has_proba:
        if oof.new_proba is None:
            raise ValueError(
                f"oof has no predictions of target rows, and "
                f"{type(model).__name__} no predict_proba: leave out oof."
            )
        return oof, codes, None
    rows = np.arange(codes.shape[0])
    fitted = fit_on(clone(model), X, classes[codes], rows, {})
    return oof, codes, aligned_proba(fitted, X_target, classes)


def _classes(y):
    classes = encode_labels(y)[0]
    if classes.shape[0] < 2:
        raise ValueError(
            f"y holds one class only ({classes.tolist()[0]!r}): there is nothing to "
            f"predict; pass rows of at least two classes."
        )
    return classes


def _are_numbers(estimator, y, scoring):
    """Whether y is predicted as numbers; refuse the default score of labels then."""
    is_numbers = is_quantity(y) if estimator is None else is_regressor(estimator)
    if is_numbers and scoring == "accuracy":
        raise ValueError(
            "scoring='accuracy' is of labels, but numbers are predicted: pass a score "
            "of numbers, such as scoring='neg_mean_absolute_error', or a classifier."
        )
    return is_numbers


def _check_rows(n_samples, n_target):
    for name, n_rows in (("X", n_samples), ("X_target", n_target)):
        if n_rows < FEWEST_ROWS:
            raise ValueError(
                f"{name} has {n_rows} row(s), too few to say how the two sides differ: "
                f"pass at least {FEWEST_ROWS}."
            )


def _check_told_apart(apart):
    if not np.isfinite(apart.proba[: apart.n_samples]).any():
        raise ValueError(
            "the rows of X or of X_target are all equal, so none can be held out: pass "
            "rows that differ."
        )
