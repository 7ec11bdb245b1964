"""From a table to a diagnosis: :func:`diagnose`."""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, clone
from sklearn.utils.validation import indexable

from skdataquality.compose._base import default_classifier
from skdataquality.diagnosis._report import DataQualityReport
from skdataquality.duplicates import duplicate_groups, duplicate_lens
from skdataquality.imbalance import ImbalanceLensResult, imbalance_lens
from skdataquality.label_noise import LabelNoiseLensResult, label_noise_lens
from skdataquality.shift import TargetData, shift_lens
from skdataquality.shift._domain import is_number, same_columns
from skdataquality.utils._folds import own_rng
from skdataquality.utils._frames import as_frame, as_rows, is_frame
from skdataquality.utils._lens import cannot_tell
from skdataquality.utils._oof import OutOfFold, out_of_fold
from skdataquality.utils._progress import run_steps
from skdataquality.utils._sklearn import num_samples
from skdataquality.utils._validation import (
    as_label_array,
    check_feature_frame,
    check_same_length,
    check_table,
    is_continuous,
    known_to_be_held_out,
)

DEPTHS = ("standard", "thorough")
REPEATS = {"standard": 1, "thorough": 5}


def diagnose(
    X,
    y,
    *,
    X_target=None,
    y_target=None,
    sources=None,
    groups=None,
    estimator=None,
    cv=None,
    depth="standard",
    callbacks=(),
    n_jobs=None,
    random_state=0,
):
    """Say which training-data failure is present, how large, how sure, what to do.

    Measured in this order: duplicates, imbalance, label noise, shift. Every model-based
    number rests on out-of-fold predictions, computed once, in folds that keep exact
    duplicates together.

    Parameters
    ----------
    X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
        Numbers, missing values allowed. With text or dates pass an ``estimator``, or
        install the extra ``cli``, which encodes them.
    y : array-like of shape (n_samples,)
        Class labels of any type. With numbers only duplicates and shift are examined.
    X_target : TargetData, or like X, of shape (n_target, n_features), default=None
        Rows from where the model will be used.
    y_target : array-like of shape (n_target,), default=None
        Their labels, where known.
    sources : dict of str to array-like of shape (n_samples,), default=None
        Where each row comes from (vendor, batch, clinic); never a feature.
    groups : array-like of shape (n_samples,), default=None
        Rows of one group stay in one fold; never a feature.
    estimator : classifier, default=None
        None is small regularised gradient boosting.
    cv : int, splitter or None, default=None
        None is 5 stratified, shuffled, duplicate-aware folds.
    depth : {"standard", "thorough"}, default="standard"
        "thorough" averages the predictions of 5 repeated cross-validations.
    callbacks : sequence of scikit-learn callbacks, default=()
        For example ``sklearn.callback.ProgressBar()``.
    n_jobs : int, default=None
    random_state : int, RandomState instance or None, default=0

    Returns
    -------
    report : DataQualityReport

    Raises
    ------
    ValueError
        If lengths, labels, columns or options do not fit; nothing is computed then.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.datasets import load_breast_cancer
    >>> from skdataquality import diagnose
    >>> X, y = load_breast_cancer(return_X_y=True)
    >>> y[::12] = 1 - y[::12]  # every twelfth label is wrong
    >>> report = diagnose(np.vstack([X, X[:80]]), np.append(y, y[:80]))
    >>> report.lenses["duplicates"].verdict, report.lenses["label_noise"].verdict
    ('found', 'found')
    """
    if depth not in DEPTHS:
        raise ValueError(f"depth={depth!r} must be one of {DEPTHS}.")
    target = _as_target(X_target, y_target)
    table, y, is_discrete = _check(X, y, sources, groups)
    if isinstance(cv, str):
        raise ValueError(f"cv={cv!r} must be a number of folds or a splitter.")
    if target is not None:
        target = TargetData(same_columns(as_rows(X), target.X)[1], target.y)
    model = _estimator_for(table, estimator)
    model_is_default = estimator is None and not hasattr(model, "steps")
    examination = _Examination(
        X=as_rows(indexable(X)[0]),
        y=y,
        is_discrete=is_discrete,
        target=target,
        sources=sources or {},
        groups=groups,
        estimator=model,
        given=None if model_is_default else model,
        cv=cv,
        n_repeats=REPEATS[depth],
        n_jobs=n_jobs,
        seed=int(own_rng(random_state).randint(2**31 - 1)),
    )
    run_steps("diagnose", examination.steps(), callbacks)
    return examination.report()


def _as_target(X_target, y_target):
    if X_target is None:
        if y_target is not None:
            raise ValueError(
                "y_target was given without X_target: pass the rows it belongs to."
            )
        return None
    if isinstance(X_target, TargetData):
        if y_target is not None and X_target.y is not None:
            raise ValueError("y_target was given twice: X_target holds labels already.")
        return X_target if y_target is None else TargetData(X_target.X, y_target)
    return TargetData(X_target, y_target)


def _check(X, y, sources, groups):
    check_feature_frame(X, y)
    table = check_table(BaseEstimator(), X)
    sources = sources or {}
    if not hasattr(sources, "items"):
        raise ValueError(
            f"sources={type(sources).__name__} must be a dict of name to one value per "
            f"row, as in sources={{'clinic': clinic}}."
        )
    check_same_length(
        X=X, y=y, groups=groups, **{f"sources[{k!r}]": v for k, v in sources.items()}
    )
    if num_samples(X) < 2:
        raise ValueError(
            f"X has {num_samples(X)} row(s); a diagnosis needs at least 2, and some "
            f"dozens to say anything."
        )
    if is_continuous(y):
        return table, np.asarray(y), False
    return table, as_label_array(y), True


def _estimator_for(table, estimator):
    if estimator is not None:
        return clone(estimator)
    if is_frame(table) and not all(map(is_number, as_frame(table).schema.values())):
        return _tabular_pipeline()
    if not is_frame(table) and table.dtype.kind == "O":
        raise ValueError(
            "X is an array of objects; pass a data frame, or an estimator that takes "
            "such cells."
        )
    return default_classifier()


def _tabular_pipeline():
    try:
        from skrub import tabular_pipeline
    except ImportError as error:
        raise ImportError(
            "X holds text, dates or categories, which need skrub: pip install "
            "'skdataquality[cli]', or pass an estimator that encodes them."
        ) from error
    return tabular_pipeline(default_classifier())


@dataclass(kw_only=True)
class _Examination:
    """One diagnosis under way: the inputs, and what is known so far."""

    X: Any
    y: np.ndarray
    is_discrete: bool
    target: TargetData | None
    sources: dict
    groups: Any
    estimator: Any
    given: Any
    cv: Any
    n_repeats: int
    n_jobs: int | None
    seed: int
    twins: np.ndarray | None = None
    oof: OutOfFold | None = None
    lenses: dict = field(default_factory=dict)

    def steps(self):
        """Name what is measured, in measuring order."""
        steps = {
            "duplicates": self.examine_duplicates,
            "out-of-fold predictions": self.predict,
            "labels": self.examine_labels,
        }
        if self.target is not None:
            steps["shift"] = self.examine_shift
        return steps

    def examine_duplicates(self):
        lens = duplicate_lens(self.X, self.y)
        self.lenses["duplicates"] = lens
        if lens.verdict != "clear":  # equal by chance is not copied
            self.twins = duplicate_groups(self.X)

    def predict(self):
        if not self.is_discrete or np.unique(self.y).shape[0] < 2:
            return
        self.oof = out_of_fold(
            self.estimator,
            self.X,
            self.y,
            cv=self.cv,
            groups=self.groups,
            duplicate_groups=self.twins,
            X_new=None if self.target is None else self.target.X,
            n_repeats=self.n_repeats,
            n_jobs=self.n_jobs,
            random_state=self.seed,
        )

    def examine_labels(self):
        if self.oof is None:
            reason = "y has one class" if self.is_discrete else "regression"
            self.lenses["imbalance"] = cannot_tell(ImbalanceLensResult, reason)
            self.lenses["label_noise"] = cannot_tell(LabelNoiseLensResult, reason)
            return
        known = {"classes": self.oof.classes, "random_state": self.seed}
        self.lenses["imbalance"] = imbalance_lens(self.y, self.oof.proba, **known)
        with known_to_be_held_out():
            self.lenses["label_noise"] = label_noise_lens(
                self.y, self.oof.proba, sources=self.sources, **known
            )

    def examine_shift(self):
        self.lenses["shift"] = shift_lens(
            self.X,
            None if self.oof is None else self.y,
            X_target=self.target,
            estimator=self.estimator,
            cv=self.cv,
            oof=self.oof if self.n_repeats == 1 else None,
            n_jobs=self.n_jobs,
            random_state=self.seed,
        )

    def bound(self, remedies):
        """Give the user's estimator to suggested meta-estimators without one."""
        if self.given is None:
            return remedies
        return tuple(
            clone(remedy).set_params(estimator=self.given)
            if getattr(remedy, "estimator", ...) is None
            else remedy
            for remedy in remedies
        )

    def report(self):
        return DataQualityReport(
            lenses={
                name: replace(lens, remedies=self.bound(lens.remedies))
                for name, lens in self.lenses.items()
            },
            n_rows=num_samples(self.X),
            n_columns=self.X.shape[1],
            n_target_rows=None if self.target is None else self.target.X.shape[0],
            n_twins_dropped=0 if self.oof is None else self.oof.n_twins_dropped,
        )
