"""The command: ``python -m benchmarks list | run NAME | table NAME``."""

import argparse
import os
import tempfile

from benchmarks import _harness, _tables


def parse(arguments=None):
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="the benchmarks and their parts")
    run = commands.add_parser("run", help="measure, and write CSV files")
    table = commands.add_parser("table", help="print what the CSV files say")
    names = _harness.benchmark_names()
    for command in (run, table):
        command.add_argument("name", choices=names)
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
    return parser.parse_args(arguments)


def list_benchmarks():
    for name in _harness.benchmark_names():
        print(f"{name}: {_harness.description_of(name)}")
        print(f"    {', '.join(_harness.parts_of(name))}")


def run(options):
    if options.data:
        os.environ["SKDATAQUALITY_BENCHMARK_DATA"] = options.data
    if not options.quick:
        _harness.run(options.name, only=options.only, resume=options.resume)
        return
    with tempfile.TemporaryDirectory() as folder:
        _harness.run(options.name, folder=folder, quick=True, only=options.only)
        print(_tables.as_text(options.name, _harness.results_of(options.name, folder)))


def main():
    options = parse()
    if options.command == "list":
        list_benchmarks()
    elif options.command == "run":
        run(options)
    else:
        print(_tables.as_text(options.name, _harness.results_of(options.name)))


if __name__ == "__main__":
    main()
