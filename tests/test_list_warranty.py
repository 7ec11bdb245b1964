"""A list with a warranty: what it promises holds whatever the ranking is worth."""

import dataclasses
import itertools
import json
import pickle

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_array_equal
from scipy import stats

from skdataquality.label_noise import plan_warranty
from skdataquality.label_noise._warranty._rule import (
    allowed,
    false_claims,
    fewest_rows,
    rule_for,
)
from skdataquality.label_noise._warranty._sequence import go_through, judge
from skdataquality.verified import VerifiedLabels


def plan_for(n_ranked, **options):
    """Return a plan for rows that stand in the order of suspicion."""
    options = {"random_state": 0} | options
    return plan_warranty(np.zeros(n_ranked), np.arange(n_ranked), **options)


def review(plan, is_wrong, *, one_by_one=True):
    """Answer what the plan asks for until it asks for nothing more."""
    verdicts, asked = {}, plan.rows
    while asked.size:
        for row in asked:
            verdicts[row] = bool(is_wrong[row])
            if one_by_one and not is_wrong[row]:
                break
        asked = plan.evaluate(verdicts).next_rows
    assert len(verdicts) <= plan.n_rows
    return plan.evaluate(verdicts)


def is_false(warranty, is_wrong):
    wrong = int(is_wrong[warranty.rows].sum())
    return (
        wrong < warranty.wrong_at_least
        or wrong < warranty.share * warranty.n_rows - 1e-9
    )


# ------------------------------------------------------- the rule of one list, exactly
SMALL = [
    (size, n_rows, share, level)
    for size in (1, 4, 7, 10)
    for n_rows in (1, 3, 5, 8)
    for share, level in ((0.9, 0.95), (0.6, 0.8), (0.5, 0.6), (0.25, 0.7))
]


@pytest.mark.parametrize(("size", "n_rows", "share", "level"), SMALL)
def test_a_false_claim_on_one_list_has_at_most_its_chance_in_all_orders(
    size, n_rows, share, level
):
    rule, worst = rule_for(size, n_rows, share, level), 0.0
    for n_right in range(size + 1):
        false = []
        for right in itertools.combinations(range(size), n_right):
            step = judge(size, rule, list(range(size)), lambda i, r=right: i not in r)
            limit = allowed(size, share, step.taken_out)
            false.append(step.is_good and n_right > limit)
        worst = max(worst, np.mean(false))
    assert worst <= 1 - level + 1e-9
    assert worst == pytest.approx(
        false_claims(size, rule.last_look, rule.looks, rule.without_them, share)
    )


@pytest.mark.parametrize("size", [55, 62, 100, 211, 500, 5000])
def test_no_number_of_a_rule_could_be_laxer(size):
    rule = rule_for(size, 50, 0.9, 0.95)
    most = rule.looks[50]
    bound = allowed(size, 0.9) + 1
    assert stats.hypergeom(size, bound, 50).cdf(most) <= 0.05
    assert stats.hypergeom(size, bound, 50).cdf(most + 1) > 0.05
    for look, count in rule.looks.items():
        laxer = {t: c for t, c in rule.looks.items() if t != look}
        laxer[look - 1] = count
        assert false_claims(size, 50, laxer, -1, 0.9) > 0.05
    without = max(rule.without_them, most) + 1
    assert false_claims(size, 50, rule.looks, without, 0.9) > 0.05


def test_a_long_list_takes_what_the_binomial_distribution_asks_for():
    rule = rule_for(10**7, 50, 0.9, 0.95)
    assert rule.looks == {33: 0, 50: 1}
    few = stats.binom(50, 0.1).cdf(1)
    none = stats.binom(33, 0.1).pmf(0) * stats.binom(17, 0.1).sf(1)
    chance = false_claims(10**7, 50, rule.looks, -1, 0.9)
    assert chance == pytest.approx(few + none, rel=1e-4)


@pytest.mark.parametrize("size", [1, 5, 20, 55, 300, 10**5])
def test_fewest_rows_is_where_a_rule_begins_to_exist(size):
    least = fewest_rows(size, 0.9, 0.95)
    assert rule_for(size, least, 0.9, 0.95).can_hold
    assert least == 1 or not rule_for(size, least - 1, 0.9, 0.95).can_hold


def test_29_rows_all_wrong_are_the_fewest_for_90_percent_of_a_long_list():
    assert fewest_rows(10**6, 0.9, 0.95) == 29
    assert 0.9**29 <= 0.05 < 0.9**28


def test_the_allowed_rows_are_counted_without_the_error_of_binary_numbers():
    assert allowed(10, 0.9) == 1
    assert allowed(30, 0.7) == 9
    assert allowed(10**6, 0.9) == 10**5


# ------------------------------------------------------- the lists together, exactly
@pytest.mark.parametrize(("share", "level"), [(0.6, 0.75), (0.5, 0.6), (0.8, 0.8)])
def test_a_false_list_has_at_most_its_chance_over_all_orders_of_all_tables(
    share, level
):
    plan = plan_for(6, share=share, level=level, n_rows=4, cuts=[2, 3, 5, 6])
    turns = [np.array(turn) for turn in itertools.permutations(range(6))]
    plans = [dataclasses.replace(plan, turn=turn) for turn in turns]
    chances = []
    for wrong in itertools.product([False, True], repeat=6):
        false = 0
        for other in plans:
            verdicts = {}

            def ask(at, verdicts=verdicts, wrong=wrong):
                return verdicts.setdefault(at, wrong[at])

            said = [step for step in go_through(other, verdicts, ask) if step.is_good]
            if said:
                listed = [i for i in range(said[-1].size) if verdicts.get(i, True)]
                false += sum(wrong[i] for i in listed) < share * len(listed) - 1e-9
        chances.append(false / len(plans))
    assert max(chances) <= 1 - level + 1e-9
    assert max(chances) > 0


# ------------------------------------------------------------------- long, simulated
def at_the_border(n):
    """Every list has one row too many that is not wrong."""
    is_wrong = np.ones(n, dtype=bool)
    is_wrong[::10] = False
    is_wrong[1] = False
    return is_wrong


RANKINGS = {
    "at the border": at_the_border(400),
    "short and at the border": at_the_border(62),
    "inverted": np.arange(400) >= 60,
    "better down the list": np.random.default_rng(0).random(400)
    < np.linspace(0.6, 1, 400),
    "random": np.random.default_rng(0).random(400) < 0.88,
    "good, then bad": np.arange(400) < 200,
}


@pytest.mark.parametrize("name", RANKINGS)
def test_the_warranty_holds_whatever_the_ranking(name):
    is_wrong, n_runs = RANKINGS[name], 300
    rng = np.random.RandomState(0)
    false = sum(
        is_false(review(plan_for(is_wrong.size, random_state=rng), is_wrong), is_wrong)
        for _ in range(n_runs)
    )
    assert false <= stats.binom(n_runs, 0.05).ppf(0.999)


def test_a_good_ranking_gives_a_list_of_half_its_length_or_more():
    rng = np.random.default_rng(0)
    is_wrong = rng.random(300) < 1 - 0.2 * (np.arange(300) / 300) ** 3
    lengths = [
        review(plan_for(300, random_state=seed), is_wrong).n_rows for seed in range(50)
    ]
    assert np.mean(np.array(lengths) >= 150) >= 0.9


# ------------------------------------------------------------------- any time
def test_what_is_said_early_stands_when_more_is_verified():
    is_wrong = np.random.default_rng(1).random(200) < 0.97
    for seed in range(10):
        plan, verdicts = plan_for(200, random_state=seed), {}
        asked, before = plan.rows, 0
        while asked.size:
            verdicts[asked[0]] = bool(is_wrong[asked[0]])
            warranty = plan.evaluate(verdicts)
            good = [s["rows"] for s in warranty.steps if s["outcome"].startswith("go")]
            assert max(good, default=0) >= before
            before, asked = max(good, default=0), warranty.next_rows


def test_verdicts_on_other_rows_do_not_stand_in_for_a_skipped_one():
    plan = plan_for(200)
    verdicts = dict.fromkeys(range(200), True)
    assert plan.evaluate(verdicts).n_rows == 200
    del verdicts[int(plan.rows[0])]
    skipped = plan.evaluate(verdicts)
    assert skipped.n_rows == 0
    assert skipped.steps[0]["outcome"] == "open"


def test_rows_known_not_wrong_are_left_out_and_can_take_a_list_back():
    plan = plan_for(200)
    verdicts = dict.fromkeys(plan.rows.tolist(), True)
    first = plan.evaluate(verdicts)
    assert first.n_rows == plan.cuts[0]
    others = [row for row in range(plan.cuts[0]) if row not in verdicts]
    limit = allowed(int(plan.cuts[0]), 0.9)
    verdicts |= dict.fromkeys(others[:limit], False)
    fewer = plan.evaluate(verdicts)
    assert fewer.n_rows == plan.cuts[0] - limit
    assert fewer.wrong_at_least == plan.cuts[0] - limit
    verdicts[others[limit]] = False
    assert plan.evaluate(verdicts).n_rows == 0


def test_cannot_say_counts_as_not_wrong_and_leaves_the_list():
    plan = plan_for(40)
    verdicts = dict.fromkeys(range(40), True)
    verdicts[int(plan.rows[0])] = None
    doubted = plan.evaluate(verdicts)
    verdicts[int(plan.rows[0])] = False
    assert_array_equal(doubted.rows, plan.evaluate(verdicts).rows)
    assert plan.rows[0] not in doubted.rows


def test_no_more_than_the_planned_rows_are_asked_for():
    plan = plan_for(5000, n_rows=40)
    verdicts = dict.fromkeys(range(100), True)
    assert plan.evaluate(verdicts).next_rows.size == 0


def test_nobody_is_asked_to_verify_a_hopeless_list_to_its_end():
    warranty = review(plan_for(91), np.zeros(91, dtype=bool))
    assert warranty.n_verified == allowed(50, 0.9) + 1
    assert "No such list: of" in warranty.sentence


# ------------------------------------------------------------------- short lists
@pytest.mark.parametrize("n_ranked", [1, 7, 30, 50])
def test_a_list_that_can_be_verified_whole_has_an_exact_answer(n_ranked):
    is_wrong = np.random.default_rng(n_ranked).random(n_ranked) < 0.6
    plan = plan_for(n_ranked)
    warranty = plan.evaluate(dict(enumerate(is_wrong.tolist())))
    assert_array_equal(warranty.rows, np.flatnonzero(is_wrong))
    assert warranty.wrong_at_least == is_wrong.sum()
    assert warranty.n_unseen == 0
    assert warranty.is_final


def test_a_list_in_which_nothing_is_wrong_is_none():
    warranty = review(plan_for(20), np.zeros(20, dtype=bool))
    assert warranty.n_rows == 0
    assert "No such list" in warranty.sentence


# ------------------------------------------------------------------- invariances
RNG = np.random.default_rng(3)
SCORES = RNG.permutation(np.linspace(0, 1, 600))
MASK = SCORES < 0.5
IS_WRONG = RNG.random(600) < 1 - SCORES**2
Y = np.array(["cat", "dog", "owl"])[RNG.integers(0, 3, 600)]
OTHER = {"cat": "dog", "dog": "owl", "owl": "cat"}


def test_only_the_order_of_the_scores_counts():
    plan = plan_warranty(Y, SCORES, MASK, random_state=0)
    other = plan_warranty(Y, np.exp(5 * SCORES) - 9, MASK, random_state=0)
    assert_array_equal(plan.rows, other.rows)
    assert_array_equal(plan.ranking, other.ranking)


def test_the_order_of_the_table_does_not_count():
    order = np.random.default_rng(0).permutation(600)
    plan = plan_warranty(Y, SCORES, MASK, random_state=0)
    other = plan_warranty(Y[order], SCORES[order], MASK[order], random_state=0)
    assert_array_equal(order[other.rows], plan.rows)
    there = review(other, IS_WRONG[order])
    assert_array_equal(order[there.rows], review(plan, IS_WRONG).rows)


def test_rows_without_a_score_or_a_flag_are_in_no_list():
    scores = SCORES.copy()
    scores[MASK.nonzero()[0][:20]] = np.nan
    plan = plan_warranty(pd.Series(Y), pd.Series(scores), MASK.tolist())
    assert set(plan.ranking) == set(np.flatnonzero(MASK & ~np.isnan(scores)))
    assert plan.n_total == 600


def test_a_seed_fixes_the_draw_and_a_plan_survives_pickling():
    plan = plan_warranty(Y, SCORES, MASK, random_state=4)
    again = plan_warranty(Y, SCORES, MASK, random_state=4)
    assert_array_equal(plan.rows, again.rows)
    copied = pickle.loads(pickle.dumps(plan))
    assert review(copied, IS_WRONG).sentence == review(plan, IS_WRONG).sentence


# ------------------------------------------------------------------- verified labels
def another(row):
    return "dog" if Y[row] == "cat" else "cat"


def test_verified_labels_say_the_same_as_verdicts():
    plan = plan_warranty(Y, SCORES, MASK, random_state=0)
    unknown = plan.rows[2]
    answers = [OTHER[Y[row]] if IS_WRONG[row] else Y[row] for row in plan.rows]
    answers[2] = None
    verified = plan.verified(answers, cannot_say=[unknown], reviewer="Ada")
    assert verified.purpose == "warranty"
    assert verified.reviewer == "Ada"
    assert not verified.is_drawn.any()
    assert_array_equal(verified.cannot_say, [unknown])
    verdicts = {row: bool(IS_WRONG[row]) for row in plan.rows} | {unknown: None}
    said = plan.evaluate(verified)
    assert said.to_dict() == plan.evaluate(verdicts).to_dict()


def test_a_half_filled_sheet_has_unanswered_rows():
    plan = plan_warranty(Y, SCORES, MASK, random_state=0)
    verified = plan.verified(["cat", np.nan, "cat"])
    assert_array_equal(verified.rows, plan.rows[[0, 2]])
    assert_array_equal(verified.unanswered, np.delete(plan.rows, [0, 2]))
    assert plan.evaluate(verified).steps[0]["verified"] == 1


def test_verified_rows_outside_the_ranking_are_left_aside():
    plan = plan_warranty(Y, SCORES, MASK, random_state=0)
    outside = int(np.flatnonzero(~MASK)[0])
    said = plan.evaluate(VerifiedLabels([outside], [None]))
    assert said.n_verified == 0


# ------------------------------------------------------------------- what is shown
def test_what_is_shown_says_the_same():
    plan = plan_for(300)
    verdicts = dict.fromkeys(plan.rows.tolist(), True)
    warranty = plan.evaluate(verdicts)
    said = json.loads(json.dumps(warranty.to_dict()))
    assert said["n_rows"] == warranty.n_rows == warranty.rows.size == 150
    assert warranty.sentence == (
        "At least 90 % of these 150 rows are wrong (95 % confidence); 107 of them "
        "nobody has seen."
    )
    assert warranty.sentence in repr(warranty)
    assert warranty.sentence in warranty._repr_html_()
    assert "next to verify" in repr(warranty)
    assert len(repr(warranty).splitlines()) <= 5


# ------------------------------------------------------------------- bad input
@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"share": 0}, "share=0"),
        ({"share": 1.0}, "share=1.0"),
        ({"share": np.nan}, "share=nan"),
        ({"level": 95}, "level=95"),
        ({"share": "most"}, "share='most'"),
        ({"y": np.stack([Y, Y], axis=1)}, "y has shape"),
        ({"n_rows": 0}, "n_rows=0"),
        ({"n_rows": 20}, r"n_rows=20 verdicts cannot show .* it takes 2[5-9] or more"),
        ({"cuts": []}, "cuts="),
        ({"cuts": [0, 5]}, "cuts="),
        ({"cuts": [10, 900]}, "from 1 to 600"),
        ({"cuts": [0.5]}, "cuts="),
        ({"issue_mask": np.zeros(600, dtype=bool)}, "nothing to promise"),
        ({"issue_mask": np.ones(600)}, "issue_mask has dtype float64"),
        ({"issue_mask": [True]}, "issue_mask"),
    ],
)
def test_bad_settings_are_refused(options, said):
    with pytest.raises(ValueError, match=said) as error:
        plan_warranty(**({"y": Y, "sample_scores": SCORES} | options))
    assert str(error.value).count("\n") <= 2


@pytest.mark.parametrize("scores", [["a"] * 600, np.zeros((600, 2)), 3, [None] * 600])
def test_scores_that_are_no_numbers_are_refused(scores):
    with pytest.raises(ValueError, match="sample_scores has shape"):
        plan_warranty(Y, scores)


@pytest.mark.parametrize(
    ("verdicts", "said"),
    [
        ([True], "verified is a list"),
        ({599: True, 0: 1}, "1 for row 0"),
        ({0: "yes"}, "'yes' for row 0"),
        ({600: True}, "not in the ranking"),
        ({"a": True}, "not in the ranking"),
        (VerifiedLabels([0], [1], n_rows=7), "7 rows"),
        (VerifiedLabels([0], ["bat"], given=["ant"]), "another table"),
    ],
)
def test_bad_verdicts_are_refused(verdicts, said):
    plan = plan_warranty(Y, SCORES, random_state=0)
    with pytest.raises(ValueError, match=said):
        plan.evaluate(verdicts)


def test_a_label_of_no_class_is_refused_and_not_counted_as_wrong():
    plan = plan_warranty(Y, SCORES, MASK, random_state=0)
    slip = [label.upper() for label in plan.given]
    with pytest.raises(ValueError, match="which are no labels of the table"):
        plan.verified(slip)
    with pytest.raises(ValueError, match="which are no labels of the table"):
        plan.evaluate(VerifiedLabels(plan.rows, slip))
    numbers = plan_warranty(SCORES, SCORES, MASK, random_state=0)
    assert numbers.verified([2.5]).n_verified == 1  # of a quantity any will do


def test_cannot_say_of_other_rows_and_of_answered_ones_is_refused():
    plan = plan_warranty(Y, SCORES, MASK, random_state=0)
    for unknown, said in [([10**6], "not planned"), (plan.rows[:1], "has the answer")]:
        with pytest.raises(ValueError, match=said):
            plan.verified(plan.given, cannot_say=unknown)
    with pytest.raises(ValueError, match="not in the ranking"):
        plan.verified(["cat"], rows=[plan.rows[0] + 0.7])


def test_verdicts_are_not_taken_for_labels():
    """ "False", not wrong, is no class, and would count as another label than given."""
    y = np.array(["cat", "dog"] * 50)
    plan = plan_warranty(y, np.arange(100), random_state=0)
    with pytest.raises(ValueError, match="no labels of the table"):
        plan.verified([False] * plan.rows.size)
    by_hand = VerifiedLabels(plan.rows, [False] * plan.rows.size)
    with pytest.raises(ValueError, match="labels holds False, but labels of the table"):
        plan.evaluate(by_hand)
    unknown = VerifiedLabels(plan.rows, [None] * plan.rows.size)
    assert plan.evaluate(unknown).n_wrong == plan.rows.size


def test_more_labels_than_rows_are_refused():
    plan = plan_warranty(Y, SCORES, MASK, random_state=0)
    with pytest.raises(ValueError, match="labels has shape"):
        plan.verified(["cat"] * (plan.rows.size + 1))
    with pytest.raises(ValueError, match="not in the ranking"):
        plan.verified(["cat"], rows=np.flatnonzero(~MASK)[:1])
