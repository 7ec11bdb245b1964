"""Time exact duplicates against pandas: one process, one thread, interleaved.

``hash_pandas_object`` gives hashes only, which may collide; ``duplicated`` compares
rows. Ours does both. Run ``python benchmarks/exact_duplicates.py`` for the table and
the JSON file beside it, with ``--quick`` for a small table and no file.
"""

import argparse
import json
import time
import tracemalloc
from pathlib import Path

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from skdataquality.duplicates import duplicate_groups

FULL_ROWS = 1_000_000
QUICK_ROWS = 50_000
N_COLUMNS = 20
SHARE_REPEATED = 0.02
REPEATS = 3
RESULTS = Path(__file__).parent / "results" / "exact_duplicates.json"


def make_table(n_rows, *, seed=0):
    """Draw normal numbers; the last rows repeat others, in another order."""
    rng = np.random.default_rng(seed)
    table = rng.normal(size=(n_rows, N_COLUMNS))
    n_repeated = int(n_rows * SHARE_REPEATED)
    originals = rng.choice(n_rows - n_repeated, size=n_repeated, replace=False)
    table[n_rows - n_repeated :] = table[originals]
    return table


def hashes_of(frame):
    return pd.util.hash_pandas_object(frame, index=False)


def peak_megabytes(call):
    tracemalloc.start()
    call()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


def interleaved(calls, n_repeats):
    """Best seconds of each call; every round runs all of them."""
    best = dict.fromkeys(calls, np.inf)
    for _ in range(n_repeats):
        for name, call in calls.items():
            start = time.perf_counter()
            call()
            best[name] = min(best[name], time.perf_counter() - start)
    return best


def run(n_rows):
    table = make_table(n_rows)
    frame = pd.DataFrame(table).rename(columns=str)
    expected = frame.duplicated().to_numpy()
    calls = {
        "ours, array": lambda: duplicate_groups(table),
        "ours, frame": lambda: duplicate_groups(frame),
        "pandas hash": lambda: hashes_of(frame),
        "pandas hash, then duplicated": lambda: hashes_of(frame).duplicated(),
        "pandas duplicated": lambda: frame.duplicated(),
    }
    for data in (table, frame):
        repeats = duplicate_groups(data) != np.arange(n_rows)
        np.testing.assert_array_equal(repeats, expected)
    seconds = interleaved(calls, REPEATS)
    print(f"{n_rows} x {N_COLUMNS} float64, {expected.sum()} repeated rows")
    print(f"{'call':<30} {'seconds':>8} {'of pandas hash':>15} {'peak MB':>8}")
    rows = []
    for name, call in calls.items():
        row = {
            "call": name,
            "n_rows": n_rows,
            "n_columns": N_COLUMNS,
            "seconds": seconds[name],
            "ratio_to_pandas_hash": seconds[name] / seconds["pandas hash"],
            "peak_mb": peak_megabytes(call),
        }
        rows.append(row)
        print(
            f"{name:<30} {row['seconds']:>8.3f} {row['ratio_to_pandas_hash']:>15.2f} "
            f"{row['peak_mb']:>8.0f}",
            flush=True,
        )
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small table, no file")
    quick = parser.parse_args().quick
    with threadpool_limits(1):
        rows = run(QUICK_ROWS if quick else FULL_ROWS)
    if not quick:
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
