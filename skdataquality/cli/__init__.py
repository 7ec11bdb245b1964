"""The command ``skdataquality``."""

import os
import sys


def main():
    """Run the command line, or say which extra it needs."""
    _open_closed_streams()
    try:
        _run()
    except KeyboardInterrupt:  # while the libraries are loaded
        print("interrupted: nothing was written", file=sys.stderr)
        sys.exit(130)


def _run():
    try:
        import rich  # noqa: F401
        import typer  # noqa: F401
    except ImportError:
        print(
            "the command line needs the extra cli: pip install 'skdataquality[cli]'",
            file=sys.stderr,
        )
        sys.exit(2)
    from skdataquality.cli._app import app

    app()


def _open_closed_streams():
    """Give a process that was started without a stream one that goes nowhere."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
