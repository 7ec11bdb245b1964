"""The winner as a Python program: :func:`program_for`."""

from dataclasses import dataclass
from typing import Any

from skdataquality.report._code_lines import wrapped_code
from skdataquality.utils._code import as_code, literal
from skdataquality.utils._printable import without_controls

WIDTH = 88  # of a line, as black has it
NAMES = (
    *("HERE", "LABEL", "LEFT_OUT", "SCORING", "GROUP", "X", "X_drawn", "X_target"),
    *("DuplicateGroupKFold", "Path", "argparse", "cross_val_score", "estimator"),
    *("find_spec", "folds", "groups", "held", "joblib", "np", "options", "parser"),
    *("read_table", "rows", "scorer", "scores", "skops", "splits", "table", "y"),
    *("sys", "y_drawn"),
)
OPTIONS = """\
parser = argparse.ArgumentParser(description="Fit a model on a table, and score it.")
parser.add_argument(
    "--save", type=Path, metavar="FILE", help="new file: NAME.joblib or NAME.skops"
)
options = parser.parse_args(None if __name__ == "__main__" else [])
if options.save is not None:
    if options.save.suffix not in (".joblib", ".skops"):
        parser.error(f"--save {options.save} must end in .joblib or .skops")
    if options.save.suffix == ".skops" and find_spec("skops") is None:
        parser.error("skops is not installed: pip install skops, or --save x.joblib")
    if options.save.exists():
        parser.error(f"--save {options.save} exists: choose another name")
"""
FITTED = """\
estimator.fit(X, y)
print(f"fitted on {len(X)} rows:", type(estimator).__name__)
"""
SAVED = """\
if options.save is not None:{release}
    if options.save.suffix == ".skops":
        import skops.io

        skops.io.dump(estimator, options.save)
    else:
        joblib.dump(estimator, options.save)
    print("saved:", options.save)
"""
RELEASE = """
    # no target row leaves with the model
    held = [name for name in estimator.get_params() if name.endswith("X_target")]
    estimator.set_params(**dict.fromkeys(held))"""


@dataclass(frozen=True)
class Scored:
    """How a comparison scored its candidates, so that a program can repeat it.

    Attributes
    ----------
    metric : str
        As scikit-learn names it.
    folds : sequence of DuplicateGroupKFold
        Their splits, one after the other, are those of the comparison.
    is_regression : bool, default=False
        Whether the splits do not look at the label.
    group : str, default=None
        Column whose rows stay together.
    drawn : tuple of int, default=None
        The seed and the number of rows, if not all were compared.
    scorer : scorer, default=None
        What computes the metric, if its name does not say all.
    to_target : bool, default=False
        Whether scores were weighted towards target rows; those of a program are not.
    on_true : str, default=""
        The score on the true labels, in words: a program has those of the table only.
    """

    metric: str
    folds: tuple
    is_regression: bool = False
    group: str | None = None
    drawn: tuple | None = None
    scorer: Any = None
    to_target: bool = False
    on_true: str = ""


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
    scored=None,
    label_as_text=False,
    known=None,
    modules=None,
):
    """Write a Python program that reads a table and fits an estimator on it.

    It prints the cross-validated score of the comparison, and with ``--save FILE`` it
    keeps the model. Every name from outside is written as a Python literal. ``target``
    is the path of the target data, for an estimator that holds them; ``reading`` and
    ``reading_target`` are options of :func:`~skdataquality.tables.read_table` for
    either file. ``beside``: paths start from the folder of the program, wherever it is
    run. ``why`` is its first line, ``scored`` a :class:`Scored`. ``known`` is an
    estimator that is imported, ``modules`` the folder of its module, None if it is
    installed.

    Raises
    ------
    UnwritableError
        If a parameter of the estimator cannot be written as code.
    ValueError
        If the estimator holds target data, and no path of them is given.
    """
    code = as_code(estimator, taken=NAMES, known=known)
    takes_target = any(line.endswith(" TargetData") for line in code["imports"])
    if takes_target and target is None:
        raise ValueError(
            "the estimator holds target data: pass their file as target, so that the "
            "program can read them."
        )
    steps = _lines("estimator = ", code["expression"])
    parts = [
        [f'"""{_harmless(why)}"""'],
        _imports(code["imports"], scored, _path(modules, beside)),
        _constants(label, left_out, scored, beside),
        OPTIONS.splitlines(),
        _data(_reads(table, reading, beside), label_as_text)
        + (_target(_reads(target, reading_target, beside)) if takes_target else []),
        steps,
        _score(scored),
        FITTED.splitlines(),
        SAVED.format(release=RELEASE if takes_target else "").splitlines(),
    ]
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


def _path(modules, beside):
    """Where modules of the user lie, as an expression."""
    if modules is None:
        return None
    place = literal(str(modules))
    return f"str(Path(__file__).resolve().parent / {place})" if beside else place


def _imports(lines, scored, path=None):
    """Import lines, one for a module, the standard library first."""
    own = ["from skdataquality.tables import read_table"]
    if scored:
        own.append("from skdataquality.duplicates import DuplicateGroupKFold")
        own.append("from sklearn.model_selection import cross_val_score")
    names: dict = {}
    if scored and scored.scorer is not None:
        own += as_code(scored.scorer, taken=NAMES)["imports"]
    for line in (*lines, *own):
        _, module, _, name = line.split(" ", 3)
        names.setdefault(module, set()).add(name)
    theirs = ["import joblib"]
    theirs += ["import numpy as np"] if scored and scored.drawn else []
    for module in sorted(names):
        line = f"from {module} import {', '.join(sorted(names[module]))}"
        theirs += [line] if len(line) <= WIDTH else _broken(module, names[module])
    standard = ["import argparse", *(["import sys"] if path else [])]
    standard += ["from importlib.util import find_spec", "from pathlib import Path"]
    if path:
        standard += ["", *_lines("", f"sys.path.append({path})")]
    return [*standard, "", *theirs]


def _broken(module, names):
    lines = (f"    {name}," for name in sorted(names))
    return [f"from {module} import (", *lines, ")"]


def _constants(label, left_out, scored, beside):
    values = {"LABEL": label, "LEFT_OUT": list(left_out)}
    if scored:
        values |= {"SCORING": scored.metric}
        values |= {"GROUP": scored.group} if scored.group is not None else {}
    lines = ["HERE = Path(__file__).resolve().parent"] if beside else []
    for name, value in values.items():
        lines += _lines(f"{name} = ", literal(value))
    return lines


def _data(reads, label_as_text):
    return [
        *_lines("table = ", f"{reads}.dropna(subset=[LABEL])"),
        f"y = table[LABEL]{'.map(repr)' if label_as_text else ''}",
        "X = table.drop(columns=[LABEL, *LEFT_OUT])",
    ]


def _target(reads):
    lines = _lines("X_target = ", reads)
    dropped = 'columns=[LABEL, *LEFT_OUT], errors="ignore"'
    return [*lines, f"X_target = X_target.drop({dropped})"]


def _reads(path, reading, beside):
    options = "".join(f", {k}={literal(v)}" for k, v in (reading or {}).items())
    return f"read_table({'HERE / ' if beside else ''}{literal(str(path))}{options})"


def _score(scored):
    """Lines that repeat the splits and the metric of the comparison."""
    if scored is None:
        return []
    X, y = ("X_drawn", "y_drawn") if scored.drawn else ("X", "y")
    by = "None" if scored.is_regression else y
    lines = ["# the splits of the comparison: equal rows stay together"]
    if scored.drawn:
        seed, n_rows = scored.drawn
        drawn = f"np.random.default_rng({seed}).choice(len(X), {n_rows}, replace=False)"
        lines += _lines("rows = ", f"np.sort({drawn})")
        lines += ["X_drawn, y_drawn = X.iloc[rows], y.iloc[rows]"]
    given = f"{X}, {by}"
    if scored.group is not None:
        lines += ["groups = table[GROUP]" + (".iloc[rows]" if scored.drawn else "")]
        given += ", groups"
    folds = ", ".join(as_code(fold)["expression"] for fold in scored.folds)
    lines += _lines("folds = ", f"[{folds}]")
    held = "held-out folds"
    if scored.to_target:
        held += ", not weighted towards target rows"
    held += ", on the given labels" if scored.on_true else ""
    scoring = "SCORING"
    if scored.scorer is not None:
        scoring = "scorer"
        lines += _lines("scorer = ", as_code(scored.scorer, taken=NAMES)["expression"])
    return [
        *lines,
        f"splits = [split for fold in folds for split in fold.split({given})]",
        f"scores = cross_val_score(estimator, {X}, {y}, cv=splits, scoring={scoring})",
        f'print(f"{{SCORING}} {{scores.mean():.3f}}, mean of {{len(scores)}} {held}")',
        *([f"print({literal(scored.on_true)})"] if scored.on_true else []),
    ]


def _lines(head, expression):
    return wrapped_code(expression, head, width=WIDTH, by_step=True, cut_texts=False)


def _harmless(text):
    """Text for a docstring: printable, on one line, without quotes to end it."""
    return without_controls(text).replace("\\", "/").replace('"', "'")
