"""What the lens of label noise declares: :data:`LENS`."""

from dataclasses import replace

import numpy as np

from skdataquality.compose._default import measurable
from skdataquality.label_noise._detectors import LabelErrorDetector
from skdataquality.label_noise._flag_checks import check_flags
from skdataquality.label_noise._flags import find_label_issues
from skdataquality.label_noise._lens import LabelNoiseLensResult, label_noise_lens
from skdataquality.label_noise._regression import (
    FEWEST_ROWS,
    RegressionErrorDetector,
    RegressionErrorPruner,
)
from skdataquality.label_noise._regression_lens import (
    RegressionErrorLensResult,
    regression_error_lens,
)
from skdataquality.label_noise._remedies import NoisePruningClassifier
from skdataquality.utils._frames import without_columns
from skdataquality.utils._lens import Lens, cannot_tell, in_table
from skdataquality.utils._prediction_guards import known_to_be_held_out
from skdataquality.utils._sklearn import take_rows
from skdataquality.utils._validation import encode_labels

BAD = ("found", "suspect")
# reasons for which what the model flags says nothing of a label
NO_JUDGE = ("weak_model", "few_rows", "one_class", "no_predictions")


def _examine(inputs, known):
    """Judge labels by the out-of-fold predictions, and check what the flags predict.

    Columns suspected to leak would agree with wrong labels: the predictions are those
    without them, and the limits say so.
    """
    if inputs.label_kind == "numbers":
        return _examine_numbers(inputs, known)
    hidden = known.withheld
    if known.oof_unsuspected is not None:
        hidden = (*hidden, *known.suspected)
        known = known.learn(oof=known.oof_unsuspected)
    flagged = _flag(inputs, known, hidden)
    if inputs.verified is not None:
        flagged &= ~np.isin(inputs.rows, inputs.verified.rows)
    proba, classes = inputs.proba_on_all_rows(known.oof)
    with known_to_be_held_out():
        lens = label_noise_lens(
            inputs.y,
            proba,
            X=measurable(
                without_columns(inputs.X, hidden), only_numbers=inputs.is_given
            ),
            issue_mask=inputs.on_all_rows(flagged, False),
            groups=inputs.clusters,
            classes=classes,
            verified=inputs.verified,
            voted=known.voted_rate,
        )
    lens = _judged_without(lens, known)
    if (lens.model_reason_code or lens.reason_code) in NO_JUDGE:
        return lens, {}
    if lens.verdict in BAD:
        lens = replace(lens, predictions=_check_flags(inputs, known, hidden, flagged))
    return lens, {"flagged": flagged, "labels_doubted": lens.verdict in BAD}


def _judged_without(lens, known):
    if known.oof_unsuspected is None and not known.suspected:
        return lens
    named = ", ".join(map(str, known.suspected))
    limit = f"Labels are judged without {named}, which would hide wrong ones."
    return replace(lens, limits=(limit, *lens.limits))


def _examine_numbers(inputs, known):
    """Judge numbers by a detector of its own, in two rounds."""
    X, _ = inputs.model_tables((*known.withheld, *known.suspected))
    n_rows = inputs.labels.shape[0]
    if n_rows < FEWEST_ROWS:
        return cannot_tell(RegressionErrorLensResult, "few_rows", total=n_rows), {}
    detector = RegressionErrorDetector(
        inputs.estimator if inputs.is_given else None,
        cv=inputs.cv,
        n_repeats=inputs.n_repeats,
        n_jobs=inputs.n_jobs,
        random_state=inputs.seed,
    )
    detector.fit(X, inputs.labels, groups=inputs.modelled_groups)
    clusters = inputs.clusters
    lens = regression_error_lens(
        inputs.labels,
        detector,
        groups=None if clusters is None else take_rows(clusters, inputs.rows),
    )
    lens = in_table(lens, inputs.rows, inputs.y.shape[0])
    learned = {
        "flagged": detector.issue_mask_,
        "residuals": detector.residuals_,
        "noise_scale": detector.noise_scale_,
    }
    return _judged_without(lens, known), learned


def _flag(inputs, known, hidden):
    """Mask of the modelled rows whose label looks wrong."""
    if inputs.n_repeats > 1:
        return _flag_in_two_rounds(inputs, hidden)
    covered = known.oof.covered
    flagged = np.zeros(covered.shape[0], dtype=bool)
    if not covered.any():
        return flagged
    with known_to_be_held_out():
        flagged[covered] = find_label_issues(
            inputs.labels[covered], known.oof.proba[covered], classes=known.oof.classes
        )
    return flagged


def _flag_in_two_rounds(inputs, hidden):
    detector = LabelErrorDetector(
        inputs.estimator if inputs.is_given else None,
        cv=inputs.cv,
        n_jobs=inputs.n_jobs,
        random_state=inputs.seed,
    )
    X, _ = inputs.model_tables(hidden)
    detector.fit(X, inputs.labels, groups=inputs.modelled_groups)
    return detector.issue_mask_


def _check_flags(inputs, known, hidden, flagged):
    classes = known.oof.classes
    return check_flags(
        inputs.features(hidden),
        encode_labels(inputs.labels, classes=classes)[1],
        classes,
        flagged,
        None if known.twins is None else known.twins[inputs.rows],
        random_state=inputs.seed,
    )


def _why(lens):
    if isinstance(lens, RegressionErrorLensResult):
        return "before anything is fitted to them"
    return "before resampling, which would multiply wrong labels"


def _expect(lens):
    if isinstance(lens, RegressionErrorLensResult):
        return (
            "flagged rows leave the training folds; have them reviewed. Held-out "
            "scores count the wrong numbers too, so they move little: compare."
        )
    return (
        "rows whose label is probably wrong, among those flagged, leave the training "
        "folds; have the others reviewed. Scores move little while the held-out labels "
        "are as noisy: compare."
    )


def _candidates(lens, *, estimator, label_kind, random_state, **_):
    if label_kind != "classes":
        judge = RegressionErrorDetector(estimator, random_state=random_state)
        return {"prune numbers": RegressionErrorPruner(judge)}
    detector = LabelErrorDetector(
        estimator, n_rounds=2 if estimator is None else 1, random_state=random_state
    )
    remedies = {"prune labels": NoisePruningClassifier(detector=detector)}
    if lens.verdict in BAD:
        remedies["reweight labels"] = NoisePruningClassifier(
            strategy="reweight", detector=detector
        )
    return remedies


LENS = Lens(
    result=LabelNoiseLensResult,
    examine=_examine,
    measured=4,
    acts=4,
    known=("oof",),
    why=_why,
    expect=_expect,
    candidates=_candidates,
    aliases={"label_error_rate": "label_error_rate"},
    counts_clusters=True,
)
