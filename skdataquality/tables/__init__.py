"""Tables in files: read them for a model, or cell by cell to write them again."""

from ._raw import read_raw
from ._read_table import read_table
from ._write_raw import write_raw

__all__ = ["read_raw", "read_table", "write_raw"]
