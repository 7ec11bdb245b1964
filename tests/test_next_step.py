"""Where the next hour pays: gains foretold by trials on true labels that may be."""

import json
import pickle

import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression, RidgeClassifier
from sklearn.neighbors import KNeighborsClassifier
from sklearn.svm import LinearSVC

from skdataquality.datasets import make_label_errors
from skdataquality.review import NextStep, next_step
from skdataquality.review._next_step._choice import choose
from skdataquality.review._next_step._gains import ABOVE, BELOW, LEVEL, Gain
from skdataquality.review._next_step._inputs import affordable_rows
from skdataquality.review._next_step._kinds import kinds_to_collect
from skdataquality.review._next_step._true_labels import fit_true_labels
from skdataquality.verified import VerifiedLabels

MODEL = LogisticRegression(max_iter=200)


def blobs(n, *, distance=2.5, n_classes=3, n_columns=12, seed=0):
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, n_classes, n)
    centers = distance * np.eye(n_classes, n_columns)
    return centers[truth] + rng.normal(size=(n, n_columns)), truth


def rings(n, seed=0):
    """Return points of the plane, of which every second ring is of one class."""
    X = np.random.default_rng(seed).uniform(-1, 1, size=(n, 2))
    return X, np.floor(4 * np.hypot(*X.T)).astype(int) % 2


def named(result):
    return [option["step"] for option in result.options]


def gain_of(result, step):
    return next(o["gain"] for o in result.options if o["step"] == step)


# ------------------------------------------------------------------- what is named
@pytest.mark.parametrize("seed", range(3))
def test_right_labels_are_never_sent_to_review(seed):
    X, y = blobs(300, distance=3, seed=seed)
    result = next_step(X, y, budget=60, estimator=MODEL)
    assert result.step != "relabel suspects"
    assert result.error_rate.estimate < 0.03


def test_a_saturated_model_on_right_labels_has_nothing_to_gain():
    X, y = blobs(600, distance=8, n_columns=4)
    result = next_step(X, y, budget=100, estimator=MODEL)
    assert result.step == "stop"
    assert "min_gain" in result.reason


@pytest.mark.parametrize("seed", range(3))
def test_thirty_percent_of_wrong_labels_are_worth_a_review(seed):
    X, truth = blobs(400, distance=4, seed=seed)
    y, _ = make_label_errors(truth, 0.3, random_state=seed)
    result = next_step(X, y, budget=120, estimator=KNeighborsClassifier(3))
    assert result.step == "relabel suspects"
    assert result.error_rate.estimate == pytest.approx(0.3, abs=0.06)
    assert result.suspects_wrong.estimate > 0.6


def test_new_rows_are_worth_it_where_a_boundary_is_still_being_learned():
    X, y = rings(300)
    result = next_step(X, y, budget=150, estimator=KNeighborsClassifier(5))
    assert result.step == "label new rows"
    assert "None is at hand" in result.reason


def test_a_class_of_ten_rows_is_to_be_collected():
    rng = np.random.default_rng(0)
    y = np.repeat(["a", "b", "rare"], [250, 250, 10])
    centers = 4 * np.eye(3, 8)
    X = centers[np.repeat([0, 1, 2], [250, 250, 10])] + rng.normal(size=(510, 8))
    X[y == "rare"] += 1.2 * rng.normal(size=(10, 8))
    result = next_step(
        X, y, budget=30, estimator=KNeighborsClassifier(9), scoring="balanced_accuracy"
    )
    assert result.step == "collect class rare"


def test_only_rare_classes_and_groups_are_tried():
    codes = np.repeat([0, 1, 2], [50, 40, 10])
    site = np.repeat(["x", "y"], [90, 10])
    kinds = kinds_to_collect(codes, np.array(["a", "b", "c"]), site, np.arange(100))
    assert list(kinds) == ["class c", "group y"]
    np.testing.assert_array_equal(kinds["class c"], codes == 2)
    np.testing.assert_array_equal(kinds["group y"], site == "y")


# ------------------------------------------------------------------ true labels
def noisy_proba(n, rate, seed=0, sharp=4.0):
    """Return true classes, given ones, and probabilities that are calibrated."""
    rng = np.random.default_rng(seed)
    p = 1 / (1 + np.exp(-sharp * rng.normal(size=n)))
    truth = (rng.random(n) < p).astype(int)
    given, _ = make_label_errors(truth, rate, random_state=seed)
    return truth, given, np.column_stack([1 - p, p])


@pytest.mark.parametrize("rate", [0.05, 0.1, 0.2, 0.3])
def test_the_rate_of_wrong_labels_is_found(rate):
    _, given, proba = noisy_proba(2000, rate)
    rates = fit_true_labels(given, proba).rate_draws(np.random.default_rng(0), 500)
    assert rates.mean() == pytest.approx(rate, abs=0.03)


def test_drawn_labels_of_verified_rows_are_the_verified_ones():
    truth, given, proba = noisy_proba(300, 0.2)
    known = np.ones((300, 2), dtype=bool)
    known[:50] = np.eye(2, dtype=bool)[truth[:50]]
    labels = fit_true_labels(given, proba, known=known)
    for seed in range(5):
        drawn = labels.draw(np.random.default_rng(seed))
        np.testing.assert_array_equal(drawn[:50], truth[:50])


def test_verified_rows_tell_the_rate_that_a_useless_model_cannot():
    rng = np.random.default_rng(0)
    proba = np.full((600, 2), 0.5)
    truth = rng.integers(0, 2, 600)
    given, _ = make_label_errors(truth, 0.3, random_state=0)
    known = np.ones((600, 2), dtype=bool)
    known[:200] = np.eye(2, dtype=bool)[truth[:200]]
    alone = fit_true_labels(given, proba).rate_draws(rng, 500)
    told = fit_true_labels(given, proba, known=known).rate_draws(rng, 500)
    wrong = np.mean(given[:200] != truth[:200])
    assert told.mean() == pytest.approx(wrong, abs=0.04)
    assert told.std() < alone.std() / 2


def test_processes_do_not_depend_on_the_order_of_rows():
    _, given, proba = noisy_proba(500, 0.1)
    order = np.random.default_rng(1).permutation(500)
    chance = fit_true_labels(given, proba).chance
    shuffled = fit_true_labels(given[order], proba[order]).chance
    np.testing.assert_allclose(shuffled, chance, atol=1e-9)
    assert chance.sum() == pytest.approx(1)


# ------------------------------------------------------------------------ choice
def gain(name, values, cost=10.0):
    return Gain(name, "review", 10, cost, np.asarray(values, dtype=float))


def test_intervals_are_about_the_mean_of_the_trials_and_reach_further_up():
    some = gain("a", [0.1, 0.2, np.nan, 0.3]).interval
    assert some.estimate == pytest.approx(0.2)
    assert some.upper - 0.2 == pytest.approx((0.2 - some.lower) * ABOVE / BELOW)
    assert some.level == LEVEL == 0.90


def test_a_lead_and_its_opposite_have_the_same_interval():
    a, b = gain("a", [0.1, 0.2, 0.4]), gain("b", [0.0, 0.3, 0.1])
    ahead, behind = a.over(b), b.over(a)
    assert ahead.estimate == pytest.approx(-behind.estimate)
    assert ahead.upper == pytest.approx(-behind.lower)


def test_the_best_is_clear_where_every_trial_says_so():
    rates = np.full(4, 0.1)
    better, worse = gain("a", [0.2, 0.21, 0.19, 0.2]), gain("b", [0.0, 0.01, 0.0, 0.0])
    choice = choose([worse, better], rates, min_gain=0.005)
    assert choice.step == "a"
    assert choice.is_clear
    assert choice.rows_to_verify is None
    assert choice.lead.estimate == pytest.approx(0.1975)


def test_verifying_decides_where_the_lead_hangs_on_the_rate():
    rates = np.linspace(0, 0.4, 20)
    choice = choose(
        [gain("a", rates), gain("b", np.full(20, 0.16))], rates, min_gain=0.005
    )
    assert not choice.is_clear
    assert choice.rows_to_verify >= 10


def test_no_more_rows_are_asked_to_be_verified_than_there_are():
    rates = np.linspace(0, 0.4, 20)
    gains = [gain("a", rates), gain("b", np.full(20, 0.19))]
    of_many = choose(gains, rates, min_gain=0.005).rows_to_verify
    of_few = choose(gains, rates, min_gain=0.005, n_rows=50).rows_to_verify
    assert of_many > 50 >= of_few


def test_verifying_cannot_decide_what_hangs_on_chance():
    noise = np.tile([0.5, -0.45], 10)
    rates = np.repeat([0.1, 0.2], 10)
    choice = choose([gain("a", noise), gain("b", np.zeros(20))], rates, min_gain=0.005)
    assert not choice.is_clear
    assert choice.rows_to_verify is None


def test_a_review_comes_last_where_most_trials_have_no_wrong_label():
    rates = np.array([0.0, 0.0, 0.0, 0.2])
    choice = choose(
        [gain("a", np.full(4, 0.3)), Gain("b", "label", 9, 9.0, np.full(4, 0.1))],
        rates,
        min_gain=0.005,
    )
    assert [option.name for option in choice.order] == ["b", "a"]


def test_nothing_that_gains_enough_is_a_stop():
    choice = choose([gain("a", np.zeros(9))], np.ones(9), min_gain=0.05)
    assert choice.step == "stop"
    assert choice.is_clear
    unclear = choose([gain("a", np.linspace(-1, 1, 9))], np.ones(9), min_gain=0.005)
    assert unclear.step == "stop"
    assert not unclear.is_clear


# ------------------------------------------------------------------------- result
@pytest.fixture(scope="module")
def table():
    X, truth = blobs(200, n_columns=6)
    y, _ = make_label_errors(truth, 0.2, random_state=0)
    return X, truth, y


@pytest.fixture(scope="module")
def result(table):
    X, _, y = table
    return next_step(X, y, budget=40, estimator=MODEL)


def test_the_result_names_step_reason_and_options(result):
    assert isinstance(result, NextStep)
    said = repr(result)
    assert said.startswith(f"NextStep: {result.step}")
    assert all(option["step"] in said for option in result.options)
    assert max(map(len, said.splitlines())) <= 80
    assert "<table>" in result._repr_html_()
    json.dumps(result.to_dict(), allow_nan=False)
    gains = [option["gain"].estimate for option in result.options]
    assert gains == sorted(gains, reverse=True)  # 20 % of the labels are wrong
    pickle.loads(pickle.dumps(result))


def test_to_frame_has_a_line_for_each_option(result):
    frame = result.to_frame()
    assert frame["step"].tolist() == named(result)
    assert (frame["gain_lower"] <= frame["gain"]).all()


def test_the_same_seed_gives_the_same_numbers_for_any_n_jobs(table, result):
    X, _, y = table
    again = next_step(X, y, budget=40, estimator=MODEL, n_jobs=2)
    assert again.to_dict() == result.to_dict()


def test_inputs_stay_as_they_were(table):
    X, _, y = table
    before = X.copy(), y.copy()
    next_step(X, y, budget=40, estimator=MODEL)
    np.testing.assert_array_equal(X, before[0])
    np.testing.assert_array_equal(y, before[1])


def test_rows_without_a_label_are_a_pool_and_nothing_else(table, result):
    X, _, y = table
    more, _ = blobs(30, n_columns=6, seed=9)
    marked = np.concatenate([y, np.full(30, -1)])
    with_pool = next_step(np.vstack([X, more]), marked, budget=40, estimator=MODEL)
    label = next(o for o in with_pool.options if o["step"] == "label new rows")
    assert label["rows"] == 30  # and not 40: no more are there
    review = gain_of(with_pool, "relabel suspects")
    assert review.to_dict() == gain_of(result, "relabel suspects").to_dict()
    named_apart = next_step(X, y, X_pool=more, budget=40, estimator=MODEL)
    assert named_apart.to_dict() == with_pool.to_dict()


def test_frames_and_text_labels_are_taken_as_they_are(table, result):
    X, _, y = table
    frame = pd.DataFrame(X, columns=[f"x{j}" for j in range(6)])
    names = pd.Series(np.array(["ant", "bee", "cat"])[y])
    same = next_step(frame, names, budget=40, estimator=MODEL)
    assert gain_of(same, "label new rows").estimate == pytest.approx(
        gain_of(result, "label new rows").estimate, abs=1e-9
    )


def test_dearer_work_buys_fewer_rows(table):
    X, _, y = table
    costs = {"review": 1, "label": 4}
    result = next_step(X, y, budget=40, estimator=MODEL, costs=costs)
    bought = {o["step"]: (o["rows"], o["cost"]) for o in result.options}
    assert bought["relabel suspects"] == (40, 40)
    assert bought["label new rows"] == (10, 40)


def test_new_labels_that_are_wrong_as_now_gain_less(table):
    X, truth = blobs(300, n_columns=30)
    y, _ = make_label_errors(truth, 0.3, random_state=0)
    right = next_step(X, y, budget=90, estimator=MODEL)
    as_now = next_step(X, y, budget=90, estimator=MODEL, new_labels="as now")
    right, as_now = (gain_of(r, "label new rows").estimate for r in (right, as_now))
    assert as_now < right


def test_verified_rows_settle_the_error_rate(table):
    X, truth, y = table
    rows = np.arange(0, 200, 2)
    verified = VerifiedLabels(rows, truth[rows], np.full(100, 0.5), n_rows=200)
    told = next_step(X, y, budget=40, estimator=MODEL, verified=verified)
    alone = next_step(X, y, budget=40, estimator=MODEL)
    wide = [r.error_rate.upper - r.error_rate.lower for r in (told, alone)]
    assert wide[0] < wide[1]
    assert told.error_rate.estimate == pytest.approx(0.2, abs=0.06)


def test_decisions_are_enough_of_an_estimator(table):
    X, _, y = table
    assert next_step(X, y, budget=40, estimator=LinearSVC()).options


def test_a_splitter_makes_one_trial_for_each_fold(table):
    from sklearn.model_selection import StratifiedKFold

    X, _, y = table
    folds = StratifiedKFold(3, shuffle=True, random_state=0)
    assert next_step(X, y, budget=40, estimator=MODEL, cv=folds).options


# ----------------------------------------------------------------------- bad input
@pytest.mark.parametrize("budget", [0, -1, np.nan, "ten", True, None])
def test_a_budget_is_a_positive_number(table, budget):
    X, _, y = table
    with pytest.raises(ValueError, match="budget="):
        next_step(X, y, budget=budget, estimator=MODEL)


def test_a_budget_beyond_the_labelled_rows_is_refused(table):
    X, _, y = table
    with pytest.raises(ValueError, match="budget of at most 200"):
        next_step(X, y, budget=201, estimator=MODEL)


def test_a_budget_that_buys_no_row_is_refused():
    costs = {"review": 10, "label": 10}
    with pytest.raises(ValueError, match="pays for no row"):
        affordable_rows(5, costs, 100, 0)


@pytest.mark.parametrize(
    "costs", [{"look": 1}, [1, 2], {"review": 0}, {"label": "dear"}, {"review": np.nan}]
)
def test_costs_are_positive_and_of_known_work(table, costs):
    X, _, y = table
    with pytest.raises(ValueError, match="costs"):
        next_step(X, y, budget=10, estimator=MODEL, costs=costs)


def test_nothing_labelled_is_refused(table):
    X, _, _ = table
    with pytest.raises(ValueError, match="none of the 200 rows has a label"):
        next_step(X, np.full(200, -1), budget=10, estimator=MODEL)


def test_one_class_labelled_is_refused(table):
    X, _, _ = table
    y = np.full(200, None, dtype=object)
    y[:20] = "yes"
    with pytest.raises(ValueError, match="all of class 'yes'"):
        next_step(X, y, budget=10, estimator=MODEL)


class Decides(ClassifierMixin, BaseEstimator):
    """Classifier that tells neither probabilities nor decisions."""

    def fit(self, X, y):
        self.classes_ = np.unique(y)
        return self

    def predict(self, X):
        return np.repeat(self.classes_[:1], len(X))


@pytest.mark.parametrize("estimator", [Decides(), "forest", MODEL.__class__])
def test_an_estimator_that_tells_no_probability_is_refused(table, estimator):
    X, _, y = table
    with pytest.raises(ValueError, match="estimator"):
        next_step(X, y, budget=10, estimator=estimator)


def test_a_regressor_is_refused(table):
    from sklearn.linear_model import Ridge

    X, _, y = table
    with pytest.raises(ValueError, match="no classifier"):
        next_step(X, y, budget=10, estimator=Ridge())


def test_ridge_decisions_are_calibrated(table):
    X, _, y = table
    assert next_step(X, y, budget=10, estimator=RidgeClassifier()).options


@pytest.mark.parametrize(
    ("name", "value"), [("new_labels", "good"), ("min_gain", -1), ("min_gain", "no")]
)
def test_unknown_options_are_refused(table, name, value):
    X, _, y = table
    with pytest.raises(ValueError, match=name):
        next_step(X, y, budget=10, estimator=MODEL, **{name: value})


def test_verified_rows_of_another_table_are_refused(table):
    X, _, y = table
    with pytest.raises(ValueError, match="verified"):
        next_step(
            X,
            y,
            budget=10,
            estimator=MODEL,
            verified=VerifiedLabels([0], [1], n_rows=7),
        )


def test_verified_rows_need_a_given_label(table):
    X, _, y = table
    marked = y.astype(object)
    marked[3] = None
    with pytest.raises(ValueError, match="without a label in y"):
        next_step(
            X, marked, budget=10, estimator=MODEL, verified=VerifiedLabels([3], [1])
        )
