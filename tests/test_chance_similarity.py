"""The similarity that texts of a collection have by chance."""

import string

import numpy as np
import pytest

from skdataquality.duplicates._texts import chance_similarity, similar_texts
from skdataquality.duplicates._texts._chance import _SmoothedLogit, _truncated_tail

LETTERS = np.array(list(string.ascii_lowercase))


def sentences(rng, n, *, most_words=30):
    """Texts of 5 words or more, the first words of a vocabulary used most."""
    n_words = 2000
    words = ["".join(rng.choice(LETTERS, rng.integers(3, 10))) for _ in range(n_words)]
    share = 1 / np.arange(1, n_words + 1)
    share /= share.sum()
    sizes = rng.integers(5, most_words + 1, n)
    return [" ".join(rng.choice(words, size, p=share)) for size in sizes]


def with_typos(rng, texts, n_copies):
    """Append copies of some texts, two of the letters of each another."""
    copies = []
    for row in rng.permutation(len(texts))[:n_copies]:
        cells = np.array(list(texts[row]))
        cells[rng.integers(cells.size, size=2)] = rng.choice(LETTERS, 2)
        copies.append("".join(cells))
    return texts + copies


def test_unrelated_texts_hardly_ever_reach_it():
    n_false = []
    for seed in range(6):
        texts = sentences(np.random.default_rng(seed), 400)
        threshold = chance_similarity(texts)
        n_false.append(similar_texts(texts, threshold).first.size)
        assert threshold < 0.6
    assert np.mean(n_false) <= 1


@pytest.mark.parametrize("share", [0.1, 0.3, 0.6])
def test_copies_do_not_hide_each_other(share):
    rng = np.random.default_rng(7)
    n_copies = int(400 * share)
    # every original has one copy, or hardly any has two
    texts = sentences(rng, 400 - n_copies)
    texts = with_typos(rng, texts, n_copies)
    pairs = similar_texts(texts, chance_similarity(texts))
    found = set(pairs.second.tolist()) - set(range(400 - n_copies))
    assert len(found) >= 0.95 * min(n_copies, 400 - n_copies)
    assert chance_similarity(texts) < 0.6


@pytest.mark.parametrize("n", [300, 2100])
def test_the_order_of_rows_and_repeats_do_not_matter(n):
    rng = np.random.default_rng(3)
    texts = sentences(rng, n, most_words=6)
    moved = [texts[row] for row in rng.permutation(n)] + texts[:50] + [None]
    assert chance_similarity(moved) == chance_similarity(texts)


def test_few_texts_tell_nothing():
    assert chance_similarity([]) == chance_similarity(["one", None]) == 0.7
    assert chance_similarity(["one", "two", "three"]) == 0.7
    assert chance_similarity([f"text number {i}" for i in range(19)]) >= 0.7


def test_texts_that_share_nothing_have_the_least_threshold():
    texts = [chr(0x4E00 + i) * 8 for i in range(100)]
    assert chance_similarity(texts) == 0.3


def test_texts_made_from_one_template_are_not_called_copies():
    rng = np.random.default_rng(0)
    numbers = rng.permutation(10**6)[:500]
    texts = [f"dear customer, your order {k:06d} has left our house" for k in numbers]
    threshold = chance_similarity(texts)
    assert threshold <= 1
    assert similar_texts(texts, threshold).first.size <= 1


@pytest.mark.parametrize("width", [0.5, 1, 3])
def test_the_rate_of_a_tail_is_told_from_its_beginning(width):
    # of 1e5 exponential numbers of rate 2 only those up to the width are seen
    numbers = np.random.default_rng(1).exponential(0.5, 100_000)
    rate, n = _truncated_tail(numbers[numbers < width], width)
    assert rate == pytest.approx(2, rel=0.08)
    assert n == pytest.approx(100_000, rel=0.08)


def test_a_flat_tail_has_no_end():
    assert _truncated_tail(np.linspace(0, 1, 101), 1.0) == (0.0, np.inf)


@pytest.mark.parametrize("n_shingles", [3, 40, 5000])
def test_the_logit_of_a_similarity_is_turned_back(n_shingles):
    similarity = np.linspace(0.01, 0.97, 20)
    scale = _SmoothedLogit(n_shingles)
    logits = scale(similarity)
    assert (np.diff(logits) > 0).all()
    back = [scale.inverse(logit) for logit in logits]
    np.testing.assert_allclose(back, similarity)
    assert scale.inverse(1e6) == 1.0


def test_a_shingle_size_is_checked():
    with pytest.raises(ValueError, match="shingle_size=0"):
        chance_similarity(["a"], shingle_size=0)
