"""Wrong numbers are told from noise, and nothing else changes the verdict."""

import pickle

import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.sparse as sp
from joblib import parallel_config
from numpy.testing import assert_allclose, assert_array_equal
from scipy import stats
from scipy.optimize import approx_fprime
from sklearn import config_context
from sklearn.base import BaseEstimator, RegressorMixin, clone
from sklearn.compose import TransformedTargetRegressor, make_column_transformer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.model_selection import (
    GridSearchCV,
    GroupKFold,
    KFold,
    ShuffleSplit,
    cross_val_score,
)
from sklearn.neighbors import KNeighborsRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder
from sklearn.tree import DecisionTreeRegressor

from skdataquality.compose import RemediedClassifier, RemediedRegressor, RemedyChain
from skdataquality.duplicates import Deduplicator
from skdataquality.exceptions import ClassKeptWarning
from skdataquality.label_noise import (
    LabelErrorPruner,
    RegressionErrorDetector,
    RegressionErrorPruner,
)
from skdataquality.label_noise._regression._residuals import (
    _blunt,
    _heavy_tails,
    _with_errors,
    fit_residual_model,
    is_far_out,
    is_predictable,
    noise_scale,
    residual_sizes,
    value_quality,
)
from skdataquality.lineage import Reason
from skdataquality.utils._folds import predict_out_of_fold, repeated_splits

LINE = LinearRegression()
FOLDS = KFold(3)
N = 300


def line(seed=0, n=N, noise="normal"):
    """Five columns, R squared about .93, noise of unit scale."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 5))
    drawn = {
        "normal": rng.normal(size=n),
        "uneven": rng.normal(size=n) * np.exp(0.7 * X[:, 0]),
        "heavy": rng.standard_t(3, size=n),
        "very heavy": rng.standard_t(2, size=n),
        "skewed": np.exp(rng.normal(size=n)),
        "blunt": rng.uniform(-1.7, 1.7, size=n),
    }[noise]
    return X, X @ [3.0, 2.0, 1.0, 0.0, 0.0] + drawn


def with_errors(y, how, share=0.05, seed=0):
    """Plant errors in a share of the values; return them with a mask."""
    rng = np.random.default_rng(seed)
    rows = rng.choice(y.size, round(share * y.size), replace=False)
    wrong, mask = y.copy(), np.zeros(y.size, dtype=bool)
    mask[rows] = True
    signs = rng.choice([-1, 1], rows.size)
    wrong[rows] = {
        "shift": y[rows] + signs * rng.uniform(3, 5, rows.size) * y.std(),
        "other row": rng.choice(y, rows.size),
        "decimal": y[rows] * 10,
    }[how]
    return wrong, mask


def detect(X, y, **parameters):
    return RegressionErrorDetector(LINE, **{"cv": FOLDS} | parameters).fit(X, y)


@pytest.fixture(scope="module")
def planted():
    X, y = line()
    y, mask = with_errors(y, "shift")
    return X, y, mask


@pytest.fixture(scope="module")
def found(planted):
    return detect(*planted[:2])


# -- what is found, and who is not accused ---------------------------------------------


@pytest.mark.parametrize(
    "noise", ["normal", "uneven", "heavy", "very heavy", "skewed", "blunt"]
)
def test_noise_of_any_kind_is_not_accused(noise):
    accused = [detect(*line(seed, 500, noise)).issue_mask_.mean() for seed in range(4)]
    assert np.mean(accused) <= 0.0075
    assert np.max(accused) <= 0.025  # of infinite variance; the others have less


@pytest.mark.parametrize(
    "draw",
    [
        lambda rng: rng.random(N),
        lambda rng: rng.integers(0, 2, N),
        lambda rng: rng.random(N) < 0.1,
        lambda rng: rng.integers(1, 6, N),
        lambda rng: rng.poisson(0.3, N),
        lambda rng: rng.exponential(size=N) * (rng.random(N) < 0.4),
        lambda rng: rng.normal(size=N) + 6 * (rng.random(N) < 0.5),
        lambda rng: np.exp(rng.normal(size=N)),
    ],
)
@pytest.mark.parametrize("model", [LINE, DecisionTreeRegressor(max_depth=3)])
def test_a_model_that_predicts_nothing_accuses_no_one(draw, model):
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(N, 3)), draw(rng).astype(float)
    detector = RegressionErrorDetector(model, cv=FOLDS).fit(X, y)
    assert not detector.issue_mask_.any()
    assert not detector.residual_model_.predictable
    assert detector.noise_rate_ == 0


@pytest.mark.parametrize(
    ("how", "noise", "recall", "precision"),
    [
        ("shift", "normal", 0.99, 0.95),
        ("shift", "uneven", 0.95, 0.85),
        ("shift", "heavy", 0.95, 0.75),
        ("other row", "normal", 0.3, 0.9),
        ("decimal", "normal", 0.6, 0.95),
    ],
)
def test_planted_errors_are_found(how, noise, recall, precision):
    hits = accused = guilty = 0
    for seed in range(3):
        X, y = line(seed, 600, noise)
        y, mask = with_errors(y, how, seed=seed)
        flagged = detect(X, y).issue_mask_
        hits += (flagged & mask).sum()
        accused, guilty = accused + flagged.sum(), guilty + mask.sum()
    assert hits / guilty >= recall
    assert hits / accused >= precision


def test_the_share_of_errors_is_estimated():
    for share in (0.03, 0.1, 0.2):
        X, y = line(1, 1500)
        y, _ = with_errors(y, "shift", share)
        assert detect(X, y).noise_rate_ == pytest.approx(share, rel=0.25)


def test_a_ruined_first_model_does_not_hide_gross_errors():
    X, y = line(3)
    y += 30
    y[:25] *= 100
    once, twice = (detect(X, y, n_rounds=n) for n in (1, 2))
    assert not once.residual_model_.predictable
    assert twice.issue_mask_[:25].all()
    assert not twice.issue_mask_[25:].any()


def test_a_second_round_trains_without_the_flagged_rows(planted):
    X, y, mask = planted
    once, twice = (detect(X, y, n_rounds=n) for n in (1, 2))
    assert once.issue_mask_[mask].all()
    by_hand = np.empty_like(y)
    for train, test in FOLDS.split(X):
        train = train[~once.issue_mask_[train]]
        by_hand[test] = clone(LINE).fit(X[train], y[train]).predict(X[test])
    assert_allclose(twice.prediction_, by_hand)
    assert (
        np.abs(twice.residuals_[~mask]).mean() < np.abs(once.residuals_[~mask]).mean()
    )


def test_noise_scale_follows_the_noise():
    X, y = line(0, 2000, "uneven")
    uneven = detect(X, y).noise_scale_
    log_error = np.log(uneven) - 0.7 * X[:, 0]
    assert abs(log_error.mean()) < 0.05
    assert log_error.std() < 0.15
    even = detect(*line(0, 2000)).noise_scale_
    assert_allclose(even, 1, atol=0.15)


def test_attributes_fit_each_other(planted, found):
    _, y, mask = planted
    assert_array_equal(found.residuals_, y - found.prediction_)
    assert_array_equal(found.suggested_values_, found.prediction_)
    assert_array_equal(found.issue_mask_, found.sample_scores_ < found.noise_rate_)
    assert found.issue_mask_[mask].all()
    assert found.sample_scores_.min() >= 0
    assert found.sample_scores_.max() <= 1
    assert found.sample_scores_[mask].max() < found.sample_scores_[~mask].min()
    assert found.n_features_in_ == 5


# -- invariances -----------------------------------------------------------------------


@pytest.mark.parametrize(("a", "b"), [(8.0, 0.0), (1e-6, 0.0), (3.0, 1e3), (-1.0, 5.0)])
def test_scale_and_shift_of_the_value_do_not_matter(planted, found, a, b):
    X, y, _ = planted
    moved = detect(X, a * y + b)
    assert_allclose(moved.sample_scores_, found.sample_scores_, rtol=0.02, atol=1e-3)
    assert_array_equal(moved.issue_mask_, found.issue_mask_)
    assert_allclose(moved.noise_scale_, abs(a) * found.noise_scale_, rtol=1e-6)
    assert_allclose(moved.prediction_, a * found.prediction_ + b, rtol=1e-6)


def test_the_order_of_rows_does_not_matter(planted, found):
    X, y, _ = planted
    order = np.random.default_rng(0).permutation(N)
    place = np.argsort(order)
    splits = [(place[train], place[test]) for train, test in FOLDS.split(X)]
    shuffled = detect(X[order], y[order], cv=splits)
    assert_allclose(shuffled.sample_scores_, found.sample_scores_[order], rtol=1e-3)
    assert_array_equal(shuffled.issue_mask_, found.issue_mask_[order])


def test_twins_do_not_confirm_each_other():
    X, y = line()
    y[:5] += 40
    X, y = np.r_[X, X[:5]], np.r_[y, y[:5]]
    nearest = KNeighborsRegressor(1)
    for cv in (None, FOLDS):
        detector = RegressionErrorDetector(nearest, cv=cv, random_state=0).fit(X, y)
        assert np.abs(detector.residuals_[[*range(5), *range(-5, 0)]]).min() > 30
        assert detector.issue_mask_[:5].all()
        assert detector.issue_mask_[-5:].all()


def test_groups_share_a_fold():
    X, y = line()
    groups = np.arange(N) // 3
    y = y + np.repeat(np.random.default_rng(1).normal(size=N // 3), 3) * 20
    X = np.c_[X, groups]
    nearest = RegressionErrorDetector(KNeighborsRegressor(1), random_state=0)
    alone = np.abs(clone(nearest).fit(X, y).residuals_).mean()
    for cv in (None, GroupKFold(5)):
        kept = clone(nearest).set_params(cv=cv).fit(X, y, groups=groups)
        assert np.abs(kept.residuals_).mean() > 1.3 * alone


def test_the_same_for_any_number_of_jobs_and_every_run(planted):
    X, y, _ = planted
    detector = RegressionErrorDetector(LINE, cv=3, n_repeats=2, random_state=7)
    with parallel_config("threading"):
        runs = [clone(detector).set_params(n_jobs=n).fit(X, y) for n in (1, 2, 1)]
    for other in runs[1:]:
        assert_array_equal(runs[0].sample_scores_, other.sample_scores_)


def test_repeats_average_predictions(planted):
    X, y, _ = planted
    one_class = np.zeros(N, dtype=int)
    splits, _ = repeated_splits(X, one_class, n_repeats=3, random_state=0)
    assert len(splits) == 15
    averaged = predict_out_of_fold(LINE, X, y, splits)
    single = np.zeros(N)
    for train, test in splits:
        single[test] += clone(LINE).fit(X[train], y[train]).predict(X[test]) / 3
    assert_allclose(averaged, single)


def test_weights_reach_both_estimators(planted):
    X, y, _ = planted
    outside = np.arange(N) < 20
    weight = np.where(outside, 0.0, 2.0)
    wild = np.where(outside, 1e4, y)
    detector = detect(X, wild, n_rounds=1).fit(X, wild, sample_weight=weight)
    by_hand = np.empty_like(y)
    for train, test in FOLDS.split(X):
        kept = train[~outside[train]]
        by_hand[test] = clone(LINE).fit(X[kept], y[kept]).predict(X[test])
    assert_allclose(detector.prediction_, by_hand)
    with pytest.raises(ValueError, match="KNeighborsRegressor does not take"):
        RegressionErrorDetector(LINE, noise_estimator=KNeighborsRegressor()).fit(
            X, y, sample_weight=weight
        )


def test_rows_that_are_never_tested_are_not_judged(planted):
    X, y, _ = planted
    half = detect(X, y, cv=ShuffleSplit(1, test_size=0.5, random_state=0))
    assert half.covered_.sum() == N // 2
    for known in (half.sample_scores_, half.prediction_, half.residuals_):
        assert_array_equal(np.isnan(known), ~half.covered_)
    assert not half.issue_mask_[~half.covered_].any()
    assert_array_equal(half.suggested_values_[~half.covered_], y[~half.covered_])


# -- the mathematics -------------------------------------------------------------------


def test_the_fitted_law_is_that_of_the_residuals():
    rng = np.random.default_rng(0)
    residuals = rng.standard_t(4, size=20_000) * 3
    model = fit_residual_model(residuals, np.full(20_000, 3.0), 1000.0)
    assert model.degrees_of_freedom == pytest.approx(4, rel=0.1)
    assert model.scale == pytest.approx(1, rel=0.03)
    assert model.skewness == pytest.approx(1, rel=0.03)
    assert model.noise_rate == 0
    at = np.linspace(-5, 5, 7)
    expected = stats.t.logpdf(at, model.degrees_of_freedom, model.centre, model.scale)
    assert_allclose(model.log_density(at), expected, atol=0.1)
    grid = np.linspace(-400, 400, 2_000_001)
    total = np.trapezoid(np.exp(model.log_density(grid)), grid)
    assert total == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize("loss", [_heavy_tails, _blunt, _with_errors])
def test_gradients_are_those_of_the_likelihoods(loss):
    rng = np.random.default_rng(0)
    residuals, log_wrong = rng.standard_t(3, size=50), rng.normal(-3, 1, size=50)
    at = np.array([0.1, 0.2, -0.3, np.log(4), 0.2])[: 5 if loss is _with_errors else 4]
    known = (residuals, log_wrong)[: len(at) - 3]
    value, gradient = loss(at, *known)
    assert np.isfinite(value)
    numeric = approx_fprime(at, lambda p: loss(p, *known)[0], 1e-7)
    assert_allclose(gradient, numeric, rtol=1e-4, atol=1e-5)


def test_the_score_is_bayes_rule_at_even_odds():
    residuals, scale = np.array([0.0, 2.0, -9.0]), np.array([1.0, 2.0, 0.5])
    noise = np.random.default_rng(0).normal(size=200)
    model = fit_residual_model(noise, np.ones(200), 20.0)
    right = np.exp(model.log_density(residuals / scale)) / scale
    expected = right / (right + 1 / 20.0)
    assert_allclose(value_quality(residuals, scale, 20.0, model), expected)


def test_the_scale_is_even_where_noise_cannot_be_predicted():
    rng = np.random.default_rng(0)
    residuals, chance = rng.normal(size=(2, 4000))
    trusted = np.ones(4000, dtype=bool)
    assert_allclose(noise_scale(residuals, chance, trusted, 10), 1, atol=0.1)
    known = np.log(np.exp(chance))
    scale = noise_scale(residuals * np.exp(chance), known, trusted, 10)
    assert_allclose(np.log(scale), chance, atol=0.35)


def test_sizes_are_positive_bounded_and_free_of_units():
    residuals = np.random.default_rng(0).normal(size=99)
    residuals[:2] = 0, 1e9
    sizes = residual_sizes(residuals)
    assert sizes.min() == 1
    assert sizes.max() == pytest.approx(1 + 2 * np.log(30))
    assert_allclose(residual_sizes(7 * residuals), sizes)
    assert np.isnan(residual_sizes(np.array([np.nan, 1.0, 2.0]))[0])
    assert np.isfinite(residual_sizes(np.zeros(4))).all()


def test_skill_and_far_out_values():
    y = np.random.default_rng(0).normal(size=400)
    assert is_predictable(y, 0.5 * y)
    assert not is_predictable(y, y)
    assert not is_predictable(np.zeros(9), np.zeros(9))
    assert not is_far_out(y).any()
    assert_array_equal(np.flatnonzero(is_far_out(np.r_[y, 100, -100])), [400, 401])
    assert not is_far_out(np.r_[np.zeros(20), 1.0]).any()


def test_values_without_noise_accuse_only_what_does_not_fit():
    X, _ = line()
    y = X @ np.arange(1.0, 6)
    assert not detect(X, y).issue_mask_.any()
    y[4] += 1000 * np.ptp(y)
    assert_array_equal(np.flatnonzero(detect(X, y).issue_mask_), [4])


# -- containers, models, hosts ---------------------------------------------------------


@pytest.mark.parametrize(
    "container",
    [
        pd.DataFrame,
        pl.DataFrame,
        sp.csr_array,
        sp.csc_matrix,
        np.ndarray.tolist,
        np.asfortranarray,
    ],
)
def test_containers_do_not_matter(planted, container):
    X, y, _ = planted
    X = np.where(np.abs(X) < 0.3, 0, X)
    table = container(X)
    if isinstance(table, pd.DataFrame | pl.DataFrame):
        table.columns = list("abcde")
    expected = detect(X, y)
    seen = detect(table, y.tolist())
    assert_allclose(seen.sample_scores_, expected.sample_scores_, rtol=1e-3)
    pruner = RegressionErrorPruner(RegressionErrorDetector(LINE, cv=FOLDS))
    X_kept, y_kept = pruner.fit_resample(table, y)
    assert type(X_kept) is type(table)
    assert_array_equal(y_kept, y[~expected.issue_mask_])


def test_read_only_single_precision_is_enough(planted):
    X, y, mask = planted
    X, y = X.astype(np.float32), y.astype(np.float32)
    X.flags.writeable = y.flags.writeable = False
    assert_array_equal(detect(X, y).issue_mask_, mask)


def test_whole_numbers_are_values(planted):
    X, y, mask = planted
    rounded = np.round(10 * y).astype(int)
    assert_array_equal(detect(X, rounded).issue_mask_, mask)
    assert_array_equal(detect(X, pd.Series(rounded, dtype="Int64")).issue_mask_, mask)


def test_text_columns_reach_a_pipeline(planted):
    X, y, mask = planted
    frame = pd.DataFrame(X, columns=list("abcde"))
    frame["town"] = np.where(np.arange(N) % 2, "Bonn", "Ulm")
    y = y + 10.0 * (frame["town"] == "Ulm")
    encode = make_column_transformer(
        (OneHotEncoder(), ["town"]), remainder="passthrough"
    )
    model = make_pipeline(encode, LinearRegression())
    for table in (frame, pl.from_pandas(frame)):
        detector = RegressionErrorDetector(model, cv=FOLDS)
        assert_array_equal(detector.fit(table, y).issue_mask_, mask)
        assert detector.feature_names_in_.tolist() == [*"abcde", "town"]


def test_a_model_of_the_logarithm_learns_the_noise_too():
    X, y = line(0, 400)
    model = TransformedTargetRegressor(LINE, func=np.log, inverse_func=np.exp)
    prices = np.exp(0.3 * y)
    prices[3] *= 1000
    detector = RegressionErrorDetector(model, cv=FOLDS).fit(X, prices)
    assert detector.issue_mask_[3]
    assert detector.issue_mask_.mean() < 0.01


def test_the_default_is_boosting_that_takes_missing_values(planted):
    X, y, mask = planted
    X = np.where(np.random.default_rng(0).random(X.shape) < 0.05, np.nan, X)
    detector = RegressionErrorDetector(random_state=0).fit(X, y)
    assert detector.issue_mask_[mask].mean() > 0.8


def test_clone_and_pickle(planted, found):
    loaded = pickle.loads(pickle.dumps(found))
    assert_array_equal(loaded.sample_scores_, found.sample_scores_)
    again = clone(found).fit(*planted[:2])
    assert_array_equal(again.sample_scores_, found.sample_scores_)
    assert not hasattr(LINE, "coef_")


# -- the pruner ------------------------------------------------------------------------

PRUNER = RegressionErrorPruner(RegressionErrorDetector(LINE, cv=FOLDS))


def test_flagged_rows_go_and_lineage_says_so(planted):
    X, y, mask = planted
    pruner = clone(PRUNER)
    frame = pd.DataFrame(X, index=np.arange(N) + 7)
    numbers = pd.Series(y, frame.index, name="price")
    X_kept, y_kept = pruner.fit_resample(frame, numbers)
    assert_array_equal(pruner.sample_indices_, np.flatnonzero(~mask))
    assert_array_equal(pruner.lineage_.dropped, mask)
    assert (pruner.lineage_.drop_reason[mask] == Reason.LABEL_ISSUE).all()
    pd.testing.assert_frame_equal(X_kept, frame[~mask])
    assert y_kept.name == "price"


def test_the_worst_go_first_and_some_row_stays(planted, found):
    X, y, _ = planted
    few = clone(PRUNER).set_params(max_prune=4 / N)
    few.fit_resample(X, y)
    worst = np.argsort(found.sample_scores_)[:4]
    assert_array_equal(np.flatnonzero(few.lineage_.dropped), np.sort(worst))
    none = clone(PRUNER).set_params(max_prune=0)
    assert none.fit_resample(X, y)[0].shape == X.shape

    class AccusesAll(BaseEstimator):
        def fit(self, X, y):
            self.issue_mask_ = np.ones(len(y), dtype=bool)
            self.sample_scores_ = np.arange(len(y)) / len(y)
            return self

    with pytest.warns(ClassKeptWarning):
        kept, _ = RegressionErrorPruner(AccusesAll(), max_prune=1.0).fit_resample(X, y)
    assert_array_equal(kept, X[-1:])


def test_discrete_values_are_classes_as_well():
    X, y = line()
    ratings = np.clip(np.round(3 + y / 3), 1, 5).astype(int)
    discrete = clone(PRUNER).set_params(target_type="discrete")
    assert set(discrete.fit_resample(X, ratings)[1]) == set(ratings)
    with pytest.raises(ValueError, match="continuous"):
        discrete.fit_resample(X, y)
    clone(PRUNER).fit_resample(X, y)


def test_pruning_helps_a_regressor_and_nothing_is_a_candidate(planted):
    X, y, mask = planted
    plain = RemediedRegressor(LINE).fit(X, y)
    assert_array_equal(plain.predict(X), clone(LINE).fit(X, y).predict(X))
    pruned = RemediedRegressor(LINE, PRUNER).fit(X, y)
    by_hand = clone(LINE).fit(X[~mask], y[~mask])
    assert_allclose(pruned.predict(X), by_hand.predict(X))
    assert_array_equal(pruned.lineage_.dropped, mask)
    search = GridSearchCV(
        RemediedRegressor(LINE),
        {"remedy": [None, PRUNER]},
        scoring="neg_median_absolute_error",
        cv=KFold(3),
    ).fit(X, y)
    assert search.best_params_["remedy"] is not None


def test_the_wrapper_sets_the_type_of_target_on_its_clone(planted):
    X, y, mask = planted
    discrete = clone(PRUNER).set_params(target_type="discrete")
    chain = RemedyChain([Deduplicator(), discrete])
    for remedy in (discrete, chain):
        fitted = RemediedRegressor(LINE, remedy).fit(X, y)
        assert_array_equal(fitted.lineage_.dropped, mask)
    assert discrete.target_type == "discrete"


@pytest.mark.parametrize("routing", [False, True])
def test_weights_and_groups_arrive_with_routing_on_and_off(planted, routing):
    X, y, _ = planted
    weight = np.random.default_rng(0).integers(1, 4, N).astype(float)
    groups = np.arange(N) // 2
    with config_context(enable_metadata_routing=routing):
        detector = RegressionErrorDetector(LinearRegression(), random_state=0)
        inner = LinearRegression()
        if routing:
            inner.set_fit_request(sample_weight=True)
        wrapper = RemediedRegressor(inner, RegressionErrorPruner(detector))
        wrapper.fit(X, y, sample_weight=weight, groups=groups)
        alone = clone(detector).fit(X, y, sample_weight=weight, groups=groups)
        assert_array_equal(wrapper.remedy_.detector_.prediction_, alone.prediction_)
        kept = ~alone.issue_mask_
        expected = clone(LINE).fit(X[kept], y[kept], sample_weight=weight[kept])
        assert_allclose(wrapper.predict(X), expected.predict(X))
        pipe = make_pipeline(clone(wrapper))
        assert np.isfinite(cross_val_score(pipe, X, y, cv=2)).all()


# -- bad input -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda X, y: (X, np.where(y > 2, np.nan, y)), "contains NaN .* first row"),
        (lambda X, y: (X, np.where(y > 2, np.inf, y)), "NaN or infinity"),
        (lambda X, y: (X, pd.Series(y > 0).map({True: 1.0})), "contains NaN"),
        (lambda X, y: (X, np.where(y > 2, None, y)), "contains NaN"),
        (lambda X, y: (X, np.where(y > 0, "ham", "spam")), "Use LabelErrorDetector"),
        (lambda X, y: (X, ["a", 1] * (len(y) // 2)), "Use LabelErrorDetector"),
        (lambda X, y: (X, y > 0), "Use LabelErrorDetector"),
        (lambda X, y: (X, y + 1j), "Complex data not supported"),
        (lambda X, y: (X, np.c_[y, y]), r"shape \(300, 2\)"),
        (lambda X, y: (X, np.full_like(y, 3.5)), r"one value only \(3.5\)"),
        (lambda X, y: (X, None), "requires y to be passed"),
        (lambda X, y: (X[:7], y[:7]), r"n_samples=7\); .* at least 8"),
        (lambda X, y: (X, y[:-1]), "inconsistent numbers of samples"),
        (lambda X, y: (np.where(X > 2, np.nan, X), y), "NaN"),
    ],
)
def test_bad_input_is_refused_with_a_cure(change, message):
    X, y = change(*line())
    for fit in (detect, lambda X, y: clone(PRUNER).fit_resample(X, y)):
        with pytest.raises(ValueError, match=message):
            fit(X, y)


def test_bad_parameters_are_refused_with_a_cure(planted):
    X, y, _ = planted
    with pytest.raises(ValueError, match="y is a sparse matrix"):
        detect(X, sp.csr_array(y.reshape(-1, 1)))
    for name in ("estimator", "noise_estimator"):
        with pytest.raises(ValueError, match="is a classifier: pass a regressor"):
            RegressionErrorDetector(**{name: LogisticRegression()}).fit(X, y)
    with pytest.raises(ValueError, match="n_repeats=2 needs cv=None"):
        detect(X, y, n_repeats=2)
    with pytest.raises(ValueError, match="gives a prediction to 5 of 300 rows"):
        detect(X, y, cv=[(np.arange(100), np.arange(295, 300))])
    with pytest.raises(ValueError, match="all 300 rows of X are equal or in one group"):
        RegressionErrorDetector(LINE).fit(X, y, groups=np.zeros(N))
    with pytest.raises(ValueError, match="estimator=3 is of type int"):
        RegressionErrorDetector(estimator=3).fit(X, y)
    for wrong in ({"n_rounds": 0}, {"cv": "oob"}):
        with pytest.raises(ValueError, match="parameter of RegressionErrorDetector"):
            RegressionErrorDetector(**wrong).fit(X, y)
    with pytest.raises(ValueError, match="Use LabelErrorDetector"):
        RemediedClassifier(remedy=PRUNER).fit(X, np.where(y > 0, "a", "b"))
    with pytest.raises(ValueError, match="holds values such as"):
        LabelErrorPruner().fit_resample(X, y)


def test_a_model_without_answers_leaves_rows_uncovered(planted):
    X, y, _ = planted

    class Silent(RegressorMixin, BaseEstimator):
        def fit(self, X, y):
            return self

        def predict(self, X):
            return np.where(X[:, 0] > 0, np.nan, X @ [3.0, 2.0, 1.0, 0.0, 0.0])

    detector = RegressionErrorDetector(Silent(), noise_estimator=LINE, cv=FOLDS).fit(
        X, y
    )
    assert_array_equal(detector.covered_, X[:, 0] <= 0)
    assert not detector.issue_mask_[~detector.covered_].any()


def test_a_frame_with_text_and_categories_needs_no_estimator():
    rng = np.random.default_rng(0)
    X = pd.DataFrame(
        {"city": rng.choice(["a", "b", "c"], 300), "x": rng.normal(size=300)}
    )
    y = (X["x"] + 2 * (X["city"] == "a") + 0.1 * rng.normal(size=300)).to_numpy().copy()
    y[:5] += 10
    detector = RegressionErrorDetector(random_state=0).fit(X, y)
    assert detector.issue_mask_[:5].all()
    assert detector.issue_mask_[5:].mean() < 0.02
