"""Tables in files: read them for a model, or cell by cell to write them again."""

from skdataquality.tables._raw import read_raw
from skdataquality.tables._read_arrays import read_arrays
from skdataquality.tables._read_table import read_table
from skdataquality.tables._write_raw import write_raw

__all__ = ["read_arrays", "read_raw", "read_table", "write_raw"]
