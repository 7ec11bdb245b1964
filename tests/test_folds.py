"""Folds: balanced, whole groups, no twin on both sides, nothing lost."""

import pickle
import warnings

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sklearn.model_selection import (
    GroupKFold,
    KFold,
    LeaveOneGroupOut,
    PredefinedSplit,
    RepeatedStratifiedKFold,
    ShuffleSplit,
    StratifiedKFold,
)
from threadpoolctl import threadpool_info, threadpool_limits

from skdataquality.exceptions import FewFoldsWarning, UnevenFoldsWarning
from skdataquality.utils._folds import (
    capped_n_splits,
    join_groups,
    make_splits,
    repeated_splits,
    rows_per_class,
    run_folds,
    stratified_folds,
)

many = settings(max_examples=60, deadline=None)

seeds = st.integers(0, 2**32 - 1)


@st.composite
def class_codes(draw, *, min_size=1, n_classes=3):
    codes = draw(st.lists(st.integers(0, n_classes - 1), min_size=min_size))
    return np.array(codes)


def quietly(call, *args, **kwargs):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return call(*args, **kwargs)


def spread(counts):
    return max(counts) - min(counts)


@many
@given(codes=class_codes(), n_splits=st.integers(2, 6), seed=seeds)
def test_classes_and_sizes_are_balanced(codes, n_splits, seed):
    fold = stratified_folds(codes, n_splits, random_state=seed)
    assert fold.shape == codes.shape
    assert set(fold) <= set(range(n_splits))
    assert spread(np.bincount(fold, minlength=n_splits)) <= 1
    for code in set(codes):
        assert spread(np.bincount(fold[codes == code], minlength=n_splits)) <= 1


@many
@given(codes=class_codes(), n_splits=st.integers(2, 4), seed=seeds)
def test_groups_stay_whole_and_are_balanced_by_their_first_rows(codes, n_splits, seed):
    groups = np.random.default_rng(seed).integers(0, 9, codes.size)
    fold = stratified_folds(codes, n_splits, groups=groups, random_state=seed)
    values, first = np.unique(groups, return_index=True)
    for value in values:
        assert np.unique(fold[groups == value]).size == 1
    assert spread(np.bincount(fold[first], minlength=n_splits)) <= 1
    for code in set(codes[first]):
        mine = first[codes[first] == code]
        assert spread(np.bincount(fold[mine], minlength=n_splits)) <= 1


def test_the_seed_decides_and_no_global_state_is_touched():
    codes = np.repeat([0, 1], 50)
    before = pickle.dumps(np.random.get_state())  # noqa: NPY002
    a, b, c = (stratified_folds(codes, 5, random_state=s) for s in (0, 0, 1))
    stratified_folds(codes, 5)
    make_splits(np.zeros((100, 1)), codes)
    np.testing.assert_array_equal(a, b)
    assert (a != c).any()
    assert pickle.dumps(np.random.get_state()) == before  # noqa: NPY002


def brute_force_components(groupings, n):
    """Merge rows that share a label, until nothing changes."""
    component = list(range(n))
    changed = True
    while changed:
        changed = False
        for grouping in groupings:
            for i in range(n):
                for j in range(i):
                    if grouping[i] == grouping[j] and component[i] != component[j]:
                        low, high = sorted((component[i], component[j]))
                        component = [low if c == high else c for c in component]
                        changed = True
    return component


def same_partition(a, b):
    pairs = set(zip(list(a), list(b), strict=True))
    return len(pairs) == len(set(a)) == len(set(b))


@many
@given(n=st.integers(1, 12), k=st.integers(1, 3), seed=seeds)
def test_join_groups_is_union_find(n, k, seed):
    rng = np.random.default_rng(seed)
    labels = np.array([f"g{i}" for i in range(n)])
    groupings = [rng.integers(0, n, n), labels[rng.integers(0, n, n)], rng.random(n)]
    groupings[2][: n // 2] = 0.5
    joined = join_groups(None, *groupings[:k], None)
    assert joined.shape == (n,)
    assert joined.min() >= 0
    assert same_partition(joined, brute_force_components(groupings[:k], n))


def test_no_grouping_is_none():
    assert join_groups(None, None) is None
    assert join_groups() is None


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        ([1, None, 2], r"groups has 1 missing value\(s\): give every row a group"),
        ([1.0, np.nan, np.nan], r"groups has 2 missing"),
        (np.array([1, "a", 2], dtype=object), "mixes labels of different types"),
    ],
)
def test_rows_without_a_clear_group_are_refused(groups, message):
    for others in ([], [[0, 1, 2]]):
        with pytest.raises(ValueError, match=message):
            join_groups(groups, *others)


@many
@given(codes=class_codes(), seed=seeds)
def test_rows_per_class_counts_rows_or_groups(codes, seed):
    groups = np.random.default_rng(seed).integers(0, 5, codes.size)
    for code, (rows, of_groups) in enumerate(
        zip(rows_per_class(codes), rows_per_class(codes, groups), strict=True)
    ):
        assert rows == (codes == code).sum()
        assert of_groups == len(set(groups[codes == code]))


@pytest.mark.parametrize(("rarest", "expected"), [(2, 2), (3, 3), (4, 4)])
def test_folds_are_capped_by_the_rarest_class(rarest, expected):
    codes = np.repeat([0, 1], [20, rarest])
    with pytest.warns(
        FewFoldsWarning, match=rf"{rarest} row\(s\).*5 folds.*{expected}"
    ):
        assert capped_n_splits(codes, 5) == expected


def test_a_class_of_one_row_does_not_set_the_folds_for_all():
    assert capped_n_splits(np.repeat([0, 1, 2], [20, 20, 1]), 5) == 5
    with pytest.warns(FewFoldsWarning, match=r"1 row\(s\).*2 folds"):
        assert capped_n_splits(np.arange(4), 5) == 2


def test_folds_are_not_capped_without_need():
    assert capped_n_splits(np.repeat([0, 1], 5), 5) == 5
    assert capped_n_splits(np.repeat([0, 2], 5), 5) == 5  # no row of class 1


def test_twins_count_once():
    codes, groups = np.repeat([0, 1], [10, 6]), np.r_[:10, 10, 10, 10, 11, 11, 12]
    with pytest.warns(FewFoldsWarning, match="3 folds are used"):
        assert capped_n_splits(codes, 5, groups=groups) == 3


@many
@given(sizes=st.lists(st.integers(1, 8), min_size=5, max_size=12), k=st.integers(2, 5))
def test_a_group_larger_than_a_fold_warns(sizes, k):
    groups = np.repeat(np.arange(len(sizes)), sizes)
    X, codes = np.zeros((groups.size, 1)), np.zeros(groups.size, dtype=int)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        make_splits(X, codes, cv=k, duplicate_groups=groups)
    too_large = max(sizes) > -(-groups.size // k)
    assert [w.category for w in caught] == [UnevenFoldsWarning] * too_large
    if too_large:
        assert f"{max(sizes)} of {groups.size} rows" in str(caught[0].message)


SPLITTERS = {
    "default": None,
    "int": 3,
    "stratified": StratifiedKFold(3),
    "plain": KFold(4, shuffle=True, random_state=0),
    "shuffle": ShuffleSplit(3, random_state=0),
    "grouped": GroupKFold(3),
}


@pytest.mark.parametrize("name", SPLITTERS)
@settings(max_examples=25, deadline=None)
@given(seed=seeds, with_groups=st.booleans())
def test_no_twin_is_held_out_and_trained_on(name, seed, with_groups):
    rng = np.random.default_rng(seed)
    n = 40
    X, codes = np.zeros((n, 1)), rng.permutation(np.repeat([0, 1], n // 2))
    twins = np.r_[rng.integers(0, n // 2, n // 2), n // 2 : n]
    groups = rng.integers(0, 20, n) if with_groups else None
    assume(len(set(join_groups(groups, twins))) >= 3)
    splits, n_dropped = quietly(
        make_splits,
        X,
        codes,
        cv=SPLITTERS[name],
        groups=groups,
        duplicate_groups=twins,
        random_state=0,
    )
    n_lost = 0
    for train, test in splits:
        assert not set(train) & set(test)
        assert not set(twins[train]) & set(twins[test])
        if with_groups and name in {"default", "int", "grouped"}:
            assert not set(groups[train]) & set(groups[test])
        if name != "shuffle":
            n_lost += n - len(train) - len(test)
    if name != "shuffle":  # it leaves no row out of its own accord
        tested = np.sort(np.concatenate([test for _, test in splits]))
        np.testing.assert_array_equal(tested, np.arange(n))
        assert n_dropped == n_lost
    if name in {"default", "int", "grouped"}:
        assert n_dropped == 0


@many
@given(codes=class_codes(min_size=2), seed=seeds, n_splits=st.integers(2, 6))
def test_splits_partition_the_rows(codes, seed, n_splits):
    X = np.zeros((codes.size, 1))
    splits, n_dropped = quietly(make_splits, X, codes, cv=n_splits, random_state=seed)
    assert n_dropped == 0
    assert 2 <= len(splits) <= n_splits
    for train, test in splits:
        assert test.size > 0
        np.testing.assert_array_equal(
            np.sort(np.r_[train, test]), np.arange(codes.size)
        )
    tested = np.sort(np.concatenate([test for _, test in splits]))
    np.testing.assert_array_equal(tested, np.arange(codes.size))


def test_plain_splitters_lose_the_twins_and_count_them():
    X, codes = np.zeros((6, 1)), np.array([0, 1] * 3)
    twins = np.array([0, 1, 2, 0, 0, 5])  # rows 0, 3 and 4
    cv = PredefinedSplit([0, 0, -1, 1, -1, 1])
    splits, n_dropped = make_splits(X, codes, cv=cv, duplicate_groups=twins.tolist())
    assert [(a.tolist(), b.tolist()) for a, b in splits] == [
        ([2, 5], [0, 1]),
        ([1, 2], [3, 5]),
    ]
    assert n_dropped == 4
    alone, none_dropped = make_splits(X, codes, cv=cv)
    assert alone[0][0].tolist() == [2, 3, 4, 5]
    assert none_dropped == 0


@pytest.mark.parametrize("cv", [LeaveOneGroupOut(), GroupKFold(2)])
def test_group_splitters_get_connected_components(cv):
    X, codes = np.zeros((6, 1)), np.array([0, 1] * 3)
    groups = np.array(["a", "a", "b", "b", "c", "c"])
    twins = np.array([0, 1, 1, 3, 4, 5])  # rows 1 and 2 join a and b
    splits, _ = make_splits(X, codes, cv=cv, groups=groups, duplicate_groups=twins)
    assert sorted(test.tolist() for _, test in splits) == [[0, 1, 2, 3], [4, 5]]


def test_other_splitters_are_used_as_they_are():
    X, codes = np.zeros((20, 1)), np.repeat([0, 1], 10)
    for cv in (
        StratifiedKFold(4, shuffle=True, random_state=3),
        RepeatedStratifiedKFold(n_splits=2, n_repeats=2, random_state=3),
    ):
        splits, _ = make_splits(X, codes, cv=cv)
        for ours, theirs in zip(splits, cv.split(X, codes), strict=True):
            np.testing.assert_array_equal(ours[0], theirs[0])
            np.testing.assert_array_equal(ours[1], theirs[1])


def test_an_iterable_of_masks_or_row_numbers():
    X, codes = np.zeros((4, 1)), np.array([0, 1, 0, 1])
    held_out = np.array([True, True, False, False])
    masks = [(~held_out, held_out), (held_out, ~held_out)]
    rows = [([2, 3], [0, 1]), ([0, 1], [2, 3])]
    for cv in (masks, rows, iter(rows)):
        splits, _ = make_splits(X, codes, cv=cv)
        assert [(a.tolist(), b.tolist()) for a, b in splits] == rows


def test_regression_and_groups():
    codes, groups = np.zeros(20, dtype=int), np.arange(20) // 2
    splits, _ = make_splits(np.zeros((20, 1)), codes, groups=groups, random_state=0)
    assert len(splits) == 5
    for train, test in splits:
        assert not set(groups[train]) & set(groups[test])
        assert test.size == 4


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"cv": 1}, "cv=1 folds; at least 2"),
        ({"groups": [1, 2]}, "groups has 2 rows"),
        ({"duplicate_groups": [1, 2]}, "duplicate_groups has 2 rows"),
        ({"codes": np.zeros(3, dtype=int)}, "X has 10, y has 3"),
        ({"duplicate_groups": np.zeros(10)}, "all 10 rows of X are equal.*2 groups"),
        ({"X": np.zeros((1, 1)), "codes": np.zeros(1, int)}, r"n_samples=1\)"),
    ],
)
def test_what_cannot_be_split_is_refused(change, message):
    arguments = {"X": np.zeros((10, 1)), "codes": np.repeat([0, 1], 5), **change}
    with pytest.raises(ValueError, match=message):
        make_splits(arguments.pop("X"), arguments.pop("codes"), **arguments)


def test_folds_that_train_on_their_test_rows_are_refused():
    rows = np.arange(20)
    folds = [(rows[5:], rows[:5]), (rows, rows[5:])]
    with pytest.raises(ValueError, match=r"fold 1 of cv trains on 15 of its 15 test"):
        make_splits(np.zeros((20, 1)), rows % 2, cv=folds)


def test_splitters_that_take_groups_are_held_to_that_too():
    class Careless(GroupKFold):
        def split(self, X, y=None, groups=None):
            rows = np.arange(len(X))
            return iter([(rows, rows[:5])])

    rows = np.arange(20)
    with pytest.raises(ValueError, match="fold 0 of cv trains on 5 of its 5 test rows"):
        make_splits(np.zeros((20, 1)), rows % 2, cv=Careless(2), groups=rows)


def _blas_threads(train, test):
    threads = {i["num_threads"] for i in threadpool_info() if i["user_api"] == "blas"}
    return test.tolist(), threads


def test_the_loop_keeps_the_order_and_fits_on_one_blas_thread():
    splits = [(np.arange(9) + k, np.array([k])) for k in range(5)]
    with threadpool_limits(2, user_api="blas"):
        results = run_folds(_blas_threads, splits)
        after = _blas_threads(None, np.array([5]))
    assert results == [([k], {1}) for k in range(5)]
    assert after == ([5], {2})


def test_the_loop_is_the_same_in_processes():
    splits, _ = repeated_splits(np.zeros((60, 1)), np.arange(60) % 3, random_state=0)
    alone, together = (run_folds(_blas_threads, splits, n_jobs=n) for n in (1, 2))
    assert alone == together
    assert sorted(row for test, _ in alone for row in test) == list(range(60))


def test_repetitions_have_folds_of_their_own():
    X, codes = np.zeros((60, 1)), np.arange(60) % 3
    splits, n_dropped = repeated_splits(X, codes, cv=4, n_repeats=3, random_state=1)
    assert (len(splits), n_dropped) == (12, 0)
    parts = [np.concatenate([t for _, t in splits[i : i + 4]]) for i in (0, 4, 8)]
    for part in parts:
        assert sorted(part) == list(range(60))
    assert (parts[0] != parts[1]).any()
    again, _ = repeated_splits(X, codes, cv=4, n_repeats=1, random_state=1)
    for (_, first), (_, second) in zip(splits[:4], again, strict=True):
        np.testing.assert_array_equal(first, second)
