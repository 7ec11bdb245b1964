"""Annotators judged by each other: the tests, what is found, what is not accused."""

import json
from itertools import product

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from skdataquality.base import Interval
from skdataquality.verified import VerifiedLabels
from skdataquality.weak_supervision import LongVotes, annotator_lens
from skdataquality.weak_supervision._conduct import (
    VoteEvidence,
    confused_pairs,
    label_rate,
    pair_agreement,
    skills,
    split_rows,
)
from skdataquality.weak_supervision._conduct._confused import _Expected, _ways_to_err
from skdataquality.weak_supervision._label_models import DawidSkene
from skdataquality.weak_supervision._votes import read_votes
from tests.crowds import crowd

# ------------------------------------------------------- the tests, against mathematics


def known_evidence(seed, n_rows=3000, m=4, k=3, per_row=3):
    """Votes of sources whose confusion is known, and that confusion."""
    rng = np.random.default_rng(seed)
    confusion = rng.dirichlet(np.ones(k), (m, k)) * 0.4 + 0.6 * np.eye(k)
    prior = np.array([0.5, 0.3, 0.2])[:k] / sum([0.5, 0.3, 0.2][:k])
    truth = rng.choice(k, n_rows, p=prior)
    votes = np.full((n_rows, m), -1)
    for j in range(m):
        draw = rng.random(n_rows)[:, None]
        votes[:, j] = (draw > confusion[j][truth].cumsum(axis=1)).sum(axis=1)
    votes[rng.random((n_rows, m)).argsort(axis=1) >= per_row] = -1
    return VoteEvidence(read_votes(votes, classes=range(k)), confusion, prior), truth


def test_leaving_a_vote_out_is_bayes_rule_without_it():
    evidence, _ = known_evidence(0, n_rows=30)
    votes = evidence.votes
    for number in range(votes.n_votes):
        rest = np.flatnonzero(votes.row == votes.row[number])
        by_hand = evidence.prior.copy()
        for v in rest[rest != number]:
            by_hand *= evidence.confusion[votes.source[v], :, votes.code[v]]
        found = evidence.without(np.array([number]))[0]
        np.testing.assert_allclose(found, by_hand / by_hand.sum())


def test_agreement_is_as_expected_where_sources_are_independent():
    z = []
    for seed in range(40):
        pairs = pair_agreement(known_evidence(seed, n_rows=400)[0])
        error = (pairs.copied - pairs.lower) / 1.96
        z.extend(pairs.copied / error)
    # what the other pairs do more is expected too: never less than nothing
    assert abs(np.mean(z)) < 0.35
    assert 0.8 < np.std(z) < 1.3


def test_three_sources_cannot_be_told_to_copy():
    assert pair_agreement(known_evidence(0, m=3)[0]).first.size == 0


def test_skill_of_two_classes_alike_is_twice_the_accuracy_less_one():
    rng = np.random.default_rng(0)
    truth = np.arange(4000) % 2
    right = rng.random((4000, 3)) < [1, 1, 0.8]
    votes = read_votes(np.where(right, truth[:, None], 1 - truth[:, None]))
    accuracy = np.array([0.999, 0.999, 0.8])
    confusion = np.array([[[a, 1 - a], [1 - a, a]] for a in accuracy])
    found = skills(VoteEvidence(votes, confusion, np.array([0.5, 0.5])))
    assert found.skill[2] == pytest.approx(2 * right[:, 2].mean() - 1, abs=1e-3)
    assert found.lower[2] < 0.6 < found.upper[2]


def test_the_permutation_variance_is_that_of_permutations():
    evidence, _ = known_evidence(4, n_rows=60)
    votes = evidence.votes
    own = np.flatnonzero(votes.source == 0)
    truth, code = evidence.without(own), votes.code[own]
    rng = np.random.default_rng(0)
    sums = [
        truth[np.arange(own.size), rng.permutation(code)].sum() for _ in range(4000)
    ]
    seen = truth[np.arange(own.size), code].sum()
    z = (seen - np.mean(sums)) / np.std(sums)
    p = stats.norm.cdf(z)
    by_holm = skills(evidence).p_below[0]
    assert by_holm == pytest.approx(min(1, 4 * p), abs=0.02)


def test_chance_of_a_split_row_is_that_of_all_outcomes():
    evidence, _ = known_evidence(2, n_rows=5, per_row=4)
    k, expected = 3, 0.0
    for outcome in product(range(k), repeat=4):
        counts = np.bincount(outcome, minlength=k)
        if 3 * counts.max() <= 2 * 4:
            each = [evidence.confusion[j, :, c] for j, c in enumerate(outcome)]
            expected += evidence.prior @ np.prod(each, axis=0)
    found = split_rows(evidence)
    assert found.expected == pytest.approx(5 * expected)


def test_expected_disagreements_are_those_of_all_pairs():
    votes, _ = crowd(0, n_rows=40, n_classes=3)
    votes = read_votes(votes)
    prior, right = np.array([0.5, 0.3, 0.2]), np.linspace(0.6, 0.9, votes.n_sources)
    for where in _ways_to_err(prior):
        table = (1 - right)[:, None, None] * where + right[:, None, None] * np.eye(3)
        expected = np.zeros((3, 3))
        for row in range(votes.n_rows):
            on = votes.source[votes.row == row]
            for j, k in product(on, on):
                if j < k:
                    joint = np.einsum("z,za,zb->ab", prior, table[j], table[k])
                    expected += joint + joint.T
        found = _Expected(votes, prior, right, where).total
        off = ~np.eye(3, dtype=bool)
        np.testing.assert_allclose(found[off], expected[off])


def test_a_hard_class_is_no_confused_pair():
    rng = np.random.default_rng(0)
    truth = rng.integers(4, size=1500)
    wrong = (truth[:, None] + rng.integers(1, 4, (1500, 8))) % 4
    right = rng.random((1500, 8)) < np.where(truth == 0, 0.5, 0.9)[:, None]
    votes = read_votes(np.where(right, truth[:, None], wrong))
    found = confused_pairs(votes, np.full(4, 0.25), np.full(8, 0.8))
    assert found.confused(0.01, 1.2, 1.5, 0.1).size == 0


# ----------------------------------------------------------------- what is found


@pytest.mark.parametrize(
    ("fault", "code", "named"),
    [
        ("worse", "worse_than_chance", (0,)),
        ("copy", "copies", (0, 1)),
        ("confused", "classes_confused", (0, 1)),
    ],
)
def test_a_planted_fault_is_found_and_named(fault, code, named):
    votes, _ = crowd(2, n_rows=1200, fault=fault, accuracy=(0.75, 0.9))
    result = annotator_lens(votes)
    assert (result.verdict, result.reason_code) == ("found", code), result
    assert result.named == named
    assert result.severity > 0
    assert result.p_value < 0.01
    assert result.predictions[0].outcome != "refuted"
    assert type(result.remedies[0]) is DawidSkene


def test_rows_that_cannot_be_decided_are_seen_with_many_votes():
    votes, _ = crowd(
        0, n_rows=1500, n_classes=2, per_row=10, n_annotators=12, fault="undecidable"
    )
    result = annotator_lens(votes)
    assert (result.verdict, result.reason_code) == ("suspect", "rows_uneven"), result
    assert result.numbers["vote_dispersion"] > 1.15
    assert result.flagged.sum() == result.numbers["undecided_rows"]


def test_an_annotator_who_guesses_is_suspect():
    votes, _ = crowd(1, n_rows=800, fault="useless")
    result = annotator_lens(votes)
    assert (result.verdict, result.reason_code) == ("suspect", "no_better")
    assert result.named == (0,)


CLEAN = [
    {"n_rows": 300, "n_annotators": 4, "n_classes": 2, "per_row": 4},
    {"n_rows": 400, "n_annotators": 25, "n_classes": 2, "prior": [0.85, 0.15]},
    {"n_annotators": 15, "prior": [0.5, 0.3, 0.15, 0.05], "per_row": 3},
    {"n_classes": 3, "prior": [0.6, 0.3, 0.1], "spread": "own", "n_annotators": 6},
]


@pytest.mark.parametrize("design", CLEAN, ids=str)
def test_honest_annotators_are_not_accused(design):
    verdicts = [annotator_lens(crowd(seed, **design)[0]).verdict for seed in range(6)]
    assert verdicts.count("found") == 0


# -------------------------------------------------------- labels judged by the votes


def given_labels(truth, kind, votes, seed=0, wrong=0.1, k=4):
    if kind == "vote":
        return votes[:, 0]
    if kind == "pick":
        first = np.unique(np.nonzero(votes >= 0)[0], return_index=True)[1]
        return votes[votes >= 0][first]
    if kind == "consensus":
        return read_votes(votes).counts().argmax(axis=1)
    if kind == "model":
        return DawidSkene().fit(votes).predict(votes)
    rng = np.random.default_rng([seed, 9])
    other = (truth + rng.integers(1, k, truth.size)) % k
    return np.where(rng.random(truth.size) < wrong, other, truth)


@pytest.mark.parametrize("kind", ["vote", "pick", "consensus", "model", "apart"])
def test_the_rate_of_wrong_labels_is_that_of_the_truth(kind):
    inside = 0
    for seed in range(10):
        votes, truth = crowd(seed, per_row=4)
        y = given_labels(truth, kind, votes, seed)
        gold = np.full(truth.size, -1)
        found = label_rate(read_votes(votes), y, DawidSkene(), gold)
        assert found.origin == {"model": "consensus"}.get(kind, kind)
        true = (y != truth)[y >= 0].mean()
        assert found.rate.estimate == pytest.approx(true, abs=0.05)
        inside += found.rate.lower <= true <= found.rate.upper
    assert inside >= 8


def test_labels_of_a_label_model_are_wrong_where_it_doubts_them():
    """They are made of the votes, and no judgement of their own."""
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, 600)
    right = rng.random((600, 3)) < [0.95, 0.9, 0.8]
    votes = np.where(right, truth[:, None], 1 - truth[:, None])
    votes[rng.random(votes.shape) < 0.2] = -1
    model = DawidSkene().fit(votes)
    rate = annotator_lens(votes, model.predict(votes)).numbers["voted_error_rate"]
    doubt = 1 - model.predict_proba(votes).max(axis=1)
    covered = (votes >= 0).any(axis=1)
    assert rate.estimate == pytest.approx(doubt[covered].mean())


def test_labels_better_than_the_votes_are_not_called_wrong():
    votes, truth = crowd(3, per_row=3, accuracy=(0.6, 0.7))
    rate = annotator_lens(votes, truth).numbers["voted_error_rate"]
    assert rate.estimate < 0.06  # though the consensus of the votes errs in a fifth


def test_rows_that_the_votes_contradict_are_flagged_and_mended():
    votes, truth = crowd(0, per_row=7, accuracy=(0.85, 0.95))
    y = truth.copy()
    y[:60] = (y[:60] + 1) % 4
    result = annotator_lens(votes, y)
    assert (result.verdict, result.reason_code) == ("found", "labels_wrong")
    rows = [line["row"] for line in result.review]
    assert len(set(rows) & set(range(60))) >= 57
    suggested = np.array([line["suggested"] for line in result.review])
    assert (suggested == truth[rows]).mean() > 0.95
    assert result.numbers["contradicted_rows"] == len(rows)
    frame = result.to_frame(pd.DataFrame({"given": y}))
    assert frame["row"].tolist()[: len(rows)] == rows
    assert len(frame) == result.flagged.sum()
    quality = frame["quality"].to_numpy()[: len(rows)]
    assert (np.diff(quality) >= 0).all()


def test_verified_labels_are_the_truth_to_the_label_model():
    rng = np.random.default_rng(0)
    truth = rng.integers(2, size=400)
    right = rng.random((400, 5)) < [0.9, 0.9, 0.15, 0.15, 0.15]  # the most are wrong
    votes = np.where(right, truth[:, None], 1 - truth[:, None])
    assert annotator_lens(votes).named == (0, 1)
    rows = np.arange(60)
    known = VerifiedLabels(rows, truth[rows])
    assert annotator_lens(votes, verified=known).named == (2, 3, 4)
    with pytest.raises(ValueError, match="pass VerifiedLabels"):
        annotator_lens(votes, verified=truth == 1)
    with pytest.raises(ValueError, match="row 500"):
        annotator_lens(votes, verified=VerifiedLabels([500], [1]))


# ------------------------------------------------------------------ what is promised


def test_order_and_names_do_not_matter():
    votes, _ = crowd(2, n_rows=900, fault="copy")
    rng = np.random.default_rng(0)
    rows, columns = rng.permutation(900), rng.permutation(votes.shape[1])
    names = np.array(["delta", "beta", "gamma", "alpha", None], dtype=object)
    one = annotator_lens(pd.DataFrame(votes).rename(columns="a{}".format))
    frame = pd.DataFrame(names[votes]).rename(columns="a{}".format)
    other = annotator_lens(frame.iloc[rows, columns])
    assert (one.verdict, one.reason_code) == (other.verdict, other.reason_code)
    assert set(one.named) == set(other.named) == {"a0", "a1"}
    assert one.p_value == pytest.approx(other.p_value, rel=1e-3)
    np.testing.assert_array_equal(one.flagged[rows], other.flagged)
    for key, value in one.numbers.items():
        if isinstance(value, Interval):
            assert value.estimate == pytest.approx(other.numbers[key].estimate, 1e-4)
        else:
            assert value == pytest.approx(other.numbers[key]), key


def test_long_votes_say_what_a_table_says():
    votes, truth = crowd(0)
    row, who = np.nonzero(votes >= 0)
    long = LongVotes(row, who, votes[row, who])
    assert annotator_lens(long, truth) == annotator_lens(votes, truth)


def test_nothing_is_mutated_and_the_same_comes_out_twice():
    votes, truth = crowd(0)
    before = votes.copy()
    assert annotator_lens(votes, truth) == annotator_lens(votes, truth)
    np.testing.assert_array_equal(votes, before)


@pytest.mark.parametrize(
    ("design", "code"),
    [
        ({"n_annotators": 2, "per_row": 2}, "few_annotators"),
        ({"n_rows": 40}, "few_rows"),
        ({"per_row": 1}, "few_rows"),
    ],
)
def test_too_little_is_told(design, code):
    votes, truth = crowd(0, **design)
    result = annotator_lens(votes)
    assert (result.verdict, result.reason_code) == ("cannot tell", code)
    assert result.numbers.keys() == result.units.keys()
    if code == "few_annotators":  # labels of their own are the third
        rate = annotator_lens(votes, truth).numbers["voted_error_rate"]
        assert rate.lower <= 0.05


def test_the_limits_name_who_meets_nobody_and_votes_of_functions():
    votes, _ = crowd(3, n_rows=300)
    votes[:40], lone = -1, np.full((300, 1), -1)
    lone[:40] = 1
    said = annotator_lens(np.hstack([votes, lone])).limits
    assert f"how good {votes.shape[1]} may be" in said[-1]
    rng = np.random.default_rng(0)
    says = np.arange(6) % 2
    fires = rng.random((300, 6)) < 0.5
    assert "lf_summary" in annotator_lens(np.where(fires, says, -1)).limits[-1]


def test_votes_without_agreement_are_not_clear():
    votes = np.random.default_rng(0).integers(0, 2, (100, 4))
    result = annotator_lens(votes)
    assert result.verdict == "suspect"
    assert result.reason_code == "no_agreement"
    assert annotator_lens(np.zeros((100, 4), int)).reason_code == "one_class"


def test_what_does_not_fit_is_refused_by_name():
    votes, truth = crowd(0)
    with pytest.raises(ValueError, match="499"):
        annotator_lens(votes, truth[:-1])
    with pytest.raises(ValueError, match="write both alike"):
        annotator_lens(votes, np.array(list("abcd"))[truth])


def test_all_of_it_goes_into_json_and_is_shown():
    votes, truth = crowd(2, fault="worse")
    names = ["<b>\x1b[2J", *"bcdefghij"]
    result = annotator_lens(pd.DataFrame(votes, columns=names), truth)
    text = json.dumps(result.to_dict())
    assert json.loads(text)["remedies"][0]["expression"] == "DawidSkene()"
    assert "\x1b" not in repr(result) + result._repr_html_()
    assert max(map(len, repr(result).splitlines())) <= 80
    assert result.numbers.keys() == result.units.keys()
