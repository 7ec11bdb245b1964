"""Votes on the command line: of a table, or of a file of their own."""

from skdataquality.cli._votes._voted import Voted

__all__ = ["Voted"]
