"""A small table as CSV that no spreadsheet runs: :func:`to_safe_csv`, and back."""

import csv
import io
import re
import unicodedata
from numbers import Number

from skdataquality.tables._formats import existing_file, listed, repeated_names
from skdataquality.utils._frames import is_missing, pandas_frame
from skdataquality.utils._printable import is_visible

MARK = "'"
# alone, or before a plain number, a sign is no formula
PLAIN_NUMBER = re.compile(r"[+-](\d[\d.,]*|\.\d+)(e[+-]?\d+)?%?", re.IGNORECASE)


def to_safe_csv(frame, delimiter=","):
    """Write a table of findings as CSV; what a spreadsheet would run gets a quote.

    Only texts get the mark, a leading ``'`` (OWASP, CSV injection), never numbers, and
    no text that is only a label, such as "+", "-1" or "@". Every field is quoted, since
    a bare carriage return would start a row. :func:`read_safe_csv` reads it back.

    >>> import pandas as pd
    >>> from skdataquality.report._csv import to_safe_csv
    >>> print(to_safe_csv(pd.DataFrame({"given": ["=1+1", "+"], "row": [-1, 2]})))
    "given","row"
    "'=1+1","-1"
    "+","2"
    <BLANKLINE>
    """
    out = io.StringIO(newline="")
    writer = csv.writer(
        out, lineterminator="\n", quoting=csv.QUOTE_ALL, delimiter=delimiter
    )
    writer.writerow([_marked(str(name)) for name in frame.columns])
    columns = (frame.iloc[:, at].tolist() for at in range(frame.shape[1]))
    writer.writerows(zip(*map(_cells, columns), strict=True))
    return out.getvalue()


def read_safe_csv(path):
    r"""Read a table of findings, such as ``fix --review`` writes, as it was.

    A text that a spreadsheet would run stands in the file behind a leading ``'``, which
    is taken off again.

    Parameters
    ----------
    path : str or path

    Returns
    -------
    frame : pandas.DataFrame
        Every cell as text, an empty one as the empty text.

    Raises
    ------
    ValueError
        If the file is empty, two columns have one name, or a row has not as many
        fields as the first.
    OSError
        If the file is missing, is no regular file, or may not be read.
    ImportError
        If pandas is missing; it comes with the extra ``cli``.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from skdataquality.report import read_safe_csv
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "review.csv"
    ...     _ = path.write_text('''"row","given"\n"3","'=1+1"\n"5","+"\n''')
    ...     read_safe_csv(path)["given"].tolist()
    ['=1+1', '+']
    """
    path = existing_file(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
        rows = [list(map(unmarked, row)) for row in csv_rows(text)]
    except (csv.Error, UnicodeDecodeError) as error:
        raise ValueError(
            f"{path} cannot be read ({error}): save it as CSV in UTF-8."
        ) from error
    if not rows:
        raise ValueError(f"{path} is empty: pass a file that was written by fix.")
    head, *body = rows
    repeated = repeated_names(head)
    if repeated:
        raise ValueError(
            f"{path} has columns of the same name: {listed(repeated)}. Rename them."
        )
    for number, row in enumerate(body, start=1):
        if len(row) != len(head):
            raise ValueError(
                f"{path}: row {number} has {len(row)} fields, the first line "
                f"{len(head)}: save it as CSV with commas."
            )
    columns = {name: [row[j] for row in body] for j, name in enumerate(head)}
    return pandas_frame(columns, "read_safe_csv", "the csv module").astype(object)


def csv_rows(text, delimiter=","):
    """Take a text apart into rows of cells, however long a cell is."""
    # the longest cell that may be read is a setting of the whole process
    longest = csv.field_size_limit()
    try:
        csv.field_size_limit(max(longest, len(text)))
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    finally:
        csv.field_size_limit(longest)


def _cells(column):
    """Write a column; texts that it repeats are looked at once."""
    texts = {cell: _marked(cell) for cell in {c for c in column if type(c) is str}}
    return [texts[cell] if type(cell) is str else _cell(cell) for cell in column]


def _cell(cell):
    if isinstance(cell, Number) and not is_missing(cell):
        return cell
    return "" if is_missing(cell) else _marked(str(cell))


def _marked(text):
    # a text that has marks of its own gets one more, so that none is lost
    return f"{MARK}{text}" if _runs(text.lstrip(MARK)) else text


def unmarked(text):
    """Take off the mark that :func:`to_safe_csv` put before a text."""
    return text[1:] if text.startswith(MARK) and _runs(text.lstrip(MARK)) else text


def _runs(text):
    """Whether a spreadsheet would take a text for a formula.

    Those of East Asia take full-width signs, too; what is blank or unseen before a sign
    may be dropped.
    """
    if text[:1].isascii() and (text[:1].isalnum() or not text):
        return False
    plain = unicodedata.normalize("NFKC", text).replace("\u2212", "-")
    seen = (place for place, c in enumerate(plain) if not _is_blank(c))
    plain = plain[next(seen, len(plain)) :]
    if not plain.startswith(("=", "+", "-", "@")):
        return False
    return bool(re.search(r"\w", plain)) and not PLAIN_NUMBER.fullmatch(plain.strip())


def _is_blank(character):
    return character.isspace() or not is_visible(character)
