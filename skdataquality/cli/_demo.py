"""The demo: planted failures, their diagnosis, and the proof that a remedy helps."""

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
from skdataquality.compose import RemedyChain
from skdataquality.datasets import load_demo
from skdataquality.diagnosis import diagnose
from skdataquality.duplicates import Deduplicator
from skdataquality.imbalance import ClassBalanceWeighter
from skdataquality.label_noise import LabelErrorDetector, LabelErrorPruner
from skdataquality.model_selection import compare_remedies
from skdataquality.report._json import to_json
from skdataquality.utils._printable import printable
from skdataquality.utils._shown import WIDTH

MARK = "\nWritten by `skdataquality demo`, SHA-256 of the above: "
JUDGED = {"found": "found", "suspect": "suspected", "cannot tell": "left open"}
N_VERIFIED = 60  # rows
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
    report = diagnose_demo(demo, seed, callbacks="bar")
    console.print("\n[bold]Diagnosis[/bold]")
    console.print(str(report), markup=False)
    console.print(_verdict_table(demo, report))
    comparison = compare_on_given(demo, seed)
    console.print("\n[bold]Remedies, cross-validated on the given labels[/bold]")
    console.print(comparison.verdict_, markup=False)
    proven = _prove(demo, comparison, seed, console)
    texts = dict(zip(files, _texts(report, proven), strict=True))
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
        judged = JUDGED.get(lens.verdict, "missed")
        table.add_row(lens.title.lower(), lens.verdict, judged, _caught(lens, truth))
    return table


def _caught(lens, truth):
    """Compare rows with rows, or a name with the names."""
    if isinstance(truth, str):
        return f"{truth}: {'named' if truth in lens.named else 'not named'}"
    found, false = (lens.flagged & truth).sum(), (lens.flagged & ~truth).sum()
    return f"{found} of {truth.sum()} found, {false} falsely flagged"


def diagnose_demo(demo, seed, callbacks=()):
    """Diagnose the table of the demo, with what the demo knows of it."""
    return diagnose(
        demo.X,
        demo.y,
        X_target=demo.X_target,
        sources=demo.sources,
        estimator=MODEL,
        callbacks=callbacks,
        random_state=seed,
    )


def compare_on_given(demo, seed):
    """Compare a few remedies on the labels of the table, wrong ones among them."""
    detector = LabelErrorDetector(
        MODEL, n_rounds=1, prunable="flagged", random_state=seed
    )
    labels, balance = LabelErrorPruner(detector), ClassBalanceWeighter()
    remedies = {
        "prune": labels,
        "balance": balance,
        "deduplicate, prune, balance": RemedyChain([Deduplicator(), labels, balance]),
    }
    return compare_remedies(
        MODEL,
        remedies,
        demo.X,
        demo.y,
        scoring="accuracy",
        callbacks="bar",
        random_state=seed,
    )


def _prove(demo, comparison, seed, console):
    plan, verified, proven = verify_as_planted(demo, comparison, seed)
    console.print(
        f"\n[bold]Proof, by {plan.n_rows} labels checked by hand[/bold]\n"
        f"The planted truth plays the reviewer: "
        f"{int(verified.is_wrong(demo.y).sum())} of {plan.n_rows} labels are wrong, "
        f"drawn where remedies differ."
    )
    console.print(str(proven), markup=False)
    console.print(_lesson(comparison, proven), markup=False)
    return proven


def verify_as_planted(demo, comparison, seed):
    """Play the reviewer of a few rows, and judge the remedies by the answers."""
    plan = comparison.plan_verification(N_VERIFIED, random_state=seed)
    verified = plan.verified(demo.y_true[plan.rows])
    return plan, verified, comparison.verify(verified)


def _lesson(comparison, proven):
    if proven.best_ == "nothing":
        return "No remedy beats doing nothing beyond noise on the true labels."
    row = next(r for r in proven.table(labels="true") if r["remedy"] == proven.best_)
    won = (
        f"\nProven: {proven.best_!r} gains {row['gain']:.3f} in accuracy on the true "
        f"labels, 95 % interval {row['lower']:.3f} to {row['upper']:.3f}. "
    )
    if comparison.best_ == "nothing":
        return f"{won}The given labels could not show it."
    return f"{won}The given labels named {comparison.best_!r}."


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
