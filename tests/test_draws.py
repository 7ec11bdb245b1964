"""Rows and seeds drawn at random: repeatable, and nothing global is touched."""

import numpy as np
import pytest

from skdataquality.utils._draws import draw_rows, draw_seed, own_rng


@pytest.mark.parametrize("most", [None, 10, 11])
def test_all_rows_where_no_more_are_there(most):
    assert draw_rows(10, most, 0).tolist() == list(range(10))


@pytest.mark.parametrize("make", [int, np.random.default_rng, np.random.RandomState])
def test_rows_rise_repeat_and_are_fair(make):
    counts = np.zeros(20)
    for seed in range(200):
        rows = draw_rows(20, 6, make(seed))
        assert rows.shape == (6,)
        assert (np.diff(rows) > 0).all()
        np.testing.assert_array_equal(rows, draw_rows(20, 6, make(seed)))
        counts[rows] += 1
    # 200 draws at 0.3: mean 60, standard deviation 6.5
    assert counts.min() > 35
    assert counts.max() < 85


@pytest.mark.parametrize("kind", [np.random.default_rng, np.random.RandomState])
def test_a_generator_is_drawn_from_as_it_is(kind):
    rng = kind(0)
    assert (draw_rows(1000, 10, rng) != draw_rows(1000, 10, rng)).any()


def test_the_global_generator_is_left_alone():
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    draw_rows(100, 10)
    draw_seed(None)
    own_rng(None).random(5)
    np.testing.assert_array_equal(np.random.get_state()[1], before)  # noqa: NPY002


def test_seeds_follow_from_the_random_state():
    assert draw_seed(3) == draw_seed(3) != draw_seed(4)
    rng = np.random.RandomState(3)
    seeds = [draw_seed(rng) for _ in range(5)]
    assert seeds[0] == draw_seed(3)
    assert len(set(seeds)) == 5
