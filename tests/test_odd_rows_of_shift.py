"""Odd rows and labels for tests and estimates of shift: done, or refused with a cure.

Rows that weigh are in test_odd_targets.py.
"""

import warnings

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import accuracy_score

from skdataquality.exceptions import OverlapWarning
from skdataquality.shift import (
    KLIEPWeighter,
    KMMWeighter,
    LabelShiftClassifier,
    LabelShiftEstimator,
    PriorShiftDisplay,
    RuLSIFWeighter,
    ShiftDetector,
    TargetData,
    ULSIFWeighter,
    concept_shift_test,
    decompose_performance_drop,
    estimate_target_performance,
)
from skdataquality.shift._detection import covariate_tests

RNG = np.random.default_rng(0)
X, T = RNG.normal(size=(120, 2)), RNG.normal(0.4, 1, size=(90, 2))
Y, Y_T = (np.where(side[:, 0] > 0, "yes", "no") for side in (X, T))
LR = LogisticRegression()
FUNCTIONS = {
    "concept": lambda X, y, T, y_T: concept_shift_test(
        X, y, X_target=T, y_target=y_T, estimator=LR, cv=2
    ),
    "drop": lambda X, y, T, y_T: decompose_performance_drop(
        LR, X, y, X_target=T, y_target=y_T, cv=2, n_bootstrap=40
    ),
    "expected": lambda X, y, T, y_T: estimate_target_performance(
        LR, X, y, X_target=T, cv=2
    ),
}


def expected_by(estimator, X, y, X_target):
    return estimate_target_performance(estimator, X, y, X_target=X_target)


def refusal(match, make, *args):
    with pytest.raises(ValueError, match=match) as caught:
        make(*args)
    assert len(str(caught.value).splitlines()) <= 3


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_argument_that_is_wrong_is_named(name):
    refusal("^X_target has shape", FUNCTIONS[name], X, Y, T[:0], Y_T[:0])


FEW_FOLDS = pytest.mark.filterwarnings(
    "ignore::skdataquality.exceptions.FewFoldsWarning"
)


@FEW_FOLDS
@pytest.mark.parametrize(("n", "n_target"), [(120, 2), (3, 90)])
def test_very_few_rows_are_told_apart(n, n_target):
    found = ShiftDetector(random_state=0).fit(X[:n], X_target=TargetData(T[:n_target]))
    assert (found.why_not_, found.drifted_) == ("few_rows", False)
    assert np.isfinite(found.sample_scores_).all()


@FEW_FOLDS
def test_a_drop_on_two_rows_cannot_be_trusted():
    assert not FUNCTIONS["drop"](X, Y, T[:2], Y_T[:2]).is_trusted


@pytest.mark.parametrize(
    ("rows", "target"),
    [
        (np.ones((60, 2)), np.ones((50, 2))),
        (np.full((60, 2), np.nan), np.full((50, 2), np.nan)),
        (pd.DataFrame({"a": [None] * 60}), pd.DataFrame({"a": [None] * 50})),
    ],
    ids=["constant", "missing", "missing objects"],
)
def test_where_nothing_varies_nothing_is_found(rows, target):
    found = ShiftDetector(random_state=0).fit(rows, X_target=TargetData(target))
    assert (found.drifted_, found.p_value_) == (False, 1)
    assert np.isfinite(found.sample_scores_).all()


def test_infinite_cells_are_large_ones():
    frames = [
        pd.DataFrame(np.where(side > 1, np.inf, side), columns=["a", "b"])
        for side in (X, T)
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = ShiftDetector(random_state=0).fit(
            frames[0], X_target=TargetData(frames[1])
        )
    assert 0 <= found.p_value_ <= 1


def test_blank_texts_are_refused_by_models_and_not_tested():
    blank = [" "] * 60
    said = "^X holds .* texts, all of them blank"
    refusal(said, expected_by, None, blank, Y[:60], blank)
    refusal(said, ShiftDetector(X_target=TargetData(blank)).fit, blank)
    assert covariate_tests(blank, blank).p_value == 1


@pytest.mark.parametrize("name", ["concept", "drop"])
def test_labels_coded_otherwise_are_refused(name):
    numbers, texts = np.where(Y == "yes", 1, 0), np.where(Y_T == "yes", "1", "0")
    refusal(
        "no label of y_target .* is one of y", FUNCTIONS[name], X, numbers, T, texts
    )
    as_floats = FUNCTIONS[name](X, numbers, T, texts.astype(float))
    as_integers = FUNCTIONS[name](X, numbers, T, texts.astype(int))
    assert str(as_floats) == str(as_integers)


def test_the_label_that_no_training_row_has_is_shown_with_its_type():
    target = TargetData(T, np.where(Y_T == "yes", "1", "0"))
    fit = LabelShiftEstimator(LR, X_target=target).fit
    refusal(r"label '[01]' in 90 row.*\[0, 1\]", fit, X, (Y == "yes") * 1)


@pytest.mark.parametrize("name", ["concept", "drop"])
@pytest.mark.parametrize(
    ("y_target", "said"),
    [
        (Y_T, r"y holds numbers, but y_target holds \['"),
        (np.where(Y_T == "yes", np.inf, 1.5), "y_target has .* infinite number"),
    ],
    ids=["texts", "infinite"],
)
def test_target_numbers_must_be_finite_numbers(name, y_target, said):
    y = X[:, 0] * 1.5
    test = concept_shift_test if name == "concept" else decompose_performance_drop
    given = {"X_target": T, "y_target": y_target, "cv": 2}
    args = (X, y) if name == "concept" else (LinearRegression(), X, y)
    refusal(said, lambda: test(*args, **given))


def test_whole_numbers_of_many_values_are_no_classes():
    ages = np.rint(50 + 10 * X[:, 0]).astype(int)
    found = estimate_target_performance(
        None, X, ages, X_target=T, scoring="neg_mean_absolute_error", cv=2
    )
    assert -15 < found.held_out.estimate < 0
    refusal("such as scoring=", expected_by, None, X, ages, T)


def test_the_unit_of_a_column_is_nothing_to_the_concept_test():
    y_target = np.where(T[:, 1] > 0, "yes", "no")
    p_values = [
        concept_shift_test(
            X * unit, Y, X_target=T * unit, y_target=y_target, random_state=0
        ).p_value
        for unit in (1.0, 2.0**1000)
    ]
    assert p_values[0] == pytest.approx(p_values[1], rel=1e-6)


@pytest.mark.parametrize("estimator", [LogisticRegression, "auto"])
def test_what_is_no_estimator_is_named(estimator):
    refusal("^estimator=", expected_by, estimator, X, Y, T)


def test_a_metric_is_no_scorer():
    args = LR, X, Y
    with pytest.raises(ValueError, match=r"pass make_scorer\(accuracy_score\)"):
        estimate_target_performance(*args, X_target=T, scoring=accuracy_score)


@pytest.mark.parametrize("bandwidth", [1e-300, 1e300, 1e-6, 1e6])
@pytest.mark.parametrize(
    "weighter", [KLIEPWeighter, KMMWeighter, RuLSIFWeighter, ULSIFWeighter]
)
def test_bandwidths_that_overflow_are_refused(weighter, bandwidth):
    fit = weighter(bandwidth=bandwidth, random_state=0).fit
    if 1e-6 <= bandwidth <= 1e6:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", OverlapWarning)
            weight = fit(X, X_target=TargetData(T)).sample_weight_
        assert np.isfinite(weight).all()
    else:
        with pytest.raises(ValueError, match="'bandwidth' parameter of .* range"):
            fit(X, X_target=TargetData(T))


def test_shares_are_drawn_from_lists():
    pytest.importorskip("matplotlib").use("agg")
    interval = [[0.4, 0.6], [0.4, 0.6]]
    drawn = PriorShiftDisplay(["a", "b"], [0.2, 0.8], [0.5, 0.5], interval).plot()
    assert drawn.order_.tolist() == [0, 1]
    refusal("inconsistent", PriorShiftDisplay, ["a", "b"], [0.2, 0.8], [1.0], interval)


# -- the classifier that adapts to batches ---------------------------------------------


def test_batches_of_another_kind_or_width_are_refused():
    model = LabelShiftClassifier(LR, X_target=TargetData(T), cv=2).fit(X, Y)
    said = "X is a table but X_target is a sequence of texts"
    for batch, match in ((["a", "b"], said), (np.c_[T, T], "X_target has 4 features")):
        refusal(match, model.adapt, batch)
        other = LabelShiftClassifier(LR, X_target=TargetData(batch), cv=2)
        refusal(match, other.fit, X, Y)


def test_sparse_batches_beside_dense_rows_are_the_same_rows():
    dense = LabelShiftClassifier(X_target=TargetData(T), cv=2, random_state=0)
    sparse = LabelShiftClassifier(
        X_target=TargetData(sp.csr_matrix(T)), cv=2, random_state=0
    )
    shares = dense.fit(X, Y).target_prior_
    assert np.array_equal(sparse.fit(X, Y).target_prior_, shares)
    assert np.array_equal(sparse.adapt(sp.csc_array(T)).target_prior_, shares)
