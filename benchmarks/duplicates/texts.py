"""Similar texts: what is found, how fast and in what memory, and what is chance."""

from collections import Counter
from functools import cache
from itertools import chain

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer

from benchmarks import _speed, _tables
from benchmarks._problem import Part, Target, grid
from benchmarks.duplicates._text_collections import (
    CHOSEN_ON,
    REPORTED,
    LETTERS,
    messages,
    persons,
    with_copies,
)
from skdataquality.duplicates._texts import chance_similarity, similar_texts
from skdataquality.duplicates._texts._bands import Banding, banding_for
from skdataquality.duplicates._texts._overlap import pair_similarities
from skdataquality.duplicates._texts._shingles import shingle_hashes, text_lengths
from skdataquality.duplicates._texts._similar_texts import sketched_pairs

SIZE, THRESHOLD = 5, 0.7
BANDS, ROWS = 32, 4
OURS, RENSA, RENSA_HASHED, DATASKETCH = (
    "skdataquality",
    "rensa",
    "rensa on our shingles",
    "datasketch",
)
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


def _rensa_candidates(sketches):
    from rensa import RMinHashLSH

    index = RMinHashLSH(THRESHOLD, BANDS * ROWS, BANDS)
    index.insert_many(sketches)
    return index.query_all(sketches)


def rensa(texts):
    from rensa import RMinHash

    sketches = RMinHash.from_token_sets(map(shingles, texts), BANDS * ROWS, 1)
    return verified(texts, _rensa_candidates(sketches))


def rensa_on_our_shingles(texts):
    """Hash shingles as we do, so that none is ever a Python string."""
    from rensa import RMinHash, RMinHashLSH

    hashes, starts = shingle_hashes(texts, SIZE)
    offsets = np.append(starts, hashes.size).astype(np.uint64)
    matrix = RMinHash.digest_matrix_from_flat_token_hashes(
        hashes, offsets, BANDS * ROWS, 1
    )
    index = RMinHashLSH(THRESHOLD, BANDS * ROWS, BANDS)
    index.insert_matrix(matrix)
    bands = np.array(matrix.to_rows(), dtype=np.uint32)
    return bands, index


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
