"""Import time of the package as a ratio to that of a scikit-learn estimator.

python benchmarks/import_time.py [--quick]

New interpreters, interleaved; the median of CPU seconds counts. A full run fails above
1.5; a quick one, which may share the machine, only says what it saw.
"""

import argparse
import resource
import statistics
import subprocess
import sys

REFERENCE = "from sklearn.linear_model import LogisticRegression"
OURS = (
    "from skdataquality import diagnose",
    "from skdataquality.label_noise import NoisePruningClassifier",
)
MOST = 1.5


def cpu_seconds(statement):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", statement], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    is_quick = parser.parse_args().quick
    n_runs = 5 if is_quick else 15
    seconds = {statement: [] for statement in (REFERENCE, *OURS)}
    for _ in range(n_runs):
        for statement, times in seconds.items():
            times.append(cpu_seconds(statement))
    reference = statistics.median(seconds[REFERENCE])
    print(f"{REFERENCE}: {reference:.2f} s CPU, median of {n_runs}")
    for statement in OURS:
        ratio = statistics.median(seconds[statement]) / reference
        print(f"{statement}: {ratio:.2f} times that")
        assert is_quick or ratio <= MOST, (
            f"{statement} takes {ratio:.2f} times as long, over {MOST}"
        )


if __name__ == "__main__":
    main()
