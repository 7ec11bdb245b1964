"""Sheets that a person has filled in, as commands that judge labels read them."""

from skdataquality.tables._formats import existing_file


def read_sheet(path, frame):
    """Return the verified labels of a filled sheet of a table, or None for None."""
    if path is None:
        return None
    from skdataquality.report import read_verified

    return read_verified(existing_file(path), frame)
