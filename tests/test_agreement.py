"""Agreement beyond chance: published figures, identities, and intervals that cover."""

import math

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import cohen_kappa_score

from skdataquality.weak_supervision import (
    LongVotes,
    cohen_kappa,
    fleiss_kappa,
    krippendorff_alpha,
)

GAP = np.nan
FOUR_OBSERVERS = np.array(  # Krippendorff 2011, "Computing alpha-reliability", C
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, GAP, GAP, GAP],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, GAP, 3],
        [GAP, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, GAP],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, GAP],
    ]
).T
FLEISS = np.array(  # Fleiss 1971 in the example of Wikipedia: 14 raters, 5 classes
    [
        [0, 0, 0, 0, 14],
        [0, 2, 6, 4, 2],
        [0, 0, 3, 5, 6],
        [0, 3, 9, 2, 0],
        [2, 2, 8, 1, 1],
        [7, 7, 0, 0, 0],
        [3, 2, 6, 3, 0],
        [2, 5, 3, 2, 2],
        [6, 5, 2, 1, 0],
        [0, 2, 2, 3, 7],
    ]
)


def simulated(rng, n_rows, n_annotators=4, accuracy=0.8, coverage=0.7, n_classes=3):
    truth = rng.integers(n_classes, size=n_rows)
    right = rng.random((n_rows, n_annotators)) < accuracy
    guess = rng.integers(n_classes, size=right.shape)
    votes = np.where(right, truth[:, None], guess).astype(float)
    votes[rng.random(votes.shape) > coverage] = np.nan
    return votes


@pytest.mark.parametrize(
    ("measurement", "alpha"),
    [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)],
)
def test_alpha_is_that_of_the_book(measurement, alpha):
    found = krippendorff_alpha(FOUR_OBSERVERS, measurement=measurement)
    assert found.estimate == pytest.approx(alpha, abs=5e-4)
    assert found.lower < alpha < found.upper <= 1


def test_kappa_is_that_of_fleiss():
    votes = [np.repeat(np.arange(5), line) for line in FLEISS]
    assert fleiss_kappa(votes).estimate == pytest.approx(0.210, abs=5e-4)


@pytest.mark.parametrize("weights", [None, "linear", "quadratic"])
def test_cohen_is_that_of_scikit_learn(weights):
    votes = simulated(np.random.default_rng(0), 200, 2)
    both = ~np.isnan(votes).any(axis=1)
    expected = cohen_kappa_score(*votes[both].T, weights=weights)
    assert cohen_kappa(votes, weights=weights).estimate == pytest.approx(expected)


def test_cohen_error_is_that_of_fleiss_cohen_and_everitt():
    votes = simulated(np.random.default_rng(1), 20_000, 2, coverage=1).astype(int)
    table = np.zeros((3, 3))
    np.add.at(table, tuple(votes.T), 1 / len(votes))
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    same, chance = np.trace(table), rows @ columns
    kappa = (same - chance) / (1 - chance)
    moved = 1 - (rows[:, None] + columns).T * (1 - kappa)
    on = np.diag(table) @ np.square(np.diag(moved))
    off = (
        np.square(1 - kappa)
        * (table * np.square(columns[:, None] + rows) * (1 - np.eye(3))).sum()
    )
    variance = (on + off - np.square(kappa - chance * (1 - kappa))) / (
        len(votes) * np.square(1 - chance)
    )
    found = cohen_kappa(votes)
    assert (found.upper - found.lower) / 2 == pytest.approx(
        1.96 * math.sqrt(variance), rel=0.01
    )


@pytest.mark.parametrize("measurement", ["nominal", "ordinal", "interval"])
def test_the_error_is_that_of_leaving_out_each_row(measurement):
    votes = simulated(np.random.default_rng(2), 300)

    def log_ratio(rows):
        kept = krippendorff_alpha(votes[rows], measurement=measurement)
        return math.log(1 - kept.estimate)

    used = np.flatnonzero((~np.isnan(votes)).sum(axis=1) > 1)
    left = np.array([log_ratio(np.setdiff1d(used, [i])) for i in used])
    error = math.sqrt((used.size - 1) * left.var())
    found = krippendorff_alpha(votes, measurement=measurement)
    half = (math.log(1 - found.lower) - math.log(1 - found.upper)) / 2
    assert half / 1.969 == pytest.approx(error, rel=0.02)


def test_intervals_cover_what_many_rows_show():
    rng = np.random.default_rng(3)
    figures = krippendorff_alpha, fleiss_kappa, _cohen_of_first_two
    many = simulated(rng, 100_000)
    truth = [figure(many).estimate for figure in figures]
    covered = np.zeros(3)
    for _ in range(300):
        votes = simulated(rng, 40)
        found = [figure(votes) for figure in figures]
        covered += [
            one.lower <= true <= one.upper
            for one, true in zip(found, truth, strict=True)
        ]
    assert (covered / 300 >= 0.91).all()
    assert (covered / 300 <= 0.985).all()


def _cohen_of_first_two(votes):
    return cohen_kappa(votes, annotators=(0, 1))


def test_alpha_is_kappa_of_fleiss_for_many_votes():
    votes = simulated(np.random.default_rng(4), 20_000, coverage=1)
    alpha, kappa = krippendorff_alpha(votes), fleiss_kappa(votes)
    assert alpha.estimate == pytest.approx(kappa.estimate, abs=1e-4)
    assert alpha.lower == pytest.approx(kappa.lower, abs=1e-3)


def test_shuffled_votes_agree_by_chance_and_equal_ones_perfectly():
    rng = np.random.default_rng(5)
    votes = rng.integers(3, size=(4_000, 3))
    same = np.repeat(votes[:, :1], 3, axis=1)
    for figure in (krippendorff_alpha, fleiss_kappa, _cohen_of_first_two):
        assert abs(figure(votes).estimate) < 0.05
        perfect = figure(same[:50])
        assert perfect.estimate == perfect.upper == 1
        assert 0.8 < perfect.lower < 1  # 50 rows do not prove it
        assert "no disagreement" in perfect.method


@pytest.mark.parametrize("figure", [krippendorff_alpha, cohen_kappa, fleiss_kappa])
def test_few_rows_that_are_all_alike_are_no_proof(figure):
    few, many = figure([[0, 1], [1, 0]] * 4), figure([[0, 1], [1, 0]] * 400)
    assert few.lower <= few.estimate < -0.8 < few.upper
    assert many.estimate < many.upper < -0.95


@pytest.mark.parametrize("figure", [krippendorff_alpha, fleiss_kappa])
def test_neither_order_nor_form_nor_names_matter(figure):
    rng = np.random.default_rng(6)
    votes = simulated(rng, 80)
    expected = figure(votes)
    shuffled = votes[rng.permutation(80)][:, rng.permutation(4)]
    row, source = np.nonzero(~np.isnan(votes))
    names = np.array(["no", "maybe", "yes"])
    labels = names[votes[row, source].astype(int)]
    single = np.vstack([votes, [[1, GAP, GAP, GAP]]])  # says nothing
    for same in (
        shuffled,
        pd.DataFrame(votes),
        LongVotes(row, source, labels),
        single,
    ):
        found = figure(same)
        for end in ("estimate", "lower", "upper"):
            assert getattr(found, end) == pytest.approx(getattr(expected, end), 1e-9)


@pytest.mark.parametrize("figure", [krippendorff_alpha, fleiss_kappa, cohen_kappa])
def test_what_has_no_figure_says_so(figure):
    for votes, why in (
        ([[0, None], [None, 1]], "no row has two votes"),
        ([[1, 1], [1, 1]], "one class"),
    ):
        found = figure(votes)
        assert math.isnan(found.estimate)
        assert math.isnan(found.lower)
        assert why in found.method
    one_row = figure([[0, 1], [None, 0]])
    assert math.isnan(one_row.lower)
    assert "single row" in one_row.method


def test_what_cannot_be_compared_is_refused():
    votes = pd.DataFrame({"ann": ["a", "b"], "bob": ["a", "a"], "cy": ["b", "b"]})
    with pytest.raises(ValueError, match="3 annotators.*annotators=\\('ann', 'cy'\\)"):
        cohen_kappa(votes)
    with pytest.raises(ValueError, match="1 annotator, and"):
        cohen_kappa(votes[["ann"]])
    for pair in (("ann", "dan"), ("ann", "ann"), "ann", ("ann",)):
        with pytest.raises(ValueError, match="annotators="):
            cohen_kappa(votes, annotators=pair)
    assert cohen_kappa(votes, annotators=["cy", "bob"]).estimate == 0
    with pytest.raises(ValueError, match="weights='cubic'"):
        cohen_kappa(votes, annotators=("ann", "bob"), weights="cubic")
    with pytest.raises(ValueError, match="measurement='ratio'"):
        krippendorff_alpha(votes, measurement="ratio")
    with pytest.raises(ValueError, match="needs numbers as classes"):
        krippendorff_alpha(votes, measurement="interval")
    with pytest.raises(ValueError, match="level=95"):
        krippendorff_alpha(votes, level=95)
