"""When rows were made: one reading for training and for target rows."""

import numpy as np
import pytest

from skdataquality.utils._frames import period_of, read_both_moments, read_moments_of


def test_one_side_decides_the_order_of_day_and_month_for_both():
    ours = np.array(["05/06/2024", "25/06/2024"], dtype=object)
    theirs = np.array(["01/07/2024", None], dtype=object)
    with pytest.raises(ValueError, match="no row decides"):
        read_moments_of(theirs, "when")
    _, read = read_both_moments(ours, theirs, "when")
    assert read[0] == np.datetime64("2024-07-01")
    assert np.isnat(read[1])


def test_moments_of_two_kinds_are_refused_and_empty_ones_are_unknown():
    with pytest.raises(ValueError, match="numbers in training rows and dates in tar"):
        read_both_moments([1, 2], np.array(["2024-01-01"], dtype=object), "when")
    empty = np.array([None, None], dtype=object)
    ours, theirs = read_both_moments(np.arange(3), empty, "when")
    assert theirs is None
    assert list(ours) == [0, 1, 2]


def test_periods_hold_equally_many_rows_and_missing_moments_none():
    moments = np.append(np.random.default_rng(0).permutation(100).astype(float), np.nan)
    starts, number = period_of(moments, 5)
    assert list(starts) == [0, 20, 40, 60, 80]
    assert list(np.bincount(number[:-1])) == [20] * 5
    assert number[-1] == -1
