"""Do the features of target rows differ, and which? Tests with valid p values."""

from skdataquality.shift._detection._columns import columns_that_differ

__all__ = ["columns_that_differ"]
