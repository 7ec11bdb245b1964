"""The numbers of the lens of imbalance: their formulas, intervals and invariances."""

import numpy as np
import pandas as pd
import pytest
from imblearn.metrics import geometric_mean_score
from numpy.testing import assert_allclose
from scipy import stats
from sklearn.metrics import (
    average_precision_score,
    balanced_accuracy_score,
    confusion_matrix,
    f1_score,
    log_loss,
    matthews_corrcoef,
    precision_score,
    recall_score,
)

from skdataquality.imbalance import ImbalanceLensResult, imbalance_lens
from skdataquality.utils._stats import fits_shares

PRIORS = {2: {0: 0.5, 1: 0.5}, 4: {0: 0.1, 1: 0.2, 2: 0.3, 3: 0.4}}


def drawn(n_classes=2, n=400, seed=0, rare=0.08):
    """Return labels, rarest last, and probabilities that know something of them."""
    rng = np.random.default_rng(seed)
    shares = np.r_[np.full(n_classes - 1, (1 - rare) / (n_classes - 1)), rare]
    y = rng.choice(n_classes, size=n, p=shares)
    logits = rng.normal(size=(n, n_classes)) + np.log(shares)
    logits[np.arange(n), y] += 2
    proba = np.exp(logits)
    return y, proba / proba.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("n_classes", [2, 4])
def test_numbers_are_those_of_the_peers(n_classes):
    y, proba = drawn(n_classes)
    called, rarest = proba.argmax(axis=1), n_classes - 1
    numbers = imbalance_lens(y, proba).numbers
    is_rarest, share = y == rarest, (y == rarest).mean()
    ranked = average_precision_score(is_rarest, proba[:, rarest])
    shares = np.bincount(y) / y.size
    expected = {
        "accuracy": (called == y).mean(),
        "balanced_accuracy": balanced_accuracy_score(y, called),
        "g_mean": geometric_mean_score(y, called),
        "mcc": matthews_corrcoef(y, called),
        "rarest_precision": precision_score(y, called, average=None)[rarest],
        "rarest_recall": recall_score(y, called, average=None)[rarest],
        "rarest_average_precision": ranked,
        "rarest_lift": ranked / share,
        "rarest_mean_probability": proba[:, rarest].mean() / share,
        "log_loss_skill": 1 - log_loss(y, proba) / stats.entropy(shares),
    }
    for name, value in expected.items():
        assert_allclose(numbers[name].estimate, value, rtol=1e-12, err_msg=name)
        assert numbers[name].lower <= value <= numbers[name].upper
        assert numbers[name].method
    assert_allclose(numbers["balance"], stats.entropy(shares) / np.log(n_classes))
    effective = (1 - 0.999 ** is_rarest.sum()) / 0.001
    assert_allclose(numbers["rarest_effective_rows"], effective)
    assert numbers["majority_baseline"] == shares.max()


@pytest.mark.parametrize("n_classes", [2, 4])
def test_tables_are_those_of_the_peers(n_classes):
    y, proba = drawn(n_classes)
    called = proba.argmax(axis=1)
    evidence = imbalance_lens(y, proba).evidence
    lines = sorted(evidence["classes"], key=lambda line: line["class"])
    f1 = [line["f1"].estimate for line in lines]
    assert_allclose(f1, f1_score(y, called, average=None))
    matrix = np.zeros((n_classes, n_classes), dtype=int)
    for line in evidence["confusion"]:
        matrix[line["class"], line["called"]] = line["rows"]
    assert (matrix == confusion_matrix(y, called)).all()


def test_every_number_has_a_unit_and_most_a_direction():
    assert imbalance_lens(*drawn()).numbers.keys() == ImbalanceLensResult.units.keys()
    neutral = {
        k for k, number in ImbalanceLensResult.units.items() if not number.better
    }
    assert neutral == {
        "majority_baseline",
        "rarest_mean_probability",
        "rarest_share_in_use",
    }


def test_a_perfect_and_an_ignorant_model():
    y = np.repeat([0, 1], [90, 10])
    perfect = imbalance_lens(y, np.eye(2)[y]).numbers
    for name in ("mcc", "g_mean", "balanced_accuracy", "log_loss_skill"):
        assert_allclose(perfect[name].estimate, 1)
    ignorant = imbalance_lens(y, np.tile([0.9, 0.1], (100, 1))).numbers
    for name in ("mcc", "g_mean", "log_loss_skill"):
        assert_allclose(ignorant[name].estimate, 0, atol=1e-12)
    for name in ("rarest_lift", "rarest_mean_probability"):
        assert_allclose(ignorant[name].estimate, 1)
    assert np.isnan(ignorant["rarest_precision"].estimate)
    # no row of ten is found, or all are: neither is known to be so for ever
    assert ignorant["g_mean"].upper > 0.2 > ignorant["g_mean"].lower == 0
    assert perfect["g_mean"].lower < 0.99 < perfect["g_mean"].upper == 1


@pytest.mark.parametrize(
    ("n_rare", "recall", "false"), [(10, 0.2, 0.02), (10, 0.95, 0.005), (40, 0.6, 0.02)]
)
def test_intervals_of_calls_cover(n_rare, recall, false):
    """Class sizes given; at least .89 of 120 is 95 % but for chance (p = .004)."""
    n, names = 300, ("balanced_accuracy", "g_mean", "mcc")
    y = np.repeat([0, 1], [n, n_rare])
    q = recall * n_rare, false * n
    spread = (q[0] + q[1]) * (n + n_rare - q[0] - q[1]) * n * n_rare
    truth = {
        "balanced_accuracy": (recall + 1 - false) / 2,
        "g_mean": np.sqrt(recall * (1 - false)),
        "mcc": (q[0] * (n - q[1]) - q[1] * (n_rare - q[0])) / np.sqrt(spread),
    }
    rng = np.random.default_rng(0)
    covered = dict.fromkeys(names, 0)
    for _ in range(120):
        called = rng.random(y.size) < np.where(y == 1, recall, false)
        numbers = imbalance_lens(y, np.eye(2)[called.astype(int)]).numbers
        for name in names:
            covered[name] += numbers[name].lower <= truth[name] <= numbers[name].upper
    assert min(covered.values()) >= 107


def test_intervals_of_scores_cover():
    rng = np.random.default_rng(0)

    def table(n, n_rare):
        y = np.repeat([0, 1], [n - n_rare, n_rare])
        log_odds = 2 * (rng.normal(size=n) + 2 * y) - 2 + np.log(n_rare / (n - n_rare))
        p = 1 / (1 + np.exp(-log_odds))
        return y, np.column_stack([1 - p, p])

    large = imbalance_lens(*table(200_000, 10_000)).numbers
    names = ("rarest_average_precision", "log_loss_skill", "rarest_mean_probability")
    covered = dict.fromkeys(names, 0)
    for _ in range(120):
        numbers = imbalance_lens(*table(500, 25)).numbers
        for name in names:
            truth = large[name].estimate
            covered[name] += numbers[name].lower <= truth <= numbers[name].upper
    assert min(covered.values()) >= 107


@pytest.mark.parametrize("n_classes", [2, 4])
def test_rows_in_another_order_and_other_names_change_nothing(n_classes):
    y, proba = drawn(n_classes)
    prior = PRIORS[n_classes]
    given = imbalance_lens(y, proba, prior=prior)
    order = np.random.default_rng(1).permutation(y.size)
    moved = imbalance_lens(y[order], proba[order], prior=prior)
    names = np.array(["a", "b", "c", "d"])
    named = imbalance_lens(
        names[y], proba, prior={str(names[k]): p for k, p in prior.items()}
    )
    for other in (moved, named):
        for key, number in given.numbers.items():
            for end in ("estimate", "lower", "upper"):
                first, second = (
                    getattr(x, end, x) for x in (number, other.numbers[key])
                )
                if first is not None:
                    assert_allclose(first, second, rtol=1e-9, err_msg=key)


def test_copies_of_all_rows_narrow_intervals_and_move_nothing():
    y, proba = drawn()
    once = imbalance_lens(y, proba).numbers
    often = imbalance_lens(np.tile(y, 4), np.tile(proba, (4, 1))).numbers
    for key in ("mcc", "g_mean", "rarest_lift", "log_loss_skill"):
        assert_allclose(once[key].estimate, often[key].estimate)
        widths = [n[key].upper - n[key].lower for n in (often, once)]
        assert 0.4 < widths[0] / widths[1] < 0.6


def test_precision_in_use_is_that_of_a_table_with_those_shares():
    """By Bayes' rule: rows of a class, repeated until the shares are as declared."""
    y, proba = drawn()
    n_rare = int((y == 1).sum())
    lens = imbalance_lens(y, proba, prior={0: 0.5, 1: 0.5})
    rare = np.flatnonzero(y == 1)
    # as many rows of either class: each is repeated as often as the other has rows
    rows = np.r_[
        np.repeat(np.flatnonzero(y == 0), n_rare), np.tile(rare, y.size - n_rare)
    ]
    there = imbalance_lens(y[rows], proba[rows]).evidence["classes"]
    for line, found in zip(lens.evidence["in use"], there, strict=True):
        moved = line["precision_in_use"].estimate
        assert_allclose(moved, found["precision"].estimate)
        assert_allclose(line["recall"].estimate, found["recall"].estimate)
    assert lens.numbers["p_prior"] == fits_shares(np.bincount(y), [0.5, 0.5]) < 1e-6
    here = imbalance_lens(y, proba, prior={0: 1 - n_rare / y.size, 1: n_rare / y.size})
    assert_allclose(
        here.numbers["rarest_precision_in_use"].estimate,
        here.numbers["rarest_precision"].estimate,
    )
    assert here.numbers["p_prior"] > 0.5


def test_even_classes_that_are_rare_in_use_are_a_finding():
    y, proba = drawn(rare=0.5)
    lens = imbalance_lens(y, proba, prior={0: 0.98, 1: 0.02})
    assert (lens.verdict, lens.reason_code) == ("found", "label_skew")
    there = "0.98 there" if lens.named == (0,) else "0.02 there"
    assert there in lens.summary
    assert "In use the precision of class" in lens.limits[0]
    assert imbalance_lens(y, proba, prior={0: 0.52, 1: 0.48}).verdict == "clear"
    # of labels of target rows the lens of shift judges
    told = imbalance_lens(y, proba, y_target=np.repeat([0, 1], [196, 4]))
    assert (told.verdict, told.numbers["p_prior"] < 1e-6) == ("clear", True)
    assert told.evidence["in use"][1]["share_in_use"].estimate == 0.02


def test_a_class_of_wrong_labels_is_no_class_to_weigh_up():
    y, proba = drawn()
    rare = np.flatnonzero(y == 1)
    plain = imbalance_lens(y, proba)
    assert plain.reason_code == "rare_class"
    assert plain.remedies
    for share, reason_code in ((0.9, "minority_of_errors"), (0.5, "rare_class")):
        flagged = np.zeros(y.size, dtype=bool)
        flagged[rare[: int(share * rare.size)]] = True
        lens = imbalance_lens(y, proba, flagged=flagged)
        assert lens.reason_code == reason_code
        assert bool(lens.remedies) == (reason_code == "rare_class")
        assert_allclose(lens.numbers["rarest_flagged"].estimate, flagged[rare].mean())
    assert (
        f"{int(0.9 * rare.size)} of the {rare.size}"
        in imbalance_lens(
            y, proba, flagged=np.isin(np.arange(y.size), rare[: int(0.9 * rare.size)])
        ).summary
    )


@pytest.mark.parametrize("n_rare", [2, 5])
def test_a_handful_of_rows_is_said_to_be_one(n_rare):
    y = np.repeat([0, 1], [100 - n_rare, n_rare])
    X = np.random.default_rng(0).normal(size=(100, 3))
    lens = imbalance_lens(y, np.tile([0.9, 0.1], (100, 1)), X=X)
    assert any("rows: whatever is measured" in limit for limit in lens.limits)


def test_folds_without_the_class_are_said():
    y = np.repeat([0, 1], [92, 8])
    proba = np.tile([0.9, 0.1], (100, 1))
    folds = np.arange(100) % 5
    folds[-8:] = 0
    splits = [
        (np.flatnonzero(folds != k), np.flatnonzero(folds == k)) for k in range(5)
    ]
    lens = imbalance_lens(y, proba, splits=splits)
    held_out = [line["held_out"] for line in lens.evidence["rarest class by fold"]]
    assert held_out == [8, 0, 0, 0, 0]
    assert lens.numbers["rarest_fewest_held_out"] == 0
    assert any("5 of 5 folds" in limit for limit in lens.limits)
    proba[80:90] = np.nan  # rows without a prediction are in no fold
    assert (
        imbalance_lens(y, proba, splits=splits).numbers["rarest_fewest_held_out"] == 0
    )


def grouped(right_in_b):
    """Two even classes; group b is a fifth of the rows, and so often found."""
    rng = np.random.default_rng(0)
    y, group = np.arange(1000) % 2, np.repeat(["a", "b"], [800, 200])
    is_right = rng.random(1000) < np.where(group == "b", right_in_b, 0.9)
    p = np.where(is_right == (y == 1), 0.8, 0.2)
    return y, np.column_stack([1 - p, p]), group


@pytest.mark.parametrize(
    ("right_in_b", "share_of_b", "verdict"),
    [(0.9, 0.2, "clear"), (0.9, 0.5, "suspect"), (0.5, 0.5, "found")],
)
def test_a_group_is_rare_beside_its_population(right_in_b, share_of_b, verdict):
    y, proba, group = grouped(right_in_b)
    population = {"a": 1 - share_of_b, "b": share_of_b}
    lens = imbalance_lens(y, proba, groups=group, population=population)
    assert lens.verdict == verdict
    if verdict == "clear":
        return
    assert (lens.reason_code, lens.named) == ("rare_group", ("b",))
    assert lens.numbers["rare_groups"] == 1
    assert_allclose(lens.severity, 1 - 0.2 / share_of_b)


def test_groups_without_a_population_are_told_and_not_judged():
    y, proba, group = grouped(0.5)
    lens = imbalance_lens(y, proba, groups=group)
    assert lens.verdict == "clear"
    assert "For group b the recall" in lens.limits[0]
    named = imbalance_lens(y, proba, groups=pd.Series(group, name="site"))
    assert "For site=b the recall" in named.limits[0]
    accuracy = [(proba.argmax(axis=1) == y)[group == g].mean() for g in "ab"]
    gap = accuracy[0] - accuracy[1]
    of_accuracy = next(
        line
        for line in lens.evidence["gaps between groups"]
        if line["metric"] == "accuracy"
    )
    assert_allclose(of_accuracy["gap"].estimate, gap)
    assert lens.numbers["rare_groups"] is None
    with pytest.raises(ValueError, match="population is given without groups"):
        imbalance_lens(y, proba, population={"a": 1.0})


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ({"prior": {0: 0.5, 1: 0.6}}, "sum to 1"),
        ({"prior": {0: 1.0}}, "give one probability for each class"),
        ({"y_target": [0, 1, 2]}, "y_target holds label"),
        ({"prior": [0.5, 0.5]}, "prior=.* pass a dict"),
        ({"prior": {"0": 0.5, "1": 0.5}}, r"labels \['0', '1'\] but y has \[0, 1\]"),
        ({"flagged": [True]}, "inconsistent numbers"),
        ({"flagged": ["no"] * 400}, "flagged has dtype"),
        ({"flagged": np.arange(400)}, "flagged has dtype"),
        ({"splits": [([0, 1], [400])]}, r"splits=\[400\] are no numbers of the 400"),
        ({"X": np.zeros((3, 2))}, "inconsistent numbers"),
    ],
)
def test_what_does_not_fit_is_refused(bad, said):
    with pytest.raises(ValueError, match=said):
        imbalance_lens(*drawn(), **bad)


def test_slices_of_a_table_of_lists_are_those_of_the_array():
    y, proba = drawn()
    X = np.random.default_rng(1).normal(size=(y.size, 2))
    listed = imbalance_lens(y, proba, X=X.tolist())
    assert listed.numbers["weak_slices"] is not None
    assert listed.numbers == imbalance_lens(y, proba, X=X).numbers
