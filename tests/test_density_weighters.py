"""Density ratios: closed forms, optimality, repetition, what weighters share."""

import warnings

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.optimize import minimize
from scipy.stats import norm
from sklearn.base import clone
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skdataquality.exceptions import OverlapWarning
from skdataquality.shift import (
    DiscriminatorWeighter,
    KLIEPWeighter,
    KMMWeighter,
    RuLSIFWeighter,
    ShiftWeightedClassifier,
    ShiftWeightedRegressor,
    TargetData,
    ULSIFWeighter,
    WeightDisplay,
)
from skdataquality.shift._ratios._candidates import choose, fit_blend
from skdataquality.shift._ratios._encoder import RowEncoder
from skdataquality.shift._ratios._kernels import spread_rows
from skdataquality.shift._ratios._kliep import basis_means, climb, kliep
from skdataquality.shift._ratios._kmm import RIDGE, kmm
from skdataquality.shift._ratios._rulsif import rulsif
from skdataquality.shift._ratios._ulsif import leave_one_out, moments, solve, ulsif

KERNELS = [
    KLIEPWeighter(random_state=0),
    KMMWeighter(random_state=0),
    RuLSIFWeighter(random_state=0),
    ULSIFWeighter(random_state=0),
]
LOGISTIC = DiscriminatorWeighter(LogisticRegression(), random_state=0)
EVERY = [*KERNELS, LOGISTIC, DiscriminatorWeighter("auto", random_state=0)]


def by_name(weighter):
    return f"{type(weighter).__name__}-{getattr(weighter, 'estimator', '')}"[:32]


def shifted(n=300, n_target=300, seed=0):
    """Training rows, target rows, and the true ratio."""
    rng = np.random.default_rng(seed)
    X, rows = rng.normal(size=(n, 2)), rng.normal(size=(n_target, 2))
    mean = np.array([0.8, -0.6])
    ratio = np.exp((norm.logpdf(X, mean, 0.7) - norm.logpdf(X)).sum(axis=1))
    return X, mean + 0.7 * rows, ratio


# -- least squares ---------------------------------------------------------------------


def by_hand(X, X_target, basis, penalty, alpha):
    def functions(rows):
        squares = ((rows[:, None] - basis.centers) ** 2).sum(axis=2)
        return np.exp(-squares / (2 * basis.bandwidth**2))

    ours, theirs = functions(X), functions(X_target)
    H = (1 - alpha) * ours.T @ ours / len(X) + alpha * theirs.T @ theirs / len(X_target)
    coef = np.linalg.inv(H + penalty * np.eye(len(H))) @ theirs.mean(axis=0)
    return ours @ np.maximum(coef, 0)


@pytest.mark.parametrize("given", [{}, {"bandwidth": 0.7, "penalty": 0.05}])
def test_least_squares_have_their_closed_form(given):
    X, rows, _ = shifted(200, 150)
    basis, penalty = ulsif(X, rows, **given)
    assert_allclose(basis(X), by_hand(X, rows, basis, penalty, 0), rtol=1e-8)
    for alpha in (0.1, 0.5):
        basis, penalty = rulsif(X, rows, alpha=alpha, **given)
        assert_allclose(basis(X), by_hand(X, rows, basis, penalty, alpha), rtol=1e-8)


def test_a_relative_ratio_of_no_share_is_the_plain_one():
    X, rows, _ = shifted()
    given = {"bandwidth": 1.0, "penalty": 0.1}
    plain, relative = ulsif(X, rows, **given), rulsif(X, rows, alpha=0.0, **given)
    assert_allclose(relative[0](X), plain[0](X), rtol=1e-12)


def test_leaving_pairs_out_equals_doing_so():
    rng = np.random.default_rng(0)
    phi, phi_target, penalty = rng.random((30, 5)), rng.random((20, 5)), 0.3
    H, h = moments(phi, phi_target)
    scores = []
    for i in range(20):
        ours, theirs = np.delete(phi, i, 0), np.delete(phi_target, i, 0)
        coef = solve(*moments(ours, theirs), penalty)
        scores.append((phi[i] @ coef) ** 2 / 2 - phi_target[i] @ coef)
    found = leave_one_out(H, h, phi[:20].T, phi_target.T, 30, 20, penalty)
    assert found == pytest.approx(np.mean(scores), rel=1e-12)


# -- likelihood ------------------------------------------------------------------------


def test_the_likelihood_never_falls_and_the_mean_stays_one():
    X, rows, _ = shifted()
    centers = rows[:50]
    mean = basis_means(X, centers, 0.5)
    squares = ((rows[:, None] - centers) ** 2).sum(axis=2)
    coef, objective = climb(np.exp(-squares / 0.5), mean)
    assert len(objective) > 20
    assert np.diff(objective).min() >= -1e-12
    assert coef @ mean == pytest.approx(1, rel=1e-12)
    assert coef.min() >= 0
    assert kliep(X, rows)(X).mean() == pytest.approx(1, rel=1e-10)


def test_the_likelihood_is_the_largest():
    """The same maximum as that of a general solver."""
    X, rows, _ = shifted(100, 60)
    centers = rows[:4]
    mean = basis_means(X, centers, 1.0)
    phi = np.exp(-((rows[:, None] - centers) ** 2).sum(axis=2) / 2)
    objective = climb(phi, mean)[1][-1]
    best = minimize(
        lambda a: -np.log(phi @ a).mean(),
        np.full(4, 1 / mean.sum()),
        bounds=[(0, None)] * 4,
        constraints={"type": "eq", "fun": lambda a: a @ mean - 1},
    )
    assert objective == pytest.approx(-best.fun, abs=1e-4)


# -- kernel means ----------------------------------------------------------------------


@pytest.mark.parametrize("max_weight", [2.0, 1000.0])
def test_kernel_means_match_as_well_as_the_box_allows(max_weight):
    X, rows, _ = shifted(80, 60)
    weight, bandwidth = kmm(
        X, rows, max_weight=max_weight, bandwidth=1.0, tol=0, max_iter=50_000
    )
    squares = ((X[:, None] - X) ** 2).sum(axis=2)
    K = np.exp(-squares / 2)
    kappa = np.exp(-((X[:, None] - rows) ** 2).sum(axis=2) / 2).mean(axis=1) * len(X)
    slope = K @ weight + RIDGE * len(X) * weight - kappa
    low, high = weight == 0, weight == max_weight
    assert bandwidth == 1.0
    assert low.any()
    assert high.any() == (max_weight == 2)
    assert ((weight >= 0) & (weight <= max_weight)).all()
    assert slope[low].min() > -1e-6
    assert np.abs(slope[~low & ~high]).max() < 1e-6
    assert not high.any() or slope[high].max() < 1e-6


def test_landmarks_come_close_to_the_whole_kernel():
    X, rows, _ = shifted(400, 400)
    exact = kmm(X, rows, bandwidth=1.0)[0]
    far = []
    for n_landmarks in (6, 30, 300):
        weight, _ = kmm(X, rows, bandwidth=1.0, exact_rows=0, n_landmarks=n_landmarks)
        far.append(np.abs(weight - exact).mean())
    assert far[0] > far[1] > far[2]
    assert far[2] < 0.01


# -- which model -----------------------------------------------------------------------


def test_the_first_of_equal_losses_is_chosen():
    assert choose({"a": 0.50005, "b": 0.5, "c": 0.4}) == "c"
    assert choose({"a": 0.50005, "b": 0.5, "c": 0.6}) == "a"
    assert choose({"a": 0.5002, "b": 0.5, "c": 0.49995}) == "b"


@pytest.mark.parametrize(
    ("change", "chosen"),
    [
        (lambda rows: rows + 0.5, {"linear"}),
        (lambda rows: 0.6 * rows, {"squares"}),
        (lambda rows: rows @ np.array([[1, 0.8], [0, 0.6]]), {"quadratic"}),
        (lambda rows: np.floor(rows) + (rows - np.floor(rows)) / 2, {"boosting"}),
    ],
)
def test_auto_finds_the_kind_of_shift(change, chosen):
    rng = np.random.default_rng(0)
    X, rows = rng.normal(size=(600, 2)), change(rng.normal(size=(600, 2)))
    weighter = DiscriminatorWeighter("auto", random_state=0)
    weighter.fit(X, X_target=TargetData(rows))
    losses = weighter.held_out_losses_
    assert set(losses) == {"linear", "squares", "quadratic", "boosting"}
    assert weighter.chosen_ in chosen
    assert losses[weighter.chosen_] <= min(losses.values()) + 1e-4
    assert set(weighter.blend_) == {weighter.chosen_}


def test_a_blend_turns_no_logit_round():
    rng = np.random.default_rng(0)
    is_target = np.arange(200) % 2
    wrong = np.where(is_target, 0.3, 0.7) + rng.uniform(-0.1, 0.1, 200)
    coef, intercept = fit_blend({"a": wrong}, is_target, np.ones(200))
    assert coef == {"a": 0.0}
    assert intercept == pytest.approx(0, abs=1e-4)
    too_sure = np.where(rng.random(200) < 0.7, is_target, 1 - is_target) * 0.98 + 0.01
    coef, _ = fit_blend({"a": too_sure, "b": wrong}, is_target, np.ones(200))
    assert 0 < coef["a"] < 1


@pytest.mark.parametrize(("n_columns", "least"), [(2, 0.94), (10, 0.9)])
def test_weights_of_the_default_follow_the_true_ratio(n_columns, least):
    X, rows, ratio = shifted(1000, 1000)
    rng = np.random.default_rng(1)
    X, rows = (np.c_[a, rng.normal(size=(1000, n_columns - 2))] for a in (X, rows))
    weighter = DiscriminatorWeighter(random_state=0).fit(X, X_target=TargetData(rows))
    assert np.corrcoef(weighter.sample_weight_, ratio)[0, 1] > least
    assert np.corrcoef(weighter.predict_weight(X), ratio)[0, 1] > least


# -- what all of them share ------------------------------------------------------------


@pytest.mark.parametrize("weighter", EVERY, ids=by_name)
def test_weights_follow_the_ratio_and_describe_themselves(weighter):
    X, rows, ratio = shifted()
    weighter = clone(weighter).fit(X, X_target=TargetData(rows))
    weight = weighter.sample_weight_
    assert np.corrcoef(weight, ratio)[0, 1] > 0.4
    assert np.corrcoef(weighter.predict_weight(X), ratio)[0, 1] > 0.4
    assert weight.mean() == pytest.approx(1)
    assert weight.min() >= 0
    assert_allclose(weighter.density_ratio_, weight)
    assert weighter.max_weight_share_ == pytest.approx(weight.max() / len(X))
    assert weighter.n_clipped_ == 0
    assert 0.6 < weighter.domain_auc_ < 0.9
    again = clone(weighter).fit(X, X_target=TargetData(rows))
    assert_array_equal(again.sample_weight_, weight)


@pytest.mark.parametrize("weighter", EVERY, ids=by_name)
def test_the_same_rows_weigh_alike(weighter):
    X = shifted()[0]
    weighter = clone(weighter).fit(X, X_target=TargetData(X[::-1].copy()))
    assert weighter.effective_sample_size_ > 0.95 * len(X)
    assert weighter.domain_auc_ == pytest.approx(0.5, abs=0.1)


@pytest.mark.parametrize("weighter", EVERY[:-1], ids=by_name)
def test_flattening_and_cutting(weighter):
    X, rows, _ = shifted()
    target = TargetData(rows)
    full = clone(weighter).fit(X, X_target=target)
    ratio = full.density_ratio_

    half = clone(weighter).set_params(flatten=0.5).fit(X, X_target=target)
    assert_allclose(half.sample_weight_, ratio**0.5 / (ratio**0.5).mean())
    none = clone(weighter).set_params(flatten=0).fit(X, X_target=target)
    assert_allclose(none.sample_weight_, 1)
    assert_allclose(none.predict_weight(rows), 1)

    cut = clone(weighter).set_params(clip=0.9).fit(X, X_target=target)
    expected = np.minimum(ratio, np.sort(ratio)[269])
    assert cut.n_clipped_ == (ratio > np.sort(ratio)[269]).sum() > 0
    assert_allclose(cut.sample_weight_, expected / expected.mean())
    most = clone(weighter).set_params(clip=1.5).fit(X, X_target=target)
    assert_allclose(most.sample_weight_, np.minimum(ratio, 1.5) * most._scale)
    assert most.predict_weight(rows).max() <= 1.5 * most._scale * (1 + 1e-12)
    assert cut.effective_sample_size_ > full.effective_sample_size_


@pytest.mark.parametrize("clip", [None, 0.9, 1.5])
@pytest.mark.parametrize("weighter", KERNELS, ids=by_name)
def test_a_weight_is_a_number_of_rows(weighter, clip):
    X, rows, _ = shifted(120, 80)
    counts = np.random.default_rng(1).integers(1, 4, len(X))
    weighter = clone(weighter).set_params(clip=clip)
    target = TargetData(rows)
    weighted = clone(weighter).fit(X, sample_weight=counts, X_target=target)
    repeated = clone(weighter).fit(np.repeat(X, counts, axis=0), X_target=target)
    expected = np.repeat(weighted.sample_weight_, counts)
    assert_allclose(repeated.sample_weight_, expected, rtol=1e-6, atol=1e-8)
    assert np.average(weighted.sample_weight_, weights=counts) == pytest.approx(1)
    assert_allclose(
        weighted.predict_weight(rows), repeated.predict_weight(rows), rtol=1e-6
    )


def test_a_weight_is_a_number_of_rows_for_the_model_of_new_rows():
    X, rows, _ = shifted(120, 80)
    counts = np.random.default_rng(1).integers(1, 4, len(X))
    target, plain = TargetData(rows), clone(LOGISTIC)
    plain.set_params(estimator=LogisticRegression(tol=1e-10))
    weighted = clone(plain).fit(X, sample_weight=counts, X_target=target)
    repeated = clone(plain).fit(np.repeat(X, counts, axis=0), X_target=target)
    ratio = weighted.predict_weight(rows) / repeated.predict_weight(rows)
    assert_allclose(ratio, ratio[0], rtol=1e-6)
    assert np.average(weighted.sample_weight_, weights=counts) == pytest.approx(1)


def test_rows_are_drawn_alike_from_repeated_ones():
    counts = np.array([3, 1, 2, 0, 4])
    for n_wanted in (2, 5, 10, 50):
        drawn, copies = (
            spread_rows(n, n_wanted, weight, np.random.default_rng(0))
            for n, weight in ((5, counts), (10, None))
        )
        assert_array_equal(drawn, np.repeat(np.arange(5), counts)[copies])
    assert_array_equal(drawn, np.repeat(np.arange(5), counts))


def mixed_rows(rng, n, p_red):
    return pd.DataFrame(
        {
            "size": np.where(rng.random(n) < 0.1, np.nan, rng.normal(size=n)),
            "colour": rng.choice(["red", "green"], n, p=[p_red, 1 - p_red]),
            "grade": pd.Categorical(rng.choice(["a", "b", None], n)),
            "flag": rng.random(n) < 0.5,
            "empty": np.nan,
        }
    )


@pytest.mark.parametrize("weighter", [*KERNELS, EVERY[-1]], ids=by_name)
def test_gaps_and_categories_are_taken(weighter):
    rng = np.random.default_rng(0)
    X, rows = mixed_rows(rng, 200, 0.5), mixed_rows(rng, 200, 0.8)
    weighter = clone(weighter).fit(X, X_target=TargetData(rows))
    red = np.asarray(X["colour"] == "red")
    weight = weighter.sample_weight_
    assert weight[red].mean() > 1.3 * weight[~red].mean()  # the truth is 4
    new = mixed_rows(rng, 5, 0.5).assign(colour="never seen")
    assert np.isfinite(weighter.predict_weight(new)).all()


def test_cells_become_standardised_numbers():
    frame = mixed_rows(np.random.default_rng(0), 200, 0.5)
    encoder = RowEncoder().fit(frame)
    rows = encoder.transform(frame)
    missing = frame["size"].isna()
    assert rows.shape == (200, encoder.width_)
    assert_allclose(rows[~missing, 0].mean(), 0, atol=1e-12)
    assert_allclose(rows[~missing, 0].std(), 1)
    assert_array_equal(rows[missing, 0], 0)
    assert any((column == missing).all() for column in rows.T)
    for name, value in (("colour", "red"), ("grade", "a")):
        assert any((column == (frame[name] == value)).all() for column in rows.T)
    assert any((column == frame["grade"].isna()).all() for column in rows.T)


@pytest.mark.parametrize("weighter", KERNELS, ids=by_name)
def test_texts_are_refused_with_a_cure(weighter):
    texts = ["one two", "two three", "three", "four"] * 5
    with pytest.raises(ValueError, match=r"texts.*use DiscriminatorWeighter"):
        clone(weighter).fit(texts, X_target=TargetData(texts[::2]))
    rows = TfidfVectorizer().fit_transform(texts)
    clone(weighter).fit(rows, X_target=TargetData(rows[::2]))


def test_wide_sparse_rows_are_refused_with_a_cure():
    wide = TfidfVectorizer().fit_transform(["a word", "other words"] * 50)
    wide.resize((100, 10**6))
    with pytest.raises(ValueError, match=r"sparse, 200 x 1000000.*TruncatedSVD"):
        clone(KERNELS[0]).fit(wide, X_target=TargetData(wide))


@pytest.mark.parametrize("weighter", EVERY, ids=by_name)
@pytest.mark.parametrize("move", [lambda X: 40 + 5 * X, lambda X: X + 1000])
def test_rows_that_are_transformed_on_one_side_warn(weighter, move):
    X, rows, _ = shifted(200, 200)
    with pytest.warns(OverlapWarning, match="preprocessed in the same way"):
        clone(weighter).fit(X, X_target=TargetData(move(rows)))


@pytest.mark.parametrize("weighter", EVERY, ids=by_name)
def test_one_target_row_is_too_few(weighter):
    X, rows, _ = shifted()
    with pytest.raises(ValueError, match=r"X_target 1: both need at least 2"):
        clone(weighter).fit(X, X_target=TargetData(rows[:1]))


def test_where_no_training_row_is_near_all_weigh_the_same():
    X, rows, _ = shifted()
    weighter = ULSIFWeighter(bandwidth=1e-3, random_state=0)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        weighter.fit(X, X_target=TargetData(rows + 100))
    assert any("no training row lies where" in str(w.message) for w in said)
    assert_array_equal(weighter.sample_weight_, 1)
    assert_array_equal(weighter.predict_weight(rows), 1)


# -- in wrappers and searches ----------------------------------------------------------


@pytest.mark.parametrize("regresses", [False, True], ids=["classifier", "regressor"])
def test_a_search_over_weighters_flattening_and_the_model_inside(regresses):
    X, rows, _ = shifted(120, 120)  # as many target rows as rows
    X, rows = 10 + 3 * X, 10 + 3 * rows
    y = X[:, 0] * X[:, 1]
    inner = LinearRegression() if regresses else LogisticRegression()
    y = y if regresses else (y > np.median(y)).astype(int)
    wrapper = ShiftWeightedRegressor if regresses else ShiftWeightedClassifier
    model = wrapper(make_pipeline(StandardScaler(), inner), X_target=TargetData(rows))
    weighters = [*KERNELS, LOGISTIC]
    step = type(inner).__name__.lower()
    grid = [
        {"weighter": weighters},
        {"weighter": [clone(KERNELS[3])], "weighter__flatten": [0, 0.5]},
        {f"estimator__{step}__fit_intercept": [False], "weighter": [KERNELS[0]]},
    ]
    search = GridSearchCV(model, grid, cv=2, error_score="raise").fit(X, y)
    assert len(search.cv_results_["params"]) == len(weighters) + 3
    best = search.best_estimator_
    assert best.weighter_.n_features_in_ == 2
    assert best.weighter_.sample_weight_.shape == (120,)
    assert best.weighter_.X_target is None


# -- shown -----------------------------------------------------------------------------


def test_the_display_says_what_the_weights_are_worth():
    mpl = pytest.importorskip("matplotlib")
    mpl.use("agg")
    X, rows, _ = shifted()
    weighter = KLIEPWeighter(flatten=0.5, clip=0.9, random_state=0)
    weighter.fit(X, X_target=TargetData(rows))
    display = WeightDisplay.from_weighter(weighter)
    size = weighter.effective_sample_size_
    assert display.effective_sample_size_ == pytest.approx(size)
    assert f"{weighter.n_clipped_} of them (10.0%) cut" in display.ax_.get_title()
    before, after = (t.get_text() for t in display.ax_.get_legend().get_texts())
    assert before.startswith("before")
    assert f"{size:,.0f}" in after
    for steps in (display.weight_, display.density_ratio_):
        assert steps.get_data().values.sum() == len(X)
    assert display.ax_.get_xscale() == "log"
    wrapper = ShiftWeightedClassifier(
        LogisticRegression(), weighter=weighter, X_target=TargetData(rows)
    )
    wrapper.fit(X, np.arange(len(X)) % 2)
    with pytest.raises(ValueError, match="pass its weighter_"):
        WeightDisplay.from_weighter(wrapper)
    _, ax = mpl.pyplot.subplots()
    plain = WeightDisplay(np.ones(10)).plot(ax=ax)
    assert plain.density_ratio_ is None
    assert plain.ax_ is ax
    mpl.pyplot.close("all")


def test_the_display_refuses_what_are_no_weights():
    with pytest.raises(ValueError, match="weight"):
        WeightDisplay([-1.0, 2.0]).plot()
    with pytest.raises(ValueError, match="density_ratio"):
        WeightDisplay([1.0, 2.0], [1.0]).plot()
