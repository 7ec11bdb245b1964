"""The demo: planted failures, their diagnosis, and the comparison of remedies."""

import os
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skdataquality.cli._progress import bars
from skdataquality.compose import RemedyChain
from skdataquality.datasets import load_demo
from skdataquality.diagnosis import diagnose
from skdataquality.duplicates import Deduplicator, duplicate_groups
from skdataquality.imbalance import ClassBalanceWeighter
from skdataquality.label_noise import LabelErrorDetector, NoisePruningClassifier
from skdataquality.model_selection import compare_remedies
from skdataquality.shift import DiscriminatorWeighter, ShiftWeightedClassifier

WIDTH = 80
MODEL = make_pipeline(StandardScaler(), LogisticRegression())


def run_demo(output, seed):
    """Run the demo and write ``report.json`` and ``report.md``.

    Parameters
    ----------
    output : Path
        Existing directory.
    seed : int
    """
    output = Path(output)
    if not output.is_dir():
        raise OSError(f"--output {output} is not a directory: create it first.")
    if not os.access(output, os.W_OK):
        raise OSError(f"--output {output} is not writable: choose another directory.")
    console = Console(width=WIDTH, highlight=False)
    demo = load_demo(random_state=seed)
    console.print(_planted(demo))
    report = diagnose(
        demo.X,
        demo.y,
        X_target=demo.X_target,
        sources=demo.sources,
        estimator=MODEL,
        callbacks=bars("diagnose"),
        random_state=seed,
    )
    console.print("\n[bold]Diagnosis[/bold]")
    console.print(str(report), markup=False)
    console.print(_verdict_table(demo, report, seed))
    console.print("Row by row: duplicate_groups, and LabelErrorDetector in own folds.")
    comparison = _compare(demo, seed)
    console.print("\n[bold]Remedies, cross-validated[/bold]")
    console.print(str(comparison), markup=False)
    if comparison.best_ == "nothing":
        console.print(
            "No remedy beats doing nothing beyond noise here. The labels that validate "
            "are as wrong as those that train, and 'min gain' is the smallest gain "
            "that these splits would show."
        )
    _write(output, report, comparison)
    console.print(f"\nWritten: {output / 'report.json'}, {output / 'report.md'}")


def _planted(demo):
    n = demo.y.shape[0]
    n_rare = int((demo.y == demo.rare_class).sum())
    return (
        f"[bold]Planted[/bold] in {n} rows of scikit-learn's breast-cancer data:\n"
        f"  {int(demo.label_error.sum())} wrong labels, all from clinic "
        f"{demo.careless_clinic!r}\n"
        f"  {int(demo.is_repeat.sum())} repeated rows\n"
        f"  a rare class: {n_rare} rows are labelled {demo.rare_class!r}\n"
        f"  {demo.X_target.shape[0]} target rows with larger tumours"
    )


def _verdict_table(demo, report, seed):
    table = Table(title="Planted truth beside the verdicts", title_justify="left")
    for column in ("failure", "verdict", "judged", "row by row"):
        table.add_column(column)
    rows = {
        "duplicates": _caught(_repeats(demo.X), demo.is_repeat),
        "imbalance": "-",
        "label_noise": _caught(_flags(demo, seed), demo.label_error),
        "shift": ", ".join(report.lenses["shift"].kinds) or "-",
        "provenance": _worst(report, demo),
    }
    for name, detail in rows.items():
        verdict = report.lenses[name].verdict
        judged = "found" if verdict == "found" else "missed"
        table.add_row(name.replace("_", " "), verdict, judged, detail)
    return table


def _worst(report, demo):
    named = report.lenses["provenance"].evidence["by clinic"][0]["source"]
    right = (
        "the careless one" if named == demo.careless_clinic else "not the careless one"
    )
    return f"worst clinic: {named}, {right}"


def _repeats(X):
    groups = duplicate_groups(X)
    return groups != np.arange(groups.shape[0])


def _flags(demo, seed):
    detector = LabelErrorDetector(MODEL, random_state=seed)
    return detector.fit(demo.X, demo.y).issue_mask_


def _caught(accused, guilty):
    found = int((accused & guilty).sum())
    return (
        f"{found} found, {int(guilty.sum()) - found} missed, "
        f"{int((accused & ~guilty).sum())} falsely accused"
    )


def _compare(demo, seed):
    remedies = {
        "deduplicate": Deduplicator(),
        "prune labels": NoisePruningClassifier(
            detector=LabelErrorDetector(MODEL, random_state=seed)
        ),
        "balance": ClassBalanceWeighter(),
        "deduplicate, balance": RemedyChain([Deduplicator(), ClassBalanceWeighter()]),
        "weight to target": ShiftWeightedClassifier(
            weighter=DiscriminatorWeighter(flatten=0.5, random_state=seed)
        ),
    }
    return compare_remedies(
        MODEL,
        remedies,
        demo.X,
        demo.y,
        X_target=demo.X_target,
        scoring="balanced_accuracy",
        callbacks=bars("compare"),
        random_state=seed,
    )


def _write(output, report, comparison):
    import json

    whole = report.to_dict() | {"comparison": comparison.to_dict()}
    text = json.dumps(whole, indent=2, allow_nan=False, ensure_ascii=False)
    (output / "report.json").write_text(text + "\n", encoding="utf-8")
    markdown = f"{report.to_markdown()}\n## Remedies\n\n{comparison.to_markdown()}\n"
    (output / "report.md").write_text(markdown, encoding="utf-8")
