"""The command ``gate``."""

import typer

from skdataquality.cli._console import UsageError, show
from skdataquality.cli._diagnose import diagnose_files
from skdataquality.cli._files import STDOUT, write_texts
from skdataquality.report._json import to_json
from skdataquality.workflows import GateSyntaxError, UnknownMetricError, check_gates
from skdataquality.workflows._gate_condition import check_conditions


def run_gate(examined, depth, *, conditions, filled, voted, json, junit):
    """Diagnose a file and leave with the exit code of the gates."""
    try:
        check_conditions(conditions)
        report = diagnose_files(examined, depth, [json, junit], filled, voted)
        gates = check_gates(report, conditions)
    except (GateSyntaxError, UnknownMetricError) as error:
        raise UsageError(f"--fail-if: {error}") from error
    texts = {}
    if json is not None:
        texts[json] = to_json(gates.to_dict())
    if junit is not None:
        texts[junit] = gates.to_junit()
    read = [*examined.read, *filled.files(), voted.file]
    write_texts(texts, read=read, overwrite=examined.overwrite)
    if STDOUT not in texts:
        show(str(gates))
    raise typer.Exit(gates.exit_code)
