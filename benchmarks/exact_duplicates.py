"""Time and memory of exact duplicates beside pandas, on numbers.

Normal numbers, of whose rows 2 % repeat others. ``duplicated`` compares rows, and its
answer is compared with ours first; ``hash_pandas_object`` gives hashes only, which may
collide. Ours does both. One process, one thread, interleaved.
"""

import numpy as np
import pandas as pd

from benchmarks import _speed
from benchmarks._problem import Part
from skdataquality.duplicates import duplicate_groups

SHARE_REPEATED = 0.02
REPEATS = 3


def make_tables(n_rows, n_columns, *, seed=0):
    """Draw normal numbers; the last rows repeat others, in another order."""
    rng = np.random.default_rng(seed)
    table = rng.normal(size=(n_rows, n_columns))
    n_repeated = int(n_rows * SHARE_REPEATED)
    originals = rng.choice(n_rows - n_repeated, size=n_repeated, replace=False)
    table[n_rows - n_repeated :] = table[originals]
    return table, pd.DataFrame(table).rename(columns=str)


def repeats_are_the_same(groups, other):
    """Compare group numbers with group numbers, or with a mask of later copies."""
    is_mask = other.dtype == bool
    ours = groups != np.arange(groups.size) if is_mask else groups
    np.testing.assert_array_equal(ours, other)


def hashes_of(table, frame):
    return pd.util.hash_pandas_object(frame, index=False)


QUESTION = _speed.Question(
    make_tables,
    {
        "skdataquality, array": lambda table, frame: duplicate_groups(table),
        "skdataquality, frame": lambda table, frame: duplicate_groups(frame),
        "pandas duplicated": lambda table, frame: frame.duplicated(),
    },
    repeats_are_the_same,
    floors={
        "pandas hash": hashes_of,
        "pandas hash, then duplicated": lambda *tables: hashes_of(*tables).duplicated(),
    },
)


def measure(rows, columns):
    return _speed.measure(QUESTION, (rows, columns), n_repeats=REPEATS)


PARTS = {
    "exact_duplicates": Part(
        measure,
        f"{_speed.TIMES} {_speed.MEMORY}",
        full=[{"rows": 1_000_000, "columns": 20}],
        quick=[{"rows": 50_000, "columns": 20}],
        tables={"Median seconds, and the peak of one call.": _speed.table},
    )
}
