"""A diverse, balanced part of a table: distances, weights, quotas, and no copies."""

import tracemalloc
import warnings

import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from imblearn.pipeline import make_pipeline as make_resampling_pipeline
from scipy.spatial.distance import cdist
from sklearn import config_context
from sklearn.base import clone
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.model_selection import GridSearchCV

from skdataquality.active_learning import DiversitySelector, ReferenceRows
from skdataquality.active_learning._curation._quotas import SoftBalance, allot
from skdataquality.compose import RemediedClassifier, RemediedRegressor, RemedyChain
from skdataquality.exceptions import (
    ClassKeptWarning,
    PoolExhaustedWarning,
    UnmetQuotaWarning,
)
from skdataquality.lineage import Reason

SEEDS = st.integers(0, 10_000)


def plain(n=10, **options):
    return DiversitySelector(n, embedding="passthrough", **options)


def _fitted(selector, X, y=None, **metadata):
    fitted = clone(selector)
    fitted.fit_resample(X, y, **metadata)
    return fitted.selection_order_


def greedy(X, n, first, value=None):
    """Plain double loop over all distances: d**2 * value, in float64."""
    X = np.asarray(X, dtype=float)
    value = np.ones(len(X)) if value is None else value
    picks = [first]
    for _ in range(n - 1):
        squared = cdist(X, X[picks], "sqeuclidean").min(axis=1)
        picks.append(int((squared * value).argmax()))
    return picks


def central(X):
    return int(np.square(X - X.mean(axis=0)).sum(axis=1).argmin())


# ------------------------------------------------------------------- distance
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shift", [0, 1000])
def test_picks_are_those_of_greedy_k_center_from_the_most_central_row(dtype, shift):
    X = (np.random.default_rng(0).normal(size=(6000, 5)) + shift).astype(dtype)
    expected = greedy(X, 300, central(X.astype(float)))
    assert _fitted(plain(300), X).tolist() == expected


def test_no_other_centres_halve_the_radius():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(300, 2))
    selector = plain(12)
    selector.fit_resample(X)
    for _ in range(200):
        other = cdist(X, X[rng.choice(300, 12, replace=False)]).min(axis=1).max()
        assert selector.radius_ <= 2 * other


def test_what_is_said_of_distances_is_so():
    X = np.random.default_rng(0).normal(size=(500, 3))
    selector = plain(40)
    X_kept, nothing = selector.fit_resample(X)
    assert nothing is None
    np.testing.assert_array_equal(X_kept, X[np.sort(selector.selection_order_)])
    picks = X[selector.selection_order_]
    between = cdist(picks, picks)
    expected = [np.inf] + [between[i, :i].min() for i in range(1, 40)]
    np.testing.assert_allclose(selector.distances_, expected, rtol=1e-12)
    assert selector.radius_ == pytest.approx(cdist(X, picks).min(axis=1).max())
    assert (np.diff(selector.distances_[1:]) <= 1e-12).all()


@given(SEEDS, st.integers(2, 30))
@settings(max_examples=25, deadline=None)
def test_the_order_of_rows_does_not_matter(seed, n):
    rng = np.random.default_rng(seed)
    X = rng.integers(0, 4, size=(60, 3)) / 3.0  # with ties, and with copies
    group = rng.integers(0, 3, size=60)
    weights = rng.integers(1, 4, size=60) / 2
    mixed = rng.permutation(60)
    for selector, metadata in [
        (plain(n), {}),
        (plain(n, weight_strength=2.0), {"weights": weights}),
        (plain(n, balance="uniform"), {"by": group, "weights": weights}),
        (plain(n, balance="input", balance_strength=2.0), {"by": group}),
        (plain(n, min_distance=0.5), {}),
        (plain(n, typicality=1.0), {}),
    ]:
        moved = {name: values[mixed] for name, values in metadata.items()}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UnmetQuotaWarning)
            here = _fitted(selector, X, **metadata)
            there = mixed[_fitted(selector, X[mixed], **moved)]
        np.testing.assert_array_equal(X[here], X[there])
        for values in metadata.values():
            np.testing.assert_array_equal(values[here], values[there])


@given(SEEDS, st.floats(1e-3, 1e3))
@settings(max_examples=25, deadline=None)
def test_scale_shift_and_rotation_do_not_matter_to_distance_alone(seed, scale):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(200, 4))
    turned = np.linalg.qr(rng.normal(size=(4, 4)))[0]
    expected = _fitted(plain(20), X)
    np.testing.assert_array_equal(_fitted(plain(20), scale * X), expected)
    np.testing.assert_array_equal(_fitted(plain(20), X + 7), expected)
    np.testing.assert_array_equal(_fitted(plain(20), X @ turned), expected)


def test_strength_does_not_matter_to_distance_alone():
    X = np.random.default_rng(0).normal(size=(200, 4))
    expected = _fitted(plain(20), X)
    np.testing.assert_array_equal(_fitted(plain(20, diversity=0.3), X), expected)


def test_the_first_picks_are_a_selection_of_fewer_rows():
    X = np.random.default_rng(0).normal(size=(5000, 8))
    np.testing.assert_array_equal(_fitted(plain(300), X)[:40], _fitted(plain(40), X))


@pytest.mark.parametrize("n", [5, 12, 30])
def test_no_row_is_nearer_to_another_than_the_minimum(n):
    X = np.random.default_rng(0).normal(size=(400, 2))
    for options in ({}, {"diversity": 0.0}, {"weight_strength": 3.0}):
        selector = plain(n, min_distance=0.9, **options)
        weights = {"weights": np.linspace(1, 2, 400)} if options else {}
        kept = X[_fitted(selector, X, **weights)]
        assert 1 < len(kept) <= n
        assert cdist(kept, kept)[np.triu_indices(len(kept), 1)].min() >= 0.9
        if len(kept) < n:  # because no other row would do
            assert cdist(X, kept).min(axis=1).max() < 0.9


# ------------------------------------------------------------------- copies
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shift", [0, 300])
def test_a_copy_is_picked_only_where_no_other_row_is_left(dtype, shift):
    rng = np.random.default_rng(0)
    X = (rng.normal(size=(40, 3)) + shift).astype(dtype)[rng.integers(0, 40, size=500)]
    n_distinct = len(np.unique(X, axis=0))
    picks = _fitted(plain(n_distinct + 3), X, weights=rng.random(500))
    assert len(np.unique(X[picks[:n_distinct]], axis=0)) == n_distinct
    assert len(set(picks.tolist())) == n_distinct + 3


def test_copies_of_the_highest_weight_are_picked_once():
    rng = np.random.default_rng(0)
    X, weights = rng.normal(size=(1000, 8)), rng.uniform(0.1, 1, size=1000)
    X[:100], weights[:100] = X[0], 2.0
    for options in ({"weight_strength": 5.0}, {"diversity": 0.0}):
        picks = _fitted(plain(200, **options), X, weights=weights)
        assert (picks < 100).sum() == 1


def test_more_rows_than_there_are_give_each_once():
    X = np.random.default_rng(0).normal(size=(50, 3))
    selector = plain(80)
    with pytest.warns(PoolExhaustedWarning, match="80 rows were asked for.*50"):
        selector.fit_resample(X)
    np.testing.assert_array_equal(selector.sample_indices_, np.arange(50))
    assert selector.radius_ == 0


def test_lineage_says_of_which_row_a_dropped_one_is_a_copy():
    X = np.array([[0.0], [0.0], [5.0], [9.0], [9.0], [4.0]])
    selector = plain(3)
    selector.fit_resample(X)
    lineage = selector.lineage_
    assert (lineage.drop_reason[lineage.dropped] == Reason.NOT_SELECTED).all()
    for row in np.flatnonzero(lineage.dropped):
        twin = lineage.drop_ref[row]
        kept_twins = [k for k in selector.sample_indices_ if X[k] == X[row]]
        assert [twin] == (kept_twins or [-1])


# ------------------------------------------------------------------- weights
@given(SEEDS, st.sampled_from([-2.0, 0.5, 1.0, 3.0]))
@settings(max_examples=25, deadline=None)
def test_picks_are_of_the_highest_product_of_distance_and_weight(seed, strength):
    rng = np.random.default_rng(seed)
    X, weights = rng.normal(size=(300, 3)), rng.uniform(0.1, 1, size=300)
    value = weights**strength
    selector = plain(40, weight_strength=strength)
    expected = greedy(X, 40, int(value.argmax()), value)
    assert _fitted(selector, X, weights=weights).tolist() == expected
    scaled = _fitted(selector, X, weights=weights * 1e-12)
    assert scaled.tolist() == expected


def test_diversity_is_the_power_of_distance():
    rng = np.random.default_rng(0)
    X, weights = rng.normal(size=(300, 3)), rng.uniform(0.1, 1, size=300)
    half = _fitted(plain(40, diversity=0.5), X, weights=weights)
    twice = _fitted(plain(40, weight_strength=2.0), X, weights=weights)
    np.testing.assert_array_equal(half, twice)


def test_weights_alone_are_the_top_of_a_list():
    weights = np.random.default_rng(0).permutation(300).astype(float)
    X = np.random.default_rng(1).normal(size=(300, 3))
    picks = _fitted(plain(40, diversity=0), X, weights=weights)
    np.testing.assert_array_equal(weights[picks], np.arange(299, 259, -1))
    low = plain(40, diversity=0, weight_strength=-1.0)
    picks = _fitted(low, X, weights=weights + 1)
    np.testing.assert_array_equal(weights[picks], np.arange(40))


def test_rows_of_weight_0_come_last_and_then_by_distance():
    X = np.random.default_rng(0).normal(size=(100, 3))
    weights = (np.arange(100) < 10).astype(float)
    picks = _fitted(plain(30), X, weights=weights)
    assert set(picks[:10]) == set(range(10))
    assert picks.tolist()[9:] == greedy_after(X, picks[:10].tolist(), 20)[9:]


def greedy_after(X, picks, n_more):
    picks = list(picks)
    for _ in range(n_more):
        picks.append(int(cdist(X, X[picks]).min(axis=1).argmax()))
    return picks


def test_weights_of_a_column_are_no_part_of_distances():
    rng = np.random.default_rng(0)
    X, weights = rng.normal(size=(200, 3)), rng.uniform(1, 100, size=200)
    frame = pd.DataFrame(X, columns=list("abc")).assign(price=weights)
    expected = _fitted(plain(20), X, weights=weights)
    selector = plain(20, weights="price")
    np.testing.assert_array_equal(_fitted(selector, frame), expected)
    np.testing.assert_array_equal(_fitted(selector, pl.from_pandas(frame)), expected)
    numbered = plain(20, weights=3)
    np.testing.assert_array_equal(_fitted(numbered, frame.to_numpy()), expected)
    sparse = sp.csr_array(frame.to_numpy())
    np.testing.assert_array_equal(_fitted(numbered, sparse), expected)
    assert list(selector.fit_resample(frame)[0].columns) == ["a", "b", "c", "price"]


# ------------------------------------------------------------------- quotas
CLASSES = st.integers(1, 6).flatmap(
    lambda c: st.tuples(
        *(
            st.lists(st.integers(low, 40), min_size=c, max_size=c)
            for low in (1, 0, 0)  # shares, present, available
        ),
        st.integers(1, 80),
    )
)


@given(CLASSES)
@settings(max_examples=300, deadline=None)
def test_quotas_add_up_and_are_as_near_to_the_shares_as_rows_allow(drawn):
    shares, present, available, n = drawn
    shares, present, available = map(np.array, (shares, present, available))
    shares = shares / shares.sum()
    quota = allot(shares, n, present=present, available=available)
    assert quota.sum() == min(n, available.sum())
    assert (quota >= 0).all()
    assert (quota <= available).all()
    target = shares * (n + present.sum())
    wanted = target - present
    if (wanted >= 0).all() and (wanted <= available).all():
        assert (np.abs(quota - wanted) < 1 + 1e-9).all()
    # no class has more than a row above another that could have had it
    may_give, may_take = quota > 0, quota < available
    if may_give.any() and may_take.any():
        fuller = (quota + present - 1) / shares
        emptier = (quota + present + 1) / shares
        assert fuller[may_give].max() <= emptier[may_take].min() + 1e-6


def test_quotas_by_hand():
    def quotas(shares, n, present=(0, 0, 0), available=(99, 99, 99)):
        shares = np.array(shares, dtype=float)
        present, available = np.array(present), np.array(available)
        return allot(shares / shares.sum(), n, present=present, available=available)

    assert quotas([1, 1, 1], 15).tolist() == [5, 5, 5]
    assert quotas([1, 1, 1], 16).sum() == 16
    assert quotas([3, 2, 1], 6).tolist() == [3, 2, 1]
    assert quotas([1, 1, 1], 15, available=(99, 99, 3)).tolist() == [6, 6, 3]
    assert quotas([3, 1, 1], 15, available=(1, 99, 99)).tolist() == [1, 7, 7]
    assert quotas([1, 1, 1], 6, present=(6, 0, 0)).tolist() == [0, 3, 3]
    assert quotas([1, 1, 0], 6).tolist() == [3, 3, 0]
    assert quotas([1, 0, 0], 6, available=(4, 99, 99)).tolist() == [4, 0, 0]


@pytest.mark.parametrize("n", [15, 30, 45])
@pytest.mark.parametrize("strength", [0.0, 3.0])
def test_feasible_quotas_are_met_to_the_row(n, strength):
    rng = np.random.default_rng(0)
    group = np.repeat(["a", "b", "c"], [800, 150, 50])
    X, weights = rng.normal(size=(1000, 8)), rng.uniform(0.1, 1, size=1000)
    selector = plain(n, balance="uniform", weight_strength=strength)
    picks = _fitted(selector, X, by=group, weights=weights)
    assert np.unique(group[picks], return_counts=True)[1].tolist() == [n // 3] * 3
    selector.set_params(balance={"a": 1, "c": 2})
    picks = _fitted(selector, X, by=group, weights=weights)
    found = dict(zip(*np.unique(group[picks], return_counts=True), strict=True))
    assert found == {"a": n // 3, "c": 2 * n // 3}


def test_input_shares_count_rows_by_their_sample_weight():
    X = np.random.default_rng(0).normal(size=(100, 3))
    y = np.repeat([0, 1], [80, 20])
    assert np.bincount(y[_fitted(plain(20, balance="input"), X, y)]).tolist() == [16, 4]
    weight = np.where(y == 0, 1, 4)
    picks = _fitted(plain(20, balance="input"), X, y, sample_weight=weight)
    assert np.bincount(y[picks]).tolist() == [10, 10]


def test_a_class_with_too_few_rows_is_named_and_others_get_what_is_left():
    X = np.random.default_rng(0).normal(size=(100, 3))
    group = np.repeat(["a", "b", "c"], [60, 37, 3])
    with pytest.warns(UnmetQuotaWarning, match=r"'c' \(wanted 10, available 3.*picked"):
        picks = _fitted(plain(30, balance="uniform"), X, by=group)
    counts = np.unique(group[picks], return_counts=True)[1]
    assert counts.tolist() in ([14, 13, 3], [13, 14, 3])


def test_copies_are_no_rows_of_a_class_while_others_are_left():
    X = np.random.default_rng(0).normal(size=(100, 3))
    group = np.repeat(["a", "b"], [80, 20])
    X[80:] = X[80]
    with pytest.warns(UnmetQuotaWarning, match=r"'b' \(wanted 15, available 1"):
        picks = _fitted(plain(30, balance="uniform"), X, by=group)
    assert (group[picks] == "b").sum() == 1
    assert len(np.unique(X[picks], axis=0)) == 30


def test_a_minimum_distance_may_leave_a_quota_to_others():
    X = np.r_[np.random.default_rng(0).normal(size=(60, 2)) * 5, np.full((20, 2), 50.0)]
    X[60:] += np.linspace(0, 0.1, 20)[:, None]
    group = np.repeat(["a", "b"], [60, 20])
    picks = _fitted(plain(12, balance="uniform", min_distance=0.5), X, by=group)
    assert (group[picks] == "b").sum() == 1
    assert picks.size == 12


def test_rows_selected_before_count_in_the_balance():
    X = np.random.default_rng(0).normal(size=(100, 3))
    y = np.repeat(["a", "b"], [50, 50])
    before = np.arange(6)  # all of a
    selector = plain(10, balance="uniform")
    picks = _fitted(selector, X, y, selected=before)
    assert np.unique(y[picks], return_counts=True)[1].tolist() == [2, 8]
    elsewhere = plain(10, balance="uniform", selected=ReferenceRows(X[:6], y[:6]))
    picks = _fitted(elsewhere, X[6:], y[6:])
    assert np.unique(y[6:][picks], return_counts=True)[1].tolist() == [2, 8]


@given(SEEDS, st.floats(0.1, 20))
@settings(max_examples=50, deadline=None)
def test_soft_balance_is_the_divergence_from_the_shares(seed, strength):
    rng = np.random.default_rng(seed)
    shares, counts = rng.dirichlet(np.ones(4)), rng.integers(0, 9, size=4)
    value = SoftBalance(shares, strength, present=counts).value
    then = np.maximum((counts + np.eye(4)) / (counts.sum() + 1), 1e-9)
    far = (shares * np.log(shares / then)).sum(axis=1)
    expected = np.maximum(np.exp(strength * (far.min() - far)), 1e-100)  # never 0
    np.testing.assert_allclose(value, expected, rtol=1e-7)


def test_a_strong_soft_balance_leads_to_the_shares():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(1000, 8))
    group = rng.choice(3, size=1000, p=[0.8, 0.15, 0.05])

    def counts(strength):
        selector = plain(30, balance="uniform", balance_strength=strength)
        return np.bincount(group[_fitted(selector, X, by=group)], minlength=3)

    assert counts(1000.0).tolist() == [10, 10, 10]
    np.testing.assert_array_equal(
        counts(0.0), np.bincount(group[_fitted(plain(30), X)])
    )
    assert np.ptp(counts(30.0)) < np.ptp(counts(0.0))


# ------------------------------------------------------------------- other rows
def test_rows_selected_before_are_kept_away_from_and_not_returned():
    X = np.random.default_rng(0).normal(size=(200, 3))
    mask = np.zeros(200, dtype=bool)
    mask[:30] = True
    picks = _fitted(plain(20), X, selected=mask)
    assert picks.tolist() == greedy_after(X, list(range(30)), 20)[30:]
    np.testing.assert_array_equal(_fitted(plain(20), X, selected=np.arange(30)), picks)
    elsewhere = plain(20, selected=ReferenceRows(X[:30]))
    np.testing.assert_array_equal(_fitted(elsewhere, X[30:]) + 30, picks)


def test_a_copy_of_a_row_selected_before_is_not_needed():
    X = np.random.default_rng(0).normal(size=(40, 3))
    selector = plain(30, selected=ReferenceRows(X[:10]))
    assert set(_fitted(selector, X)) == set(range(10, 40))


def test_rows_alike_are_preferred_or_avoided():
    rng = np.random.default_rng(0)
    X = np.r_[rng.normal(size=(200, 3)), rng.normal(4, 1, size=(50, 3))]
    like = ReferenceRows(np.full((5, 3), 4.0))
    shares = [
        (_fitted(plain(20, similar_to=like, similarity=strength), X) >= 200).mean()
        for strength in (-5.0, 0.0, 5.0)
    ]
    assert shares[0] < 0.2 < 0.8 < shares[2]
    np.testing.assert_array_equal(
        _fitted(plain(20, similar_to=like, similarity=0.0), X), _fitted(plain(20), X)
    )


def test_typicality_avoids_outliers():
    rng = np.random.default_rng(0)
    X = np.r_[rng.normal(size=(300, 3)), rng.normal(0, 30, size=(10, 3))]
    far = [(_fitted(plain(10, typicality=t), X) >= 300).sum() for t in (0.0, 3.0)]
    assert far[0] >= 8
    assert far[1] == 0


def test_a_search_does_not_slice_reference_rows():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(120, 3))
    y = (X[:, 0] > 0).astype(int)
    like = ReferenceRows(rng.normal(size=(120, 3)))
    pipe = make_resampling_pipeline(
        plain(0.5, selected=like, similar_to=like), LogisticRegression()
    )
    grid = {"diversityselector__n_select": [10, 0.5, 1.0]}
    search = GridSearchCV(pipe, grid, cv=3, error_score="raise").fit(X, y)
    assert search.best_score_ > 0.8
    assert search.best_estimator_[0].selected is like


# ------------------------------------------------------------------- in hosts
def test_containers_come_back_as_they_went_in():
    X = np.random.default_rng(0).normal(size=(60, 3)).astype(np.float32)
    expected = np.sort(_fitted(plain(12), X))
    frame = pd.DataFrame(X, columns=list("abc"), index=np.arange(1000, 1060))
    y = pd.Series(np.arange(60) % 2, index=frame.index)
    X_kept, y_kept = plain(12).fit_resample(frame, y)
    pd.testing.assert_frame_equal(X_kept, frame.iloc[expected])
    pd.testing.assert_series_equal(y_kept, y.iloc[expected])
    assert (
        plain(12)
        .fit_resample(pl.from_pandas(frame))[0]
        .equals(pl.from_pandas(frame)[expected])
    )
    kept = plain(12).fit_resample(sp.csr_array(X))[0]
    np.testing.assert_array_equal(kept.toarray(), X[expected])
    texts = ["a cat", "a cat", "two dogs", "one bird here", "cat and dog"]
    reader = DiversitySelector(3, embedding=TfidfVectorizer())
    assert len(set(reader.fit_resample(texts)[0])) == 3


def test_mixed_columns_and_holes_are_encoded():
    frame = pd.DataFrame(
        {"kind": ["x", "y"] * 20, "size": [np.nan, *range(39)], "weight": range(40)}
    )
    selector = DiversitySelector(8, weights="weight", balance="uniform", by="kind")
    kept = selector.fit_resample(frame)[0]
    assert kept["kind"].value_counts().to_dict() == {"x": 4, "y": 4}


def test_a_wrapped_classifier_keeps_its_classes():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(200, 3))
    X[:190] *= 10
    X[190:] = X[190:] / 10 + 3
    y = np.repeat(["common", "rare"], [190, 10])
    clf = RemediedClassifier(LogisticRegression(), plain(5), calibration=None)
    with pytest.warns(ClassKeptWarning, match="'rare'"):
        clf.fit(X, y)
    assert clf.lineage_.n_out == 6
    assert clf.estimator_.classes_.tolist() == ["common", "rare"]
    lost = plain(5, min_samples_per_class=0)
    assert set(y[_fitted(lost, X, y)]) == {"common"}
    group = np.arange(200) % 2
    with pytest.warns(ClassKeptWarning, match="'rare'"):
        picks = _fitted(plain(4, balance="uniform"), X, y, by=group)
    assert np.bincount(group[picks[:4]]).tolist() == [2, 2]
    assert y[picks].tolist() == ["common"] * 4 + ["rare"]
    none_of_it = plain(5, balance={"common": 1})  # as was asked for
    assert set(y[_fitted(none_of_it, X, y)]) == {"common"}


def test_a_wrapped_regressor_takes_numbers():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(200, 3))
    reg = RemediedRegressor(LinearRegression(), plain(0.2)).fit(X, X @ [1.0, 2.0, 3.0])
    np.testing.assert_allclose(reg.estimator_.coef_, [1, 2, 3])
    assert reg.lineage_.n_out == 40
    with pytest.raises(ValueError, match="Unknown label type"):
        plain(0.2).fit_resample(X, X[:, 0])


def test_a_chain_composes_what_was_dropped():
    X = np.random.default_rng(0).normal(size=(100, 3))
    y = np.arange(100) % 2
    chain = RemedyChain([plain(50), plain(10)])
    chain.fit_resample(X, y)
    assert (chain.lineage_.drop_reason > 0).sum() == 90


def test_weights_and_groups_are_routed_through_a_search():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(120, 3))
    y = (X[:, 0] > 0).astype(int)
    group, weights = rng.integers(0, 3, 120), rng.random(120)
    selector = plain(30, balance="uniform")
    with config_context(enable_metadata_routing=True):
        selector.set_fit_resample_request(weights=True, by=True)
        pipe = make_resampling_pipeline(selector, LogisticRegression())
        grid = {"diversityselector__weight_strength": [0.0, 1.0]}
        search = GridSearchCV(pipe, grid, cv=3, error_score="raise")
        search.fit(X, y, weights=weights, by=group)
    kept = search.best_estimator_[0].sample_indices_
    assert np.bincount(group[kept]).tolist() == [10, 10, 10]


# ------------------------------------------------------------------- bad input
X_SMALL = np.random.default_rng(0).normal(size=(20, 3))
GROUP = np.repeat(["a", "b"], 10)


def with_cell(value):
    X = X_SMALL.copy()
    X[3, 1] = value
    return X


@pytest.mark.parametrize(
    ("selector", "X", "metadata", "message"),
    [
        (plain(5), with_cell(np.nan), {}, r"NaN or infinity in row\(s\) 3"),
        (plain(5), with_cell(np.inf), {}, r"NaN or infinity in row\(s\) 3"),
        (plain(5), X_SMALL, {"weights": np.full(20, -1)}, "Negative.*weights"),
        (
            plain(5),
            X_SMALL,
            {"weights": with_cell(np.nan)[:, 1]},
            "weights contains NaN",
        ),
        (plain(5), X_SMALL, {"weights": np.zeros(20)}, "weights is zero for all"),
        (plain(5), X_SMALL, {"weights": np.ones(19)}, "weights has 19"),
        (plain(5), X_SMALL, {"weights": GROUP}, "weights holds values that are no num"),
        (
            plain(5, weight_strength=-1.0),
            X_SMALL,
            {"weights": np.arange(20)},
            r"0 at position\(s\) 0.*weight_strength=-1 inverts",
        ),
        (plain(5, weights="w"), X_SMALL, {}, "weights='w', and X.*no such column"),
        (plain(5, weights=1), X_SMALL, {"weights": np.ones(20)}, "give it once"),
        (plain(5, balance="uniform"), X_SMALL, {}, "nothing to balance: pass class"),
        (plain(5), X_SMALL, {"by": GROUP}, "balance=None: pass balance"),
        (plain(5, by=1), X_SMALL, {}, "balance=None: pass balance"),
        (
            plain(5, balance={"a": 1, "z": 1}),
            X_SMALL,
            {"by": GROUP},
            "names 'z', of which there is no row: there are 'a', 'b'",
        ),
        (plain(5, balance={"a": -1}), X_SMALL, {"by": GROUP}, "shares of 0 or more"),
        (plain(5), X_SMALL, {"selected": [20]}, "row 20, and X has the rows 0 to 19"),
        (plain(5), X_SMALL, {"selected": [0.5]}, "selected has shape"),
        (plain(5), X_SMALL, {"selected": np.ones(20, bool)}, "none is left to select"),
        (plain(5, selected=X_SMALL), X_SMALL, {}, r"ReferenceRows\(...\)"),
        (plain(5, similar_to=X_SMALL), X_SMALL, {}, r"ReferenceRows\(...\)"),
        (
            plain(5, balance="uniform", selected=ReferenceRows(X_SMALL)),
            X_SMALL,
            {"by": GROUP},
            r"its classes are not known: pass ReferenceRows\(X, y\)",
        ),
        (plain(0), X_SMALL, {}, "n_select"),
        (plain(1.5), X_SMALL, {}, "n_select"),
        (plain(5, balance="even"), X_SMALL, {"by": GROUP}, "balance"),
        (plain(5, min_distance=-1.0), X_SMALL, {}, "min_distance"),
    ],
)
def test_wrong_input_raises_and_says_what_to_do(selector, X, metadata, message):
    with pytest.raises(ValueError, match=f"(?s){message}"):
        selector.fit_resample(X, **metadata)


def test_handles_are_equal_if_their_contents_are():
    X = np.random.default_rng(0).normal(size=(20, 3))
    assert ReferenceRows(X) == ReferenceRows(X.copy())
    assert ReferenceRows(X) != ReferenceRows(X + 1)
    assert ReferenceRows(X, np.zeros(20)) != ReferenceRows(X)
    assert ReferenceRows(X, np.zeros(20)) != ReferenceRows(X, np.ones(20))
    assert repr(ReferenceRows(X, np.zeros(20))) == (
        "ReferenceRows(20 rows x 3 columns, with y)"
    )
    with pytest.raises(ValueError, match="y has 19"):
        ReferenceRows(X, np.zeros(19))


# ------------------------------------------------------------------- cost
@pytest.mark.parametrize("balance", [None, "uniform"])
def test_memory_is_a_few_numbers_for_each_row(balance):
    n = 50_000
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n, 4)).astype(np.float32)
    metadata = {} if balance is None else {"by": rng.integers(0, 5, n)}
    metadata["weights"] = rng.random(n)
    selector = plain(300, balance=balance)
    selector.fit_resample(X[:1000], **{k: v[:1000] for k, v in metadata.items()})
    tracemalloc.start()
    selector.fit_resample(X, **metadata)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak / n < 250  # bytes; a distance to each pick would be 1200
