"""How files are written down, as options."""

from skdataquality.cli._written._text_format import Overwrite, TextFormat, Written

__all__ = ["Overwrite", "TextFormat", "Written"]
