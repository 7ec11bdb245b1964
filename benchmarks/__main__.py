"""The command: ``python -m benchmarks list | run NAME | table NAME``."""

import argparse
import os
import sys
import tempfile
from contextlib import nullcontext

from benchmarks import _harness, _tables


def parse(arguments=None):
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="the problems and their parts")
    run = commands.add_parser("run", help="measure, and write CSV files")
    table = commands.add_parser("table", help="print what the CSV files say")
    known = _harness.problem_names()
    for command in (run, table):
        command.add_argument("names", nargs="*", metavar="NAME")
        command.add_argument("--all", action="store_true", help="every problem")
    run.add_argument(
        "--quick", action="store_true", help="a few small tasks, no file is changed"
    )
    run.add_argument(
        "--only", nargs="+", default=(), help="parts, or values of tasks, to run"
    )
    run.add_argument(
        "--resume", action="store_true", help="leave out tasks that have rows"
    )
    run.add_argument("--data", help="folder of data that are not in the repository")
    options = parser.parse_args(arguments)
    if options.command != "list":
        if bool(options.names) == options.all or not set(options.names) <= set(known):
            parser.error(f"name problems, or --all; problems: {', '.join(known)}")
        options.names = options.names or known
    return options


def list_problems():
    for name in _harness.problem_names():
        print(f"{name}: {_harness.text_of(name).splitlines()[0]}")
        print(f"    {', '.join(_harness.parts_of(name))}")


def run(name, options):
    """Measure and show; return whether all targets are met."""
    # a quick run must leave the committed results alone
    folder = tempfile.TemporaryDirectory() if options.quick else None
    with folder or nullcontext(_harness.RESULTS) as place:
        _harness.run(
            name,
            folder=place,
            quick=options.quick,
            only=options.only,
            resume=options.resume,
        )
        # some tasks alone do not show what all of them should reach
        return show(name, place, quick=options.quick, with_targets=not options.only)


def show(name, folder, *, quick=False, with_targets=True):
    """Print tables and targets; return whether all targets are met."""
    results = _harness.results_of(name, folder)
    targets = _harness.targets_of(name, results, quick) if with_targets else []
    print(_tables.as_text(name, results, targets), flush=True)
    return all(target.is_met for target in targets)


def main():
    options = parse()
    if options.command == "list":
        return list_problems()
    if options.command == "table":
        for name in options.names:
            show(name, _harness.RESULTS)
        return None
    if options.data:
        os.environ["SKDATAQUALITY_BENCHMARK_DATA"] = options.data
    missed = [name for name in options.names if not run(name, options)]
    return f"targets missed: {', '.join(missed)}" if missed else None


if __name__ == "__main__":
    sys.exit(main())
