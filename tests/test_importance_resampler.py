"""Rows are drawn as often as their weight says, and no class is lost."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.sparse as sp
from imblearn.pipeline import make_pipeline as make_sampling_pipeline
from numpy.testing import assert_array_equal
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.tree import DecisionTreeClassifier

from skdataquality.compose import RemediedClassifier, RemediedRegressor
from skdataquality.exceptions import ClassKeptWarning, OverlapWarning
from skdataquality.imbalance import ClassBalanceWeighter
from skdataquality.model_selection import compare_remedies
from skdataquality.shift import DiscriminatorWeighter, ImportanceResampler, TargetData
from skdataquality.shift._importance_resampler import draw_systematically

N = 240
WEIGHTER = DiscriminatorWeighter(LogisticRegression(), cv=3, random_state=0)


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(N, 2))
    y = np.where(X[:, 1] + rng.normal(size=N) > 0, "yes", "no")
    return X, y, TargetData(rng.normal([1, 0], 1, size=(N, 2)))


def sampler_of(target, **options):
    options = {"random_state": 0, **options}
    return ImportanceResampler(WEIGHTER, X_target=target, **options)


@pytest.mark.parametrize("n_drawn", [1, 37, 120, 500])
def test_counts_are_their_expectation_rounded_up_or_down(n_drawn):
    rng = np.random.RandomState(0)
    weights, strata = rng.exponential(size=N), rng.randint(0, 3, N)
    expected = n_drawn * weights / weights.sum()
    for _ in range(20):
        counts = draw_systematically(weights, n_drawn, strata, rng)
        assert counts.sum() == n_drawn
        assert (np.abs(counts - expected) < 1).all()
        for k in range(3):
            gap = counts[strata == k].sum() - expected[strata == k].sum()
            assert abs(gap) < 1 + 1e-9


def test_the_draw_is_without_bias():
    rng = np.random.RandomState(0)
    weights, strata = rng.exponential(size=30), np.arange(30) % 2
    counts = [draw_systematically(weights, 20, strata, rng) for _ in range(2000)]
    expected = 20 * weights / weights.sum()
    assert np.abs(np.mean(counts, axis=0) - expected).max() < 4 * 0.5 / 2000**0.5


def test_rows_of_weight_zero_are_never_drawn():
    weights = np.r_[np.zeros(5), np.ones(5), np.zeros(5)]
    rng = np.random.RandomState(0)
    for _ in range(50):
        counts = draw_systematically(weights, 100, np.zeros(15), rng)
        assert_array_equal(counts[weights == 0], 0)


@pytest.mark.parametrize("fraction", [0.3, 1, 2.5])
def test_drawn_rows_look_like_target_rows(data, fraction):
    X, y, target = data
    sampler = sampler_of(target, sampling_fraction=fraction)
    X_drawn, y_drawn = sampler.fit_resample(X, y)
    rows = sampler.sample_indices_
    assert rows.size == round(fraction * N)
    assert_array_equal(X_drawn, X[rows])
    assert_array_equal(y_drawn, y[rows])
    assert (np.diff(rows) >= 0).all()
    weighted = np.average(X, axis=0, weights=sampler.weighter_.sample_weight_)
    assert np.abs(X_drawn.mean(axis=0) - weighted).max() < 0.15
    assert sampler.lineage_.dropped.sum() == N - np.unique(rows).size


@pytest.mark.parametrize(
    "container",
    [
        lambda X: pd.DataFrame(X, columns=["a", "b"], index=np.arange(N) + 7),
        lambda X: pl.DataFrame({"a": X[:, 0], "b": X[:, 1]}),
        sp.csr_matrix,
    ],
    ids=["pandas", "polars", "sparse"],
)
def test_containers_come_back_as_they_went_in(data, container):
    X, y, target = data
    given = container(X)
    handle = TargetData(container(target.X))
    sampler = sampler_of(handle)
    X_drawn, _ = sampler.fit_resample(given, y)
    assert type(X_drawn) is type(given)
    plain = X_drawn.toarray() if sp.issparse(X_drawn) else np.asarray(X_drawn)
    assert_array_equal(plain, X[sampler.sample_indices_])
    if isinstance(given, pd.DataFrame):
        assert_array_equal(X_drawn.index, sampler.sample_indices_ + 7)


def test_without_target_rows_nothing_happens(data):
    X, y, _ = data
    sampler = ImportanceResampler(sampling_fraction=0.1)
    X_new, y_new = sampler.fit_resample(X, y)
    assert_array_equal(X_new, X)
    assert_array_equal(y_new, y)
    assert sampler.weighter_ is None


def test_no_class_is_lost(data):
    X, _, target = data
    y = np.where(np.arange(N) < 4, "rare", "often")
    sampler = sampler_of(target, sampling_fraction=0.02, min_samples_per_class=3)
    with pytest.warns(ClassKeptWarning, match="'rare' would keep fewer than 3"):
        _, y_drawn = sampler.fit_resample(X, y)
    assert (y_drawn == "rare").sum() == 3


def test_a_weight_is_not_counted_twice(data):
    X, y, target = data
    own = 1.0 + np.arange(N) % 3
    clf = RemediedClassifier(
        LogisticRegression(), sampler_of(target, sampling_fraction=20)
    ).fit(X, y, sample_weight=own)
    weighter = DiscriminatorWeighter(
        LogisticRegression(), X_target=target, cv=3, random_state=0
    )
    whole = RemediedClassifier(LogisticRegression(C=20), weighter)
    whole.fit(X, y, sample_weight=own)
    assert np.abs(clf.predict_proba(X) - whole.predict_proba(X)).max() < 0.03


def test_in_pipelines_searches_and_comparisons(data):
    X, y, target = data
    pipe = make_sampling_pipeline(
        sampler_of(target), DecisionTreeClassifier(max_depth=2, random_state=0)
    )
    values = {"importanceresampler__weighter__flatten": [0.0, 1.0]}
    search = GridSearchCV(pipe, values, cv=3).fit(X, y)
    assert search.best_estimator_[0].weighter_.sample_weight_.shape == (N,)
    found = compare_remedies(
        LogisticRegression(),
        {"draw": ImportanceResampler(WEIGHTER, random_state=0)},
        X,
        y,
        X_target=target,
        cv=3,
        random_state=0,
    )
    assert found.candidates_["draw"].remedy.X_target is target


def test_numbers_are_drawn_through_the_regressor(data):
    X, _, target = data
    y = np.maximum(X[:, 0], 0)  # where the target rows are the slope is nearer to 1
    slopes = [
        RemediedRegressor(LinearRegression(), remedy).fit(X, y).estimator_.coef_[0]
        for remedy in (None, sampler_of(target))
    ]
    assert slopes[1] > slopes[0] + 0.1


def test_a_fixed_seed_is_the_same_draw_and_none_is_not(data):
    X, y, target = data
    first, again, other = (
        sampler_of(target, random_state=seed).fit(X, y).fit_resample(X, y)[0]
        for seed in (0, 0, 1)
    )
    assert_array_equal(first, again)
    assert (first != other).any()


def test_what_it_refuses(data):
    X, y, target = data
    with pytest.raises(ValueError, match="Write X_target=TargetData"):
        ImportanceResampler(X_target=X).fit_resample(X, y)
    with pytest.raises(ValueError, match="give it once"):
        sampler_of(target).fit_resample(X, y, X_target=target)
    with pytest.raises(ValueError, match="ignores the target rows"):
        ImportanceResampler(ClassBalanceWeighter(), X_target=target).fit_resample(X, y)
    with pytest.raises(ValueError, match="sampling_fraction"):
        sampler_of(target, sampling_fraction=0).fit_resample(X, y)
    with pytest.warns(OverlapWarning, match="hardly overlap"):
        sampler_of(TargetData(target.X + 50)).fit_resample(X, y)
