"""The command ``diagnose``."""

from skdataquality.cli._console import UsageError, show
from skdataquality.cli._files import STDOUT, check_outputs, read, write_texts
from skdataquality.cli._progress import bars
from skdataquality.diagnosis import diagnose
from skdataquality.diagnosis._diagnose import DEPTHS


def run_diagnose(table, target_data, text_format, choices, *, json, markdown):
    """Diagnose a file, print the report and write it where asked for.

    Parameters
    ----------
    table, target_data : Path, Path or None
    text_format : TextFormat
    choices : dict
        "label" and options of :func:`diagnose`.
    json, markdown : Path or None
    """
    check_outputs([json, markdown], [table, target_data])
    _, report = diagnose_file(table, target_data, text_format, choices)
    texts = {}
    if json is not None:
        texts[json] = report.to_json() + "\n"
    if markdown is not None:
        texts[markdown] = report.to_markdown()
    write_texts(texts)
    if STDOUT not in texts:
        show(str(report))


def diagnose_file(table, target_data, text_format, choices):
    """Read the tables and diagnose; return the training table and the report."""
    if choices.get("depth", "standard") not in DEPTHS:
        raise UsageError(f"--depth {choices['depth']} must be one of {DEPTHS}.")
    frame = read(table, text_format)
    target = None if target_data is None else read(target_data, text_format)
    options = {k: v for k, v in choices.items() if k != "label"}
    report = diagnose(
        frame,
        choices["label"],
        X_target=target,
        callbacks=bars("diagnose"),
        **options,
    )
    return frame, report
