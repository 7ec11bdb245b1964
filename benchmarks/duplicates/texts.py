"""Similar texts: what is found, how fast and in what memory, and what is chance."""

import time
from collections import Counter
from functools import cache
from itertools import chain

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer

from benchmarks import _speed, _tables
from benchmarks._problem import Part, Target, grid
from benchmarks.duplicates._text_collections import (
    CHOSEN_ON,
    LETTERS,
    REPORTED,
    messages,
    persons,
    with_copies,
)
from skdataquality.duplicates._texts import chance_similarity, similar_texts
from skdataquality.duplicates._texts._bands import Banding, banding_for
from skdataquality.duplicates._texts._overlap import pair_similarities
from skdataquality.duplicates._texts._shingles import text_lengths
from skdataquality.duplicates._texts._similar_texts import sketched_pairs

SIZE, THRESHOLD = 5, 0.7
BANDS, ROWS = 32, 4
OURS, RENSA, DATASKETCH = "skdataquality", "rensa", "datasketch"
REPEATS = 3
THRESHOLDS = np.arange(0.1, 0.91, 0.05).round(2)


def sentences(rng, n, n_words, copies=0.3):
    """Random words, and copies with up to three letters changed."""
    words = np.array(
        ["".join(rng.choice(LETTERS, rng.integers(2, 10))) for _ in range(2000)]
    )
    sizes = rng.integers(n_words - 6, n_words + 7, n)
    texts = [" ".join(rng.choice(words, size)) for size in sizes]
    n_new = round(n * (1 - copies))
    for row in range(n_new, n):
        cells = list(texts[rng.integers(n_new)])
        for at in rng.integers(len(cells), size=rng.integers(0, 4)):
            cells[at] = rng.choice(LETTERS)
        texts[row] = "".join(cells)
    return list(dict.fromkeys(texts))


# ---------------------------------------------------------------- speed
def shingles(text):
    return [text[i : i + SIZE] for i in range(max(len(text) - SIZE + 1, 1))]


def ours(texts):
    return sketched_pairs(texts, THRESHOLD, SIZE, Banding(BANDS, ROWS))[:2]


def verified(texts, candidates):
    """Sift what an index says of each text by the similarity that we compute."""
    sizes = [len(others) for others in candidates]
    first = np.repeat(np.arange(len(texts)), sizes)
    second = np.fromiter(chain.from_iterable(candidates), np.int64, count=sum(sizes))
    first, second = first[first < second], second[first < second]
    similarity = pair_similarities(texts, text_lengths(texts), first, second, SIZE)
    keep = similarity >= THRESHOLD
    return first[keep], second[keep]


def rensa(texts):
    from rensa import RMinHash, RMinHashLSH

    sketches = RMinHash.from_token_sets(map(shingles, texts), BANDS * ROWS, 1)
    index = RMinHashLSH(THRESHOLD, BANDS * ROWS, BANDS)
    index.insert_many(sketches)
    return verified(texts, index.query_all(sketches))


def datasketch(texts):
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(num_perm=BANDS * ROWS, params=(BANDS, ROWS))
    sketches = []
    for row, text in enumerate(texts):
        sketch = MinHash(num_perm=BANDS * ROWS, seed=1)
        sketch.update_batch([shingle.encode() for shingle in set(shingles(text))])
        index.insert(row, sketch)
        sketches.append(sketch)
    return verified(texts, [index.query(sketch) for sketch in sketches])


def measure_speed(rows, words):
    texts = sentences(np.random.default_rng(0), rows, words)
    calls = {OURS: ours, RENSA: rensa, DATASKETCH: datasketch}
    found = {}
    for name, call in list(calls.items()):
        try:
            found[name] = set(zip(*map(np.ndarray.tolist, call(texts)), strict=True))
        except ImportError:
            del calls[name]
    every = set.union(*found.values())
    raced = _speed.race(
        {name: lambda call=call: call(texts) for name, call in calls.items()},
        REPEATS,
        shortest=0,
    )
    return [
        {
            **row,
            "pairs": len(found[name]),
            "share_of_all": len(found[name]) / len(every),
        }
        for row in raced
        for name in [row["library"]]
    ]


def speed_targets(rows, quick):
    if quick:
        return []
    slowness = rows.groupby("library")["ratio"].min()
    limits = {RENSA: 1 / 1.2, DATASKETCH: 8}
    return [
        Target(f"seconds of {name} over ours", slowness[name], limit)
        for name, limit in limits.items()
        if name in slowness
    ]


SPEED = Part(
    measure_speed,
    f"{_speed.TIMES} pairs share_of_all",
    full=grid(rows=[8000], words=[14, 50]),
    quick=grid(rows=[200], words=[14]),
    tables={
        "Pairs of a similarity of .7 or more, 32 bands of 4 hashes, all candidates "
        "verified by the same code; seconds with the making of shingles.": _speed.table
    },
    targets=speed_targets,
)


# ---------------------------------------------------------------- what is found
def measure_found(rows, threshold, seed):
    texts = sentences(np.random.default_rng(seed), rows, 14)
    truth = _pairs_by_products(texts, threshold)
    first, second, _, _ = sketched_pairs(texts, threshold, SIZE, banding_for(threshold))
    by_sketches = set(zip(first.tolist(), second.tolist(), strict=True))
    pairs = similar_texts(texts, threshold)
    found = set(zip(pairs.first.tolist(), pairs.second.tolist(), strict=True))
    return [
        {
            "way": way,
            "true_pairs": len(truth),
            "recall": len(answer & truth) / len(truth),
            "false_pairs": len(answer - truth),
        }
        for way, answer in (("as chosen", found), ("sketches", by_sketches))
    ]


def _pairs_by_products(texts, threshold):
    """Count shingles with scikit-learn and compare all pairs, 500 rows at a time."""
    counter = CountVectorizer(
        analyzer="char", ngram_range=(SIZE, SIZE), lowercase=False, binary=True
    )
    counts = counter.fit_transform(texts).astype(np.int32)
    sizes = np.asarray(counts.sum(axis=1)).ravel()
    found = set()
    for start in range(0, len(texts), 500):
        block = slice(start, start + 500)
        shared = (counts[block] @ counts.T).toarray()
        union = sizes[block, None] + sizes - shared
        first, second = np.nonzero(shared >= threshold * union)
        first += start
        keep = first < second
        found |= set(zip(first[keep].tolist(), second[keep].tolist(), strict=True))
    return found


def found_targets(rows, quick):
    recall = (rows["recall"] * rows["true_pairs"]).sum() / rows["true_pairs"].sum()
    return [
        Target("recall", recall, 0.99),
        Target("false pairs", rows["false_pairs"].max(), 0, True),
    ]


FOUND = Part(
    measure_found,
    "way true_pairs recall false_pairs",
    full=grid(rows=[4000], threshold=[0.3, 0.5, 0.7, 0.85], seed=range(101, 104)),
    quick=grid(rows=[300], threshold=[0.7], seed=[101]),
    tables={
        "Beside all pairs by scikit-learn's counts; the similarities were chosen "
        "beforehand, the seeds used nowhere else.": _tables.as_they_are
    },
    targets=found_targets,
)


# ---------------------------------------------------------------- many texts
def measure_many(rows):
    return [_speed.in_new_process(_many, rows)]


def _many(rows):
    rng = np.random.default_rng(0)
    words = np.array(
        ["".join(rng.choice(LETTERS, rng.integers(2, 10))) for _ in range(20_000)]
    )
    texts: list[str] = []
    while len(texts) < rows:  # in parts, so that making them takes no memory
        drawn = rng.choice(words, (10_000, 9))
        new = [" ".join(row) for row in drawn.tolist()]
        texts += [*new[:-1000], *(text[:-2] + "xy" for text in new[:1000])]
    before, start = _speed.peak_bytes(), time.perf_counter()
    pairs = similar_texts(texts, THRESHOLD)
    return {
        "seconds": time.perf_counter() - start,
        "text_mb": sum(map(len, texts)) / 1e6,
        "peak_mb": (_speed.peak_bytes() - before) / 1e6,
        "pairs": pairs.first.size,
        "complete": pairs.complete,
    }


MANY = Part(
    measure_many,
    "seconds text_mb peak_mb pairs complete",
    full=grid(rows=[100_000, 1_000_000]),
    quick=grid(rows=[10_000]),
    tables={
        "Short texts, a tenth of them copies with another end; the peak is what the "
        "process holds beside them.": _tables.as_they_are
    },
    targets=lambda rows, quick: [Target("peak, MB", rows["peak_mb"].max(), 400, True)],
)


# ---------------------------------------------------------------- records of persons
def measure_persons(data, size, rule):
    number = int(data[-1])
    if persons(number) is None:
        return []
    texts, entity = persons(number)
    other = 3 - number
    threshold = (
        chance_similarity(texts, shingle_size=size)
        if rule == "chance"
        else _best_threshold(other, size)
    )
    scores = _scores(similar_texts(texts, threshold, shingle_size=size), entity)
    chosen_on = "no truth" if rule == "chance" else f"febrl {other}"
    return [{"chosen_on": chosen_on, "threshold": threshold, **scores}]


@cache
def _best_threshold(number, size):
    """Middle of the thresholds of the highest F1."""
    texts, entity = persons(number)
    pairs = similar_texts(texts, THRESHOLDS[0], shingle_size=size)
    f1 = [_scores(pairs, entity, threshold)["f1"] for threshold in THRESHOLDS]
    return float(np.median(THRESHOLDS[np.isclose(f1, max(f1))]))


def _scores(pairs, entity, threshold=0.0):
    keep = pairs.similarity >= threshold
    same = (entity[pairs.first] == entity[pairs.second])[keep]
    n_true = sum(n * (n - 1) // 2 for n in Counter(entity.tolist()).values())
    precision, recall = same.mean() if same.size else 1.0, same.sum() / n_true
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    return {"precision": precision, "recall": recall, "f1": f1}


PERSONS = Part(
    measure_persons,
    "chosen_on threshold precision recall f1",
    full=grid(
        data=["febrl 1", "febrl 2"], size=[3, 5], rule=["the other set", "chance"]
    ),
    quick=grid(data=["febrl 1"], size=[3], rule=["chance"]),
    tables={
        "Pairs of records of one person, each record's cells as one text, the "
        "threshold as the rule says.": _tables.as_they_are
    },
    targets=lambda rows, quick: (
        [
            Target(
                "F1, threshold of the other set",
                rows.loc[rows["rule"] == "the other set", "f1"].min(),
                0.95,
            )
        ]
        if not quick
        else []
    ),
)


# ---------------------------------------------------------------- chance
def measure_chance(half, family, size, rows, copies, group):
    make = {**CHOSEN_ON, **REPORTED}[family]
    told = []
    first_seed = 0 if half == "chosen on" else 200
    for seed in range(first_seed, first_seed + 3):
        rng = np.random.default_rng(seed)
        base = list(dict.fromkeys(make(rng, rows)))
        texts, origin = with_copies(base, rng, copies, group)
        threshold = chance_similarity(texts, shingle_size=size)
        pairs = similar_texts(texts, 0.2, shingle_size=size)
        told.append((threshold, *_of_copies(pairs, origin, threshold)))
    names = ["threshold", "false_pairs", "recall", "best_recall"]
    return [dict(zip(names, map(float, np.mean(told, axis=0)), strict=True))]


def _of_copies(pairs, origin, threshold):
    """Count false pairs; return recall, and that of a threshold without one."""
    is_copy = origin[pairs.first] == origin[pairs.second]
    n_true = sum(n * (n - 1) // 2 for n in Counter(origin.tolist()).values())
    highest = pairs.similarity[~is_copy].max(initial=0.2)
    found = pairs.similarity >= threshold
    if n_true == 0:
        return (found & ~is_copy).sum(), np.nan, np.nan
    best = (is_copy & (pairs.similarity > highest)).sum() / n_true
    return (found & ~is_copy).sum(), (found & is_copy).sum() / n_true, best


def _chance_tasks(rows, sizes):
    cases = [(0.0, 1), (0.1, 1), (0.3, 1), (0.6, 2), (0.6, 6)]
    halves = {"chosen on": CHOSEN_ON, "reported": REPORTED}
    return [
        {"half": half, **task, "copies": copies, "group": group}
        for half, families in halves.items()
        for task in grid(family=families, size=sizes, rows=rows)
        for copies, group in cases
    ]


def chance_table(rows):
    by = ["half", "family", "size", "copies", "group"]
    return (
        rows.groupby(by, sort=False)[
            ["threshold", "false_pairs", "recall", "best_recall"]
        ]
        .mean()
        .reset_index()
    )


def chance_targets(rows, quick):
    clean = rows[(rows["half"] == "reported") & (rows["copies"] == 0)]
    return [Target("false pairs without copies", clean["false_pairs"].mean(), 1, True)]


CHANCE = Part(
    measure_chance,
    "threshold false_pairs recall best_recall",
    full=_chance_tasks((800,), (3, 5)),
    quick=_chance_tasks((300,), (3,))[::7],
    tables={
        "The threshold of chance: mean numbers of pairs of texts that are no copies of "
        "each other, and the share of pairs of copies found; best_recall is that of "
        "the lowest threshold without a false pair.": chance_table
    },
    targets=chance_targets,
)


# ---------------------------------------------------------------- messages
def measure_messages(data, size):
    texts = messages(data)
    if texts is None:
        return []
    exact = len(texts) - len(set(texts))
    chance = chance_similarity(texts, shingle_size=size)
    found = {}
    for name, threshold in (("at_0.7", THRESHOLD), ("by_chance", chance)):
        pairs = similar_texts(texts, threshold, shingle_size=size)
        found[f"near_{name}"] = pairs.first.size - exact
    return [{"rows": len(texts), "exact": exact, "chance": chance, **found}]


MESSAGES = Part(
    measure_messages,
    "rows exact chance near_at_0.7 near_by_chance",
    full=grid(data=["sms_spam", "youtube_spam"], size=[3, 5]),
    quick=grid(data=["sms_spam"], size=[5]),
    tables={
        "Texts that repeat an earlier one exactly, and pairs of different texts beyond "
        "the threshold.": _tables.as_they_are
    },
)
