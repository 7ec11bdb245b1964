"""Votes for a diagnosis: :class:`Voted`."""

from dataclasses import dataclass
from pathlib import Path

from skdataquality.cli._console import UsageError, tell
from skdataquality.cli._votes._file import read_columns, read_lines, split_names
from skdataquality.workflows._votes_of_table import (
    key_of_rows,
    say_other_labels,
    votes_on,
)


@dataclass(frozen=True)
class Voted:
    """A file of votes, and its columns: options of ``diagnose`` and ``gate``."""

    file: Path | None
    columns: str | None

    def check(self, annotators):
        """Refuse options that make no sense together."""
        if self.file is None and self.columns is not None:
            raise UsageError("--votes-columns goes with --votes.")
        if self.file is not None and annotators:
            raise UsageError(
                "--votes is a file of its own, --annotator a column of the table: one "
                "of the two."
            )
        split_names(self.columns)

    def choices(self, examined, frame):
        """Return the votes on the rows of the table, as an option of a diagnosis."""
        label, ids = examined.label, examined.id or []
        if self.file is None or not {label, *ids} <= set(frame.columns):
            return {}  # a diagnosis says which column is not there
        path, text_format = self.file, examined.text_format
        columns = read_columns(path, text_format, split_names(self.columns), ids)
        key = key_of_rows(columns, path, frame.columns, ids)
        as_text = [columns.annotator]
        as_text += [columns.label] if _is_text(frame[label]) else []
        as_text += [columns.row] if key and _is_text(frame[key]) else []
        kept = [columns.label] if label in text_format.keep_words else []
        options = {"text_columns": as_text, "keep_words": kept}
        lines = read_lines(path, text_format, columns.label, **options)
        keys = frame[key] if key else None
        votes = votes_on(lines, columns, path, keys=keys, n_rows=len(frame))
        if others := say_other_labels(votes, frame[label].to_numpy()):
            tell(f"note: {path}: {others}")
        return {"votes": votes}


def _is_text(column):
    return column.dtype.kind not in "biufM"
