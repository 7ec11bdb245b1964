"""The winner as a Python program: :func:`program_for`."""

from skdataquality.report._printable import without_controls
from skdataquality.utils._code import as_code


def program_for(
    estimator,
    *,
    table,
    label,
    left_out=(),
    target=None,
    reading=None,
    reading_target=None,
    beside=True,
    why="",
    label_as_text=False,
):
    """Write a Python program that reads a table and fits an estimator on it.

    Every name from outside is written as a Python literal. ``target`` is the path of
    the target data, for an estimator that holds them; ``reading`` and
    ``reading_target`` are options of :func:`~skdataquality.tables.read_table` for
    either file. ``beside``: paths start from the folder of the program, wherever it is
    run. ``why`` is its first line. ``label_as_text``: numbers are names of classes.
    """
    code = as_code(estimator)
    imports = {*code["imports"], "from skdataquality.tables import read_table"}
    if beside:
        imports.add("from pathlib import Path")
    lines = [
        f'"""{_harmless(why)}"""',
        "",
        *sorted(imports, key=lambda line: (line.split()[1].split(".")[0], line)),
        "",
        *(["HERE = Path(__file__).resolve().parent"] if beside else []),
        f"LABEL = {label!r}",
        f"LEFT_OUT = {list(left_out)!r}",
        "",
        f"table = {_reads(table, reading, beside)}.dropna(subset=[LABEL])",
        f"y = table[LABEL]{'.map(repr)' if label_as_text else ''}",
        "X = table.drop(columns=[LABEL, *LEFT_OUT])",
    ]
    if target is not None and "X_target" in code["expression"]:
        read = _reads(target, reading_target, beside)
        lines.append(f"X_target = {read}[list(X.columns)]")
    lines += [
        "",
        f"estimator = {code['expression']}",
        "estimator.fit(X, y)",
        'print(f"fitted on {len(X)} rows:", type(estimator).__name__)',
    ]
    return "\n".join(lines) + "\n"


def _reads(path, reading, beside):
    options = "".join(f", {k}={v!r}" for k, v in (reading or {}).items())
    return f"read_table({'HERE / ' if beside else ''}{str(path)!r}{options})"


def _harmless(text):
    """Text for a docstring: printable, on one line, without quotes to end it."""
    return without_controls(text).replace("\\", "/").replace('"', "'")
