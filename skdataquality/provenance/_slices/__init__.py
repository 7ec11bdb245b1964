"""Pairs of values of two columns of sources that hold more errors than either."""

from skdataquality.provenance._slices._columns import read_columns
from skdataquality.provenance._slices._find import (
    SliceTable,
    check_options,
    find_slices,
    judge_sources,
    slices_of,
)
