"""The demo: planted failures, their diagnosis, and the comparison of remedies."""

import json
import os
from hashlib import sha256
from pathlib import Path

from rich.table import Table
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skdataquality.cli._console import Output
from skdataquality.cli._files import check_outputs, write_texts
from skdataquality.datasets import load_demo
from skdataquality.diagnosis import diagnose
from skdataquality.model_selection import compare_remedies
from skdataquality.report._json import to_json
from skdataquality.shift import DiscriminatorWeighter, ShiftWeightedClassifier
from skdataquality.utils._printable import printable
from skdataquality.utils._shown import WIDTH
from skdataquality.workflows import candidate_remedies

MARK = "\nWritten by `skdataquality demo`, SHA-256 of the above: "
MODEL = make_pipeline(StandardScaler(), LogisticRegression())


def run_demo(output, seed, *, overwrite=False):
    """Run the demo and write ``report.json`` and ``report.md`` into a directory."""
    output = Path(output)
    if not os.path.isdir(output):  # False for too long a name, too
        raise OSError(f"--output {output} is not a directory: create it first.")
    if not os.access(output, os.W_OK):
        raise OSError(f"--output {output} is not writable: choose another directory.")
    files = output / "report.json", output / "report.md"
    _check_files(files, overwrite)
    console = Output(width=WIDTH, highlight=False)
    demo = load_demo(random_state=seed)
    console.print(_planted(demo))
    report = diagnose(
        demo.X,
        demo.y,
        X_target=demo.X_target,
        sources=demo.sources,
        estimator=MODEL,
        callbacks="bar",
        random_state=seed,
    )
    console.print("\n[bold]Diagnosis[/bold]")
    console.print(str(report), markup=False)
    console.print(_verdict_table(demo, report))
    comparison = _compare(demo, report, seed)
    console.print("\n[bold]Remedies, cross-validated[/bold]")
    console.print(str(comparison), markup=False)
    if comparison.best_ == "nothing":
        console.print(
            "No remedy beats doing nothing beyond noise here: the labels that validate "
            "are as wrong as those that train."
        )
    texts = dict(zip(files, _texts(report, comparison), strict=True))
    _check_files(files, overwrite)  # a person may have written one meanwhile
    write_texts(texts, overwrite=True)
    written = printable(f"Written: {files[0]}, {files[1]}")
    console.print(f"\n{written}", markup=False)


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


def _verdict_table(demo, report):
    table = Table(title="Planted truth beside the verdicts", title_justify="left")
    for column in ("failure", "verdict", "judged", "planted"):
        table.add_column(column)
    for name, truth in demo.planted.items():
        lens = report.lenses[name]
        judged = "found" if lens.verdict == "found" else "missed"
        table.add_row(lens.title.lower(), lens.verdict, judged, _caught(lens, truth))
    return table


def _caught(lens, truth):
    """Compare rows with rows, or a name with the names."""
    if isinstance(truth, str):
        return f"{truth}: {'named' if truth in lens.named else 'not named'}"
    found, false = (lens.flagged & truth).sum(), (lens.flagged & ~truth).sum()
    return f"{found} of {truth.sum()} found, {false} falsely flagged"


def _compare(demo, report, seed):
    remedies = candidate_remedies(report, estimator=MODEL, random_state=seed)
    # full weights would rest on 4 % of these rows
    flat = DiscriminatorWeighter(flatten=0.5, random_state=seed)
    remedies["weight to target"] = ShiftWeightedClassifier(weighter=flat)
    return compare_remedies(
        MODEL,
        remedies,
        demo.X,
        demo.y,
        X_target=demo.X_target,
        scoring="balanced_accuracy",
        callbacks="bar",
        random_state=seed,
    )


def _texts(report, comparison):
    """Return JSON and Markdown, each with a mark that tells later changes."""
    whole = report.to_dict() | {"comparison": comparison.to_dict()}
    whole["demo"] = _digest(to_json(whole))
    markdown = f"{report.to_markdown()}\n## Remedies\n\n{comparison.to_markdown()}\n"
    return to_json(whole), f"{markdown}{MARK}{_digest(markdown)}\n"


def _check_files(files, overwrite):
    """Refuse a file that exists, unless it is as an earlier demo left it."""
    for path, is_ours in zip(files, (_json_is_ours, _markdown_is_ours), strict=True):
        check_outputs([path], [], overwrite or (path.is_file() and is_ours(path)))


def _json_is_ours(path):
    try:
        whole = json.loads(path.read_text("utf-8"))
        return whole.pop("demo") == _digest(to_json(whole))
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return False


def _markdown_is_ours(path):
    try:
        text = path.read_text("utf-8")
    except (OSError, ValueError):
        return False
    above, mark, digest = text.rpartition(MARK)
    return bool(mark) and digest == f"{_digest(above)}\n"


def _digest(text):
    return sha256(text.encode("utf-8")).hexdigest()
