"""The command select on files of embeddings: seconds, and memory beside the file."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from benchmarks._problem import Part, Target, grid

N_DIMENSIONS, N_CLUSTERS, BLOCK = 128, 200, 50_000
PROGRAM = """
import sys, time
from skdataquality.cli._app import app
try:
    app(sys.argv[1:])
finally:
    # not ru_maxrss, in which the process that started this one may live on
    lines = dict(line.split(":") for line in open("/proc/self/status"))
    print("USED", time.process_time(), lines["VmHWM"].split()[0], file=sys.stderr)
"""
MEASURED = "cpu_seconds file_mb peak_mb base_mb beside_file_mb represented enough"
TINY = 200  # rows of a pool that takes no memory of its own


def write_pool(path, n_rows):
    """Write clustered points in single precision, piece by piece."""
    rng = np.random.default_rng(0)
    centres = 4 * rng.normal(size=(N_CLUSTERS, N_DIMENSIONS)).astype(np.float32)
    shares = rng.dirichlet(np.full(N_CLUSTERS, 0.5))
    if path.suffix == ".npy":
        out = np.lib.format.open_memmap(
            path, "w+", dtype=np.float32, shape=(n_rows, N_DIMENSIONS)
        )
        for start in range(0, n_rows, BLOCK):
            out[start : start + BLOCK] = _points(
                rng, centres, shares, min(BLOCK, n_rows - start)
            )
        out.flush()
        return
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([(f"e{k}", pa.float32()) for k in range(N_DIMENSIONS)])
    with pq.ParquetWriter(path, schema) as writer:
        for start in range(0, n_rows, BLOCK):
            points = _points(rng, centres, shares, min(BLOCK, n_rows - start))
            writer.write_table(pa.table(list(points.T.copy()), schema=schema))


def _points(rng, centres, shares, n):
    of = rng.choice(N_CLUSTERS, n, p=shares)
    return centres[of] + rng.normal(size=(n, N_DIMENSIONS)).astype(np.float32)


def run_command(path, n_select, folder):
    """Run the command alone; return CPU seconds, peak of memory in MB, its JSON."""
    import json

    told = Path(folder) / "told.json"
    options = ["-n", str(n_select), "--json", str(told), "--overwrite"]
    options += ["--output", str(Path(folder) / "picks.npy")]
    if path.suffix == ".parquet":
        options += ["--embedding", "e*"]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, "select", str(path), *options],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
    )
    _, seconds, peak = done.stderr.strip().splitlines()[-1].split()
    return float(seconds), int(peak) / 1024, json.loads(told.read_text())


def measure(file, rows, picks):
    with tempfile.TemporaryDirectory() as folder:
        tiny, path = (Path(folder) / f"{n}.{file}" for n in ("tiny", "pool"))
        write_pool(tiny, TINY)
        base = run_command(tiny, 10, folder)[1]
        write_pool(path, rows)
        seconds, peak, told = run_command(path, picks, folder)
        in_memory = rows * N_DIMENSIONS * 4 / 1024**2
        return [
            {
                "file": file,
                "rows": rows,
                "picks": picks,
                "cpu_seconds": seconds,
                "file_mb": in_memory,
                "peak_mb": peak,
                "base_mb": base,
                "beside_file_mb": peak - base - in_memory,
                "represented": told["coverage"]["share"][-1],
                "enough": told["enough"],
            }
        ]


def show(rows):
    return rows.drop(columns=["represented", "enough"]).round(1)


def targets(rows, quick):
    if quick:
        return []
    npy = rows[rows["file"] == "npy"].iloc[0]
    n_vectors = npy["beside_file_mb"] / (npy["rows"] * 8 / 1024**2)
    return [
        Target("CPU seconds, 1M x 128, 1000 picks", npy["cpu_seconds"], 60, True),
        Target("memory beside the file, in numbers a row", n_vectors, 30, True),
    ]


PART = Part(
    measure=measure,
    measured=MEASURED,
    full=grid(file=["npy", "parquet"], rows=[1_000_000], picks=[1000]),
    quick=grid(file=["parquet"], rows=[5000], picks=[50]),
    tables={
        "One process on one thread: base is the same command on 200 rows, which is "
        "what the libraries take; beside the file is what is left of the peak": show,
    },
    targets=targets,
)
