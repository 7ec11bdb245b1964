"""What the lens of shift declares: :data:`LENS`."""

from dataclasses import replace

import numpy as np

from skdataquality.shift._lens import ShiftLensResult, shift_lens
from skdataquality.shift._targets import TargetData
from skdataquality.shift._weighted import (
    ShiftWeightedClassifier,
    ShiftWeightedRegressor,
)
from skdataquality.utils._lens import Lens
from skdataquality.utils._sklearn import take_rows


def _examine(inputs, known):
    """Compare target rows with training rows."""
    labels = inputs.target.y
    if labels is not None:
        labels = take_rows(np.asarray(labels), inputs.target_rows)
    X_target = inputs.target_features(known.withheld)
    oof = known.oof if inputs.label_kind == "classes" else None
    lens = shift_lens(
        inputs.features(known.withheld),
        None if oof is None else inputs.labels,
        X_target=TargetData(X_target, labels),
        oof=oof,
        n_jobs=inputs.n_jobs,
        random_state=inputs.seed,
    )
    if inputs.groups is not None and lens.verdict in ("found", "suspect"):
        lens = _undecided(lens)
    return lens, {}


def _undecided(lens):
    """Return the result without a verdict: target rows do not say their groups."""
    return replace(
        lens,
        verdict="cannot tell",
        severity=0.0,
        reason_code="grouped",
        summary=lens.sentence("grouped", auc=lens.numbers["domain_auc"].estimate),
        remedies=(),
        named=(),
        kinds=(),
    )


def _why(lens):
    if lens.remedies:
        return "last: weights for the rows that are left"
    return "no weight mends it: find the column that tells where rows come from"


def _expect(lens):
    expected = lens.numbers.get("accuracy_expected_on_target")
    if expected is None:
        return None
    return (
        f"accuracy on target rows, now expected at {expected.estimate:.3f}, may rise; "
        f"held-out accuracy will not."
    )


def _candidates(lens, *, label_kind, random_state, **_):
    if lens.verdict not in ("found", "suspect") or not lens.remedies:
        return {}
    is_regression = label_kind == "numbers"
    weighted = ShiftWeightedRegressor if is_regression else ShiftWeightedClassifier
    return {"weight to target": weighted(random_state=random_state)}


LENS = Lens(
    result=ShiftLensResult,
    examine=_examine,
    measured=5,
    acts=6,
    given=("target",),
    why=_why,
    expect=_expect,
    candidates=_candidates,
    aliases={"target_auc": "domain_auc", "domain_auc": "domain_auc"},
)
