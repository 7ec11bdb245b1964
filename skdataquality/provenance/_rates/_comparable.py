"""Whether the sources of a column can be compared at all."""

FEWEST_ROWS = 5


def why_not_compared(column):
    """Why the sources of a column cannot be compared; empty if they can."""
    if column.n_sources < 2:
        return "has fewer than two sources"
    if column.n_sources == column.codes.size:
        return "names every row as a source of its own"
    if column.rows().max() < FEWEST_ROWS:
        return f"has no source of {FEWEST_ROWS} rows or more"
    return ""
