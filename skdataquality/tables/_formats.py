"""Which format a file has, and what to say when it cannot be opened."""

import os
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from skdataquality.tables._memory import TooLargeError

DELIMITERS = {".csv": ",", ".tsv": "\t"}
_KINDS = {
    **dict.fromkeys(DELIMITERS, "delimited"),
    ".jsonl": "json lines",
    ".ndjson": "json lines",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".feather": "arrow",
    ".arrow": "arrow",
    ".ipc": "arrow",
}
_TEXT = ("delimited", "json lines")
_DEFAULTS = {
    "delimiter": None,
    "header": True,
    "quoting": "auto",
    "decimal": None,
    "thousands": None,
    "encoding": "utf-8",
}
_OPTIONS = {**dict.fromkeys(_DEFAULTS, ("delimited",)), "encoding": _TEXT}


def _extensions(kinds):
    plain = [name for name, kind in _KINDS.items() if kind in kinds]
    return (*plain, *(f"{name}.gz" for name in plain if _KINDS[name] in _TEXT))


EXTENSIONS = _extensions(_KINDS.values())
EXTENSIONS_WITH = {option: _extensions(kinds) for option, kinds in _OPTIONS.items()}


class Format(NamedTuple):
    """What the extension of a file promises."""

    extension: str
    kind: str
    gzipped: bool


def require_pandas_and_pyarrow(caller):
    """Raise one sentence if the extra of the readers is missing."""
    try:
        import pandas  # noqa: F401
        import pyarrow  # noqa: F401
    except ImportError as error:
        raise ImportError(
            f"{caller} needs pandas and pyarrow: pip install 'skdataquality[cli]'"
        ) from error


def given_options(**options):
    """Return the options on text that say something, by name."""
    if str(options["encoding"]).lower().replace("_", "-") == "utf-8":
        options["encoding"] = "utf-8"
    return {name: v for name, v in options.items() if v != _DEFAULTS[name]}


def format_of(path, given):
    """Return the `Format` of a path by its extension, upper or lower case.

    A file of any other extension is delimited text if options say how it is written;
    options that the format does not have are refused.
    """
    name = path.name.lower()
    gzipped = name.endswith(".gz")
    extension = Path(name.removesuffix(".gz")).suffix
    kind = _KINDS.get(extension)
    if kind is None or (gzipped and kind not in _TEXT):
        if not given:
            raise ValueError(
                f"{path} has an unknown extension: pass delimiter=... if it is "
                f"delimited text, or convert or rename it to one of "
                f"{', '.join(EXTENSIONS)}."
            )
        kind = "delimited"
    foreign = [option for option in given if kind not in _OPTIONS[option]]
    if foreign:
        said = " and ".join(f"{option}={given[option]!r}" for option in foreign)
        raise ValueError(
            f"{path} is a {extension} file, which knows no {foreign[0]}: leave {said} "
            f"out."
        )
    return Format(extension, kind, gzipped)


def existing_file(path):
    """Return path as a `Path` to a regular file, or raise the fitting OSError."""
    try:
        path = Path(os.fspath(path))
    except TypeError as error:
        raise ValueError(
            f"path is a {type(path).__name__}: pass the name of a local file."
        ) from error
    # not those of pathlib, which raise where a name is too long
    if os.path.isdir(path):
        raise IsADirectoryError(f"{path} is a directory: pass one file.")
    if not os.path.exists(path):
        raise FileNotFoundError(
            f"{path} does not exist: check the path (only local files are read)."
        )
    if not path.is_file():  # reading would wait, or never end
        raise OSError(
            f"{path} is no regular file but a pipe, socket or device: save what it "
            f"gives to a file."
        )
    return path


def refuse_unusable_columns(path, names, n_rows):
    """Raise if there is no column, no row, or two columns of one name."""
    if not names:
        raise ValueError(f"{path} has no columns: check how the file was written.")
    repeated = repeated_names(names)
    if repeated:
        raise ValueError(
            f"{path} has columns of the same name: {listed(repeated)}. Rename them so "
            f"that every name stands once."
        )
    if n_rows == 0:
        raise ValueError(
            f"{path} has {len(names)} columns but no data rows: check how the file was "
            f"written."
        )


def repeated_names(names):
    """Return the names that stand more than once, in order."""
    seen = set()
    repeated: dict = {}
    for name in names:
        if name in seen:
            repeated[name] = None
        seen.add(name)
    return list(repeated)


def listed(names, most=5):
    """Return names for a message: the first few, and how many more there are."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(repr(name) for name in names[:most]) + more


def shown(what, most=200):
    """Return the first line of a text with escapes for what a screen would obey."""
    first_line = (str(what).strip().splitlines() or ["no reason was given"])[0]
    return repr(first_line[:most])[1:-1]


@contextmanager
def one_clear_error(path, seen):
    """Turn errors of pyarrow and pandas into a ValueError that names the path."""
    import pyarrow as pa

    try:
        yield
    except (TooLargeError, MemoryError):
        raise
    except PermissionError as error:
        raise PermissionError(
            f"{path} may not be read: check its permissions."
        ) from error
    except (pa.ArrowException, OSError, ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{path} {seen} ({shown(error)}).") from error
