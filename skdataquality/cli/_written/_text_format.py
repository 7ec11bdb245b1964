"""How tables are written down: :class:`Written`, options of all commands."""

import re
from dataclasses import dataclass
from typing import Annotated

import typer

QUOTING = ("auto", "standard", "none")
SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*(?:([kmgt])(i?))?b?", re.I)


@dataclass(frozen=True)
class TextFormat:
    """How tables are written down, by the names of :func:`read_table`."""

    delimiter: str | None = None
    encoding: str = "utf-8"
    header: bool = True
    quoting: str = "auto"
    decimal: str | None = None
    thousands: str | None = None
    keep_words: tuple = ()
    max_bytes: int | None = None

    def given(self):
        """Return the options that were given, by name."""
        plain = vars(TextFormat())
        return {k: v for k, v in vars(self).items() if v != plain[k]}


def _quoting(word):
    if word not in QUOTING:
        raise typer.BadParameter(f"{word!r} is none of {', '.join(QUOTING)}.")
    return word


def _bytes(text):
    """Read a size such as 500MB, 2GB or 1.5GiB."""
    match = SIZE.fullmatch(text.strip())
    if match is None or not float(match[1]):
        raise typer.BadParameter(f"{text!r} is no size such as 500MB or 2GB.")
    base = 1024 if match[3] else 1000
    power = " kmgt".index((match[2] or " ").lower())
    return int(float(match[1]) * base**power)


Overwrite = Annotated[
    bool, typer.Option("--overwrite", help="Replace files that exist.")
]
Delimiter = Annotated[
    str | None,
    typer.Option(metavar="CHARACTER", help="Of CSV and TSV, if not comma and tab."),
]
Encoding = Annotated[str, typer.Option(metavar="NAME", help="Of a text file.")]
Quoting = Annotated[
    str,
    typer.Option(
        metavar="WORD",
        callback=_quoting,
        help="Whether quotation marks wrap cells: auto, standard or none.",
    ),
]
Decimal = Annotated[
    str | None, typer.Option(metavar="CHARACTER", help="Decimal mark, such as a comma.")
]
Thousands = Annotated[
    str | None,
    typer.Option(metavar="CHARACTER", help="Mark between groups of three digits."),
]
KeepWords = Annotated[
    list[str] | None,
    typer.Option(metavar="COLUMN", help="NA, None, null are values there. Repeatable."),
]
MaxBytes = Annotated[
    int | None,
    typer.Option(
        metavar="SIZE",
        parser=_bytes,
        help="Most that a file may become in memory, such as 2GB.",
    ),
]
NoHeader = Annotated[
    bool,
    typer.Option(
        "--no-header",
        help="The first line is data: columns are column_0, column_1, ...",
    ),
]


@dataclass(frozen=True, kw_only=True)
class Written:
    """How files are written down, and whether results may replace some."""

    delimiter: Delimiter = None
    encoding: Encoding = "utf-8"
    no_header: NoHeader = False
    quoting: Quoting = "auto"
    decimal: Decimal = None
    thousands: Thousands = None
    keep_words: KeepWords = None
    max_bytes: MaxBytes = None
    overwrite: Overwrite = False

    @property
    def text_format(self):
        """How the files are written down."""
        return TextFormat(
            self.delimiter,
            self.encoding,
            not self.no_header,
            self.quoting,
            self.decimal,
            self.thousands,
            tuple(self.keep_words or ()),
            self.max_bytes,
        )
