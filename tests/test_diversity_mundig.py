"""The selector beside lightly-mundig: the same picks, and none of its failures."""

import warnings

import numpy as np
import pytest

from skdataquality.active_learning import DiversitySelector
from skdataquality.exceptions import PoolExhaustedWarning

lightly_mundig = pytest.importorskip("lightly_mundig")


def theirs(X, n, before=(), **strategies):
    """Picks of lightly-mundig by diversity and other strategies."""
    selection = lightly_mundig.Selection()
    selection.add_diversifying_strategy(X.tolist(), 1.0)
    if "weights" in strategies:
        weights, strength = strategies["weights"]
        selection.add_weighting_strategy(weights.tolist(), strength)
    if "classes" in strategies:
        classes = np.eye(3)[strategies["classes"]].tolist()
        selection.add_balancing_strategy(classes, [1 / 3] * 3, 1.0)
    return selection.run_selection(list(before), len(X), n)


def ours(X, n, *, first=None, **options):
    metadata = {
        name: options.pop(name) for name in ("by", "weights") if name in options
    }
    selector = DiversitySelector(n, embedding="passthrough", **options)
    selector._first_row = first
    selector.fit_resample(X, **metadata)
    return selector.selection_order_.tolist()


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("columns", [2, 3])
def test_diversity_alone_picks_the_same_rows_from_the_same_start(seed, columns):
    X = np.random.default_rng(seed).normal(size=(300, columns)).astype(np.float32)
    assert ours(X, 100, first=0) == theirs(X, 100)


@pytest.mark.parametrize("seed", range(5))
def test_where_picks_differ_its_rounding_decides(seed):
    """It compares logarithms of sums of squares, of seven digits."""
    X = np.random.default_rng(seed).normal(size=(2000, 16)).astype(np.float32)
    picks = theirs(X, 200)
    exact = X.astype(float)
    squared = np.square(exact - exact[picks[0]]).sum(axis=1)
    total, n_same = 0.0, 0
    for pick in picks[1:]:
        total += squared.max()
        rounding = 2 * np.spacing(np.float32(np.log(total))) * total
        assert squared[pick] >= squared.max() - rounding
        n_same += squared[pick] == squared.max()
        squared = np.minimum(squared, np.square(exact - exact[pick]).sum(axis=1))
    assert n_same > 180


def test_its_start_is_the_first_row_and_ours_is_in_the_middle():
    X = np.random.default_rng(0).normal(size=(300, 4)).astype(np.float32)
    mixed = np.random.default_rng(1).permutation(300)
    assert theirs(X, 20) != mixed[theirs(X[mixed], 20)].tolist()
    assert ours(X, 20) == mixed[ours(X[mixed], 20)].tolist()


def copies_of_top_weight():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(1000, 8)).astype(np.float32)
    weights = rng.uniform(0.1, 1, size=1000)
    X[:100], weights[:100] = X[0], 2.0
    return X, weights


def test_it_picks_copies_and_we_do_not():
    X, weights = copies_of_top_weight()
    picked = np.array(theirs(X, 200, weights=(weights, 5.0)))
    assert (picked < 100).sum() > 10
    picked = np.array(ours(X, 200, weights=weights, weight_strength=5.0))
    assert (picked < 100).sum() == 1


def test_it_accepts_nan_and_we_do_not():
    X = np.random.default_rng(0).normal(size=(50, 4)).astype(np.float32)
    X[3, 1] = np.nan
    assert len(theirs(X, 5)) == 5
    with pytest.raises(ValueError, match=r"NaN or infinity in row\(s\) 3"):
        ours(X, 5)


def test_it_repeats_rows_of_a_small_pool_and_we_do_not():
    X = np.random.default_rng(0).normal(size=(50, 4)).astype(np.float32)
    assert len(set(theirs(X, 80))) < len(theirs(X, 80))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PoolExhaustedWarning)
        assert sorted(ours(X, 80)) == list(range(50))


def test_it_misses_feasible_quotas_and_we_meet_them():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(1000, 8)).astype(np.float32)
    group = np.repeat([0, 1, 2], [800, 150, 50])
    soft = np.bincount(group[theirs(X, 15, classes=group)], minlength=3)
    assert soft.max() > 5
    exact = ours(X, 15, by=group, balance="uniform")
    assert np.bincount(group[exact]).tolist() == [5, 5, 5]
