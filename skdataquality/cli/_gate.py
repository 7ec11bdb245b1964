"""The command ``gate``."""

import typer

from skdataquality.cli._console import UsageError, show
from skdataquality.cli._diagnose import check_depth, diagnose_tables
from skdataquality.cli._files import STDOUT, check_outputs, read_both, write_texts
from skdataquality.report._json import to_json
from skdataquality.workflows import GateSyntaxError, UnknownMetricError, check_gates
from skdataquality.workflows._gate_condition import check_conditions


def run_gate(table, target_data, text_format, choices, *, conditions, json, junit):
    """Diagnose a file and leave with the exit code of the gates.

    Parameters
    ----------
    table, target_data : Path, Path or None
    text_format : TextFormat
    choices : dict
        "label" and options of :func:`diagnose`.
    conditions : list of str
        When to fail.
    json, junit : Path or None
    """
    try:
        check_depth(choices["depth"])
        check_conditions(conditions)
        check_outputs([json, junit], [table, target_data])
        frame, target = read_both(table, target_data, text_format)
        report = diagnose_tables(frame, target, choices)
        gates = check_gates(report, conditions)
    except (GateSyntaxError, UnknownMetricError) as error:
        raise UsageError(f"--fail-if: {error}") from error
    texts = {}
    if json is not None:
        texts[json] = to_json(gates.to_dict())
    if junit is not None:
        texts[junit] = gates.to_junit()
    write_texts(texts)
    if STDOUT not in texts:
        show(str(gates))
    raise typer.Exit(gates.exit_code)
