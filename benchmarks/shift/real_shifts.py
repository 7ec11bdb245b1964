"""What is said of tables that really differ, and what the remedies are worth there."""

import warnings

import numpy as np
from sklearn.base import clone
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from benchmarks._problem import Part, grid
from benchmarks._tables import columns
from benchmarks.shift._real_shifts import load
from skdataquality.compose import RemediedClassifier, apply_remedy
from skdataquality.exceptions import OverlapWarning
from skdataquality.shift import (
    LabelShiftClassifier,
    ShiftWeightedClassifier,
    TargetData,
    estimate_target_performance,
    shift_lens,
)

N_LABELLED = 200
BOOSTING = RemediedClassifier()  # without a remedy: the model by default
LINEAR = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
WORDS = make_pipeline(TfidfVectorizer(min_df=2), LogisticRegression())
MODELS = {
    "heart cleveland -> switzerland": BOOSTING,
    "heart cleveland -> hungarian": BOOSTING,
    "heart cleveland -> va": BOOSTING,
    "gas 1+2 -> 3": LINEAR,
    "elec third 1 -> 3": BOOSTING,
    "youtube -> video 5": WORDS,
}
BUNDLED = "wine by ash"


def partly_labelled(y_target, n_labelled):
    """Labels of some rows drawn at random, None for all others; half stay unknown."""
    known = np.full(len(y_target), None, dtype=object)
    order = np.random.default_rng(2).permutation(len(y_target))
    rows = order[: min(n_labelled, len(y_target) // 2)]
    known[rows] = y_target[rows]
    return known


def measure(shift, labelled):
    data = load(shift, raw=True)
    if data is None:
        return []
    X, y, X_target = data.X, data.y, data.X_target
    model = MODELS.get(shift, BOOSTING)
    known = partly_labelled(data.y_target, labelled)
    is_new = np.equal(known, None)
    target = TargetData(X_target, known if labelled else None)

    def accuracy(candidate):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", OverlapWarning)
            predicted = clone(candidate).fit(X, y).predict(X_target[is_new])
        return float(np.mean(np.asarray(predicted) == data.y_target[is_new]))

    lens = shift_lens(X, y, X_target=target, estimator=model, random_state=0)
    remedy = lens.remedies[0] if lens.remedies else None
    expected = estimate_target_performance(model, X, y, X_target=X_target)
    constant = constant_columns(X, X_target)
    return [
        {
            "rows": len(y),
            "target_rows": len(data.y_target),
            "known": int(np.sum(~is_new)),
            "verdict": lens.verdict,
            "kinds": " and ".join(lens.kinds),
            "reason": lens.reason_code,
            "domain_auc": lens.numbers["domain_auc"].estimate,
            "constant": len(constant),
            "constant_said": says(lens, constant) if constant else "",
            "held_out": expected.held_out.estimate,
            "predicted": expected.estimate.estimate,
            "predicted_lower": expected.estimate.lower,
            "predicted_upper": expected.estimate.upper,
            "prediction": expected.verdict,
            "there": accuracy(model),
            "remedy": "" if remedy is None else type(remedy).__name__,
            "after": np.nan
            if remedy is None
            else accuracy(apply_remedy(model, remedy)),
            "weighted": accuracy(
                ShiftWeightedClassifier(model, X_target=target, random_state=0)
            ),
            "class_shares": accuracy(
                LabelShiftClassifier(model, X_target=target, random_state=0)
            ),
        }
    ]


def constant_columns(X, X_target):
    """Names of the columns that have one value in training rows alone."""
    if X.ndim == 1:
        return []
    return [c for c in X if X[c].nunique() <= 1 < X_target[c].nunique()]


def says(lens, constant):
    """Whether the lens lists each of these columns as constant."""
    listed = {
        line["column"]
        for title, lines in lens.evidence.items()
        if "constant" in title
        for line in lines
    }
    return "yes" if listed >= set(constant) else "no"


PART = Part(
    measure,
    "rows target_rows known verdict kinds reason domain_auc constant constant_said "
    "held_out predicted predicted_lower predicted_upper prediction there remedy after "
    "weighted class_shares",
    full=grid(shift=tuple(MODELS), labelled=[0, N_LABELLED]),
    quick=grid(shift=[BUNDLED], labelled=[N_LABELLED]),
    tables={
        "What is said of real shifts: kinds that the lens names, columns that are "
        "constant in training rows and whether it lists them, and the expected "
        "accuracy with its 90 % interval.": columns(
            "shift known verdict kinds reason domain_auc constant constant_said "
            "held_out predicted predicted_lower predicted_upper prediction there"
        ),
        "Accuracy on target rows without a known label: of a model of all training "
        "rows (`there`), after the first remedy that the lens recommends (empty: it "
        "recommends none), and in any case after weighting and after predicting for "
        "the class shares of target rows.": columns(
            "shift known there remedy after weighted class_shares"
        ),
    },
)
