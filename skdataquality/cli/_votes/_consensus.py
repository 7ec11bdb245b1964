"""The command ``consensus``."""

from collections import Counter

import numpy as np

from skdataquality.cli._console import UsageError, show, tell
from skdataquality.cli._files import STDOUT, check_outputs, read_both, write_texts
from skdataquality.cli._votes._file import read_columns, read_lines, split_names
from skdataquality.diagnosis._roles import no_such_column
from skdataquality.report._csv import to_safe_csv
from skdataquality.report._json import to_json
from skdataquality.utils._shown import wrapped
from skdataquality.workflows._vote_consensus import vote_consensus
from skdataquality.workflows._votes_of_table import alike, numbered_votes

HINT = "--output FILE writes the labels, and which rows to ask about again."


def run_consensus(voted, *, votes_columns, missing_label, output, json):
    """Find labels from votes, print how good they are, and write them."""
    _check(voted, votes_columns)
    names = split_names(votes_columns)
    check_outputs([output, json], [voted.table], voted.overwrite)
    read = _read_wide if voted.annotator else _read_long
    votes, rows, labels = read(voted, names)
    missing = _as_label(missing_label, labels)
    found = vote_consensus(votes, rows, missing_label=missing)
    texts = {}
    if json is not None:
        texts[json] = to_json(found.to_dict())
    if output is not None:
        texts[output] = to_safe_csv(_rounded(found.to_frame()))
    write_texts(texts, read=[voted.table], overwrite=voted.overwrite)
    if STDOUT not in texts:
        last = HINT if output is None else f"Written: {output}"
        show("\n".join([str(found), "", *wrapped(last)]))


def _check(voted, votes_columns):
    if voted.annotator and votes_columns is not None:
        raise UsageError(
            "--votes-columns is for a file with a vote in each line, --annotator for a "
            "column for each annotator: one of the two."
        )
    if voted.id and not voted.annotator:
        raise UsageError("--id goes with --annotator; else --votes-columns names rows.")
    again = [name for name, n in Counter(voted.annotator or []).items() if n > 1]
    if again:
        raise UsageError(f"--annotator {again[0]} is named twice.")


def _read_wide(voted, _):
    """Return columns of annotators, what names the rows, and all that is voted."""
    frame, _ = read_both((voted.table, None), voted.text_format)
    ids = voted.id or []
    for role, named in {"ids": ids, "votes": voted.annotator}.items():
        for name in named:
            if name not in frame.columns:
                columns = list(frame.columns)
                raise ValueError(no_such_column(role, name, columns, voted.table))
    rows = {name: frame[name].to_numpy() for name in ids}
    votes, said = alike(frame[voted.annotator], voted.annotator)
    if said:
        tell(f"note: {said}")
    return votes, rows or {"row": np.arange(len(frame))}, votes.to_numpy().ravel()


def _read_long(voted, names):
    """Return votes that stand one a line, what names the rows, and what is voted."""
    path, text_format = voted.table, voted.text_format
    columns = read_columns(path, text_format, names)
    as_text = {"text_columns": [columns.row, columns.annotator]}
    lines = read_lines(path, text_format, columns.label, **as_text)
    votes, rows = numbered_votes(lines, columns, path)
    return votes, {columns.row: rows}, votes.labels


def _as_label(text, labels):
    """Return what is no vote, as the votes spell it."""
    if text == "none":
        return None
    if text is None:
        return "auto"
    for label in labels.tolist():
        if text in (str(label), str(label).removesuffix(".0")):
            return label
    raise UsageError(f"--missing-label {text} is no label that anyone gives.")


def _rounded(frame):
    return frame.round({"quality": 4, "ask_score": 6, "agreement": 4})
