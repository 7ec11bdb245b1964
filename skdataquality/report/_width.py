"""Lines that fit a terminal: the widths that a report keeps to."""

from skdataquality.utils._shown import WIDTH, columns_of, cut, padded, wrapped

__all__ = ["WIDTH", "columns_of", "cut", "padded", "wrapped"]
