"""The text of a file as UTF-8 bytes, or a clear word on why it is none."""

import codecs
import gzip
import zlib

_BOMS = {
    codecs.BOM_UTF32_LE: "utf-32",  # before UTF-16, whose mark it begins with
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_GZIP_MAGIC = b"\x1f\x8b"
_CHUNK = 1 << 24
_PIECE = 1 << 24


def read_text(path, fmt, encoding, budget):
    """Return the whole text of a file as UTF-8 bytes without a byte order mark."""
    data = _bytes_of(path, fmt, budget)
    codec = text_codec(encoding)
    if codec in ("utf-8", "utf-8-sig"):
        _check_utf8(path, data)
    else:
        data = _transcode(path, data, encoding)
        budget.check(len(data))
    data = data.removeprefix(codecs.BOM_UTF8)
    nul = data.find(b"\0")
    if nul >= 0:
        line = 1 + data.count(b"\n", 0, nul)
        raise ValueError(
            f"{path} line {line} holds a NUL byte: the file is binary, damaged, or in "
            f"another encoding, such as encoding='utf-16'."
        )
    if not data or data.isspace():
        raise ValueError(f"{path} is empty: check how the file was written.")
    return data


def _bytes_of(path, fmt, budget):
    pieces, size = [], 0
    for piece in read_pieces(path, fmt):
        size += len(piece)
        budget.check(size)
        pieces.append(piece)
    return b"".join(pieces)


def read_pieces(path, fmt):
    """Yield the bytes of a file in pieces, decompressed."""
    try:
        with open(path, "rb") as file:
            first = file.read(len(_GZIP_MAGIC))
            file.seek(0)
            if first == _GZIP_MAGIC and not fmt.gzipped:
                raise ValueError(
                    f"{path} is compressed by gzip: rename it to {path.name}.gz."
                )
            if fmt.gzipped and not first:
                raise ValueError(f"{path} is empty: check how the file was written.")
            if fmt.gzipped and first != _GZIP_MAGIC:
                raise ValueError(
                    f"{path} is not compressed by gzip: rename it to {path.stem}."
                )
            source = gzip.GzipFile(fileobj=file) if fmt.gzipped else file
            while piece := source.read(_PIECE):
                yield piece
    except PermissionError as error:
        raise PermissionError(
            f"{path} may not be read: check its permissions."
        ) from error
    except (OSError, EOFError, zlib.error) as error:
        if not fmt.gzipped:
            raise
        raise ValueError(
            f"{path} is not a complete gzip file ({error}): copy or compress it again."
        ) from error


def text_codec(encoding):
    """Return the name of the codec of an encoding for text, or raise."""
    try:
        bytes(4).decode(encoding)  # refuses codecs that are not for text
        return codecs.lookup(encoding).name
    except (LookupError, TypeError, ValueError) as error:
        raise ValueError(
            f"encoding={encoding!r} is not known: pass a name such as 'utf-8', "
            f"'latin-1', 'cp1252' or 'utf-16'."
        ) from error


def _check_utf8(path, data):
    for mark, name in _BOMS.items():
        if data.startswith(mark):
            raise ValueError(
                f"{path} is not UTF-8: it begins with the mark of {name}. Pass "
                f"encoding='{name}'."
            )
    if data.isascii():
        return
    # in pieces: the decoded text of a large file would take several times its size
    decoder = codecs.getincrementaldecoder("utf-8")()
    for start in range(0, len(data), _CHUNK):
        held = len(decoder.getstate()[0])
        end = start + _CHUNK
        try:
            decoder.decode(data[start:end], final=end >= len(data))
        except UnicodeDecodeError as error:
            at = start - held + error.start
            line = 1 + data.count(b"\n", 0, at)
            raise ValueError(
                f"{path} is not UTF-8: byte {data[at]:#04x} at position {at} (line "
                f"{line}). Save it as UTF-8, or pass "
                f"encoding='latin-1'."
            ) from error


def _transcode(path, data, encoding):
    try:
        return data.decode(encoding).encode("utf-8")
    except UnicodeError as error:
        at = getattr(error, "start", 0)
        raise ValueError(
            f"{path} is not {encoding}: it cannot be decoded at position {at} "
            f"({getattr(error, 'reason', error)}). Pass the encoding it was written "
            f"in."
        ) from error
