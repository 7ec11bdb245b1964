"""The detector against brute force, its invariances, and the remedies that use it."""

import pickle
from itertools import pairwise

import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from imblearn.pipeline import make_pipeline
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import (
    GridSearchCV,
    StratifiedGroupKFold,
    cross_val_score,
)
from sklearn.neighbors import KNeighborsClassifier

from skdataquality.compose import RemediedClassifier
from skdataquality.duplicates import (
    Deduplicator,
    DuplicateDetector,
    DuplicateGroupKFold,
    duplicate_groups,
    duplicate_lens,
    near_duplicate_groups,
)
from skdataquality.duplicates._detection._linkage import stars
from skdataquality.duplicates._detection._pairs import DuplicatePairs
from skdataquality.label_noise import LabelErrorDetector
from skdataquality.lineage import Reason
from skdataquality.workflows import fix_table

few = settings(max_examples=8, deadline=None)
seeds = st.integers(0, 2**32 - 1)
NAN = np.nan
LR = LogisticRegression()
WORDS = (
    "the cat sat on a mat while seven grey wolves ran over blue hills toward some "
    "quiet river where nobody ever asked about old letters from distant harbour towns"
)
WORDS = WORDS.split()


def sentences(n, seed=0, n_words=12):
    rng = np.random.default_rng(seed)
    return [" ".join(rng.choice(WORDS, n_words)) for _ in range(n)]


def grams(text, size=5):
    return {text[i : i + size] for i in range(max(len(text) - size, 0) + 1)}


def jaccard(a, b, size=5):
    a, b = grams(a, size), grams(b, size)
    return len(a & b) / len(a | b)


def first_rows(groups):
    """Name each group by its first row."""
    _, first, member = np.unique(groups, return_index=True, return_inverse=True)
    return first[member]


def mixed_table(seed=0, n=120):
    """Two numbers, a category and a text; the last 12 rows copy the first 12."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "size": rng.normal(size=n),
            "price": rng.lognormal(size=n),
            "town": rng.choice(["Rome", "Oslo"], n),
            "text": sentences(n, seed),
        }
    )
    copies = frame[:12].copy()
    copies["size"] += 1e-4
    copies["text"] = [text + "!" for text in copies["text"]]
    return pd.concat([frame, copies], ignore_index=True)


# ------------------------------------------------------- every pair, and no other


@few
@given(seed=seeds, metric=st.sampled_from(["euclidean", "cosine"]))
def test_pairs_of_numbers_are_those_of_brute_force(seed, metric):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(40, 3)) * [1, 1e6, 1e-6] + 3
    X[20:] = X[:20] * (1 + 0.1 * rng.normal(size=(20, 3)))
    i, j = np.triu_indices(40, k=1)
    if metric == "cosine":
        unit = X / np.linalg.norm(X, axis=1, keepdims=True)
        value, threshold = (unit[i] * unit[j]).sum(axis=1), 0.999
        near = value >= threshold
    else:
        threshold = 0.5
        centred = X - np.median(X, axis=0)
        inner = np.sort(centred, axis=0)
        scale = np.clip(centred, inner[1], inner[-2]).std(axis=0)
        value = np.linalg.norm((X[i] - X[j]) / scale, axis=1)
        near = value <= threshold
    found = DuplicateDetector(threshold=threshold, metric=metric).fit(X)
    pairs = found.pairs_
    assert found.threshold_ == threshold
    assert list(zip(pairs.first, pairs.second, strict=True)) == list(
        zip(i[near], j[near], strict=True)
    )
    shown = pairs.similarity if metric == "cosine" else pairs.distance
    np.testing.assert_allclose(shown, value[near], atol=1e-12)


@few
@given(seed=seeds, threshold=st.sampled_from([0.3, 0.7, 1.0]))
def test_pairs_of_texts_are_those_of_brute_force(seed, threshold):
    rng = np.random.default_rng(seed)
    texts = sentences(15, seed, 8)
    for text in texts[:10]:
        at, cut = rng.integers(0, 20, size=2)
        texts.append(text[:at] + text[at + cut :])
    texts = [*texts, "", texts[0], "", "abc"]
    found = DuplicateDetector(text_threshold=threshold).fit(texts)
    first = duplicate_groups(texts)
    expected = {
        (i, j): jaccard(texts[i], texts[j])
        for j in range(len(texts))
        for i in range(j)
        if first[i] == i and first[j] == j
    }
    expected = {pair: s for pair, s in expected.items() if s >= threshold}
    pairs = found.pairs_
    shown = list(zip(pairs.first.tolist(), pairs.second.tolist(), strict=True))
    assert shown == sorted(expected)
    np.testing.assert_allclose(pairs.similarity, [expected[pair] for pair in shown])
    assert (found.method_, found.text_threshold_) == ("text", threshold)


@settings(max_examples=8, deadline=None)
@given(seed=seeds)
def test_a_mixed_pair_passes_in_every_part(seed):
    rng = np.random.default_rng(seed)
    n, some = 50, sentences(6, seed)
    texts = [some[k] + "?" * mark for k, mark in rng.integers(0, [6, 2], size=(n, 2))]
    numbers = rng.integers(0, 4, n) + rng.choice([0, 0.01], n)
    frame = pd.DataFrame({"x": numbers, "flag": rng.random(n) < 0.5, "text": texts})
    for name in ("x", "text"):
        frame.loc[rng.random(n) < 0.1, name] = None
    found = DuplicateDetector("mixed", threshold=0.1, text_threshold=0.7).fit(frame)
    assert found.column_kinds_ == {"x": "number", "flag": "category", "text": "text"}
    scale = frame["x"][found.equal_groups_ == np.arange(n)].std(ddof=0)
    rows = frame.astype(object).where(frame.notna(), None).to_dict("records")

    def is_near(a, b):
        if (a["x"] is None) != (b["x"] is None) or a["flag"] != b["flag"]:
            return False
        if a["x"] is not None and abs(a["x"] - b["x"]) > 0.1 * scale:
            return False
        if None in (a["text"], b["text"]):
            return a["text"] == b["text"]
        return jaccard(a["text"], b["text"]) >= 0.7

    distinct = np.flatnonzero(found.equal_groups_ == np.arange(n)).tolist()
    expected = [
        (i, j)
        for i in distinct
        for j in distinct
        if i < j and is_near(rows[i], rows[j])
    ]
    shown = zip(found.pairs_.first.tolist(), found.pairs_.second.tolist(), strict=True)
    assert list(shown) == expected


@pytest.mark.parametrize("shared", ["nothing more was said by anybody", None])
def test_half_of_the_rows_may_share_a_text_or_have_none(shared):
    for seed in range(4):
        frame = mixed_table(seed, n=400)  # its last 12 rows are copies
        frame.loc[100:300, "text"] = shared
        found = DuplicateDetector().fit(frame)
        assert found.method_ == "mixed"
        expected = [*range(400), *range(12)]
        assert np.count_nonzero(found.groups_ != expected) <= 1
        assert found.groups_[400:].tolist() == [*range(12)]


def test_copies_in_a_mixed_table_are_found_and_nothing_else():
    for seed in range(5):
        found = DuplicateDetector().fit(mixed_table(seed))
        assert found.groups_.tolist() == [*range(120), *range(12)]
        for column, cell in [("size", 9.0), ("town", "Bern"), ("text", "else")]:
            changed = mixed_table(seed)
            changed.loc[120, column] = cell
            assert DuplicateDetector().fit(changed).groups_[120] == 120


def test_tables_without_copies_are_not_accused():
    for seed in range(10):
        frame = mixed_table(seed)[:120]
        assert len(DuplicateDetector().fit(frame).pairs_) == 0
        frame["text"] = frame["text"].iloc[0] + "!"  # tells nothing
        assert len(DuplicateDetector().fit(frame).pairs_) <= 1


def test_copies_are_found_by_chance_in_their_direction_alone():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(300, 6))
    copies = (X[:30] + 1e-4 * rng.normal(size=(30, 6))) * rng.uniform(0.1, 9, (30, 1))
    detector = DuplicateDetector(metric="cosine")
    assert len(detector.fit(X).pairs_) == 0
    groups = detector.fit(np.vstack([X, copies])).groups_
    assert groups.tolist() == [*range(300), *range(30)]


# ------------------------------------------------------------------ what is what


def test_texts_and_categories_are_told_by_their_cells():
    n = 60
    frame = pd.DataFrame(
        {
            "prose": sentences(n),
            "answer": ["I do not agree at all", "I agree with all of it"] * 30,
            "code": [f"AB-{i}" for i in range(n)],
            "name": [f"Ann Lee{i}" for i in range(n)],
            "declared": pd.Categorical(sentences(n)),
            "chinese": [f"这是第{i}个很长的句子没有空格" for i in range(n)],
            "number": np.arange(n),
            "list": [[1, i] for i in range(n)],
            "mixed": [1, "two words here"] * 30,
            "empty": [None] * n,
        }
    )
    frame.loc[3, "prose"] = None
    texts = {"prose", "chinese"}
    for table in (frame, pl.from_pandas(frame.drop(columns="mixed"))):
        kinds = DuplicateDetector().fit(table).column_kinds_
        assert {name for name, kind in kinds.items() if kind == "text"} == texts
        assert kinds["number"] == "number"
        assert kinds["list"] == kinds["code"] == "category"


@pytest.mark.parametrize(
    ("X", "method"),
    [
        (["a", "b"], "text"),
        (np.array(["a", "b"], dtype=object), "text"),
        ([{"a": 1}, {"a": 2}], "exact"),
        (np.array([["a"], ["b"]]), "exact"),
        ([[1.0], [2.0]], "numbers"),
    ],
)
def test_the_method_follows_from_the_table(X, method):
    assert DuplicateDetector().fit(X).method_ == method


def test_records_are_one_text_each():
    frame = pd.DataFrame(
        {
            "name": ["Ann Lee", "Anne Lee", "Bob Ray"],
            "street": ["12 Long Lane", "12 Long Lane", "3 Main Road"],
            "born": [1980, 1980, 1955],
        }
    )
    found = DuplicateDetector("text", threshold=0.6, shingle_size=3).fit(frame)
    assert found.groups_.tolist() == [0, 0, 2]
    texts = ["\n".join(map(str, row)) for row in frame.itertuples(index=False)]
    assert found.pairs_.similarity[0] == pytest.approx(jaccard(*texts[:2], size=3))
    assert found.threshold_ == found.text_threshold_ == 0.6
    assert DuplicateDetector().fit(frame).groups_.tolist() == [0, 1, 2]


def test_cleanlabs_rule_is_a_share_of_the_median_nearest_distance():
    X = np.r_[0.0, 1.0, 2.0, 3.0, 3.05, 4.0, 5.0, 6.0, 7.0].reshape(-1, 1)
    X = np.column_stack([X, X[::-1] ** 2])
    found = DuplicateDetector(threshold="cleanlab").fit(X)
    every = DuplicateDetector(threshold=100.0).fit(X).pairs_
    distance = np.full((9, 9), np.inf)
    distance[every.first, every.second] = every.distance
    nearest = np.minimum(distance, distance.T).min(axis=1)
    assert found.threshold_ == pytest.approx(0.13 * np.median(nearest))
    assert len(found.pairs_) == (every.distance <= found.threshold_).sum()


# ------------------------------------------------------------------- invariances

TABLES = {
    "numbers": lambda seed: mixed_table(seed)[["size", "price", "town"]],
    "texts": lambda seed: mixed_table(seed)[["text", "town"]],
    "mixed": mixed_table,
}


@pytest.mark.parametrize("linkage", ["components", "star"])
@pytest.mark.parametrize("kind", TABLES)
@few
@given(seed=seeds)
def test_permuting_rows_permutes_the_groups(kind, linkage, seed):
    frame = TABLES[kind](seed)
    order = np.random.default_rng(seed).permutation(len(frame))
    threshold = 0.3 if kind == "numbers" else "chance"  # which makes chains
    detector = DuplicateDetector(threshold=threshold, linkage=linkage)
    groups = detector.fit(frame).groups_
    permuted = detector.fit(frame.iloc[order]).groups_
    np.testing.assert_array_equal(permuted, first_rows(groups[order]))


@pytest.mark.parametrize("kind", TABLES)
def test_an_unrelated_row_changes_no_group_and_a_copy_joins_its_own(kind):
    frame = TABLES[kind](1)
    groups = DuplicateDetector().fit(frame).groups_
    stranger = frame[:1].copy()
    for name, cell in {"size": -1.234, "price": 0.777, "text": "xyz " * 9}.items():
        if name in frame:
            stranger[name] = cell
    n = len(frame)
    more = pd.concat([frame, stranger], ignore_index=True)
    assert DuplicateDetector().fit(more).groups_.tolist() == [*groups, n]
    for row in (0, 50, n - 1):
        more = pd.concat([frame, frame[row : row + 1]], ignore_index=True)
        found = DuplicateDetector().fit(more)
        assert found.groups_.tolist() == [*groups, groups[row]]
        assert found.sample_scores_[[row, n]].tolist() == [0, 0]


@few
@given(seed=seeds, power=st.integers(-40, 40))
def test_units_of_columns_do_not_matter(seed, power):
    frame = mixed_table(seed)
    other = frame.assign(
        size=3 - frame["size"] * 2.0**power, price=frame["price"] * 1e6
    )
    for linkage in ("components", "star"):
        detector = DuplicateDetector(linkage=linkage)
        np.testing.assert_array_equal(
            detector.fit(other).groups_, detector.fit(frame).groups_
        )


def test_a_greater_threshold_joins_more():
    X = mixed_table()[["size", "price"]]
    radii = [DuplicateDetector(threshold=t).fit(X).groups_ for t in (0.01, 0.1, 0.5)]
    texts = sentences(60, n_words=4)
    alike = [
        DuplicateDetector(text_threshold=t).fit(texts).groups_ for t in (0.9, 0.4, 0.2)
    ]
    by_chance, default = (
        DuplicateDetector(text_threshold=t).fit(texts).text_threshold_
        for t in ("chance", None)
    )
    assert default == max(by_chance, 0.7)
    for finer, coarser in [*pairwise(radii), *pairwise(alike)]:
        assert (coarser[finer] == coarser).all()
        assert np.unique(coarser).size < np.unique(finer).size


def test_the_same_twice_and_after_pickling_and_the_input_is_left_alone():
    frame = mixed_table()
    before = pickle.dumps(frame)
    detector = DuplicateDetector(linkage="star").fit(frame)
    again = clone(detector).fit(frame)
    assert pickle.dumps(frame) == before
    for other in (again, pickle.loads(pickle.dumps(detector))):
        np.testing.assert_array_equal(other.groups_, detector.groups_)
        assert other.pairs_.to_dict() == detector.pairs_.to_dict()
    assert detector.n_features_in_ == 4
    assert detector.feature_names_in_.tolist() == list(frame)
    np.testing.assert_array_equal(
        near_duplicate_groups(frame), DuplicateDetector("numbers").fit(frame).groups_
    )


# ------------------------------------------------------------------------- stars


def greedy_stars(n, pairs, relative, content):
    """Visit rows one by one, as the definition says."""
    neighbours = {i: {} for i in range(n)}
    for i, j, r in zip(*pairs, relative, strict=True):
        neighbours[i][j] = neighbours[j][i] = r

    def place(i):
        return -len(neighbours[i]), round(sum(neighbours[i].values()), 9), content[i]

    group = np.arange(n)
    free = set(range(n))
    for i in sorted(range(n), key=place):
        if i in free:
            taken = [i, *(j for j in neighbours[i] if j in free)]
            free -= set(taken)
            group[taken] = min(taken)
    return group.tolist()


@settings(max_examples=60, deadline=None)
@given(seed=seeds, n=st.integers(2, 25), share=st.floats(0, 0.5))
def test_stars_are_those_of_visiting_row_by_row(seed, n, share):
    rng = np.random.default_rng(seed)
    i, j = np.triu_indices(n, k=1)
    kept = rng.random(i.size) < share
    pairs, relative = (i[kept], j[kept]), rng.random(kept.sum())
    groups = stars(np.arange(n), DuplicatePairs(*pairs), relative, lambda rows: [rows])
    assert groups.tolist() == greedy_stars(n, pairs, relative, range(n))


def test_a_star_breaks_a_chain_that_components_follow():
    X = np.column_stack([np.arange(30) * 0.01, np.zeros(30)])
    X = np.vstack([X, np.random.default_rng(0).normal(size=(100, 2)) * 50])
    chained = DuplicateDetector(threshold=0.0007).fit(X)
    starred = DuplicateDetector(threshold=0.0007, linkage="star").fit(X)
    assert (chained.groups_[:30] == 0).all()
    assert np.bincount(starred.groups_[:30]).max() < 10
    pairs = {*zip(starred.pairs_.first, starred.pairs_.second, strict=True)}
    for group in np.unique(starred.groups_):
        rows = np.flatnonzero(starred.groups_ == group)
        joined = [sum((min(a, b), max(a, b)) in pairs for b in rows) for a in rows]
        assert max(joined) == rows.size - 1


# --------------------------------------------------------------- scores and flags


def test_scores_are_low_for_near_twins_and_0_for_equal_rows():
    X = np.random.default_rng(0).normal(size=(200, 8))
    X[50], X[60], X[70] = X[0], X[1] + 1e-5, X[2] + 1e-3
    found = DuplicateDetector().fit(X)
    scores = found.sample_scores_
    assert scores[0] == scores[50] == 0
    assert 0 < scores[60] == scores[1] < scores[70] == scores[2] <= 0.5
    assert (np.sort(scores)[6:] == 1).all()
    np.testing.assert_allclose(
        scores[60], 0.5 * found.pairs_.distance[0] / found.threshold_
    )
    assert np.flatnonzero(found.issue_mask_).tolist() == [50, 60, 70]
    frame = found.pairs_.to_frame()
    assert frame[["first", "second"]].to_numpy().tolist() == [[1, 60], [2, 70]]


# --------------------------------------------------------------------- bad input


def test_odd_tables():
    def groups(X, **options):
        return DuplicateDetector(**options).fit(X).groups_.tolist()

    assert groups(np.zeros((50, 3))) == [0] * 50
    assert groups(np.full((50, 3), NAN)) == [0] * 50
    assert groups([[1.0]]) == groups(["a"]) == [0]
    X = np.random.default_rng(0).normal(size=(100, 5))
    X[99] = X[0] + 1e-4
    wide = np.column_stack([X * [1, 1e6, 1, 1e-6, 1], np.ones(100)])
    assert groups(wide) == groups(X) == [*range(99), 0]
    wide[[0, 99], 2] = NAN
    assert groups(wide)[99] == 0
    wide[99, 2] = np.inf
    assert groups(wide)[99] == 99
    assert groups(["", " ", "", "  "], text_threshold=0.9)[2] == 0
    long = "".join(np.random.default_rng(0).choice(list("abcdef "), 200_000))
    assert groups([long, long[:-9], "short"]) == [0, 0, 2]
    cells = pd.DataFrame({"x": X[:, 0], "list": [[1, 2], [3]] * 50})
    assert groups(cells) == [*range(100)]
    assert groups(sp.csr_array(np.eye(3)[[0, 1, 0]]), method="exact") == [0, 1, 0]
    along = np.array([[0.0, 0], [1, 2], [2, 4]])
    assert groups(along, metric="cosine", threshold=1.0) == [0, 1, 1]


@pytest.mark.parametrize(
    ("options", "X", "message"),
    [
        ({}, sp.csr_array(np.eye(30)), "X is a sparse csr.*TruncatedSVD"),
        ({}, np.empty((0, 3)), "0 sample"),
        ({}, np.arange(5.0), "1D array"),
        ({}, "a text", "X is one text, 'a text': pass a list of texts"),
        ({"threshold": 0}, np.eye(3), "threshold"),
        ({"threshold": True}, np.eye(3), "threshold=True: pass a number"),
        ({"threshold": "chanc"}, np.eye(3), "threshold"),
        (
            {"threshold": 1.5, "metric": "cosine"},
            np.eye(3),
            "similarity.*number in",
        ),
        ({"threshold": 2, "method": "text"}, ["a"], "similarity.*number in"),
        ({"text_threshold": 0.0}, ["a"], "text_threshold"),
        ({"method": "dense"}, np.eye(3), "method"),
        ({"linkage": "single"}, np.eye(3), "linkage"),
        ({"shingle_size": 0}, ["a"], "shingle_size"),
        (
            {"threshold": 9.0},
            np.random.default_rng(0).normal(size=(6000, 3)),
            "threshold=9 .*pass threshold=.*or 'chance'",
        ),
    ],
)
def test_what_cannot_be_is_refused_with_the_cure(options, X, message):
    with pytest.raises(ValueError, match=message):
        DuplicateDetector(**options).fit(X)


# ------------------------------------------------------------------ what is kept


def in_a_row(*places, n_others=60):
    """Rows on a line, and others far off; a radius joins neighbours of 1 apart."""
    others = np.random.default_rng(0).normal(size=(n_others, 2)) * 1e4
    line = np.column_stack([places, np.zeros(len(places))])
    return np.vstack([line, others])


def kept_of(sampler, X, y, n):
    sampler.fit_resample(X, y)
    lineage = sampler.lineage_
    return np.flatnonzero(~lineage.dropped[:n]).tolist(), lineage


def line_detector(X, reach):
    scale = np.clip(X[:, 0], *np.sort(X[:, 0])[[1, -2]]).std()
    return DuplicateDetector(threshold=1.001 * reach / scale)


def test_the_medoid_has_the_smallest_sum_of_distances():
    X = in_a_row(0.0, 1.0, 2.0, 2.5, 10.0)
    y = np.arange(len(X)) % 2
    y[:5] = 0
    sampler = Deduplicator(line_detector(X, 10), keep="medoid")
    kept, lineage = kept_of(sampler, X, y, 5)
    assert kept == [2]  # sums of 15.5, 12.5, 11.5, 12, 34.5
    assert lineage.drop_ref[:5].tolist() == [2, 2, -1, 2, 2]
    assert (lineage.drop_reason[[0, 1, 3, 4]] == Reason.DUPLICATE).all()
    assert kept_of(sampler.set_params(keep="first"), X, y, 5)[0] == [0]


def test_equal_rows_count_in_the_medoid_and_ties_go_to_the_first():
    X, y = in_a_row(0.0, 1.0, 2.0, 2.0, 2.0, 2.0), np.arange(66) % 2
    y[:6] = 1
    sampler = Deduplicator(line_detector(X, 3), keep="medoid")
    assert kept_of(sampler, X, y, 6)[0] == [2]
    X = in_a_row(1.0, 0.0, 1.5, 0.5)  # 0 and 3 tie
    assert kept_of(sampler, X, y[:64], 4)[0] == [0]
    X, y = in_a_row(0.0, 1.0), np.arange(62) % 2
    y[:2] = 0
    assert kept_of(sampler, X, y, 2)[0] == [0]


@few
@given(seed=seeds)
def test_medoids_agree_with_brute_force_within_labels(seed):
    rng = np.random.default_rng(seed)
    places = rng.integers(0, 8, 14).astype(float)
    X = in_a_row(*places)
    y = np.r_[rng.integers(0, 2, 14), np.arange(60) % 2]
    sampler = Deduplicator(line_detector(X, 7), keep="medoid", on_conflict="keep")
    kept, _ = kept_of(sampler, X, y, 14)
    expected = []
    for label in np.unique(y[:14]):
        rows = np.flatnonzero(y[:14] == label)
        sums = np.abs(places[rows][:, None] - places[rows]).sum(axis=1)
        expected.append(rows[np.flatnonzero(np.isclose(sums, sums.min()))[0]])
    assert kept == sorted(expected)


def test_any_row_may_be_kept_at_random_and_the_seed_decides():
    X, y = in_a_row(*[0.0] * 8), np.arange(68) % 2
    y[:8] = 0
    kept = {
        tuple(kept_of(Deduplicator(keep="random", random_state=s), X, y, 8)[0])
        for s in range(40)
    }
    assert len(kept) > 5
    assert all(len(rows) == 1 for rows in kept)
    twice = [
        kept_of(Deduplicator(keep="random", random_state=3), X, y, 8)[1].drop_ref
        for _ in range(2)
    ]
    np.testing.assert_array_equal(*twice)
    kept = kept_of(Deduplicator(keep="random", random_state=3), X, y, 8)[0]
    assert (np.delete(twice[0][:8], kept) == kept[0]).all()


@pytest.mark.parametrize(
    ("on_conflict", "stays"),
    [("majority", [1]), ("drop", []), ("keep", [1, 3])],
)
def test_conflicts_are_settled_whichever_row_is_kept(on_conflict, stays):
    X, y = in_a_row(0.0, 1.0, 2.0, 1.2), np.arange(64) % 2
    y[:4] = 0, 0, 0, 1
    sampler = Deduplicator(line_detector(X, 3), keep="medoid", on_conflict=on_conflict)
    kept, lineage = kept_of(sampler, X, y, 4)
    assert kept == stays
    assert sampler.n_conflicts_ == 1
    if on_conflict == "majority":
        assert lineage.drop_ref[:4].tolist() == [1, -1, 1, 1]
        reasons = [Reason.DUPLICATE, 0, Reason.DUPLICATE, Reason.LABEL_CONFLICT]
        assert lineage.drop_reason[:4].tolist() == reasons
    with pytest.raises(ValueError, match="disagrees within 1 group"):
        sampler.set_params(on_conflict="raise").fit_resample(X, y)


def test_weights_decide_the_majority_of_near_rows():
    frame = mixed_table()
    y = np.r_[np.zeros(120), np.ones(12)]
    sampler = Deduplicator(DuplicateDetector())
    weight = np.r_[np.ones(120), np.full(12, 3.0)]
    sampler.fit_resample(frame, y, sample_weight=weight)
    assert sampler.lineage_.dropped[:12].all()
    assert sampler.lineage_.drop_ref[:12].tolist() == [*range(120, 132)]


def test_a_row_of_weight_0_stands_for_no_other():
    X, y = in_a_row(0.0, 0.0, 0.0), np.arange(63) % 2
    y[:3] = 0
    for keep in ("first", "medoid"):
        sampler = Deduplicator(keep=keep)
        sampler.fit_resample(X, y, sample_weight=np.r_[0.0, np.ones(62)])
        assert sampler.lineage_.drop_ref[:3].tolist() == [1, -1, 1]


def test_targets_of_any_cells_are_equal_or_not():
    X = np.zeros((6, 1))
    y = np.array([None, "a", 1.5, None, "a", 1.5], dtype=object)
    sampler = Deduplicator(target_type="continuous")
    sampler.fit_resample(X, y)
    assert sampler.lineage_.drop_ref.tolist() == [-1, -1, -1, 0, 1, 2]


def test_near_is_short_for_a_detector_and_texts_come_back_as_they_were():
    texts = sentences(40)
    texts += [text + "." for text in texts[:5]]
    y = np.arange(45) % 2
    y[40:] = y[:5]
    kept, labels = Deduplicator(near=True).fit_resample(texts, y)
    assert kept == texts[:40]
    assert len(labels) == 40
    same = Deduplicator(DuplicateDetector())
    assert same.fit_resample(texts, y)[0] == kept
    assert same.detector_.method_ == "text"
    assert len(Deduplicator().fit_resample(texts, y)[0]) == 45


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (LR, "model, not a detector: pass DuplicateDetector"),
        ("exact", r"is a text.*DuplicateDetector\(\) from skdataquality.duplicates"),
        (DuplicateDetector, "is a class: pass an instance"),
        (LabelErrorDetector(), "groups no duplicates: pass DuplicateDetector"),
    ],
)
def test_what_finds_no_duplicates_is_refused(wrong, message):
    with pytest.raises(ValueError, match=message):
        Deduplicator(wrong).fit_resample(np.eye(4), [0, 1, 0, 1])


def test_a_detector_where_a_remedy_is_wanted_is_told_its_sampler():
    with pytest.raises(ValueError, match=r"Deduplicator\(.*from skdataquality.dupl"):
        RemediedClassifier(LR, DuplicateDetector()).fit(np.eye(4), [0, 1, 0, 1])


def test_inside_a_wrapper_a_pipeline_and_a_grid():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(80, 4))
    X = np.vstack([X, X[:20] + 1e-3 * rng.normal(size=(20, 4))])
    y = (X[:, 0] > 0).astype(int)
    remedy = Deduplicator(DuplicateDetector(), keep="medoid")
    wrapped = RemediedClassifier(LR, remedy).fit(X, y)
    assert wrapped.lineage_.dropped.sum() == 20
    piped = make_pipeline(remedy, LR).fit(X, y)
    np.testing.assert_allclose(piped[-1].coef_, wrapped.estimator_.coef_)
    grid = {"remedy__detector__threshold": [0.001, 0.1, "chance"]}
    search = GridSearchCV(RemediedClassifier(LR, remedy), grid, cv=3).fit(X, y)
    assert len(search.cv_results_["params"]) == 3
    assert (
        search.best_estimator_.remedy.detector.threshold
        in grid["remedy__detector__threshold"]
    )


# ------------------------------------------------------------------------- folds


def test_the_splitter_and_the_groups_keep_near_rows_together():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(60, 4))
    source = rng.integers(0, 60, 60)
    y = rng.integers(0, 2, 60)
    X = np.vstack([X, X[source] + 1e-4 * rng.normal(size=(60, 4))])
    y = np.r_[y, y[source]]  # coin flips, which only memory gets right
    model = KNeighborsClassifier(1)
    splitter = DuplicateGroupKFold(detector=DuplicateDetector(), random_state=0)
    honest = cross_val_score(model, X, y, cv=splitter).mean()
    groups = DuplicateDetector().fit(X).groups_
    by_groups = cross_val_score(
        model, X, y, groups=groups, cv=StratifiedGroupKFold(5)
    ).mean()
    assert cross_val_score(model, X, y, cv=5).mean() > 0.7
    assert abs(honest - 0.5) < 0.15
    assert abs(by_groups - 0.5) < 0.15
    own = np.maximum(np.arange(120), 10)  # the first eleven rows are one unit
    for train, test in splitter.split(X, y, groups=own):
        assert not set(groups[train]) & set(groups[test])
        assert not set(own[train]) & set(own[test])


def test_the_splitter_takes_texts():
    texts = sentences(30)
    texts += [text + "." for text in texts]
    y = np.arange(60) % 2
    splitter = DuplicateGroupKFold(3, near=True, random_state=0)
    for _, test in splitter.split(texts, y):
        np.testing.assert_array_equal(np.sort(test % 30)[::2], np.sort(test % 30)[1::2])
    with pytest.raises(ValueError, match="groups no duplicates"):
        next(DuplicateGroupKFold(detector=LR).split(texts, y))
    with pytest.raises(ValueError, match="near='yes': pass True or False"):
        next(DuplicateGroupKFold(near="yes").split(texts, y))
    for wrong in (1, 2.5, "5", None, True):
        splitter = DuplicateGroupKFold(wrong)
        for ask in (splitter.get_n_splits, splitter.split(texts, y).__next__):
            with pytest.raises(ValueError, match="n_splits=.*: pass a whole number"):
                ask()


def test_a_quantity_of_whole_numbers_gets_all_its_folds():
    X, y = np.random.default_rng(0).normal(size=(60, 2)), np.arange(60) * 1000
    splitter = DuplicateGroupKFold(5, random_state=0)
    assert [test.size for _, test in splitter.split(X, y)] == [12] * 5
    assert splitter.get_n_splits(X, y) == 5


# ------------------------------------------------------------ the lens and the fix


def test_the_lens_finds_what_the_detector_finds():
    texts = [*sentences(60)]
    texts += [text + "." for text in texts[:8]]
    y = np.zeros(68, dtype=int)
    y[60:63] = 1
    result = duplicate_lens(texts, y)
    assert result.verdict == "found"
    assert result.numbers["near_rows"] == 8
    assert result.numbers["near_conflicting_groups"] == 3
    assert "near_radius" not in result.numbers
    np.testing.assert_array_equal(result.groups, DuplicateDetector().fit(texts).groups_)
    closest = result.evidence["closest pairs"]
    assert closest[0]["similarity"] >= closest[-1]["similarity"] >= 0.7
    assert result.remedies[0].near
    assert any("pieces of five characters" in limit for limit in result.limits)
    assert duplicate_lens(texts[:60]).verdict == "clear"


def test_the_fix_drops_near_texts_of_equal_label():
    frame = mixed_table().assign(label=["a", "b"] * 66)
    frame.loc[120, "label"] = "b"
    done = fix_table(frame, "label", near=True)
    assert done.rows.tolist() == [*range(121)]
    assert done.lineage.drop_ref[121:].tolist() == [*range(1, 12)]


def test_short_texts_are_compared_in_a_list_and_missed_in_a_table_which_is_said():
    rng = np.random.default_rng(0)
    names = ["".join(rng.choice(list("abcdefghijklm"), 16)) for _ in range(60)]
    names += [name + "n" for name in names[:8]]
    listed = duplicate_lens(names)
    assert (listed.verdict, listed.numbers["near_rows"]) == ("found", 8)
    people = pd.DataFrame({"name": names, "town": ["Rome", "Oslo"] * 34})
    people["age"] = rng.integers(0, 99, 68)
    limits = duplicate_lens(people).limits
    assert any("differ in column(s) name, were not" in limit for limit in limits)
    assert not any("typed in" in limit for limit in listed.limits)
    assert duplicate_lens([[1, 2], [1, 3]]).verdict == "clear"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"near": None}, "near=None: pass True or False"),
        ({"groups": np.ones(30, dtype=int)}, "groups=.* name the first row.*units"),
        ({"groups": ["a"] * 30}, "groups=.* name the first row"),
        ({"groups": np.full(30, 99)}, "groups=.* name the first row"),
        ({"units": [None] * 30}, "units has 30 missing"),
        ({"y": [[1, 2], [3]] * 15}, "y holds lists of different lengths"),
    ],
)
def test_the_lens_names_the_argument_it_refuses(change, message):
    X = np.random.default_rng(0).normal(size=(30, 2))
    with pytest.raises(ValueError, match=message):
        duplicate_lens(X, **change)


def test_where_texts_are_alike_by_template_the_lens_says_so():
    rng = np.random.default_rng(0)
    texts = [
        f"Your parcel number {a} was sent today and will arrive tomorrow at place {b}."
        for a, b in rng.integers(1000, 9999, size=(300, 2))
    ]
    assert DuplicateDetector().fit(texts).text_threshold_ > 0.9
    result = duplicate_lens(texts)
    assert (result.verdict, result.reason_code) == ("cannot tell", "near_texts_unseen")
    assert "cannot be told by text here" in result.summary
    assert "nearly repeats another" not in result.summary
