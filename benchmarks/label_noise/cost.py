"""What a cheaper detector gives up: the same rows, judged by fewer or smaller fits."""

import time

import pandas as pd
from sklearn.ensemble import RandomForestClassifier

from benchmarks._problem import Part, grid
from benchmarks.label_noise.quality import average_precision, judged
from benchmarks.label_noise.suite import DATA, QUICK, logistic, make_case
from skdataquality.compose._default import default_classifier
from skdataquality.label_noise import LabelErrorDetector

DEFAULT = "three families, two rounds"


def forest():
    return RandomForestClassifier(60, min_samples_leaf=5, random_state=0)


# by name: what is passed to the detector
VARIANTS = {
    DEFAULT: lambda: {},
    "three families, n_rounds=1": lambda: {"n_rounds": 1},
    "logistic regression": lambda: {"estimator": logistic()},
    "logistic regression, n_rounds=1": lambda: {
        "estimator": logistic(),
        "n_rounds": 1,
    },
    "forest": lambda: {"estimator": forest()},
    "boosting": lambda: {"estimator": default_classifier()},
}


def measure(data, noise, rate, seed):
    case = make_case(data, noise, rate, seed)
    if not case.is_usable:
        return []
    return [{"detector": name, **judge(case, name, seed)} for name in VARIANTS]


def judge(case, name, seed):
    detector = LabelErrorDetector(random_state=seed, **VARIANTS[name]())
    start = time.perf_counter()
    detector.fit(case.X, case.y)
    seconds = time.perf_counter() - start
    return {
        "rows": case.y.size,
        "seconds": seconds,
        "fits": detector.n_fits_,
        "ap": average_precision(case.is_wrong, detector.sample_scores_),
        "f1": judged("", case.is_wrong, detector.issue_mask_)["f1_"],
    }


def table(rows):
    whole = rows.groupby("detector", sort=False)
    ap, f1, seconds = (whole[name].mean() for name in ("ap", "f1", "seconds"))
    row = 1000 * whole["seconds"].sum() / whole["rows"].sum()
    return pd.DataFrame(
        {
            "detector": name,
            "fits": int(whole["fits"].max()[name]),
            "AP": f"{ap[name]:.3f}",
            "F1 of flags": f"{f1[name]:.3f}",
            "milliseconds a row": f"{row[name]:.2f}",
            "AP, of the default's": f"{ap[name] / ap[DEFAULT]:.0%}",
            "time, of the default's": f"{seconds[name] / seconds[DEFAULT]:.0%}",
        }
        for name in VARIANTS
    )


PART = Part(
    measure,
    "detector rows seconds fits ap f1",
    full=grid(
        data=DATA[:3],
        noise=("symmetric", "pair", "feature"),
        rate=(0.1, 0.2),
        seed=(0,),
    ),
    quick=QUICK[1:],
    tables={"Cost: what fewer and smaller fits find, in what time.": table},
)
