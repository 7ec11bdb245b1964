"""A label audit: unbiased whatever the model, with an interval that covers."""

import itertools
import pickle
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy import stats
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from skdataquality.datasets import make_label_errors
from skdataquality.exceptions import DataQualityWarning, InSampleProbabilitiesWarning
from skdataquality.label_noise import LabelAudit
from skdataquality.label_noise._audit._design import allocate, draw, stratify
from skdataquality.label_noise._audit._plan import plan_from_design
from skdataquality.utils._stats import stratified_share
from skdataquality.verified import VerifiedLabels


def noisy_data(n=2000, rate=0.1, sharpness=3.0, n_classes=4, seed=0):
    """Labels, probabilities of a model of some sharpness, which labels are wrong."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, n_classes, n)
    y, is_wrong = make_label_errors(truth, rate, random_state=seed)
    scores = rng.normal(size=(n, n_classes))
    scores[np.arange(n), truth] += sharpness
    proba = np.exp(scores)
    return y, proba / proba.sum(axis=1, keepdims=True), is_wrong


Y, PROBA, IS_WRONG = noisy_data()


def plans(y, proba, n_plans, n_rows=200):
    """Plans that differ by the draw only, as those of other seeds do."""
    classes, codes = np.unique(y, return_inverse=True)
    covered = ~np.isnan(proba).any(axis=1)
    design = LabelAudit(n_rows)._design(codes, proba, covered, classes)
    rng = np.random.RandomState(0)
    for _ in range(n_plans):
        yield plan_from_design(*design, codes=codes, classes=classes, random_state=rng)


def repeated(y, proba, is_wrong, n_audits, **options):
    """Estimate, lower and upper end of the overall rate of many audits, in one call."""
    found = []
    for plan in plans(y, proba, n_audits, **options):
        found.append(np.bincount(plan.strata, weights=is_wrong[plan.rows]))
    share = stratified_share(found, np.bincount(plan.strata), plan.stratum_sizes)
    return share.estimate, share.lower, share.upper


def simple_random_sd(is_wrong, n_rows):
    n, rate = is_wrong.size, is_wrong.mean()
    return np.sqrt(rate * (1 - rate) / n_rows * (n - n_rows) / (n - 1))


# ------------------------------------------------------------------ the estimate
def test_mean_over_every_possible_draw_is_the_rate_of_all_rows_and_of_each_class():
    y = np.array([0, 0, 1, 1, 2, 0, 1, 2, 2])
    is_wrong = np.array([1, 0, 1, 1, 0, 0, 0, 1, 0], dtype=bool)
    proba = np.full((9, 3), 1 / 3)
    proba[5:] = np.nan  # two strata: with and without a prediction
    plan = LabelAudit(4, random_state=0).plan(y, proba)
    sizes, drawn = plan.stratum_sizes, np.bincount(plan.strata)
    assert_array_equal(sizes, [5, 4])
    estimates = []
    for first in itertools.combinations(range(5), drawn[0]):
        for second in itertools.combinations(range(5, 9), drawn[1]):
            rows = np.array(first + second)
            object.__setattr__(plan, "rows", rows)
            object.__setattr__(plan, "given_codes", y[rows])
            object.__setattr__(plan, "strata", (rows >= 5).astype(int))
            result = plan.estimate(rows, is_wrong[rows])
            by_class = [
                0.0 if np.isnan(line["rate"].estimate) else line["rate"].estimate
                for line in result.by_class
            ]
            estimates.append([result.overall.estimate, *by_class])
    rates = np.bincount(y, weights=is_wrong) / np.bincount(y)
    overall, *classes = np.mean(estimates, axis=0)
    assert overall == pytest.approx(is_wrong.mean())
    # the cap at the rows that can still be wrong binds in classes of three rows
    assert (np.array(classes) <= rates + 1e-12).all()


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_rates_of_the_classes_times_their_rows_sum_to_the_overall_rate(seed):
    plan = LabelAudit(300, random_state=seed).plan(Y, PROBA)
    result = plan.estimate(plan.rows, IS_WRONG[plan.rows])
    n_wrong = sum(line["rows"] * line["rate"].estimate for line in result.by_class)
    assert n_wrong == pytest.approx(Y.size * result.overall.estimate)
    assert sum(line["verified"] for line in result.by_class) == 300
    found = [line["errors_found"] for line in result.by_stratum]
    assert sum(found) == IS_WRONG[plan.rows].sum()


def test_estimate_is_the_sum_over_strata_of_their_sizes_times_their_shares():
    plan = LabelAudit(150, random_state=3).plan(Y, PROBA)
    result = plan.estimate(plan.rows, IS_WRONG[plan.rows])
    expected = sum(
        line["rows"] / Y.size * line["errors_found"] / line["verified"]
        for line in result.by_stratum
    )
    assert result.overall.estimate == pytest.approx(expected)
    weighted = (IS_WRONG[plan.rows] / plan.inclusion_probability).sum() / Y.size
    assert result.overall.estimate == pytest.approx(weighted)  # Horvitz-Thompson
    assert result.overall.lower < expected < result.overall.upper


def test_order_of_the_verdicts_does_not_matter():
    plan = LabelAudit(100, random_state=0).plan(Y, PROBA)
    order = np.random.default_rng(0).permutation(plan.n_rows)
    shuffled = plan.rows[order]
    assert plan.estimate(shuffled, IS_WRONG[shuffled]) == plan.estimate(
        plan.rows, IS_WRONG[plan.rows]
    )


@pytest.mark.parametrize("n_rows", [60, 1000])
def test_verifying_everything_gives_the_rate_itself(n_rows):
    y, proba, is_wrong = Y[:60], PROBA[:60], IS_WRONG[:60]
    plan = LabelAudit(n_rows, random_state=0).plan(y, proba)
    assert plan.n_rows == 60
    assert_array_equal(plan.inclusion_probability, 1)
    result = plan.estimate(plan.rows, is_wrong[plan.rows])
    rates = [is_wrong.mean(), *(is_wrong[y == label].mean() for label in range(4))]
    for rate, interval in zip(
        rates,
        [result.overall, *(line["rate"] for line in result.by_class)],
        strict=True,
    ):
        assert_allclose([interval.estimate, interval.lower, interval.upper], rate)


def test_a_class_without_a_verified_row_has_no_rate():
    y = np.where(np.arange(Y.size) == 7, 9, Y)
    proba = np.column_stack([PROBA, np.zeros(Y.size)])
    plan = LabelAudit(50, random_state=0).plan(y, proba, classes=[0, 1, 2, 3, 9])
    assert 7 not in plan.rows
    last = plan.estimate(plan.rows, IS_WRONG[plan.rows]).by_class[-1]
    assert (last["class"], last["rows"], last["verified"]) == (9, 1, 0)
    assert np.isnan(last["rate"].estimate)
    assert (last["rate"].lower, last["rate"].upper) == (0, 1)
    assert "no row of this class was verified" in last["rate"].method


# ---------------------------------------------------------------- the interval
@pytest.mark.parametrize("rate", [0.01, 0.1, 0.3])
def test_interval_covers_and_strata_are_worth_it(rate):
    y, proba, is_wrong = noisy_data(rate=rate)
    estimate, lower, upper = repeated(y, proba, is_wrong, 200)
    truth = is_wrong.mean()
    assert ((lower <= truth) & (truth <= upper)).mean() >= 0.93
    assert abs(estimate.mean() - truth) < 4 * estimate.std() / np.sqrt(200)
    assert 1.3 * estimate.std() < simple_random_sd(is_wrong, 200)


@pytest.mark.parametrize("n_rows", [60, 200])
def test_interval_covers_although_the_errors_are_where_the_model_is_sure(n_rows):
    rng = np.random.default_rng(0)
    y, proba, _ = noisy_data(rate=0.02, sharpness=6)
    hidden = rng.random(y.size) < 0.04
    estimate, lower, upper = repeated(y, proba, hidden, 200, n_rows=n_rows)
    truth = hidden.mean()
    assert ((lower <= truth) & (truth <= upper)).mean() >= 0.93
    assert estimate.std() < 1.15 * simple_random_sd(hidden, n_rows)


def test_rates_of_the_classes_are_covered():
    inside = []
    for plan in plans(Y, PROBA, 60):
        result = plan.estimate(plan.rows, IS_WRONG[plan.rows])
        for line in result.by_class:
            truth = IS_WRONG[line["class"] == Y].mean()
            inside.append(line["rate"].lower <= truth <= line["rate"].upper)
    assert np.mean(inside) >= 0.93


# ------------------------------------------------------------------- the design
def test_allocation_spends_all_rows_within_floors_and_sizes():
    rng = np.random.default_rng(0)
    for _ in range(300):
        sizes = rng.integers(1, 400, rng.integers(1, 8))
        n_rows = int(rng.integers(sizes.size, sizes.sum() + 1))
        drawn = allocate(n_rows, sizes, rng.uniform(0.04, 0.5, sizes.size))
        assert drawn.sum() == n_rows
        assert (drawn <= sizes).all()
        assert (drawn >= np.minimum(sizes, min(5, n_rows // sizes.size))).all()


def test_allocation_prefers_doubtful_strata_but_never_starves_the_others():
    drawn = allocate(200, np.array([1000, 1000]), np.array([0.5, 0.05]))
    assert drawn[0] > drawn[1] >= 50  # half of its share of the rows


def test_strata_are_cut_where_the_risk_jumps():
    risk = np.repeat([0.95, 0.03, 0.002], [100, 200, 700])
    suspicion = risk + np.linspace(1e-6, 0, 1000)
    stratum = stratify(suspicion, risk, 3)
    assert_allclose(np.bincount(stratum), [100, 200, 700], atol=5)  # a grid of cuts
    assert (np.diff(stratum) >= 0).all()


@pytest.mark.parametrize("n", [1, 2, 9, 10, 25, 100])
def test_strata_have_ten_rows_or_all(n):
    risk = np.random.default_rng(n).uniform(0.002, 0.5, n)
    sizes = np.bincount(stratify(risk, risk, 6))
    assert (sizes >= min(10, n)).all()
    assert sizes.sum() == n


def test_every_row_of_a_stratum_is_as_likely_to_be_drawn():
    stratum = np.repeat([0, 1], [12, 40])
    rng = np.random.RandomState(0)
    counts = np.zeros(52)
    for _ in range(1500):
        counts[draw(stratum, np.array([4, 10]), rng)] += 1
    expected = 1500 * np.repeat([4 / 12, 10 / 40], [12, 40])
    # drawing without replacement: the counts vary less than a multinomial
    assert stats.chi2.sf(((counts - expected) ** 2 / expected).sum(), 50) > 0.01


def test_one_may_stop_at_any_row_of_the_sheet():
    y, proba, is_wrong = noisy_data(rate=0.2)
    estimates = []
    for plan in plans(y, proba, 100):
        done = plan.rows[:80]
        with pytest.warns(DataQualityWarning, match="120 of 200 planned rows"):
            estimates.append(plan.estimate(done, is_wrong[done]).overall.estimate)
    error = np.std(estimates) / 10
    assert abs(np.mean(estimates) - is_wrong.mean()) < 4 * error
    first, all_of_it = plan.strata[:80], plan.strata
    assert_allclose(np.bincount(first) / 80, np.bincount(all_of_it) / 200, atol=0.03)


def test_rows_without_a_prediction_are_a_stratum_of_their_own():
    proba = PROBA.copy()
    proba[:300] = np.nan
    plan = LabelAudit(200, random_state=0).plan(Y, proba)
    last = plan.strata.max()
    assert_array_equal(plan.strata == last, plan.rows < 300)
    assert plan.stratum_sizes[last] == 300
    estimate, lower, upper = repeated(Y, proba, IS_WRONG, 100)
    covered = (lower <= IS_WRONG.mean()) & (IS_WRONG.mean() <= upper)
    assert covered.mean() >= 0.93
    assert abs(estimate.mean() - IS_WRONG.mean()) < 4 * estimate.std() / 10
    none = LabelAudit(20, random_state=0).plan(Y, np.full_like(PROBA, np.nan))
    assert_array_equal(none.stratum_sizes, [Y.size])


# ------------------------------------------------------------------ the contract
def test_a_week_passes_between_plan_and_estimate():
    audit = LabelAudit(80, random_state=0)
    plan = audit.plan(Y, PROBA)
    rows, is_error = plan.rows, IS_WRONG[plan.rows]
    woken = pickle.loads(pickle.dumps(audit))
    assert woken.estimate(rows, is_error) == audit.estimate(rows, is_error)
    assert plan.estimate(rows, is_error) == audit.estimate(rows, is_error)
    assert repr(audit) == "LabelAudit(n_rows=80, random_state=0)"
    assert not hasattr(clone(audit), "plan_")


def test_the_same_seed_plans_the_same_rows_and_nothing_is_changed():
    proba = PROBA.astype(np.float32)
    proba.setflags(write=False)
    y = Y.copy()
    y.setflags(write=False)
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    first = LabelAudit(80, random_state=5).plan(y, proba)
    assert_array_equal(first.rows, LabelAudit(80, random_state=5).plan(y, proba).rows)
    assert set(first.rows) != set(LabelAudit(80, random_state=6).plan(y, proba).rows)
    LabelAudit(80).plan(y, proba)
    assert_array_equal(np.random.get_state()[1], before)  # noqa: NPY002
    assert np.unique(first.rows).size == 80


@pytest.mark.parametrize("container", [list, pd.Series, pd.Categorical])
def test_labels_may_be_text(container):
    names = np.array(["ape", "bee", "cat", "dog"])
    plan = LabelAudit(80, random_state=0).plan(container(names[Y]), PROBA)
    assert_array_equal(plan.rows, LabelAudit(80, random_state=0).plan(Y, PROBA).rows)
    assert_array_equal(plan.given, names[Y[plan.rows]])
    result = plan.estimate(plan.rows, pd.Series(IS_WRONG[plan.rows], dtype="boolean"))
    assert [line["class"] for line in result.by_class] == names.tolist()
    numbers = result.to_dict()
    assert numbers["overall"]["estimate"] == result.overall.estimate
    assert numbers["by_class"][0]["rate"]["level"] == 0.95


def test_order_of_the_classes_does_not_matter():
    order = [2, 0, 3, 1]
    plan = LabelAudit(80, random_state=0).plan(Y, PROBA[:, order], classes=order)
    other = LabelAudit(80, random_state=0).plan(Y, PROBA)
    assert_array_equal(plan.rows, other.rows)
    assert_array_equal(plan.given, Y[plan.rows])
    assert (
        plan.estimate(plan.rows, IS_WRONG[plan.rows]).overall
        == other.estimate(plan.rows, IS_WRONG[plan.rows]).overall
    )


def test_review_sheet_has_one_line_per_row():
    plan = LabelAudit(40, random_state=0).plan(Y, PROBA)
    sheet = plan.to_frame()
    assert_array_equal(sheet["row"], plan.rows)
    assert_array_equal(sheet["given"], Y[plan.rows])
    weights = 1 / sheet["inclusion_probability"]
    assert weights.sum() == pytest.approx(Y.size)


def test_narrower_at_a_lower_level():
    plan = LabelAudit(80, random_state=0).plan(Y, PROBA)
    verdicts = plan.rows, IS_WRONG[plan.rows]
    wide = plan.estimate(*verdicts).overall
    narrow = plan.estimate(*verdicts, level=0.8).overall
    assert wide.lower < narrow.lower < narrow.estimate < narrow.upper < wide.upper
    assert narrow.level == 0.8


# ------------------------------------------------------------------- bad input
PLAN = LabelAudit(40, random_state=0).plan(Y, PROBA)
VERDICTS = IS_WRONG[PLAN.rows]


@pytest.mark.parametrize(
    ("rows", "is_error", "message"),
    [
        (
            np.r_[PLAN.rows[:-1], np.setdiff1d(np.arange(2000), PLAN.rows)[0]],
            VERDICTS,
            r"1 rows that were not planned, \[\d+\]",
        ),
        (np.r_[PLAN.rows[:-1], -1], VERDICTS, r"not planned, \[-1\]"),
        (PLAN.rows[[0, *range(39)]], VERDICTS, r"1 rows twice or more, \[\d+\]"),
        (PLAN.rows[:0], VERDICTS[:0], r"rows has shape \(0,\)"),
        (PLAN.rows / 1.0, VERDICTS, "dtype float64"),
        (PLAN.rows, VERDICTS[:-1], "rows has 40, is_error has 39"),
        (PLAN.rows, VERDICTS.astype(int), r"values such as \[\d, .*true_labels != pl"),
        (PLAN.rows, VERDICTS.astype(float), "pass True where the given label"),
        (PLAN.rows, VERDICTS.astype(str), "is_error has shape"),
        (PLAN.rows, [*VERDICTS[:-1], None], r"1 missing verdict.*\[39\].*leave those"),
        (PLAN.rows, np.r_[np.nan, np.ones(39)], r"1 missing verdict.*\[0\].*leave"),
        (PLAN.rows, VERDICTS[:, None], r"is_error has shape \(40, 1\)"),
        (
            PLAN.rows[PLAN.strata > 0],
            VERDICTS[PLAN.strata > 0],
            r"no row of stratum 0, which has \d+ rows: verify one",
        ),
    ],
)
def test_bad_verdicts_are_refused(rows, is_error, message):
    with pytest.raises(ValueError, match=message):
        PLAN.estimate(rows, is_error)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"n_rows": 0}, "n_rows=0"),
        ({"n_rows": 2.5}, "n_rows=2.5"),
        ({"n_rows": 50, "n_strata": 0}, "n_strata=0"),
    ],
)
def test_bad_parameters_are_refused_at_the_plan(options, message):
    with pytest.raises(ValueError, match=message):
        LabelAudit(**options).plan(Y, PROBA)


def test_bad_data_are_refused():
    audit = LabelAudit(20, random_state=0)
    with pytest.raises(ValueError, match="do not sum to 1"):
        audit.plan(Y, PROBA / 2)
    with pytest.raises(ValueError, match="pred_proba"):
        audit.plan(Y, PROBA[:-1])
    with pytest.raises(ValueError, match="not in"):
        audit.plan(Y, PROBA[:, :3], classes=[0, 1, 2])
    with pytest.raises(ValueError, match="single class"):
        audit.plan(np.zeros(50), np.ones((50, 1)))
    some = PROBA.copy()
    some[0] = np.nan
    with pytest.raises(ValueError, match="n_rows=1 is fewer than the 2 strata"):
        LabelAudit(1).plan(Y, some)


def test_estimate_needs_a_plan():
    with pytest.raises(NotFittedError, match=r"call plan\(y, pred_proba\)"):
        LabelAudit(20).estimate([1], [True])


def test_probabilities_of_rows_seen_in_training_are_warned_of_once():
    sure = np.eye(4)[Y]
    with pytest.warns(InSampleProbabilitiesWarning) as caught:
        LabelAudit(20, random_state=0).plan(Y, sure)
    assert len(caught) == 1
    assert caught[0].filename == __file__


# --------------------------------------------------------------- answers of a person
def planned(n_rows=100):
    plan = LabelAudit(n_rows, random_state=0).plan(Y, PROBA)
    truth = np.where(IS_WRONG, (Y + 1) % 4, Y)
    return plan, truth[plan.rows]


def test_answers_carry_what_the_plan_knows():
    plan, truth = planned()
    verified = plan.verified(truth, reviewer="Ada")
    assert_array_equal(verified.rows, plan.rows)
    assert_array_equal(verified.inclusion_probability, plan.inclusion_probability)
    assert_array_equal(verified.is_wrong(Y), IS_WRONG[plan.rows])
    assert (verified.purpose, verified.n_rows, verified.reviewer) == (
        "audit",
        2000,
        "Ada",
    )
    assert (plan.purpose, plan.n_total) == ("audit", 2000)
    by_hand = plan.estimate(plan.rows, IS_WRONG[plan.rows])
    assert plan.estimate(verified).overall == by_hand.overall
    # the rows in the table of which a part was audited
    moved = replace(plan, rows=plan.rows + 7, n_total=3000)
    assert moved.estimate(moved.verified(truth)).overall == by_hand.overall


def test_answers_may_stop_early_or_be_open():
    plan, truth = planned()
    truth = truth.astype(object)
    truth[2] = truth[5] = None
    verified = plan.verified(truth[:60], cannot_say=[plan.rows[5]])
    assert verified.n_verified == 58
    assert_array_equal(verified.cannot_say, plan.rows[[5]])
    assert_array_equal(verified.unanswered, plan.rows[[2, *range(60, 100)]])
    with pytest.warns(DataQualityWarning, match="42 of 100 planned rows"):
        plan.estimate(verified)


def test_rows_that_no_plan_drew_count_for_nothing():
    plan, truth = planned()
    other = np.setdiff1d(np.arange(Y.size), plan.rows)[:3]
    verified = VerifiedLabels(
        [*plan.rows, *other],
        [*truth, 0, 0, 0],
        [*plan.inclusion_probability, *[np.nan] * 3],
    )
    assert (
        plan.estimate(verified).overall == plan.estimate(plan.verified(truth)).overall
    )


@pytest.mark.parametrize(
    ("labels", "cannot_say", "match"),
    [
        ([0] * 101, (), "pass one label for each of plan.rows"),
        ([[0]], (), "pass one label for each of plan.rows"),
        ([0, 9], (), r"\[9\], which are no labels of the table"),
        ([0], [-1], "were not planned"),
        ([0], ["a"], "pass rows of plan.rows"),
        ([0], "first", "which has the answer 0"),
    ],
)
def test_bad_answers(labels, cannot_say, match):
    plan, _ = planned()
    cannot_say = plan.rows[:1] if isinstance(cannot_say, str) else cannot_say
    with pytest.raises(ValueError, match=match):
        plan.verified(labels, cannot_say=cannot_say)


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"purpose": "comparison"}, "drawn for a comparison"),
        ({"n_rows": 2001}, "a table with 2001 rows"),
        ({"given": np.full(100, 3)}, "has the given label 3 in row"),
        ({"inclusion_probability": None}, "no answer for a row that a plan drew"),
    ],
)
def test_answers_to_another_plan(change, match):
    plan, truth = planned()
    with pytest.raises(ValueError, match=match):
        plan.estimate(replace(plan.verified(truth), **change))
