"""Rows that depend on each other, and what is then said of intervals."""

import numpy as np
import pandas as pd
import pytest

from skdataquality import diagnose
from skdataquality.diagnosis._dependence import dependence_of
from skdataquality.diagnosis._examination import DEPENDENT
from skdataquality.utils._stats import effective_share, proportion_interval


def autocorrelated(n, share, rng):
    x = rng.normal(size=n)
    for t in range(1, n):
        x[t] = share * x[t - 1] + np.sqrt(1 - share**2) * x[t]
    return x


def test_neighbours_that_resemble_each_other_are_found_and_others_are_not():
    rng = np.random.default_rng(0)
    noise = rng.normal(size=(600, 3))
    assert dependence_of(noise, None).clusters is None
    series = np.column_stack([noise, autocorrelated(600, 0.9, rng)])
    found = dependence_of(series, None)
    assert "column 3" in found.why
    assert np.bincount(found.clusters).max() == 18  # 2 times the cube root of n
    assert dependence_of(rng.permutation(series), None).clusters is None
    sorted_table = pd.DataFrame({"a": np.sort(noise[:, 0]), "city": ["x"] * 600})
    assert "column a" in dependence_of(sorted_table, None).why
    assert dependence_of(noise, np.arange(600)).why == "they come in groups"
    numbered = pd.DataFrame(noise, columns=["a", "b", "c"])
    numbered.insert(0, "Unnamed: 0", np.arange(600))
    assert dependence_of(numbered, None).clusters is None
    assert "column c" in dependence_of(numbered.sort_values("c"), None).why


def test_neighbours_follow_each_other_in_time_where_it_is_known():
    rng = np.random.default_rng(5)
    series = autocorrelated(600, 0.9, rng)[:, None]
    shuffled = rng.permutation(600)
    assert dependence_of(series[shuffled], None).clusters is None
    found = dependence_of(series[shuffled], None, shuffled)
    assert np.array_equal(
        found.clusters, dependence_of(series, None).clusters[shuffled]
    )


def test_lenses_that_count_rows_one_by_one_say_so():
    rng = np.random.default_rng(1)
    x = autocorrelated(300, 0.95, rng)
    X = np.column_stack([x, rng.normal(size=(300, 3))])
    y = (x + rng.normal(size=300) > 0).astype(int)
    report = diagnose(X, y)
    assert any("rows may depend on each other" in note for note in report.notes)
    assert DEPENDENT in report.lenses["imbalance"].limits
    assert DEPENDENT not in report.lenses["label_noise"].limits
    shuffled = rng.permutation(300)
    report = diagnose(X[shuffled], y[shuffled])
    assert all(DEPENDENT not in lens.limits for lens in report.lenses.values())


def test_the_design_effect_of_copies_is_their_number():
    rng = np.random.default_rng(2)
    once = rng.normal(size=400)
    assert effective_share(np.repeat(once, 5), np.repeat(np.arange(400), 5)) == (
        pytest.approx(1 / 5, rel=0.01)
    )
    assert effective_share(once, None) == 1
    assert effective_share(np.zeros(10), np.arange(10) // 2) == 1


def test_intervals_of_clustered_shares_cover():
    """Forty groups of ten that share most of their answer."""
    rng = np.random.default_rng(3)
    groups = np.repeat(np.arange(40), 10)
    covered = alone = 0
    for _ in range(200):
        rate = rng.beta(1, 3, size=40)
        wrong = rng.random(400) < rate[groups]
        share = effective_share(wrong, groups)
        for together in (share, 1.0):
            found = proportion_interval(int(wrong.sum()), 400, effective_share=together)
            hit = found.lower <= 0.25 <= found.upper
            covered += hit and together == share
            alone += hit and together == 1
    assert covered >= 0.92 * 200
    assert alone < covered


def test_other_groups_of_one_source_are_no_shift():
    """Five visits of each subject; the target table holds other subjects."""
    rng = np.random.default_rng(4)
    subject = np.repeat(np.arange(150), 5)
    level = rng.normal(size=(150, 4))
    X = level[subject] + 0.2 * rng.normal(size=(750, 4))
    frame = pd.DataFrame(X, columns=list("abcd")).assign(subject=subject)
    frame["y"] = (level[subject, 0] > 0).astype(int)
    frame = frame.iloc[rng.permutation(750)]
    train, target = frame[frame.subject < 100], frame[frame.subject >= 100]
    unsaid = target.drop(columns="subject")

    def shift(train, target, **options):
        return diagnose(train, "y", X_target=target, **options).lenses["shift"]

    assert shift(train.drop(columns="subject"), unsaid).verdict == "found"
    said = shift(train, unsaid, groups="subject")
    assert (said.verdict, said.reason_code, said.kinds) == (
        "cannot tell",
        "grouped",
        (),
    )
    said = shift(train, target, groups="subject")
    assert (said.verdict, said.reason_code) == ("clear", "alike_dependent")
    in_order = unsaid.sort_index()
    said = shift(train.sort_index().drop(columns="subject"), in_order)
    assert said.verdict == "clear"
