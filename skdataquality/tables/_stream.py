"""A sample of the records of a text file that memory does not hold."""

import codecs
from itertools import pairwise

import numpy as np

from skdataquality.tables._delimited._marks import field_marks, line_ends, outside
from skdataquality.tables._delimited._quoting import settle_quoting
from skdataquality.tables._text import read_pieces, text_codec


def sample_records(path, fmt, encoding, budget, split, n_before, draw):
    """Return the text of some records, where they stand, and how many there are.

    The file is read twice, a piece at a time. ``split`` returns the complete records at
    the beginning of a piece and how many bytes they take; the first ``n_before`` are
    kept, the others chosen by ``draw``, which takes their number.
    """
    n_records = sum(
        len(records) for records in _records(path, fmt, encoding, budget, split)
    )
    rows = draw(n_records - n_before)
    places = np.concatenate((np.arange(n_before), rows + n_before))
    kept, start, size = [], 0, 0
    for records in _records(path, fmt, encoding, budget, split):
        stop = start + len(records)
        chosen = places[slice(*np.searchsorted(places, [start, stop]))] - start
        kept += [records[k].rstrip(b"\r\n") + b"\n" for k in chosen]
        start = stop
        size += sum(len(records[k]) for k in chosen)
        budget.check(size)
    return b"".join(kept), rows, n_records - n_before


def quoting_of_first_piece(path, fmt, encoding, delimiter, header, quoting):
    """Return the quoting that the beginning of a file shows, and notes on it."""
    text = next(_utf8(path, fmt, encoding), b"")
    _, size = delimited_records(delimiter, "standard")(text, final=False)
    if size < len(text) / 2:  # an open mark swallows it
        size = text.rfind(b"\n") + 1
    return settle_quoting(path, text[:size] or text, delimiter, header, quoting)


def delimited_records(delimiter, quoting):
    """Return a function that splits a text into its records, blank lines left out."""

    def split(text, final):
        characters = np.frombuffer(text, np.uint8)
        ends = line_ends(characters)
        if not final and text.endswith(b"\r"):
            ends = ends[ends < len(text) - 1]  # a line feed may follow
        if quoting == "standard" and b'"' in text:
            ends = outside(ends, field_marks(text, characters, delimiter.encode()))
        stops = ends + 1
        if final and (not stops.size or stops[-1] < len(text)):
            stops = np.append(stops, len(text))
        cuts = [0, *stops.tolist()]
        lines = (text[a:b] for a, b in pairwise(cuts))
        return [line for line in lines if line.rstrip(b"\r\n")], cuts[-1]

    return split


def json_records(text, final):
    """Split a text into its lines, blank ones left out."""
    size = len(text) if final else text.rfind(b"\n") + 1
    return [line for line in text[:size].split(b"\n") if line.strip()], size


def _records(path, fmt, encoding, budget, split):
    held = b""
    for piece in _utf8(path, fmt, encoding):
        held += piece
        records, size = split(held, final=False)
        held = held[size:]
        budget.check(len(held))
        yield records
    yield split(held, final=True)[0]


def _utf8(path, fmt, encoding):
    """Yield the text of a file in pieces, as UTF-8 without a byte order mark."""
    decoder = codecs.getincrementaldecoder(text_codec(encoding))()
    begun = False
    try:
        for piece in read_pieces(path, fmt):
            text = decoder.decode(piece)
            if text and not begun:
                text, begun = text.removeprefix("\ufeff"), True
            if "\0" in text:
                raise ValueError(
                    f"{path} holds a NUL byte: the file is binary, damaged, or in "
                    f"another encoding, such as encoding='utf-16'."
                )
            yield text.encode()
        decoder.decode(b"", final=True)
    except UnicodeError as error:
        raise ValueError(
            f"{path} is not {encoding} ({getattr(error, 'reason', error)}): pass the "
            f"encoding it was written in, such as encoding='latin-1'."
        ) from error
