"""What the lens of shift declares: :data:`LENS`."""

import numpy as np

from skdataquality.shift._label_shift import LabelShiftClassifier, LabelShiftWeighter
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
    rows, target_rows = inputs.rows, inputs.target_rows
    lens = shift_lens(
        inputs.features(known.withheld),
        None if known.oof is None else inputs.labels,
        X_target=TargetData(inputs.target_features(known.withheld)),
        y_target=_some(inputs.target.y, target_rows),
        time=_some(inputs.time, rows),
        time_target=_some(inputs.target_time, target_rows),
        groups=_some(inputs.groups, rows),
        groups_target=_some(inputs.target_groups, target_rows),
        estimator=inputs.estimator if inputs.is_given else None,
        oof=known.oof,
        n_jobs=inputs.n_jobs,
        random_state=inputs.seed,
    )
    return lens.with_target_rows(target_rows), {}


def _some(values, rows):
    return None if values is None else take_rows(np.asarray(values), rows)


def _why(lens):
    if "concept" in lens.kinds:
        return "labels of target rows first: what training rows teach is wrong there"
    if lens.remedies and isinstance(lens.remedies[0], LabelShiftClassifier):
        return "last: predictions for the class shares of target rows"
    if lens.remedies:
        return "last: weights for the rows that are left"
    if lens.verdict == "suspect":
        return "more target rows would tell whether it is chance"
    return "no weight mends it: find the column that tells where rows come from"


def _expect(lens):
    if "concept" in lens.kinds:
        return "accuracy on target rows rises with the target rows that are labelled."
    expected = lens.numbers.get("accuracy_expected_on_target")
    if expected is None:
        return None
    may = f"accuracy on target rows, now expected at {expected.estimate:.3f}, may rise"
    if lens.kinds == ("label prior",):
        return f"{may}; balanced accuracy, which knows no class shares, will not."
    return f"{may}; held-out accuracy will not."


def _candidates(lens, *, label_kind, random_state, **_):
    if not lens.remedies:
        return {}
    is_regression = label_kind == "numbers"
    weighted = ShiftWeightedRegressor if is_regression else ShiftWeightedClassifier
    remedies: dict = {"weight to target": weighted(random_state=random_state)}
    moved = LabelShiftClassifier(random_state=random_state)
    if any(isinstance(remedy, LabelShiftClassifier) for remedy in lens.remedies):
        remedies["move to target shares"] = moved
    if lens.kinds == ("label prior",):
        by_class = LabelShiftWeighter(random_state=random_state)
        weighted_by_class = ShiftWeightedClassifier(weighter=by_class)
        remedies["weight to target shares"] = weighted_by_class
    return remedies


LENS = Lens(
    result=ShiftLensResult,
    examine=_examine,
    measured=5,
    acts=6,
    given=("target",),
    why=_why,
    expect=_expect,
    candidates=_candidates,
    aliases={
        "target_auc": "domain_auc",
        "domain_auc": "domain_auc",
        "expected_accuracy": "accuracy_expected_on_target",
    },
    counts_clusters=True,
)
