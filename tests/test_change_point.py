"""Change points: what must hold of the place, the p value and the intervals."""

import matplotlib as mpl
import numpy as np
import pandas as pd
import polars as pl
import pytest
from numpy.testing import assert_allclose

from skdataquality.provenance import change_point
from skdataquality.provenance._changes._permuted import (
    ENOUGH,
    of_blocks,
    of_flags,
    of_numbers,
    sequential_p,
)
from skdataquality.provenance._changes._regimes import REACH
from skdataquality.provenance._changes._scan import FlagScan, NumberScan
from skdataquality.provenance._changes._sequences import BlockSequence
from skdataquality.utils._stats import clopper_pearson

mpl.use("agg")


def course(seed, n=1000, at=600, before=0.03, after=0.15):
    rng = np.random.default_rng(seed)
    return rng.random(n) < np.where(np.arange(n) < at, before, after)


def likelihood(k, n):
    return sum(part * np.log(part / n) for part in (k, n - k) if part)


# ------------------------------------------------------------------- closed forms
@pytest.mark.parametrize("t", [1, 7, 20, 39])
def test_the_flag_statistic_is_the_binomial_likelihood_ratio(t):
    flags = course(0, n=40, at=20, before=0.1, after=0.7)
    k, total = flags[:t].sum(), flags.sum()
    apart = likelihood(k, t) + likelihood(total - k, 40 - t)
    scanned = FlagScan(40, int(total))(k, t)
    assert_allclose(scanned, 2 * (apart - likelihood(total, 40)), rtol=1e-9)


@pytest.mark.parametrize("t", [1, 13, 39])
def test_the_number_statistic_is_the_share_of_squares_between_the_parts(t):
    values = np.random.default_rng(0).normal(size=40)
    total = 40 * values.var()
    inside = t * values[:t].var() + (40 - t) * values[t:].var()
    scanned = NumberScan(values)(values[:t].sum(), t)
    assert_allclose(scanned, 40 * (total - inside) / total, rtol=1e-9)


def test_the_interval_of_the_place_is_that_of_a_random_walk_on_both_sides():
    assert_allclose((1 - np.exp(-REACH / 2)) ** 2, 0.95)
    assert_allclose(REACH, 7.35, atol=0.01)


def test_drawn_counts_and_permuted_rows_have_the_same_distribution():
    flags = np.arange(2000) < 60
    bounds = np.arange(100, 1901, 100)
    scan = FlagScan(2000, 60)
    drawn = of_flags(scan, flags, bounds, np.random.default_rng(0))(4000)
    permuted = of_numbers(scan, flags, bounds, np.random.default_rng(1))(4000)
    shares = (0.1, 0.5, 0.9, 0.95)
    for share in shares:
        edge = np.quantile(permuted, share)
        assert abs((drawn <= edge).mean() - share) < 0.025


def test_blocks_move_whole():
    values = np.repeat([True, False, True, False], [5, 10, 20, 5])
    groups = np.repeat([0, 1, 2, 3], [5, 10, 20, 5])
    blocks = BlockSequence.of(values, np.arange(40), groups, 1)
    scan = FlagScan(40, 25)
    got = set(of_blocks(scan, blocks, np.random.default_rng(0))(500).round(9))
    sizes, sums = np.array([5, 10, 20, 5]), np.array([5, 0, 20, 0])
    from itertools import permutations

    possible = set()
    for order in permutations(range(4)):
        rows, flagged = sizes[list(order)].cumsum()[:-1], sums[list(order)].cumsum()
        possible.add(round(float(scan(flagged[:-1], rows).max()), 9))
    assert got == possible


# ------------------------------------------------------------------- p values
@pytest.mark.parametrize(("reached", "n"), [(0, 99), (3, 99), (19, 99)])
def test_with_few_exceedances_p_counts_all_permutations(reached, n):
    drawn = iter(np.arange(n) < reached)

    def largest(size):
        return np.array([next(drawn) for _ in range(size)], dtype=float)

    assert sequential_p(1.0, largest, n) == (1 + reached) / (1 + n)


def test_it_stops_at_the_twentieth_exceedance():
    drawn = iter(np.arange(1000) % 3 == 0)

    def largest(size):
        return np.array([next(drawn) for _ in range(size)], dtype=float)

    assert sequential_p(1.0, largest, 999) == ENOUGH / 58  # the 20th is the 58th


@pytest.mark.parametrize("kind", ["flags", "numbers", "blocks"])
def test_without_a_change_p_is_uniform_or_larger(kind):
    p = []
    for seed in range(120):
        rng = np.random.default_rng(seed)
        groups = np.arange(240) // 6 if kind == "blocks" else None
        rate = 0.2 if groups is None else rng.choice([0.02, 0.6], 40)[groups]
        errors = rng.random(240) < rate
        if kind == "numbers":
            errors = rng.standard_exponential(240)
        change = change_point(errors, groups=groups, n_permutations=199, random_state=1)
        p.append(change.p_value)
    for level in (0.05, 0.2, 0.5):
        sampling_error = np.sqrt(level * (1 - level) / 120)
        assert np.mean(np.array(p) <= level) <= level + 2.5 * sampling_error


def test_dependent_flags_accuse_unless_their_groups_are_permuted_whole():
    alone = together = 0
    for seed in range(30):
        rng = np.random.default_rng(seed)
        groups = np.arange(600) // 30
        flags = rng.random(600) < rng.choice([0.05, 0.5], 20)[groups]
        alone += change_point(flags, n_permutations=99, random_state=0).found
        whole = change_point(flags, groups=groups, n_permutations=99, random_state=0)
        together += whole.found
    assert alone >= 20
    assert together <= 4


# ------------------------------------------------------------------- the place
def test_the_place_and_both_rates_of_a_plain_change():
    flags = course(0)
    change = change_point(flags, random_state=0)
    assert change.found
    assert change.position_lower <= 600 <= change.position_upper
    ends = clopper_pearson(flags[: change.position].sum(), change.position)
    assert_allclose((change.before.lower, change.before.upper), ends)
    assert change.first_row == change.position == change.at


def test_the_interval_holds_the_place_in_nineteen_of_twenty():
    inside = []
    for seed in range(100):
        flags = course(seed, n=800, at=500, before=0.05, after=0.3)
        change = change_point(flags, n_permutations=1, random_state=0)
        inside.append(change.position_lower <= 500 <= change.position_upper)
    assert np.mean(inside) >= 0.95 - 2 * np.sqrt(0.95 * 0.05 / 100)


def test_results_do_not_depend_on_the_order_of_the_rows():
    flags, day = course(1), np.arange(1000) // 10
    shuffled = np.random.default_rng(0).permutation(1000)
    first = change_point(flags, day, random_state=0)
    second = change_point(flags[shuffled], day[shuffled], random_state=0)
    for name in ("p_value", "position", "at", "at_lower", "at_upper", "before"):
        assert getattr(first, name) == getattr(second, name)


def test_rows_of_one_moment_stay_on_one_side():
    flags, day = course(2), np.arange(1000) // 100
    change = change_point(flags, day, random_state=0)
    assert change.position % 100 == 0
    assert change.at == change.position // 100
    assert change.first_row in range(change.position, change.position + 100)


@pytest.mark.parametrize("make", [pd.Series, pl.Series, np.asarray, list])
def test_moments_may_be_dates_of_any_container(make):
    days = np.datetime64("2024-01-01", "us") + np.arange(1000).astype("m8[D]")
    change = change_point(course(0), make(days), random_state=0)
    where = change_point(course(0), random_state=0)
    assert np.datetime64(change.at) == days[where.position]


def test_negated_flags_change_at_the_same_place():
    first, second = (
        change_point(flags, random_state=0) for flags in (course(3), ~course(3))
    )
    assert first.position == second.position
    assert_allclose(first.before.estimate, 1 - second.before.estimate)


def test_one_huge_loss_is_no_change():
    losses = np.random.default_rng(0).standard_exponential(400)
    losses[390] = 1e9
    assert not change_point(losses, random_state=0).found


def test_two_changes_are_found_one_after_the_other():
    flags = np.concatenate([course(0, 2000, 1000), course(1, 1000, 0, after=0.02)])
    change = change_point(flags, max_depth=3, random_state=0)
    places = [c.position for c in change.found_in_order()]
    assert len(places) == 2
    assert_allclose(places, [1000, 2000], atol=60)
    assert change_point(flags, random_state=0).further == ()


# ------------------------------------------------------------------- bad input
@pytest.mark.parametrize(
    ("errors", "order", "why_not"),
    [
        (np.zeros(100, bool), None, "all_the_same"),
        (np.full(100, 2.5), None, "all_the_same"),
        (np.arange(10) % 2, None, "few_rows"),
        (np.arange(100) % 2, np.zeros(100), "no_place"),
        (np.arange(100) % 2, np.arange(100) > 98, "no_place"),
    ],
)
def test_where_nothing_can_be_tested_it_says_why(errors, order, why_not):
    change = change_point(errors, order, random_state=0)
    assert (change.found, change.p_value, change.why_not) == (False, 1.0, why_not)
    assert change.position is None
    assert change.found_in_order() == ()


def test_one_group_is_no_place():
    flags = course(0, 100, 50)
    change = change_point(flags, groups=np.zeros(100), random_state=0)
    assert change.why_not == "no_place"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"errors": [0.1, np.nan] * 50}, "NaN"),
        ({"errors": [0.1, np.inf] * 50}, "infinity"),
        ({"errors": ["a", "b"] * 50}, "one number per row"),
        ({"errors": np.zeros((50, 2))}, "shape"),
        ({"errors": []}, "at least one row"),
        ({"order": np.arange(99)}, "inconsistent"),
        ({"order": [None, *range(99)]}, "missing"),
        ({"order": ["a", *range(99)]}, "cannot be sorted"),
        ({"groups": np.arange(99)}, "inconsistent"),
        ({"n_permutations": 0}, "n_permutations=0"),
        ({"min_size": 2.5}, "min_size=2.5"),
        ({"max_depth": True}, "max_depth=True"),
        ({"alpha": 1.0}, "alpha"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_name(arguments, message):
    with pytest.raises(ValueError, match=message):
        change_point(**{"errors": course(0, 100, 50), **arguments})


def test_a_result_is_short_and_becomes_a_dict():
    change = change_point(course(0), max_depth=2, random_state=0)
    assert len(repr(change).split("\n")) <= 6
    assert change.to_dict()["before"]["method"] == "Clopper-Pearson"
    assert change_point(course(0), random_state=0).p_value == change.p_value
