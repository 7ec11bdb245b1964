"""Votes for a diagnosis: :class:`Voted`."""

from dataclasses import dataclass
from pathlib import Path

from skdataquality.cli._console import UsageError, tell
from skdataquality.cli._votes._file import read_columns, read_lines, split_names
from skdataquality.workflows._votes_of_table import (
    alike,
    holds_words,
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

    def put_to(self, frame, examined):
        """Return the table with labels of one type, and votes as a choice of diagnosis.

        Where a column is not there the diagnosis says so.
        """
        named = {examined.label, *(examined.annotator or []), *(examined.id or [])}
        if not named <= set(frame.columns):
            return frame, {}
        if self.file is not None:
            return self._read(frame, examined)
        frame, said = alike(frame, [examined.label, *(examined.annotator or [])])
        if said:
            tell(f"note: {said}")
        return frame, {}

    def _read(self, frame, examined):
        path, text_format = self.file, examined.text_format
        label, ids = examined.label, examined.id or []
        wanted = split_names(self.columns)
        columns = read_columns(path, text_format, wanted, ids, frame.columns)
        key = key_of_rows(columns, path, frame.columns, ids)
        as_text = [columns.annotator]
        as_text += [columns.label] if holds_words(frame[label]) else []
        as_text += [columns.row] if key and holds_words(frame[key]) else []
        kept = [columns.label] if label in text_format.keep_words else []
        options = {"text_columns": as_text, "keep_words": kept}
        lines = read_lines(path, text_format, columns.label, **options)
        if holds_words(lines[columns.label]) and frame[label].dtype.kind in "iuf":
            beside = frame[[label]].assign(votes=lines[columns.label])
            frame = frame.assign(**{label: alike(beside, [label, "votes"])[0][label]})
        keys = frame[key] if key else None
        votes = votes_on(lines, columns, path, keys=keys, n_rows=len(frame))
        if others := say_other_labels(votes, frame[label].to_numpy()):
            tell(f"note: {path}: {others}")
        return frame, {"votes": votes}
