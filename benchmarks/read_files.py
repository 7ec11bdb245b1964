"""Files drawn at random, read by ``read_table`` and ``read_raw`` and by pandas.

Delimited text of every kind: four delimiters, three line ends, seven encodings, with
and without a header, quoted by a writer or by nobody, with stray marks, blank lines and
lines of other lengths; cells of numbers, words, dates, blanks and letters of the world.

Every row that was written has to be there, or a note says which lines were joined. The
reference for rows and cells is ``pd.read_csv`` with texts only, with the quoting
that ours settled for. A file that ours refuses is no difference, nor one where a note
names the column. Where pandas differs, Python's csv module is asked: pandas drops lines
of blanks only. Typed cells are compared with their text. Nothing else is explained.
"""

import csv
import gzip
import io
import math
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

from benchmarks._problem import Part, Target, grid
from benchmarks._tables import as_they_are
from skdataquality.tables import read_raw, read_table

ENCODINGS = {
    "utf-8": "é€ßñ你好אב😀\u2028\u00a0\u200b",
    "utf-8-sig": "é€你😀",
    "utf-16": "é€你😀",
    "utf-16-le": "é€你",
    "latin-1": "éßñ\x85\u00a0",
    "cp1252": "é€ß™",
    "shift_jis": "日本語",
}
WORDS = [
    "NA", "None", "null", "nan", "n/a", "NULL", "N/A", "<NA>", "#N/A", "-nan", "none",
    "na", "missing", "?",
]  # fmt: skip
NUMBERS = [
    "0", "1", "-7", "007", "+5", "2.50", "1e5", "-1E-3", ".5", "5.", "1e400", "-1e400",
    "1e-400", "9007199254740993", "-9007199254740993", "12345678901234567890", "0x1F",
    "inf", "-Infinity", "1_000", "1,5", "1.234,5", "1e", "0.1234567890123456789",
    "99999999999999999999.5", "1e22", "10000000000000000000000", "-", "+", ".",
]  # fmt: skip
TIMES = [
    "2024-01-01", "2024-13-01", "2024-02-29T10:20:30", "2024-01-01", "0001-01-01",
    "9999-12-31", "10:20", "10:20:30", "2024-01-01T10:00:00Z",
    "2024-01-01T10:00:00+02:00", "01.02.2024", "1/2/2024",
    "2024-01-01T10:00:00.123456789", "1600-01-01T00:00:00.5",
]  # fmt: skip
TRUTH = [
    "true", "false", "True", "False", "TRUE", "FALSE", "tRue", "T", "F", "yes", "no",
    "0", "1",
]  # fmt: skip
PIECES = [
    "a", "b ", " c", "hello world", '"', '""', '5" pipe', '"x" y', 'say "hi"', "'",
    ",", ";", "\t", "|", "\\", "\\n", "=1+1", "#", "x", "0", " ", "",
]  # fmt: skip
MISSING = {
    "", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND",
    "1.#QNAN", "<NA>", "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null",
}  # fmt: skip
WRITERS = {
    "minimal": csv.QUOTE_MINIMAL,
    "all": csv.QUOTE_ALL,
    "words": csv.QUOTE_NONNUMERIC,
    "nobody": None,
}
OUTCOMES = "refused noted alike pandas_alone rows_differ cells_differ other_errors"


def draw_cells(rng, n, letters, end):
    """Draw a column: of one kind, of one kind with some others, or of anything."""
    kinds = [
        lambda: str(rng.integers(-50, 1000)),
        lambda: repr(round(float(rng.normal()), 3)),
        lambda: str(rng.choice(NUMBERS)),
        lambda: str(rng.choice(WORDS)),
        lambda: str(rng.choice(TIMES)),
        lambda: str(rng.choice(TRUTH)),
        lambda: "",
        lambda: str(rng.choice(["red", "green", "blue", "Red"])),
        lambda: "".join(rng.choice([*PIECES, *letters, end], rng.integers(1, 5))),
    ]
    main, other = rng.integers(len(kinds), size=2)
    share = rng.choice([0, 0, 0.2, 0.5])
    return [kinds[other if rng.random() < share else main]() for _ in range(n)]


def draw_file(rng, writer):
    """Return the bytes of a file, the options to read it with, and its rows' number."""
    delimiter = str(rng.choice([",", ";", "\t", "|"]))
    end = str(rng.choice(["\n", "\n", "\r\n", "\r"]))
    encoding = str(rng.choice([*ENCODINGS, "utf-8", "utf-8"]))
    letters = list(ENCODINGS[encoding])
    header = bool(rng.random() < 0.7)
    width, height = rng.integers(1, 6), rng.integers(1, 12)
    columns = [draw_cells(rng, height, letters, end) for _ in range(width)]
    rows = [list(row) for row in zip(*columns, strict=True)]
    if header:
        rows.insert(
            0, [f"name {j}" if rng.random() < 0.9 else "" for j in range(width)]
        )
    lines = list(written(rng, rows, delimiter, end, writer))
    n_rows = sum(line != end for line in lines) - header
    if rng.random() < 0.15:
        lines.insert(rng.integers(len(lines) + 1), end)
    text = "".join(lines)
    if rng.random() < 0.3:
        text = text.removesuffix(end)
    options = {"delimiter": delimiter, "encoding": encoding, "header": header}
    return text.encode(encoding), options, n_rows


def written(rng, rows, delimiter, end, writer):
    ragged = rng.random() < 0.1
    for row in rows:
        if ragged and rng.random() < 0.3:
            row = row[:-1] if rng.random() < 0.5 else [*row, "more"]
        if writer == "nobody":
            bare = [
                cell.translate({ord(c): " " for c in f"\r\n{delimiter}"})
                for cell in row
            ]
            yield delimiter.join(bare) + end
        else:
            piece = _Held()
            csv.writer(
                piece, delimiter=delimiter, lineterminator=end, quoting=WRITERS[writer]
            ).writerow(row)
            yield piece.text


class _Held:
    text = ""

    def write(self, text):
        self.text += text


def compare(path, options, n_rows):
    """Return what a file of so many rows shows, one of the outcomes."""
    try:
        raw, frame = read_raw(path, **options), read_table(path, **options)
        texts = read_table(path, text_columns=_names(raw), **options)
    except ValueError:
        return "refused"
    except Exception as error:  # what no reader should raise
        print(path, options, repr(error))
        return "other_errors"
    ours = [list(row) for row in zip(*raw.to_pydict().values(), strict=True)]
    notes = frame.attrs["notes"]
    unquoted = any(note.startswith("Quotation marks") for note in notes)
    named = unquoted or any("quotation marks" in note for note in notes)
    if not len(ours) == len(frame) == len(texts) or (len(ours) != n_rows and not named):
        return "rows_differ"
    if not _typed_alike(ours, frame, notes) or not _texts_alike(ours, texts):
        return "cells_differ"
    outcome = "noted" if notes or frame.attrs["words_read_as_missing"] else "alike"
    quoting = csv.QUOTE_NONE if unquoted else csv.QUOTE_MINIMAL
    theirs = _pandas_cells(path, options, quoting)
    if theirs != ours:
        known = _csv_cells(path, options, quoting)
        if known == ours:
            return "pandas_alone"
        return "rows_differ" if len(known) != len(ours) else "cells_differ"
    return outcome


def _names(raw):
    return [name or f"Unnamed: {j}" for j, name in enumerate(raw.column_names)]


def _pandas_cells(path, options, quoting):
    try:
        frame = pd.read_csv(
            path,
            sep=options["delimiter"],
            encoding=options["encoding"],
            header=0 if options["header"] else None,
            dtype=str,
            keep_default_na=False,
            index_col=False,
            quoting=quoting,
        )
    except (ValueError, pd.errors.ParserError):
        return None
    return frame.to_numpy().tolist()


def _csv_cells(path, options, quoting):
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding=options["encoding"], newline="") as file:
        text = file.read().removeprefix("\ufeff")
    lines = io.StringIO(text, newline="")
    reader = csv.reader(lines, delimiter=options["delimiter"], quoting=quoting)
    return list(filter(None, reader))[options["header"] :]


def _typed_alike(rows, frame, notes):
    words = frame.attrs["words_read_as_missing"]
    for j, name in enumerate(frame.columns):
        column = frame[name]
        cells = [row[j] for row in rows]
        missing = [c for c, v in zip(cells, column, strict=True) if pd.isna(v)]
        counts = {w: missing.count(w) for w in set(missing) - {""}}
        if not set(missing) <= MISSING or counts != words.get(name, {}):
            return False
        noted = any(f"Column {name!r}:" in note for note in notes)
        for cell, value in zip(cells, column, strict=True):
            if not pd.isna(value) and not noted and not _says(cell, value):
                return False
    return True


def _says(cell, value):
    """Whether a value is what its cell says, nothing rounded but by float itself."""
    if isinstance(value, str):
        return value == cell
    if isinstance(value, bool | np.bool_):
        return cell.lower() == str(value).lower()
    if isinstance(value, pd.Timestamp):
        return pd.Timestamp(cell) == value
    if isinstance(value, int | np.integer):
        return int(cell) == value
    if math.isinf(value):
        return "inf" in cell.lower()
    whole = cell.strip().lstrip("+-").isdigit()
    if whole:
        return Decimal(repr(float(value))) == Decimal(cell.strip())
    tiny = value == 0 and any(
        digit in cell.lower().split("e")[0] for digit in "123456789"
    )
    return float(cell) == value and not tiny


def _texts_alike(rows, texts):
    for j, name in enumerate(texts.columns):
        for row, value in zip(rows, texts[name], strict=True):
            if not (row[j] in MISSING if pd.isna(value) else value == row[j]):
                return False
    return True


def measure(writer, seed, files):
    rng = np.random.default_rng([seed, list(WRITERS).index(writer)])
    counts = dict.fromkeys(OUTCOMES.split(), 0)
    with TemporaryDirectory() as folder:
        for i in range(files):
            data, options, n_rows = draw_file(rng, writer)
            zipped = rng.random() < 0.1
            # no name twice: pandas guesses the compression by it
            path = Path(folder) / f"{i}{'.csv.gz' if zipped else '.txt'}"
            path.write_bytes(gzip.compress(data) if zipped else data)
            outcome = compare(path, options, n_rows)
            counts[outcome] += 1
            if outcome in ("rows_differ", "cells_differ"):
                print(outcome, options, data)
            path.unlink()
    return [counts]


def targets(rows, quick):
    silent = rows["rows_differ"].sum() + rows["cells_differ"].sum()
    return [
        Target("silent differences", silent, 0, True),
        Target("errors that are not ours", rows["other_errors"].sum(), 0, True),
    ]


PARTS = {
    "read_files": Part(
        measure,
        OUTCOMES,
        full=grid(writer=WRITERS, seed=[0], files=[1250]),
        quick=grid(writer=WRITERS, seed=[1], files=[40]),
        tables={"Files by outcome.": as_they_are},
        targets=targets,
    )
}
