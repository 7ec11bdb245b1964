"""Import time of the package as a ratio to that of a scikit-learn estimator.

New interpreters, interleaved; CPU seconds, median and range.
"""

import resource
import subprocess
import sys

from benchmarks import _speed
from benchmarks._problem import Part, Target

STATEMENTS = (
    "from sklearn.linear_model import LogisticRegression",
    "from skdataquality import diagnose",
    "from skdataquality.label_noise import NoisePruningClassifier",
)
MOST = 1.5


def cpu_seconds_of_children():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def measure(repeats):
    calls = {
        statement: lambda code=statement: subprocess.run(
            [sys.executable, "-c", code], check=True
        )
        for statement in STATEMENTS
    }
    return _speed.race(calls, repeats, shortest=0, timer=cpu_seconds_of_children)


def targets(rows, quick):
    return [] if quick else [Target("worst ratio", rows["ratio"].max(), MOST, True)]


PARTS = {
    "import_time": Part(
        measure,
        _speed.TIMES,
        full=[{"repeats": 15}],
        quick=[{"repeats": 1}],
        tables={"CPU seconds of a new interpreter, median.": _speed.table},
        targets=targets,
    )
}
