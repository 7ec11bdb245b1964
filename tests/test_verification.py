"""A few verified labels judge a comparison as all true labels would."""

import pickle
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from imblearn.under_sampling import RandomUnderSampler
from numpy.testing import assert_allclose, assert_array_equal
from scipy import stats
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.datasets import make_classification
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import get_scorer, roc_auc_score
from sklearn.model_selection import GroupKFold, RepeatedStratifiedKFold

from skdataquality.compose import RemediedClassifier
from skdataquality.imbalance import ClassBalanceWeighter
from skdataquality.model_selection import VerificationPlan, compare_remedies
from skdataquality.model_selection._rowwise import rowwise_tests
from skdataquality.model_selection._verification._answers import check_answers
from skdataquality.model_selection._verification._auc import AucForm
from skdataquality.model_selection._verification._draw import chances, draw_by_chance
from skdataquality.model_selection._verification._imputed import likely_labels
from skdataquality.model_selection._verification._verdicts import (
    one_step,
    trust_in,
    trusted,
    variance_of_verdicts,
)
from skdataquality.utils._stats import nadeau_bengio
from skdataquality.verified import VerifiedLabels

N = 300
METRICS = [
    "accuracy",
    "neg_log_loss",
    "neg_brier_score",
    "balanced_accuracy",
    "f1",
    "matthews_corrcoef",
    "roc_auc",
]
REMEDIES = {
    "balance": ClassBalanceWeighter(),
    "strong": RemediedClassifier(LogisticRegression(C=0.003)),
}


def noisy(n_classes=2, n_rows=N):
    X, truth = make_classification(
        n_rows,
        n_informative=6,
        n_classes=n_classes,
        class_sep=0.8,
        random_state=0,
    )
    lost = np.random.default_rng(0).random(n_rows) < 0.4
    return X, truth, np.where(lost, 0, truth)


def compared(scoring, n_classes=2, **more):
    X, truth, given = noisy(n_classes)
    more = {"random_state": 0, "scoring": scoring} | more
    return compare_remedies(LogisticRegression(), REMEDIES, X, given, **more), truth


@pytest.fixture(scope="module")
def binary():
    return compared(METRICS)


@pytest.fixture(scope="module")
def weighted():
    weights = np.random.default_rng(2).choice([0, 0.5, 1, 3], N)
    return *compared(METRICS, sample_weight=weights), weights


@pytest.fixture(scope="module")
def three():
    return compared(["accuracy", "f1_macro", "roc_auc_ovr", "roc_auc_ovo"], n_classes=3)


def only(comparison, metric):
    """Return the comparison as if this metric alone had been asked for."""
    question = comparison.question_
    alone = replace(
        question,
        functions={metric: question.functions[metric]},
        predictions={metric: question.predictions[metric]},
        _forms={},
        _differences={},
    )
    return replace(comparison, metric_=metric, question_=alone)


def all_of(truth):
    return VerifiedLabels(np.arange(truth.size), truth, np.ones(truth.size))


# -- all rows verified: nothing is estimated ---------------------------------------


def score_of_splits(comparison, metric, name, labels, weights=None):
    scorer = get_scorer(metric)
    said = comparison.predictions_[metric][name]
    return np.array(
        [
            scorer._sign
            * scorer._score_func(
                labels[test],
                said[run[0], test],
                sample_weight=None if weights is None else weights[test],
                **scorer._kwargs,
            )
            for run, (_, test) in zip(
                comparison.question_.runs, comparison.splits_, strict=True
            )
        ]
    )


def check_it_is_the_comparison_on(truth, comparison, metrics, weights=None):
    checked = comparison.verify(all_of(truth))
    for metric in metrics:
        zero = score_of_splits(comparison, metric, "nothing", truth, weights)
        gains = {
            name: score_of_splits(comparison, metric, name, truth, weights) - zero
            for name in REMEDIES
        }
        tests = rowwise_tests(
            comparison.question_.functions[metric],
            truth,
            comparison.predictions_[metric],
            {name: gain.mean() for name, gain in gains.items()},
            n_folds=10,
            weights=weights,
        )
        for name, gain in gains.items():
            found = checked.true_tests_[metric][name]
            expected = tests.get(name) or nadeau_bengio(
                gain, test_train_ratio=comparison.test_train_ratio_
            )
            assert_allclose(
                (found.mean, found.standard_error, found.df, found.p_value),
                (
                    expected.mean,
                    expected.standard_error,
                    expected.df,
                    expected.p_value,
                ),
                rtol=1e-6,
                atol=1e-10,
            )
        assert_allclose(checked.true_means_[metric]["nothing"].estimate, zero.mean())


def test_with_every_row_verified_it_is_the_comparison_on_the_true_labels(binary):
    check_it_is_the_comparison_on(binary[1], binary[0], METRICS)


def test_so_it_is_with_rows_that_weigh_differently(weighted):
    comparison, truth, weights = weighted
    check_it_is_the_comparison_on(truth, comparison, METRICS, weights)


def test_so_it_is_with_folds_of_unequal_size_and_clusters():
    groups = np.random.default_rng(1).integers(0, 37, N)
    comparison, truth = compared("accuracy", groups=groups, cv=GroupKFold(4))
    found = comparison.verify(all_of(truth)).true_tests_["accuracy"]["balance"]
    gain = score_of_splits(comparison, "accuracy", "balance", truth)
    gain -= score_of_splits(comparison, "accuracy", "nothing", truth)
    assert len({len(test) for _, test in comparison.splits_}) > 1
    assert_allclose(found.mean, gain.mean())
    said = comparison.predictions_["accuracy"]
    expected = rowwise_tests(
        comparison.question_.functions["accuracy"],
        truth,
        said,
        {"balance": gain.mean(), "strong": 0.0},
        n_folds=4,
        clusters=groups,
    )["balance"]
    assert_allclose(found.standard_error, expected.standard_error)


@pytest.mark.parametrize("scoring", ["accuracy", "f1_macro"])
def test_so_it_is_with_labels_of_text_and_repeated_folds(scoring):
    X, truth, given = noisy()
    words = np.array(["cat", "dog"], dtype=object)
    comparison = compare_remedies(
        LogisticRegression(),
        REMEDIES,
        pd.DataFrame(X),
        pd.Series(words[given]),
        scoring=scoring,
        cv=RepeatedStratifiedKFold(n_splits=4, n_repeats=3, random_state=0),
    )
    checked = comparison.verify(all_of(words[truth]))
    gain = score_of_splits(comparison, scoring, "balance", words[truth])
    gain -= score_of_splits(comparison, scoring, "nothing", words[truth])
    assert_allclose(checked.true_tests_[scoring]["balance"].mean, gain.mean())
    plan = comparison.plan_verification(50, random_state=0)
    assert set(plan.given) <= {"cat", "dog"}
    again = pickle.loads(pickle.dumps(comparison))
    assert_array_equal(again.plan_verification(50, random_state=0).rows, plan.rows)


def test_several_classes(three):
    comparison, truth = three
    checked = comparison.verify(all_of(truth))
    for metric in comparison.scores_:
        gain = score_of_splits(comparison, metric, "balance", truth)
        gain -= score_of_splits(comparison, metric, "nothing", truth)
        assert_allclose(checked.true_tests_[metric]["balance"].mean, gain.mean())


# -- metrics as functions of masses ------------------------------------------------


@pytest.mark.parametrize("metric", METRICS)
def test_the_slope_is_the_derivative_of_the_value(binary, metric):
    form = binary[0].question_.forms(metric)["balance"]
    masses = np.random.default_rng(0).dirichlet([1, 1], N)
    slope, step = form.slope(masses), 1e-4
    for row, label in [(0, 0), (7, 1), (211, 0)]:
        ends = []
        for sign in (1, -1):
            moved = masses.copy()
            moved[row, label] += sign * step
            ends.append(form.value(moved))
        # masses of a row sum to 1, so they move against each other
        moved_other = masses.copy()
        moved_other[row] += (step, -step)
        moved_back = masses.copy()
        moved_back[row] -= (step, -step)
        change = (form.value(moved_other) - form.value(moved_back)) / (2 * step) * N
        assert_allclose(change, slope[row, 0] - slope[row, 1], rtol=1e-3, atol=1e-4)


def test_the_area_is_that_of_the_labels_and_no_row_pairs_with_itself():
    rng = np.random.default_rng(0)
    y, scores = rng.integers(0, 2, 50), rng.integers(0, 9, 50) / 8
    form = AucForm.of(1, {}, 2, scores[None])
    assert_allclose(form.at(y), roc_auc_score(y, scores))
    # the mean over labels drawn from masses of numerator and pairs is exact
    masses = np.stack([1 - scores / 2, scores / 2], axis=1)
    up, down = masses[:, 1], masses[:, 0]
    above = (scores[:, None] > scores) + 0.5 * (scores[:, None] == scores)
    pairs = np.outer(up, down) * (1 - np.eye(50))
    assert_allclose(form.value(masses), (pairs * above).sum() / pairs.sum())


# -- the draw ----------------------------------------------------------------------


def test_rows_are_drawn_with_exactly_their_chance():
    rng = np.random.RandomState(0)
    size = np.array([0.0, 9.0, 1.0, 2.0, 3.0, 0.5, 2.5])
    chance = chances(size, 3)
    assert_allclose(chance.sum(), 3)
    assert chance[0] == 0
    assert chance[1] == 1
    assert_allclose(chance[2:] / size[2:], chance[2] / size[2])
    count, first, n_draws = np.zeros(7), np.zeros(7), 4000
    for _ in range(n_draws):
        rows = draw_by_chance(chance, rng)
        assert rows.size == 3 == np.unique(rows).size
        count[rows] += 1
        first[rows[0]] += 1
    error = np.sqrt(chance * (1 - chance) / n_draws)
    assert (np.abs(count / n_draws - chance) <= 4 * error + 1e-12).all()
    # any part of the order is a random part
    assert_allclose(first / n_draws, chance / 3, atol=0.04)


def test_a_draw_is_repeated_by_its_seed_and_differs_otherwise(binary):
    comparison = only(binary[0], "accuracy")
    plans = [comparison.plan_verification(20, random_state=s) for s in (0, 0, 1)]
    assert_array_equal(plans[0].rows, plans[1].rows)
    assert set(plans[0].rows) != set(plans[2].rows)


def test_rows_on_which_all_agree_are_not_drawn_for_accuracy(binary):
    comparison = only(binary[0], "accuracy")
    said = np.stack([runs[0] for runs in comparison.predictions_["accuracy"].values()])
    differ = np.flatnonzero((said != said[0]).any(axis=0))
    plan = comparison.plan_verification(10**6)
    assert_array_equal(np.sort(plan.rows), differ)
    assert plan.n_rows == plan.n_differ == differ.size
    assert (plan.inclusion_probability == 1).all()
    assert "all of which are here" in plan.notes_[0]
    few = comparison.plan_verification(30, random_state=0)
    assert set(few.rows) <= set(differ)
    assert few.notes_ == ()


@pytest.mark.parametrize(
    ("metric", "rests"), [("accuracy", True), ("balanced_accuracy", False)]
)
def test_a_score_that_rests_on_the_model_says_so(binary, metric, rests):
    comparison, truth = binary
    comparison = only(comparison, metric)
    plan = comparison.plan_verification(60, random_state=0)
    proven = comparison.verify(plan.verified(truth[plan.rows]))
    said = [note for note in proven.notes_ if "rest on the model" in note]
    assert len(said) == rests
    assert isinstance(proven.true_means_[metric]["nothing"], float) == rests


def test_all_rows_have_a_chance_where_totals_count(binary):
    plan = only(binary[0], "balanced_accuracy").plan_verification(10**6)
    assert plan.n_rows == N


def test_a_model_that_is_too_sure_hides_no_row(binary):
    comparison = only(binary[0], "accuracy")
    question = comparison.question_
    sure = np.eye(2)[question.codes]
    question.__dict__["proxy"] = sure
    try:
        assert (
            comparison.plan_verification(10**6).n_rows
            == only(binary[0], "accuracy").plan_verification(10**6).n_rows
        )
    finally:
        del question.__dict__["proxy"]


# -- unbiased, and covering --------------------------------------------------------


def repeat(comparison, metric, truth, n_rows, n_draws, name):
    """Estimates of one gain over many draws, their standard errors and degrees."""
    question, rng = comparison.question_, np.random.RandomState(0)
    forms = question.forms(metric)
    found = []
    for _ in range(n_draws):
        plan = comparison.plan_verification(n_rows, random_state=rng)
        answers = check_answers(plan.verified(truth[plan.rows]), question.y)
        before = question.differences(metric)
        trust = trust_in(question.proxy, before, answers)
        proxy = trusted(question.proxy, trust)
        masses = answers.masses(proxy)
        likely = likely_labels(proxy, answers)
        score, slope = one_step(forms[name], likely, masses)
        zero, slope_of_zero = one_step(forms["nothing"], likely, masses)
        variance, df = variance_of_verdicts(slope - slope_of_zero, proxy, answers)
        found.append((score - zero, variance**0.5, df))
    return np.array(found).T


@pytest.mark.parametrize(
    ("metric", "n_draws"),
    [("accuracy", 400), ("neg_log_loss", 400), ("roc_auc", 200), ("f1", 60)],
)
def test_the_gain_is_unbiased_and_its_interval_covers(binary, metric, n_draws):
    comparison, truth = only(binary[0], metric), binary[1]
    gain, error, df = repeat(comparison, metric, truth, 40, n_draws, "balance")
    forms = comparison.question_.forms(metric)
    true = forms["balance"].at(truth) - forms["nothing"].at(truth)
    if forms["nothing"].is_mean:
        masses = np.eye(2)[truth]
        true = forms["balance"].value(masses) - forms["nothing"].value(masses)
    bias = gain.mean() - true
    # a ratio of sums has a small bias, well below its spread
    room = 3.5 / n_draws**0.5 + (0 if forms["nothing"].is_mean else 0.15)
    assert abs(bias) <= room * gain.std()
    inside = np.abs(gain - true) <= stats.t.isf(0.025, np.minimum(df, 1e6)) * error
    assert inside.mean() >= 0.93


def test_rows_that_weigh_more_are_drawn_more_often_and_none_of_no_weight(weighted):
    comparison, truth, weights = weighted
    masses = np.eye(2)[truth]
    for metric, n_draws in [("accuracy", 300), ("f1", 60)]:
        alone = only(comparison, metric)
        rows = np.concatenate(
            [alone.plan_verification(40, random_state=seed).rows for seed in range(20)]
        )
        assert (weights[rows] > 0).all()
        assert weights[rows].mean() > weights.mean()
        gain, error, df = repeat(alone, metric, truth, 40, n_draws, "balance")
        forms = alone.question_.forms(metric)
        true = forms["balance"].value(masses) - forms["nothing"].value(masses)
        assert abs(gain.mean() - true) <= (3.5 / n_draws**0.5 + 0.15) * gain.std()
        inside = np.abs(gain - true) <= stats.t.isf(0.025, np.minimum(df, 1e6)) * error
        assert inside.mean() >= 0.93


@pytest.mark.parametrize("posterior", ["inverted", "sure"])
def test_so_it_is_whatever_the_model_says(binary, posterior):
    comparison, truth = only(binary[0], "accuracy"), binary[1]
    wrong = {
        "inverted": 1 - np.eye(2)[truth],
        "sure": np.eye(2)[binary[0].question_.codes],
    }
    comparison.question_.__dict__["proxy"] = wrong[posterior]
    gain, error, df = repeat(comparison, "accuracy", truth, 40, 300, "balance")
    masses, forms = np.eye(2)[truth], comparison.question_.forms("accuracy")
    true = forms["balance"].value(masses) - forms["nothing"].value(masses)
    assert abs(gain.mean() - true) <= 3.5 * gain.std() / 300**0.5
    inside = np.abs(gain - true) <= stats.t.isf(0.025, np.minimum(df, 1e6)) * error
    assert inside.mean() >= 0.93


def test_no_surprise_in_the_verdicts_is_not_taken_for_certainty(binary):
    comparison = only(binary[0], "accuracy")
    question = comparison.question_
    plan = comparison.plan_verification(20, random_state=0)
    answers = check_answers(plan.verified(plan.given), question.y)
    sure = np.eye(2)[question.codes]
    slope = question.differences("accuracy")["balance"]
    variance, _ = variance_of_verdicts(slope, sure, answers)
    assert variance > 0
    every = comparison.plan_verification(10**6)
    answers = check_answers(every.verified(every.given), question.y)
    assert variance_of_verdicts(slope, sure, answers)[0] == 0


# -- the choice --------------------------------------------------------------------


def test_the_truth_chooses_and_the_old_comparison_stays():
    X, truth = make_classification(600, class_sep=0.7, random_state=0)
    lost = np.random.default_rng(0).random(600) < 0.4
    given = np.where(lost, 0, truth)
    comparison = compare_remedies(
        LogisticRegression(), REMEDIES, X, given, random_state=0, scoring="accuracy"
    )
    before = comparison.best_, comparison.notes_
    plan = comparison.plan_verification(60, random_state=0)
    checked = comparison.verify(plan.verified(truth[plan.rows]))
    assert comparison.best_ == "nothing"
    assert checked.best_ == "balance"
    assert checked.best_estimator_.get_params()["remedy__strategy"]
    assert (comparison.best_, comparison.notes_) == before
    assert comparison.verified_ is None
    assert comparison.true_tests_ == {}
    again = checked.verify(plan.verified(plan.given))
    assert again.best_ == "nothing"
    assert len(again.notes_) == len(checked.notes_)
    assert comparison.expected_gains_["accuracy"].keys() == {"balance", "strong"}
    assert comparison.posterior_.shape == comparison.proba_.shape == (600, 2)
    assert_allclose(comparison.posterior_.sum(axis=1), 1)


class Spy(ClassifierMixin, BaseEstimator):
    """Remembers the labels that it was fitted with."""

    seen: list = []

    def fit(self, X, y):
        Spy.seen.append(np.stack([X[:, 0], y], axis=1))
        self.model_ = LogisticRegression(max_iter=1000).fit(X, y)
        self.classes_ = self.model_.classes_
        return self

    def predict(self, X):
        return self.model_.predict(X)


def test_no_verified_label_reaches_a_fit():
    X, truth, given = noisy()
    X[:, 0] = np.arange(N)
    Spy.seen.clear()
    wrong = np.flatnonzero(truth != given)[:30]
    checked = compare_remedies(
        Spy(),
        {"under": RandomUnderSampler(random_state=0)},
        X,
        given,
        cv=3,
        verified=VerifiedLabels(wrong, truth[wrong]),
    )
    assert checked.verified_ is not None
    assert Spy.seen
    for rows, labels in (seen.T for seen in Spy.seen):
        assert_array_equal(labels, given[rows.astype(int)])
    assert checked.proba_ is None  # it has no predict_proba, and none is needed
    assert np.isnan(checked.expected_gains_["score"]["under"])


@pytest.mark.parametrize("chance", [None, np.full(100, 0.1)])
def test_rows_drawn_for_another_remedy_make_nothing_sure_of_this_one(chance):
    y, rows = np.arange(100) % 2, np.arange(50, 60)
    difference = np.zeros((100, 2))
    difference[:20] = -1, 1  # on rows of which none was drawn
    answers = check_answers(VerifiedLabels(rows, y[rows], np.full(10, 0.1)), y)
    variance, df = variance_of_verdicts(
        difference, np.full((100, 2), 0.5), answers, chance
    )
    assert_allclose(variance, 20 * (1 / 0.1 - 1) / 100**2)
    assert df == 1


# -- rows of other origin ----------------------------------------------------------


def test_rows_that_no_plan_drew_say_nothing_of_others(binary):
    comparison, truth = only(binary[0], "accuracy"), binary[1]
    plan = comparison.plan_verification(10**6)
    picked = comparison.verify(VerifiedLabels(plan.rows, truth[plan.rows]))
    drawn = comparison.verify(plan.verified(truth[plan.rows]))
    # they are all that matter: the gain is known
    assert_allclose(
        picked.true_tests_["accuracy"]["balance"].mean,
        drawn.true_tests_["accuracy"]["balance"].mean,
    )
    rows = plan.rows[:5]
    few = comparison.verify(VerifiedLabels(rows, truth[rows]))
    assert few.true_tests_["accuracy"] == {}
    assert few.best_ == comparison.best_
    notes = " ".join(few.notes_)
    assert "5 verified rows that no plan drew" in notes
    assert "had no chance to be drawn" in notes


def test_hand_picked_rows_beside_drawn_ones_keep_the_estimate_unbiased(binary):
    comparison, truth = only(binary[0], "accuracy"), binary[1]
    question = comparison.question_
    forms, masses = question.forms("accuracy"), np.eye(2)[truth]
    true = forms["balance"].value(masses) - forms["nothing"].value(masses)
    everything = comparison.plan_verification(10**6).rows
    picked = everything[truth[everything] != question.y[everything]][:25]
    rng, gains = np.random.RandomState(0), []
    for _ in range(300):
        plan = comparison.plan_verification(40, random_state=rng)
        chance = np.where(
            np.isin(plan.rows, picked), np.nan, plan.inclusion_probability
        )
        rows = np.r_[plan.rows, np.setdiff1d(picked, plan.rows)]
        chance = np.r_[chance, np.full(rows.size - chance.size, np.nan)]
        answers = check_answers(VerifiedLabels(rows, truth[rows], chance), question.y)
        masses = answers.masses(question.proxy)
        gains.append(forms["balance"].value(masses) - forms["nothing"].value(masses))
    assert abs(np.mean(gains) - true) <= 3.5 * np.std(gains) / 300**0.5


def test_rows_of_an_audit_will_do(binary):
    comparison, truth = only(binary[0], "accuracy"), binary[1]
    rows = np.random.default_rng(0).choice(N, 150, replace=False)
    verified = VerifiedLabels(rows, truth[rows], np.full(150, 0.5), purpose="audit")
    test = comparison.verify(verified).true_tests_["accuracy"]["balance"]
    full = comparison.verify(all_of(truth)).true_tests_["accuracy"]["balance"]
    assert abs(test.mean - full.mean) <= 3 * test.standard_error
    assert test.standard_error > full.standard_error


def test_a_plan_of_another_comparison_misses_rows_that_matter_now():
    X, truth, given = noisy()
    close = {"close": RemediedClassifier(LogisticRegression(C=0.5))}
    old = compare_remedies(LogisticRegression(), close, X, given, cv=5, random_state=0)
    plan = old.plan_verification(50, random_state=0)
    new = compare_remedies(
        LogisticRegression(), close | REMEDIES, X, given, cv=5, random_state=0
    )
    checked = new.verify(plan.verified(truth[plan.rows]))
    assert list(checked.true_tests_["score"]) == ["close"]
    notes = " ".join(checked.notes_)
    assert "drawn for another comparison" in notes
    assert "no test of 'balance', 'strong'" in notes


def test_a_sheet_done_in_part_stands_for_the_whole(binary):
    comparison, truth = only(binary[0], "accuracy"), binary[1]
    plan = comparison.plan_verification(60, random_state=0)
    labels = list(truth[plan.rows[:40]])
    labels[3] = None
    verified = plan.verified(labels, cannot_say=[plan.rows[3]], reviewer="me")
    assert verified.n_verified == 39
    assert verified.unanswered.size == 20
    assert_allclose(verified.weight * verified.inclusion_probability, 60 / 39)
    checked = comparison.verify(verified)
    assert checked.true_tests_["accuracy"]
    notes = " ".join(checked.notes_)
    assert "1 rows without an answer" in notes or "cannot say" in notes
    assert "20 rows of the plan are not answered yet" in notes


# -- bad input ---------------------------------------------------------------------


def test_what_cannot_be_verified_is_refused(binary, three):
    comparison, _truth = only(binary[0], "accuracy"), binary[1]
    for verified, said in [
        (VerifiedLabels([N + 3], [1]), "row 303, but the table has 300 rows"),
        (VerifiedLabels([3], [1], n_rows=7), "table with 7 rows"),
        (
            VerifiedLabels([3], [1], given=[1 - binary[0].question_.y[3]]),
            "another table",
        ),
        (VerifiedLabels([3, 4], [1, "cat"]), "no class of y: 'cat'"),
        (VerifiedLabels([3], [True]), "True, but labels of the table"),
        ({3: 1}, "is a dict: pass VerifiedLabels"),
        (None, "is a NoneType: pass VerifiedLabels"),
        (VerifiedLabels([], []), "it is empty"),
        ({3: 1}, "verified is a dict: pass VerifiedLabels"),
        (VerifiedLabels([], [], cannot_say=[1, 2]), "all 2 answers are 'cannot say'"),
    ]:
        with pytest.raises(ValueError, match=said):
            comparison.verify(verified)
    with pytest.raises(ValueError, match="not which is right"):
        three[0].verify(VerifiedLabels([3], [None]))
    blank = comparison.verify(VerifiedLabels([3], [None]))
    said = comparison.verify(VerifiedLabels([3], [1 - comparison.question_.y[3]]))
    assert blank.true_means_ == said.true_means_
    with pytest.raises(ValueError, match="n_rows=0"):
        comparison.plan_verification(0)


def test_bad_answers_to_a_plan_are_refused(binary):
    plan = only(binary[0], "accuracy").plan_verification(5, random_state=0)
    with pytest.raises(ValueError, match="holds True, but labels of the table"):
        plan.verified([True] * 5)  # would be 1, whatever the given label is
    assert isinstance(plan, VerificationPlan)
    assert "5 of 300 rows" in repr(plan)
    other = np.setdiff1d(np.arange(N), plan.rows)[0]
    for labels, unknown, said in [
        ([1] * 6, (), "5 rows"),
        ([], (), "no answer"),
        ([1] * 5, [other], "not planned"),
        ([1] * 5, plan.rows[:1], "has the answer"),
    ]:
        with pytest.raises(ValueError, match=said):
            plan.verified(labels, cannot_say=unknown)


def test_equal_candidates_numbers_and_unknown_metrics_are_refused():
    X, truth, given = noisy()
    same = {"same": RemediedClassifier(LogisticRegression())}
    equal = compare_remedies(LogisticRegression(), same, X, given, cv=3)
    with pytest.raises(ValueError, match="same decisions: nothing to verify"):
        equal.plan_verification()
    numbers = compare_remedies(LinearRegression(), {}, X, truth.astype(float), cv=3)
    with pytest.raises(ValueError, match="y holds numbers"):
        numbers.plan_verification()
    ranking = compare_remedies(
        LogisticRegression(), REMEDIES, X, given, cv=3, scoring="average_precision"
    )
    with pytest.raises(ValueError, match="not computable from verified labels"):
        ranking.plan_verification()
    small = compare_remedies(
        LogisticRegression(),
        REMEDIES,
        X[:100],
        given[:100],
        cv=3,
        scoring="average_precision",
    )
    with pytest.raises(ValueError, match="not computable from verified labels"):
        small.plan_verification()
    checked = ranking.verify(VerifiedLabels([3], [1]))
    assert checked.best_ == ranking.best_
    assert not checked.true_tests_


def test_bad_verified_labels_stop_before_any_fit():
    X, _, given = noisy()
    Spy.seen.clear()
    with pytest.raises(ValueError, match="no class of y"):
        compare_remedies(Spy(), {}, X, given, verified=VerifiedLabels([3], ["cat"]))
    with pytest.raises(ValueError, match="y holds numbers"):
        compare_remedies(
            LinearRegression(), {}, X, X[:, 0], verified=VerifiedLabels([3], [1.0])
        )
    assert Spy.seen == []


def test_a_metric_without_a_value_on_so_few_labels_has_no_score(binary):
    comparison, truth = only(binary[0], "roc_auc"), binary[1]
    rows = np.flatnonzero(truth == 0)[:10]
    # they stand for more rows than there are: none of the other class is left
    verified = VerifiedLabels(rows, truth[rows], np.full(10, 0.01), purpose="audit")
    checked = comparison.verify(verified)
    assert any("has no value on so few labels" in note for note in checked.notes_)
    assert checked.true_tests_ == {"roc_auc": {}}
    assert checked.true_means_ == {}
    assert checked.best_ == comparison.best_
