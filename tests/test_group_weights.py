"""Weights of groups and of cells of class and group, and how groups reach them."""

import pickle

import numpy as np
import pandas as pd
import polars as pl
import pytest
import skops.io
from hypothesis import given, settings
from hypothesis import strategies as st
from imblearn.over_sampling import SMOTE
from imblearn.under_sampling import RandomUnderSampler
from numpy.testing import assert_allclose, assert_array_equal
from sklearn import config_context
from sklearn.base import clone
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.model_selection import GridSearchCV, KFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skdataquality.base import SKOPS_TYPES
from skdataquality.compose import RemediedClassifier, RemediedRegressor, RemedyChain
from skdataquality.duplicates import Deduplicator
from skdataquality.imbalance import ClassBalanceWeighter

quick = settings(max_examples=30, deadline=None)
STRATEGIES = ("balanced", "effective", "inverse_sqrt")


def draw(n=120, seed=0):
    rng = np.random.default_rng(seed)
    groups = rng.choice(list("nsw"), n, p=[0.6, 0.3, 0.1])
    y = (rng.random(n) < np.where(groups == "n", 0.2, 0.5)).astype(int)
    return rng.normal(size=(n, 3)) + y[:, None], y, groups


X, Y, GROUPS = draw()


@st.composite
def cells(draw):
    """Labels, groups and weights of up to 60 rows."""
    n = draw(st.integers(4, 60))
    rng = np.random.default_rng(draw(st.integers(0, 999)))
    y, groups = rng.choice(list("ab"), n), rng.choice(["u", "v", "w"], n)
    return y, groups, rng.integers(1, 4, n)


def fit(y, groups, w=None, by="both", strategy="balanced", **options):
    weighter = ClassBalanceWeighter(strategy, by=by, **options)
    return weighter.fit(np.zeros((len(groups), 1)), y, sample_weight=w, groups=groups)


def totals(weights, *columns):
    return pd.Series(weights).groupby([pd.Series(c) for c in columns]).sum()


# -- closed forms ----------------------------------------------------------------------


@quick
@given(case=cells(), by=st.sampled_from(["group", "both"]))
def test_every_cell_has_the_same_total(case, by):
    y, groups, w = case
    columns = [groups] if by == "group" else [y, groups]
    total = totals(fit(y, groups, w, by).sample_weight_ * w, *columns)
    assert_allclose(total, w.sum() / len(total), rtol=1e-12)


@quick
@given(case=cells(), strategy=st.sampled_from(STRATEGIES))
def test_a_cell_is_a_class_of_its_own(case, strategy):
    """Weights of cells are those of classes that are named by cell."""
    y, groups, w = case
    named = np.char.add(y, groups)
    as_class = ClassBalanceWeighter(strategy).fit(
        np.zeros((len(y), 1)), named, sample_weight=w
    )
    both = fit(y, groups, w, strategy=strategy)
    assert_allclose(both.sample_weight_, as_class.sample_weight_, rtol=1e-12)
    said = {"".join(cell): weight for cell, weight in both.cell_weight_.items()}
    assert said == pytest.approx(as_class.class_weight_)
    as_group = ClassBalanceWeighter(strategy).fit(
        np.zeros((len(y), 1)), groups, sample_weight=w
    )
    group = fit(None, groups, w, "group", strategy)
    assert_allclose(group.sample_weight_, as_group.sample_weight_, rtol=1e-12)
    assert group.cell_weight_ == pytest.approx(as_group.class_weight_)


@quick
@given(case=cells(), by=st.sampled_from(["class", "group", "both"]))
def test_weight_k_is_a_row_repeated_k_times(case, by):
    y, groups, k = case
    weighted = fit(y, groups, k, by)
    repeated = fit(np.repeat(y, k), np.repeat(groups, k), None, by)
    assert_allclose(np.repeat(weighted.sample_weight_, k), repeated.sample_weight_)


@quick
@given(case=cells(), strength=st.floats(0, 3), by=st.sampled_from(["class", "both"]))
def test_strength_goes_from_none_to_all_on_a_logarithmic_scale(case, strength, by):
    y, groups, w = case
    full = fit(y, groups, w, by).sample_weight_
    raw = full**strength
    partly = fit(y, groups, w, by, strength=strength).sample_weight_
    assert_allclose(partly, raw / np.average(raw, weights=w), rtol=1e-9)


def test_strength_has_its_ends():
    assert_array_equal(fit(Y, GROUPS, strength=0).sample_weight_, 1)
    full, one = fit(Y, GROUPS), fit(Y, GROUPS, strength=1.0)
    assert_array_equal(full.sample_weight_, one.sample_weight_)
    far = fit(Y, GROUPS, strength=1e4).sample_weight_  # all on the smallest cell
    assert np.isfinite(far).all()
    assert set(totals(far, Y, GROUPS) > 0) == {True, False}
    absent = fit(np.array(["a", "b"]), ["u", "u"], [1, 0], strength=0)
    assert_array_equal(absent.sample_weight_, [1, 0])
    with pytest.raises(ValueError, match="'strength' parameter"):
        fit(Y, GROUPS, strength=-0.1)


@pytest.mark.parametrize("by", ["class", "group", "both"])
def test_the_training_prior_is_that_of_the_weighted_rows(by):
    weight = fit(Y, GROUPS, by=by).sample_weight_
    prior = weight[Y == 1].sum() / weight.sum()
    clf = RemediedClassifier(LogisticRegression(), ClassBalanceWeighter(by=by))
    clf.fit(X, Y, groups=GROUPS)
    assert_allclose(clf.train_prior_, [1 - prior, prior])
    assert_allclose(clf.class_prior_, [1 - Y.mean(), Y.mean()])
    if by != "group":  # which leaves the classes of a group as they are
        assert prior == pytest.approx(0.5)


# -- costs -----------------------------------------------------------------------------


def test_a_cost_matrix_of_two_classes_decides_as_its_weights_do():
    """Expected costs (Elkan 2001), at every probability of class b."""
    rng = np.random.default_rng(0)
    p = np.linspace(0, 1, 501)
    y = np.array(["a", "b", "b"])
    for _ in range(20):
        costs = rng.uniform(0, 3, (2, 2))
        costs[[0, 1], [1, 0]] += np.diag(costs)
        weight = fit(y, y, by="class", strategy=costs).class_weight_
        expected = np.c_[1 - p, p] @ costs
        by_weight = p * weight["b"] - (1 - p) * weight["a"]
        clear = np.abs(by_weight) > 1e-9
        assert_array_equal((by_weight > 0)[clear], (expected.argmin(1) == 1)[clear])
        moved = costs + [[5], [2]]  # changes no decision
        again = fit(y, y, by="class", strategy=moved).class_weight_
        assert again == pytest.approx(weight)


def test_rows_of_a_cost_matrix_are_summed():
    costs = [[0, 1, 2], [4, 0, 4], [1, 1, 0]]
    weight = fit(np.array([2, 0, 1]), [0] * 3, by="class", strategy=costs)
    assert_allclose(weight.sample_weight_, np.array([2, 3, 8]) * 3 / 13)
    vector = {0: 3, 1: 8, 2: 2}
    same = fit(np.array([2, 0, 1]), [0] * 3, by="class", strategy=vector)
    assert_allclose(same.sample_weight_, weight.sample_weight_)


@pytest.mark.parametrize(
    ("costs", "message"),
    [
        ([[0, 1]], r"shape \(1, 2\), but y has 2"),
        ([[0, -1], [1, 0]], "costs of 0 or more"),
        ([[0, 0], [0, 0]], "at least one positive"),
        ([[3, 1], [1, 0]], r"dearer than an error on class\(es\) \[0\]"),
        ([["x", 1], [1, 0]], "must hold numbers only"),
    ],
)
def test_wrong_cost_matrices_are_refused(costs, message):
    with pytest.raises(ValueError, match=message):
        ClassBalanceWeighter(costs).fit(X, Y)


@pytest.mark.parametrize("by", ["group", "both"])
def test_costs_are_those_of_classes(by):
    with pytest.raises(ValueError, match=f"by='{by}': name a strategy"):
        fit(Y, GROUPS, by=by, strategy={0: 1, 1: 5})


# -- groups in any container -----------------------------------------------------------

TWO = {"site": ["a", "a", "b", None], "kind": [1, 1, 1, 2]}


@pytest.mark.parametrize(
    "groups",
    [
        pd.DataFrame(TWO, index=[7, 7, 1, 0]),
        pl.DataFrame(TWO),
        np.array(list(zip(*TWO.values(), strict=True)), dtype=object),
        list(zip(*TWO.values(), strict=True)),
    ],
    ids=["pandas", "polars", "array", "list"],
)
def test_columns_of_groups_are_crossed(groups):
    weighter = fit(None, groups, by="group")
    expected = {("a", 1): 2 / 3, ("b", 1): 4 / 3, ("missing", 2): 4 / 3}
    assert weighter.cell_weight_ == pytest.approx(expected)
    assert_allclose(weighter.sample_weight_, [2 / 3, 2 / 3, 4 / 3, 4 / 3])
    again = weighter.predict_weight(np.zeros((4, 1)), groups=groups)
    assert_array_equal(again, weighter.sample_weight_)


@pytest.mark.parametrize(
    "groups",
    [
        pd.Series([1.0, 1.0, np.nan]),
        pd.Series([1, 1, None], dtype="Int64"),
        pl.Series([1, 1, None]),
        [1, 1, None],
        np.array([1, 1, np.nan]),
        pd.Categorical([1, 1, None]),
        np.array([[1.0], [1.0], [np.nan]]),
    ],
    ids=["floats", "Int64", "polars", "list", "array", "categories", "a column"],
)
def test_missing_groups_are_one_group(groups):
    weight = fit(None, groups, by="group").cell_weight_
    assert weight == pytest.approx({1: 0.75, "missing": 1.5})


def test_what_was_not_fitted_is_named():
    weighter = fit(Y[:40], GROUPS[:40])
    with pytest.raises(ValueError, match=r"cell of class and group \[\(1, 'moon'\)\]"):
        weighter.predict_weight([[0]], [1], groups=["moon"])
    with pytest.raises(ValueError, match=r"label\(s\) \[7\] that are not"):
        weighter.predict_weight([[0]], [7], groups=["n"])
    by_group = fit(None, GROUPS, by="group")
    with pytest.raises(ValueError, match=r"of the group \['missing'\]"):
        by_group.predict_weight([[0]], groups=[None])
    for by, y in [("group", None), ("both", [1])]:
        fitted = fit(Y, GROUPS, by=by)
        with pytest.raises(ValueError, match=f"groups=None, and by='{by}'"):
            fitted.predict_weight([[0]], y)
        with pytest.raises(ValueError, match=f"groups=None, and by='{by}'"):
            ClassBalanceWeighter(by=by).fit(X, Y)
    with pytest.raises(ValueError, match="weights rows by label and got y=None"):
        fit(Y, GROUPS).predict_weight([[0]], groups=["n"])


@pytest.mark.parametrize("groups", ["n", GROUPS[:-1], {"n": 1}, 3, np.ones((3, 2))])
@pytest.mark.parametrize("by", ["class", "both"])
def test_groups_of_another_length_are_refused(by, groups):
    with pytest.raises(ValueError, match="groups"):
        fit(Y, GROUPS, by=by).fit(X, Y, groups=groups)


def test_only_what_was_asked_for_is_kept():
    weighter = fit(Y, GROUPS)
    assert not hasattr(weighter, "class_weight_")
    weighter.set_params(by="class").fit(X, Y, groups=GROUPS)
    assert not hasattr(weighter, "cell_weight_")
    plain = LogisticRegression(class_weight=weighter.class_weight_).fit(X, Y)
    weighted = LogisticRegression().fit(X, Y, sample_weight=weighter.sample_weight_)
    assert_allclose(plain.coef_, weighted.coef_)


# -- groups travel ---------------------------------------------------------------------

BOTH = ClassBalanceWeighter(by="both")
FRAME = pd.DataFrame({"site": GROUPS, "odd": np.arange(len(Y)) % 2})


def coefficients(weight, rows=slice(None)):
    return LogisticRegression().fit(X[rows], Y[rows], sample_weight=weight).coef_


@pytest.mark.parametrize("groups", [GROUPS, FRAME, pl.from_pandas(FRAME)], ids=type)
def test_groups_reach_a_weighter_inside(groups):
    expected = coefficients(fit(Y, groups).sample_weight_)
    clf = RemediedClassifier(LogisticRegression(), BOTH)
    chained = RemediedClassifier(LogisticRegression(), RemedyChain([None, BOTH]))
    for model in (clf, chained):
        fitted = clone(model).fit(X, Y, groups=groups)
        assert_allclose(fitted.estimator_.coef_, expected)
    pipe = make_pipeline(StandardScaler(with_mean=False, with_std=False), clf)
    pipe.fit(X, Y, remediedclassifier__groups=groups)
    assert_allclose(pipe[-1].estimator_.coef_, expected)
    with config_context(enable_metadata_routing=True):
        asking = clone(clf).set_fit_request(groups=True)
        pipe = make_pipeline(StandardScaler(with_mean=False, with_std=False), asking)
        pipe.fit(X, Y, groups=groups)
        assert_allclose(pipe[-1].estimator_.coef_, expected)


def test_groups_and_weights_follow_the_rows_of_a_sampler():
    sampler = RandomUnderSampler(random_state=0)
    w = np.random.default_rng(1).integers(1, 4, len(Y)).astype(float)
    chain = RemedyChain([sampler, BOTH])
    clf = RemediedClassifier(LogisticRegression(), chain)
    clf.fit(X, Y, sample_weight=w, groups=FRAME)
    rows = clf.lineage_.origin
    inner = fit(Y[rows], FRAME.iloc[rows], w[rows]).sample_weight_
    assert_allclose(clf.estimator_.coef_, coefficients(w[rows] * inner, rows))


def test_rows_mixed_of_several_groups_belong_to_none():
    chain = RemedyChain([SMOTE(random_state=0), BOTH])
    with pytest.raises(ValueError, match="the new rows belong to none of them"):
        RemediedClassifier(LogisticRegression(), chain).fit(X, Y, groups=FRAME)


def test_columns_of_groups_are_no_groups_of_folds():
    for remedy in (Deduplicator(), RemedyChain([Deduplicator(), BOTH])):
        clf = RemediedClassifier(LogisticRegression(), remedy)
        with pytest.raises(ValueError, match=r"groups has shape \(120, 2\)"):
            clf.fit(X, Y, groups=FRAME)


@pytest.mark.parametrize("groups", [GROUPS, FRAME], ids=type)
def test_a_search_tries_strength_and_by(groups):
    """The groups of a search are those of the rows it trains on."""
    under = RandomUnderSampler(random_state=0)
    options = {
        "remedy__by": ["class", "group", "both"],
        "remedy__strength": [0, 0.5, 1],
    }
    grid = [{"remedy": [None, under]}, {"remedy": [ClassBalanceWeighter()], **options}]
    cv = KFold(3, shuffle=True, random_state=0)
    with config_context(enable_metadata_routing=True):
        clf = RemediedClassifier(LogisticRegression()).set_fit_request(groups=True)
        search = GridSearchCV(
            clf, grid, cv=cv, scoring="neg_log_loss", error_score="raise"
        )
        search.fit(X, Y, groups=groups)
    scores = pd.DataFrame(search.cv_results_)
    none = scores[scores.param_remedy__strength == 0].mean_test_score
    assert_allclose(none, scores.mean_test_score[0])  # nothing
    assert scores.mean_test_score.nunique() > 4
    train, test = next(cv.split(X))
    rows = groups.iloc[train] if groups is FRAME else groups[train]
    by_hand = RemediedClassifier(LogisticRegression(), BOTH)
    by_hand.fit(X[train], Y[train], groups=rows)
    p = by_hand.predict_proba(X[test])[np.arange(len(test)), Y[test]]
    assert scores.split0_test_score.iloc[-1] == pytest.approx(np.log(p).mean())


def test_groups_of_numbers_are_weighted_without_labels():
    target = X @ [1.0, 2, 3] + Y
    model = RemediedRegressor(LinearRegression(), ClassBalanceWeighter(by="group"))
    model.fit(X, target, groups=GROUPS)
    weight = fit(None, GROUPS, by="group").sample_weight_
    expected = LinearRegression().fit(X, target, sample_weight=weight)
    assert_allclose(model.estimator_.coef_, expected.coef_)


def test_weights_of_cells_are_saved_and_loaded():
    weighter = fit(Y, FRAME, by="group")
    for loaded in (
        pickle.loads(pickle.dumps(weighter)),
        skops.io.loads(skops.io.dumps(weighter), trusted=SKOPS_TYPES),
    ):
        again = loaded.predict_weight(np.zeros((len(Y), 1)), groups=FRAME)
        assert_array_equal(again, weighter.sample_weight_)
        assert loaded.cell_weight_ == weighter.cell_weight_
