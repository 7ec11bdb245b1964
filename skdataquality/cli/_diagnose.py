"""The command ``diagnose``."""

from dataclasses import replace

from skdataquality.cli._console import UsageError, show, spoken
from skdataquality.cli._files import (
    STDOUT,
    check_outputs,
    read_both,
    read_new_rows,
    write_texts,
)
from skdataquality.diagnosis import diagnose
from skdataquality.diagnosis._inputs import DEPTHS


def run_diagnose(
    examined, depth, *, filled, voted, json, markdown, prior=None, pool=None
):
    """Diagnose a file, print the report and write it where asked for."""
    shares = shares_of(prior, "--prior")
    outputs = [json, markdown]
    report = diagnose_files(examined, depth, outputs, filled, voted, shares, pool)
    texts = {}
    if json is not None:
        texts[json] = report.to_json()
    if markdown is not None:
        texts[markdown] = report.to_markdown()
    read = [*examined.read, *filled.files(), voted.file, pool]
    write_texts(texts, read=read, overwrite=examined.overwrite)
    if STDOUT not in texts:
        show(str(report))


def check_depth(depth):
    """Refuse a depth that is none."""
    if depth not in DEPTHS:
        raise UsageError(f"--depth {depth} must be {' or '.join(DEPTHS)}.")


def in_options(report):
    """Return a report whose notes name options of the command line."""
    return replace(report, notes=tuple(map(spoken, report.notes)))


def shares_of(texts, option):
    """Read LABEL=SHARE of every class; a label may hold the sign itself."""
    shares = {}
    for text in texts or ():
        label, _, share = text.rpartition("=")
        try:
            value = float(share)
        except ValueError:
            value = -1.0
        if not label or not 0 <= value <= 1:
            raise UsageError(f"{option} {text} is no label and share, such as yes=0.1.")
        if label in shares:
            raise UsageError(f"{option} names {label} twice: a class has one share.")
        shares[label] = value
    return shares or None


def diagnose_files(examined, depth, outputs, filled, voted, prior=None, pool=None):
    """Diagnose what a command examines, once it is known to be of use."""
    check_depth(depth)
    filled.check()
    voted.check(examined.annotator)
    read = [*examined.read, *filled.files(), voted.file, pool]
    check_outputs(outputs, read, examined.overwrite)
    frame, target = read_both(
        examined.read, examined.text_format, examined.label, beside=[voted.file, pool]
    )
    frame, votes = voted.put_to(frame, examined)
    report = diagnose(
        frame,
        examined.label,
        X_target=target,
        X_pool=None if pool is None else read_new_rows(pool, examined.text_format),
        depth=depth,
        callbacks="bar",
        verified=filled.read(frame),
        prior=prior,
        **examined.choices | votes,
    )
    return in_options(report)
