"""The command ``skdataquality``."""


def main():
    """Run the command line, or say which extra it needs."""
    try:
        import rich  # noqa: F401
        import typer  # noqa: F401
    except ImportError:
        import sys

        print(
            "the command line needs the extra cli: pip install 'skdataquality[cli]'",
            file=sys.stderr,
        )
        sys.exit(2)
    from skdataquality.cli._app import app

    app()
