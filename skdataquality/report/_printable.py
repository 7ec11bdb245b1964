"""Text from the data, without what a terminal would obey: :func:`printable`."""


def printable(value):
    r"""Text on one line; control characters show as question marks.

    >>> printable("red\x1b[31m")
    'red?[31m'
    """
    return without_controls(" ".join(str(value).split()))


def without_controls(text):
    """Text as it is, line breaks and other control characters as question marks."""
    return "".join(c if c.isprintable() else "?" for c in text)
