"""Relabel, label, collect or stop: :func:`next_step`."""

import numpy as np
from sklearn.base import is_regressor
from sklearn.metrics import check_scoring

from skdataquality.active_learning._marks import read_part_labels
from skdataquality.compose._default import default_model
from skdataquality.label_noise._detectors import verdicts_of
from skdataquality.review._next_step._choice import choose
from skdataquality.review._next_step._gains import LEVEL, gains_of
from skdataquality.review._next_step._guesses import guess_labels
from skdataquality.review._next_step._inputs import (
    affordable_rows,
    check_enough_labels,
    check_min_gain,
    check_new_labels,
)
from skdataquality.review._next_step._kinds import kinds_to_collect
from skdataquality.review._next_step._reason import reason_of
from skdataquality.review._next_step._result import NextStep
from skdataquality.review._next_step._trials import Table, run_trials
from skdataquality.utils._draws import draw_seed, own_rng
from skdataquality.utils._duplicate_rows import repeated_rows
from skdataquality.utils._first_guesses import wrong_object
from skdataquality.utils._fits import default_fit
from skdataquality.utils._folds import repeated_splits
from skdataquality.utils._sklearn import num_samples, take_rows
from skdataquality.utils._stats import Interval
from skdataquality.utils._validation import check_feature_frame, check_same_length
from skdataquality.verified import check_is_verified

TRIAL_FOLDS, FEWEST_REPEATS, MOST_REPEATS = 4, 5, 20
SMALL = 300  # rows; trials of smaller tables vary more, and cost less


def next_step(
    X,
    y,
    *,
    budget,
    X_pool=None,
    estimator=None,
    scoring=None,
    cv=None,
    costs=None,
    verified=None,
    groups=None,
    unlabeled="auto",
    new_labels="verified",
    min_gain=0.005,
    n_jobs=None,
    random_state=0,
):
    """Say whether to relabel suspects, label new rows, collect rare ones, or stop.

    Each option is tried on the labelled rows. Which labels are wrong is not known, so
    true labels are drawn, for each trial anew, from what a model that did not see the
    row and the given label say of them; how many labels are wrong is drawn, too, from
    what is known of it. One trial puts the most doubtful labels right, as a reviewer
    would; another adds to some of the rows as many more as the budget would; others
    take away half of a rare class or group. Models are scored on the true labels that
    were drawn, of rows that they did not see.

    Parameters
    ----------
    X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
        All rows, labelled or not; handed to the estimator as they are. Or texts.
    y : array-like of shape (n_samples,)
        Labels, which may be wrong. Rows without one hold None, NaN or pd.NA, or -1
        among whole numbers.
    budget : float
        What there is to spend, in the unit of ``costs``: rows, if all cost 1.
    X_pool : like X, of shape (n_pool, n_features), default=None
        Further rows without a label. Only how many there are is used.
    estimator : classifier with ``predict_proba`` or ``decision_function``, \
            default=None
        Cloned for each fit. None is small boosting.
    scoring : str or callable, default=None
        Higher is better; computed on the true labels that were drawn. None is the
        estimator's own, accuracy. Where a rare class matters as much as the others,
        pass "balanced_accuracy": of accuracy it is a small part.
    cv : int, splitter, iterable or None, default=None
        Folds for the predictions; None is 5. A splitter or an iterable is used for the
        trials as well, one for each fold; else these are 20, up to 80 for less than 300
        rows. Copies of a row stay together.
    costs : dict, default=None
        Cost of one row to "review", to "label" and to "collect", positive; 1 where left
        out, but that of "collect" is then that of "label".
    verified : VerifiedLabels, default=None
        Labels of some rows of X that a person has checked, drawn for whatever purpose.
        They make the share of wrong labels known, which a model alone does badly.
    groups : array-like of shape (n_samples,) or (n_samples, n_columns), or data \
            frame, default=None
        Columns of groups, of which the rare ones could be collected.
    unlabeled : "auto" or label, default="auto"
        What stands for "no label", beside missing values. "auto" is -1 among whole
        numbers; False is nothing else than missing values.
    new_labels : {"verified", "as now"}, default="verified"
        Whether new rows get right labels, from the person who would review, or labels
        that are as often wrong as the present ones, where they come from.
    min_gain : float, default=0.005
        Smallest gain of the score that is worth the budget; less is "stop".
    n_jobs : int or None, default=None
        Fits at the same time; the numbers are the same for any.
    random_state : int, RandomState instance or None, default=0
        For the folds and for what is drawn.

    Returns
    -------
    result : NextStep
        Its text names the step and why, and has a table of all options.

    Raises
    ------
    ValueError
        If fewer than two classes are labelled, the budget pays for no row or for more
        than are labelled, the estimator has neither probabilities nor decisions, labels
        are no classes, verified rows are of another table, or lengths differ.

    See Also
    --------
    skdataquality.label_noise.LabelAudit : Rows to verify, for an unbiased error rate.
    skdataquality.imbalance.rows_to_collect : Rows that would make a recall precise.

    Notes
    -----
    A review is thought to be always right, and new rows to be drawn at random from
    where the labelled ones came from: a query strategy can do better. Rows that are
    collected are like those of their kind.

    Without verified rows, hard rows and wrong labels look alike to a weak model, and
    where people mislabel hard rows to any model; the intervals allow for that in part.
    They are for the gain on average over tables like this one, and were widened by what
    was measured on tables with planted errors. What is collected was not among these:
    its interval is that of the trials.

    Each trial costs four fits, and one more for each rare kind; predictions cost five
    or ten.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.linear_model import LogisticRegression
    >>> from skdataquality.datasets import make_label_errors
    >>> from skdataquality.review import next_step
    >>> rng = np.random.default_rng(0)
    >>> truth = rng.integers(0, 3, 600)
    >>> X = 2 * np.eye(3, 20)[truth] + rng.normal(size=(600, 20))
    >>> y, _ = make_label_errors(truth, 0.25, random_state=0)
    >>> result = next_step(X, y, budget=120, estimator=LogisticRegression())
    >>> result.step
    'relabel suspects'
    """
    check_new_labels(new_labels)
    check_min_gain(min_gain)
    _check_estimator(estimator)
    check_feature_frame(X, y)
    n_rows = num_samples(X)
    check_same_length(X=X, y=y, groups=groups)
    labels = read_part_labels(y, n_rows, unlabeled=unlabeled)
    check_enough_labels(labels, n_rows)
    at_hand = n_rows - labels.rows.size + _pool_size(X_pool)
    affordable, costs = affordable_rows(budget, costs, labels.rows.size, at_hand)
    codes = labels.codes[labels.rows]
    kinds = kinds_to_collect(codes, labels.classes, groups, labels.rows)
    verdicts = verdicts_of(_of_labeled(verified, y, labels), codes, labels.classes)
    X = take_rows(X, labels.rows)
    table = Table(
        estimator=default_model(X) if estimator is None else estimator,
        X=X,
        classes=labels.classes,
        codes=verdicts.codes,
        review_share=affordable.review / codes.size,
        label_share=affordable.label / codes.size,
        right_new_labels=new_labels == "verified",
        collect=kinds,
    )
    with default_fit(estimator is None):
        trials, rates = _tried(
            table, codes, verdicts, scoring, cv, n_jobs, own_rng(random_state)
        )
    sizes = {name: int(mask.sum()) for name, mask in kinds.items()}
    gains = gains_of(trials, affordable, costs, sizes)
    return _result(gains, trials, rates, codes.size, min_gain, new_labels, at_hand)


def _tried(table, given, verdicts, scoring, cv, n_jobs, rng):
    """Run the trials; return them and the share of wrong given labels in each."""
    guesses = guess_labels(
        table.estimator,
        table.X,
        table.classes,
        given,
        verdicts,
        cv=cv,
        n_jobs=n_jobs,
        rng=rng,
    )
    splits = _folds(table.X, given, cv, rng)
    truths = [guesses.true_labels.draw(own_rng(draw_seed(rng))) for _ in splits]
    trials = run_trials(
        table,
        truths,
        splits,
        place=guesses.place,
        scorer=check_scoring(table.estimator, scoring=scoring),
        seed=draw_seed(rng),
        n_jobs=n_jobs,
    )
    return trials, np.array([np.mean(truth != given) for truth in truths])


def _folds(X, codes, cv, rng):
    """Return the folds of the trials: several times four, or those of the user."""
    repeats = cv is None or isinstance(cv, int | np.integer)
    splits, _ = repeated_splits(
        X,
        codes,
        cv=TRIAL_FOLDS if repeats else cv,
        n_repeats=_repeats(codes.size) if repeats else 1,
        duplicate_groups=repeated_rows(X),
        random_state=draw_seed(rng),
    )
    return splits


def _repeats(n_rows):
    return int(np.clip(FEWEST_REPEATS * SMALL / n_rows, FEWEST_REPEATS, MOST_REPEATS))


def _result(gains, trials, rates, n_rows, min_gain, new_labels, at_hand):
    choice = choose(gains, rates, min_gain=min_gain, n_rows=n_rows)
    error_rate = _spread(rates, "rates drawn for the trials")
    wrong = _spread(
        np.array([trial.found for trial in trials]), "rates drawn for the trials"
    )
    return NextStep(
        step=choice.step,
        reason=reason_of(
            choice,
            error_rate,
            wrong,
            min_gain=min_gain,
            new_labels=new_labels,
            at_hand=at_hand,
        ),
        options=[
            {"step": g.name, "rows": g.rows, "cost": g.cost, "gain": g.interval}
            for g in choice.order
        ],
        is_clear=choice.is_clear,
        lead=choice.lead,
        rows_to_verify=choice.rows_to_verify,
        score=_spread(np.array([trial.now for trial in trials]), "trials"),
        error_rate=error_rate,
        suspects_wrong=wrong,
        new_labels=new_labels,
        min_gain=float(min_gain),
    )


def _spread(values, method):
    """Mean and the middle 90 % of what was drawn."""
    seen = values[~np.isnan(values)]
    if seen.size == 0:
        return Interval(np.nan, -np.inf, np.inf, "none could be seen", LEVEL)
    lower, upper = np.quantile(seen, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(float(seen.mean()), float(lower), float(upper), method, LEVEL)


def _of_labeled(verified, y, labels):
    """Return verified labels, numbered among the labelled rows."""
    if verified is None:
        return None
    check_is_verified(verified)
    verified.check_table(np.asarray(y))
    open_rows = verified.rows[~labels.is_labeled[verified.rows]]
    if open_rows.size:
        raise ValueError(
            f"verified holds {open_rows.size} rows without a label in y, first row "
            f"{open_rows[0]}: enter these labels in y."
        )
    return verified.take(labels.rows)


def _pool_size(X_pool):
    if X_pool is None:
        return 0
    check_feature_frame(X_pool, name="X_pool")
    return num_samples(X_pool)


def _check_estimator(estimator):
    if estimator is None:
        return
    if said := wrong_object("estimator", estimator, "estimator"):
        raise ValueError(said)
    if is_regressor(estimator) or not hasattr(estimator, "predict"):
        raise ValueError(
            f"estimator={type(estimator).__name__} is no classifier: pass one, or None."
        )
