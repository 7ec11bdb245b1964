"""Whether the demo proves the same whatever its seed.

The demo of one seed each: the choice by the given labels, by at most 60 verified ones,
and by all true labels, with the gain on all true labels of what 60 chose; and which of
the planted failures the diagnosis names. "cannot tell" is the honest verdict on labels
that are wrong by a rule: the model learns the rule. How the clinic of the demo errs was
chosen on the seeds below 20; those from 20 on were measured afterwards.
"""

import numpy as np

from benchmarks._problem import Part, Target, grid
from benchmarks._tables import as_they_are
from skdataquality.cli._demo import compare_on_given, diagnose_demo, verify_as_planted
from skdataquality.datasets import load_demo
from skdataquality.verified import VerifiedLabels


def measure(seed):
    demo = load_demo(random_state=seed)
    report = diagnose_demo(demo, seed)
    comparison = compare_on_given(demo, seed)
    plan, _, proven = verify_as_planted(demo, comparison, seed)
    everything = VerifiedLabels(np.arange(demo.y.size), demo.y_true)
    whole = comparison.verify(everything)
    tests = whole.true_tests_["accuracy"]
    gain = 0.0 if proven.best_ == "nothing" else tests[proven.best_].mean
    verdicts = {name: report.lenses[name].verdict for name in demo.planted}
    return [
        {
            "given": comparison.best_,
            "verified": proven.best_,
            "all_true": whole.best_,
            "true_gain": gain,
            "n_rows": plan.n_rows,
            **verdicts,
        }
    ]


def targets(rows, quick):
    named = rows["verified"] != "nothing"
    return [
        Target("a truly better winner, share", (rows["true_gain"] > 0).mean(), 0.9),
        Target("a winner that is worse, runs", (rows["true_gain"] < 0).sum(), 0, True),
        Target(
            "the given labels name none where 60 verified do, share",
            (rows["given"][named] == "nothing").mean(),
            0.5,
        ),
        Target("rows verified, most", rows["n_rows"].max(), 60, True),
    ]


PARTS = {
    "demo_proof": Part(
        measure,
        "given verified all_true true_gain n_rows duplicates imbalance label_noise "
        "shift provenance",
        full=grid(seed=range(40)),
        quick=grid(seed=[0]),
        tables={
            "What is chosen by the given labels, by `n_rows` verified ones, and by all "
            "true labels; the true gain of the second; verdicts of the lenses.": (
                as_they_are
            )
        },
        targets=targets,
    )
}
