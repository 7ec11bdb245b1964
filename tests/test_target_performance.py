"""Scores expected on target rows: what they equal, what they hold, what is refused."""

import json

import numpy as np
import pytest
from scipy.special import expit
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import (
    get_scorer,
    make_scorer,
    max_error,
    precision_score,
    recall_score,
)
from sklearn.neighbors import KNeighborsClassifier
from sklearn.svm import LinearSVC

from skdataquality.shift import TargetData, estimate_target_performance
from skdataquality.shift._performance import (
    FITTED,
    expected_performance,
    spread_of,
)
from skdataquality.shift._performance._estimate import _check_told_apart
from skdataquality.shift._performance._opinions import (
    Opinion,
    other_models,
    pooled_opinion,
)
from skdataquality.shift._performance._verdict import flattening
from skdataquality.shift._ratios import ToldApart
from skdataquality.utils._folds import OutOfFold, out_of_fold
from skdataquality.utils._scoring import KnownScore

MODEL = LogisticRegression()


def draw(n, center=0.0, seed=0, slope=2.0):
    rng = np.random.default_rng(seed)
    X = rng.normal([center, 0], 1, size=(n, 2))
    return X, (rng.random(n) < expit(slope * X[:, 0])).astype(int)


def apart_of(n, n_target, proba=None):
    proba = np.full(n + n_target, 0.5) if proba is None else proba
    side = np.repeat([0, 1], [n, n_target])
    return ToldApart(None, side, proba, [], np.ones(n + n_target, dtype=bool))


def calibrated(n, seed=0):
    """Probabilities of three classes, and labels drawn by them."""
    rng = np.random.default_rng(seed)
    proba = rng.dirichlet([1, 1, 1], size=n)
    return proba, (rng.random((n, 1)) > proba.cumsum(axis=1)[:, :-1]).sum(axis=1)


def known(proba):
    return OutOfFold(proba, np.arange(proba.shape[1]), np.ones(len(proba), dtype=int))


def methods_of(performance):
    return {line.method: line.score for line in performance.methods}


@pytest.fixture(scope="module")
def arrays():
    proba, codes = calibrated(400)
    new_proba, labels = calibrated(300, seed=2)
    return proba, codes, new_proba, labels


def expect(arrays, **options):
    proba, codes, new_proba, _ = arrays
    apart = apart_of(len(codes), len(new_proba))
    return expected_performance(
        known(proba), codes, apart, new_proba=new_proba, **options
    )


def test_confidence_is_the_mean_probability_of_the_answer():
    rng = np.random.default_rng(0)
    new_proba = rng.dirichlet([1, 2], size=200)
    score = KnownScore("accuracy", np.array(["a", "b"]))
    expected = new_proba.max(axis=1).mean()
    assert score.of_labels(new_proba, new_proba) == pytest.approx(expected)


def test_calibrated_confidence_finds_the_accuracy_of_calibrated_probabilities(arrays):
    _, _, new_proba, _ = arrays
    line = methods_of(expect(arrays))["calibrated confidence"]
    assert line.estimate == pytest.approx(new_proba.max(axis=1).mean(), abs=0.03)


def test_the_same_rows_on_both_sides_are_expected_to_score_as_held_out(arrays):
    proba, codes, _, _ = arrays
    performance = expect((proba, codes, proba, codes))
    held_out = performance.held_out.estimate
    assert held_out == pytest.approx((proba.argmax(axis=1) == codes).mean())
    for name, line in methods_of(performance).items():
        # bias-corrected scaling has the shares of the labels, not of the right ones
        near = 0.02 if "confidence" in name else 1e-12
        assert line.estimate == pytest.approx(held_out, abs=near), name
    assert performance.is_trusted


@pytest.mark.parametrize("scoring", ["accuracy", "f1_macro", "neg_log_loss"])
def test_the_order_of_target_rows_does_not_matter(arrays, scoring):
    proba, codes, new_proba, labels = arrays
    turned = proba, codes, new_proba[::-1], labels
    first = expect(arrays, scoring=scoring)
    second = expect(turned, scoring=scoring)
    assert first.estimate == second.estimate
    assert first.methods == second.methods


@pytest.mark.parametrize(
    "scoring",
    [
        "accuracy",
        "f1_macro",
        "balanced_accuracy",
        "roc_auc_ovr",
        "neg_log_loss",
        "neg_brier_score",
        "matthews_corrcoef",
    ],
)
def test_any_score_of_calibrated_probabilities_is_held(arrays, scoring):
    performance = expect(arrays, scoring=scoring)
    truth = KnownScore(scoring, np.arange(3)).of_labels(arrays[2], np.eye(3)[arrays[3]])
    assert performance.estimate.lower <= truth <= performance.estimate.upper
    confidence = methods_of(performance)["calibrated confidence"]
    assert confidence.lower <= truth <= confidence.upper
    # at most one standard error above
    assert performance.estimate.estimate < performance.held_out.upper


@pytest.mark.parametrize(
    "scoring", ["accuracy", "roc_auc", "neg_log_loss", "neg_brier_score", "f1"]
)
def test_known_scores_are_those_of_the_scorer(scoring):
    X, y = draw(200)
    model = MODEL.fit(X, y)
    score = KnownScore(scoring, model.classes_)
    own = score.of_labels(model.predict_proba(X), np.eye(2)[y])
    assert own == pytest.approx(get_scorer(scoring)(model, X, y))


@pytest.mark.parametrize("metric", [precision_score, recall_score])
def test_scores_of_a_named_positive_class(metric):
    X, y = draw(400)
    names = np.array(["no", "yes"])
    X_target, y_target = draw(300, center=0.5, seed=1)
    scoring = make_scorer(metric, pos_label="no")
    performance = estimate_target_performance(
        MODEL, X, names[y], X_target=X_target, scoring=scoring
    )
    truth = scoring(MODEL.fit(X, names[y]), X_target, names[y_target])
    assert performance.estimate.lower <= truth <= performance.estimate.upper


def right_on_average(model, X, slope=2.0):
    """Accuracy over all labels that rows of ``draw`` may have."""
    likely = expit(slope * X[:, 0])
    return np.where(model.predict(X) == 1, likely, 1 - likely).mean()


def test_covariate_shift_is_foreseen():
    """Rows move to the boundary: fewer are right, and the intervals hold that."""
    held, errors, unchanged = [], [], []
    for seed in range(3):
        X, y = draw(1000, center=1.2, seed=seed)
        X_target, _ = draw(300, center=0.4, seed=100 + seed)
        performance = estimate_target_performance(
            MODEL, X, y, X_target=X_target, random_state=seed
        )
        truth = right_on_average(MODEL.fit(X, y), X_target)
        interval = performance.estimate
        held.append(interval.lower <= truth <= interval.upper)
        errors.append(abs(interval.estimate - truth))
        unchanged.append(abs(performance.held_out.estimate - truth))
    assert all(held)
    assert np.mean(errors) < 0.03 < np.mean(unchanged)


def test_other_models_know_what_a_model_that_is_always_sure_does_not():
    X, y = draw(1000, center=1.2)
    X_target, _ = draw(300, center=0.4, seed=100)
    model = KNeighborsClassifier(1)
    performance = estimate_target_performance(model, X, y, X_target=X_target)
    truth = right_on_average(model.fit(X, y), X_target)
    said = methods_of(performance)
    several = abs(said["several models"].estimate - truth)
    assert 2 * several < abs(said["calibrated confidence"].estimate - truth)


def test_opinions_are_mixed_as_they_foretell_labels(arrays):
    """Steps of the weights never make labels less likely; equal ones stay equal."""
    proba, codes, new_proba, _ = arrays
    rng = np.random.default_rng(0)
    knows = Opinion(proba, new_proba)
    blurred = Opinion(*((p + 1) / 4 for p in (proba, new_proba)))
    guesses = Opinion(*(rng.dirichlet([5, 5, 5], len(p)) for p in (proba, new_proba)))
    same = pooled_opinion([knows, knows], codes)
    assert same.new_proba == pytest.approx(knows.calibrated(codes).new_proba)
    mixed = pooled_opinion([knows, blurred, guesses], codes)
    assert mixed.new_proba.sum(axis=1) == pytest.approx(1)
    rows = np.arange(len(codes))
    calibrated = [other.calibrated(codes) for other in (knows, blurred, guesses)]
    equal = np.mean([other.proba for other in calibrated], axis=0)
    assert np.log(mixed.proba[rows, codes]).mean() > np.log(equal[rows, codes]).mean()


def test_tables_that_only_the_estimator_reads_have_no_other_opinion():
    cells = np.array([["a", 1.0], ["b", 2.0]] * 20, dtype=object)
    assert other_models(cells, 40) == []


def test_a_new_rule_cannot_be_seen():
    """The honest failure: half of the labels turned, and nothing is noticed."""
    X, y = draw(400)
    X_target, y_target = draw(300, seed=1)
    performance = estimate_target_performance(MODEL, X, y, X_target=X_target)
    turned = np.where(X_target[:, 1] > 0, 1 - y_target, y_target)
    assert performance.estimate.lower > MODEL.fit(X, y).score(X_target, turned)
    assert "no change of P(y | x) can be excluded" in performance.reason


def test_rows_that_do_not_overlap_cannot_be_told():
    X, y = draw(200)
    performance = estimate_target_performance(MODEL, X, y, X_target=X + 50)
    assert performance.verdict == "cannot tell"
    assert not performance.is_trusted
    assert "hardly overlap" in performance.reason
    assert str(performance.n_labels) in performance.reason
    assert "drawn at random" in " ".join(repr(performance).split())  # the last words
    facts = performance.to_dict()
    assert facts["methods"][0]["score"] == performance.held_out.to_dict()
    assert json.loads(json.dumps(facts, allow_nan=False)) == facts
    near = estimate_target_performance(MODEL, X, y, X_target=draw(200, seed=1)[0])
    width = near.estimate.upper - near.estimate.lower
    assert performance.estimate.upper - performance.estimate.lower > width


def test_the_error_of_a_shift_grows_with_it_and_with_overconfidence():
    small = FITTED.reach(0.5, 0.5, 0.0, 0.05, 0.9)
    for other in (
        FITTED.reach(0.5, 0.9, 0.0, 0.05, 0.9),
        FITTED.reach(0.5, 0.5, 0.1, 0.05, 0.9),
        FITTED.reach(0.5, 0.5, 0.0, 0.05, 0.99),
    ):
        assert np.all(np.array(other) >= small)
        assert sum(other) > sum(small)
    below, above = FITTED.reach(0.5, 1.0, 0.0, 0.01, 0.9)
    assert below > above
    assert spread_of(0.5) > spread_of(0.9) > spread_of(1.0) > 0


def test_weights_are_flattened_until_enough_rows_are_effective():
    assert flattening(np.ones(100)) == 1
    steep = np.exp(np.linspace(0, 12, 100))
    flat = steep ** flattening(steep)
    assert flat.sum() ** 2 / (flat**2).sum() >= 30


def test_target_labels_are_not_looked_at_and_known_predictions_are_used():
    X, y = draw(200)
    X_target, y_target = draw(100, center=0.5, seed=1)
    plain = estimate_target_performance(MODEL, X, y, X_target=X_target)
    handle = TargetData(X_target, y_target)
    assert estimate_target_performance(MODEL, X, y, X_target=handle).estimate == (
        plain.estimate
    )
    oof = out_of_fold(MODEL, X, y, X_new=X_target, random_state=0)
    given = estimate_target_performance(None, X, y, X_target=X_target, oof=oof)
    assert given.held_out == plain.held_out
    assert given.estimate.estimate == pytest.approx(plain.estimate.estimate, abs=0.02)


def test_without_probabilities_decisions_are_calibrated():
    X, y = draw(200)
    performance = estimate_target_performance(LinearSVC(), X, y, X_target=X)
    assert performance.estimate.estimate == pytest.approx(
        performance.held_out.estimate, abs=0.05
    )


@pytest.mark.parametrize(
    "scoring", ["neg_mean_absolute_error", "neg_mean_squared_error", "r2"]
)
def test_regressors_are_judged_by_importance_weighting(scoring):
    """A line fitted to a curve errs most where target rows are."""
    rng = np.random.default_rng(0)
    X, X_target = rng.normal(0, 1, (600, 1)), rng.normal(1, 0.7, (400, 1))
    y, y_target = (
        np.exp(rows[:, 0]) + rng.normal(0, 0.3, len(rows)) for rows in (X, X_target)
    )
    performance = estimate_target_performance(
        LinearRegression(), X, y, X_target=X_target, scoring=scoring
    )
    model = LinearRegression().fit(X, y)
    truth = get_scorer(scoring)(model, X_target, y_target)
    assert performance.estimate.lower <= truth <= performance.estimate.upper
    assert list(methods_of(performance)) == ["held out", "importance weighting"]
    assert "rule of thumb" in performance.assumption
    far = estimate_target_performance(
        LinearRegression(), X, y, X_target=X_target + 9, scoring=scoring
    )
    assert far.verdict == "cannot tell"
    assert far.estimate.lower == -np.inf
    assert far.n_labels == far.n_target


def test_the_result_shows_itself_and_makes_a_table(arrays):
    performance = expect(arrays)
    frame = performance.to_frame()
    assert frame["method"].tolist()[:2] == ["recommended", "held out"]
    assert len(frame) == 1 + len(performance.methods)
    assert ((frame["lower"] <= frame["estimate"]) & frame["assumption"].ne("")).all()
    assert "verdict='expected'" in repr(performance)
    assert 1 <= performance.n_labels <= performance.n_target


def call(**changed):
    X, y = draw(60)
    given = {"estimator": MODEL, "X": X, "y": y, "X_target": draw(40, seed=1)[0]}
    return estimate_target_performance(**{**given, **changed})


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"X_target": np.ones((1, 2))}, r"X_target has 1 row\(s\)"),
        ({"y": np.zeros(60, dtype=int)}, "one class only"),
        ({"y": np.zeros(59, dtype=int)}, "inconsistent"),
        ({"X_target": np.ones((40, 3))}, "3"),
        ({"level": 1}, "level=1"),
        ({"scoring": "acuracy"}, "is no scorer"),
        ({"scoring": make_scorer(max_error)}, "takes no sample_weight"),
        ({"y": np.repeat(["a", "b"], 30), "scoring": "f1"}, "pos_label"),
        (
            {"estimator": LinearRegression(), "y": np.linspace(0, 1, 60)},
            "neg_mean_absolute_error",
        ),
    ],
)
def test_wrong_input_is_refused_with_the_cure(changed, said):
    with pytest.raises(ValueError, match=said) as error:
        call(**changed)
    assert len(str(error.value).splitlines()) <= 3


def test_rows_that_no_fold_could_hold_out_are_refused():
    with pytest.raises(ValueError, match="all equal"):
        _check_told_apart(apart_of(30, 30, np.full(60, np.nan)))
    assert call(X_target=np.ones((40, 2))).verdict == "cannot tell"


def test_a_class_that_no_target_row_has_is_no_matter():
    X, y = draw(200)
    names = np.array(["no", "yes"])[y]
    performance = estimate_target_performance(
        MODEL, X, names, X_target=X[X[:, 0] > 0], scoring="balanced_accuracy"
    )
    assert np.isfinite(performance.estimate.estimate)
