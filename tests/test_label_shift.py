"""Estimator, weighter and classifier for class shares that change."""

import pickle

import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.sparse as sp
from joblib import parallel_config
from numpy.testing import assert_allclose, assert_array_equal
from sklearn import config_context
from sklearn.base import clone
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from skdataquality.compose import RemediedClassifier
from skdataquality.shift import (
    LabelShiftClassifier,
    LabelShiftEstimator,
    LabelShiftWeighter,
    PriorShiftDisplay,
    ShiftWeightedClassifier,
    TargetData,
)

LR = LogisticRegression()
ESTIMATOR = LabelShiftEstimator(LR, random_state=0)
CLASSIFIER = LabelShiftClassifier(LR, random_state=0)
WEIGHTER = LabelShiftWeighter(LR, random_state=0)
OLD, NEW = [0.6, 0.3, 0.1], [0.1, 0.3, 0.6]


def draw(seed, n, prior, apart=1.5):
    rng = np.random.default_rng(seed)
    y = rng.choice(3, n, p=prior)
    return rng.normal(size=(n, 3)) + apart * np.eye(3)[y], y


X, Y = draw(0, 1500, OLD)
X_NEW, Y_NEW = draw(1, 1000, NEW)
TARGET = TargetData(X_NEW)


@pytest.fixture(scope="module")
def shares():
    return clone(ESTIMATOR).fit(X, Y, X_target=TARGET)


@pytest.fixture
def clf():
    return clone(CLASSIFIER).fit(X, Y, X_target=TARGET)


# -- estimator ---------------------------------------------------------------------


def test_the_estimator_finds_the_shares(shares):
    assert_allclose(shares.target_prior_, NEW, atol=0.06)
    low, high = shares.target_prior_interval_.T
    assert (low < NEW).all()
    assert (high > NEW).all()
    assert_allclose(shares.class_prior_, np.bincount(Y) / Y.size)
    assert_allclose(shares.class_weights_ * shares.class_prior_, shares.target_prior_)
    assert shares.methods_agree_
    assert shares.p_value_ < 1e-6
    assert shares.estimates_.keys() == {"auto", "em", "bbse", "rlls", "moments"}


@pytest.mark.parametrize("method", ["em", "bbse", "rlls"])
def test_a_method_that_is_asked_for_is_used(shares, method):
    found = clone(ESTIMATOR).set_params(method=method).fit(X, Y, X_target=TARGET)
    assert found.method_used_ == method
    assert_allclose(found.target_prior_, shares.estimates_[method])


def test_where_classes_look_different_the_methods_disagree():
    # class 2 has moved onto class 0: P(x | y) is not the same
    moved = np.where((Y_NEW == 2)[:, None], X_NEW + [1.5, 1.5, -4], X_NEW)
    assert not clone(ESTIMATOR).fit(X, Y, X_target=TargetData(moved)).methods_agree_


def test_weights_are_repetitions_where_nothing_is_fitted():
    weight = 1 + (Y == 2)
    found = clone(ESTIMATOR).fit(X, Y, sample_weight=weight)
    assert_allclose(found.class_prior_, np.bincount(Y, weight) / weight.sum())
    assert_array_equal(found.target_prior_, found.class_prior_)
    assert found.method_used_ == "none"


def test_rows_of_weight_0_are_none_at_all(shares):
    more, labels = np.vstack([X, X[:100]]), np.r_[Y, [0] * 100]
    weight = np.repeat([1.0, 0.0], [1500, 100])
    found = clone(ESTIMATOR).fit(more, labels, X_target=TARGET, sample_weight=weight)
    assert_allclose(found.target_prior_, shares.target_prior_)


def test_groups_stay_in_one_fold():
    # each row four times: without groups the models know the rows they predict
    rows = np.repeat(np.arange(300), 4)
    found = clone(ESTIMATOR).fit(X[rows], Y[rows], X_target=TARGET, groups=rows)
    assert_allclose(found.target_prior_, NEW, atol=0.12)


@pytest.mark.parametrize(
    "make",
    [
        lambda X: pd.DataFrame(X, columns=list("abc")),
        lambda X: pl.DataFrame(X, schema=list("abc")),
        sp.csr_matrix,
    ],
    ids=["pandas", "polars", "sparse"],
)
def test_any_container_and_any_labels(shares, make):
    names = np.array(["ham", "jam", "spam"])
    for labels in (names[Y], names[Y].astype(object)):
        found = clone(ESTIMATOR).fit(make(X), labels, X_target=TargetData(make(X_NEW)))
        assert_allclose(found.target_prior_, shares.target_prior_, atol=1e-6)
        assert found.classes_.tolist() == names.tolist()
    clf = clone(CLASSIFIER).fit(make(X), names[Y], X_target=TargetData(make(X_NEW)))
    assert set(clf.predict(make(X_NEW))) == set(names)
    assert_allclose(clf.adapt(make(X_NEW)).target_prior_, clf.target_prior_)


def test_columns_are_matched_by_name(clf):
    frame = pd.DataFrame(X, columns=list("abc"))
    mixed = pd.DataFrame(X_NEW, columns=list("abc"))[["c", "a", "b"]]
    again = clone(CLASSIFIER).fit(frame, Y, X_target=TargetData(mixed))
    assert_allclose(again.target_prior_, clf.target_prior_)
    assert_allclose(again.adapt(mixed).target_prior_, clf.target_prior_)
    with pytest.raises(ValueError, match="X_target lacks 1 of the columns of X.*a"):
        again.adapt(mixed[["b", "c"]])


def test_texts():
    words = np.array(["red rose", "blue sky", "green tree"])
    rng = np.random.default_rng(2)
    texts = [
        f"{words[k]} {word}"
        for k, word in zip(Y, rng.choice(words, Y.size), strict=True)
    ]
    new = [
        f"{words[k]} {word}"
        for k, word in zip(Y_NEW, rng.choice(words, 1000), strict=True)
    ]
    model = make_pipeline(CountVectorizer(), LogisticRegression())
    for estimator in (ESTIMATOR, CLASSIFIER):
        found = clone(estimator).set_params(estimator=model)
        found.fit(texts, Y, X_target=TargetData(new))
        assert_allclose(found.target_prior_, NEW, atol=0.06)


def test_a_decision_function_will_do():
    found = LabelShiftEstimator(LinearSVC(), random_state=0)
    assert_allclose(found.fit(X, Y, X_target=TARGET).target_prior_, NEW, atol=0.08)


# -- odd target rows ---------------------------------------------------------------


def test_a_class_that_target_rows_lack_has_no_share():
    found = clone(ESTIMATOR).fit(X, Y, X_target=TargetData(X_NEW[Y_NEW != 1]))
    assert found.target_prior_[1] < 0.06
    assert found.target_prior_interval_[1, 0] < 0.01


def test_a_label_that_training_rows_lack_is_refused_before_a_fit():
    target = TargetData(X_NEW, np.where(Y_NEW == 0, 7, Y_NEW))
    for estimator in (ESTIMATOR, CLASSIFIER, WEIGHTER):
        with pytest.raises(ValueError, match="X_target.y holds the label 7 in .* row"):
            clone(estimator).fit(X, Y, X_target=target)


@pytest.mark.parametrize("blank", [np.nan, None, pd.NA])
def test_labels_of_some_target_rows(blank):
    labels = pd.Series(Y_NEW, dtype=object)
    labels[200:] = blank
    found = clone(ESTIMATOR).fit(X, Y, X_target=TargetData(X_NEW, labels))
    rest = clone(ESTIMATOR).fit(X, Y, X_target=TargetData(X_NEW[200:]))
    known = np.bincount(Y_NEW[:200]) / 200
    assert_allclose(found.target_prior_, 0.2 * known + 0.8 * rest.target_prior_)


def test_labels_of_all_target_rows_are_counted():
    found = clone(ESTIMATOR).fit(X, Y, X_target=TargetData(X_NEW, Y_NEW))
    assert_allclose(found.target_prior_, np.bincount(Y_NEW) / 1000)
    assert found.method_used_ == "labels"


@pytest.mark.parametrize("method", ["auto", "bbse", "rlls"])
def test_one_target_row(method):
    for estimator in (ESTIMATOR, CLASSIFIER):
        found = clone(estimator).set_params(method=method)
        found.fit(X, Y, X_target=TargetData(X_NEW[:1]))
        assert found.target_prior_.sum() == pytest.approx(1)
    assert not found.adapted_


def test_training_rows_as_target_rows_change_nothing():
    clf = clone(CLASSIFIER).fit(X, Y, X_target=TargetData(X))
    assert_allclose(clf.target_prior_, clf.class_prior_, atol=0.02)
    assert not clf.adapted_
    assert_array_equal(clf.predict_proba(X), clone(LR).fit(X, Y).predict_proba(X))


# -- weighter ----------------------------------------------------------------------


def test_weights_are_those_of_the_classes(shares):
    weighter = clone(WEIGHTER).fit(X, Y, X_target=TARGET)
    weight = shares.class_weights_[Y]
    assert_allclose(weighter.sample_weight_, weight / weight.mean())
    assert_allclose(weighter.predict_weight(X, Y), weighter.sample_weight_)
    with pytest.raises(ValueError, match="weights rows by label and got y=None"):
        weighter.predict_weight(X)


@pytest.mark.parametrize("routing", [False, True])
def test_the_weighter_in_wrappers(routing):
    own = clone(WEIGHTER).set_params(X_target=TARGET)
    with config_context(enable_metadata_routing=routing):
        first = ShiftWeightedClassifier(LR, weighter=WEIGHTER, X_target=TARGET)
        second = RemediedClassifier(LR, own)
        weight = clone(own).fit(X, Y).sample_weight_
        expected = clone(LR).fit(X, Y, sample_weight=weight).predict_proba(X_NEW)
        for wrapper in (first, second):
            assert_allclose(wrapper.fit(X, Y).predict_proba(X_NEW), expected)
        search = GridSearchCV(first, {"weighter__method": ["em", "bbse"]}, cv=2)
        assert search.fit(X, Y).best_estimator_.weighter_.X_target is None


def test_a_weighter_of_labels_alone_is_still_refused():
    from skdataquality.imbalance import ClassBalanceWeighter

    clf = ShiftWeightedClassifier(LR, weighter=ClassBalanceWeighter(), X_target=TARGET)
    with pytest.raises(ValueError, match="ignores the target rows"):
        clf.fit(X, Y)


# -- classifier --------------------------------------------------------------------


def test_probabilities_move_to_the_target_shares(clf):
    plain = clone(LR).fit(X, Y)
    assert clf.adapted_
    assert clf.score(X_NEW, Y_NEW) > plain.score(X_NEW, Y_NEW) + 0.1
    # those of a calibrated model have the new shares as their mean
    assert_allclose(clf.predict_proba(X_NEW).mean(axis=0), clf.target_prior_, atol=0.03)
    expected = clf.score(X_NEW, Y_NEW) - plain.score(X_NEW, Y_NEW)
    assert clf.expected_gain_ == pytest.approx(expected, abs=0.05)
    assert not hasattr(clf, "decision_function")
    assert clf.lineage_.is_identity


def test_predictions_do_not_hang_on_the_other_rows_of_a_call(clf):
    alone = np.vstack([clf.predict_proba(X_NEW[i : i + 1]) for i in range(20)])
    assert_allclose(clf.predict_proba(X_NEW)[:20], alone)


def test_another_batch_needs_no_fit(clf):
    model = clf.estimator_
    batch, _ = draw(5, 800, [0.3, 0.6, 0.1])
    assert clf.adapt(batch) is clf
    assert_allclose(clf.target_prior_, [0.3, 0.6, 0.1], atol=0.08)
    assert clf.estimator_ is model
    fresh = clone(CLASSIFIER).fit(X, Y, X_target=TargetData(batch))
    assert_allclose(clf.predict_proba(X), fresh.predict_proba(X))
    labelled = TargetData(X_NEW, Y_NEW)
    assert_allclose(clf.adapt(labelled).target_prior_, np.bincount(Y_NEW) / 1000)
    assert_array_equal(clf.adapt(None).predict_proba(X), model.predict_proba(X))
    assert hasattr(clf, "decision_function")


def test_without_target_rows_it_is_the_estimator_to_the_bit():
    clf = clone(CLASSIFIER).fit(X, Y)
    assert_array_equal(clf.predict_proba(X), clone(LR).fit(X, Y).predict_proba(X))
    assert_array_equal(clf.decision_function(X), clf.estimator_.decision_function(X))
    assert not hasattr(clf, "target_prior_")
    with pytest.raises(ValueError, match="X_target=None when the classifier was"):
        clf.adapt(X_NEW)


def test_without_what_belongs_to_training_rows_it_predicts_and_adapts_no_more(clf):
    lean = clone(CLASSIFIER).set_params(keep_lineage=False).fit(X, Y, X_target=TARGET)
    assert_array_equal(lean.predict_proba(X), clf.predict_proba(X))
    with pytest.raises(ValueError, match="keep_lineage=False when the classifier was"):
        lean.adapt(X_NEW)


def test_where_classes_cannot_be_told_apart_nothing_is_done():
    rng = np.random.default_rng(3)
    noise, labels = rng.normal(size=(400, 3)), rng.choice(2, 400)
    clf = clone(CLASSIFIER).fit(noise, labels, X_target=TargetData(X_NEW * 0))
    proba = clf.predict_proba(noise)
    assert_array_equal(proba, clone(LR).fit(noise, labels).predict_proba(noise))


def test_what_is_kept_holds_no_target_rows(clf):
    clf.set_params(estimator=GaussianNB())  # the fitted one stays
    again = pickle.loads(pickle.dumps(clf))
    assert_array_equal(again.predict_proba(X), clf.predict_proba(X))
    marked = TargetData(X_NEW.copy())
    marked.X[0, 0] = 12345.678
    fitted = clone(CLASSIFIER).fit(X, Y, X_target=marked)
    assert np.float64(12345.678).tobytes() not in pickle.dumps(fitted)


def test_a_model_without_probabilities_is_refused():
    with pytest.raises(ValueError, match="no predict_proba.*CalibratedClassifierCV"):
        LabelShiftClassifier(LinearSVC()).fit(X, Y, X_target=TARGET)


@pytest.mark.parametrize("routing", [False, True])
def test_weights_reach_the_models(routing):
    weight = np.where(Y == 0, 0.0, 1.0)  # a class without weight is none
    with config_context(enable_metadata_routing=routing):
        model = clone(LR)
        if routing:
            model.set_fit_request(sample_weight=True)
        clf = clone(CLASSIFIER).set_params(estimator=model)
        clf.fit(X, Y, X_target=TargetData(X_NEW[Y_NEW > 0]), sample_weight=weight)
    assert_array_equal(clf.predict_proba(X)[:, 0], 0)
    assert clf.classes_.tolist() == [0, 1, 2]


def test_labels_of_one_and_minus_one():
    signs = np.where(Y == 2, 1, -1)
    clf = clone(CLASSIFIER).fit(X, signs, X_target=TARGET)
    assert clf.target_prior_[1] == pytest.approx(0.6, abs=0.06)
    assert set(clf.predict(X_NEW)) == {-1, 1}


def test_the_numbers_are_the_same_for_any_n_jobs(clf):
    with parallel_config("threading"):
        again = clone(CLASSIFIER).set_params(n_jobs=2).fit(X, Y, X_target=TARGET)
    assert_array_equal(again.predict_proba(X), clf.predict_proba(X))


# -- display -----------------------------------------------------------------------


def test_the_display_draws_what_was_found(shares):
    pytest.importorskip("matplotlib").use("agg")
    display = PriorShiftDisplay.from_estimator(shares, y_target=Y_NEW)
    assert_allclose(display.training_.get_offsets()[:, 0], 100 * shares.class_prior_)
    dots = display.estimated_.lines[0].get_xdata()
    assert_allclose(dots, 100 * shares.target_prior_)
    observed = display.observed_.get_offsets()[:, 0]
    assert_allclose(observed, np.bincount(Y_NEW) / 10)
    fewer = display.plot(max_classes=1)
    assert fewer.order_.tolist() == [0]  # it lost most
    with pytest.raises(ValueError, match="has no target_prior_interval_"):
        PriorShiftDisplay.from_estimator(clone(CLASSIFIER).fit(X, Y))
