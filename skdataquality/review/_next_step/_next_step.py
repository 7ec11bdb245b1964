"""Relabel, label, collect or stop: :func:`next_step`."""

from dataclasses import dataclass

import numpy as np
from sklearn.base import is_regressor
from sklearn.metrics import check_scoring

from skdataquality.active_learning._marks import read_part_labels
from skdataquality.compose._default import default_model
from skdataquality.label_noise._detectors import verdicts_of
from skdataquality.review._next_step._choice import choose
from skdataquality.review._next_step._gains import LEVEL, gains_of
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
from skdataquality.review._next_step._true_labels import fit_true_labels
from skdataquality.utils._draws import draw_seed, own_rng
from skdataquality.utils._duplicate_rows import repeated_rows
from skdataquality.utils._first_guesses import wrong_object
from skdataquality.utils._fits import default_fit
from skdataquality.utils._folds import out_of_fold, repeated_splits
from skdataquality.utils._sklearn import num_samples, take_rows
from skdataquality.utils._stats import Interval
from skdataquality.utils._validation import check_feature_frame, check_same_length
from skdataquality.verified import check_is_verified

GUESS_REPEATS = 2
TRIAL_FOLDS, TRIAL_REPEATS = 4, 5


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
    min_gain=0.002,
    n_jobs=None,
    random_state=0,
):
    check_new_labels(new_labels)
    check_min_gain(min_gain)
    _check_estimator(estimator)
    check_feature_frame(X, y)
    n_rows = num_samples(X)
    check_same_length(X=X, y=y, groups=groups)
    labels = read_part_labels(y, n_rows, unlabeled=unlabeled)
    check_enough_labels(labels, n_rows)
    rows = labels.rows
    at_hand = n_rows - rows.size + _pool_size(X_pool)
    affordable, costs = affordable_rows(budget, costs, rows.size, at_hand)
    codes, rng = labels.codes[rows], own_rng(random_state)
    verdicts = verdicts_of(_of_labeled(verified, y, labels), codes, labels.classes)
    kinds = kinds_to_collect(codes, labels.classes, groups, rows)
    X = take_rows(X, rows)
    model = default_model(X) if estimator is None else estimator
    with default_fit(estimator is None):
        guesses = _Guesses.of(
            model, X, labels.classes, codes, cv=cv, n_jobs=n_jobs, rng=rng
        )
        truth = guesses.true_labels(codes, verdicts)
        table = Table(
            estimator=model,
            X=X,
            classes=labels.classes,
            codes=verdicts.codes,
            place=guesses.places(codes, verdicts),
            scorer=check_scoring(model, scoring=scoring),
            review_share=affordable.review / rows.size,
            label_share=affordable.label / rows.size,
            right_new_labels=new_labels == "verified",
            collect=kinds,
        )
        truths = [truth.draw(own_rng(draw_seed(rng))) for _ in guesses.splits]
        trials = run_trials(
            table, truths, guesses.splits, seed=draw_seed(rng), n_jobs=n_jobs
        )
    n_trained = np.mean([len(train) for train, _ in guesses.splits])
    sizes = {name: int(mask.sum()) for name, mask in kinds.items()}
    gains = gains_of(trials, affordable, costs, sizes, n_trained, rows.size)
    return _result(gains, trials, min_gain, new_labels, at_hand)


@dataclass(frozen=True, eq=False)
class _Guesses:
    """Out-of-fold probabilities of the labelled rows, and the folds of the trials."""

    proba: np.ndarray
    splits: list

    @classmethod
    def of(cls, model, X, classes, codes, *, cv, n_jobs, rng):
        repeats = cv is None or isinstance(cv, int | np.integer)
        duplicates = repeated_rows(X)
        found = out_of_fold(
            model,
            X,
            classes[codes],
            cv=cv,
            duplicate_groups=duplicates,
            n_repeats=GUESS_REPEATS if repeats else 1,
            n_jobs=n_jobs,
            random_state=draw_seed(rng),
        )
        splits, _ = repeated_splits(
            X,
            codes,
            cv=TRIAL_FOLDS if repeats else cv,
            n_repeats=TRIAL_REPEATS if repeats else 1,
            duplicate_groups=duplicates,
            random_state=draw_seed(rng),
        )
        return cls(found.proba, splits)

    @property
    def covered(self):
        return ~np.isnan(self.proba[:, 0])

    def true_labels(self, codes, verdicts):
        """What the true labels may be; a row without a prediction keeps the given."""
        known = np.ones(self.proba.shape, dtype=bool)
        settled = verdicts.is_right | (verdicts.codes != codes) | ~self.covered
        known[settled] = np.eye(known.shape[1], dtype=bool)[verdicts.codes[settled]]
        wrong = np.flatnonzero(verdicts.is_wrong & ~settled)
        known[wrong, codes[wrong]] = False
        proba = np.where(self.covered[:, None], self.proba, 1 / known.shape[1])
        return fit_true_labels(codes, proba, known=known)

    def places(self, codes, verdicts):
        """Place of each row in the order of review; verified ones come last."""
        own = self.proba[np.arange(codes.size), codes]
        others = self.proba.copy()
        others[np.arange(codes.size), codes] = -1
        doubt = np.where(self.covered, others.max(axis=1) - own, -np.inf)
        doubt[verdicts.is_verified] = -np.inf
        places = np.empty(codes.size, dtype=np.intp)
        places[np.argsort(-doubt, kind="stable")] = np.arange(codes.size)
        return places


def _result(gains, trials, min_gain, new_labels, at_hand):
    rates = np.array([trial.rate for trial in trials])
    choice = choose(gains, rates, min_gain=min_gain)
    error_rate = _spread(rates, "rates drawn for the trials")
    wrong = _spread(
        np.array([trial.found for trial in trials]), "rates drawn for the trials"
    )
    order = sorted(gains, key=lambda gain: -gain.interval.estimate)
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
            for g in order
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
    """Verified labels, numbered among the labelled rows."""
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
