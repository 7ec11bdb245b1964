"""The command ``diagnose``."""

from skdataquality.cli._console import UsageError, show
from skdataquality.cli._files import STDOUT, check_outputs, read_both, write_texts
from skdataquality.cli._progress import bars
from skdataquality.diagnosis import diagnose
from skdataquality.diagnosis._inputs import DEPTHS


def run_diagnose(examined, depth, *, json, markdown):
    """Diagnose a file, print the report and write it where asked for."""
    report = diagnose_files(examined, depth, [json, markdown])
    texts = {}
    if json is not None:
        texts[json] = report.to_json()
    if markdown is not None:
        texts[markdown] = report.to_markdown()
    write_texts(texts, read=examined.read, overwrite=examined.overwrite)
    if STDOUT not in texts:
        show(str(report))


def diagnose_files(examined, depth, outputs):
    """Diagnose what a command examines, once it is known to be of use."""
    if depth not in DEPTHS:
        raise UsageError(f"--depth {depth} must be {' or '.join(DEPTHS)}.")
    check_outputs(outputs, examined.read, examined.overwrite)
    frame, target = read_both(*examined.read, examined.text_format)
    return diagnose(
        frame,
        examined.label,
        X_target=target,
        depth=depth,
        callbacks=bars("diagnose"),
        **examined.choices,
    )
