"""The command ``diagnose``."""

from skdataquality.cli._console import UsageError, show
from skdataquality.cli._files import STDOUT, check_outputs, read_both, write_texts
from skdataquality.cli._progress import bars
from skdataquality.diagnosis import diagnose
from skdataquality.diagnosis._inputs import DEPTHS


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
    check_depth(choices["depth"])
    check_outputs([json, markdown], [table, target_data])
    frame, target = read_both(table, target_data, text_format)
    report = diagnose_tables(frame, target, choices)
    texts = {}
    if json is not None:
        texts[json] = report.to_json()
    if markdown is not None:
        texts[markdown] = report.to_markdown()
    write_texts(texts)
    if STDOUT not in texts:
        show(str(report))


def check_depth(depth):
    """Refuse an unknown depth before any work."""
    if depth not in DEPTHS:
        raise UsageError(f"--depth {depth} must be {' or '.join(DEPTHS)}.")


def diagnose_tables(frame, target, choices):
    """Diagnose tables as the command line names their columns.

    Parameters
    ----------
    frame : pandas.DataFrame
    target : pandas.DataFrame or None
    choices : dict
        "label" and options of :func:`diagnose`.

    Returns
    -------
    report : DataQualityReport
    """
    options = {k: v for k, v in choices.items() if k != "label"}
    return diagnose(
        frame,
        choices["label"],
        X_target=target,
        callbacks=bars("diagnose"),
        **options,
    )
