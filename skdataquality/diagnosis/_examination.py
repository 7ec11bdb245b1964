"""From inputs to a report: every lens is asked, in measuring order."""

from dataclasses import replace
from functools import partial

import numpy as np
from sklearn.base import clone

from skdataquality.diagnosis._registry import measuring_order
from skdataquality.diagnosis._report import DataQualityReport
from skdataquality.utils._fits import default_fit, explained_failures
from skdataquality.utils._folds import numbers_out_of_fold, out_of_fold
from skdataquality.utils._frames import column_names
from skdataquality.utils._lens import Known, cannot_tell, in_table
from skdataquality.utils._progress import run_steps
from skdataquality.utils._sklearn import num_samples

DEPENDENT = (
    "Rows seem to depend on each other: these tests and intervals take them for "
    "independent, and are too narrow if they do."
)


def examine(inputs, callbacks=()):
    """Ask the lenses for which the inputs suffice."""
    steps: dict = {}
    for lens in measuring_order():
        if inputs.label_kind not in lens.label_kinds:
            continue
        if not all(getattr(inputs, need) for need in lens.given):
            continue
        if "oof" in lens.known:
            steps.setdefault("out-of-fold predictions", partial(_predict, inputs))
        steps[lens.title.lower()] = partial(_ask, lens, inputs)
    known = run_steps("diagnose", steps, Known(notes=inputs.notes), callbacks)
    return _report(inputs, _ask_again(inputs, known))


def predict(inputs, callbacks=()):
    """Predict rows out of fold as a diagnosis does, and ask nothing more.

    What the lenses before find is withheld from the model, or kept together in folds.

    Returns
    -------
    proba : ndarray of shape (n_samples, n_classes)
        NaN for rows that models do not see or that no fold held out.
    classes : ndarray of shape (n_classes,)
    """
    steps = _before_models(inputs)
    steps["out-of-fold predictions"] = lambda known: known.learn(
        oof=_out_of_fold(inputs, known, known.withheld)
    )
    known = run_steps("predict", steps, Known(notes=inputs.notes), callbacks)
    return inputs.proba_on_all_rows(known.oof)


def columns_to_withhold(inputs):
    """Return the features that no model should see, as a diagnosis finds them.

    Returns
    -------
    withheld : tuple of str
    """
    return run_steps(
        "find leaks", _before_models(inputs), Known(notes=inputs.notes), ()
    ).withheld


def _before_models(inputs):
    """Return as steps the lenses that need no predictions."""
    steps: dict = {}
    for lens in measuring_order():
        if lens.known:
            break
        steps[lens.title.lower()] = partial(_ask, lens, inputs)
    return steps


def _ask(lens, inputs, known):
    reason_code = lens.lacks(known)
    if reason_code is not None:
        return known.told(cannot_tell(lens.result, reason_code))
    result, learned = lens.examine(inputs, known)
    if inputs.clusters is not None and not lens.counts_clusters:
        result = replace(result, limits=(*result.limits, DEPENDENT))
    return known.told(result).learn(**learned)


def _ask_again(inputs, known):
    """Let lenses look a second time, in the light of what those after them found."""
    for lens in measuring_order():
        if lens.again is not None and lens.name in known.results:
            known = known.told(lens.again(known.results[lens.name], inputs, known))
    return known


def _predict(inputs, known):
    """Predict rows out of fold without the columns found to leak, and price those.

    Columns that are only suspected stay, and are priced where none is found.
    """
    if np.unique(inputs.labels).shape[0] < 2:
        single = "one_class" if inputs.label_kind == "classes" else "one_value"
        return known.learn(lacking={"oof": single})
    known = known.learn(oof=_out_of_fold(inputs, known, known.withheld))
    if known.suspected:
        hidden = (*known.withheld, *known.suspected)
        known = known.learn(oof_unsuspected=_out_of_fold(inputs, known, hidden))
    if known.leaking:
        pair = _out_of_fold(inputs, known, known.identifying), known.oof
    elif known.suspected:
        pair = known.oof, known.oof_unsuspected
    else:
        return known
    for lens in measuring_order():
        if lens.price is not None and lens.name in known.results:
            priced = lens.price(known.results[lens.name], inputs.labels, *pair)
            known = known.told(priced)
    return known


def _out_of_fold(inputs, known, hidden):
    X, X_target = inputs.model_tables(hidden)
    options = {
        "cv": inputs.cv,
        "groups": inputs.modelled_groups,
        "duplicate_groups": None if known.twins is None else known.twins[inputs.rows],
        "n_repeats": inputs.n_repeats,
        "n_jobs": inputs.n_jobs,
        "random_state": inputs.seed,
    }
    explained = explained_failures(inputs.estimator, X)
    with default_fit(not inputs.is_given), explained:
        if inputs.label_kind == "numbers":
            return numbers_out_of_fold(inputs.estimator, X, inputs.labels, **options)
        return out_of_fold(
            inputs.estimator, X, inputs.labels, X_new=X_target, **options
        )


def _report(inputs, known):
    return DataQualityReport(
        lenses={
            name: in_table(
                replace(result, remedies=_bound(result.remedies, inputs)),
                inputs.labelled,
                inputs.n_given,
            )
            for name, result in known.results.items()
        },
        n_rows=num_samples(inputs.X),
        n_columns=len(column_names(inputs.X)),
        label_kind=inputs.label_kind,
        n_target_rows=None if inputs.target is None else num_samples(inputs.target.X),
        n_pool_rows=None if inputs.pool is None else inputs.pool.n_given,
        n_twins_dropped=0 if known.oof is None else known.oof.n_twins_dropped,
        withheld=known.withheld,
        notes=known.notes,
    )


def _bound(remedies, inputs):
    """Give the model to suggested meta-estimators without one, where it matters."""
    if not inputs.is_given and not hasattr(inputs.estimator, "steps"):
        return remedies
    return tuple(
        clone(remedy).set_params(estimator=inputs.estimator)
        if getattr(remedy, "estimator", ...) is None and _needs_model(remedy)
        else remedy
        for remedy in remedies
    )


def _needs_model(remedy):
    """Whether an estimator is fitted; some strategies of labelling fit none."""
    return getattr(remedy, "_needs_model", True)
