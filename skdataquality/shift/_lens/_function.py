"""Do target rows differ from training rows, and how? :func:`shift_lens`."""

from functools import partial

import numpy as np
from sklearn.base import BaseEstimator

from skdataquality.shift._detection import (
    FEWEST_ROWS,
    MIN_EFFECT,
    covariate_tests,
    is_sorted_by,
)
from skdataquality.shift._lens._ages import BY_AGE, by_age
from skdataquality.shift._lens._concept_part import (
    LABEL_THESE,
    concept_part,
    lines_to_label,
    rows_to_label,
    say_invisible,
)
from skdataquality.shift._lens._costs import accuracy_part, error_part
from skdataquality.shift._lens._covariate import (
    TOO_NARROW,
    are_alike,
    covariate_part,
)
from skdataquality.shift._lens._examined import Examined, is_of_numbers
from skdataquality.shift._lens._findings import Findings, put_together
from skdataquality.shift._lens._label_prior import label_prior_part
from skdataquality.shift._lens._one_valued import ONE_VALUED, constant_on_one_side
from skdataquality.shift._lens._result import NumberShiftLensResult, ShiftLensResult
from skdataquality.shift._lens._reweighted import explain_by_shares
from skdataquality.shift._lens._rows_apart import tell_rows_apart
from skdataquality.shift._lens._rows_in_time import moments_of
from skdataquality.shift._ratios import SEPARABLE_AUC
from skdataquality.shift._targets import as_target_data, same_columns
from skdataquality.utils._lens import cannot_tell
from skdataquality.utils._sklearn import num_samples, take_rows
from skdataquality.utils._validation import check_same_length, check_table

MOST_WEIGHTED = 10_000  # rows of both sides that are compared once more
WITHOUT_LABELS = (
    "Without labels of training rows only features are compared: a change of class "
    "shares, or of how labels go with features (concept shift), is not seen."
)


def shift_lens(
    X,
    y=None,
    *,
    X_target,
    y_target=None,
    time=None,
    time_target=None,
    groups=None,
    groups_target=None,
    estimator=None,
    cv=None,
    oof=None,
    min_effect=MIN_EFFECT,
    n_jobs=None,
    random_state=0,
):
    """Say which kind of shift lies between training and target rows, and what mends it.

    Three kinds are tested, and their p values adjusted by Holm:

    - *covariate*: the features differ. Each column is tested alone, and all together by
      two classifiers that tell held-out target rows from training rows.
    - *label prior*: the class shares differ. What models of ``y`` say of held-out
      training rows is compared with what they say of target rows [1]_; where labels of
      target rows are known, they count. A change of class shares changes the features,
      too: where training rows, drawn to the class shares expected in target rows, look
      like target rows, "label prior" is named alone. Where that takes away less than
      half of the difference, and no label of a target row says otherwise, "covariate"
      is. Where features do not differ, but the shares of known labels do, "concept" is.
    - *concept*: labels go with the features in another way. Only labelled target rows
      can say; without them ``to_label`` names rows whose labels would.

    Rows of a series or a group resemble each other. They count as the independent rows
    that they are worth.

    Parameters
    ----------
    X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
    y : array-like of shape (n_samples,), default=None
        Classes, or numbers; without them only features are examined.
    X_target : TargetData, or like X, of shape (n_target, n_features)
    y_target : array-like of shape (n_target,), default=None
        None or NaN where a label is not known.
    time, time_target : array-like of shape (n,), default=None
        When rows were made: numbers or dates. Training rows are then listed by age, and
        rows of a side taken for a series.
    groups, groups_target : array-like of shape (n,), default=None
        Whose rows resemble each other: whole groups are compared, or each group with
        itself where both sides have most of them.
    estimator : classifier or regressor, default=None
        Model of ``y``.
    cv : int, splitter or None, default=None
        Folds of that model.
    oof : OutOfFold or OutOfFoldNumbers, default=None
        Predictions of that model, for classes with those of the target rows, if known
        already.
    min_effect : float, default=.05
        Share of rows, in [0, 1], by which distributions must differ to matter: less is
        "clear", however small the p value. A rare class whose share changes by half may
        move a fifth of that.
    n_jobs : int, default=None
    random_state : int, default=0

    Returns
    -------
    result : ShiftLensResult
        "found" at p < .01, "suspect" at p < .05. Of more than 20,000 rows some are
        compared; ``limits`` says so. Of ``y`` of numbers a NumberShiftLensResult.

    References
    ----------
    .. [1] Z. Lipton, Y. Wang, A. Smola, "Detecting and correcting for label shift with
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
    check_same_length(X=X, y=y, time=time, groups=groups)
    check_same_length(
        X_target=target.X,
        y_target=y_target,
        time_target=time_target,
        groups_target=groups_target,
    )
    n, n_target = num_samples(X), num_samples(target.X)
    if min(n, n_target) < FEWEST_ROWS:
        facts = {"rows": n, "target_rows": n_target, "fewest": FEWEST_ROWS}
        return cannot_tell(ShiftLensResult, "few_rows", **facts)
    X, rows = same_columns(X, target.X)
    time, orders = moments_of(time, time_target, n_target)
    test = partial(
        _test,
        X_target=rows,
        orders=orders,
        groups=(groups, groups_target),
        min_effect=min_effect,
        n_jobs=n_jobs,
        random_state=random_state,
        is_ordered=False if y is not None and is_sorted_by(y) else None,
    )
    tests = test(X)
    examined = Examined(
        X, y, rows, y_target, estimator, cv, n_jobs, random_state, min_effect
    )
    parts = {"covariate": covariate_part(tests)}
    found = Findings(target=target, tests=tests, parts=parts)
    if one_valued := constant_on_one_side(X, rows):
        found.evidence[ONE_VALUED] = one_valued
    if y is not None or time is not None:
        sample = tell_rows_apart(X, rows, tests, **examined.running)
    right = None
    if y is None:
        found.limits += (WITHOUT_LABELS,)
    else:
        oof = examined.predict() if oof is None else oof
        if is_of_numbers(oof):
            _add_number_parts(found, examined, oof, sample)
        else:
            right = _add_class_parts(found, examined, oof, sample, test)
        if are_alike(tests) or tests.dependence == "groups":
            found.limits += (TOO_NARROW,)
    if time is not None:
        found.evidence[BY_AGE] = by_age(time, right, sample)
    return put_together(found)


def _test(X, kept=None, *, X_target, orders, groups, **options):
    """Test features of some training rows, ``kept`` of all, against target rows."""
    ours = {"time": orders.get("time"), "groups": groups[0]}
    if kept is not None:
        ours = {k: None if v is None else np.asarray(v)[kept] for k, v in ours.items()}
    theirs = {"time_target": orders.get("time_target"), "groups_target": groups[1]}
    return covariate_tests(X, X_target, **ours, **theirs, **options)


def _add_class_parts(found, examined, oof, sample, test):
    """Add what labels that are classes tell; say which rows are predicted rightly."""
    tests, seed = found.tests, examined.random_state
    codes, target_codes = examined.codes(oof)
    auc = tests.domain_auc.estimate
    part, shares = label_prior_part(
        codes,
        target_codes,
        oof,
        tests,
        overlap=auc <= SEPARABLE_AUC,
        min_effect=examined.min_effect,
        seed=seed,
    )
    found.parts["label prior"] = part
    # of rows that depend the tests leave out columns, whose drift costs all the same
    size = None if tests.dependence else auc
    costs, decay = accuracy_part(codes, target_codes, oof, sample, size, seed)
    found.parts["costs"], found.predictions = costs, (decay,)
    _add_concept_part(found, examined, oof)
    found.is_labelled = bool((target_codes >= 0).any())
    tested = tests.rows.rows
    found.explain = lambda: explain_by_shares(
        take_rows(examined.X, tested),
        codes[tested],
        shares,
        lambda X, rows: test(X, tested[rows], most_rows=MOST_WEIGHTED),
        auc,
        seed,
    )
    right = (oof.proba.argmax(axis=1) == codes).astype(float)
    return np.where(oof.covered, right, np.nan)


def _add_concept_part(found, examined, oof):
    """Test labelled target rows; without enough of them, name some to label."""
    tests, concept = found.tests, concept_part(examined, oof, found.tests)
    found.parts["concept"] = concept
    if concept.p_value is not None or (tests.dependence and examined.n_labelled):
        return
    found.to_label = rows_to_label(examined)
    if found.to_label:
        said = say_invisible(found.to_label, examined.n_labelled, tests)
        found.limits = (said, *found.limits)
        found.evidence[LABEL_THESE] = lines_to_label(found.to_label)


def _add_number_parts(found, examined, oof, sample):
    """Add what labels that are numbers tell."""
    found.result_type = NumberShiftLensResult
    found.parts["costs"] = error_part(
        examined.y,
        oof,
        sample,
        found.tests.domain_auc.estimate,
        examined.random_state,
    )
    _add_concept_part(found, examined, None)
