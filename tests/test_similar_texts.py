"""Pairs of texts that share most of their character n-grams."""

import string
from functools import partial

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from sklearn.feature_extraction.text import CountVectorizer

from skdataquality.duplicates._texts import _similar_texts, similar_texts
from skdataquality.duplicates._texts._bands import banding_for
from skdataquality.duplicates._texts._buckets import Buckets
from skdataquality.duplicates._texts._shingles import (
    shingle_hashes,
    shingle_sets,
    text_blocks,
)
from skdataquality.duplicates._texts._similar_texts import sketched_pairs
from skdataquality.duplicates._texts._sketches import Sketches, sketch_texts


def shingles(text, size):
    """Sets of runs of characters; what is shorter is one, unlike any longer one."""
    if len(text) < size:
        return {("short", text)}
    return {text[i : i + size] for i in range(len(text) - size + 1)}


def brute_force(texts, threshold, size):
    """Similarity of each pair of rows of distinct texts, by sets."""
    sets = [shingles(text, size) for text in texts]
    found = {}
    for j in range(len(sets)):
        for i in range(j):
            shared = len(sets[i] & sets[j])
            similarity = shared / (len(sets[i]) + len(sets[j]) - shared)
            if similarity >= threshold:
                found[i, j] = similarity
    return found


def all_similarities(texts):
    """Similarity of all pairs by shingles of 5, as scikit-learn counts them."""
    counter = CountVectorizer(
        analyzer="char", ngram_range=(5, 5), lowercase=False, binary=True
    )
    counts = counter.fit_transform(texts)
    shared, sizes = (counts @ counts.T).toarray(), counts.sum(axis=1).A1
    return np.triu(shared / (sizes[:, None] + sizes - shared), 1)


def as_dict(first, second, similarity):
    pairs = zip(first.tolist(), second.tolist(), strict=True)
    return dict(zip(pairs, similarity.tolist(), strict=True))


def pairs_of(texts, threshold=0.7, **options):
    found = similar_texts(texts, threshold, **options)
    assert found.complete
    return as_dict(found.first, found.second, found.similarity)


def copied_texts(seed, n=1500, copies=0.4, n_words=14):
    """Distinct random sentences, some of them copies with a few characters changed."""
    rng = np.random.default_rng(seed)
    letters = np.array(list(string.ascii_lowercase))
    words = ["".join(rng.choice(letters, rng.integers(2, 10))) for _ in range(800)]
    n_new = int(n * (1 - copies))
    texts = [
        " ".join(rng.choice(words, rng.integers(n_words - 6, n_words + 7)))
        for _ in range(n_new)
    ]
    for original in rng.integers(n_new, size=n - n_new):
        cells = list(texts[original])
        for at in rng.integers(len(cells), size=rng.integers(1, 5)):
            cells[at] = rng.choice(letters)
        texts.append("".join(cells))
    return list(dict.fromkeys(texts))


# ---------------------------------------------------------------- what is found
@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.text("abc é\U0001f600", max_size=12), min_size=1, max_size=12),
    st.sampled_from([0.1, 1 / 3, 0.5, 0.7, 1.0]),
    st.integers(1, 5),
)
def test_pairs_are_those_of_brute_force(texts, threshold, size):
    texts = list(dict.fromkeys(texts))
    expected = brute_force(texts, threshold, size)
    assert pairs_of(texts, threshold, shingle_size=size) == expected


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.text("ab ", max_size=9), min_size=1, max_size=15),
    st.integers(1, 4),
)
def test_verified_candidates_have_their_true_similarity(texts, size):
    texts = list(dict.fromkeys(texts))
    *pairs, complete = sketched_pairs(texts, 0.3, size, banding_for(0.3))
    expected = brute_force(texts, 0.3, size)
    assert complete
    assert as_dict(*pairs).items() <= expected.items()


@pytest.mark.parametrize("threshold", [0.4, 0.7, 0.85])
def test_sketches_find_nearly_all_pairs_and_no_false_one(threshold):
    n_true = n_found = 0
    for seed in range(3):
        texts = copied_texts(seed, n=700)
        expected = all_similarities(texts)
        first, second, similarity, _ = sketched_pairs(
            texts, threshold, 5, banding_for(threshold)
        )
        np.testing.assert_allclose(similarity, expected[first, second])
        assert (similarity >= threshold).all()
        n_true += np.count_nonzero(expected >= threshold)
        n_found += similarity.size
    assert n_true > 200
    assert n_found >= 0.99 * n_true


def test_pairs_exactly_at_the_threshold_are_candidates_as_often_as_said():
    # 7 of 10 shingles in common, none in any two pairs
    rng = np.random.default_rng(0)
    codes = rng.permutation(100_000)[:20_000].reshape(2_000, 10) + 0x10000
    one = ["".join(map(chr, row[:8])) + chr(row[8]) for row in codes]
    other = ["".join(map(chr, row[:8])) + chr(row[9]) for row in codes]
    texts = [text for pair in zip(one, other, strict=True) for text in pair]
    similarity = 8 / 10  # of sets of nine that share eight
    *pairs, _ = sketched_pairs(texts, similarity, 1, banding_for(similarity))
    found = as_dict(*pairs)
    assert set(found.values()) == {similarity}
    share = banding_for(similarity).probability(similarity)
    spread = (share * (1 - share) / 2_000) ** 0.5
    assert abs(len(found) / 2_000 - share) < 4 * spread + 3e-5


@pytest.mark.parametrize("threshold", [0.05, 0.25, 0.5, 0.7, 0.95, 1.0])
def test_bands_promise_999_of_1000_pairs_at_the_threshold(threshold):
    banding = banding_for(threshold)
    assert banding.probability(threshold) >= 0.999
    assert banding.n_hashes <= 256


# ---------------------------------------------------------------- the order of rows
@pytest.mark.parametrize("n", [600, 1500])
def test_pairs_follow_their_rows_in_any_order(n):
    texts = copied_texts(1, n=n)
    order = np.random.default_rng(2).permutation(len(texts))
    found = pairs_of(texts, 0.7)
    moved = pairs_of([texts[row] for row in order], 0.7)
    back = {tuple(sorted(order[list(pair)].tolist())): s for pair, s in moved.items()}
    assert len(found) > 50
    assert back == found


def test_any_container_gives_the_same_pairs():
    texts = [
        "a red wooden chair",
        None,
        "a red wooden chairs",
        "",
        "a red wooden chair",
    ]
    expected = {(0, 2): 14 / 15, (0, 4): 1.0}
    columns = [texts, tuple(texts), np.array(texts, object), pd.Series(texts)]
    for column in [*columns, pl.Series(texts), pd.Series(texts, dtype="category")]:
        assert pairs_of(column) == pytest.approx(expected)
    assert pairs_of(np.array(["abcdef", "abcdef"])) == {(0, 1): 1.0}


# ---------------------------------------------------------------- odd texts
def test_equal_texts_are_paired_with_the_first_of_them():
    texts = ["another text"] + ["one and the same text"] * 1000 + ["another texts"]
    found = similar_texts(texts)
    np.testing.assert_array_equal(found.second, [1001, *range(2, 1001)])
    np.testing.assert_array_equal(found.first, [0] + [1] * 999)
    assert found.complete


def test_missing_texts_are_paired_with_nothing():
    assert pairs_of([None, None, np.nan, pd.NA, float("nan")]) == {}
    assert pairs_of([]) == {}
    assert pairs_of(["only one"]) == {}


def test_short_and_empty_texts_resemble_only_their_equals():
    texts = ["", "ab", "abcde", "ab", "", "abcdef", "b", "\0\0\0\0\0", "ab\0\0\0"]
    assert pairs_of(texts, 0.5) == {(0, 4): 1.0, (1, 3): 1.0, (2, 5): 0.5}


def test_characters_count_not_bytes():
    assert pairs_of(["日本語の文章", "日本語の文書"], 0.1, shingle_size=2) == {
        (0, 1): 4 / 6
    }
    assert pairs_of(["\ud800abcd", "\ud801abcd"], 0.5, shingle_size=2) == {
        (0, 1): 3 / 5
    }


def test_a_very_long_text_is_found_among_short_ones():
    rng = np.random.default_rng(0)
    long = "".join(rng.choice(list(string.ascii_lowercase), 300_000))
    texts = [*copied_texts(3, n=1200, copies=0), long, "x" + long]
    found = pairs_of(texts)
    assert found.pop((len(texts) - 2, len(texts) - 1)) > 0.99
    assert not found or max(map(max, found)) < len(texts) - 2


@given(
    st.lists(st.text(max_size=8), min_size=1, max_size=8),
    st.integers(1, 5),
)
@settings(max_examples=100, deadline=None)
def test_shingles_of_a_text_do_not_depend_on_its_neighbours(texts, size):
    hashes, starts = shingle_hashes(texts, size)
    parts = np.split(hashes, starts[1:])
    for text, part in zip(texts, parts, strict=True):
        np.testing.assert_array_equal(part, shingle_hashes([text], size)[0])
        assert np.unique(part).size == len(shingles(text, size))


def test_sets_hold_each_shingle_once():
    sets = shingle_sets(["aaaaaa", "", "abcabcabc"], 3)
    assert np.diff(sets.indptr).tolist() == [1, 1, 3]


@given(st.lists(st.integers(0, 30), max_size=20), st.integers(1, 40))
def test_blocks_of_texts_cover_all_and_overflow_only_by_one_text(lengths, limit):
    lengths = np.array(lengths, dtype=np.int64)
    rows = [np.arange(lengths.size)[block] for block in text_blocks(lengths, limit)]
    np.testing.assert_array_equal(np.concatenate([[], *rows]), np.arange(lengths.size))
    for part in rows:
        assert part.size == 1 or np.maximum(lengths[part], 1).sum() <= limit


# ---------------------------------------------------------------- large buckets
def crowd(n, seed=0):
    """Texts that all resemble each other."""
    base = "the parcel that you have ordered with us will arrive on monday, number "
    numbers = np.random.default_rng(seed).permutation(9 * n)[:n]
    return [f"{base}{number:06d}" for number in numbers]


def test_a_bucket_gives_each_pair_once():
    sketches = sketch_texts(crowd(60), 5, banding_for(0.7))
    pairs = [np.stack(pair, axis=1) for pair in Buckets(sketches).candidates()]
    pairs = np.concatenate(pairs)
    assert (pairs[:, 0] < pairs[:, 1]).all()
    assert np.unique(pairs, axis=0).shape == pairs.shape
    assert len(pairs) > 0.99 * 60 * 59 / 2


def test_large_buckets_lose_pairs_but_say_so_and_keep_crowds_together():
    texts = crowd(300)
    sketches = sketch_texts(texts, 5, banding_for(0.7))
    copy = Sketches(sketches.bands.copy(), *sketches[1:])
    assert Buckets(copy).complete
    buckets = Buckets(sketches, most_candidates=1)
    assert not buckets.complete
    assert buckets.largest < 300
    pairs = np.concatenate([np.stack(p, axis=1) for p in buckets.candidates()])
    found = np.unique(pairs, axis=0)
    assert len(found) < 300 * 299 / 2
    assert np.unique(found).size == 300


def test_a_crowd_too_large_is_one_group_of_true_pairs(monkeypatch):
    few = partial(Buckets, most_candidates=1)
    monkeypatch.setattr(_similar_texts, "Buckets", few)
    texts = crowd(1200)
    found = similar_texts(texts, 0.8)
    assert not found.complete
    pairs = np.stack([found.first, found.second], axis=1)
    assert np.unique(pairs, axis=0).shape == pairs.shape
    np.testing.assert_allclose(
        found.similarity,
        all_similarities(texts)[found.first, found.second],
    )
    links = coo_array((found.similarity, pairs.T), shape=(1200, 1200))
    assert connected_components(links, directed=False)[0] == 1


# ---------------------------------------------------------------- bad input
@pytest.mark.parametrize(
    ("texts", "message"),
    [
        (["a text", 3.5], r"texts\[1\] is 3.5, a float; pass texts"),
        ([b"bytes"], r"texts\[0\] is b'bytes', a bytes"),
        ("a single text", "a single text; pass a sequence"),
        (np.array([["a", "b"]]), r"of shape \(1, 2\); pass one sequence"),
        (pd.DataFrame({"a": ["b"]}), "pass one sequence"),
    ],
)
def test_what_is_no_text_is_refused(texts, message):
    with pytest.raises(ValueError, match=message):
        similar_texts(texts)


@pytest.mark.parametrize("threshold", [0, 1.01, -1, np.nan, "0.7", True])
def test_a_threshold_is_above_zero_and_at_most_one(threshold):
    with pytest.raises(ValueError, match=r"threshold=.* above 0 and at most 1"):
        similar_texts(["a"], threshold)


@pytest.mark.parametrize("size", [0, -1, 2.0, None, True])
def test_a_shingle_has_a_whole_number_of_characters(size):
    with pytest.raises(ValueError, match="shingle_size=.* whole number of characters"):
        similar_texts(["a"], shingle_size=size)
