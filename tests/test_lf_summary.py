"""What labelling functions cover, how right they are, and which repeat others."""

import json

import numpy as np
import pytest
import scipy.sparse as sp

from skdataquality.utils._stats import clopper_pearson
from skdataquality.weak_supervision import LFSummaryDisplay, lf_summary

GAP = -1
SIX = np.array(  # a matrix small enough to count by hand
    [
        [0, 0, GAP],
        [0, 1, GAP],
        [GAP, 1, 1],
        [GAP, GAP, GAP],
        [0, GAP, GAP],
        [GAP, 1, 0],
    ]
)
GOLD = np.array([0, 0, 1, 1, 1, GAP])


def functions(seed, n_rows=800, n_functions=6, coverage=0.4, accuracy=0.8):
    """Functions that give one label each, and the truth."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(2, size=n_rows)
    says = np.arange(n_functions) % 2
    chance = np.where(truth[:, None] == says, accuracy, 1 - accuracy)
    fires = rng.random((n_rows, n_functions)) < 2 * coverage * chance
    return np.where(fires, says, GAP), truth


def test_counts_are_those_made_by_hand():
    summary = lf_summary(SIX, GOLD, names=["a", "b", "c"])
    frame = summary.to_frame()
    assert frame.index.tolist() == ["a", "b", "c"]
    assert frame["Polarity"].tolist() == [[0], [0, 1], [0, 1]]
    expected = {
        "Coverage": [3 / 6, 4 / 6, 2 / 6],
        "Overlaps": [2 / 6, 4 / 6, 2 / 6],
        "Conflicts": [1 / 6, 2 / 6, 1 / 6],
        "Correct": [2, 2, 1],
        "Incorrect": [1, 1, 0],
        "Emp. Acc.": [2 / 3, 2 / 3, 1],
    }
    for name, values in expected.items():
        assert frame[name].tolist() == pytest.approx(values), name
    lower, upper = clopper_pearson([2, 2, 1], [3, 3, 1])
    assert frame["Emp. Acc. lower"].tolist() == pytest.approx(lower)
    assert frame["Emp. Acc. upper"].tolist() == pytest.approx(upper)
    assert (summary.n_rows, summary.n_covered) == (6, 5)


def test_numbers_are_named_by_classes_of_text():
    gold = np.array(["ham", "ham", "spam", "spam", "spam", None], dtype=object)
    named = lf_summary(SIX, gold, classes=["ham", "spam"])
    assert named.polarity == [["ham"], ["ham", "spam"], ["ham", "spam"]]
    assert named.correct.tolist() == lf_summary(SIX, GOLD).correct.tolist()
    with pytest.raises(ValueError, match="numbers stand for with classes="):
        lf_summary(SIX, gold)


def test_columns_are_those_of_snorkel_in_their_order():
    known = lf_summary(SIX, GOLD).to_frame().columns.tolist()
    theirs = ["j", "Polarity", "Coverage", "Overlaps", "Conflicts"]
    assert known[:8] == [*theirs, "Correct", "Incorrect", "Emp. Acc."]
    assert lf_summary(SIX).to_frame().columns.tolist()[:5] == theirs
    assert "Correct" not in lf_summary(SIX).to_frame()


def test_a_sparse_matrix_and_other_labels_say_the_same():
    dense = lf_summary(SIX, GOLD)
    sparse = lf_summary(sp.csr_array(SIX + 1), GOLD)
    words = np.array(["ham", "spam", None], dtype=object)
    worded = lf_summary(words[SIX], words[GOLD])
    assert worded.polarity == [["ham"], ["ham", "spam"], ["ham", "spam"]]
    for other in (sparse, worded):
        for name in ("coverage", "overlaps", "conflicts", "learned_accuracy"):
            np.testing.assert_allclose(getattr(other, name), getattr(dense, name))
        np.testing.assert_array_equal(other.correct, dense.correct)


def test_order_of_rows_and_functions_does_not_matter():
    votes, truth = functions(3)
    rng = np.random.default_rng(0)
    rows, columns = rng.permutation(len(votes)), rng.permutation(votes.shape[1])
    names = [f"f{j}" for j in range(votes.shape[1])]
    one = lf_summary(votes, truth, names=names).to_frame().drop(columns="j")
    other = lf_summary(
        votes[rows][:, columns], truth[rows], names=[names[j] for j in columns]
    )
    other = other.to_frame().drop(columns="j").loc[names]
    for name in one.select_dtypes("number"):
        np.testing.assert_allclose(one[name], other[name], atol=1e-6, err_msg=name)


def test_a_function_that_copies_another_is_redundant_though_both_say_one_label():
    votes, _ = functions(0)
    copied = np.column_stack([votes, votes[:, 0]])
    lost = np.random.default_rng(0).random(len(votes)) < 0.2
    copied[lost, -1] = GAP
    pairs = lf_summary(copied).redundant
    assert [(pair["first"], pair["second"]) for pair in pairs] == [(0, 6)]
    assert pairs[0]["same"] == ((votes[:, 0] >= 0) & ~lost).sum()
    assert pairs[0]["repeated"] == pytest.approx(1)
    assert lf_summary(copied).to_frame()["Repeats"].tolist()[6] == [0]


def test_a_few_rows_make_no_pair_redundant():
    votes, _ = functions(0)
    rare = np.full((len(votes), 2), GAP)
    rare[:4] = 0
    assert lf_summary(np.column_stack([votes, rare])).redundant == []
    rare[:6] = 0
    named = lf_summary(np.column_stack([votes, rare])).redundant
    assert [(pair["first"], pair["second"]) for pair in named] == [(6, 7)]


def test_independent_functions_are_seldom_redundant():
    named = [len(lf_summary(functions(seed)[0]).redundant) for seed in range(20)]
    assert sum(n > 0 for n in named) <= 1


def test_a_function_against_the_truth_is_worse_than_chance():
    rng = np.random.default_rng(5)
    truth = rng.integers(2, size=400)
    right = rng.random((400, 6)) < [0.9, 0.8, 0.85, 0.8, 0.9, 0.2]
    votes = np.where(right, truth[:, None], 1 - truth[:, None])
    for y in (None, truth):
        summary = lf_summary(votes, y)
        assert summary.worse_than_chance.tolist() == [False] * 5 + [True]
    assert "worse than chance: 5" in " ".join(repr(summary).split())


def test_always_naming_the_large_class_is_not_worse_than_chance():
    truth = (np.arange(500) % 10 == 0).astype(int)
    votes = np.column_stack([truth, truth, np.zeros(500, dtype=int)])
    summary = lf_summary(votes, truth)
    assert summary.chance[2] == pytest.approx(0.9)
    assert not summary.worse_than_chance.any()


def test_learned_accuracies_are_near_those_against_the_truth():
    rng = np.random.default_rng(1)
    truth = rng.integers(2, size=2000)
    accuracy = np.array([0.9, 0.7, 0.8, 0.75, 0.85])
    right = rng.random((2000, 5)) < accuracy
    summary = lf_summary(np.where(right, truth[:, None], 1 - truth[:, None]))
    np.testing.assert_allclose(summary.learned_accuracy, accuracy, atol=0.06)
    lower, upper = summary.learned_interval.T
    assert (lower <= summary.learned_accuracy).all()
    assert (summary.learned_accuracy <= upper).all()


@pytest.mark.parametrize(
    ("y", "names", "said"),
    [
        (GOLD[:5], None, "votes has 6 rows, y has 5"),
        (["a", "b", "a", "a", "b", "a"], None, "write both alike"),
        (None, ["a", "b"], "names has 2 names and votes 3 columns"),
        (None, ["a", "a", "b"], "names holds a twice"),
    ],
)
def test_wrong_arguments_are_refused_by_name(y, names, said):
    with pytest.raises(ValueError, match=said):
        lf_summary(SIX, y, names=names)


def test_a_function_that_never_votes_is_told():
    votes = np.column_stack([SIX, np.full(6, GAP)])
    summary = lf_summary(votes, GOLD)
    assert summary.polarity[3] == []
    assert summary.coverage[3] == 0
    assert np.isnan(summary.empirical_accuracy[3])
    assert not summary.worse_than_chance[3]


def test_it_is_shown_on_few_lines_and_goes_into_json():
    votes, truth = functions(0)
    names = ["a\x1b[2J<b>", *"bcdef"]
    summary = lf_summary(votes, truth, names=names)
    assert max(map(len, repr(summary).splitlines())) <= 80
    assert "\x1b" not in summary._repr_html_()
    assert "<b>" not in summary._repr_html_().replace("<b>LFSummary</b>", "")
    assert json.loads(json.dumps(summary.to_dict()))["functions"] == names


def test_the_display_draws_both_accuracies():
    pytest.importorskip("matplotlib").use("agg")
    votes, truth = functions(0)
    display = LFSummaryDisplay.from_votes(votes, truth, max_functions=4)
    assert display.order_.size == 4
    summary = display.summary
    drawn = display.empirical_[0].get_xdata()
    np.testing.assert_allclose(drawn, 100 * summary.empirical_accuracy[display.order_])
    assert LFSummaryDisplay.from_votes(votes).empirical_ is None
    with pytest.raises(ValueError, match="max_functions=0"):
        display.plot(max_functions=0)
