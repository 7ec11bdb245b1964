"""What odd columns, containers and labels do to every estimator and function.

Random tables of columns that real files hold (holes, infinite cells, lists, mixed
types, dates half with a time zone, ...) in every container, with labels of every type,
and for what takes them target rows that differ in columns, types and container. A call
may answer, or refuse with a sentence of ours: a ValueError that names an argument and
was raised by our own check. Any other exception fails, and so does a warning that is
not ours.
"""

import traceback
import warnings
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.exceptions import DataConversionWarning
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import skdataquality
from benchmarks._odd_tables import (
    CHANGES,
    COLUMNS,
    CONTAINERS,
    LABELS,
    ODDS,
    odd_table,
    odd_target,
)
from benchmarks._problem import Part, Target
from benchmarks._tables import as_they_are
from skdataquality import diagnose
from skdataquality.compose import RemediedClassifier, RemediedRegressor
from skdataquality.duplicates import (
    Deduplicator,
    DuplicateGroupKFold,
    duplicate_lens,
    near_duplicate_groups,
)
from skdataquality.exceptions import DataQualityWarning
from skdataquality.imbalance import ClassBalanceWeighter
from skdataquality.label_noise import (
    ForwardCorrectedLogisticRegression,
    KNNOutlierDetector,
    LabelErrorCorrector,
    LabelErrorDetector,
    LabelErrorPruner,
    LabelQualityWeighter,
    NoisePruningClassifier,
    RegressionErrorDetector,
    RegressionErrorPruner,
)
from skdataquality.leakage import (
    LeakyColumnSelector,
    find_identifiers,
    leakage_lens,
    target_overlap,
)
from skdataquality.model_selection import compare_remedies
from skdataquality.shift import (
    DiscriminatorWeighter,
    ShiftWeightedClassifier,
    ShiftWeightedRegressor,
    TargetData,
    shift_lens,
)

OURS = str(Path(skdataquality.__file__).parent)
NAMED = ("X", "y", "X_target", "y_target", "estimator", "label", "column", "cv")
MOST_LINES = 3
DETECTOR = LabelErrorDetector(cv=2, n_rounds=1, random_state=0)


# ---------------------------------------------------------------- calls
def _fitted(model):
    def call(X, y, target):
        model.fit(X, y).predict(X)

    return call


def _resampled(sampler):
    def call(X, y, target):
        sampler.fit_resample(X, y)

    return call


def _on_numbers(call):
    def on_numbers(X, y, target):
        call(X, np.arange(len(y)) % 7 / 3.0, target)

    return on_numbers


def _with_target(wrapper):
    def call(X, y, target):
        wrapper.fit(X, y, X_target=TargetData(target)).predict(X)

    return call


def _shown(report):
    repr(report)
    report.to_dict()


def _compare(X, y, target):
    remedies = {"prune": NoisePruningClassifier(detector=DETECTOR)}
    repr(compare_remedies(None, remedies, X, y, cv=2, random_state=0))


def _diagnose_with(X, y, target):
    model = make_pipeline(StandardScaler(), LogisticRegression())
    _shown(diagnose(X, y, estimator=model, cv=2))


def _columns(X, y, target):
    LeakyColumnSelector().fit(X, y).transform(X)
    find_identifiers(X)


def _folds(X, y, target):
    list(DuplicateGroupKFold(2).split(X, y))
    near_duplicate_groups(X)
    duplicate_lens(X, y)


CALLS = {
    "diagnose": lambda X, y, target: _shown(diagnose(X, y, cv=2)),
    "diagnose with target rows": lambda X, y, target: _shown(
        diagnose(X, y, X_target=target, cv=2)
    ),
    "diagnose by name": lambda X, y, target: _shown(
        diagnose(X.assign(label=pd.Series(y).to_numpy()), "label", cv=2)
    ),
    "diagnose with a pipeline": _diagnose_with,
    "compare_remedies": _compare,
    "RemediedClassifier": _fitted(RemediedClassifier(None, ClassBalanceWeighter())),
    "RemediedRegressor": _on_numbers(_fitted(RemediedRegressor(None, Deduplicator()))),
    "NoisePruningClassifier": _fitted(NoisePruningClassifier(detector=DETECTOR)),
    "NoisePruningClassifier, soft": _fitted(
        NoisePruningClassifier(detector=DETECTOR, strategy="soft")
    ),
    "ShiftWeightedClassifier": _with_target(ShiftWeightedClassifier(random_state=0)),
    "ShiftWeightedRegressor": _on_numbers(
        _with_target(ShiftWeightedRegressor(random_state=0))
    ),
    "DiscriminatorWeighter": lambda X, y, target: (
        DiscriminatorWeighter(cv=2)
        .fit(X, X_target=TargetData(target))
        .predict_weight(X)
    ),
    "LabelErrorDetector": lambda X, y, target: DETECTOR.fit(X, y),
    "LabelErrorPruner": _resampled(LabelErrorPruner(DETECTOR)),
    "LabelErrorCorrector": _resampled(LabelErrorCorrector(DETECTOR)),
    "LabelQualityWeighter": lambda X, y, target: LabelQualityWeighter(DETECTOR).fit(
        X, y
    ),
    "ForwardCorrected": _fitted(ForwardCorrectedLogisticRegression(cv=2)),
    "RegressionErrorDetector": _on_numbers(
        lambda X, y, target: RegressionErrorDetector(cv=2, random_state=0).fit(X, y)
    ),
    "RegressionErrorPruner": _on_numbers(
        _resampled(
            RegressionErrorPruner(
                RegressionErrorDetector(cv=2), target_type="continuous"
            )
        )
    ),
    "KNNOutlierDetector": lambda X, y, target: KNNOutlierDetector().fit(X),
    "Deduplicator": _resampled(Deduplicator()),
    "leakage": lambda X, y, target: leakage_lens(X, y, X_target=target).to_dict(),
    "columns": _columns,
    "duplicates": _folds,
    "shift_lens": lambda X, y, target: shift_lens(X, X_target=target).to_dict(),
    "target_overlap": lambda X, y, target: target_overlap(X, target),
}
READS_NUMBERS = {  # and nothing else, as documented: text is refused by their model
    "ForwardCorrected",
    "KNNOutlierDetector",
}


# ---------------------------------------------------------------- one case
def case(call, seed):
    """X, y, target rows, and the kinds that they are made of."""
    rng = np.random.default_rng(seed)
    y = rng.integers(0, 3, rng.integers(60, 110))
    kinds = list(COLUMNS)
    if call in READS_NUMBERS:
        kinds = kinds[: kinds.index("lists")]
    names = rng.choice(kinds, rng.integers(1, 5)).tolist()
    if rng.random() < 0.8:
        names = ["numbers", *names]
    container = rng.choice(list(CONTAINERS), p=ODDS / ODDS.sum())
    label = rng.choice(list(LABELS))
    change = rng.choice(list(CHANGES))
    theirs = container if rng.random() < 0.6 else rng.choice(list(CONTAINERS)[:5])
    if call == "diagnose by name":
        container = "pandas"
    return {
        "names": names,
        "container": str(container),
        "label": str(label),
        "change": str(change),
        "theirs": str(theirs),
        "y": y,
        "seed": seed,
    }


def run_case(call, made):
    """Return "answered", "refused", or what went wrong and where."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        X = odd_table(made["names"], made["container"], made["y"], made["seed"])
        y = LABELS[made["label"]](made["y"])
        target = odd_target(made["names"], made["theirs"], made["change"], made["seed"])
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            CALLS[call](X, y, target)
            said = "answered"
        except Exception as error:
            said = "refused" if is_ours(error) else _what(error)
    foreign = [w for w in caught if not issubclass(w.category, DataQualityWarning)]
    foreign = [w for w in foreign if w.category is not DataConversionWarning]
    if foreign and said in ("answered", "refused"):
        first = foreign[0]
        said = f"{first.category.__name__}: {str(first.message)[:60]}"
    return " ".join(said.split())


def is_ours(error):
    """Whether an error was raised by a check of ours, in a sentence that leads on."""
    frames = traceback.extract_tb(error.__traceback__)
    said = str(error)
    words = said.replace("'", " ").replace("=", " ").replace(".", " ").split()
    return (
        isinstance(error, ValueError)
        and frames[-1].filename.startswith(OURS)
        and not set(NAMED).isdisjoint(words)
        and said.count("\n") < MOST_LINES
    )


def _what(error):
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if frame.filename.startswith(OURS)]
    where = f"{Path(ours[-1].filename).name}" if ours else "outside"
    return f"{type(error).__name__} ({where}): {str(error)[:60]}"


# ---------------------------------------------------------------- problem
def measure(call, cases):
    """Run the cases of a call."""
    said = Counter()
    for number in range(cases):
        seed = 1000 * list(CALLS).index(call) + number
        said[run_case(call, case(call, seed))] += 1
    failed = {s: n for s, n in said.items() if s not in ("answered", "refused")}
    kinds = sorted(failed, key=lambda s: (-failed[s], s))
    return [
        {
            "answered": said["answered"],
            "refused": said["refused"],
            "failed": sum(failed.values()),
            "kinds_of_failure": "; ".join(f"{failed[k]} x {k}" for k in kinds),
        }
    ]


def targets(rows, quick):
    return [Target("calls that fail", int(rows["failed"].sum()), 0, at_most=True)]


PARTS = {
    "odd_frames": Part(
        measure,
        "answered refused failed kinds_of_failure",
        full=[{"call": call, "cases": 77} for call in CALLS],
        quick=[{"call": call, "cases": 1} for call in CALLS],
        tables={"Calls on random odd tables.": as_they_are},
        targets=targets,
    )
}
