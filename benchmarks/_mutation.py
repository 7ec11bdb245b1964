"""Mutants of the core mathematics: ``python -m benchmarks._mutation --seed 0 --n 100``.

A mutant is one file of the core with one small change: a comparison flipped, plus and
minus or times and divided swapped, a constant changed, a condition negated, a slice off
by one. The tests of that file run on it in a copy of the tree. A mutant that no test
fails for survives: a test is missing there, or the change makes no difference.
"""

import argparse
import ast
import csv
import os
import random
import shutil
import sys
import tempfile
from dataclasses import dataclass
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "mutation.csv"
NEEDED = ("skdataquality", "tests", "benchmarks", "docs", "pyproject.toml", "README.md")
SECONDS = 240  # of tests; a mutant that runs longer is killed
COLUMNS = ("file", "line", "kind", "outcome", "before", "after")
NOT_RUN = 99  # exit code
OPTIONS = ("-x", "-n0", "-pno:cacheprovider", "--assert=plain", "--hypothesis-seed=0")
LIBRARIES = (  # what the tests import, loaded once for all of their processes
    "hypothesis",
    "imblearn.under_sampling",
    "pandas",
    "polars",
    "scipy.stats",
    "sklearn.ensemble",
    "sklearn.linear_model",
    "statsmodels.stats.contingency_tables",
)

CONFIDENT = ["tests/test_confident_learning.py"]
DETECTOR = [*CONFIDENT, "tests/test_label_error_detector.py"]
RATES = ["tests/test_label_error_rate.py", "tests/test_label_audit.py"]
SOURCES = ["tests/test_provenance.py"]
STATISTICS = ["tests/test_stats.py"]
CORE = {  # file of the package: the tests that matter for it
    "label_noise/_confident/_joint.py": CONFIDENT,
    "label_noise/_confident/_latent.py": CONFIDENT,
    "label_noise/_confident/_noise_matrix.py": ["tests/test_label_remedies.py"],
    "label_noise/_confident/_error_rate.py": RATES,
    "label_noise/_flags/_filters.py": CONFIDENT,
    "label_noise/_flags/_scores.py": CONFIDENT,
    "label_noise/_flags/_counts.py": CONFIDENT,
    "label_noise/_flags/_disagreement.py": DETECTOR,
    "label_noise/_flags/_plateau.py": DETECTOR,
    "label_noise/_flags/_worst_margins.py": CONFIDENT,
    "lineage.py": ["tests/test_lineage.py"],
    "compose/_priors.py": ["tests/test_priors.py"],
    "utils/_stats/_folds.py": STATISTICS,
    "utils/_stats/_p_values.py": STATISTICS,
    "utils/_stats/_proportions.py": STATISTICS,
    "utils/_stats/_ranks_and_weights.py": STATISTICS,
    "utils/_stats/_resampling.py": STATISTICS,
    "duplicates/_numbers/_chance.py": ["tests/test_near_duplicates.py"],
    "provenance/_rates/_beta_binomial.py": SOURCES,
    "provenance/_judgement/_judge.py": SOURCES,
    "provenance/_rates/_stratified.py": SOURCES,
    "provenance/_rates/_tails.py": SOURCES,
}

OPPOSITE = {
    ast.Lt: ast.GtE,
    ast.GtE: ast.Lt,
    ast.Gt: ast.LtE,
    ast.LtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
}
AT_EQUALITY = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt}
SWAPPED = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
}


@dataclass(frozen=True, order=True)
class Mutant:
    """One change: the bytes from start to stop of a file become others."""

    file: str
    start: int
    stop: int
    kind: str
    text: str

    def apply(self, source):
        return source[: self.start] + self.text.encode() + source[self.stop :]

    def line(self, source):
        return 1 + source.count(b"\n", 0, self.start)

    def diff(self, source):
        """Return the first line changed, before and after."""
        at = self.line(source) - 1
        both = source, self.apply(source)
        return [text.decode().splitlines()[at].strip() for text in both]


def mutants_of(file, source):
    """Every mutant of a file, in the order of the text."""
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    found = []
    for node in _mathematics(ast.parse(source)):
        for kind, part, text in _changes(node):
            start = starts[part.lineno - 1] + part.col_offset
            stop = starts[part.end_lineno - 1] + part.end_col_offset
            found.append(Mutant(file, start, stop, kind, text))
    return sorted(set(found))


def _mathematics(node):
    """Nodes that are neither an annotation nor the words of an error."""
    words = ast.Raise, ast.JoinedStr, ast.Import, ast.ImportFrom
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not isinstance(child, words):
                yield child
                yield from _mathematics(child)


def _changes(node):
    """Triples of a kind, the node to replace, and the new text."""
    if isinstance(node, ast.Compare):
        for kind, table in (("opposite", OPPOSITE), ("at equality", AT_EQUALITY)):
            if type(node.ops[0]) in table:
                ops = [table[type(node.ops[0])](), *node.ops[1:]]
                changed = ast.Compare(node.left, ops, node.comparators)
                yield kind, node, ast.unparse(changed)
    elif isinstance(node, ast.BinOp) and type(node.op) in SWAPPED:
        changed = ast.BinOp(node.left, SWAPPED[type(node.op)](), node.right)
        yield "operator", node, ast.unparse(changed)
    elif isinstance(node, ast.AugAssign) and type(node.op) in SWAPPED:
        changed = ast.AugAssign(node.target, SWAPPED[type(node.op)](), node.value)
        yield "operator", node, ast.unparse(changed)
    elif isinstance(node, ast.Constant):
        yield from _other_constant(node)
    elif isinstance(node, ast.If | ast.IfExp | ast.While):
        yield "negation", node.test, f"not ({ast.unparse(node.test)})"
    elif isinstance(node, ast.Slice):
        for end, step in ((node.lower, "+"), (node.upper, "-")):
            if end is not None:
                yield "slice", end, f"{ast.unparse(end)} {step} 1"


def _other_constant(node):
    value = node.value
    if isinstance(value, bool):
        yield "constant", node, str(not value)
    elif isinstance(value, int):
        yield "constant", node, str(value + 1)
    elif isinstance(value, float):
        yield "constant", node, repr(value * 2 if value else 1.0)


def draw(n, seed):
    """Draw mutants: of a kind first, as constants are many and conditions few."""
    rng = random.Random(seed)
    pools = {}
    for file in CORE:
        for mutant in mutants_of(file, (ROOT / "skdataquality" / file).read_bytes()):
            pools.setdefault(mutant.kind, []).append(mutant)
    for pool in pools.values():
        rng.shuffle(pool)
    drawn = []
    while len(drawn) < n and pools:
        kind = rng.choice(sorted(pools))
        drawn.append(pools[kind].pop())
        if not pools[kind]:
            del pools[kind]
    return sorted(drawn)


def outcome_of_tests(tree, file):
    """Run the tests of a file: "survived", "killed", or "killed by time"."""
    process = get_context("fork").Process(target=_run_tests, args=(tree, file))
    process.start()
    process.join(SECONDS)
    if process.exitcode is None:
        process.kill()
        process.join()
        return "killed by time"
    if process.exitcode == NOT_RUN or process.exitcode < 0:
        raise RuntimeError(f"the tests of {file} cannot be run: {process.exitcode}")
    return "killed" if process.exitcode else "survived"


def _run_tests(tree, file):
    """Run in a process of its own, in which the package is not imported yet."""
    shutil.rmtree(tree / ".hypothesis", ignore_errors=True)
    os.chdir(tree)
    os.environ["PYTHONPATH"] = str(tree)
    sys.path[:] = [str(tree), *(path for path in sys.path if Path(path) != ROOT)]
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
    code = pytest.main([*OPTIONS, f"skdataquality/{file}", *CORE[file]])
    package = sys.modules.get("skdataquality")
    is_copy = package is None or Path(package.__file__).is_relative_to(tree)
    could_run = code in (0, 1, 2)  # 2: a module that cannot be imported
    os._exit(int(code) if is_copy and could_run else NOT_RUN)


def judge(mutants, tree):
    """Yield each mutant's line of the table, after a check that sound files pass."""
    for file in sorted({mutant.file for mutant in mutants}):
        if outcome_of_tests(tree, file) != "survived":
            raise RuntimeError(f"the tests of {file} fail without any mutant")
    for mutant in mutants:
        path = tree / "skdataquality" / mutant.file
        source = path.read_bytes()
        path.write_bytes(mutant.apply(source))
        outcome = outcome_of_tests(tree, mutant.file)
        path.write_bytes(source)
        before, after = mutant.diff(source)
        line = mutant.line(source)
        row = (mutant.file, line, mutant.kind, outcome, before, after)
        yield dict(zip(COLUMNS, row, strict=True))


def written(path, rows):
    """Yield each row once it is in the CSV file, so that a stopped run leaves some."""
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        for row in rows:
            writer.writerow(row)
            file.flush()
            yield row


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="python -m benchmarks._mutation")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--n", type=int, default=100, help="mutants to draw")
    parser.add_argument("--output", type=Path, default=RESULTS, help="CSV to write")
    options = parser.parse_args(arguments)
    for library in LIBRARIES:
        import_module(library)
    n_killed = 0
    with tempfile.TemporaryDirectory() as folder:
        for name in NEEDED:
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            copy(ROOT / name, Path(folder, name))
        drawn = draw(options.n, options.seed)
        for row in written(options.output, judge(drawn, Path(folder))):
            n_killed += row["outcome"] != "survived"
            place = f"{row['file']}:{row['line']} ({row['kind']})"
            print(f"{row['outcome']:<15}{place}", flush=True)
            if row["outcome"] == "survived":
                print(f"    - {row['before']}\n    + {row['after']}", flush=True)
    print(f"{n_killed} of {len(drawn)} killed ({n_killed / len(drawn):.0%})")


if __name__ == "__main__":
    main()
