"""Time the command ``diagnose`` beside tabaudit's ``audit``, and on a million rows.

Mixed table: 32,000 rows x 15 columns (numbers, categories, a date, missing cells), both
commands as new processes, interleaved, one thread. Large table: 1,000,000 x 20 numbers
in memory, with the peak of the process beside the size of the data.

    python benchmarks/diagnose.py            # writes results/diagnose.json
    python benchmarks/diagnose.py --quick    # 2,000 and 20,000 rows, no file
"""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

RESULTS = Path(__file__).parent / "results" / "diagnose.json"
SCRIPTS = Path(sys.executable).parent
REPEATS = 3
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
LARGE = """
import numpy as np, resource, sys, time
from skdataquality import diagnose
rng = np.random.default_rng(0)
X = rng.normal(size=({n}, 20))
y = (X[:, :5].sum(axis=1) + rng.normal(size=len(X)) > 0).astype(int)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
start = time.perf_counter()
report = diagnose(X, y)
seconds = time.perf_counter() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(seconds, before, peak, X.nbytes)
"""


def mixed_table(n_rows, seed=0):
    """Draw numbers, categories, a date and gaps, and a label that depends on some."""
    rng = np.random.default_rng(seed)
    table = pd.DataFrame(rng.normal(size=(n_rows, 8)).round(4)).add_prefix("number_")
    for k, size in enumerate((3, 5, 12, 30)):
        table[f"category_{k}"] = rng.choice([f"level {i}" for i in range(size)], n_rows)
    table["count"] = rng.poisson(4, n_rows)
    table["day"] = pd.Timestamp("2024-01-01") + pd.to_timedelta(
        rng.integers(0, 700, n_rows), unit="D"
    )
    table.loc[rng.random(n_rows) < 0.1, "number_7"] = np.nan
    score = (
        table["number_0"] + 0.5 * table["count"] + (table["category_0"] == "level 1")
    )
    table["label"] = np.where(score + rng.normal(size=n_rows) > 2.5, "yes", "no")
    return table


def seconds_of(command, folder):
    start = time.perf_counter()
    subprocess.run(
        command,
        cwd=folder,
        check=True,
        capture_output=True,
        env=os.environ | ONE_THREAD,
    )
    return time.perf_counter() - start


def compare_commands(n_rows, repeats):
    with TemporaryDirectory() as folder:
        mixed_table(n_rows).to_csv(Path(folder) / "train.csv", index=False)
        ours = [SCRIPTS / "skdataquality", "diagnose", "train.csv", "--label", "label"]
        theirs = [SCRIPTS / "tabaudit", "audit", "train.csv", "--target", "label"]
        times = [
            (seconds_of(ours, folder), seconds_of(theirs, folder))
            for _ in range(repeats)
        ]
    first, second = map(median, zip(*times, strict=True))
    return {"rows": n_rows, "skdataquality": first, "tabaudit": second}


def large_table(n_rows):
    result = subprocess.run(
        [sys.executable, "-c", LARGE.format(n=n_rows)],
        check=True,
        capture_output=True,
        text=True,
        env=os.environ | ONE_THREAD,
    )
    seconds, before, peak, size = map(float, result.stdout.split())
    scale = 1 if sys.platform == "darwin" else 1024  # ru_maxrss: bytes or kilobytes
    return {
        "rows": n_rows,
        "seconds": seconds,
        "data_bytes": size,
        "peak_beside_start": (peak - before) * scale / size,
    }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    mixed = compare_commands(2_000 if quick else 32_000, 1 if quick else REPEATS)
    ratio = mixed["skdataquality"] / mixed["tabaudit"]
    print(
        f"{mixed['rows']} x 15 mixed: {mixed['skdataquality']:.1f} s, tabaudit "
        f"{mixed['tabaudit']:.1f} s, ratio {ratio:.2f}"
    )
    large = large_table(20_000 if quick else 1_000_000)
    print(
        f"{large['rows']} x 20 numbers: {large['seconds']:.0f} s, peak "
        f"{large['peak_beside_start']:.2f} times the data beside them"
    )
    if not quick:
        RESULTS.write_text(
            json.dumps({"mixed": mixed, "large": large}, indent=2) + "\n"
        )


if __name__ == "__main__":
    main()
